"""The SQLite file: what it says is what the entries say, its references hold, and Datasette finds the words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from builders import a_channel, a_period, a_service, a_text
from extracts import ON, an_extract, extracts, of_the_sample, stored, the_sample
from hypothesis import HealthCheck, given, settings

from servicedir.domain.service import ChannelKind
from servicedir.exchange import sqlite
from servicedir.exchange.extract import Extract


@contextmanager
def opened(extract: Extract, folder: Path) -> Iterator[sqlite3.Connection]:
    stored("sqlite", extract, folder)
    with closing(sqlite3.connect(folder / "stored.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def rows(connection: sqlite3.Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(query)]


def test_it_says_what_the_sample_says(tmp_path: Path) -> None:
    catalogue, services = the_sample()
    with opened(of_the_sample(), tmp_path) as data:
        assert rows(data, "SELECT slug, title_de, nature, office FROM services ORDER BY slug") == [
            (s.slug, s.title.get("de"), s.nature.value, s.office) for s in services
        ]
        assert rows(data, "SELECT service, channel, stage FROM channels ORDER BY service, rowid") == [
            (s.slug, c.kind.value, c.period(ON).stage.value) for s in services for c in s.channels
        ]
        assert rows(data, "SELECT service, channel, stage, since, until FROM periods ORDER BY service, rowid") == [
            (s.slug, c.kind.value, p.stage.value, p.since and p.since.text, p.until and p.until.text)
            for s in services
            for c in s.channels
            for p in c.periods
        ]
        assert rows(data, "SELECT service, requirement, effect FROM constraints ORDER BY service, position") == [
            (s.slug, one.requirement.value, one.effect.value) for s in services for one in s.constraints
        ]
        assert rows(data, "SELECT service, topic FROM services_topics ORDER BY service, rowid") == [
            (s.slug, topic) for s in services for topic in s.topics
        ]
        assert {slug for (slug,) in rows(data, "SELECT slug FROM offices")} == set(catalogue.offices)
        assert dict(rows(data, "SELECT name, value FROM about"))["on"] == ON.isoformat()


def test_what_is_available_on_a_day_can_be_asked_for(tmp_path: Path) -> None:
    _catalogue, services = the_sample()
    query = """SELECT count(DISTINCT service) FROM periods WHERE channel = 'video' AND stage IN ('live', 'pilot')
               AND '2026-11-27' BETWEEN first_day AND last_day"""
    with opened(of_the_sample(), tmp_path) as data:
        assert rows(data, query) == [(sum(ChannelKind.VIDEO in s.available(ON) for s in services),)]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(extract=extracts())
def test_its_references_lead_somewhere(tmp_path: Path, extract: Extract) -> None:
    with opened(extract, tmp_path) as data:
        assert rows(data, "PRAGMA foreign_key_check") == []
        assert rows(data, "PRAGMA integrity_check") == [("ok",)]


def test_words_are_found_and_datasette_finds_out_where(tmp_path: Path) -> None:
    services = (a_service(title=a_text("Gärten anlegen", en="Make gardens")), a_service("reisepass"))
    with opened(an_extract(*services), tmp_path) as data:
        found = rows(data, "SELECT title_de FROM services_fts WHERE services_fts MATCH 'garten OR gardens'")
        assert found == [("Gärten anlegen",)]
        (made,) = next(iter(rows(data, "SELECT sql FROM sqlite_master WHERE name = 'services_fts'")))
        # How Datasette looks for it: a virtual table of FTS over the content of that one.
        assert re.search(r'VIRTUAL TABLE .* USING FTS.*content="services"', made, re.DOTALL)


def test_yes_no_and_not_said_are_three_things(tmp_path: Path) -> None:
    periods = [a_period(since="2020", until="2020", telework=None), a_period(since="2021", telework=False)]
    with opened(an_extract(a_service(channels=(a_channel("video", *periods),))), tmp_path) as data:
        assert rows(data, "SELECT telework FROM periods ORDER BY position") == [(None,), (0,)]


def test_a_file_that_is_there_is_not_written_into(tmp_path: Path) -> None:
    path = tmp_path / "there.sqlite"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        sqlite.store(an_extract(), path)
    assert path.read_text() == "mine"
