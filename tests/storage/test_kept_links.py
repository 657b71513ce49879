"""What was found at an address: the last look, since when it fails, and what is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import Clock

from servicedir.domain.link import Look
from servicedir.storage.database import Database
from servicedir.storage.links import Links

URL = "https://www.example.org/seite"


def note(database: Database, clock: Clock, fault: str = "", url: str = URL) -> Look:
    with database.begin(write=True) as session:
        links = Links(session, clock)
        links.note(url, fault)
        return links.all()[url]


def test_the_first_look_is_kept(database: Database, clock: Clock) -> None:
    assert note(database, clock) == Look(url=URL, checked=clock.now)
    other = note(database, clock, "404", URL + "/fehlt")
    assert other == Look(url=URL + "/fehlt", checked=clock.now, fault="404", failing_since=clock.now)


def test_what_goes_on_failing_fails_since_the_first_time(database: Database, clock: Clock) -> None:
    start = clock.now
    note(database, clock, "404")
    clock.now += timedelta(days=1)
    look = note(database, clock, "no_answer")
    assert (look.fault, look.failing_since, look.checked) == ("no_answer", start, clock.now)


def test_what_answers_again_fails_no_more_and_begins_anew(database: Database, clock: Clock) -> None:
    note(database, clock, "404")
    clock.now += timedelta(days=1)
    assert note(database, clock) == Look(url=URL, checked=clock.now)
    clock.now += timedelta(days=1)
    assert note(database, clock, "404").failing_since == clock.now


def test_only_what_fails_is_listed_as_failing(database: Database, clock: Clock) -> None:
    note(database, clock)
    note(database, clock, "404", "https://b.example.org/")
    note(database, clock, "410", "https://a.example.org/")
    with database.begin() as session:
        assert [look.url for look in Links(session, clock).failing()] == [
            "https://a.example.org/",
            "https://b.example.org/",
        ]


def test_old_looks_are_forgotten(database: Database, clock: Clock) -> None:
    note(database, clock)
    clock.now += timedelta(days=2)
    note(database, clock, url=URL + "/neu")
    with database.begin(write=True) as session:
        links = Links(session, clock)
        assert links.forget(clock.now - timedelta(days=1)) == 1
        assert list(links.all()) == [URL + "/neu"]


def test_nothing_is_noted_in_a_session_for_reading(database: Database, clock: Clock) -> None:
    with database.begin() as session:
        with pytest.raises(RuntimeError):
            Links(session, clock).note(URL, "")
        with pytest.raises(RuntimeError):
            Links(session, clock).forget(clock.now)
