"""Many entries at once: what is shown is what is done, wholly or not at all, by nobody who may not, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_constraint, a_grant, a_period, a_person, a_service
from clocked import ClockedHouse, a_clocked_house
from houses import publish, rows, save, written

from servicedir.directory import Directory, Refused
from servicedir.directory.bulk import MOST, UNDO, Overtaken
from servicedir.domain.batch import Action, Batch, Preview, Skip, Task
from servicedir.domain.history import Entry, Kind, NotFound
from servicedir.domain.service import ChannelKind, Effect, Service, Stage
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Grant, Person, Role, State

ANNA = a_person("anna")
RITA = a_person("rita", a_grant(), a_grant(Role.REVIEWER))
BOTH = a_person("berta", a_grant(), a_grant(Role.EDITOR, "jugendamt"))
JONAS = a_person("jonas", a_grant(Role.EDITOR, "jugendamt"))
CORA = a_person("cora", Grant(Role.COORDINATOR))
NORA = Person("nora")

TO_YOUTH = Task(Action.OFFICE, "jugendamt")
TO_CITIZENS = Task(Action.OFFICE, "buergeramt")
REVIEW = Task(Action.UNDER_REVIEW)
SUBMIT = Task(Action.SUBMIT)
TO_ANNA = Task(Action.RESPONSIBLE, "anna")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ClockedHouse]:
    """A house with an entry in each state."""
    house = a_clocked_house(
        tmp_path,
        Clock(),
        a_service("offen", channels=()),
        a_service("daneben", channels=()),
        a_service("fremd", channels=(), offices=("jugendamt",)),
        a_service("video"),
    )
    save(house, a_service("entwurf", channels=()))
    save(house, a_service("wartet", channels=()), "submit")
    save(house, a_service("weg", channels=()), "publish", "retire")
    save(house, a_service("daneben", channels=(), costs="1 Euro"), based_on=1)
    yield house
    house.close()


ALL = ("offen", "daneben", "fremd", "video", "entwurf", "wartet", "weg", "nirgends")


def preview(house: ClockedHouse, task: Task, *slugs: str, by: Person = CORA) -> Preview:
    with house.work() as directory:
        return directory.bulk.preview(task, slugs or ALL, by)


def act(house: ClockedHouse, work: Callable[[Directory], Any]) -> Any:
    with house.work(write=True) as directory:
        return work(directory)


def apply(house: ClockedHouse, task: Task, *slugs: str, by: Person = CORA, why: str = "") -> int:
    mark = preview(house, task, *slugs, by=by).mark
    return int(act(house, lambda d: d.bulk.apply(task, slugs or ALL, mark, by=by, why=why)))


def undo(house: ClockedHouse, number: int, by: Person = CORA) -> Batch:
    batch: Batch = act(house, lambda d: d.bulk.undo(number, by=by))
    return batch


def entry(house: ClockedHouse, slug: str) -> tuple[Entry, Service]:
    with house.work() as directory:
        return directory.entry(slug, SYSTEM)


def live(house: ClockedHouse, slug: str) -> Service:
    with house.work() as directory:
        return directory.live(slug).service


def everything(house: ClockedHouse) -> dict[str, int]:
    return written(house) | {"batches": rows(house, "batches")}


def skips(found: Preview) -> dict[str, Skip | None]:
    return {line.slug: line.skip for line in found.lines}


# The preview


def test_the_preview_says_for_each_entry_what_will_be_or_why_nothing_is_done(house: ClockedHouse) -> None:
    assert skips(preview(house, TO_YOUTH)) == {
        "offen": None,
        "daneben": None,
        "fremd": Skip.UNCHANGED,
        "video": None,
        "entwurf": None,
        "wartet": Skip.IN_REVIEW,
        "weg": Skip.FORBIDDEN,
        "nirgends": Skip.NOT_THERE,
    }
    assert skips(preview(house, REVIEW)) == {
        "offen": None,
        "daneben": None,
        "fremd": None,
        "video": Skip.AVAILABLE,
        "entwurf": None,
        "wartet": Skip.IN_REVIEW,
        "weg": Skip.FORBIDDEN,
        "nirgends": Skip.NOT_THERE,
    }
    assert skips(preview(house, SUBMIT)) == {
        "offen": Skip.NO_DRAFT,
        "daneben": None,
        "fremd": Skip.NO_DRAFT,
        "video": Skip.NO_DRAFT,
        "entwurf": None,
        "wartet": Skip.UNCHANGED,
        "weg": Skip.NO_DRAFT,
        "nirgends": Skip.NOT_THERE,
    }
    assert skips(preview(house, TO_ANNA)) == {
        "offen": None,
        "daneben": None,
        "fremd": Skip.NOT_AN_EDITOR,
        "video": None,
        "entwurf": None,
        "wartet": None,
        "weg": None,
        "nirgends": Skip.NOT_THERE,
    }


def test_the_preview_says_what_was_and_what_will_be(house: ClockedHouse) -> None:
    def said(task: Task, slug: str) -> tuple[str, str, bool]:
        (line,) = preview(house, task, slug).lines
        return line.before, line.after, line.is_live

    assert said(TO_YOUTH, "offen") == ("buergeramt", "jugendamt", True)
    assert said(TO_YOUTH, "entwurf") == ("buergeramt", "jugendamt", False)
    assert said(REVIEW, "offen") == ("unknown", "under_review", True)
    assert said(SUBMIT, "daneben") == ("private", "pending", False)
    assert said(TO_ANNA, "offen") == ("", "anna", False)


def test_a_preview_writes_nothing_and_names_no_entry_twice(house: ClockedHouse) -> None:
    before = everything(house)
    assert [line.slug for line in preview(house, TO_YOUTH, "offen", "video", "offen").lines] == ["offen", "video"]
    assert everything(house) == before


@pytest.mark.parametrize("target", ["", "nirgends", "../x"])
def test_an_office_that_is_none_is_refused(house: ClockedHouse, target: str) -> None:
    with pytest.raises(Refused):
        preview(house, Task(Action.OFFICE, target))


def test_more_entries_than_can_be_overseen_are_refused(house: ClockedHouse) -> None:
    slugs = [f"nummer-{number}" for number in range(MOST + 1)]
    assert len(preview(house, SUBMIT, *slugs[:-1]).lines) == MOST
    with pytest.raises(Refused):
        preview(house, SUBMIT, *slugs)
    with pytest.raises(Refused):
        act(house, lambda d: d.bulk.apply(SUBMIT, slugs, "", by=CORA))


@pytest.mark.parametrize("task", [TO_YOUTH, REVIEW, SUBMIT, TO_ANNA], ids=lambda task: task.action.value)
@pytest.mark.parametrize("person", [JONAS, NORA], ids=lambda person: person.login)
def test_of_entries_of_other_offices_nothing_is_told_and_nothing_done(
    house: ClockedHouse, task: Task, person: Person
) -> None:
    others = [slug for slug in ALL if slug != "fremd"]
    found = preview(house, task, *others, by=person)
    assert set(skips(found).values()) == {Skip.NOT_THERE}
    assert {(line.before, line.after, bool(line.title)) for line in found.lines} == {("", "", False)}
    before = everything(house)
    with pytest.raises(Overtaken):
        act(house, lambda d: d.bulk.apply(task, others, found.mark, by=person))
    assert everything(house) == before


def test_what_a_role_does_not_allow_is_left_out(house: ClockedHouse) -> None:
    assert skips(preview(house, TO_YOUTH, "offen", by=ANNA)) == {"offen": Skip.FORBIDDEN_THERE}
    assert skips(preview(house, TO_YOUTH, "offen", by=BOTH)) == {"offen": None}
    assert skips(preview(house, TO_ANNA, "offen", by=ANNA)) == {"offen": Skip.FORBIDDEN}
    assert skips(preview(house, TO_ANNA, "offen", by=RITA)) == {"offen": None}
    assert skips(preview(house, Task(Action.RESPONSIBLE, "nobody"), "offen", by=RITA)) == {"offen": Skip.NOT_AN_EDITOR}


def test_an_entry_that_could_not_be_saved_is_left_out(house: ClockedHouse) -> None:
    publish(house, a_service("kaputt", channels=(), topics=("ausweise",)))
    act(house, lambda d: d.revisions.move(Kind.TOPIC, "ausweise", "retire", based_on=1, author="cora", reason=""))
    house.catch_up()
    assert skips(preview(house, REVIEW, "kaputt")) == {"kaputt": Skip.INVALID}


def test_one_is_offered_what_one_may_do_somewhere(house: ClockedHouse) -> None:
    with house.work() as directory:
        assert directory.bulk.actions(ANNA) == [Action.OFFICE, Action.UNDER_REVIEW, Action.SUBMIT]
        assert directory.bulk.actions(RITA) == list(Action)
        assert directory.bulk.actions(NORA) == []
        of_city = set(directory.bulk.assignable(CORA))
        assert {"anna", "rita", "cora", "jonas"} <= of_city
        assert "nora" not in of_city
        assert set(directory.bulk.assignable(RITA)) == of_city - {"jonas"}
        assert directory.bulk.assignable(ANNA) == {}


# Doing it


def test_what_is_published_stays_as_it_is_and_gets_a_draft_beside_it(house: ClockedHouse) -> None:
    before = {slug: live(house, slug) for slug in ("offen", "daneben", "video", "fremd")}
    number = apply(house, TO_YOUTH, why="Neue Gliederung")
    assert {slug: live(house, slug) for slug in before} == before
    for slug in ("offen", "daneben", "video", "entwurf"):
        stands, value = entry(house, slug)
        assert value.office == "jugendamt"
        assert (stands.state, stands.latest.author, stands.latest.reason) == (State.PRIVATE, "cora", "Neue Gliederung")
    with house.work() as directory:
        batch = directory.bulk.batch(number, CORA)
    assert [done["slug"] for done in batch.done] == ["offen", "daneben", "video", "entwurf"]
    assert (batch.task, batch.author, batch.skipped, batch.undone) == (TO_YOUTH, "cora", 4, None)


def test_the_draft_of_somebody_else_keeps_what_it_says(house: ClockedHouse) -> None:
    apply(house, REVIEW, "daneben")
    _stands, value = entry(house, "daneben")
    assert value.costs == Text.of("1 Euro")
    assert value.stage(ChannelKind.VIDEO, house.today()) is Stage.UNDER_REVIEW


def test_drafts_are_sent_for_review_and_published_by_nobody(house: ClockedHouse) -> None:
    apply(house, SUBMIT, by=ANNA)
    assert [entry(house, slug)[0].state for slug in ("daneben", "entwurf")] == [State.PENDING] * 2
    assert [entry(house, slug)[0].live for slug in ("daneben", "entwurf", "wartet")] == [1, None, None]


def test_somebody_answers_for_many_without_a_new_revision(house: ClockedHouse) -> None:
    before = rows(house, "revisions")
    act(house, lambda d: d.reviews.assign("offen", responsible="", review_months=7, by=SYSTEM))
    apply(house, TO_ANNA, by=RITA)
    assert {entry(house, slug)[0].responsible for slug in ("offen", "video", "wartet", "weg")} == {"anna"}
    assert entry(house, "offen")[0].review_months == 7
    assert entry(house, "fremd")[0].responsible == ""
    assert rows(house, "revisions") == before


def test_each_entry_has_its_line_in_the_audit_log_and_the_whole_has_one(house: ClockedHouse) -> None:
    number = apply(house, TO_YOUTH, "offen", "video")
    with house.work() as directory:
        lines = [(line.action, line.object) for line in directory.people.audit_log(limit=3)]
    assert lines == [("bulk office", f"batch/{number}"), ("save", "service/video"), ("save", "service/offen")]


CHANGES: dict[str, Callable[[Directory], Any]] = {
    "saved": lambda d: d.save(a_service("offen", costs="2 Euro", channels=()), based_on=1, by=RITA),
    "retired": lambda d: d.move("offen", "retire", based_on=1, by=RITA),
    "renamed": lambda d: d.rename("offen", "offen-neu", by=RITA),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("task", [TO_YOUTH, REVIEW], ids=lambda task: task.action.value)
def test_when_anything_changed_since_the_preview_nothing_is_done(house: ClockedHouse, task: Task, change: str) -> None:
    chosen = ("entwurf", "offen", "daneben")
    shown = preview(house, task, *chosen)
    act(house, CHANGES[change])
    before = everything(house)
    with pytest.raises(Overtaken) as overtaken:
        act(house, lambda d: d.bulk.apply(task, chosen, shown.mark, by=CORA))
    assert everything(house) == before
    now = overtaken.value.preview
    assert now == preview(house, task, *chosen)
    assert now.mark != shown.mark


def test_a_role_that_was_taken_away_counts_at_once(house: ClockedHouse) -> None:
    shown = preview(house, REVIEW, "entwurf", "offen", by=ANNA)
    before = everything(house)
    with pytest.raises(Overtaken):
        act(house, lambda d: d.bulk.apply(REVIEW, ["entwurf", "offen"], shown.mark, by=Person("anna")))
    assert everything(house) == before


def test_a_mark_of_another_preview_does_nothing(house: ClockedHouse) -> None:
    other = preview(house, TO_YOUTH, "offen")
    before = everything(house)
    for mark in (other.mark, "", "x"):
        with pytest.raises(Overtaken):
            act(house, lambda d, mark=mark: d.bulk.apply(TO_YOUTH, ["offen", "entwurf"], mark, by=CORA))
    assert everything(house) == before


def test_what_was_done_is_not_done_again_by_pressing_twice(house: ClockedHouse) -> None:
    mark = preview(house, TO_YOUTH).mark
    act(house, lambda d: d.bulk.apply(TO_YOUTH, ALL, mark, by=CORA))
    before = everything(house)
    with pytest.raises(Overtaken) as overtaken:
        act(house, lambda d: d.bulk.apply(TO_YOUTH, ALL, mark, by=CORA))
    assert overtaken.value.preview.doing == []
    assert everything(house) == before


# Taking it back


@pytest.mark.parametrize("task", [TO_YOUTH, REVIEW, SUBMIT, TO_ANNA], ids=lambda task: task.action.value)
def test_taking_back_restores_what_there_was(house: ClockedHouse, task: Task) -> None:
    def stand() -> dict[str, Any]:
        found = {}
        for slug in ALL[:-1]:
            stands, value = entry(house, slug)
            found[slug] = (stands.state, stands.responsible, value, stands.live is not None and live(house, slug))
        return found

    before = stand()
    number = apply(house, task)
    assert stand() != before
    batch = undo(house, number)
    assert batch.left == ()
    assert batch.undone == house.now()
    assert stand() == before
    for slug in ALL[:-1]:
        with house.work() as directory:
            numbers = [revision.number for revision in directory.history(slug, SYSTEM)]
        assert numbers == list(range(1, len(numbers) + 1))


GONE_ON: dict[str, Callable[[Directory], Any]] = {
    "saved": lambda d: d.save(a_service("offen", costs="2 Euro"), based_on=2, by=SYSTEM),
    "published": lambda d: d.move("offen", "publish", based_on=2, by=SYSTEM),
    "submitted": lambda d: d.move("offen", "submit", based_on=2, by=SYSTEM),
    "discarded": lambda d: d.move("offen", "discard", based_on=2, by=SYSTEM),
    "retired": lambda d: d.move("offen", "retire", based_on=2, by=SYSTEM),
    "renamed": lambda d: d.rename("offen", "offen-neu", by=SYSTEM),
    "planned": lambda d: d.planning.plan("offen", "publish", d.house.now() + timedelta(1), based_on=2, by=SYSTEM),
}


@pytest.mark.parametrize("how", GONE_ON)
def test_where_somebody_went_on_nothing_is_taken_back_and_that_is_said(house: ClockedHouse, how: str) -> None:
    number = apply(house, TO_YOUTH, "offen", "entwurf")
    act(house, GONE_ON[how])
    slug = "offen-neu" if how == "renamed" else "offen"
    before = entry(house, slug)
    batch = undo(house, number)
    assert batch.left == ("offen",)
    assert entry(house, slug) == before
    assert entry(house, "entwurf")[1].office == "buergeramt"


def test_a_review_that_was_decided_and_an_answer_given_by_another_are_left_alone(house: ClockedHouse) -> None:
    sent = apply(house, SUBMIT, "entwurf", "daneben")
    act(house, lambda d: d.move("entwurf", "publish", based_on=1, by=RITA))
    assert undo(house, sent).left == ("entwurf",)
    assert entry(house, "entwurf")[0].state is State.PUBLISHED
    assigned = apply(house, TO_ANNA, "offen", "video")
    act(house, lambda d: d.reviews.assign("offen", responsible="rita", review_months=None, by=SYSTEM))
    assert undo(house, assigned).left == ("offen",)
    assert [entry(house, slug)[0].responsible for slug in ("offen", "video")] == ["rita", ""]


def test_it_is_taken_back_once_within_thirty_days(house: ClockedHouse) -> None:
    number = apply(house, TO_YOUTH, "offen")
    undo(house, number)
    before = everything(house)
    with pytest.raises(ValueError, match="cannot be undone"):
        undo(house, number)
    late = apply(house, TO_YOUTH, "offen")
    house.clock.now += UNDO + timedelta(seconds=1)
    with pytest.raises(ValueError, match="cannot be undone"):
        undo(house, late)
    assert rows(house, "batches") == before["batches"] + 1
    assert entry(house, "offen")[1].office == "jugendamt"


def test_only_who_did_it_and_coordinators_see_it_and_take_it_back(house: ClockedHouse) -> None:
    number = apply(house, REVIEW, "offen", by=ANNA)
    for person in (RITA, JONAS, NORA):
        with pytest.raises(NotFound):
            undo(house, number, person)
        with house.work() as directory:
            assert directory.bulk.latest(person) == []
            with pytest.raises(NotFound):
                directory.bulk.batch(number, person)
    for person in (ANNA, CORA):
        with house.work() as directory:
            assert [batch.number for batch in directory.bulk.latest(person)] == [number]
    with pytest.raises(NotFound):
        undo(house, number + 1)
    assert undo(house, number, ANNA).left == ()
    assert undo(house, apply(house, REVIEW, "offen", by=ANNA), CORA).left == ()


def test_who_has_lost_the_role_takes_nothing_back(house: ClockedHouse) -> None:
    number = apply(house, TO_YOUTH, "entwurf", by=BOTH)
    assert undo(house, number, a_person("berta", a_grant(Role.EDITOR, "jugendamt"))).left == ("entwurf",)
    assert entry(house, "entwurf")[1].office == "jugendamt"


def test_an_entry_that_rules_video_out_is_never_put_under_review(house: ClockedHouse) -> None:
    publish(house, a_service("gesetz", channels=(), constraints=(a_constraint(effect=Effect.RULES_OUT),)))
    publish(house, a_service("spaeter", channels=(a_channel("video", a_period("planned", "2999")),)))
    assert skips(preview(house, REVIEW, "gesetz", "spaeter")) == {"gesetz": Skip.RULED_OUT, "spaeter": Skip.LATER}
