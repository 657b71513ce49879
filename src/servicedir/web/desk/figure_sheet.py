"""Between figures and the grid in which they are typed: what its fields show, and the figures that they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from servicedir.domain.figures import HIGHEST, CountingPeriod, Figure, Measure, Standing
from servicedir.domain.service import ChannelKind

Cell = tuple[Measure, CountingPeriod]
Known = Mapping[Cell, Figure]
Fields = dict[str, str]

SIGNS = {Standing.UNKNOWN: "?", Standing.NOT_COUNTED: "-", Standing.SUPPRESSED: "*"}
"""How a cell shows that there is no number."""

REMARKS = ("source", "note", "released")
"""What is said of a whole row."""

YES, NO, MIXED = "yes", "no", "mixed"
"""What can be chosen for `released`; MIXED leaves each cell as it is."""

_WORDS = {
    **{sign: standing for standing, sign in SIGNS.items()},
    **dict.fromkeys(("k.a.", "ka", "unbekannt", "nichtbekannt", "unknown", "notknown", "n/a"), Standing.UNKNOWN),
    **dict.fromkeys(("–", "—", "−", "nichtgezählt", "notcounted", "not_counted"), Standing.NOT_COUNTED),
    **dict.fromkeys(("nichtgezeigt", "geheim", "notshown", "suppressed"), Standing.SUPPRESSED),
}
_NUMBERS = {mark: re.compile(rf"([-−–]?)([0-9]+|[0-9]{{1,3}}(?:[{mark}'’][0-9]{{3}})+)") for mark in (".", ",")}
_MOST_DIGITS = 15  # Of more, Python makes no number; it is too high anyway.


def show(figure: Figure | None) -> str:
    """Return what a cell shows: a number, a sign for why there is none, or nothing."""
    if figure is None:
        return ""
    return str(figure.value) if figure.is_number else SIGNS[figure.standing]


def understand(typed: str, language: str) -> tuple[Standing, int | None] | None:
    """Return what was typed or pasted into a cell, None for what is neither a number nor one of the words.

    Thousands are set apart as the language does (`1.234`, `1,234`) or by spaces. Nothing is unknown.
    """
    text = "".join(typed.split()).casefold()
    if not text:
        return Standing.UNKNOWN, None
    if text in _WORDS:
        return _WORDS[text], None
    match = _NUMBERS["," if language == "en" else "."].fullmatch(text)
    if not match:
        return None
    digits = re.sub("[^0-9]", "", match[2])
    value = int(digits) if len(digits) <= _MOST_DIGITS else HIGHEST + 1
    return Standing.NUMBER, -value if match[1] else value


@dataclass(frozen=True, slots=True)
class Sheet:
    """The grid of one channel of a service (its slug) in a year. A field of a cell is called `held.2024-05`."""

    service: str
    channel: ChannelKind
    year: CountingPeriod

    @property
    def periods(self) -> tuple[CountingPeriod, ...]:
        """Return the columns: the year, then its months."""
        return (self.year, *self.year.months())

    def fields(self, known: Known) -> Fields:
        """Return what every field shows of figures. A remark that differs from cell to cell is empty, or MIXED."""
        shown: Fields = {}
        for measure in Measure:
            for period in self.periods:
                shown[f"{measure}.{period}"] = show(known.get((measure, period)))
            for name in REMARKS:
                said = self.remarks(known, measure, name)
                shown[f"{measure}.{name}"] = said.pop() if len(said) == 1 else MIXED if name == "released" else ""
        return shown

    def remarks(self, known: Known, measure: Measure, name: str) -> set[str]:
        """Return what the cells of a row say of their source, their note, or whether they are released."""
        row = [figure for (there, _period), figure in known.items() if there is measure]
        if name == "released":
            return {YES if figure.released else NO for figure in row} or {NO}
        return {getattr(figure, name) for figure in row} or {""}

    def read(self, typed: Fields, known: Known, today: date, language: str) -> tuple[list[Figure], dict[str, str]]:
        """Return the figures that fields say, and which rule is broken in which field.

        A cell that was never said anything of and is empty is none; one that is emptied becomes unknown.
        """
        found: list[Figure] = []
        faults: dict[str, str] = {}
        for measure in Measure:
            row = []
            mixed = {name for name in REMARKS if len(self.remarks(known, measure, name)) > 1}
            for period in self.periods:
                before, text = known.get((measure, period)), typed[f"{measure}.{period}"]
                if before is None and not text.strip():
                    continue
                row.append(period)
                if (understood := understand(text, language)) is None:
                    faults[f"{measure}.{period}"] = "not_a_cell"
                    continue
                remarks = self._remarks(measure, typed, before, mixed)
                standing, value = understood
                figure = Figure(
                    service=self.service,
                    channel=self.channel,
                    measure=measure,
                    period=period,
                    standing=standing,
                    value=value,
                    **remarks,
                )
                found.append(figure)
                for fault in figure.faults(today):
                    remark = str(fault.where[0]) in REMARKS
                    faults.setdefault(f"{measure}.{fault.where[0] if remark else period}", fault.what)
            if not row:
                faults |= {f"{measure}.{n}": "no_cell" for n in ("source", "note") if typed[f"{measure}.{n}"].strip()}
        return found, faults

    def _remarks(self, measure: Measure, typed: Fields, before: Figure | None, mixed: set[str]) -> dict[str, Any]:
        """Return what is said of a cell: what its row says, or what the cell said before where the row says nothing."""
        said = {name: typed[f"{measure}.{name}"].strip() for name in REMARKS}
        kept = {name: getattr(before, name) for name in mixed if before and said[name] in ("", MIXED)}
        return {"source": said["source"], "note": said["note"], "released": said["released"] == YES, **kept}


def by_cell(figures: Iterable[Figure]) -> dict[Cell, Figure]:
    """Return figures of one channel by their place in the grid."""
    return {(figure.measure, figure.period): figure for figure in figures}


def merge(typed: Fields, base: Fields, now: Fields) -> tuple[Fields, list[str]]:
    """Return fields with what others have saved meanwhile where nothing was typed; and where both did, differently.

    `base` is what the fields showed when the page was made.
    """
    merged = {name: now[name] if text == base[name] else text for name, text in typed.items()}
    both = [n for n, text in typed.items() if text != base[n] and now[n] != base[n] and text != now[n]]
    return merged, both
