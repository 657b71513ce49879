"""Sheets that are kept: found again with their rows, moved from state to state by one only, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import Clock

from servicedir.domain.history import Kind, NotFound
from servicedir.storage.database import Database
from servicedir.storage.imports import Imports
from servicedir.storage.revisions import Revisions

ROWS = {"columns": ["slug"], "unknown_columns": [], "rows": [[2, {"slug": "größe", "title": "„Ä“"}]]}


def keep(database: Database, clock: Clock, name: str = "liste.csv", author: str = "anna") -> int:
    with database.begin(write=True) as session:
        return Imports(session, clock).add(name, ROWS, total=1, state="planning", author=author)


def move(database: Database, clock: Clock, number: int, was: str, state: str, **values: object) -> bool:
    with database.begin(write=True) as session:
        return Imports(session, clock).move(number, {was}, state, **values)


def test_a_sheet_is_kept_with_its_rows(database: Database, clock: Clock) -> None:
    number = keep(database, clock)
    with database.begin() as session:
        kept = Imports(session).get(number)
        assert Imports(session).rows(number) == ROWS
    assert (kept.author, kept.name, kept.state, kept.done, kept.total) == ("anna", "liste.csv", "planning", 0, 1)
    assert kept.made == kept.touched == clock.now
    assert kept.outcome == {}


def test_what_is_not_there_is_not_found(database: Database) -> None:
    with database.begin() as session:
        for ask in (Imports(session).get, Imports(session).rows):
            with pytest.raises(NotFound):
                ask(1)


def test_each_sees_the_own_sheets_newest_first(database: Database, clock: Clock) -> None:
    for name, author in (("a", "anna"), ("b", "rita"), ("c", "anna")):
        keep(database, clock, name, author)
    with database.begin() as session:
        assert [kept.name for kept in Imports(session).latest("anna")] == ["c", "a"]
        assert [kept.name for kept in Imports(session).latest(limit=2)] == ["c", "b"]


def test_only_one_moves_a_sheet_on(database: Database, clock: Clock) -> None:
    number = keep(database, clock)
    clock.now += timedelta(minutes=1)
    assert move(database, clock, number, "planning", "planned", outcome={"mark": "x"})
    assert not move(database, clock, number, "planning", "planned", outcome={"mark": "y"})
    with database.begin() as session:
        kept = Imports(session).get(number)
    assert (kept.state, kept.outcome, kept.touched) == ("planned", {"mark": "x"}, clock.now)


def test_progress_is_a_sign_of_life(database: Database, clock: Clock) -> None:
    number = keep(database, clock)
    clock.now += timedelta(minutes=1)
    with database.begin(write=True) as session:
        Imports(session, clock).note(number, 1)
    with database.begin() as session:
        kept = Imports(session).get(number)
    assert (kept.done, kept.touched, kept.made) == (1, clock.now, clock.now - timedelta(minutes=1))


def test_old_sheets_are_forgotten_and_younger_ones_stay(database: Database, clock: Clock) -> None:
    keep(database, clock, "alt")
    clock.now += timedelta(days=31)
    keep(database, clock, "neu")
    with database.begin(write=True) as session:
        assert Imports(session, clock).forget(clock.now - timedelta(days=30)) == 1
        assert [kept.name for kept in Imports(session).latest()] == ["neu"]


# Many entries at once


def test_entries_are_read_by_their_slugs_however_many_are_asked_for(database: Database, clock: Clock) -> None:
    with database.begin(write=True) as session:
        revisions = Revisions(session, clock)
        for slug in ("a", "b", "c"):
            revisions.append(Kind.SERVICE, slug, {"slug": slug, "n": 1}, based_on=None, author="x", reason="")
        revisions.append(Kind.SERVICE, "b", {"slug": "b", "n": 2}, based_on=1, author="x", reason="")
        many = [f"nicht-{number}" for number in range(1200)]
        assert [entry.slug for entry in revisions.entries(Kind.SERVICE, [*many, "c", "b"])] == ["b", "c"]
        wanted = [("b", 1), ("b", 2), ("b", 3), ("c", 1), *((slug, 1) for slug in many)]
        found = revisions.documents(Kind.SERVICE, wanted)
        assert {key: document["n"] for key, document in found.items()} == {("b", 1): 1, ("b", 2): 2, ("c", 1): 1}


def test_a_draft_is_present_as_a_service_and_not_as_an_office(database: Database, clock: Clock) -> None:
    with database.begin(write=True) as session:
        revisions = Revisions(session, clock)
        for kind in (Kind.SERVICE, Kind.OFFICE):
            revisions.append(kind, "a", {"slug": "a"}, based_on=None, author="x", reason="")
            revisions.append(kind, "b", {"slug": "b"}, based_on=None, author="x", reason="", publish=True)
        assert revisions.present(Kind.SERVICE, ["a", "b", "c"]) == {"a", "b"}
        assert revisions.present(Kind.OFFICE, ["a", "b", "c"]) == {"b"}
