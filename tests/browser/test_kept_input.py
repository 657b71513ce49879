"""What is typed and not saved: the browser keeps it, offers it again, and forgets it when it may."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.running import PASSWORD, sign_in
from browser.test_editor_journeys import save_draft, summary


@pytest.fixture
def an_entry() -> str:
    """An entry that no other test changes."""
    return "hundesteuer-anmelden"


def type_and_wait(page: Page, words: str) -> None:
    summary(page).fill(words)
    page.wait_for_function(
        "words => Object.keys(localStorage).some(key => localStorage.getItem(key).includes(words))", arg=words
    )


def crash(page: Page) -> Page:
    """Leaves the page without a word, as a browser that crashes does; a new one with the same storage."""
    fresh = page.context.new_page()
    page.close(run_before_unload=False)
    return fresh


def offer(page: Page):
    return page.locator("#kept-input")


def test_after_a_crash_what_was_typed_is_offered_with_its_lists(visit, an_entry):
    page = visit(login="koordination")
    page.goto(f"/services/{an_entry}/edit")
    expect(offer(page)).to_be_hidden()
    page.get_by_role("button", name="Unterlage hinzufügen").click()
    page.get_by_role("group", name="Unterlagen").get_by_label("Deutsch").last.fill("Zebrafellbescheinigung")
    type_and_wait(page, "Quittenweg statt Apfelallee.")
    page = crash(page)
    page.goto(f"/services/{an_entry}/edit")
    expect(offer(page)).to_be_visible()
    expect(summary(page)).not_to_have_value("Quittenweg statt Apfelallee.")
    offer(page).get_by_role("button", name="Eingaben übernehmen").click()
    expect(summary(page)).to_have_value("Quittenweg statt Apfelallee.")
    expect(page.get_by_role("group", name="Unterlagen").get_by_label("Deutsch").last).to_have_value(
        "Zebrafellbescheinigung"
    )
    expect(offer(page)).to_be_hidden()
    save_draft(page)
    expect(page.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    page.goto(f"/services/{an_entry}/edit")
    expect(summary(page)).to_have_value("Quittenweg statt Apfelallee.")
    expect(offer(page)).to_be_hidden()
    assert page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('servicedir:'))") == []


def test_what_nobody_wants_any_more_is_forgotten(visit, an_entry):
    page = visit(login="koordination")
    page.goto(f"/services/{an_entry}/edit")
    type_and_wait(page, "Nur ein Versuch.")
    page = crash(page)
    page.goto(f"/services/{an_entry}/edit")
    offer(page).get_by_role("button", name="Eingaben vergessen").click()
    expect(offer(page)).to_be_hidden()
    page.goto(f"/services/{an_entry}/edit")
    expect(offer(page)).to_be_hidden()


def test_after_an_expired_session_nothing_has_to_be_typed_again(visit, an_entry):
    page = visit(login="koordination", expected={401})
    page.goto(f"/services/{an_entry}/edit")
    summary(page).fill("Geschrieben, als die Sitzung schon zu Ende war.")
    page.context.clear_cookies()
    page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind nicht mehr angemeldet")
    page.goto(f"/services/{an_entry}/edit")
    page.get_by_label("Anmeldename").fill("koordination")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.keyboard.press("Enter")
    offer(page).get_by_role("button", name="Eingaben übernehmen").click()
    expect(summary(page)).to_have_value("Geschrieben, als die Sitzung schon zu Ende war.")


def test_what_one_person_typed_is_not_offered_to_the_next_and_gone_after_signing_out(visit, an_entry):
    page = visit()  # with a session of its own, since it is ended
    sign_in(page, "koordination")
    page.goto(f"/services/{an_entry}/edit")
    type_and_wait(page, "Geheimes Vorhaben.")
    page = crash(page)
    page.goto("/desk")
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Was möchten Sie erledigen?")
    assert page.evaluate("() => JSON.stringify(localStorage)").find("Geheimes") == -1


def test_a_new_entry_is_kept_too_and_forgotten_once_it_is_there(visit):
    page = visit(login="koordination")
    page.goto("/services/add")
    page.get_by_role("group", name="Titel").get_by_label("Deutsch").fill("Giraffenschein beantragen")
    type_and_wait(page, "Für Halterinnen und Halter.")
    page = crash(page)
    page.goto("/services/add")
    offer(page).get_by_role("button", name="Eingaben übernehmen").click()
    expect(page.get_by_role("group", name="Titel").get_by_label("Deutsch")).to_have_value("Giraffenschein beantragen")
    page.get_by_label("Antrag", exact=True).check()
    page.get_by_label("Zuständiges Amt").select_option("buergeramt")
    save_draft(page)
    expect(page.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    page.goto("/services/add")
    expect(offer(page)).to_be_hidden()
