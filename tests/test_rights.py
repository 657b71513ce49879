"""Who may do what at the door, by role, office and state, and what it refuses from anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import a_channel, a_grant, a_period, a_person, a_service, an_office
from houses import a_house, open_session, publish, save, written
from test_directory import attempt

from servicedir.directory import Directory, House, Refused
from servicedir.domain.history import SlugTaken
from servicedir.domain.service import ChannelKind, Service
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


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with two offices, and the citizens' counter below one of them."""
    house = a_house(tmp_path, an_office("meldestelle", parent="buergeramt"))
    yield house
    house.close()


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
