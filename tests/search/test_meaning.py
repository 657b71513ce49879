"""What a typed word says about every entry: the nearer an entry's words are to it, the more."""

from __future__ import annotations

import numpy as np
import pytest
from asking import published
from builders import a_service
from hypothesis import given, settings
from hypothesis import strategies as st
from test_snapshot import anew

from servicedir.search import german
from servicedir.search.meaning import Meanings, Sense, folded


def meanings(*titles: str, others: int = 30) -> Meanings:
    """The meanings of words in a catalogue of these titles, in their order, and of some that have nothing to say."""
    services = [a_service(f"s-{n}", title=title, summary="") for n, title in enumerate(titles)]
    services += [a_service(f"x-{n}", title="Quark", summary="") for n in range(others)]
    return Meanings(anew(published(service) for service in services))


def covered(sense: Sense, count: int) -> list[float]:
    return [round(float(share), 2) for share in sense.covered[:count]]


def test_a_word_covers_entries_that_have_it_in_any_form_and_no_others() -> None:
    titles = ("Wohnung", "Wohnungen", "Nebenwohnung", "Gewöhnung", "Hund")
    sense = meanings(*titles).of_word("wohnung")
    assert covered(sense, 5) == [1, 1, 1, 0, 0]
    gains = sense.gains[:5].tolist()
    assert gains[0] > gains[1] > gains[2] > gains[3] > gains[4] == 0
    assert sense.keys == {"wohnung", "wohnungen", "nebenwohnung"}
    assert sense.better == ""


def test_a_compound_is_covered_by_its_parts_as_far_as_they_go() -> None:
    sense = meanings("Wohnungsabmeldung", "Abmeldung der Wohnung", "Wohnung", "Abmeldung", "Hund").of_word(
        "wohnungsabmeldung"
    )
    whole, both, wohnung, abmeldung, hund = covered(sense, 5)
    assert whole == both == 1
    assert wohnung + abmeldung == pytest.approx(1, abs=0.02)
    assert 0.4 < wohnung < 0.6
    assert hund == 0
    gains = sense.gains[:5].tolist()
    assert gains[0] > gains[1] > max(gains[2:4]) > gains[4] == 0


def test_what_comes_before_the_head_says_more_than_the_head() -> None:
    gains = meanings("Hund", "Steuer").of_word("hundesteuer").gains
    assert gains[0] > gains[1] > 0


def test_a_rare_word_says_more_than_one_that_many_have() -> None:
    some = meanings("Hund", *["Katze"] * 10)
    assert some.of_word("hund").gains[0] > some.of_word("katze").gains[1] > 0


def test_more_of_a_word_says_more_but_never_without_bounds() -> None:
    services = [a_service("a", title="Anderes", body="Hund " * n) for n in (1, 5, 500)]
    some = Meanings(
        anew(published(a_service(f"s-{n}", title=s.title.get("de"), body=s.body)) for n, s in enumerate(services))
    )
    gains = some.of_word("hund").gains
    assert 0 < gains[0] < gains[1] < gains[2] < 5 * gains[0]


def test_no_entry_gains_much_more_than_a_title_of_the_word_alone() -> None:
    some = meanings("Hund", "Hund und Hunde", "Hundesteuer")
    sense = some.of_word("hund")
    assert 0 < sense.gains.max() <= 1.5 * sense.most


def test_a_slip_is_covered_and_says_what_may_have_been_meant() -> None:
    sense = meanings("Wohnung", "Hund").of_word("wohnugn")
    assert covered(sense, 2) == [1, 0]
    assert sense.better == "wohnugn wohnung"
    assert sense.keys == {"wohnung"}


def test_no_slip_is_seen_in_a_word_that_somebody_has_written_or_that_everybody_knows() -> None:
    some = meanings("Hund", "Hunde", "Verlobung", "Zahlung")
    assert some.of_word("hund").better == ""
    assert some.of_word("hundes").better == ""
    assert some.of_word("wahlung", slips=False).better == ""
    assert some.of_word("wahlung").better == "wahlung zahlung"
    assert covered(meanings("Bund").of_word("hund"), 1) == [0], "everybody knows dogs"


def test_words_of_a_synonym_must_stand_there_together_and_as_they_are() -> None:
    some = meanings("Antrag auf Geld", "Antrag", "Geld", "Betrag auf Feld")
    sense = some.together(["antrag", "geld"])
    assert covered(sense, 4) == [1, 0, 0, 0]
    assert sense.gains[0] > max(sense.gains[1:3])
    assert sense.gains[3] == 0
    assert some.together(["quatsch"]).keys == frozenset()


def test_an_english_word_is_no_german_one_unless_nobody_has_it_in_german() -> None:
    services = [a_service("a", title={"de": "Hund", "en": "Run"}), a_service("b", title="Führung")]
    some = Meanings(anew(published(service) for service in services))
    assert covered(some.of_word("run"), 2) == [1, 0]
    assert covered(some.of_word("running"), 2) == [1, 0]
    assert covered(some.of_word("führung"), 2) == [0, 1]


def test_exceptions_change_what_a_compound_means_at_once() -> None:
    snapshot = meanings("Stau", "Staub", "Becken", "Staubecken")._snapshot
    by_itself = covered(Meanings(snapshot).of_word("staubecken"), 4)
    told = covered(Meanings(snapshot, {"staubeck": (), "staubecken": ()}).of_word("staubecken"), 4)
    assert by_itself[0] > 0
    assert told == [0, 0, 0, 1]


def test_what_went_says_nothing() -> None:
    snapshot = meanings("Hund", "Hunde")._snapshot.with_changes([], ["s-0"], 1)
    sense = Meanings(snapshot).of_word("hund")
    assert covered(sense, 2) == [0, 1]
    assert sense.gains[0] == 0


@pytest.mark.parametrize(
    ("typed", "word"), [("Hund", "hund"), ("Gewerbe-Anmeldung", "gewerbeanmeldung"), ("ÜBUNG", "übung")]
)
def test_a_hyphenated_word_is_one(typed: str, word: str) -> None:
    assert list(folded([typed])) == [word]


some_titles = st.lists(
    st.lists(st.sampled_from("Hund Hunde Hundesteuer Steuer Führung Zeugnis Führungszeugnis Haus".split()), max_size=3),
    min_size=1,
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(some_titles, st.sampled_from("hund steuer hundesteuer führung führungszeugnis zeugnis haus hundehaus".split()))
def test_whoever_has_the_word_is_covered_and_gains_and_no_number_is_odd(titles: list[list[str]], word: str) -> None:
    sense = meanings(*(" ".join(title) or "Quark" for title in titles), others=2).of_word(word)
    assert len(sense.gains) == len(sense.covered)
    assert np.isfinite(sense.gains).all()
    assert (sense.gains >= 0).all()
    assert ((sense.covered >= 0) & (sense.covered <= 1)).all()
    for place, title in enumerate(titles):
        if word in map(german.fold, title):
            assert sense.covered[place] == 1
            assert sense.gains[place] > 0
        if sense.covered[place] > 0:
            assert sense.gains[place] > 0


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_word_has_a_sense(text: str) -> None:
    some = meanings("Hund", "Führung", others=1)
    for word in german.tokens(text, "de"):
        for sense in (some.of_word(word), some.together([word])):
            assert np.isfinite(sense.gains).all()
            assert sense.most >= 0
