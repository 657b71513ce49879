"""The page of an entry's state: steps now and later, retiring with a pointer, renaming, confirming."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from builders import Clock, a_service
from houses import save, written
from pagecheck import faults
from sites import Site
from workflow import ENTRY, PAGE, come, draft, entry_of, form_of, page_of, planned, press, problems, send

from servicedir.domain.workflow import SYSTEM, State


@pytest.fixture
def clock(town: Site) -> Clock:
    """The clock of the town, on a Monday in November, when the city's time is one hour ahead of UTC."""
    clock = Clock()
    town.house.now = clock  # type: ignore[method-assign]  # the only clock of a house
    return clock


# Later


def test_a_publication_is_planned_to_the_minute_in_the_time_of_the_city(town: Site, clock: Clock) -> None:
    draft(town, "Ab Dezember")
    page = send(form_of(town, "step"), "publish", day="2026-12-01", time="08:30", why="Beschluss")
    assert page.html.find(role="status").get_text(strip=True).startswith("Geplant")
    text = " ".join(page.html.find(attrs={"aria-labelledby": "planned"}).get_text(" ", strip=True).split())
    assert "1. Dezember 2026, 08:30 Uhr (MEZ)" in text
    assert "Beschluss" in text
    (step,) = planned(town)
    assert step.at.isoformat() == "2026-12-01T07:30:00+00:00"
    assert "Ab Dezember" not in town.get(f"/services/{ENTRY}").text
    come(town, clock, timedelta(days=8))
    assert "Ab Dezember" in town.get(f"/services/{ENTRY}").text


def test_a_retirement_is_planned_with_where_to_go_then(town: Site, clock: Clock) -> None:
    form = form_of(town, "retire")
    page = send(
        form, "retire", day="2027-07-01", time="00:00", successor="http://localhost/services/hundesteuer?on=2024"
    )
    assert "(MESZ)" in page.text
    assert "Hundesteuer" in page.html.find(attrs={"aria-labelledby": "planned"}).get_text()
    assert entry_of(town).state is State.PUBLISHED
    come(town, clock, timedelta(days=300))
    gone = town.get(f"/services/{ENTRY}", status=410)
    assert gone.html.find("a", href="/services/hundesteuer")


def test_what_is_planned_can_be_called_off(town: Site, clock: Clock) -> None:
    send(form_of(town, "retire"), "retire", day="2027-07-01", time="12:00")
    page = page_of(town)
    (form,) = [form for form in page.forms.values() if "planned" in form.fields]
    answer = form.submit("planned", status=303).follow()
    assert answer.html.find(role="status")
    assert planned(town) == []
    assert form.submit("planned", status=409).html.find(role="alert")
    send(form_of(town, "retire"), "retire", day="2027-07-01", time="12:00")
    assert not [form for form in page_of(town, "anna").forms.values() if "planned" in form.fields]
    press(town, "anna", 403, __formid__="unplan", planned="retire")
    press(town, "rita", 400, __formid__="unplan", planned="retire", at="1")
    assert len(planned(town)) == 1


@pytest.mark.parametrize(
    ("day", "time", "field"),
    [
        ("2026-11-22", "08:00", "day"),
        ("2026-11-23", "12:59", "day"),
        ("2026-12-01", "", "time"),
        ("", "08:00", "day"),
        ("2027-03-28", "02:30", "time"),
        ("2026-13-01", "08:00", "day"),
        ("0001-01-01", "00:00", "time"),
        ("2026-12-01", "25:00", "time"),
    ],
)
def test_a_moment_that_never_comes_is_refused_with_everything_typed(
    town: Site, clock: Clock, day: str, time: str, field: str
) -> None:
    draft(town, "Neu")
    before = written(town.house)
    form = form_of(town, "step")
    page = send(form, "publish", 400, day=day, time=time, why="Warum nicht")
    assert set(problems(page, "step")) == {f"at-{field}"}
    assert page.forms["step"]["why"].value == "Warum nicht"
    assert (page.forms["step"]["day"].value, page.forms["step"]["time"].value) == (day, time)
    assert faults(page.text, "de") == []
    assert written(town.house) == before
    assert planned(town) == []


