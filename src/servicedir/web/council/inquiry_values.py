"""Between an inquiry and its form: the values that the fields show, the inquiry that they say, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pyramid.request import Request

from servicedir.directory.answering import NotASearch
from servicedir.domain.acceptance import Group
from servicedir.domain.figures import Measure
from servicedir.domain.inquiry import MOST_IN_ALL, Block, Column, Inquiry, Question
from servicedir.domain.moment import CITY_TIME, city_moment
from servicedir.domain.query import FACETS, BadValue
from servicedir.domain.service import ChannelKind, Fault
from servicedir.domain.text import slug_of
from servicedir.web import forms
from servicedir.web.errors import sentence_of
from servicedir.web.translation import _

SENTENCES = {
    "missing": _("Bitte füllen Sie dieses Feld aus."),
    "not_a_slug": _("Möglich sind Kleinbuchstaben, Ziffern und einzelne Bindestriche; „add“ ist vergeben."),
    "in_the_future": _("Das liegt in der Zukunft. Beantwortet wird, was schon ist oder war."),
    "before_the_first": _("Damals stand noch nichts im Verzeichnis. Bitte wählen Sie einen späteren Zeitpunkt."),
    "ends_before_it_begins": _("Die Frist endet, bevor die Anfrage eingegangen ist."),
    "too_many": _("Das sind zu viele. Bitte teilen Sie die Anfrage auf."),
    "too_many_blocks": _(
        "Das sind mehr als ${most} Bausteine in allen Fragen zusammen. Bitte teilen Sie die Anfrage auf.",
        mapping={"most": MOST_IN_ALL},
    ),
    "not_a_year": _("Bitte nur Jahre, die schon begonnen haben, durch Komma getrennt. Beispiel: 2023, 2024"),
    "not_positive": _("Bitte geben Sie mindestens 1 an."),
    "unknown_reference": _("Diesen Ort oder dieses Amt gibt es nicht (mehr). Bitte wählen Sie etwas anderes."),
    "not_a_search": _("Das ist keine Suche dieses Katalogs. Fügen Sie die Adresse einer Trefferliste ein."),
}
"""What a broken rule of an inquiry is called."""

_SEARCHED = ("q", *FACETS)
"""What of a search's address is kept."""
_LEFT_OUT = ("on", "sort", "page", "per_page", "lang")
"""What is not: the day and the language are the inquiry's, and pages and orders are the table's."""


def refusal(faults: Iterable[Fault], request: Request) -> forms.Refusal:
    """Return what is wrong with an inquiry, each sentence at its field."""
    return forms.Refusal(
        (
            _field(fault.where),
            sentence_of(fault.value, request) if isinstance(fault, NotASearch) else SENTENCES[fault.what],
        )
        for fault in faults
    )


