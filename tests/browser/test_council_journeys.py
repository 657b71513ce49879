"""The council's question: an officer answers it from a template, somebody else approves it, and everybody reads it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from browser.hosting import axe


def bar(page: Page, name: str):
    return page.locator(".forms-bar").get_by_role("button", name=name, exact=True)


def answer(page: Page):
    return page.get_by_role("region", name="Die Antwort, wie sie gedruckt wird")


def open_block(page: Page, question: int, block: int):
    """Opens a block of a question, both counted from 0."""
    found = page.locator(f"#inquiry-questions-{question}-blocks-{block}")
    if found.locator("details.block__all[open]").count() == 0:
        found.locator("summary").first.click()
    return found


def begin(page: Page, reference: str) -> None:
    """From the menu of the desk to the form of a new inquiry, made from the template."""
    page.goto("/desk")
    page.get_by_role("link", name="Anfragen des Rats", exact=True).click()
    page.get_by_role("link", name="Videoangebote (wie AF0147/24)").click()
    page.get_by_label("Aktenzeichen").fill(reference)
    page.get_by_role("group", name="Gefragt von").get_by_label("Deutsch").fill("Ausschuss für Digitales")


def take(page: Page, name: str, remark: str = "") -> None:
    if remark:
        page.get_by_label("Bemerkung").fill(remark)
    bar(page, name).click()
    expect(page.get_by_role("status").filter(has_text="Erledigt")).to_be_visible()


def test_a_question_is_answered_approved_by_somebody_else_and_read_by_everybody(visit):
    officer, other, citizen = visit(login="koordination"), visit(login="admin"), visit(expected={404})
    begin(officer, "AF77/26")
    expect(answer(officer)).to_contain_text("Wohnsitz abmelden")

    # A block is changed, and the answer beside it follows.
    open_block(officer, 0, 0)
    officer.locator("#inquiry-questions-0-blocks-0-title-de").fill("Schnurzelbom per Video")
    expect(answer(officer).get_by_role("heading", name="Schnurzelbom per Video")).to_be_visible()
    officer.locator("#inquiry-questions-0-blocks-1-kind").evaluate("one => one.closest('details').open = true")
    kind = officer.locator("#inquiry-questions-0-blocks-1-kind")
    years = officer.locator("#inquiry-questions-0-blocks-1-years")
    kind.select_option("figures")
    expect(years).to_be_visible()
    expect(answer(officer)).to_contain_text("Bitte füllen Sie dieses Feld aus.")
    years.fill("2024")
    expect(answer(officer)).to_contain_text("2024")
    expect(answer(officer).get_by_role("heading", name="Schnurzelbom per Video")).to_be_visible()
    bar(officer, "Speichern und zur Freigabe senden").click()

    # Whoever wrote it does not approve it.
    expect(officer.get_by_role("main")).to_contain_text("Freigeben kann sie nur, wer nicht mitgeschrieben hat.")
    expect(bar(officer, "Freigeben")).to_have_count(0)
    where = re.search(r"/inquiries/([^/]+)/workflow", officer.url)
    assert where
    slug = where[1]
    citizen.goto(f"/inquiries/{slug}")
    expect(citizen.get_by_role("main")).not_to_contain_text("Schnurzelbom")

    other.goto("/desk/inquiries")
    other.get_by_role("row").filter(has_text="AF77/26").get_by_role("link", name="Freigeben oder zurückgeben").click()
    # Who approves it has it on the same page, on a phone as well.
    expect(answer(other).get_by_role("heading", name="Schnurzelbom per Video")).to_be_visible()
    for width in (360, 768, 1280):
        other.set_viewport_size({"width": width, "height": 800})
        assert axe(other) == []
        assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")
    take(other, "Freigeben", "Gelesen.")
    expect(other.get_by_role("region", name="Eingefrorene Antworten")).to_contain_text("Prüfsumme")
    take(other, "Veröffentlichen")

    citizen.goto("/inquiries/")
    citizen.get_by_role("main").get_by_role("link", name="Beratungsangebote per Videotelefonie").first.click()
    citizen.goto(f"/inquiries/{slug}")
    expect(citizen.get_by_role("heading", name="Schnurzelbom per Video")).to_be_visible()
    with citizen.expect_download() as download:
        citizen.get_by_role("link", name=re.compile("PDF")).first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    with citizen.expect_download() as download:
        citizen.get_by_role("link", name="Tabelle 1", exact=True).click()
    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert any("Wohnsitz abmelden" in cell for row in rows for cell in row)


def test_without_scripts_nothing_is_lost_and_everything_works(visit):
    page = visit(login="koordination", java_script_enabled=False)
    begin(page, "AF78/26")
    questions = page.get_by_role("group", name=re.compile(r"^Frage \d+$"))
    before = questions.count()
    page.get_by_role("button", name="Frage hinzufügen").click()
    expect(questions).to_have_count(before + 1)  # Else the page before would be filled in.
    questions.last.get_by_label("Deutsch").first.fill("Und was sagt der Schnurzelbom?")
    last = questions.last
    last.get_by_role("button", name="Baustein hinzufügen").click()
    last.get_by_label("Was steht da?").select_option("text")
    last.get_by_role("group", name="Eigene Sätze").get_by_label("Deutsch").fill("Er sagt: Ja.")
    bar(page, "Vorschau aktualisieren").click()
    expect(answer(page)).to_contain_text("Er sagt: Ja.")
    expect(page.get_by_label("Aktenzeichen")).to_have_value("AF78/26")
    bar(page, "Entwurf speichern").click()
    expect(page.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    expect(answer(page)).to_contain_text("Er sagt: Ja.")


def test_with_the_keyboard_alone(visit):
    page = visit(login="koordination")
    page.goto("/inquiries/add?from=digital")
    page.get_by_label("Aktenzeichen").focus()
    page.keyboard.type("AF79/26")
    summary = page.locator("#inquiry-questions-0-blocks-0 summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#inquiry-questions-0-blocks-0-kind")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#inquiry-questions-0-blocks-0-title-de")).to_be_focused()
    page.keyboard.type("Quirlomat")
    expect(answer(page)).to_contain_text("Quirlomat")
    expect(page.locator("#inquiry-questions-0-blocks-0-title-de")).to_be_focused()
    page.get_by_role("button", name="Frage hinzufügen").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#inquiry-questions-3-text-de")).to_be_focused()
    page.keyboard.type("Und sonst?")
    bar(page, "Entwurf speichern").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    expect(page.locator("#inquiry-questions-3-text-de")).to_have_value("Und sonst?")


@pytest.mark.parametrize("width", [320, 1440])
def test_axe_finds_nothing_on_the_pages_of_officers(visit, width):
    page = visit(login="koordination", viewport={"width": width, "height": 900}, expected={400})
    page.goto("/inquiries/add?from=video")
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("group", name="Titel", exact=True).get_by_label("Deutsch").fill("")
    bar(page, "Entwurf speichern").click()
    page.locator(".forms-problems").wait_for()
    assert axe(page) == []
    for path in ("/desk/inquiries", "/inquiries/af0147-24/workflow", "/inquiries/af0147-24/history"):
        page.goto(path)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
