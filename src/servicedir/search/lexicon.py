"""All words of the published texts, and which of them a typed word may mean: by stem, as a part, by its letters."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate, islice

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from servicedir.search import compounds, german
from servicedir.search.postings import Places

GRAMS = (3, 4)
"""Letters of the pieces by which words are alike."""
MOST_NEAR = 8
"""Words that may be meant by one with a slip of the keyboard."""
SHORTEST_BEGINNING = 4
"""Letters from which on a typed word also means longer ones that begin with it."""
MOST_LONGER = 64
MOST_HOLDING = 400
"""Words that hold a part of which no more are looked at."""


class Lexicon:
    """The words of one state of the index, each with a number: a word that comes later has a higher one.

    What is made of many words is kept when a few come; those few stand in tables of their own until all are made anew.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)
        self.number = {key: number for number, key in enumerate(self.keys)}
        self._tables = [Table(self.keys)]
        self.splitter = compounds.Splitter(self)

    def with_keys(self, keys: Iterable[str]) -> Lexicon:
        """Return a lexicon with more words: itself if it has them all."""
        new = [key for key in dict.fromkeys(keys) if key not in self.number]
        if not new:
            return self
        more = object.__new__(Lexicon)
        more.keys = [*self.keys, *new]
        more.number = {**self.number, **{key: number for number, key in enumerate(new, len(self.keys))}}
        first, *later = self._tables
        more._tables = [first, Table([*(later[0].keys if later else ()), *new], len(first.keys))]
        more.splitter = self.splitter.knowing(more, {german.stem(german.unkeyed(key)[0]) for key in new})
        return more

    def __contains__(self, stem: object) -> bool:
        return any(stem in table.stems for table in self._tables)

    def with_stem(self, stem: str, language: str = "de") -> list[int]:
        """Return the words of a language that have a stem."""
        key = german.key(stem, language)
        return [number for table in self._tables for number in table.stems.get(key, ())]

    def beginning_with(self, word: str) -> list[int]:
        """Return German words that are longer than a typed one and begin like it, the shortest first."""
        start = german.bare(word)
        if len(start) < SHORTEST_BEGINNING:
            return []
        found = [pair for table in self._tables for pair in table.longer(start)]
        return [number for word, number in sorted(found, key=lambda pair: len(pair[0]))[:MOST_LONGER]]

    def holding(self, part: str, splitter: compounds.Splitter) -> list[int]:
        """Return the German compounds of which a stem is one of the parts, taken apart by a splitter."""
        letters = german.bare(part)
        found: list[int] = []
        for table in self._tables:
            if table.parts is not None and not splitter.has_exceptions:
                found += table.parts.get(part, ())
            else:
                near = islice(table.with_letters(letters), MOST_HOLDING)
                found += [number for number in near if part in splitter.parts(self.keys[number])]
        return found

    def warm(self) -> None:
        """Take all words apart and find their letters before somebody asks; takes seconds, others go on meanwhile."""
        for table in self._tables:
            if table.parts is None:
                table.parts = table.taken_apart(self.splitter)
            _ready = table.grams, table.stems

    def near(self, word: str) -> list[tuple[int, int]]:
        """Return words that differ by one slip of the keyboard, by two if the word is long, and by how many."""
        letters = german.bare(word)
        most = 0 if len(letters) < 4 or not letters.isalpha() else 1 if len(letters) < 8 else 2
        if not most:
            return []
        found = [pair for table in self._tables for pair in table.near(letters, most)]
        return sorted(found, key=lambda pair: pair[1])[:MOST_NEAR]

    def pieces(self, word: str) -> tuple[Places, NDArray[np.intp], list[int]]:
        """Return words that share pieces of letters with a folded one: their numbers, and which piece each one has.

        A word is there once for each piece. Behind them comes how many letters each piece of the folded word has.
        """
        hashes, sizes = hashed(german.bare(word))
        numbers, which = zip(*(table.grams.having(hashes) for table in self._tables), strict=True)
        return np.concatenate(numbers), np.concatenate(which), sizes

    def shares(self, word: str) -> tuple[Places, NDArray[np.float32]]:
        """Return words that share longer pieces of letters with a folded one, and the mass of what they share."""
        numbers, shared = zip(*(table.grams.shared(german.bare(word)) for table in self._tables), strict=True)
        return np.concatenate(numbers), np.concatenate(shared)

    @cached_property
    def mass(self) -> NDArray[np.float32]:
        """Return for each word how much its longer pieces of letters weigh: the more, the rarer they are."""
        return np.concatenate([table.grams.mass for table in self._tables])


