"""Searching with a script: results follow filters, sorting and the back button at once."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from browser.searching import (
    PHONE,
    QUESTION,
    UNKNOWN,
    asked,
    cards,
    choice,
    forgive_what_failed,
    nothing_reloads,
    title,
    voice,
)


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
