"""The list of entries: filtered, sorted, page by page, and the place where many are changed at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.domain.batch import Action
from servicedir.domain.care import Care
from servicedir.domain.choice import Choice, Order, parse
from servicedir.domain.service import Stage
from servicedir.domain.workflow import Permission, State
from servicedir.exchange.formats import FORMATS
from servicedir.web.security import SIGNED_IN
from servicedir.web.translation import _

CARES = {
    Care.CONTRADICTORY: _("Widerspruch"),
    Care.HINTS: _("Hinweis offen"),
    Care.BROKEN: _("Link kaputt"),
    Care.OVERDUE: _("Prüfung überfällig"),
    Care.UNKNOWN: _("Video nicht bekannt"),
    Care.UNASSIGNED: _("niemand zuständig"),
    Care.PLANNED: _("Schritt geplant"),
}
"""What an entry lacks, in a word or two."""

ORDERS = {
    Order.CARE: _("was Pflege braucht"),
    Order.TITLE: _("Titel"),
    Order.CHANGED: _("zuletzt geändert"),
    Order.DUE: _("nächste Prüfung"),
}

ACTIONS = {
    Action.OFFICE: _("Amt zuordnen"),
    Action.UNDER_REVIEW: _("Video ab heute „wird geprüft“"),
    Action.SUBMIT: _("Zur Prüfung senden"),
    Action.RESPONSIBLE: _("Zuständige Person eintragen"),
}
"""What can be done with many entries; also the words on the buttons."""

ABOUT = {
    Action.OFFICE: (_("Amt"), ""),
    Action.UNDER_REVIEW: (_("Video"), _("Wo Video schon möglich oder ausgeschlossen ist, bleibt es dabei.")),
    Action.SUBMIT: (_("Prüfung"), _("Die Entwürfe gehen an die Personen mit der Rolle Freigabe.")),
    Action.RESPONSIBLE: (_("Zuständigkeit"), ""),
}
"""The heading of each of these, and what it does where there is nothing to choose."""

NOBODY = "no one"
"""What the list sends for nobody: there is no login with a space in it."""


@view_config(route_name="desk-entries", renderer="templates/entries.pt", permission=SIGNED_IN)
def entries(request: Request) -> dict[str, Any]:
    """Show the entries that are asked for, those that need care on top."""
    return listing(request, parse(request.GET.items(), request.directory.catalogue.offices))


def listing(request: Request, choice: Choice, problem: Any = "", chosen: Iterable[str] = ()) -> dict[str, Any]:
    """Return what the list's template needs; `problem` says why nothing was done with the chosen ones."""
    directory, person, site = request.directory, request.person, request.site
    found = directory.board.find(choice, person, site.language)
    offices = directory.board.offices(person)
    return {
        "found": found,
        "choice": choice,
        "pairs": choice.pairs(),
        "query": urlencode(choice.pairs()),
        "downloads": [(name, site.path("desk-export", choice.pairs(), format=name)) for name in FORMATS],
        "page": lambda number: site.path("desk-entries", replace(choice, page=number).pairs()),
        "offices": [(office.slug, _INDENT * depth + site.plain(office.name)) for office, depth in offices],
        "states": list(State),
        "stages": list(Stage),
        "cares": CARES,
        "orders": ORDERS,
        "people": [(login, site.person_name(login)) for login in found.responsible],
        "actions": [(action, ACTIONS[action], *ABOUT[action]) for action in directory.bulk.actions(person)],
        "nobody": NOBODY,
        "targets": [(slug, site.plain(site.catalogue.offices[slug].name)) for slug in directory.offices_of(person)],
        "assignable": directory.bulk.assignable(person),
        "EDIT": Permission.EDIT,
        "today": directory.today,
        "problem": problem,
        "chosen": frozenset(chosen),
    }


_INDENT = "\N{NO-BREAK SPACE}" * 3
