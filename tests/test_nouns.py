"""The door of the catalogue's words: what coordinators may change, and what stays whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import a_grant, a_person, a_service, a_synonym, a_topic, an_office
from houses import a_house, publish, rows, save

from servicedir.directory import Directory, Forbidden, House, Refused
from servicedir.directory.words import InUse
from servicedir.domain.catalogue import Audience, Place, Synonym, Topic
from servicedir.domain.day import Day
from servicedir.domain.history import Conflict, Entry, Kind, NotFound
from servicedir.domain.query import Query
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Role, State

CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = a_house(tmp_path / "house")
    yield made
    made.close()


def store(house: House, kind: Kind, value: Any, based_on: int | None = None, by: Any = CORA) -> Entry:
    with house.work(write=True) as directory:
        return directory.words.save(kind, value, based_on=based_on, by=by)


def retire(house: House, kind: Kind, slug: str, based_on: int = 1) -> Entry:
    with house.work(write=True) as directory:
        return directory.words.retire(kind, slug, based_on=based_on, by=CORA)


# Saving


def test_a_new_noun_is_public_at_once_under_a_slug_made_of_its_name(house: House) -> None:
    saved = store(house, Kind.TOPIC, Topic(slug="", name=Text.of("Straßen & Wege")))
    assert (saved.slug, saved.state, saved.live) == ("strassen-wege", State.PUBLISHED, 1)
    assert house.catalogue().topics["strassen-wege"].name.get("de") == "Straßen & Wege"
    with house.work() as directory:
        assert [c.author for c in directory.revisions.log(Kind.TOPIC, "strassen-wege")] == ["cora"]
    assert rows(house, "audit") == 1


@pytest.mark.parametrize(("name", "slug"), [("Add", "add-2"), ("Ärzte", "aerzte"), ("Дім", "topic")])
def test_a_slug_is_never_one_that_is_taken_or_an_address_of_ours(house: House, name: str, slug: str) -> None:
    assert store(house, Kind.TOPIC, Topic(slug="", name=Text.of(name))).slug == slug


def test_two_offices_with_one_name_have_two_slugs(house: House) -> None:
    slugs = [
        store(house, Kind.OFFICE, an_office("", name="Sekretariat", parent=parent)).slug
        for parent in ("", "buergeramt", "jugendamt")
    ]
    assert slugs == ["sekretariat", "sekretariat-2", "sekretariat-3"]


def test_a_slug_stays_when_the_name_changes(house: House) -> None:
    first = store(house, Kind.TOPIC, Topic(slug="", name=Text.of("Reisen")))
    again = store(house, Kind.TOPIC, Topic(slug=first.slug, name=Text.of("Urlaub")), based_on=1)
    assert (again.slug, again.live) == ("reisen", 2)
    assert house.catalogue().topics["reisen"].name.get("de") == "Urlaub"


def test_saving_what_is_there_changes_nothing(house: House) -> None:
    office = house.catalogue().offices["buergeramt"]
    assert store(house, Kind.OFFICE, office, based_on=1).latest.number == 1
    assert rows(house, "audit") == 0


def test_who_was_not_first_is_told(house: House) -> None:
    office = house.catalogue().offices["buergeramt"]
    store(house, Kind.OFFICE, replace(office, phone="115"), based_on=1)
    with pytest.raises(Conflict):
        store(house, Kind.OFFICE, replace(office, phone="116"), based_on=1)
    assert house.catalogue().offices["buergeramt"].phone == "115"


BROKEN: dict[str, Callable[[], tuple[Kind, Any, int | None]]] = {
    "missing": lambda: (Kind.TOPIC, Topic(slug="", name=Text()), None),
    "name_taken": lambda: (Kind.OFFICE, an_office("", name=" bürgeramt "), None),
    "circle": lambda: (Kind.OFFICE, an_office("buergeramt", parent="buergeramt"), 1),
    "unknown_reference": lambda: (Kind.OFFICE, an_office("", name="Neu", parent="nirgends"), None),
    "not_a_web_address": lambda: (Kind.OFFICE, an_office("", name="Neu", url="javascript:alert(1)"), None),
    "ends_before_it_begins": lambda: (
        Kind.PLACE,
        Place(slug="", name=Text.of("Neu"), opened=Day("2024"), closed=Day("2023")),
        None,
    ),
    "number_of_words": lambda: (Kind.SYNONYM, Synonym(slug="", words=("Hund",)), None),
    "too_long": lambda: (Kind.SYNONYM, Synonym(slug="", words=("Hund", "x" * 61)), None),
    "no_word": lambda: (Kind.SYNONYM, Synonym(slug="", words=("Hund", "?!")), None),
    "twice": lambda: (Kind.SYNONYM, Synonym(slug="", words=("Hund", "HUND")), None),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_noun_that_breaks_a_rule_is_refused_and_nothing_written(house: House, rule: str) -> None:
    publish(house, an_office("buergeramt", name="Bürgeramt"))
    before = rows(house, "revisions")
    kind, value, based_on = BROKEN[rule]()
    with pytest.raises(Refused) as refused:
        store(house, kind, value, based_on)
    assert [fault.what for fault in refused.value.faults] == [rule]
    assert rows(house, "revisions") == before


def test_an_office_does_not_go_below_what_is_below_it(house: House) -> None:
    publish(house, an_office("b", parent="buergeramt"), an_office("c", parent="b"))
    with pytest.raises(Refused) as refused:
        store(house, Kind.OFFICE, replace(house.catalogue().offices["buergeramt"], parent="c"), based_on=1)
    assert [fault.what for fault in refused.value.faults] == ["circle"]


def test_the_same_group_of_synonyms_is_not_kept_twice(house: House) -> None:
    store(house, Kind.SYNONYM, a_synonym("Hund", "Vierbeiner"))
    with pytest.raises(Refused):
        store(house, Kind.SYNONYM, a_synonym("vierbeiner", "hund"))
    assert store(house, Kind.SYNONYM, a_synonym("Hund", "Kläffer")).slug == "hund-2"


def test_a_synonym_works_with_the_commit_and_no_index_is_made_anew(house: House) -> None:
    publish(house, a_service("hundesteuer", title="Hundesteuer"))
    with house.work() as directory:
        assert directory.search(Query(q="Vierbeiner")).total == 0
    store(house, Kind.SYNONYM, a_synonym("Vierbeiner", "Hundesteuer"))
    with house.work() as directory:
        assert directory.search(Query(q="Vierbeiner")).total == 1
    retire(house, Kind.SYNONYM, "vierbeiner")
    with house.work() as directory:
        assert directory.search(Query(q="Vierbeiner")).total == 0


# Who may


CALLS: dict[str, Callable[[Directory, Any], Any]] = {
    "all": lambda d, by: d.words.all(Kind.OFFICE, by),
    "get": lambda d, by: d.words.get(Kind.OFFICE, "buergeramt", by),
    "history": lambda d, by: d.words.history(Kind.OFFICE, "buergeramt", by),
    "save": lambda d, by: d.words.save(Kind.TOPIC, a_topic("", name="Neues Thema"), based_on=None, by=by),
    "retire": lambda d, by: d.words.retire(Kind.OFFICE, "jugendamt", based_on=1, by=by),
    "used": lambda d, by: d.words.used(Kind.OFFICE, by),
    "uses": lambda d, by: d.words.uses(Kind.OFFICE, "buergeramt", by),
    "failed": lambda d, by: d.words.failed_searches(by, 5),
    "without_result": lambda d, by: d.words.without_result(by),
    "without_click": lambda d, by: d.words.without_click(by),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("role", "office", "may"),
    [
        (Role.EDITOR, "buergeramt", False),
        (Role.REVIEWER, "", False),
        (Role.COORDINATOR, "buergeramt", False),
        (Role.COORDINATOR, "", True),
        (Role.ADMINISTRATOR, "", True),
    ],
)
def test_words_are_kept_by_who_coordinates_the_city(
    house: House, call: str, role: Role, office: str, may: bool
) -> None:
    publish(house, an_office("frei"))
    person = a_person("paul", a_grant(role, office))
    with house.work(write=True) as directory:
        if may and call != "retire":
            CALLS[call](directory, person)
        elif may:
            with pytest.raises(InUse):  # jonas has a role there
                CALLS[call](directory, person)
        else:
            with pytest.raises(Forbidden):
                CALLS[call](directory, person)


# Retiring


def test_what_nobody_points_at_is_retired_and_can_be_taken_up_again(house: House) -> None:
    store(house, Kind.TOPIC, Topic(slug="", name=Text.of("Reisen")))
    assert retire(house, Kind.TOPIC, "reisen").state is State.RETIRED
    assert "reisen" not in house.catalogue().topics
    with pytest.raises(ValueError, match="does not start"):
        retire(house, Kind.TOPIC, "reisen")
    with house.work() as directory:
        _entry, value = directory.words.get(Kind.TOPIC, "reisen", CORA)
    assert store(house, Kind.TOPIC, value, based_on=1).live == 2
    assert "reisen" in house.catalogue().topics
    with pytest.raises(NotFound):
        retire(house, Kind.TOPIC, "nirgends")


def in_use(house: House, kind: Kind, slug: str) -> InUse:
    before = rows(house, "changes")
    with house.work() as directory:
        number = directory.revisions.get(kind, slug).latest.number
    with pytest.raises(InUse) as used:
        retire(house, kind, slug, based_on=number)
    assert rows(house, "changes") == before
    return used.value


@pytest.mark.parametrize("kind", [Kind.TOPIC, Kind.AUDIENCE, Kind.PLACE])
def test_what_a_service_points_at_stays(house: House, kind: Kind) -> None:
    field = {Kind.TOPIC: "topics", Kind.AUDIENCE: "audiences", Kind.PLACE: "places"}[kind]
    value = {
        Kind.TOPIC: Topic(slug="neu", name=Text.of("Neu")),
        Kind.AUDIENCE: Audience(slug="neu", name=Text.of("Neu")),
        Kind.PLACE: Place(slug="neu", name=Text.of("Neu")),
    }[kind]
    publish(house, value, a_service("hund", **{field: ("neu",)}))
    assert [service.slug for service in in_use(house, kind, "neu").uses.services] == ["hund"]
    with house.work() as directory:
        assert directory.words.used(kind, CORA)["neu"] == 1


def test_a_draft_and_what_it_is_to_replace_both_count(house: House) -> None:
    publish(house, a_topic("alt", name="Alt"), a_topic("neu", name="Neu"), a_service("hund", topics=("alt",)))
    save(house, a_service("hund", topics=("neu",)), based_on=1)
    for slug in ("alt", "neu"):
        assert len(in_use(house, Kind.TOPIC, slug).uses.services) == 1
    with house.work(write=True) as directory:
        directory.move("hund", "publish", based_on=2, by=SYSTEM)
    retire(house, Kind.TOPIC, "alt")
    in_use(house, Kind.TOPIC, "neu")


def test_what_is_planned_to_be_published_counts(house: House) -> None:
    publish(house, a_topic("geplant", name="Geplant"), a_service("hund"))
    save(house, a_service("hund", topics=("geplant",)), based_on=1)
    with house.work(write=True) as directory:
        directory.planning.plan("hund", "publish", house.now() + timedelta(days=3), based_on=2, by=SYSTEM)
    save(house, a_service("hund"), based_on=2)
    assert len(in_use(house, Kind.TOPIC, "geplant").uses.services) == 1


def test_a_retired_service_holds_nothing(house: House) -> None:
    publish(house, a_topic("alt", name="Alt"))
    save(house, a_service("hund", topics=("alt",)), "publish", "retire")
    assert retire(house, Kind.TOPIC, "alt").state is State.RETIRED


def test_an_office_stays_for_offices_places_and_people(house: House) -> None:
    publish(
        house, an_office("oben"), an_office("unten", parent="oben"), Place(slug="x", name=Text.of("X"), office="oben")
    )
    with house.work(write=True) as directory:
        directory.people.grant("nora", a_grant(Role.EDITOR, "oben"))
        directory.people.grant("rita", a_grant(Role.EDITOR, "oben", until=house.today() - timedelta(days=1)))
    uses = in_use(house, Kind.OFFICE, "oben").uses
    assert [(kind, noun.slug) for kind, noun in uses.nouns] == [(Kind.OFFICE, "unten"), (Kind.PLACE, "x")]
    assert [person.login for person in uses.people] == ["nora"]
    assert retire(house, Kind.OFFICE, "unten").state is State.RETIRED
    assert [noun.slug for _kind, noun in in_use(house, Kind.OFFICE, "oben").uses.nouns] == ["x"]
