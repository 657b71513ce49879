"""What was counted in whole years, added up by the database: a report over all services is then a matter of seconds.

The rules are those of `domain.figures`. Only where a year has a number of its own do they need the single ones of its
months, from which one could subtract: these come with the sums as one text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, String, and_, case, func, select
from sqlalchemy.orm import Session

from servicedir.domain.figures import CountingPeriod, Measure, Standing, Total, hidden, whole_year
from servicedir.domain.service import ChannelKind
from servicedir.storage.outside import figures
from servicedir.storage.tables import entries

Sums: TypeAlias = dict[tuple[str, ChannelKind, Measure, str], Total]
"""By service (its slug), channel, measure and year (`2024`)."""

_year = func.substr(figures.c.period, 1, 4)
_is_year = func.length(figures.c.period) == 4
_is_month = func.length(figures.c.period) > 4
# The same few words stand in tens of thousands of sums.
_CHANNELS = {kind.value: kind for kind in ChannelKind}
_MEASURES = {measure.value: measure for measure in Measure}
_WITHOUT_NUMBER = {
    None: Total(),
    Standing.UNKNOWN.value: Total(unknown=1),
    Standing.NOT_COUNTED.value: Total(not_counted=1),
    Standing.SUPPRESSED.value: Total(suppressed=1),
}


def sums(
    session: Session, years: Sequence[CountingPeriod], *, today: date, smallest: int, recorded: datetime | None
) -> Sums:
    """Return what is released of whole years; see `storage.figures.Figures.sums`."""
    conditions: list[ColumnElement[bool]] = []
    if years:
        conditions.append(_year.in_([year.text for year in years]))
    if recorded is not None:  # Numbers grow with the moments at which rows were added.
        until = session.scalar(select(func.max(figures.c.number)).where(figures.c.at <= recorded))
        conditions.append(figures.c.number <= (until or 0))
    slugs = {row.id: row.slug for row in session.execute(select(entries.c.id, entries.c.slug))}
    begun = cache(lambda year: sum(month.first <= today for month in CountingPeriod(year).months()))
    rows = session.execute(_added_up(conditions, today, smallest).execution_options(yield_per=1000))
    return {
        (slugs[entry], _CHANNELS[channel], _MEASURES[measure], year): _total(year, begun(year), smallest, *said)
        for entry, channel, measure, year, *said in rows
    }


def _added_up(conditions: Sequence[ColumnElement[bool]], today: date, smallest: int) -> Select[Any]:
    """Select a row for each key and year, with the columns that `_total` takes."""
    # All rows of the table are read in the order in which they lie there, and not in that of an index, row by row:
    # that is what the addition is for.
    key = ((figures.c.entry_id + 0).label("entry"), figures.c.channel, figures.c.measure, _year.label("year"))
    is_small = and_(figures.c.value > 0, figures.c.value < smallest)
    columns = (
        _count(figures.c.period <= f"{today:%Y-%m}"),
        _count(figures.c.standing == Standing.NUMBER),
        func.sum(case((_is_month, figures.c.value))),
        _count(is_small),
        func.sum(case((and_(_is_month, is_small), figures.c.value))),
        _count(figures.c.standing == Standing.UNKNOWN),
        _count(figures.c.standing == Standing.NOT_COUNTED),
        _count(figures.c.standing == Standing.SUPPRESSED),
        func.max(case((_is_year, figures.c.standing))),
        func.max(case((_is_year, figures.c.value))),
        func.aggregate_strings(case((_is_month, figures.c.period + " " + figures.c.value.cast(String))), ","),
    )
    numbered = [column.label(f"column_{number}") for number, column in enumerate(columns)]
    query = select(*key, *numbered)
    corrected = select(figures.c.corrects).where(figures.c.corrects.is_not(None), *conditions)
    query = query.where(figures.c.released, figures.c.number.not_in(corrected), *conditions)
    return query.group_by(*key)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many months are so."""
    return func.sum(case((and_(_is_month, condition), 1), else_=0))


def _total(
    year: str,
    begun: int,
    smallest: int,
    came: int,
    numbers: int,
    known: int | None,
    small: int,
    small_known: int | None,
    unknown: int,
    not_counted: int,
    suppressed: int,
    standing: str | None,
    value: int | None,
    said: str | None,
) -> Total:
    """Return what is known of a year of which so many months have begun, from what was said of its months and of it.

    Of `came` months that have begun something was said. There are so many `numbers`, which add up to `known`, and so
    many `small` ones among them. The year itself has a `standing` and a `value` unless nothing was said of it.
    `said` lists the numbers: `2024-01 17,2024-02 3`.
    """
    if value is None:
        # Where there is no number of the year from which to subtract others, small ones alone are hidden.
        own, hidden_months, hidden_known = _WITHOUT_NUMBER[standing], small, small_known or 0
    else:
        pairs = (number.split(" ") for number in said.split(",")) if said else ()
        months = {CountingPeriod(period): int(number) for period, number in pairs}
        whole = CountingPeriod(year)
        gone = hidden({whole: value, **months}, max(smallest, 1), suppressed)
        own = Total(suppressed=1) if whole in gone else Total(known=value, numbers=1)
        hidden_months = len(gone - {whole})
        hidden_known = sum(months[month] for month in gone - {whole})
    of_months = Total(
        known=(known or 0) - hidden_known,
        numbers=numbers - hidden_months,
        unknown=unknown,
        not_counted=not_counted,
        suppressed=suppressed + hidden_months,
    )
    return whole_year(own, of_months, begun - came)
