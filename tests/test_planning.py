"""Steps that are taken later: who may plan what, what becomes of it meanwhile, and what is there in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import Clock, a_grant, a_person, a_service, an_office
from clocked import ClockedHouse, a_clocked_house, reopened
from houses import publish, save

from servicedir.directory import Forbidden, Refused
from servicedir.domain.history import Conflict, Entry, Gone, NotFound, Scheduled
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Person, Role, State

ANNA = a_person("anna", a_grant(Role.EDITOR))
RITA = a_person("rita", a_grant(Role.EDITOR), a_grant(Role.REVIEWER))
JONAS = a_person("jonas", a_grant(Role.REVIEWER, "jugendamt"))
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    """A house with a live entry `x` and another one to point at."""
    house = a_clocked_house(tmp_path, clock, a_service("x", title="eins"), a_service("ziel"))
    yield house
    house.close()


def draft(house: ClockedHouse, title: str, by: Person = ANNA) -> int:
    with house.work(write=True) as directory:
        entry, value = directory.entry("x", SYSTEM)
        saved = directory.save(replace(value, title=Text.of(title)), based_on=entry.latest.number, by=by)
        return saved.latest.number


def plan(
    house: ClockedHouse, step: str, in_: timedelta = HOUR, *, by: Person = RITA, based_on: int = 0, **more: str
) -> None:
    with house.work(write=True) as directory:
        entry, _value = directory.entry("x", SYSTEM)
        number = based_on or entry.latest.number
        directory.planning.plan("x", step, house.now() + in_, based_on=number, by=by, **more)


def move(house: ClockedHouse, step: str, **more: str) -> Entry:
    with house.work(write=True) as directory:
        entry, _value = directory.entry("x", SYSTEM)
        return directory.move("x", step, based_on=entry.latest.number, by=SYSTEM, **more)


def planned(house: ClockedHouse) -> list[tuple[str, int]]:
    with house.work() as directory:
        return [(step.step, step.revision) for step in directory.planning.all().get("x", [])]


def pass_by(house: ClockedHouse, time: timedelta = HOUR) -> list[bool]:
    """Let time go by and take what is due; return of each step whether it was taken."""
    house.clock.now += time
    with house.work() as directory:
        due = directory.planning.due()
    taken = []
    for step in due:
        with house.work(write=True) as directory:
            taken.append(directory.planning.take(step))
    return taken


def title(house: ClockedHouse) -> str:
    with house.work() as directory:
        return directory.service("x").service.title.within("de")


def entry_of(house: ClockedHouse) -> Entry:
    with house.work() as directory:
        return directory.entry("x", SYSTEM)[0]


def test_a_planned_publication_happens_at_its_moment_and_not_before(house: ClockedHouse) -> None:
    draft(house, "zwei")
    plan(house, "publish", why="Beschluss")
    assert pass_by(house, HOUR - timedelta(microseconds=1)) == []
    assert title(house) == "eins"
    assert pass_by(house, timedelta(microseconds=1)) == [True]
    assert title(house) == "zwei"
    assert planned(house) == []
    assert pass_by(house) == []
    with house.work() as directory:
        last = directory.log("x", SYSTEM)[-1]
        audited = directory.people.audit_log()[0]
    assert (last.author, last.reason) == ("rita", "Beschluss")
    assert (audited.actor, audited.action, audited.detail["planned"]) == ("rita", "publish", True)


def test_a_planned_retirement_happens_with_its_pointer(house: ClockedHouse) -> None:
    plan(house, "retire", successor="ziel")
    assert pass_by(house) == [True]
    with house.work() as directory, pytest.raises(Gone) as gone:
        directory.service("x")
    assert gone.value.successor == "ziel"


def test_what_was_planned_survives_a_restart(house: ClockedHouse, tmp_path: Path, clock: Clock) -> None:
    draft(house, "zwei")
    plan(house, "publish")
    house.close()
    again = reopened(tmp_path, clock)
    try:
        assert pass_by(again) == [True]
        assert title(again) == "zwei"
    finally:
        again.close()


def test_a_later_draft_stays_one_beside_what_was_planned(house: ClockedHouse) -> None:
    draft(house, "zwei")
    plan(house, "publish")
    draft(house, "drei")
    assert pass_by(house) == [True]
    assert title(house) == "zwei"
    entry = entry_of(house)
    assert (entry.state, entry.live, entry.latest.number, entry.has_draft) == (State.PRIVATE, 2, 3, True)


def test_planning_anew_takes_the_place_of_the_older_plan(house: ClockedHouse) -> None:
    draft(house, "zwei")
    plan(house, "publish")
    draft(house, "drei")
    plan(house, "publish", 3 * HOUR)
    plan(house, "retire", 5 * HOUR)
    assert planned(house) == [("publish", 3), ("retire", 3)]
    assert pass_by(house) == []
    assert pass_by(house, 2 * HOUR) == [True]
    assert title(house) == "drei"


@pytest.mark.parametrize(
    ("step", "left"),
    [("publish", ["retire"]), ("discard", ["retire"]), ("retire", []), ("submit", ["publish", "retire"])],
)
def test_a_step_calls_off_what_it_overtakes(house: ClockedHouse, step: str, left: list[str]) -> None:
    draft(house, "zwei")
    plan(house, "publish")
    plan(house, "retire", 2 * HOUR)
    move(house, step)
    assert [name for name, _revision in planned(house)] == left


@pytest.mark.parametrize("step", ["withdraw", "reject"])
def test_who_takes_a_draft_out_of_review_calls_off_its_publication(house: ClockedHouse, step: str) -> None:
    draft(house, "zwei")
    move(house, "submit")
    plan(house, "publish")
    move(house, step)
    assert planned(house) == []


def test_a_planned_retirement_takes_a_planned_publication_along(house: ClockedHouse) -> None:
    draft(house, "zwei")
    plan(house, "retire")
    plan(house, "publish", 2 * HOUR)
    assert pass_by(house) == [True]
    assert planned(house) == []
    assert pass_by(house, 2 * HOUR) == []


def test_a_plan_follows_its_entry_to_another_address(house: ClockedHouse) -> None:
    draft(house, "zwei")
    plan(house, "publish")
    with house.work(write=True) as directory:
        directory.rename("x", "y", by=SYSTEM)
    assert pass_by(house) == [True]
    with house.work() as directory:
        assert directory.service("y").service.title.within("de") == "zwei"


def test_the_plan_of_somebody_whose_role_ended_meanwhile_holds(house: ClockedHouse) -> None:
    """It was a decision of the office when it was made; others of the office can call it off."""
    draft(house, "zwei")
    plan(house, "publish", by=a_person("gast", a_grant(Role.REVIEWER, until=house.today())))
    assert pass_by(house, timedelta(days=2)) == [True]
    assert title(house) == "zwei"


def test_a_step_is_taken_once_whoever_asks(house: ClockedHouse) -> None:
    draft(house, "zwei")
    plan(house, "publish")
    house.clock.now += HOUR
    with house.work() as directory:
        (step,) = directory.planning.due()
    for expected in (True, False):
        with house.work(write=True) as directory:
            assert directory.planning.take(step) is expected


def test_the_summer_time_does_not_move_a_moment(house: ClockedHouse) -> None:
    at = datetime(2027, 3, 28, 3, 0, tzinfo=UTC)
    with house.work(write=True) as directory:
        directory.planning.plan("x", "retire", at, based_on=1, by=RITA)
    house.clock.now = at - timedelta(seconds=1)
    assert pass_by(house, timedelta(0)) == []
    assert pass_by(house, timedelta(seconds=1)) == [True]


# Who may not, and what cannot be


def test_who_may_not_take_a_step_may_not_plan_it_either(house: ClockedHouse) -> None:
    draft(house, "zwei")
    for step in ("publish", "retire"):
        with pytest.raises(Forbidden):
            plan(house, step, by=ANNA)
        with pytest.raises(NotFound):
            plan(house, step, by=JONAS)
    assert planned(house) == []


def test_what_somebody_wrote_themselves_they_do_not_plan_where_four_eyes_are_wanted(house: ClockedHouse) -> None:
    publish(house, an_office(four_eyes=True))
    draft(house, "zwei", RITA)
    with pytest.raises(Forbidden):
        plan(house, "publish")
    plan(house, "publish", by=a_person("berta", a_grant(Role.REVIEWER)))
    assert planned(house) == [("publish", 2)]


def test_nobody_approves_for_an_office_by_moving_the_entry_to_another_one(house: ClockedHouse) -> None:
    """Who writes in an office of four eyes and reviews in another one could else publish alone, over there."""
    publish(house, an_office(four_eyes=True))
    both = a_person(
        "beide", a_grant(Role.EDITOR), a_grant(Role.EDITOR, "jugendamt"), a_grant(Role.REVIEWER, "jugendamt")
    )
    with house.work(write=True) as directory:
        entry, value = directory.entry("x", SYSTEM)
        directory.save(replace(value, offices=("jugendamt",)), based_on=entry.latest.number, by=both)
    with pytest.raises(Forbidden):
        plan(house, "publish", by=both)
    with house.work(write=True) as directory, pytest.raises(Forbidden):
        directory.move("x", "publish", based_on=2, by=both)
    plan(house, "publish", by=JONAS)


def test_who_wrote_what_was_discarded_may_publish_what_somebody_else_wrote_then(house: ClockedHouse) -> None:
    publish(house, an_office(four_eyes=True))
    draft(house, "Unfug", RITA)
    move(house, "discard")
    draft(house, "Gutes", ANNA)
    plan(house, "publish", by=RITA)


@pytest.mark.parametrize("in_", [timedelta(0), -HOUR])
def test_the_past_is_not_planned(house: ClockedHouse, in_: timedelta) -> None:
    with pytest.raises(Refused, match="in_the_past"):
        plan(house, "retire", in_)


@pytest.mark.parametrize("successor", ["x", "nirgends", "geheim"])
def test_a_pointer_leads_to_another_published_entry(house: ClockedHouse, successor: str) -> None:
    save(house, a_service("geheim"))
    with pytest.raises(Refused, match="unknown_related"):
        plan(house, "retire", successor=successor)


@pytest.mark.parametrize("step", ["submit", "discard", "reject", "withdraw", "revive", "publish"])
def test_what_cannot_wait_or_is_not_possible_is_not_planned(house: ClockedHouse, step: str) -> None:
    with pytest.raises(ValueError, match="cannot be planned"):
        plan(house, step)


def test_only_the_latest_revision_is_planned(house: ClockedHouse) -> None:
    draft(house, "zwei")
    draft(house, "drei")
    with pytest.raises(Conflict):
        plan(house, "publish", based_on=2)


def test_a_reviewer_calls_off_what_is_planned(house: ClockedHouse) -> None:
    plan(house, "retire")
    with house.work(write=True) as directory:
        with pytest.raises(Forbidden):
            directory.planning.cancel("x", "retire", by=ANNA)
        with pytest.raises(NotFound):
            directory.planning.cancel("x", "retire", by=JONAS)
        assert directory.planning.cancel("x", "retire", by=RITA)
        assert not directory.planning.cancel("x", "retire", by=RITA)
    assert pass_by(house, 2 * HOUR) == []


def test_what_is_planned_is_known_to_who_may_see_the_entry(house: ClockedHouse) -> None:
    plan(house, "retire", successor="ziel", why="Zusammengelegt")
    with house.work() as directory:
        (step,) = directory.planning.of("x", ANNA)
        with pytest.raises(NotFound):
            directory.planning.of("x", JONAS)
    assert isinstance(step, Scheduled)
    assert (step.slug, step.step, step.author, step.reason) == ("x", "retire", "rita", "Zusammengelegt")
    assert (step.successor, step.at) == ("ziel", house.now() + HOUR)


def test_who_could_publish_is_named_but_for_those_who_may_not(house: ClockedHouse) -> None:
    def approvers() -> set[str]:
        with house.work() as directory:
            return {*directory.planning.approvers("x", ANNA)}

    everybody = approvers()
    assert {"rita", "cora"} <= everybody
    assert not {"anna", "jonas", "nora"} & everybody
    with house.work(write=True) as directory:
        directory.people.disable("cora")
    publish(house, an_office(four_eyes=True))
    draft(house, "zwei", RITA)
    assert everybody - approvers() == {"rita", "cora"}
