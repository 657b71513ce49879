"""Deputies: what one holds for somebody else, on which days, and what is never handed on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from builders import Clock
from houses import CHEAP

from servicedir.domain.history import NotFound
from servicedir.domain.workflow import Grant, Role
from servicedir.storage.database import Database
from servicedir.storage.passwords import Refused
from servicedir.storage.people import People

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


class Calendar:
    """The day in the city, which a test may move."""

    def __init__(self) -> None:
        self.day = TODAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def people(database: Database, clock: Clock, calendar: Calendar) -> Iterator[People]:
    with database.begin(write=True) as session:
        people = People(session, clock, CHEAP, today=calendar)
        for login in ("anna", "ben", "carl"):
            people.add(login, login.capitalize(), "wolkenbruch im mai")
        people.grant("anna", Grant(Role.EDITOR, "buergeramt"))
        people.grant("anna", Grant(Role.REVIEWER, "jugendamt", TODAY + 3 * DAY))
        people.grant("ben", Grant(Role.EDITOR, "jugendamt"))
        yield people


def held(people: People, login: str) -> set[Grant]:
    visit = people.session(people.open_session(login, confirmed=True))
    assert visit is not None
    return set(visit.person.grants)


OWN = {Grant(Role.EDITOR, "jugendamt")}


def test_a_deputy_holds_what_the_absent_holds_until_its_last_day(people: People) -> None:
    people.deputies.add("anna", "ben", TODAY, TODAY + 7 * DAY)
    assert held(people, "ben") == OWN | {
        Grant(Role.EDITOR, "buergeramt", TODAY + 7 * DAY, "anna"),
        Grant(Role.REVIEWER, "jugendamt", TODAY + 3 * DAY, "anna"),
    }
    assert people.account("ben").person.grants == tuple(OWN)


@pytest.mark.parametrize(("since", "until", "holds"), [(-1, 0, True), (0, 0, True), (1, 2, False), (-2, -1, False)])
def test_a_deputy_holds_it_from_the_first_day_to_the_last(people: People, since: int, until: int, holds: bool) -> None:
    people.deputies.add("anna", "ben", TODAY + since * DAY, TODAY + until * DAY)
    assert (held(people, "ben") != OWN) is holds


def test_the_day_is_that_in_the_city(people: People, calendar: Calendar) -> None:
    people.deputies.add("anna", "ben", TODAY, TODAY)
    assert held(people, "ben") != OWN
    calendar.day += DAY
    assert held(people, "ben") == OWN


def test_what_is_held_for_somebody_is_not_handed_on(people: People) -> None:
    people.deputies.add("anna", "ben", TODAY, TODAY)
    people.deputies.add("ben", "carl", TODAY, TODAY)
    assert held(people, "carl") == {Grant(Role.EDITOR, "jugendamt", TODAY, "ben")}


def test_an_administrator_s_role_is_not_handed_on(people: People) -> None:
    people.grant("anna", Grant(Role.ADMINISTRATOR))
    people.deputies.add("anna", "carl", TODAY, TODAY)
    assert {grant.role for grant in held(people, "carl")} == {Role.EDITOR, Role.REVIEWER}


def test_for_a_locked_account_nobody_holds_anything(people: People) -> None:
    people.deputies.add("anna", "ben", TODAY, TODAY)
    people.disable("anna")
    assert held(people, "ben") == OWN


@pytest.mark.parametrize(
    ("deputy", "days", "code"),
    [("anna", 0, "own_deputy"), ("ANNA", 0, "own_deputy"), ("carl", 0, "deputy_disabled"), ("ben", -1, "deputy_days"),
     ("ben", 366, "deputy_days")],
)  # fmt: skip
def test_who_cannot_be_a_deputy_is_refused(people: People, deputy: str, days: int, code: str) -> None:
    people.disable("carl")
    with pytest.raises(Refused) as refused:
        people.deputies.add("anna", deputy, TODAY, TODAY + days * DAY)
    assert refused.value.code == code
    assert people.deputies.of("anna", TODAY) == []


def test_nobody_stands_in_for_or_as_somebody_who_is_not_there(people: People) -> None:
    for absent, deputy in (("anna", "nobody"), ("nobody", "anna")):
        with pytest.raises(NotFound):
            people.deputies.add(absent, deputy, TODAY, TODAY)


def test_both_see_who_stands_in_until_it_is_over(people: People) -> None:
    people.deputies.add("anna", "ben", TODAY + DAY, TODAY + 2 * DAY)
    people.deputies.add("anna", "carl", TODAY, TODAY)
    assert [(d.absent, d.deputy) for d in people.deputies.of("anna", TODAY)] == [("anna", "carl"), ("anna", "ben")]
    assert [(d.absent_name, d.deputy_name) for d in people.deputies.of("ben", TODAY)] == [("Anna", "Ben")]
    assert [d.deputy for d in people.deputies.of("anna", TODAY + DAY)] == ["ben"]
    assert people.deputies.of("anna", TODAY + 3 * DAY) == []


def test_saying_it_again_changes_the_last_day_and_ending_it_ends_it(people: People) -> None:
    people.deputies.add("anna", "ben", TODAY, TODAY)
    people.deputies.add("anna", "ben", TODAY, TODAY + DAY)
    assert [d.until for d in people.deputies.of("anna", TODAY)] == [TODAY + DAY]
    assert people.deputies.remove("anna", "ben", TODAY)
    assert not people.deputies.remove("anna", "ben", TODAY)
    assert held(people, "ben") == OWN
