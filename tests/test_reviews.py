"""What is to be looked at again: by which day, who sees it on the board, and whom the mail of the week goes to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import Clock, a_grant, a_person, a_service, an_office
from clocked import ClockedHouse, a_clocked_house
from houses import save

from servicedir.directory.digests import LONGEST_LIST, Waiting, letter, week_of
from servicedir.domain.care import Care
from servicedir.domain.hint import Subject
from servicedir.domain.history import Kind
from servicedir.domain.review import Due
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Person, Role
from servicedir.storage.mails import Mail

YEAR = timedelta(days=365)
RITA = a_person("rita", a_grant(Role.EDITOR), a_grant(Role.REVIEWER))
JONAS = a_person("jonas", a_grant(office="jugendamt"))


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    """A house in which one entry of the citizens' office was published on 23 November 2026, to be seen in a year."""
    house = a_clocked_house(tmp_path, clock, a_service(), base_url="https://dienste.example")
    yield house
    house.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def later(house: ClockedHouse, **time: float) -> None:
    """Lets time pass after the day by which the entry is to be looked at."""
    house.clock.now += YEAR + timedelta(**time)


def assign(house: ClockedHouse, responsible: str = "", months: int | None = None) -> None:
    with house.work(write=True) as directory:
        directory.reviews.assign("personalausweis", responsible=responsible, review_months=months, by=SYSTEM)


def overdue(house: ClockedHouse, by: Person = RITA) -> list[tuple[str, date]]:
    with house.work() as directory:
        return [(t.slug, t.due) for t in directory.board.entries(by) if t.due and Care.OVERDUE in t.cares]


def digests(house: ClockedHouse) -> dict[str, str]:
    """The mails that would be sent now, by login."""
    with house.work() as directory:
        return {account.person.login: text.body for account, text in directory.digests.letters()}


def queue(house: ClockedHouse, week: str = "digest/2027-W47") -> int | None:
    with house.work() as directory:
        letters = directory.digests.letters()
    with house.work(write=True) as directory:
        return directory.digests.queue(week, letters)


def queued(house: ClockedHouse) -> list[Mail]:
    with house.work() as directory:
        return directory.mails.unsent(100)


# Until when


def test_an_entry_is_due_a_year_after_it_was_published_unless_it_says_otherwise(house: ClockedHouse) -> None:
    later(house, days=1)
    assert overdue(house) == [("personalausweis", date(2027, 11, 23))]
    assign(house, months=6)
    assert overdue(house) == [("personalausweis", date(2027, 5, 23))]
    assign(house, months=14)
    assert overdue(house) == []


def test_on_its_day_an_entry_is_due_and_not_overdue(house: ClockedHouse) -> None:
    later(house)
    assert overdue(house) == []
    with house.work() as directory:
        assert [tended.slug for tended in directory.board.waiting(RITA).due] == ["personalausweis"]


def test_who_finds_it_correct_puts_it_off(house: ClockedHouse) -> None:
    later(house, days=1)
    with house.work(write=True) as directory:
        directory.reviews.verify("personalausweis", RITA)
    assert overdue(house) == []
    house.clock.now += YEAR
    assert overdue(house) == []
    house.clock.now += timedelta(days=2)
    assert overdue(house) == [("personalausweis", date(2028, 11, 24))]


def test_a_draft_puts_nothing_off_and_does_not_tell_its_title(house: ClockedHouse) -> None:
    later(house, days=1)
    save(house, a_service(title="Geheimer Entwurf"), based_on=1)
    with house.work() as directory:
        assert [due.title for due, _level in directory.reviews.everything_due()] == ["Personalausweis"]


def test_what_is_not_live_is_not_due(house: ClockedHouse) -> None:
    save(house, a_service("entwurf"))
    save(house, a_service("fort"), "publish", "retire")
    later(house, days=1)
    assert [slug for slug, _ in overdue(house)] == ["personalausweis"]


def test_people_see_what_is_overdue_in_their_offices_only(house: ClockedHouse) -> None:
    later(house, days=1)
    assert overdue(house, JONAS) == []
    assert len(overdue(house, SYSTEM)) == 1


# To whom


def test_nobody_is_written_to_before_anything_waits(house: ClockedHouse) -> None:
    house.clock.now += YEAR - timedelta(days=15)
    assert digests(house) == {}


def test_without_somebody_who_answers_for_it_all_editors_of_the_office_are_asked(house: ClockedHouse) -> None:
    house.clock.now += YEAR - timedelta(days=14)
    assert set(digests(house)) == {"anna", "rita"}


def test_who_answers_for_it_is_asked_alone(house: ClockedHouse) -> None:
    assign(house, "anna")
    later(house, days=1)
    assert set(digests(house)) == {"anna"}


