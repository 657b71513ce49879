"""Searching with a script: suggestions while typing, by keyboard, mouse and finger, and results that follow at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, Route, expect

from browser.test_accessibility import OPTIONS, OWN_RULES, RUN_AXE, WIDER_THAN_THE_SCREEN
from servicedir.domain.service import Stage
from servicedir.domain.words import label

PILOT, UNKNOWN = (label(stage, "de") for stage in (Stage.PILOT, Stage.UNKNOWN))
QUESTION = "Was möchten Sie erledigen?"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name=QUESTION)


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Vorschläge").get_by_role("option")


def cards(page: Page) -> Locator:
    return page.locator(".results .cards > li")


def choice(page: Page, facet: str, value: str) -> Locator:
    return page.locator(f"input[type=checkbox][name={facet}][value={value}]")


def title(page: Page) -> Locator:
    return page.locator("#results-title")


def voice(page: Page) -> Locator:
    """What is said to those who listen."""
    return page.locator("body > [role=status]")


def type_words(page: Page, words: str) -> None:
    """Type as people do, and wait for what is suggested."""
    box(page).click()
    box(page).press("End")
    page.keyboard.type(words, delay=20)
    expect(options(page).first).to_be_visible()


def is_active(page: Page, at: int) -> None:
    """See to it that one option, or with -1 none, is the one that Enter takes."""
    chosen = [option.get_attribute("aria-selected") == "true" for option in options(page).all()]
    assert [number for number, is_chosen in enumerate(chosen) if is_chosen] == ([at] if at >= 0 else [])
    if at < 0:
        assert box(page).get_attribute("aria-activedescendant") is None
    else:
        expect(box(page)).to_have_attribute("aria-activedescendant", options(page).nth(at).get_attribute("id") or "")


def asked(page: Page, path: str) -> list[str]:
    """The requests for a path, from now on."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url) if path in request.url else None)
    return found


def nothing_reloads(page: Page) -> Callable[[], bool]:
    """Tells later whether the page is still the one that was loaded before."""
    page.evaluate("() => { window.isTheSame = true; }")
    return lambda: bool(page.evaluate("() => window.isTheSame === true"))


def forgive_what_failed(page: Any) -> None:
    """What a test let fail is no fault of the page, as long as there is no other."""
    assert [fault for fault in page.watch.faults if "ERR_FAILED" not in fault and "Failed to fetch" not in fault] == []
    page.watch.faults.clear()


# Suggestions


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


# Filters


def test_a_filter_is_followed_at_once_and_told(page: Page) -> None:
    page.goto("/?q=Wohnung")
    before = int(title(page).inner_text().split()[0])
    is_the_same = nothing_reloads(page)
    expect(page.get_by_role("button", name="Filter anwenden")).to_be_hidden()
    choice(page, "video", "unknown").check()
    expect(page).to_have_url(re.compile(r"/\?q=Wohnung&video=unknown$"))
    assert int(title(page).inner_text().split()[0]) < before
    expect(voice(page)).to_have_text(title(page).inner_text())
    expect(choice(page, "video", "unknown")).to_be_focused()
    expect(page.locator(".chips--active")).to_contain_text(f"Video: {UNKNOWN}")
    choice(page, "nature", "transactional").evaluate("input => { input.closest('details').open = true; }")
    choice(page, "nature", "transactional").check()
    expect(page).to_have_url(re.compile(r"video=unknown&nature=transactional$"))
    expect(choice(page, "nature", "transactional")).to_be_focused()
    assert is_the_same()


def test_what_somebody_opened_or_closed_stays_so(page: Page) -> None:
    page.goto("/")
    facet = page.locator("details.facet")
    facet.nth(0).locator("summary").click()
    facet.nth(2).locator("summary").click()
    facet.nth(2).get_by_role("checkbox").first.check()
    expect(page).to_have_url(re.compile(r"\?nature="))
    expect(facet.nth(0)).not_to_have_attribute("open", re.compile(".*"))
    expect(facet.nth(2)).to_have_attribute("open", re.compile(".*"))


