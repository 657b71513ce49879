"""How a change comes to citizens: written, returned, mended, planned, there; and how two editors come to one text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from houses import settings_in
from playwright.sync_api import Page, expect

from browser.test_editor_journeys import save_draft, summary
from servicedir.directory import CITY_TIME, House
from servicedir.directory.housekeeping import take_planned


def keep_house(folder: Path, at: datetime) -> list[str]:
    """Does what the timer's command does for planned steps, on a clock of its own; returns what it says."""
    house = House(settings_in(folder / "data"))
    house.now = lambda: at  # type: ignore[method-assign]  # nobody waits until tomorrow
    try:
        return [done.what for done in take_planned(house) if not done.failed]
    finally:
        house.close()


def hand_in(page: Page) -> None:
    page.locator(".forms-bar").get_by_role("button", name="Speichern und zur Prüfung senden").click()
    page.wait_for_url(re.compile("/workflow"))


def waiting_for(page: Page, name: str) -> Any:
    page.goto("/desk")
    return page.locator("main li").filter(has_text=name).first


def test_a_change_is_returned_mended_planned_and_then_seen_by_citizens(visit, folder):
    editor, reviewer, citizen = visit(login="jugendamt"), visit(login="koordination", expected={400}), visit()
    slug, name = an_entry_of(editor)
    editor.goto(f"/services/{slug}/edit")
    summary(editor).fill("Beratung am Schnurzelbom, Montag und Freitag.")
    hand_in(editor)
    citizen.goto(f"/services/{slug}")
    expect(citizen.get_by_role("main")).not_to_contain_text("Schnurzelbom")

    # Returned, with a remark that has to be there.
    reviewer.goto(f"/services/{slug}/workflow")
    reviewer.get_by_role("button", name="Zurückgeben").click()
    expect(reviewer.locator(".forms-problems")).to_be_focused()
    remark = reviewer.locator("#step-why")
    remark.fill("Bitte die Uhrzeit ergänzen.")
    reviewer.get_by_role("button", name="Zurückgeben").click()
    expect(reviewer.get_by_role("status").filter(has_text="Erledigt")).to_contain_text("Entwurf")

    # Mended: the desk says who returned it and why.
    line = waiting_for(editor, name)
    expect(line).to_contain_text("Bitte die Uhrzeit ergänzen.")
    line.get_by_role("link").first.click()
    editor.goto(f"/services/{slug}/edit")
    expect(summary(editor)).to_have_value("Beratung am Schnurzelbom, Montag und Freitag.")
    summary(editor).fill("Beratung am Schnurzelbom, Montag und Freitag ab 9 Uhr.")
    hand_in(editor)

    # Planned for tomorrow morning, in the time of the city.
    tomorrow = datetime.now(CITY_TIME) + timedelta(days=1)
    reviewer.goto(f"/services/{slug}/workflow")
    reviewer.locator("#step-at-day").fill(tomorrow.date().isoformat())
    reviewer.locator("#step-at-time").fill("06:30")
    reviewer.get_by_role("button", name="Veröffentlichen").click()
    expect(reviewer.get_by_role("region", name="Geplant")).to_contain_text("6:30")
    citizen.goto("/?q=Schnurzelbom")
    expect(citizen.locator(".cards")).to_have_count(0)

    early = tomorrow.replace(hour=6, minute=29, second=59)
    assert keep_house(folder, early) == []
    assert len(keep_house(folder, early + timedelta(seconds=1))) == 1
    citizen.wait_for_timeout(1100)  # other processes look at the change log every second
    citizen.goto("/?q=Schnurzelbom")
    expect(citizen.locator(".cards > li")).to_have_count(1)
    citizen.goto(f"/services/{slug}")
    expect(citizen.get_by_role("main")).to_contain_text("Montag und Freitag ab 9 Uhr")


def an_entry_of(editor: Page) -> tuple[str, str]:
    """An entry of the youth welfare office that no other test changes."""
    slug = "beistandschaft"
    editor.goto(f"/services/{slug}/edit")
    return slug, editor.get_by_role("heading", level=1).inner_text()


def test_two_editors_come_to_one_text(visit):
    slug = "apostille"
    first, second = visit(login="buergeramt"), visit(login="koordination", expected={409})
    for page in (first, second):
        page.goto(f"/services/{slug}/edit")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    costs = "Kosten"

    first.get_by_role("group", name=costs).get_by_label("Deutsch").fill("26 Euro")
    summary(first).fill("Die Apostille gibt es auch am Erdmännchensee.")
    save_draft(first)
    expect(first.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()

    second.get_by_role("group", name="Dauer").get_by_label("Deutsch").fill("zwei Wochen")
    summary(second).fill("Die Apostille gibt es auch am Murmeltierteich.")
    save_draft(second)
    conflict = second.locator("#conflict")
    expect(conflict).to_contain_text("Jemand anderes hat zuerst gespeichert")
    expect(conflict).to_contain_text("Erdmännchensee")
    expect(conflict).to_contain_text("Murmeltierteich")
    conflict.get_by_label(re.compile("^Gespeichert:")).check()
    conflict.get_by_role("button", name="Auswahl ins Formular übernehmen").click()

    expect(summary(second)).to_have_value("Die Apostille gibt es auch am Erdmännchensee.")
    expect(second.get_by_role("group", name=costs).get_by_label("Deutsch")).to_have_value("26 Euro")
    expect(second.get_by_role("group", name="Dauer").get_by_label("Deutsch")).to_have_value("zwei Wochen")
    save_draft(second)
    expect(second.get_by_role("status").filter(has_text="Der Entwurf ist gespeichert.")).to_be_visible()
    second.goto(f"/services/{slug}/history")
    expect(second.locator("tbody tr")).to_have_count(3)
