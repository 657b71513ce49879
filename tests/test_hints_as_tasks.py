"""Through the door: whose task a hint is, how many wait for whom, how many are taken from one sender, what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import Clock, a_grant, a_person, a_service, an_office
from clocked import ClockedHouse
from houses import a_house, publish, save

from servicedir.directory import House, Refused
from servicedir.directory.hints import KEEP_CONTACT, MOST_HINTS, SAME
from servicedir.directory.senders import TooMany
from servicedir.domain.hint import HintFilter, HintState, Subject
from servicedir.domain.history import Gone, NotFound
from servicedir.domain.workflow import SYSTEM, Grant, Person, Role

ANNA = a_person("anna")
BELOW = a_person("bea", a_grant(office="meldestelle"))
JONAS = a_person("jonas", a_grant(office="jugendamt"))
LATE = a_person("lena", Grant(Role.EDITOR, "buergeramt", until=datetime(2026, 11, 22).date()))
CORA = Person("cora", "Cora", (Grant(Role.COORDINATOR),))
NOBODY = Person("nora")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house with an entry each of an office, of one below it, and of another one."""
    made = a_house(tmp_path, an_office("meldestelle", parent="buergeramt"))
    settings = made.settings
    made.close()
    house = ClockedHouse(settings)
    house.clock = clock
    for slug, office in (("ausweis", "buergeramt"), ("anmeldung", "meldestelle"), ("kita", "jugendamt")):
        publish(house, a_service(slug, offices=(office,)))
    yield house
    house.close()


def give(house: House, slug: str = "ausweis", text: str = "Das stimmt so nicht.", **fields: str) -> None:
    with house.work(write=True) as directory:
        directory.hints.give(slug, subject=Subject.WRONG, text=text, **fields)


def give_each(house: House) -> None:
    for slug in ("ausweis", "anmeldung", "kita", ""):
        give(house, slug, sender=f"192.0.2.{len(slug)}")


def close(house: House, number: int, step: str = "finish") -> None:
    with house.work(write=True) as directory:
        directory.hints.move(number, step, was=HintState.OPEN, by=CORA)


# Whose task


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (ANNA, {"ausweis", "anmeldung"}),
        (BELOW, {"anmeldung"}),
        (JONAS, {"kita"}),
        (LATE, set()),
        (NOBODY, set()),
        (CORA, {"ausweis", "anmeldung", "kita", ""}),
    ],
    ids=lambda value: value.login if isinstance(value, Person) else "",
)
def test_a_hint_is_the_task_of_the_office_and_those_above_it(house: House, person: Person, seen: set[str]) -> None:
    give_each(house)
    with house.work() as directory:
        assert {task.hint.slug for task in directory.hints.all(person)} == seen
        assert directory.hints.open_count(person) == len(seen)
        assert len(directory.hints.waiting(person, 1)) == min(1, len(seen))
        for number, slug in enumerate(("ausweis", "anmeldung", "kita", ""), start=1):
            if slug in seen:
                assert directory.hints.get(number, person).hint.slug == slug
            else:
                with pytest.raises(NotFound):
                    directory.hints.get(number, person)


def test_who_may_not_see_a_hint_cannot_move_it(house: House) -> None:
    give_each(house)
    for person, number in ((JONAS, 1), (LATE, 1), (ANNA, 4), (BELOW, 1), (NOBODY, 4), (CORA, 99)):
        with house.work(write=True) as directory, pytest.raises(NotFound):
            directory.hints.move(number, "finish", was=HintState.OPEN, by=person)


@pytest.mark.parametrize("was", [HintState.DONE, HintState.IN_PROGRESS])
def test_a_step_that_is_not_possible_is_refused(house: House, was: HintState) -> None:
    give(house)
    with house.work(write=True) as directory, pytest.raises(ValueError, match="not possible"):
        directory.hints.move(1, "take", was=was, by=ANNA)


def test_a_step_is_in_the_audit_log_without_a_word_of_the_hint(house: House) -> None:
    give(house, contact="kim@example.org")
    with house.work(write=True) as directory:
        directory.hints.move(1, "reject", was=HintState.OPEN, by=ANNA, remark=" Das stimmt. ")
    with house.work() as directory:
        line = directory.people.audit_log()[0]
        assert (line.actor, line.action, line.object, line.detail) == ("anna", "reject hint", "hint/1", {})
        hint = directory.hints.get(1, ANNA).hint
        assert (hint.state, hint.remark, hint.closed_by) == (HintState.REJECTED, "Das stimmt.", "anna")


