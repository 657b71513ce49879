"""Two who answer the council at the same moment: one of them is first, and the other one is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import Clock, a_block, a_grant, a_person, a_service, an_inquiry
from clocked import ClockedHouse, a_clocked_house

from servicedir.domain.history import Conflict
from servicedir.domain.inquiry import InquiryState
from servicedir.domain.workflow import Person, Role

WRITER, *APPROVERS = (a_person(name, a_grant(Role.COORDINATOR, "")) for name in ("cora", "carlo", "clara"))


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClockedHouse]:
    """A house on each engine in which an inquiry waits for approval."""
    on = {"database_url": request.getfixturevalue("fresh_postgresql")} if request.param == "postgresql" else {}
    made = a_clocked_house(tmp_path, Clock(), a_service(), **on)
    with made.work(write=True) as directory:
        directory.answering.save(an_inquiry("af-1", a_block()), based_on=None, by=WRITER)
        directory.answering.step("af-1", "submit", based_on=1, by=WRITER)
    yield made
    made.close()


def at_once(house: ClockedHouse, *wanted: tuple[str, Person]) -> list[str]:
    """Return which of these steps were taken, each by somebody who looked before any was."""
    taken: list[str] = []
    together = threading.Barrier(len(wanted))

    def one(step: str, by: Person) -> None:
        together.wait(20)
        try:
            with house.work(write=True) as directory:
                directory.answering.step("af-1", step, based_on=1, by=by)
        except (Conflict, ValueError):
            return
        taken.append(step)

    threads = [threading.Thread(target=one, args=one_wanted) for one_wanted in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return taken


def test_an_answer_that_two_approve_at_once_is_frozen_once(house: ClockedHouse) -> None:
    assert at_once(house, *(("approve", person) for person in APPROVERS)) == ["approve"]
    with house.work() as directory:
        assert [answer.edition for answer in directory.answering.get("af-1", WRITER).answers] == [1]


def test_what_is_returned_while_somebody_approves_it_is_either_a_draft_or_frozen(house: ClockedHouse) -> None:
    (taken,) = at_once(house, ("approve", APPROVERS[0]), ("reject", APPROVERS[1]))
    with house.work() as directory:
        standing = directory.answering.get("af-1", WRITER)
    is_frozen = taken == "approve"
    assert standing.state is (InquiryState.APPROVED if is_frozen else InquiryState.DRAFT)
    assert len(standing.answers) == is_frozen
