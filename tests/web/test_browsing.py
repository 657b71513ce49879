"""Offices, topics and letters: the ways to a service without a search."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from builders import a_service, a_topic, an_office
from houses import publish
from pagecheck import faults
from sites import Site
from test_home import cards, said, total


def test_the_tree_of_offices_counts_services_and_those_by_video(city: Site) -> None:
    html = city.get("/offices/").html
    api = {value["value"]: value["count"] for value in city.get("/api/v1/services").json["facets"]["office"]}
    now = {
        value["value"]: value["count"]
        for value in city.get("/api/v1/services?video=live&video=pilot").json["facets"]["office"]
    }
    shown = {}
    for row in html.select("ul.tree li"):
        slug = urlsplit(row.a["href"]).path.removeprefix("/offices/")
        numbers = [int(number) for number in re.findall(r"\d+", said(row.select_one(".tree__counts")))]
        shown[slug] = numbers
    assert set(shown) == set(api)
    for slug, numbers in shown.items():
        assert numbers == [api[slug], *([now[slug]] if now[slug] else [])], slug


def test_an_office_shows_its_services_its_places_and_its_family(town: Site) -> None:
    publish(
        town.house,
        an_office("buergeramt", name={"de": "Bürgeramt"}, phone="0221 1234", email="a@example.org", hours="Mo 8–12"),
        a_service("unten", title="Meldebescheinigung", offices=("meldestelle",)),
    )
    html = town.get("/offices/buergeramt").html
    text = said(html.main)
    for part in ("Bürgeramt", "Meldestelle", "Digitales Bürgerbüro", "Juli 2024", "Mo 8–12", "0221 1234"):
        assert part in text
    assert set(cards(html)) == {"wohnsitz-abmelden", "unten"}
    assert html.select_one('a[href="tel:02211234"]')
    assert html.select_one('a[href="mailto:a@example.org"]')
    below = town.get("/offices/meldestelle").html
    assert urlsplit(below.select_one("nav.breadcrumb a[href*=buergeramt]")["href"]).path == "/offices/buergeramt"
    assert cards(below) == ["unten"]


def test_offices_in_a_circle_are_shown_and_end(town: Site) -> None:
    publish(town.house, an_office("a", parent="b"), an_office("b", parent="a"), a_service("x", offices=("a",)))
    for path in ("/offices/a", "/offices/b", "/services/x", "/", "/offices/"):
        assert faults(town.get(path).text, "de") == []


def test_an_office_with_many_services_leads_to_the_search_for_more(town: Site) -> None:
    publish(town.house, *(a_service(f"viele-{number}", offices=("jugendamt",)) for number in range(120)))
    html = town.get("/offices/jugendamt").html
    assert len(cards(html)) == 100
    assert "121" in said(html.find(id="listed"))
    (more,) = html.select('section[aria-labelledby="listed"] > p a')
    assert total(town.get(more["href"]).html) == 121


def test_topics_count_their_services_and_show_them(city: Site) -> None:
    html = city.get("/topics/").html
    api = {value["value"]: value["count"] for value in city.get("/api/v1/services").json["facets"]["topic"]}
    shown = {urlsplit(row.a["href"]).path.removeprefix("/topics/"): said(row) for row in html.select("ul.tiles li")}
    assert set(shown) == set(api)
    for slug, text in shown.items():
        assert re.findall(r"\d+", text)[-1] == str(api[slug])
    slug = max(api, key=lambda slug: api[slug])
    assert len(cards(city.get(f"/topics/{slug}").html)) == min(100, api[slug])


def test_a_topic_without_services_is_shown_all_the_same(town: Site) -> None:
    publish(town.house, a_topic("leer", name={"de": "Leeres Thema"}))
    assert "Leeres Thema" in town.get("/topics/").text
    assert faults(town.get("/topics/leer").text, "de") == []


def letters(html: BeautifulSoup) -> dict[str, list[str]]:
    return {
        said(part.h2): [said(link) for link in part.select("li a")] for part in html.select("section[aria-labelledby]")
    }


def test_every_service_stands_under_its_letter_once(town: Site) -> None:
    titles = [
        "Äpfel",
        "Abfall",
        "Öffnung",
        "Ofen",
        "über",
        "Straße",
        "115 anrufen",
        "„Rat“ besuchen",
        "§ 43",
        "3D",
        "ß",
        "éclair",
        "Ω",
    ]
    publish(town.house, *(a_service(f"t-{number}", title=title) for number, title in enumerate(titles)))
    found = letters(town.get("/a-z").html)
    assert sorted(title for group in found.values() for title in group) == sorted(
        [*titles, "Wohnsitz abmelden", "Hundesteuer"]
    )
    assert found["A"] == ["Abfall", "Äpfel"]
    assert found["O"] == ["Öffnung", "Ofen"] or found["O"] == ["Ofen", "Öffnung"]
    assert set(found["#"]) == {"115 anrufen", "„Rat“ besuchen", "§ 43", "3D"}
    assert faults(town.get("/a-z").text, "de") == []


def test_letters_are_those_of_the_language(town: Site) -> None:
    found = letters(town.get("/a-z?lang=en").html)
    assert found["D"] == ["Deregister a residence"]


def test_all_services_of_the_sample_stand_in_the_list(city: Site) -> None:
    html = city.get("/a-z").html
    listed = [urlsplit(link["href"]).path.removeprefix("/services/") for link in html.select("section li a")]
    with city.house.work() as directory:
        assert sorted(listed) == sorted(held.slug for held in directory.titles())


def test_a_large_catalogue_has_a_page_for_each_letter(town: Site) -> None:
    publish(town.house, *(a_service(f"x-{number}", title=f"{'AB'[number % 2]} {number:03}") for number in range(410)))
    html = town.get("/a-z").html
    assert set(letters(html)) == {"A"}
    links = {said(link): link["href"] for link in html.select(".letters a")}
    assert set(links) == {"A", "B", "H", "W"}
    assert len(letters(town.get(links["B"]).html)["B"]) == 205
    for letter in ("Z", "#", "<", "AB"):
        assert set(letters(town.visitor().get("/a-z", {"letter": letter}).html)) == {"A"}
