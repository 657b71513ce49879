"""Ready inquiries to start from: questions that councils have asked, each with the blocks that answer it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from servicedir.domain.acceptance import Group
from servicedir.domain.catalogue import Place
from servicedir.domain.figures import FIRST_YEAR, Measure
from servicedir.domain.inquiry import Block, BlockKind, Column, Question
from servicedir.domain.text import Text

_AVAILABLE = "video=live&video=pilot"
_TRANSACTIONAL = f"{_AVAILABLE}&nature=transactional"
_OTHERS = f"{_AVAILABLE}&nature=advisory&nature=coordination&nature=instruction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A ready inquiry: what it is called in a list, its title, and its questions."""

    name: Text
    title: Text = Text()
    questions: tuple[Question, ...] = ()


def patterns(today: date, places: Iterable[Place] = ()) -> Mapping[str, Pattern]:
    """Return the patterns by a short name, made for a day: they ask for the year before, and compare with a year ago.

    Where a place is closed, one of them asks what there was. The last one is empty.
    """
    year, ago = max(today.year - 1, FIRST_YEAR), _a_year_before(today)
    closed = sorted((place for place in places if place.closed), key=lambda place: (str(place.closed), place.slug))
    return {
        "video": _video(str(year), ago, closed[-1] if closed else None),
        "digital": _digital(str(year), ago),
        "empty": Pattern(name=Text.of(de="Leer", en="Empty")),
    }


def _video(year: str, ago: date, closed: Place | None) -> Pattern:
    return Pattern(
        name=Text.of(de="Videoangebote (wie AF0147/24)", en="Video offers (as AF0147/24)"),
        title=Text.of(de="Beratungsangebote per Videotelefonie", en="Advice by video call"),
        questions=(
            _question(
                "Für welche Dienstleistungen und Beratungen gibt es heute Videotermine?",
                "For which services and advice are there video appointments today?",
                _block(BlockKind.SERVICES, "Anträge", "Applications", search=_TRANSACTIONAL, columns=_COLUMNS),
                _block(
                    BlockKind.SERVICES,
                    "Beratung, Formloses und Unterweisungen",
                    "Advice, informal matters and instruction",
                    search=_OTHERS,
                    columns=_COLUMNS,
                ),
                Block(kind=BlockKind.COVERAGE),
            ),
            *([_of_place(closed)] if closed else []),
            _question(
                f"Wie wurden diese Angebote {year} angenommen?",
                f"How were these offers taken up in {year}?",
                _figures(year),
                Block(kind=BlockKind.ACCEPTANCE, group=Group.CITIZENS),
            ),
            _question(
                "Für welche Angebote sind Videotermine geplant?",
                "For which offers are video appointments planned?",
                Block(kind=BlockKind.PLANNED),
            ),
            _aim(ago),
            _question(
                "Gibt es Förderprogramme von EU, Bund oder Land für Videoberatung?",
                "Are there funding programmes of the EU, the federation or the state for advice by video?",
                Block(kind=BlockKind.PROGRAMMES),
            ),
        ),
    )


def _digital(year: str, ago: date) -> Pattern:
    return Pattern(
        name=Text.of(de="Ausschuss Digitalisierung", en="Committee for digitalisation"),
        title=Text.of(de="Videotermine in der Stadtverwaltung", en="Video appointments in the city's offices"),
        questions=(
            _question(
                "Für welche Dienstleistungen und Beratungen gibt es Videotermine, und wo sind sie geplant?",
                "For which services and advice are there video appointments, and where are they planned?",
                Block(kind=BlockKind.SERVICES, search=_AVAILABLE, columns=_COLUMNS),
                Block(kind=BlockKind.PLANNED),
                Block(kind=BlockKind.COVERAGE),
            ),
            _question(
                "Wie werden sie von Bürgerinnen und Bürgern und von den Beschäftigten angenommen?",
                "How are they taken up by citizens and by the city's staff?",
                _figures(year),
                Block(kind=BlockKind.ACCEPTANCE, group=Group.CITIZENS),
                Block(kind=BlockKind.ACCEPTANCE, group=Group.STAFF),
            ),
            _aim(ago),
        ),
    )


_COLUMNS = (
    Column.TITLE,
    Column.OFFICE,
    Column.NATURE,
    Column.STAGE,
    Column.SINCE,
    Column.SLOTS,
    Column.BOOKING,
    Column.NOTE,
)


def _question(german: str, english: str, *blocks: Block) -> Question:
    return Question(text=Text.of(de=german, en=english), blocks=blocks)


def _block(kind: BlockKind, german: str, english: str, *, search: str, columns: tuple[Column, ...]) -> Block:
    return Block(kind=kind, title=Text.of(de=german, en=english), search=search, columns=columns)


def _figures(year: str) -> Block:
    return Block(kind=BlockKind.FIGURES, search=_AVAILABLE, years=(year,), measures=(Measure.HELD, Measure.OFFERED))


def _of_place(place: Place) -> Question:
    german, english = place.name.within("de"), place.name.within("en")
    block = Block(kind=BlockKind.PLACE, place=place.slug, on=place.closed.first if place.closed else None)
    return _question(
        f"Welche Angebote gab es bis zuletzt: {german}?", f"What was offered until the end: {english}?", block
    )


def _aim(ago: date) -> Question:
    return _question(
        "Will die Stadt mehr Beratung per Video anbieten, mit welchen Schritten, und wenn nicht, warum nicht?",
        "Does the city want to offer more advice by video, with which steps, and if not, why not?",
        Block(kind=BlockKind.COMPARISON, compared=ago),
        Block(kind=BlockKind.REASONS),
    )


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # The 29th of February.
        return day.replace(year=day.year - 1, day=28)
