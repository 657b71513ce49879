"""Pages of which all that is the same for many requests is rendered once: a shell, with holes for the rest.

A template says `${hole.name}` for what changes from one request to the next, in an attribute as well as between tags,
and decides by its other values, its shape, of which there are few.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape
from pyramid.config import Configurator
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response

from servicedir.web.page import Site

MOST_SHELLS = 1000

# Signs of a private use area: in templates and settings they have no meaning, and content comes into holes only.
_HOLE = re.compile("\ue000([a-z_]+)\ue001")
_INDENTED = re.compile(r"\n\s+")


class _Holes:
    def __getattr__(self, name: str) -> str:
        return f"\ue000{name}\ue001"


class _HoledSite(Site):
    """The helper of templates, for a page that is rendered for many requests."""

    @property
    def base(self) -> str:
        """Return the hole for scheme and host, which may be those of a request."""
        return "\ue000base\ue001"

    @property
    def canonical(self) -> str:
        """Return the hole for the page's one address."""
        return "\ue000canonical\ue001"

    def _in_language(self, language: str) -> str:
        return self.in_language(language)

    def in_language(self, language: str) -> str:
        """Return the hole for this page's path in another language."""
        return f"\ue000in_{language}\ue001"


Pieces = list[bytes]
"""Finished HTML, in pieces that nobody has to put together before the whole page is."""


def markup(pieces: Pieces) -> Markup:
    """Return pieces for a template of another kind."""
    return Markup(b"".join(pieces).decode())  # noqa: S704 - finished HTML


class Shell:
    """A rendered page with holes."""

    def __init__(self, html: str) -> None:
        parts = _HOLE.split(_INDENTED.sub("\n", html.strip()))
        self._start = parts[0].encode()
        self._rest = [(name, part.encode()) for name, part in zip(parts[1::2], parts[2::2], strict=True)]

    def fill(self, values: Mapping[str, Any]) -> bytes:
        """Return the page with values in its holes: Pieces and Markup as they are, all else escaped."""
        pieces = [self._start]
        for name, part in self._rest:
            value = values[name]
            if isinstance(value, list):
                pieces += value
            elif value:
                pieces.append(escape(value).encode())
            pieces.append(part)
        return b"".join(pieces)


def shell(template: str, request: Request, shape: Mapping[str, Any]) -> Shell:
    """Return the shell of a template in the language of a request; nothing in its shape may come from content."""
    kept: dict[tuple[Any, ...], Shell] = request.registry.shells
    key = (template, request.locale_name, request.script_name, *shape.values())
    found = kept.get(key)
    if found is None:
        if len(kept) >= MOST_SHELLS:
            kept.clear()
        values = {**shape, "hole": _Holes(), "site": _HoledSite(request)}
        found = kept[key] = Shell(render(template, values, request=request))
    return found


def respond(template: str, request: Request, shape: Mapping[str, Any], values: Mapping[str, Any]) -> Response:
    """Return a page of a template, its shell filled with values."""
    site = request.site
    here = {f"in_{language}": site.in_language(language) for language in site.languages}
    here["base"] = site.base
    body = shell(template, request, shape).fill({**values, **here})
    return Response(body=body, content_type="text/html", charset="utf-8")


def includeme(config: Configurator) -> None:
    """Give the application a place for its shells."""
    config.registry.shells = {}
