"""All words of the published texts, and which of them a typed word may mean: by stem, as a part, by its letters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from servicedir.search import compounds, german
from servicedir.search.postings import Places

GRAMS = (3, 4, 5)
_SHARED = 4  # Letters of the pieces by which it is said how much of a title a word covers.
"""Letters of the pieces by which words are alike."""
SHORTEST_BEGINNING = 4
"""Letters from which on a typed word also means longer ones that begin with it."""
MOST_LONGER = 64
MOST_HOLDING = 400
"""Words that hold a part of which no more are looked at."""


class Lexicon:
    """The words of one state of the index, each with a number: a word that comes later has a higher one."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)
        self.number = {key: number for number, key in enumerate(self.keys)}

    def with_keys(self, keys: Iterable[str]) -> Lexicon:
        """Return a lexicon with more words: itself if it has them all."""
        new = [key for key in dict.fromkeys(keys) if key not in self.number]
        return Lexicon([*self.keys, *new]) if new else self

    @cached_property
    def _stems(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, key in enumerate(self.keys):
            word, language = german.unkeyed(key)
            found.setdefault(german.key(german.stem(word, language), language), []).append(number)
        return found

    @cached_property
    def _sorted(self) -> tuple[list[str], list[int]]:
        """Return the German words, blind to umlauts, in order, and their numbers."""
        pairs = sorted((german.bare(key), number) for number, key in enumerate(self.keys) if ":" not in key)
        return [word for word, _number in pairs], [number for _word, number in pairs]

    @cached_property
    def _joined(self) -> tuple[str, list[int], list[int]]:
        """Return the same words in one text, a line each, where each line begins, and their numbers."""
        words, numbers = self._sorted
        starts, at = [], 1
        for word in words:
            starts.append(at)
            at += len(word) + 1
        return "\n" + "\n".join(words) + "\n", starts, numbers

    def with_stem(self, stem: str, language: str = "de") -> list[int]:
        """Return the words of a language that have a stem."""
        return self._stems.get(german.key(stem, language), [])

    def beginning_with(self, word: str) -> list[int]:
        """Return German words that are longer than a typed one and begin like it, the shortest first."""
        start = german.bare(word)
        if len(start) < SHORTEST_BEGINNING:
            return []
        words, numbers = self._sorted
        first, behind = bisect_right(words, start), bisect_left(words, start + "\U0010ffff")
        found = sorted(range(first, min(behind, first + 1000)), key=lambda at: len(words[at]))
        return [numbers[at] for at in found[:MOST_LONGER]]

    @cached_property
    def splitter(self) -> compounds.Splitter:
        """Return what takes compounds apart, without exceptions; it knows the words of the catalogue."""
        return compounds.Splitter(self._stems)

    def holding(self, part: str, splitter: compounds.Splitter) -> list[int]:
        """Return the German compounds of which a stem is one of the parts, taken apart by a splitter."""
        return [number for number in self._with_letters(part) if part in splitter.parts(self.keys[number])]

    def _with_letters(self, stem: str) -> Iterator[int]:
        letters = german.bare(stem)
        text, starts, numbers = self._joined
        at, seen = text.find(letters), 0
        while at >= 0 and seen < MOST_HOLDING:
            line = bisect_right(starts, at) - 1
            yield numbers[line]
            seen += 1
            at = text.find(letters, text.index("\n", at))

    def near(self, word: str) -> list[tuple[int, int]]:
        """Return words that differ by one slip of the keyboard, by two if the word is long, and by how many."""
        letters = german.bare(word)
        most = 0 if len(letters) < 4 or not letters.isalpha() else 1 if len(letters) < 8 else 2
        if not most:
            return []
        words, numbers = self._sorted
        found = process.extract(letters, words, scorer=OSA.distance, score_cutoff=most, limit=8)
        return [(numbers[at], int(distance)) for _word, distance, at in found]

    @cached_property
    def grams(self) -> Grams:
        """Return the letters that the German words share."""
        return Grams([german.bare(key) if ":" not in key else "" for key in self.keys])


class Grams:
    """Pieces of three to five letters of many words, to find the words that have them."""

    def __init__(self, words: list[str]) -> None:
        framed = "".join(f"\n_{word}_" for word in words)
        letters = _letters(framed)
        breaks = letters == ord("\n")
        lines = np.cumsum(breaks).astype(np.intp) - 1
        self._tables = {}
        for size in GRAMS:
            hashes = _hashes(letters, size)
            whole = np.ones(len(hashes), bool)
            for step in range(size):
                whole &= ~breaks[step : step + len(hashes)]
            hashes, of = hashes[whole], lines[: len(whole)][whole]
            order = np.argsort(hashes, kind="stable")
            self._tables[size] = hashes[order], of[order]
        hashes, of = self._tables[_SHARED]
        _same, which, counts = np.unique(hashes, return_inverse=True, return_counts=True)
        self._rarity = np.log1p(len(words) / counts).astype(np.float32)[which]
        self.mass = np.bincount(of, self._rarity, minlength=len(words)).astype(np.float32)

    def shares(self, word: str) -> tuple[Places, NDArray[np.float32]]:
        """Return the numbers of words that share pieces of four letters with one, and the mass of what they share."""
        hashes, of = self._tables[_SHARED]
        asked = np.unique(_hashes(_letters(f"_{word}_"), _SHARED))
        shared = np.zeros(len(self.mass), np.float32)
        firsts, behinds = np.searchsorted(hashes, asked), np.searchsorted(hashes, asked, "right")
        for first, behind in zip(firsts.tolist(), behinds.tolist(), strict=True):
            shared[of[first:behind]] += self._rarity[first:behind]
        numbers = shared.nonzero()[0]
        return numbers, shared[numbers]

    def of(self, word: str) -> Iterator[tuple[int, Places]]:
        """Yield for each piece of a word its size and the numbers of the words that have it, where there are any."""
        letters = _letters(f"_{word}_")
        for size, (hashes, of) in self._tables.items():
            asked = np.unique(_hashes(letters, size))
            firsts, behinds = np.searchsorted(hashes, asked), np.searchsorted(hashes, asked, "right")
            for first, behind in zip(firsts.tolist(), behinds.tolist(), strict=True):
                if first < behind:
                    yield size, np.unique(of[first:behind])


def _letters(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _hashes(letters: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Return a number for each piece of so many letters; different pieces practically never have the same."""
    found = np.zeros(max(0, len(letters) - size + 1), np.uint64)
    for step in range(size):
        found = found * np.uint64(1_000_003) + letters[step : step + len(found)]
    return found
