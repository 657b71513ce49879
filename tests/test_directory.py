"""The one door: who may save and move what, what outsiders see of it and when, and how the index keeps up."""

from __future__ import annotations

import gc
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_grant, a_period, a_person, a_place, a_service, an_office
from houses import KINDS, a_house, open_session, publish, rows, save, settings_in, written
from whoosh import index
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema

from servicedir.directory import Directory, Forbidden, House, Refused
from servicedir.domain.document import to_document
from servicedir.domain.history import Conflict, Kind, NotFound, SlugTaken
from servicedir.domain.query import BadValue, Query
from servicedir.domain.service import ChannelKind, Service, Stage
from servicedir.domain.text import Text
from servicedir.domain.workflow import (
    PERMISSIONS,
    SYSTEM,
    TRANSITIONS,
    Grant,
    Permission,
    Person,
    Role,
    State,
)

ANNA = a_person("anna")
RITA = a_person("rita", a_grant(Role.EDITOR), a_grant(Role.REVIEWER))
JONAS = a_person("jonas", a_grant(office="jugendamt"))
CORA = Person("cora", "Cora", (Grant(Role.COORDINATOR),))


class HouseWithClock(House):
    """A house in which it is the time that a test says."""

    clock: Callable[[], datetime] = Clock()

    def now(self) -> datetime:
        return self.clock()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with two offices, and the citizens' counter below one of them."""
    house = a_house(tmp_path, an_office("meldestelle", parent="buergeramt"))
    yield house
    house.close()


class Undone(Exception):
    """Ends a unit of work so that nothing stays."""


def attempt(house: House, act: Callable[[Directory], Any]) -> str:
    """What an act ends in, `done` or the name of what it raises; it is undone in any case."""
    try:
        with house.work(write=True) as directory:
            act(directory)
            raise Undone
    except Undone:
        return "done"
    except (Forbidden, NotFound, Conflict, Refused, ValueError) as fault:
        return type(fault).__name__


def seen(house: House, word: str = "personalausweis") -> list[str]:
    """What strangers find by a word."""
    with house.work() as directory:
        return [hit.entry.service.slug for hit in directory.search(Query(q=word)).hits]


def title_seen(house: House, slug: str = "personalausweis", recorded: datetime | None = None) -> str | None:
    with house.work() as directory:
        try:
            return directory.service(slug, recorded).service.title.get("de")
        except NotFound:
            return None


def history(house: House, slug: str = "personalausweis") -> list[tuple[int, str]]:
    with house.work() as directory:
        return [(r.number, r.author) for r in directory.revisions.history(Kind.SERVICE, slug)]


# What outsiders see


def test_a_draft_is_seen_by_nobody_outside(house: House) -> None:
    save(house, a_service())
    assert seen(house) == []
    assert title_seen(house) is None


def test_what_is_published_is_found_at_once(house: House) -> None:
    save(house, a_service(), "publish")
    assert seen(house) == ["personalausweis"]
    assert title_seen(house) == "Personalausweis"


def test_a_draft_beside_the_live_entry_changes_nothing_outside(house: House) -> None:
    save(house, a_service(), "publish")
    save(house, a_service(title="Reisepass"), based_on=1)
    assert title_seen(house) == "Personalausweis"
    assert seen(house, "reisepass") == []
    with house.work(write=True) as directory:
        directory.move("personalausweis", "submit", based_on=2, by=SYSTEM)
    assert title_seen(house) == "Personalausweis"
    with house.work(write=True) as directory:
        directory.move("personalausweis", "publish", based_on=2, by=SYSTEM)
    assert title_seen(house) == "Reisepass"
    assert seen(house, "reisepass") == ["personalausweis"]


def test_what_is_retired_is_gone_and_stays_in_the_history(house: House) -> None:
    save(house, a_service(), "publish", "retire")
    assert seen(house) == []
    assert title_seen(house) is None
    assert history(house) == [(1, "system")]


def test_what_is_revived_is_a_draft_until_it_is_published_again(house: House) -> None:
    save(house, a_service(), "publish", "retire", "revive")
    assert title_seen(house) is None
    with house.work(write=True) as directory:
        directory.move("personalausweis", "publish", based_on=1, by=SYSTEM)
    assert title_seen(house) == "Personalausweis"


def test_what_is_rolled_back_was_never_there(house: House) -> None:
    before = written(house)
    assert attempt(house, lambda d: d.save(a_service(), based_on=None, by=SYSTEM)) == "done"
    assert written(house) == before
    assert seen(house) == []


