"""Words that mean the same find the same, at once, a little behind what was typed, and at a bounded price."""

from __future__ import annotations

import time

import pytest
from asking import TODAY, Searching, anew
from builders import a_catalogue, a_service, a_synonym, an_office
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedir.domain.catalogue import Synonym
from servicedir.domain.query import Query
from servicedir.domain.service import Nature
from servicedir.search import grammar
from servicedir.search.synonyms import MOST_ALTERNATIVES, MOST_OF_A_QUERY, of_catalogue


def teach(searching: Searching, *groups: Synonym) -> None:
    """Let the index be asked with these groups: nothing is indexed anew."""
    searching.catalogue = a_catalogue(an_office(), *groups)


@pytest.fixture
def city(searching: Searching) -> Searching:
    searching.hold(
        a_service("tonne", title="Wertstofftonne bestellen", summary="Für Haushalte."),
        a_service("muell", title="Abfallgebühren", summary="Was die Abfuhr der Behälter kostet."),
        a_service("kfz", title="Kfz-Zulassung", summary="Ein Fahrzeug zulassen."),
        a_service("schein", title="Führerschein umtauschen", summary="Alte Papiere tauschen.", nature=Nature.ADVISORY),
        a_service("sack", title="Säcke für Laub", summary="Braune Säcke, kein gelber."),
        a_service("geld", title="Bürgergeld", summary="Leistungen zum Leben. Antrag auf Geld."),
    )
    teach(
        searching,
        a_synonym("Gelber Sack", "Wertstofftonne", "Gelbe Tonne"),
        a_synonym("Auto", "Kfz", "Pkw"),
        a_synonym("Lappen", "Führerschein"),
        a_synonym("Stütze", "Bürgergeld", "Hartz IV", "Antrag auf Geld"),
    )
    return searching


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("Auto", {"kfz"}),
        ("autos", {"kfz"}),
        ("PKW", {"kfz"}),
        ("Lappen umtauschen", {"schein"}),
        ("umtauschen Lappen", {"schein"}),
        ("Stütze", {"geld"}),
        ("Hartz IV", {"geld"}),
        ("gelber sack", {"tonne", "sack"}),
        ("gelben Säcke bestellen", {"tonne"}),
        ("bestellen gelbe tonne", {"tonne"}),
        ("gelbe sofort tonne", set()),
        ("sack", {"sack"}),
        ("gelber", {"sack"}),
        ("Lappen Auto", set()),
        ('"gelber sack"', set()),
        ("-Auto", {"tonne", "muell", "kfz", "schein", "sack", "geld"}),
        ("Zulassung -Auto", {"kfz"}),
        ("gelber -sack", set()),
        ("Antrag auf Geld", {"geld"}),
        ("Fahrrad", set()),
    ],
)
def test_who_types_one_finds_what_the_others_say(city: Searching, q: str, found: set[str]) -> None:
    assert set(city.slugs(q)) == found


def test_what_was_typed_itself_comes_first(searching: Searching) -> None:
    searching.hold(a_service("a", title="Kfz"), a_service("b", title="Auto"), a_service("c", title="Anderes"))
    teach(searching, a_synonym("Auto", "Kfz"))
    assert searching.slugs("auto") == ["b", "a"]
    assert searching.slugs("kfz") == ["a", "b"]


def test_the_synonym_is_marked_that_explains_the_hit(city: Searching) -> None:
    (hit,) = city.page("Auto Fahrzeug").hits
    assert "<mark>Fahrzeug</mark>" in hit.marked()[0]
    (hit,) = city.page("Stütze Leben").hits
    assert "<mark>Leben</mark>" in hit.marked()[0]
    (hit,) = [hit for hit in city.page("stütze").hits if hit.entry.service.slug == "geld"]
    assert "<mark>Geld</mark>" in hit.marked()[0]


def test_numbers_of_filters_follow(city: Searching) -> None:
    counts = {value.value: value.count for value in city.page("Lappen").facets["nature"]}
    assert counts["advisory"] == 1
    assert sum(counts.values()) == 1
    assert city.slugs("Lappen", nature=(Nature.TRANSACTIONAL,)) == []


def test_what_would_be_found_with_a_word_less_knows_synonyms(city: Searching) -> None:
    page = city.page("Auto Quantensprung")
    assert page.total == 0
    assert [(dropped, total) for dropped, _way, total in page.relaxed] == [("Quantensprung", 1)]


def test_a_group_works_at_once_and_ends_at_once(city: Searching) -> None:
    assert city.slugs("Wrobbel") == []
    teach(city, a_synonym("Wrobbel", "Kfz"))
    assert city.slugs("Wrobbel") == ["kfz"]
    assert city.slugs("Stütze") == ["geld"], "what is shipped is known beside it"
    teach(city)
    assert city.slugs("Wrobbel") == []


def test_what_is_shipped_works_without_any_group(city: Searching) -> None:
    teach(city)
    assert city.slugs("Auto") == ["kfz"]
    assert city.slugs("Hartz IV") == ["geld"]


