"""What lists show of an entry, made when it is first shown and kept as long as nothing of it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Generic, TypeVar

from markupsafe import Markup, escape
from pyramid.config import Configurator
from pyramid.renderers import render
from pyramid.request import Request

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.query import Held, Hit
from servicedir.web.shells import Pieces

T = TypeVar("T")

MOST_SHELVES = 8
"""Languages of the interface times prefixes of the application: more than there are."""


class Shelf(Generic[T]):
    """What was made of entries in one language, for one day and one state of the small nouns."""

    def __init__(self, catalogue: Catalogue, day: date) -> None:
        self.catalogue = catalogue
        self.day = day
        self.kept: dict[str, tuple[Held, T]] = {}


class Shelves(Generic[T]):
    """What `make` makes of entries. Kept is what is made for today: other days are asked for too seldom.

    An index hands out the same object for an entry as long as nothing about it has changed.
    """

    def __init__(self, make: Callable[[Published, date, Request], T]) -> None:
        self._make = make
        self._shelves: dict[tuple[str, str], Shelf[T]] = {}

    def take(self, hits: Sequence[Hit], on: date, request: Request) -> list[T]:
        """Return what is made of each hit, for a day and in the language of a request."""
        if on != request.directory.today:
            return [self._make(hit.entry, on, request) for hit in hits]
        kept = self._shelf(on, request).kept
        found = []
        for hit in hits:
            held = hit.held
            there = kept.get(held.slug)
            if there is None or there[0] is not held:
                there = kept[held.slug] = (held, self._make(hit.entry, on, request))
            found.append(there[1])
        return found

    def _shelf(self, today: date, request: Request) -> Shelf[T]:
        key = (request.locale_name, request.script_name)
        catalogue = request.directory.catalogue
        shelf = self._shelves.get(key)
        if shelf is None or shelf.catalogue is not catalogue or shelf.day != today:
            if len(self._shelves) >= MOST_SHELVES:
                self._shelves.clear()
            shelf = self._shelves[key] = Shelf(catalogue, today)
        return shelf


MOST_ENDS = 5_000
"""Ends of cards of which it is known that others have them as well."""

_HOLE = Markup("<!--summary-->")  # Whatever comes from content is escaped, so no card has a second one.
_LINK = b'<a href="'
_LINK_OUT = b'<a target="_blank" rel="noopener" href="'


def _card(entry: Published, on: date, request: Request) -> tuple[bytes, bytes, bytes]:
    """Return the HTML of a card before and behind its summary, and between them the summary without any marks."""
    values = {"service": entry.service, "on": on, "hole": _HOLE}
    before, after = render("servicedir.web:templates/card.pt", values, request=request).strip().split(_HOLE)
    summary = Markup('<p class="card__summary">{}</p>').format(request.site.say(entry.service.summary))
    return before.encode(), summary.encode(), _same(after.encode())


@lru_cache(maxsize=MOST_ENDS)
def _same(end: bytes) -> bytes:
    """Return the end of a card: one object for all that end alike, as cards of the same channels do."""
    return end


def cards(hits: Sequence[Hit], on: date, request: Request, *, leads_out: bool = False) -> Pieces:
    """Return hits as items of a list; `leads_out`: their links leave the frame in which the list stands."""
    pieces: Pieces = []
    shelves: Shelves[tuple[bytes, bytes, bytes]] = request.registry.cards
    for hit, (before, summary, after) in zip(hits, shelves.take(hits, on, request), strict=True):
        marked, language = hit.marked()
        if marked:
            lang = "" if language == request.locale_name else f' lang="{escape(language)}"'
            summary = f'<p class="card__summary"{lang}>{marked}</p>'.encode()
        pieces += (before.replace(_LINK, _LINK_OUT, 1) if leads_out else before, summary, after)
    return pieces


def includeme(config: Configurator) -> None:
    """Give the application its cards."""
    shelves: Any = Shelves(_card)
    config.registry.cards = shelves
