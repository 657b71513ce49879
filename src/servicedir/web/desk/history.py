"""The history of an entry: every revision, what differs between any two, and taking an old one up again."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory import Forbidden, Refused
from servicedir.domain.difference import difference
from servicedir.domain.document import from_document
from servicedir.domain.history import Conflict, NotFound, Revision
from servicedir.domain.service import Fault, Service
from servicedir.domain.workflow import Permission
from servicedir.web.contexts import Draft
from servicedir.web.desk.merging import number_of
from servicedir.web.desk.reading import PARTS, changed_fields, rows
from servicedir.web.page import Site
from servicedir.web.rules import RULES
from servicedir.web.translation import _

WORDS = {
    "from": _("Von Fassung"),
    "to": _("Bis Fassung"),
    "nothing": _("nichts"),
}


def _find(revisions: list[Revision], asked: Any) -> Revision:
    """Return the revision with the number that was asked for. Raises NotFound."""
    try:
        number = number_of(asked)
    except ValueError:
        raise NotFound("revision") from None
    for revision in revisions:
        if revision.number == number:
            return revision
    raise NotFound("revision")


@view_config(route_name="history", renderer="templates/history.pt", permission=Permission.VIEW, request_method="GET")
def history(context: Draft, request: Request) -> dict[str, Any]:
    """Show every revision: when, who, why, and which fields it changed; newest first."""
    revisions = request.directory.history(context.service.slug, request.person)
    values = [from_document(Service, revision.document) for revision in revisions]
    changed = [changed_fields(before, after) for before, after in pairwise(values)]
    return {
        "entry": context.entry,
        "service": context.service,
        "rows": list(zip(revisions, [[], *changed], strict=True))[::-1],
        "words": WORDS,
        "may_restore": Permission.EDIT in context.permitted,
        "faults": [],
    }


@view_config(route_name="compare", renderer="templates/compare.pt", permission=Permission.VIEW, request_method="GET")
def compare(context: Draft, request: Request) -> dict[str, Any]:
    """Show what differs between two revisions, the older one first whichever way they were chosen."""
    revisions = request.directory.history(context.service.slug, request.person)
    chosen = (_find(revisions, request.GET.get(name)) for name in ("from", "to"))
    old, new = sorted(chosen, key=lambda revision: revision.number)
    before, after = (from_document(Service, revision.document) for revision in (old, new))
    return {
        "entry": context.entry,
        "service": context.service,
        "old": old,
        "new": new,
        "words": WORDS,
        "revisions": revisions[::-1],
        "fields": rows(difference(before, after), request.site),
    }


@view_config(route_name="history", renderer="templates/history.pt", permission=Permission.VIEW, request_method="POST")
def restore(context: Draft, request: Request) -> Response | dict[str, Any]:
    """Save an old revision again, as a new draft; 409 when the entry has changed since the page was shown."""
    directory, slug, site = request.directory, context.service.slug, request.site
    directory.demand(request.person, Permission.EDIT, context.entry, context.service)
    old = _find(directory.history(slug, request.person), request.POST.get("restore"))
    based_on = _based_on(request)
    why = site.translate(_("Fassung ${number} wiederhergestellt", mapping={"number": old.number}))
    value = from_document(Service, old.document)
    try:
        directory.save(value, based_on=based_on, by=request.person, why=why)
    except Refused as refused:
        return _refuse(context, request, 400, [_sentence(fault, site) for fault in refused.faults])
    except Forbidden:
        return _refuse(context, request, 400, [site.translate(_("Für das Amt dieser Fassung dürfen Sie das nicht."))])
    except Conflict:
        return _refuse(context, request, 409, [site.translate(_("Der Eintrag hat sich inzwischen geändert."))])
    return HTTPSeeOther(site.path("edit", [("done", "restore")], slug=slug))


def _based_on(request: Request) -> int:
    """Return which revision was the latest on the page. Raises HTTPBadRequest."""
    try:
        return number_of(request.POST.get("based_on"))
    except ValueError:
        raise HTTPBadRequest(request.site.translate(_("Das Formular kam beschädigt an."))) from None


def _sentence(fault: Fault, site: Site) -> str:
    """Return what is wrong today with an old revision: where, and why."""
    gone = "".join(f" ({part})" for part in fault.where[1:] if fault.what.startswith("unknown"))
    return f"{site.translate(PARTS[str(fault.where[0])])}{gone}: {site.translate(RULES[fault.what])}"


def _refuse(context: Draft, request: Request, status: int, sentences: list[str]) -> dict[str, Any]:
    request.tm.doom()
    request.response.status_int = status
    return history(context, request) | {"faults": sentences}