def test_the_back_button_brings_back_each_state(page: Page) -> None:
    page.goto("/?q=Wohnung")
    first = (page.title(), title(page).inner_text(), cards(page).all_inner_texts())
    choice(page, "video", "unknown").check()
    expect(page).to_have_url(re.compile("video=unknown"))
    second = (page.title(), title(page).inner_text(), cards(page).all_inner_texts())
    page.locator("#sort").select_option("title")
    expect(page).to_have_url(re.compile("video=unknown&sort=title"))
    third = cards(page).all_inner_texts()
    assert third != second[2]

    page.go_back()
    expect(page.locator("#sort")).to_have_value("relevance")
    expect(choice(page, "video", "unknown")).to_be_checked()
    assert (page.title(), title(page).inner_text(), cards(page).all_inner_texts()) == second
    page.go_back()
    expect(choice(page, "video", "unknown")).not_to_be_checked()
    expect(page).to_have_url(re.compile(r"\?q=Wohnung$"))
    assert (page.title(), title(page).inner_text(), cards(page).all_inner_texts()) == first
    page.go_forward()
    page.go_forward()
    expect(page.locator("#sort")).to_have_value("title")
    assert cards(page).all_inner_texts() == third


def test_who_opens_a_result_comes_back_to_the_same_list(page: Page) -> None:
    page.goto("/?q=Wohnung")
    choice(page, "video", "unknown").check()
    expect(page).to_have_url(re.compile("video=unknown"))
    seen = cards(page).all_inner_texts()
    cards(page).last.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/services/"))
    page.go_back()
    expect(choice(page, "video", "unknown")).to_be_checked()
    assert cards(page).all_inner_texts() == seen
    page.go_back()
    expect(choice(page, "video", "unknown")).not_to_be_checked()
    expect(page).to_have_url(re.compile(r"\?q=Wohnung$"))


def test_chips_and_ready_made_searches_are_followed_as_well(page: Page) -> None:
    page.goto("/?q=Wohnung&video=unknown&nature=transactional")
    is_the_same = nothing_reloads(page)
    page.locator(".chips--active").get_by_role("link", name=f"Video: {UNKNOWN}").click()
    expect(page).to_have_url(re.compile(r"\?q=Wohnung&nature=transactional$"))
    expect(choice(page, "video", "unknown")).not_to_be_checked()
    page.locator(".chips--active").get_by_role("link", name="Antrag").click()
    expect(page).to_have_url(re.compile(r"\?q=Wohnung$"))
    # The list of filters is gone, and with it the link that was pressed.
    expect(title(page)).to_be_focused()
    page.locator(".presets").get_by_role("link", name="Beratung").click()
    expect(page).to_have_url(re.compile(r"nature=advisory"))
    expect(page.locator(".presets [aria-current]")).to_contain_text("Beratung")
    expect(choice(page, "nature", "advisory")).to_be_checked()
    assert is_the_same()


def test_pages_turn_to_the_top_of_the_results(page: Page) -> None:
    page.goto("/")
    is_the_same = nothing_reloads(page)
    first = cards(page).first.inner_text()
    page.locator(".pages").get_by_role("link", name="Nächste Seite").click()
    expect(page).to_have_url(re.compile("page=2"))
    assert cards(page).first.inner_text() != first
    expect(title(page)).to_be_focused()
    expect(title(page)).to_be_in_viewport()
    page.go_back()
    expect(page).not_to_have_url(re.compile("page=2"))
    expect(cards(page).first).to_have_text(first, use_inner_text=True)
    assert is_the_same()


def test_a_day_is_followed_when_it_is_whole(page: Page) -> None:
    page.goto("/?q=Wohnsitz+abmelden")
    is_the_same = nothing_reloads(page)
    loaded = asked(page, "on=")
    page.locator("#on").fill("2023-04-30")
    expect(page).to_have_url(re.compile(r"on=2023-04-30$"))
    page.locator("#on").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("2024", delay=100)
    expect(page).to_have_url(re.compile(r"on=2024-04-30$"))
    expect(page.get_by_text("Sie sehen den Stand vom 30. April 2024")).to_be_visible()
    expect(page.locator("#on")).to_be_focused()
    assert len(loaded) == 2
    page.get_by_role("link", name="Stand von heute zeigen").click()
    expect(page).not_to_have_url(re.compile("on="))
    expect(page.locator("#on")).to_have_value("")
    expect(page.get_by_text("Sie sehen den Stand vom")).to_have_count(0)
    assert is_the_same()


SHOWN = """() => {
  const main = document.querySelector("main").cloneNode(true);
  main.querySelector("form").remove();
  for (const one of main.querySelectorAll("details, [tabindex], [aria-busy]")) {
    for (const name of ["open", "tabindex", "aria-busy"]) one.removeAttribute(name);
  }
  const states = [...document.querySelectorAll("main :is(input, select)")].map((one) => [one.value, one.checked]);
  const links = [...document.querySelectorAll(".languages a, link[rel=canonical]")].map((one) => one.href);
  const form = document.querySelector("form").className;
  return [document.title, main.innerHTML.replace(/\\s+/g, " "), states, links, form];
}"""


