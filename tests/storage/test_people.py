"""People: accounts and passwords, sessions that end, throttling, the audit log; one contract for both engines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from builders import Clock, a_grant
from sqlalchemy import select
from sqlalchemy.orm import Session

from servicedir.domain.history import NotFound
from servicedir.domain.workflow import Grant, Person, Role
from servicedir.storage.database import Database
from servicedir.storage.passwords import Refused
from servicedir.storage.people import HASHER, People
from servicedir.storage.tables import accounts, attempts, sessions

PASSWORD = "wolkenbruch im mai"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class Counting(PasswordHasher):
    """Argon2 with the least cost, which counts how often it was asked."""

    def __init__(self, **parameters: Any) -> None:
        super().__init__(**{"time_cost": 1, "memory_cost": 8, "parallelism": 1, **parameters})
        self.calls = 0

    def hash(self, *args: Any, **kwargs: Any) -> str:
        self.calls += 1
        return super().hash(*args, **kwargs)

    def verify(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        return super().verify(*args, **kwargs)


@pytest.fixture
def hasher() -> Counting:
    return Counting()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One transaction for writing."""
    with database.begin(write=True) as session:
        yield session


@pytest.fixture
def people(session: Session, clock: Clock, hasher: Counting) -> People:
    return People(session, clock, hasher)


@pytest.fixture
def anna(people: People) -> Person:
    return people.add("anna", "Anna Beispiel", PASSWORD, "anna@example.org").person


