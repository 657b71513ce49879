"""The story that the pictures of docs/handbuch.md tell, and the pictures; docs/screenshots.py starts it."""

from __future__ import annotations

import csv
import io
import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from browser.running import sign_in
from builders import Clock
from click.testing import CliRunner
from clocked import reopened
from playwright.sync_api import Browser, Locator, Page

from servicedir.cli.content import sample
from servicedir.domain.hint import Subject
from servicedir.domain.workflow import SYSTEM

MARGIN = 24
"""Pixels around what a picture is about."""
MOST_HEIGHT = 1100
"""Pixels; what is longer is no picture for a page of text."""

# A Chromium without its German package shows days and times the American way, whatever the page says.
AS_IN_GERMANY = """() => document.querySelectorAll('input[type=date], input[type=time]').forEach((field) => {
  const parts = field.value.split('-').reverse();
  const empty = field.type === 'date' ? 'tt.mm.jjjj' : '--:--';
  field.type = 'text';
  field.value = parts.join('.') || empty;
})"""


def a_year_of_work(data: Path) -> None:
    """Makes a directory whose sample was entered a year ago, so that some of it is to be looked at again by now."""
    now = datetime.now(UTC).replace(microsecond=0)
    clock = Clock((now - timedelta(days=356)).isoformat())
    with closing(reopened(data, clock, demo_accounts="true")) as house:
        house.database.migrate(house.settings.migrations)
        CliRunner().invoke(sample, obj=lambda: house, catch_exceptions=False)
        with house.work(write=True) as directory:
            for slug, months in (("meldebescheinigung", None), ("fundsachen", 11), ("wohnsitz-ummelden", None)):
                directory.reviews.assign(slug, responsible="buergeramt", review_months=months, by=SYSTEM)
        clock.now = now - timedelta(days=3)
        with house.work(write=True) as directory:
            directory.reviews.verify("wohnsitz-abmelden", directory.people.account("buergeramt").person)
        clock.now = now - timedelta(hours=20)
        with house.work(write=True) as directory:
            directory.hints.give(
                "fundsachen", subject=Subject.WRONG, text="Am Dienstag war nachmittags geschlossen, hier steht offen."
            )
            directory.hints.give(
                "kfz-abmelden",
                subject=Subject.UNCLEAR,
                text="Ich weiß nach dem Lesen nicht, ob das Kennzeichen reserviert bleibt.",
                contact="kim@example.org",
            )
        for words, times in (("Perso weg", 9), ("Knöllchen", 7), ("Sperrmüllkarte", 4)):
            for _ in range(times):
                house.searches.ask(words, found=False)
        for _ in range(5):
            house.searches.ask("Ausweis verlängern", found=True)
        house.searches.write()


