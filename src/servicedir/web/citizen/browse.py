"""Ways into the catalogue beside the search: offices, topics and letters."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.request import Request
from pyramid.view import view_config

from servicedir.domain.catalogue import TopicKind
from servicedir.domain.query import MOST_PER_PAGE, Page, Query
from servicedir.domain.service import Stage
from servicedir.web.cards import cards
from servicedir.web.contexts import OfficePage, TopicPage
from servicedir.web.parameters import said_once
from servicedir.web.planned import planned_by
from servicedir.web.shells import markup
from servicedir.web.structured import office_data, topic_data

_AVAILABLE = tuple(stage for stage in Stage if stage.available)


def _sorted(nouns: Any, request: Request) -> list[Any]:
    return sorted(nouns, key=lambda noun: request.site.sort_key(noun.name))


def counts(page: Page, facet: str) -> dict[str, int]:
    """Return the number of results for each value of a facet."""
    return dict(zip(page.facets[facet].values, page.facets[facet].counts, strict=True))


@view_config(route_name="offices-bare")
@view_config(route_name="topics-bare")
def with_slash(request: Request) -> HTTPMovedPermanently:
    """Send those who left the slash out to the list."""
    return HTTPMovedPermanently(request.site.path(request.matched_route.name.removesuffix("-bare")))


@view_config(route_name="offices", request_method=("GET", "HEAD"), renderer="templates/offices.pt", public=True)
def offices(request: Request) -> dict[str, Any]:
    """Show the tree of offices, each with the number of its services, and of those that can be had by video."""
    directory = request.directory
    everything = directory.search(Query(per_page=1))
    by_video = directory.search(Query(per_page=1, video=_AVAILABLE))
    known = directory.catalogue.offices
    return {
        "tops": _sorted((o for o in known.values() if o.parent not in known), request),
        "children": lambda office: _sorted(directory.catalogue.children(office.slug), request),
        "services": counts(everything, "office"),
        "by_video": counts(by_video, "office"),
    }


@view_config(route_name="office", request_method=("GET", "HEAD"), renderer="templates/office.pt", public=True)
def office(context: OfficePage, request: Request) -> dict[str, Any]:
    """Show an office, the offices around it, and its services."""
    directory = request.directory
    found = context.office
    catalogue = directory.catalogue
    page = _listed(request, office=(found.slug,))
    above = [catalogue.offices[slug] for slug in list(catalogue.lineage(found.slug))[:0:-1]]
    return {
        "office": found,
        "above": above,
        "data": office_data(found, above, request.site),
        "below": _sorted(catalogue.children(found.slug), request),
        "places": _sorted((p for p in catalogue.places.values() if p.office == found.slug), request),
        "planned": planned_by(found.slug, request),
        "page": page,
        "cards": markup(cards(page.hits, directory.today, request)),
    }


@view_config(route_name="topics", request_method=("GET", "HEAD"), renderer="templates/topics.pt", public=True)
def topics(request: Request) -> dict[str, Any]:
    """Show life situations and topics, each with the number of its services."""
    known = request.directory.catalogue.topics.values()
    return {
        "groups": [(kind, _sorted((t for t in known if t.kind is kind), request)) for kind in reversed(TopicKind)],
        "services": counts(request.directory.search(Query(per_page=1)), "topic"),
    }


@view_config(route_name="topic", request_method=("GET", "HEAD"), renderer="templates/topic.pt", public=True)
def topic(context: TopicPage, request: Request) -> dict[str, Any]:
    """Show a topic and its services."""
    page = _listed(request, topic=(context.topic.slug,))
    return {
        "topic": context.topic,
        "data": topic_data(context.topic, request.site),
        "page": page,
        "cards": markup(cards(page.hits, request.directory.today, request)),
    }


def _listed(request: Request, **filters: Any) -> Page:
    """Return the first services of a filter by title; the page links to the search for more."""
    query = Query(per_page=MOST_PER_PAGE, lang=request.site.language, **filters)
    return request.directory.search(query)


@view_config(route_name="a-z", request_method=("GET", "HEAD"), renderer="templates/a-z.pt", public=True)
def a_to_z(request: Request) -> dict[str, Any]:
    """Show all services by the first letter of their title; a large catalogue one letter at a time."""
    keyed = [(request.site.sort_key(held.title), held) for held in request.directory.titles()]
    keyed.sort(key=lambda pair: (pair[0], pair[1].slug))
    letters: dict[str, list[Any]] = {}
    for key, entry in keyed:  # Not grouped: signs sort before and behind the letters.
        letters.setdefault(first_letter(key), []).append(entry)
    asked = said_once("letter", request.GET.items())
    shown = [asked] if asked in letters else list(letters) if len(keyed) <= MOST_AT_ONCE else list(letters)[:1]
    return {"letters": letters, "shown": shown, "total": len(keyed)}


MOST_AT_ONCE = 400
"""Titles on one page before the letters are pages of their own."""


def first_letter(key: str) -> str:
    """Return the letter under which a sorted title stands; everything else is under "#"."""
    return key[0].upper() if key[:1].isalpha() else "#"
