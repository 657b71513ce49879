"""The API's answers: a search, and one entry on any day and as of any moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.query import BadValue
from servicedir.web.api import representation
from servicedir.web.api.results import dumps, results
from servicedir.web.contexts import PublishedService


def as_json(body: dict[str, Any] | bytes) -> Response:
    """Return JSON, written already or not, that anybody may read from any origin."""
    raw = body if isinstance(body, bytes) else dumps(body)
    response = Response(body=raw, content_type="application/json", charset="utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@view_config(route_name="api-services", request_method=("GET", "HEAD"), public=True)
def services(request: Request) -> Response:
    """Answer a search with the same parameters as the catalogue's first page."""
    directory = request.directory
    query = directory.query(request.GET.items())
    on = query.on or directory.today
    return as_json(results(directory.search(query), on, request))


@view_config(route_name="api-service", request_method=("GET", "HEAD"), public=True)
def service(context: PublishedService, request: Request) -> Response:
    """Answer with the whole entry as it was in the city `on` a day and as the directory knew it when `recorded`."""
    directory = request.directory
    query = directory.query((name, value) for name, value in request.GET.items() if name == "on")
    entry = context.published
    if recorded := request.GET.get("recorded"):
        entry = directory.service(context.service.slug, _moment(recorded))
    return as_json(representation.whole(entry, query.on or directory.today, request.site))


def _moment(text: str) -> datetime:
    """Return a moment in UTC; without a time zone it is one in UTC already. Raises BadValue."""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "+"))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # The first and the last hours of the calendar may have none in UTC.
        raise BadValue("recorded", text, "moment") from None
