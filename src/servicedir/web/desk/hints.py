"""Citizens' hints as tasks: which wait, what they say, what was done with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from servicedir.directory.hints import LONGEST_REMARK
from servicedir.domain.hint import STEPS, WAITING, HintFilter, HintState, Subject
from servicedir.domain.query import BadValue
from servicedir.web.security import SIGNED_IN
from servicedir.web.translation import _

STEP_LABELS = {
    "take": _("In Arbeit nehmen"),
    "finish": _("Erledigt"),
    "reject": _("Kein Fehler"),
    "discard": _("Spam"),
    "reopen": _("Wieder öffnen"),
}

LONGEST_LIST = 100
"""Hints on one page; more are found with the filter, and all in the export."""

FILTERS = ("state", "office", "subject")
_STATES = {"": WAITING, "all": frozenset(HintState), **{state.value: frozenset({state}) for state in HintState}}


def filter_of(parameters: Mapping[str, str], offices: Mapping[str, Any]) -> HintFilter:
    """Return which hints the parameters ask for; without any those that wait. Raises BadValue."""
    state, office, subject = (parameters.get(name, "") for name in FILTERS)
    if state not in _STATES:
        raise BadValue("state", state, "unknown", tuple(filter(None, _STATES)))
    if office and office not in offices:
        raise BadValue("office", office, "unknown")
    if subject and subject not in set(Subject):
        raise BadValue("subject", subject, "unknown", tuple(Subject))
    return HintFilter(states=_STATES[state], office=office, subject=Subject(subject) if subject else None)


@view_defaults(route_name="hints", renderer="templates/hints.pt", permission=SIGNED_IN)
class HintList:
    """The list of hints, and taking a step with one of them."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.asked = filter_of(request.GET, request.directory.catalogue.offices)

    @view_config(request_method="GET")
    def show(self) -> dict[str, Any]:
        """Show the hints that were asked for, newest first."""
        directory, person, site = self.request.directory, self.request.person, self.request.site
        tasks = directory.hints.all(person, self.asked)
        counts = directory.hints.counts(tasks)
        offices = sorted(directory.catalogue.offices.values(), key=lambda office: site.sort_key(office.name))
        return {
            "tasks": tasks[:LONGEST_LIST],
            "total": len(tasks),
            "counts": [(slug, counts[slug]) for slug in ["", *(o.slug for o in offices)] if slug in counts],
            "filter": {name: self.request.GET.get(name, "") for name in FILTERS},
            "offices": offices,
            "action": site.path("hints", self.kept()),
            "export": site.path("hints-export", self.kept()),
            "states": list(HintState),
            "subjects": list(Subject),
            "steps": STEP_LABELS,
            "mailto": lambda address: f"mailto:{quote(address, safe='@')}",
            "longest": LONGEST_REMARK,
            "done": self.request.GET.get("done", "") in STEPS,
            "overtaken": False,
        }

    @view_config(request_method="POST")
    def take(self) -> Response | dict[str, Any]:
        """Take a step; 409 where somebody else was faster."""
        number, was, step, remark = (self.request.POST.get(name, "") for name in ("number", "was", "step", "remark"))
        is_typed = all(isinstance(value, str) and "\0" not in value for value in (number, was, step, remark))
        is_number = is_typed and number.isascii() and number.isdecimal() and len(number) < 10
        if not is_number or step not in STEPS or was not in set(HintState):
            raise HTTPBadRequest(self.request.localizer.translate(_("Diesen Schritt gibt es nicht.")))
        try:
            self.request.directory.hints.move(
                int(number), step, was=HintState(was), by=self.request.person, remark=remark
            )
        except ValueError:
            self.request.tm.doom()
            self.request.response.status_int = 409
            return self.show() | {"overtaken": True}
        return HTTPSeeOther(self.request.site.path("hints", [*self.kept(), ("done", step)]))

    def kept(self) -> list[tuple[str, str]]:
        """Return the parameters of the filter, for addresses."""
        return [(name, value) for name in FILTERS if (value := self.request.GET.get(name))]


@view_config(route_name="hints-export", request_method="POST", permission=SIGNED_IN)
def export(request: Request) -> Response:
    """Answer with the hints that were asked for as CSV. A form, since it is written down who took them."""
    asked = filter_of(request.GET, request.directory.catalogue.offices)
    body = request.directory.hints.export(request.person, asked, request.site.language)
    response = Response(body, content_type="text/csv", charset="utf-8")
    response.content_disposition = f'attachment; filename="hints-{request.directory.today.isoformat()}.csv"'
    return response
