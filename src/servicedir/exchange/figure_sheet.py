"""A sheet of figures: a row for each, or a row for many with a column for each period; written and read back.

Names of columns are understood in German, too, and so are the words for channels, measures and why there is no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

from servicedir.domain import words
from servicedir.domain.day import Precision
from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing
from servicedir.domain.service import ChannelKind, Fault
from servicedir.domain.text import LANGUAGES
from servicedir.exchange import delimited, workbook
from servicedir.exchange.cells import BadCell, day, flag, plain
from servicedir.exchange.columns import Column, Shape
from servicedir.exchange.table import MAX_ROWS, BadSheet, Flaw

MOST: Final = 50_000
"""Figures of one sheet; in a sheet with columns for periods a row has several."""
MOST_COLUMNS: Final = 400
"""Columns of one sheet: months and years of three decades, and some of other things."""

COLUMNS: tuple[Column, ...] = (
    Column("service", "service", Shape.LINE, "Kurzname der Dienstleistung.", "Short name of the service.", width=36),
    Column("channel", "channel", Shape.TERM, "Zugangsweg.", "Way of access.", terms=ChannelKind, width=14),
    Column(
        "measure", "measure", Shape.TERM, "Was gezählt wurde: Termine.", "What was counted.", terms=Measure, width=14
    ),
    Column("period", "period", Shape.DAY, "Jahr oder Monat: 2024, 2024-05.", "Year or month: 2024, 2024-05.", width=12),
    Column(
        "value",
        "value",
        Shape.NUMBER,
        "Die Zahl, auch 0. Leer: hierzu wird nichts gesagt. Ohne Zahl ein Wort: unbekannt, nicht gezählt.",
        "The number, 0 as well. Empty: nothing is said. Without a number a word: unknown, not counted.",
        width=14,
    ),
    Column(
        "standing",
        "standing",
        Shape.TERM,
        "Ob es eine Zahl gibt; leer, wo das schon der Wert sagt.",
        "Whether there is a number; empty where the value says so.",
        terms=Standing,
        width=14,
    ),
    Column("source", "source", Shape.LINE, "Woher die Zahl ist.", "Where the number comes from."),
    Column("note", "note", Shape.LINE, "Bemerkung.", "Remark."),
    Column(
        "released",
        "released",
        Shape.FLAG,
        "yes: alle dürfen die Zahl sehen; no: nur das Amt. Leer: wie bisher, neu: no.",
        "yes: everybody may see it; no: only the office. Empty: as before, a new one: no.",
        width=10,
    ),
)
"""The columns of a sheet with a row for each figure."""

NAMES = tuple(column.name for column in COLUMNS)
_NEEDED = ("service", "channel", "measure")
_ALSO: Mapping[str, str] = {
    **{name: name for name in NAMES},
    **dict.fromkeys(("slug", "kurzname", "dienstleistung", "leistung"), "service"),
    **dict.fromkeys(("kanal", "zugangsweg", "weg"), "channel"),
    **dict.fromkeys(("messgröße", "gezählt", "was", "art"), "measure"),
    **dict.fromkeys(("zeitraum", "monat", "jahr"), "period"),
    **dict.fromkeys(("wert", "zahl", "anzahl"), "value"),
    **dict.fromkeys(("status", "stand"), "standing"),
    **dict.fromkeys(("quelle",), "source"),
    **dict.fromkeys(("bemerkung", "anmerkung", "notiz"), "note"),
    **dict.fromkeys(("freigegeben", "öffentlich", "freigabe"), "released"),
}
_WORDS: Mapping[str, Standing] = {
    **dict.fromkeys(("unbekannt", "unknown", "?", "k. a.", "k.a.", "keine angabe"), Standing.UNKNOWN),
    **dict.fromkeys(("nicht gezählt", "nicht erhoben", "not counted"), Standing.NOT_COUNTED),
    **dict.fromkeys(("unterdrückt", "geheim", "suppressed", "*"), Standing.SUPPRESSED),
}
_POINTS = re.compile(r"\d{1,3}(?:[. \u00a0\u202f]\d{3})+", re.ASCII)
_WHOLE = re.compile(r"[-−]?\d{1,12}(?:[.,]0+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class FigureSheet:
    """Cells by the names of COLUMNS, each with the number of its row; `unknown_columns` are left out."""

    unknown_columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a row says: a figure, or what is wrong with it; neither where its value is empty.

    `inherits`: it does not say whether the figure is released.
    """

    figure: Figure | None = None
    inherits: bool = False
    faults: tuple[Fault, ...] = ()


