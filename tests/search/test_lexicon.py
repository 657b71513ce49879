"""Which words of a catalogue a typed one may mean: by its stem, as a part, by its letters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from servicedir.search import german
from servicedir.search.lexicon import MOST_HOLDING, MOST_LONGER, MOST_NEAR, Lexicon

WORDS = """
    wohnung wohnungen wohnungsabmeldung nebenwohnung abmeldung abmelden anmeldung gewerbe gewerbeanmeldung hund hunde
    hundesteuer steuer steuern museum führung führungszeugnis gebühr gebühren gebuehr straße strasse en:run en:running
    en:dog 43 ifsg wohngeld wohngeldstelle
""".split()


@pytest.fixture(scope="module", params=["at once", "later", "warmed", "warmed before"])
def lexicon(request: pytest.FixtureRequest) -> Lexicon:
    """One of WORDS, in whatever way they came."""
    if request.param in ("at once", "warmed"):
        lexicon = Lexicon(WORDS)
    else:
        lexicon = Lexicon(WORDS[::2])
        if request.param == "warmed before":
            lexicon.warm()
        lexicon = lexicon.with_keys(WORDS[1::4]).with_keys(WORDS)
    if request.param == "warmed":
        lexicon.warm()
    return lexicon


def words(lexicon: Lexicon, numbers: list[int]) -> list[str]:
    return [lexicon.keys[number] for number in numbers]


def test_each_word_has_a_number_of_its_own_that_stays(lexicon: Lexicon) -> None:
    assert sorted(lexicon.keys) == sorted(WORDS)
    assert [lexicon.number[key] for key in lexicon.keys] == list(range(len(WORDS)))
    more = lexicon.with_keys(["neu", "hund", "neu"])
    assert more.keys == [*lexicon.keys, "neu"]
    assert more.number == {**lexicon.number, "neu": len(WORDS)}
    assert "neu" not in lexicon.number
    assert lexicon.with_keys(["hund"]) is lexicon


def test_words_of_a_stem_are_found_in_their_language(lexicon: Lexicon) -> None:
    assert set(words(lexicon, lexicon.with_stem(german.stem("wohnungen")))) == {"wohnung", "wohnungen"}
    assert set(words(lexicon, lexicon.with_stem(german.stem("straße")))) == {"straße", "strasse"}
    assert set(words(lexicon, lexicon.with_stem(german.stem("gebuehren")))) == {"gebühr", "gebühren", "gebuehr"}
    assert set(words(lexicon, lexicon.with_stem("run", "en"))) == {"en:run", "en:running"}
    assert lexicon.with_stem("run") == []
    assert german.stem("hunde") in lexicon
    assert "katz" not in lexicon


def test_longer_words_begin_with_what_was_typed_the_shortest_first(lexicon: Lexicon) -> None:
    found = words(lexicon, lexicon.beginning_with("wohn"))
    assert set(found) == {"wohngeld", "wohnung", "wohnungen", "wohngeldstelle", "wohnungsabmeldung"}
    assert found == sorted(found, key=len)
    assert words(lexicon, lexicon.beginning_with("gebuehr")) == ["gebühren"]
    assert lexicon.beginning_with("woh") == [], "three letters begin too many words"
    assert lexicon.beginning_with("museum") == [], "a word is no longer than itself"
    assert lexicon.beginning_with("en:r") == []


def test_compounds_hold_their_parts_and_not_just_their_letters(lexicon: Lexicon) -> None:
    def holding(word: str) -> set[str]:
        return set(words(lexicon, lexicon.holding(german.stem(word), lexicon.splitter)))

    assert holding("Wohnung".lower()) == {"wohnungsabmeldung", "nebenwohnung"}
    assert holding("abmeldung") == {"wohnungsabmeldung"}
    assert holding("steuer") == {"hundesteuer"}
    assert holding("zeugnis") == {"führungszeugnis"}
    assert holding("meldung") == holding("rung") == holding("run") == holding("museum") == set()


def test_near_are_words_with_one_slip_or_two_in_a_long_one(lexicon: Lexicon) -> None:
    def near(word: str) -> dict[str, int]:
        return {lexicon.keys[number]: slips for number, slips in lexicon.near(word)}

    assert near("wohnug") == {"wohnung": 1}
    assert near("wonhung") == {"wohnung": 1}
    assert near("hndesteuer") == {"hundesteuer": 1}
    assert near("hundesteur") == {"hundesteuer": 0}, 'whoever spells "u" as "ue" may leave out an "e" as well'
    assert near("anmeldugn")["anmeldung"] == 1
    assert near("gewerbeanmledugn") == {"gewerbeanmeldung": 2}
    assert near("wohug") == {}, "two letters less are too many in a short word"
    assert near("hud") == near("44") == near("ifs") == {}
    assert near("dogs") == {}, "only German words are put right"


@pytest.mark.parametrize("count", [MOST_HOLDING * 2])
def test_no_answer_is_longer_than_anybody_reads(count: int) -> None:
    lexicon = Lexicon([f"abmeldung{'abcdefghij'[n % 10]}{'abcdefghij'[n // 10 % 10]}{n}" for n in range(count)])
    assert len(lexicon.beginning_with("abmeldung")) == MOST_LONGER
    assert len(lexicon.near("abmeldungaa")) <= MOST_NEAR


lower = st.text(alphabet="abdeghnrstu", min_size=4, max_size=9)


@given(st.lists(lower, unique=True, max_size=12), st.integers(0, 12), lower)
def test_near_words_are_those_that_brute_force_finds(keys: list[str], cut: int, typed: str) -> None:
    lexicon = Lexicon(keys[:cut]).with_keys(keys)
    letters = german.bare(typed)
    most = 0 if len(letters) < 4 else 1 if len(letters) < 8 else 2
    by_hand = {key: d for key in keys if (d := OSA.distance(letters, german.bare(key))) <= most} if most else {}
    found = {lexicon.keys[number]: slips for number, slips in lexicon.near(typed)}
    assert found.items() <= by_hand.items()
    assert len(found) == min(len(by_hand), MOST_NEAR)
    assert sorted(found.values()) == sorted(by_hand.values())[: len(found)]


@given(st.lists(lower, unique=True, max_size=12), st.integers(0, 12), st.text(max_size=9) | lower)
def test_longer_words_are_those_that_brute_force_finds(keys: list[str], cut: int, typed: str) -> None:
    lexicon = Lexicon(keys[:cut]).with_keys(keys)
    start = german.bare(german.fold(typed))
    by_hand = {
        key for key in keys if len(start) >= 4 and german.bare(key).startswith(start) and german.bare(key) != start
    }
    assert set(words(lexicon, lexicon.beginning_with(german.fold(typed)))) == by_hand


def test_a_number_that_goes_on_is_another_one() -> None:
    lexicon = Lexicon(["form1", "form1a", "form10", "formular"])
    assert words(lexicon, lexicon.beginning_with("form1")) == ["form1a"]
    assert set(words(lexicon, lexicon.beginning_with("form"))) == {"form1", "form1a", "form10", "formular"}


# Letters


def pieces(word: str) -> set[str]:
    """The pieces of three and four letters of a word, with its beginning and its end."""
    framed = f"_{german.bare(word)}_"
    return {framed[at : at + size] for size in (3, 4) for at in range(len(framed) - size + 1)}


@given(st.lists(lower, unique=True, min_size=1, max_size=10), st.integers(0, 10), lower)
def test_shared_pieces_are_those_that_brute_force_finds(keys: list[str], cut: int, typed: str) -> None:
    lexicon = Lexicon(keys[:cut]).with_keys(keys)
    numbers, which, sizes = lexicon.pieces(typed)
    assert sorted(sizes) == sorted(map(len, pieces(typed)))
    assert len(numbers) == len(which)
    shared = {key: len(pieces(key) & pieces(typed)) for key in keys}
    counted = {key: int(np.count_nonzero(numbers == number)) for key, number in lexicon.number.items()}
    assert counted == shared


@given(st.lists(lower, unique=True, min_size=1, max_size=10), lower)
def test_no_word_shares_more_than_it_has_and_each_shares_all_with_itself(keys: list[str], typed: str) -> None:
    lexicon = Lexicon(keys)
    numbers, shared = lexicon.shares(typed)
    assert (shared <= lexicon.mass[numbers] + 1e-4).all()
    own, whole = lexicon.shares(keys[0])
    assert whole[own.tolist().index(0)] == pytest.approx(lexicon.mass[0], rel=1e-5)


@given(st.lists(st.text(max_size=6), max_size=6), st.text(max_size=12))
def test_any_words_can_be_held_and_asked_for(texts: list[str], typed: str) -> None:
    keys = [key for language in ("de", "en") for text in texts for key in german.tokens(text, language)]
    lexicon = Lexicon([]).with_keys(keys)
    for word in german.tokens(typed, "de"):
        for numbers in (lexicon.with_stem(word), lexicon.beginning_with(word), lexicon.holding(word, lexicon.splitter)):
            assert all(0 <= number < len(lexicon.keys) for number in numbers)
        lexicon.near(word)
        lexicon.pieces(word)
        lexicon.shares(word)
    lexicon.warm()