def test_the_past_is_what_the_directory_knew_then(tmp_path: Path) -> None:
    a_house(tmp_path).close()
    house = HouseWithClock(settings_in(tmp_path))
    clock = house.clock = Clock("2030-01-01T00:00:00+00:00")
    start = clock.now

    def day(number: int) -> datetime:
        return start + timedelta(days=number)

    for number, (value, steps) in enumerate(
        [(a_service(title="Alt"), ["publish"]), (a_service(title="Neu"), ["publish", "retire"])]
    ):
        clock.now = day(10 * (number + 1))
        save(house, value, *steps[:1], based_on=number or None)
        for step in steps[1:]:
            clock.now += timedelta(days=5)
            with house.work(write=True) as directory:
                directory.move(value.slug, step, based_on=number + 1, by=SYSTEM)
    known = {number: title_seen(house, recorded=day(number)) for number in (9, 11, 19, 21, 24, 26, 90)}
    assert known == {9: None, 11: "Alt", 19: "Alt", 21: "Neu", 24: "Neu", 26: None, 90: None}
    house.close()


def test_the_day_is_that_of_the_city(tmp_path: Path) -> None:
    house = HouseWithClock(settings_in(tmp_path))
    for moment, day in (
        ("2024-06-30T21:59:59+00:00", date(2024, 6, 30)),
        ("2024-06-30T22:00:00+00:00", date(2024, 7, 1)),
        ("2024-12-31T22:59:59+00:00", date(2024, 12, 31)),
        ("2024-12-31T23:00:00+00:00", date(2025, 1, 1)),
    ):
        house.clock = Clock(moment)
        assert house.today() == day
    house.close()


def test_a_search_without_a_day_is_one_of_today(tmp_path: Path) -> None:
    since_tomorrow = a_service(channels=(a_channel(ChannelKind.VIDEO, a_period("live", "2024-07-01")),))
    a_house(tmp_path, since_tomorrow).close()
    house = HouseWithClock(settings_in(tmp_path))
    for moment, stage in (("2024-06-30T12:00:00+00:00", "unknown"), ("2024-06-30T22:30:00+00:00", "live")):
        house.clock = Clock(moment)
        with house.work() as directory:
            counts = {value.value: value.count for value in directory.search(Query()).facets["video"]}
        assert counts[stage] == 1
    house.close()


def test_titles_come_in_their_order(house: House) -> None:
    publish(house, a_service("z", title="Abfall"), a_service("a", title="Über"), a_service("m", title="Ämter"))
    with house.work() as directory:
        assert [entry.service.title.get("de") for entry in directory.titles()] == ["Abfall", "Ämter", "Über"]


def test_a_query_knows_offices_topics_and_the_languages_that_are_spoken(house: House) -> None:
    publish(house, a_service(languages=("uk",)))
    with house.work() as directory:
        query = directory.query([("office", "meldestelle"), ("language", "uk"), ("topic", "ausweise")])
        assert (query.office, query.language, query.topic) == (("meldestelle",), ("uk",), ("ausweise",))
        for name in ("office", "language", "topic", "audience"):
            with pytest.raises(BadValue):
                directory.query([(name, "nirgends")])


