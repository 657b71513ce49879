"""An entry is added, corrected and published through the form, as an editor does it once a month between two calls."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from builders import a_grant, a_service, an_office
from faces import DESK, addresses
from houses import publish, save, written
from pagecheck import faults
from sites import Site
from webtest import Form, TestApp, TestResponse

from servicedir.domain.history import Entry, Kind
from servicedir.domain.service import ChannelKind, Service, Stage
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Role, State
from servicedir.web.desk.schemas import service_schema
from servicedir.web.desk.values import from_form, to_form

EDIT = "/services/wohnsitz-abmelden/edit"
NASTY = "Grüße 🏛️ aus </textarea><script>alert(1)</script> \"'&amp; ${7*7} {0.__class__} \u202eRTL"


def form_of(page: TestResponse) -> Form:
    form: Form = page.forms["service"]
    return form


def by_id(form: Form, identifier: str) -> Any:
    """The control with an id: names repeat from entry to entry of a list, ids do not."""
    (found,) = (control for _name, control in form.field_order if control.id == f"service-{identifier}")
    return found


def fill(form: Form, **values: Any) -> None:
    """Type into controls: `channels__0__kind="phone"` is the one with the id `channels-0-kind`."""
    for name, value in values.items():
        by_id(form, name.replace("__", "-")).value = value


def press(form: Form, button: str, status: int = 303, **options: Any) -> TestResponse:
    return form.submit(button, status=status, **options)


def act(form: Form, action: str) -> TestResponse:
    """Press a button of a list, such as `add:channels`."""
    actions = [value for control in form.fields["__list__"] for value in [control._value]]
    return form.submit("__list__", index=actions.index(action), status=200)


def entry_of(site: Site, slug: str = "wohnsitz-abmelden") -> tuple[Entry, Service]:
    with site.house.work() as directory:
        return directory.entry(slug, SYSTEM)


def live(site: Site, slug: str = "wohnsitz-abmelden") -> Service:
    with site.house.work() as directory:
        return directory.service(slug).service


def authors(site: Site, slug: str = "wohnsitz-abmelden") -> list[tuple[int, str]]:
    with site.house.work() as directory:
        return [(r.number, r.author) for r in directory.revisions.history(Kind.SERVICE, slug)]


def problems(page: TestResponse) -> dict[str, str]:
    """Id of the field -> sentence, as the summary of errors links them."""
    return {
        link["href"].removeprefix("#service-"): link.get_text(" ", strip=True)
        for link in page.html.select("#service--problems a")
    }


# The whole way


def test_a_correction_is_published_and_found_at_once(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, title__de="Wohnsitz abmelden", summary__de="Auch für Zweitwohnsitze am Bodensee.", why="Ratsbeschluss")
    answer = press(form, "publish").follow()
    assert answer.html.find(role="status")
    assert faults(answer.text, "de") == []
    assert "Bodensee" in town.get("/services/wohnsitz-abmelden").text
    assert town.get("/api/v1/services?q=Bodensee").json["total"] == 1
    entry, _value = entry_of(town)
    assert (entry.state, entry.live, entry.latest.number) == (State.PUBLISHED, 2, 2)
    assert (entry.latest.author, entry.latest.reason) == ("rita", "Ratsbeschluss")
    history = visitor.get("/services/wohnsitz-abmelden/history")
    assert "Ratsbeschluss" in history.text
    assert "rita" in history.text


def test_a_draft_is_seen_by_its_office_alone_until_it_is_published(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, summary__de="Geheimnisvolle Neuerung.")
    press(form, "save")
    assert "Geheimnisvolle" not in town.get("/services/wohnsitz-abmelden").text
    assert "Geheimnisvolle" in visitor.get(EDIT).text
    assert "Geheimnisvolle" in visitor.get("/services/wohnsitz-abmelden/preview").text
    entry, _value = entry_of(town)
    assert (entry.state, entry.live, entry.latest.number) == (State.PRIVATE, 1, 2)
    press(form_of(visitor.get(EDIT)), "publish")
    assert "Geheimnisvolle" in town.get("/services/wohnsitz-abmelden").text
    assert entry_of(town)[0].latest.number == 2


def test_a_new_entry_is_made_step_by_step(town: Site) -> None:
    editor, reviewer = town.signed_in("anna"), town.signed_in("rita")
    form = form_of(editor.get("/services/add"))
    fill(form, slug="fischereischein", title__de="Fischereischein", summary__de="Angeln am Fluss.", office="buergeramt")
    by_id(form, "nature-0").value = "transactional"
    edit = press(form, "save").follow()
    assert urlsplit(edit.request.url).path == "/services/fischereischein/edit"
    town.get("/services/fischereischein", status=404)
    form = form_of(act(form_of(edit), "add:channels"))
    fill(form, channels__0__kind="video")
    form = form_of(act(form, "add:channels.0.periods"))
    fill(form, channels__0__periods__0__stage="pilot", channels__0__periods__0__since="05.2024")
    sent = press(form, "submit").follow()
    assert urlsplit(sent.request.url).path == "/services/fischereischein/workflow"
    assert sent.html.find(role="status")
    assert entry_of(town, "fischereischein")[0].state is State.PENDING
    step = reviewer.get("/services/fischereischein/workflow")
    form = next(form for form in step.forms.values() if "step" in form.fields)
    form.submit("step", value="publish", status=303)
    page = town.get("/services/fischereischein")
    assert "Testbetrieb" in page.text
    found = town.get("/api/v1/services?q=angeln&video=pilot").json["items"]
    assert [item["slug"] for item in found] == ["fischereischein"]
    assert found[0]["video"]["since"] == "2024-05-01"
    assert authors(town, "fischereischein") == [(1, "anna"), (2, "anna")]


def test_the_form_of_an_entry_saves_it_as_it_is(town: Site) -> None:
    """What the form shows of an entry that says everything is all of it: saving unchanged changes nothing."""
    visitor = town.signed_in("rita")
    before = entry_of(town)
    for button in ("save", "publish"):
        press(form_of(visitor.get(EDIT)), button)
        assert entry_of(town) == before
        assert authors(town) == [(1, "system")]


def test_every_service_of_the_sample_survives_its_form(city: Site) -> None:
    """The forms of all are read as they are shown; nothing is written."""
    with city.house.work() as directory:
        catalogue, entries = directory.catalogue, directory.titles()
    schema = service_schema("de", catalogue, list(catalogue.offices), new=False)
    for entry in entries:
        shown = schema.serialize(to_form(entry.service) | {"based_on": entry.revision})
        assert from_form(schema.deserialize(shown), entry.service) == entry.service


def test_languages_that_the_form_does_not_show_are_kept(town: Site) -> None:
    value = a_service("mehrsprachig", title={"de": "Hilfe", "en": "Help", "uk": "Допомога"}, verified=None)
    save(town.house, value)
    visitor = town.signed_in("rita")
    form = form_of(visitor.get("/services/mehrsprachig/edit"))
    fill(form, title__en="Aid")
    press(form, "save")
    assert entry_of(town, "mehrsprachig")[1].title == Text.of(de="Hilfe", en="Aid", uk="Допомога")


# Nothing typed is lost


def test_every_character_typed_is_kept_when_something_is_wrong(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    typed = {}
    for _name, control in form.field_order:
        if control.id and control.attrs.get("type", "text") == "text" and control.tag in ("input", "textarea"):
            control.value = f"{NASTY} {control.id}"
            typed[control.id.removeprefix("service-")] = control.value
    assert len(typed) > 20
    before = written(town.house)
    page = press(form, "publish", status=400)
    assert written(town.house) == before
    again = form_of(page)
    assert {identifier: by_id(again, identifier).value for identifier in typed} == typed
    assert faults(page.text, "de") == []
    assert problems(page)


def test_what_is_right_is_saved_to_the_last_character(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    body = f"  {NASTY}\r\n\r\n- eins\r\n- zwei\ttab"
    fill(form, title__de=NASTY, body__de=body, keywords="Größe\r\n😀 Wort\r\n\r\nGröße", costs__de="=1+1")
    press(form, "publish")
    value = live(town)
    assert value.title.get("de") == NASTY
    assert value.body.get("de") == body.replace("\r\n", "\n").strip()
    assert value.keywords == ("Größe", "😀 Wort")
    page = town.get("/services/wohnsitz-abmelden")
    assert page.html.h1.get_text(strip=True) == NASTY
    assert faults(page.text, "de") == []
    assert by_id(form_of(visitor.get(EDIT)), "title-de").value == NASTY


def test_each_error_links_to_a_field_that_is_there_and_marked(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(
        form,
        title__de="",
        leika_key="12",
        channels__0__periods__0__since="gestern",
        channels__0__periods__1__slots_per_week="viele",
        channels__0__periods__1__booking_url="javascript:alert(1)",
        constraints__0__url="nirgends",
        legal_bases__0__citation="",
    )
    page = press(form, "save", status=400)
    told = problems(page)
    assert set(told) == {
        "title-de",
        "leika_key",
        "channels-0-periods-0-since",
        "channels-0-periods-1-slots_per_week",
        "channels-0-periods-1-booking_url",
        "constraints-0-url",
        "legal_bases-0-citation",
    }
    for identifier in told:
        control = page.html.find(id=f"service-{identifier}")
        assert control["aria-invalid"] == "true"
        sentence = page.html.find(id=control["aria-describedby"].split()[-1]).select_one(".kern-body")
        words = sentence.get_text(" ", strip=True).split(" ", 1)[1]
        assert told[identifier].endswith(words)
    assert faults(page.text, "de") == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"channels__0__periods__0__until": "2024-06"}, "channels-0-periods-1-since"),
        (
            {"channels__2__periods__0__stage": "ruled_out", "channels__2__periods__0__reason__de": ""},
            "channels-2-periods-0-reason",
        ),
        ({"channels__0__periods__1__until": "2024-04"}, "channels-0-periods-1-until"),
        ({"channels__1__kind": "video"}, "channels-1-kind"),
        ({"channels__0__periods__1__slots_per_week": "-1"}, "channels-0-periods-1-slots_per_week"),
        ({"related__0": "wohnsitz-abmelden"}, "related"),
        ({"related__0": "gibt-es-nicht"}, "related"),
        ({"channels__1__periods__0__attested": ""}, "channels-1-periods-0-since"),
    ],
)
def test_a_broken_rule_is_told_at_the_field_that_breaks_it(town: Site, typed: dict[str, str], field: str) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, **typed)
    before = written(town.house)
    page = press(form, "save", status=400)
    (target,) = problems(page)
    assert target.startswith(field)
    assert page.html.find(id=f"service-{target}")
    assert written(town.house) == before
    assert faults(page.text, "de") == []


def test_an_address_that_is_taken_is_told_at_its_field(town: Site) -> None:
    visitor = town.signed_in("anna")
    form = form_of(visitor.get("/services/add"))
    fill(form, slug="hundesteuer", title__de="Hundesteuer", office="buergeramt")
    by_id(form, "nature-0").value = "transactional"
    page = press(form, "save", status=400)
    assert set(problems(page)) == {"slug"}
    assert authors(town, "hundesteuer") == [(1, "system")]


@pytest.mark.parametrize("slug", ["Straße", "a b", "../x", "a--b", "-a", "x" * 101, "add/x"])
def test_an_address_that_is_none_is_told_at_its_field(town: Site, slug: str) -> None:
    visitor = town.signed_in("anna")
    form = form_of(visitor.get("/services/add"))
    fill(form, slug=slug, title__de="Titel", office="buergeramt")
    by_id(form, "nature-0").value = "transactional"
    page = press(form, "save", status=400)
    assert set(problems(page)) == {"slug"}
    assert by_id(form_of(page), "slug").value == slug


def test_an_entry_cannot_take_the_address_of_a_page(town: Site) -> None:
    """`/services/add` is the form itself: an entry with that slug could never be reached."""
    visitor = town.signed_in("anna")
    form = form_of(visitor.get("/services/add"))
    fill(form, slug="add", title__de="Titel", office="buergeramt")
    by_id(form, "nature-0").value = "transactional"
    page = press(form, "save", status=400)
    assert set(problems(page)) == {"slug"}


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Straßenfest & Größe", "strassenfest-groesse"), ("  Ämter -- à la carte ", "aemter-a-la-carte")],
)
def test_an_address_that_is_left_out_is_made_of_the_title(town: Site, title: str, slug: str) -> None:
    visitor = town.signed_in("anna")
    form = form_of(visitor.get("/services/add"))
    fill(form, title__de=title, office="buergeramt")
    by_id(form, "nature-0").value = "transactional"
    press(form, "save")
    assert entry_of(town, slug)[1].title.get("de") == title.strip()


@pytest.mark.parametrize("title", ["Add", "!!!", "中文"])
def test_a_title_that_makes_no_address_asks_for_one(town: Site, title: str) -> None:
    visitor = town.signed_in("anna")
    form = form_of(visitor.get("/services/add"))
    fill(form, title__de=title, office="buergeramt")
    by_id(form, "nature-0").value = "transactional"
    page = press(form, "save", status=400)
    assert set(problems(page)) == {"slug"}


# What contradicts itself


def test_a_contradiction_is_asked_about_and_published_all_the_same(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, constraints__0__effect__0="rules_out", title__de="Widerspruch")
    before = written(town.house)
    page = press(form, "publish", status=400)
    assert written(town.house) == before
    assert faults(page.text, "de") == []
    again = form_of(page)
    assert by_id(again, "title-de").value == "Widerspruch"
    press(again, "publish")
    assert live(town).title.get("de") == "Widerspruch"
    assert visitor.get(EDIT).html.select(".kern-alert--warning li")


def test_another_contradiction_is_asked_about_again(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, constraints__0__effect__0="rules_out")
    form = form_of(press(form, "publish", status=400))
    fill(form, constraints__0__channel="in_person")
    form = form_of(press(form, "publish", status=400))
    press(form, "publish")


def test_a_draft_may_contradict_itself_without_a_question(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, constraints__0__effect__0="rules_out")
    press(form, "save")
    assert visitor.get(EDIT).html.select(".kern-alert--warning li")


def test_what_agrees_with_itself_is_not_warned_of(town: Site) -> None:
    assert not town.signed_in("rita").get(EDIT).html.select(".kern-alert--warning li")


# Periods


def test_a_new_stage_ends_the_one_before(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(act(form_of(visitor.get(EDIT)), "add:channels.0.periods"))
    fill(form, channels__0__periods__0__stage="live", channels__0__periods__0__since="2026-01")
    press(form, "publish")
    periods = live(town).channel(ChannelKind.VIDEO).periods
    told = {period.stage: (str(period.since), period.until and str(period.until)) for period in periods}
    assert told == {
        Stage.LIVE: ("2026-01", None),
        Stage.PLANNED: ("2023", "2024-04"),
        Stage.PILOT: ("2024-05", "2025-12"),
    }
    assert town.get("/api/v1/services/wohnsitz-abmelden").json["video"]["stage"] == "live"


@pytest.mark.parametrize(("typed", "meant"), [("2024", "2024"), ("5/2024", "2024-05"), ("1.5.2024", "2024-05-01")])
def test_days_are_as_exact_as_they_were_typed(town: Site, typed: str, meant: str) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, channels__1__periods__0__since=typed)
    press(form, "publish")
    assert str(live(town).channel(ChannelKind.IN_PERSON).periods[0].since) == meant


# Two editors


def test_who_saves_second_is_told_what_differs_and_keeps_every_word(town: Site) -> None:
    first, second = town.signed_in("anna"), town.signed_in("rita")
    early, late = form_of(first.get(EDIT)), form_of(second.get(EDIT))
    fill(early, costs__de="12 Euro", title__en="Leaving town")
    press(early, "save")
    fill(late, title__de=NASTY, duration__de="zwei Tage")
    page = press(late, "publish", status=409)
    assert faults(page.text, "de") == []
    told = page.html.find(id="conflict").get_text(" ", strip=True)
    assert "anna" in told
    for name in ("Titel", "Kosten", "Dauer"):
        assert name in told
    for name in ("Unterlagen", "Zugangswege", "Rechtsgrundlagen"):
        assert name not in told
    again = form_of(page)
    assert by_id(again, "title-de").value == NASTY
    assert by_id(again, "duration-de").value == "zwei Tage"
    assert by_id(again, "costs-de").value == "gebührenfrei"
    assert authors(town) == [(1, "system"), (2, "anna")]
    assert live(town).title.get("de") == "Wohnsitz abmelden"
    # Knowing it now, the second one saves again; both are in the history.
    press(again, "publish")
    assert authors(town) == [(1, "system"), (2, "anna"), (3, "rita")]
    assert live(town).title.get("de") == NASTY
    assert live(town).costs.get("de") == "gebührenfrei"
    history = second.get("/services/wohnsitz-abmelden/history").text
    assert "anna" in history
    assert "rita" in history


def test_a_third_one_is_told_again(town: Site) -> None:
    forms = {login: form_of(town.signed_in(login).get(EDIT)) for login in ("anna", "rita", "cora")}
    for number, (login, form) in enumerate(forms.items()):
        fill(form, title__de=f"Titel von {login}")
        page = press(form, "save", status=303 if number == 0 else 409)
        if number == 1:
            rita = form_of(page)
        if number == 2:
            cora = form_of(page)
    press(rita, "save")
    page = press(cora, "save", status=409)
    assert "rita" in page.html.find(id="conflict").get_text()
    press(form_of(page), "save")
    assert authors(town) == [(1, "system"), (2, "anna"), (3, "rita"), (4, "cora")]


def test_a_conflict_in_the_workflow_is_told(town: Site) -> None:
    visitor = town.signed_in("rita")
    page = visitor.get("/services/wohnsitz-abmelden/workflow")
    form = next(form for form in page.forms.values() if "step" in form.fields)
    other = form_of(town.signed_in("anna").get(EDIT))
    fill(other, title__de="Neu")
    press(other, "save")
    answer = form.submit("step", value="retire", status=409)
    assert faults(answer.text, "de") == []
    assert answer.html.find(role="alert")
    assert live(town)


def test_a_form_sent_twice_saves_once(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, title__de="Einmal")
    for _twice in range(2):
        press(form, "publish")
    assert authors(town) == [(1, "system"), (2, "rita")]
    assert live(town).title.get("de") == "Einmal"
    form = form_of(visitor.get("/services/add"))
    fill(form, slug="neu", title__de="Neu", office="buergeramt")
    by_id(form, "nature-0").value = "transactional"
    for _twice in range(2):
        press(form, "save")
    assert authors(town, "neu") == [(1, "rita")]


def test_a_step_taken_twice_is_told_and_no_fault_of_ours(town: Site) -> None:
    visitor = town.signed_in("rita")
    page = visitor.get("/services/wohnsitz-abmelden/workflow")
    form = next(form for form in page.forms.values() if "step" in form.fields)
    form.submit("step", value="retire", status=303)
    assert form.submit("step", value="retire", status="*").status_int in (303, 403, 409)


def test_a_form_sent_after_the_session_ended_saves_nothing_and_says_so(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, title__de="Zu spät")
    with town.house.work(write=True) as directory:
        directory.people.close_sessions("rita")
    before = written(town.house)
    page = press(form, "publish", status=401)
    assert faults(page.text, "de") == []
    assert written(town.house) == before


# Who may not


def test_an_editor_of_another_office_finds_nothing(town: Site) -> None:
    visitor = town.signed_in("jonas")
    save(town.house, a_service("entwurf"))
    for slug in ("wohnsitz-abmelden", "entwurf", "never-there"):
        for path in addresses({name: DESK[name] for name in ("edit", "preview", "history", "workflow")}, slug=slug):
            assert visitor.get(path, status="*").status_int == 404, path
    before = written(town.house)
    own = form_of(visitor.get("/services/hundesteuer/edit"))
    sent = own.submit_fields("save")
    for slug in ("wohnsitz-abmelden", "entwurf"):
        visitor.post(f"/services/{slug}/edit", sent, status=404)
        for step in ("publish", "submit", "retire", "revive", "withdraw", "reject"):
            token = {"csrf_token": own["csrf_token"].value, "based_on": "1", "step": step}
            visitor.post(f"/services/{slug}/workflow", token, status=404)
    assert written(town.house) == before
    assert "wohnsitz-abmelden" not in visitor.get("/desk").text
    assert "hundesteuer" in visitor.get("/desk").text


def test_whoever_has_no_role_has_an_empty_desk(town: Site) -> None:
    visitor = town.signed_in("nora")
    desk = visitor.get("/desk")
    assert faults(desk.text, "de") == []
    assert "/edit" not in desk.text
    visitor.get("/services/add", status=403)
    visitor.get(EDIT, status=404)


def test_only_who_may_publish_has_the_button(town: Site) -> None:
    for login, path, buttons in (
        ("anna", EDIT, {"save", "submit"}),
        ("rita", EDIT, {"save", "publish"}),
        ("cora", EDIT, {"save", "publish"}),
        ("jonas", "/services/hundesteuer/edit", {"save", "submit"}),
        ("anna", "/services/add", {"save", "submit"}),
        ("jonas", "/services/add", {"save", "submit"}),
    ):
        form = form_of(town.signed_in(login).get(path))
        assert {name for name in form.fields if name in ("save", "submit", "publish")} == buttons


def test_a_forged_button_publishes_nothing(town: Site) -> None:
    visitor = town.signed_in("jonas")
    form = form_of(visitor.get("/services/hundesteuer/edit"))
    fill(form, title__de="Hundesteuer neu")
    before = written(town.house)
    sent = [pair for pair in form.submit_fields() if pair[0] not in ("save", "submit")]
    for button in ("publish", "retire", "step"):
        visitor.post("/services/hundesteuer/edit", [*sent, (button, button)], status=400)
    token = form["csrf_token"].value
    for step in ("publish", "retire", "revive", "reject", "fly", ""):
        visitor.post(
            "/services/hundesteuer/workflow",
            {"csrf_token": token, "based_on": "1", "step": step},
            status={"retire": 403, "fly": 400, "": 400}.get(step, 409),
        )
    assert written(town.house) == before
    assert live(town, "hundesteuer").title.get("de") == "Hundesteuer"


def step_form(site: Site, login: str, slug: str) -> Form:
    page = site.signed_in(login).get(f"/services/{slug}/workflow")
    return next(form for form in page.forms.values() if "step" in form.fields)


def test_who_returns_an_entry_says_why_and_its_editor_reads_it(town: Site) -> None:
    save(town.house, a_service("wartet"), "submit")
    form = step_form(town, "rita", "wartet")
    for silent in ("", "   "):
        form["why"] = silent
        page = form.submit("step", value="reject", status=400)
        assert faults(page.text, "de") == []
        assert page.html.find(id="why")["aria-invalid"] == "true"
        assert entry_of(town, "wartet")[0].state is State.PENDING
    form["why"] = NASTY
    answer = form.submit("step", value="reject", status=303).follow()
    assert answer.html.find(role="status")
    assert entry_of(town, "wartet")[0].state is State.PRIVATE
    for path in ("/desk", "/services/wartet/workflow"):
        page = town.signed_in("anna").get(path)
        assert NASTY in page.html.get_text()
        assert faults(page.text, "de") == []


def test_the_page_of_steps_tells_what_was_done_and_by_whom(town: Site) -> None:
    for step in ("retire", "revive", "submit", "withdraw"):
        step_form(town, "rita", "wohnsitz-abmelden").submit("step", value=step, status=303)
    log = town.signed_in("anna").get("/services/wohnsitz-abmelden/workflow").html.find(attrs={"aria-labelledby": "log"})
    rows = [row.get_text(" ", strip=True) for row in log.find_all("li")]
    assert len(rows) == 5
    assert all("rita" in row for row in rows[:4])
    assert "system" in rows[4]


def test_the_page_of_steps_offers_what_one_may(town: Site) -> None:
    def steps(login: str, slug: str) -> set[str]:
        page = town.signed_in(login).get(f"/services/{slug}/workflow")
        return {button["value"] for button in page.html.select('button[name="step"]')}

    save(town.house, a_service("neu"))
    save(town.house, a_service("wartet"), "submit")
    save(town.house, a_service("weg"), "publish", "retire")
    assert steps("anna", "neu") == {"submit"}
    assert steps("rita", "neu") == {"submit", "publish"}
    assert steps("anna", "wartet") == {"withdraw"}
    assert steps("rita", "wartet") == {"withdraw", "reject", "publish"}
    assert steps("anna", "wohnsitz-abmelden") == set()
    assert steps("rita", "wohnsitz-abmelden") == {"retire"}
    assert steps("anna", "weg") == set()
    assert steps("rita", "weg") == {"revive"}


def test_what_waits_for_review_is_not_changed_by_its_editor(town: Site) -> None:
    save(town.house, a_service("wartet"), "submit")
    sent_on = town.signed_in("anna").get("/services/wartet/edit", status=303)
    assert urlsplit(sent_on.headers["Location"]).path == "/services/wartet/workflow"
    form = form_of(town.signed_in("anna").get(EDIT))
    before = written(town.house)
    town.signed_in("anna").post("/services/wartet/edit", form.submit_fields("save"), status="4*")
    assert written(town.house) == before
    town.signed_in("rita").get("/services/wartet/edit", status=200)


def test_a_step_that_no_page_of_ours_sends_is_refused(town: Site) -> None:
    visitor = town.signed_in("rita")
    before = written(town.house)
    bodies: list[dict[str, str]] = [
        {"step": "retire"},
        {"step": "retire", "based_on": ""},
        {"step": "retire", "based_on": "-1"},
        {"step": "retire", "based_on": "x"},
        {"step": "retire", "based_on": "9" * 5000},
        {"step": "retire", "based_on": "٢"},
        {"based_on": "1"},
        {"step": "__class__", "based_on": "1"},
        {"step": "retire", "based_on": "1", "why": "x\x00y"},
    ]
    token = visitor.get("/desk").forms[0]["csrf_token"].value
    for body in bodies:
        answer = visitor.post("/services/wohnsitz-abmelden/workflow", {"csrf_token": token, **body}, status="*")
        assert answer.status_int in (400, 409), body
    assert written(town.house) == before


def test_a_step_sent_as_a_file_is_refused(town: Site) -> None:
    visitor = town.signed_in("rita")
    token = form_of(visitor.get(EDIT))["csrf_token"].value
    for name in ("step", "based_on", "why"):
        values = {"csrf_token": token, "step": "retire", "based_on": "1", "why": ""}
        del values[name]
        answer = visitor.post(
            "/services/wohnsitz-abmelden/workflow", values, upload_files=[(name, "x.txt", b"1")], status="*"
        )
        assert answer.status_int == 400, name
    assert entry_of(town)[0].state is State.PUBLISHED


# What was not asked


def test_a_field_that_the_form_does_not_have_is_refused(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, title__de="Verändert")
    before, sent = written(town.house), form.submit_fields("publish")
    for name in "state live author slug id revision number kind verified version recorded __class__ why2".split():
        answer = visitor.post(EDIT, [*sent, (name, "published")], status=400)
        assert faults(answer.text, "de") == []
    assert written(town.house) == before
    assert live(town).title.get("de") == "Wohnsitz abmelden"


def test_a_choice_that_was_not_offered_is_refused(town: Site) -> None:
    for login, slug, field, value in (
        ("anna", "wohnsitz-abmelden", "office", "jugendamt"),
        ("anna", "wohnsitz-abmelden", "office", "nirgends"),
        ("anna", "wohnsitz-abmelden", "channels-0-kind", "fax"),
        ("anna", "wohnsitz-abmelden", "channels-0-periods-0-stage", "magic"),
    ):
        visitor = town.signed_in(login)
        form = form_of(visitor.get(f"/services/{slug}/edit"))
        by_id(form, field).force_value(value)
        page = press(form, "save", status=400)
        assert set(problems(page)) == {field}
    assert authors(town) == [(1, "system")]


def test_an_entry_is_given_to_another_office_by_who_may_act_for_both(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.people.grant("anna", a_grant(Role.EDITOR, "jugendamt"))
    form = form_of(town.signed_in("anna").get(EDIT))
    fill(form, office="jugendamt")
    press(form, "save")
    assert entry_of(town)[1].office == "jugendamt"
    form = form_of(town.signed_in("jonas").get(EDIT))
    fill(form, office="jugendamt")


def test_an_entry_of_an_office_that_is_gone_can_be_given_to_another(town: Site) -> None:
    publish(town.house, an_office("aufgeloest"), a_service("waise", offices=("aufgeloest",)))
    with town.house.work(write=True) as directory:
        directory.revisions.move(Kind.OFFICE, "aufgeloest", "retire", based_on=1, author="x", reason="")
    town.house.catch_up()
    visitor = town.signed_in("cora")
    for path in addresses({name: DESK[name] for name in ("edit", "preview", "history", "workflow")}, slug="waise"):
        visitor.get(path)
    form = form_of(visitor.get("/services/waise/edit"))
    page = press(form, "save", status=400)
    assert set(problems(page)) == {"office"}
    form = form_of(page)
    fill(form, office="buergeramt")
    press(form, "publish")
    assert live(town, "waise").office == "buergeramt"


# The desk


def test_the_desk_shows_what_waits_and_what_is_mine(town: Site) -> None:
    save(town.house, a_service("mein-entwurf", title="Mein Entwurf"))
    save(town.house, a_service("wartet", title="Wartet auf Prüfung"), "submit")
    save(town.house, a_service("fremd", title="Fremder Entwurf", offices=("jugendamt",)))
    desk = town.signed_in("anna").get("/desk")
    assert faults(desk.text, "de") == []
    for title in ("Mein Entwurf", "Wartet auf Prüfung", "Wohnsitz abmelden"):
        assert title in desk.text
    assert "Fremder Entwurf" not in desk.text
    assert "Fremder Entwurf" in town.signed_in("cora").get("/desk").text


def test_the_desk_can_be_filtered(town: Site) -> None:
    publish(town.house, a_service("aal", title="Aalfang"))
    visitor = town.signed_in("anna")
    table = visitor.get("/desk?q=aalf").html.find("table").get_text()
    assert "Aalfang" in table
    assert "Wohnsitz abmelden" not in table
    assert visitor.get("/desk", {"q": "x" * 5000}).status_int == 200
    assert faults(visitor.get("/desk", {"q": NASTY}).text, "de") == []


def test_the_history_tells_which_fields_changed(town: Site) -> None:
    old = live(town)
    save(town.house, replace(old, costs=Text.of("12 Euro"), keywords=("Umzug",)), based_on=1)
    page = town.signed_in("anna").get("/services/wohnsitz-abmelden/history")
    newest, first = page.html.find("tbody").find_all("tr")
    assert {"Kosten", "Suchwörter"} <= {part.strip() for part in newest.find_all("td")[-1].get_text().split(",")}
    assert "Titel" not in newest.get_text()
    assert first.find("th").get_text(strip=True).startswith("1")


def test_the_preview_shows_the_draft_and_can_be_left(town: Site) -> None:
    save(town.house, replace(live(town), title=Text.of("Neuer Titel")), based_on=1)
    page = town.signed_in("anna").get("/services/wohnsitz-abmelden/preview")
    assert page.html.h1.get_text(strip=True) == "Neuer Titel"
    assert page.html.find("a", href=EDIT)
    assert "application/ld+json" not in page.text


def test_lists_grow_and_shrink_without_losing_a_word(town: Site) -> None:
    visitor: TestApp = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, title__de=NASTY)
    before = written(town.house)
    page = act(form, "add:documents")
    assert by_id(form_of(page), "title-de").value == NASTY
    fill(form_of(page), documents__1__de="Mietvertrag")
    page = act(form_of(page), "remove:documents.0")
    assert by_id(form_of(page), "documents-0-de").value == "Mietvertrag"
    assert written(town.house) == before
    assert faults(page.text, "de") == []
    press(form_of(page), "save")
    assert [document.get("de") for document in entry_of(town)[1].documents] == ["Mietvertrag"]
