"""What is marked in a hit: the words searched for, in escaped text, whatever that text holds."""

from __future__ import annotations

import re
from html import unescape

import pytest
from asking import Searching
from builders import a_service
from hypothesis import given
from hypothesis import strategies as st

from servicedir.search import german
from servicedir.search.highlight import LENGTH, Piece


def keys(*words: str) -> frozenset[str]:
    """The words as they stand in German and in English texts."""
    return frozenset(key for word in words for language in ("de", "en") for key in german.keys(word, language))


def highlight(text: str, words: frozenset[str], language: str) -> str:
    return Piece(text, language).marked(words)


def test_the_searched_words_are_marked_and_nothing_else() -> None:
    marked = highlight("Meldet die Wohnung ab, auch Wohnungen im Ausland.", keys("wohnung", "wohnungen"), "de")
    assert marked == "Meldet die <mark>Wohnung</mark> ab, auch <mark>Wohnungen</mark> im Ausland."


def test_without_a_searched_word_nothing_is_shown() -> None:
    assert highlight("Meldet die Wohnung ab.", keys("hund"), "de") == ""
    assert highlight("", keys("hund"), "de") == ""
    assert highlight("Ein Hund", frozenset(), "de") == ""


def test_markup_in_a_text_is_text() -> None:
    marked = highlight("<script>alert('x')</script> & \"Hund\" <mark>", keys("hund"), "de")
    assert "<script" not in marked
    assert marked.count("<") == 2
    assert "&lt;script&gt;" in marked


def test_a_long_text_is_cut_around_the_first_searched_word() -> None:
    text = " ".join(["davor"] * 300) + " Hund " + " ".join(["danach"] * 300)
    marked = highlight(text, keys("hund"), "de")
    assert "<mark>Hund</mark>" in marked
    assert marked.startswith("… ")
    assert marked.endswith(" …")
    assert len(marked) < LENGTH + 60


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300 + "/Hund " + "y" * 300,
        "a  " + "b" * 300 + " Hund",
        "a/" * 100 + "Hund " + "b " * 200,
        "a " * 60 + "  Hund" + "-" + "b" * 400,
        "Hund" + "/b" * 300,
        "b " * 100 + "Hund" + "c" * 300,
    ],
)
def test_the_first_searched_word_is_marked_wherever_it_stands(text: str) -> None:
    searched = keys(next(match.group() for match in german.words(text) if match.group().startswith("Hund")))
    assert "<mark>Hund" in highlight(text, searched, "de")


words = st.sampled_from(
    ["Hund", "Hunde", "Katze", "<b>", "&amp;", "</mark>", "\"'", "a" * 90, "Ab-", "\n", "  ", "ß/ä"]
)


@given(st.lists(words, max_size=60), st.sampled_from([" ", "/", "", "  "]))
def test_a_piece_of_the_text_is_shown_with_marks_and_no_other_markup(parts: list[str], between: str) -> None:
    text = between.join(parts)
    searched = keys("hund", "hunde")
    marked = highlight(text, searched, "de")
    hits = [m.group() for m in german.words(text) if not searched.isdisjoint(german.keys(m.group(), "de"))]
    assert bool(marked) == bool(hits)
    if marked:
        assert marked.count("<mark>") == marked.count("</mark>") >= 1
        assert "<" not in marked.replace("<mark>", "").replace("</mark>", "")
        shown = unescape(marked.replace("<mark>", "").replace("</mark>", ""))
        assert shown.removeprefix("… ").removesuffix(" …") in text
        assert set(map(unescape, re.findall("<mark>(.*?)</mark>", marked, re.S))) <= set(hits)


@given(st.text(), st.text(min_size=1))
def test_no_text_raises(text: str, typed: str) -> None:
    for language in ("de", "en"):
        assert highlight(text, keys(typed), language).count("<") % 2 == 0


def test_a_hit_shows_where_the_word_stands_in_the_readers_language(searching: Searching) -> None:
    searching.hold(
        a_service(
            "steuer",
            summary={"de": "Der Hund kostet <Steuern>.", "en": "The dog costs taxes."},
            body={"de": "Auch die Katze? Nein."},
        )
    )
    [german_hit] = searching.page("hund").hits
    assert german_hit.marked()[0] == "Der <mark>Hund</mark> kostet &lt;Steuern&gt;."
    [english_hit] = searching.page("dogs", lang="en").hits
    assert english_hit.marked()[0] == "The <mark>dog</mark> costs taxes."
    [in_the_body] = searching.page("Katze").hits
    assert in_the_body.marked()[0] == "Auch die <mark>Katze</mark>? Nein."


def test_what_stands_in_the_title_alone_is_not_marked_and_a_minus_word_never(searching: Searching) -> None:
    searching.hold(a_service("hund", title="Hund", summary="Die Katze bleibt."))
    assert searching.page("hund").hits[0].marked()[0] == ""
    assert searching.page("hund -maus").hits[0].marked()[0] == ""
    assert searching.page().hits[0].marked()[0] == ""
