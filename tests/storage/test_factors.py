"""The second factor: codes of now that hold once, recovery codes that hold once, and sessions that end with it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta

import pytest
from builders import Clock, a_grant
from houses import CHEAP
from pyotp import TOTP
from sqlalchemy import select
from sqlalchemy.orm import Session

from servicedir.domain.history import NotFound
from servicedir.domain.workflow import Role
from servicedir.storage.database import Database
from servicedir.storage.people import People
from servicedir.storage.tables import recovery_codes

SECRET = base64.b32encode(b"twenty bytes, no less").decode().rstrip("=")[:32]
STEP = timedelta(seconds=30)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.begin(write=True) as session:
        yield session


@pytest.fixture
def people(session: Session, clock: Clock) -> People:
    people = People(session, clock, CHEAP)
    people.add("anna", "Anna", "wolkenbruch im mai")
    people.add("ben", "Ben", "wolkenbruch im mai")
    return people


def code(clock: Clock, steps: int = 0) -> str:
    return TOTP(SECRET).at(clock() + steps * STEP)


def set_up(people: People, clock: Clock) -> list[str]:
    codes = people.factors.set_up("anna", SECRET, code(clock))
    assert codes is not None
    clock.now += 2 * STEP
    return codes


def test_a_factor_is_set_up_by_whoever_has_a_code_of_it(people: People, clock: Clock) -> None:
    for wrong in ("", "000000", code(clock, -3), code(clock, 3), "٣٣٣٣٣٣", "\ud800"):
        assert people.factors.set_up("anna", SECRET, wrong) is None
        assert not people.account("anna").has_factor
    assert people.factors.set_up("anna", SECRET, code(clock)) is not None
    assert people.account("anna").has_factor
    assert not people.account("ben").has_factor


@pytest.mark.parametrize("secret", ["", "AAAA", "not base32!", "A" * 24])
def test_a_secret_that_is_too_short_or_none_is_no_secret(people: People, clock: Clock, secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        people.factors.set_up("anna", secret, code(clock))


def test_the_codes_of_one_step_before_and_after_hold_and_no_others(people: People, clock: Clock) -> None:
    set_up(people, clock)
    clock.now += 10 * STEP
    assert not people.factors.check("anna", code(clock, -2))
    assert not people.factors.check("anna", code(clock, 2))
    assert people.factors.check("anna", code(clock, -1))
    assert people.factors.check("anna", code(clock))
    assert people.factors.check("anna", code(clock, 1))


def test_a_code_holds_once_and_none_before_it_holds_any_more(people: People, clock: Clock) -> None:
    set_up(people, clock)
    now = code(clock)
    assert people.factors.check("anna", f" {now[:3]} {now[3:]} ")
    assert not people.factors.check("anna", now)
    assert not people.factors.check("anna", code(clock, -1))


def test_the_code_that_set_the_factor_up_does_not_hold_again(people: People, clock: Clock) -> None:
    first = code(clock)
    assert people.factors.set_up("anna", SECRET, first)
    assert not people.factors.check("anna", first)
    people.factors.remove("anna")
    assert people.factors.set_up("anna", SECRET, first) is None


def test_each_of_eight_recovery_codes_holds_once_however_it_is_written(people: People, clock: Clock) -> None:
    codes = set_up(people, clock)
    assert len(set(codes)) == 8
    assert people.factors.check("anna", codes[0])
    assert not people.factors.check("anna", codes[0])
    assert people.factors.check("anna", codes[1].upper().replace("-", " "))
    assert not people.factors.check("ben", codes[2])
    assert people.factors.codes_left("anna") == 6


def test_of_recovery_codes_only_hashes_are_kept(session: Session, people: People, clock: Clock) -> None:
    codes = set_up(people, clock)
    kept = session.scalars(select(recovery_codes.c.code_hash)).all()
    assert len(kept) == 8
    assert not any(code in hashed or code.replace("-", "") in hashed for code in codes for hashed in kept)


def test_new_recovery_codes_take_the_place_of_the_old(people: People, clock: Clock) -> None:
    old = set_up(people, clock)
    new = people.factors.renew_codes("anna")
    assert not set(old) & set(new)
    assert not people.factors.check("anna", old[0])
    assert people.factors.check("anna", new[0])


def test_a_factor_that_is_removed_takes_its_recovery_codes_along(people: People, clock: Clock) -> None:
    codes = set_up(people, clock)
    people.factors.remove("anna")
    assert not people.account("anna").has_factor
    assert people.factors.codes_left("anna") == 0
    assert not people.factors.check("anna", codes[0])
    assert not people.factors.check("anna", code(clock))


def test_sessions_end_when_a_factor_comes_and_when_it_goes(people: People, clock: Clock) -> None:
    before, other = people.open_session("anna"), people.open_session("ben")
    set_up(people, clock)
    assert people.session(before) is None
    within = people.open_session("anna", confirmed=True)
    people.factors.remove("anna")
    assert people.session(within) is None
    assert people.session(other) is not None


def test_an_unknown_login_has_no_factor(people: People, clock: Clock) -> None:
    for act in (people.factors.remove, people.factors.renew_codes, people.factors.codes_left):
        with pytest.raises(NotFound):
            act("nobody")
    with pytest.raises(NotFound):
        people.factors.check("nobody", "000000")


# What a session grants


def test_a_session_without_the_factor_of_its_account_is_nobody_s_and_waits_for_ten_minutes(
    people: People, clock: Clock
) -> None:
    set_up(people, clock)
    token = people.open_session("anna")
    assert people.session(token) is None
    assert people.open_sessions("anna") == []
    assert people.half_open(token) == "anna"
    clock.now += People.HALF_OPEN
    assert people.half_open(token) is None


def test_a_session_that_is_open_waits_for_nothing(people: People, clock: Clock) -> None:
    assert people.half_open(people.open_session("anna")) is None
    set_up(people, clock)
    assert people.half_open(people.open_session("anna", confirmed=True)) is None
    assert people.half_open("no such token") is None


@pytest.mark.parametrize("setting", ["administrators", "everybody", "nobody"])
@pytest.mark.parametrize("confirmed", [False, True])
@pytest.mark.parametrize("role", list(Role))
def test_what_takes_a_factor_is_granted_only_with_one(
    session: Session, clock: Clock, setting: str, confirmed: bool, role: Role
) -> None:
    people = People(session, clock, CHEAP, second_factor=setting)
    people.add("cora", "Cora", "wolkenbruch im mai")
    people.grant("cora", a_grant(role, ""))
    visit = people.session(people.open_session("cora", confirmed=confirmed))
    assert visit is not None
    asked = setting == "everybody" or (setting == "administrators" and role is Role.ADMINISTRATOR)
    kept = confirmed or not asked
    assert visit.person.grants == ((a_grant(role, ""),) if kept else ())
    assert visit.lacks_factor is not kept
    assert visit.confirmed is confirmed


def test_an_administrator_without_a_factor_keeps_the_other_roles(people: People) -> None:
    people.grant("anna", a_grant(Role.ADMINISTRATOR, ""))
    people.grant("anna", a_grant(Role.EDITOR, "jugendamt"))
    visit = people.session(people.open_session("anna"))
    assert visit is not None
    assert visit.person.grants == (a_grant(Role.EDITOR, "jugendamt"),)
    assert visit.lacks_factor


def test_a_role_that_has_ended_asks_for_no_factor(people: People, clock: Clock) -> None:
    people.grant("anna", a_grant(Role.ADMINISTRATOR, "", until=clock().date() - timedelta(days=1)))
    visit = people.session(people.open_session("anna"))
    assert visit is not None
    assert not visit.lacks_factor