# Out


def write_csv(figures: Iterable[Figure | Mapping[str, str]], on: date) -> bytes:
    """Return figures, and rows in which they can be written, as CSV."""
    return b"".join(delimited.pieces(COLUMNS, map(_cells, figures)))


def write_workbook(figures: Iterable[Figure | Mapping[str, str]], on: date) -> bytes:
    """Return the same as a workbook of that day."""
    return workbook.table("Zahlen", COLUMNS, map(_cells, figures), on)


WRITERS: Mapping[str, Callable[[Iterable[Figure | Mapping[str, str]], date], bytes]] = {
    "csv": write_csv,
    "xlsx": write_workbook,
}
"""How a sheet is written, by the name of its format in `formats.FORMATS`."""


def _cells(figure: Figure | Mapping[str, str]) -> list[str]:
    if not isinstance(figure, Figure):
        return [figure.get(name, "") for name in NAMES]
    return [
        figure.service,
        figure.channel.value,
        figure.measure.value,
        figure.period.text,
        "" if figure.value is None else str(figure.value),
        figure.standing.value,
        plain(figure.source),
        plain(figure.note),
        "yes" if figure.released else "no",
    ]


# In


def read_csv(data: bytes) -> FigureSheet:
    """Return the sheet of a CSV file, in which points may stand between thousands. Raises BadSheet."""
    sheet = _sheet(delimited.lines(data))
    rows = ((row, {**cells, "value": _without_points(cells.get("value", ""))}) for row, cells in sheet.rows)
    return FigureSheet(sheet.unknown_columns, tuple(rows))


def read_workbook(data: bytes) -> FigureSheet:
    """Return the first sheet of a workbook, where a point in a number is that of a fraction. Raises BadSheet."""
    return _sheet(workbook.lines(data))


READERS: Mapping[str, Callable[[bytes], FigureSheet]] = {"csv": read_csv, "xlsx": read_workbook}
"""How a sheet is read, by the name of its format in `formats.FORMATS`."""


def _without_points(cell: str) -> str:
    said = plain(cell)
    return re.sub(r"\D", "", said) if _POINTS.fullmatch(said) else cell


def _sheet(lines: Iterable[tuple[int, list[str]]]) -> FigureSheet:
    """Return the sheet of numbered lines, the first one that is not blank being the names of the columns."""
    names: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    for count, (number, cells) in enumerate((n, c) for n, c in lines if any(cell.strip() for cell in c)):
        if not names:
            names = _names(cells)
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            raise BadSheet(Flaw.CELLS_BEYOND_COLUMNS, row=number)
        if count > MAX_ROWS:
            raise BadSheet(Flaw.TOO_MANY_ROWS, limit=MAX_ROWS)
        rows += ((number, row) for row in _apart(dict(zip(names, cells, strict=False))))
        if len(rows) > MOST:
            raise BadSheet(Flaw.TOO_MANY_FIGURES, limit=MOST)
    if not names:
        raise BadSheet(Flaw.NO_COLUMN, column="service")
    return FigureSheet(tuple(name for name in names if name and name not in NAMES and not _period(name)), tuple(rows))


