"""What citizens come for, done as they do it: search, filter, open, come back, by mouse, keyboard, without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from servicedir.domain.service import Stage
from servicedir.domain.words import label

PILOT, UNKNOWN, UNDER_REVIEW = (label(stage, "de") for stage in (Stage.PILOT, Stage.UNKNOWN, Stage.UNDER_REVIEW))
QUESTION = "Was möchten Sie erledigen?"

HAS_VISIBLE_FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const box = document.activeElement.getBoundingClientRect();
  const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  // The button of a calendar is a part of the browser's field, which draws its outline around that button alone.
  const browsersOwn = document.activeElement.type === "date" && !document.activeElement.matches(":focus-visible");
  return (outlined || style.boxShadow !== "none" || browsersOwn) && inSight;
}"""


def cards(page: Page):
    return page.locator(".results .cards > li")


def focused(page: Page) -> str:
    """What the focused element says, for the sentences of failures."""
    return page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_citizen_finds_what_can_be_done_by_video_and_comes_back(visit, scripts):
    page = visit(java_script_enabled=scripts)
    page.goto("/")
    page.get_by_label(QUESTION).fill("Wohnung abmelden")
    page.get_by_role("button", name="Suchen", exact=True).click()
    expect(page).to_have_title(re.compile("Suche nach „Wohnung abmelden“"))
    expect(cards(page).first).to_contain_text("Wohnsitz abmelden")
    all_hits = cards(page).count()

    page.get_by_role("group", name="Video").get_by_label(PILOT).check()
    if not scripts:  # With them, the results follow at once.
        page.get_by_role("button", name="Filter anwenden").click()
    expect(page).to_have_url(re.compile(r"video=pilot"))
    found = page.url
    assert 0 < cards(page).count() <= all_hits
    for card in cards(page).all():
        expect(card).to_contain_text(PILOT)
    expect(page.get_by_label(QUESTION)).to_have_value("Wohnung abmelden")
    expect(page.get_by_role("group", name="Video").get_by_label(PILOT)).to_be_checked()

    page.get_by_role("link", name="Wohnsitz abmelden", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wohnsitz abmelden")
    video = page.locator(".channel").filter(has=page.get_by_role("heading", name="Video"))
    expect(video).to_contain_text(PILOT)
    expect(video).to_contain_text("seit Mai 2024")

    page.go_back()
    expect(page).to_have_url(found)
    expect(page.get_by_label(QUESTION)).to_have_value("Wohnung abmelden")
    expect(cards(page).first).to_contain_text("Wohnsitz abmelden")


def test_a_chosen_filter_can_be_taken_away_again(page):
    page.goto("/?q=Beratung&video=under_review")
    filtered = cards(page).count()
    page.locator(".chips--active").get_by_role("link", name=f"Video: {UNDER_REVIEW}").click()
    expect(page).not_to_have_url(re.compile("video="))
    expect(page.get_by_label(QUESTION)).to_have_value("Beratung")
    assert cards(page).count() > filtered


def test_on_a_phone_the_filters_are_behind_one_button(visit):
    page = visit(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    page.goto("/?q=Wohnung+abmelden")
    choice = page.get_by_label(PILOT)
    expect(choice).to_be_hidden()
    page.locator("#filters-title").tap()
    choice.tap()
    page.get_by_role("button", name="Filter anwenden").tap()
    expect(page).to_have_url(re.compile("video=pilot"))
    expect(cards(page).first).to_contain_text("Wohnsitz abmelden")


def test_everything_can_be_done_with_the_keyboard_and_the_focus_is_always_seen(page):
    def press_tab_until(is_there: str, most: int) -> None:
        for _step in range(most):
            page.keyboard.press("Tab")
            assert page.evaluate(HAS_VISIBLE_FOCUS), f"nobody sees where the focus is: {focused(page)}"
            if page.evaluate(f"() => document.activeElement.matches('{is_there}')"):
                return
        raise AssertionError(f"{most} times Tab do not lead to {is_there}, but to {focused(page)}")

    page.goto("/")
    press_tab_until(".skip-link", most=1)
    page.keyboard.press("Enter")
    press_tab_until("#q", most=1)
    page.keyboard.type("Wohnung abmelden")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=Wohnung"))

    press_tab_until(".skip-link", most=1)
    page.keyboard.press("Enter")
    press_tab_until("input[value=pilot]", most=20)
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"video=pilot"))
    expect(page.locator("input[value=pilot]")).to_be_checked()

    press_tab_until(".card__title a", most=60)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wohnsitz abmelden")


