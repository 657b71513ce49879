"""The API's answers: a search, and one entry on any day and as of any moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.query import BadValue
from servicedir.exchange.formats import FORMATS
from servicedir.web.api import representation
from servicedir.web.api.answering import as_json, as_open, link
from servicedir.web.api.fields import chosen
from servicedir.web.api.results import results
from servicedir.web.contexts import PublishedService
from servicedir.web.negotiation import CSV, JSON, JSON_LD
from servicedir.web.parameters import said_once
from servicedir.web.structured import service_data


@view_config(route_name="api-services", request_method=("GET", "HEAD"), public=True, offers=(JSON, CSV))
def services(request: Request) -> Response:
    """Answer a search with the same parameters as the catalogue's first page: as JSON, or as a sheet."""
    directory = request.directory
    query = directory.query(request.GET.items())
    fields, on = chosen(request, "Hit"), query.on or directory.today
    found = directory.search(query)
    page = results(found, on, request, fields)
    if request.form == CSV:
        shown = (hit.entry.service for hit in found.hits)
        entries = [replace(service, related=directory.related(service)) for service in shown]
        response = as_open(FORMATS["csv"].write(entries, on), CSV)
    else:
        response = as_json(page.body)
    return link(response, next=page.links["next"], prev=page.links["prev"])


@view_config(route_name="api-service", request_method=("GET", "HEAD"), public=True, offers=(JSON, JSON_LD))
def service(context: PublishedService, request: Request) -> Response:
    """Answer with the whole entry as it was in the city `on` a day and as the directory knew it when `recorded`."""
    directory = request.directory
    query = directory.query((name, value) for name, value in request.GET.items() if name in ("on", "lang"))
    fields, on = chosen(request, "Service"), query.on or directory.today
    entry = context.published
    if recorded := said_once("recorded", request.GET.items()):
        entry = directory.service(context.service.slug, _moment(recorded))
    if request.form == JSON_LD:
        return as_open(service_data(entry, directory.catalogue, request.site, on).encode(), JSON_LD)
    whole = representation.whole(entry, directory.related(entry.service), on, request.site)
    return as_json({name: whole[name] for name in fields} if fields else whole)


def _moment(text: str) -> datetime:
    """Return a moment in UTC; without a time zone it is one in UTC already. Raises BadValue."""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "+"))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # The first and the last hours of the calendar may have none in UTC.
        raise BadValue("recorded", text, "moment") from None
