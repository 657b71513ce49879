"""What is overdue or missing of that which a council asks for: who is told, from which day on, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_figure, a_grant, a_period, a_person, a_service, a_step, an_inquiry
from clocked import ClockedHouse, a_clocked_house
from houses import publish, publish_answer, save

from servicedir.directory.alerts import Alerts
from servicedir.domain.figures import Figure, Measure, Standing
from servicedir.domain.inquiry import Inquiry
from servicedir.domain.service import ChannelKind
from servicedir.domain.step import StepState
from servicedir.domain.workflow import SYSTEM, Person, Role

CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))
ADA = a_person("ada", a_grant(Role.ADMINISTRATOR, ""))
ANNA = a_person("anna", a_grant(Role.EDITOR, "buergeramt"))
JONAS = a_person("jonas", a_grant(Role.EDITOR, "jugendamt"))
NORA = Person("nora")
TODAY = date(2026, 11, 23)


def a_counting_house(folder: Path, **configured: str) -> ClockedHouse:
    """A house on 23 November 2026, in which figures are asked for."""
    return a_clocked_house(folder, Clock(), **{"figures_period": "year", **configured})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ClockedHouse]:
    made = a_counting_house(tmp_path)
    yield made
    made.close()


def alerts(house: ClockedHouse, by: Person = CORA) -> Alerts:
    with house.work() as directory:
        return directory.alerts.of(by)


def missing(house: ClockedHouse, by: Person = CORA) -> dict[str, list[str]]:
    return {one.slug: [period.text for period in one.periods] for one in alerts(house, by).missing}


def say(house: ClockedHouse, *figures: Figure) -> None:
    with house.work(write=True) as directory:
        directory.figures.put(figures, by=SYSTEM)


def write(house: ClockedHouse, inquiry: Inquiry, *steps: str, by: Person = CORA) -> None:
    with house.work(write=True) as directory:
        directory.answering.save(inquiry, based_on=None, by=by)
        for step in steps:
            directory.answering.step(inquiry.slug, step, based_on=1, by=ADA)


def at(house: ClockedHouse, day: str) -> None:
    house.clock.now = datetime.fromisoformat(f"{day}T12:00:00+00:00")


# Inquiries


@pytest.mark.parametrize(
    ("deadline", "is_told"),
    [
        (date(2026, 11, 1), True),
        (date(2026, 11, 23), True),
        (date(2026, 12, 7), True),
        (date(2026, 12, 8), False),
        (None, False),
    ],
)
def test_an_inquiry_alerts_two_weeks_before_its_deadline_and_after_it(
    house: ClockedHouse, deadline: date | None, is_told: bool
) -> None:
    write(house, an_inquiry(deadline=deadline))
    assert [one.inquiry.slug for one in alerts(house).inquiries] == ["af-1"] * is_told


def test_the_deadline_that_comes_first_stands_first(house: ClockedHouse) -> None:
    for slug, day in (("b", 20), ("a", 25), ("c", 10)):
        write(house, an_inquiry(slug, deadline=date(2026, 11, day)))
    assert [one.inquiry.slug for one in alerts(house).inquiries] == ["c", "b", "a"]


def test_an_inquiry_is_quiet_as_soon_as_it_is_approved(house: ClockedHouse) -> None:
    publish(house, a_service())
    write(house, an_inquiry(deadline=TODAY), "submit")
    assert len(alerts(house).inquiries) == 1
    with house.work(write=True) as directory:
        directory.answering.step("af-1", "approve", based_on=1, by=ADA)
    assert not alerts(house).inquiries


def test_an_inquiry_that_was_answered_is_not_late_because_it_is_written_anew(house: ClockedHouse) -> None:
    publish(house, a_service())
    publish_answer(house, an_inquiry(deadline=TODAY))
    with house.work(write=True) as directory:
        directory.answering.save(an_inquiry(deadline=TODAY, title="Neu"), based_on=1, by=CORA)
    assert not alerts(house).inquiries


@pytest.mark.parametrize("by", [ANNA, NORA, a_person("karl", a_grant(Role.COORDINATOR, "buergeramt"))])
def test_inquiries_and_steps_are_told_to_nobody_without_the_duty(house: ClockedHouse, by: Person) -> None:
    publish(house, a_step(target="2026"), a_step("alt", target="2025-01"))
    write(house, an_inquiry(deadline=TODAY))
    told = alerts(house, by)
    assert not told.inquiries
    assert not told.steps


# Steps


def test_steps_alert_from_the_day_after_their_target_the_oldest_first(house: ClockedHouse) -> None:
    publish(house, a_step("neu", target="2026-10"), a_step("alt", target="2026-03-01"), a_step("gut", target="2026-11"))
    assert [step.slug for step in alerts(house).steps] == ["alt", "neu"]
    at(house, "2026-11-30")
    assert len(alerts(house).steps) == 2
    at(house, "2026-12-01")
    assert [step.slug for step in alerts(house).steps] == ["alt", "neu", "gut"]


@pytest.mark.parametrize("state", [StepState.DONE, StepState.DROPPED, StepState.DECIDED_AGAINST])
def test_a_step_that_is_over_alerts_nobody(house: ClockedHouse, state: StepState) -> None:
    publish(house, a_step(target="2025", state=state, reason="Es lohnt nicht."))
    assert not alerts(house).steps


# Figures


def test_figures_are_missing_of_the_closed_years_in_which_video_was_possible(house: ClockedHouse) -> None:
    publish(
        house,
        a_service("lange", channels=[a_channel("video", a_period("live", "2019"))]),
        a_service("neu", channels=[a_channel("video", a_period("pilot", "2025-12-31"))]),
        a_service(
            "kurz",
            channels=[a_channel("video", a_period("live", "2023", until="2024-01"), a_period("ended", "2024-02"))],
        ),
        a_service("erst-jetzt", channels=[a_channel("video", a_period("live", "2026-01"))]),
        a_service("geplant", channels=[a_channel("video", a_period("planned", "2023"))]),
        a_service("vor-ort", channels=[a_channel("in_person", a_period("live", "2019"))]),
    )
    assert missing(house) == {"lange": ["2024", "2025"], "neu": ["2025"], "kurz": ["2024"]}


@pytest.mark.parametrize(
    "figure",
    [
        a_figure(0, "2025"),
        a_figure(12, "2025-07"),
        a_figure(None, "2025", standing=Standing.NOT_COUNTED),
        a_figure(None, "2025"),
        a_figure(3, "2025", released=False),
    ],
)
def test_whatever_is_said_of_a_year_settles_it(house: ClockedHouse, figure: Figure) -> None:
    publish(house, a_service())
    assert missing(house) == {"personalausweis": ["2024", "2025"]}
    say(house, figure)
    assert missing(house) == {"personalausweis": ["2024"]}


@pytest.mark.parametrize("other", [{"measure": "offered"}, {"channel": "phone"}])
def test_what_is_said_of_something_else_settles_nothing(house: ClockedHouse, other: dict[str, Any]) -> None:
    publish(house, a_service())
    kinds = {"measure": Measure, "channel": ChannelKind}
    say(house, a_figure(5, "2025", **{name: kinds[name](value) for name, value in other.items()}))
    assert missing(house) == {"personalausweis": ["2024", "2025"]}


def test_a_year_is_closed_after_its_days_of_grace(house: ClockedHouse) -> None:
    publish(house, a_service())
    at(house, "2027-01-30")
    assert missing(house) == {"personalausweis": ["2025"]}
    at(house, "2027-01-31")
    assert missing(house) == {"personalausweis": ["2025", "2026"]}


def test_where_months_are_counted_each_month_is_asked_for_unless_the_year_was_said(tmp_path: Path) -> None:
    house = a_counting_house(tmp_path, figures_period="month", figures_grace="0")
    publish(house, a_service(channels=[a_channel("video", a_period("live", "2024-11"))]))
    say(house, a_figure(5, "2026-02"), a_figure(80, "2025"))
    lacking = ["2024-11", "2024-12", "2026-01", *(f"2026-{month:02}" for month in range(3, 11))]
    assert missing(house) == {"personalausweis": lacking}
    house.close()


def test_a_city_that_does_not_count_is_not_asked(tmp_path: Path) -> None:
    house = a_counting_house(tmp_path, figures_period="none")
    publish(house, a_service())
    assert not alerts(house)
    house.close()


def test_drafts_and_retired_services_are_not_asked_about(house: ClockedHouse) -> None:
    save(house, a_service("entwurf"))
    save(house, a_service("vorbei"), "publish", "retire")
    assert missing(house) == {}


def test_each_is_told_of_the_offices_that_they_write_for(house: ClockedHouse) -> None:
    publish(house, a_service("ausweis"), a_service("kita", offices=("jugendamt", "buergeramt")))
    assert set(missing(house, CORA)) == {"ausweis", "kita"}
    assert set(missing(house, ANNA)) == {"ausweis"}
    assert set(missing(house, JONAS)) == {"kita"}
    assert missing(house, NORA) == {}


# The mail of the week


def digests(house: ClockedHouse) -> dict[str, tuple[str, str]]:
    """Subject and body of the mails that would be sent now, by login."""
    with house.work() as directory:
        return {account.person.login: (text.subject, text.body) for account, text in directory.digests.letters()}


def test_the_mail_of_the_week_names_what_is_late_and_leads_there(house: ClockedHouse) -> None:
    publish(house, a_service("ausweis"), a_step("raum", target="2026-10"))
    write(house, an_inquiry(deadline=date(2026, 12, 1)))
    subject, body = digests(house)["cora"]
    assert subject.endswith(": 1 Anfragen, 1 Schritte")
    for said in ("Frist: 1. Dezember 2026", "/inquiries/af-1/edit", "* Raum", "/admin/steps/raum"):
        assert said in body
    assert "Stimmt noch" not in body
    subject, body = digests(house)["anna"]
    assert subject.endswith(": 1 ohne Zahlen")
    assert "für 2024, 2025" in body
    assert "/services/ausweis/figures" in body
    assert "Frist" not in body


def test_missing_figures_are_written_to_who_keeps_the_entries_and_not_to_everybody(house: ClockedHouse) -> None:
    publish(house, a_service("kita", offices=("jugendamt",)))
    assert set(digests(house)) == {"jonas"}
    say(house, a_figure(0, "2024", "kita"), a_figure(0, "2025", "kita"))
    assert digests(house) == {}
