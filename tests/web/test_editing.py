"""An entry is added, corrected and published through the form, as an editor does it once a month between two calls."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest
from builders import a_service
from editing import EDIT, NASTY, act, authors, by_id, entry_of, fill, form_of, live, press, problems
from houses import save, written
from pagecheck import faults
from sites import Site

from servicedir.domain.service import ChannelKind, Stage
from servicedir.domain.text import Text
from servicedir.domain.workflow import State
from servicedir.web.desk.schemas import service_schema
from servicedir.web.desk.values import from_form, to_form

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
    assert "Rita" in history.text


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
    step.forms["step"].submit("publish", status=303)
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
        catalogue, entries = directory.catalogue, [held.published for held in directory.titles()]
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


@pytest.mark.parametrize(("query", "shown"), [("", "05.2024"), ("?lang=en", "2024-05")])
def test_days_are_shown_as_the_language_writes_them_and_stay_what_they_are(town: Site, query: str, shown: str) -> None:
    form = form_of(town.signed_in("rita").get(EDIT + query))
    assert by_id(form, "channels-0-periods-1-since").value == shown
    before = live(town).channel(ChannelKind.VIDEO).periods
    press(form, "publish")
    assert live(town).channel(ChannelKind.VIDEO).periods == before


def test_who_may_publish_may_also_ask_somebody_else_to_look(town: Site) -> None:
    for path in (EDIT, "/services/add"):
        buttons = town.signed_in("rita").get(path).html.select(".forms-bar button")
        assert [button["name"] for button in buttons] == ["save", "submit", "publish"]


def test_the_preview_has_the_bars_of_the_other_pages_and_says_first_that_it_is_one(town: Site) -> None:
    page = town.signed_in("rita").get("/services/wohnsitz-abmelden/preview").html
    assert page.select(".desk-bar")
    assert page.select_one(".entry-bar [aria-current]").get_text() == "Vorschau"
    article = page.find("article")
    assert "So sähen" in article.find(True).get_text()
    assert not town.get("/services/wohnsitz-abmelden").html.select(".desk-bar, .entry-bar, .notice")


# Two editors


def test_a_conflict_in_the_workflow_is_told(town: Site) -> None:
    visitor = town.signed_in("rita")
    page = visitor.get("/services/wohnsitz-abmelden/workflow")
    form = page.forms["retire"]
    other = form_of(town.signed_in("anna").get(EDIT))
    fill(other, title__de="Neu")
    press(other, "save")
    answer = form.submit("retire", status=409)
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
    form = page.forms["retire"]
    form.submit("retire", status=303)
    form.submit("retire", status=409)


def test_a_form_sent_after_the_session_ended_saves_nothing_and_says_so(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, title__de="Zu spät")
    with town.house.work(write=True) as directory:
        directory.people.close_sessions("rita")
    before = written(town.house)
    page = press(form, "publish", status=401)
    assert faults(page.text, "de") == []
    assert "in diesem Browser" in page.html.find(class_="lead").get_text()
    (again,) = page.html.select("main a[href^='/login']")
    assert again["href"] == f"/login?next={quote(EDIT, safe='')}"
    assert written(town.house) == before
