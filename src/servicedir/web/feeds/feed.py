"""A search as an Atom feed: the same parameters as the first page, what is new first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory.news import Item, News, has_channels
from servicedir.domain.described import described
from servicedir.domain.news import BEFORE_ALL
from servicedir.domain.query import PER_PAGE, Query
from servicedir.domain.service import ChannelKind, Service
from servicedir.domain.text import Shown
from servicedir.exchange.atom import MEDIA_TYPE, Category, Entry, Feed, atom
from servicedir.web.translation import _

MOST_ENTRIES = 50
"""Entries of one page of a feed; who asks for more gets so many."""

FIRST_YEAR = 2026
"""Since then identifiers are made (RFC 4151): whoever has the host has had it in this year."""


@view_config(route_name="feed", request_method=("GET", "HEAD"), public=True)
def feed(request: Request) -> Response:
    """Answer with what is new of a search, or with its results in the order that the address says."""
    asked: Query = request.directory.query(request.GET.items())
    query = replace(asked, per_page=min(asked.per_page, MOST_ENTRIES))
    has_order = any(value.strip() for value in request.GET.getall("sort"))
    news = request.directory.news.page(query, newest=not has_order)
    response = Response(body=atom(_feed(news, request)), content_type=MEDIA_TYPE, charset="utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _feed(news: News, request: Request) -> Feed:
    site, query = request.site, news.query
    entries = [_entry(item, query, request) for item in news.items]
    plain = replace(query, page=1, per_page=PER_PAGE)
    return Feed(
        id=f"{_authority(site)}feed?{urlencode(plain.pairs(''))}",
        title=f"{described(query, site.catalogue, site.language)} – {site.title}",
        subtitle=site.translate(_("Was sich bei den Dienstleistungen dieser Suche geändert hat, das Neueste zuerst.")),
        language=site.language,
        author=site.title,
        updated=max((entry.updated for entry in entries), default=_last_of_all(request)),
        page=site.base + str(site.address(plain)),
        links=list(_links(news, site)),
        icon=f"{site.base}{site.static}/icon.svg",
        entries=entries,
    )


def _links(news: News, site: Any) -> Iterator[tuple[str, str]]:
    """Yield the feed itself and its other pages (RFC 5005)."""
    now, last, address = news.query.page, news.pages, site.address(news.query, "feed")
    pages = {"self": now, "first": 1, "previous": now - 1, "next": now + 1, "last": last}
    for relation, number in pages.items():
        if relation == "self" or (last > 1 and 1 <= number <= last):
            yield relation, f"{site.base}{address.page(number)}"


def _last_of_all(request: Request) -> datetime:
    """Return when anything changed at all: the moment of a feed in which nothing is."""
    known = request.registry.house.moments.read().values()
    return max((one.changed for one in known), default=BEFORE_ALL)


def _entry(item: Item, query: Query, request: Request) -> Entry:
    site, service, on = request.site, item.hit.entry.service, query.on or request.directory.today
    office = site.catalogue.offices.get(service.office)
    return Entry(
        id=f"{_authority(site)}services/{item.known.name}",
        title=service.title.show(site.language),
        link=site.base + site.service_path(service, on),
        updated=item.updated,
        published=item.since if has_channels(query) else item.known.published,
        summary=_summary(service, on, site),
        author=site.plain(office.name) if office else service.office,
        author_url=site.base + site.path("office", slug=service.office) if office else "",
        categories=list(_categories(service, on, site)),
    )


def _summary(service: Service, on: date, site: Any) -> Shown:
    """Return what is said in short, and how the service stands by video."""
    period = service.channel(ChannelKind.VIDEO).period(on)
    said = f"{site.label(ChannelKind.VIDEO)}: {site.label(period.stage)}"
    if span := site.span(period):
        said = f"{said}, {span}"
    shown = service.summary.show(site.language)
    if shown.is_fallback:  # Two languages in one text would be marked as one.
        return shown
    return Shown(f"{shown.words}\n{said}.".strip(), site.language, False)


def _categories(service: Service, on: date, site: Any) -> Iterator[Category]:
    stage = service.stage(ChannelKind.VIDEO, on)
    named = [("nature", service.nature.value), ("video", stage.value)]
    named += [(facet, slug) for facet in ("office", "topic", "audience") for slug in getattr(service, f"{facet}s")]
    for facet, term in named:
        label = site.value_label(facet, term)
        yield Category(scheme=f"{_authority(site)}{facet}", term=term, label=label)


def _authority(site: Any) -> str:
    """Return what identifiers of ours begin with (RFC 4151): the same in every language and on every page."""
    try:
        host = urlsplit(site.base).hostname
    except ValueError:  # Whoever asks says what it is, where no address is configured.
        host = None
    return f"tag:{host or 'localhost'},{FIRST_YEAR}:"
