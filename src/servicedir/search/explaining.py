"""Why an entry is found, and why at its place: for who tends the search, in the order of the result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from servicedir.search import german
from servicedir.search.meaning import Class, Why, folded
from servicedir.search.synonyms import Alternative, Offices, Wish
from servicedir.search.texts import fields

if TYPE_CHECKING:
    from servicedir.search.finder import Finder


class Reason(NamedTuple):
    """What a typed word has found in an entry: `words` by field, how near they are, and what that gains."""

    typed: str
    why: str
    words: str
    gain: float


class Explained(NamedTuple):
    """A found entry, what it gains in all, and the reasons; the rest of the gain is letters in common."""

    slug: str
    score: float
    reasons: list[Reason]


def reasons(finder: Finder, wish: Wish, place: int) -> Iterator[Reason]:
    """Yield what a wish has found in the entry at a place, the strongest first for each word."""
    found: list[Reason] = []
    for term, others in wish.terms:
        for word in folded(term.words):
            found += _of_word(finder, term.typed, word, place)
        found += _instead(finder, term.typed, others, place)
    found += _instead(finder, " ".join(term.typed for term, _others in wish.terms), wish.instead, place)
    yield from sorted(found, key=lambda reason: -reason.gain)


def _instead(finder: Finder, typed: str, others: tuple[Alternative, ...], place: int) -> Iterator[Reason]:
    for one in others:
        if not isinstance(one, Offices):
            for word in folded(one):
                yield from _of_word(finder, typed, word, place, "instead")
        elif gain := float(finder.meanings.of_offices(one).gains[place]):
            yield Reason(typed, "it is an office that answers for it", one.slugs[0], gain)


def _of_word(finder: Finder, typed: str, word: str, place: int, said: str = "") -> Iterator[Reason]:
    meanings, lexicon = finder.meanings, finder.snapshot.lexicon
    service = finder.snapshot.rows[place].published.service
    where = [(name, set(keys)) for name, keys in fields(service)]
    near = meanings.near(word)
    classes = [one for one in meanings.classes(word) if one.numbers] or [Class(Why.SLIP, 1, near)]
    for one in classes:
        keys = {lexicon.keys[number] for number in one.numbers}
        there = [f"{german.unkeyed(key)[0]} ({name})" for name, have in where for key in sorted(keys & have)]
        if there:
            places, gains, _rarity = meanings.of_class(one.numbers)
            gain = float(gains[places == place].sum()) * one.weight
            yield Reason(typed, f"{said} {word}: {one.why}" if said else one.why, ", ".join(dict.fromkeys(there)), gain)
