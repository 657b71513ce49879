"""What waits for me, and an entry's preview, history and workflow."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.history import Conflict, Published
from servicedir.domain.service import ChannelKind, Stage
from servicedir.domain.text import sort_key
from servicedir.domain.workflow import TRANSITIONS, Permission, State
from servicedir.web.contexts import Draft
from servicedir.web.security import SIGNED_IN
from servicedir.web.service_page import page_values
from servicedir.web.translation import _

STEP_LABELS = {
    "submit": _("Zur Prüfung senden"),
    "withdraw": _("Aus der Prüfung zurückholen"),
    "reject": _("Zurückgeben"),
    "publish": _("Veröffentlichen"),
    "retire": _("Zurückziehen"),
    "revive": _("Wieder aufnehmen"),
}

LAST_STEPS = 10
"""Steps of an entry that the page of its state shows; the page of its revisions has all of these."""

LONGEST_LIST = 500
"""Entries on the desk; more are found with the filter."""


@view_config(route_name="desk", renderer="templates/desk.pt", permission=SIGNED_IN)
def desk(request: Request) -> dict[str, Any]:
    """Show drafts and reviews first, then the person's entries, those of which least is known on top."""
    directory, person = request.directory, request.person
    asked = request.GET.get("q", "").strip()[:100]
    entries = directory.entries(person)
    waiting = [(e, v) for e, v in entries if e.state in (State.PRIVATE, State.PENDING)]
    wanted = sort_key(asked)
    mine = [(e, v) for e, v in entries if wanted in sort_key(v.title.within(request.site.language)) or wanted in v.slug]
    on = directory.today

    def care(pair: Any) -> tuple[bool, str]:
        return pair[1].stage(ChannelKind.VIDEO, on) is not Stage.UNKNOWN, request.site.sort_key(pair[1].title)

    known = sum(v.stage(ChannelKind.VIDEO, on) is not Stage.UNKNOWN for _e, v in entries)
    return {
        "person": person,
        "remarks": {e.slug: directory.log(e.slug, person)[-1] for e, _v in waiting},
        "waiting": sorted(waiting, key=lambda pair: pair[0].latest.recorded, reverse=True),
        "entries": sorted(mine, key=care)[:LONGEST_LIST],
        "found": len(mine),
        "q": asked,
        "on": on,
        "known": known,
        "total": len(entries),
        "may_edit": lambda e, v: Permission.EDIT in directory.permissions(person, e.state, v.office),
        "may_add": bool(directory.offices_of(person)),
    }


@view_config(route_name="preview", renderer="servicedir.web:templates/service.pt", permission=Permission.VIEW)
def preview(context: Draft, request: Request) -> dict[str, Any]:
    """Show the latest revision as citizens would see it."""
    latest = context.entry.latest
    draft = Published(service=context.service, revision=latest.number, updated=latest.recorded)
    return page_values(draft, request, preview=True)


@view_config(route_name="history", renderer="templates/history.pt", permission=Permission.VIEW)
def history(context: Draft, request: Request) -> dict[str, Any]:
    """Show every revision: when, who, why, and which fields it changed; newest first."""
    revisions = request.directory.history(context.service.slug, request.person)
    rows = []
    for before, revision in zip([None, *revisions], revisions, strict=False):
        old = before.document if before else {}
        changed = [n for n in {**old, **revision.document} if old.get(n) != revision.document.get(n)]
        rows.append({"revision": revision, "changed": [] if before is None else changed})
    return {"entry": context.entry, "service": context.service, "rows": rows[::-1]}


class Workflow:
    """The steps that an entry can take, and taking one."""

    def __init__(self, context: Draft, request: Request) -> None:
        self.context = context
        self.request = request

    @view_config(
        route_name="workflow", renderer="templates/workflow.pt", permission=Permission.VIEW, request_method="GET"
    )
    def show(self) -> dict[str, Any]:
        """Show state and possible steps."""
        entry, permitted = self.context.entry, self.context.permitted
        steps = [
            (name, STEP_LABELS[name])
            for name, step in TRANSITIONS.items()
            if entry.state in step.starts and step.permission in permitted
        ]
        log = self.request.directory.log(entry.slug, self.request.person)
        return {
            "entry": entry,
            "service": self.context.service,
            "steps": steps,
            "log": log[: -LAST_STEPS - 1 : -1],
            "done": self.request.GET.get("done", ""),
            "conflict": False,
            "remark_missing": False,
        }

    @view_config(
        route_name="workflow", renderer="templates/workflow.pt", permission=Permission.VIEW, request_method="POST"
    )
    def take(self) -> Response | dict[str, Any]:
        """Take a step; 409 when the entry has changed since the page was shown."""
        step, based_on, why = (self.request.POST.get(name, "") for name in ("step", "based_on", "why"))
        is_typed = all(isinstance(value, str) and "\0" not in value for value in (step, based_on, why))
        if not is_typed or step not in TRANSITIONS or not (based_on.isascii() and based_on.isdecimal()):
            raise HTTPBadRequest(self.request.localizer.translate(_("Diesen Schritt gibt es nicht.")))
        slug, why = self.context.service.slug, why.strip()[:500]
        if self.context.entry.state not in TRANSITIONS[step].starts:
            return self.refuse()
        if step == "reject" and not why:
            self.request.response.status_int = 400
            return self.show() | {"remark_missing": True}
        try:
            self.request.directory.move(slug, step, based_on=int(based_on), by=self.request.person, why=why)
        except (Conflict, ValueError):
            return self.refuse()
        return HTTPSeeOther(self.request.site.path("workflow", [("done", step)], slug=slug))

    def refuse(self) -> dict[str, Any]:
        """Show what is possible now, since the entry is not any more as it was shown."""
        self.request.tm.doom()
        self.request.response.status_int = 409
        return self.show() | {"conflict": True}