# Who may


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with an entry of a counter in each state, and offices around it. Nothing in it is ever changed."""
    house = a_house(
        tmp_path_factory.mktemp("staffed"),
        an_office("dezernat"),
        an_office("amt", parent="dezernat"),
        an_office("schalter", parent="amt"),
        an_office("nachbaramt", parent="dezernat"),
    )
    ways = {
        State.PRIVATE: [],
        State.PENDING: ["submit"],
        State.PUBLISHED: ["publish"],
        State.RETIRED: ["publish", "retire"],
    }
    for state, steps in ways.items():
        save(house, a_service(state.value, offices=("amt",)), *steps)
    yield house
    house.close()


RELATIONS = {"amt": True, "dezernat": True, "": True, "schalter": False, "nachbaramt": False, "gone": False}
"""For which office somebody has a role, and whether the role counts for an entry of `amt`."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_a_person_may_do_what_the_table_says_and_nothing_else(staffed: House, role: Role, state: State) -> None:
    slug = state.value
    for office, counts in RELATIONS.items():
        for until in (None, date(2020, 1, 1), date(9999, 12, 31)):
            granted = PERMISSIONS[role][state] if counts and until != date(2020, 1, 1) else frozenset()
            person = Person("p", "P", (Grant(role, office, until),))

            def expected(permission: Permission, granted: frozenset[Permission] = granted) -> str:
                if Permission.VIEW not in granted:
                    return "NotFound"
                return "done" if permission in granted else "Forbidden"

            def act(by: Person = person) -> dict[str, Callable[[Directory], Any]]:
                changed = a_service(slug, title="Geändert", offices=("amt",))
                return {
                    "view": lambda d: d.entry(slug, by),
                    "history": lambda d: d.history(slug, by),
                    "save": lambda d: d.save(changed, based_on=1, by=by),
                    **{step: (lambda d, step=step: d.move(slug, step, based_on=1, by=by)) for step in TRANSITIONS},
                }

            def outcome(step: str, permission: Permission) -> str:
                said = expected(permission)
                live = 1 if state is State.PUBLISHED else None
                # Who may, but not from here: the entry has nothing live to go back to.
                return "ValueError" if said == "done" and not TRANSITIONS[step].possible(state, live) else said

            wanted = {"view": Permission.VIEW, "history": Permission.VIEW, "save": Permission.EDIT}
            steps = {step: outcome(step, transition.permission) for step, transition in TRANSITIONS.items()}
            outcomes = {name: attempt(staffed, action) for name, action in act().items()}
            assert outcomes == {**{n: expected(p) for n, p in wanted.items()}, **steps}, (office, until)
            with staffed.work() as directory:
                listed = {entry.slug for entry, _value in directory.entries(person)}
                assert (slug in listed) == (Permission.VIEW in granted)


@pytest.mark.parametrize("role", Role)
def test_a_new_entry_is_made_where_one_may_edit(staffed: House, role: Role) -> None:
    for office, counts in RELATIONS.items():
        person = Person("p", "P", (Grant(role, office),))
        new = a_service("neu", offices=("amt",))
        assert attempt(staffed, lambda d: d.save(new, based_on=None, by=person)) == (  # noqa: B023 - called at once
            "done" if counts else "Forbidden"
        )
        with staffed.work() as directory:
            assert ("amt" in directory.offices_of(person)) == counts


def test_whoever_has_no_role_may_nothing(staffed: House) -> None:
    nobody = Person("nora")
    with staffed.work() as directory:
        assert directory.offices_of(nobody) == []
        assert directory.entries(nobody) == []
    new = a_service("neu", offices=("amt",))
    assert attempt(staffed, lambda d: d.save(new, based_on=None, by=nobody)) == "Forbidden"


def test_what_was_never_there_is_not_found_as_what_one_may_not_know_of(staffed: House) -> None:
    stranger = Person("p", "P", (Grant(Role.REVIEWER, "nachbaramt"),))
    for slug in ("never-there", "private", "published"):
        assert attempt(staffed, lambda d: d.entry(slug, stranger)) == "NotFound"  # noqa: B023 - called at once


def test_an_entry_is_not_pushed_to_an_office_that_is_not_ones_own(house: House) -> None:
    save(house, a_service())
    moved = a_service(offices=("jugendamt",))
    assert attempt(house, lambda d: d.save(moved, based_on=1, by=ANNA)) == "Forbidden"
    assert attempt(house, lambda d: d.save(moved, based_on=1, by=RITA)) == "Forbidden"
    assert attempt(house, lambda d: d.save(moved, based_on=1, by=CORA)) == "done"


def test_an_entry_may_be_given_to_an_office_below_ones_own(house: House) -> None:
    save(house, a_service())
    assert attempt(house, lambda d: d.save(a_service(offices=("meldestelle",)), based_on=1, by=ANNA)) == "done"


def test_an_entry_is_not_taken_from_another_office(house: House) -> None:
    save(house, a_service())
    assert attempt(house, lambda d: d.save(a_service(offices=("jugendamt",)), based_on=1, by=JONAS)) == "NotFound"


def test_an_office_that_takes_part_is_not_the_responsible_one(house: House) -> None:
    save(house, a_service(offices=("buergeramt", "jugendamt")))
    assert attempt(house, lambda d: d.entry("personalausweis", JONAS)) == "NotFound"