def test_an_entry_that_goes_to_another_office_takes_its_hints_along(house: House) -> None:
    give(house)
    publish(house, a_service("ausweis", offices=("jugendamt",)))
    with house.work() as directory:
        assert directory.hints.open_count(ANNA) == 0
        assert [task.office for task in directory.hints.all(JONAS)] == ["jugendamt"]


# How many


def test_what_waits_is_counted_by_office_and_by_entry(house: House) -> None:
    give_each(house)
    give(house, text="Noch etwas ist falsch.")
    close(house, 3)
    with house.work() as directory:
        assert directory.hints.open_by_office() == {"buergeramt": 2, "meldestelle": 1, "": 1}
        assert directory.hints.open_by_entry() == {"ausweis": 2, "anmeldung": 1}


def test_a_list_of_an_office_has_those_below_it(house: House) -> None:
    give_each(house)
    with house.work() as directory:
        tasks = directory.hints.all(CORA, HintFilter(office="buergeramt"))
        assert {task.hint.slug for task in tasks} == {"ausweis", "anmeldung"}
        assert directory.hints.counts(tasks) == {
            "buergeramt": {Subject.WRONG: 1},
            "meldestelle": {Subject.WRONG: 1},
        }


# What is taken


def test_what_is_not_published_takes_no_hint(house: House) -> None:
    save(house, a_service("entwurf"))
    save(house, a_service("weg"), "publish", "retire")
    for slug, fault in (("entwurf", NotFound), ("fehlt", NotFound), ("weg", Gone)):
        with pytest.raises(fault):
            give(house, slug)


def test_the_words_of_a_draft_beside_a_live_entry_are_never_needed(house: House) -> None:
    save(house, a_service("ausweis", title="Geheim"), based_on=1)
    give(house)
    with house.work() as directory:
        assert directory.hints.all(SYSTEM)[0].hint.slug == "ausweis"


def test_what_cannot_be_taken_is_named_with_its_field(house: House) -> None:
    with pytest.raises(Refused) as refused:
        give(house, text="kurz", contact="kim")
    assert [(fault.what, fault.where) for fault in refused.value.faults] == [
        ("too_short", ("text",)),
        ("not_an_address", ("contact",)),
    ]


def test_the_hour_in_which_so_many_are_taken_moves_along(house: House, clock: Clock) -> None:
    for number in range(MOST_HINTS):
        give(house, text=f"Das stimmt nicht {number}.", sender="192.0.2.1")
        clock.now += timedelta(minutes=10)
    with pytest.raises(TooMany) as too_many:
        give(house, text="Und das auch nicht.", sender="192.0.2.1")
    assert too_many.value.seconds == 10 * 60
    give(house, text="Und das auch nicht.", sender="192.0.2.7")
    clock.now += timedelta(seconds=too_many.value.seconds)
    give(house, text="Und das auch nicht!", sender="192.0.2.1")


@pytest.mark.parametrize("sender", ["", "unix:", "nonsense", "::ffff:192.0.2.1"])
def test_who_has_no_address_is_counted_as_well(house: House, sender: str) -> None:
    for number in range(MOST_HINTS):
        give(house, text=f"Das stimmt nicht {number}.", sender=sender)
    with pytest.raises(TooMany):
        give(house, text="Und das auch nicht.", sender=sender)


def test_the_very_same_hint_is_put_down_again_after_a_day(house: House, clock: Clock) -> None:
    for _again in range(2):
        give(house)
    clock.now += SAME + timedelta(seconds=1)
    give(house)
    with house.work() as directory:
        assert directory.hints.open_count(CORA) == 2


# What is kept


def test_hints_are_deleted_after_their_time_and_addresses_after_the_answer(house: House, clock: Clock) -> None:
    days = house.settings.hint_days
    give(house, text="Das ist erledigt.", contact="kim@example.org")
    give(house, text="Das ist noch offen.", contact="kim@example.org")
    close(house, 1)

    def kept_after(span: timedelta) -> dict[str, str]:
        clock.now += span
        with house.work(write=True) as directory:
            directory.hints.forget()
            tasks = directory.hints.all(CORA, HintFilter(states=frozenset(HintState)))
            return {task.hint.text: task.hint.contact for task in tasks}

    both = {"Das ist erledigt.": "kim@example.org", "Das ist noch offen.": "kim@example.org"}
    assert kept_after(KEEP_CONTACT) == both
    assert kept_after(timedelta(seconds=1)) == both | {"Das ist erledigt.": ""}
    assert kept_after(timedelta(days=days) - KEEP_CONTACT - timedelta(seconds=1)) == both | {"Das ist erledigt.": ""}
    assert kept_after(timedelta(seconds=1)) == {}
