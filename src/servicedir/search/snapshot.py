"""Everything that a search needs in memory, as of one generation of the index: facets as sets of positions.

A set of entries is one integer with a bit for each position; positions follow the German titles. Counting a facet
is then one `&` and one `bit_count`, whatever the size of the result.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.document import from_document
from servicedir.domain.history import Published
from servicedir.domain.query import FACETS, Facet, Query
from servicedir.domain.service import ChannelKind, Nature, Service, Stage
from servicedir.domain.text import sort_key
from servicedir.search.highlight import highlight, plain

Bits = int

MOST_DAYS = 32
"""Days of which the stages are kept in memory at a time."""


@dataclass(frozen=True)
class Row:
    """An entry as the index holds it: `stored` is JSON of its document, revision and moment."""

    slug: str
    stored: str

    @property
    def revision(self) -> int:
        """Return the number of the live revision."""
        return self.published.revision

    @cached_property
    def published(self) -> Published:
        """Return the entry as a value."""
        raw = json.loads(self.stored)
        return Published(
            service=from_document(Service, raw["document"]),
            revision=raw["revision"],
            updated=datetime.fromisoformat(raw["updated"]),
        )

    def marked(self, words: frozenset[str], language: str) -> tuple[str, str]:
        """Return the summary marked, or a piece of the body where nothing nearer shows why the entry is found."""
        service = self.published.service
        title, summary, body = (text.show(language) for text in (service.title, service.summary, service.body))
        if found := highlight(summary.words, words, summary.language):
            return found, summary.language
        if highlight(title.words, words, title.language):
            return "", ""
        return highlight(plain(body.words), words, body.language), body.language


def positions(bits: Bits) -> Iterator[int]:
    """Yield the positions of a set in ascending order."""
    digits = f"{bits:b}"[::-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def bits_of(found: Iterable[int]) -> Bits:
    """Return a set of positions."""
    array = bytearray()
    for at in found:
        if at >> 3 >= len(array):
            array.extend(bytes((at >> 3) + 1 - len(array)))
        array[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(array, "little")


class Snapshot:
    """The entries of one generation; immutable but for what it keeps for the next question."""

    def __init__(self, rows: Mapping[str, Row], generation: int, change: int) -> None:
        titled = sorted((sort_key(row.published.service.title.within("de")), slug) for slug, row in rows.items())
        self.rows = [rows[slug] for _, slug in titled]
        self.position = {slug: at for at, (_, slug) in enumerate(titled)}
        self.generation = generation
        self.change = change
        self.everything: Bits = (1 << len(self.rows)) - 1
        self._fixed = {
            "nature": self._members(lambda s: (s.nature,)),
            "office": self._members(lambda s: s.offices),
            "topic": self._members(lambda s: s.topics),
            "audience": self._members(lambda s: s.audiences),
            "language": self._members(lambda s: s.languages),
        }
        self._lock = Lock()
        self._days: dict[date, dict[str, dict[str, Bits]]] = {}
        self._trees: tuple[Catalogue | None, dict[str, Bits]] = (None, {})

    def _members(self, values: Callable[[Service], Iterable[str]]) -> dict[str, Bits]:
        found: dict[str, list[int]] = {}
        for at, row in enumerate(self.rows):
            for value in values(row.published.service):
                found.setdefault(str(value), []).append(at)
        return {value: bits_of(where) for value, where in found.items()}

    @cached_property
    def newest(self) -> list[int]:
        """Return all positions, last changed first."""
        return sorted(range(len(self.rows)), key=lambda at: self.rows[at].published.updated, reverse=True)

    @cached_property
    def english(self) -> list[int]:
        """Return all positions in the order of the English titles."""
        return sorted(
            range(len(self.rows)), key=lambda at: sort_key(self.rows[at].published.service.title.within("en"))
        )

    def spoken(self) -> frozenset[str]:
        """Return the languages in which services are offered."""
        return frozenset(self._fixed["language"])

    def _stages(self, on: date) -> dict[str, dict[str, Bits]]:
        found = self._days.get(on)
        if found is None:
            found = {
                "video": self._members(lambda s: (s.stage(ChannelKind.VIDEO, on),)),
                "channel": self._members(lambda s: s.available(on)),
            }
            with self._lock:  # Threads that ask for many days would otherwise drop each other's.
                while len(self._days) >= MOST_DAYS:
                    del self._days[next(iter(self._days))]
                self._days[on] = found
        return found

    def _offices(self, catalogue: Catalogue) -> dict[str, Bits]:
        """Return for each office its entries and those of the offices below it."""
        kept, found = self._trees
        if kept is not catalogue:
            own, found = self._fixed["office"], dict.fromkeys(catalogue.offices, 0)
            for slug, bits in own.items():
                for above in catalogue.lineage(slug):
                    found[above] |= bits
            self._trees = (catalogue, found)
        return found

    def members(self, catalogue: Catalogue, on: date) -> dict[str, dict[str, Bits]]:
        """Return for each facet the entries of each of its values on a day, values without entries included."""
        stages = self._stages(on)
        values: dict[str, Iterable[str]] = {
            "video": Stage,
            "channel": ChannelKind,
            "nature": Nature,
            "office": catalogue.offices,
            "topic": catalogue.topics,
            "audience": catalogue.audiences,
            "language": sorted(self._fixed["language"]),
        }
        bits = {**self._fixed, **stages, "office": self._offices(catalogue)}
        return {facet: {str(value): bits[facet].get(str(value), 0) for value in values[facet]} for facet in FACETS}

    def chosen(self, query: Query, members: Mapping[str, Mapping[str, Bits]]) -> dict[str, Bits]:
        """Return for each facet with a choice the entries that have one of the chosen values."""
        found: dict[str, Bits] = {}
        for facet, value in query.selected:
            found[facet] = found.get(facet, 0) | members[facet].get(value, 0)
        return found

    def count(
        self, matched: Bits, chosen: Mapping[str, Bits], query: Query, members: Mapping[str, Mapping[str, Bits]]
    ) -> tuple[Bits, dict[str, Facet]]:
        """Return the entries that match with all choices, and each facet's counts with its own choice left out."""
        facets = {}
        for facet, values in members.items():
            base = matched
            for other, bits in chosen.items():
                if other != facet:
                    base &= bits
            counts = [(base & bits).bit_count() for bits in values.values()]
            facets[facet] = Facet(tuple(values), counts, frozenset(map(str, getattr(query, facet))))
        for bits in chosen.values():
            matched &= bits
        return matched, facets