def test_of_an_hour_that_comes_twice_the_first_is_taken_and_the_page_says_so(town: Site, clock: Clock) -> None:
    page = send(form_of(town, "retire"), "retire", day="2027-10-31", time="02:30")
    assert "(MESZ)" in page.text
    assert "gemeint ist das erste Mal" in page.text
    assert planned(town)[0].at.isoformat() == "2027-10-31T00:30:00+00:00"


def test_only_publishing_and_retiring_can_wait(town: Site, clock: Clock) -> None:
    save(town.house, a_service("wartet"), "submit")
    page = send(form_of(town, "step", slug="wartet"), "reject", 400, day="2026-12-01", time="08:00", why="Nein")
    assert set(problems(page, "step")) == {"at-day"}
    assert entry_of(town, "wartet").state is State.PENDING


# The other steps


def test_a_draft_beside_what_is_live_is_given_up_by_its_editor(town: Site) -> None:
    draft(town, "Unfug")
    page = send(form_of(town, "step", "anna"), "discard")
    assert "veröffentlicht" in page.html.find(role="status").get_text()
    entry = entry_of(town)
    assert (entry.state, entry.has_draft) == (State.PUBLISHED, False)
    assert "Unfug" not in town.signed_in("anna").get(f"/services/{ENTRY}/preview").text
    assert "Unfug" not in town.get(f"/services/{ENTRY}").text


@pytest.mark.parametrize("successor", ["gibt-es-nicht", ENTRY, "geheim", "https://example.org/", "x" * 300])
def test_a_pointer_leads_to_another_published_entry_or_is_refused(town: Site, successor: str) -> None:
    save(town.house, a_service("geheim"))
    before = written(town.house)
    page = send(form_of(town, "retire"), "retire", 400, successor=successor, why="Zusammengelegt")
    assert set(problems(page, "retire")) == {"successor"}
    assert page.forms["retire"]["successor"].value == successor
    assert page.forms["retire"]["why"].value == "Zusammengelegt"
    assert written(town.house) == before


def test_who_comes_too_late_keeps_what_was_typed(town: Site) -> None:
    save(town.house, a_service("wartet"), "submit")
    form = form_of(town, "step", slug="wartet")
    send(form_of(town, "step", "anna", "wartet"), "withdraw")
    page = send(form, "reject", 409, why="Bitte kürzer")
    assert page.html.find(role="alert")
    assert page.forms["step"]["why"].value == "Bitte kürzer"
    assert faults(page.text, "de") == []
    draft(town, "Eins")
    form = form_of(town, "step")
    draft(town, "Zwei")
    page = send(form, "publish", 409, why="Gut so")
    assert page.forms["step"]["why"].value == "Gut so"
    send(page.forms["step"], "publish")
    assert "Zwei" in town.get(f"/services/{ENTRY}").text


BY_HAND: list[dict[str, str]] = [
    {"__formid__": "retire", "retire": "retire", "based_on": "x"},
    {"__formid__": "retire", "retire": "retire", "based_on": "9" * 5000},
    {"__formid__": "retire", "retire": "retire", "based_on": "1", "why": "x\x00y"},
    {"__formid__": "retire", "retire": "retire", "based_on": "1", "state": "private"},
    {"__formid__": "retire", "retire": "retire", "based_on": "1", "why": "x" * 501},
    {"__formid__": "fly"},
    {},
    {"__formid__": "verify"},
    {"__formid__": "verify", "channel": "fax"},
    {"__formid__": "verify", "channel": "chat"},
    {"__formid__": "verify", "channel": "", "day": "2020-01-01"},
    {"__formid__": "care", "responsible": "anna", "review_months": "6", "live": "2"},
    {"__formid__": "care", "responsible": "jonas", "review_months": "6"},
    {"__formid__": "care", "responsible": "anna", "review_months": "0"},
    {"__formid__": "care", "responsible": "anna", "review_months": "61"},
    {"__formid__": "rename", "slug": "neu", "why": "", "office": "jugendamt"},
    {"__formid__": "rename", "slug": "Groß", "why": ""},
    {"__formid__": "rename", "slug": "add", "why": ""},
    {"__formid__": "rename", "slug": "hundesteuer", "why": ""},
    {"__formid__": "rename", "slug": ENTRY, "why": ""},
]


@pytest.mark.parametrize("fields", BY_HAND, ids=str)
def test_what_no_page_of_ours_sends_is_refused(town: Site, fields: dict[str, str]) -> None:
    before = written(town.house)
    answer = press(town, "rita", 400, **fields)
    assert faults(answer.text, "de") == []
    assert written(town.house) == before
    assert entry_of(town).state is State.PUBLISHED