class Table:
    """What is found in some words in a row, of which the first one has a number."""

    def __init__(self, keys: list[str], first: int = 0) -> None:
        self.keys = keys
        self._first = first
        self.parts: dict[str, list[int]] | None = None
        """The numbers of the compounds of each part, once they are all taken apart."""

    def taken_apart(self, splitter: compounds.Splitter) -> dict[str, list[int]]:
        """Return the numbers of the German compounds of each part."""
        found: dict[str, list[int]] = {}
        for number, key in enumerate(self.keys, self._first):
            if ":" not in key:
                for part in dict.fromkeys(splitter.parts(key)):
                    found.setdefault(part, []).append(number)
            if number % 64 == 0:
                time.sleep(0.001)  # Whoever waits for an answer goes first.
        return found

    @cached_property
    def stems(self) -> dict[str, list[int]]:
        """Return the numbers of the words of each stem; an English one is told apart from a German one."""
        found: dict[str, list[int]] = {}
        for number, key in enumerate(self.keys, self._first):
            word, language = german.unkeyed(key)
            found.setdefault(german.key(german.stem(word, language), language), []).append(number)
        return found

    @cached_property
    def _sorted(self) -> tuple[list[str], list[int]]:
        """Return the German words, blind to umlauts, in order, and their numbers."""
        german_keys = ((key, number) for number, key in enumerate(self.keys, self._first) if ":" not in key)
        pairs = sorted((german.bare(key), number) for key, number in german_keys)
        return [word for word, _number in pairs], [number for _word, number in pairs]

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        """Return the same words in one text, a line each, and where each line begins."""
        words = self._sorted[0]
        ends = accumulate(len(word) + 1 for word in words)
        return "\n" + "\n".join(words) + "\n", [1, *(end + 1 for end in ends)][: len(words)]

    def longer(self, start: str) -> list[tuple[str, int]]:
        """Return the words that are longer than some letters and begin with them."""
        words, numbers = self._sorted
        first, behind = bisect_right(words, start), bisect_left(words, start + "\U0010ffff")
        # A number that goes on is another number.
        is_number, behind_it = start[-1:].isdigit(), len(start)
        some = (
            at for at in range(first, min(behind, first + 1000)) if not (is_number and words[at][behind_it].isdigit())
        )
        found = sorted(some, key=lambda at: len(words[at]))
        return [(words[at], numbers[at]) for at in found[:MOST_LONGER]]

    def with_letters(self, letters: str) -> Iterator[int]:
        """Yield the numbers of the words in which some letters stand."""
        text, starts = self._joined
        numbers = self._sorted[1]
        at = text.find(letters)
        while at >= 0:
            yield numbers[bisect_right(starts, at) - 1]
            at = text.find(letters, text.index("\n", at))

    def near(self, letters: str, most: int) -> list[tuple[int, int]]:
        """Return the words that differ by so many slips at most, and by how many."""
        words, numbers = self._sorted
        found = process.extract(letters, words, scorer=OSA.distance, score_cutoff=most, limit=MOST_NEAR)
        return [(numbers[at], int(distance)) for _word, distance, at in found]

    @cached_property
    def grams(self) -> Grams:
        """Return the letters that the German words share."""
        return Grams([german.bare(key) if ":" not in key else "" for key in self.keys], self._first)


class Grams:
    """Pieces of some letters of words in a row, to find the words that have them."""

    def __init__(self, words: list[str], first: int = 0) -> None:
        self._first = first
        letters = _letters("".join(f"\n_{word}_" for word in words))
        breaks = letters == ord("\n")
        lines = np.cumsum(breaks).astype(np.intp) - 1
        tables = []
        for size in GRAMS:
            hashes = _hashes(letters, size)
            whole = np.ones(len(hashes), bool)
            for step in range(size):
                whole &= ~breaks[step : step + len(hashes)]
            pairs = np.unique(np.stack((hashes[whole], lines[: len(whole)][whole].astype(np.uint64))), axis=1)
            tables.append(pairs)
        self._hashes, of = np.concatenate(tables, axis=1)
        order = np.argsort(self._hashes, kind="stable")
        self._hashes, self._of = self._hashes[order], of[order].astype(np.intp)
        # How much of a word another one has is said by its longest pieces alone.
        longest, lines_of = tables[-1]
        _same, which, counts = np.unique(longest, return_inverse=True, return_counts=True)
        rarity = np.log1p(len(words) / counts).astype(np.float32)
        self._longest, self._longest_of, self._rarity = longest, lines_of.astype(np.intp), rarity[which]
        self.mass = np.bincount(self._longest_of, self._rarity, minlength=len(words)).astype(np.float32)

    def having(self, hashes: NDArray[np.uint64]) -> tuple[Places, NDArray[np.intp]]:
        """Return the numbers of the words that have one of some pieces, and which one: once for each that they have."""
        return self._found(self._hashes, self._of, hashes)

    def _found(
        self, table: NDArray[np.uint64], of: Places, hashes: NDArray[np.uint64]
    ) -> tuple[Places, NDArray[np.intp]]:
        firsts, behinds = np.searchsorted(table, hashes), np.searchsorted(table, hashes, "right")
        counts = behinds - firsts
        which = np.repeat(np.arange(len(hashes)), counts)
        at = np.arange(len(which))
        at += np.repeat(firsts - np.cumsum(counts) + counts, counts)
        return of.take(at) + self._first, which

    def shared(self, word: str) -> tuple[Places, NDArray[np.float32]]:
        """Return the numbers of words that share longest pieces with one, and the mass of what they share."""
        hashes = np.unique(_hashes(_letters(f"_{word}_"), GRAMS[-1]))
        firsts, behinds = np.searchsorted(self._longest, hashes), np.searchsorted(self._longest, hashes, "right")
        shared = np.zeros(len(self.mass), np.float32)
        for first, behind in zip(firsts.tolist(), behinds.tolist(), strict=True):
            shared[self._longest_of[first:behind]] += self._rarity[first:behind]
        numbers = shared.nonzero()[0]
        return numbers + self._first, shared[numbers]


def hashed(word: str) -> tuple[NDArray[np.uint64], list[int]]:
    """Return a number for each piece of a word, its beginning and its end included, each once; and their letters."""
    letters = _letters(f"_{word}_")
    pieces = [np.unique(_hashes(letters, size)) for size in GRAMS]
    return np.concatenate(pieces), [size for size, some in zip(GRAMS, pieces, strict=True) for _piece in some]


def _letters(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def _hashes(letters: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Return a number for each piece of so many letters; different pieces practically never have the same."""
    found = np.full(max(0, len(letters) - size + 1), size, np.uint64)
    for step in range(size):
        found = found * np.uint64(1_000_003) + letters[step : step + len(found)]
    return found
