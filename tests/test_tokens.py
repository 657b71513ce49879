"""Who issues tokens, what is refused, what becomes of them, and that the log tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_grant, a_person, an_office
from clocked import ClockedHouse, a_clocked_house
from houses import rows

from servicedir.directory import Forbidden, Refused
from servicedir.directory.housekeeping import forget
from servicedir.domain.history import NotFound
from servicedir.domain.token import Purpose, Token
from servicedir.domain.workflow import SYSTEM, Duty, Grant, Person, Role
from servicedir.storage.passwords import Refused as NotTaken

CORA = Person("cora", "Cora", (Grant(Role.COORDINATOR),))
ADA = Person("ada", "Ada", (Grant(Role.ADMINISTRATOR),))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ClockedHouse]:
    house = a_clocked_house(tmp_path, Clock(), an_office("meldestelle", parent="buergeramt"))
    yield house
    house.close()


def make(house: ClockedHouse, by: Person = CORA, **said: Any) -> tuple[Token, str]:
    given: dict[str, Any] = {"name": "Terminsystem", "purposes": [Purpose.FIGURES], "offices": (), "expires": None}
    with house.work(write=True) as directory:
        return directory.tokens.make(**(given | said), by=by)


def refused(house: ClockedHouse, **said: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    before = rows(house, "tokens"), rows(house, "audit")
    with pytest.raises(Refused) as caught:
        make(house, **said)
    assert (rows(house, "tokens"), rows(house, "audit")) == before
    return [(fault.what, fault.where) for fault in caught.value.faults]


def find(house: ClockedHouse, secret: str) -> Token | None:
    with house.work() as directory:
        return directory.tokens.find(secret)


def states(house: ClockedHouse) -> list[str]:
    with house.work() as directory:
        return [listed.state for listed in directory.tokens.all(CORA)]


@pytest.mark.parametrize("by", [CORA, ADA, SYSTEM], ids=lambda person: person.login)
def test_who_answers_for_the_whole_city_issues_tokens(house: ClockedHouse, by: Person) -> None:
    token, secret = make(house, by)
    assert token.author == by.login
    assert find(house, secret) == token


@pytest.mark.parametrize(
    "by",
    [
        a_person("anna"),
        a_person("rita", a_grant(Role.EDITOR), a_grant(Role.REVIEWER)),
        Person("otto", "Otto", (Grant(Role.REVIEWER),)),
        Person("lena", "Lena", (Grant(Role.COORDINATOR, until=date(2026, 11, 22)),)),
        Person("nora"),
        Person("token:Terminsystem", "Terminsystem", (Grant(Role.EDITOR), Grant(Role.REVIEWER))),
    ],
    ids=lambda person: person.login,
)
def test_nobody_else_does_anything_with_tokens(house: ClockedHouse, by: Person) -> None:
    token, _secret = make(house)
    for act in (
        lambda d: d.tokens.make("Zweites", [Purpose.DRAFTS], ["buergeramt"], None, by=by),
        lambda d: d.tokens.all(by),
        lambda d: d.tokens.revoke(token.id, by=by),
    ):
        with pytest.raises(Forbidden) as caught, house.work(write=True) as directory:
            act(directory)
        assert caught.value.permission is Duty.TOKENS
    assert states(house) == ["good"]


def test_what_a_token_is_made_of_is_looked_at(house: ClockedHouse) -> None:
    today = house.today()
    assert refused(house, name=" \n ") == [("missing", ("name",))]
    assert refused(house, name="x" * 81) == [("not_a_name", ("name",))]
    assert refused(house, name="a\0b") == [("not_a_name", ("name",))]
    assert refused(house, purposes=[]) == [("missing", ("purposes",))]
    assert refused(house, offices=["buergeramt", "nirgends"]) == [("unknown_office", ("offices", "nirgends"))]
    assert refused(house, expires=today - timedelta(days=1)) == [("in_the_past", ("expires",))]
    make(house, name="  Ein \t Name ", expires=today)
    assert refused(house, name="Ein Name") == [("name_taken", ("name",))]


def test_offices_and_purposes_are_kept_once_each(house: ClockedHouse) -> None:
    token, _secret = make(
        house, purposes=[Purpose.WORKFLOW, Purpose.DRAFTS, Purpose.WORKFLOW], offices=["jugendamt", "jugendamt"]
    )
    assert token.purposes == (Purpose.DRAFTS, Purpose.WORKFLOW)
    assert token.offices == ("jugendamt",)


def test_a_token_is_for_its_offices_and_those_below(house: ClockedHouse) -> None:
    token, _secret = make(house, offices=["buergeramt"])
    with house.work() as directory:
        assert not directory.tokens.lacks(token, "meldestelle")
        assert directory.tokens.lacks(token, "jugendamt")


def test_a_token_ends_with_its_last_day_in_the_city(house: ClockedHouse) -> None:
    _token, secret = make(house, expires=date(2026, 11, 24))
    house.clock.now += timedelta(hours=34, minutes=59)  # 23:59 on the 24th in the city
    assert find(house, secret)
    house.clock.now += timedelta(minutes=1)
    assert find(house, secret) is None
    assert states(house) == ["expired"]


def test_a_revoked_token_is_none(house: ClockedHouse) -> None:
    token, secret = make(house)
    with house.work(write=True) as directory:
        assert directory.tokens.revoke(token.id, by=ADA).name == "Terminsystem"
    assert find(house, secret) is None
    assert states(house) == ["revoked"]
    with pytest.raises(NotFound), house.work(write=True) as directory:
        directory.tokens.revoke(token.id, by=ADA)


def test_a_token_rests_while_who_issued_it_could_not_issue_it(house: ClockedHouse) -> None:
    _token, secret = make(house)
    with house.work(write=True) as directory:
        directory.people.disable("cora")
    assert find(house, secret) is None
    assert states(house) == ["orphaned"]
    with house.work(write=True) as directory:
        directory.people.disable("cora", False)
    assert find(house, secret)
    with house.work(write=True) as directory:
        directory.people.ungrant("cora", Grant(Role.COORDINATOR))
    assert find(house, secret) is None


def test_the_log_tells_who_issued_and_revoked_what_and_never_the_secret(house: ClockedHouse) -> None:
    token, secret = make(house, offices=["jugendamt"], expires=date(2027, 1, 1))
    with house.work(write=True) as directory:
        directory.tokens.revoke(token.id, by=ADA)
        lines = directory.people.audit_log(limit=2)
    assert [(line.actor, line.action, line.object) for line in lines] == [
        ("ada", "token revoke", "token/Terminsystem"),
        ("cora", "token add", "token/Terminsystem"),
    ]
    assert lines[1].detail == {"purposes": ["figures"], "offices": ["jugendamt"], "expires": "2027-01-01"}
    assert secret not in str(lines)


def test_no_account_can_look_like_a_program(house: ClockedHouse) -> None:
    for login in ("token:Terminsystem", "TOKEN:x"):
        with pytest.raises(NotTaken, match="not_a_login"), house.work(write=True) as directory:
            directory.people.add(login, "Eve", "Gelbe Fahrraeder im Regen")


def test_the_housekeeping_forgets_what_was_answered_to_programs(house: ClockedHouse) -> None:
    token, _secret = make(house)
    with house.work(write=True) as directory:
        directory.repeats.begin(token.id, "eins", "f")
    list(forget(house))
    assert rows(house, "repeats") == 1
    house.clock.now += timedelta(days=1)
    assert "answers to programs: 1 forgotten" in [done.what for done in forget(house)]
    assert rows(house, "repeats") == 0
