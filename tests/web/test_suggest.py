"""What completes what is typed, as JSON: small, to be kept for a minute, and nothing that is not published."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from builders import a_service
from houses import publish, rows, save
from sites import Site

from servicedir.domain.workflow import SYSTEM

PATH = "/api/v1/suggest"


def suggested(site: Site, typed: str, **parameters: str) -> list[dict[str, Any]]:
    """The items of an answer."""
    rest = "".join(f"&{name}={value}" for name, value in parameters.items())
    items: list[dict[str, Any]] = site.get(f"{PATH}?q={quote(typed)}{rest}").json["items"]
    return items


def texts(site: Site, typed: str, **parameters: str) -> list[str]:
    return [item["text"] for item in suggested(site, typed, **parameters)]


def test_the_answer_is_what_the_contract_says(city: Site) -> None:
    answer = city.get(f"{PATH}?q=wohnsitz")
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert set(answer.json) == {"items"}
    assert 1 < len(answer.json["items"]) <= 8
    for item in answer.json["items"]:
        assert set(item) == {"text", "kind", "url"}
        assert item["url"].startswith("http://localhost/")
    assert {"text": "Wohnsitz abmelden", "kind": "service", "url": "http://localhost/services/wohnsitz-abmelden"} in (
        answer.json["items"]
    )
    assert len(answer.body) < 2000


@pytest.mark.parametrize("typed", ["wo", "umz", "bürgera", "steuer", "schein", "ge", "Wohnung ab"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_suggestion_leads_to_a_page_in_its_language(city: Site, typed: str, language: str) -> None:
    for item in suggested(city, typed, lang=language):
        page = city.get(item["url"].removeprefix("http://localhost"))
        assert page.html.html["lang"] == language
        if item["kind"] == "search":
            assert page.html.select_one("#q")["value"] == item["text"]
            assert page.html.select(".cards > li")


def test_each_kind_has_its_address(city: Site) -> None:
    found = {item["kind"]: item["url"] for typed in ("umzieh", "bürgera", "wohn") for item in suggested(city, typed)}
    assert found["topic"].startswith("http://localhost/topics/")
    assert found["office"].startswith("http://localhost/offices/")
    assert found["service"].startswith("http://localhost/services/")
    assert found["search"].startswith("http://localhost/?q=wohn")


def test_on_an_english_page_they_are_english(city: Site) -> None:
    [item] = [item for item in suggested(city, "deregister your res", lang="en") if item["kind"] == "service"]
    assert item["text"] == "Deregister your residence"
    assert item["url"] == "http://localhost/services/wohnsitz-abmelden?lang=en"


@pytest.mark.parametrize("query", ["", "?q=", "?q=w", "?q=+%20w", "?q=%C2%A7", "?q=%00", "?lang=en"])
def test_with_fewer_than_two_letters_there_is_nothing(city: Site, query: str) -> None:
    assert city.get(PATH + query).json == {"items": []}


def test_what_is_typed_is_read_up_to_200_characters(city: Site) -> None:
    padded = "wohnsitz" + " " * 185
    assert suggested(city, f"{padded}abmelden") == suggested(city, f"{padded}abmelde")
    assert suggested(city, "x" * 5000) == []


def test_unknown_parameters_are_ignored(city: Site) -> None:
    assert suggested(city, "wohn", video="nonsense", page="-1", on="x", foo="bar") == suggested(city, "wohn")


@pytest.mark.parametrize("query", ["q=wo&lang=xx", "q=wo&q=an", "q=wo&lang=de&lang=en"])
def test_what_cannot_be_meant_is_a_400_with_a_sentence(city: Site, query: str) -> None:
    answer = city.get(f"{PATH}?{query}", status=400)
    assert answer.content_type == "application/problem+json"
    assert answer.json["detail"].endswith(".")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_it_may_be_kept_for_a_minute_and_is_not_sent_twice(city: Site) -> None:
    first = city.get(f"{PATH}?q=wohn")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = city.get(f"{PATH}?q=wohn", headers={"If-None-Match": first.headers["ETag"]}, status=304)
    assert again.body == b""
    assert again.headers["Cache-Control"] == "public, max-age=60"
    assert city.get(f"{PATH}?q=wohns").headers["ETag"] != first.headers["ETag"]


def test_typing_is_not_counted_as_searching(town: Site) -> None:
    for typed in ("wohn", "wohnsitz"):
        suggested(town, typed)
    town.get("/?q=hundesteuer")
    town.house.searches.write()
    assert rows(town.house, "searches") == 1


def test_what_is_published_comes_up_at_once_and_what_is_retired_no_longer(town: Site) -> None:
    publish(town.house, a_service("zirkus", title="Zirkus anmelden", keywords=("Manege",)))
    assert texts(town, "zirk")[0] == "Zirkus anmelden"
    assert texts(town, "maneg") == ["manege"]
    with town.house.work(write=True) as directory:
        directory.move("zirkus", "retire", based_on=1, by=SYSTEM)
    assert texts(town, "zirk") == []
    assert texts(town, "maneg") == []


def test_no_word_of_a_draft_comes_up(town: Site) -> None:
    full = a_service("geheim", title="Kanarienvogel", keywords=("Kanarienfutter",), topics=("umzug",))
    save(town.house, full)
    publish(town.house, a_service("offen", title="Offen"))
    save(town.house, a_service("offen", title="Kanarien daneben"), based_on=1)
    for typed in ("kan", "kanarien", "vogel", "futter", "danebe", "offen kan"):
        assert [text for text in texts(town, typed) if "kanari" in text.lower()] == []
    assert texts(town, "danebe") == []
    with town.house.work(write=True) as directory:
        directory.move("geheim", "publish", based_on=1, by=SYSTEM)
    assert texts(town, "kanarien")[0] == "Kanarienvogel"


def test_the_search_pages_tell_the_script_where_and_with_which_words(city: Site) -> None:
    for path, where, words in (
        ("/", PATH, ("Vorschläge", "{n} Vorschläge, mit den Pfeiltasten wählen", "Amt")),
        ("/embed", PATH, ("Vorschläge", "{n} Vorschläge, mit den Pfeiltasten wählen", "Amt")),
        ("/?lang=en", f"{PATH}?lang=en", ("Suggestions", "{n} suggestions, choose with the arrow keys", "Office")),
    ):
        page = city.get(path).html
        said = page.select_one("#q").attrs
        assert said["data-suggest"] == where
        assert (said["data-list"], said["data-many"], said["data-office"]) == words
        scripts = {script["src"].rpartition("/")[2]: script["type"] for script in page.select("script[src]")}
        assert scripts["search.js"] == "module"
        assert set(scripts.values()) == {"module"}
