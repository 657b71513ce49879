"""What waits for whom, what an entry lacks as its office sees it, and that each number is that of its list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_constraint, a_grant, a_legal_basis, a_period, a_person, a_service, an_office
from clocked import ClockedHouse, a_clocked_house
from houses import publish, save

from servicedir.directory.board import COLUMNS, Waiting
from servicedir.domain.care import Care, Gist, Tended
from servicedir.domain.choice import PER_PAGE, Choice, Order
from servicedir.domain.document import to_document
from servicedir.domain.hint import Subject
from servicedir.domain.history import Kind
from servicedir.domain.service import Effect, Stage
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Grant, Permission, Person, Role, State

ANNA = a_person("anna")
RITA = a_person("rita", a_grant(), a_grant(Role.REVIEWER))
JONAS = a_person("jonas", a_grant(Role.EDITOR, "jugendamt"))
CORA = a_person("cora", Grant(Role.COORDINATOR))
NORA = Person("nora")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ClockedHouse]:
    """A house in which every office has something, and every entry something to care for."""
    house = a_clocked_house(
        tmp_path,
        Clock(),
        an_office("meldestelle", parent="buergeramt"),
        an_office("leer"),
        a_service("fertig"),
        a_service("pilot", channels=(a_channel("video", a_period("pilot", "2024")),)),
        a_service("stumm", channels=()),
        a_service("geplant", channels=(a_channel("video", a_period("planned", "2024")),)),
        a_service("schief", constraints=(a_constraint(effect=Effect.RULES_OUT),), offices=("meldestelle",)),
        a_service("fremd", channels=(), offices=("jugendamt",)),
    )
    save(house, a_service("entwurf", offices=("meldestelle",), channels=()))
    save(house, a_service("wartet", channels=()), "submit")
    save(house, a_service("weg", channels=()), "publish", "retire")
    save(house, a_service("pilot", channels=()), based_on=1)
    house.clock.now += timedelta(hours=1)
    yield house
    house.close()


def entries(house: ClockedHouse, by: Person) -> dict[str, Tended]:
    with house.work() as directory:
        return {tended.slug: tended for tended in directory.board.entries(by)}


def slugs(house: ClockedHouse, choice: Choice, by: Person = CORA) -> list[str]:
    with house.work() as directory:
        return [tended.slug for tended in directory.board.chosen(choice, by)]


def waiting(house: ClockedHouse, by: Person) -> Waiting:
    with house.work() as directory:
        return directory.board.waiting(by)


def act(house: ClockedHouse, work: Any) -> Any:
    with house.work(write=True) as directory:
        return work(directory)


def assign(house: ClockedHouse, slug: str, login: str, months: int | None = None) -> None:
    act(house, lambda d: d.reviews.assign(slug, responsible=login, review_months=months, by=SYSTEM))


def test_one_sees_the_entries_of_ones_offices_and_those_below_as_they_were_last_saved(house: ClockedHouse) -> None:
    own = {"fertig", "pilot", "stumm", "geplant", "schief", "entwurf", "wartet", "weg"}
    assert set(entries(house, ANNA)) == own
    assert set(entries(house, JONAS)) == {"fremd"}
    assert set(entries(house, CORA)) == own | {"fremd"}
    assert entries(house, NORA) == {}
    assert entries(house, a_person("ende", a_grant(until=house.today() - timedelta(days=1)))) == {}
    assert entries(house, ANNA)["pilot"].stage is Stage.UNKNOWN


def test_the_list_agrees_with_the_entries_one_by_one(house: ClockedHouse) -> None:
    """What is taken from memory is what the database would say, and so is what one may do."""
    with house.work() as directory:
        for person in (ANNA, RITA, JONAS, CORA):
            found = {t.slug: t for t in directory.board.entries(person)}
            assert list(found) == [entry.slug for entry, _value in directory.entries(person)]
            for entry, value in directory.entries(person):
                tended = found[entry.slug]
                assert tended.gist == Gist.of(value, directory.today)
                assert tended.permitted == directory.permitted(entry, value, person)
                assert tended.standing.has_draft == entry.has_draft
                assert (tended.standing.latest, tended.standing.live) == (entry.latest.number, entry.live)
            assert list(directory.board.values([*found.values()])) == [v for _e, v in directory.entries(person)]


def test_where_four_eyes_are_asked_for_nobody_is_told_to_publish_what_they_wrote(house: ClockedHouse) -> None:
    publish(house, an_office("streng", four_eyes=True, parent="buergeramt"))
    act(house, lambda d: d.save(a_service("eigen", offices=("streng",)), based_on=None, by=RITA))
    assert Permission.PUBLISH not in entries(house, RITA)["eigen"].permitted
    assert Permission.PUBLISH in entries(house, CORA)["eigen"].permitted


def test_an_entry_is_found_under_its_new_address_with_all_it_says(house: ClockedHouse) -> None:
    act(house, lambda d: d.rename("wartet", "wartet-neu", by=SYSTEM))
    act(house, lambda d: d.rename("fertig", "fertig-neu", by=SYSTEM))
    found = entries(house, ANNA)
    assert {"wartet-neu", "fertig-neu"} < set(found)
    with house.work() as directory:
        assert [value.slug for value in directory.board.values([*found.values()])] == list(found)


def test_an_entry_that_is_renamed_while_a_list_is_written_is_left_out_of_it(house: ClockedHouse) -> None:
    before = entries(house, ANNA)
    act(house, lambda d: d.rename("wartet", "wartet-neu", by=SYSTEM))
    act(house, lambda d: d.rename("fertig", "fertig-neu", by=SYSTEM))
    with house.work() as directory:
        written = [value.slug for value in directory.board.values([*before.values()])]
    assert written == [slug for slug in before if slug not in ("wartet", "fertig")]


# What is lacking


def test_each_lack_is_seen(house: ClockedHouse) -> None:
    assign(house, "fertig", "anna", months=1)
    act(house, lambda d: d.hints.give("stumm", subject=Subject.WRONG, text="Die Öffnungszeiten sind falsch."))
    act(
        house,
        lambda d: d.planning.plan("wartet", "publish", house.now() + timedelta(days=1), based_on=1, by=SYSTEM),
    )
    found = entries(house, CORA)
    assert found["fertig"].cares == set()
    assert found["schief"].cares == {Care.CONTRADICTORY, Care.UNASSIGNED}
    assert found["stumm"].cares == {Care.UNKNOWN, Care.UNASSIGNED, Care.HINTS}
    assert found["wartet"].cares == {Care.UNKNOWN, Care.UNASSIGNED, Care.PLANNED}
    assert [step.step for step in found["wartet"].planned] == ["publish"]
    assert found["wartet"].due is None
    house.clock.now += timedelta(days=40)
    found = entries(house, CORA)
    assert found["fertig"].cares == {Care.OVERDUE}
    assert found["fertig"].due is not None
    assert Care.OVERDUE not in found["geplant"].cares


def test_the_list_shows_what_misleads_before_what_only_lacks(house: ClockedHouse) -> None:
    act(house, lambda d: d.hints.give("geplant", subject=Subject.WRONG, text="Das ist seit Jahren falsch."))
    for slug in ("fertig", "geplant"):
        assign(house, slug, "anna")
    order = slugs(house, Choice(), ANNA)
    assert order[:2] == ["schief", "geplant"]
    assert order[-1] == "fertig"
    assert order[2:-1] == sorted(order[2:-1])


def test_a_list_is_ordered_as_asked(house: ClockedHouse) -> None:
    save(house, a_service("fertig", summary="Neu."), based_on=1)
    assign(house, "geplant", "", months=1)
    assert slugs(house, Choice(sort=Order.TITLE)) == sorted(slugs(house, Choice()))
    assert slugs(house, Choice(sort=Order.CHANGED))[0] == "fertig"
    assert slugs(house, Choice(sort=Order.DUE))[0] == "geplant"
    assert set(slugs(house, Choice(sort=Order.DUE))[-2:]) == {"entwurf", "wartet"}


def test_a_list_is_paged(house: ClockedHouse) -> None:
    publish(house, *(a_service(f"nummer-{number:03}") for number in range(PER_PAGE + 5)))
    with house.work() as directory:
        pages = [directory.board.find(Choice(q="nummer", page=page), ANNA) for page in (1, 2, 3)]
        assert [len(page.entries) for page in pages] == [PER_PAGE, 5, 0]
        assert {page.total for page in pages} == {PER_PAGE + 5}
        seen = [tended.slug for page in pages for tended in page.entries]
        assert seen == sorted(set(seen))
        assert pages[0].responsible == ()


def test_a_list_says_who_answers_for_what_one_sees_and_for_nothing_else(house: ClockedHouse) -> None:
    assign(house, "stumm", "rita")
    assign(house, "fremd", "jonas")
    with house.work() as directory:
        assert directory.board.find(Choice(q="nichts"), ANNA).responsible == ("rita",)
        assert directory.board.find(Choice(), CORA).responsible == ("jonas", "rita")
        assert slugs(house, Choice(responsible="jonas"), ANNA) == []


def break_link(house: ClockedHouse, url: str) -> None:
    """Let an address lead nowhere for longer than a night."""
    for _look in range(2):
        act(house, lambda d: d.links.note(url, "404"))
        house.clock.now += timedelta(days=2)


def test_an_entry_with_an_address_that_leads_nowhere_is_told(house: ClockedHouse) -> None:
    period = a_period(booking_url="https://weg.example.org/termin")
    publish(house, a_service("link", channels=(a_channel("video", period),)))
    assert Care.BROKEN not in entries(house, ANNA)["link"].cares
    break_link(house, "https://weg.example.org/termin")
    assert slugs(house, Choice(care=Care.BROKEN), ANNA) == ["link"]


# The board


@pytest.mark.parametrize("person", [ANNA, RITA, JONAS, CORA, NORA], ids=lambda person: person.login)
def test_every_number_of_the_board_is_that_of_the_list_behind_it(house: ClockedHouse, person: Person) -> None:
    assign(house, "stumm", "rita", months=1)
    publish(house, a_service("link", legal_bases=(a_legal_basis("§ 1", "https://weg.example.org/"),)))
    break_link(house, "https://weg.example.org/")
    act(house, lambda d: d.hints.give("geplant", subject=Subject.WRONG, text="Die Öffnungszeiten sind falsch."))
    house.clock.now += timedelta(days=60)
    with house.work() as directory:
        rows = directory.board.rows(person)
        for row in rows:
            assert set(row.counts) == set(COLUMNS)
            for column, number in row.counts.items():
                assert directory.board.find(row.choice(column), person).total == number, (row.office, column)
    if person is CORA:
        assert all(rows[0].counts[column] for column in COLUMNS)


def test_the_board_has_a_row_for_each_office_of_ones_own_under_the_one_above(house: ClockedHouse) -> None:
    def offices(by: Person) -> list[tuple[str, int]]:
        with house.work() as directory:
            return [(row.office.slug, row.depth) for row in directory.board.rows(by) if row.office]

    assert offices(ANNA) == [("buergeramt", 0), ("meldestelle", 1)]
    assert offices(a_person("lisa", a_grant(Role.EDITOR, "meldestelle"))) == [("meldestelle", 0)]
    assert offices(JONAS) == [("jugendamt", 0)]
    assert offices(CORA) == [("buergeramt", 0), ("meldestelle", 1), ("jugendamt", 0), ("leer", 0)]
    assert offices(NORA) == []


def test_an_office_counts_what_is_below_it_and_nothing_that_was_retired(house: ClockedHouse) -> None:
    with house.work() as directory:
        together, *rows = directory.board.rows(CORA)
    counts = {row.office.slug: row.counts["entries"] for row in rows if row.office}
    assert counts == {"buergeramt": 7, "meldestelle": 2, "jugendamt": 1, "leer": 0}
    assert together.counts["entries"] == 8
    assert (together.known, together.counts["available"], together.counts["coming"]) == (3, 2, 1)


# What waits for me


def test_a_returned_draft_is_shown_with_who_returned_it_and_why_until_it_is_sent_again(house: ClockedHouse) -> None:
    act(house, lambda d: d.move("wartet", "reject", based_on=1, by=RITA, why="Bitte mit Kosten."))
    for person in (ANNA, RITA):
        ((tended, step),) = waiting(house, person).returned
        assert (tended.slug, step.author, step.reason) == ("wartet", "rita", "Bitte mit Kosten.")
        assert "wartet" not in {t.slug for t in waiting(house, person).drafts}
    assert waiting(house, JONAS).returned == []
    save(house, a_service("wartet", costs="12 Euro"), based_on=1)
    assert waiting(house, ANNA).returned
    act(house, lambda d: d.move("wartet", "submit", based_on=2, by=ANNA))
    assert waiting(house, ANNA).returned == []


def test_reviews_wait_for_those_who_may_decide_and_the_others_see_where_they_lie(house: ClockedHouse) -> None:
    assert [t.slug for t in waiting(house, RITA).reviews] == ["wartet"]
    assert [t.slug for t in waiting(house, CORA).reviews] == ["wartet"]
    assert waiting(house, ANNA).reviews == []
    assert [t.slug for t in waiting(house, ANNA).sent] == ["wartet"]
    assert waiting(house, JONAS).sent == []


def test_what_has_been_planned_for_publication_is_no_review_any_more(house: ClockedHouse) -> None:
    tomorrow = house.now() + timedelta(days=1)
    act(house, lambda d: d.planning.plan("wartet", "publish", tomorrow, based_on=1, by=RITA))
    for person in (ANNA, RITA):
        found = waiting(house, person)
        assert (found.reviews, found.sent) == ([], [])
        assert [t.slug for t in found.planned] == ["wartet"]
    act(house, lambda d: d.planning.plan("fertig", "retire", house.now() + timedelta(hours=1), based_on=1, by=RITA))
    assert [t.slug for t in waiting(house, RITA).planned] == ["fertig", "wartet"]


def test_ones_own_drafts_come_before_those_of_others(house: ClockedHouse) -> None:
    act(house, lambda d: d.save(a_service("meiner"), based_on=None, by=ANNA))
    act(house, lambda d: d.save(a_service("neuer"), based_on=None, by=RITA))
    assert next(t.slug for t in waiting(house, ANNA).drafts) == "meiner"
    assert {t.slug for t in waiting(house, ANNA).drafts} == {"meiner", "neuer", "entwurf", "pilot"}
    assert next(t.slug for t in waiting(house, RITA).drafts) == "neuer"


def test_who_answers_for_an_entry_is_reminded_of_it_before_its_day_and_after(house: ClockedHouse) -> None:
    assign(house, "fertig", "anna", months=2)
    assign(house, "stumm", "rita", months=1)
    assert waiting(house, ANNA).due == []
    for days, seen in ((50, ["fertig"]), (90, ["fertig"])):
        house.clock.now += timedelta(days=days)
        assert [t.slug for t in waiting(house, ANNA).due] == seen
        assert [t.slug for t in waiting(house, RITA).due] == ["stumm"]
    act(house, lambda d: d.reviews.verify("fertig", ANNA))
    assert waiting(house, ANNA).due == []


def test_a_deputy_is_reminded_of_what_the_other_answers_for(house: ClockedHouse) -> None:
    assign(house, "fertig", "rita", months=1)
    house.clock.now += timedelta(days=60)
    today = house.today()
    assert waiting(house, ANNA).due == []
    act(house, lambda d: d.people.deputies.add("rita", "anna", today, today))
    assert [t.slug for t in waiting(house, ANNA).due] == ["fertig"]
    house.clock.now += timedelta(days=1)
    assert waiting(house, ANNA).due == []


@pytest.mark.parametrize("gone", ["nobody was entered", "locked", "without a role"])
def test_where_nobody_answers_for_it_the_editors_of_the_office_see_what_the_mail_reminds_them_of(
    house: ClockedHouse, gone: str
) -> None:
    if gone != "nobody was entered":
        assign(house, "fertig", "rita", months=1)
    if gone == "locked":
        act(house, lambda d: d.people.disable("rita"))
    if gone == "without a role":
        for grant in RITA.grants:
            act(house, lambda d, grant=grant: d.people.ungrant("rita", grant))
    house.clock.now += timedelta(days=400)
    with house.work() as directory:
        mail = next(text.body for account, text in directory.digests.letters() if account.person.login == "anna")
    listed = [tended.slug for tended in waiting(house, ANNA).due]
    assert "fertig" in listed
    assert all(f"/services/{slug}" in mail for slug in listed)
    assert "fertig" not in [tended.slug for tended in waiting(house, CORA).due]
    assert [tended.slug for tended in waiting(house, JONAS).due] == ["fremd"]


def test_how_much_is_known_about_video_is_counted_without_what_was_retired(house: ClockedHouse) -> None:
    found = waiting(house, CORA)
    assert (found.known, found.total) == (3, 8)
    assert not waiting(house, NORA)
    assert waiting(house, NORA).total == 0
    assert waiting(house, CORA)


def test_a_draft_from_before_titles_had_to_be_german_can_be_listed(house: ClockedHouse) -> None:
    document = to_document(replace(a_service("wort"), title=Text.of(en="Only English")))
    with house.work(write=True) as directory:
        directory.revisions.append(Kind.SERVICE, "wort", document, based_on=None, author="anna", reason="")
    assert "wort" in slugs(house, Choice(q="only english"))
    assert house.index.get("wort") is None
    with house.work() as directory:
        assert directory.revisions.get(Kind.SERVICE, "wort").state is State.PRIVATE