def test_a_step_without_the_revision_it_is_about_is_too_late(town: Site) -> None:
    before = written(town.house)
    press(town, "rita", 409, __formid__="retire", retire="retire")
    press(town, "rita", 409, __formid__="retire", retire="retire", based_on="-1")
    assert written(town.house) == before


@pytest.mark.parametrize("name", ["__formid__", "retire", "based_on", "why", "channel", "planned"])
def test_a_file_in_the_place_of_a_word_is_refused(town: Site, name: str) -> None:
    visitor = town.signed_in("rita")
    for formid in ("retire", "verify", "unplan"):
        token = visitor.get("/desk/previews").forms[0]["csrf_token"].value
        values = {"csrf_token": token, "__formid__": formid, "based_on": "1", "retire": "retire"}
        values.pop(name, None)
        assert visitor.post(PAGE, values, upload_files=[(name, "x.txt", b"1")], status="4*")
    assert entry_of(town).state is State.PUBLISHED


def test_who_approves_is_offered_that_first_and_taking_back_last(town: Site) -> None:
    save(town.house, a_service("wartet"), "submit")
    page = page_of(town, "rita", "wartet")
    offered = [button["name"] for button in page.html.select("#step button")]
    assert offered == ["publish", "publish", "reject", "withdraw"]  # the first one is what Enter presses
    assert "Beim Zurückgeben nötig" in page.text
    assert "Beim Zurückgeben nötig" not in page_of(town, "anna", "wartet").text
    assert "Beim Zurückgeben nötig" not in page_of(town).text


def test_the_page_of_what_is_public_leads_to_where_it_is_changed(town: Site) -> None:
    step = page_of(town, "anna").html.find(attrs={"aria-labelledby": "next"})
    assert [link["href"] for link in step.find_all("a")] == [f"/services/{ENTRY}/edit"]
    assert "keinen weiteren Schritt" not in step.get_text()
    send(form_of(town, "retire"), "retire")
    assert "keinen weiteren Schritt" in page_of(town, "anna").text


def test_what_was_never_public_is_given_up_at_once_and_points_nowhere(town: Site) -> None:
    save(town.house, a_service("entwurf"))
    form = form_of(town, "retire", slug="entwurf")
    assert {"why", "based_on"} <= form.fields.keys()
    assert not {"successor", "day", "time"} & form.fields.keys()
    send(form, "retire", why="Doppelt")
    assert entry_of(town, "entwurf").state is State.RETIRED


def test_who_retires_what_is_not_public_any_more_keeps_what_was_typed(town: Site) -> None:
    form = form_of(town, "retire")
    with town.house.work(write=True) as directory:
        directory.move(ENTRY, "retire", based_on=1, by=SYSTEM)
        directory.move(ENTRY, "revive", based_on=1, by=SYSTEM)
    page = send(form, "retire", 400, why="Zusammengelegt", successor="gibt-es-nicht")
    assert page.forms["retire"]["why"].value == "Zusammengelegt"
    assert page.forms["retire"]["successor"].value == "gibt-es-nicht"


def test_a_retired_entry_names_what_there_is_instead(town: Site) -> None:
    page = send(form_of(town, "retire"), "retire", successor="hundesteuer")
    assert page.html.find("main").find("a", href="/services/hundesteuer").get_text() == "Hundesteuer"
    with town.house.work(write=True) as directory:
        directory.rename("hundesteuer", "hunde", by=SYSTEM)
    assert page_of(town).html.find("main").find("a", href="/services/hundesteuer").get_text() == "Hundesteuer"


# Still correct


def test_one_click_says_that_an_entry_is_still_right_and_citizens_see_the_day(town: Site, clock: Clock) -> None:
    assert "zuletzt geprüft" not in town.get(f"/services/{ENTRY}").text
    for channel in ("", "video"):
        answer = press(town, "anna", 303, __formid__="verify", channel=channel).follow()
        assert answer.html.find(role="status")
    citizen = town.get(f"/services/{ENTRY}").html
    assert "zuletzt geprüft am 23. November 2026" in " ".join(
        citizen.find("header", class_="service__head").text.split()
    )
    checked = [row.find("h3").get_text(strip=True) for row in citizen.select("li.channel") if "Geprüft am" in row.text]
    assert checked == ["Video"]
    clock.now += timedelta(days=400)
    press(town, "rita", 303, __formid__="verify", channel="")
    rows = page_of(town).html.find(attrs={"aria-labelledby": "confirmed"}).select("ul > li")
    assert "28. Dezember 2027" in rows[0].get_text()
    said = [line.get_text(" ", strip=True) for line in rows[0].select("ol li")]
    assert [line.rpartition(" ")[2] for line in said] == ["Rita", "Anna"]


