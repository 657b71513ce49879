"""The coordinator's pages for steps, programmes and acceptance: what is typed, what is refused, what lists say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from builders import a_step, an_acceptance
from houses import publish, written
from pagecheck import faults
from sites import Site
from webtest import Form, TestApp, TestResponse

from servicedir.domain.acceptance import Group, Measurement
from servicedir.domain.day import Day
from servicedir.domain.step import StepState

STEP = "/admin/steps/videoraum"


@pytest.fixture
def cora(town: Site) -> TestApp:
    return town.signed_in("cora")


def form_of(page: TestResponse) -> Form:
    form: Form = page.forms["noun"]
    return form


def by_id(form: Form, identifier: str) -> Any:
    (found,) = (control for _name, control in form.field_order if control.id == f"noun-{identifier}")
    return found


def fill(form: Form, **values: str) -> None:
    for name, value in values.items():
        by_id(form, name.replace("__", "-")).value = value


def row(page: TestResponse, href: str) -> str:
    return str(page.html.find("a", href=href).find_parent("tr").get_text(" ", strip=True))


def test_a_target_is_moved_in_public_and_the_earlier_one_stays(town: Site, cora: TestApp) -> None:
    page = cora.get(STEP)
    assert "Frühere Zieltermine: Dezember 2025" in page.text
    form = form_of(page)
    fill(form, target="3/2028", **{"state-0": "under_way"})
    assert form.submit("save", status=303).follow().html.find(role="status")
    step = town.house.catalogue().steps["videoraum"]
    assert (step.target, step.state) == (Day("2028-03"), StepState.UNDER_WAY)
    assert step.earlier_targets == (Day("2025-12"), Day("2027-06"))
    public = town.get("/services/wohnsitz-abmelden").text
    assert "Früher geplant: Dezember 2025, Juni 2027" in public


def test_services_are_offered_by_name_and_taken_as_addresses(town: Site, cora: TestApp) -> None:
    page = cora.get(STEP)
    offered = {option["value"]: option.get_text() for option in page.html.select("datalist#services option")}
    assert offered["hundesteuer"] == "Hundesteuer"
    form = form_of(page)
    assert by_id(form, "services-0").attrs["list"] == "services"
    fill(form, **{"services-0": "https://stadt.example.org/services/hundesteuer/"})
    form.submit("save", status=303)
    assert town.house.catalogue().steps["videoraum"].services == ("hundesteuer",)


@pytest.mark.parametrize(
    ("path", "typed", "field", "said"),
    [
        (STEP, {"services-0": "nirgends"}, "services", "Mindestens eine dieser Dienstleistungen gibt es nicht."),
        (STEP, {"state-0": "decided_against"}, "reason", "nennt den Grund"),
        (STEP, {"paper_url": "javascript:alert(1)"}, "paper_url", "keine Internetadresse"),
        (STEP, {"target": "morgen"}, "target", "kein Datum"),
        ("/admin/programmes/digitalpakt", {"ends": "2020"}, "ends", "Ende liegt vor dem Anfang"),
        ("/admin/acceptance/umfrage", {"value": "5,5"}, "value", "nicht zwischen"),
        ("/admin/acceptance/umfrage", {"value": "viel"}, "value", "keine Zahl"),
        ("/admin/acceptance/umfrage", {"measured": "2999"}, "measured", "Zukunft"),
        ("/admin/acceptance/umfrage", {"highest": "0"}, "highest", "über dem kleinsten"),
        ("/admin/acceptance/umfrage", {"measurement-0": "remark"}, "value", "hat keinen Wert"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    town: Site, cora: TestApp, path: str, typed: dict[str, str], field: str, said: str
) -> None:
    before = written(town.house)
    form = form_of(cora.get(path))
    fill(form, **typed, why="Grund")
    page = form.submit("save", status=400)
    errors = " ".join(found.get_text(" ", strip=True) for found in page.html.select("[id$='--error']"))
    assert said in errors
    assert any(field in link["href"] for link in page.html.select("#noun--problems a"))
    assert by_id(form_of(page), "why").value == "Grund"
    assert faults(page.text, "de") == []
    assert written(town.house) == before


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_number_is_typed_as_the_language_writes_it(town: Site, cora: TestApp, language: str) -> None:
    form = form_of(cora.get(f"/admin/acceptance/umfrage?lang={language}"))
    assert by_id(form, "value").value == {"de": "4,2", "en": "4.2"}[language]
    fill(form, value="3,75")
    form.submit("save", status=303)
    assert town.house.catalogue().acceptances["umfrage"].value == Decimal("3.75")


def test_the_list_of_steps_marks_what_is_overdue_and_stands_in_the_order_of_work(town: Site, cora: TestApp) -> None:
    publish(
        town.house,
        a_step("alt", name="Zuletzt", target="2026-01", earlier_targets=("2025",)),
        a_step("fertig", name="Anfangs", target="2020", state="done"),
    )
    page = cora.get("/admin/steps")
    names = [head.get_text(strip=True) for head in page.html.select("tbody th")]
    assert names == ["Zuletzt", "Raum für Videotermine", "Anfangs"]
    late = row(page, "/admin/steps/alt")
    assert "überfällig" in late
    assert "früher: 2025" in late
    assert "überfällig" not in row(page, "/admin/steps/fertig")


def test_the_list_of_acceptance_says_whom_when_what_and_of_how_many(town: Site, cora: TestApp) -> None:
    scale: dict[str, Any] = {"lowest": None, "highest": None}
    publish(
        town.house,
        an_acceptance("anteil", group=Group.STAFF, measurement=Measurement.SHARE, value=Decimal("12.5"), **scale),
        an_acceptance("wort", measurement=Measurement.REMARK, value=None, comment="Gut.", asked=None, **scale),
        an_acceptance("null", value=Decimal(1), asked=0),
    )
    page = cora.get("/admin/acceptance")
    for slug, said in {
        "umfrage": ("Bürgerinnen und Bürger", "2025", "4,2 (von 1 bis 5)", "120"),
        "anteil": ("Beschäftigte der Stadt", "12,5\u00a0%"),
        "wort": ("Rückmeldung ohne Messung", "nicht bekannt"),
        "null": ("1 (von 1 bis 5)", " 0 "),
    }.items():
        for words in said:
            assert words in row(page, f"/admin/acceptance/{slug}"), slug
    assert "4.2 (from 1 to 5)" in cora.get("/admin/acceptance?lang=en").text


def test_a_programme_says_which_steps_it_pays_for_and_stays_as_long(cora: TestApp) -> None:
    page = cora.get("/admin/programmes/digitalpakt")
    section = page.html.find(id="uses").find_parent("section")
    assert section.find("a", href=STEP)
    assert "Schritt: Raum für Videotermine" in section.get_text(" ", strip=True)
    assert not page.html.find(id="retire")
