"""Postings answer as a dictionary of dictionaries would, whatever comes later."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedir.search.postings import Postings

WORDS, SIZE = 8, 64

Held = dict[int, dict[int, float]]
"""For each place what each of its words says."""

impacts = st.dictionaries(st.integers(0, WORDS - 1), st.integers(1, 100).map(float), max_size=5)
entries = st.lists(impacts, max_size=6)
numbers = st.lists(st.integers(0, WORDS + 2), unique=True, max_size=6)


def made(first: list[dict[int, float]], later: list[list[dict[int, float]]]) -> tuple[Postings, Held]:
    """Postings of some entries, to which others came some at a time; and the same by hand."""
    held: Held = dict(enumerate(first))
    triples = [(number, place, impact) for place, words in held.items() for number, impact in words.items()]
    triples.reverse()  # They may come in any order.
    postings = Postings.of_triples(
        np.array([number for number, _place, _impact in triples], np.int32),
        np.array([place for _number, place, _impact in triples], np.int32),
        np.array([impact for _number, _place, impact in triples], np.float32),
    )
    for some in later:
        coming = dict(enumerate(some, len(held)))
        postings = postings.with_entries(coming.items())
        held |= coming
    return postings, held


@given(entries, st.lists(entries, max_size=3), numbers)
def test_what_words_say_at_each_place_is_the_sum_of_what_each_says(
    first: list[dict[int, float]], later: list[list[dict[int, float]]], asked: list[int]
) -> None:
    postings, held = made(first, later)
    found = postings.gathered(np.array(asked, np.intp), SIZE)
    assert len(found) == SIZE
    assert {place: sums for place, sums in enumerate(found.tolist()) if sums} == {
        place: total for place, words in held.items() if (total := sum(words.get(number, 0) for number in asked))
    }


@given(entries, st.lists(entries, max_size=3), numbers)
def test_each_word_counts_by_its_weight(
    first: list[dict[int, float]], later: list[list[dict[int, float]]], asked: list[int]
) -> None:
    postings, held = made(first, later)
    weights = np.arange(1, len(asked) + 1, dtype=np.float32) / 2
    found = postings.gathered(np.array(asked, np.intp), SIZE, weights)
    by_hand = [
        sum(held.get(place, {}).get(number, 0) * weight for number, weight in zip(asked, weights.tolist(), strict=True))
        for place in range(SIZE)
    ]
    assert found.tolist() == pytest.approx(by_hand)


@given(entries, st.lists(entries, max_size=3), numbers)
def test_each_posting_says_of_which_word_it_is(
    first: list[dict[int, float]], later: list[list[dict[int, float]]], asked: list[int]
) -> None:
    postings, held = made(first, later)
    places, impacts, of = postings.of(np.array(asked, np.intp))
    found = sorted(zip(of.tolist(), places.tolist(), impacts.tolist(), strict=True))
    assert found == sorted(
        (order, place, words[number])
        for order, number in enumerate(asked)
        for place, words in held.items()
        if number in words
    )


@given(entries, st.lists(entries, max_size=3))
def test_triples_are_everything_and_make_the_same_postings_again(
    first: list[dict[int, float]], later: list[list[dict[int, float]]]
) -> None:
    postings, held = made(first, later)
    by_hand = sorted((number, place, impact) for place, words in held.items() for number, impact in words.items())
    for some in (postings, Postings.of_triples(*postings.triples())):
        of, places, impacts = some.triples()
        assert sorted(zip(of.tolist(), places.tolist(), impacts.tolist(), strict=True)) == by_hand


@given(entries, entries)
def test_what_comes_later_leaves_the_former_postings_as_they_were(
    first: list[dict[int, float]], later: list[dict[int, float]]
) -> None:
    before, held = made(first, [])
    before.with_entries(enumerate(later, len(held)))
    again, _held = made(first, [])
    assert [array.tolist() for array in before.triples()] == [array.tolist() for array in again.triples()]
