"""Which entries have which words: arrays in memory, made of what the index holds on disk and of what came since.

Entries have places, words have numbers. A place is never given to another entry: what an entry said before it was
changed stays at its old place, which nobody looks at any more, until the postings are made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Places: TypeAlias = NDArray[np.intp]
Impacts: TypeAlias = NDArray[np.float32]


class Postings:
    """For each word the places of the entries that have it, and how much it says there; immutable."""

    def __init__(
        self,
        starts: NDArray[np.int64],
        places: NDArray[np.int32],
        impacts: Impacts,
        later: Mapping[int, tuple[Places, Impacts]],
    ) -> None:
        self._starts = starts
        self._places = places
        self._impacts = impacts
        self._later = later

    @classmethod
    def of_triples(cls, numbers: NDArray[np.int32], places: NDArray[np.int32], impacts: Impacts) -> Postings:
        """Return the postings of triples in any order: number of a word, place of an entry, impact."""
        order = np.argsort(numbers, kind="stable")
        counts = np.bincount(numbers) if len(numbers) else np.zeros(0, np.int64)
        starts = np.concatenate(([0], np.cumsum(counts)))
        return cls(starts, places[order], impacts[order], {})

    def with_entries(self, entries: Iterable[tuple[int, Mapping[int, float]]]) -> Postings:
        """Return these postings with more entries: the place of each, and the impacts of its words by their number."""
        added: dict[int, list[tuple[int, float]]] = {}
        for place, impacts in entries:
            for number, impact in impacts.items():
                added.setdefault(number, []).append((place, impact))
        later = dict(self._later)
        for number, pairs in added.items():
            places = np.array([place for place, _impact in pairs], np.intp)
            impacts_of = np.array([impact for _place, impact in pairs], np.float32)
            if before := later.get(number):
                places, impacts_of = np.concatenate((before[0], places)), np.concatenate((before[1], impacts_of))
            later[number] = places, impacts_of
        return Postings(self._starts, self._places, self._impacts, later)

    def triples(self) -> tuple[NDArray[np.int32], NDArray[np.int32], Impacts]:
        """Return everything as triples, as `of_triples` takes them."""
        counts = np.diff(self._starts)
        numbers = [np.repeat(np.arange(len(counts), dtype=np.int32), counts)]
        places, impacts = [self._places], [self._impacts]
        for number, (more_places, more_impacts) in self._later.items():
            numbers.append(np.full(len(more_places), number, np.int32))
            places.append(more_places.astype(np.int32))
            impacts.append(more_impacts)
        return np.concatenate(numbers), np.concatenate(places), np.concatenate(impacts)

    def of(self, numbers: Places) -> tuple[Places, Impacts, Places]:
        """Return the postings of some words in any order: places, impacts, and which of the words each one is of."""
        known = (numbers < len(self._starts) - 1).nonzero()[0]
        words = numbers[known]
        firsts = self._starts[words]
        lengths = self._starts[words + 1] - firsts
        of = np.repeat(known, lengths)
        at = np.arange(len(of))
        at += np.repeat(firsts - np.cumsum(lengths) + lengths, lengths)
        places, impacts = self._places.take(at).astype(np.intp), self._impacts.take(at)
        if self._later:
            added = [(order, self._later[n]) for order, n in enumerate(numbers.tolist()) if n in self._later]
            if added:
                places = np.concatenate((places, *(later[0] for _order, later in added)))
                impacts = np.concatenate((impacts, *(later[1] for _order, later in added)))
                of = np.concatenate((of, *(np.full(len(later[0]), order) for order, later in added)))
        return places, impacts, of

    def lengths(self, numbers: Places) -> Places:
        """Return in how many entries, as far as they are not later ones, each of some words stands."""
        lengths = np.zeros(len(numbers), np.intp)
        known = numbers < len(self._starts) - 1
        lengths[known] = self._starts[numbers[known] + 1] - self._starts[numbers[known]]
        return lengths

    def gathered(self, numbers: Places, size: int, weights: NDArray[np.float32] | None = None) -> Impacts:
        """Return for each of `size` places the sum of the impacts of some words, each times its weight if given."""
        places, impacts, of = self.of(numbers)
        if weights is not None:
            impacts = impacts * weights[of]
        return np.bincount(places, impacts, minlength=size).astype(np.float32)
