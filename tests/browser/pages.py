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


def be_the_second_to_save(page: Page) -> None:
    page.locator("[name=based_on]").evaluate("field => { field.value = '0'; }")
    page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()
    page.locator("#conflict").wait_for()


def fail_to_sign_in(page: Page) -> None:
    page.get_by_label("Anmeldename").fill("niemand")
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()
    page.locator(".forms-problems").wait_for()


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
    "help": Place("/help"),
    "privacy": Place("/privacy"),
    "accessibility": Place("/accessibility"),
    "easy language": Place("/easy-language"),
    "not there": Place("/services/gibt-es-nicht", status=404),
    "wrong parameter": Place("/?video=gibtsnicht", status=400),
    "sign in": Place("/login"),
    "sign in refused": Place("/login", act=fail_to_sign_in, ends=400),
    "embed": Place("/embed?q=Wohnung"),
    "embed, nothing found": Place("/embed?q=Einhornzucht"),
    "embed, wrong parameter": Place("/embed?video=gibtsnicht", status=400),
    "catalogue in English": Place("/?q=passport&lang=en", act=open_details),
    "service in English": Place("/services/wohnsitz-abmelden?lang=en"),
    "embed in English": Place("/embed?lang=en"),
}

INSIDE = {
    "desk": Place("/desk", login="buergeramt"),
    "edit": Place("/services/belehrung-infektionsschutzgesetz/edit", login="koordination"),
    "edit with errors": Place("/services/fuehrungszeugnis/edit", login="buergeramt", act=leave_out_the_title, ends=400),
    "edit in conflict": Place(
        "/services/wohnsitz-abmelden/edit", login="buergeramt", act=be_the_second_to_save, ends=409
    ),
    "add": Place("/services/add", login="koordination"),
    "history": Place("/services/wohnsitz-abmelden/history", login="buergeramt"),
    "workflow": Place("/services/wohnsitz-abmelden/workflow", login="buergeramt"),
    "preview": Place("/services/wohnsitz-abmelden/preview", login="buergeramt"),
    "no right": Place("/services/personalausweis-beantragen/edit", login="jugendamt", status=404),
    "desk in English": Place("/desk?q=wohn&lang=en", login="koordination"),
    "add in English": Place("/services/add?lang=en", login="koordination"),
}

EVERY = PUBLIC | INSIDE
