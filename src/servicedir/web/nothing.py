"""What helps somebody who has found nothing."""

from __future__ import annotations

from markupsafe import Markup, escape
from pyramid.request import Request

from servicedir.domain.query import Page
from servicedir.web.shells import Pieces, shell


def nothing(page: Page, request: Request, route: str = "home", *, leads_out: bool = False) -> Pieces:
    """Return what stands in the place of results; `leads_out`: links to other pages leave the frame it stands in."""
    query, site = page.query, request.site
    shape = {
        "words": bool(query.q),
        "chosen": bool(query.selected),
        "relaxed": bool(page.relaxed),
        "leads_out": leads_out,
    }
    ways = "".join(
        f'<li><a href="{escape(site.address(way, route))}">{escape(site.dropped(dropped, way, query))}</a> '
        f"({escape(site.counted('hits', total))})</li>"
        for dropped, way, total in page.relaxed
    )
    values = {
        "q": query.q,
        "ways": Markup(ways),  # noqa: S704 - escaped above
        "all": site.without_filters(query, route),
    }
    return [shell("servicedir.web:templates/nothing.pt", request, shape).fill(values)]
