"""History: where an entry stands, and which changes an outsider may hear of."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest
from builders import a_service

from servicedir.domain.document import to_document
from servicedir.domain.history import (
    LIVE,
    PUBLIC,
    ChangeKind,
    Conflict,
    Entry,
    Gone,
    Kind,
    Moved,
    NotFound,
    Revision,
    SlugTaken,
)
from servicedir.domain.workflow import State


def a_revision(number: int) -> Revision:
    return Revision(
        number=number,
        document=to_document(a_service()),
        author="anna",
        reason="weil",
        recorded=datetime(2026, 11, 23, tzinfo=UTC),
    )


def an_entry(live: int | None, latest: int, state: State = State.PRIVATE) -> Entry:
    return Entry(kind=Kind.SERVICE, slug="x", state=state, live=live, latest=a_revision(latest))


@pytest.mark.parametrize("state", State)
def test_beside_what_is_live_there_is_a_draft_while_it_is_written_or_reviewed(state: State) -> None:
    assert an_entry(live=1, latest=2, state=state).has_draft == (state in (State.PRIVATE, State.PENDING))


def test_after_a_draft_was_discarded_the_latest_revision_repeats_the_live_one_and_is_none() -> None:
    assert not an_entry(live=1, latest=3, state=State.PUBLISHED).has_draft


def test_where_nothing_is_live_there_is_no_draft_beside_it() -> None:
    assert not an_entry(live=None, latest=2).has_draft


def test_outsiders_hear_of_what_they_can_see_and_of_nothing_else() -> None:
    assert set(ChangeKind) - PUBLIC == {
        ChangeKind.SAVED,
        ChangeKind.SUBMITTED,
        ChangeKind.WITHDRAWN,
        ChangeKind.REJECTED,
        ChangeKind.REVIVED,
        ChangeKind.DISCARDED,
        ChangeKind.READDRESSED,
    }


def test_after_a_change_that_is_live_there_is_something_to_see_and_after_other_public_ones_nothing() -> None:
    assert {ChangeKind.RENAMED, ChangeKind.RETIRED, ChangeKind.DELETED} == PUBLIC - LIVE


def test_a_conflict_says_where_the_entry_stands() -> None:
    entry = an_entry(live=1, latest=7)
    conflict = Conflict(entry)
    assert conflict.entry == entry
    assert str(conflict) == "service x is at revision 7"


def test_a_revision_is_never_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        a_revision(1).number = 2  # type: ignore[misc]  # this is what must fail


def test_faults_are_caught_by_what_they_are_in_python() -> None:
    assert issubclass(NotFound, LookupError)
    assert issubclass(Gone, NotFound)
    assert issubclass(Moved, NotFound)
    assert issubclass(SlugTaken, ValueError)
