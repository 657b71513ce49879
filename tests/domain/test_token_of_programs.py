"""What a token says: until when it is good, for which offices, and as whom a program acts that uses it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from servicedir.domain.token import ACTOR, ROLES, Purpose, Token
from servicedir.domain.workflow import Grant, Permission, Role, State, permissions

DAY = date(2026, 11, 27)


def a_token(**said: Any) -> Token:
    given = {"purposes": tuple(Purpose), "offices": (), "author": "cora", "made": datetime(2026, 11, 1, tzinfo=UTC)}
    return Token(id=1, name="Terminsystem", **(given | said))


def test_a_token_is_good_up_to_and_on_its_last_day() -> None:
    assert a_token().holds(date.max)
    assert a_token(expires=DAY).holds(DAY)
    assert not a_token(expires=DAY).holds(date(2026, 11, 28))


def test_a_revoked_token_is_good_for_nothing() -> None:
    assert not a_token(revoked=datetime(2026, 11, 2, tzinfo=UTC)).holds(DAY)


def test_a_token_covers_its_offices_and_those_below() -> None:
    token = a_token(offices=("buergeramt", "jugendamt"))
    assert token.covers(["buergeramt"])
    assert token.covers(["meldestelle", "buergeramt", "stadt"])
    assert not token.covers(["stadt"])
    assert not token.covers([])


def test_a_token_without_offices_covers_the_city() -> None:
    assert a_token().covers(["irgendein-amt"])
    assert a_token().covers([])


@pytest.mark.parametrize("purpose", Purpose)
def test_a_program_acts_for_what_it_was_asked_and_nothing_else(purpose: Purpose) -> None:
    person = a_token(offices=("buergeramt",)).person([purpose])
    assert person.grants == (Grant(ROLES[purpose], "buergeramt"),)


def test_a_program_has_no_rights_by_a_purpose_that_its_token_lacks() -> None:
    token = a_token(purposes=(Purpose.DRAFTS,))
    assert token.person([Purpose.WORKFLOW]).grants == ()
    assert token.person([Purpose.DRAFTS, Purpose.WORKFLOW]).grants == (Grant(Role.EDITOR),)


def test_a_program_that_writes_drafts_publishes_nothing() -> None:
    person = a_token().person([Purpose.DRAFTS])
    granted = {permission for state in State for permission in permissions(person, state, [], DAY)}
    assert Permission.EDIT in granted
    assert not granted & {Permission.PUBLISH, Permission.RETIRE, Permission.RENAME, Permission.ASSIGN}


def test_a_program_signs_with_the_name_of_its_token() -> None:
    person = a_token().person([])
    assert (person.login, person.name) == (f"{ACTOR}Terminsystem", "Terminsystem")
