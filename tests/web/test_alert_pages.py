"""Deadlines, late steps and missing figures on the desk: who sees which, each with the step to take."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import a_figure, a_service, a_step, an_inquiry
from houses import publish
from pagecheck import faults
from sites import Site

from servicedir.domain.workflow import SYSTEM


@pytest.fixture
def site(town_folder: Path, tmp_path: Path) -> Iterator[Site]:
    """The town, in which figures are asked for, a step is late, and an inquiry is due tomorrow."""
    folder = tmp_path / "town"
    shutil.copytree(town_folder, folder)
    made = Site(folder, figures_period="year")
    publish(made.house, a_service("kita", title="Kita-Platz", offices=("jugendamt",)))
    publish(made.house, a_step("spaet", name="Kameras kaufen", target="2026-01"))
    with made.house.work(write=True) as directory:
        tomorrow = made.house.today() + timedelta(days=1)
        directory.answering.save(an_inquiry(title="Video in Ämtern", deadline=tomorrow), based_on=None, by=SYSTEM)
    yield made
    made.close()


def section(site: Site, login: str) -> str:
    page = site.signed_in(login).get("/desk")
    heading = page.html.find(id="council")
    return str(heading.find_parent("section")) if heading else ""


def test_the_coordinator_sees_what_is_late_with_the_step_to_take(site: Site) -> None:
    shown = section(site, "cora")
    for said in ("Video in Ämtern", "/inquiries/af-1/edit", "Kameras kaufen", "/admin/steps/spaet"):
        assert said in shown
    # Of figures, in which offices they are missing.
    assert 'href="/desk/figures?office=jugendamt"' in shown
    assert "Kita-Platz" not in shown
    page = site.signed_in("cora").get("/desk")
    assert page.click(href="/desk/figures.office=jugendamt$").html.find("a", href="/services/kita")
    assert page.click(href="/admin/steps/spaet$", index=0).status_int == 200
    assert page.click(href="/inquiries/af-1/edit$", index=0).status_int == 200


def test_an_editor_sees_the_missing_figures_of_the_own_office_alone(site: Site) -> None:
    shown = section(site, "jonas")
    assert "Kita-Platz" in shown
    assert 'href="/services/kita/figures?year=2024"' in shown
    for other in ("Wohnsitz abmelden", "Video in Ämtern", "Kameras kaufen"):
        assert other not in shown
    assert section(site, "nora") == ""


def test_who_has_said_all_figures_is_left_in_peace(site: Site) -> None:
    with site.house.work(write=True) as directory:
        directory.figures.put([a_figure(0, "2024", "kita"), a_figure(None, "2025", "kita")], by=SYSTEM)
    assert section(site, "jonas") == ""
    assert "Hier fehlt nichts" in site.signed_in("jonas").get("/desk/figures").text


def test_the_list_is_cut_to_an_office_and_a_period(site: Site) -> None:
    visitor = site.signed_in("cora")
    everything = visitor.get("/desk/figures")
    assert faults(everything.text, "de") == []
    assert everything.html.find("a", href="/services/wohnsitz-abmelden")
    assert everything.html.find("a", href="/services/kita")
    cut = visitor.get("/desk/figures?office=buergeramt&period=2025")
    assert cut.html.find("a", href="/services/wohnsitz-abmelden")
    assert not cut.html.find("a", href="/services/kita")
    assert "Hier fehlt nichts" in visitor.get("/desk/figures?office=buergeramt&period=2019").text


@pytest.mark.parametrize("query", ["office=nirgends", "office=a&office=b", "period=2024&period=2025"])
def test_an_office_that_there_is_not_and_two_at_once_are_refused(site: Site, query: str) -> None:
    site.signed_in("cora").get(f"/desk/figures?{query}", status=400)


def test_the_list_is_no_strangers_and_shows_nobody_another_offices_services(site: Site) -> None:
    assert "kita" not in site.get("/desk/figures", status="*").text
    assert "kita" not in site.signed_in("anna").get("/desk/figures?office=jugendamt").text
