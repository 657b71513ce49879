"""Figures are typed as in a spreadsheet: with keys and pasted blocks; and without a script as in any form."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

GRID = "/services/meldebescheinigung/figures?channel={channel}&year=2025"


def grid(visit: Any, channel: str = "phone", **options: Any) -> Page:
    page: Page = visit(login="buergeramt", **options)
    page.goto(GRID.format(channel=channel))
    return page


def cell(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}")


def total(page: Page, row: int = 0) -> Locator:
    return page.locator(".figures-sum").nth(row)


def paste(where: Locator, text: str) -> None:
    """Paste as a spreadsheet's copy is pasted."""
    where.focus()
    where.evaluate(
        """(cell, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_keys_go_from_cell_to_cell(visit):
    page = grid(visit)
    cell(page, "held-2025-01").focus()
    for key, there in (
        ("ArrowRight", "held-2025-02"),
        ("ArrowDown", "offered-2025-02"),
        ("ArrowLeft", "offered-2025-01"),
        ("ArrowUp", "held-2025-01"),
        ("Enter", "offered-2025-01"),
        ("Shift+Enter", "held-2025-01"),
        ("Tab", "held-2025-02"),
        ("End", "held-2025-12"),
        ("Home", "held-2025"),
        ("Control+End", "no_show-2025-12"),
        ("Enter", "no_show-2025-12"),
        ("ArrowDown", "no_show-2025-12"),
        ("Control+Home", "held-2025"),
        ("ArrowLeft", "held-2025"),
    ):
        page.keyboard.press(key)
        expect(cell(page, there)).to_be_focused()
    # Enter is no way to send the form by accident; after the last row comes the next column.
    cell(page, "no_show-2025-03").focus()
    page.keyboard.press("Enter")
    expect(cell(page, "held-2025-04")).to_be_focused()


def test_inside_a_number_the_arrows_move_the_caret(visit):
    page = grid(visit)
    cell(page, "held-2025-02").fill("123")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, "held-2025-02")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(cell(page, "held-2025-03")).to_be_focused()


def test_the_sum_follows_and_never_takes_unknown_for_nothing(visit):
    page = grid(visit)
    expect(total(page)).to_have_text("keine Zahl")
    for month in range(1, 12):
        cell(page, f"held-2025-{month:02}").fill("100")
    cell(page, "held-2025-12").fill("?")
    expect(total(page)).to_have_text("1.1001 Monat fehlt")
    cell(page, "held-2025-12").fill("0")
    expect(total(page)).to_have_text("1.100")
    cell(page, "held-2025").fill("1.000")
    expect(total(page)).to_have_text("1.100passt nicht zum Jahr")


def test_a_block_is_pasted_taken_back_and_saved(visit):
    page = grid(visit, "chat")
    page.on("dialog", lambda dialog: dialog.dismiss())
    cell(page, "held-2025-02").fill("77")
    paste(cell(page, "held-2025-01"), "1\t2\t1.003\r\n?\t-\tk. A.\r\n")
    values = [cell(page, f"{row}-2025-0{month}").input_value() for row in ("held", "offered") for month in (1, 2, 3)]
    assert values == ["1", "2", "1.003", "?", "-", "k. A."]
    expect(page.get_by_role("status").filter(has_text="6 Werte eingefügt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(cell(page, "held-2025-01")).to_have_value("")
    expect(cell(page, "held-2025-02")).to_have_value("77")
    expect(cell(page, "offered-2025-03")).to_have_value("")
    paste(cell(page, "no_show-2025-12"), "5\t6\n7\t8\n")
    expect(cell(page, "no_show-2025-12")).to_have_value("5")
    expect(page.get_by_role("status").filter(has_text="3 Werte hatten keinen Platz")).to_be_visible()
    page.get_by_role("button", name="Zahlen speichern").click()
    expect(page.get_by_role("status").filter(has_text="Gespeichert")).to_be_visible()
    expect(cell(page, "no_show-2025-12")).to_have_value("5")
    expect(cell(page, "held-2025-02")).to_have_value("77")


def test_escape_takes_back_what_was_typed_then_what_came_before(visit):
    page = grid(visit)
    cell(page, "held-2025-01").fill("1")
    page.keyboard.press("Enter")
    page.keyboard.type("22")
    page.keyboard.press("Escape")
    expect(cell(page, "offered-2025-01")).to_have_value("")
    expect(cell(page, "held-2025-01")).to_have_value("1")
    page.keyboard.press("Escape")
    expect(cell(page, "held-2025-01")).to_have_value("")


def test_empty_cells_to_the_right_are_filled(visit):
    page = grid(visit)
    cell(page, "held-2025-03").fill("9")
    cell(page, "held-2025-01").fill("-")
    page.keyboard.press("Control+Enter")
    expect(cell(page, "held-2025-02")).to_have_value("-")
    expect(cell(page, "held-2025-03")).to_have_value("9")
    expect(cell(page, "held-2025-12")).to_have_value("-")
    expect(cell(page, "held-2025")).to_have_value("")
    page.keyboard.press("Escape")
    expect(cell(page, "held-2025-12")).to_have_value("")
    page.get_by_role("button", name="Leere Zellen rechts ebenso füllen").click()
    expect(cell(page, "held-2025-12")).to_have_value("-")


def test_what_is_refused_is_still_there_and_the_focus_leads_to_it(visit):
    page = grid(visit, "mail", expected={400})
    cell(page, "held-2025-01").fill("-3")
    cell(page, "held-2025-02").fill("8")
    page.get_by_role("button", name="Zahlen speichern").click()
    expect(page.locator("#problems")).to_be_focused()
    page.locator("#problems").get_by_role("link").click()
    expect(cell(page, "held-2025-01")).to_be_focused()
    expect(cell(page, "held-2025-01")).to_have_value("-3")
    expect(cell(page, "held-2025-02")).to_have_value("8")


def test_the_second_of_two_sees_what_the_first_one_saved(visit):
    page, other = grid(visit, "home_visit", expected={409}), grid(visit, "home_visit")
    for who, value in ((other, "11"), (page, "12")):
        cell(who, "held-2025-05").fill(value)
        who.get_by_role("button", name="Zahlen speichern").click()
    expect(page.locator("#conflict")).to_be_focused()
    expect(page.locator("#conflict")).to_contain_text("gespeichert ist 11")
    expect(cell(page, "held-2025-05")).to_have_value("12")
    page.get_by_role("button", name="Zahlen speichern").click()
    expect(page.get_by_role("status").filter(has_text="Gespeichert")).to_be_visible()
    page.get_by_role("row", name="durchgeführt").get_by_role("link", name="Verlauf").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("12")
    expect(rows.first).to_contain_text("11")


def test_the_grid_is_a_form_without_a_script(visit):
    page = grid(visit, "in_person", java_script_enabled=False)
    cell(page, "held-2025-01").fill("4")
    page.locator("#held-source").fill("Terminsystem")
    page.locator("#held-released").select_option("yes")
    page.get_by_role("button", name="Zahlen speichern").click()
    expect(cell(page, "held-2025-01")).to_have_value("4")
    expect(total(page)).to_contain_text("11 Monate fehlen")
    expect(page.get_by_role("button", name="Leere Zellen")).to_have_count(0)
    page.goto("/services/meldebescheinigung")
    section = page.get_by_role("region", name="Wie oft es genutzt wurde")
    expect(section).to_contain_text("4 (11 Monate fehlen)")


@pytest.mark.parametrize("width", [320, 768])
def test_on_a_narrow_screen_only_the_grid_scrolls(visit, width):
    page = grid(visit, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cell(page, "held-2025-12").focus()
    box, names = cell(page, "held-2025-12").bounding_box(), page.locator("tr[data-measure=held] th").bounding_box()
    assert box and names
    assert names["x"] >= 0 and box["x"] >= names["x"] + names["width"] - 1 and box["x"] + box["width"] <= width
