"""Revisions: one contract for both engines, of what is kept, who wins, and what was seen when."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import Clock, a_service, an_office
from hypothesis import HealthCheck, given, settings
from strategies import services

from servicedir.domain.document import BadDocument, from_document, to_document
from servicedir.domain.history import ChangeKind, Conflict, Document, Entry, Kind, NotFound, SlugTaken
from servicedir.domain.service import Service
from servicedir.domain.workflow import State
from servicedir.storage.database import Database
from servicedir.storage.revisions import Revisions

SERVICE = Kind.SERVICE
MINUTE = timedelta(minutes=1)


def a_document(title: str = "Ausweis") -> Document:
    return to_document(a_service("ausweis", title=title))


class Desk:
    """Writes as an editor does: each call is one transaction, a minute after the last one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    def append(self, slug: str, title: str = "Ausweis", **how: Any) -> Entry:
        how = {"author": "anna", "reason": "weil", **how}
        return self._write(lambda revisions: revisions.append(SERVICE, slug, a_document(title), **how))

    def move(self, slug: str, name: str, based_on: int) -> Entry:
        return self._write(
            lambda revisions: revisions.move(SERVICE, slug, name, based_on=based_on, author="rita", reason="gut")
        )

    def read(self, question: Callable[[Revisions], Any]) -> Any:
        with self.database.begin() as session:
            return question(Revisions(session))

    def changes(self, *, public: bool = False) -> list[ChangeKind]:
        return [change.change for change in self.read(lambda revisions: revisions.changes(0, public=public))]

    def _write(self, act: Callable[[Revisions], Entry]) -> Entry:
        self.clock.now += MINUTE
        with self.database.begin(write=True) as session:
            return act(Revisions(session, self.clock))


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock)


def test_a_new_entry_is_private_and_nothing_of_it_is_live(desk: Desk) -> None:
    entry = desk.append("ausweis", based_on=None)
    assert (entry.state, entry.live, entry.latest.number) == (State.PRIVATE, None, 1)
    assert entry.latest.document == a_document()
    assert (entry.latest.author, entry.latest.reason) == ("anna", "weil")
    assert entry.latest.recorded == desk.clock()
    assert desk.changes() == [ChangeKind.SAVED]
    with pytest.raises(NotFound):
        desk.read(lambda revisions: revisions.live(SERVICE, "ausweis"))
    assert desk.read(lambda revisions: list(revisions.all_live(SERVICE))) == []


def test_what_is_returned_is_what_is_stored(desk: Desk) -> None:
    entry = desk.append("ausweis", based_on=None, publish=True)
    assert desk.read(lambda revisions: revisions.get(SERVICE, "ausweis")) == entry
    assert desk.read(lambda revisions: revisions.entries(SERVICE)) == [entry]
    assert desk.read(lambda revisions: revisions.live(SERVICE, "ausweis")) == entry.latest
    assert desk.read(lambda revisions: list(revisions.all_live(SERVICE))) == [("ausweis", entry.latest)]


def test_a_published_save_is_live_at_once(desk: Desk) -> None:
    entry = desk.append("ausweis", based_on=None, publish=True)
    assert (entry.state, entry.live) == (State.PUBLISHED, 1)
    entry = desk.append("ausweis", "neu", based_on=1, publish=True)
    assert (entry.state, entry.live) == (State.PUBLISHED, 2)
    assert desk.changes() == [ChangeKind.PUBLISHED, ChangeKind.CHANGED]


def test_a_draft_stands_beside_what_is_live(desk: Desk) -> None:
    desk.append("ausweis", "alt", based_on=None, publish=True)
    entry = desk.append("ausweis", "neu", based_on=1)
    assert (entry.state, entry.live, entry.latest.number, entry.has_draft) == (State.PRIVATE, 1, 2, True)
    assert desk.read(lambda revisions: revisions.live(SERVICE, "ausweis")).document == a_document("alt")
    assert [r.number for _, r in desk.read(lambda revisions: list(revisions.all_live(SERVICE)))] == [1]
    entry = desk.move("ausweis", "publish", based_on=2)
    assert (entry.state, entry.live, entry.has_draft) == (State.PUBLISHED, 2, False)
    assert desk.changes() == [ChangeKind.PUBLISHED, ChangeKind.SAVED, ChangeKind.CHANGED]
    assert desk.changes(public=True) == [ChangeKind.PUBLISHED, ChangeKind.CHANGED]


def test_saving_a_pending_entry_makes_a_draft_of_it_again(desk: Desk) -> None:
    desk.append("ausweis", based_on=None)
    desk.move("ausweis", "submit", based_on=1)
    assert desk.append("ausweis", "neu", based_on=1).state is State.PRIVATE


