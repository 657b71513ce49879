"""Since when an entry fits what somebody follows: by what was public, and by the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from builders import a_channel, a_period, a_service
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.news import BEFORE_ALL, beginning, fits, fitting_since, turning_days
from servicedir.domain.query import Query
from servicedir.domain.service import ChannelKind, Period, Service, Stage

CITY = ZoneInfo("Europe/Berlin")
LIVE = fits(Query(video=(Stage.LIVE,)))
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def by_video(*periods: Period) -> Service:
    return a_service(channels=(a_channel(ChannelKind.VIDEO, *periods),))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def since(*shown: tuple[str, Service | None]) -> datetime:
    return fitting_since([(at(moment), service) for moment, service in shown], LIVE, NOW, CITY)


def test_what_was_announced_before_fits_since_its_day_has_come() -> None:
    announced = by_video(a_period("live", "2026-07-01"))
    assert since(("2026-06-15T08:00", announced)) == at("2026-06-30T22:00")


def test_what_was_said_late_fits_since_it_was_said() -> None:
    late = by_video(a_period("live", "2026-07-01"))
    earlier = by_video(a_period("planned", "2026-01"))
    assert since(("2026-11-20T08:00", late), ("2026-01-02T08:00", earlier)) == at("2026-11-20T08:00")


def test_another_change_of_what_fits_does_not_make_it_new() -> None:
    before = by_video(a_period("live", "2026-07-01"))
    after = by_video(a_period("live", "2026-07-01", slots_per_week=5))
    assert since(("2026-11-20T08:00", after), ("2026-06-15T08:00", before)) == at("2026-06-30T22:00")


def test_another_stage_that_fits_as_well_does_not_either() -> None:
    fit = fits(Query(video=(Stage.LIVE, Stage.PILOT)))
    both = by_video(a_period("pilot", "2025", until="2026-06"), a_period("live", "2026-07-01"))
    assert fitting_since([(at("2024-01-01"), both)], fit, NOW, CITY) == at("2024-12-31T23:00")
    assert since(("2024-01-01T00:00", both)) == at("2026-06-30T22:00")


def test_what_paused_fits_since_it_went_on() -> None:
    periods = (a_period("live", "2024", until="2025"), a_period("paused", "2026-01", until="2026-03"))
    service = by_video(*periods, a_period("live", "2026-04-01"))
    assert since(("2024-01-01T00:00", service)) == at("2026-03-31T22:00")


def test_what_was_retired_and_came_back_fits_since_it_came_back() -> None:
    service = by_video(a_period("live", "2024"))
    shown = [("2026-10-01T00:00", service), ("2026-09-01T00:00", None), ("2024-02-01T00:00", service)]
    assert since(*shown) == at("2026-10-01T00:00")


def test_what_always_fitted_fits_since_it_was_first_published() -> None:
    fit = fits(Query(video=(Stage.UNKNOWN,)))
    service = a_service(channels=())
    shown = [(at("2026-10-01"), service), (at("2024-02-01"), service)]
    assert fitting_since(shown, fit, NOW, CITY) == at("2024-02-01")


def test_what_does_not_fit_now_has_not_fitted_at_all() -> None:
    assert since(("2026-01-01T00:00", by_video(a_period("planned", "2024")))) == NOW


def test_a_way_of_access_fits_while_it_can_be_used() -> None:
    fit = fits(Query(channel=(ChannelKind.PHONE, ChannelKind.VIDEO)))
    service = a_service(channels=(a_channel("phone", a_period("pilot", "2026-02-01")),))
    assert fit(service, date(2026, 2, 1))
    assert not fit(service, date(2026, 1, 31))


def test_a_day_begins_at_midnight_in_the_city_and_one_before_all_clocks_is_before_all() -> None:
    assert beginning(date(2026, 7, 1), CITY) == at("2026-06-30T22:00")
    assert beginning(date.min, CITY) == BEFORE_ALL


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.lists(st.tuples(days, st.sampled_from(Stage)), max_size=5), days)
def test_on_every_day_since_then_it_fitted_and_on_the_one_before_it_did_not(
    steps: list[tuple[date, Stage]], today: date
) -> None:
    starts = sorted(dict(steps).items())
    ends = [starts[n + 1][0] if n + 1 < len(starts) else None for n in range(len(starts))]
    periods = [
        a_period(stage, day.isoformat(), until=date.fromordinal(end.toordinal() - 1).isoformat() if end else None)
        for (day, stage), end in zip(starts, ends, strict=True)
    ]
    service = a_service(channels=(a_channel(ChannelKind.VIDEO, *periods),) if periods else ())
    now = beginning(today, CITY)
    found = fitting_since([(BEFORE_ALL, service)], LIVE, now, CITY)
    if not LIVE(service, today):
        assert found == now
        return
    first = found.astimezone(CITY).date()
    assert all(LIVE(service, date.fromordinal(day)) for day in range(first.toordinal(), today.toordinal() + 1))
    assert not LIVE(service, date.fromordinal(first.toordinal() - 1))
    assert first in turning_days(service)


@pytest.mark.parametrize("stage", Stage)
def test_a_query_without_channels_is_fitted_by_everything(stage: Stage) -> None:
    assert fits(Query(q="x"))(by_video(a_period(stage, "2024")), NOW.date())