def test_a_grant_in_one_process_counts_in_the_next_request(house: House) -> None:
    save(house, a_service())
    token = open_session(house, "nora")

    def may_view() -> bool:
        with house.work() as directory:
            signed_in = directory.people.session(token)
            assert signed_in
            return attempt(house, lambda d: d.entry("personalausweis", signed_in.person)) == "done"

    assert not may_view()
    with house.work(write=True) as directory:
        directory.people.grant("nora", a_grant())
    assert may_view()


# What is refused


def refused(house: House, value: Service) -> set[tuple[str, tuple[str | int, ...]]]:
    before = written(house)
    with pytest.raises(Refused) as fault, house.work(write=True) as directory:
        directory.save(value, based_on=None, by=SYSTEM)
    assert written(house) == before
    return {(f.what, f.where) for f in fault.value.faults}


def test_a_value_that_breaks_rules_is_not_saved_and_every_rule_is_told(house: House) -> None:
    broken = a_service(
        title="",
        leika_key="12",
        channels=(a_channel(ChannelKind.VIDEO, a_period("ruled_out", reason=""), a_period("live", "2030")),),
    )
    assert refused(house, broken) == {
        ("missing", ("title",)),
        ("not_a_leika_key", ("leika_key",)),
        ("ruled_out_without_reason", ("channels", 0, "periods", 0, "reason")),
        ("overlaps", ("channels", 0, "periods", 1, "since")),
    }


def test_a_reference_that_leads_nowhere_is_refused(house: House) -> None:
    value = a_service(offices=("buergeramt", "x"), places=("x",), topics=("ausweise", "x"), audiences=("x",))
    assert refused(house, value) == {
        ("unknown_reference", ("offices", "x")),
        ("unknown_reference", ("places", "x")),
        ("unknown_reference", ("topics", "x")),
        ("unknown_reference", ("audiences", "x")),
    }


def test_a_related_service_is_one_that_there_is_published_or_not(house: House) -> None:
    save(house, a_service("entwurf"))
    publish(house, a_service("offen"))
    assert refused(house, a_service(related=("entwurf", "offen", "nirgends"))) == {
        ("unknown_related", ("related", "nirgends"))
    }
    save(house, a_service(related=("entwurf", "offen")))


def test_a_slug_that_another_entry_has_is_taken(house: House) -> None:
    save(house, a_service())
    with pytest.raises(SlugTaken), house.work(write=True) as directory:
        directory.save(a_service(title="Anderes"), based_on=None, by=SYSTEM)
    with pytest.raises(SlugTaken), house.work(write=True) as directory:
        directory.save(a_service(), based_on=None, by=CORA)


def test_a_step_that_there_is_not_from_here_is_refused(staffed: House) -> None:
    assert attempt(staffed, lambda d: d.move("published", "revive", based_on=1, by=SYSTEM)) == "Forbidden"


# Two at once, and twice


def test_who_saves_second_is_told_what_is_there_now(house: House) -> None:
    save(house, a_service())
    save(house, a_service(title="Zuerst"), based_on=1)
    with pytest.raises(Conflict) as conflict, house.work(write=True) as directory:
        directory.save(a_service(title="Danach"), based_on=1, by=ANNA)
    assert conflict.value.entry.latest.number == 2
    assert conflict.value.entry.latest.document["title"] == {"de": "Zuerst"}
    assert [number for number, _author in history(house)] == [1, 2]


def test_a_step_from_an_outdated_page_is_refused(house: House) -> None:
    save(house, a_service())
    save(house, a_service(title="Neu"), based_on=1)
    assert attempt(house, lambda d: d.move("personalausweis", "publish", based_on=1, by=SYSTEM)) == "Conflict"


def test_of_many_who_save_at_once_one_wins_and_the_others_are_told(house: House) -> None:
    save(house, a_service())
    outcomes: list[str] = []

    def write(number: int) -> None:
        try:
            with house.work(write=True) as directory:
                directory.save(a_service(title=f"Titel {number}"), based_on=1, by=ANNA)
            outcomes.append("done")
        except Conflict:
            outcomes.append("Conflict")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Conflict"] * 5 + ["done"]
    assert [number for number, _author in history(house)] == [1, 2]


def test_saving_what_is_there_already_adds_nothing(house: House) -> None:
    save(house, a_service())
    before = written(house)
    assert save(house, a_service(), based_on=1).latest.number == 1
    assert written(house) == before


def test_saving_again_because_the_answer_got_lost_adds_nothing(house: House) -> None:
    save(house, a_service())
    value = a_service(title="Neu")
    with house.work(write=True) as directory:
        first = directory.save(value, based_on=1, by=ANNA)
    before = written(house)
    with house.work(write=True) as directory:
        assert directory.save(value, based_on=1, by=ANNA) == first
    assert written(house) == before


