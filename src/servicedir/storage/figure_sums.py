"""What was counted in whole years, added up by the database: a report over all services is then a matter of seconds.

The rules are those of `domain.figures`. A year in which a number is small needs its single numbers, which come with
its sums as one text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, String, and_, case, func, select
from sqlalchemy.orm import Session

from servicedir.domain.figures import CountingPeriod, Measure, Standing, Total, hidden, whole_year
from servicedir.domain.service import ChannelKind
from servicedir.storage.outside import figures
from servicedir.storage.tables import entries

Sums: TypeAlias = dict[tuple[str, ChannelKind, Measure, str], Total]
"""By service (its slug), channel, measure and year (`2024`)."""

_KEY = (figures.c.entry_id, figures.c.channel, figures.c.measure, figures.c.period)
_year = func.substr(figures.c.period, 1, 4)
# The same few words stand in tens of thousands of sums.
_CHANNELS = {kind.value: kind for kind in ChannelKind}
_MEASURES = {measure.value: measure for measure in Measure}
_period = cache(CountingPeriod)


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
    found: Sums = {}
    begun = cache(lambda year: sum(month.first <= today for month in CountingPeriod(year).months()))
    rows = session.execute(_added_up(conditions, today, smallest).execution_options(yield_per=1000))
    for (entry, channel, measure, year), parts in groupby(rows, itemgetter(0, 1, 2, 3)):
        key = slugs[entry], _CHANNELS[channel], _MEASURES[measure], year
        found[key] = _total([row[4:] for row in parts], begun(year), smallest)
    return found


def _added_up(conditions: Sequence[ColumnElement[bool]], today: date, smallest: int) -> Select[Any]:
    """Select, in the order of their keys, rows of what in a year has the same standing, the year itself and months."""
    # All rows of the table are read in the order in which they lie there, and not in that of an index, row by row:
    # that is what the addition is for.
    entry = (figures.c.entry_id + 0).label("entry")
    key = (entry, figures.c.channel, figures.c.measure, _year.label("year"))
    of_year = (func.length(figures.c.period) == 4).label("of_year")
    number = case((figures.c.value.is_not(None), figures.c.period + " " + figures.c.value.cast(String)))
    columns = (
        func.count().label("count"),
        func.sum(case((figures.c.period <= f"{today:%Y-%m}", 1), else_=0)).label("begun"),
        func.sum(figures.c.value).label("known"),
        func.sum(case((and_(figures.c.value > 0, figures.c.value < smallest), 1), else_=0)).label("small"),
        func.aggregate_strings(number, ",").label("said"),
    )
    query = select(*key, of_year, figures.c.standing, *columns)
    query = query.where(figures.c.released, figures.c.number.not_in(_overtaken(conditions)), *conditions)
    return query.group_by(*key, of_year, figures.c.standing).order_by(*key)


def _overtaken(conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Select the numbers of rows that were corrected: those that are not the last ones of their keys."""
    again = select(*_KEY, func.max(figures.c.number).label("last")).where(*conditions).group_by(*_KEY)
    keys = again.having(func.count() > 1).subquery()
    same = and_(*(keys.c[column.name] == column for column in _KEY))
    return select(figures.c.number).join(keys, and_(same, figures.c.number < keys.c.last))


def _total(parts: Sequence[tuple[Any, ...]], begun: int, smallest: int) -> Total:
    """Return what rows say of a year of which so many months have begun."""
    numbers: dict[CountingPeriod, int] = {}
    gone: set[CountingPeriod] = set()
    suppressed = sum(
        count for of_year, standing, count, *_rest in parts if standing == Standing.SUPPRESSED and not of_year
    )
    if suppressed or any(small for *_rest, small, _said in parts):
        said = (number.split(" ") for *_rest, text in parts if text for number in text.split(","))
        numbers = {_period(period): int(value) for period, value in said}
        gone = hidden(numbers, max(smallest, 1), suppressed)
    own, months = Total(), Total()
    for of_year, standing, count, came, known, _small, _said in parts:
        left = [numbers[period] for period in gone if period.is_year == of_year] if standing == Standing.NUMBER else []
        part = Total(
            known=(known or 0) - sum(left),
            numbers=count - len(left) if standing == Standing.NUMBER else 0,
            unknown=count if standing == Standing.UNKNOWN else 0,
            not_counted=count if standing == Standing.NOT_COUNTED else 0,
            suppressed=count if standing == Standing.SUPPRESSED else len(left),
        )
        if of_year:
            own = part
        else:
            months, begun = months + part, begun - came
    return whole_year(own, months, begun)