def test_an_entry_goes_its_way_through_the_states(desk: Desk) -> None:
    desk.append("ausweis", based_on=None)
    way = [("submit", State.PENDING, None), ("withdraw", State.PRIVATE, None), ("submit", State.PENDING, None)]
    way += [("reject", State.PRIVATE, None), ("submit", State.PENDING, None), ("publish", State.PUBLISHED, 1)]
    way += [("retire", State.RETIRED, None), ("revive", State.PRIVATE, None), ("publish", State.PUBLISHED, 1)]
    for name, state, live in way:
        entry = desk.move("ausweis", name, based_on=1)
        assert (entry.state, entry.live, entry.latest.number) == (state, live, 1)
    assert desk.changes() == [
        ChangeKind.SAVED,
        ChangeKind.SUBMITTED,
        ChangeKind.WITHDRAWN,
        ChangeKind.SUBMITTED,
        ChangeKind.REJECTED,
        ChangeKind.SUBMITTED,
        ChangeKind.PUBLISHED,
        ChangeKind.RETIRED,
        ChangeKind.REVIVED,
        ChangeKind.PUBLISHED,
    ]


def test_a_step_that_does_not_start_in_the_state_is_refused(desk: Desk) -> None:
    desk.append("ausweis", based_on=None)
    with pytest.raises(ValueError, match="withdraw does not start"):
        desk.move("ausweis", "withdraw", based_on=1)
    with pytest.raises(ValueError, match="discard does not start"):  # which is possible only beside something live
        desk.move("ausweis", "discard", based_on=1)
    with pytest.raises(ValueError, match="no transition 'fly'"):
        desk.move("ausweis", "fly", based_on=1)
    assert desk.changes() == [ChangeKind.SAVED]


def test_who_saves_second_learns_where_the_entry_stands(desk: Desk) -> None:
    desk.append("ausweis", "eins", based_on=None)
    desk.append("ausweis", "zwei", based_on=1)
    with pytest.raises(Conflict) as conflict:
        desk.append("ausweis", "drei", based_on=1)
    assert conflict.value.entry.latest.document == a_document("zwei")
    with pytest.raises(Conflict) as conflict:
        desk.move("ausweis", "publish", based_on=1)
    assert conflict.value.entry.latest.number == 2
    with pytest.raises(Conflict):
        desk.append("ausweis", based_on=3)
    assert len(desk.read(lambda revisions: revisions.history(SERVICE, "ausweis"))) == 2


def test_a_slug_is_taken_once_in_each_kind(desk: Desk) -> None:
    desk.append("ausweis", based_on=None)
    with desk.database.begin(write=True) as session:
        revisions = Revisions(session, desk.clock)
        office = to_document(an_office("ausweis"))
        revisions.append(Kind.OFFICE, "ausweis", office, based_on=None, author="anna", reason="")
        with pytest.raises(SlugTaken):
            revisions.append(SERVICE, "ausweis", a_document(), based_on=None, author="anna", reason="")
        # Whoever imports a list can go on with the next entry.
        revisions.append(SERVICE, "pass", a_document(), based_on=None, author="anna", reason="")
    assert [e.slug for e in desk.read(lambda revisions: revisions.entries(SERVICE))] == ["ausweis", "pass"]
    assert [e.slug for e in desk.read(lambda revisions: revisions.entries(Kind.OFFICE))] == ["ausweis"]


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    desk.append("ausweis", based_on=None)
    for question in (
        lambda revisions: revisions.get(SERVICE, "pass"),
        lambda revisions: revisions.get(Kind.OFFICE, "ausweis"),
        lambda revisions: revisions.live(SERVICE, "pass"),
        lambda revisions: revisions.live(SERVICE, "pass", recorded=datetime.now(UTC)),
        lambda revisions: revisions.history(SERVICE, "pass"),
        lambda revisions: revisions.revision(SERVICE, "ausweis", 2),
    ):
        with pytest.raises(NotFound):
            desk.read(question)
    with pytest.raises(NotFound):
        desk.append("pass", based_on=1)
    with pytest.raises(NotFound):
        desk.move("pass", "publish", based_on=1)


def test_history_tells_every_revision_oldest_first(desk: Desk) -> None:
    for number, title in enumerate(("eins", "zwei", "drei")):
        desk.append("ausweis", title, based_on=number or None, reason=title)
    history = desk.read(lambda revisions: revisions.history(SERVICE, "ausweis"))
    assert [(r.number, r.reason) for r in history] == [(1, "eins"), (2, "zwei"), (3, "drei")]
    assert desk.read(lambda revisions: revisions.revision(SERVICE, "ausweis", 2)) == history[1]


