"""Where an entry is found and what outsiders hear of it: renamed, retired, made live later, a draft given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders import Clock, a_service

from servicedir.domain.document import to_document
from servicedir.domain.history import ChangeKind, Entry, Gone, Kind, Moved, NotFound, SlugTaken
from servicedir.domain.workflow import State
from servicedir.storage.database import Database
from servicedir.storage.revisions import Revisions

SERVICE = Kind.SERVICE


class Desk:
    """Writes as an editor does, each call in a transaction of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    def do(self, act: Callable[[Revisions], Any]) -> Any:
        with self.database.begin(write=True) as session:
            return act(Revisions(session, self.clock))

    def append(self, slug: str, title: str, based_on: int | None, *, publish: bool = False) -> Entry:
        document = to_document(a_service(slug, title=title))
        return self.do(
            lambda r: r.append(SERVICE, slug, document, based_on=based_on, author="anna", reason="", publish=publish)
        )

    def move(self, slug: str, step: str, based_on: int, successor: str = "") -> Entry:
        return self.do(
            lambda r: r.move(SERVICE, slug, step, based_on=based_on, author="rita", reason="", successor=successor)
        )

    def rename(self, slug: str, new: str) -> Entry:
        return self.do(lambda r: r.rename(SERVICE, slug, new, author="rita", reason="klarer"))

    def show(self, slug: str, number: int) -> Entry:
        return self.do(lambda r: r.show(SERVICE, slug, number, author="rita", reason="geplant"))

    def why_missing(self, slug: str) -> NotFound:
        return self.do(lambda r: r.why_missing(SERVICE, slug))

    def title(self, slug: str) -> str:
        return self.do(lambda r: r.live(SERVICE, slug)).document["title"]["de"]

    def public(self) -> list[tuple[str, ChangeKind]]:
        return [(c.slug, c.change) for c in self.do(lambda r: r.changes(0, public=True))]


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock)


def test_a_renamed_entry_is_one_entry_under_another_slug(desk: Desk) -> None:
    desk.append("alt", "Titel", None, publish=True)
    renamed = desk.rename("alt", "neu")
    assert (renamed.slug, renamed.latest.number, renamed.live) == ("neu", 1, 1)
    assert renamed.latest.document["slug"] == "neu"
    assert desk.title("neu") == "Titel"
    why = desk.why_missing("alt")
    assert isinstance(why, Moved)
    assert why.slug == "neu"
    assert desk.public()[1:] == [("alt", ChangeKind.RENAMED), ("neu", ChangeKind.CHANGED)]


def test_every_former_slug_leads_to_where_the_entry_is_now(desk: Desk) -> None:
    desk.append("a", "Titel", None, publish=True)
    for old, new in (("a", "b"), ("b", "c"), ("c", "a"), ("a", "d")):
        desk.rename(old, new)
    for old in "abc":
        why = desk.why_missing(old)
        assert isinstance(why, Moved)
        assert why.slug == "d"


def test_nobody_else_gets_a_slug_that_an_entry_has_or_had(desk: Desk) -> None:
    desk.append("alt", "Titel", None, publish=True)
    desk.append("anders", "Anders", None)
    desk.rename("alt", "neu")
    with pytest.raises(SlugTaken):
        desk.append("alt", "Neuer Eintrag", None)
    for taken in ("alt", "neu"):
        with pytest.raises(SlugTaken):
            desk.rename("anders", taken)


def test_the_former_slug_of_a_draft_tells_outsiders_nothing(desk: Desk) -> None:
    desk.append("geheim", "Titel", None)
    desk.rename("geheim", "auch-geheim")
    assert desk.public() == []
    for slug in ("geheim", "auch-geheim"):
        assert type(desk.why_missing(slug)) is NotFound
    desk.move("auch-geheim", "publish", 1)
    assert isinstance(desk.why_missing("geheim"), Moved)


def test_what_was_known_before_a_renaming_is_read_under_the_new_slug(desk: Desk) -> None:
    desk.append("alt", "Titel", None, publish=True)
    before = desk.clock.now
    desk.clock.now = desk.clock.now.replace(hour=18)
    desk.rename("alt", "neu")
    assert desk.do(lambda r: r.live(SERVICE, "neu", before)).document["title"]["de"] == "Titel"
    with pytest.raises(NotFound):
        desk.do(lambda r: r.live(SERVICE, "alt", before))


def test_a_retired_entry_says_what_it_was_and_where_to_go(desk: Desk) -> None:
    desk.append("alt", "Öffentlicher Titel", None, publish=True)
    desk.append("alt", "Geheimer Entwurf", 1)
    desk.move("alt", "retire", 2, successor="anderes")
    why = desk.why_missing("alt")
    assert isinstance(why, Gone)
    assert why.document["title"]["de"] == "Öffentlicher Titel"
    assert why.successor == "anderes"


def test_a_retired_entry_that_is_taken_up_again_stays_gone_until_it_is_published(desk: Desk) -> None:
    desk.append("alt", "Titel", None, publish=True)
    desk.move("alt", "retire", 1)
    desk.move("alt", "revive", 1)
    assert isinstance(desk.why_missing("alt"), Gone)
    desk.move("alt", "publish", 1)
    assert desk.title("alt") == "Titel"


def test_a_draft_that_never_was_public_is_given_up_without_a_word_outside(desk: Desk) -> None:
    desk.append("entwurf", "Titel", None)
    assert desk.move("entwurf", "retire", 1).state is State.RETIRED
    assert desk.public() == []
    assert type(desk.why_missing("entwurf")) is NotFound


def test_a_discarded_draft_stays_in_the_history_and_what_is_live_stays_live(desk: Desk) -> None:
    desk.append("x", "öffentlich", None, publish=True)
    desk.append("x", "Entwurf", 1)
    entry = desk.move("x", "discard", 2)
    assert (entry.state, entry.live, entry.has_draft) == (State.PUBLISHED, 1, False)
    titles = [r.document["title"]["de"] for r in desk.do(lambda r: r.history(SERVICE, "x"))]
    assert titles == ["öffentlich", "Entwurf", "öffentlich"]
    assert desk.public() == [("x", ChangeKind.PUBLISHED)]


def test_an_approved_revision_goes_live_while_a_later_draft_stays_one(desk: Desk) -> None:
    desk.append("x", "eins", None, publish=True)
    desk.append("x", "zwei", 1)
    desk.append("x", "drei", 2)
    entry = desk.show("x", 2)
    assert (entry.state, entry.live, entry.latest.number, entry.has_draft) == (State.PRIVATE, 2, 3, True)
    assert desk.title("x") == "zwei"


@pytest.mark.parametrize(("number", "last_step"), [(1, None), (2, "publish"), (2, "retire")])
def test_what_has_been_overtaken_is_not_shown_any_more(desk: Desk, number: int, last_step: str | None) -> None:
    desk.append("x", "eins", None, publish=True)
    desk.append("x", "zwei", 1)
    desk.append("x", "drei", 2)
    if last_step:
        desk.move("x", last_step, 3)
    with pytest.raises(ValueError, match="overtaken"):
        desk.show("x", number)
