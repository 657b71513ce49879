"""What an editor does between two phone calls, and what keeps two editors, or a stranger, from spoiling it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browser.running import PASSWORD, sign_in
from servicedir.domain.service import ChannelKind, Contradiction, Stage
from servicedir.domain.words import label

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def summary(page: Page):
    return page.get_by_role("group", name="Kurz gesagt").get_by_label("Deutsch")


def title(page: Page):
    return page.get_by_role("group", name="Titel").get_by_label("Deutsch")


def save_draft(page: Page) -> None:
    page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()


def add_channel(page: Page, kind: ChannelKind) -> None:
    """Adds a channel that has been live since January 2026; each new entry has the focus at once."""
    page.get_by_role("button", name="Zugangsweg hinzufügen").click()
    channel = page.get_by_role("group", name=re.compile(r"^Zugangsweg \d+$")).last
    expect(channel.locator("select[id$='-kind']")).to_be_focused()
    channel.locator("select[id$='-kind']").select_option(label=label(kind, "de"))
    channel.get_by_role("button", name="Neuen Stand hinzufügen").click()
    expect(channel.locator("select[id$='-stage']")).to_be_focused()
    channel.locator("select[id$='-stage']").select_option(label=label(Stage.LIVE, "de"))
    channel.get_by_label("Seit", exact=True).fill("2026-01")


def test_a_correction_stays_inside_until_it_is_published_and_is_found_then(visit):
    words = "Mit dem Ausweis auch im Lesesaal am Quirlomat."
    editor, citizen = visit(), visit()
    sign_in(editor, "buergeramt")
    editor.get_by_role("link", name="Einträge", exact=True).click()
    editor.get_by_label("Titel oder Adresse enthält").fill("Verlust von Ausweis oder Pass melden")
    editor.get_by_role("button", name="Filtern").click()
    editor.get_by_role("rowheader", name="Verlust von Ausweis oder Pass melden", exact=True).get_by_role("link").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text("Verlust von Ausweis oder Pass melden")

    summary(editor).fill(words)
    add_channel(editor, ChannelKind.PHONE)
    editor.get_by_label("Was haben Sie geändert?").fill("Telefon seit Januar")
    save_draft(editor)
    expect(editor.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    expect(summary(editor)).to_have_value(words)

    citizen.goto("/services/ausweis-verloren")
    expect(citizen.get_by_role("main")).not_to_contain_text("Quirlomat")
    citizen.goto("/?q=Quirlomat")
    expect(citizen.locator(".cards")).to_have_count(0)
    editor.get_by_role("link", name="Vorschau", exact=True).click()
    expect(editor.get_by_role("main")).to_contain_text(words)
    editor.go_back()

    editor.locator(".forms-bar").get_by_role("button", name="Speichern und veröffentlichen").click()
    expect(editor.get_by_role("status").filter(has_text="veröffentlicht")).to_be_visible()

    citizen.goto("/")
    citizen.get_by_label("Was möchten Sie erledigen?").fill("Quirlomat")
    citizen.keyboard.press("Enter")
    citizen.get_by_role("link", name="Verlust von Ausweis oder Pass melden", exact=True).click()
    expect(citizen.get_by_role("main")).to_contain_text(words)
    phone = citizen.locator(".channel").filter(has=citizen.get_by_role("heading", name=label(ChannelKind.PHONE, "de")))
    expect(phone).to_contain_text(label(Stage.LIVE, "de"))
    expect(phone).to_contain_text("seit Januar 2026")

    editor.get_by_role("link", name="Verlauf").click()
    expect(editor.get_by_role("row").filter(has_text="Telefon seit Januar")).to_contain_text("Kurz gesagt, Zugangswege")


def test_what_contradicts_itself_is_asked_about_once_before_it_is_published(visit):
    page = visit(login="buergeramt", expected={400})
    page.goto("/services/vorlaeufiger-personalausweis/edit")
    add_channel(page, ChannelKind.PHONE)
    publish = page.locator(".forms-bar").get_by_role("button", name="Speichern und veröffentlichen")
    publish.click()
    problems = page.locator(".forms-problems")
    expect(problems).to_be_focused()
    expect(problems).to_contain_text(label(Contradiction.APPEARANCE_BUT_REMOTE, "de"))
    publish.click()
    expect(page.get_by_role("status").filter(has_text="veröffentlicht")).to_be_visible()


@SCRIPTS
def test_a_form_with_an_error_says_so_first_and_leads_to_the_field(visit, scripts):
    page = visit(login="buergeramt", expected={400}, java_script_enabled=scripts)
    page.goto("/services/reisepass-beantragen/edit")
    summary(page).fill("Noch nicht fertig")
    title(page).fill("")
    save_draft(page)
    problems = page.locator(".forms-problems")
    expect(problems).to_be_focused()
    expect(problems).to_contain_text("Bitte prüfen Sie eine Angabe")
    expect(summary(page)).to_have_value("Noch nicht fertig")

    problems.get_by_role("link", name="Titel › Deutsch").click()
    expect(title(page)).to_be_focused()
    expect(title(page)).to_have_attribute("aria-invalid", "true")
    expect(title(page)).to_have_accessible_description(re.compile("Bitte füllen Sie dieses Feld aus"))
    box = title(page).bounding_box()
    assert box
    assert 0 <= box["y"] < 900 - box["height"], "the field is out of sight"


@SCRIPTS
def test_lists_grow_and_shrink_and_what_was_typed_stays(visit, scripts):
    page = visit(login="buergeramt", java_script_enabled=scripts)
    page.goto("/services/wohnsitz-anmelden/edit")
    summary(page).fill("Getippt, nicht gespeichert: „äöü“ <b>")
    documents = page.get_by_role("group", name="Unterlagen", exact=True)
    before = documents.locator(".forms-entry").count()
    for number in (before + 1, before + 2):
        page.get_by_role("button", name="Unterlage hinzufügen").click()
        expect(documents.locator(".forms-entry")).to_have_count(number)
        entry = documents.locator(".forms-entry").nth(number - 1)
        expect(entry.get_by_label("Deutsch")).to_be_focused()
        entry.get_by_label("Deutsch").fill(f"Unterlage {number}")
    documents.get_by_role("button", name=f"Unterlage {before + 1} entfernen").click()
    expect(documents.locator(".forms-entry")).to_have_count(before + 1)
    expect(documents.locator(".forms-entry").last.get_by_label("Deutsch")).to_have_value(f"Unterlage {before + 2}")
    expect(summary(page)).to_have_value("Getippt, nicht gespeichert: „äöü“ <b>")
    # The focus goes to where the entry was, and not to the top of the page.
    expect(page.locator(":focus")).to_contain_text("Unterlagen")


def test_with_scripts_lists_change_without_a_new_page_and_say_so(visit):
    page = visit(login="buergeramt")
    page.goto("/services/wohnsitz-anmelden/edit")
    page.evaluate("() => { window.sameDocument = true; }")
    page.get_by_role("button", name="Unterlage hinzufügen").click()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"Unterlage \d+ hinzugefügt"))).to_be_attached()
    assert page.evaluate("() => window.sameDocument")


def test_who_leaves_with_unsaved_words_is_asked(visit):
    page = visit(login="buergeramt")
    page.goto("/services/wohnsitz-anmelden/edit")
    summary(page).press_sequentially("x")
    page.on("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="Für mich", exact=True).click(no_wait_after=True)
    assert asked.value.type == "beforeunload"
    expect(summary(page)).to_have_value(re.compile("x"))


def test_the_second_of_two_editors_is_told_and_loses_nothing(visit):
    first, second = visit(login="buergeramt"), visit(login="koordination", expected={409})
    for page in (first, second):
        page.goto("/services/meldebescheinigung/edit")
    summary(first).fill("Der erste war schneller.")
    save_draft(first)
    expect(first.get_by_role("status").filter(has_text="gespeichert")).to_be_visible()

    summary(second).fill("Auch der zweite hat getippt.")
    with second.expect_response(lambda answer: answer.request.method == "POST") as answered:
        save_draft(second)
    assert answered.value.status == 409
    expect(second.get_by_role("alert")).to_contain_text("Jemand anderes hat zuerst gespeichert")
    mine = second.get_by_role("group", name="Kurz gesagt › Deutsch").get_by_label("Ihre Eingabe")
    expect(mine).not_to_be_checked()
    # Whoever does not use a mouse: the keys reach the choices first, then the button.
    second.get_by_role("link", name="Was seitdem geändert wurde").focus()
    second.keyboard.press("Tab")
    expect(mine).to_be_focused()
    second.keyboard.press("ArrowDown")
    expect(second.get_by_label("Gespeichert: Der erste war schneller.")).to_be_checked()
    second.keyboard.press("ArrowUp")
    expect(mine).to_be_checked()
    second.keyboard.press("Tab")
    expect(second.get_by_role("button", name="Auswahl ins Formular übernehmen")).to_be_focused()
    second.keyboard.press("Enter")
    expect(summary(second)).to_have_value("Auch der zweite hat getippt.")
    expect(second.locator("#kept-input")).to_be_hidden()

    # The second has insisted; what the first wrote stays in the history.
    save_draft(second)
    expect(second.get_by_role("status").filter(has_text="gespeichert")).to_be_visible()
    expect(summary(second)).to_have_value("Auch der zweite hat getippt.")


def test_editors_of_another_office_cannot_open_an_entry(visit):
    page = visit(login="jugendamt", expected={403, 404})
    for way in ("edit", "history", "workflow", "preview"):
        answer = page.goto(f"/services/personalausweis-beantragen/{way}")
        assert answer.status in (403, 404)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            re.compile("Dafür fehlt Ihnen eine Rolle|Diese Seite gibt es nicht")
        )
    page.goto("/desk/entries")
    expect(page.get_by_role("rowheader").first).to_be_visible()
    expect(page.get_by_role("link", name="Personalausweis beantragen")).to_have_count(0)


def hand_in(page: Page, slug: str, words: str) -> None:
    page.goto(f"/services/{slug}/edit")
    summary(page).fill(words)
    page.locator(".forms-bar").get_by_role("button", name="Speichern und zur Prüfung senden").click()
    page.wait_for_url(re.compile("done=submit|/workflow"))


def test_an_editor_hands_in_and_somebody_else_publishes(visit):
    editor, reviewer, citizen = visit(login="jugendamt"), visit(login="koordination"), visit()
    editor.goto("/services/pflegekinderdienst-beratung/edit")
    expect(editor.get_by_role("button", name="Speichern und veröffentlichen")).to_have_count(0)
    hand_in(editor, "pflegekinderdienst-beratung", "Beratung auch in der Zebrastunde.")

    reviewer.goto("/desk")
    waiting = reviewer.locator(".desk-list li").filter(has_text="Beratung durch den Pflegekinderdienst")
    waiting.get_by_role("link", name="Freigeben oder zurückgeben").click()
    reviewer.get_by_role("button", name="Veröffentlichen").click()
    expect(reviewer.get_by_text("Öffentlich ist diese Fassung.")).to_be_visible()
    citizen.goto("/?q=Zebrastunde")
    expect(citizen.locator(".cards > li")).to_have_count(1)


def test_who_hands_in_is_told_that_it_worked(visit):
    page = visit(login="jugendamt")
    hand_in(page, "jugendtreffs", "Noch eine Zebrastunde.")
    assert page.get_by_role("heading", level=1).inner_text() != "Dafür fehlt Ihnen eine Rolle"
    assert "zur Prüfung" in page.get_by_role("main").inner_text()


def test_a_stranger_is_sent_to_sign_in_and_then_to_where_they_wanted(visit):
    page = visit(expected={400})
    page.goto("/services/wohnsitz-anmelden/history")
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden für Redaktionen")
    page.get_by_label("Anmeldename").fill("buergeramt")
    page.get_by_label("Passwort").fill("falsch")
    page.keyboard.press("Enter")
    expect(page.locator(".forms-problems")).to_be_focused()
    expect(page.locator(".forms-problems")).to_contain_text("Anmeldename oder Passwort stimmen nicht")
    expect(page.get_by_label("Anmeldename")).to_have_value("buergeramt")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/services/wohnsitz-anmelden/history$"))


@SCRIPTS
def test_after_signing_out_the_desk_is_closed_also_to_the_back_button(visit, scripts):
    page = visit(java_script_enabled=scripts)
    sign_in(page, "buergeramt")
    expect(page.get_by_role("heading", level=1)).to_have_text("Für mich")
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Was möchten Sie erledigen?")
    assert "servicedir-session" not in {cookie["name"] for cookie in page.context.cookies()}
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anmelden für Redaktionen")
    page.goto("/desk")
    expect(page).to_have_url(re.compile(r"/login\?next="))
