"""What else may be meant by what was typed: groups of words that mean the same, and words that lead to others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeAlias

from servicedir.domain.catalogue import Catalogue
from servicedir.search import everyday, german
from servicedir.search.grammar import Term

MOST_ALTERNATIVES = 8
"""What one word, or one run of words, may be instead; what comes after in its groups is left out."""
MOST_OF_A_QUERY = 32
"""Alternatives of a whole query, so that no query is expensive."""

Words = tuple[str, ...]
Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offices:
    """An office that was named, and those below it, by their slugs."""

    slugs: tuple[str, ...]


Alternative: TypeAlias = Words | Offices
"""Words that an entry must have together, or offices of which one must answer for it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Typed terms that belong together: each with what else it may be, and what may stand for all of them at once.

    Most wishes are of one term.
    """

    terms: tuple[tuple[Term, tuple[Alternative, ...]], ...]
    instead: tuple[Alternative, ...] = ()

    @property
    def negated(self) -> bool:
        """Return whether entries that have it are left out; such a wish is of one term without alternatives."""
        return self.terms[0][0].negated


class Thesaurus:
    """What leads from words to others, ready to be asked for the words of a query; `below` is asked after it."""

    def __init__(
        self,
        groups: Iterable[Iterable[str]] = (),
        leads: Iterable[tuple[str, Iterable[str]]] = (),
        below: Thesaurus | None = None,
        offices: Iterable[tuple[Words, Offices]] = (),
    ) -> None:
        self._known: dict[Stems, list[Alternative]] = {}
        self._longest: int = below._longest if below else 1
        self._below = below
        for name, named in offices:
            self._add(name, [named])
        for group in groups:
            members = [words for said in group if (words := telling(said))]
            for member in members:
                self._add(member, (words for words in members if words != member))
        for said, others in leads:
            self._add(telling(said), filter(None, map(telling, others)))

    def _add(self, words: Words, others: Iterable[Alternative]) -> None:
        if words:
            self._known.setdefault(tuple(map(_stem, words)), []).extend(others)
            self._longest = max(self._longest, len(words))

    def wishes(self, terms: tuple[Term, ...]) -> list[Wish]:
        """Return what the terms of a query ask for, in their order; what leaves out is taken by the letter."""
        found: list[Wish] = []
        # A phrase in quotation marks is meant as it stands, and so is what must not be there: no stem, no alternatives.
        stems = tuple([_stem(t.words[0]) if len(t.words) == 1 and not t.negated else "" for t in terms])
        left, at = MOST_OF_A_QUERY, 0
        while at < len(terms):
            length, instead = self._run(stems, at)
            parts = []
            for number in range(at, at + length):
                others = self._others(stems[number : number + 1])[: min(MOST_ALTERNATIVES, left)]
                left -= len(others)
                parts.append((terms[number], others))
            instead = instead[: min(MOST_ALTERNATIVES, left)]
            left -= len(instead)
            found.append(Wish(tuple(parts), instead))
            at += length
        return found

    def _run(self, stems: Stems, at: int) -> tuple[int, tuple[Alternative, ...]]:
        """Return how many words from one on are known together, the most there are, and what they lead to."""
        for length in range(min(self._longest, len(stems) - at), 1, -1):
            if others := self._others(stems[at : at + length]):
                return length, others
        return 1, ()

    def _others(self, stems: Stems) -> tuple[Alternative, ...]:
        """Return the alternatives to a run of words."""
        own = self._known.get(stems, ())
        below = self._below._others(stems) if self._below else ()
        return tuple(dict.fromkeys((*own, *below))) if own or below else ()


@cache
def shipped() -> Thesaurus:
    """Return what comes with the product: everyday words for what offices write."""
    return Thesaurus(everyday.same(), everyday.leads())


def warm() -> None:
    """Read what ships before somebody asks."""
    shipped()
    _english()


@cache
def _english() -> tuple[dict[Words, tuple[Words, ...]], int]:
    known: dict[Words, list[Words]] = {}
    for said, others in everyday.english():
        words = tuple(german.spelled(match.group())[-1] for match in german.words(said))
        words = tuple(word for word in words if not german.is_stop_word(word)) or words
        known.setdefault(words, []).extend(filter(None, map(telling, others)))
    return {words: tuple(others) for words, others in known.items()}, max(map(len, known), default=1)


def translated(wishes: list[Wish], is_foreign: Callable[[str], bool]) -> list[Wish]:
    """Return wishes with the German words for English ones, where `is_foreign` says of each that it is not German.

    English words are compared as they are written, but for a plural: by their stems they would meet German ones.
    """
    foreign = [is_foreign(german.spelled(wish.terms[0][0].words[0])[-1]) for wish in wishes]
    if not any(foreign):
        return wishes
    known, longest = _english()
    found: list[Wish] = []
    at = 0
    while at < len(wishes):
        for length in range(min(longest, len(wishes) - at), 0, -1):
            run = wishes[at : at + length]
            if any(len(w.terms) > 1 or w.negated or len(w.terms[0][0].words) > 1 for w in run):
                continue
            words = [german.spelled(w.terms[0][0].words[0])[-1] for w in run]
            others = known.get(tuple(words)) or known.get((*words[:-1], words[-1].removesuffix("s")))
            if others and all(foreign[at : at + length]):
                terms = tuple(term for wish in run for term in wish.terms)
                found.append(Wish(terms, (*(run[0].instead if length == 1 else ()), *others)[:MOST_ALTERNATIVES]))
                at += length
                break
        else:
            found.append(wishes[at])
            at += 1
    return found


def of_catalogue(catalogue: Catalogue) -> Thesaurus:
    """Return the names of a catalogue's offices and its coordinators' groups, and below them what ships."""
    groups = (group.words for group in catalogue.synonyms.values())
    return Thesaurus(groups, below=shipped(), offices=_offices(catalogue))


def _offices(catalogue: Catalogue) -> Iterator[tuple[Words, Offices]]:
    below: dict[str, list[str]] = {}
    for slug in catalogue.offices:
        for above in catalogue.lineage(slug):
            below.setdefault(above, []).append(slug)
    for slug, office in catalogue.offices.items():
        for name in dict.fromkeys(name for _language, name in office.name):
            words = telling(name)
            # "Amt für Kultur" must not be a name of "Kultur".
            if len(words) > 1 or len(list(german.words(name))) == 1:
                yield words, Offices(tuple(below[slug]))


def telling(said: str) -> Words:
    """Return the words of a synonym without stop words, as they are left out of what is typed; all if none is left."""
    words = tuple(match.group() for match in german.words(said))
    return tuple(word for word in words if not german.is_stop_word(word)) or words


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return german.stem(german.spelled(word)[-1]) if german.spelled(word) else word