def test_adding_again_because_the_answer_got_lost_adds_nothing(house: House) -> None:
    with house.work(write=True) as directory:
        first = directory.save(a_service(), based_on=None, by=ANNA)
    before = written(house)
    with house.work(write=True) as directory:
        assert directory.save(a_service(), based_on=None, by=ANNA) == first
    assert written(house) == before


def test_the_same_words_from_somebody_else_are_a_conflict_and_no_retry(house: House) -> None:
    save(house, a_service())
    value = a_service(title="Neu")
    save(house, value, based_on=1)
    assert attempt(house, lambda d: d.save(value, based_on=1, by=ANNA)) == "Conflict"


def test_each_save_and_step_leaves_a_line_in_the_audit_log(house: House) -> None:
    with house.work(write=True) as directory:
        directory.save(a_service(), based_on=None, by=RITA, why="neu")
        directory.move("personalausweis", "publish", based_on=1, by=RITA, why="geprüft")
    with house.work() as directory:
        lines = [(line.actor, line.action, line.object, line.detail) for line in directory.people.audit_log(limit=2)]
        reasons = [revision.reason for revision in directory.history("personalausweis", RITA)]
    assert lines == [
        ("rita", "publish", "service/personalausweis", {"revision": 1}),
        ("rita", "save", "service/personalausweis", {"revision": 1}),
    ]
    assert reasons == ["neu"]


def test_the_log_of_an_entry_tells_each_step_to_who_may_see_it(house: House) -> None:
    with house.work(write=True) as directory:
        directory.save(a_service(), based_on=None, by=ANNA, why="neu")
        directory.move("personalausweis", "submit", based_on=1, by=ANNA)
        directory.move("personalausweis", "reject", based_on=1, by=RITA, why="zu kurz")
    with house.work() as directory:
        told = [(line.change, line.author, line.reason) for line in directory.log("personalausweis", ANNA)]
        assert told == [("saved", "anna", "neu"), ("submitted", "anna", ""), ("rejected", "rita", "zu kurz")]
        with pytest.raises(NotFound):
            directory.log("personalausweis", JONAS)


def test_a_directory_for_reading_writes_nothing(house: House) -> None:
    with pytest.raises(RuntimeError, match="reading"), house.work() as directory:
        directory.save(a_service(), based_on=None, by=SYSTEM)


# Adopting


