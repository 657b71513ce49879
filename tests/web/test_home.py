"""What a citizen sees who searches: the filters, the pages, nothing found, the framed page, what others changed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from builders import a_channel, a_period, a_place, a_service
from houses import publish, settings_in
from pagecheck import faults
from sites import Site

from servicedir.directory import House
from servicedir.domain import words
from servicedir.domain.query import Sort
from servicedir.domain.service import ChannelKind, Nature, Stage
from servicedir.domain.text import Text


def cards(html: BeautifulSoup) -> list[str]:
    """The slugs of the result cards, in their order."""
    links = (card.find("a")["href"] for card in html.select("ol.cards article"))
    return [urlsplit(link).path.removeprefix("/services/") for link in links]


def card(site: Site, slug: str, **parameters: str) -> Tag:
    html = site.visitor().get("/", {"per_page": "100", **parameters}).html
    (found,) = [
        card for card in html.select("ol.cards article") if urlsplit(card.find("a")["href"]).path.endswith(f"/{slug}")
    ]
    return found


def said(tag: Tag) -> str:
    return str(tag.get_text(" ", strip=True))


def total(html: BeautifulSoup) -> int:
    """The number in the heading of the results."""
    return int(re.sub(r"\D", "", said(html.find(id="results-title"))))


def facets(html: BeautifulSoup) -> dict[str, dict[str, tuple[int, bool]]]:
    """Facet -> value -> (count, whether it is chosen), as the checkboxes say."""
    found: dict[str, dict[str, tuple[int, bool]]] = {}
    for box in html.select('aside input[type="checkbox"]'):
        count = int(re.sub(r"\D", "", said(box.find_parent("label").small)))
        found.setdefault(box["name"], {})[box["value"]] = (count, box.has_attr("checked"))
    return found


# The search


def test_the_first_page_shows_everything_there_is(city: Site) -> None:
    html = city.get("/").html
    api = city.get("/api/v1/services").json
    assert total(html) == api["total"] >= 140
    assert cards(html) == [item["slug"] for item in api["items"]]
    assert len(cards(html)) == 20


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=Wohnung+abmelden",
        "?video=pilot&video=live",
        "?nature=advisory&sort=title",
        "?q=antrag&nature=transactional&page=2",
        "?office=buergeramt&per_page=5",
        "?on=2024-04-30&video=pilot",
        "?sort=updated&lang=en",
        "?q=Quantensprung",
    ],
)
def test_the_page_says_what_the_api_says(city: Site, query: str) -> None:
    """One search, many faces: results, their order, all facets and their counts are the same."""
    api = city.get(f"/api/v1/services{query}").json
    html = city.get(f"/{query}").html
    assert total(html) == api["total"]
    assert cards(html) == [item["slug"] for item in api["items"]]
    shown = facets(html)
    for facet, values in api["facets"].items():
        assert shown.get(facet, {}) == {v["value"]: (v["count"], v["selected"]) for v in values}
    framed = city.get(f"/embed{query}").html
    assert cards(framed) == [item["slug"] for item in api["items"]]


def test_what_people_look_for_most_is_on_top(city: Site) -> None:
    assert "wohnsitz-abmelden" in cards(city.get("/?q=Wohnung+abmelden").html)[:3]
    assert any("ausweis" in slug for slug in cards(city.get("/?q=Personalausweis").html)[:3])


def test_a_card_shows_at_a_glance_whether_video_works_and_what_the_law_asks(quiet: Site) -> None:
    text = said(card(quiet, "wohnsitz-abmelden"))
    for part in ("Wohnsitz abmelden", "Buergeramt", "Video", "Testbetrieb", "2024", "vor Ort", "Ausweis nötig"):
        assert part in text
    assert "Telefon" not in text
    silent = said(card(quiet, "hundesteuer"))
    assert words.label(Stage.UNKNOWN, "de") in silent


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_is_said_in_words_and_not_by_colour_alone(town: Site, stage: Stage) -> None:
    publish(town.house, a_service("neu", channels=(a_channel(ChannelKind.VIDEO, a_period(stage, "2024")),)))
    for html in (card(town, "neu"), town.get("/services/neu").html.select_one(".channels")):
        badge = html.select_one(".stage")
        assert said(badge) == words.label(stage, "de")
        assert badge.find("svg")


def test_the_day_decides_what_a_card_says_and_where_it_leads(quiet: Site) -> None:
    old = card(quiet, "wohnsitz-abmelden", on="2023-06-01")
    assert words.label(Stage.PLANNED, "de") in said(old)
    assert parse_qs(urlsplit(old.find("a")["href"]).query)["on"] == ["2023-06-01"]
    page = quiet.get(old.find("a")["href"])
    assert words.label(Stage.PLANNED, "de") in said(page.html.select_one(".channels"))


def form_pairs(html: BeautifulSoup) -> list[tuple[str, str]]:
    """What the search form would send as it stands, boxes and select included."""
    pairs = []
    for control in html.select('#search input, #search select, [form="search"]'):
        if control.name == "input" and control.get("type") in ("checkbox", "radio") and not control.has_attr("checked"):
            continue
        if control.name == "select":
            chosen = control.select_one("option[selected]")
            pairs.append((control["name"], chosen["value"] if chosen else control.option["value"]))
        elif control.name == "input" and control.get("name"):
            pairs.append((control["name"], control.get("value", "")))
    return pairs


@pytest.mark.parametrize(
    "query",
    [
        "q=wohnung",
        "q=antrag&video=unknown&nature=transactional",
        "office=buergeramt&on=2024-06-01&sort=updated",
        "lang=en&q=dog",
        "audience=familien&topic=umzug",
    ],
)
def test_sending_the_form_again_asks_the_same(city: Site, query: str) -> None:
    """Every state is in the form: a second search keeps filters, day, order and language."""
    pairs = [pair for pair in form_pairs(city.get(f"/?{query}").html) if pair[1]]
    asked = dict.fromkeys(parse_qsl(query))
    assert set(asked) <= set(pairs)
    again = city.visitor().get("/", pairs)
    assert cards(again.html) == cards(city.get(f"/?{query}").html)


def test_a_chosen_filter_can_be_taken_out(city: Site) -> None:
    html = city.get("/?q=antrag&video=unknown&nature=transactional&per_page=50").html
    chips = {said(link): link["href"] for link in html.select(".chips--active a")}
    assert len(chips) == 3
    targets = [dict(parse_qsl(urlsplit(href).query)) for href in chips.values()]
    assert {"q": "antrag", "nature": "transactional", "per_page": "50"} in targets
    assert {"q": "antrag", "video": "unknown", "per_page": "50"} in targets
    assert {"q": "antrag"} in targets


def test_each_filter_leads_to_as_many_as_it_says(city: Site) -> None:
    for facet, values in facets(city.get("/?video=unknown").html).items():
        for value, (count, _chosen) in list(values.items())[:5]:
            both = [("video", "unknown"), (facet, value)] if facet != "video" else [("video", value)]
            assert total(city.visitor().get("/", both).html) == count


def test_ready_made_searches_lead_to_as_many_as_they_say(city: Site) -> None:
    for start in ("/", "/?q=beratung", "/?on=2024-04-30"):
        chips = city.get(start).html.select("nav .chips a")
        assert chips
        for chip in chips:
            count = int(re.sub(r"\D", "", said(chip.select_one(".chip__count"))))
            assert total(city.get(chip["href"]).html) == count


def test_a_ready_made_search_that_is_chosen_says_so_and_leads_out_again(city: Site) -> None:
    def current(path: str) -> list[Tag]:
        return list(city.get(path).html.select('nav .chips a[aria-current="true"]'))

    assert current("/?q=antrag") == current("/?video=live") == []
    (chip,) = current("/?q=antrag&video=pilot&video=live&page=2")
    assert "Per Video" in said(chip)
    assert dict(parse_qsl(urlsplit(chip["href"]).query)) == {"q": "antrag"}


@pytest.mark.parametrize(
    "start", ["/", "/?q=antrag&nature=transactional", "/?sort=updated&lang=en", "/embed?per_page=30"]
)
def test_the_pages_lead_on_and_back_and_show_everything_once(city: Site, start: str) -> None:
    seen, path, wanted = list[str](), start, dict(parse_qsl(urlsplit(start).query))
    while path:
        html = city.get(path).html
        seen += cards(html)
        here = html.select_one('nav.pages [aria-current="page"]')
        before, behind = html.select_one('nav.pages a[rel="prev"]'), html.select_one('nav.pages a[rel="next"]')
        assert bool(before) == (path != start)
        if behind:
            assert here
            query = dict(parse_qsl(urlsplit(behind["href"]).query))
            assert {**query, **wanted} == query
        path = behind["href"] if behind else ""
    assert len(seen) == len(set(seen))
    assert len(seen) == city.get(f"/api/v1/services{start[start.find('?') :] if '?' in start else ''}").json["total"]


def test_a_page_behind_the_last_leads_back(city: Site) -> None:
    html = city.get("/?page=400").html
    assert cards(html) == []
    assert [link for link in html.select("section.results p a") if "page" not in link["href"]]


def test_the_orders_are_those_of_the_api(city: Site) -> None:
    options = city.get("/?sort=title").html.select("select#sort option")
    assert [option["value"] for option in options] == [sort.value for sort in Sort]
    assert [option["value"] for option in options if option.has_attr("selected")] == ["title"]


def test_the_words_searched_for_are_marked(quiet: Site) -> None:
    found = card(quiet, "wohnsitz-abmelden", q="Wohnungen")
    assert [said(mark) for mark in found.find_all("mark")] == ["Wohnung"]


# Nothing found


def test_who_finds_nothing_is_helped_on(city: Site) -> None:
    html = city.get("/?q=abmelden+%22Wohnung+Quantensprung%22").html
    assert total(html) == 0
    assert said(html.select_one("#q")) == ""
    assert html.select_one("#q")["value"] == 'abmelden "Wohnung Quantensprung"'
    ways = html.select("section.nothing ul")[0].select("li")
    assert ways
    for way in ways:
        count = int(re.findall(r"\((\d+)", said(way))[-1])
        found = city.get(way.a["href"]).html
        assert total(found) == count > 0
    assert html.select_one('section.nothing a[href="tel:115"]')
    assert html.select_one('section.nothing a[href="/a-z"]')


def test_a_filter_that_hides_all_is_named(city: Site) -> None:
    html = city.get("/?q=Wohnung+abmelden&video=ruled_out&office=buergeramt").html
    assert total(html) == 0
    ways = [said(way) for way in html.select("section.nothing ul")[0].select("li")]
    assert any(words.label(Stage.RULED_OUT, "de") in way for way in ways)


def test_a_search_of_signs_alone_finds_nothing_and_says_so(city: Site) -> None:
    html = city.get("/?q=%3F%21").html
    assert total(html) == 0
    assert html.select_one("section.nothing")


def test_an_empty_catalogue_is_a_page_too(tmp_path: Any) -> None:
    house = House(settings_in(tmp_path / "empty"))
    house.database.migrate(house.settings.migrations)
    house.close()
    site = Site(tmp_path / "empty")
    for path in ("/", "/a-z", "/offices/", "/topics/", "/embed", "/help", "/?q=x", "/api/v1/services"):
        answer = site.get(path)
        if answer.content_type == "text/html":
            assert faults(answer.text, "de") == [], path
    assert site.get("/api/v1/services").json["total"] == 0
    site.close()


# Framed


def test_in_a_frame_every_link_to_a_service_leads_out_of_it(city: Site) -> None:
    html = city.get("/embed?q=wohnung").html
    for link in html.select("ol.cards a"):
        assert link["target"] == "_blank"
        assert "noopener" in link["rel"]
    assert html.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert html.find("link", rel="canonical")["href"] == "http://localhost/?q=wohnung"
    assert [script["src"].rpartition("/")[2] for script in html.find_all("script")] == ["search.js", "framed.js"]


def test_in_a_frame_a_second_search_keeps_what_the_host_chose(city: Site) -> None:
    html = city.get("/embed?office=buergeramt&video=unknown&per_page=5&lang=en&page=2").html
    hidden = {(control["name"], control["value"]) for control in html.select('form input[type="hidden"]')}
    assert hidden == {("office", "buergeramt"), ("video", "unknown"), ("per_page", "5"), ("lang", "en")}


# Settings


def test_the_title_of_the_city_is_on_every_page(town_with: Callable[..., Site]) -> None:
    site = town_with(title="Stadt <b>Ämterhausen</b>")
    for path in ("/", "/services/wohnsitz-abmelden", "/no-such-page"):
        answer = site.get(path, status="*")
        assert "Stadt <b>Ämterhausen</b>" in answer.html.title.get_text()
        assert faults(answer.text, "de") == []


def test_a_city_may_speak_english_first_or_german_alone(town_with: Callable[..., Site]) -> None:
    english = town_with(languages="en de")
    assert english.get("/").html.html["lang"] == "en"
    assert english.get("/?lang=de").html.html["lang"] == "de"
    assert said(english.get("/services/wohnsitz-abmelden").html.h1) == "Deregister a residence"
    assert "Deregister a residence" in said(card(english, "wohnsitz-abmelden"))
    german = town_with(languages="de")
    assert german.get("/").html.html["lang"] == "de"
    german.get("/?lang=en", status=400)
    assert len(german.get("/").html.select("nav.languages [hreflang]")) == 1


def test_in_english_first_every_link_keeps_the_language(town_with: Callable[..., Site]) -> None:
    site = town_with(languages="en de")
    publish(site.house, *(a_service(f"x-{number}") for number in range(30)))
    html = site.get("/?lang=de").html
    assert site.get(html.select_one('nav.pages a[rel="next"]')["href"]).html.html["lang"] == "de"
    body = site.get("/api/v1/services?lang=de").json
    after = site.get(body["links"]["next"].removeprefix("http://localhost")).json
    labels = [value["label"] for value in after["facets"]["nature"]]
    assert labels == [words.label(nature, "de") for nature in Nature]


# What others changed


def test_what_another_process_publishes_is_seen_within_about_a_second(town: Site) -> None:
    town.get("/")
    other = Site(town.house.settings.data)
    with other.house.work() as directory:
        old = directory.service("wohnsitz-abmelden").service
    publish(other.house, replace(old, title=Text.of("Aus dem anderen Haus")))
    until = time.monotonic() + 3
    while "Aus dem anderen Haus" not in town.get("/services/wohnsitz-abmelden").text and time.monotonic() < until:
        time.sleep(0.1)
    assert "Aus dem anderen Haus" in town.get("/").text
    other.close()


def test_a_closed_place_says_so(town: Site) -> None:
    publish(town.house, a_place("rathaus", closed="2024-07"))
    assert "2024" in said(
        town.get("/services/wohnsitz-abmelden").html.find("section", attrs={"aria-labelledby": "places"})
    )
