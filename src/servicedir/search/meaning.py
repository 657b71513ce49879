"""What a typed word says about every entry: more the nearer the entry's own words are to it.

Words of the same stem count, then compounds that hold it and parts that it holds, then letters in common. Each of these
is a class of words; the rarer a class is in the catalogue, the more it says (BM25).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import numpy as np

from servicedir.search import german
from servicedir.search.compounds import NO_EXCEPTIONS, Exceptions, Splitter, commonness, is_german
from servicedir.search.postings import Impacts, Places
from servicedir.search.snapshot import Snapshot
from servicedir.search.synonyms import Offices
from servicedir.search.texts import WEIGHTS

WHOLE, STEM = 0.4, 0.3
"""How much it counts that just this word stands there, and that a word of its stem does."""
LONGER = 0.5
"""How much it counts that a longer word stands there which holds the typed one."""
HEAD, MODIFIER = 0.4, 0.7
"""How much a part counts: the last one of a compound says what kind of thing it is, those before it which one."""
PIECE = {3: 0.18, 4: 0.05}
"""How much each piece of so many letters counts."""
WELL_KNOWN = 100
"""Entries with a word from which on none is looked for that merely looks like it."""
LONGEST = 40
"""Letters of a typed word up to which other words are looked for that look like it."""
SLIP = 0.7
"""How much a word counts that differs by a slip of the keyboard, where nobody has written the typed one."""
IN_OTHER_WORDS = 2.0
"""By how much more words count of which letters do not: as much as others with their letters, about."""

EVERYWHERE = 1
"""Pieces of letters that stand in more words of entries than one for so many entries are left out."""

_DENSE = 4  # From one posting for so many places on, sums are made for all places at once.
_MOST_AT_ONCE = 2_000_000  # Numbers that are worked on in one go.
_SATURATION = 4.0  # BM25's k1: how soon it no longer matters how often a word stands there.
_TITLE = WEIGHTS["title"] * (_SATURATION + 1) / (WEIGHTS["title"] + _SATURATION)  # What a word in a title gains, about.


class Gained(NamedTuple):
    """Where a class of words stands, what an entry gains there, and how rare that is: 0 if it stands nowhere."""

    places: Places
    gains: Impacts
    rarity: float


class Why(StrEnum):
    """How words of the catalogue are near to a typed one."""

    WHOLE = "the word itself"
    STEM = "another form of it"
    LONGER = "a longer word with it"
    PART = "a part of it"
    SLIP = "what may have been meant"


class Class(NamedTuple):
    """Words of the catalogue, by their numbers, that say the same of a typed one; `share` is how much of it that is."""

    why: Why
    weight: float
    numbers: list[int]
    share: float = 1


@dataclass(frozen=True, slots=True)
class Sense:
    """What a word, or several that stand for one, says: `gains` for each place, and how far it is `covered` there.

    Covered is 1 where the word stands, or another form of it; less where only some of its parts do; else 0. `most` is
    what it would gain in a title of that word alone. `keys` are the words of the catalogue in which it was found.
    `better` is a typed word that nobody has written, a space, and the word that may have been meant.
    """

    gains: Impacts
    covered: Impacts
    most: float
    keys: frozenset[str]
    better: str = ""


class Meanings:
    """The senses of words over one snapshot, with compounds taken apart but for exceptions."""

    def __init__(self, snapshot: Snapshot, exceptions: Exceptions = NO_EXCEPTIONS) -> None:
        self._exceptions = exceptions
        self._snapshot = snapshot
        self._lexicon = snapshot.lexicon
        self._rarest = math.log(1 + (snapshot.count + 0.5) / 0.5)

    @cached_property
    def _splitter(self) -> Splitter:
        return self._lexicon.splitter.but(self._exceptions)

    def _rarity(self, having: int) -> float:
        count = self._snapshot.count
        return math.log(1 + (count - having + 0.5) / (having + 0.5))

    def rareness(self, having: int) -> float:
        """Return how much something says that so many entries have, as a share of what it would if none had: 1 to 0."""
        return self._rarity(having) / self._rarest

    def of_class(self, numbers: Collection[int]) -> Gained:
        """Return where any of some words stands, and what is gained there."""
        postings, width = self._snapshot.postings, self._snapshot.width
        places, impacts, _of = postings.of(np.fromiter(numbers, np.intp, len(numbers)))
        if self._snapshot.left_behind:
            alive = self._snapshot.alive[places]
            places, impacts = places[alive], impacts[alive]
        if not len(places):
            return Gained(places, impacts, 0.0)
        if len(numbers) > 1:
            if len(places) * _DENSE > width:
                sums = np.bincount(places, impacts, minlength=width)
                places = sums.nonzero()[0]
                impacts = sums[places].astype(np.float32)
            else:
                places, which = np.unique(places, return_inverse=True)
                impacts = np.bincount(which, impacts, minlength=len(places)).astype(np.float32)
        rarity = self._rarity(len(places))
        return Gained(places, impacts * (np.float32((_SATURATION + 1) * rarity) / (impacts + _SATURATION)), rarity)

    def classes(self, word: str) -> Iterator[Class]:
        """Yield the classes of words that a folded word may mean, but for those that merely look like it."""
        lexicon, splitter = self._lexicon, self._splitter
        forms = self.forms(word)
        longer = {*lexicon.holding(german.stem(word), splitter), *lexicon.beginning_with(word)}
        parts = splitter.parts(word)
        yield Class(Why.WHOLE, WHOLE, [lexicon.number[key] for key in self._spellings(word) if key in lexicon.number])
        yield Class(Why.STEM, STEM, forms)
        if longer or not parts:
            yield Class(Why.LONGER, LONGER, [*longer.union(() if parts else forms)])
        whole = sum(map(len, parts))
        for number, part in enumerate(parts, 1):
            held = {*lexicon.with_stem(part), *lexicon.holding(part, splitter)}
            yield Class(Why.PART, HEAD if number == len(parts) else MODIFIER, [*held], len(part) / whole)

    def of_word(self, word: str, *, letters: bool = True, slips: bool = True) -> Sense:
        """Return the sense of a folded word; `letters`: words that merely look like it say a little as well.

        `slips`: if nobody has written it, one that is nearly the same may have been meant.
        """
        size, lexicon = self._snapshot.width, self._lexicon
        gains, covered = np.zeros(size, np.float32), np.zeros(size, np.float32)
        found: set[int] = set()
        most, better = 0.0, ""

        def add(one: Class) -> None:
            nonlocal most
            places, gained, rarity = self.of_class(one.numbers)
            most += one.weight * (rarity or self._rarest)
            if rarity:
                gains[places] += gained * np.float32(one.weight)
                covered[places] += np.float32(one.share)
                # Parts of a synonym explain nothing to who did not type it.
                if letters or one.share == 1:
                    found.update(one.numbers)

        for one in self.classes(word):
            add(one)
        is_unheard = not covered.any() or (covered.max() < 1 and self._splitter.guesses(word))
        if slips and is_unheard and not is_german(word) and (near := self.near(word)):
            add(Class(Why.SLIP, SLIP, near))
            better = f"{word} {lexicon.keys[near[0]]}"
        known = np.count_nonzero(covered >= 1)
        if letters and known < WELL_KNOWN and len(word) <= LONGEST and not any(map(str.isdigit, word)):
            most += self._add_letters(word, gains)
        weight = commonness(german.stem(word))
        keys = frozenset(map(lexicon.keys.__getitem__, found))
        return Sense(gains * np.float32(weight), np.minimum(covered, 1), most * weight * _TITLE, keys, better)

    @staticmethod
    def _spellings(word: str) -> tuple[str, ...]:
        return word, german.key(word, "en")

    def forms(self, word: str) -> list[int]:
        """Return the words of the catalogue with the stem of a word: of both languages, unless it is one's own."""
        lexicon = self._lexicon
        known = [language for language in german.STOP_WORDS if german.key(word, language) in lexicon.number]
        return [
            number
            for language in known or german.STOP_WORDS
            for number in lexicon.with_stem(german.stem(word, language), language)
        ]

    def near(self, word: str) -> list[int]:
        """Return words that differ by a slip or two, the nearest first; none that went with the last of its entries."""
        return [number for number, _slips in self._lexicon.near(word) if self.of_class([number]).rarity]

    def written(self, word: str) -> list[int]:
        """Return the words of the catalogue that are a folded word in another form, or in another spelling."""
        number = self._lexicon.number
        return list({*self.forms(word), *(number[key] for key in self._spellings(word) if key in number)})

    def _add_letters(self, word: str, gains: Impacts) -> float:
        """Add what pieces of a word say wherever they stand; return the most that they could say."""
        snapshot = self._snapshot
        numbers, which, sizes = self._lexicon.pieces(word)
        count, shares = len(sizes), np.array([PIECE[size] for size in sizes], np.float32)
        # Pieces that stand nearly everywhere say hardly anything, and would take most of the time.
        often = np.bincount(which, snapshot.postings.lengths(numbers), minlength=count)
        telling = often * EVERYWHERE <= snapshot.count
        numbers, which = numbers[telling[which]], which[telling[which]]
        places, impacts, of = snapshot.postings.of(numbers)
        pieces = which[of]
        if snapshot.left_behind:
            alive = snapshot.alive[places]
            places, impacts, pieces = places[alive], impacts[alive], pieces[alive]
        most = 0.0
        step = max(1, _MOST_AT_ONCE // snapshot.width)
        for first in range(0, count, step):
            some = slice(None) if count <= step else (pieces >= first) & (pieces < first + step)
            rows = min(step, count - first)
            at = (pieces[some] - first) * snapshot.width + places[some]
            sums = np.bincount(at, impacts[some], minlength=rows * snapshot.width).astype(np.float32)
            sums = sums.reshape(rows, snapshot.width)
            # Bits are counted row by row: counting numbers along an axis takes five times as long.
            having = [int(np.count_nonzero(row)) for row in sums != 0]
            rarities = [self._rarity(number) if number else 0.0 for number in having]
            weights = np.array(rarities, np.float32) * shares[first : first + rows] * np.float32(_SATURATION + 1)
            sums /= sums + np.float32(_SATURATION)
            # Not as a product of matrices: that would wake a thread on each processor for next to nothing.
            gains += np.einsum("i,ij->j", weights, sums)
            # Letters that nobody has written would say the most: a word that has them is a long way off the catalogue.
            counts = zip(rarities, shares[first:].tolist(), telling[first : first + rows].tolist(), strict=False)
            most += sum(share * (rarity or self._rarest) for rarity, share, tells in counts if tells)
        return most

    def together(self, words: Iterable[str]) -> Sense:
        """Return the sense of words that an entry must have all, such as those of a synonym: without mere letters."""
        senses = [self.of_word(word, letters=False, slips=False) for word in words]
        gains = np.mean([sense.gains for sense in senses], axis=0) * np.float32(IN_OTHER_WORDS)
        covered = np.min([sense.covered for sense in senses], axis=0)
        most = sum(sense.most for sense in senses) / len(senses) * IN_OTHER_WORDS
        return Sense(gains, covered, most, frozenset().union(*(sense.keys for sense in senses)))

    def of_offices(self, named: Offices) -> Sense:
        """Return the sense of offices: for which entries one of them answers, as if their titles said so.

        However many they are: who names an office does not mean a part of a word that few have.
        """
        covered = self._snapshot.of_offices(named.slugs).astype(np.float32)
        gain = (WHOLE + STEM) * self._rarest * _TITLE * IN_OTHER_WORDS
        return Sense(covered * np.float32(gain), covered, gain, frozenset())


def folded(words: Iterable[str]) -> Iterator[str]:
    """Yield words as `of_word` takes them: of a hyphenated one the whole, which holds its parts."""
    for word in words:
        yield german.spelled(word)[-1]
