"""What else may be meant by what was typed: the coordinators' groups of words that mean the same, for every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from servicedir.domain.catalogue import Synonym
from servicedir.search import german
from servicedir.search.grammar import Term

MOST_ALTERNATIVES = 8
"""What one word, or one run of words, may be instead; what comes after in its groups is left out."""
MOST_OF_A_QUERY = 32
"""Alternatives of a whole query, so that no query is expensive."""
WEIGHT = 0.8
"""How much a synonym counts beside the same word typed."""

Words = tuple[str, ...]
Readings = tuple[frozenset[tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """Typed terms that belong together: each with what else it may be, and what may stand for all of them at once.

    An alternative is words that an entry must have together. Most wishes are of one term.
    """

    terms: tuple[tuple[Term, tuple[Words, ...]], ...]
    instead: tuple[Words, ...] = ()

    @property
    def negated(self) -> bool:
        """Return whether entries that have it are left out; such a wish is of one term without alternatives."""
        return self.terms[0][0].negated

    @property
    def stems(self) -> Iterator[str]:
        """Yield the stems by which an entry may be found, for marking them."""
        for term, others in self.terms:
            for words in (term.words, *others):
                yield from _stems(words)
        for words in self.instead:
            yield from _stems(words)


class Thesaurus:
    """The groups of one catalogue, ready to be asked for the words of a query."""

    def __init__(self, groups: Iterable[Synonym]) -> None:
        self._known: dict[tuple[str, ...], list[tuple[Readings, tuple[Words, ...]]]] = {}
        for group in groups:
            members = [words for said in group.words if (words := telling(said))]
            for member in members:
                readings = tuple(german.readings(word) for word in member)
                others = tuple(words for words in members if words != member)
                for reading in readings[0]:
                    self._known.setdefault(reading, []).append((readings, others))

    def wishes(self, terms: tuple[Term, ...]) -> list[Wish]:
        """Return what the terms of a query ask for, in their order; what leaves out is taken by the letter."""
        found: list[Wish] = []
        left, at = MOST_OF_A_QUERY, 0
        while at < len(terms):
            length, instead = self._run(terms, at)
            parts = []
            for term in terms[at : at + length]:
                others = self._matching((term,), 1)[: min(MOST_ALTERNATIVES, left)]
                left -= len(others)
                parts.append((term, others))
            instead = instead[: min(MOST_ALTERNATIVES, left)]
            left -= len(instead)
            found.append(Wish(tuple(parts), instead))
            at += length
        return found

    def _run(self, terms: tuple[Term, ...], at: int) -> tuple[int, tuple[Words, ...]]:
        """Return how many terms from one on are a synonym of several words, the longest there is, and its others."""
        readings = german.readings(terms[at].words[0]) if self._known else ()
        longest = max((len(known) for r in readings for known, _others in self._known.get(r, ())), default=1)
        for length in range(min(longest, len(terms) - at), 1, -1):
            if others := self._matching(terms[at : at + length], length):
                return length, others
        return 1, ()

    def _matching(self, terms: tuple[Term, ...], length: int) -> tuple[Words, ...]:
        """Return the alternatives to a run of single words. A phrase in quotation marks is meant as it stands."""
        if not self._known or any(term.negated or len(term.words) > 1 for term in terms):
            return ()
        typed = [german.readings(term.words[0]) for term in terms]
        found: dict[Words, None] = {}
        for reading in sorted(typed[0]):
            for readings, others in self._known.get(reading, ()):
                if len(readings) == length and all(a & b for a, b in zip(readings, typed, strict=True)):
                    found.update(dict.fromkeys(others))
        return tuple(found)


def telling(said: str) -> Words:
    """Return the words of a synonym without stop words, as they are left out of what is typed; all if none is left."""
    words = tuple(match.group() for match in german.words(said))
    return tuple(word for word in words if not german.is_stop_word(word)) or words


def _stems(words: Words) -> Iterator[str]:
    for word in words:
        for reading in german.readings(word):
            yield from reading