def code(act: Any, *args: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.code


# Accounts


def test_an_account_is_what_was_said_when_it_was_added(people: People, clock: Clock) -> None:
    account = people.add("anna", " Anna Beispiel ", PASSWORD, "anna@example.org")
    assert account.person == Person("anna", "Anna Beispiel")
    assert (account.email, account.disabled, account.created) == ("anna@example.org", False, clock())
    assert people.account("anna") == account
    assert people.accounts() == [account]


def test_a_login_is_the_same_in_upper_and_lower_case(people: People) -> None:
    people.add("Anna", "Anna", PASSWORD)
    assert people.account("ANNA").person.login == "anna"
    assert people.verify(" aNNa ", PASSWORD) is not None
    assert code(people.add, "anna", "Another", PASSWORD) == "login_taken"
    assert len(people.accounts()) == 1


@pytest.mark.parametrize("login", ["", "  ", "a b", "a\0b", "a\nb", "a" * 101, "\ud800"])
def test_what_is_no_login_is_refused_and_never_an_error(people: People, login: str) -> None:
    assert code(people.add, login, "Anna", PASSWORD) == "not_a_login"
    assert people.verify(login, PASSWORD) is None
    with pytest.raises(NotFound):
        people.account(login)


def test_an_unknown_login_is_not_found(people: People) -> None:
    for act in (
        people.account,
        people.disable,
        people.open_session,
        people.close_sessions,
        lambda login: people.set_password(login, PASSWORD),
        lambda login: people.grant(login, a_grant()),
        lambda login: people.ungrant(login, a_grant()),
    ):
        with pytest.raises(NotFound):
            act("nobody")


def test_grants_are_given_changed_and_taken(people: People, anna: Person) -> None:
    people.grant("anna", Grant(Role.EDITOR, "buergeramt"))
    people.grant("anna", Grant(Role.REVIEWER, "", date(2026, 12, 31)))
    people.grant("anna", Grant(Role.EDITOR, "buergeramt", date(2027, 1, 31)))
    granted = people.account("anna").person.grants
    assert set(granted) == {
        Grant(Role.EDITOR, "buergeramt", date(2027, 1, 31)),
        Grant(Role.REVIEWER, "", date(2026, 12, 31)),
    }
    people.ungrant("anna", Grant(Role.EDITOR, "buergeramt"))
    assert people.account("anna").person.grants == (Grant(Role.REVIEWER, "", date(2026, 12, 31)),)
    assert people.accounts() == [people.account("anna")]


def test_each_account_has_its_own_grants(people: People, anna: Person) -> None:
    people.add("ben", "Ben", PASSWORD)
    people.grant("ben", a_grant(Role.ADMINISTRATOR, ""))
    assert [(a.person.login, len(a.person.grants)) for a in people.accounts()] == [("anna", 0), ("ben", 1)]


# Passwords


def test_the_right_password_says_who_it_is(people: People, anna: Person) -> None:
    people.grant("anna", a_grant())
    assert people.verify("anna", PASSWORD) == Person("anna", "Anna Beispiel", (a_grant(),))
    for wrong in ("", PASSWORD.upper(), PASSWORD + " ", "a\0b", "\ud800"):
        assert people.verify("anna", wrong) is None


def test_a_password_is_stored_as_argon2id_only(
    session: Session, database: Database, people: People, anna: Person
) -> None:
    stored = session.scalar(select(accounts.c.password))
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_the_parameters_of_argon2_are_the_library_s_own() -> None:
    assert (HASHER.time_cost, HASHER.memory_cost, HASHER.parallelism) == (3, 65536, 4)


def test_an_unknown_login_costs_as_much_as_a_wrong_password(people: People, anna: Person, hasher: Counting) -> None:
    people.add("old", "Old", PASSWORD)
    people.disable("old")
    costs = []
    for login, password in (
        ("anna", "wrong"),
        ("nobody", "wrong"),
        ("a b", "wrong"),
        ("old", "wrong"),
        ("old", PASSWORD),
    ):
        before = hasher.calls
        assert people.verify(login, password) is None
        costs.append(hasher.calls - before)
    assert costs == [1, 1, 1, 1, 1]


def test_a_disabled_account_is_nobody_until_it_is_enabled(people: People, anna: Person) -> None:
    people.disable("anna")
    assert people.account("anna").disabled
    assert people.verify("anna", PASSWORD) is None
    with pytest.raises(NotFound):
        people.open_session("anna")
    people.disable("anna", False)
    assert people.verify("anna", PASSWORD) == anna


def test_a_password_is_stored_anew_when_the_parameters_have_changed(
    session: Session, people: People, clock: Clock, anna: Person
) -> None:
    stronger = People(session, clock, Counting(time_cost=2))
    before = session.scalar(select(accounts.c.password))
    assert stronger.verify("anna", "wrong") is None
    assert session.scalar(select(accounts.c.password)) == before
    assert stronger.verify("anna", PASSWORD) == anna
    after = session.scalar(select(accounts.c.password))
    assert after != before
    assert "t=2" in str(after)
    assert stronger.verify("anna", PASSWORD) == anna
    assert session.scalar(select(accounts.c.password)) == after


def test_another_password_ends_the_old_one_and_all_sessions(people: People, anna: Person) -> None:
    token = people.open_session("anna")
    people.set_password("anna", "gewitter im juni")
    assert people.verify("anna", PASSWORD) is None
    assert people.verify("anna", "gewitter im juni") == anna
    assert people.session(token) is None


def test_a_bad_password_is_refused_and_changes_nothing(people: People, anna: Person) -> None:
    assert code(people.set_password, "anna", "kurz") == "password_too_short"
    assert code(people.set_password, "anna", "anna.beispiel") == "password_common"
    assert people.verify("anna", PASSWORD) == anna
    assert code(people.add, "ben", "Ben", "passwort1234") == "password_common"
    assert [account.person.login for account in people.accounts()] == ["anna"]


# Sessions


def test_a_session_says_who_has_it_with_the_grants_of_now(people: People, anna: Person, clock: Clock) -> None:
    token = people.open_session("Anna")
    signed_in = people.session(token)
    assert signed_in is not None
    assert (signed_in.person, signed_in.opened, signed_in.seen, signed_in.due) == (anna, clock(), clock(), False)
    people.grant("anna", a_grant())
    signed_in = people.session(token)
    assert signed_in is not None
    assert signed_in.person.grants == (a_grant(),)


def test_only_a_hash_of_a_token_is_stored(session: Session, people: People, anna: Person) -> None:
    token = people.open_session("anna")
    assert len(token) >= 43
    assert session.scalars(select(sessions.c.token_hash)).all() == [hashlib.sha256(token.encode()).hexdigest()]
    assert people.open_session("anna") != token


def test_a_token_that_never_was_is_nobody(people: People, anna: Person) -> None:
    token = people.open_session("anna")
    for wrong in ("", token[:-1], token + "=", token.swapcase(), "\ud800", "a\0b"):
        assert people.session(wrong) is None
        people.touch(wrong)
        people.close_session(wrong)
    assert people.session(token) is not None


def test_a_session_ends_after_half_an_hour_without_a_request(people: People, anna: Person, clock: Clock) -> None:
    token = people.open_session("anna")
    clock.now += People.IDLE - SECOND
    assert people.session(token) is not None
    clock.now += SECOND
    assert people.session(token) is None
    people.touch(token)
    assert people.session(token) is None


def test_a_session_ends_after_twelve_hours_whatever_happens(people: People, anna: Person, clock: Clock) -> None:
    token = people.open_session("anna")
    until = clock() + People.ABSOLUTE
    while clock() + 20 * MINUTE < until:
        clock.now += 20 * MINUTE
        people.touch(token)
        assert people.session(token) is not None
    clock.now = until
    people.touch(token)
    assert people.session(token) is None


def test_who_is_still_here_is_noted_once_a_minute_at_most(people: People, anna: Person, clock: Clock) -> None:
    token = people.open_session("anna")
    began = clock()

    def seen() -> tuple[timedelta, bool]:
        signed_in = people.session(token)
        assert signed_in is not None
        return signed_in.seen - began, signed_in.due

    clock.now += 59 * SECOND
    people.touch(token)
    assert seen() == (timedelta(0), False)
    clock.now += SECOND
    assert seen() == (timedelta(0), True)
    people.touch(token)
    assert seen() == (MINUTE, False)


def test_reading_a_session_needs_no_session_for_writing(database: Database, clock: Clock, hasher: Counting) -> None:
    with database.begin(write=True) as session:
        people = People(session, clock, hasher)
        people.add("anna", "Anna", PASSWORD)
        token = people.open_session("anna")
    with database.begin() as session:
        assert People(session, clock, hasher).session(token) is not None


def test_a_session_that_is_closed_is_nobody_s(people: People, anna: Person) -> None:
    first, second = people.open_session("anna"), people.open_session("anna")
    people.close_session(first)
    assert people.session(first) is None
    assert people.session(second) is not None
    people.close_sessions("anna")
    assert people.session(second) is None


@pytest.mark.parametrize("act", ["disable", "ungrant"])
def test_who_loses_rights_loses_all_sessions_and_nobody_else_does(people: People, anna: Person, act: str) -> None:
    people.add("ben", "Ben", PASSWORD)
    people.grant("anna", a_grant())
    token, other = people.open_session("anna"), people.open_session("ben")
    if act == "disable":
        people.disable("anna")
    else:
        people.ungrant("anna", a_grant())
    assert people.session(token) is None
    assert people.session(other) is not None


def test_sessions_that_have_ended_are_not_kept(session: Session, people: People, anna: Person, clock: Clock) -> None:
    people.open_session("anna")
    clock.now += People.IDLE
    people.open_session("anna")
    assert len(session.scalars(select(sessions.c.opened)).all()) == 1


# Failed attempts


def test_failures_are_counted_by_key_within_a_time(people: People, clock: Clock) -> None:
    began = clock()
    for _ in range(3):
        people.record_failure("account anna")
        clock.now += MINUTE
    people.record_failure("address 192.0.2.7")
    assert people.failures("account anna", timedelta(minutes=5)) == [began, began + MINUTE, began + 2 * MINUTE]
    assert people.failures("account anna", timedelta(minutes=2)) == [began + 2 * MINUTE]
    assert len(people.failures("address 192.0.2.7", MINUTE)) == 1
    assert people.failures("account ben", timedelta(days=1)) == []


def test_keys_of_failures_are_stored_as_hashes_and_forgotten_after_a_day(
    session: Session, people: People, clock: Clock
) -> None:
    people.record_failure("address 192.0.2.7")
    hashes = session.scalars(select(attempts.c.key_hash)).all()
    assert hashes == [hashlib.sha256(b"address 192.0.2.7").hexdigest()]
    clock.now += People.KEEP_FAILURES
    people.record_failure("\ud800")
    assert len(session.scalars(select(attempts.c.at)).all()) == 1


# The audit log


def test_the_audit_log_is_read_page_by_page_newest_first(people: People, clock: Clock) -> None:
    for number in range(5):
        people.audit("anna", "publish", f"service {number}", {"revision": number, "words": ["ä"]})
    people.audit("anna", "sign in", "")
    newest = people.audit_log(limit=3)
    assert [line.object for line in newest] == ["", "service 4", "service 3"]
    assert (newest[0].actor, newest[0].action, newest[0].detail, newest[0].at) == ("anna", "sign in", {}, clock())
    assert newest[1].detail == {"revision": 4, "words": ["ä"]}
    older = people.audit_log(before=newest[-1].number)
    assert [line.object for line in older] == ["service 2", "service 1", "service 0"]
