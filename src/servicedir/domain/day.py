"""Days as people know them: "2024", "May 2024" or "1 May 2024", never more exact than the source was."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SHAPE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


class Precision(StrEnum):
    """How exactly a day is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A day, month or year in ISO 8601 reduced precision: `2024`, `2024-05`, `2024-05-01`.

    `first` and `last` are the days on which it begins and ends, both inclusive.
    Raises ValueError for anything else, including days that no calendar has.
    """

    text: str

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.text):
            raise ValueError(f"{self.text!r} is not a day: write 2024, 2024-05 or 2024-05-01")
        try:
            _ = self.first
        except ValueError:
            raise ValueError(f"{self.text!r} is not a day that a calendar has") from None

    @property
    def precision(self) -> Precision:
        """Return whether a year, a month or a day is known."""
        return {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(self.text)]

    @property
    def first(self) -> date:
        """Return the day on which this begins."""
        return date.fromisoformat(self.text + "-01-01"[len(self.text) - 4 :])

    @property
    def last(self) -> date:
        """Return the day on which this ends."""
        first = self.first
        match self.precision:
            case Precision.YEAR:
                return first.replace(month=12, day=31)
            case Precision.MONTH:
                return first.replace(day=calendar.monthrange(first.year, first.month)[1])
            case Precision.DAY:
                return first

    def before(self) -> Day:
        """Return the day, month or year before this one: when a stage ends if the next begins now."""
        eve = (self.first - timedelta(days=1)).isoformat()
        return Day(eve[: len(self.text)])

    def __str__(self) -> str:
        return self.text
