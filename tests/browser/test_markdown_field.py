"""The field for Markdown: a button for each of the five things that people format, and a preview beside it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def page(visit) -> Page:
    page: Page = visit(login="koordination")
    page.goto("/services/hundesteuer-befreiung/edit")
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def field(page: Page):
    return page.locator("#service-body-de")


def tools(page: Page):
    return page.locator(".forms-markdown", has=field(page))


def press(page: Page, name: str, start: int, end: int) -> None:
    field(page).evaluate("(area, [start, end]) => { area.focus(); area.setSelectionRange(start, end); }", [start, end])
    tools(page).get_by_role("button", name=name, exact=True).press("Enter")


@pytest.mark.parametrize(
    ("button", "marked", "again"),
    [
        ("Fett", "**eins** zwei\ndrei", "eins zwei\ndrei"),
        ("Kursiv", "*eins* zwei\ndrei", "eins zwei\ndrei"),
        ("Aufzählung", "- eins zwei\ndrei", "eins zwei\ndrei"),
        ("Überschrift", "## eins zwei\ndrei", "eins zwei\ndrei"),
        ("Link", "[eins](https://) zwei\ndrei", None),
    ],
)
def test_each_button_marks_the_selection_and_takes_the_mark_away(page, button, marked, again):
    field(page).fill("eins zwei\ndrei")
    press(page, button, 0, 4)
    expect(field(page)).to_have_value(marked)
    expect(field(page)).to_be_focused()
    if again:
        start = marked.index("eins")
        press(page, button, start, start + 4)
        expect(field(page)).to_have_value(again)
    else:
        page.keyboard.type("www.example.org")  # the address is selected
        expect(field(page)).to_have_value("[eins](www.example.org) zwei\ndrei")


def test_what_a_button_did_is_undone_by_the_keyboard(page):
    field(page).fill("eins")
    press(page, "Fett", 0, 4)
    page.keyboard.press("Control+z")
    expect(field(page)).to_have_value("eins")


def test_the_preview_shows_the_text_as_the_page_will(page):
    field(page).fill("## Termin\n\n- **Ausweis** <b>mitbringen</b>")
    button = tools(page).get_by_role("button", name="Textvorschau")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.press("Enter")
    preview = tools(page).get_by_role("region", name="Textvorschau")
    expect(preview.get_by_role("heading", level=3)).to_have_text("Termin")
    expect(preview.get_by_role("listitem")).to_have_text("Ausweis <b>mitbringen</b>")
    expect(preview.locator("b")).to_have_count(0)
    button.press("Enter")
    expect(preview).to_be_hidden()


def test_without_scripts_there_are_no_buttons_that_do_nothing(visit):
    page = visit(login="koordination", java_script_enabled=False)
    page.goto("/services/hundesteuer-befreiung/edit")
    expect(field(page)).to_be_visible()
    expect(tools(page).get_by_role("button", name="Fett")).to_be_hidden()
