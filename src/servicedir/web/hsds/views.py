"""Answers in HSDS: lists a page at a time, and single objects with all that is known of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory.hsds import Found
from servicedir.domain.catalogue import Office
from servicedir.domain.history import Moved
from servicedir.domain.query import Held
from servicedir.exchange.hsds import organizations as offices
from servicedir.exchange.hsds import services as entries
from servicedir.exchange.hsds.file import dumps
from servicedir.exchange.hsds.scope import Object, Scope
from servicedir.web.hsds import LISTS
from servicedir.web.hsds.asked import Asked, asked, language
from servicedir.web.hsds.openapi import document
from servicedir.web.problem import OPEN

VERSION = "3.0"
PROFILE = "https://github.com/openreferral/specification/tree/3.0"
"""Where that profile is explained: it is the standard itself, without additions."""

CROSS_ORIGIN = {
    **OPEN,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Cache-Control, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "public, max-age=86400",
}

READ = {"request_method": ("GET", "HEAD"), "public": True}


def as_json(body: Object) -> Response:
    """Return JSON that anybody may read from any origin."""
    response = Response(body=dumps(body), content_type="application/json", charset="utf-8")
    response.headers.update(OPEN)
    return response


def _page(found: Found[Any], wanted: Asked, contents: list[Object]) -> Response:
    """Return one page of a list."""
    number, per_page = wanted.wish.page, wanted.wish.per_page or max(found.total, 1)
    pages = -(-found.total // per_page)
    return as_json(
        {
            "total_items": found.total,
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number >= pages,
            "empty": not contents,
            "contents": contents,
        }
    )


def _scope(language: str, request: Request) -> Scope:
    found: Scope = request.directory.hsds.scope(language, request.site.base + request.script_name)
    return found


@view_config(route_name="hsds", **READ)
def meta(request: Request) -> Response:
    """Answer which version of HSDS this is, and what there is to read."""
    base = request.site.base + request.script_name
    return as_json(
        {
            "version": VERSION,
            "profile": PROFILE,
            "openapi_url": f"{base}/hsds/openapi.json",
            "endpoints": {kind: f"{base}/hsds/{kind}" for kind in LISTS},
        }
    )


@view_config(route_name="hsds-preflight")
def preflight(request: Request) -> Response:
    """Answer pages of other origins that they may read, whatever there is."""
    response = Response(status=204)
    response.headers.update(CROSS_ORIGIN)
    response.allow = ("GET", "HEAD", "OPTIONS")
    return response


@view_config(route_name="hsds-bare")
def bare(request: Request) -> Response:
    """Send on to the address with a slash."""
    return HTTPMovedPermanently(request.site.path("hsds"))


@view_config(route_name="hsds-openapi", **READ)
def openapi(request: Request) -> Response:
    """Answer what can be asked here, as OpenAPI."""
    return as_json(
        document(f"{request.site.base}{request.script_name}/hsds", request.site.title, request.site.languages)
    )


# Services


@view_config(route_name="hsds-services", **READ)
def services(request: Request) -> Response:
    """Answer a search for services."""
    wanted = asked("services", request)
    found = request.directory.hsds.services(wanted.wish)
    if wanted.minimal:
        moments = ((held.slug, datetime.fromtimestamp(held.updated, UTC)) for held in found.items)
        return _page(found, wanted, [entries.minimal(slug, at) for slug, at in moments])
    scope = _scope(wanted.language, request)
    make = entries.whole if wanted.full else entries.simple
    return _page(found, wanted, [make(held.published, scope) for held in found.items])


@view_config(route_name="hsds-services-one", **READ)
def service(request: Request) -> Response:
    """Answer with a service and all that is known of it; one that has another id by now is there."""
    try:
        entry = request.directory.hsds.service(request.matchdict["id"])
    except Moved as moved:
        response = HTTPMovedPermanently(request.site.path("hsds-services-one", id=moved.slug))
        response.headers.update(OPEN)
        return response
    return as_json(entries.whole(entry, _scope(language(request), request)))


@view_config(route_name="hsds-service_at_locations", **READ)
def service_at_locations(request: Request) -> Response:
    """Answer where the services of a search can be had."""
    wanted = asked("service_at_locations", request)
    found = request.directory.hsds.links(wanted.wish)
    scope = _scope(wanted.language, request)
    make = entries.whole_link if wanted.full else entries.simple_link
    return _page(found, wanted, [make(link, held.published, scope) for link, held in found.items])


@view_config(route_name="hsds-service_at_locations-one", **READ)
def service_at_location(request: Request) -> Response:
    """Answer where a service can be had, with all that is known of both."""
    link, entry = request.directory.hsds.link(request.matchdict["id"])
    return as_json(entries.whole_link(link, entry, _scope(language(request), request)))


# Organizations


@view_config(route_name="hsds-organizations", **READ)
def organizations(request: Request) -> Response:
    """Answer with organizations; `full_service` alone means their services as well."""
    wanted = asked("organizations", request)
    found = request.directory.hsds.organizations(wanted.wish)
    scope = _scope(wanted.language, request)
    make: Callable[[Office, Scope], Object] = offices.simple
    if wanted.full or wanted.full_service:
        make = _with_services(wanted.full_service, request)
    return _page(found, wanted, [make(office, scope) for office in found.items])


@view_config(route_name="hsds-organizations-one", **READ)
def organization(request: Request) -> Response:
    """Answer with an organization and its services: their names, or with `full_service` all that is known of them."""
    wanted = asked("organizations", request)
    office = request.directory.hsds.organization(request.matchdict["id"])
    make = _with_services(wanted.full_service, request)
    return as_json(make(office, _scope(wanted.language, request)))


def _with_services(full: bool, request: Request) -> Callable[[Office, Scope], Object]:
    def mention(held: Held, scope: Scope) -> Object:
        if full:
            return entries.whole(held.published, scope)
        return entries.reference(held.slug, held.title, scope)

    def make(office: Office, scope: Scope) -> Object:
        found = request.directory.hsds.services_of(office)
        return offices.with_services(office, [mention(held, scope) for held in found], scope)

    return make


# Taxonomies


@view_config(route_name="hsds-taxonomies", **READ)
def taxonomies(request: Request) -> Response:
    """Answer with our taxonomies."""
    wanted = asked("taxonomies", request)
    found = request.directory.hsds.taxonomies(wanted.wish, _scope(wanted.language, request))
    return _page(found, wanted, found.items)


@view_config(route_name="hsds-taxonomies-one", **READ)
def taxonomy(request: Request) -> Response:
    """Answer with a taxonomy."""
    scope = _scope(language(request), request)
    return as_json(request.directory.hsds.taxonomy(request.matchdict["id"], scope))


@view_config(route_name="hsds-taxonomy_terms", **READ)
def taxonomy_terms(request: Request) -> Response:
    """Answer with the terms of our taxonomies."""
    wanted = asked("taxonomy_terms", request)
    found = request.directory.hsds.terms(wanted.wish, _scope(wanted.language, request))
    return _page(found, wanted, found.items)


@view_config(route_name="hsds-taxonomy_terms-one", **READ)
def taxonomy_term(request: Request) -> Response:
    """Answer with a term and its taxonomy."""
    scope = _scope(language(request), request)
    return as_json(request.directory.hsds.term(request.matchdict["id"], scope))
