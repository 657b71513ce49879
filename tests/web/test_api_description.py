"""The description of the API is a good OpenAPI document, and every answer is one that it describes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from described import check, operation, undescribed
from faces import DATA, addresses
from openapi_spec_validator import validate
from sites import Site

from servicedir.domain import following, query
from servicedir.domain.following import Told
from servicedir.domain.query import MOST_PER_PAGE, PER_PAGE, Sort
from servicedir.domain.service import ChannelKind, ConstraintKind, Effect, Nature, Requirement, Stage
from servicedir.domain.workflow import SYSTEM
from servicedir.web.api.description import document, properties, resolved
from servicedir.web.api.misfits import faults

PATH = "/api/v1/openapi.json"
API = [path for path in addresses(DATA, languages=("de", "en")) if path.startswith("/api/v1/")]


# The document


def test_the_description_is_a_valid_openapi_document(city: Site) -> None:
    said = city.get(PATH).json
    assert said["openapi"].startswith("3.1")
    assert said["servers"] == [{"url": "http://localhost/api/v1"}]
    validate(said)


def test_it_names_the_server_of_the_settings(town_with: Callable[..., Site]) -> None:
    site = town_with(base_url="https://services.example.org/")
    answer = site.ask(PATH, HTTP_HOST="evil.example.org")
    assert answer.json["servers"] == [{"url": "https://services.example.org/api/v1"}]


def test_no_fragment_describes_what_another_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    fragments = [json.loads(file.read_text()) for file in (files("servicedir.web.api") / "openapi").iterdir()]
    names = [name for fragment in fragments for name in fragment.get("paths", {})]
    assert sorted(names) == sorted(document()["paths"])
    for section in document()["components"]:
        parts = [name for fragment in fragments for name in fragment.get("components", {}).get(section, {})]
        assert sorted(parts) == sorted(document()["components"][section])


def test_every_route_of_the_api_is_described_and_nothing_else(city: Site) -> None:
    routes = {p.removeprefix("/api/v1") for n, p in city.routes.items() if n.startswith("api-") and "/v1/" in p}
    assert routes - {"/{path:.*}"} == set(document()["paths"])


def test_every_method_of_a_route_is_described_and_no_other(city: Site) -> None:
    for path, described in document()["paths"].items():
        asked = path.replace("{slug}", "no-such")
        allowed = set(city.ask(f"/api/v1{asked}", method="OPTIONS").headers["Allow"].split(", "))
        methods = {name.upper() for name in described if name not in ("parameters", "summary", "description")}
        assert methods | {"HEAD", "OPTIONS"} == allowed | {"HEAD"}, path


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, described in document()["paths"].items():
        for method, said in described.items():
            if method != "parameters":
                yield path, method, said


def test_each_operation_is_explained_in_both_languages_and_has_its_own_name() -> None:
    tags = {tag["name"] for tag in document()["tags"]}
    names = [said["operationId"] for _path, _method, said in operations()]
    assert len(names) == len(set(names)) > 5
    for path, method, said in operations():
        for words in ("summary", "x-summary-de", "description"):
            assert said[words], (path, method)
        assert not said["summary"].endswith(".")
        assert set(said["tags"]) <= tags
        for parameter in said.get("parameters", ()):
            assert resolved(parameter)["description"], (path, parameter)
    for tag in document()["tags"]:
        assert tag["description"] and tag["x-description-de"] and tag["x-title-de"] and tag["x-title-en"]


def test_every_error_is_a_problem() -> None:
    for path, method, said in operations():
        for status, response in said["responses"].items():
            if status >= "400":
                content = resolved(response)["content"]
                assert set(content) == {"application/problem+json"}, (path, method, status)


# It and what reads the parameters agree


def schema_of(path: str, name: str) -> dict[str, Any]:
    described = operation(path)
    found = {p["name"]: p for p in map(resolved, [*described["parameters"], *described["shared"]])}
    return resolved(found[name]["schema"])


def names_of(path: str) -> set[str]:
    return {p["name"] for p in map(resolved, operation(path)["parameters"]) if p["in"] == "query"}


def test_the_parameters_of_a_search_are_those_that_are_read() -> None:
    read = {*query.FACETS, *query._SINGLE, "fields"}
    assert names_of("/api/v1/services") == read


@pytest.mark.parametrize(
    ("name", "words"),
    [("video", Stage), ("channel", ChannelKind), ("nature", Nature)],
)
def test_a_parameter_has_the_words_of_the_catalogue(name: str, words: Any) -> None:
    assert resolved(schema_of("/api/v1/services", name)["items"])["enum"] == [word.value for word in words]


def test_orders_limits_and_defaults_are_those_that_are_read(city: Site) -> None:
    assert schema_of("/api/v1/services", "sort")["enum"] == [word.value for word in Sort]
    per_page = schema_of("/api/v1/services", "per_page")
    assert (per_page["minimum"], per_page["maximum"], per_page["default"]) == (1, MOST_PER_PAGE, PER_PAGE)
    assert schema_of("/api/v1/services", "page")["maximum"] == query.DEEPEST_RESULT
    assert schema_of("/api/v1/services", "lang")["enum"] == list(city.house.settings.languages)
    limit = schema_of("/api/v1/changes", "limit")
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, following.MOST, following.LIMIT)
    city.get("/api/v1/services?page=10000&per_page=1")
    city.get("/api/v1/services?page=10001&per_page=1", status=400)


def test_the_words_of_answers_are_those_of_the_catalogue() -> None:
    schemas = document()["components"]["schemas"]
    constraint = schemas["Constraint"]["properties"]
    for words, described in (
        (Stage, schemas["Stage"]),
        (ChannelKind, schemas["ChannelKind"]),
        (Nature, schemas["Nature"]),
        (ConstraintKind, constraint["kind"]),
        (Requirement, constraint["requirement"]),
        (Effect, constraint["effect"]),
        (Told, schemas["Changes"]["properties"]["items"]["items"]["properties"]["change"]),
    ):
        assert set(described["enum"]) == {word.value for word in words}


@pytest.mark.parametrize(
    ("path", "schema"), [("/api/v1/services", "Hit"), ("/api/v1/services/wohnsitz-abmelden", "Service")]
)
def test_the_fields_that_can_be_asked_for_are_those_of_the_answer(quiet: Site, path: str, schema: str) -> None:
    body = quiet.get(path).json
    there = set(body["items"][0] if schema == "Hit" else body)
    assert set(properties(schema)) == there
    assert set(schema_of(path, "fields")["items"]["enum"]) == there


# Every answer is one that is described


@pytest.mark.parametrize("path", API)
def test_an_answer_is_what_the_description_says(city: Site, path: str) -> None:
    answer = city.get(path)
    check(answer, path)
    check(city.get(path, status=304, headers={"If-None-Match": answer.headers["ETag"]}), path)


@pytest.mark.parametrize("path", [path for path in API if "lang=" not in path])
def test_so_it_is_where_more_is_said_than_in_the_sample(quiet: Site, path: str) -> None:
    check(quiet.get(path), path)


@pytest.mark.parametrize("path", [path for path in API if "lang=" not in path])
def test_what_goes_wrong_is_described_as_well(quiet: Site, path: str) -> None:
    described = operation(path)["responses"]
    mark = "&" if "?" in path else "?"
    if "400" in described:
        for fault in ("lang=xx", "lang=de&lang=en"):
            check(quiet.get(f"{path}{mark}{fault}", status=400), path)
    if "406" in described:
        check(quiet.get(path, headers={"Accept": "image/png"}, status=406), path)


@pytest.mark.parametrize("path", [path for path in API if "wohnsitz-abmelden" in path.partition("?")[0]])
def test_what_is_not_there_or_no_more_is_described(town: Site, path: str) -> None:
    check(town.get(path.replace("wohnsitz-abmelden", "no-such"), status=404), path)
    with town.house.work(write=True) as directory:
        directory.rename("wohnsitz-abmelden", "abmelden", by=SYSTEM)
    assert (
        town.get(path, status=301)
        .headers["Location"]
        .partition("?")[0]
        .endswith(path.partition("?")[0].replace("wohnsitz-abmelden", "abmelden"))
    )
    assert "301" in operation(path)["responses"]
    with town.house.work(write=True) as directory:
        directory.move("abmelden", "retire", based_on=1, by=SYSTEM, successor="hundesteuer")
    gone = town.get(path.replace("wohnsitz-abmelden", "abmelden"), status=410)
    check(gone, path)
    assert gone.json["successor"] == "http://localhost/api/v1/services/hundesteuer"


def test_a_field_that_nobody_described_is_found() -> None:
    """So that the tests above can fail."""
    schema = {"$ref": "#/components/schemas/Changes"}
    said = {"items": [{"slug": "a", "change": "changed", "at": "2024-05-31T12:00:00Z", "author": "anna"}], "next": "x"}
    assert list(undescribed(said, schema)) == ["$.items[0].author"]


# What is sent is held against it


def test_a_body_is_held_against_its_schema_with_the_place_of_each_fault() -> None:
    good = {"slug": "a", "change": "changed", "at": "2024-05-31T12:00:00Z"}
    assert faults("Changes", {"items": [good], "next": "x"}) == []
    said = {"items": [good, {**good, "change": "edited"}, {"slug": "A B"}], "next": 7}
    found = faults("Changes", said)
    assert [fault["pointer"] for fault in found] == [
        "/items/1/change",
        "/items/2/change",
        "/items/2/at",
        "/items/2/slug",
        "/next",
    ]
    assert found[0]["detail"].startswith("Möglich ist hier: published, ")


def test_a_pointer_names_fields_with_slashes_and_tildes_and_a_detail_is_short() -> None:
    found = faults("Texts", {"a/b~c": 7, "de": ["x" * 5000]})
    assert {fault["pointer"] for fault in found} == {"/a~1b~0c", "/de"}
    assert all(len(fault["detail"]) <= 201 for fault in found)
