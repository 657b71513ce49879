"""How the offer grew: what is counted in one pass equals what one counts by hand on the last day of each month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.service import Stage
from servicedir.reports.rollout import Course, growth

FIRST, LAST = date(2022, 11, 1), date(2025, 3, 31)
DAYS = st.dates(FIRST, LAST)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """The stages of a service: each on a later day than the one before, and another one than that."""
    days = sorted(draw(st.sets(DAYS, max_size=4)))
    course: list[tuple[int, Stage]] = []
    before = Stage.UNKNOWN
    for day in days:
        stage = draw(st.sampled_from([stage for stage in Stage if stage is not before]))
        course.append((day.toordinal(), stage))
        before = stage
    return course


def stage_on(course: Course, day: date) -> Stage:
    """Where a service stands on a day, found by walking there day by day."""
    stage, told = Stage.UNKNOWN, dict(course)
    for ordinal in range(FIRST.toordinal(), day.toordinal() + 1):
        stage = told.get(ordinal, stage)
    return stage


@given(st.lists(courses(), max_size=6), DAYS)
def test_each_month_is_what_one_counts_by_hand_on_its_last_day(known: list[Course], on: date) -> None:
    found = growth(known, on)
    for place, day in enumerate(found.days):
        stages = [stage_on(course, day) for course in known]
        assert found.at(place) == {stage: stages.count(stage) for stage in Stage}


@given(st.lists(courses(), max_size=6), DAYS)
def test_every_month_adds_up_to_all_services(known: list[Course], on: date) -> None:
    found = growth(known, on)
    assert all(sum(found.at(place).values()) == len(known) for place in range(len(found.days)))


@given(st.lists(courses(), max_size=6), DAYS)
def test_the_months_follow_each_other_up_to_the_day(known: list[Course], on: date) -> None:
    days = growth(known, on).days
    begun = [course[0][0] for course in known if course]
    if not begun or min(begun) > on.toordinal():
        assert days == ()
        return
    first = date.fromordinal(min(begun))
    assert (days[0].year, days[0].month) == (first.year, first.month)
    assert days[-1] == on
    for day, following in pairwise(days):
        assert day.day == monthrange(day.year, day.month)[1]
        assert (day + timedelta(days=1)).replace(day=1) == following.replace(day=1)


@given(st.lists(courses(), max_size=6), DAYS, DAYS)
def test_an_earlier_day_shows_the_same_past(known: list[Course], one: date, other: date) -> None:
    early, late = sorted((one, other))
    before, after = growth(known, early), growth(known, late)
    for place, day in enumerate(before.days[:-1]):
        assert after.days[place] == day
        assert after.at(place) == before.at(place)


def test_a_stage_that_came_and_went_within_a_month_leaves_no_trace() -> None:
    course = [
        (date(2024, 5, 2).toordinal(), Stage.PLANNED),
        (date(2024, 5, 20).toordinal(), Stage.LIVE),
        (date(2024, 6, 10).toordinal(), Stage.UNKNOWN),
    ]
    found = growth([course], date(2024, 6, 30))
    assert found.counts[Stage.PLANNED] == (0, 0)
    assert found.counts[Stage.LIVE] == (1, 0)
    assert found.counts[Stage.UNKNOWN] == (0, 1)


def test_nothing_known_is_no_month_and_not_a_row_of_zeros() -> None:
    assert growth([[], []], date(2024, 6, 1)).days == ()
