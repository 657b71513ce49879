"""What people type finds what offices write: endings, umlauts, hyphens, citations, phrases, -words, two languages."""

from __future__ import annotations

import time

import pytest
from asking import TODAY, Searching
from builders import a_channel, a_constraint, a_legal_basis, a_service
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedir.domain.query import Query, parse
from servicedir.search import german, grammar

# One analysis


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Wohnungen", "Wohnung"),
        ("abmelden", "Abmeldung"),
        ("kind", "Kinder"),
        ("Gebühr", "Gebühren"),
        ("GEBÜHREN", "gebühr"),
        ("Gebuehren", "Gebühren"),
        ("Gebühren", "Gebuehren"),
        ("Aemter", "Ämter"),
        ("Amt", "Ämter"),
        ("Strasse", "Straße"),
        ("Straße", "Strasse"),
        ("STRAẞE", "Straße"),
        ("Gebu\u0308hr", "Gebühr"),
        ("cafe", "Café"),
        ("Kfz-Zulassung", "KFZ-Zulassungen"),
        ("KfzZulassung", "Kfz-Zulassung"),
        ("Zulassung", "Kfz-Zulassung"),
        ("email", "E-Mail"),
        ("99108008070000", "99108008070000"),
    ],
)
def test_a_word_finds_its_other_spellings(searching: Searching, typed: str, written: str) -> None:
    searching.hold(a_service("a", title=written), a_service("b", title="Anderes"))
    assert searching.slugs(typed) == ["a"]


@pytest.mark.parametrize(
    ("typed", "written"),
    [("registering", "register"), ("registration", "registrations"), ("marriages", "marriage"), ("dogs", "dog")],
)
def test_an_english_word_finds_its_other_forms_in_english(searching: Searching, typed: str, written: str) -> None:
    searching.hold(a_service("a", title={"de": "Eins", "en": written}), a_service("b", title="Zwei"))
    assert searching.slugs(typed) == ["a"]


@pytest.mark.parametrize(("typed", "written"), [("Ausweis", "Abfall"), ("Bau", "Baum"), ("43", "430"), ("neu", "neun")])
def test_different_words_stay_different(searching: Searching, typed: str, written: str) -> None:
    searching.hold(a_service("a", title=written), a_service("b", title="Anderes"))
    assert searching.slugs(typed) == []


@given(st.text())
def test_what_an_index_keeps_of_any_text_has_no_blanks_and_tells_its_language(text: str) -> None:
    for language in ("de", "en"):
        for key in german.tokens(text, language):
            assert key == "".join(key.split())
            assert german.unkeyed(key)[1] == language
            assert german.key(german.unkeyed(key)[0], language) == key


@given(st.text())
def test_a_word_blind_to_umlauts_stays_so(text: str) -> None:
    once = german.bare(german.fold(text))
    assert not set(once) & set("äöüß")


@given(st.text())
def test_folding_leaves_nothing_to_fold(text: str) -> None:
    once = german.fold(text)
    assert german.fold(once) == once


# One grammar


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        ("  ", []),
        ("?!", []),
        ("Wohnung abmelden", ["Wohnung", "abmelden"]),
        ('"Wohnung abmelden"', ['"Wohnung abmelden"']),
        ('"Wohnung', ["Wohnung"]),
        ('""', []),
        ("Hund -Steuer", ["Hund", "-Steuer"]),
        ('Hund -"Steuer zahlen"', ["Hund", '-"Steuer zahlen"']),
        ("Kfz-Zulassung", ["Kfz-Zulassung"]),
        ("Hund - Steuer", ["Hund", "Steuer"]),
        ("--Hund", ["Hund"]),
        ("Pflegerin / -pfleger", ["Pflegerin", "pfleger"]),
        ("Grundbucheintragung, -änderung und -löschung", ["Grundbucheintragung", "änderung", "löschung"]),
        ("Hund und -Steuer", ["Hund", "Steuer"]),
        ("Fund -Steuer", ["Fund", "-Steuer"]),
        ("§ 43 IfSG", ["43", "IfSG"]),
        ("title:Hund", ["title", "Hund"]),
        ("Hund*", ["Hund"]),
        ("(Hund", ["Hund"]),
        ("Hund~9 Katze^4", ["Hund", "9", "Katze", "4"]),
        ("[a TO z]", ["z"]),
        ("Wie kann ich meine Wohnung abmelden", ["Wohnung", "abmelden"]),
        ("how can I register", ["register"]),
        ("wie", ["wie"]),
    ],
)
def test_only_words_phrases_and_minus_words_are_read(typed: str, read: list[str]) -> None:
    assert [term.typed for term in grammar.parse(typed)] == read


