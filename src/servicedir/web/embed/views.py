"""The framed page: the same search as on the first page, without header and filters, its links leading out."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.web.cards import cards
from servicedir.web.counting import count_search
from servicedir.web.nothing import nothing
from servicedir.web.offers import offers
from servicedir.web.paging import pages
from servicedir.web.shells import markup


@view_config(route_name="embed", renderer="templates/embed.pt", framed=True, public=True)
def embed(request: Request) -> dict[str, Any]:
    """Show one page of results; it sets no cookie and takes none."""
    query = request.directory.query(request.GET.items())
    page = request.directory.search(query)
    count_search(page, request)
    return {
        "query": query,
        "page": page,
        "offers": markup(offers(page, request, "embed")),
        "cards": markup(cards(page.hits, query.on or request.directory.today, request, leads_out=True)),
        "nothing": "" if page.total else markup(nothing(page, request, "embed", leads_out=True)),
        "pages": pages(page, request.site.address(query, "embed"), request),
    }
