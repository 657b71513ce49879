"""The workflow's tables, read aloud: who may do what in which state, and which way an entry can go."""

from __future__ import annotations

from datetime import date

import pytest
from builders import a_person
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.workflow import (
    DUTIES,
    PERMISSIONS,
    SYSTEM,
    TIMED,
    TRANSITIONS,
    UNPLANS,
    Duty,
    Grant,
    Permission,
    Role,
    State,
    duties,
    permissions,
    visible,
)

TODAY = date(2026, 11, 23)
LINEAGE = ("meldestelle", "buergeramt", "dezernat")
ABOVE_EDITOR = [role for role in Role if role is not Role.EDITOR]
STEPS = {transition.permission for transition in TRANSITIONS.values()}
BESIDE = {Permission.VIEW, Permission.EDIT, Permission.VERIFY, Permission.RENAME, Permission.ASSIGN, Permission.SHARE}
"""What is no step between states: it leaves an entry where it stands."""


def may(role: Role, state: State) -> frozenset[Permission]:
    return permissions(a_person("anna", Grant(role)), state, LINEAGE, TODAY)


def test_every_role_has_a_line_for_every_state() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert all(set(states) == set(State) for states in PERMISSIONS.values())


def test_every_permission_is_asked_for_somewhere() -> None:
    assert set(Permission) == BESIDE | STEPS


def test_an_editor_publishes_rejects_retires_and_revives_nothing() -> None:
    forbidden = {Permission.PUBLISH, Permission.REJECT, Permission.RETIRE, Permission.REVIVE}
    assert all(not may(Role.EDITOR, state) & forbidden for state in State)


def test_an_editor_says_neither_who_answers_for_an_entry_nor_where_it_is() -> None:
    assert all(not may(Role.EDITOR, state) & {Permission.ASSIGN, Permission.RENAME} for state in State)
    assert all(Permission.ASSIGN in may(role, state) for role in ABOVE_EDITOR for state in State)


@pytest.mark.parametrize("role", Role)
def test_what_is_retired_is_neither_confirmed_nor_shared_nor_renamed(role: Role) -> None:
    assert not may(role, State.RETIRED) & {Permission.VERIFY, Permission.SHARE, Permission.RENAME}
    for state in set(State) - {State.RETIRED}:
        assert {Permission.VERIFY, Permission.SHARE} <= may(role, state)


def test_an_editor_does_not_change_what_waits_for_review() -> None:
    assert Permission.EDIT not in may(Role.EDITOR, State.PENDING)
    assert Permission.WITHDRAW in may(Role.EDITOR, State.PENDING)


@pytest.mark.parametrize("role", ABOVE_EDITOR)
@pytest.mark.parametrize("state", State)
def test_whoever_reviews_may_do_all_that_an_editor_may(role: Role, state: State) -> None:
    assert may(Role.EDITOR, state) <= may(role, state)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", State)
def test_a_step_is_permitted_only_where_it_starts(role: Role, state: State) -> None:
    starting = {t.permission for t in TRANSITIONS.values() if state in t.starts}
    assert may(role, state) - BESIDE <= starting


@pytest.mark.parametrize("role", ABOVE_EDITOR)
def test_a_reviewer_can_take_every_step(role: Role) -> None:
    for name, transition in TRANSITIONS.items():
        assert all(transition.permission in may(role, state) for state in transition.starts), name


@pytest.mark.parametrize("role", Role)
def test_nobody_edits_what_is_retired(role: Role) -> None:
    assert Permission.EDIT not in may(role, State.RETIRED)


def test_every_state_is_left_and_reached_again() -> None:
    assert {start for t in TRANSITIONS.values() for start in t.starts} == set(State)
    assert {t.ends for t in TRANSITIONS.values()} == set(State)
    assert all(t.ends not in t.starts for t in TRANSITIONS.values())


def test_nothing_becomes_public_but_by_publishing() -> None:
    """Discarding a draft ends there as well, but only where something is public already, which stays as it is."""
    ending = {name: t.needs_live for name, t in TRANSITIONS.items() if t.ends is State.PUBLISHED}
    assert ending == {"publish": False, "discard": True}


