"""How often a way of access was used: figures that know "unknown" from 0, and sums that say what they leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from servicedir.domain.day import Day, Precision
from servicedir.domain.service import ChannelKind, Fault

FIRST_YEAR = 1990
"""Before it nobody counted what is counted here: an earlier year is a slip of the keyboard."""
HIGHEST = 100_000_000
"""More than a city counts in a year."""
LONGEST_REMARK = 500
"""Characters of a source or a note."""


class Measure(StrEnum):
    """What was counted, in appointments: those that took place, could be had, were called off, or nobody came to."""

    HELD = "held"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Standing(StrEnum):
    """Whether there is a number. 0 is one; UNKNOWN: nobody said; SUPPRESSED: so small that it might tell of people."""

    NUMBER = "number"
    UNKNOWN = "unknown"
    NOT_COUNTED = "not_counted"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, order=True)
class CountingPeriod:
    """A year or a month for which is counted: `2024`, `2024-05`. A year comes before its months.

    Raises ValueError for anything else.
    """

    text: str

    def __post_init__(self) -> None:
        if Day(self.text).precision is Precision.DAY:
            raise ValueError(f"{self.text!r} is a single day: write 2024 or 2024-05")

    @property
    def is_year(self) -> bool:
        """Return whether this is a whole year."""
        return len(self.text) == 4

    @property
    def year(self) -> CountingPeriod:
        """Return the year that this is, or is in."""
        return CountingPeriod(self.text[:4])

    @property
    def first(self) -> date:
        """Return the day on which it begins."""
        return Day(self.text).first

    @property
    def last(self) -> date:
        """Return the day on which it ends."""
        return Day(self.text).last

    def __contains__(self, other: CountingPeriod) -> bool:
        """Return whether another one is this one, or a month of this year."""
        return self in (other, other.year)

    def months(self) -> tuple[CountingPeriod, ...]:
        """Return the twelve months of a year; a month is its own only one."""
        if not self.is_year:
            return (self,)
        return tuple(CountingPeriod(f"{self.text}-{month:02}") for month in range(1, 13))

    def __str__(self) -> str:
        return self.text


Key = tuple[str, ChannelKind, Measure, CountingPeriod]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is known of one measure of one channel of a service (its slug) in a period.

    `value` counts appointments and is there where `standing` says that there is a number. `source` and `note` are
    plain text. Everybody may see what the office `released`.
    """

    service: str
    channel: ChannelKind
    measure: Measure
    period: CountingPeriod
    standing: Standing = Standing.NUMBER
    value: int | None = None
    source: str = ""
    note: str = ""
    released: bool = False

    @property
    def key(self) -> Key:
        """Return what it is about: of those with the same key only one can hold."""
        return self.service, self.channel, self.measure, self.period

    @property
    def is_number(self) -> bool:
        """Return whether it can be added up."""
        return self.standing is Standing.NUMBER

    @property
    def is_seen(self) -> bool:
        """Return whether it is a number that the office released."""
        return self.is_number and self.released

    def faults(self, today: date) -> list[Fault]:
        """Return every rule that it breaks; what has faults is not saved."""
        return list(self._faults(today))

    def _faults(self, today: date) -> Iterator[Fault]:
        if self.is_number and self.value is None:
            yield Fault("number_without_value", ("value",))
        if self.value is not None and not self.is_number:
            yield Fault("value_without_number", ("value",))
        if self.value is not None and self.value < 0:
            yield Fault("negative", ("value",))
        if self.value is not None and self.value > HIGHEST:
            yield Fault("too_high", ("value",))
        if self.period.first > today:
            yield Fault("not_begun", ("period",))
        if self.period.first.year < FIRST_YEAR:
            yield Fault("too_early", ("period",))
        for name in ("source", "note"):
            remark = getattr(self, name)
            if len(remark) > LONGEST_REMARK:
                yield Fault("too_long", (name,))
            if not _can_be_kept(remark):
                yield Fault("not_kept", (name,))


def _can_be_kept(text: str) -> bool:
    # PostgreSQL keeps neither NUL nor half a surrogate pair; SQLite must not be the laxer one.
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


# Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum that says what it leaves out: `known` adds up so many `numbers`; the others count parts that are none."""

    known: int = 0
    numbers: int = 0
    unknown: int = 0
    not_counted: int = 0
    suppressed: int = 0

    @classmethod
    def of(cls, figures: Iterable[Figure]) -> Total:
        """Return the sum of figures; of periods that contain each other it would count twice: see `of_year`."""
        found = list(figures)
        count = Counter(figure.standing for figure in found)
        return cls(
            known=sum(figure.value or 0 for figure in found if figure.is_number),
            numbers=count[Standing.NUMBER],
            unknown=count[Standing.UNKNOWN],
            not_counted=count[Standing.NOT_COUNTED],
            suppressed=count[Standing.SUPPRESSED],
        )

    def __add__(self, other: Total) -> Total:
        return Total(
            known=self.known + other.known,
            numbers=self.numbers + other.numbers,
            unknown=self.unknown + other.unknown,
            not_counted=self.not_counted + other.not_counted,
            suppressed=self.suppressed + other.suppressed,
        )

    @property
    def missing(self) -> int:
        """Return how many parts are no numbers."""
        return self.unknown + self.not_counted + self.suppressed

    @property
    def value(self) -> int | None:
        """Return the sum if it is the whole truth; None where a part is missing, or where there are no parts at all."""
        return self.known if self.numbers and not self.missing else None


def of_year(figures: Iterable[Figure], year: CountingPeriod, today: date) -> Total:
    """Return what figures of one measure of one channel of a service say of a year, each appointment counted once.

    That is the year's own figure; unless it is no number while there are some for months. Then it is their sum, in
    which a month that has begun and of which nobody has said anything is unknown.
    """
    said = {figure.period: figure for figure in figures if figure.period in year}
    own = said.pop(year, None)
    silent = sum(month.first <= today and month not in said for month in year.months())
    return whole_year(Total.of([own] if own else []), Total.of(said.values()), silent)


def whole_year(own: Total, months: Total, silent: int) -> Total:
    """Return the same from sums: that of the year's own figure, that of its months, and how many months say nothing."""
    if own.numbers or (own.missing and not months.numbers):
        return own
    if not months.numbers and not months.missing:
        return Total(unknown=1)
    return months + Total(unknown=silent)


def found_out(figures: Iterable[Figure], year: CountingPeriod, today: date) -> CountingPeriod | None:
    """Return the month of one measure that is not released and still known to who subtracts the others from the year.

    It is one where the year and all other months that have begun are numbers that are released; there can be no other.
    """
    said = {figure.period: figure for figure in figures if figure.period in year}
    begun = [month for month in year.months() if month.first <= today]
    dark = [period for period in (year, *begun) if not (period in said and said[period].is_seen)]
    return dark[0] if len(dark) == 1 and dark[0] != year and dark[0] in said and said[dark[0]].is_number else None


def contradicts(figures: Iterable[Figure], year: CountingPeriod) -> bool:
    """Return whether the months of one measure gainsay the year's own number: they are more, or all twelve are not it.

    That is no fault, since both may have been counted, each in its way; but who types them wants to know.
    """
    said = {figure.period: figure for figure in figures if figure.period in year}
    own, months = said.pop(year, None), Total.of(said.values())
    if own is None or own.value is None:
        return False
    return months.known > own.value or (months.numbers == len(year.months()) and months.known != own.value)


# What the public sees


def shown(figures: Iterable[Figure], smallest: int) -> list[Figure]:
    """Return figures as the public may see them: numbers from 1 to below `smallest` are suppressed; 0 and 1: none is.

    With a number go its source and its note.

    A month must not be found out by subtracting the others from the year, either, nor one that the office itself
    suppressed. So where both are shown, months with the next smallest numbers are suppressed with it, until two are
    and they are not a small number together; and the year where that is not enough. Give all figures of a year that
    are public, or this cannot be seen to.
    """
    found = list(figures)
    groups: dict[Key, list[Figure]] = {}
    for figure in found:
        groups.setdefault(_of_its_year(figure), []).append(figure)
    gone = {
        key: hidden(
            {figure.period: figure.value or 0 for figure in group if figure.is_number},
            max(smallest, 1),
            sum(figure.standing is Standing.SUPPRESSED and not figure.period.is_year for figure in group),
        )
        for key, group in groups.items()
    }
    return [_suppressed(figure) if figure.period in gone[_of_its_year(figure)] else figure for figure in found]


