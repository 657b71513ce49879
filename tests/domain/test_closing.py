"""Periods that are over, and those in which a service could be had by video: compared with looking at every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders import a_channel, a_period
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.closing import YEARS_BACK, available_in, closed_periods
from servicedir.domain.figures import CountingPeriod
from servicedir.domain.service import Channel, ChannelKind, Stage

YEARS = (CountingPeriod("2023"), CountingPeriod("2024"))
MONTHS = tuple(month for year in YEARS for month in year.months())
today = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def steps_of(channel: Channel) -> list[tuple[str, int, str]]:
    """From which day on which stage holds, as the index keeps it."""
    days = sorted({p.first for p in channel.periods} | {p.last + timedelta(days=1) for p in channel.periods if p.until})
    return [(channel.kind.value, day.toordinal(), channel.period(day).stage.value) for day in days]


@pytest.mark.parametrize(
    ("on", "monthly", "grace", "last"),
    [
        (date(2026, 11, 23), False, 30, "2025"),
        (date(2026, 1, 30), False, 30, "2024"),
        (date(2026, 1, 31), False, 30, "2025"),
        (date(2026, 1, 1), False, 0, "2025"),
        (date(2026, 3, 30), True, 30, "2026-01"),
        (date(2026, 3, 31), True, 30, "2026-02"),
        (date(2026, 3, 1), True, 0, "2026-02"),
    ],
)
def test_a_period_is_closed_when_its_days_of_grace_are_over(on: date, monthly: bool, grace: int, last: str) -> None:
    closed = closed_periods(on, monthly=monthly, grace=grace)
    assert closed[-1].text == last
    assert list(closed) == sorted(closed)


@given(today, st.booleans(), st.integers(0, 365))
def test_what_is_closed_is_over_and_not_too_long_ago(on: date, monthly: bool, grace: int) -> None:
    for period in closed_periods(on, monthly=monthly, grace=grace):
        assert period.is_year is not monthly
        assert (on - period.last).days > grace
        assert on.year - period.first.year <= YEARS_BACK


@given(st.data())
def test_availability_is_what_looking_at_every_day_finds(data: st.DataObject) -> None:
    stages = data.draw(st.lists(st.sampled_from(Stage), max_size=4))
    starts = data.draw(
        st.lists(st.dates(date(2022, 6, 1), date(2025, 6, 1)), min_size=len(stages), max_size=len(stages), unique=True)
    )
    periods = [
        a_period(stage, day.isoformat(), reason="Darum.") for stage, day in zip(stages, sorted(starts), strict=True)
    ]
    channel = Channel(kind=ChannelKind.VIDEO, periods=tuple(periods)).closed()
    other = a_channel("phone", a_period("live", "2022"))
    found = available_in([*steps_of(other), *steps_of(channel)], MONTHS)
    days = (date(2023, 1, 1) + timedelta(days=n) for n in range(731))
    open_days = {f"{day:%Y-%m}" for day in days if channel.period(day).stage.available}
    assert {period.text for period in found} == open_days
    assert {period.text for period in available_in(steps_of(channel), YEARS)} == {day[:4] for day in open_days}
