"""How programs find the catalogue by themselves: a map of all pages, what robots may read, how browsers search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.query import BadValue, Suggestion
from servicedir.exchange import opensearch as searching
from servicedir.exchange.sitemap import Place, index, parts, sitemap
from servicedir.web.listed import PAGES
from servicedir.web.parameters import said_once
from servicedir.web.translation import _

SAID = _("Dienstleistungen der Stadt finden, und wie man sie erreicht")
CLOSED = (
    *("/desk", "/admin", "/account", "/login", "/logout", "/invitations/", "/previews/", "/services/add"),
    *("/subscribe", "/subscriptions/", "/unsubscribe/"),
    *(f"/services/*/{page}" for page in ("edit", "history", "compare", "preview", "workflow", "hint")),
    "/inquiries/add",
    *(f"/inquiries/*/{page}" for page in ("edit", "history", "preview", "workflow", "today", "compare")),
)
"""Where robots have nothing to look for."""


@view_config(route_name="robots", request_method=("GET", "HEAD"), public=True)
def robots(request: Request) -> Response:
    """Keep robots to the citizens' pages, and show them the map."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {request.site.absolute('sitemap')}"]
    return Response(text="\n".join(lines) + "\n", content_type="text/plain")


@view_config(route_name="sitemap", request_method=("GET", "HEAD"), public=True)
def show_map(request: Request) -> Response:
    """Answer with the map; where that would be too long, with an index of its parts, or with the part of a number."""
    found, asked = parts(list(_places(request))), said_once("page", request.GET.items())
    if len(found) == 1 and not asked:
        return _xml(sitemap(found[0]))
    if not asked:
        addresses = (request.site.absolute("sitemap", [("page", str(n + 1))]) for n in range(len(found)))
        return _xml(index(addresses))
    if not (asked.isascii() and asked.isdigit() and len(asked) < 9 and 1 <= int(asked) <= len(found)):
        raise BadValue("page", asked, "number", ("1", str(len(found))))
    return _xml(sitemap(found[int(asked) - 1]))


def _places(request: Request) -> Iterator[Place]:
    """Yield all public pages, those of services and offices with the moment at which anything on them changed."""
    site, catalogue = request.site, request.directory.catalogue
    tails = {code: f"?lang={code}" if code != site.languages[0] else "" for code in site.languages}

    def place(address: str, changed: datetime | None = None) -> Place:
        return Place({code: address + tail for code, tail in tails.items()}, changed)

    def below(route: str) -> str:
        return str(site.absolute(route, slug="x")).removesuffix("x")

    for route in PAGES:
        yield place(site.absolute(route))
    changed: dict[str, datetime] = {}
    known, services = request.registry.house.moments.read(), below("service")
    for held in request.directory.titles():
        if one := known.get(held.slug):
            yield place(services + held.slug, one.changed)
            for office in catalogue.lineage(held.office):
                changed[office] = max(one.changed, changed.get(office, one.changed))
    for slug, at in request.directory.news.offices().items():
        yield place(below("office") + slug, max(at, changed.get(slug, at)))
    for slug in catalogue.topics:
        yield place(below("topic") + slug)
    for answer in request.directory.inquiries.published():
        yield place(below("inquiry") + answer.slug, answer.published)


def _xml(body: bytes) -> Response:
    return Response(body=body, content_type="application/xml", charset="utf-8")


@view_config(route_name="opensearch", request_method=("GET", "HEAD"), public=True)
def opensearch(request: Request) -> Response:
    """Tell how to search here: pages, a feed, completions."""
    site = request.site
    said = [("lang", site.language)] if site.language != site.languages[0] else []

    def template(route: str, *more: str) -> str:
        address = site.absolute(route, said)
        return address + ("&" if said else "?") + "&".join(("q={searchTerms}", *more))

    body = searching.description(
        site.title,
        site.translate(SAID),
        (
            searching.Template("text/html", template("home", "page={startPage?}")),
            searching.Template("application/atom+xml", template("feed", "page={startPage?}")),
            searching.Template("application/json", template("api-services", "page={startPage?}")),
            searching.Template(searching.SUGGESTIONS, template("suggestions"), "suggestions"),
        ),
        own=site.absolute("opensearch", said),
        icon=f"{site.base}{site.static}/icon.svg",
        languages=site.languages,
    )
    return Response(body=body, content_type=searching.MEDIA_TYPE, charset="utf-8")


@view_config(route_name="suggestions", request_method=("GET", "HEAD"), public=True)
def suggestions(request: Request) -> Response:
    """Answer with what somebody may be about to type, as browsers ask for it."""
    query = request.directory.query((name, value) for name, value in request.GET.items() if name in ("q", "lang"))
    found = ((one.text, _leads_to(one, request.site)) for one in request.directory.suggest(query.q, query.lang))
    response = Response(body=searching.suggestions(query.q, found))
    # Set by itself: with the argument of the same name, WebOb would want a charset that JSON does not have.
    response.headers["Content-Type"] = searching.SUGGESTIONS
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _leads_to(one: Suggestion, site: Any) -> str:
    if one.kind == "search":
        return f"{site.base}{site.path('home', [('q', one.slug)])}"
    return f"{site.base}{site.path(one.kind, slug=one.slug)}"


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("robots", "/robots.txt")
    config.add_route("sitemap", "/sitemap.xml")
    config.add_route("opensearch", "/opensearch.xml")
    config.add_route("suggestions", "/opensearch/suggest")
    config.scan(__name__)
