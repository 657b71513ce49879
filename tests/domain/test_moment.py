"""Times that a person names: once, twice a year, and never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.moment import city_moment

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        ("2026-07-01T09:00", "2026-07-01T07:00Z"),
        ("2026-12-01T09:00", "2026-12-01T08:00Z"),
        ("2026-10-25T01:59", "2026-10-24T23:59Z"),
        # 02:30 comes twice in this night, in summer time and an hour later.
        ("2026-10-25T02:30", "2026-10-25T00:30Z"),
        ("2026-10-25T03:00", "2026-10-25T02:00Z"),
        ("2027-03-28T01:59", "2027-03-28T00:59Z"),
        ("2027-03-28T03:00", "2027-03-28T01:00Z"),
    ],
)
def test_a_time_in_the_city_is_a_moment(local: str, moment: str) -> None:
    assert city_moment(datetime.fromisoformat(local), BERLIN) == datetime.fromisoformat(moment)


def test_the_first_of_two_moments_is_meant_whatever_the_fold_says() -> None:
    local = datetime(2026, 10, 25, 2, 30)
    assert city_moment(local.replace(fold=1), BERLIN) == city_moment(local, BERLIN)


@pytest.mark.parametrize("local", ["2027-03-28T02:00", "2027-03-28T02:30", "2027-03-28T02:59:59"])
def test_a_time_that_no_clock_shows_is_refused(local: str) -> None:
    with pytest.raises(ValueError, match="no clock"):
        city_moment(datetime.fromisoformat(local), BERLIN)


def test_a_time_that_says_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="already"):
        city_moment(datetime(2026, 7, 1, tzinfo=UTC), BERLIN)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_every_moment_is_found_by_what_clocks_show_then(moment: datetime) -> None:
    shown = moment.astimezone(BERLIN)
    # In the hour that comes twice, the later moment cannot be named; the earlier one is meant.
    assert city_moment(shown.replace(tzinfo=None), BERLIN) == moment - timedelta(hours=shown.fold)
