"""Two who answer the council at the same moment: one of them is first, and the other one is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import Clock, a_block, a_grant, a_person, a_service, an_inquiry
from clocked import ClockedHouse, a_clocked_house
from houses import publish

from servicedir.domain.history import Conflict
from servicedir.domain.inquiry import Approved, InquiryState
from servicedir.domain.workflow import Person, Role
from servicedir.reports import formats
from servicedir.reports.answer import Answer, as_json

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


def approve_while(house: ClockedHouse, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> Approved:
    """Approve the answer; when its papers are begun, something else is done, by somebody who does not wait."""
    make = formats.files

    def files(answers: list[Answer], base: str) -> list[tuple[str, str, bytes]]:
        act()
        return make(answers, base)

    monkeypatch.setattr(formats, "files", files)
    with house.work(write=True) as directory:
        return directory.answering.step("af-1", "approve", based_on=1, by=APPROVERS[0]).answers[-1]


def test_others_save_while_papers_are_made_and_it_is_no_part_of_them(
    house: ClockedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save() -> None:
        house.clock.now += timedelta(minutes=1)
        publish(house, a_service("zwei"))

    begun = house.clock.now
    assert approve_while(house, save, monkeypatch).recorded == begun
    with house.work() as directory:
        stored = directory.stored_answers.file("af-1", 1, "json", "de")
        assert stored == as_json(directory.answering.answers(an_inquiry("af-1", a_block()), ["de"], begun)[0])
        assert len(directory.titles()) == 2


def test_what_is_returned_while_its_papers_are_made_is_not_frozen(
    house: ClockedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send_back() -> None:
        with house.work(write=True) as directory:
            directory.answering.step("af-1", "reject", based_on=1, by=APPROVERS[1])

    with pytest.raises(ValueError, match="does not start"):
        approve_while(house, send_back, monkeypatch)
    with house.work() as directory:
        assert directory.answering.get("af-1", WRITER).answers == ()


def test_what_is_written_anew_while_its_papers_are_made_is_not_frozen(
    house: ClockedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with house.work(write=True) as directory:
            directory.answering.save(an_inquiry("af-1", title="Anders"), based_on=1, by=WRITER)

    with pytest.raises(Conflict):
        approve_while(house, write, monkeypatch)
    with house.work() as directory:
        assert directory.answering.get("af-1", WRITER).answers == ()
