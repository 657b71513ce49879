"""What waits for me: the page that says in ten seconds what there is to do, each line with the step on it."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.domain.care import Care
from servicedir.domain.choice import Choice, Order
from servicedir.domain.workflow import Duty, Permission, State
from servicedir.web.desk import missing
from servicedir.web.security import SIGNED_IN
from servicedir.web.translation import _

MOST_LINES = 8
"""Lines of each list; the others are one step away."""

STEPS = {"publish": _("Veröffentlichung"), "retire": _("Zurückziehen")}
"""What is planned, as a noun."""


@view_defaults(route_name="desk", renderer="templates/desk.pt", permission=SIGNED_IN)
class Desk:
    """What waits for a person, and saying that an entry is still right."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        """Show what waits, the most urgent first."""
        directory, person = self.request.directory, self.request.person
        waiting = directory.board.waiting(person)
        duties, alerts = directory.duties(person), directory.alerts.of(person)
        return {
            "waiting": waiting,
            "hints": directory.hints.waiting(person, MOST_LINES),
            "searches": directory.words.failed_searches(person, MOST_LINES) if Duty.WORDS in duties else [],
            "alerts": alerts,
            # Who coordinates sees where figures are missing, who keeps entries of which.
            "missing": missing.by_office(alerts.missing, self.request) if Duty.BOARD in duties else None,
            "most": MOST_LINES,
            "steps": STEPS,
            "today": directory.today,
            "lists": {
                "drafts": Choice(state=State.PRIVATE, sort=Order.CHANGED).pairs(),
                "reviews": Choice(state=State.PENDING, sort=Order.CHANGED).pairs(),
                "due": Choice(sort=Order.DUE).pairs(),
                "planned": Choice(care=Care.PLANNED).pairs(),
                "unknown": Choice(care=Care.UNKNOWN).pairs(),
            },
            "EDIT": Permission.EDIT,
            "may_add": bool(directory.offices_of(person)),
            "done": self.request.GET.get("done", ""),
            "overtaken": False,
        }

    @view_config(request_method="POST")
    def verify(self) -> Response | dict[str, Any]:
        """Note that an entry is still right; 409 where it is not published any more."""
        slug = self.request.POST.get("verify", "")
        if not isinstance(slug, str) or not slug or "\0" in slug:
            raise HTTPBadRequest(
                self.request.localizer.translate(_("Welcher Eintrag stimmt noch? Es wurde keiner genannt."))
            )
        try:
            self.request.directory.reviews.verify(slug, self.request.person)
        except ValueError:
            self.request.tm.doom()
            self.request.response.status_int = 409
            return self.show() | {"overtaken": True}
        return HTTPSeeOther(self.request.site.path("desk", [("done", "verified")]))
