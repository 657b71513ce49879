"""What changed since a program last asked: enough to keep a copy of the catalogue that is never out of date."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain import following
from servicedir.exchange.entry_parts import moment
from servicedir.web.api.answering import as_json, link
from servicedir.web.negotiation import JSON


@view_config(route_name="api-changes", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def changes(request: Request) -> Response:
    """Answer with the public changes after a cursor, and the cursor to ask with the next time."""
    since, limit = following.parse((name, value) for name, value in request.GET.items() if name in ("since", "limit"))
    found, cursor = request.directory.following.services(since, limit)
    items = [{"slug": change.slug, "change": change.change.value, "at": moment(change.at)} for change in found]
    response = as_json({"items": items, "next": str(cursor)})
    said = [("since", str(cursor))] + ([("limit", str(limit))] if limit != following.LIMIT else [])
    link(response, next=request.site.absolute("api-changes", said))
    return response
