"""Citizens' hints in the database: put down, moved along by one person at a time, forgotten when their time is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from builders import Clock

from servicedir.domain.hint import Hint, HintState, Subject
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.workflow import State
from servicedir.storage.database import Database
from servicedir.storage.hints import Hints
from servicedir.storage.revisions import Revisions

TEXT = "Die Nummer stimmt nicht."
EVERY = frozenset(HintState)


@pytest.fixture(autouse=True)
def an_entry(database: Database, clock: Clock) -> None:
    """An entry on which there can be hints."""
    with database.begin(write=True) as session:
        document = {"slug": "ausweis", "title": {"de": "Ausweis"}}
        Revisions(session, clock).append(
            Kind.SERVICE, "ausweis", document, based_on=None, author="anna", reason="", publish=True
        )


def put(database: Database, clock: Clock, slug: str = "ausweis", text: str = TEXT, contact: str = "") -> int:
    with database.begin(write=True) as session:
        return Hints(session, clock).add(slug, subject=Subject.WRONG, text=text, contact=contact)


def move(database: Database, clock: Clock, number: int, was: str, to: str, **fields: Any) -> None:
    with database.begin(write=True) as session:
        given = {"remark": "", "by": "anna"} | fields
        Hints(session, clock).move(number, HintState(was), HintState(to), **given)


def every(database: Database, clock: Clock) -> list[Hint]:
    with database.begin() as session:
        return Hints(session, clock).all(EVERY)


def test_a_hint_is_kept_as_it_came(database: Database, clock: Clock) -> None:
    number = put(database, clock, contact="kim@example.org")
    (hint,) = every(database, clock)
    assert hint == Hint(
        id=number,
        slug="ausweis",
        subject=Subject.WRONG,
        text=TEXT,
        contact="kim@example.org",
        state=HintState.OPEN,
        at=clock.now,
    )


def test_a_hint_can_be_on_no_entry_but_not_on_one_that_is_not_there(database: Database, clock: Clock) -> None:
    put(database, clock, "")
    assert [hint.slug for hint in every(database, clock)] == [""]
    with pytest.raises(NotFound):
        put(database, clock, "fehlt")


def test_the_newest_comes_first_and_only_the_states_that_are_asked_for(database: Database, clock: Clock) -> None:
    for text in ("eins", "zwei", "drei"):
        put(database, clock, text=text)
        clock.now += timedelta(seconds=1)
    move(database, clock, 2, "open", "done")
    assert [hint.text for hint in every(database, clock)] == ["drei", "zwei", "eins"]
    with database.begin() as session:
        assert [hint.text for hint in Hints(session, clock).all({HintState.DONE})] == ["zwei"]
        assert Hints(session, clock).all(()) == []


def test_a_step_is_noted_with_who_and_why_and_when_it_was_over(database: Database, clock: Clock) -> None:
    number = put(database, clock)
    move(database, clock, number, "open", "in_progress", remark="Ich frage nach.", by="rita")
    with database.begin() as session:
        taken = Hints(session, clock).get(number)
    assert (taken.state, taken.remark, taken.closed_by, taken.closed) == (
        "in_progress",
        "Ich frage nach.",
        "rita",
        None,
    )
    move(database, clock, number, "in_progress", "done")
    assert every(database, clock)[0].closed == clock.now
    move(database, clock, number, "done", "open")
    assert every(database, clock)[0].closed is None


@pytest.mark.parametrize(("number", "was"), [(1, "done"), (1, "in_progress"), (2, "open")])
def test_a_step_from_where_a_hint_is_not_is_refused(database: Database, clock: Clock, number: int, was: str) -> None:
    put(database, clock)
    with pytest.raises(ValueError, match="is not"):
        move(database, clock, number, was, "spam")
    assert every(database, clock)[0].state is HintState.OPEN


def test_a_number_that_there_is_not_is_not_found(database: Database, clock: Clock) -> None:
    with database.begin() as session, pytest.raises(NotFound):
        Hints(session, clock).get(1)


@pytest.mark.parametrize(
    ("slug", "text", "contact", "since", "said"),
    [
        ("ausweis", TEXT, "", 60, True),
        ("", TEXT, "", 60, False),
        ("ausweis", TEXT + "!", "", 60, False),
        ("ausweis", TEXT, "kim@example.org", 60, False),
        ("ausweis", TEXT, "", 10, False),
    ],
)
def test_the_very_same_hint_is_known_for_a_while(
    database: Database, clock: Clock, slug: str, text: str, contact: str, since: int, said: bool
) -> None:
    put(database, clock)
    clock.now += timedelta(seconds=30)
    moment = clock.now - timedelta(seconds=since)
    with database.begin() as session:
        known = Hints(session, clock).was_said(slug, subject=Subject.WRONG, text=text, contact=contact, since=moment)
    assert known is said


def test_what_there_are_hints_on_is_told_under_its_slug_of_today(database: Database, clock: Clock) -> None:
    with database.begin() as session:
        assert Hints(session, clock).subjects() == {}
    put(database, clock)
    with database.begin(write=True) as session:
        Revisions(session, clock).rename(Kind.SERVICE, "ausweis", "personalausweis", author="anna", reason="")
    with database.begin() as session:
        state, document = Hints(session, clock).subjects()["personalausweis"]
    assert (state, document["slug"]) == (State.PUBLISHED, "personalausweis")
    assert every(database, clock)[0].slug == "personalausweis"


def test_what_is_old_is_forgotten_and_addresses_before_that(database: Database, clock: Clock) -> None:
    start = clock.now
    for text in ("alt", "zu", "offen"):
        put(database, clock, text=text, contact="kim@example.org")
        clock.now += timedelta(days=1)
    move(database, clock, 2, "open", "done")
    clock.now += timedelta(days=1)
    with database.begin(write=True) as session:
        gone = Hints(session, clock).forget(before=start + timedelta(hours=1), contacts_before=clock.now)
    assert gone == 2
    assert {hint.text: hint.contact for hint in every(database, clock)} == {"zu": "", "offen": "kim@example.org"}


def test_a_number_is_never_given_again(database: Database, clock: Clock) -> None:
    first = put(database, clock)
    with database.begin(write=True) as session:
        Hints(session, clock).forget(before=clock.now + timedelta(1), contacts_before=clock.now)
    assert put(database, clock) > first


def test_nothing_is_written_in_a_session_for_reading(database: Database, clock: Clock) -> None:
    with database.begin() as session:
        hints = Hints(session, clock)
        with pytest.raises(RuntimeError):
            hints.add("", subject=Subject.OTHER, text=TEXT, contact="")
        with pytest.raises(RuntimeError):
            hints.move(1, HintState.OPEN, HintState.DONE, remark="", by="anna")
        with pytest.raises(RuntimeError):
            hints.forget(before=clock.now, contacts_before=clock.now)
