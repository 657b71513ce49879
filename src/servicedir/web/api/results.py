"""A page of results as JSON, put together from pieces that are made once for an entry and for a facet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from pyramid.config import Configurator
from pyramid.request import Request

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.query import FACETS, Facet, Page
from servicedir.web.api.answering import dumps
from servicedir.web.api.representation import item
from servicedir.web.cards import Shelves
from servicedir.web.naming import in_order

_ROUTE = "api-services"


class Results(NamedTuple):
    """One page of results as JSON, and the addresses of the pages beside it by relation."""

    body: bytes
    links: dict[str, str | None]


def results(found: Page, on: date, request: Request, fields: Sequence[str] = ()) -> Results:
    """Return one page of results with facets and links; of each entry these fields, without any all of them."""
    site, query = request.site, found.query
    if fields:
        site.carried[_ROUTE] = [("fields", ",".join(fields))]
    now, address = query.page, site.address(query, _ROUTE)

    def link(number: int) -> str:
        return f"{site.base}{address.page(number)}"

    head = {"total": found.total, "page": now, "per_page": query.per_page, "suggestion": found.suggestion}
    links = {
        "self": link(now),
        "next": link(now + 1) if now < found.pages else None,
        "prev": link(now - 1) if 1 < now <= found.pages else None,
    }
    items = _some(found, on, request, fields) if fields else _items(found, on, request)
    pieces = [dumps(head)[:-1], b',"items":[', *items, b'],"facets":{']
    kept, language, catalogue = request.registry.values, request.locale_name, request.directory.catalogue
    for name in FACETS:
        facet = found.facets[name]
        values: Values | None = kept.get((language, name))
        if values is None or values.catalogue is not catalogue or values.values != facet.values:
            values = kept[language, name] = _values(name, facet, catalogue, site)
        pieces += _facet(facet, values)
    pieces += (b'},"links":', dumps(links), b"}")
    return Results(b"".join(pieces), links)


def _some(found: Page, on: date, request: Request, fields: Sequence[str]) -> list[bytes]:
    """Return of each entry some fields, made for this request alone."""
    said = [item(hit.entry, hit.marked()[0], on, request.site) for hit in found.hits]
    return [b",".join(dumps({name: entry[name] for name in fields}) for entry in said)]


def _item(entry: Published, on: date, request: Request) -> tuple[bytes, bytes]:
    """Return the JSON of an entry up to its highlight, and from behind the base of its address."""
    said = item(entry, "", on, request.site)
    head = {name: said.pop(name) for name in ("slug", "title", "summary")}
    del said["highlight"], said["url"]
    path = request.route_path("service", slug=entry.service.slug)
    return dumps(head)[:-1] + b',"highlight":', dumps(path)[1:] + b"," + dumps(said)[1:]


def _items(found: Page, on: date, request: Request) -> list[bytes]:
    pieces: list[bytes] = []
    base = b',"url":' + dumps(request.site.base)[:-1]
    shelves: Shelves[tuple[bytes, bytes]] = request.registry.items
    for hit, (before, behind) in zip(found.hits, shelves.take(found.hits, on, request), strict=True):
        marked = hit.marked()[0]
        pieces += (b"," if pieces else b"", before, dumps(marked) if marked else b"null", base, behind)
    return pieces


class Values(NamedTuple):
    """A facet in a language, as the small nouns are: what stands before each count, and behind the last.

    `order` says at which place of the facet's values each one stands that is told.
    """

    catalogue: Catalogue
    values: Sequence[str]
    order: list[int]
    between: list[bytes]


_COUNTS = [str(number).encode() for number in range(1000)]
_NOT_CHOSEN = b',"selected":false}'
_CHOSEN = b',"selected":true}'


def _facet(facet: Facet, said: Values) -> list[bytes]:
    pieces = [b""] * (2 * len(facet.values) + 1)
    pieces[::2] = said.between
    counts = facet.counts
    pieces[1::2] = [
        _COUNTS[count] if (count := counts[at]) < len(_COUNTS) else str(count).encode() for at in said.order
    ]
    for value in facet.selected:
        behind = 2 * said.order.index(facet.values.index(value)) + 2
        pieces[behind] = _CHOSEN + pieces[behind].removeprefix(_NOT_CHOSEN)
    return pieces


def _values(name: str, facet: Facet, catalogue: Catalogue, site: Any) -> Values:
    order = in_order(name, facet.values, site)
    values = [facet.values[at] for at in order]
    starts = [dumps({"value": value, "label": site.value_label(name, value)})[:-1] + b',"count":' for value in values]
    between = [start if not at else _NOT_CHOSEN + b"," + start for at, start in enumerate(starts)]
    between.append(_NOT_CHOSEN + b"]" if starts else b"]")
    between[0] = (b"" if name == FACETS[0] else b",") + dumps(name) + b":[" + between[0]
    return Values(catalogue, facet.values, order, between)


def includeme(config: Configurator) -> None:
    """Give the application a place for what is made once."""
    items: Any = Shelves(_item)
    config.registry.items = items
    config.registry.values = {}