def _field(where: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the form's path of a value's: days stand in groups, and years in one field."""
    if where[0] == "deadline":
        return ("days", *where)
    if where[0] == "recorded":
        return ("recorded", "day")
    if where[0] == "questions" and len(where) > 4 and where[4] == "years":
        return where[:5]
    return where


def to_form(inquiry: Inquiry) -> dict[str, Any]:
    """Return an inquiry as the values of the form."""
    return {
        "reference": inquiry.reference,
        "title": inquiry.title,
        "asked_by": inquiry.asked_by,
        "days": {"received": inquiry.received, "deadline": inquiry.deadline},
        "on": inquiry.on,
        "recorded": _clock(inquiry.recorded),
        "introduction": inquiry.introduction,
        "questions": [
            {"text": question.text, "blocks": [_block_to_form(block) for block in question.blocks]}
            for question in inquiry.questions
        ],
    }


def _block_to_form(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "title": block.title,
        "text": block.text,
        "search": block.search,
        "columns": set(block.columns),
        "channel": block.channel,
        "place": block.place,
        "on": block.on,
        "compared": block.compared,
        "years": ", ".join(block.years),
        "channels": set(block.channels),
        "measures": set(block.measures),
        "group": block.group or "",
        "most": block.most,
    }


def from_form(values: Mapping[str, Any], before: Inquiry | None, now: datetime) -> Inquiry:
    """Return the inquiry that the form says; `before` gives its slug. Raises forms.Refusal for a time that is none."""
    given = values["title"].within("de")
    slug = before.slug if before else values["slug"] or slug_of(values["reference"]) or slug_of(given)
    blocks = [block for question in before.questions for block in question.blocks] if before else []
    return Inquiry(
        slug=slug,
        title=values["title"],
        reference=values["reference"].strip(),
        asked_by=values["asked_by"],
        received=values["days"]["received"],
        deadline=values["days"]["deadline"],
        on=values["on"],
        recorded=_moment(values["recorded"], before, now),
        introduction=values["introduction"],
        questions=tuple(
            Question(text=one["text"], blocks=tuple(_block_from(block, blocks) for block in one["blocks"]))
            for one in values["questions"]
        ),
    )


def _block_from(values: Mapping[str, Any], before: Iterable[Block]) -> Block:
    # Checkboxes know no order: a choice of columns that there was keeps the one it had.
    orders = {frozenset(block.columns): block.columns for block in before}
    columns = frozenset(Column(value) for value in values["columns"])
    return Block(
        kind=values["kind"],
        title=values["title"],
        text=values["text"],
        search=search_of(values["search"]),
        columns=orders.get(columns, tuple(column for column in Column if column in columns)),
        channel=values["channel"],
        place=values["place"],
        on=values["on"],
        compared=values["compared"],
        years=tuple(dict.fromkeys(values["years"].replace(",", " ").replace(";", " ").split())),
        channels=tuple(kind for kind in ChannelKind if kind in values["channels"]),
        measures=tuple(measure for measure in Measure if measure in values["measures"]),
        group=Group(values["group"]) if values["group"] else None,
        most=values["most"],
    )


def search_of(typed: str) -> str:
    """Return the search in what was typed or pasted: the address of a list of results, its part after the mark, words.

    Raises ValueError for the address of another page, and BadValue for what no search has: left out without a word, it
    would make another search.
    """
    typed = typed.strip()
    _page, mark, asked = typed.partition("?")
    if not mark and typed.startswith(("http://", "https://")) and not typed.endswith("/"):
        raise ValueError(typed)
    if not mark and "=" in typed:
        asked = typed
    elif not mark:
        asked = "" if typed.endswith("/") else urlencode({"q": typed})
    pairs = [(name, value) for name, value in parse_qsl(asked.partition("#")[0]) if name not in _LEFT_OUT]
    for name, value in pairs:
        if name not in _SEARCHED:
            raise BadValue(name, value, "unsearchable", _SEARCHED)
    return urlencode(pairs)


def _clock(moment: datetime | None) -> dict[str, Any]:
    if moment is None:
        return {"day": None, "time": None}
    local = moment.astimezone(CITY_TIME)
    return {"day": local.date(), "time": local.time().replace(second=0, microsecond=0)}


def _moment(values: Mapping[str, Any], before: Inquiry | None, now: datetime) -> datetime | None:
    day, clock = values["day"], values["time"]
    if day is None and clock is None:
        return None
    if day is None:
        raise forms.Refusal([(("recorded", "day"), _("Bitte geben Sie auch den Tag an."))])
    if before and before.recorded and _clock(before.recorded) == {"day": day, "time": clock}:
        return before.recorded  # The form shows no seconds, and does not lose them.
    try:
        if clock is not None:
            return city_moment(datetime.combine(day, clock), CITY_TIME)
        end = city_moment(datetime.combine(day, time(23, 59)), CITY_TIME) + timedelta(seconds=59)
    except (ValueError, OverflowError):
        sentence = _("Diese Uhrzeit gibt es an diesem Tag nicht, weil die Uhren vorgestellt werden.")
        raise forms.Refusal([(("recorded", "time"), sentence)]) from None
    return min(end, now) if day == now.astimezone(CITY_TIME).date() else end
