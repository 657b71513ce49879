"""How answers say things: numbers with their nouns, days as exact as they are known, lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from babel.dates import format_date

from servicedir.domain.day import Day, Precision
from servicedir.domain.query import FACETS, Query
from servicedir.domain.service import ChannelKind, Nature, Stage
from servicedir.domain.text import Text
from servicedir.domain.words import label, language_name
from servicedir.reports.task import Task
from servicedir.reports.words import show_day


def say(language: str, de: str, en: str) -> str:
    """Return one of two sentences; both are written beside each other where they are used."""
    return en if language == "en" else de


def services(count: int, language: str) -> str:
    """Return `1 Dienstleistung`, `11 Dienstleistungen`."""
    one, many = ("service", "services") if language == "en" else ("Dienstleistung", "Dienstleistungen")
    return f"{number(count, language)} {one if count == 1 else many}"


def plural(count: int, one: str, many: str) -> str:
    """Return the number with its noun."""
    return f"{count} {one if count == 1 else many}"


def listed(parts: Sequence[str], language: str) -> str:
    """Return `A, B und C`."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + say(language, " und ", " and ") + parts[-1]


def number(value: int, language: str) -> str:
    """Return a number as it is written in a language: `1.234`, `1,234`."""
    grouped = f"{value:,}"
    return grouped if language == "en" else grouped.replace(",", ".")


@lru_cache(maxsize=4096)
def show(day: Day | date, language: str) -> str:
    """Return a day, month or year in words, as exact as it is known."""
    if isinstance(day, date):
        return show_day(day, language)
    match day.precision:
        case Precision.YEAR:
            return day.text
        case Precision.MONTH:
            return format_date(day.first, "MMMM y", locale=language)
        case Precision.DAY:
            return show_day(day.first, language)


_BY: dict[ChannelKind, Text] = {
    ChannelKind.VIDEO: Text.of(de="per Video", en="by video"),
    ChannelKind.PHONE: Text.of(de="am Telefon", en="by phone"),
    ChannelKind.CHAT: Text.of(de="im Chat", en="by chat"),
    ChannelKind.ONLINE: Text.of(de="über einen Online-Dienst", en="through an online service"),
    ChannelKind.IN_PERSON: Text.of(de="vor Ort", en="in person"),
    ChannelKind.HOME_VISIT: Text.of(de="als Hausbesuch", en="as a home visit"),
    ChannelKind.MAIL: Text.of(de="schriftlich", en="in writing"),
}


def by(channel: ChannelKind, language: str) -> str:
    """Return how one meets the office: `per Video`."""
    return _BY[channel].within(language)


_NATURES: dict[Nature, tuple[Text, Text]] = {
    Nature.TRANSACTIONAL: (Text.of(de="Antrag", en="application"), Text.of(de="Anträge", en="applications")),
    Nature.ADVISORY: (Text.of(de="Beratung", en="form of advice"), Text.of(de="Beratungen", en="forms of advice")),
    Nature.COORDINATION: (
        Text.of(de="formloses Anliegen", en="informal matter"),
        Text.of(de="formlose Anliegen", en="informal matters"),
    ),
    Nature.INSTRUCTION: (Text.of(de="Unterweisung", en="instruction"), Text.of(de="Unterweisungen", en="instructions")),
}


def natures(count: int, nature: Nature, language: str) -> str:
    """Return `1 Antrag`, `8 Beratungen`."""
    one, many = _NATURES[nature]
    return plural(count, one.within(language), many.within(language))


NATURE_CAPTIONS: dict[Nature, Text] = {
    Nature.TRANSACTIONAL: Text.of(de="Anträge (mit rechtlicher Wirkung)", en="Applications (with legal effect)"),
    Nature.ADVISORY: Text.of(de="Beratung (ohne Antrag)", en="Advice (no application)"),
    Nature.COORDINATION: Text.of(de="Formlose Anliegen (ohne Antrag)", en="Informal matters (no application)"),
    Nature.INSTRUCTION: Text.of(de="Unterweisungen (Belehrung oder Kurs)", en="Instruction (briefing or lesson)"),
}
"""What tables of services of one nature are headed with: natures are never mixed."""

_FILTERS: dict[str, Text] = {
    "video": Text.of(de="Video", en="video"),
    "channel": Text.of(de="Zugangsweg", en="channel"),
    "nature": Text.of(de="Art des Anliegens", en="nature"),
    "office": Text.of(de="Amt", en="office"),
    "topic": Text.of(de="Thema", en="topic"),
    "audience": Text.of(de="für wen", en="for whom"),
    "language": Text.of(de="Sprache", en="language"),
}


def choice(task: Task, query: Query) -> str:
    """Return what a search chooses, in words (`Video: möglich oder Testbetrieb; Amt: Jugendamt`); empty for all."""
    language = task.language
    either = say(language, " oder ", " or ")
    found = [say(language, f"Suchwörter „{query.q}“", f"search words “{query.q}”")] if query.q else []
    for name in FACETS:
        values = [_value(task, name, value) for value in getattr(query, name)]
        if values:
            found.append(f"{_FILTERS[name].within(language)}: {either.join(values)}")
    return "; ".join(found)


def _value(task: Task, name: str, value: str) -> str:
    if isinstance(value, Stage | ChannelKind | Nature):
        return label(value, task.language)
    if name == "language":
        return language_name(value, task.language)
    if name == "office":
        return task.office(value)
    catalogue = task.state.catalogue
    noun = (catalogue.topics if name == "topic" else catalogue.audiences).get(value)
    return task.text(noun.name) if noun else value


# Days of which nothing can be said


def bad_day(task: Task, *days: date) -> str:
    """Return the sentence that stands instead of a table where nothing can be said of days; empty where it can."""
    state, language = task.state, task.language
    if state.first is None or state.recorded < state.first:
        return say(
            language,
            "Zu diesem Zeitpunkt war im Verzeichnis noch nichts veröffentlicht; deshalb lässt sich nichts sagen.",
            "At that moment, nothing was published in the directory yet; so nothing can be said.",
        )
    for day in days:
        if day > state.today:
            return say(
                language,
                f"Der {show(day, 'de')} liegt in der Zukunft; dazu lässt sich noch nichts sagen.",
                f"{show(day, 'en')} is in the future; nothing can be said about it yet.",
            )
        if state.earliest is None:
            return say(
                language,
                "Im Verzeichnis ist noch zu keinem Zugangsweg etwas gesagt.",
                "The directory does not say anything about any channel yet.",
            )
        if day < state.earliest:
            return say(
                language,
                f"Für den {show(day, 'de')} lässt sich nichts sagen: "
                f"Die Angaben im Verzeichnis beginnen mit dem {show(state.earliest, 'de')}.",
                f"Nothing can be said about {show(day, 'en')}: "
                f"what the directory says begins with {show(state.earliest, 'en')}.",
            )
    return ""


def sources(found: Iterable[str], language: str) -> list[str]:
    """Return the note on where things are from; none where nobody said it."""
    names = sorted({name.strip() for name in found if name.strip()})
    if not names:
        return []
    more = len(names) - 10
    listing = "; ".join(names[:10]) + (say(language, f" und {more} weitere", f" and {more} more") if more > 0 else "")
    word = say(language, "Quelle", "Source") if len(names) == 1 else say(language, "Quellen", "Sources")
    return [f"{word}: {listing}."]