def _names(cells: list[str]) -> list[str]:
    """Return the names of the columns: ours, periods, others as they stand. Raises BadSheet."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise BadSheet(Flaw.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
    names = [plain(cell) for cell in cells]
    names = [_ALSO.get(name.lower()) or _period(name) or name for name in names]
    for at, name in enumerate(names):
        if name and name in names[:at]:
            raise BadSheet(Flaw.COLUMN_TWICE, column=name)
    for needed in (*_NEEDED, *(() if any(map(_period, names)) else ("period", "value"))):
        if needed not in names:
            raise BadSheet(Flaw.NO_COLUMN, column=needed)
    return names


def _apart(cells: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield a row for each figure of a row."""
    own = {name: cell for name, cell in cells.items() if name in NAMES}
    periods = [name for name in cells if _period(name)]
    if not periods or own.get("period", "").strip() or own.get("value", "").strip():
        yield own
    for period in periods:
        yield {**own, "period": period, "value": cells[period]}


@cache
def _period(said: str) -> str:
    """Return the counting period that a cell says; an empty string for none."""
    try:
        found = day(said)
    except BadCell:
        return ""
    # Of 2024-05 a spreadsheet makes the first of May, and may well show that day.
    is_month = found.precision is Precision.DAY and found.first.day == 1
    text = found.text[:7] if is_month else found.text
    return text if len(text) < len("2024-05-01") else ""


def said(cells: Mapping[str, str]) -> Said:
    """Return what a row says."""
    texts = {name: plain(cells.get(name, "")) for name in NAMES}
    if not texts["value"] and not texts["standing"]:
        return Said()
    faults = [Fault("missing", (name,)) for name in (*_NEEDED, "period") if not texts[name]]
    channel = _term(ChannelKind, texts["channel"])
    measure = _term(Measure, texts["measure"])
    period = _period(texts["period"])
    faults += [Fault("unknown_value", ("channel",))] if texts["channel"] and not channel else []
    faults += [Fault("unknown_value", ("measure",))] if texts["measure"] and not measure else []
    faults += [Fault("not_a_period", ("period",))] if texts["period"] and not period else []
    standing, value, wrong = _value(texts["value"], texts["standing"])
    released = False
    try:
        released = flag(texts["released"])
    except BadCell:
        wrong = [*wrong, Fault("not_yes_or_no", ("released",))]
    faults += wrong
    if faults:
        return Said(faults=tuple(faults))
    figure = Figure(
        service=texts["service"],
        channel=channel,
        measure=measure,
        period=CountingPeriod(period),
        standing=standing,
        value=value,
        source=texts["source"],
        note=texts["note"],
        released=released,
    )
    return Said(figure=figure, inherits=not texts["released"])


def _value(value: str, standing: str) -> tuple[Standing, int | None, list[Fault]]:
    """Return whether there is a number, which, and what is wrong with what two cells say of that."""
    word = _WORDS.get(value.casefold()) or _term(Standing, value)
    told = _WORDS.get(standing.casefold()) or _term(Standing, standing)
    if standing and not told:
        return Standing.NUMBER, None, [Fault("unknown_value", ("standing",))]
    if word and word is not Standing.NUMBER:
        wrong = [Fault("value_without_number", ("value",))] if told and told is not word else []
        return word, None, wrong
    if not value:
        return told or Standing.NUMBER, None, []
    if not _WHOLE.fullmatch(value):
        return Standing.NUMBER, None, [Fault("not_a_number", ("value",))]
    return told or Standing.NUMBER, int(re.split("[.,]", value.replace("−", "-"))[0]), []


@cache
def _terms(kind: type[StrEnum]) -> Mapping[str, Any]:
    labels = ((words.label(term, language), term) for term in kind for language in LANGUAGES)
    return {name.casefold(): term for name, term in (*labels, *((term.value, term) for term in kind))}


def _term(kind: type[StrEnum], cell: str) -> Any:
    return _terms(kind).get(cell.casefold())
