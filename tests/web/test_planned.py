"""What is planned, on the pages of services and offices: what a reader is told, and never a draft."""

from __future__ import annotations

import pytest
from builders import a_programme, a_service, a_step
from houses import publish, save
from pagecheck import faults
from sites import Site

from servicedir.domain.workflow import SYSTEM

PAGE = "/services/wohnsitz-abmelden"


def planned(site: Site, path: str) -> str:
    heading = site.get(path).html.find(id="planned")
    return str(heading.find_parent("section").get_text(" ", strip=True)) if heading else ""


def test_the_page_of_a_service_says_what_is_planned_until_when_and_what_holds_it_up(quiet: Site) -> None:
    text = planned(quiet, PAGE)
    for said in (
        "Raum für Videotermine",
        "geplant",
        "bis Juni 2027",
        "Früher geplant: Dezember 2025",
        "Was es aufhält: Es fehlt ein Raum.",
        "V12/26",
        "Gefördert aus: Digitalpakt",
    ):
        assert said in text
    page = quiet.get(PAGE)
    assert page.html.find("a", href="https://ratsinfo.example.org/v12")
    assert page.html.find("a", href="https://foerderung.example.org/")
    assert "Room for video appointments" in planned(quiet, f"{PAGE}?lang=en")
    assert "until June 2027" in planned(quiet, f"{PAGE}?lang=en")


def test_the_page_of_an_office_names_its_steps_and_the_services_that_they_are_about(quiet: Site) -> None:
    text = planned(quiet, "/offices/buergeramt")
    assert "Raum für Videotermine" in text
    assert "Betrifft: Wohnsitz abmelden" in text
    assert "Betrifft" not in planned(quiet, PAGE)
    assert planned(quiet, "/offices/jugendamt") == ""
    assert planned(quiet, "/services/hundesteuer") == ""


def test_what_was_decided_against_comes_last_with_its_reason_and_what_is_done_is_not_planned(town: Site) -> None:
    about = {"services": ("wohnsitz-abmelden", "hundesteuer")}
    publish(
        town.house,
        a_step("nein", name="Am Samstag", state="decided_against", reason="Es fehlt Personal.", target="2020", **about),
        a_step("fertig", name="Leitung legen", state="done", **about),
        a_step("spaet", name="Kamera kaufen", target="2026-01", **about),
        a_step("offen", name="Weitere prüfen", target=None, state="under_way", **about),
    )
    text = planned(town, PAGE)
    order = ["Kamera kaufen", "Raum für Videotermine", "Weitere prüfen", "Am Samstag"]
    assert [text.index(name) for name in order] == sorted(text.index(name) for name in order)
    assert "Leitung legen" not in text
    assert "dagegen entschieden Grund: Es fehlt Personal." in text
    assert text.count("Der Termin ist vorbei.") == 1
    assert "bis 2020" not in text
    assert "Betrifft auch: Hundesteuer" in text
    assert faults(town.get(PAGE).text, "de") == []


def test_an_office_page_names_no_service_that_is_a_draft_or_retired(town: Site) -> None:
    save(town.house, a_service("geheim", title="Geheimnis"))
    save(town.house, a_service("vorbei", title="Vorbei"), "publish", "retire")
    publish(town.house, a_step("zwei", name="Zwei Dinge", services=("geheim", "vorbei", "hundesteuer")))
    page = town.get("/offices/buergeramt").text
    assert "Zwei Dinge" in page
    assert "Hundesteuer" in page
    for hidden in ("Geheimnis", "geheim", "vorbei"):
        assert hidden not in page.replace("Der Termin ist vorbei", "")


def test_a_step_stays_with_a_service_that_is_called_otherwise_now(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.rename("wohnsitz-abmelden", "abmelden", by=SYSTEM)
    assert "Raum für Videotermine" in planned(town, "/services/abmelden")
    assert town.get("/offices/buergeramt").html.find("a", href="/services/abmelden")


def test_of_another_day_nothing_is_said_of_plans(quiet: Site) -> None:
    assert planned(quiet, f"{PAGE}?on=2024-06-15") == ""


@pytest.mark.parametrize("retired", ["step", "programme"])
def test_what_is_retired_is_gone_from_the_page(town: Site, retired: str) -> None:
    cora = town.signed_in("cora")
    publish(town.house, a_step("videoraum", name="Raum", services=("wohnsitz-abmelden",)), a_programme("digitalpakt"))
    plural, slug = {"step": ("steps", "videoraum"), "programme": ("programmes", "digitalpakt")}[retired]
    page = cora.get(f"/admin/{plural}/{slug}")
    next(form for form in page.forms.values() if form.action.endswith("/retire")).submit(status=303)
    assert ("Raum" in planned(town, PAGE)) is (retired == "programme")
    assert "Digitalpakt" not in planned(town, PAGE)
