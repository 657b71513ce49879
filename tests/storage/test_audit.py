"""The audit log: found by who, what, on what and when; gone when it is old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from builders import Clock

from servicedir.storage.audit import AuditLog, Wanted
from servicedir.storage.database import Database

HOUR = timedelta(hours=1)


@pytest.fixture
def log(database: Database, clock: Clock) -> Iterator[AuditLog]:
    """Five lines, an hour apart."""
    with database.begin(write=True) as session:
        log = AuditLog(session, clock)
        for actor, action, object in (
            ("anna", "save", "service/x"),
            ("anna", "publish", "service/x_y"),
            ("ben", "save", "service/xzy"),
            ("", "sign in refused", "account"),
            ("ben", "role add", "account/anna"),
        ):
            log.write(actor, action, object, {"role": "editor"} if action == "role add" else None)
            clock.now += HOUR
        yield log


def found(log: AuditLog, wanted: Wanted) -> list[int]:
    """Which of the lines, counted from 1, oldest first."""
    first = min(line.number for line in log.lines(Wanted()))
    return sorted(line.number - first + 1 for line in log.lines(wanted))


def test_a_line_is_found_by_what_it_says(log: AuditLog, clock: Clock) -> None:
    began = clock() - 5 * HOUR
    assert found(log, Wanted()) == [1, 2, 3, 4, 5]
    assert found(log, Wanted(actor="anna")) == [1, 2]
    assert found(log, Wanted(action="save")) == [1, 3]
    assert found(log, Wanted(actor="ben", action="save")) == [3]
    assert found(log, Wanted(object="account")) == [4, 5]
    assert found(log, Wanted(object="x_y")) == [2]
    assert found(log, Wanted(object="%")) == []
    assert found(log, Wanted(since=began + HOUR, until=began + 3 * HOUR)) == [2, 3]


def test_a_page_of_what_is_wanted_begins_where_the_last_one_ended(log: AuditLog) -> None:
    wanted = Wanted(object="service")
    newest = log.lines(wanted, limit=2)
    assert [line.object for line in newest] == ["service/xzy", "service/x_y"]
    assert [line.object for line in log.lines(wanted, before=newest[-1].number, limit=2)] == ["service/x"]


def test_every_word_for_an_action_is_offered_once(log: AuditLog) -> None:
    assert log.actions() == ["publish", "role add", "save", "sign in refused"]


def test_old_lines_are_forgotten_and_new_ones_kept(log: AuditLog, clock: Clock) -> None:
    assert log.forget(clock() - 3 * HOUR) == 2
    assert [line.actor for line in log.lines(Wanted())] == ["ben", "", "ben"]
    assert log.forget(clock() - 3 * HOUR) == 0
