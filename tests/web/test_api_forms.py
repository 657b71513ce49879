"""A program gets the fields and the form that it asks for, and never what another one asked for before."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from houses import publish
from pagecheck import Page
from sites import Site

from servicedir.exchange.columns import COLUMNS
from servicedir.web.negotiation import TYPES, wanted

LIST = "/api/v1/services"
ENTRY = "/api/v1/services/wohnsitz-abmelden"


# Fields


def test_of_a_list_only_the_fields_come_that_were_asked_for(quiet: Site) -> None:
    whole = quiet.get(f"{LIST}?q=Wohnung").json
    some = quiet.get(f"{LIST}?q=Wohnung&fields=slug,video,highlight").json
    assert some["items"] == [{name: item[name] for name in ("slug", "video", "highlight")} for item in whole["items"]]
    assert some["items"][0]["highlight"]
    for name in ("total", "page", "per_page", "suggestion", "facets"):
        assert some[name] == whole[name]


def test_of_an_entry_only_the_fields_come_that_were_asked_for(quiet: Site) -> None:
    whole = quiet.get(ENTRY).json
    assert list(quiet.get(f"{ENTRY}?fields=title,on").json) == ["title", "on"]
    assert quiet.get(f"{ENTRY}?fields=%20texts%20,,texts").json == {"texts": whole["texts"]}
    assert quiet.get(f"{ENTRY}?fields=").json == whole
    assert quiet.get(f"{ENTRY}?fields=,").json == whole


def test_the_links_carry_the_fields_on(city: Site) -> None:
    first = city.get(f"{LIST}?per_page=2&fields=slug,title&lang=en")
    for said in (first.json["links"]["self"], first.json["links"]["next"]):
        assert parse_qs(urlsplit(said).query)["fields"] == ["slug,title"]
    second = city.get(first.json["links"]["next"].removeprefix("http://localhost")).json
    assert {tuple(item) for item in second["items"]} == {("slug", "title")}


@pytest.mark.parametrize("path", [LIST, ENTRY])
@pytest.mark.parametrize("fields", ["author", "slug,author", "slug;title", "SLUG", "<x1 y=1>", "slug.x", "x" * 5000])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_field_that_there_is_not_is_refused_with_those_that_there_are(
    quiet: Site, path: str, fields: str, language: str
) -> None:
    answer = quiet.visitor().get(path, {"fields": fields, "lang": language}, status=400)
    (fault,) = answer.json["errors"]
    assert fault["parameter"] == "fields"
    assert {"slug", "title", "video", "verified"} <= set(fault["allowed"])
    assert "(fields)" in answer.json["detail"]


@pytest.mark.parametrize("path", [LIST, ENTRY])
def test_fields_are_named_once(quiet: Site, path: str) -> None:
    quiet.get(f"{path}?fields=slug&fields=title", status=400)


# Links


def test_the_neighbours_of_a_page_stand_in_a_header_as_well(city: Site) -> None:
    visitor, path, pages = city.visitor(), f"{LIST}?per_page=60", 0
    while path:
        answer = visitor.get(path)
        links = answer.json["links"]
        said = {relation: f'<{links[relation]}>; rel="{relation}"' for relation in ("next", "prev") if links[relation]}
        assert answer.headers["Link"] == ", ".join(said.values())
        path = (links["next"] or "").removeprefix("http://localhost")
        pages += 1
    assert pages > 2
    assert "Link" not in city.get(f"{LIST}?q=Quantensprung").headers


def test_the_next_changes_stand_in_a_header_as_well(quiet: Site) -> None:
    answer = quiet.get("/api/v1/changes?limit=1")
    assert (
        answer.headers["Link"] == f'<http://localhost/api/v1/changes?since={answer.json["next"]}&limit=1>; rel="next"'
    )


# Forms


def test_an_entry_comes_in_the_words_of_schema_org(quiet: Site) -> None:
    answer = quiet.get(ENTRY, headers={"Accept": "application/ld+json"})
    assert answer.content_type == "application/ld+json"
    assert "GovernmentService" in answer.text
    page = Page(quiet.get("/services/wohnsitz-abmelden").text)
    (script,) = (e for e in page.elements if e.attributes.get("type") == "application/ld+json")
    assert json.loads("".join(script.pieces)) == answer.json


def test_a_list_comes_as_a_sheet(quiet: Site) -> None:
    answer = quiet.get(f"{LIST}?sort=title&per_page=1", headers={"Accept": "text/csv"})
    assert answer.content_type == "text/csv"
    assert 'rel="next"' in answer.headers["Link"]
    rows = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))
    assert [row["slug"] for row in rows] == ["hundesteuer"]
    assert list(rows[0]) == [column.name for column in COLUMNS]
    assert rows[0]["revision"] == "", "which is nothing to anybody but editors"
    assert "Access-Control-Allow-Origin" in answer.headers


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("Application/JSON; charset=utf-8", "application/json"),
        ("application/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
        ("text/csv;q=0.9, application/json;q=0.5", "text/csv"),
        ("text/csv, application/ld+json", "text/csv"),
        ("text/csv, application/json;q=0", "text/csv"),
        ("application/problem+json, application/json", "application/json"),
        ("nonsense//", "application/json"),
    ],
)
def test_the_form_is_the_one_that_is_liked_best(quiet: Site, accept: str, form: str) -> None:
    answer = quiet.ask(LIST, HTTP_ACCEPT=accept)
    assert (answer.status_int, answer.content_type) == (200, form)
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "application/json;q=0", "application/ld+json", "image/*"]
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_cannot_be_had_is_a_406_that_names_what_can(quiet: Site, accept: str, language: str) -> None:
    answer = quiet.ask(f"{LIST}?lang={language}", HTTP_ACCEPT=accept)
    assert answer.status_int == 406
    assert answer.content_type == "application/problem+json"
    assert answer.json["available"] == ["application/json", "text/csv"]
    assert (
        answer.json["title"]
        == {"de": "In dieser Form gibt es das nicht", "en": "It does not come in this form"}[language]
    )


def test_where_there_is_one_form_there_is_no_other(quiet: Site) -> None:
    for path in ("/api/v1/suggest?q=wohn", "/api/v1/changes", "/api/v1/openapi.json"):
        assert quiet.ask(path, HTTP_ACCEPT="text/csv").json["available"] == ["application/json"]
    assert quiet.ask(ENTRY, HTTP_ACCEPT="text/csv").status_int == 406


# What is kept


def test_what_one_program_asked_for_is_not_given_to_the_next(town: Site) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [
        (LIST, {}),
        (LIST, {"HTTP_ACCEPT": "text/csv"}),
        (LIST, {"HTTP_ACCEPT": "application/json"}),
        (f"{LIST}?fields=slug", {}),
        (f"{LIST}?fields=title", {}),
        (ENTRY, {}),
        (ENTRY, {"HTTP_ACCEPT": "application/ld+json, application/json;q=0.1"}),
        (f"{ENTRY}?fields=title", {}),
    ]
    fresh = []
    for path, headers in asked:
        publish(town.house)
        town.app.application._kept.clear()
        fresh.append(town.ask(path, **headers))
    for _again in range(2):
        for (path, headers), first in zip(asked, fresh, strict=True):
            answer = town.ask(path, **headers)
            assert (answer.body, answer.headers["ETag"]) == (first.body, first.headers["ETag"])
            assert answer.content_type == first.content_type
    assert len({answer.headers["ETag"] for answer in fresh}) == len(asked) - 1
    # A mark of one form is none of another.
    csv_mark = fresh[1].headers["ETag"]
    assert town.ask(LIST, HTTP_IF_NONE_MATCH=csv_mark).status_int == 200
    assert town.ask(LIST, HTTP_IF_NONE_MATCH=csv_mark, HTTP_ACCEPT="text/csv").status_int == 304


def test_what_browsers_say_of_forms_is_kept_once(town: Site) -> None:
    """However many ways there are to say that anything will do."""
    kept = town.app.application
    for accept in ("*/*", "", "application/*, */*;q=0.1", "image/png, */*", "text/html, */*;q=0.8"):
        town.ask(LIST, HTTP_ACCEPT=accept)
        town.ask("/", HTTP_ACCEPT=accept)
    assert sum(key[3] == "/" for key in kept._kept) == 1
    assert sum(key[3] == LIST for key in kept._kept) <= 2


def test_all_that_counts_of_what_is_accepted_are_the_forms_and_their_order() -> None:
    def said(accept: str, path: str = LIST) -> tuple[str, ...]:
        return wanted({"PATH_INFO": path, "HTTP_ACCEPT": accept})

    assert said("*/*") == said("text/html, */*") == TYPES
    assert said("text/csv;q=0.2, application/json;q=0.1, image/png") == ("text/csv", "application/json")
    assert said("image/png") == ()
    assert said("image/png", "/") == TYPES
    assert wanted({"PATH_INFO": LIST}) == TYPES
