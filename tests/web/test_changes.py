"""Who follows the changes has, in the end, what the directory has; and hears nothing of what is not public."""

from __future__ import annotations

import re
import time
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from builders import a_service, an_office
from houses import publish, save
from sites import Site

from servicedir.domain.following import Cursor, parse
from servicedir.domain.history import Kind
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM

PATH = "/api/v1/changes"


def follow(site: Site, since: str = "", limit: int | None = None) -> tuple[list[tuple[str, str]], str]:
    """The changes after a cursor as slug and kind, and the cursor to go on with."""
    parameters = {"since": since} | ({"limit": str(limit)} if limit else {})
    body = site.visitor().get(PATH, parameters).json
    return [(item["slug"], item["change"]) for item in body["items"]], body["next"]


def step(site: Site, slug: str, *steps: str) -> None:
    with site.house.work(write=True) as directory:
        for name in steps:
            entry, _value = directory.entry(slug, SYSTEM)
            directory.move(slug, name, based_on=entry.latest.number, by=SYSTEM)


def rename(site: Site, old: str, new: str) -> None:
    with site.house.work(write=True) as directory:
        directory.rename(old, new, by=SYSTEM)


def verify(site: Site, slug: str) -> None:
    with site.house.work(write=True) as directory:
        directory.reviews.verify(slug, SYSTEM)


def draft(site: Site, slug: str, title: str) -> None:
    with site.house.work(write=True) as directory:
        entry, value = directory.entry(slug, SYSTEM)
        directory.save(replace(value, title=Text.of(title)), based_on=entry.latest.number, by=SYSTEM)


# What is told


def test_from_the_beginning_it_tells_of_everything_that_was_published(town: Site) -> None:
    body = town.get(PATH).json
    assert [(item["slug"], item["change"]) for item in body["items"]] == [
        ("wohnsitz-abmelden", "published"),
        ("hundesteuer", "published"),
    ]
    for item in body["items"]:
        assert set(item) == {"slug", "change", "at"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["at"])


def test_it_ends_with_a_cursor_that_can_be_asked_with_until_something_happens(town: Site) -> None:
    _items, end = follow(town)
    for _poll in range(3):
        assert follow(town, end) == ([], end)
    publish(town.house, a_service("neu"))
    items, later = follow(town, end)
    assert items == [("neu", "published")]
    assert later != end
    assert follow(town, end) == (items, later)


def test_every_kind_of_public_change_is_told_as_one_of_four(town: Site) -> None:
    _items, start = follow(town)
    save(town.house, a_service("weg"), "publish")
    draft(town, "weg", "Anders")
    step(town, "weg", "publish")
    verify(town, "weg")
    step(town, "weg", "retire", "revive", "publish")
    rename(town, "weg", "fort")
    rename(town, "fort", "weg")
    step(town, "weg", "retire")
    assert follow(town, start)[0] == [
        ("weg", "published"),
        ("weg", "changed"),
        ("weg", "changed"),
        ("weg", "retired"),
        ("weg", "published"),
        ("weg", "deleted"),
        ("fort", "published"),
        ("fort", "deleted"),
        ("weg", "published"),
        ("weg", "retired"),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 1000])
def test_in_pieces_of_any_size_it_tells_the_same(town: Site, limit: int) -> None:
    for old, new in (("hundesteuer", "b"), ("b", "c"), ("c", "d")):
        rename(town, old, new)
    verify(town, "d")
    whole, end = follow(town)
    pieces, since = list[tuple[str, str]](), ""
    while True:
        items, following = follow(town, since, limit)
        assert len(items) <= limit
        if not items:
            break
        pieces += items
        since = following
    assert pieces == whole
    assert since == end


def test_what_concerns_no_service_is_not_told(town: Site) -> None:
    _items, end = follow(town)
    publish(town.house, an_office("neues-amt"))
    assert follow(town, end) == ([], end)


# What is not told


def test_drafts_leave_no_trace_not_even_a_gap(town: Site, quiet: Site) -> None:
    """Whatever is done behind the curtain, the answers are the same, cursors included."""
    before = town.get(PATH)
    assert before.body == quiet.get(PATH).body
    save(town.house, a_service("geheim"))
    draft(town, "geheim", "Noch geheimer")
    rename(town, "geheim", "geheimer")
    step(town, "geheimer", "submit", "reject", "retire", "revive")
    draft(town, "hundesteuer", "Katzensteuer")
    step(town, "hundesteuer", "submit", "withdraw", "discard")
    after = town.get(PATH)
    assert after.body == before.body
    assert after.headers["ETag"] == before.headers["ETag"]
    assert follow(town, before.json["next"]) == ([], before.json["next"])
    # A draft that had another address before is published under its own alone.
    step(town, "geheimer", "publish")
    assert follow(town, before.json["next"])[0] == [("geheimer", "published")]


