"""Planned steps as they are stored: claimed by one of those who want to take them at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from builders import Clock

from servicedir.domain.history import Kind, NotFound, Scheduled
from servicedir.storage.database import Database
from servicedir.storage.revisions import Revisions
from servicedir.storage.upkeep import Upkeep

HOUR = timedelta(hours=1)


@pytest.fixture
def planned(database: Database, clock: Clock) -> Scheduled:
    """A step that is planned for one entry, whose moment is an hour from now."""
    with database.begin(write=True) as session:
        document = {"slug": "ausweis"}
        Revisions(session, clock).append(
            Kind.SERVICE, "ausweis", document, based_on=None, author="rita", reason="", publish=True
        )
    return plan(database, clock, HOUR)


def plan(database: Database, clock: Clock, after: timedelta, revision: int = 1) -> Scheduled:
    with database.begin(write=True) as session:
        upkeep = Upkeep(session, clock)
        upkeep.plan(
            Kind.SERVICE, "ausweis", "retire", clock.now + after, revision=revision, author="rita", reason="Ende"
        )
        (planned,) = upkeep.planned(Kind.SERVICE, "ausweis")
        return planned


def claim(database: Database, planned: Scheduled) -> bool:
    with database.begin(write=True) as session:
        return Upkeep(session).claim(planned)


def test_a_step_is_claimed_by_one_of_many(database: Database, planned: Scheduled) -> None:
    start = Barrier(4)

    def try_it(_: int) -> bool:
        start.wait()
        return claim(database, planned)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(try_it, range(4))) == [False, False, False, True]


def test_a_claim_that_is_rolled_back_leaves_the_step_planned(database: Database, planned: Scheduled) -> None:
    with pytest.raises(ZeroDivisionError), database.begin(write=True) as session:
        assert Upkeep(session).claim(planned)
        raise ZeroDivisionError
    assert claim(database, planned)


@pytest.mark.parametrize(("after", "revision"), [(2 * HOUR, 1), (HOUR, 2)])
def test_a_step_that_was_planned_anew_is_not_claimed_by_who_saw_the_old_plan(
    database: Database, clock: Clock, planned: Scheduled, after: timedelta, revision: int
) -> None:
    again = plan(database, clock, after, revision)
    assert not claim(database, planned)
    assert claim(database, again)


def test_a_step_is_due_from_its_moment_on(database: Database, clock: Clock, planned: Scheduled) -> None:
    with database.begin() as session:
        upkeep = Upkeep(session, clock)
        assert upkeep.due(planned.at - timedelta(seconds=1)) == []
        assert upkeep.due(planned.at) == [planned]


def test_a_step_of_an_entry_that_is_not_there_cannot_be_claimed(database: Database) -> None:
    nowhere = Scheduled(
        kind=Kind.SERVICE, slug="nichts", step="retire", at=Clock().now, revision=1, author="rita", reason=""
    )
    with pytest.raises(NotFound):
        claim(database, nowhere)
