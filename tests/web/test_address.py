"""Addresses of a search say all of it, and differ from each other in what they are asked for."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from servicedir.web.address import Address

names = st.sampled_from(["q", "video", "office", "lang"])
pairs = st.lists(st.tuples(names, st.text(st.characters(exclude_categories=["Cs"]), min_size=1)), max_size=6)


def said(address: object) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(str(address)).query, keep_blank_values=True)


@given(pairs)
def test_an_address_says_what_it_was_made_of(given: list[tuple[str, str]]) -> None:
    address = Address("/", given)
    assert said(address) == given
    assert said(address.page(1)) == given
    assert said(address.page(7)) == [*given, ("page", "7")]
    assert said(address.page("") + "7") == said(address.page(7))


@given(pairs, names, st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), max_size=3))
def test_having_other_values_changes_that_parameter_alone(
    given: list[tuple[str, str]], name: str, values: list[str]
) -> None:
    kept = [pair for pair in given if pair[0] != name]
    assert said(Address("/", given).having(name, values)) == [*kept, *((name, value) for value in values)]


@given(pairs)
def test_without_one_value_the_others_stay(given: list[tuple[str, str]]) -> None:
    for name, value in given:
        assert said(Address("/", given).without(name, value)) == [pair for pair in given if pair != (name, value)]


@given(pairs)
def test_for_html_it_is_the_same_address_escaped(given: list[tuple[str, str]]) -> None:
    address = Address('/a"b<c/', given)
    for of in (str, lambda address: address.page(3), lambda address: address.having("q", ["x"])):
        assert of(address.for_html()) == str(escape(of(address)))
