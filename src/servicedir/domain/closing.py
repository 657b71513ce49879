"""Which periods are over, so that their figures can be expected, and of which services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from servicedir.domain.figures import CountingPeriod
from servicedir.domain.service import ChannelKind, Stage

YEARS_BACK = 2
"""Years before this one of which figures are still asked for: older ones hardly anybody can find out."""


def closed_periods(today: date, *, monthly: bool, grace: int) -> tuple[CountingPeriod, ...]:
    """Return the years, or months, that ended at least `grace` days before a day, the first one first."""
    first = today.year - YEARS_BACK
    years = [CountingPeriod(str(year)) for year in range(first, today.year + 1)]
    periods = [period for year in years for period in (year.months() if monthly else (year,))]
    return tuple(period for period in periods if period.last + timedelta(days=grace) < today)


def available_in(
    steps: Iterable[tuple[str, int, str]], periods: Iterable[CountingPeriod]
) -> tuple[CountingPeriod, ...]:
    """Return the periods in which a service could be had by video on a day at least.

    `steps` say from which day (its ordinal) on which channel is in which stage, the first one first.
    """
    video = [(day, Stage(stage)) for kind, day, stage in steps if kind == ChannelKind.VIDEO]
    if not video:
        return ()
    ends = [day for day, _stage in video[1:]] + [date.max.toordinal()]
    spans = [(first, end) for (first, stage), end in zip(video, ends, strict=True) if stage.available]
    if not spans:
        return ()
    days = [(period, *_ordinals(period)) for period in periods]
    return tuple(period for period, begin, last in days if any(first <= last and begin < end for first, end in spans))


@lru_cache(maxsize=128)
def _ordinals(period: CountingPeriod) -> tuple[int, int]:
    return period.first.toordinal(), period.last.toordinal()
