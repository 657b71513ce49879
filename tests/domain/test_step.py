"""Steps of the rollout: what breaks a rule, when one is overdue, and that a time which slipped is kept."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from builders import a_step
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.day import Day
from servicedir.domain.document import from_document, to_document
from servicedir.domain.step import Step, StepState

days = st.none() | st.sampled_from([Day("2026"), Day("2026-05"), Day("2026-05-01"), Day("2027-01")])


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, []),
        ({"target": None, "office": "", "services": ()}, []),
        ({"name": ""}, ["name: missing"]),
        ({"paper_url": "javascript:alert(1)"}, ["paper_url: not_a_web_address"]),
        ({"paper_url": "https://ratsinfo.example.org/v1"}, []),
        ({"state": StepState.DECIDED_AGAINST}, ["reason: against_without_reason"]),
        ({"state": StepState.DECIDED_AGAINST, "reason": "Es fehlen Räume."}, []),
        ({"state": StepState.DROPPED}, []),
    ],
)
def test_a_step_says_which_rules_it_breaks(fields: dict[str, Any], faults: list[str]) -> None:
    assert [str(fault) for fault in a_step(**fields).faults()] == faults


@pytest.mark.parametrize(
    ("target", "on", "is_overdue"),
    [
        ("2026-05", date(2026, 5, 31), False),
        ("2026-05", date(2026, 6, 1), True),
        ("2026", date(2026, 12, 31), False),
        ("2026", date(2027, 1, 1), True),
        ("2026-05-01", date(2026, 5, 2), True),
        (None, date.max, False),
    ],
)
def test_a_step_is_overdue_from_the_day_after_its_target(target: str | None, on: date, is_overdue: bool) -> None:
    assert a_step(target=target).is_overdue(on) is is_overdue


@pytest.mark.parametrize("state", StepState)
def test_only_what_is_still_to_be_done_is_overdue(state: StepState) -> None:
    step = a_step(target="2020", state=state, reason="Darum.")
    assert step.is_overdue(date(2026, 1, 1)) is step.state.is_open
    assert step.state.is_open is (state in (StepState.PLANNED, StepState.UNDER_WAY))


def test_a_target_that_slips_is_kept_with_those_before_it() -> None:
    first = a_step(target="2025-06")
    second = a_step(target="2026-01").following(first)
    third = a_step(target="2026-12").following(second)
    assert second.earlier_targets == (Day("2025-06"),)
    assert third.earlier_targets == (Day("2025-06"), Day("2026-01"))
    assert third.target == Day("2026-12")


def test_what_a_step_itself_says_of_earlier_targets_does_not_rewrite_them() -> None:
    before = a_step(target="2026", earlier_targets=("2025",))
    assert a_step(target="2026", earlier_targets=("2020", "2021")).following(before).earlier_targets == (Day("2025"),)


def test_a_target_that_is_taken_away_was_one_and_a_first_one_never_slipped() -> None:
    assert a_step(target=None).following(a_step(target="2026")).earlier_targets == (Day("2026"),)
    assert a_step(target="2026").following(a_step(target=None)).earlier_targets == ()


@given(st.lists(days, min_size=1, max_size=8))
def test_no_target_is_ever_lost(targets: list[Day | None]) -> None:
    step = a_step(target=targets[0])
    for target in targets[1:]:
        step = a_step(target=target).following(step)
    changed = [before for before, after in pairwise(targets) if before is not None and before != after]
    assert step.earlier_targets == tuple(changed)


@given(days, st.lists(days.filter(bool), max_size=3), st.sampled_from(StepState))
def test_a_step_comes_back_as_it_was(target: Day | None, earlier: list[Day], state: StepState) -> None:
    step = a_step(
        target=target,
        earlier_targets=tuple(earlier),
        state=state,
        services=("ausweis",),
        programmes=("topf",),
        blocker={"de": "Räume", "en": "Rooms"},
    )
    assert from_document(Step, to_document(step)) == step
