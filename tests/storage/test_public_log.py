"""The public part of the change log on both engines: in the order of commits, and with nothing else in between."""

from __future__ import annotations

from builders import Clock

from servicedir.domain.history import ChangeKind, Kind
from servicedir.storage.database import Database
from servicedir.storage.public_log import PublicLog
from servicedir.storage.revisions import Revisions

SAID = {"author": "anna", "reason": "geheim"}


def happen(database: Database, clock: Clock) -> None:
    """Publish two entries and an office, with drafts before, between and behind."""
    with database.begin(write=True) as session:
        revisions = Revisions(session, clock)
        revisions.append(Kind.SERVICE, "entwurf", {}, based_on=None, **SAID)
        revisions.append(Kind.SERVICE, "eins", {}, based_on=None, publish=True, **SAID)
        revisions.append(Kind.OFFICE, "amt", {}, based_on=None, publish=True, **SAID)
        revisions.append(Kind.SERVICE, "eins", {}, based_on=1, **SAID)
        revisions.append(Kind.SERVICE, "zwei", {}, based_on=None, publish=True, **SAID)
        revisions.rename(Kind.SERVICE, "zwei", "drei", **SAID)
        revisions.rename(Kind.SERVICE, "entwurf", "entwurf-neu", **SAID)
        revisions.move(Kind.SERVICE, "drei", "retire", based_on=1, **SAID)
        revisions.move(Kind.SERVICE, "drei", "revive", based_on=1, **SAID)


def test_each_public_change_has_its_place_among_those_of_its_kind(database: Database, clock: Clock) -> None:
    happen(database, clock)
    with database.begin() as session:
        log = PublicLog(session)
        found = log.read(Kind.SERVICE, 0, 100)
        assert [(change.slug, change.change) for change in found] == [
            ("eins", ChangeKind.PUBLISHED),
            ("zwei", ChangeKind.PUBLISHED),
            ("zwei", ChangeKind.RENAMED),
            ("drei", ChangeKind.CHANGED),
            ("drei", ChangeKind.RETIRED),
        ]
        assert [change.slug for change in log.read(Kind.OFFICE, 0, 100)] == ["amt"]
        for place in range(7):
            assert log.read(Kind.SERVICE, place, 2) == found[place : place + 2]


def test_who_did_it_and_why_is_not_even_read(database: Database, clock: Clock) -> None:
    happen(database, clock)
    with database.begin() as session:
        for change in PublicLog(session).read(Kind.SERVICE, 0, 100):
            assert (change.author, change.reason) == ("", "")


def test_a_place_that_no_history_ever_had_is_empty(database: Database) -> None:
    with database.begin() as session:
        assert PublicLog(session).read(Kind.SERVICE, 0, 10) == []
        assert PublicLog(session).read(Kind.SERVICE, 10**15, 10) == []
