"""Who names an office finds what it answers for, and what those below it do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asking import TODAY, Searching
from builders import a_catalogue, a_service, a_synonym, an_office

from servicedir.domain.query import Query
from servicedir.domain.text import Text


@pytest.fixture
def city(searching: Searching) -> Searching:
    searching.hold(
        a_service("tonne", title="Mülltonne bestellen", offices=("stadtreinigung",)),
        a_service("sperrmuell", title="Sperrmüll abholen", offices=("stadtreinigung",)),
        a_service("vorkauf", title="Bescheinigung der Stadt", offices=("bauamt",)),
        a_service("wohnsitz", title="Wohnsitz abmelden", offices=("buergerbuero",)),
        a_service("gewerbe", title="Gewerbe abmelden", offices=("bauamt",)),
        a_service("kultur", title="Kulturförderung", offices=("kultur",)),
        a_service("saal", title="Saal mieten", offices=("kultur",)),
    )
    searching.catalogue = a_catalogue(
        an_office("stadtreinigung", name={"de": "Stadtreinigung", "en": "Refuse Company"}),
        an_office("bauamt", name="Bauaufsichtsamt"),
        an_office("buergeramt", name="Bürgeramt"),
        an_office("buergerbuero", name="Bürgerbüro Nord", parent="buergeramt"),
        an_office("kultur", name="Amt für Kultur"),
        an_office("leer", name="Wahlamt"),
    )
    return searching


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("Stadtreinigung", {"tonne", "sperrmuell"}),
        ("stadtreinigung sperrmüll", {"sperrmuell"}),
        ("Refuse Company", {"tonne", "sperrmuell"}),
        ("Bürgerbüro Nord", {"wohnsitz"}),
        ("Wahlamt", set()),
        ("Amt Kultur", {"kultur", "saal"}),
        ("Kultur", {"kultur"}),
    ],
)
def test_the_name_of_an_office_finds_its_services(city: Searching, q: str, found: set[str]) -> None:
    assert set(city.slugs(q)) - {"vorkauf"} == found, "what has a part of the word in its title may be there as well"


@pytest.mark.parametrize("q", ["Bürgeramt", "buergeramt", "BÜRGERAMT"])
def test_an_office_answers_for_those_below_it(city: Searching, q: str) -> None:
    assert city.slugs(q) == ["wohnsitz"]


def test_what_the_office_does_comes_before_what_others_do(city: Searching) -> None:
    assert city.slugs("bürgeramt abmelden")[0] == "wohnsitz"
    assert city.slugs("bauaufsichtsamt abmelden")[0] == "gewerbe"


def test_a_phrase_and_a_minus_are_about_words_alone(city: Searching) -> None:
    assert city.slugs('"Refuse Company"') == []
    assert "wohnsitz" in city.slugs("abmelden -bürgeramt")


def test_an_office_that_is_renamed_is_found_by_its_new_name_at_once(city: Searching) -> None:
    offices = dict(city.catalogue.offices)
    offices["stadtreinigung"] = replace(offices["stadtreinigung"], name=Text.of("Abfallwirtschaftsbetrieb"))
    city.catalogue = replace(city.catalogue, offices=offices)
    assert set(city.slugs("Abfallwirtschaftsbetrieb")) == {"tonne", "sperrmuell"}
    assert "tonne" not in city.slugs("Stadtreinigung")


def test_coordinators_synonyms_of_a_name_count_as_well(city: Searching) -> None:
    words = a_synonym("Stadtreinigung", "Mülltonne")
    city.catalogue = replace(city.catalogue, synonyms={words.slug: words})
    assert {"tonne", "sperrmuell"} <= set(city.slugs("Stadtreinigung"))


def test_it_is_said_why(city: Searching) -> None:
    explained = city.index.explain(Query(q="Stadtreinigung"), city.catalogue, TODAY)
    why = {one.slug: [reason.why for reason in one.reasons] for one in explained}
    assert why["sperrmuell"] == ["it is an office that answers for it"]


def test_an_office_is_completed_behind_other_words(city: Searching) -> None:
    said = [one.text for one in city.index.suggest("abmelden bauau", "de", city.catalogue)]
    assert said == ["abmelden bauaufsichtsamt"]
    assert city.index.suggest("abmelden wahla", "de", city.catalogue) == []
