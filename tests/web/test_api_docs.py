"""The readable description says all that the document says, in both languages, and what it shows can be done."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from described import fits
from pagecheck import Page, links
from sites import Site

from servicedir.web.api.description import document
from servicedir.web.api.examples import example
from servicedir.web.problem import KINDS

BOTH = ("/api/", "/api/?lang=en")


@pytest.mark.parametrize("path", BOTH)
def test_every_operation_schema_and_error_has_its_place(city: Site, path: str) -> None:
    there = Page(city.get(path).text).by_id()
    for described in document()["paths"].values():
        for method, operation in described.items():
            if method != "parameters":
                assert operation["operationId"] in there
                summary = operation["summary" if "en" in path else "x-summary-de"]
                assert there[operation["operationId"]].text == summary
    assert {f"schema-{name}" for name in document()["components"]["schemas"]} <= set(there)
    assert set(KINDS.values()) <= set(there)


def test_the_type_of_a_fault_leads_to_where_it_is_explained(town: Site, town_with: Callable[..., Site]) -> None:
    limited = town_with(api_limit="1")
    limited.get("/api/v1/suggest")
    faults = {
        404: town.get("/api/v1/services/no-such", status=404),
        400: town.get("/api/v1/services?page=0", status=400),
        406: town.get("/api/v1/services", headers={"Accept": "image/png"}, status=406),
        405: town.ask("/api/v1/services", method="DELETE"),
        401: town.ask("/api/v1/services/hundesteuer/draft"),
        429: limited.get("/api/v1/suggest", status=429),
    }
    for status, answer in faults.items():
        address, _mark, anchor = answer.json["type"].partition("#")
        there = Page(town.get(address.removeprefix("http://localhost")).text).by_id()
        assert str(status) in there[anchor].text


@pytest.mark.parametrize("path", BOTH)
def test_it_needs_no_script_of_its_own_and_nothing_from_elsewhere(city: Site, path: str) -> None:
    page = Page(city.get(path).text)
    plain = Page(city.get(path.replace("/api/", "/help")).text)
    assert len(page.all("script")) == len(plain.all("script"))
    assert not [link for link in links(city.get(path).text) if urlsplit(link).netloc not in ("", "localhost")]


def test_what_stands_there_in_english_says_so_on_the_german_page(city: Site) -> None:
    german, english = (Page(city.get(path).text) for path in BOTH)
    said = document()["paths"]["/changes"]["get"]["description"].partition("`")[0]
    for page in (german, english):
        (element,) = (element for element in page.all("p") if element.text.startswith(said))
        assert element.language == "en"


def test_a_request_that_it_shows_is_answered(city: Site) -> None:
    page = Page(city.get("/api/").text)
    shown = [e.text for e in page.all("pre") if e.text.startswith("curl")]
    assert len(shown) == sum(len(described) - ("parameters" in described) for described in document()["paths"].values())
    asked = 0
    for command in shown:
        words = shlex.split(command)
        if words[:-1] == ["curl"]:
            path = words[-1].removeprefix("http://localhost")
            assert path.startswith("/api/v1/")
            city.get(path)
            asked += 1
    assert asked >= 8


def test_a_request_with_a_body_shows_one_that_is_described() -> None:
    for described in document()["paths"].values():
        for method, operation in described.items():
            for content in (
                operation.get("requestBody", {}).get("content", {}).values() if method != "parameters" else ()
            ):
                fits(content.get("example", example(content["schema"])), content["schema"])


@pytest.mark.parametrize("name", ["Results", "Service", "Changes", "Suggestions", "Problem"])
def test_an_answer_that_it_shows_is_one_that_is_described(name: str) -> None:
    said = example({"$ref": f"#/components/schemas/{name}"})
    fits(json.loads(json.dumps(said)), {"$ref": f"#/components/schemas/{name}"})


def test_who_leaves_out_the_slash_is_sent_on(city: Site) -> None:
    assert city.get("/api", status=301).headers["Location"].endswith("/api/")
