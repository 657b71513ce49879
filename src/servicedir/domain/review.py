"""When an entry is to be looked at again, and who hears of it if nobody does."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from servicedir.domain.text import sort_key

SOON = timedelta(days=14)
"""How long before its day one is reminded of an entry."""
TO_REVIEWERS = timedelta(weeks=4)
"""After this time beyond its day the reviewers of the office hear of it, too."""
TO_COORDINATORS = timedelta(weeks=8)
"""After this the coordinators do."""


class Level(IntEnum):
    """Who hears of an entry that is to be looked at; each includes those before it."""

    NOBODY = 0
    RESPONSIBLE = 1
    REVIEWERS = 2
    COORDINATORS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """That what is live of an entry is to be looked at by a day; `title` is the live one, in German."""

    slug: str
    title: str
    office: str
    day: date
    responsible: str = ""

    def overdue(self, today: date) -> bool:
        """Return whether its day is over."""
        return self.day < today

    def level(self, today: date) -> Level:
        """Return who hears of it on a day."""
        late = today - self.day
        if late > TO_COORDINATORS:
            return Level.COORDINATORS
        if late > TO_REVIEWERS:
            return Level.REVIEWERS
        return Level.RESPONSIBLE if late >= -SOON else Level.NOBODY

    @property
    def order(self) -> tuple[date, str, str]:
        """Return what a list is sorted by: the longest overdue first."""
        return self.day, sort_key(self.title), self.slug


def due_day(recorded: date, verified: Iterable[date | None], months: int) -> date:
    """Return the day by which an entry is to be looked at again.

    It is so many months after the last day on which somebody knew it to be right: when the live revision was
    `recorded`, or when it was `verified`.
    """
    return months_after(max([recorded, *filter(None, verified)]), months)


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or the last of that month if it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
