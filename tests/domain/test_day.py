"""Days are as exact as their source: a year, a month or a day, and nothing that no calendar has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.day import Day, Precision


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2024", Precision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", Precision.MONTH, date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-12", Precision.MONTH, date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-05-17", Precision.DAY, date(2024, 5, 17), date(2024, 5, 17)),
        ("0001", Precision.YEAR, date.min, date(1, 12, 31)),
        ("9999", Precision.YEAR, date(9999, 1, 1), date.max),
    ],
)
def test_a_day_begins_and_ends_as_its_precision_says(text: str, precision: Precision, first: date, last: date) -> None:
    day = Day(text)
    assert (day.precision, day.first, day.last) == (precision, first, last)
    assert str(day) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "24",
        "2024-5",
        "2024-05-1",
        "2024-13",
        "2024-00",
        "2024-00-01",
        "2024-05-00",
        "2024-02-30",
        "2023-02-29",
        "0000",
        "2024-05-01T00:00",
        "2024-W18",
        "20240501",
        " 2024",
        "2024\n",
        "-2024",
        "٢٠٢٤",
        "gestern",
    ],
)
def test_what_no_calendar_has_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day"):
        Day(text)


@given(strategies.days)
def test_a_day_never_ends_before_it_begins(day: Day) -> None:
    assert day.first <= day.last


@given(strategies.dates, st.sampled_from((4, 7, 10)))
def test_a_day_holds_the_date_that_it_was_cut_from(on: date, length: int) -> None:
    day = Day(on.isoformat()[:length])
    assert day.first <= on <= day.last


@given(strategies.days.filter(lambda day: day.first > date.min))
def test_the_one_before_ends_on_the_eve_and_is_as_exact(day: Day) -> None:
    before = day.before()
    assert before.last == day.first - timedelta(days=1)
    assert before.precision is day.precision


def test_days_of_one_precision_are_in_the_order_of_time() -> None:
    assert sorted([Day("2024-10"), Day("2024-09"), Day("0999-12")]) == [Day("0999-12"), Day("2024-09"), Day("2024-10")]
