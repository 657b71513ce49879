"""Choosing among services, of which there are too many for a list: what a field offers, and what was typed into it."""

from __future__ import annotations

from collections.abc import Iterable

from pyramid.request import Request

MOST_OFFERED = 1000
"""Entries up to which a form offers all of them; beyond, their addresses are typed or pasted."""


def offered_services(request: Request) -> list[tuple[str, str]]:
    """Return slug and title of every published service, for the list of a field."""
    entries = request.directory.titles()
    if len(entries) > MOST_OFFERED:
        return []
    return [(held.slug, request.site.plain(held.title)) for held in entries]


def typed_services(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the slugs of what was typed, each once: slugs, or the addresses of services' pages."""
    return tuple(dict.fromkeys(line.strip().rstrip("/").rpartition("/")[2] for line in lines if line.strip()))
