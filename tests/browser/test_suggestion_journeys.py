"""Suggestions while typing: by keyboard, mouse and finger, as they are seen and told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Route, expect

from browser.searching import PHONE, asked, box, cards, forgive_what_failed, is_active, options, type_words, voice
from browser.test_accessibility import OPTIONS, OWN_RULES, RUN_AXE, WIDER_THAN_THE_SCREEN


def test_from_the_second_letter_on_there_are_suggestions_which_are_told(page: Page) -> None:
    page.goto("/")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    asked_for = asked(page, "/api/v1/suggest")
    box(page).press_sequentially("w")
    page.wait_for_timeout(300)
    assert asked_for == []
    type_words(page, "ohns")
    expect(options(page).first).to_contain_text("Wohnsitz")
    expect(options(page).first).to_contain_text("Dienstleistung")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(voice(page)).to_have_text(re.compile(rf"^{options(page).count()} Vorschläge, mit den Pfeiltasten wählen$"))
    assert len(asked_for) < 4  # Who types fast is not asked for at each letter.


def test_what_was_typed_once_is_not_asked_for_again(page: Page) -> None:
    page.goto("/")
    type_words(page, "wohn")
    asked_for = asked(page, "/api/v1/suggest")
    with page.expect_request("**/suggest?q=wohns"):
        page.keyboard.type("s")
    expect(options(page).first).to_contain_text("Wohnsitz")
    page.keyboard.press("Backspace")
    page.wait_for_timeout(300)
    assert len(asked_for) == 1
    expect(options(page).first).to_be_visible()


def test_arrows_choose_and_enter_goes_there(page: Page) -> None:
    page.goto("/")
    type_words(page, "wohnsitz a")
    last = options(page).count() - 1
    for key, at in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", last), ("ArrowDown", 0)):
        page.keyboard.press(key)
        is_active(page, at)
    expect(options(page).first).to_contain_text("Wohnsitz abmelden")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/services/wohnsitz-abmelden$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Wohnsitz abmelden")


def test_home_end_and_typing_lead_back_to_the_words(page: Page) -> None:
    page.goto("/")
    type_words(page, "wohn")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    is_active(page, -1)
    assert box(page).evaluate("input => input.selectionStart") == 0
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    is_active(page, -1)
    assert box(page).evaluate("input => input.selectionStart") == 4
    page.keyboard.press("ArrowDown")
    page.keyboard.type("s")
    is_active(page, -1)
    expect(box(page)).to_have_value("wohns")


def test_enter_without_a_choice_searches(page: Page) -> None:
    page.goto("/")
    type_words(page, "wohnsitz")
    page.keyboard.press("Enter")
    # What goes without saying is not in the address.
    expect(page).to_have_url(re.compile(r"/\?q=wohnsitz$"))
    expect(cards(page).first).to_contain_text("Wohnsitz")
    expect(options(page)).to_have_count(0)


def test_escape_closes_and_then_clears(page: Page) -> None:
    page.goto("/")
    type_words(page, "wohn")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_value("wohn")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Alt+ArrowDown")
    expect(options(page).first).to_be_visible()
    is_active(page, -1)
    page.keyboard.press("Alt+ArrowUp")
    expect(options(page)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()


def test_tab_closes_and_goes_on(page: Page) -> None:
    page.goto("/")
    type_words(page, "wohn")
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Suchen", exact=True)).to_be_focused()


def test_the_mouse_chooses_as_well(page: Page) -> None:
    page.goto("/")
    type_words(page, "bürgera")
    options(page).filter(has_text="Bürgeramt").filter(has_text="Amt").first.click()
    expect(page).to_have_url(re.compile("/offices/buergeramt$"))


def test_a_finger_on_a_small_phone_chooses_as_well(visit: Any) -> None:
    page = visit(**{**PHONE, "viewport": {"width": 320, "height": 640}})
    page.goto("/")
    type_words(page, "wohnsitz")
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    options(page).filter(has_text="Wohnsitz anmelden").tap()
    expect(page).to_have_url(re.compile("/services/wohnsitz-anmelden$"))


def test_a_completed_search_keeps_the_filters(page: Page) -> None:
    page.goto("/?video=unknown")
    type_words(page, "steuerbe")
    options(page).filter(has_text="Suche").first.click()
    expect(page).to_have_url(re.compile(r"/\?q=steuerbe\w+&video=unknown$"))


def test_who_writes_with_an_input_method_is_not_disturbed(page: Page) -> None:
    page.goto("/")
    asked_for = asked(page, "/api/v1/suggest")
    box(page).evaluate("""input => {
      input.focus();
      input.value = "wohn";
      input.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
    }""")
    page.wait_for_timeout(300)
    assert asked_for == []
    box(page).evaluate('input => input.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }))')
    expect(options(page).first).to_be_visible()


def test_an_old_answer_does_not_come_after_a_new_one(page: Page) -> None:
    def hold(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/suggest?q=ge", hold)
    page.goto("/")
    box(page).press_sequentially("ge")
    page.wait_for_timeout(200)
    box(page).fill("hundest")
    expect(options(page).first).to_contain_text("Hund")
    page.wait_for_timeout(800)
    expect(options(page).first).to_contain_text("Hund")


def test_without_an_answer_the_search_is_as_it_was(visit: Any) -> None:
    page = visit()
    page.route("**/suggest*", lambda route: route.abort())
    page.goto("/")
    box(page).press_sequentially("wohnsitz")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    expect(cards(page).first).to_contain_text("Wohnsitz")
    forgive_what_failed(page)


def test_an_english_page_suggests_in_english(page: Page) -> None:
    page.goto("/?lang=en")
    page.locator("#q").press_sequentially("deregister", delay=20)
    found = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(found.filter(has_text="Deregister your residence")).to_contain_text("Service")
    expect(voice(page)).to_have_text(re.compile("suggestions, choose with the arrow keys$"))
    found.filter(has_text="Deregister your residence").click()
    expect(page).to_have_url(re.compile(r"/services/wohnsitz-abmelden\?lang=en$"))


def test_in_a_frame_a_suggestion_opens_beside_it_and_a_search_inside(page: Page) -> None:
    page.goto("/embed?video=unknown")
    type_words(page, "wohngeld")
    with page.expect_popup() as opened:
        options(page).filter(has_text="Dienstleistung").first.click()
    expect(opened.value).to_have_url(re.compile("/services/"))
    opened.value.close()
    type_words(page, "st")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/embed\?.*q=wohngeldst"))


@pytest.mark.parametrize("path", ["/", "/embed", "/?lang=en"])
@pytest.mark.parametrize("size", [(360, 780), (1280, 900)], ids=["phone", "desk"])
def test_everybody_can_use_the_open_list(page: Page, path: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path)
    page.get_by_role("combobox").first.press_sequentially("re", delay=20)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(RUN_AXE, OPTIONS) == []
    assert page.evaluate(OWN_RULES) == []


def test_in_forced_colours_and_twice_as_large_the_choice_is_seen(visit: Any) -> None:
    page = visit(forced_colors="active", viewport={"width": 640, "height": 450})
    page.goto("/")
    type_words(page, "wohn")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == []
    chosen = page.locator('[role=option][aria-selected="true"]')
    assert chosen.evaluate("option => getComputedStyle(option).outlineStyle") == "solid"
    expect(chosen).to_be_in_viewport()