@pytest.mark.parametrize("live", [None, 1])
@pytest.mark.parametrize("state", State)
def test_a_draft_is_discarded_only_beside_what_is_live(state: State, live: int | None) -> None:
    assert TRANSITIONS["discard"].possible(state, live) == (state is State.PRIVATE and live is not None)
    assert TRANSITIONS["retire"].possible(state, live) == (state is not State.RETIRED)


def test_what_can_wait_shows_or_hides_and_is_called_off_by_what_overtakes_it() -> None:
    assert {"publish", "retire"} == TIMED
    assert set(UNPLANS) <= set(TRANSITIONS)
    assert {step for steps in UNPLANS.values() for step in steps} == TIMED
    assert all(step in UNPLANS[step] for step in TIMED)
    # Handing in and taking up again leave standing what a reviewer decided.
    assert not {"submit", "revive"} & set(UNPLANS)


def test_each_role_has_the_duties_of_those_below_it() -> None:
    assert set(DUTIES) == set(Role)
    assert DUTIES[Role.EDITOR] == DUTIES[Role.REVIEWER] == frozenset()
    assert DUTIES[Role.COORDINATOR] < DUTIES[Role.ADMINISTRATOR] == set(Duty)


def test_accounts_and_the_audit_log_are_for_administrators() -> None:
    assert DUTIES[Role.ADMINISTRATOR] - DUTIES[Role.COORDINATOR] == {Duty.PEOPLE, Duty.AUDIT}


def test_a_duty_comes_from_a_role_for_the_whole_city_while_it_lasts() -> None:
    assert duties(a_person("cora", Grant(Role.COORDINATOR, "", TODAY)), TODAY) == DUTIES[Role.COORDINATOR]
    assert duties(a_person("cora", Grant(Role.COORDINATOR, "", TODAY)), date(2026, 11, 24)) == frozenset()
    assert duties(a_person("ada", Grant(Role.ADMINISTRATOR, "buergeramt")), TODAY) == frozenset()


def test_somebody_without_grants_may_nothing() -> None:
    nobody = a_person()
    nobody = type(nobody)("nobody")
    assert all(permissions(nobody, state, LINEAGE, TODAY) == frozenset() for state in State)


def test_a_grant_holds_for_the_office_and_those_below_it() -> None:
    anna = a_person("anna", Grant(Role.EDITOR, "buergeramt"))
    assert anna.roles(("buergeramt",), TODAY) == {Role.EDITOR}
    assert anna.roles(("meldestelle", "buergeramt"), TODAY) == {Role.EDITOR}
    assert anna.roles(("dezernat",), TODAY) == frozenset()
    assert anna.roles((), TODAY) == frozenset()


def test_a_grant_without_office_holds_for_the_whole_city() -> None:
    anna = a_person("anna", Grant(Role.COORDINATOR))
    assert anna.roles((), TODAY) == anna.roles(LINEAGE, TODAY) == {Role.COORDINATOR}


def test_a_grant_ends_after_its_last_day() -> None:
    anna = a_person("anna", Grant(Role.EDITOR, "", TODAY))
    assert anna.roles(LINEAGE, TODAY) == {Role.EDITOR}
    assert anna.roles(LINEAGE, date(2026, 11, 24)) == frozenset()


grants = st.builds(
    Grant,
    role=st.sampled_from(Role),
    office=st.sampled_from(("", "elsewhere", *LINEAGE)),
    until=st.none() | st.sampled_from((date(2026, 11, 22), TODAY, date(2026, 11, 24))),
)


@given(st.lists(grants, max_size=4), grants, st.sampled_from(State))
def test_another_grant_never_takes_anything_away(held: list[Grant], more: Grant, state: State) -> None:
    fewer = permissions(a_person("anna", Grant(Role.EDITOR, "nowhere"), *held), state, LINEAGE, TODAY)
    assert fewer <= permissions(a_person("anna", Grant(Role.EDITOR, "nowhere"), *held, more), state, LINEAGE, TODAY)


def test_the_system_may_do_everything_in_every_office() -> None:
    assert all(permissions(SYSTEM, state, (), TODAY) == PERMISSIONS[Role.ADMINISTRATOR][state] for state in State)


def test_only_what_has_a_live_revision_is_visible() -> None:
    assert visible(1)
    assert not visible(None)