def test_what_was_live_at_any_moment_can_be_read(desk: Desk) -> None:
    clock = desk.clock
    # Each step, and the title that is live from then on.
    steps: list[tuple[Callable[[], Entry], str | None]] = [
        (lambda: desk.append("ausweis", "eins", based_on=None), None),
        (lambda: desk.move("ausweis", "publish", based_on=1), "eins"),
        (lambda: desk.append("ausweis", "zwei", based_on=1), "eins"),
        (lambda: desk.move("ausweis", "submit", based_on=2), "eins"),
        (lambda: desk.move("ausweis", "publish", based_on=2), "zwei"),
        (lambda: desk.append("ausweis", "drei", based_on=2, publish=True), "drei"),
        (lambda: desk.move("ausweis", "retire", based_on=3), None),
        (lambda: desk.move("ausweis", "revive", based_on=3), None),
        (lambda: desk.move("ausweis", "publish", based_on=3), "drei"),
    ]
    began, moments = clock(), []
    for step, title in steps:
        step()
        # At the very moment, and until just before the next one.
        moments += [(clock(), title), (clock() + MINUTE - timedelta(microseconds=1), title)]
    for recorded, title in [(began, None), *moments, (clock() + timedelta(days=400), "drei")]:
        everything = desk.read(lambda revisions, then=recorded: list(revisions.all_live(SERVICE, then)))
        if title is None:
            assert everything == []
            with pytest.raises(NotFound):
                desk.read(lambda revisions, then=recorded: revisions.live(SERVICE, "ausweis", then))
        else:
            live = desk.read(lambda revisions, then=recorded: revisions.live(SERVICE, "ausweis", then))
            assert live.document == a_document(title)
            assert everything == [("ausweis", live)]


def test_each_entry_has_its_own_past(desk: Desk) -> None:
    desk.append("a", based_on=None, publish=True)
    desk.append("b", based_on=None, publish=True)
    then = desk.clock()
    desk.append("c", based_on=None, publish=True)
    desk.append("a", "neu", based_on=1, publish=True)
    desk.move("b", "retire", based_on=1)
    now = desk.read(lambda revisions: [(slug, r.number) for slug, r in revisions.all_live(SERVICE)])
    assert now == [("a", 2), ("c", 1)]
    past = desk.read(lambda revisions: [(slug, r.number) for slug, r in revisions.all_live(SERVICE, then)])
    assert past == [("a", 1), ("b", 1)]


def test_time_never_runs_backwards_within_an_entry(desk: Desk) -> None:
    desk.append("ausweis", based_on=None)
    desk.clock.now -= timedelta(days=1)
    desk.append("ausweis", based_on=1)
    desk.move("ausweis", "publish", based_on=2)
    desk.append("anderer", based_on=None)
    history = desk.read(lambda revisions: revisions.history(SERVICE, "ausweis"))
    changes = desk.read(lambda revisions: revisions.changes(0, public=False))
    own = [change.at for change in changes if change.slug == "ausweis"]
    assert history[1].recorded - history[0].recorded == timedelta(microseconds=1)
    assert own == sorted(set(own))
    assert changes[-1].at == desk.clock()


def test_the_change_log_is_read_in_pieces(desk: Desk) -> None:
    assert desk.read(lambda revisions: revisions.last_change()) == 0
    for number in range(5):
        desk.append(f"s{number}", based_on=None, publish=number % 2 == 0)
    everything = desk.read(lambda revisions: revisions.changes(0, public=False))
    assert [change.slug for change in everything] == ["s0", "s1", "s2", "s3", "s4"]
    assert desk.read(lambda revisions: revisions.last_change()) == everything[-1].number
    piece = desk.read(lambda revisions: revisions.changes(everything[1].number, public=False, limit=2))
    assert piece == everything[2:4]
    assert desk.read(lambda revisions: revisions.changes(0, public=True)) == everything[::2]
    first = everything[0]
    assert (first.kind, first.change, first.revision) == (SERVICE, ChangeKind.PUBLISHED, 1)
    assert first.at == desk.clock() - 4 * MINUTE


def test_many_entries_are_streamed_in_order(desk: Desk) -> None:
    slugs = [f"s{number:04}" for number in range(1201)]
    with desk.database.begin(write=True) as session:
        revisions = Revisions(session)
        for slug in reversed(slugs):
            revisions.append(SERVICE, slug, a_document(), based_on=None, author="a", reason="", publish=True)
    assert desk.read(lambda revisions: [slug for slug, _ in revisions.all_live(SERVICE)]) == slugs


