"""The page of open data and the files behind it, as browsers, data portals and impatient programs ask for them."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import a_service
from houses import publish, save
from pagecheck import links
from rdflib import Graph
from sites import Site
from test_leaks import WORDS, hide, prepare

from servicedir.directory import open_data
from servicedir.domain.service import ChannelKind, Nature, Stage
from servicedir.domain.words import label
from servicedir.exchange.open_formats import OPEN_FORMATS

NAMES = tuple(OPEN_FORMATS)
EXTENSIONS = {name: form.extension for name, form in OPEN_FORMATS.items()}


def file(site: Site, name: str, query: str = "", **options: Any) -> Any:
    return site.get(f"/data/services{EXTENSIONS[name]}{query}", **options)


# The page


def test_the_page_leads_to_every_file(quiet: Site) -> None:
    led = set(links(quiet.get("/data/").text))
    for name in NAMES:
        assert f"http://localhost/data/services{EXTENSIONS[name]}" in led
    assert {"/data/catalog.ttl", "/data/vocabulary", "/api/v1/openapi.json", "/api/v1/changes"} <= led


def test_the_page_of_another_day_leads_to_the_files_of_that_day(quiet: Site) -> None:
    page = quiet.get("/data/?on=2024-06-15")
    assert "15. Juni 2024" in page.text
    assert "http://localhost/data/services.csv?on=2024-06-15" in links(page.text)


def test_every_page_leads_to_it(quiet: Site) -> None:
    assert "/data/" in links(quiet.get("/").text)
    assert "/data/?lang=en" in links(quiet.get("/?lang=en").text)


def test_the_page_tells_size_and_checksum_of_files_that_are_there(town: Site) -> None:
    assert town.get("/data/").text.count("wird beim Abruf gemacht") == len(NAMES)
    town.house.open_data.renew()
    page = town.get("/data/").text
    assert "wird beim Abruf gemacht" not in page
    assert len(re.findall(r"<code>[0-9a-f]{64}</code>", page)) == len(NAMES)


def test_licence_publisher_and_contact_are_those_of_the_settings(town_with: Callable[..., Site]) -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    site = town_with(licence=licence, publisher="Stadt Musterstadt", contact="daten@example.org", title="Dienste")
    page = site.get("/data/").text
    for said in ("Creative Commons BY 4.0", licence, "Stadt Musterstadt", "mailto:daten@example.org", "Dienste"):
        assert said in page
    default = town_with().get("/data/").text
    assert "Datenlizenz Deutschland – Namensnennung" in default
    assert "mailto:" not in default


def test_a_licence_that_nobody_knows_is_shown_by_its_address(town_with: Callable[..., Site]) -> None:
    assert 'href="https://example.org/l"' in town_with(licence="https://example.org/l").get("/data/").text


# Files


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_a_download_with_a_safe_name_and_its_type(quiet: Site, name: str) -> None:
    answer = file(quiet, name)
    assert answer.headers["Content-Type"] == OPEN_FORMATS[name].media_type
    disposition = answer.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="services-\d{4}-\d\d-\d\d(\.\w+)+"', disposition)
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert answer.headers["Last-Modified"].endswith("GMT")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", NAMES)
def test_who_has_it_gets_a_304_and_nothing_is_made_for_that(
    town: Site, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = file(town, name, "?on=2024-06-15").headers["ETag"]

    def fail(*_anything: Any) -> None:
        raise AssertionError("made although nobody needs it")

    monkeypatch.setitem(OPEN_FORMATS, name, replace(OPEN_FORMATS[name], store=fail))
    answer = file(town, name, "?on=2024-06-15", headers={"If-None-Match": f'"x", {etag}'}, status=304)
    assert answer.body == b""
    assert answer.headers["ETag"] == etag


@pytest.mark.parametrize("name", NAMES)
def test_who_asks_for_the_head_alone_has_nothing_made(town: Site, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/data/services{EXTENSIONS[name]}"
    visitor = town.visitor()
    file(town, name)
    made = visitor.head(path)
    assert int(made.headers["Content-Length"]) > 0
    assert made.headers["ETag"]
    publish(town.house, a_service("neu"))

    def fail(*_anything: Any) -> None:
        raise AssertionError("made although nobody reads it")

    monkeypatch.setitem(OPEN_FORMATS, name, replace(OPEN_FORMATS[name], store=fail))
    for query in ("", "?on=2024-06-15"):
        answer = visitor.head(path + query, status=200)
        assert answer.headers["Content-Type"] == OPEN_FORMATS[name].media_type
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert not {"Content-Length", "ETag"} & set(answer.headers)
    visitor.head("/data/services.pdf", status=404)


def test_files_are_limited_as_the_api_is(town_with: Callable[..., Site]) -> None:
    visitor = town_with(api_limit="2").visitor()
    for _time in range(2):
        visitor.get("/data/services.csv", status=200)
    assert visitor.get("/data/services.csv?on=2024-06-15", status=429).headers["Retry-After"]
    visitor.get("/data/", status=200)


def test_who_has_an_old_one_gets_the_new_one(town: Site) -> None:
    old = file(town, "json")
    publish(town.house, a_service("neu"))
    new = file(town, "json", headers={"If-None-Match": old.headers["ETag"]})
    assert new.headers["ETag"] != old.headers["ETag"]
    assert "neu" in {service["slug"] for service in new.json["services"]}


def test_a_file_that_was_not_modified_since_is_not_sent_again(quiet: Site) -> None:
    modified = file(quiet, "csv").headers["Last-Modified"]
    file(quiet, "csv", headers={"If-Modified-Since": modified}, status=304)


def test_a_large_file_goes_out_in_pieces(city: Site) -> None:
    response = city.ask("/data/services.sqlite")
    sizes = [len(piece) for piece in response.app_iter]
    response.app_iter.close()
    assert len(sizes) > 1
    assert max(sizes) <= 262_144
    assert sum(sizes) == int(response.headers["Content-Length"])


@pytest.mark.parametrize(
    "path", ["/data/services.pdf", "/data/services.", "/data/services.ttl.gz", "/data/catalog.csv"]
)
def test_what_there_is_not_is_not_found(quiet: Site, path: str) -> None:
    quiet.get(path, status=404)


@pytest.mark.parametrize("on", ["gestern", "2024-13-01", "2024", "2024-06-15%0d%0aX: y"])
def test_what_is_no_day_is_refused_with_a_sentence(quiet: Site, on: str) -> None:
    for path in ("/data/", "/data/services.csv"):
        assert "ist kein Tag" in quiet.get(f"{path}?on={on}", status=400).text


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", NAMES)
def test_any_day_that_a_calendar_has_is_a_day(quiet: Site, name: str, on: str) -> None:
    assert file(quiet, name, f"?on={on}").body


def test_while_too_many_are_made_one_is_told_when_to_come_back(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_data, "PATIENCE", 0.01)
    making = town.house.open_data._making
    for _one in range(open_data.AT_ONCE):
        making.acquire()
    answer = file(town, "csv", status=503)
    assert int(answer.headers["Retry-After"]) == open_data.RETRY
    assert "noch einmal" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    for _one in range(open_data.AT_ONCE):
        making.release()
    file(town, "csv")


def test_the_json_document_says_of_each_service_what_the_api_says(city: Site) -> None:
    document = file(city, "json").json
    assert len(document["services"]) == len({service["slug"] for service in document["services"]}) > 200
    own = {"url", "related"}  # The document has the address of the settings, and leads to nothing that is not public.
    for service in document["services"][::7]:
        said = city.get(f"/api/v1/services/{service['slug']}").json
        for name in said.keys() - own - {"channels", "constraints"}:
            assert service[name] == said[name], name
        for name in ("channels", "constraints"):
            for one, other in zip(service[name], said[name], strict=True):
                assert {key: one[key] for key in other if key != "periods"} == {
                    key: value for key, value in other.items() if key != "periods"
                }
                for mine, theirs in zip(one.get("periods", ()), other.get("periods", ()), strict=True):
                    assert {key: mine[key] for key in theirs} == theirs


def test_a_csv_that_begins_like_a_formula_is_text(town: Site) -> None:
    publish(town.house, a_service("formel", title="=1+1", keywords=("@SUM(A1)",)))
    rows = list(csv.DictReader(io.StringIO(file(town, "csv").body.decode("utf-8-sig")), delimiter=";"))
    (row,) = [row for row in rows if row["slug"] == "formel"]
    assert (row["title"], row["keywords"]) == ("'=1+1", "'@SUM(A1)")


# Nothing that is not public


@pytest.mark.parametrize("name", NAMES)
def test_no_file_says_a_word_of_what_is_hidden(town: Site, name: str, tmp_path: Path) -> None:
    prepare(town)
    before = {on: file(town, name, on).body for on in ("", "?on=2024-06-15")}
    hide(town)
    for on, old in before.items():
        answer = file(town, name, on)
        assert answer.body == old
        text = readable(name, answer.body, tmp_path)
        for slug, word in WORDS.items():
            assert word not in text
            # A public entry points at the hidden ones; not even their names are told.
            assert slug not in text or slug == "offen-mit-entwurf"
        assert "offen-mit-entwurf" in text


def readable(name: str, body: bytes, folder: Path) -> str:
    """All words in a file."""
    if name == "xlsx":
        sheets = openpyxl.load_workbook(io.BytesIO(body)).worksheets
        return " ".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    if name == "sqlite":
        (folder / "read.sqlite").write_bytes(body)
        connection = sqlite3.connect(folder / "read.sqlite")
        dump = " ".join(connection.iterdump()) + body.decode("latin-1")
        connection.close()
        return dump
    return body.decode()


def test_a_public_sheet_and_the_workbook_are_the_same_table(town: Site) -> None:
    rows = list(csv.reader(io.StringIO(file(town, "csv").body.decode("utf-8-sig")), delimiter=";"))
    sheet = openpyxl.load_workbook(io.BytesIO(file(town, "xlsx").body)).worksheets[0]
    cells = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert cells == rows


# For portals


def test_the_description_is_turtle_and_json_ld(quiet: Site) -> None:
    turtle, jsonld = quiet.get("/data/catalog.ttl"), quiet.get("/data/catalog.jsonld")
    assert turtle.content_type == "text/turtle"
    assert jsonld.content_type == "application/ld+json"
    assert "dcat:Catalog" in turtle.text
    assert json.loads(jsonld.text)["@graph"]
    quiet.get("/data/catalog.ttl", headers={"If-None-Match": turtle.headers["ETag"]}, status=304)


def test_the_page_names_its_description(quiet: Site) -> None:
    page = quiet.get("/data/").text
    assert '<link rel="alternate" type="text/turtle" href="http://localhost/data/catalog.ttl"/>' in page


def test_the_vocabulary_stands_where_its_words_lead(town_with: Callable[..., Site]) -> None:
    site = town_with(base_url="https://services.example.org")
    answer = site.get("/data/vocabulary")
    assert answer.content_type == "text/turtle"
    said = {str(term) for term in Graph().parse(data=answer.text, format="turtle").subjects()}
    for kind in ChannelKind:
        assert f"https://services.example.org/data/vocabulary#channel-{kind}" in said


def test_addresses_are_those_of_the_settings_whoever_asks(town_with: Callable[..., Site]) -> None:
    site = town_with(base_url="https://services.example.org")
    for path in ("/data/services.ttl", "/data/services.json", "/data/catalog.ttl", "/data/vocabulary"):
        text = site.ask(path, HTTP_HOST="evil.example.org").text
        assert "https://services.example.org/" in text
        assert "evil" not in text


def test_a_draft_alone_makes_no_new_file(town: Site) -> None:
    before = file(town, "ttl").headers["ETag"]
    save(town.house, a_service("entwurf"))
    assert file(town, "ttl").headers["ETag"] == before


# What the columns mean


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_column_and_code_of_the_table_is_explained(quiet: Site, language: str) -> None:
    assert f"/data/columns{'' if language == 'de' else '?lang=en'}" in links(quiet.get(f"/data/?lang={language}").text)
    page = quiet.get(f"/data/columns?lang={language}").text
    told = {
        re.sub("^…", "", name): meaning
        for name, meaning in re.findall(r"<dt><code>(.+?)</code></dt><dd>(.+?)</dd>", page)
    }
    names = next(csv.reader(io.StringIO(file(quiet, "csv").body.decode("utf-8-sig")), delimiter=";"))
    for name in names:
        channel = next((kind for kind in ChannelKind if name.startswith(f"{kind}_")), "")
        assert told[name.removeprefix(channel)], name
    for term in (*ChannelKind, *Stage, *Nature):
        assert told[term.value] == label(term, language)
    assert told["_since"] == (
        "seit wann der Stand gilt: 2024, 2024-05 oder 2024-05-01."
        if language == "de"
        else "since when the stage holds: 2024, 2024-05 or 2024-05-01."
    )
