"""Forgetting: what is over goes, what still holds stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from builders import Clock
from houses import CHEAP, PASSWORD
from sqlalchemy import insert, select

from servicedir.domain.history import Kind
from servicedir.storage.database import Database
from servicedir.storage.people import People
from servicedir.storage.retention import Retention
from servicedir.storage.revisions import Revisions
from servicedir.storage.tables import batches, metadata, preview_entries, previews

DAY = timedelta(days=1)


def left(database: Database, table: str) -> int:
    with database.begin() as session:
        return len(session.execute(select(metadata.tables[table])).all())


def forget(database: Database, clock: Clock, act: Callable[[Retention], int]) -> int:
    with database.begin(write=True) as session:
        return act(Retention(session, clock))


@pytest.fixture
def sign_in(database: Database, clock: Clock) -> Callable[[], None]:
    """Makes what accounts leave behind: a session, a link for a password, and a failed attempt."""
    with database.begin(write=True) as session:
        People(session, clock, CHEAP).add("anna", "Anna", PASSWORD)

    def sign_in() -> None:
        with database.begin(write=True) as session:
            people = People(session, clock, CHEAP)
            people.open_session("anna")
            people.invitations.make("anna", timedelta(hours=2), only=False)
            people.record_failure("login anna")

    return sign_in


@pytest.mark.parametrize(
    ("table", "lives"), [("sessions", People.IDLE), ("invitations", timedelta(hours=2)), ("attempts", DAY)]
)
def test_what_has_ended_by_itself_is_deleted(
    database: Database, clock: Clock, sign_in: Callable[[], None], table: str, lives: timedelta
) -> None:
    sign_in()
    clock.now += lives - timedelta(seconds=1)
    assert forget(database, clock, lambda retention: getattr(retention, table)()) == 0
    clock.now += timedelta(seconds=1)
    assert forget(database, clock, lambda retention: getattr(retention, table)()) == 1
    assert left(database, table) == 0


def test_a_session_that_is_used_ends_in_the_end_all_the_same(
    database: Database, clock: Clock, sign_in: Callable[[], None]
) -> None:
    sign_in()
    with database.begin(write=True) as session:
        sessions = metadata.tables["sessions"]
        session.execute(sessions.update().values(seen=clock.now + People.ABSOLUTE))
    clock.now += People.ABSOLUTE
    assert forget(database, clock, Retention.sessions) == 1


def test_what_would_undo_work_that_was_done_before_a_moment_is_deleted(database: Database, clock: Clock) -> None:
    with database.begin(write=True) as session:
        for made in (clock.now - DAY, clock.now):
            session.execute(insert(batches).values(author="rita", made=made, action="assign", detail=[]))
    assert forget(database, clock, lambda retention: retention.batches(clock.now)) == 1
    assert left(database, "batches") == 1


def test_previews_go_with_what_they_show_once_nobody_can_open_them(database: Database, clock: Clock) -> None:
    with database.begin(write=True) as session:
        revisions = Revisions(session, clock)
        revisions.append(Kind.SERVICE, "ausweis", {"slug": "ausweis"}, based_on=None, author="rita", reason="")
        entry = revisions.entry_id(Kind.SERVICE, "ausweis")
        for expires, revoked in ((-DAY, None), (DAY, -DAY), (DAY, None), (timedelta(0), None)):
            values = {"label": "", "author": "rita", "made": clock.now, "expires": clock.now + expires}
            values |= {"revoked": clock.now + revoked if revoked else None}
            number = session.scalar(insert(previews).values(values).returning(previews.c.id))
            session.execute(insert(preview_entries).values(preview_id=number, entry_id=entry))
    assert forget(database, clock, lambda retention: retention.previews(clock.now)) == 2
    assert (left(database, "previews"), left(database, "preview_entries")) == (2, 2)
