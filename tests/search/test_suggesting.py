"""What is suggested while somebody types: parts of German words, umlauts in any spelling, and nothing hidden."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from asking import Searching
from builders import a_catalogue, a_service, a_topic, an_office
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.query import Suggestion
from servicedir.domain.text import slug_of
from servicedir.search.suggesting import MOST, MOST_BESIDE, Suggester, Titled

TITLES = (
    "Wohnsitz anmelden",
    "Wohnsitz abmelden",
    "Nebenwohnung abmelden",
    "Personalausweis beantragen",
    "Reiseausweis für Geflüchtete",
    "Führerschein beantragen",
    "Fischereischein beantragen",
    "Gewerbeanmeldung",
    "Kfz-Zulassung",
    "Ermäßigung der Müllgebühr",
    "Belehrung nach § 43 Infektionsschutzgesetz",
    "Aenderung der Steuerklasse",
    "Straße sperren",
)
CATALOGUE = a_catalogue(
    an_office("buergeramt", name={"de": "Bürgeramt", "en": "Citizens' Office"}),
    an_office("jugendamt", name={"de": "Jugendamt"}),
    a_topic("umzug", name={"de": "Umzug", "en": "Moving"}),
    a_topic("geburt", name={"de": "Geburt"}),
)
WORDS = {"wohnsitz": 20, "wohnung": 9, "wohnungen": 8, "wohngeld": 2, "gebühren": 5, "für": 99, "2024": 7}


def suggester(*titles: str, catalogue: Catalogue = CATALOGUE, **more: object) -> Suggester:
    titled = [Titled(slug_of(title), title) for title in titles or TITLES]
    return Suggester(titled, catalogue, **{"words": WORDS, **more})  # type: ignore[arg-type]


def texts(found: Sequence[Suggestion], *kinds: str) -> list[str]:
    return [one.text for one in found if not kinds or one.kind in kinds]


# Words


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("wo", "Wohnsitz abmelden"),
        ("WOHNS", "Wohnsitz abmelden"),
        ("abm", "Wohnsitz abmelden"),
        ("wohnsitz ab", "Wohnsitz abmelden"),
        ("abmelden wohnsitz", "Wohnsitz abmelden"),
        ("ab wohns", "Wohnsitz abmelden"),
        ("ausweis", "Personalausweis beantragen"),
        ("schein", "Führerschein beantragen"),
        ("anmeldung", "Gewerbeanmeldung"),
        ("wohnung", "Nebenwohnung abmelden"),
        ("wohnung abm", "Nebenwohnung abmelden"),
        ("Gewerbe-Anm", "Gewerbeanmeldung"),
        ("kfz", "Kfz-Zulassung"),
        ("zulass", "Kfz-Zulassung"),
        ("kfzzul", "Kfz-Zulassung"),
        ("kfz zul", "Kfz-Zulassung"),
        ("§ 43", "Belehrung nach § 43 Infektionsschutzgesetz"),
        ("schutz", "Belehrung nach § 43 Infektionsschutzgesetz"),
    ],
)
def test_a_beginning_or_a_part_of_a_word_is_enough(typed: str, title: str) -> None:
    assert title in texts(suggester().suggest(typed, "de"))


@pytest.mark.parametrize("typed", ["führ", "fuehr", "fuhr", "FÜHR", "fu\u0308hr", "Fuehrersch"])
def test_an_umlaut_is_the_same_however_it_is_written(typed: str) -> None:
    assert texts(suggester().suggest(typed, "de"))[0] == "Führerschein beantragen"


@pytest.mark.parametrize("typed", ["änd", "aend", "and"])
def test_an_umlaut_that_is_written_out_in_the_title_is_one_as_well(typed: str) -> None:
    assert "Aenderung der Steuerklasse" in texts(suggester().suggest(typed, "de"))


@pytest.mark.parametrize("typed", ["straße", "strasse", "STRASSE", "straß", "stras"])
def test_a_sharp_s_is_the_same_however_it_is_written(typed: str) -> None:
    assert texts(suggester().suggest(typed, "de"))[0] == "Straße sperren"


@pytest.mark.parametrize("typed", ["müllg", "muellgeb", "gebuhr", "gebühr", "ermaess", "ermass", "ermäß"])
def test_several_umlauts_are_no_hindrance(typed: str) -> None:
    assert "Ermäßigung der Müllgebühr" in texts(suggester().suggest(typed, "de"))


@pytest.mark.parametrize("typed", ["", " ", "w", "§", "?!", "ä", "-", '"', "-wohn"])
def test_there_is_nothing_before_the_second_letter(typed: str) -> None:
    assert suggester().suggest(typed, "de") == []


def test_two_letters_begin_a_word_and_only_three_may_stand_inside_one() -> None:
    assert texts(suggester("Personalausweis").suggest("au", "de")) == []
    assert texts(suggester("Personalausweis").suggest("aus", "de")) == ["Personalausweis"]
    assert texts(suggester("Personalausweis verlieren").suggest("ausweis er", "de")) == []


def test_every_word_must_match() -> None:
    assert texts(suggester().suggest("wohnsitz hund", "de")) == []


def test_a_word_that_is_left_out_is_not_looked_for() -> None:
    assert "Wohnsitz anmelden" in texts(suggester().suggest("wohnsitz -abmelden", "de"))
    assert texts(suggester().suggest("-wohnsitz", "de")) == []


# Order


def test_beginnings_of_titles_come_first_then_of_words_then_insides_and_short_before_long() -> None:
    found = suggester(
        "Nebenwohnung abmelden", "Die Wohnung", "Wohnungsgeberbestätigung", "Wohnung", "Eine ganz andere Wohnung"
    ).suggest("wohn", "de")
    assert texts(found, "service") == [
        "Wohnung",
        "Wohnungsgeberbestätigung",
        "Die Wohnung",
        "Eine ganz andere Wohnung",
        "Nebenwohnung abmelden",
    ]


def test_there_are_eight_at_most_and_searches_have_a_place_among_them() -> None:
    found = suggester(*(f"Wohnung {number}" for number in range(30))).suggest("wohn", "de")
    assert len(found) == MOST
    assert texts(found, "search") == ["wohnsitz", "wohnung"]
    assert [one.kind for one in found] == ["service"] * 6 + ["search"] * 2


def test_offices_and_topics_do_not_push_services_out() -> None:
    many = a_catalogue(*(an_office(f"amt-{number}", name={"de": f"Amt {number}"}) for number in range(9)))
    found = suggester(*(f"Amtliche Urkunde {number}" for number in range(9)), catalogue=many).suggest("am", "de")
    assert len(texts(found, "office")) == MOST_BESIDE
    assert len(texts(found, "service")) == MOST - MOST_BESIDE


def test_a_title_of_several_services_is_suggested_once_as_a_search_that_shows_them() -> None:
    twice = [Titled("beratung-a", "Beratung"), Titled("beratung-b", "Beratung"), Titled("beratungstag", "Beratungstag")]
    found = Suggester(twice, CATALOGUE, {}).suggest("berat", "de")
    assert [(one.kind, one.slug) for one in found] == [("search", "Beratung"), ("service", "beratungstag")]


# What else


def test_offices_and_topics_are_suggested_with_their_kind() -> None:
    assert suggester().suggest("bürg", "de")[0] == Suggestion("Bürgeramt", "office", "buergeramt")
    assert suggester().suggest("umz", "de")[0] == Suggestion("Umzug", "topic", "umzug")


def test_a_topic_without_a_published_service_is_not_suggested() -> None:
    assert texts(suggester(topics={"geburt"}).suggest("umz", "de")) == []
    assert texts(suggester(topics={"geburt"}).suggest("gebur", "de")) == ["Geburt"]


def test_the_last_word_is_completed_with_what_most_entries_have() -> None:
    found = suggester("Etwas anderes").suggest("wohn", "de")
    # One of the forms of a word is enough.
    assert found == [Suggestion(word, "search", word) for word in ("wohnsitz", "wohnung", "wohngeld")]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("Wohng", "Wohngeld"),
        ("gebueh", "gebühren"),
        ("Umzug wohng", "Umzug wohngeld"),
        ('"wohnsitz wohng', '"wohnsitz wohngeld'),
    ],
)
def test_a_completed_search_is_written_as_somebody_types(typed: str, completed: str) -> None:
    found = suggester("Etwas", words={**WORDS, "umzug": 1}).suggest(typed, "de")
    assert completed in texts(found, "search")


@pytest.mark.parametrize("typed", ["wo", "wohnsitz", "für", "202", "wohng?", 'wohng"', "-wohng", "einhorn wohng"])
def test_a_search_is_not_completed_where_that_says_nothing(typed: str) -> None:
    assert texts(suggester("Etwas").suggest(typed, "de"), "search") == []


def test_a_search_of_several_words_that_finds_nothing_is_not_suggested() -> None:
    found = suggester("Etwas", finds=lambda typed: typed == "wohnsitz wohnung").suggest("wohnsitz woh", "de")
    assert texts(found, "search") == ["wohnsitz wohnung"]


def test_a_search_does_not_repeat_a_name() -> None:
    found = suggester(words={"umzug": 9, "umzugskosten": 1}).suggest("umz", "de")
    assert [(one.text, one.kind) for one in found] == [("Umzug", "topic"), ("umzugskosten", "search")]


# Languages


BOTH = (Titled("abmelden", "Wohnsitz abmelden", "Deregister a residence"), Titled("wohngeld", "Wohngeld"))


def test_a_title_is_suggested_in_the_language_of_the_page() -> None:
    both = Suggester(BOTH, CATALOGUE, {})
    assert both.suggest("dereg", "en") == [Suggestion("Deregister a residence", "service", "abmelden")]
    assert both.suggest("mov", "en") == [Suggestion("Moving", "topic", "umzug")]


def test_without_a_translation_there_is_the_german_title() -> None:
    assert texts(Suggester(BOTH, CATALOGUE, {}).suggest("wohngeld", "en")) == ["Wohngeld"]


def test_who_knows_the_word_of_the_other_language_is_understood() -> None:
    both = Suggester(BOTH, CATALOGUE, {})
    assert texts(both.suggest("wohnsitz", "en")) == ["Deregister a residence"]
    assert texts(both.suggest("residence", "de")) == ["Wohnsitz abmelden"]
    assert texts(both.suggest("re", "de")) == []


# Rules


@given(st.text(max_size=250), st.sampled_from(("de", "en", "fr")))
def test_whatever_is_typed_is_answered(typed: str, language: str) -> None:
    found = suggester().suggest(typed, language)
    assert len(found) <= MOST
    assert len({(one.kind, one.slug) for one in found}) == len(found)
    assert len({(one.kind, one.text) for one in found}) == len(found)
    assert all(one.text.strip() and one.slug for one in found)


@given(st.lists(st.text(max_size=20), max_size=5), st.text(max_size=12))
def test_whatever_titles_and_words_are_it_is_answered(titles: list[str], typed: str) -> None:
    titled = [Titled(f"s{number}", title, title[::-1]) for number, title in enumerate(titles)]
    words = {word.lower(): 1 for title in titles for word in title.split()}
    for query in (typed, *titles):
        assert len(Suggester(titled, CATALOGUE, words).suggest(query, "de")) <= MOST


@given(st.sampled_from(TITLES), st.integers(2, 40))
def test_each_beginning_of_a_title_suggests_it(title: str, length: int) -> None:
    """Among many that begin alike, but these are few."""
    typed = title[:length].strip()
    assert title in texts(suggester(words={}).suggest(typed, "de"))


def test_ten_thousand_titles_are_no_work() -> None:
    titles = [
        Titled(f"s{number}", f"{TITLES[number % 13]} {number:x} und mehr {number % 97}") for number in range(10_000)
    ]
    words = {f"wort{number}": number for number in range(20_000)}
    many = Suggester(titles, CATALOGUE, words)
    start = time.perf_counter()
    many.suggest("wohn", "de")
    first = time.perf_counter()
    queries = ("wo", "wohnsitz ab", "schein", "be", "antragen für", "wort1", "a b c d e f g h")
    for typed in queries * 10:
        many.suggest(typed, "de")
    # Measured: 0.1 s and 0.3 ms. A loaded machine may take its time.
    assert first - start < 3
    assert (time.perf_counter() - first) / (10 * len(queries)) < 0.05


# In an index


def test_an_index_suggests_what_it_holds_and_forgets_what_it_does_not(searching: Searching) -> None:
    def suggested(typed: str) -> list[tuple[str, str]]:
        return [(one.kind, one.slug) for one in searching.index.suggest(typed, "de", searching.catalogue)]

    hund = a_service("hundesteuer", title="Hundesteuer", summary="Für Hundehalter.", topics=("ausweise",))
    searching.hold(hund, a_service("reisepass", title="Reisepass"))
    assert suggested("hunde") == [("service", "hundesteuer"), ("search", "hundehalter")]
    assert suggested("aus") == [("topic", "ausweise")]
    assert suggested("bürg") == [("office", "buergeramt")]
    assert suggested("umz") == []
    searching.index.update([], ["hundesteuer"], 9)
    assert suggested("hunde") == []
    assert suggested("ausw") == []
    assert suggested("reise") == [("service", "reisepass")]
