"""XML that is put together without a tree is what a parser reads, whatever the words are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from servicedir.exchange.markup import document, tag, text

everything = st.text(st.characters(exclude_categories=()))


@given(everything, everything)
def test_words_come_back_as_they_went_in_but_for_what_xml_does_not_know(words: str, other: str) -> None:
    root = etree.fromstring(document([tag("a", tag("b", words), attributes={"c": other, "d": None})]))
    kept = [
        "".join(character for character in one if text(character)).replace("\n", " " if is_attribute else "\n")
        for one, is_attribute in ((words, False), (other, True))
    ]
    assert (root.findtext("b") or "") == kept[0]
    assert dict(root.attrib) == {"c": kept[1]}


@pytest.mark.parametrize("character", ["\0", "\x01", "\x0b", "\x1f", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_does_not_know_is_left_out(character: str) -> None:
    assert text(f"a{character}b") == "ab"


def test_finished_xml_is_not_escaped_again() -> None:
    assert tag("a", tag("b", "<"), "&") == "<a><b>&lt;</b>&amp;</a>"
    assert tag("a", attributes={"b": '"'}) == '<a b="&quot;"/>'
