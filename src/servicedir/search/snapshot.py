"""Everything that a search needs in memory, as of one change: entries at their places, words, facets, orders."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, reduce
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.query import FACETS, Query, Sort
from servicedir.domain.text import sort_key
from servicedir.search import german
from servicedir.search.facets import Bits, Mask, Members, Pairs, fixed, packed, unpacked
from servicedir.search.lexicon import Lexicon
from servicedir.search.postings import Places, Postings
from servicedir.search.row import Row

MOST_DAYS = 16
"""Days of which the stages are kept in memory at a time."""
MOST_LEFT_BEHIND = 500
"""Places of former states of entries after which the arrays are made anew."""

_LONG_TEXT = 2.5  # What a word says at most that stands in the body alone, about.
_AT_A_TIME = 4096  # Places of an order that are looked at in one go for the first few of a result.

Prepared = tuple[Row, Mapping[str, float]]
"""An entry as it is held, and how much each of its words says about it."""


class Snapshot:
    """The entries of one change; immutable but for what it keeps for the next question.

    A changed entry gets a new place; `alive` says which places are those of entries as they are now.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        alive: Mask,
        words: tuple[Lexicon, Postings],
        change: int,
        before: Snapshot | None = None,
    ) -> None:
        self.rows = rows
        # Masks and sums have a few places more than there are rows, so that they are whole words of bits.
        self.width = max(1, -(-len(rows) // 64)) * 64
        self.alive = np.zeros(self.width, bool)
        self.alive[: len(rows)] = alive
        self.lexicon, self.postings = words
        self.change = change
        self.size = len(rows)
        self.count = int(np.count_nonzero(alive))
        self.place = {rows[place].slug: place for place in np.flatnonzero(alive).tolist()}
        self.everything: Bits = packed(self.alive)
        self._pairs: Pairs = Pairs(rows, before._pairs if before else None)
        self._titled: list[tuple[str, str, int]] = (
            before._titled_with(rows, before, alive) if before else self._sorted_titles()
        )
        self._lock = Lock()
        self._days: dict[date, dict[str, Members]] = {}
        self._fixed: tuple[Catalogue | None, dict[str, Members]] = (None, {})

    @classmethod
    def of(
        cls,
        rows: Sequence[Row],
        numbers: NDArray[np.int32],
        places: NDArray[np.int32],
        impacts: NDArray[np.float32],
        lexicon: Lexicon,
        change: int,
    ) -> Snapshot:
        """Return the snapshot of rows and of what their words say, as `Postings.of_triples` takes it."""
        words = lexicon, Postings.of_triples(numbers, places, impacts)
        return cls(rows, np.ones(len(rows), bool), words, change)

    def with_changes(self, put: Sequence[Prepared], remove: Iterable[str], change: int) -> Snapshot:
        """Return the snapshot after some entries came in a new state and others went; each slug once."""
        superseded = [*remove, *(row.slug for row, _impacts in put)]
        gone = [self.place[slug] for slug in superseded if slug in self.place]
        if not put and not gone:
            return self._at(change)
        alive = np.concatenate((self.alive[: self.size], np.ones(len(put), bool)))
        alive[gone] = False
        lexicon = self.lexicon.with_keys(key for _row, impacts in put for key in impacts)
        numbered = [{lexicon.number[key]: impact for key, impact in impacts.items()} for _row, impacts in put]
        postings = self.postings.with_entries(enumerate(numbered, self.size)) if put else self.postings
        rows = [*self.rows, *(row for row, _impacts in put)]
        return Snapshot(rows, alive, (lexicon, postings), change, self)

    def _at(self, change: int) -> Snapshot:
        """Return this snapshot as of a later change that concerned none of its entries."""
        same = object.__new__(Snapshot)
        same.__dict__.update(self.__dict__)
        same.change = change
        return same

    @property
    def left_behind(self) -> int:
        """Return how many places are those of former states."""
        return self.size - self.count

    def compacted(self) -> Snapshot:
        """Return the same entries without any places and words left behind."""
        numbers, places, impacts = self.postings.triples()
        kept = self.alive[places]
        numbers, places, impacts = numbers[kept], places[kept], impacts[kept]
        new_place = np.cumsum(self.alive, dtype=np.int32) - 1
        used = np.unique(numbers)
        keys = [self.lexicon.keys[number] for number in used.tolist()]
        rows = [self.rows[place] for place in np.flatnonzero(self.alive).tolist()]
        found = np.searchsorted(used, numbers).astype(np.int32)
        return Snapshot.of(rows, found, new_place[places], impacts, Lexicon(keys), self.change)

    def words(self) -> dict[str, int]:
        """Return the German words that stand elsewhere than in long texts, each with the number of its entries."""
        numbers, places, impacts = self.postings.triples()
        telling = numbers[self.alive[places] & (impacts > _LONG_TEXT)]
        counts = np.bincount(telling, minlength=len(self.lexicon.keys)).tolist()
        return {key: n for key, n in zip(self.lexicon.keys, counts, strict=True) if n and ":" not in key}

    # Titles

    @cached_property
    def _title_words(self) -> Postings:
        """Return the words of the titles; made anew for each snapshot, since that costs less than remembering."""
        number = self.lexicon.number
        numbers, places = [], []
        for place in self.place.values():
            for key in dict.fromkeys(k for code, words in self.rows[place].title for k in german.tokens(words, code)):
                numbers.append(number[key])
                places.append(place)
        ones = np.ones(len(places), np.float32)
        return Postings.of_triples(np.array(numbers, np.int32), np.array(places, np.int32), ones)

    @cached_property
    def _title_mass(self) -> NDArray[np.float32]:
        mass = self._title_words.gathered(np.arange(len(self.lexicon.keys)), self.width, self.lexicon.mass)
        return np.maximum(mass, np.float32(1))

    def title_shares(self, word: str) -> NDArray[np.float32]:
        """Return for each place how much of its title is said by the letters of a folded word: 0 to 1."""
        numbers, shared = self.lexicon.shares(word)
        return self._title_words.gathered(numbers, self.width, shared) / self._title_mass

    # Orders

    def _sorted_titles(self) -> list[tuple[str, str, int]]:
        return sorted(self._title_key(place) for place in self.place.values())

    def _title_key(self, place: int, language: str = "de") -> tuple[str, str, int]:
        row = self.rows[place]
        return sort_key(row.title.within(language)), row.slug, place

    def _titled_with(self, rows: Sequence[Row], before: Snapshot, alive: Mask) -> list[tuple[str, str, int]]:
        """Return the order of titles after this snapshot, changed where entries came and went."""
        titled = [key for key in before._titled if alive[key[2]]]
        for place in range(before.size, len(rows)):
            if alive[place]:
                insort(titled, (sort_key(rows[place].title.within("de")), rows[place].slug, place))
        return titled

    @cached_property
    def by_title(self) -> Places:
        """Return all places in the order of the German titles."""
        return np.array([place for _key, _slug, place in self._titled], np.intp)

    @cached_property
    def by_english_title(self) -> Places:
        """Return all places in the order of the English titles."""
        return np.array([key[2] for key in sorted(self._title_key(p, "en") for p in self.place.values())], np.intp)

    @cached_property
    def newest(self) -> Places:
        """Return all places, last changed first."""
        return np.array(
            sorted(self.by_title.tolist(), key=lambda place: self.rows[place].updated, reverse=True), np.intp
        )

    @cached_property
    def title_rank(self) -> NDArray[np.int64]:
        """Return for each place which one it is in the order of titles."""
        ranks = np.zeros(self.width, np.int64)
        ranks[self.by_title] = np.arange(len(self.by_title))
        return ranks

    def first(self, mask: Mask, query: Query, most: int) -> list[int]:
        """Return the first places of a result in an order that no relevance changes."""
        order = self.by_title
        if query.sort is Sort.UPDATED:
            order = self.newest
        elif query.lang == "en":
            order = self.by_english_title
        found: list[int] = []
        for start in range(0, len(order), _AT_A_TIME):
            some = order[start : start + _AT_A_TIME]
            found += some[mask[some]].tolist()
            if len(found) >= most:
                break
        return found[:most]

    def titles(self) -> list[Row]:
        """Return the rows in the order of the German titles."""
        return [self.rows[place] for place in self.by_title.tolist()]

    # Facets

    @cached_property
    def _bits(self) -> Mapping[str, Mapping[str, Bits]]:
        return self._pairs.bits()

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Return the languages in which services are offered."""
        known = self._bits.get("language", {})
        return frozenset(language for language, bits in known.items() if (bits & self.everything).any())

    def _on(self, day: date) -> dict[str, Members]:
        found = self._days.get(day)
        if found is None:
            found = self._pairs.on(day)
            with self._lock:  # Threads that ask for many days would otherwise drop each other's.
                while len(self._days) >= MOST_DAYS:
                    del self._days[next(iter(self._days))]
                self._days[day] = found
        return found

    def of_offices(self, slugs: Iterable[str]) -> Mask:
        """Return for each place whether one of these offices answers for its entry."""
        of = self._bits.get("office", {})
        bits = reduce(np.bitwise_or, (of[slug] for slug in slugs if slug in of), np.zeros_like(self.everything))
        mask: Mask = unpacked(bits) & self.alive
        return mask

    def members(self, catalogue: Catalogue, day: date) -> dict[str, Members]:
        """Return for each facet the entries of each of its values on a day, values without entries included."""
        kept, found = self._fixed
        if kept is not catalogue:
            empty = np.zeros_like(self.everything)
            spoken = self.spoken
            bits = {**self._bits, "language": {k: v for k, v in self._bits.get("language", {}).items() if k in spoken}}
            found = fixed(bits, catalogue, empty)
            self._fixed = (catalogue, found)
        both = {**found, **self._on(day)}
        return {facet: both[facet] for facet in FACETS}
