"""Long German words are taken apart where two words meet, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.catalogue import Compound
from servicedir.search import german
from servicedir.search.compounds import (
    LONGEST_WORD,
    Splitter,
    common_parts,
    commonness,
    exceptions_of,
    is_german,
)

CATALOGUE = """
    abfall abmeldung amt anmeldung ausweis beratung ehe geburt gebühren genehmigung gewerbe haus hund kind
    kfz museum müll ort pass personal rat reise schließung see steuer straße urkunde verkehr wohnung zeugnis zulassung
    führung
""".split()


def stems(*words: str) -> tuple[str, ...]:
    return tuple(german.stem(german.fold(word)) for word in words)


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    """One that knows the words of a small catalogue."""
    return Splitter(frozenset(stems(*CATALOGUE)))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Wohnungsabmeldung", ("Wohnung", "Abmeldung")),
        ("Hundesteuer", ("Hund", "Steuer")),
        ("Gewerbeanmeldung", ("Gewerbe", "Anmeldung")),
        ("Gewerbeanmeldungen", ("Gewerbe", "Anmeldung")),
        ("Personalausweis", ("Personal", "Ausweis")),
        ("Abfallgebühren", ("Abfall", "Gebühren")),
        ("Abfallgebuehren", ("Abfall", "Gebühren")),
        ("Kfzzulassung", ("Kfz", "Zulassung")),
        ("Rathaus", ("Rat", "Haus")),
        ("Seeamt", ("See", "Amt")),
        ("Geburtsurkunde", ("Geburt", "Urkunde")),
        ("Eheschliessung", ("Ehe", "Schließung")),
        ("Eheschließung", ("Ehe", "Schließung")),
        ("Hundesteueranmeldung", ("Hund", "Steuer", "Anmeldung")),
        ("Kinderreisepass", ("Kind", "Reise", "Pass")),
        ("Museumsführung", ("Museum", "Führung")),
        ("Bundesland", ("Bund", "Land")),
        ("Spielplatz", ("Spiel", "Platz")),
    ],
)
def test_a_compound_is_taken_apart_into_its_words(splitter: Splitter, word: str, parts: tuple[str, ...]) -> None:
    assert splitter.parts(german.fold(word)) == stems(*parts)


@pytest.mark.parametrize(
    "word",
    """
    Museum Führung Zeitung Verwaltung Rechnung Wohnung Steuer Beratung Ausführung Durchführung Unterführung Einführung
    Lehrerin Minister Arbeiter Beamter Verein Termin Ausländer amtlich Freiheit Gesellschaft Verantwortung Abteilung
    Ausweise Wahl Kfz Ehe wohnhaft sorgsam
    """.split(),
)
def test_what_is_no_compound_is_left_whole(splitter: Splitter, word: str) -> None:
    assert splitter.parts(german.fold(word)) == ()


@pytest.mark.parametrize(
    ("word", "last"),
    [
        ("Straßenverkehrsamt", "Amt"),
        ("Arbeitsamt", "Amt"),
        ("Arbeitsamtes", "Amt"),
        ("Geburtsort", "Ort"),
        ("Führungszeugnis", "Zeugnis"),
        ("Bundesämter", "Amt"),
    ],
)
def test_the_letter_between_two_words_belongs_to_neither(splitter: Splitter, word: str, last: str) -> None:
    assert splitter.parts(german.fold(word))[-1:] == stems(last)


def test_run_is_no_part_of_a_guided_tour() -> None:
    """English words of a catalogue are told apart; and in a German one three letters stand at an end, if at all."""
    splitter = Splitter(frozenset(["run", "fuhrung", "zeugnis"]))
    assert "run" not in splitter.parts("führung")
    assert splitter.parts("führungszeugnis") == ("fuhrung", "zeugnis")


def test_a_word_that_the_catalogue_has_may_stand_behind_one_that_nobody_knows(splitter: Splitter) -> None:
    assert splitter.parts("schuldnerberatung") == stems("Schuldner", "Beratung")
    assert splitter.guesses("schuldnerberatung")
    assert splitter.parts("photovoltaikgenehmigung")[-1:] == stems("Genehmigung")
    assert not splitter.guesses("wohnungsabmeldung")
    assert not splitter.guesses("museum")
    # The first of them are no words but what goes before a verb; the last one is too short to be sure.
    for word in ("durchführung", "wiederzulassung", "zurückführung", "qwertzamt"):
        assert not splitter.guesses(word), word


def test_few_long_parts_are_better_than_many_short_ones() -> None:
    splitter = Splitter(frozenset(stems("Straßenverkehr", "Straßen", "Verkehr", "Ordnung")))
    assert splitter.parts("straßenverkehrsordnung") == stems("Straßenverkehr", "Ordnung")


def test_a_word_more_in_the_catalogue_takes_apart_what_was_whole() -> None:
    before = Splitter(frozenset(["zeugnis"]))
    assert before.parts("wrobblzeugnis") == ("wrobbl", "zeugnis")
    known = frozenset(["zeugnis", "fimp", "knauk"])
    assert before.parts("fimpknauk") == ()
    assert before.knowing(known, {"fimp", "knauk"}).parts("fimpknauk") == ("fimp", "knauk")
    assert before.parts("fimpknauk") == (), "the other one is as it was"


def test_others_may_take_words_apart_while_a_word_more_is_learned() -> None:
    splitter = Splitter(frozenset(["zeugnis"]))
    splitter.parts("wrobblzeugnis")

    class Busy(frozenset[str]):
        def __iter__(self) -> Iterator[str]:
            splitter.parts("knaukzeugnis")  # As another thread does, in the middle.
            return super().__iter__()

    learned = splitter.knowing(frozenset(["zeugnis", "fimp"]), Busy(["fimp"]))
    assert learned.parts("wrobblzeugnis") == ("wrobbl", "zeugnis")


def test_exceptions_say_how_a_word_is_taken_apart_or_that_it_is_not(splitter: Splitter) -> None:
    compounds = [
        Compound(slug="staubecken", parts=("Stau", "Becken")),
        Compound(slug="wachstube", parts=("Wach", "Stube")),
        Compound(slug="rathaus", parts=("Rathaus",)),
    ]
    told = splitter.but(exceptions_of(compounds))
    assert told.parts("wachstube") == told.parts("wachstuben") == stems("Wach", "Stube")
    assert told.parts("staubecken") == stems("Stau", "Becken")
    assert told.parts("rathaus") == told.parts("rathauses") == ()
    assert splitter.parts("rathaus") == stems("Rat", "Haus"), "the other one is as it was"
    assert told.parts("hundesteuer") == stems("Hund", "Steuer")


@given(st.text(alphabet="abcdefghnsteäöüß", max_size=80) | st.text(max_size=80))
def test_parts_are_in_their_order_and_leave_out_letters_between_alone(text: str) -> None:
    splitter = Splitter(frozenset(stems(*CATALOGUE)))
    word = german.fold(text)
    parts = splitter.parts(word)
    assert len(parts) != 1
    assert parts == splitter.parts(word), "twice the same"
    if parts:
        assert 6 <= len(word) <= LONGEST_WORD
        assert word.isalpha()
        assert sum(map(len, parts)) <= len(word) + len(parts)


@given(st.sampled_from(CATALOGUE), st.sampled_from(CATALOGUE))
def test_any_two_long_words_of_the_catalogue_make_a_compound(one: str, other: str) -> None:
    splitter = Splitter(frozenset(stems(*CATALOGUE)))
    if min(len(one), len(other)) >= 5:
        assert splitter.parts(one + other) != ()


def test_no_word_takes_long(splitter: Splitter) -> None:
    assert splitter.parts("haus" * 1000) == ()
    assert splitter.parts("a" * LONGEST_WORD) == ()


def test_what_everybody_says_counts_less() -> None:
    assert commonness("und") < commonness("wohnung") <= commonness("wrobbl") == 0.9
    assert all(0.1 <= commonness(stem) <= 0.9 for stem in list(common_parts())[:500])
    assert is_german("bezahlen")
    assert not is_german("wohnugn")