def test_two_directories_with_the_same_public_history_have_the_same_cursors(town: Site, quiet: Site) -> None:
    for number in range(5):
        save(town.house, a_service(f"geheim-{number}"))
    assert follow(town) == follow(quiet)


def test_nothing_is_told_of_who_and_why(town: Site) -> None:
    with town.house.work(write=True) as directory:
        entry, _value = directory.entry("hundesteuer", SYSTEM)
        directory.move("hundesteuer", "retire", based_on=entry.latest.number, by=SYSTEM, why="Kanariengrund")
    text = town.get(PATH).text
    assert "Kanariengrund" not in text
    assert "system" not in text


# Cursors


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


FUTURE = cursor(f"99.{'a' * 16}")


@pytest.mark.parametrize(
    "since",
    [
        "x",
        "0",
        "1",
        "-1",
        "%00",
        "ä",
        "=",
        "====",
        FUTURE,
        cursor("1." + "0" * 16),
        cursor("01." + "0" * 16),
        cursor("-1." + "0" * 16),
        cursor("1"),
        cursor("0.x"),
        cursor("٣." + "0" * 16),
        cursor("9" * 40 + "." + "0" * 16),
        "x" * 5000,
        "'; drop table changes; --",
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_cursor_that_names_no_place_is_a_400_that_says_to_begin_anew(quiet: Site, since: str, language: str) -> None:
    answer = quiet.visitor().get(PATH, {"since": since, "lang": language}, status=400)
    assert answer.content_type == "application/problem+json"
    assert "(since)" in answer.json["detail"]
    assert answer.json["errors"][0]["parameter"] == "since"
    assert ("von vorn" if language == "de" else "start") in answer.json["detail"]


def test_a_cursor_of_another_history_is_noticed(town: Site, quiet: Site) -> None:
    """As after a backup was restored, and other things happened than before."""
    verify(town, "hundesteuer")
    _items, end = follow(town)
    quiet.get(f"{PATH}?since={end}", status=400)
    town.get(f"{PATH}?since={end}", status=200)


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "x", "1e3", "9" * 400, "٣", " "])
def test_a_limit_that_is_none_is_refused(quiet: Site, limit: str) -> None:
    answer = quiet.visitor().get(PATH, {"limit": limit}, status=400)
    assert "(limit)" in answer.json["detail"]


@pytest.mark.parametrize("query", ["limit=1&limit=2", "since=a&since=b"])
def test_what_counts_once_is_refused_twice(quiet: Site, query: str) -> None:
    quiet.get(f"{PATH}?{query}", status=400)


def test_an_empty_cursor_is_none(quiet: Site) -> None:
    assert quiet.get(f"{PATH}?since=").body == quiet.get(PATH).body


def test_an_empty_history_has_an_end_as_well(town: Site) -> None:
    assert parse([("since", str(Cursor()))]) == (Cursor(), 200)
    with town.house.work() as directory:
        assert directory.public_log.read(Kind.SYNONYM, 5, 10) == []


# Fresh


def test_what_was_told_is_there_when_the_program_comes_for_it(town: Site) -> None:
    """Another process wrote: its change is told at once, so the entry must be the new one at once as well."""
    path = "/api/v1/services/hundesteuer"
    assert town.get(path).json["title"] == "Hundesteuer"
    _items, end = follow(town)
    other = Site(town.house.settings.data)
    try:
        for number in range(5):
            draft(other, "hundesteuer", f"Hundesteuer {number}")
            step(other, "hundesteuer", "publish")
            town.house._looked = time.monotonic()  # As if it had been looked just now.
            with town.house.work() as directory:
                told, _next = directory.following.services(parse([("since", end)])[0], 1000)
            assert len(told) == number + 1
            for headers in ({}, {"HTTP_ACCEPT": "application/json"}, {"CONTENT_TYPE": "application/json"}):
                assert town.ask(path, **headers).json["title"] == f"Hundesteuer {number}"
    finally:
        other.close()


def test_a_broken_database_keeps_nobody_from_reading(town: Site) -> None:
    path = "/api/v1/services/hundesteuer"
    before = town.get(path).body
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE changes RENAME TO gone")
    assert town.get(path).body == before
    assert town.get(path, headers={"Accept": "text/csv, application/json"}).body == before
