"""The words that ship keep the rules that stand at their head, and say what one expects of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from servicedir.search import everyday, german
from servicedir.search.synonyms import telling

LONGEST = 60
MOST_OF_A_GROUP = 12


def every_german_word() -> Iterator[str]:
    for group in everyday.same():
        yield from group
    for word, others in everyday.leads():
        yield word
        yield from others


def every_word() -> Iterator[str]:
    yield from every_german_word()
    for word, others in everyday.english():
        yield word
        yield from others


def searched(said: str) -> tuple[str, ...]:
    """Return a word or phrase as a query is compared with it: the stems of what it tells."""
    return tuple(german.stem(key) for word in telling(said) for key in german.tokens(word, "de"))


def test_there_are_as_many_as_promised() -> None:
    assert len(everyday.same()) >= 700
    assert len(everyday.leads()) >= 700
    assert len(everyday.english()) >= 500


def test_no_word_is_too_long() -> None:
    assert [word for word in every_word() if len(word) > LONGEST] == []


def test_every_word_has_a_letter_and_no_space_around_it() -> None:
    without = {word for word in every_word() if not any(map(str.isalpha, word))}
    assert without == {"110", "112", "115"}, "numbers that people call are the only ones"
    assert [word for word in every_word() if word != " ".join(word.split())] == []


def test_no_word_is_only_a_stop_word() -> None:
    """What is left out of a query can neither be found nor lead anywhere."""
    assert [word for word in every_word() if all(german.is_stop_word(m.group()) for m in german.words(word))] == []


def test_no_phrase_is_left_with_one_word() -> None:
    """Without its stop words "kein Geld" would answer for every "Geld"."""
    assert [word for word in every_word() if len(list(german.words(word))) > 1 == len(telling(word))] == []


def test_a_group_has_at_least_two_words_and_none_twice() -> None:
    for group in everyday.same():
        assert 2 <= len(group) <= MOST_OF_A_GROUP, group
        assert len({searched(word) for word in group}) == len(group), group


def test_no_two_groups_share_a_word() -> None:
    """Otherwise two groups would become one by way of the third word."""
    in_groups = Counter(searched(word) for group in everyday.same() for word in group)
    assert [word for word, times in in_groups.items() if times > 1] == []
    folded = Counter(german.fold(word) for group in everyday.same() for word in group)
    assert [word for word, times in folded.items() if times > 1] == []


def test_nobody_leads_to_itself_or_twice_to_the_same() -> None:
    for word, others in everyday.leads():
        stems = [searched(other) for other in others]
        assert searched(word) not in stems, word
        assert 1 <= len(set(stems)) == len(stems) <= MOST_OF_A_GROUP, word
    for word, others in everyday.english():
        folded = [german.fold(other) for other in others]
        assert german.fold(word) not in folded, word
        assert 1 <= len(set(folded)) == len(folded) <= MOST_OF_A_GROUP, word


def test_each_word_that_leads_has_one_line() -> None:
    """Two lines with one stem would each answer for the other's word: "Messe" and "Messer" are one to the stemmer."""
    german_ones = Counter(searched(word) for word, _others in everyday.leads())
    assert [word for word, times in german_ones.items() if times > 1] == []
    english_ones = Counter(german.fold(word) for word, _others in everyday.english())
    assert [word for word, times in english_ones.items() if times > 1] == []


def test_nothing_leads_where_its_group_is_already() -> None:
    groups = {searched(word): {searched(w) for w in group} for group in everyday.same() for word in group}
    doubled = [
        (word, other)
        for word, others in everyday.leads()
        for other in others
        if searched(other) in groups.get(searched(word), ())
    ]
    assert doubled == []


@pytest.mark.parametrize(
    "words",
    [
        {"Perso", "Personalausweis"},
        {"Führerschein", "Fahrerlaubnis"},
        {"heiraten", "Trauung", "Eheschließung"},
        {"Kita", "Kindergarten", "Kindertageseinrichtung"},
        {"Tod", "sterben", "Sterbefall", "Todesfall"},
        {"Abriss", "abreißen", "Abbruch"},
        {"Auto", "Kfz", "Kraftfahrzeug"},
        {"Müll", "Abfall"},
        {"Hartz IV", "ALG II", "Bürgergeld"},
        {"GdB", "Grad der Behinderung"},
        {"WoGG", "Wohngeld"},
        {"BImSchG", "Immissionsschutz"},
        {"Angelschein", "Fischereischein"},
        {"Bürgersteig", "Gehweg"},
        {"ändern", "Änderung"},
    ],
)
def test_people_say_one_for_the_other(words: set[str]) -> None:
    assert any(words <= set(group) for group in everyday.same())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("umziehen", "Wohnsitz ummelden"),
        ("Knöllchen", "Bußgeld"),
        ("Wildschwein", "Jagd"),
        ("Abschrift", "Beglaubigung"),
        ("Bäcker", "Handwerk"),
        ("Sofa", "Sperrmüll"),
        ("Ausweis", "Personalausweis"),
        ("Gerüst", "Sondernutzung"),
        ("Rausschmeißer", "Bewachungsgewerbe"),
        ("Klassenfahrt", "Bildung und Teilhabe"),
        ("Hühner", "Anzeige Tierhaltung"),
        ("Auto verkauft", "Veräußerungsanzeige"),
    ],
)
def test_who_says_this_is_led_there_and_not_back(said: str, meant: str) -> None:
    where = dict(everyday.leads())
    assert meant in where[said]
    assert said not in where.get(meant, ())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("residence registration", "Anmeldung Wohnsitz"),
        ("passport", "Reisepass"),
        ("dog tax", "Hundesteuer"),
        ("driver's license", "Führerschein"),
        ("driving licence", "Führerschein"),
        ("child benefit", "Kindergeld"),
        ("moving house", "Wohnsitz ummelden"),
        ("police clearance", "Führungszeugnis"),
        ("bulky waste", "Sperrmüll"),
        ("planning permission", "Baugenehmigung"),
        ("parking permit", "Bewohnerparkausweis"),
        ("naturalisation", "Einbürgerung"),
    ],
)
def test_english_words_stand_for_german_ones(said: str, meant: str) -> None:
    assert meant in dict(everyday.english())[said]


def test_an_application_is_no_registration() -> None:
    """Both are forms that one fills in, and still not the same: such links would bring noise into every query."""
    for group in everyday.same():
        assert not {"Antrag", "Anmeldung"} <= set(group)
