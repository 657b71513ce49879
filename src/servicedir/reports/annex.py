"""The annex of an answer: notes on it, where it comes from, and how to read its words."""

from __future__ import annotations

from dataclasses import dataclass

from servicedir.domain.figures import Standing
from servicedir.domain.service import Stage
from servicedir.domain.text import Text
from servicedir.domain.words import label
from servicedir.reports.answer import Answer
from servicedir.reports.words import address, show_day, show_moment, word


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of the annex: paragraphs, a link that the last one names, then terms with what they mean."""

    title: str
    paragraphs: tuple[str, ...] = ()
    link: str = ""
    terms: tuple[tuple[str, str], ...] = ()


_SOURCE = Text.of(
    de="Die Tabellen sagen, was am {on} in der Stadt galt, nach allem, was bis {recorded} im Verzeichnis veröffentlicht"
    " war; auch wo es nachträglich eingetragen oder berichtigt wurde.",
    en="The tables say what held in the city on {on}, by all that had been published in the directory up to {recorded};"
    " also where it was entered or corrected afterwards.",
)
_FILES = Text.of(
    de="Alle Zeilen aller Tabellen gibt es als CSV und JSON unter dieser Adresse:",
    en="All rows of all tables can be had as CSV and JSON at this address:",
)
_CHECKSUM = Text.of(
    de="Wer die Prüfsumme der JSON-Datei nachrechnet, sieht, ob die Antwort unverändert ist.",
    en="Whoever computes the checksum of the JSON file sees whether the answer is unchanged.",
)
_READING = Text.of(
    de="Wo keine Zahl steht, steht ein Wort. 0 ist eine Zahl: gezählt, und es war nichts. Summen sagen dazu, was in"
    " ihnen fehlt.",
    en="Where there is no number there is a word. 0 is a number: somebody counted, and there was nothing. Sums say what"
    " is missing from them.",
)
_MEANINGS: tuple[tuple[Stage | Standing, Text], ...] = (
    (Stage.LIVE, Text.of(de="wird regelmäßig angeboten", en="is offered regularly")),
    (Stage.PILOT, Text.of(de="wird angeboten und dabei erprobt", en="is offered, and being tried out")),
    (Stage.PLANNED, Text.of(de="ist beschlossen, aber noch nicht zu haben", en="is decided, but not to be had yet")),
    (Stage.UNDER_REVIEW, Text.of(de="ob es das geben soll, ist offen", en="it is open whether there will be any")),
    (Stage.PAUSED, Text.of(de="gab es und soll es wieder geben", en="there was, and is to be again")),
    (Stage.ENDED, Text.of(de="gab es, gibt es nicht mehr", en="there was, and is no more")),
    (Stage.NOT_PLANNED, Text.of(de="das Amt sieht es nicht vor", en="the office does not intend it")),
    (Stage.RULED_OUT, Text.of(de="ein Gesetz oder die Technik schließt es aus", en="law or technology rules it out")),
    (Stage.UNKNOWN, Text.of(de="niemand hat dazu etwas gesagt", en="nobody has said anything about it")),
    (Standing.NOT_COUNTED, Text.of(de="das Amt zählt das nicht", en="the office does not count this")),
    (
        Standing.SUPPRESSED,
        Text.of(
            de="eine Zahl, die so klein ist, dass sie etwas über Einzelne verraten könnte",
            en="a number so small that it might tell of single people",
        ),
    ),
)
"""Words of the tables. That a number is not known is said as a stage is not."""


def sections(answer: Answer, base: str) -> list[Section]:
    """Return the sections of the annex, which comes after the questions."""
    notes = Section(title=word("notes", answer.language), paragraphs=answer.notes)
    return [*([notes] if answer.notes else ()), *explanations(answer, base)]


def explanations(answer: Answer, base: str) -> list[Section]:
    """Return those sections of the annex that are not by who answers: where it comes from, and how to read it."""
    language = answer.language
    on, recorded = show_day(answer.on, language), show_moment(answer.recorded, language)
    source = [_SOURCE.within(language).format(on=on, recorded=recorded), _CHECKSUM.within(language)]
    link = address(base, f"/inquiries/{answer.slug}") if base else ""
    if link:
        source.append(_FILES.within(language))
    return [
        Section(title=word("source", language), paragraphs=tuple(source), link=link),
        Section(
            title=word("reading", language),
            paragraphs=(_READING.within(language),),
            terms=tuple((label(term, language), meaning.within(language)) for term, meaning in _MEANINGS),
        ),
    ]
