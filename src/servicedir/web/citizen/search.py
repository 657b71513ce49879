"""The catalogue's first page: what somebody looks for, and what helps where nothing is found."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.domain.query import Page, Query
from servicedir.domain.service import Nature, Stage
from servicedir.web.cards import cards
from servicedir.web.citizen.filters import FACET_TITLES, filters
from servicedir.web.counting import count_search
from servicedir.web.translation import _

CHIPS = (
    (_("Per Video"), {"video": (Stage.LIVE, Stage.PILOT)}),
    (_("Video geplant oder geprüft"), {"video": (Stage.PLANNED, Stage.UNDER_REVIEW)}),
    (_("Beratung"), {"nature": (Nature.ADVISORY,)}),
    (_("Antrag"), {"nature": (Nature.TRANSACTIONAL,)}),
)
"""Ready-made searches: what they are called, and which filter they set."""


def chips(page: Page, request: Request) -> list[dict[str, Any]]:
    """Return the ready-made searches with their numbers of results; those that would find nothing are left out."""
    found = []
    for title, wanted in CHIPS:
        [(facet, values)] = wanted.items()
        counts = dict(zip(page.facets[facet].values, page.facets[facet].counts, strict=True))
        chosen = set(values) == set(getattr(page.query, facet))
        found.append(
            {
                "title": title,
                "count": sum(counts[value] for value in values),
                "selected": chosen,
                "url": request.site.find(page.query, **{facet: () if chosen else values}),
            }
        )
    return [chip for chip in found if chip["count"] or chip["selected"]]


@view_config(route_name="home", renderer="templates/home.pt", public=True)
def home(request: Request) -> dict[str, Any]:
    """Show one page of results for the query in the address."""
    query: Query = request.directory.query(request.GET.items())
    page = request.directory.search(query)
    count_search(page, request)
    return {
        "query": query,
        "page": page,
        "chips": chips(page, request),
        "facet_titles": FACET_TITLES,
        "filters": filters(page, request),
        "cards": cards(page.hits, query.on or request.directory.today, request),
    }
