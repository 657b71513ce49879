"""Long German words taken apart into words that are known: from the catalogue, and from a list of common parts."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from copy import copy
from functools import cache
from importlib import resources
from types import MappingProxyType

from servicedir.domain.catalogue import Compound
from servicedir.search import german

Exceptions = Mapping[str, tuple[str, ...]]
"""Words that are taken apart as somebody says, folded and by their stems, so in each form; to the parts' stems."""

SHORTEST = 4
"""Letters of a part; one at either end may have three, if the catalogue has it as a word and the rest is longer."""
LONGEST_WORD = 60
"""Letters of a word that is taken apart; nobody writes longer ones."""

SHORTEST_UNKNOWN, SHORTEST_BEHIND = 5, 7
"""Letters of a first part that nobody has heard of, and of a word of the catalogue behind it."""

_LINKS = ("", "s", "es", "n", "en", "er", "e", "ens")
# What goes before a verb, or a noun that was made of one, and changes what it means.
_BEFORE_VERBS = frozenset(
    "durch entgegen gegen heraus herbei herein herunter hinaus hinter nicht nieder unter voraus vorbei weiter wider "
    "wieder zurück zusammen".split()
)
# What makes a noun or an adjective of a word, and is none itself.
_ENDINGS = frozenset(
    "bar chen fach haft heit ieren isch keit lein lich ling los mäßig massig nis sam schaft tum ung voll".split()
)
# Where these seem to follow, it is the letter between two words, and "Amt" or "Ort".
_NEVER_BEHIND = frozenset(["samt", "sort"])
NO_EXCEPTIONS: Exceptions = MappingProxyType({})


def exceptions_of(compounds: Iterable[Compound]) -> Exceptions:
    """Return how the coordinators of a catalogue have words taken apart; a word of one part has none."""
    found: dict[str, tuple[str, ...]] = {}
    by_stem: dict[str, tuple[str, ...]] = {}
    for compound in compounds:
        parts = tuple(german.stem(german.fold(part)) for part in compound.parts)
        word = german.fold(compound.word)
        found[word] = by_stem[german.stem(word)] = parts if len(parts) > 1 else ()
    # Who wrote down two forms of a word means each of them as it stands.
    return by_stem | found


@cache
def common_parts() -> frozenset[str]:
    """Return stems of which many German words are made; where they come from stands in the file."""
    text = resources.files("servicedir.search.words").joinpath("parts.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _common() -> dict[str, float]:
    text = resources.files("servicedir.search.words").joinpath("common.txt").read_text("utf-8")
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {stem: float(weight) for weight, *stems in lines for stem in stems}


def commonness(stem: str) -> float:
    """Return how much a word counts by how common it is in German: from 0.1 for everybody's words to 0.9."""
    return _common().get(stem, 0.9)


def is_german(word: str) -> bool:
    """Return whether a folded word is one that many people write, so that it is no slip of the keyboard."""
    stem = german.stem(word)
    return stem in _common() or stem in common_parts()


class Splitter:
    """Takes words apart. `known` holds the stems of the catalogue; `exceptions` say how a word is, or is not, split."""

    def __init__(self, known: Container[str], exceptions: Exceptions = NO_EXCEPTIONS) -> None:
        self._known = known
        self._common = common_parts()
        self._exceptions = exceptions
        self._kept: dict[str, tuple[str, ...]] = {}

    def parts(self, word: str) -> tuple[str, ...]:
        """Return the stems of the parts of a folded word, in their order; empty for a word that is no compound."""
        if self._exceptions:
            for form in (word, german.stem(word)):
                if form in self._exceptions:
                    return self._exceptions[form]
        found = self._kept.get(word)
        if found is None:
            if len(self._kept) > 100_000:
                self._kept.clear()
            found = self._kept[word] = self._split(word)
        return found

    @property
    def has_exceptions(self) -> bool:
        """Return whether somebody said how some words are taken apart."""
        return bool(self._exceptions)

    def guesses(self, word: str) -> bool:
        """Return whether a word is taken apart though nobody knows its first part: it may be misspelled."""
        first = next(iter(self.parts(word)), "")
        return bool(first) and first not in self._known and first not in self._common

    def but(self, exceptions: Exceptions) -> Splitter:
        """Return a splitter with these exceptions; it knows the same words, and what both find out is kept once."""
        other = copy(self)
        other._exceptions = exceptions
        return other

    def knowing(self, known: Container[str], new: Collection[str]) -> Splitter:
        """Return a splitter that knows more stems, `new` ones among them: words with these are taken apart again."""
        other = Splitter(known, self._exceptions)
        kept = self._kept.copy()  # In one step: others search meanwhile, and keep more.
        other._kept = {word: parts for word, parts in kept.items() if not any(stem in word for stem in new)}
        return other

    def _split(self, word: str) -> tuple[str, ...]:
        if not 6 <= len(word) <= LONGEST_WORD or not word.isalpha():
            return ()
        # The best way to each position: fewest parts, then those that are whole words without a letter between.
        best: dict[int, tuple[int, tuple[str, ...]]] = {0: (0, ())}
        for start in range(len(word) - 2):
            if start not in best:
                continue
            cost, parts = best[start]
            for end in range(start + 3, len(word) + 1):
                if end - start == len(word):
                    continue
                known = self._part(word[start:end], start == 0, end == len(word), len(word))
                if known and (end not in best or cost + known[0] < best[end][0]):
                    best[end] = cost + known[0], (*parts, known[1])
        return best[len(word)][1] if len(word) in best else self._behind_unknown(word)

    def _behind_unknown(self, word: str) -> tuple[str, ...]:
        """Return the parts of a word of which the catalogue knows the end alone: it says what kind of thing that is."""
        for cut in range(SHORTEST_UNKNOWN, len(word) - SHORTEST_BEHIND + 1):
            first, last = word[:cut], word[cut:]
            stem = german.stem(last)
            if stem in self._known and first not in _BEFORE_VERBS:
                return german.stem(first), stem
        return ()

    def _part(self, piece: str, is_first: bool, is_last: bool, length: int) -> tuple[int, str] | None:
        """Return what a piece costs as a part, and its stem; None for what is no part."""
        for link in _LINKS[:1] if is_last else _LINKS:
            if not piece.endswith(link):
                continue
            core = piece[: len(piece) - len(link)]
            if len(core) < 3 or core in _ENDINGS or core in german.ALL_STOP_WORDS:
                continue
            stem = german.stem(core)
            if stem in _NEVER_BEHIND and not is_first:
                continue
            if len(core) == 3:
                if not ((is_first or is_last) and length >= 6 and stem in self._known):
                    continue
                return 130 + len(link), stem
            if len(stem) >= 3 and (stem in self._known or stem in self._common):
                return 100 + len(link), stem
        return None