def test_editors_of_the_office_above_are_editors_of_this_one(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        directory.adopt([(Kind.OFFICE, an_office("buergeramt", parent="jugendamt"))])
    later(house)
    assert set(digests(house)) == {"anna", "rita", "jonas"}


@pytest.mark.parametrize("gone", ["locked", "without a role", "role has ended"])
def test_where_nobody_answers_for_it_any_more_the_editors_are_asked(house: ClockedHouse, gone: str) -> None:
    assign(house, "anna")
    with house.work(write=True) as directory:
        if gone == "locked":
            directory.people.disable("anna")
        else:
            directory.people.ungrant("anna", a_grant())
        if gone == "role has ended":
            directory.people.grant("anna", a_grant(until=date(2027, 11, 1)))
    later(house)
    assert set(digests(house)) == {"rita"}


def test_an_office_without_editors_has_its_reviewers_asked_and_else_the_coordinators(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        for login in ("anna", "rita"):
            directory.people.ungrant(login, a_grant())
    later(house)
    assert set(digests(house)) == {"rita"}
    with house.work(write=True) as directory:
        directory.people.ungrant("rita", a_grant(Role.REVIEWER))
    assert set(digests(house)) == {"cora"}


@pytest.mark.parametrize(
    ("days", "told"), [(28, {"anna"}), (29, {"anna", "rita"}), (56, {"anna", "rita"}), (57, {"anna", "rita", "cora"})]
)
def test_what_is_left_lying_is_told_to_reviewers_and_then_to_coordinators(
    house: ClockedHouse, days: int, told: set[str]
) -> None:
    assign(house, "anna")
    later(house, days=days)
    written = digests(house)
    assert set(written) == told
    assert "Überfällig (1):" in written["anna"]
    assert all("ohne dass jemand geprüft hat (1):" in written[login] for login in told - {"anna"})


def test_nobody_is_told_twice_of_one_entry(house: ClockedHouse) -> None:
    assign(house, "rita")
    later(house, days=100)
    assert digests(house)["rita"].count("* Personalausweis") == 1


def test_who_is_locked_or_has_no_address_is_not_written_to(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        directory.people.disable("anna")
        directory.people.describe("rita", "Rita", "")
    later(house, days=100)
    assert set(digests(house)) == {"cora"}


def test_a_deputy_is_written_to_while_they_stand_in_and_told_for_whom(house: ClockedHouse) -> None:
    assign(house, "anna")
    later(house)
    today = house.today()
    with house.work(write=True) as directory:
        directory.people.deputies.add("anna", "nora", today, today + timedelta(days=10))
    written = digests(house)
    assert set(written) == {"anna", "nora"}
    assert "(in Vertretung für Anna)" in written["nora"]
    assert "Vertretung" not in written["anna"]
    house.clock.now += timedelta(days=11)
    assert set(digests(house)) == {"anna"}


def test_a_deputy_of_a_reviewer_hears_what_the_reviewer_hears(house: ClockedHouse) -> None:
    assign(house, "anna")
    later(house, days=29)
    with house.work(write=True) as directory:
        directory.people.deputies.add("rita", "nora", house.today(), house.today())
    assert set(digests(house)) == {"anna", "rita", "nora"}


def test_what_was_sent_for_review_waits_for_the_reviewers(house: ClockedHouse) -> None:
    save(house, a_service("neu", title="Neues"), "submit")
    written = digests(house)
    assert set(written) == {"rita"}
    assert (
        "Warten auf Ihre Freigabe (1):\n\n* Neues\n  https://dienste.example/services/neu/workflow" in written["rita"]
    )


def test_where_the_office_has_no_reviewer_it_waits_for_the_coordinators(house: ClockedHouse) -> None:
    save(house, a_service("neu", offices=("jugendamt",)), "submit")
    assert set(digests(house)) == {"cora"}


def test_nobody_is_asked_to_approve_what_they_wrote_where_four_eyes_are_wanted(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        directory.adopt([(Kind.OFFICE, an_office(four_eyes=True))])
    with house.work(write=True) as directory:
        directory.save(a_service("neu"), based_on=None, by=RITA)
        directory.move("neu", "submit", based_on=1, by=RITA)
    assert set(digests(house)) == {"cora"}


def test_what_will_be_published_by_itself_waits_for_nobody(house: ClockedHouse) -> None:
    save(house, a_service("neu"), "submit")
    with house.work(write=True) as directory:
        directory.planning.plan("neu", "publish", house.now() + timedelta(days=1), based_on=1, by=RITA)
    assert digests(house) == {}


def test_a_draft_that_a_person_may_not_see_is_in_no_mail_of_theirs(house: ClockedHouse) -> None:
    save(house, a_service("neu", title="Geheimer Entwurf", offices=("jugendamt",)), "submit")
    save(house, a_service(title="Geheime Fassung"), based_on=1)
    later(house, days=100)
    written = digests(house)
    assert {login for login, body in written.items() if "Geheimer Entwurf" in body} == {"cora"}
    assert not any("Geheime Fassung" in body for body in written.values())


def test_open_hints_wait_for_the_editors_and_those_on_the_directory_for_coordinators(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        for slug in ("personalausweis", "personalausweis", ""):
            directory.stored_hints.add(slug, subject=Subject.OTHER, text="Geheimer Hinweis", contact="")
    written = digests(house)
    assert set(written) == {"anna", "rita", "cora"}
    assert "noch offen: 2\n  https://dienste.example/desk/hints\n" in written["anna"]
    assert "noch offen: 1\n" in written["cora"]
    assert not any("Geheimer Hinweis" in body for body in written.values())


# What it says


def test_the_mail_says_what_and_until_when_and_where(house: ClockedHouse) -> None:
    assign(house, "anna")
    later(house, days=1)
    body = digests(house)["anna"]
    assert body.startswith("Guten Tag Anna,\n\nin „Serviceverzeichnis“ wartet etwas auf Sie.\n")
    assert (
        "Überfällig (1):\n\n* Personalausweis\n  zu prüfen bis 23. November 2027\n"
        "  https://dienste.example/services/personalausweis/workflow\n"
    ) in body
    assert "Ihre Übersicht: https://dienste.example/desk\n" in body


def a_due(number: int = 1, title: str = "Ausweis") -> Due:
    return Due(slug=f"e{number}", title=title, office="buergeramt", day=date(2026, 3, 1))


def test_without_an_address_of_the_directory_the_mail_names_the_path() -> None:
    body = letter("Dienste", "", "Anna", Waiting(mine=[(a_due(), "")]), date(2026, 3, 2)).body
    assert "\n  /services/e1/workflow\n" in body


def test_the_subject_counts_what_waits_and_is_one_line_whatever_the_directory_is_called() -> None:
    waiting = Waiting(mine=[(a_due(), "")], left=[a_due(2)], to_approve=[("Neu", "neu")])
    assert letter("Dienste\n der Stadt\0", "", "Anna", waiting, date(2026, 3, 2)).subject == (
        "Dienste der Stadt: 2 überfällig, 1 freizugeben"
    )
    soon = Waiting(mine=[(a_due(), "")])
    assert letter("Dienste", "", "Anna", soon, date(2026, 3, 1)).subject == "Dienste: 1 bald zu prüfen"


def test_a_title_cannot_pretend_to_be_more_of_the_mail() -> None:
    title = str(Text.of("Ausweis\n\n* Anderes\r\n  https://evil.example").get("de"))
    body = letter("Dienste", "", "", Waiting(mine=[(a_due(title=title), "")]), date(2026, 3, 2)).body
    assert body.startswith("Guten Tag,\n")
    assert "\n* Ausweis * Anderes https://evil.example\n" in body


def test_a_long_list_is_cut_and_says_how_much_is_missing() -> None:
    waiting = Waiting(mine=[(a_due(number), "") for number in range(LONGEST_LIST + 3)])
    body = letter("Dienste", "", "Anna", waiting, date(2026, 3, 2)).body
    assert body.count("* Ausweis") == LONGEST_LIST
    assert "… und 3 weitere" in body


# Once a week


@pytest.mark.parametrize(
    ("local", "week"),
    [
        ("2026-11-22T23:59", "digest/2026-W47"),
        ("2026-11-23T00:00", ""),
        ("2026-11-23T05:59", ""),
        ("2026-11-23T06:00", "digest/2026-W48"),
        ("2026-11-25T03:00", "digest/2026-W48"),
        ("2027-01-03T12:00", "digest/2026-W53"),
        ("2027-01-04T06:00", "digest/2027-W01"),
    ],
)
def test_a_week_begins_on_monday_at_six(local: str, week: str) -> None:
    assert week_of(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin"))) == week


def test_the_digest_of_a_week_is_queued_once(house: ClockedHouse) -> None:
    later(house)
    assert queue(house) == 2
    assert queue(house) is None
    assert sorted(mail.key for mail in queued(house)) == ["digest/2027-W47/anna", "digest/2027-W47/rita"]
    assert queue(house, "digest/2027-W48") == 2


def test_a_week_in_which_nothing_waits_is_over_with_its_first_run(house: ClockedHouse) -> None:
    assert queue(house) == 0
    later(house)
    assert queue(house) is None
    assert queued(house) == []


def test_a_mistaken_address_does_not_keep_others_from_being_reminded(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        directory.people.describe("anna", "Anna", "anna@example.org\nBcc: x@example.org")
    later(house)
    assert queue(house) == 1
    assert [mail.recipient for mail in queued(house)] == ["rita@example.org"]
