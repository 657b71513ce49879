"""The offices of the city, for programs: who they are, where and when one finds them, and how much they answer for."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.catalogue import Office
from servicedir.domain.query import Query
from servicedir.web.api.answering import as_json
from servicedir.web.negotiation import JSON

TEXTS = ("name", "summary", "address", "hours", "accessibility")
"""Texts of an office, which are given in every language as well."""


@view_config(route_name="api-offices", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def offices(request: Request) -> Response:
    """Answer with all offices by name, each with the one above it."""
    found, services = request.directory.catalogue.offices.values(), _services(request)
    ordered = sorted(found, key=lambda office: (request.site.sort_key(office.name), office.slug))
    return as_json({"total": len(ordered), "items": [_item(office, services, request) for office in ordered]})


@view_config(route_name="api-office", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def office(request: Request) -> Response:
    """Answer with one office."""
    found = request.directory.office(request.matchdict["slug"])
    return as_json(_item(found, _services(request), request))


def _services(request: Request) -> dict[str, int]:
    """Return the number of services of each office, those of the offices below it among them."""
    facet = request.directory.search(Query(per_page=1)).facets["office"]
    return dict(zip(facet.values, facet.counts, strict=True))


def _item(office: Office, services: dict[str, int], request: Request) -> dict[str, Any]:
    site, catalogue = request.site, request.directory.catalogue
    return {
        "slug": office.slug,
        **{name: site.plain(getattr(office, name)) or None for name in TEXTS},
        "url": site.absolute("office", slug=office.slug),
        "kind": office.kind.value,
        "parent": office.parent if office.parent in catalogue.offices else None,
        "children": sorted(below.slug for below in catalogue.children(office.slug)),
        "phone": office.phone or None,
        "email": office.email or None,
        "website": office.url or None,
        "services": services.get(office.slug, 0),
        "texts": {name: dict(text) for name in TEXTS if (text := getattr(office, name))},
    }
