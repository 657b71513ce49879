"""Every kind of page there is, by name: where it is, who may see it, and what is done there before looking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


def nothing(page: Page) -> None:
    """Looks at the page as it is."""


def open_details(page: Page) -> None:
    """Opens everything that can be opened, so that what it hides is looked at as well."""
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def leave_out_the_title(page: Page) -> None:
    page.get_by_role("group", name="Titel").get_by_label("Deutsch").fill("")
    page.get_by_role("button", name="Zugangsweg hinzufügen").click()
    page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()
    page.locator(".forms-problems").wait_for()


def type_no_number(page: Page) -> None:
    page.locator("#held-2025-02").fill("viele")
    page.get_by_role("button", name="Zahlen speichern").click()
    page.locator("#problems").wait_for()


def type_figures(page: Page) -> None:
    """Say figures that everybody may see, and look at what was said before."""
    for name, value in (("held-2025-01", "12"), ("held-2025-02", "?"), ("offered-2025-01", "20"), ("held-2025", "90")):
        page.locator(f"#{name}").fill(value)
    page.locator("#held-source").fill("Terminsystem")
    for measure in ("held", "offered"):
        page.locator(f"#{measure}-released").select_option("yes")
    page.get_by_role("button", name="Zahlen speichern").click()
    page.get_by_role("status").filter(has_text="Gespeichert").wait_for()
    page.get_by_role("row", name="durchgeführt").get_by_role("link", name="Verlauf").click()
    page.locator(".figures-changes").wait_for()


def look_at_figures(page: Page) -> None:
    """Look at them as everybody does."""
    type_figures(page)
    page.goto("/services/wohnsitz-ummelden")
    open_details(page)


def save(page: Page, costs: str) -> None:
    page.get_by_role("group", name="Kosten").get_by_label("Deutsch").fill(costs)
    page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()


def be_the_second_to_save(page: Page, *, mine: str = "", theirs: str = "11 Euro, ermäßigt 5 Euro") -> None:
    """Save after somebody else, who did it in a window of their own."""
    first = page.context.new_page()
    first.goto(page.url)
    save(first, theirs)
    first.get_by_role("status").filter(has_text="gespeichert").wait_for()
    first.close()
    page.get_by_role("group", name="Dauer").get_by_label("Deutsch").fill(f"Statt „{theirs}“: zwei Tage")
    save(page, mine) if mine else page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()
    page.locator("#conflict").wait_for()


def want_something_else(page: Page) -> None:
    be_the_second_to_save(page, theirs="12 Euro, ermäßigt 6 Euro", mine="13 Euro für alle")


def compare_what_was_changed(page: Page) -> None:
    """Look at what an editor just saved beside what is live."""
    save(page, "14 Euro")
    page.get_by_role("status").filter(has_text="gespeichert").wait_for()
    page.get_by_role("link", name="Verlauf", exact=True).click()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.locator(".changes").wait_for()


def open_the_history(page: Page) -> None:
    compare_what_was_changed(page)
    page.get_by_role("link", name="Zum ganzen Verlauf").click()
    page.locator("#restore").wait_for(state="attached")


def fail_to_sign_in(page: Page) -> None:
    page.get_by_label("Anmeldename").fill("niemand")
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()
    page.locator(".forms-problems").wait_for()


def send_an_empty_hint(page: Page) -> None:
    """Send the form with nothing in it but an address that is none."""
    page.fill("#hint-contact", "kim")
    page.click("#hint--send")
    page.wait_for_selector(".forms-problems")


def ask_to_follow_without_an_address(page: Page) -> None:
    page.fill("#subscribe-email", "kim")
    page.click("#subscribe--send")
    page.locator(".forms-problems").wait_for()


def bring_a_bad_sheet(page: Page) -> None:
    """Bring a file with a wrong cell, and look at what it would do."""
    text = "slug;title;nature\nwohnsitz-abmelden;;Wunsch\n"
    page.set_input_files("#file", {"name": "liste.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Einlesen und ansehen").click()
    page.get_by_role("heading", name="Abgelehnt").wait_for()


def ask_without_a_title(page: Page) -> None:
    page.get_by_role("group", name="Titel").get_by_label("Deutsch").fill("")
    page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()
    page.locator(".forms-problems").wait_for()


def look_at_many(page: Page) -> None:
    """Choose all hits of a list and look at what would become of them."""
    page.get_by_label("auch die auf anderen Seiten").check()
    page.get_by_role("button", name="wird geprüft").click()
    page.get_by_role("heading", name="Vorschau").wait_for()


@dataclass(frozen=True)
class Place:
    """A page: its address, the status it answers with, who has to be signed in, and what is done there."""

    path: str
    status: int = 200
    login: str = ""
    act: Callable[[Page], None] = nothing
    ends: int = 200  # the status after `act`


PUBLIC = {
    "catalogue": Place("/", act=open_details),
    "search": Place("/?q=Wohnung+abmelden"),
    "nothing found": Place("/?q=Einhornzucht&video=live"),
    "filtered": Place("/?video=pilot&video=live&nature=advisory&sort=title", act=open_details),
    "another day, many pages": Place("/?on=2024-06-01&per_page=5&page=7"),
    "service on trial by video": Place("/services/wohnsitz-abmelden"),
    "service under a law": Place("/services/belehrung-infektionsschutzgesetz"),
    "service not known": Place("/services/hundesteuer-anmelden"),
    "offices": Place("/offices/"),
    "office": Place("/offices/buergeramt"),
    "topics": Place("/topics/"),
    "topic": Place("/topics/umzug"),
    "letters": Place("/a-z"),
    "rollout": Place("/rollout", act=open_details),
    "rollout on another day": Place("/rollout?on=2024-06-15"),
    "rollout on a day to come": Place("/rollout?on=2099-01-01", status=400, ends=400),
    "answers to the council": Place("/inquiries/"),
    "answer to the council": Place("/inquiries/af0147-24"),
    "answer in English": Place("/inquiries/af0147-24/1?lang=en"),
    "as it would be answered today": Place("/inquiries/af0147-24/today"),
    "editions compared": Place("/inquiries/af0147-24/compare"),
    "help": Place("/help"),
    "privacy": Place("/privacy"),
    "open data": Place("/data/"),
    "description of the API": Place("/api/"),
    "accessibility": Place("/accessibility"),
    "easy language": Place("/easy-language"),
    "not there": Place("/services/gibt-es-nicht", status=404),
    "wrong parameter": Place("/?video=gibtsnicht", status=400),
    "sign in": Place("/login"),
    "sign in refused": Place("/login", act=fail_to_sign_in, ends=400),
    "hint": Place("/services/wohnsitz-abmelden/hint"),
    "hint refused": Place("/services/wohnsitz-abmelden/hint", act=send_an_empty_hint, ends=400),
    "hint in English": Place("/services/wohnsitz-abmelden/hint?lang=en"),
    "following a search": Place("/subscribe?video=pilot"),
    "following refused": Place("/subscribe?video=pilot", act=ask_to_follow_without_an_address, ends=400),
    "followed": Place("/subscribe/sent"),
    "following begun": Place("/subscribe/done"),
    "nothing to end": Place("/unsubscribe/1-x", status=404),
    "thanks for a hint": Place("/services/wohnsitz-abmelden/hint/thanks"),
    "embed": Place("/embed?q=Wohnung"),
    "embed, nothing found": Place("/embed?q=Einhornzucht"),
    "embed, wrong parameter": Place("/embed?video=gibtsnicht", status=400),
    "catalogue in English": Place("/?q=passport&lang=en", act=open_details),
    "service in English": Place("/services/wohnsitz-abmelden?lang=en"),
    "embed in English": Place("/embed?lang=en"),
    "embed as a table": Place("/embed?layout=table&q=Wohnung"),
    "embed as a fixed list": Place("/embed?layout=list&search=off&office=jugendamt"),
    "embed of a service": Place("/embed/services/wohnsitz-abmelden"),
    "builder of embeds": Place("/embed/builder?office=jugendamt&per_page=5", act=open_details),
    "builder in English": Place("/embed/builder?lang=en&layout=table"),
}

INSIDE = {
    "desk": Place("/desk", login="buergeramt"),
    "entries": Place("/desk/entries?video=unknown", login="koordination"),
    "board": Place("/desk/board", login="koordination"),
    "many at once": Place("/desk/entries?care=unknown", login="buergeramt", act=look_at_many),
    "hints": Place("/desk/hints?state=all", login="koordination"),
    "edit": Place("/services/belehrung-infektionsschutzgesetz/edit", login="koordination"),
    "edit with errors": Place("/services/fuehrungszeugnis/edit", login="buergeramt", act=leave_out_the_title, ends=400),
    "edit in conflict": Place(
        "/services/wohnsitz-abmelden/edit", login="buergeramt", act=be_the_second_to_save, ends=409
    ),
    "edit, both want something else": Place(
        "/services/meldebescheinigung/edit", login="buergeramt", act=want_something_else, ends=409
    ),
    "compare": Place("/services/fuehrungszeugnis/edit", login="buergeramt", act=compare_what_was_changed),
    "history of several": Place("/services/hundesteuer-abmelden/edit", login="koordination", act=open_the_history),
    "add": Place("/services/add", login="koordination"),
    "history": Place("/services/wohnsitz-abmelden/history", login="buergeramt"),
    "workflow": Place("/services/wohnsitz-abmelden/workflow", login="buergeramt"),
    "figures": Place("/services/wohnsitz-abmelden/figures?year=2025", login="buergeramt"),
    "figures refused": Place(
        "/services/wohnsitz-abmelden/figures?year=2025", login="buergeramt", act=type_no_number, ends=400
    ),
    "history of figures": Place(
        "/services/wohnsitz-ummelden/figures?channel=video&year=2025", login="buergeramt", act=type_figures
    ),
    "one figure": Place(
        "/services/wohnsitz-abmelden/figures/history?measure=held&year=2025&period=2025-05", login="buergeramt"
    ),
    "public figures": Place(
        "/services/wohnsitz-ummelden/figures?channel=phone&year=2025", login="buergeramt", act=look_at_figures
    ),
    "preview": Place("/services/wohnsitz-abmelden/preview", login="buergeramt"),
    "no right": Place("/services/personalausweis-beantragen/edit", login="jugendamt", status=404),
    "people": Place("/admin/people", login="admin"),
    "person": Place("/admin/people/1", login="admin"),
    "deputies of a person": Place("/admin/people/2/deputies", login="admin"),
    "audit": Place("/admin/audit", login="admin"),
    "tokens": Place("/admin/tokens", login="koordination"),
    "embeds": Place("/admin/embeds", login="koordination"),
    "no right in the city": Place("/admin/audit", login="koordination", status=403),
    "import": Place("/desk/import", login="koordination", act=open_details),
    "import refused": Place("/desk/import", login="koordination", act=bring_a_bad_sheet),
    "inquiries in the making": Place("/desk/inquiries", login="koordination"),
    "new inquiry": Place("/inquiries/add?from=video", login="koordination", act=open_details),
    "inquiry": Place("/inquiries/af0147-24/edit", login="koordination"),
    "inquiry refused": Place("/inquiries/add?from=digital", login="koordination", act=ask_without_a_title, ends=400),
    "approval of an inquiry": Place("/inquiries/af0147-24/workflow", login="koordination"),
    "history of an inquiry": Place("/inquiries/af0147-24/history", login="koordination"),
    "new inquiry in English": Place("/inquiries/add?from=digital&lang=en", login="koordination"),
    "account": Place("/account", login="admin"),
    "second factor": Place("/account/factor", login="admin"),
    "desk in English": Place("/desk?lang=en", login="koordination"),
    "entries in English": Place("/desk/entries?q=wohn&lang=en", login="koordination"),
    "add in English": Place("/services/add?lang=en", login="koordination"),
}

EVERY = PUBLIC | INSIDE