def test_what_is_not_public_or_somebody_elses_is_not_confirmed(town: Site) -> None:
    save(town.house, a_service("entwurf"))
    assert not page_of(town, "anna", "entwurf").html.find(attrs={"aria-labelledby": "confirmed"})
    before = written(town.house)
    press(town, "anna", 409, "entwurf", __formid__="verify", channel="")
    press(town, "jonas", 404, __formid__="verify", channel="")
    press(town, "anna", 404, "hundesteuer", __formid__="verify", channel="")
    assert written(town.house) == before


# Who answers for it, and where it is


def test_a_reviewer_says_who_answers_for_an_entry_and_how_often_it_is_looked_at(town: Site) -> None:
    form = form_of(town, "care")
    offered = {value for value, _chosen, _label in form["responsible"].options}
    assert {"", "anna", "rita", "cora"} <= offered
    assert not {"jonas", "nora"} & offered
    page = send(form, "assign", responsible="anna", review_months="6")
    assert page.html.find(role="status")
    entry = entry_of(town)
    assert (entry.responsible, entry.review_months) == ("anna", 6)
    send(form_of(town, "care"), "assign", responsible="", review_months="")
    entry = entry_of(town)
    assert (entry.responsible, entry.review_months) == ("", None)
    assert {"care", "rename", "retire"}.isdisjoint(page_of(town, "anna").forms)
    before = written(town.house)
    press(town, "anna", 403, __formid__="care", responsible="anna", review_months="6")
    press(town, "anna", 403, __formid__="rename", slug="neu", why="")
    assert written(town.house) == before


def test_an_entry_gets_another_address_and_its_page_goes_along(town: Site) -> None:
    before = page_of(town).html.find(attrs={"aria-labelledby": "log"}).find_all("li")
    page = send(form_of(town, "rename"), "rename", slug="abmelden", why="kürzer")
    assert urlsplit(page.request.url).path == "/services/abmelden/workflow"
    assert page.html.find(role="status")
    steps = page.html.find(attrs={"aria-labelledby": "log"}).find_all("li")
    assert "kürzer" in steps[0].get_text()
    assert "veröffentlicht" in steps[1].get_text()
    assert len(steps) == len(before) + 1
    assert town.get(f"/services/{ENTRY}", status=301).headers["Location"].endswith("/services/abmelden")
    page = send(form_of(town, "rename", slug="abmelden"), "rename", 400, slug="Falsche Adresse", why="so")
    assert set(problems(page, "rename")) == {"slug"}
    assert page.forms["rename"]["slug"].value == "Falsche Adresse"
    assert page.forms["rename"]["why"].value == "so"


# Beside editing


def test_a_draft_can_be_given_up_from_where_it_is_edited(town: Site) -> None:
    draft(town, "Unfug")
    page = town.signed_in("anna").get(f"/services/{ENTRY}/edit")
    assert page.html.find("a", string="Entwurf verwerfen")["href"] == PAGE


def test_who_goes_on_editing_hears_that_the_planned_revision_stays_planned(town: Site, clock: Clock) -> None:
    draft(town, "Ab Dezember")
    send(form_of(town, "step"), "publish", day="2026-12-01", time="08:30")
    visitor = town.signed_in("anna")
    form = visitor.get(f"/services/{ENTRY}/edit").forms["service"]
    form["why"] = "Weiter"
    next(control for _name, control in form.field_order if control.id == "service-title-de").value = "Noch neuer"
    page = form.submit("save", status=303).follow()
    assert "1. Dezember 2026, 08:30 Uhr (MEZ)" in " ".join(page.html.find(role="status").get_text().split())
    come(town, clock, timedelta(days=8))
    assert "Ab Dezember" in town.get(f"/services/{ENTRY}").text
    assert "Noch neuer" in town.signed_in("anna").get(f"/services/{ENTRY}/preview").text
