"""When an entry is to be looked at again, and who hears of it the longer nobody does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from servicedir.domain.review import Due, Level, due_day, months_after

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-15", 1, "2026-02-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-06-30", 60, "2031-06-30"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: str, months: int, later: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(later)


@pytest.mark.parametrize(
    ("recorded", "verified", "due"),
    [
        ("2026-01-10", [None], "2026-07-10"),
        ("2026-01-10", [date(2026, 3, 1)], "2026-09-01"),
        ("2026-04-10", [date(2026, 3, 1), None], "2026-10-10"),
        ("2026-01-10", [], "2026-07-10"),
    ],
)
def test_the_last_day_on_which_somebody_knew_counts(recorded: str, verified: list[date | None], due: str) -> None:
    assert due_day(date.fromisoformat(recorded), verified, 6) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("late", "level", "overdue"),
    [
        (-15, Level.NOBODY, False),
        (-14, Level.RESPONSIBLE, False),
        (0, Level.RESPONSIBLE, False),
        (1, Level.RESPONSIBLE, True),
        (28, Level.RESPONSIBLE, True),
        (29, Level.REVIEWERS, True),
        (56, Level.REVIEWERS, True),
        (57, Level.COORDINATORS, True),
    ],
)
def test_the_later_it_is_the_more_people_hear_of_it(late: int, level: Level, overdue: bool) -> None:
    due = Due(slug="ausweis", title="Ausweis", office="buergeramt", day=TODAY - timedelta(days=late))
    assert (due.level(TODAY), due.overdue(TODAY)) == (level, overdue)
