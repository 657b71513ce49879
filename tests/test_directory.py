"""The one door: who may save and move what, what outsiders see of it and when, and how the index keeps up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_grant, a_period, a_person, a_place, a_service, an_office
from clocked import ClockedHouse
from houses import KINDS, a_house, publish, save, settings_in, written

from servicedir.directory import Directory, Forbidden, House, Refused
from servicedir.domain.history import Conflict, Kind, NotFound
from servicedir.domain.query import BadValue, Query
from servicedir.domain.service import ChannelKind
from servicedir.domain.workflow import (
    SYSTEM,
    Role,
)

ANNA = a_person("anna")
RITA = a_person("rita", a_grant(Role.EDITOR), a_grant(Role.REVIEWER))
JONAS = a_person("jonas", a_grant(office="jugendamt"))


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
    house = ClockedHouse(settings_in(tmp_path))
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
    house = ClockedHouse(settings_in(tmp_path))
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
    house = ClockedHouse(settings_in(tmp_path))
    for moment, stage in (("2024-06-30T12:00:00+00:00", "unknown"), ("2024-06-30T22:30:00+00:00", "live")):
        house.clock = Clock(moment)
        with house.work() as directory:
            counts = {value.value: value.count for value in directory.search(Query()).facets["video"]}
        assert counts[stage] == 1
    house.close()


def test_titles_come_in_their_order(house: House) -> None:
    publish(house, a_service("z", title="Abfall"), a_service("a", title="Über"), a_service("m", title="Ämter"))
    with house.work() as directory:
        assert [held.title.get("de") for held in directory.titles()] == ["Abfall", "Ämter", "Über"]


def test_a_query_knows_offices_topics_and_the_languages_that_are_spoken(house: House) -> None:
    publish(house, a_service(languages=("uk",)))
    with house.work() as directory:
        query = directory.query([("office", "meldestelle"), ("language", "uk"), ("topic", "ausweise")])
        assert (query.office, query.language, query.topic) == (("meldestelle",), ("uk",), ("ausweise",))
        for name in ("office", "language", "topic", "audience"):
            with pytest.raises(BadValue):
                directory.query([(name, "nirgends")])


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