@pytest.mark.parametrize("bad", ["a\0b", "half \ud83d a face"])
def test_characters_that_one_engine_cannot_keep_are_refused_by_both(desk: Desk, bad: str) -> None:
    document = {"version": 1, "channels": [{"note": {"de": bad}}]}
    with pytest.raises(BadDocument) as fault, desk.database.begin(write=True) as session:
        Revisions(session).append(SERVICE, "x", document, based_on=None, author="anna", reason="")
    assert fault.value.path == "channels[0].note.de"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(service=services)
def test_whatever_a_service_says_comes_back_from_the_database(database: Database, service: Service) -> None:
    with database.begin(write=True) as session:
        revisions = Revisions(session)
        slug = f"s{revisions.last_change()}"
        revisions.append(SERVICE, slug, to_document(service), based_on=None, author="anna", reason="", publish=True)
    with database.begin() as session:
        assert from_document(Service, Revisions(session).live(SERVICE, slug).document) == replace(service, slug=slug)


def run(*acts: Callable[[], object]) -> list[object]:
    """Does these at the same moment, each in a thread; returns what each returned or raised."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def one(number: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[number] = act()
        except Exception as fault:
            results[number] = fault

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_who_save_at_once_just_one_wins(database: Database, desk: Desk) -> None:
    desk.append("ausweis", based_on=None)
    for number in range(1, 11):

        def save(name: str, number: int = number) -> Entry:
            with database.begin(write=True) as session:
                return Revisions(session).append(
                    SERVICE, "ausweis", a_document(name), based_on=number, author=name, reason=""
                )

        results = run(lambda save=save: save("anna"), lambda save=save: save("ben"))
        won = [result for result in results if isinstance(result, Entry)]
        lost = [result for result in results if isinstance(result, Conflict)]
        assert len(won) == len(lost) == 1, results
        assert lost[0].entry == won[0]
    history = desk.read(lambda revisions: revisions.history(SERVICE, "ausweis"))
    assert [r.number for r in history] == list(range(1, 12))


def test_of_two_who_take_a_slug_at_once_just_one_gets_it(database: Database) -> None:
    def take(slug: str) -> Entry:
        with database.begin(write=True) as session:
            return Revisions(session).append(SERVICE, slug, a_document(), based_on=None, author="anna", reason="")

    for number in range(5):
        results = run(*[lambda slug=f"s{number}": take(slug)] * 3)
        assert sorted(type(result).__name__ for result in results) == ["Entry", "SlugTaken", "SlugTaken"]


def test_of_two_reviewers_who_decide_at_once_just_one_does(database: Database, desk: Desk) -> None:
    desk.append("ausweis", based_on=None)
    desk.move("ausweis", "submit", based_on=1)

    def move(name: str) -> Entry:
        with database.begin(write=True) as session:
            return Revisions(session).move(SERVICE, "ausweis", name, based_on=1, author="rita", reason="")

    results = run(lambda: move("reject"), lambda: move("withdraw"))
    assert sorted(type(result).__name__ for result in results) == ["Entry", "ValueError"]


def test_change_numbers_become_visible_in_their_order(database: Database) -> None:
    writing = threading.Event()
    seen: list[list[int]] = []

    def write(name: str) -> None:
        for number in range(15):
            with database.begin(write=True) as session:
                revisions = Revisions(session)
                for part in range(2):
                    slug = f"{name}-{number}-{part}"
                    revisions.append(SERVICE, slug, a_document(), based_on=None, author=name, reason="")

    def watch() -> None:
        held = 0
        while not writing.is_set():
            with database.begin() as session:
                news = [change.number for change in Revisions(session).changes(held, public=False)]
            seen.append(news)
            held = news[-1] if news else held

    watcher = threading.Thread(target=watch)
    watcher.start()
    results = run(*[lambda name=name: write(name) for name in "abc"])
    writing.set()
    watcher.join()
    assert results == [None, None, None]
    with database.begin() as session:
        everything = [change.number for change in Revisions(session).changes(0, public=False)]
    assert len(everything) == 90
    assert everything == sorted(set(everything))
    # Whoever reads on from the last number that they hold has missed nothing.
    watched = [number for news in seen for number in news]
    assert watched == everything[: len(watched)]


def test_a_number_of_the_change_log_is_never_used_again(desk: Desk) -> None:
    desk.append("a", based_on=None)
    with pytest.raises(ZeroDivisionError), desk.database.begin(write=True) as session:
        Revisions(session).append(SERVICE, "b", a_document(), based_on=None, author="anna", reason="")
        raise ZeroDivisionError
    before = desk.read(lambda revisions: revisions.last_change())
    desk.append("c", based_on=None)
    assert desk.read(lambda revisions: revisions.last_change()) > before
    assert [c.slug for c in desk.read(lambda revisions: revisions.changes(0, public=False))] == ["a", "c"]
