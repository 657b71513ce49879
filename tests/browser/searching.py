"""What people see and do when they search with a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

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
