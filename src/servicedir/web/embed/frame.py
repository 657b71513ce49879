"""The framed page, and its list alone as a fragment: the same search as on the first page, its links leading out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, view_config

from servicedir.domain.query import Page, Query, Sort
from servicedir.web.cards import cards
from servicedir.web.counting import count_search
from servicedir.web.embed import FramedService
from servicedir.web.embed.look import Layout, Look, listed, listed_one, look_of
from servicedir.web.embedding import FrameRefused, count_frame
from servicedir.web.nothing import nothing
from servicedir.web.offers import offers
from servicedir.web.paging import pages
from servicedir.web.shells import markup

MOST_SUGGESTED = 6
"""Suggestions from a list with fixed filters."""


@view_config(
    route_name="embed", request_method=("GET", "HEAD"), renderer="templates/embed.pt", framed=True, public=True
)
def embed(request: Request) -> dict[str, Any]:
    """Show one page of results; it sets no cookie and takes none."""
    look, page = _search(request)
    count_search(page, request)
    count_frame(request)
    query, site, on = page.query, request.site, page.query.on or request.directory.today
    site.carried["embed"] = look.pairs
    shows_cards = look.layout is Layout.CARDS
    return {
        "look": look,
        "query": query,
        "page": page,
        "suggest": _suggestions(query, request),
        "offers": markup(offers(page, request, "embed")) if look.search else "",
        "cards": markup(cards(page.hits, on, request, leads_out=True)) if shows_cards else "",
        "rows": [] if shows_cards else listed(page.hits, on, request),
        "nothing": "" if page.total else markup(nothing(page, request, "embed", leads_out=True)),
        "pages": pages(page, site.address(query, "embed"), request),
    }


@view_config(
    route_name="embed-fragment",
    request_method=("GET", "HEAD"),
    renderer="templates/fragment.pt",
    framed=True,
    public=True,
)
def fragment(request: Request) -> dict[str, Any]:
    """Show the list alone, with whole addresses, no style and no script: for servers that put it into a page."""
    look, page = _search(request)
    request.response.headers["X-Robots-Tag"] = "noindex"
    rows = listed(page.hits, page.query.on or request.directory.today, request)
    return {"look": look, "query": page.query, "page": page, "rows": rows}


@view_config(
    route_name="embed-service",
    request_method=("GET", "HEAD"),
    renderer="templates/embed-service.pt",
    framed=True,
    public=True,
)
def service(context: FramedService, request: Request) -> dict[str, Any]:
    """Show one service in a few lines."""
    count_frame(request)
    row = listed_one(context.published, request.directory.today, request)
    return {"look": Look(), "service": context.service, "rows": [row]}


@exception_view_config(FrameRefused)
def refused(fault: FrameRefused, request: Request) -> Response:
    """Answer 403 with a sentence that may be seen in any frame, since it says nothing but that."""
    response = render_to_response("servicedir.web.embed:templates/refused.pt", {}, request=request)
    response.status_code = 403
    return response


def _suggestions(query: Query, request: Request) -> str:
    """Return where to ask what completes typed words: the list itself where filters are fixed, so that all is found."""
    site = request.site
    if not query.selected:
        return str(site.path("api-suggest"))
    narrowed = replace(query, q="", page=1, per_page=MOST_SUGGESTED, sort=Sort.RELEVANCE)
    return str(site.path("api-services", [*site.pairs(narrowed), ("fields", "title,url")]))


def _search(request: Request) -> tuple[Look, Page]:
    look = look_of(request.GET.items())
    return look, request.directory.search(request.directory.query(request.GET.items()))