def test_words_of_a_group_are_taken_as_they_are_and_not_for_slips(searching: Searching) -> None:
    searching.hold(a_service("a", title="Verlobte"), a_service("b", title="Verlust"))
    teach(searching, a_synonym("abhandengekommen", "Verlobt", "Verlust"), a_synonym("Wrobbel", "Verlusd"))
    assert set(searching.slugs("abhandengekommen")) == {"a", "b"}
    assert searching.slugs("Wrobbel") == []
    assert searching.page("Wrobbel").suggestion is None


def test_words_in_two_groups_find_both_but_not_what_is_two_groups_away(searching: Searching) -> None:
    searching.hold(a_service("a", title="Katze"), a_service("b", title="Hund"), a_service("c", title="Maus"))
    teach(searching, a_synonym("Katze", "Tier"), a_synonym("Tier", "Hund"), a_synonym("Hund", "Maus"))
    assert set(searching.slugs("tier")) == {"a", "b"}
    assert set(searching.slugs("hund")) == {"b", "c"}


# What it costs


def test_a_word_has_eight_alternatives_at_most_and_a_query_a_bounded_number() -> None:
    groups = [a_synonym(f"wort{n}", *(f"anderes{n}x{m}" for m in range(19))) for n in range(16)]
    wishes = of_catalogue(a_catalogue(*groups)).wishes(grammar.parse(" ".join(f"wort{n}" for n in range(16))))
    numbers = [len(others) for wish in wishes for _term, others in wish.terms]
    assert max(numbers) == MOST_ALTERNATIVES == 8
    assert sum(numbers) == MOST_OF_A_QUERY
    assert [term.typed for wish in wishes for term, _others in wish.terms] == [f"wort{n}" for n in range(16)]


def test_no_query_is_a_bomb_with_synonyms_either(searching: Searching) -> None:
    vocabulary = [f"{a}{b}wort" for a in "abcdefghij" for b in "abcdefghij"]
    searching.hold(*(a_service(f"s-{n}", title=" ".join(vocabulary[n % 90 : n % 90 + 10])) for n in range(300)))
    teach(searching, *(a_synonym(*vocabulary[n : n + 20]) for n in range(0, 80)))
    for q in (" ".join(vocabulary[:16]), " ".join(f"-{word}" for word in vocabulary[:16]), "awort " * 30):
        searching.page(q)
        started = time.thread_time()
        searching.page(q)
        assert time.thread_time() - started < 0.5


# Against brute force

# No word that ships, or that is like another one.
WORDS = ("blorbe", "knauck", "fimpel", "zwotsch", "hirrgam", "dujax")
groups = st.lists(
    st.lists(st.sampled_from([*WORDS, "blorbe knauck", "fimpel zwotsch"]), min_size=2, max_size=4, unique=True).map(
        lambda said: a_synonym(*said)
    ),
    max_size=3,
    unique_by=lambda group: group.slug,
)
titles = st.lists(st.lists(st.sampled_from(WORDS), unique=True, max_size=3), min_size=1, max_size=6)


def means(title: list[str], said: str, known: list[Synonym]) -> bool:
    """Whether a title has all words of what was said, or of what a group that names it has instead."""
    alternatives = [said, *(word for group in known if said in group.words for word in group.words)]
    return any(set(words.split()) <= set(title) for words in alternatives)


def has_all(title: list[str], q: list[str], known: list[Synonym]) -> bool:
    return all(means(title, word, known) for word in q) or means(title, " ".join(q), known)


def has_any(title: list[str], q: list[str], known: list[Synonym]) -> bool:
    return any(means(title, word, known) for word in q) or means(title, " ".join(q), known)


@settings(max_examples=100, deadline=None)
@given(titles, groups, st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2), min_size=1, max_size=6))
def test_what_is_found_is_what_one_finds_by_hand(
    said: list[list[str]], known: list[Synonym], asked: list[list[str]]
) -> None:
    title = {f"s-{n}": words for n, words in enumerate(said)}
    with anew(a_catalogue(an_office(), *known)) as searching:
        searching.hold(*(a_service(slug, title=" ".join(t) or "leer", summary="") for slug, t in title.items()))
        for q in asked:
            page = searching.index.find(Query(q=" ".join(q), per_page=100), searching.catalogue, TODAY)
            found = [hit.slug for hit in page.hits]
            whole = {slug for slug, words in title.items() if has_all(words, q, known)}
            some = {slug for slug, words in title.items() if has_any(words, q, known)}
            assert len(found) == len(set(found)) == page.total
            assert whole <= set(found) <= some
            assert page.is_nearest == (bool(found) and not whole)
            if len(q) == 1:
                assert set(found) == whole


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4), st.text(max_size=40))
def test_no_group_and_no_query_raises(said: list[str], typed: str) -> None:
    thesaurus = of_catalogue(a_catalogue(Synonym(slug="x", words=tuple(said))))
    terms = grammar.parse(typed)
    wishes = thesaurus.wishes(terms)
    assert tuple(term for wish in wishes for term, _others in wish.terms) == terms
