"""Inquiries: what breaks a rule and where, which years they ask for, where they stand, and that they come back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from builders import a_block, an_inquiry
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.document import BadDocument, from_document, to_document
from servicedir.domain.history import Entry, Kind, Revision
from servicedir.domain.inquiry import (
    INQUIRY_STEPS,
    MOST_BLOCKS,
    MOST_IN_ALL,
    MOST_QUESTIONS,
    Approved,
    Block,
    BlockKind,
    Inquiry,
    InquiryState,
    Question,
    state_of,
)
from servicedir.domain.text import Text
from servicedir.domain.workflow import State

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
QUESTION = Question(text=Text.of("Was?"))
FULL = Question(text=Text.of("Wie?"), blocks=(a_block(),) * MOST_BLOCKS)


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, []),
        ({"slug": "Zwei Wörter"}, ["slug: not_a_slug"]),
        ({"slug": "add"}, ["slug: not_a_slug"]),
        ({"title": ""}, ["title: missing"]),
        ({"title": {"en": "Video"}}, ["title: missing"]),
        ({"on": TODAY}, []),
        ({"on": TOMORROW}, ["on: in_the_future"]),
        ({"received": TODAY, "deadline": TODAY}, []),
        ({"received": TOMORROW, "deadline": TODAY}, ["deadline: ends_before_it_begins"]),
        ({"deadline": TODAY}, []),
        ({"questions": ()}, []),
        ({"questions": (QUESTION,) * MOST_QUESTIONS}, []),
        ({"questions": (QUESTION,) * (MOST_QUESTIONS + 1)}, ["questions: too_many"]),
        ({"questions": (Question(text=Text()),)}, ["questions.0.text: missing"]),
        (
            {"questions": (QUESTION, Question(text=Text.of("Wie?"), blocks=(a_block(),) * (MOST_BLOCKS + 1)))},
            ["questions.1.blocks: too_many"],
        ),
        ({"questions": (FULL,) * (MOST_IN_ALL // MOST_BLOCKS)}, []),
        ({"questions": (FULL,) * (MOST_IN_ALL // MOST_BLOCKS + 1)}, ["questions: too_many_blocks"]),
    ],
)
def test_an_inquiry_says_which_rules_it_breaks(fields: dict[str, Any], faults: list[str]) -> None:
    assert [str(fault) for fault in an_inquiry(**fields).faults(TODAY)] == faults


@pytest.mark.parametrize(
    ("block", "faults"),
    [
        (a_block("services"), []),
        (a_block("text", text=""), ["text: missing"]),
        (a_block("place"), ["place: missing"]),
        (a_block("place", place="rathaus"), []),
        (a_block("comparison"), ["compared: missing"]),
        (a_block("comparison", compared=date(2024, 1, 1)), []),
        (a_block("comparison", compared=TOMORROW), ["compared: in_the_future"]),
        (a_block("services", on=TOMORROW), ["on: in_the_future"]),
        (a_block("figures"), ["years: missing"]),
        (a_block("figures", years=("2024", "2026")), []),
        (a_block("figures", years=("2024", "2027")), ["years.1: not_a_year"]),
        (a_block("figures", years=("1989",)), ["years.0: not_a_year"]),
        (a_block("figures", years=("2024-05",)), ["years.0: not_a_year"]),
        (a_block("figures", years=("dieses",)), ["years.0: not_a_year"]),
        (a_block("services", most=0), ["most: not_positive"]),
        (a_block("services", most=1), []),
    ],
)
def test_a_block_says_which_rules_it_breaks_and_the_inquiry_where_it_stands(block: Block, faults: list[str]) -> None:
    assert [str(fault) for fault in block.faults(TODAY)] == faults
    inquiry = an_inquiry("af-1", a_block(), block)
    assert [str(fault) for fault in inquiry.faults(TODAY)] == [f"questions.0.blocks.1.{fault}" for fault in faults]


def test_the_years_of_all_blocks_are_asked_for_once_each() -> None:
    first, second = a_block("figures", years=("2025", "2023")), a_block("figures", years=("2024", "2023"))
    assert an_inquiry("af-1", first, a_block(), second).years() == ("2023", "2024", "2025")
    assert an_inquiry().years() == ()


@given(
    st.none() | st.dates(),
    st.none() | st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))])),
    st.lists(st.sampled_from(BlockKind), max_size=3),
)
def test_an_inquiry_comes_back_as_it_was(on: date | None, recorded: datetime | None, kinds: list[BlockKind]) -> None:
    blocks = [a_block(kind, years=("2024",), compared=on, search="video=live", most=5) for kind in kinds]
    inquiry = an_inquiry("af-1", *blocks, on=on, recorded=recorded, received=on, deadline=on)
    assert from_document(Inquiry, to_document(inquiry)) == inquiry


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(BadDocument, match=r"^recorded: .*time zone"):
        from_document(Inquiry, {**to_document(an_inquiry()), "recorded": "2026-11-23T12:00:00"})


# Workflow


def an_entry(state: State, number: int = 2, live: int | None = None) -> Entry:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    revision = Revision(number=number, document={}, author="cora", reason="", recorded=moment)
    return Entry(kind=Kind.INQUIRY, slug="af-1", state=state, latest=revision, live=live)


def frozen(revision: int) -> Approved:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    return Approved(
        slug="af-1", edition=1, revision=revision, on=TODAY, recorded=moment, checksum="", by="ada", at=moment
    )


@pytest.mark.parametrize(
    ("entry", "answers", "state"),
    [
        (an_entry(State.PRIVATE), (), InquiryState.DRAFT),
        (an_entry(State.PENDING), (), InquiryState.IN_APPROVAL),
        (an_entry(State.PENDING), (frozen(2),), InquiryState.APPROVED),
        # What was approved is an earlier revision: this one still waits.
        (an_entry(State.PENDING), (frozen(1),), InquiryState.IN_APPROVAL),
        (an_entry(State.PUBLISHED, live=2), (frozen(2),), InquiryState.PUBLISHED),
        (an_entry(State.PRIVATE, live=1), (frozen(1),), InquiryState.DRAFT),
    ],
)
def test_where_an_inquiry_stands_follows_from_its_entry_and_what_was_frozen(
    entry: Entry, answers: tuple[Approved, ...], state: InquiryState
) -> None:
    assert state_of(entry, answers) is state


def test_every_state_can_be_reached_and_published_only_through_approval() -> None:
    ends = {end for _start, end in INQUIRY_STEPS.values()}
    assert ends == set(InquiryState)
    assert [start for start, end in INQUIRY_STEPS.values() if end is InquiryState.PUBLISHED] == [InquiryState.APPROVED]
    assert INQUIRY_STEPS["approve"][0] is InquiryState.IN_APPROVAL