class Handbook:
    """Takes the pictures, each after doing what it shows; two people at a time, since most of it is about two."""

    def __init__(self, browser: Browser, options: dict[str, Any], folder: Path) -> None:
        self.browser = browser
        self.options = options
        self.folder = folder
        self.taken: list[Path] = []

    def take_all(self) -> list[Path]:
        """Takes them in the order of the story; returns the files."""
        self.editor, self.reviewer = self.person("buergeramt"), self.person("koordination")
        self.writing()
        self.contradiction()
        self.review()
        self.desk()
        self.upkeep()
        self.two_people()
        self.history()
        self.kept_input()
        self.sharing()
        self.hints()
        self.many()
        self.sheets()
        self.city()
        self.figures()
        return self.taken

    def person(self, login: str) -> Page:
        """Somebody with an account, signed in."""
        page = self.browser.new_context(**self.options).new_page()
        sign_in(page, login)
        return page

    def shoot(self, page: Page, name: str, first: Locator | str = "main h1", last: Locator | str = "") -> None:
        """Takes what stands from one piece of a page to another, as docs/screenshots/handbuch-NAME.png."""
        page.evaluate("() => document.fonts.ready")
        page.evaluate("() => document.activeElement?.blur()")
        page.evaluate(AS_IN_GERMANY)
        # As high as the page, so that what clings to the edge of a window stands where it belongs.
        height = page.evaluate("() => document.documentElement.scrollHeight")
        page.set_viewport_size({"width": 1280, "height": max(900, height)})
        boxes = []
        for piece in (first, last or first):
            found = page.locator(piece) if isinstance(piece, str) else piece
            boxes.append(found.first.bounding_box() or {"y": 0, "height": 0})
        top = max(0, boxes[0]["y"] - MARGIN)
        end = min(boxes[1]["y"] + boxes[1]["height"] + MARGIN, top + MOST_HEIGHT)
        path = self.folder / f"handbuch-{name}.png"
        page.screenshot(path=path, animations="disabled", clip={"x": 0, "y": top, "width": 1280, "height": end - top})
        page.set_viewport_size(self.options["viewport"])
        print(f"docs/screenshots/{path.name}: {path.stat().st_size // 1024} kB")
        self.taken.append(path)

    # One entry

    def writing(self) -> None:
        """An editor opens an entry, writes, and saves a draft."""
        page = self.editor
        page.goto("/services/meldebescheinigung/edit")
        summary(page).fill("Die Bescheinigung zeigt, wo Sie gemeldet sind. Sie bekommen sie sofort.")
        save(page, "Satz zur Dauer ergänzt")
        self.shoot(page, "formular", "main h1", page.get_by_role("group", name="Kurz gesagt"))
        page.goto("/services/wohnsitz-abmelden/edit")
        way = page.get_by_role("group", name="Zugangsweg 1", exact=True)
        self.shoot(page, "zugangsweg", way, way.get_by_role("group", name="Grund").first)

    def contradiction(self) -> None:
        """The editor enters a video channel for what asks for personal appearance."""
        page = self.editor
        page.goto("/services/personalausweis-beantragen/edit")
        page.get_by_role("button", name="Zugangsweg hinzufügen").click()
        way = page.get_by_role("group", name="Zugangsweg 1", exact=True)
        way.locator("select").nth(0).select_option("video")
        if way.locator("select").count() == 1:
            way.get_by_role("button", name="Neuen Stand hinzufügen").click()
        way.locator("select").nth(1).select_option("live")
        way.get_by_label("Seit", exact=True).fill("09.2026")
        save(page, "Video eingetragen")
        self.shoot(page, "widerspruch", "main h1", page.locator(".kern-alert--warning").first)

    def review(self) -> None:
        """The youth welfare office hands in, the coordinator looks at it; and returns another office's draft."""
        writer = self.person("jugendamt")
        writer.goto("/services/beistandschaft/edit")
        summary(writer).fill("Das Jugendamt hilft, die Vaterschaft festzustellen und Unterhalt zu bekommen.")
        hand_in(writer, "Einfacher gesagt")
        page = self.reviewer
        page.goto("/services/beistandschaft/workflow")
        page.locator("#step-at-day").fill((date.today() + timedelta(days=14)).isoformat())
        page.locator("#step-at-time").fill("06:00")
        self.shoot(page, "freigeben", "main h1", page.locator("section[aria-labelledby=next]"))

        self.editor.goto("/services/auskunftssperre/edit")
        self.editor.get_by_role("group", name="Dauer").get_by_label("Deutsch").fill("etwa zwei Wochen")
        save(self.editor, "Dauer ergänzt")
        submit(self.editor, "auskunftssperre")
        page.goto("/services/auskunftssperre/workflow")
        page.locator("#step-why").fill("Bitte auch sagen, wie lange die Sperre gilt.")
        page.get_by_role("button", name="Zurückgeben").click()
        page.get_by_role("status").first.wait_for()
        page.goto("/services/fuehrungszeugnis/edit")
        page.get_by_role("group", name="Kosten").get_by_label("Deutsch").fill("13 Euro")
        save(page, "Gebühr ergänzt")
        submit(page, "fuehrungszeugnis")

    def desk(self) -> None:
        """What waits for the editor then."""
        self.editor.goto("/desk")
        self.shoot(self.editor, "schreibtisch", ".desk-bar", page_end(self.editor))

    def upkeep(self) -> None:
        """Confirming, and retiring with a pointer to what there is instead."""
        page = self.editor
        page.goto("/services/wohnsitz-abmelden/workflow")
        self.shoot(page, "stimmt-noch", "section[aria-labelledby=confirmed]", "section[aria-labelledby=confirmed]")
        page.goto("/services/untersuchungsberechtigungsschein/workflow")
        page.locator("#retire-why").fill("Gibt es nicht mehr.")
        page.locator("#retire-successor").fill("meldebescheinigung")
        part = page.locator("section[aria-labelledby=retire-title]")
        self.shoot(page, "zurueckziehen", part, part)

    def two_people(self) -> None:
        """Editor and coordinator change the same entry; the second one chooses."""
        first, second = self.editor, self.reviewer
        for page in (first, second):
            page.goto("/services/apostille/edit")
        summary(first).fill("Wir sagen Ihnen, welche Stelle Ihre Urkunde für das Ausland bestätigt.")
        save(first, "Kürzer gesagt")
        summary(second).fill("Wir sagen Ihnen, welche Behörde eine Urkunde für das Ausland bestätigt.")
        second.get_by_role("group", name="Dauer").get_by_label("Deutsch").fill("sofort")
        second.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()
        second.locator("#conflict").wait_for()
        self.shoot(second, "zusammenfuehren", "#conflict", "#conflict")

    def history(self) -> None:
        """The same entry's history, and what its last revision changed."""
        self.editor.goto("/services/apostille/compare?from=1&to=2")
        self.shoot(self.editor, "vergleich", "main h1", "div.changes")

    def kept_input(self) -> None:
        """The editor's browser crashes while something is typed."""
        page = self.editor
        page.goto("/services/lebensbescheinigung/edit")
        summary(page).fill("Für die Rente aus dem Ausland.")
        page.wait_for_function("() => JSON.stringify(localStorage).includes('Rente aus dem Ausland')")
        fresh = page.context.new_page()
        page.close(run_before_unload=False)
        self.editor = fresh
        fresh.goto("/services/lebensbescheinigung/edit")
        fresh.locator("#kept-input").wait_for()
        self.shoot(fresh, "eingaben", "#kept-input", "#kept-input")
        fresh.get_by_role("button", name="Eingaben vergessen").click()

    def sharing(self) -> None:
        """A link for the advisory council."""
        page = self.editor
        page.goto("/desk/previews?entry=meldebescheinigung")
        page.get_by_label(re.compile("^Für wen oder wofür")).fill("Beirat, Sitzung im Dezember")
        page.locator("main form button[type=submit]:visible").last.click()
        page.get_by_role("status").first.wait_for()
        # What lets somebody in stands in no picture, although this one has expired with its server.
        page.evaluate(
            """() => document.querySelectorAll('main a[href*="/previews/"]').forEach((link) => {
                 link.textContent = link.textContent.replace(/[^/]+$/, '12-…');
               })"""
        )
        part = page.locator("section[aria-labelledby=links]")
        self.shoot(page, "vorschaulinks", "main h1", part)

    def hints(self) -> None:
        """What citizens pointed out."""
        self.editor.goto("/desk/hints")
        self.shoot(self.editor, "hinweise", "main h1", self.editor.locator("article.hint").last)

    # Many entries

    def many(self) -> None:
        """The list, and a change of several entries at once, as it is shown before it is done."""
        page = self.reviewer
        page.goto("/desk/entries?office=buergeramt&care=unknown&sort=title")
        for box in page.locator("input[name=slug]").all()[:4]:
            box.check()
        self.shoot(page, "eintraege", "main h1", page.locator("tbody tr").nth(5))
        page.get_by_role("button", name=re.compile("Video")).last.click()
        page.locator("#bulk-confirm").wait_for()
        self.shoot(page, "sammelaenderung", "main h1", "section[aria-labelledby=doing]")

    def sheets(self) -> None:
        """A list is written out, one cell is changed, another is wrong, and it is read in."""
        page = self.editor
        page.goto("/desk/entries?office=buergeramt&sort=title")
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile("CSV")).click()
        said = Path(download.value.path()).read_text("utf-8-sig")
        delimiter = csv.Sniffer().sniff(said.splitlines()[0]).delimiter
        rows = list(csv.DictReader(io.StringIO(said), delimiter=delimiter))[:40]
        rows[0]["costs"], rows[1]["duration"] = "12 Euro", "etwa eine Woche"
        written = io.StringIO()
        sheet = csv.DictWriter(written, rows[0].keys(), delimiter=delimiter)
        sheet.writeheader()
        sheet.writerows(rows)
        page.goto("/desk/import")
        page.locator("#file").set_input_files(
            {"name": "buergeramt.csv", "mimeType": "text/csv", "buffer": written.getvalue().encode("utf-8-sig")}
        )
        page.get_by_role("button", name="Einlesen und ansehen").click()
        page.locator("#import-take").wait_for()
        self.shoot(page, "einlesen", "main h1", "section[aria-labelledby=result-changed]")

    def city(self) -> None:
        """What coordinators and administrators have beside."""
        page = self.reviewer
        page.goto("/desk/board")
        self.shoot(page, "uebersicht", "main h1", page.locator("tbody tr").nth(9))
        page.goto("/admin/searches")
        self.shoot(page, "suchen", "main h1", page.locator("section").last)
        page = self.person("admin")
        page.goto("/admin/people?q=jugendamt")
        page.locator("tbody a").first.click()
        self.shoot(page, "person", "main h1", page.locator("section[aria-labelledby=roles]"))

    def figures(self) -> None:
        """The editor types how often the video appointments took place."""
        page = self.editor
        year = date.today().year - 1
        page.goto(f"/services/wohnsitz-abmelden/figures?channel=video&year={year}")
        for month, held in enumerate((61, 58, 70, 66, 59, 71, 64, "-", "?", 77, 80), start=1):
            page.locator(f"#held-{year}-{month:02}").fill(str(held))
            page.locator(f"#offered-{year}-{month:02}").fill("100")
        self.shoot(page, "zahlen", ".figures-choice", ".figures-keys")


def page_end(page: Page) -> Locator:
    return page.locator("main section").last


def summary(page: Page) -> Locator:
    return page.get_by_role("group", name="Kurz gesagt").get_by_label("Deutsch")


def save(page: Page, why: str) -> None:
    page.get_by_label("Was haben Sie geändert?").fill(why)
    page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()
    page.get_by_role("status").filter(has_text="gespeichert").wait_for()


def hand_in(page: Page, why: str) -> None:
    page.get_by_label("Was haben Sie geändert?").fill(why)
    page.locator(".forms-bar").get_by_role("button", name="Speichern und zur Prüfung senden").click()
    page.wait_for_url(re.compile("/workflow"))


def submit(page: Page, slug: str) -> None:
    page.goto(f"/services/{slug}/workflow")
    page.get_by_role("button", name="Zur Prüfung senden").click()
    page.get_by_role("status").first.wait_for()
