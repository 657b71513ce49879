"""Accounts through the door: who may make, change and lock them and give which role, and who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from houses import ACCOUNTS, PASSWORD, a_house, written
from pyotp import TOTP

from servicedir.directory import Directory, Forbidden, House, Refused
from servicedir.domain.workflow import Grant, Person, Role

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OTHER = "Blaue Fahrraeder im Schnee"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = a_house(tmp_path / "house")
    yield house
    house.close()


@pytest.fixture
def directory(house: House) -> Iterator[Directory]:
    with house.work(write=True) as directory:
        directory.people.describe("anna", "Anna", "anna@example.org")
        yield directory


def person(login: str) -> Person:
    return Person(login, login.capitalize(), ACCOUNTS[login])


def number(directory: Directory, login: str) -> int:
    return directory.people.account(login).number


def link(token: str) -> str:
    return f"https://city.example.org/invitations/{token}"


def refused(act: Callable[..., Any], *args: Any, **named: Any) -> str:
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    (fault,) = refusal.value.faults
    return fault.what


def mails(directory: Directory) -> list[tuple[str, str]]:
    return [(mail.recipient, mail.body) for mail in directory.mails.unsent(50)]


def token_in(body: str) -> str:
    (line,) = [line for line in body.splitlines() if line.startswith("https://city.example.org/invitations/")]
    return line.rpartition("/")[2]


def last(directory: Directory) -> tuple[str, str, str]:
    line = directory.people.audit_log(limit=1)[0]
    return line.actor, line.action, line.object


# Who may do what


DAY = date(2030, 1, 1)
ACTS: dict[str, tuple[str, Callable[[Directory, Person], Any]]] = {
    "find": ("roles", lambda d, by: d.accounts.find(by)),
    "get": ("roles", lambda d, by: d.accounts.get(number(d, "nora"), by)),
    "grant": ("roles", lambda d, by: d.accounts.grant(number(d, "nora"), Grant(Role.EDITOR, "buergeramt"), by=by)),
    "ungrant": ("roles", lambda d, by: d.accounts.ungrant(number(d, "anna"), Grant(Role.EDITOR, "buergeramt"), by=by)),
    "invite": ("people", lambda d, by: d.accounts.invite("new", "New", "new@example.org", by=by, link=link)),
    "describe": ("people", lambda d, by: d.accounts.describe(number(d, "nora"), "N", "", by=by)),
    "lock": ("people", lambda d, by: d.accounts.lock(number(d, "nora"), True, by=by)),
    "unlock": ("people", lambda d, by: d.accounts.lock(number(d, "nora"), False, by=by)),
    "end sessions": ("people", lambda d, by: d.accounts.end_sessions(number(d, "nora"), by=by)),
    "reset factor": ("people", lambda d, by: d.accounts.reset_factor(number(d, "nora"), by=by)),
    "deputies": ("people", lambda d, by: d.accounts.deputies("nora", by)),
    "stand in": ("people", lambda d, by: d.accounts.stand_in("nora", "anna", DAY, DAY, by=by)),
    "end stand in": ("people", lambda d, by: d.accounts.end_stand_in("nora", "anna", DAY, by=by)),
    "log": ("audit", lambda d, by: d.accounts.log(by, d.accounts.wanted("", "", ""))),
}
MAY = {"cora": {"roles"}, "ada": {"roles", "people", "audit"}}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("login", ["anna", "rita", "cora", "ada"])
def test_each_duty_allows_what_it_is_for_and_nothing_else(house: House, login: str, act: str) -> None:
    duty, do = ACTS[act]
    before = written(house)
    if duty in MAY.get(login, set()):
        with house.work(write=True) as directory:
            do(directory, person(login))
        return
    with pytest.raises(Forbidden), house.work(write=True) as directory:
        do(directory, person(login))
    assert written(house) == before


@pytest.mark.parametrize("login", ["anna", "cora", "ada"])
@pytest.mark.parametrize("office", ["", "buergeramt"])
@pytest.mark.parametrize("role", list(Role))
def test_coordinators_give_roles_of_offices_and_administrators_all(
    directory: Directory, login: str, role: Role, office: str
) -> None:
    grant = Grant(role, office)
    of_an_office = bool(office) and role in (Role.EDITOR, Role.REVIEWER)
    may = login == "ada" or (login == "cora" and of_an_office)
    assert directory.accounts.may_give(grant, person(login)) is may
    if not may:
        for act in (directory.accounts.grant, directory.accounts.ungrant):
            with pytest.raises(Forbidden):
                act(number(directory, "jonas"), grant, by=person(login))
    elif office and not of_an_office:
        assert (
            refused(directory.accounts.grant, number(directory, "jonas"), grant, by=person(login)) == "unknown_office"
        )
    else:
        directory.accounts.grant(number(directory, "jonas"), grant, by=person(login))
        assert grant in directory.people.account("jonas").person.grants
        assert last(directory) == (login, "role add", "account/jonas")


def test_a_role_is_for_an_office_that_there_is_and_ends_in_the_future(directory: Directory) -> None:
    jonas = number(directory, "jonas")
    yesterday = directory.today - timedelta(days=1)
    give = directory.accounts.grant
    assert refused(give, jonas, Grant(Role.EDITOR, "nowhere"), by=person("ada")) == "unknown_office"
    assert refused(give, jonas, Grant(Role.EDITOR, "buergeramt", yesterday), by=person("ada")) == "in_the_past"
    give(jonas, Grant(Role.EDITOR, "buergeramt", directory.today), by=person("ada"))


def test_who_loses_a_role_loses_all_sessions(directory: Directory) -> None:
    token = directory.people.open_session("anna", confirmed=True)
    directory.accounts.ungrant(number(directory, "anna"), Grant(Role.EDITOR, "buergeramt"), by=person("cora"))
    assert directory.people.session(token) is None
    assert directory.people.account("anna").person.grants == ()
    assert last(directory) == ("cora", "role remove", "account/anna")


def test_a_role_that_is_not_held_cannot_be_taken(directory: Directory) -> None:
    grant = Grant(Role.EDITOR, "jugendamt")
    assert refused(directory.accounts.ungrant, number(directory, "anna"), grant, by=person("ada")) == "not_granted"


# The last administrator


ADMINISTRATOR = Grant(Role.ADMINISTRATOR)


def test_the_last_administrator_stays_one(directory: Directory) -> None:
    people, accounts = directory.people, directory.accounts
    people.grant("nora", ADMINISTRATOR)
    ada, nora = number(directory, "ada"), number(directory, "nora")
    accounts.ungrant(ada, ADMINISTRATOR, by=Person("nora", "", (ADMINISTRATOR,)))
    by = Person("somebody", "", (ADMINISTRATOR,))
    assert refused(accounts.ungrant, nora, ADMINISTRATOR, by=by) == "last_administrator"
    assert refused(accounts.lock, nora, True, by=by) == "last_administrator"
    until = directory.today + timedelta(days=9)
    assert refused(accounts.grant, nora, Grant(Role.ADMINISTRATOR, "", until), by=by) == "last_administrator"
    assert people.account("nora").person.grants == (ADMINISTRATOR,)


@pytest.mark.parametrize("other", ["locked", "invited", "for a time", "coordinator"])
def test_an_account_that_cannot_act_for_ever_is_no_other_administrator(directory: Directory, other: str) -> None:
    people = directory.people
    match other:
        case "locked":
            people.grant("nora", ADMINISTRATOR)
            people.disable("nora")
        case "invited":
            people.invite("new", "New", "new@example.org")
            people.grant("new", ADMINISTRATOR)
        case "for a time":
            people.grant("nora", Grant(Role.ADMINISTRATOR, "", directory.today + timedelta(days=9)))
    by = Person("somebody", "", (ADMINISTRATOR,))
    assert refused(directory.accounts.lock, number(directory, "ada"), True, by=by) == "last_administrator"


def test_nobody_locks_or_unseats_themselves(directory: Directory) -> None:
    directory.people.grant("nora", ADMINISTRATOR)
    ada, by = number(directory, "ada"), person("ada")
    assert refused(directory.accounts.lock, ada, True, by=by) == "yourself"
    assert refused(directory.accounts.ungrant, ada, ADMINISTRATOR, by=by) == "yourself"
    assert refused(directory.accounts.reset_factor, ada, by=by) == "yourself"


def test_with_another_administrator_one_can_be_locked_and_unlocked(directory: Directory) -> None:
    directory.people.grant("nora", ADMINISTRATOR)
    directory.accounts.lock(number(directory, "nora"), True, by=person("ada"))
    assert directory.people.account("nora").disabled
    assert last(directory) == ("ada", "disable", "account/nora")
    directory.accounts.lock(number(directory, "nora"), False, by=person("ada"))
    assert not directory.people.account("nora").disabled


# Invitations and forgotten passwords


def test_an_invitation_is_a_mail_with_a_link_by_which_a_password_is_set(directory: Directory) -> None:
    account = directory.accounts.invite("New", "New Person", "new@example.org", by=person("ada"), link=link)
    assert account.invited
    assert last(directory) == ("ada", "user invite", "account/new")
    ((recipient, body),) = mails(directory)
    assert recipient == "new@example.org"
    token = token_in(body)
    assert directory.accounts.accept(token, OTHER) == account.person
    assert directory.people.verify("new", OTHER) == account.person
    assert last(directory) == ("new", "password", "account/new")
    assert directory.accounts.accept(token, PASSWORD) is None


def test_an_invitation_can_be_sent_again_and_the_first_link_is_void(directory: Directory) -> None:
    account = directory.accounts.invite("new", "New", "new@example.org", by=person("ada"), link=link)
    directory.accounts.invite_again(account.number, by=person("ada"), link=link)
    first, second = (token_in(body) for _to, body in mails(directory))
    assert directory.accounts.accept(first, OTHER) is None
    assert directory.accounts.accept(second, OTHER) is not None
    assert refused(directory.accounts.invite_again, account.number, by=person("ada"), link=link) == "not_invited"


@pytest.mark.parametrize("email", ["", "nobody", "a b@example.org", "a@example.org\nBcc: b@example.org", "@x", "x@"])
def test_an_invitation_needs_an_address(directory: Directory, email: str) -> None:
    assert refused(directory.accounts.invite, "new", "New", email, by=person("ada"), link=link) == "no_email"
    anna = number(directory, "anna")
    if email:
        assert refused(directory.accounts.describe, anna, "Anna", email, by=person("ada")) == "no_email"


def test_a_weak_password_leaves_the_link_alone(house: House) -> None:
    with house.work(write=True) as directory:
        directory.accounts.invite("new", "New", "new@example.org", by=person("ada"), link=link)
        token = token_in(mails(directory)[0][1])
    with pytest.raises(Refused), house.work(write=True) as directory:
        directory.accounts.accept(token, "kurz")
    with house.work(write=True) as directory:
        assert directory.accounts.accept(token, OTHER) is not None


@pytest.mark.parametrize("name", ["anna", "ANNA", " anna@example.org ", "Anna@Example.org"])
def test_who_forgot_the_password_gets_a_link(directory: Directory, name: str) -> None:
    directory.accounts.forgot(name, link=link)
    ((recipient, body),) = mails(directory)
    assert recipient == "anna@example.org"
    assert last(directory) == ("", "password forgotten", "account/anna")
    assert directory.people.verify("anna", PASSWORD) is not None
    directory.accounts.accept(token_in(body), OTHER)
    assert directory.people.verify("anna", PASSWORD) is None


@pytest.mark.parametrize("name", ["nobody", "rita", "locked@example.org", "", "%"])
def test_who_cannot_get_a_link_gets_none_and_the_log_has_a_line_all_the_same(directory: Directory, name: str) -> None:
    directory.people.describe("jonas", "Jonas", "locked@example.org")
    directory.people.disable("jonas")
    directory.accounts.forgot(name, link=link)
    assert mails(directory) == []
    assert last(directory) == ("", "password forgotten", "account")


# One's own account, and deputies


def test_whoever_s_account_is_changed_is_told(directory: Directory) -> None:
    anna, by = number(directory, "anna"), person("anna")
    directory.accounts.change_password(OTHER, by=by)
    directory.accounts.set_up_factor(SECRET, TOTP(SECRET).now(), by=by)
    directory.accounts.renew_codes(by=by)
    directory.accounts.remove_factor(by=by)
    directory.accounts.reset_factor(anna, by=person("ada"))
    directory.accounts.describe(anna, "Anna", "new@example.org", by=person("ada"))
    assert [recipient for recipient, _body in mails(directory)] == ["anna@example.org"] * 5
    actions = [line.action for line in directory.people.audit_log(limit=6)][::-1]
    assert actions == ["password", "factor add", "factor codes", "factor remove", "factor reset", "user change"]


def test_a_factor_is_not_put_in_the_place_of_another(directory: Directory) -> None:
    by = person("anna")
    assert refused(directory.accounts.set_up_factor, SECRET, "000000", by=by) == "wrong_code"
    assert refused(directory.accounts.renew_codes, by=by) == "no_factor"
    directory.accounts.set_up_factor(SECRET, TOTP(SECRET).now(), by=by)
    assert refused(directory.accounts.set_up_factor, SECRET, TOTP(SECRET).now(), by=by) == "has_factor"


def test_one_says_oneself_who_stands_in_and_nobody_else_does(directory: Directory) -> None:
    today = directory.today
    directory.accounts.stand_in("anna", "rita", today, today, by=person("anna"))
    assert last(directory) == ("anna", "deputy add", "account/anna")
    for login in ("rita", "cora"):
        with pytest.raises(Forbidden):
            directory.accounts.stand_in("anna", login, today, today, by=person(login))
        with pytest.raises(Forbidden):
            directory.accounts.end_stand_in("anna", "rita", today, by=person(login))
    directory.accounts.end_stand_in("anna", "rita", today, by=person("ada"))
    assert last(directory) == ("ada", "deputy remove", "account/anna")
    assert directory.accounts.deputies("anna", person("anna")) == []


def test_a_deputy_is_somebody_else_who_is_there_for_days_to_come(directory: Directory) -> None:
    today, by = directory.today, person("anna")
    directory.people.disable("jonas")
    stand_in = directory.accounts.stand_in
    for deputy in ("anna", "jonas", "nobody", ""):
        assert refused(stand_in, "anna", deputy, today, today, by=by) == "not_a_deputy"
    yesterday = today - timedelta(days=1)
    assert refused(stand_in, "anna", "rita", yesterday, yesterday, by=by) == "in_the_past"
    assert refused(stand_in, "anna", "rita", today + timedelta(days=2), today, by=by) == "deputy_days"


def test_accounts_are_found_by_what_they_are(directory: Directory) -> None:
    directory.people.disable("jonas")
    directory.people.invite("new", "Neue Kraft", "n@example.org")

    def found(**wanted: str) -> list[str]:
        return [account.person.login for account in directory.accounts.find(person("cora"), **wanted)]

    assert found(words="NEUE") == found(words="n@example") == found(state="invited") == ["new"]
    assert found(state="disabled") == ["jonas"]
    assert found(office="buergeramt") == ["anna", "rita"]
    assert found(role="reviewer") == ["rita"]
    assert found(role="editor", office="jugendamt", state="active") == []
    assert found(role="nonsense") == []
    assert len(found()) == len(ACCOUNTS) + 1
