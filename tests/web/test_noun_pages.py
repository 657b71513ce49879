"""The coordinator's pages for offices, topics, synonyms and compounds."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_place, a_service, an_office
from faces import CITY_POSTED, NOUNS, addresses
from houses import publish, written
from pagecheck import faults
from sites import Site
from webtest import Form, TestApp, TestResponse

from servicedir.domain.document import NOUNS as NOUN_KINDS
from servicedir.domain.text import Text
from servicedir.web.admin.noun_schemas import noun_schema
from servicedir.web.admin.nouns import FIELDS, KINDS, from_form, to_form

OFFICE = "/admin/offices/buergeramt"


def form_of(page: TestResponse) -> Form:
    form: Form = page.forms["noun"]
    return form


def by_id(form: Form, identifier: str) -> Any:
    (found,) = (control for _name, control in form.field_order if control.id == f"noun-{identifier}")
    return found


def fill(form: Form, **values: str) -> None:
    for name, value in values.items():
        by_id(form, name.replace("__", "-")).value = value


def send(form: Form, status: int = 303) -> TestResponse:
    return form.submit("save", status=status)


def retire_form(page: TestResponse) -> Form | None:
    forms = {id(form): form for form in page.forms.values()}.values()
    return next((form for form in forms if form.action.endswith("/retire")), None)


@pytest.fixture
def cora(town: Site) -> TestApp:
    return town.signed_in("cora")


# Lists and forms


def test_the_way_leads_from_the_desk_to_each_list_and_to_the_searches(quiet: Site) -> None:
    visitor = quiet.signed_in("cora")
    page = visitor.get("/desk").click(href="/admin/words$")
    for nouns in NOUNS:
        assert page.click(href=f"/admin/{nouns}$").status_int == 200
    assert page.click(href="/admin/searches$").status_int == 200
    assert "/admin/words" not in quiet.signed_in("rita").get("/desk").text


def test_a_list_says_how_many_services_use_each_and_leads_there(quiet: Site) -> None:
    page = quiet.signed_in("cora").get("/admin/offices")
    row = page.html.find("a", href=OFFICE).find_parent("tr")
    link = row.find("a", href=f"{OFFICE}#uses")
    assert link.get_text(strip=True).startswith("1")
    names = [th.get_text(strip=True) for th in page.html.select("tbody th")]
    assert names == sorted(names, key=str.casefold)
    assert page.html.find("a", href="/admin/offices/meldestelle").find_parent("tr").get_text().count("Buergeramt") == 1


def test_an_office_is_changed_in_public_at_once(town: Site, cora: TestApp) -> None:
    form = form_of(cora.get(OFFICE))
    fill(form, name__de="Bürgerservice", name__en="Citizens", phone="0123 456", address__de="Marktplatz 1", why="Neu")
    by_id(form, "four_eyes").checked = True
    page = send(form).follow()
    assert page.html.find(role="status")
    assert faults(page.text, "de") == []
    assert "Bürgerservice" in town.get("/services/wohnsitz-abmelden").text
    public = town.get("/offices/buergeramt")
    assert "Marktplatz 1" in public.text
    assert "0123 456" in public.text
    assert "Citizens" in town.get("/offices/buergeramt?lang=en").text
    assert town.house.catalogue().needs_four_eyes("meldestelle")
    history = cora.get(f"{OFFICE}/history").text
    for said in ("Neu", "Cora", "Telefon", "Vier Augen", "erste Fassung"):
        assert said in history


@pytest.mark.parametrize(
    ("nouns", "typed", "public"),
    [
        (
            "offices",
            {"name__de": "Neuer Bezirk", "kind-0": "department", "parent": "buergeramt"},
            "/offices/neuer-bezirk",
        ),
        ("topics", {"name__de": "Neuer Bezirk", "kind-0": "topic"}, "/topics/neuer-bezirk"),
        ("places", {"name__de": "Neuer Bezirk", "kind-0": "virtual", "opened": "05.2024", "office": "buergeramt"}, ""),
        ("audiences", {"name__de": "Neuer Bezirk"}, ""),
    ],
)
def test_a_new_noun_is_there_for_everybody(
    town: Site, cora: TestApp, nouns: str, typed: dict[str, str], public: str
) -> None:
    form = form_of(cora.get(f"/admin/{nouns}/add"))
    fill(form, **typed)
    page = send(form).follow()
    assert page.request.path == f"/admin/{nouns}/neuer-bezirk"
    assert getattr(town.house.catalogue(), nouns)["neuer-bezirk"].name == Text.of("Neuer Bezirk")
    if public:
        assert "Neuer Bezirk" in town.get(public).text
    assert "Neuer Bezirk" in cora.get("/services/wohnsitz-abmelden/edit").text


def test_every_noun_of_the_sample_survives_its_form(city: Site) -> None:
    catalogue = city.house.catalogue()
    looked = 0
    for kind, _title, _add in KINDS.values():
        for noun in getattr(catalogue, FIELDS[kind]).values():
            schema = noun_schema(kind, "de", catalogue, noun.slug).bind(request=None)
            shown = schema.serialize(to_form(noun) | {"based_on": 1})
            assert from_form(kind, schema.deserialize(shown), noun) == noun
            looked += 1
    assert looked > 50


def test_saving_a_form_as_it_is_changes_nothing(town: Site, cora: TestApp) -> None:
    for path in addresses({n: [CITY_POSTED[f"admin-{n}-edit"]] for n in NOUNS}):
        before = written(town.house)
        send(form_of(cora.get(path)))
        assert written(town.house) == before


def test_languages_that_the_form_does_not_show_are_kept(town: Site, cora: TestApp) -> None:
    publish(town.house, an_office("buergeramt", name={"de": "Bürgeramt", "uk": "Офіс"}))
    form = form_of(cora.get(OFFICE))
    fill(form, name__de="Amt")
    send(form)
    assert town.house.catalogue().offices["buergeramt"].name == Text.of(de="Amt", uk="Офіс")


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(town: Site, cora: TestApp) -> None:
    form = form_of(cora.get("/admin/offices/add"))
    fill(form, name__en="\"'><x1>", phone="42", email="nobody", url="javascript:alert(1)", hours__de="Mo\r\nDi")
    before = written(town.house)
    page = send(form, 400)
    assert written(town.house) == before
    links = {a["href"] for a in page.html.select("#noun--problems a")}
    assert links == {"#noun-name-de", "#noun-email", "#noun-url", "#noun-kind-0"}
    again = form_of(page)
    assert [by_id(again, name).value for name in ("name-en", "phone", "email", "url")] == [
        "\"'><x1>",
        "42",
        "nobody",
        "javascript:alert(1)",
    ]
    assert faults(page.text, "de") == []


def test_what_the_domain_refuses_is_said_at_the_field(cora: TestApp) -> None:
    form = form_of(cora.get("/admin/topics/add"))
    fill(form, **{"name__de": "umzug UND wohnen", "kind-0": "topic"})
    page = send(form, 400)
    assert page.html.find(id="noun-name--error")


def test_an_office_is_not_offered_what_is_below_it(quiet: Site) -> None:
    page = quiet.signed_in("cora").get(OFFICE)
    offered = {option["value"] for option in page.html.select("#noun-parent option")}
    assert "jugendamt" in offered
    assert not offered & {"buergeramt", "meldestelle"}


def test_who_was_second_keeps_what_they_typed_and_sees_what_differs(town: Site, cora: TestApp) -> None:
    form = form_of(cora.get(OFFICE))
    publish(town.house, an_office("buergeramt", name="Von anderen", phone="1"))
    fill(form, name__de="Von mir")
    page = send(form, 409)
    alert = page.html.find(id="conflict").get_text(" ", strip=True)
    assert "Name" in alert
    assert "Telefon" in alert
    assert "Öffnungszeiten" not in alert
    assert by_id(form_of(page), "name-de").value == "Von mir"
    assert faults(page.text, "de") == []
    assert "Von anderen" in town.get("/offices/buergeramt").text
    send(form_of(page))
    assert "Von mir" in town.get("/offices/buergeramt").text


# Retiring


def test_what_is_used_cannot_be_retired_and_says_by_what(town: Site, cora: TestApp) -> None:
    publish(town.house, a_place("halle", office="buergeramt", name="Halle"))
    page = cora.get(OFFICE)
    assert retire_form(page) is None
    section = page.html.find(id="uses").find_parent("section")
    links = {a["href"] for a in section.find_all("a")}
    assert {"/services/wohnsitz-abmelden/edit", "/admin/offices/meldestelle", "/admin/places/halle"} <= links
    assert {"Anna", "Rita"} <= set(section.get_text(" ", strip=True).split())
    token = page.forms["noun"]["csrf_token"].value
    answer = cora.post(f"{OFFICE}/retire", {"csrf_token": token, "based_on": "1"}, status=409)
    assert answer.html.find(role="alert")
    assert faults(answer.text, "de") == []
    assert form_of(answer).action == OFFICE
    assert town.get("/offices/buergeramt").status_int == 200


def test_what_is_not_used_is_retired_and_taken_up_again(town: Site, cora: TestApp) -> None:
    form = retire_form(cora.get("/admin/offices/meldestelle"))
    assert form
    page = form.submit(status=303).follow()
    assert page.html.find(role="status")
    assert faults(page.text, "de") == []
    town.get("/offices/meldestelle", status=410)
    assert "Meldestelle" not in town.get("/offices/").text
    page = page.click(href="/admin/offices/meldestelle$")
    assert retire_form(page) is None
    assert faults(page.text, "de") == []
    send(form_of(page))
    assert "Meldestelle" in town.get("/offices/meldestelle").text
    form.submit(status=409)


@pytest.mark.parametrize("based_on", ["", "x", "-1", "²", "9" * 400])
def test_retiring_what_is_no_revision_is_refused(town: Site, cora: TestApp, based_on: str) -> None:
    form = retire_form(cora.get("/admin/offices/meldestelle"))
    assert form
    form["based_on"].force_value(based_on)
    form.submit(status=400)
    assert town.get("/offices/meldestelle").status_int == 200


# Nobody else


@pytest.mark.parametrize("name", CITY_POSTED)
def test_no_form_is_taken_from_elsewhere_or_from_others(town: Site, name: str) -> None:
    (path,) = addresses({name: [CITY_POSTED[name]]})
    token = town.signed_in("rita").get("/services/add").forms["service"]["csrf_token"].value
    cora = town.signed_in("cora")
    own = form_of(cora.get("/admin/topics/add"))["csrf_token"].value
    before = written(town.house)
    for forged in ({}, {"csrf_token": ""}, {"csrf_token": "0" * 64}, {"csrf_token": token}):
        cora.post(path, {"based_on": "1", **forged}, status=400)
    cora.post(path, {"based_on": "1", "csrf_token": own}, headers={"Origin": "https://evil.example.org"}, status=400)
    assert written(town.house) == before


@pytest.mark.parametrize("name", CITY_POSTED)
@pytest.mark.parametrize("login", ["anna", "rita", "nora"])
def test_no_form_is_taken_without_the_duty(town: Site, name: str, login: str) -> None:
    (path,) = addresses({name: [CITY_POSTED[name]]})
    visitor = town.signed_in(login)
    forms = visitor.get("/desk").forms.values()
    token = next(form["csrf_token"].value for form in forms if "csrf_token" in form.fields)
    before = written(town.house)
    visitor.post(path, {"csrf_token": token, "based_on": "1"}, status=403)
    assert written(town.house) == before


def test_a_field_that_the_form_does_not_have_is_refused(town: Site, cora: TestApp) -> None:
    form = form_of(cora.get(OFFICE))
    before = written(town.house)
    for name in ("slug", "state", "parents"):
        cora.post(OFFICE, [*form.submit_fields("save"), (name, "x")], status=400)
    assert written(town.house) == before


# Synonyms


def test_a_failed_search_becomes_a_synonym_in_three_clicks(town: Site, cora: TestApp) -> None:
    for _person in range(2):
        assert town.get("/?q=Vierbeiner").html.find(id="nothing-title")
    town.house.searches.write()
    page = cora.get("/admin/searches")
    form = form_of(page.click(href="word=vierbeiner"))
    area = by_id(form, "words")
    assert area.value.strip() == "vierbeiner"
    area.value += "Hundesteuer\r\n  hundesteuer \r\n\r\n"
    page = send(form).follow()
    assert page.request.path == "/admin/synonyms/vierbeiner"
    assert town.house.catalogue().synonyms["vierbeiner"].words == ("vierbeiner", "Hundesteuer")
    found = town.get("/?q=Vierbeiner")
    assert "Hundesteuer" in found.html.select_one(".card__title").get_text()
    assert town.get("/api/v1/services?q=vierbeiner").json["total"] == 1


def test_too_few_words_are_refused_and_kept(cora: TestApp) -> None:
    form = form_of(cora.get("/admin/synonyms/add?word=%00Hund%20%20und"))
    assert by_id(form, "words").value.strip() == "Hund und"
    page = send(form, 400)
    assert by_id(form_of(page), "words").value.strip() == "Hund und"
    assert page.html.find(id="noun-words--error")


# Compounds


def test_a_word_is_taken_apart_as_the_coordinator_writes_it(town: Site, cora: TestApp) -> None:
    publish(town.house, a_service("urkunde", title="Druckerzeugnis abgeben", channels=()))
    form = form_of(cora.get("/admin/words").click(href="/admin/compounds$").click(href="/admin/compounds/add"))
    fill(form, parts=" Druck | erzeugnis ", why="Kein Zeugnis")
    page = send(form).follow()
    assert page.request.path == "/admin/compounds/druckerzeugnis"
    assert by_id(form_of(page), "parts").value == "Druck|erzeugnis"
    assert page.html.find("h1").get_text() == "Druck|erzeugnis"
    assert not page.html.find(id="uses")
    assert faults(page.text, "de") == []
    assert town.house.catalogue().compounds["druckerzeugnis"].parts == ("Druck", "erzeugnis")
    form = form_of(page)
    fill(form, parts="Druckerzeugnis")
    send(form)
    assert town.house.catalogue().compounds["druckerzeugnis"].parts == ("Druckerzeugnis",)
    history = cora.get("/admin/compounds/druckerzeugnis/history").text
    assert "Kein Zeugnis" in history
    assert "Wort und seine Teile" in history
    form = retire_form(cora.get("/admin/compounds/druckerzeugnis"))
    assert form
    assert form.submit(status=303).follow().html.find(id="retired")
    assert "druckerzeugnis" not in town.house.catalogue().compounds


@pytest.mark.parametrize(
    ("line", "said", "said_in_english"),
    [
        ("Druck-erzeugnis", "nur Buchstaben", "only letters"),
        ("Druck|er|zeugnis", "mindestens 3 Buchstaben", "at least 3 letters"),
        ("Druck|" + "x" * 60, "höchstens 60 Buchstaben", "at most 60 letters"),
        ("bunde|samt", "gibt es schon einen Eintrag", "already an entry"),
        ("", "", ""),
    ],
)
def test_what_is_wrong_with_a_word_is_said_and_what_was_typed_stays(
    town: Site, cora: TestApp, line: str, said: str, said_in_english: str
) -> None:
    before = written(town.house)
    for language, sentence in (("de", said), ("en", said_in_english)):
        form = form_of(cora.get(f"/admin/compounds/add?lang={language}"))
        fill(form, parts=line, why="Grund")
        page = send(form, 400)
        assert sentence in page.html.find(id="noun-parts--error").get_text()
        assert [by_id(form_of(page), name).value for name in ("parts", "why")] == [line, "Grund"]
        assert faults(page.text, language) == []
    assert written(town.house) == before


def test_letters_in_two_pieces_are_letters(town: Site, cora: TestApp) -> None:
    form = form_of(cora.get("/admin/compounds/add"))
    fill(form, parts="Tu\u0308r|o\u0308ffner")
    send(form)
    assert town.house.catalogue().compounds["tueroeffner"].parts == ("Tür", "öffner")


def test_each_kind_of_noun_has_its_pages() -> None:
    assert {kind for kind, _title, _add in KINDS.values()} == set(NOUN_KINDS)
