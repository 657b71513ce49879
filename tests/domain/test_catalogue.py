"""The small nouns: the tree of offices, whatever somebody made of it, days of places, and how words are taken apart."""

from __future__ import annotations

from datetime import date

import pytest
from builders import a_catalogue, a_compound, a_place, an_office
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.catalogue import LONGEST_COMPOUND, Catalogue, Compound

TREE = a_catalogue(
    an_office("stadt"),
    an_office("buergeramt", parent="stadt"),
    an_office("meldestelle", parent="buergeramt"),
    an_office("jugendamt", parent="stadt"),
    an_office("stiftung", parent="land"),
)
CIRCLE = a_catalogue(an_office("a", parent="b"), an_office("b", parent="a"), an_office("own", parent="own"))


def test_a_lineage_goes_from_an_office_up_to_the_top() -> None:
    assert list(TREE.lineage("meldestelle")) == ["meldestelle", "buergeramt", "stadt"]


def test_a_lineage_ends_at_an_office_that_there_is_not() -> None:
    assert list(TREE.lineage("stiftung")) == ["stiftung"]
    assert list(TREE.lineage("nirgends")) == []
    assert list(TREE.lineage("")) == []


def test_a_lineage_in_a_circle_ends_all_the_same() -> None:
    assert list(CIRCLE.lineage("a")) == ["a", "b"]
    assert list(CIRCLE.lineage("own")) == ["own"]


def test_within_an_office_is_itself_and_all_below() -> None:
    assert TREE.within("buergeramt") == {"buergeramt", "meldestelle"}
    assert TREE.within("stadt") == {"stadt", "buergeramt", "meldestelle", "jugendamt"}
    assert TREE.within("nirgends") == set()


def test_children_are_those_directly_below_and_an_orphan_stands_at_the_top() -> None:
    assert {office.slug for office in TREE.children("stadt")} == {"buergeramt", "jugendamt"}
    assert {office.slug for office in TREE.children("")} == {"stadt", "stiftung"}


@given(
    st.dictionaries(
        st.sampled_from("abcdefg"),
        st.sampled_from(["", *"abcdefg", "gone"]),
    )
)
def test_whoever_is_above_an_office_has_it_within(parents: dict[str, str]) -> None:
    tree = Catalogue({slug: an_office(slug, parent=parent) for slug, parent in parents.items()}, {}, {}, {})
    for slug in parents:
        lineage = list(tree.lineage(slug))
        assert lineage[0] == slug
        assert len(lineage) == len(set(lineage))
        assert {above for above in parents if slug in tree.within(above)} == set(lineage)


@pytest.mark.parametrize(
    ("on", "is_open"),
    [
        (date(2021, 2, 28), False),
        (date(2021, 3, 1), True),
        (date(2024, 6, 30), True),
        (date(2024, 7, 1), False),
        (date(2026, 1, 1), False),
    ],
)
def test_a_place_is_open_from_its_opening_to_the_eve_of_its_closing(on: date, is_open: bool) -> None:
    assert a_place(opened="2021-03", closed="2024-07").is_open(on) is is_open


def test_a_place_of_which_nobody_said_more_is_open() -> None:
    assert a_place().is_open(date.min)
    assert a_place().is_open(date.max)


@pytest.mark.parametrize("line", ["Druck|erzeugnis", "Museum", "Tür|öffner", "Fuß|gänger|weg", "Ost|tor"])
def test_a_compound_is_the_word_that_its_parts_make(line: str) -> None:
    compound = a_compound(line)
    assert compound.word == line.replace("|", "")
    assert compound.faults() == []


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        (("Druck", "erzeugnis 2"), "no_letters"),
        (("Druck-erzeugnis",), "no_letters"),
        (("Druck\u00aderzeugnis",), "no_letters"),
        (("Druck", "er", "zeugnis"), "short_part"),
        (("Druck", ""), "short_part"),
        (("",), "short_part"),
        ((), "short_part"),
        (("x" * LONGEST_COMPOUND, "xxx"), "long_word"),
    ],
)
def test_a_compound_is_of_letters_and_neither_it_nor_a_part_is_too_long_or_short(
    parts: tuple[str, ...], rule: str
) -> None:
    assert [str(fault) for fault in Compound(slug="x", parts=parts).faults()] == [f"parts: {rule}"]
