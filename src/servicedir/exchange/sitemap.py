"""Maps of a site for search engines (sitemaps.org), each address with the same page in other languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from servicedir.exchange.atom import moment
from servicedir.exchange.markup import Xml, document, tag, text

MOST_ADDRESSES = 50_000
"""Addresses of one map; with more there are several, and an index of them."""

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


class Place(NamedTuple):
    """A page of a site: its address in each language, the first one for whoever speaks none of them."""

    addresses: Mapping[str, str]
    changed: datetime | None = None


def parts(places: Sequence[Place], most: int = MOST_ADDRESSES) -> list[Sequence[Place]]:
    """Return the places of each map; at least one, though it may be empty."""
    each = max(1, most // max((len(place.addresses) for place in places), default=1))
    return [places[first : first + each] for first in range(0, len(places), each)] or [places]


def sitemap(places: Iterable[Place]) -> bytes:
    """Return a map: each page once in each language, and with each the others."""
    urls = (url for place in places for url in _urls(place))
    return document([tag("urlset", *urls, attributes={"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})])


def index(maps: Iterable[str]) -> bytes:
    """Return the index of maps at these addresses."""
    found = (tag("sitemap", tag("loc", address)) for address in maps)
    return document([tag("sitemapindex", *found, attributes={"xmlns": _SITEMAP})])


def _urls(place: Place) -> Iterable[Xml]:
    # By hand, and what is the same for all languages once: a large catalogue has many of these.
    spoken = {code: text(address) for code, address in place.addresses.items()}
    others = {**spoken, "x-default": next(iter(spoken.values()))} if len(spoken) > 1 else {}
    changed = f"<lastmod>{moment(place.changed)}</lastmod>" if place.changed else ""
    same = changed + "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>' for code, address in others.items()
    )
    return [Xml(f"<url><loc>{address}</loc>{same}</url>") for address in spoken.values()]
