"""English words find German entries, also where some entry has one of them as it stands."""

from __future__ import annotations

import pytest
from asking import Searching
from builders import a_service


@pytest.fixture
def city(searching: Searching) -> Searching:
    searching.hold(
        a_service("ummelden", title="Wohnsitz ummelden"),
        a_service("zone", title="Halteverbot einrichten", keywords=("moving", "parking")),
        a_service("nummer", title="Hausnummer beantragen", keywords=("house",)),
        a_service("pass", title="Reisepass beantragen"),
        a_service("kind", title="Kindergeld"),
    )
    return searching


@pytest.mark.parametrize("q", ["moving", "moving house"])
def test_an_english_word_among_keywords_hides_nothing(city: Searching, q: str) -> None:
    assert "ummelden" in city.slugs(q)
    assert "zone" in city.slugs(q)


def test_a_word_of_both_languages_is_german_here(city: Searching) -> None:
    assert city.slugs("kind") == ["kind"]
    assert city.slugs("passport") == ["pass"]
