"""Cards and filters are made once; whoever looks at a list sees what is there now, in their language, on their day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import a_service, a_topic, an_office
from houses import publish
from sites import Site
from test_home import card, facets, said

from servicedir.domain.text import Text


def shelves(site: Site) -> Any:
    """Where cards are kept."""
    return site.app.application.application.registry.cards._shelves


def kept(site: Site) -> dict[str, Any]:
    """The slugs of the kept cards in German, each with its pieces."""
    return {slug: pieces for slug, (_held, pieces) in shelves(site)["de", ""].kept.items()}


def test_a_card_is_made_once_for_all_lists(town: Site) -> None:
    town.get("/")
    first = kept(town)
    assert set(first) == {"wohnsitz-abmelden", "hundesteuer"}
    for path in ("/?q=Wohnsitz", "/embed", "/offices/buergeramt", "/topics/umzug", "/?sort=title"):
        town.get(path)
    again = kept(town)
    assert all(again[slug] is first[slug] for slug in first)


def test_a_card_of_what_was_changed_is_made_anew_and_the_others_stay(town: Site) -> None:
    town.get("/")
    before = kept(town)
    with town.house.work() as directory:
        old = directory.service("wohnsitz-abmelden").service
    publish(town.house, replace(old, title=Text.of("Neuer Titel")))
    assert "Neuer Titel" in said(card(town, "wohnsitz-abmelden"))
    after = kept(town)
    assert after["wohnsitz-abmelden"] != before["wohnsitz-abmelden"]
    assert after["hundesteuer"] is before["hundesteuer"]


def test_a_card_says_what_an_office_is_called_now(town: Site) -> None:
    town.get("/")
    publish(town.house, an_office("buergeramt", name={"de": "Amt mit neuem Namen"}))
    assert "Amt mit neuem Namen" in said(card(town, "wohnsitz-abmelden"))
    assert "Amt mit neuem Namen" in town.get("/").html.select_one("aside").get_text()


def test_languages_and_days_have_their_own_cards(town: Site) -> None:
    shown = {
        (lang, on): said(card(town, "wohnsitz-abmelden", lang=lang, on=on))
        for _twice in range(2)
        for lang in ("de", "en")
        for on in ("", "2023-06-01", "2022-06-01")
    }
    assert len(set(shown.values())) == 6
    assert len(shelves(town)) == 2
    assert len(kept(town)) == 2, "only cards of today are kept"


def test_what_is_marked_is_of_this_search_alone(town: Site) -> None:
    marked = card(town, "wohnsitz-abmelden", q="Wohnungen")
    assert said(marked.mark) == "Wohnung"
    assert not card(town, "wohnsitz-abmelden").mark
    assert "Ausland" in said(card(town, "wohnsitz-abmelden", q="Ausland").mark)


def test_prefixes_of_the_application_have_their_own_links_and_do_not_pile_up(town: Site) -> None:
    for number in range(30):
        assert f'href="/p{number}/services/hundesteuer"' in town.ask("/", SCRIPT_NAME=f"/p{number}").text
    assert len(shelves(town)) <= 8


def test_a_card_in_a_frame_is_the_same_but_for_where_it_leads(quiet: Site) -> None:
    plain = quiet.get("/").html.select_one("ol.cards")
    framed = quiet.get("/embed").html.select_one("ol.cards")
    assert framed.get_text() == plain.get_text()
    for link in framed.select("a"):
        del link["target"], link["rel"]
    assert str(framed) == str(plain)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_boxes_follow_the_small_nouns(town: Site, lang: str) -> None:
    assert "neu" not in facets(town.get(f"/?lang={lang}").html)["topic"]
    publish(town.house, a_topic("neu", name={"de": "Neues Thema", "en": "New topic"}))
    html = town.get(f"/?lang={lang}").html
    assert facets(html)["topic"]["neu"] == (0, False)
    assert {"de": "Neues Thema", "en": "New topic"}[lang] in html.select_one("aside").get_text()


def test_a_chosen_box_is_checked_with_and_without_hits(town: Site) -> None:
    publish(town.house, a_topic("leer", name={"de": "Leer"}))
    shown = facets(town.get("/?topic=leer&topic=umzug&nature=advisory").html)
    assert shown["topic"]["leer"] == (0, True)
    assert shown["topic"]["umzug"][1]
    assert shown["nature"]["advisory"][1]
    assert not shown["nature"]["transactional"][1]


def test_large_numbers_are_written_as_the_language_does(town: Site) -> None:
    publish(town.house, *(a_service(f"x-{number}") for number in range(1000)))
    for lang, number in (("de", "1.001"), ("en", "1,001")):
        numbers = town.get(f"/?lang={lang}").html.select("aside small")
        assert number in [said(found) for found in numbers]
