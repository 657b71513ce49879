"""Who answers the council: drafts, approval by somebody else, what is frozen then, and what everybody reads of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_block, a_grant, a_person, a_service, a_topic, an_inquiry
from clocked import ClockedHouse, a_clocked_house
from houses import publish, publish_answer

from servicedir.directory import Forbidden, Refused
from servicedir.directory.answering import Overtaken, Standing
from servicedir.domain.history import Conflict, Kind, NotFound, SlugTaken
from servicedir.domain.inquiry import Inquiry, InquiryState
from servicedir.domain.workflow import Person, Role
from servicedir.reports.answer import mark

CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))
CARLO = a_person("carlo", a_grant(Role.COORDINATOR, ""))
ANNA = a_person("anna", a_grant(Role.EDITOR, ""), a_grant(Role.REVIEWER, ""))
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    made = a_clocked_house(tmp_path / "house", clock, a_service("eins"), base_url="https://stadt.example")
    clock.now += HOUR
    yield made
    made.close()


def save(house: ClockedHouse, inquiry: Inquiry, based_on: int | None = None, by: Person = CORA) -> int:
    with house.work(write=True) as directory:
        return directory.answering.save(inquiry, based_on=based_on, by=by).latest.number


def step(house: ClockedHouse, name: str, by: Person = CORA, slug: str = "af-1", based_on: int = 1) -> Standing:
    with house.work(write=True) as directory:
        return directory.answering.step(slug, name, based_on=based_on, by=by)


def take(house: ClockedHouse, *steps: str, based_on: int = 1) -> Standing:
    """Take steps, each by somebody who may."""
    return [step(house, name, CARLO if name == "approve" else CORA, based_on=based_on) for name in steps][-1]


def public(house: ClockedHouse) -> list[tuple[str, int]]:
    with house.work() as directory:
        return [(answer.slug, answer.edition) for answer in directory.inquiries.published()]


def files(house: ClockedHouse, edition: int = 1) -> dict[tuple[str, str], bytes]:
    with house.work() as directory:
        kept = directory.stored_answers
        return {
            (format, language): kept.file("af-1", edition, format, language) or b""
            for language in ("de", "en")
            for format in kept.sizes("af-1", edition, language)
        }


# The way of an inquiry


def test_an_inquiry_goes_from_draft_to_approval_and_is_published(house: ClockedHouse) -> None:
    assert save(house, an_inquiry()) == 1
    states = [take(house, name).state for name in ("submit", "approve", "publish")]
    assert states == [InquiryState.IN_APPROVAL, InquiryState.APPROVED, InquiryState.PUBLISHED]
    assert public(house) == [("af-1", 1)]


@pytest.mark.parametrize("steps", [(), ("submit",), ("submit", "approve")])
def test_nobody_outside_learns_of_it_before_it_is_published(house: ClockedHouse, steps: tuple[str, ...]) -> None:
    save(house, an_inquiry())
    for name in steps:
        take(house, name)
    assert public(house) == []
    with house.work() as directory:
        asks: list[Any] = [
            lambda: directory.inquiries.editions("af-1"),
            lambda: directory.inquiries.approved("af-1", 1),
            lambda: directory.inquiries.file("af-1", 1, "json", "de"),
            lambda: directory.inquiries.answer("af-1", 1, "de"),
            lambda: directory.inquiries.today("af-1", "de"),
        ]
        for ask in asks:
            with pytest.raises(NotFound):
                ask()


def test_it_can_be_taken_back_returned_and_opened_again(house: ClockedHouse) -> None:
    save(house, an_inquiry())
    for steps in (("submit", "withdraw"), ("submit", "reject"), ("submit", "approve", "reopen")):
        standing = take(house, *steps)
        assert standing.state is InquiryState.DRAFT
    assert standing.entry.latest.number == 2
    assert take(house, "submit", "approve", based_on=2).answers[-1].edition == 2
    assert take(house, "publish", based_on=2).answers[-1].published is not None
    assert public(house) == [("af-1", 2)]


STEPS = {
    InquiryState.DRAFT: {"submit"},
    InquiryState.IN_APPROVAL: {"withdraw", "reject", "approve"},
    InquiryState.APPROVED: {"reopen", "publish"},
    InquiryState.PUBLISHED: set(),
}


@pytest.mark.parametrize("steps", [(), ("submit",), ("submit", "approve"), ("submit", "approve", "publish")])
def test_no_other_step_starts_where_it_stands(house: ClockedHouse, steps: tuple[str, ...]) -> None:
    save(house, an_inquiry())
    state = take(house, *steps).state if steps else InquiryState.DRAFT
    for name in {"submit", "withdraw", "reject", "approve", "reopen", "publish", "retire", ""} - STEPS[state]:
        with pytest.raises(ValueError, match="does not start"):
            step(house, name, CARLO)


def test_saving_makes_a_draft_of_it_again_and_what_was_published_stays(house: ClockedHouse) -> None:
    save(house, an_inquiry())
    take(house, "submit", "approve", "publish")
    before = files(house)
    assert save(house, an_inquiry(title="Anders"), based_on=1) == 2
    with house.work() as directory:
        assert directory.answering.get("af-1", CORA).state is InquiryState.DRAFT
        assert directory.inquiries.answer("af-1", 1, "de").title == "Beratung per Video"
    assert public(house) == [("af-1", 1)]
    take(house, "submit", "approve", "publish", based_on=2)
    assert public(house) == [("af-1", 2)]
    with house.work() as directory:
        assert [answer.edition for answer in directory.inquiries.editions("af-1")] == [1, 2]
        assert directory.inquiries.answer("af-1", 2, "de").title == "Anders"
    assert files(house) == before


def test_who_saves_upon_something_else_than_the_latest_is_told(house: ClockedHouse) -> None:
    save(house, an_inquiry())
    save(house, an_inquiry(title="Anders"), based_on=1)
    with pytest.raises(Conflict):
        save(house, an_inquiry(title="Wieder anders"), based_on=1)
    with pytest.raises(Conflict):
        step(house, "submit", based_on=1)
    with pytest.raises(SlugTaken):
        save(house, an_inquiry())
    assert save(house, an_inquiry(title="Anders"), based_on=2) == 2  # The same again is no new revision.


# Who may


@pytest.mark.parametrize("person", [ANNA, a_person("nora", a_grant(Role.EDITOR, "jugendamt"))])
def test_who_keeps_entries_has_no_part_in_it(house: ClockedHouse, person: Person) -> None:
    save(house, an_inquiry())
    with house.work(write=True) as directory:
        answering = directory.answering
        asks: list[Any] = [
            lambda: answering.all(person),
            lambda: answering.get("af-1", person),
            lambda: answering.history("af-1", person),
            lambda: answering.save(an_inquiry("af-2"), based_on=None, by=person),
            lambda: answering.step("af-1", "submit", based_on=1, by=person),
            lambda: answering.draft(an_inquiry(), person, "de"),
        ]
        for ask in asks:
            with pytest.raises(Forbidden):
                ask()


def test_nobody_approves_what_they_wrote_even_a_word_of_it(house: ClockedHouse) -> None:
    save(house, an_inquiry())
    save(house, an_inquiry(title="Anders"), based_on=1, by=CARLO)
    step(house, "submit", based_on=2)
    for writer in (CORA, CARLO):
        with pytest.raises(Forbidden):
            step(house, "approve", writer, based_on=2)
    third = a_person("ada", a_grant(Role.ADMINISTRATOR, ""))
    assert step(house, "approve", third, based_on=2).state is InquiryState.APPROVED


def test_who_opens_an_answer_again_has_written_nothing(house: ClockedHouse) -> None:
    save(house, an_inquiry())
    take(house, "submit", "approve")
    step(house, "reopen", CARLO)
    step(house, "submit", based_on=2)
    with pytest.raises(Forbidden):
        step(house, "approve", CORA, based_on=2)
    assert step(house, "approve", CARLO, based_on=2).state is InquiryState.APPROVED


def test_who_wrote_only_what_was_published_long_ago_may_approve_the_next_answer(house: ClockedHouse) -> None:
    save(house, an_inquiry())
    take(house, "submit", "approve", "publish")
    save(house, an_inquiry(title="Anders"), based_on=1, by=CARLO)
    step(house, "submit", CARLO, based_on=2)
    assert step(house, "approve", CORA, based_on=2).state is InquiryState.APPROVED


# What is frozen


def test_the_answer_stays_byte_for_byte_whatever_is_published_later(house: ClockedHouse, clock: Clock) -> None:
    save(house, an_inquiry("af-1", a_block(), on=None))
    standing = take(house, "submit", "approve", "publish")
    before = files(house)
    assert set(before) >= {("json", "de"), ("json", "en")}
    clock.now += 40 * HOUR
    publish(house, a_service("eins", title="Ganz anders"), a_service("zwei"))
    assert files(house) == before
    (answer,) = standing.answers
    assert sha256(before["json", "de"]).hexdigest() == answer.checksum


def test_both_clocks_are_those_of_the_approval_unless_the_inquiry_says_otherwise(
    house: ClockedHouse, clock: Clock
) -> None:
    save(house, an_inquiry())
    step(house, "submit")
    clock.now += 30 * HOUR
    (answer,) = take(house, "approve").answers
    assert (answer.on, answer.recorded, answer.at) == (date(2026, 11, 24), clock.now, clock.now)
    said = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    save(house, an_inquiry(on=date(2025, 5, 1), recorded=said), based_on=1)
    later = take(house, "submit", "approve", based_on=2).answers[-1]
    assert (later.on, later.recorded) == (date(2025, 5, 1), said)


def test_today_it_is_answered_for_today_from_what_is_known_now(house: ClockedHouse, clock: Clock) -> None:
    publish_answer(house, an_inquiry(on=date(2025, 5, 1)))
    clock.now += 48 * HOUR
    publish(house, a_service("zwei"))
    with house.work() as directory:
        frozen, now = directory.inquiries.answer("af-1", 1, "de"), directory.inquiries.today("af-1", "de")
        assert (frozen.on, frozen.services) == (date(2025, 5, 1), 1)
        assert (now.on, now.services, now.recorded) == (house.today(), 2, clock.now)
        stored = json.loads(directory.inquiries.file("af-1", 1, "json", "de"))
    assert stored["on"] == "2025-05-01"


def marked(house: ClockedHouse) -> str:
    """The mark of what the inquiry would be answered now."""
    with house.work() as directory:
        return mark(directory.answering.drafts(directory.answering.get("af-1", CARLO).inquiry, CARLO))


def test_what_says_the_same_later_is_what_was_read(house: ClockedHouse, clock: Clock) -> None:
    save(house, an_inquiry("af-1", a_block("services")))
    step(house, "submit")
    seen = marked(house)
    clock.now += HOUR
    assert marked(house) == seen
    with house.work(write=True) as directory:
        standing = directory.answering.step("af-1", "approve", based_on=1, by=CARLO, seen=seen)
    assert standing.answers[0].recorded == clock.now


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_says_something_else_than_what_was_read_is_not_frozen(house: ClockedHouse, language: str) -> None:
    save(house, an_inquiry("af-1", a_block("services")))
    step(house, "submit")
    seen = marked(house)
    publish(house, a_service("eins", title={"de": "Personalausweis", "en": "Identity card"} | {language: "Neu"}))
    with house.work(write=True) as directory, pytest.raises(Overtaken) as overtaken:
        directory.answering.step("af-1", "approve", based_on=1, by=CARLO, seen=seen)
    assert mark(overtaken.value.answers) == marked(house) != seen
    with house.work() as directory:
        assert directory.answering.get("af-1", CARLO).state is InquiryState.IN_APPROVAL


# Bad input

TOMORROW = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"on": TOMORROW}, ("on",), "in_the_future"),
        ({"recorded": datetime(2026, 11, 23, 14, tzinfo=UTC)}, ("recorded",), "in_the_future"),
        ({"recorded": datetime(2026, 11, 23, 11, tzinfo=UTC)}, ("recorded",), "before_the_first"),
        ({"received": date(2026, 2, 2), "deadline": date(2026, 2, 1)}, ("deadline",), "ends_before_it_begins"),
        ({"title": ""}, ("title",), "missing"),
    ],
    ids=["on", "recorded-later", "recorded-before", "deadline", "title"],
)
def test_what_cannot_be_answered_is_refused(
    house: ClockedHouse, changes: dict[str, Any], where: tuple[str, ...], what: str
) -> None:
    with pytest.raises(Refused) as refused:
        save(house, an_inquiry(**changes))
    assert [(fault.where, fault.what) for fault in refused.value.faults] == [(where, what)]


@pytest.mark.parametrize(
    ("block", "where", "what"),
    [
        (a_block("place", place="nirgends"), "place", "unknown_reference"),
        (a_block("services", search="video=sometimes"), "search", "not_a_search"),
        (a_block("services", search="office=nirgends"), "search", "not_a_search"),
        (a_block("comparison"), "compared", "missing"),
        (a_block("services", on=TOMORROW), "on", "in_the_future"),
        (a_block("services", most=0), "most", "not_positive"),
    ],
    ids=["place", "stage", "office", "compared", "future", "most"],
)
def test_a_block_that_leads_nowhere_is_refused_with_its_place(
    house: ClockedHouse, block: Any, where: str, what: str
) -> None:
    with pytest.raises(Refused) as refused:
        save(house, an_inquiry("af-1", a_block(), block))
    faults = [(fault.what, fault.where) for fault in refused.value.faults]
    assert faults == [(what, ("questions", 0, "blocks", 1, where))]


def test_what_has_come_to_lead_nowhere_is_not_frozen(house: ClockedHouse) -> None:
    save(house, an_inquiry())
    broken = replace(an_inquiry(), on=TOMORROW)
    with house.work(write=True) as directory, pytest.raises(Refused):
        directory.answering.draft(broken, CORA, "de")


def test_what_was_there_when_it_was_known_can_be_asked_for_though_it_is_gone_today(
    house: ClockedHouse, clock: Clock
) -> None:
    publish(house, a_topic("weg"))
    then, clock.now = clock.now, clock.now + HOUR
    with house.work(write=True) as directory:
        directory.revisions.move(Kind.TOPIC, "weg", "retire", based_on=1, author="cora", reason="")
    asked = an_inquiry("af-1", a_block("services", search="topic=weg"), recorded=then)
    with house.work() as directory:
        assert not directory.answering.faults(asked)
        assert "weg" not in repr(directory.answering.draft(asked, CORA, "de").replies[0].parts[0].paragraphs)
        (fault,) = directory.answering.faults(replace(asked, recorded=None))
    assert fault.what == "not_a_search"
