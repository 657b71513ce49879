"""The audit log: who did what and when, to read page by page and to take along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.deeds import called
from servicedir.domain.text import sort_key
from servicedir.domain.workflow import Duty
from servicedir.exchange import lines
from servicedir.web.people import beginning, parsed_day
from servicedir.web.translation import _

PAGE = 100
"""Lines of a page."""

MOST = 100_000
"""Lines of one export; who wants more takes one time after the other."""

FILTERS = ("actor", "action", "object", "since", "until")
"""Parameters of the page, and controls of the export."""


def _asked(pairs: Any) -> dict[str, str]:
    asked = {name: pairs.get(name, "") for name in FILTERS}
    if not all(isinstance(value, str) and "\0" not in value for value in asked.values()):
        raise HTTPBadRequest
    return {name: value.strip()[:200] for name, value in asked.items()}


def _wanted(request: Request, asked: dict[str, str]) -> Any:
    """Return which lines are asked for, days being those in the city. Raises HTTPBadRequest for what is no day."""
    days = {name: parsed_day(asked[name]) for name in ("since", "until")}
    if any(asked[name] and day is None for name, day in days.items()):
        raise HTTPBadRequest(request.localizer.translate(_("Das ist kein Datum. Beispiel: 2024-05-01")))
    since, until = beginning(days["since"]), beginning(days["until"], days_later=1)
    accounts = request.directory.accounts
    return accounts.wanted(asked["actor"], asked["action"], asked["object"], since=since, until=until)


@view_config(route_name="audit", renderer="templates/audit.pt", permission=Duty.AUDIT, request_method="GET")
def audit(request: Request) -> dict[str, Any]:
    """Show a page of the log."""
    asked = _asked(request.GET)
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) < 16):
        raise HTTPBadRequest
    accounts, by = request.directory.accounts, request.person
    found = accounts.log(by, _wanted(request, asked), before=int(before) if before else None, limit=PAGE + 1)
    page = found[:PAGE]
    older = (
        [(name, value) for name, value in asked.items() if value] + [("before", str(page[-1].number))] if page else []
    )
    return {
        "page": page,
        "asked": asked,
        "older": older if len(found) > PAGE else None,
        "actions": _named(request.directory.people.log.actions(), request.site.language),
        "called": called,
        "detail": _detail,
    }


def _named(actions: list[str], language: str) -> list[tuple[str, str]]:
    """Return what was ever done, as it stands in the log, with what it is called, in the order of the names."""
    return sorted(((action, called(action, language)) for action in actions), key=lambda pair: sort_key(pair[1]))


def _detail(detail: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in detail.items())


@view_config(route_name="audit-export", permission=Duty.AUDIT, request_method="POST")
def export(request: Request) -> Response:
    """Answer with the lines as CSV. It is a POST, since the log then has a line more: that somebody took it along."""
    asked = _asked(request.POST)
    found = request.directory.accounts.log(request.person, _wanted(request, asked), limit=MOST)
    request.directory.people.audit(request.person.login, "export", "audit", {"lines": len(found), **_said(asked)})
    body = lines.write(("number", "at", "actor", "action", "object", "detail"), _cells(found))
    response = Response(body=body, content_type="text/csv", charset="utf-8")
    response.content_disposition = 'attachment; filename="audit.csv"'
    return response


def _said(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}


def _cells(found: list[Any]) -> Iterator[tuple[str, ...]]:
    for line in found:
        at = line.at.isoformat(timespec="seconds").replace("+00:00", "Z")
        yield str(line.number), at, line.actor, line.action, line.object, _detail(line.detail)
