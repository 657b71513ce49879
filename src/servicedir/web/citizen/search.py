"""The catalogue's first page: what somebody looks for, and what helps where nothing is found."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.query import Page, Query
from servicedir.web.cards import cards
from servicedir.web.citizen.filters import active, filters, presets
from servicedir.web.counting import count_search
from servicedir.web.nothing import nothing
from servicedir.web.offers import offers
from servicedir.web.paging import pages
from servicedir.web.shells import respond


@view_config(route_name="home", request_method=("GET", "HEAD"), public=True)
def home(request: Request) -> Response:
    """Show one page of results for the query in the address."""
    query: Query = request.directory.query(request.GET.items())
    page = request.directory.search(query)
    count_search(page, request)
    return respond("servicedir.web.citizen:templates/home.pt", request, _shape(page), _values(page, request))


def _shape(page: Page) -> dict[str, Any]:
    query = page.query
    return {
        "words": bool(query.q),
        "chosen": bool(query.selected),
        "on": bool(query.on),
        "order": query.sort,
        "several": page.total > 1,
        "hits": bool(page.hits),
        "beyond": page.total > 0 and not page.hits,
    }


def _values(page: Page, request: Request) -> dict[str, Any]:
    query, site = page.query, request.site
    address = site.address(query)
    return {
        "q": query.q,
        "canonical": site.base + address.page(query.page),
        "oembed": site.oembed(site.base + address.page(query.page)),
        "presets": presets(page, address, request),
        "day": site.show_date(query.on) if query.on else "",
        "today": address.having("on", ()) if query.on else "",
        "chosen": len(query.selected),
        "filters": filters(page, request),
        "on": query.on or "",
        "active": active(query, address, request),
        "all": site.without_filters(query) if query.selected else "",
        "total": site.counted("services", page.total),
        "offers": offers(page, request),
        "cards": cards(page.hits, query.on or request.directory.today, request),
        "nothing": [] if page.total else nothing(page, request),
        "first": address,
        "pages": pages(page, address, request),
        "feed": address.elsewhere(site.path_of("feed")),
        "subscribe": address.elsewhere(site.path_of("subscribe")),
    }