def test_a_query_has_sixteen_terms_at_most() -> None:
    assert len(grammar.parse(" ".join(f"wort{number}" for number in range(1000)))) == grammar.MOST_TERMS == 16


@given(st.text())
def test_what_was_read_reads_the_same_again(typed: str) -> None:
    terms = grammar.parse(typed)
    assert all(term.words and all(term.words) for term in terms)
    assert grammar.parse(" ".join(term.typed for term in terms)) == terms


# Both in an index


@pytest.fixture
def city(searching: Searching) -> Searching:
    """A few services as a city writes them."""
    searching.hold(
        a_service(
            "wohnsitz-abmelden",
            title={"de": "Wohnsitz abmelden", "en": "Deregister a residence"},
            summary="Wer ins Ausland zieht, meldet die Wohnung ab.",
            legal_bases=(a_legal_basis("§ 17 BMG"),),
            leika_key="99115002104000",
        ),
        a_service(
            "wohnsitz-anmelden",
            title={"de": "Wohnsitz anmelden", "en": "Registration of a residence"},
            summary="Nach dem Umzug die neue Wohnung anmelden.",
        ),
        a_service(
            "belehrung",
            title="Belehrung für Beschäftigte mit Lebensmitteln",
            summary="Vor der ersten Arbeit.",
            constraints=(
                a_constraint(
                    legal_basis=a_legal_basis("§ 43 Abs. 1 IfSG"),
                    note="Die Erklärung ist schriftlich abzugeben.",
                ),
            ),
        ),
        a_service(
            "hundesteuer",
            title={"de": "Hundesteuer", "en": "Dog tax"},
            summary="Wer einen Hund hält, zahlt Steuern.",
            keywords=("Vierbeiner",),
            costs="90 Euro im Jahr",
            documents=("Impfausweis des Tieres",),
        ),
        a_service(
            "kfz-zulassung",
            title="Kfz-Zulassung",
            summary="Ein Fahrzeug in der Straßenverkehrsbehörde zulassen.",
            body="Bringen Sie den **Fahrzeugschein** mit. Die Gebühren zahlen Sie bar.",
            channels=(a_channel("in_person", note="Nur im Glaspavillon."),),
        ),
    )
    return searching


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("abmelden", {"wohnsitz-abmelden"}),
        ("Wohnung Abmeldung", {"wohnsitz-abmelden"}),
        ("wohnsitz", {"wohnsitz-abmelden", "wohnsitz-anmelden"}),
        ("HUND", {"hundesteuer"}),
        ("hunde steuern", {"hundesteuer"}),
        ("dogs", {"hundesteuer"}),
        ("registrations of residences", {"wohnsitz-anmelden"}),
        ("Straßenverkehrsbehoerde", {"kfz-zulassung"}),
        ("Strassenverkehrsbehörde", {"kfz-zulassung"}),
        ("gebuehr", {"kfz-zulassung"}),
        ("kfz zulassung", {"kfz-zulassung"}),
        ("KfzZulassung", {"kfz-zulassung"}),
        ("Kfz-Zulassung", {"kfz-zulassung"}),
        ("Zulassung", {"kfz-zulassung"}),
        ("§ 43 IfSG", {"belehrung"}),
        ("§43 IfSG", {"belehrung"}),
        ("§ 17 BMG", {"wohnsitz-abmelden"}),
        ("99115002104000", {"wohnsitz-abmelden"}),
        ("Vierbeiner", {"hundesteuer"}),
        ("Impfausweis", {"hundesteuer"}),
        ("Fahrzeugschein", {"kfz-zulassung"}),
        ("90 Euro", {"hundesteuer"}),
        ("Glaspavillon", {"kfz-zulassung"}),
        ("schriftlich Erklärung", {"belehrung"}),
        ("Wie kann ich meine Wohnung abmelden?", {"wohnsitz-abmelden"}),
        ("Quantensprung", set()),
        ("???", set()),
    ],
)
def test_what_people_type_finds_what_offices_write(city: Searching, q: str, found: set[str]) -> None:
    assert set(city.slugs(q)) == found


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ('"Wohnsitz abmelden"', {"wohnsitz-abmelden"}),
        ('"abmelden Wohnsitz"', set()),
        ('"neue Wohnungen"', {"wohnsitz-anmelden"}),
        ('"einen Hund hält"', {"hundesteuer"}),
        ('"Hund hält"', {"hundesteuer"}),
        ('"dog tax"', {"hundesteuer"}),
        ('"die Gebühren zahlen"', {"kfz-zulassung"}),
        ('"Impfausweis des Tieres"', {"hundesteuer"}),
        ('"90 Euro im Jahr"', {"hundesteuer"}),
        ('"§ 17 BMG"', {"wohnsitz-abmelden"}),
        ('"43 Abs. 1 IfSG"', {"belehrung"}),
        ('"im Glaspavillon"', {"kfz-zulassung"}),
        ('"Erklärung ist schriftlich"', {"belehrung"}),
    ],
)
def test_a_phrase_finds_its_words_side_by_side_wherever_words_are_found(
    city: Searching, q: str, found: set[str]
) -> None:
    assert set(city.slugs(q)) == found


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("wohnsitz -abmelden", {"wohnsitz-anmelden"}),
        ("wohnsitz -Abmeldung", {"wohnsitz-anmelden"}),
        ('wohnsitz -"neue Wohnung"', {"wohnsitz-abmelden"}),
        ("-wohnsitz", {"belehrung", "hundesteuer", "kfz-zulassung"}),
        ("hund -hund", set()),
        ("-Kfz-Zulassung -hund -belehrung", {"wohnsitz-abmelden", "wohnsitz-anmelden"}),
    ],
)
def test_a_word_behind_a_minus_is_not_found(city: Searching, q: str, found: set[str]) -> None:
    assert set(city.slugs(q)) == found


