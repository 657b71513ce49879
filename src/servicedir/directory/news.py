"""What is new of that which a search finds: for feeds, and for those who follow it by mail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from heapq import heappush, heappushpop
from typing import TYPE_CHECKING

from servicedir.domain.document import from_document
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.news import Known, beginning, fits, fitting_since
from servicedir.domain.query import DEEPEST_RESULT, Hit, Query, Sort
from servicedir.domain.service import Service

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

MOST_READ = 500
"""Entries of which it is read how long they have fitted; those after them are taken as old as they can be new."""


@dataclass(frozen=True, slots=True)
class Item:
    """A found entry, when it last changed for outsiders, and since when it is what was asked for (UTC).

    It changes by what is published and by the calendar: a stage of a channel that begins today is a change of today.
    `begun` is the day on which the last stage began, if any did.
    """

    hit: Hit
    known: Known
    begun: date | None
    updated: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class News:
    """One page of what is new, and how many there are in all; the last change of any of those, if there are any."""

    query: Query
    total: int
    items: tuple[Item, ...]

    @property
    def pages(self) -> int:
        """Return the number of the last page, at least 1."""
        per_page = self.query.per_page
        return max(1, min(-(-self.total // per_page), DEEPEST_RESULT // per_page))


class Newsroom:
    """The news of one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def page(self, query: Query, *, newest: bool = True) -> News:
        """Return a page of what a query finds, the newest first, else in the order that the query says.

        What asks for a stage of the video channel, or for ways of access, is sorted by since when it has fitted, all
        else by when it last changed.
        """
        if not newest:
            page = self._directory.search(query)
            return News(query, page.total, tuple(self._items(page.hits, query)))
        found = self.matching(query)
        end = query.page * query.per_page
        if has_channels(query):
            found = self._by_since(found, query, end)
        return News(query, len(found), tuple(found[end - query.per_page : end]))

    def matching(self, query: Query, among: Collection[str] | None = None) -> list[Item]:
        """Return all that a query finds, what changed last first; `since` is when it was first published.

        `among`: only those of these slugs.
        """
        everything = replace(query, page=1, per_page=DEEPEST_RESULT, sort=Sort.UPDATED)
        hits = self._directory.search(everything).hits
        items = self._items(hits if among is None else [hit for hit in hits if hit.slug in among], query)
        return sorted(items, key=lambda item: (item.updated, item.hit.slug), reverse=True)

    def since(self, item: Item, query: Query) -> datetime:
        """Return since when an entry has been what a query asks for, as far as its channels are concerned."""
        house, slug = self._directory.house, item.hit.slug
        try:
            return fitting_since(self._shown(item, slug), fits(query), house.now(), house.zone)
        except NotFound:  # It got another address since it was found.
            return item.since

    def offices(self) -> dict[str, datetime]:
        """Return for each office that outsiders see when what is said of it last changed."""
        return {slug: known.changed for slug, known in self._directory.revisions.known(Kind.OFFICE).items()}

    def _shown(self, item: Item, slug: str) -> Iterator[tuple[datetime, Service | None]]:
        # What it says now is at hand; of most entries nothing before that is needed, or there is nothing.
        yield item.known.changed, item.hit.entry.service
        if item.known.published == item.known.changed:
            return
        for at, document in self._directory.revisions.shown(Kind.SERVICE, slug):
            if at < item.known.changed:
                yield at, from_document(Service, document) if document is not None else None

    def _items(self, hits: Iterable[Hit], query: Query) -> Iterator[Item]:
        house, today = self._directory.house, self._directory.today
        known = house.moments.read()
        for hit in hits:
            one = known.get(hit.slug)
            if one is None:  # Published, or renamed, since that was read.
                continue
            begun = hit.held.begun(min(query.on or today, today))
            updated = max(one.changed, beginning(begun, house.zone)) if begun else one.changed
            yield Item(hit, one, begun, updated, one.published)

    def _by_since(self, found: list[Item], query: Query, most: int) -> list[Item]:
        """Return items in the order of since when they have fitted, the first `most` of them exactly.

        None has fitted for less time than since its last change, so that with enough newer ones the rest need not be
        looked at.
        """
        exact: list[Item] = []
        newest: list[datetime] = []
        for item in found[:MOST_READ]:
            if len(newest) >= most and newest[0] >= item.updated:
                break
            since = self.since(item, query) if not query.on else item.since
            exact.append(replace(item, since=since))
            (heappush if len(newest) < most else heappushpop)(newest, since)
        exact.sort(key=lambda item: (item.since, item.hit.slug), reverse=True)
        return exact + found[len(exact) :]


def has_channels(query: Query) -> bool:
    """Return whether a query asks for something that channels do or do not offer."""
    return bool(query.video or query.channel)
