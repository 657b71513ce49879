"""Texts in several languages fall back where one is missing, and say so; lists are sorted as dictionaries are."""

from __future__ import annotations

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.service import SLUG
from servicedir.domain.text import LANGUAGES, Shown, Text, slug_of, sort_key


def test_a_reader_gets_the_language_asked_for() -> None:
    assert Text.of(de="Ausweis", en="Identity card").show("en") == Shown("Identity card", "en", False)


def test_a_missing_language_falls_back_to_german_and_says_so() -> None:
    assert Text.of(de="Ausweis", uk="Паспорт").show("en") == Shown("Ausweis", "de", True)


def test_without_german_english_comes_next_and_then_whatever_there_is() -> None:
    assert Text.of(en="Card", uk="Паспорт").show("de") == Shown("Card", "en", True)
    assert Text.of(uk="Паспорт", fr="Carte").show("de") == Shown("Carte", "fr", True)


def test_an_empty_text_shows_nothing_in_the_language_asked_for() -> None:
    assert Text().show("en") == Shown("", "en", False)
    assert not Text()


def test_within_gives_the_words_alone() -> None:
    assert Text.of("Ausweis").within("en") == "Ausweis"


def test_get_knows_no_fallback() -> None:
    assert Text.of("Ausweis").get("en") == ""
    assert Text.of("Ausweis").get("de") == "Ausweis"


def test_a_bare_string_is_german_and_a_keyword_wins_over_a_mapping() -> None:
    assert Text.of("Hallo") == Text.of(de="Hallo") == Text.of({"de": "Tschüss"}, de="Hallo")


def test_empty_words_are_no_translation_and_blanks_around_words_go() -> None:
    assert Text.of(de="  Hallo ", en="", fr=" \n") == Text.of("Hallo")


def test_equal_texts_are_equal_in_whichever_order_they_were_said() -> None:
    one, other = Text.of({"de": "a", "en": "b"}), Text.of({"en": "b", "de": "a"})
    assert one == other
    assert hash(one) == hash(other)
    assert list(one) == [("de", "a"), ("en", "b")]


@given(strategies.texts, strategies.languages)
def test_what_is_shown_is_there_and_marked_if_it_is_in_another_language(text: Text, language: str) -> None:
    shown = text.show(language)
    assert shown.words == text.get(shown.language)
    assert shown.is_fallback == (shown.language != language)
    assert bool(shown.words) == bool(text)
    if text.get(language):
        assert shown.language == language
    elif text and any(text.get(code) for code in LANGUAGES):
        assert shown.language == next(code for code in LANGUAGES if text.get(code))


@pytest.mark.parametrize(
    "in_order",
    [
        ["Abfall", "Ämter", "Amulett"],
        ["Masse", "Maße", "Masten"],
        ["offen", "Öffnung", "Ofu"],
        ["uber", "Über", "Ufer"],
        ["Cafe", "Café", "Cafeteria"],
    ],
)
def test_lists_are_sorted_as_german_dictionaries_are(in_order: list[str]) -> None:
    assert sorted(in_order, key=lambda words: (sort_key(words), words.lower())) == in_order


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Wohnsitz abmelden", "wohnsitz-abmelden"),
        ("Größe der Straße: 5 m²", "groesse-der-strasse-5-m"),
        ("Café – à la carte", "cafe-a-la-carte"),
        ("ÄÖÜ", "aeoeue"),
        ("!!!", ""),
        ("中文", ""),
        ("x" * 300, "x" * 100),
        ("y" * 99 + " z", "y" * 99),
    ],
)
def test_an_address_is_made_of_a_title(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text())
def test_what_is_made_of_a_title_is_an_address_or_nothing(title: str) -> None:
    slug = slug_of(title)
    assert slug == "" or SLUG.fullmatch(slug)
    assert len(slug) <= 100