def _of_its_year(figure: Figure) -> Key:
    return *figure.key[:3], figure.period.year


def _suppressed(figure: Figure) -> Figure:
    # What is remarked on a number may well say it.
    return replace(figure, standing=Standing.SUPPRESSED, value=None, source="", note="")


def hidden(numbers: Mapping[CountingPeriod, int], smallest: int, suppressed: int) -> set[CountingPeriod]:
    """Return which periods are not shown, of all that are numbers of one key in one year; see `shown`.

    `suppressed` months are no numbers, as their office did that itself.
    """
    gone = {period for period, value in numbers.items() if 0 < value < smallest}
    year = next((period for period in numbers if period.is_year), None)
    if year is None or year in gone or not (gone or suppressed):
        return gone

    def is_safe() -> bool:
        seen = [value for period, value in numbers.items() if period not in gone and period != year]
        rest = numbers[year] - sum(seen)
        # As many as there are of them can only be ones.
        return len(seen) <= 10 and rest >= smallest and rest > len(gone) + suppressed

    for value, month in sorted((value, month) for month, value in numbers.items() if month != year):
        if is_safe():
            return gone
        if value:
            gone.add(month)
    return gone if is_safe() else gone | {year}


# What others send


_FIELDS = frozenset({"service", "channel", "measure", "period", "standing", "value", "source", "note", "released"})


def read(row: Any) -> tuple[Figure | None, list[Fault]]:
    """Return the figure that a row says, an object of plain values; None and why not where it says none.

    A row without `standing` is a number. A row without `released` is not released: who reads it may know better.
    """
    if not isinstance(row, Mapping):
        return None, [Fault("not_an_object", ())]
    reading = _Reading(row)
    value = reading.number("value")
    figure = Figure(
        service=reading.text("service"),
        channel=reading.member("channel", ChannelKind),
        measure=reading.member("measure", Measure),
        period=reading.period("period"),
        standing=reading.member("standing", Standing) if row.get("standing") is not None else Standing.NUMBER,
        value=value,
        source=reading.text("source"),
        note=reading.text("note"),
        released=reading.truth("released"),
    )
    return (None, reading.faults) if reading.faults else (figure, [])


class _Reading:
    """Reads the fields of one row and remembers what was wrong with them; what it gives for those is never used."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._row = row
        self.faults = [Fault("unknown_field", (str(name),)) for name in row if name not in _FIELDS]
        self.faults += [
            Fault("missing", (name,)) for name in ("service", "channel", "measure", "period") if not row.get(name)
        ]

    def _fault(self, what: str, name: str) -> None:
        if not any(fault.where == (name,) for fault in self.faults):
            self.faults.append(Fault(what, (name,)))

    def text(self, name: str) -> str:
        said = self._row.get(name)
        if said is not None and not isinstance(said, str):
            self._fault("not_a_text", name)
            return ""
        return (said or "").strip()

    def member(self, name: str, kind: type[Any]) -> Any:
        try:
            return kind(self._row.get(name))
        except ValueError:
            self._fault("unknown_value", name)
            return None

    def period(self, name: str) -> Any:
        try:
            return CountingPeriod(self.text(name))
        except ValueError:
            self._fault("not_a_period", name)
            return None

    def number(self, name: str) -> int | None:
        said = self._row.get(name)
        if said is not None and type(said) is not int:
            self._fault("not_a_number", name)
            return None
        return said

    def truth(self, name: str) -> bool:
        said = self._row.get(name)
        if said is not None and not isinstance(said, bool):
            self._fault("not_yes_or_no", name)
        return said is True