def test_what_is_shown_is_what_the_address_shows_by_whatever_way_one_came(page: Page) -> None:
    page.goto("/?q=Wohnung")
    is_the_same = nothing_reloads(page)
    for act in (
        lambda: page.locator("#sort").select_option("title"),
        lambda: choice(page, "video", "unknown").check(),
        lambda: choice(page, "nature", "advisory").evaluate("box => box.click()"),
        lambda: page.locator("#on").fill("2024-05-01"),
        lambda: choice(page, "channel", "chat").evaluate("box => box.click()"),
        lambda: page.locator(".chips--active a").first.click(),
        lambda: page.get_by_role("link", name="alle entfernen").click(),
        lambda: page.locator(".presets a").last.click(),
        lambda: page.go_back(),
        lambda: page.go_back(),
        lambda: page.locator(".catalogue :is(.nothing, .chips--active) a[href*='?']").last.click(),
    ):
        before = page.url
        act()
        expect(page).not_to_have_url(before)
        expect(page.locator(".results[aria-busy]")).to_have_count(0)
        fresh = page.context.new_page()
        fresh.goto(page.url)
        assert page.evaluate(SHOWN) == fresh.evaluate(SHOWN), page.url
        fresh.close()
    assert is_the_same()


def test_languages_lead_to_what_is_shown(page: Page) -> None:
    page.goto("/?q=Wohnung")
    choice(page, "video", "unknown").check()
    expect(page).to_have_url(re.compile("video=unknown"))
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(choice(page, "video", "unknown")).to_be_checked()


def test_the_last_of_fast_choices_counts(page: Page) -> None:
    def hold(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route(re.compile(r"\?video=pilot$"), hold)
    page.goto("/")
    choice(page, "video", "pilot").check()
    choice(page, "video", "unknown").check()
    expect(page).to_have_url(re.compile(r"video=pilot&video=unknown$"))
    page.wait_for_timeout(700)
    expect(page).to_have_url(re.compile(r"video=pilot&video=unknown$"))
    expect(choice(page, "video", "pilot")).to_be_checked()
    expect(choice(page, "video", "unknown")).to_be_checked()


def test_when_that_fails_the_browser_goes_there_itself(visit: Any) -> None:
    page = visit()
    page.goto("/")
    is_the_same = nothing_reloads(page)
    fail = [True]

    def fail_once(route: Route) -> None:
        route.abort() if fail.pop(0) else route.continue_()
        fail.append(False)

    page.route(re.compile(r"\?video=unknown$"), fail_once)
    choice(page, "video", "unknown").check()
    expect(page).to_have_url(re.compile(r"video=unknown$"))
    expect(page.locator(".chips--active")).to_contain_text(UNKNOWN)
    assert not is_the_same()
    forgive_what_failed(page)


def test_on_a_phone_the_button_below_the_filters_leads_to_the_results(visit: Any) -> None:
    page = visit(**PHONE)
    page.goto("/?q=Wohnung")
    is_the_same = nothing_reloads(page)
    page.locator("#filters-title").tap()
    page.get_by_label(UNKNOWN).tap()
    expect(page).to_have_url(re.compile("video=unknown"))
    expect(page.get_by_label(UNKNOWN)).to_be_visible()
    page.get_by_role("button", name="Filter anwenden").tap()
    expect(page.get_by_label(UNKNOWN)).to_be_hidden()
    expect(title(page)).to_be_in_viewport()
    assert is_the_same()


def test_without_a_script_all_of_it_is_a_form(visit: Any) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/")
    expect(page.get_by_role("combobox", name=QUESTION)).to_have_count(0)
    page.get_by_label(QUESTION).fill("Wohnung")
    page.get_by_label(QUESTION).press("Enter")
    choice(page, "video", "unknown").check()
    page.get_by_role("button", name="Filter anwenden").click()
    expect(page).to_have_url(re.compile("video=unknown"))
    page.locator("#sort").select_option("title")
    page.locator(".results__sort").get_by_role("button", name="Anwenden").click()
    expect(page).to_have_url(re.compile("sort=title"))
    expect(choice(page, "video", "unknown")).to_be_checked()
    expect(cards(page).first).to_contain_text(UNKNOWN)
    page.go_back()
    expect(page.locator("#sort")).to_have_value("relevance")