def adopt(house: House, *values: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    with house.work(write=True) as directory:
        outcomes = directory.adopt([(KINDS[type(value)], value) for value in values], why="Einspielung")
    return [(outcome.slug, outcome.result, outcome.details) for outcome in outcomes]


def test_adopting_tells_of_each_entry_what_happened(house: House) -> None:
    assert adopt(house, a_service(), an_office("neu")) == [("personalausweis", "new", ()), ("neu", "new", ())]
    assert adopt(house, a_service(), an_office("neu")) == [
        ("personalausweis", "unchanged", ()),
        ("neu", "unchanged", ()),
    ]
    assert adopt(house, a_service(title="Pass", leika_key="99107003017000")) == [
        ("personalausweis", "changed", ("leika_key", "title"))
    ]
    assert title_seen(house) == "Pass"
    assert history(house) == [(1, "system"), (2, "system")]


def test_adopting_what_is_unchanged_writes_nothing(house: House) -> None:
    adopt(house, a_service())
    before = written(house)
    adopt(house, a_service())
    assert written(house) == before


def test_adopting_leaves_a_draft_alone_that_says_something_else(house: House) -> None:
    adopt(house, a_service())
    save(house, a_service(title="Entwurf"), based_on=1)
    before = written(house)
    assert adopt(house, a_service())[0][1:] == ("unchanged", ())
    assert adopt(house, a_service(title="Pass"))[0][1:] == ("refused", ("slug: has_draft",))
    assert written(house) == before
    assert adopt(house, a_service(title="Entwurf"))[0][1:] == ("changed", ())
    assert title_seen(house) == "Entwurf"


def test_adopting_refuses_what_points_at_nothing_and_takes_what_points_at_what_comes_along(house: House) -> None:
    assert adopt(house, a_service(related=("pass",)), an_office("neu", parent="weg"), a_place(office="weg")) == [
        ("personalausweis", "refused", ("related.pass: unknown_related",)),
        ("neu", "refused", ("parent.weg: unknown_reference",)),
        ("rathaus", "refused", ("office.weg: unknown_reference",)),
    ]
    both = adopt(house, a_service(related=("pass",), offices=("neu",)), a_service("pass"), an_office("neu"))
    assert [result for _slug, result, _details in both] == ["new", "new", "new"]


def test_what_breaks_rules_is_refused_with_its_faults_and_the_others_are_tried(house: House) -> None:
    with house.work(write=True) as directory:
        outcomes = directory.adopt(
            [(Kind.SERVICE, a_service("gut")), (Kind.SERVICE, a_service("schlecht", title="", leika_key="1"))]
        )
    assert [(outcome.slug, outcome.result) for outcome in outcomes] == [("gut", "new"), ("schlecht", "refused")]
    assert outcomes[1].details == ("title: missing", "leika_key: not_a_leika_key")
    assert title_seen(house, "schlecht") is None


def test_an_adopted_office_is_known_at_once(house: House) -> None:
    adopt(house, an_office("neu", parent="jugendamt"))
    assert list(house.catalogue().lineage("neu")) == ["neu", "jugendamt"]
    assert attempt(house, lambda d: d.save(a_service(offices=("neu",)), based_on=None, by=JONAS)) == "done"


# The index keeps up


def commit_and_crash(house: House, value: Service, **options: Any) -> None:
    """Commit as a process does that ends before it reaches the index."""
    with house.work(write=True) as directory:
        directory.revisions.append(
            Kind.SERVICE, value.slug, to_document(value), author="anna", reason="", publish=True, **options
        )


def test_what_a_crash_kept_from_the_index_is_caught_up(house: House) -> None:
    publish(house, a_service("alt", title="Personalausweis alt"))
    commit_and_crash(house, a_service(), based_on=None)
    commit_and_crash(house, a_service("alt", title="Anders"), based_on=1)
    with house.work() as directory:
        assert len(directory.index_differences()) == 2
    assert house.index.get("personalausweis") is None
    house.catch_up()
    assert seen(house) == ["personalausweis"]
    assert seen(house, "anders") == ["alt"]
    with house.work() as directory:
        assert directory.index_differences() == []
        assert house.index.change() == directory.revisions.last_change()


def test_a_crash_before_retiring_reached_the_index_is_caught_up(house: House) -> None:
    publish(house, a_service())
    with house.work(write=True) as directory:
        directory.revisions.move(Kind.SERVICE, "personalausweis", "retire", based_on=1, author="anna", reason="")
    house.catch_up()
    assert seen(house) == []


def test_after_a_restart_the_index_has_caught_up_by_itself(house: House, tmp_path: Path) -> None:
    commit_and_crash(house, a_service(), based_on=None)
    again = House(settings_in(tmp_path))
    assert seen(again) == ["personalausweis"]
    again.close()


def test_drafts_do_not_hold_the_index_up(house: House) -> None:
    save(house, a_service())
    with house.work() as directory:
        assert house.index.change() == directory.revisions.last_change()
    assert house.index.get("personalausweis") is None


def test_another_process_sees_what_was_published_within_about_a_second(house: House, tmp_path: Path) -> None:
    other = House(settings_in(tmp_path))
    assert seen(other) == []
    publish(house, a_service(), an_office("neu"))
    until = time.monotonic() + 3
    while (not seen(other) or "neu" not in other.catalogue().offices) and time.monotonic() < until:
        time.sleep(0.05)
    assert seen(other) == ["personalausweis"]
    assert "neu" in other.catalogue().offices
    other.close()


def index_folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def restart(house: House, tmp_path: Path, do: Callable[[Path], None]) -> House:
    """Close a house, do something to its index, and open it again."""
    house.close()
    do(index_folder(tmp_path))
    again = House(settings_in(tmp_path))
    again.catch_up()
    return again


def scribble(folder: Path, pattern: str) -> None:
    for file in folder.glob(pattern):
        file.write_bytes(b"nothing that Whoosh has ever written")


def remove(folder: Path, pattern: str) -> None:
    for file in folder.glob(pattern):
        file.unlink()


def make_other(folder: Path) -> None:
    """An index of something else."""
    shutil.rmtree(folder)
    folder.mkdir()
    writer = index.create_in(folder, Schema(path=ID(stored=True), content=TEXT)).writer()
    writer.add_document(path="/a", content="something else")
    writer.commit()


def make_older(folder: Path) -> None:
    """An index as a version wrote it that knew fewer fields."""
    fields = {"change": NUMERIC(int, 64, stored=True), "stored": STORED, "title": TEXT(phrase=False)}
    shutil.rmtree(folder)
    folder.mkdir()
    writer = index.create_in(folder, Schema(key=ID(stored=True, unique=True), **fields)).writer()
    writer.add_document(key="__state__", change=1)
    writer.commit()


# Whoosh leaves files open when it fails to read them.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize(
    "damage",
    [
        shutil.rmtree,
        lambda folder: scribble(folder, "*.toc"),
        lambda folder: scribble(folder, "*.seg"),
        lambda folder: remove(folder, "*.seg"),
        lambda folder: remove(folder, "*.toc"),
        make_other,
        make_older,
    ],
    ids=["lost", "scribbled toc", "scribbled segment", "lost segment", "lost toc", "other", "older"],
)
def test_an_index_that_is_lost_or_broken_is_rebuilt_at_the_start(
    house: House, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    publish(house, a_service())
    again = restart(house, tmp_path, damage)
    assert seen(again) == ["personalausweis"]
    with again.work() as directory:
        assert directory.index_differences() == []
    publish(again, a_service("danach"))
    assert seen(again, "danach") == ["danach"]
    again.close()
    gc.collect()


def test_an_index_that_is_ahead_of_the_database_is_rebuilt(house: House, tmp_path: Path) -> None:
    publish(house, a_service())
    backup = tmp_path / "backup.sqlite"
    house.close()
    shutil.copy(tmp_path / "servicedir.sqlite", backup)
    ahead = House(settings_in(tmp_path))
    publish(ahead, a_service("spaeter"), a_service(title="Anders"))
    assert sorted(seen(ahead, "spaeter")) == ["spaeter"]
    again = restart(ahead, tmp_path, lambda _folder: shutil.copy(backup, tmp_path / "servicedir.sqlite") and None)
    assert seen(again, "spaeter") == []
    assert title_seen(again) == "Personalausweis"
    with again.work() as directory:
        assert directory.index_differences() == []
        assert again.index.change() == directory.revisions.last_change()
    again.close()


def test_reindexing_mends_what_differs(house: House) -> None:
    publish(house, a_service(), a_service("b"))
    with house.work() as directory:
        last = directory.revisions.last_change()
    house.index.update([], ["personalausweis"], last)
    with house.work() as directory:
        assert directory.index_differences() == ["personalausweis: missing in the index"]
        assert directory.reindex() == 2
        assert directory.index_differences() == []
    assert house.index.change() == last


# Whether it can serve


def test_a_house_is_ready_once_its_schema_is_there(tmp_path: Path) -> None:
    house = House(settings_in(tmp_path))
    assert "schema" in house.ready()
    house.database.migrate(house.settings.migrations)
    assert house.ready() == ""
    house.close()


def test_what_is_in_memory_can_be_read_while_the_database_is_gone(house: House, tmp_path: Path) -> None:
    publish(house, a_service())
    assert seen(house) == ["personalausweis"]
    house.close()
    for file in tmp_path.glob("servicedir.sqlite*"):
        file.rename(tmp_path / f"away-{file.name}")
    time.sleep(1.1)
    assert seen(house) == ["personalausweis"]
    assert house.ready() != ""


def test_an_empty_house_is_empty_until_something_is_saved(tmp_path: Path) -> None:
    house = House(settings_in(tmp_path))
    house.database.migrate(house.settings.migrations)
    with house.work() as directory:
        assert directory.is_empty()
    publish(house, an_office("x"))
    with house.work() as directory:
        assert not directory.is_empty()
    house.close()


def test_texts_and_stages_come_back_as_they_were_saved(house: House) -> None:
    value = replace(
        a_service(),
        title=Text.of(de="Grüße 🏛️ </b> \u202eRTL", en="Greetings"),
        channels=(a_channel(ChannelKind.VIDEO, a_period(Stage.PILOT, "2024-05", slots_per_week=25)),),
    )
    save(house, value, "publish")
    with house.work() as directory:
        assert directory.service("personalausweis").service == value
        assert directory.entry("personalausweis", SYSTEM)[1] == value
        assert directory.service("personalausweis").updated.tzinfo is UTC
    assert rows(house, "revisions") == rows(house, "entries")
