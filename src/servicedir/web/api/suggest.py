"""What completes what somebody types: one small answer for each beginning, which everybody may keep for a minute."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.query import Suggestion
from servicedir.web.api.answering import as_json
from servicedir.web.negotiation import JSON

KEEP = "public, max-age=60"
"""Typing goes back and forth; what is published meanwhile may come up a minute later."""


@view_config(route_name="api-suggest", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def suggest(request: Request) -> Response:
    """Answer with services, topics, offices and searches that begin as typed; with none for fewer than two letters."""
    query = request.directory.query((name, value) for name, value in request.GET.items() if name in ("q", "lang"))
    found = request.directory.suggest(query.q, query.lang)
    response = as_json({"items": [_item(suggestion, request.site) for suggestion in found]})
    response.headers["Cache-Control"] = KEEP
    return response


def _item(suggestion: Suggestion, site: Any) -> dict[str, str]:
    if suggestion.kind == "search":
        path = site.path("home", [("q", suggestion.slug)])
    else:
        path = site.path(suggestion.kind, slug=suggestion.slug)
    return {"text": suggestion.text, "kind": suggestion.kind, "url": site.base + path}
