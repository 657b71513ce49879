"""What is stored beside an entry's content: on which day it was found correct, by whom, and who answers for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from builders import Clock, a_service

from servicedir.domain.document import to_document
from servicedir.domain.history import ChangeKind, Kind, NotFound
from servicedir.storage.database import Database
from servicedir.storage.revisions import Revisions
from servicedir.storage.upkeep import Upkeep

SERVICE = Kind.SERVICE
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


class Notes:
    """Writes and reads beside two live entries, each call in a transaction of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        with database.begin(write=True) as session:
            for slug in ("eins", "zwei"):
                document = to_document(a_service(slug))
                Revisions(session, clock).append(
                    SERVICE, slug, document, based_on=None, author="anna", reason="", publish=True
                )

    def do(self, act: Callable[[Upkeep], Any]) -> Any:
        with self.database.begin(write=True) as session:
            return act(Upkeep(session, self.clock))

    def verify(self, slug: str, channel: str, day: date, author: str = "anna") -> None:
        self.do(lambda u: u.verify(SERVICE, slug, channel, day, author=author))

    def log(self, slug: str) -> list[tuple[ChangeKind, str, str]]:
        with self.database.begin() as session:
            return [(c.change, c.author, c.reason) for c in Revisions(session).log(SERVICE, slug)]


@pytest.fixture
def notes(database: Database, clock: Clock) -> Notes:
    return Notes(database, clock)


def test_the_last_day_counts_for_the_whole_and_for_each_channel(notes: Notes) -> None:
    notes.verify("eins", "", TUESDAY)
    notes.verify("eins", "", MONDAY)
    notes.verify("eins", "video", MONDAY, "rita")
    notes.verify("zwei", "phone", TUESDAY)
    days = {"eins": {"": TUESDAY, "video": MONDAY}, "zwei": {"phone": TUESDAY}}
    assert notes.do(lambda u: u.verified(SERVICE)) == days
    assert notes.do(lambda u: u.verified(SERVICE, "eins")) == {"eins": days["eins"]}
    said = notes.do(lambda u: u.verifications(SERVICE, "eins"))
    assert [(v.channel, v.day, v.author) for v in said] == [
        ("", TUESDAY, "anna"),
        ("", MONDAY, "anna"),
        ("video", MONDAY, "rita"),
    ]


def test_the_directory_did_not_know_before_it_was_told(notes: Notes) -> None:
    before = notes.clock.now
    notes.clock.now += timedelta(hours=1)
    notes.verify("eins", "", MONDAY)
    assert notes.do(lambda u: u.verified(SERVICE, recorded=before)) == {}
    assert notes.do(lambda u: u.verified(SERVICE, recorded=notes.clock.now)) == {"eins": {"": MONDAY}}


def test_a_confirmation_is_told_in_the_change_log_and_leaves_the_entry_as_it_is(notes: Notes) -> None:
    notes.verify("eins", "video", MONDAY, "rita")
    assert notes.log("eins")[1:] == [(ChangeKind.VERIFIED, "rita", "video")]
    with notes.database.begin() as session:
        entry = Revisions(session).get(SERVICE, "eins")
    assert (entry.live, entry.latest.number) == (1, 1)


def test_who_answers_for_an_entry_is_kept_and_taken_back(notes: Notes) -> None:
    def entry() -> tuple[str, int | None]:
        with notes.database.begin() as session:
            found = Revisions(session).get(SERVICE, "eins")
        return found.responsible, found.review_months

    assert entry() == ("", None)
    notes.do(lambda u: u.assign(SERVICE, "eins", responsible="anna", review_months=6))
    assert entry() == ("anna", 6)
    notes.do(lambda u: u.assign(SERVICE, "eins", responsible="", review_months=None))
    assert entry() == ("", None)
    assert notes.log("eins")[1:] == []


@pytest.mark.parametrize(
    "act",
    [
        lambda u: u.verify(SERVICE, "nie", "", MONDAY, author="anna"),
        lambda u: u.assign(SERVICE, "nie", responsible="", review_months=None),
        lambda u: u.cancel(SERVICE, "nie", "publish"),
    ],
)
def test_nothing_is_noted_about_what_there_is_not(notes: Notes, act: Callable[[Upkeep], Any]) -> None:
    with pytest.raises(NotFound):
        notes.do(act)
    assert notes.do(lambda u: u.verified(SERVICE)) == {}
