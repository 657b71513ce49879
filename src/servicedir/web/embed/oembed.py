"""oEmbed (oembed.com, version 1.0): programs learn how to embed a search, a service or an office by its address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.history import Moved, NotFound
from servicedir.domain.query import BadValue, Query
from servicedir.web.embed.look import look_of
from servicedir.web.embedding import is_ours, origin_of
from servicedir.web.errors import answer
from servicedir.web.parameters import said_once
from servicedir.web.translation import _

WIDTH, HEIGHT = 640, 640
"""Pixels of a frame for which no other size was asked; that of one service is lower."""
SERVICE_HEIGHT = 260
MOST = 10_000
CACHE_AGE = 3600  # seconds

_FRAME = Markup('<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" loading="lazy"></iframe>')

Pairs = list[tuple[str, str]]


@view_config(route_name="oembed", request_method=("GET", "HEAD"), public=True)
def oembed(request: Request) -> Response:
    """Answer with a frame for an address of ours; 404 for others and for what is not public, 501 for other formats."""
    form = said_once("format", request.GET.items()) or "json"
    if form not in ("json", "xml"):
        return answer(request, 501, _("Dieses Format gibt es hier nicht"), _("Es gibt json und xml."))
    said = _described(request)
    if form == "xml":
        response = Response(body=_xml(said), content_type="text/xml", charset="utf-8")
    else:
        response = Response(json_body=said)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _described(request: Request) -> dict[str, Any]:
    site = request.site
    source, title, height = _framed(said_once("url", request.GET.items()), request)
    width = _size("maxwidth", request, WIDTH)
    height = _size("maxheight", request, height)
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": site.title,
        "provider_url": f"{site.base}{site.path('home')}",
        "cache_age": CACHE_AGE,
        "html": str(_FRAME.format(source, title, width, height)),
        "width": width,
        "height": height,
    }


def _framed(url: str, request: Request) -> tuple[str, str, int]:
    """Return address, title and height of what is framed for an address. Raises HTTPNotFound."""
    site = request.site
    if not is_ours(origin_of(url), request.environ, site.settings):
        raise HTTPNotFound
    parts = urlsplit(url)
    path = unquote(parts.path).removeprefix(request.script_name) or "/"
    try:
        pairs = parse_qsl(parts.query, max_num_fields=100)
        kind, _slash, slug = path.lstrip("/").partition("/")
        if path in ("/", "/embed"):
            return _search(pairs, request)
        if kind == "services":
            return _service(slug, pairs, request)
        if kind == "offices" and slug in request.directory.catalogue.offices:
            return _search([("office", slug), *_language(pairs, request)], request)
    except (BadValue, NotFound, ValueError):
        raise HTTPNotFound from None
    raise HTTPNotFound


def _search(pairs: Pairs, request: Request) -> tuple[str, str, int]:
    site, query = request.site, request.directory.query(pairs)
    address = site.absolute("embed", site.pairs(query) + look_of(pairs).pairs)
    return address, search_title(query, request), HEIGHT


def _service(slug: str, pairs: Pairs, request: Request) -> tuple[str, str, int]:
    directory, site = request.directory, request.site
    try:
        service = directory.service(slug).service
    except Moved as moved:
        service = directory.service(moved.slug).service
    address = site.absolute("embed-service", _language(pairs, request), slug=service.slug)
    return address, site.plain(service.title), SERVICE_HEIGHT


def _language(pairs: Pairs, request: Request) -> Pairs:
    return [pair for pair in pairs if pair[0] == "lang" and pair[1] in request.site.languages[1:]][:1]


def search_title(query: Query, request: Request) -> str:
    """Return what a search is called: the directory's name with the words and filters."""
    site = request.site
    said = [query.q] if query.q else []
    said += [site.value_label(facet, value) for facet, value in query.selected]
    return f"{site.title}: {', '.join(said)}" if said else str(site.title)


def _size(name: str, request: Request, usual: int) -> int:
    """Return the usual number of pixels, or fewer if a parameter allows no more. Raises BadValue."""
    value = said_once(name, request.GET.items())
    if not value:
        return usual
    if not (value.isascii() and value.isdigit() and len(value) < 9 and int(value) > 0):
        raise BadValue(name, value, "number", ("1", str(MOST)))
    return min(usual, int(value))


def _xml(said: dict[str, Any]) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in said.items():
        ElementTree.SubElement(root, name).text = _without_controls(str(value))
    head = b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
    return head + ElementTree.tostring(root, encoding="utf-8", xml_declaration=False)


def _without_controls(text: Iterable[str]) -> str:
    """Return text without what XML cannot say."""
    return "".join(char for char in text if char.isprintable() or char in "\t\n\r")
