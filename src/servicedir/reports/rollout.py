"""Where video stands in the city on a day: the values that the page, its tables and its charts are made from."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.service import Constraint, Nature, Stage
from servicedir.domain.text import Text

Counts = Mapping[Stage, int]
"""How many services are in each stage; every stage is there, UNKNOWN like the others."""

Course = Sequence[tuple[int, Stage]]
"""From which day (its ordinal) on a service is in which stage, in order; before the first one it is UNKNOWN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How many published services there are on a day, by the stage of their video channel.

    An office, by slug, has those of the offices below it as well. A service of several offices or topics counts in
    each of them, so only natures add up to the city.
    """

    on: date
    video: Counts
    offices: Mapping[str, Counts]
    topics: Mapping[str, Counts] = field(default_factory=dict)
    natures: Mapping[Nature, Counts] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return the number of services, which is the sum of all stages."""
        return sum(self.video.values())


@dataclass(frozen=True, slots=True)
class Growth:
    """How many services were in each stage on the last day of each month, and at last on the day asked for.

    `counts` has a number of every stage for each of the `days`.
    """

    days: tuple[date, ...]
    counts: Mapping[Stage, tuple[int, ...]]

    def at(self, place: int) -> Counts:
        """Return the numbers of one of the days."""
        return {stage: numbers[place] for stage, numbers in self.counts.items()}


def growth(courses: Iterable[Course], on: date) -> Growth:
    """Return how it grew until a day, from the first month of which anything is known; in one pass over all stages."""
    known = list(courses)
    first = min((course[0][0] for course in known if course), default=on.toordinal() + 1)
    if first > on.toordinal():
        return Growth((), dict.fromkeys(Stage, ()))
    days = _ends(date.fromordinal(first), on)
    places: dict[int, int] = {}
    changes = {stage: [0] * len(days) for stage in Stage}
    for course in known:
        before = Stage.UNKNOWN
        changes[before][0] += 1
        for day, stage in course:
            if day > on.toordinal():
                break
            place = places.get(day)
            if place is None:
                place = places[day] = _months(days[0], date.fromordinal(day))
            changes[before][place] -= 1
            changes[stage][place] += 1
            before = stage
    return Growth(days, {stage: tuple(_summed(numbers)) for stage, numbers in changes.items()})


def _ends(first: date, on: date) -> tuple[date, ...]:
    """Return the last day of each month from the one of the first day on; of the last month, the day `on`."""
    count = _months(first, on)
    months = (divmod(first.month - 1 + number, 12) for number in range(count))
    ends = (
        date(first.year + years, month + 1, monthrange(first.year + years, month + 1)[1]) for years, month in months
    )
    return (*ends, on)


def _months(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


def _summed(changes: Sequence[int]) -> Iterable[int]:
    number = 0
    for change in changes:
        number += change
        yield number


@dataclass(frozen=True, slots=True)
class Named:
    """A service as a list needs it."""

    slug: str
    title: Text


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of the services that a list has, by their titles, and how many it has in all."""

    entries: tuple[Published, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All that is to be said of a day: the numbers, how they grew, what comes next, and what stands against video.

    `coming` are planned or under review, `against` are not planned or ruled out. `limits` are constraints without
    their notes, with the services of which they ask that; `attested` those whose stage has no known beginning.
    """

    spread: Spread
    growth: Growth
    catalogue: Catalogue
    today: date
    coming: Listed
    against: Listed
    limits: Mapping[Constraint, tuple[Named, ...]]
    attested: tuple[Named, ...]

    @property
    def on(self) -> date:
        """Return the day."""
        return self.spread.on
