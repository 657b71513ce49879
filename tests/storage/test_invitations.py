"""Invitations: links that hold once and for a time, of which only a hash is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from builders import Clock
from houses import CHEAP
from sqlalchemy import select
from sqlalchemy.orm import Session

from servicedir.domain.history import NotFound
from servicedir.storage.database import Database
from servicedir.storage.passwords import Refused
from servicedir.storage.people import People
from servicedir.storage.tables import invitations

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
PASSWORD = "wolkenbruch im mai"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.begin(write=True) as session:
        yield session


@pytest.fixture
def people(session: Session, clock: Clock) -> People:
    people = People(session, clock, CHEAP)
    people.invite("Anna", " Anna Beispiel ", "Anna@example.org")
    people.add("ben", "Ben", PASSWORD, "ben@example.org")
    return people


def test_who_is_invited_cannot_sign_in_before_setting_a_password(people: People) -> None:
    account = people.account("anna")
    assert account.invited
    assert (account.person.name, account.email) == ("Anna Beispiel", "Anna@example.org")
    for password in ("", PASSWORD):
        assert people.verify("anna", password) is None
    people.set_password("anna", PASSWORD)
    assert not people.account("anna").invited
    assert people.verify("anna", PASSWORD) is not None


@pytest.mark.parametrize(("login", "code"), [("ben", "login_taken"), ("a b", "not_a_login"), ("", "not_a_login")])
def test_an_invitation_follows_the_rules_for_logins(people: People, login: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        people.invite(login, "X", "x@example.org")
    assert refused.value.code == code


def test_a_number_names_an_account(people: People) -> None:
    account = people.account("ben")
    assert people.numbered(account.number) == account
    with pytest.raises(NotFound):
        people.numbered(10**6)


def test_a_link_holds_once(people: People) -> None:
    token = people.invitations.make("anna", WEEK, only=True)
    assert people.invitations.whose(token) == "anna"
    assert people.invitations.use_up(token) == "anna"
    assert people.invitations.whose(token) is None
    assert people.invitations.use_up(token) is None


def test_a_link_holds_for_its_time(people: People, clock: Clock) -> None:
    token = people.invitations.make("anna", HOUR, only=True)
    clock.now += HOUR - timedelta(seconds=1)
    assert people.invitations.whose(token) == "anna"
    clock.now += timedelta(seconds=1)
    assert people.invitations.whose(token) is None
    assert people.invitations.use_up(token) is None


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "a\0b"])
def test_what_is_no_link_is_nobody_s(people: People, token: str) -> None:
    people.invitations.make("anna", WEEK, only=True)
    assert people.invitations.whose(token) is None
    assert people.invitations.use_up(token) is None


def test_only_a_hash_of_a_link_is_kept_and_none_for_longer_than_it_holds(
    session: Session, people: People, clock: Clock
) -> None:
    token = people.invitations.make("anna", HOUR, only=True)
    assert token not in session.scalars(select(invitations.c.token_hash)).all()
    clock.now += HOUR
    people.invitations.make("ben", HOUR, only=False)
    assert len(session.scalars(select(invitations.c.token_hash)).all()) == 1


def test_inviting_again_makes_the_first_link_void_and_asking_for_a_password_does_not(people: People) -> None:
    first = people.invitations.make("anna", WEEK, only=True)
    asked = people.invitations.make("anna", HOUR, only=False)
    assert people.invitations.whose(first) == people.invitations.whose(asked) == "anna"
    second = people.invitations.make("anna", WEEK, only=True)
    assert people.invitations.whose(first) is people.invitations.whose(asked) is None
    assert people.invitations.whose(second) == "anna"


@pytest.mark.parametrize("act", ["disable", "set_password", "describe", "use another"])
def test_links_are_void_when_the_account_has_changed(people: People, act: str) -> None:
    token = people.invitations.make("anna", WEEK, only=True)
    kept = people.invitations.make("ben", WEEK, only=True)
    match act:
        case "disable":
            people.disable("anna")
            people.disable("anna", False)
        case "set_password":
            people.set_password("anna", PASSWORD)
        case "describe":
            people.describe("anna", "Anna", "other@example.org")
        case _:
            people.invitations.use_up(people.invitations.make("anna", HOUR, only=False))
    assert people.invitations.whose(token) is None
    assert people.invitations.whose(kept) == "ben"


def test_another_name_leaves_links_alone(people: People) -> None:
    token = people.invitations.make("anna", WEEK, only=True)
    people.describe("anna", "Anna B.", "Anna@example.org")
    assert people.account("anna").person.name == "Anna B."
    assert people.invitations.whose(token) == "anna"


def test_who_forgot_is_found_by_login_or_by_e_mail(people: People) -> None:
    people.add("dora", "Dora", PASSWORD, "BEN@example.org")
    people.add("emil", "Emil", PASSWORD)
    assert people.invitations.who_forgot(" ANNA ") == [("anna", "Anna@example.org")]
    found = people.invitations.who_forgot("ben@EXAMPLE.org")
    assert found == [("ben", "ben@example.org"), ("dora", "BEN@example.org")]
    people.disable("ben")
    assert people.invitations.who_forgot("ben") == []
    for name in ("emil", "", "%", "nobody", "\ud800"):
        assert people.invitations.who_forgot(name) == []