def test_a_word_behind_a_minus_leaves_longer_ones_alone(searching: Searching) -> None:
    searching.hold(a_service("a", title="Wohnung"), a_service("b", title="Wohnungsgeberbestätigung"))
    assert set(searching.slugs("wohnung")) == {"a", "b"}
    assert searching.slugs("-wohnung") == ["b"]


def test_a_word_in_the_title_counts_more_than_one_in_the_body(searching: Searching) -> None:
    searching.hold(
        a_service("a", title="Anders", body="Hier steht auch etwas vom Umzug in die Stadt."),
        a_service("b", title="Umzug in die Stadt"),
    )
    assert searching.slugs("Umzug") == ["b", "a"]


def test_a_whole_word_counts_more_than_the_beginning_of_another(searching: Searching) -> None:
    searching.hold(a_service("a", title="Wohngeldstelle"), a_service("b", title="Wohngeld"))
    assert searching.slugs("Wohngeld")[0] == "b"


@pytest.mark.parametrize(
    ("q", "first", "others"),
    [
        ('"Wohnsitz" Ausland', "wohnsitz-abmelden", {"wohnsitz-anmelden"}),
        ("Wohnung abmelden", "wohnsitz-abmelden", {"wohnsitz-anmelden"}),
        ("Wohnsitz Umzug", "wohnsitz-anmelden", {"wohnsitz-abmelden"}),
        ("Hund Gebühren", "hundesteuer", {"kfz-zulassung"}),
    ],
)
def test_who_has_all_words_comes_before_who_has_one_of_them(
    city: Searching, q: str, first: str, others: set[str]
) -> None:
    found = city.slugs(q)
    assert found[0] == first
    assert set(found[1:]) <= others


@pytest.mark.parametrize(
    ("q", "nearest"),
    [
        ("Wohnung abmelden anmelden", {"wohnsitz-abmelden", "wohnsitz-anmelden"}),
        ("wohnsitz abmelden sofort", {"wohnsitz-abmelden", "wohnsitz-anmelden"}),
        ("Hundesteuer sofort", {"hundesteuer"}),
    ],
)
def test_where_nobody_has_all_words_the_nearest_are_shown_and_it_is_said(
    city: Searching, q: str, nearest: set[str]
) -> None:
    page = city.page(q)
    assert {hit.slug for hit in page.hits} == nearest
    assert page.is_nearest
    assert not city.page("wohnsitz abmelden").is_nearest