def test_who_finds_nothing_is_helped_on(page):
    page.goto("/?q=Wohnung+abmelden+%22Zucht+von+Einhörnern%22")
    nothing = page.locator(".nothing")
    expect(nothing).to_contain_text("Zucht von Einhörnern")
    nothing.get_by_role("link", name="ohne „Zucht von Einhörnern“").click()
    expect(cards(page).first).to_contain_text("Wohnsitz abmelden")


def test_what_nobody_has_said_is_shown_as_not_known(page):
    page.goto("/?video=unknown")
    expect(cards(page).first).to_contain_text(UNKNOWN)
    cards(page).first.get_by_role("link").click()
    expect(page.locator(".channels")).to_contain_text(UNKNOWN)


def test_a_day_in_the_past_shows_what_was_true_then(page):
    page.goto("/services/wohnsitz-abmelden?on=2024-04-30")
    expect(page.get_by_text("Sie sehen den Stand vom 30. April 2024")).to_be_visible()
    expect(page.locator(".channels")).not_to_contain_text(PILOT)
    page.get_by_role("link", name="Stand von heute zeigen").click()
    expect(page.locator(".channels")).to_contain_text(PILOT)


def test_the_language_changes_on_the_same_page_and_back(page):
    page.goto("/services/wohnsitz-abmelden?on=2024-06-01")
    languages = page.get_by_role("navigation", name="Sprachen")
    languages.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/services/wohnsitz-abmelden\?.*on=2024-06-01"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deregister your residence")
    expect(page.get_by_text("since May 2024").first).to_be_visible()

    # Every link of an English page leads to an English page.
    page.get_by_role("navigation", name="Main menu").get_by_role("link").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.go_back()
    page.get_by_role("link", name="Deutsch", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wohnsitz abmelden")


def test_who_follows_an_old_address_can_search_from_there(visit):
    page = visit(expected={404})
    page.goto("/services/gibt-es-nicht")
    page.get_by_label(QUESTION).fill("Reisepass")
    page.get_by_role("button", name="Suchen", exact=True).click()
    expect(cards(page).first).to_contain_text("Reisepass")


def test_offices_topics_and_letters_lead_to_services_as_well(page):
    for menu, path in (("Ämter", r"/offices/[^?]+"), ("Themen", r"/topics/[^?]+")):
        page.goto("/")
        page.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name=menu).click()
        page.get_by_role("main").get_by_role("link").first.click()
        expect(page).to_have_url(re.compile(path))
    page.goto("/a-z")
    page.get_by_role("main").get_by_role("link", name="Wohnsitz abmelden", exact=True).click()
    expect(page).to_have_url(re.compile("/services/wohnsitz-abmelden"))


def test_the_watch_over_the_browser_sees_what_it_is_there_for(visit):
    page = visit()
    page.goto("/help")
    page.evaluate("""() => {
      document.body.insertAdjacentHTML("beforeend", '<p style="color: red">Rot</p>');
      document.body.insertAdjacentHTML("beforeend", '<img src="https://elsewhere.example/pixel.png" alt="">');
      return fetch("/gibt-es-nicht");
    }""")
    seen = "\n".join(page.watch.faults)
    page.watch.faults.clear()
    assert "style" in seen
    assert "elsewhere.example" in seen
    assert "status 404" in seen