def test_what_is_left_out_shows_what_would_be_found(city: Searching) -> None:
    page = city.page('wohnsitz "abmelden sofort"')
    assert page.total == 0
    assert [(dropped, way.q, total) for dropped, way, total in page.relaxed] == [('"abmelden sofort"', "wohnsitz", 2)]
    for _dropped, way, total in page.relaxed:
        assert city.index.find(way, city.catalogue, TODAY).total == total


# Nothing typed is expensive, and nothing raises

BOMBS = {
    "star": "*",
    "star a star": "*a*",
    "question marks": "?????",
    "26 prefixes": " ".join(f"*{chr(97 + n)}*" for n in range(26)),
    "prefixes": " ".join(f"{a}{b}" for a in "abcdefgh" for b in "abcdefgh"),
    "range": "[a TO z]",
    "half a range": "[a TO",
    "2000 or": " OR ".join(f"wort{n}" for n in range(2000)),
    "2000 and": " AND ".join(f"wort{n}" for n in range(2000)),
    "long text": "Wohnung abmelden und Hund anmelden " * 3000,
    "parentheses": "(" * 2000,
    "closed parentheses": "(" * 20_000 + "a" + ")" * 20_000,
    "not": "NOT " * 500,
    "minus": "-" * 100_000,
    "minus words": "-a " * 33_000,
    "quotes": '"' * 100_000,
    "open quotes": '"a ' * 33_000,
    "a long phrase": '"' + "wohnung " * 12_500 + '"',
    "a phrase of many words": '"' + " ".join(f"wort{n}" for n in range(12_000)) + '"',
    "a phrase of stop words": '"' + "der die das " * 8000 + '"',
    "fuzzy": "a~9 b~9 c~9 d~9 e~9",
    "regex": "([a-z]+)*[0-9]",
    "field": "title:a stored:b __state__ key:__state__",
    "one letter": "a" * 100_000,
    "one umlaut": "ä" * 100_000,
    "hyphens": "a-" * 50_000,
    "hyphenated": "-".join(["wohnung"] * 12_000),
    "blanks": " " * 100_000,
    "angle brackets": "<" * 100_000,
    "nul": "\0" * 1000 + "a\0b",
    "joiners": "a\u0301" * 50_000,
    "zero width": "\u200b" * 100_000,
    "right to left": "\u202e" + "אבג " * 20_000,
    "emoji": "😀" * 50_000,
    "half a surrogate": "\ud800" * 1000,
    "percent": "%",
    "backslash": "\\" * 100_000,
    "caret": "^",
    "controls": "".join(map(chr, range(32))) * 1000,
    "every plane": "".join(chr(n) for n in range(0, 0x10FFFF, 97) if not 0xD800 <= n < 0xE000),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_query_is_a_bomb(city: Searching, bomb: str) -> None:
    query = parse([("q", BOMBS[bomb])], city.catalogue)

    def took() -> float:
        started = time.thread_time()
        assert city.index.find(query, city.catalogue, TODAY).total <= 5
        return time.thread_time() - started

    assert min(took() for _ in range(3)) < 0.5


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_query_is_slow_to_read_even_if_nobody_cuts_it(bomb: str) -> None:
    def took() -> float:
        started = time.thread_time()
        grammar.parse(BOMBS[bomb])
        return time.thread_time() - started

    # The best of three: in a process that has run thousands of tests, the collector of garbage takes its turn.
    assert min(took() for _ in range(3)) < 0.5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.text(max_size=300) | st.lists(st.sampled_from(["wohnsitz", '"', "-", " ", "ab", "(", "§", "\0"])).map("".join)
)
def test_nothing_that_is_typed_raises(city: Searching, typed: str) -> None:
    query = parse([("q", typed)], city.catalogue)
    for asked in (query, Query(q=typed)):
        page = city.index.find(asked, city.catalogue, TODAY)
        assert len(page.hits) == min(page.total, 20)
