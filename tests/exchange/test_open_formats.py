"""Every format of open data: the same bytes for the same state, and no more memory for more entries."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders import a_service
from extracts import AT, BASE, an_extract, extracts, of_the_sample, stored, the_sample
from hypothesis import HealthCheck, given, settings

from servicedir.domain.history import Published
from servicedir.domain.service import Service
from servicedir.exchange.extract import Extract
from servicedir.exchange.formats import FORMATS as SHEETS
from servicedir.exchange.open_formats import OPEN_FORMATS

TESTS = Path(__file__).resolve().parents[1]

MADE_ELSEWHERE = """
import hashlib, json, sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from extracts import of_the_sample, stored
from servicedir.exchange.formats import FORMATS as SHEETS
from servicedir.exchange.open_formats import OPEN_FORMATS
with tempfile.TemporaryDirectory() as folder:
    made = {name: stored(name, of_the_sample(), Path(folder)) for name in OPEN_FORMATS}
print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in made.items()}))
"""


def made_elsewhere(seed: str) -> dict[str, str]:
    """The checksums of all formats of the sample, made in a process that hashes with a seed."""
    command = [sys.executable, "-c", MADE_ELSEWHERE, str(TESTS)]
    done = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_the_same_state_makes_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    here = {name: hashlib.sha256(stored(name, of_the_sample(), tmp_path)).hexdigest() for name in OPEN_FORMATS}
    assert made_elsewhere("1") == made_elsewhere("4711") == here


@pytest.mark.parametrize("name", OPEN_FORMATS)
def test_another_state_makes_other_bytes(name: str, tmp_path: Path) -> None:
    before = stored(name, an_extract(a_service()), tmp_path)
    assert stored(name, an_extract(a_service()), tmp_path) == before
    assert stored(name, an_extract(a_service(title="Pass")), tmp_path) != before
    assert stored(name, an_extract(a_service(), a_service("reisepass")), tmp_path) != before


@pytest.mark.parametrize("name", ["json", "jsonld", "ttl", "sqlite"])
def test_who_gives_it_away_under_which_licence_stands_in_it(name: str, tmp_path: Path) -> None:
    said = stored(name, an_extract(a_service(), licence="https://example.org/licence", publisher="Stadt X"), tmp_path)
    for words in (b"https://example.org/licence", b"Stadt X", b"2026-11-27", b"0123456789abcdef"):
        assert words in said


@pytest.mark.parametrize("name", OPEN_FORMATS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(extract=extracts())
def test_whatever_entries_say_it_is_written_and_always_alike(name: str, tmp_path: Path, extract: Extract) -> None:
    assert stored(name, extract, tmp_path) == stored(name, extract, tmp_path)


@pytest.mark.parametrize("name", OPEN_FORMATS)
def test_an_empty_catalogue_is_a_file_as_well(name: str, tmp_path: Path) -> None:
    assert stored(name, an_extract(), tmp_path)


def many(count: int) -> Extract:
    """An extract of so many services, each made when it is asked for and kept by nobody."""
    catalogue, services = the_sample()

    def one(number: int) -> Service:
        like = services[number % len(services)]
        return replace(like, slug=f"{like.slug}-{number}", related=())

    entries: Iterator[Published] = (Published(service=one(number), revision=1, updated=AT) for number in range(count))
    return replace(an_extract(catalogue=catalogue), entries=entries)


@pytest.mark.parametrize("name", OPEN_FORMATS)
def test_more_entries_need_no_more_memory(name: str, tmp_path: Path) -> None:
    def most(count: int) -> int:
        path = tmp_path / f"{count}{OPEN_FORMATS[name].extension}"
        tracemalloc.start()
        OPEN_FORMATS[name].store(many(count), path)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    most(10)  # What is loaded and kept with the first entries is no memory that more of them need.
    few, more = most(100), most(400)
    # Of 300 more, that is 1,700 bytes each: an entry that is held is some ten thousand.
    assert more < few + 500_000


def test_the_day_of_an_extract_is_the_day_of_its_stages(tmp_path: Path) -> None:
    for name in OPEN_FORMATS:
        before = stored(name, of_the_sample(date(2020, 1, 1)), tmp_path)
        assert stored(name, of_the_sample(), tmp_path) != before


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_readers_of_a_table_get_the_name_of_the_office_and_the_address_and_editors_do_not(
    name: str, tmp_path: Path
) -> None:
    read = SHEETS[name].read
    extract = an_extract(a_service())
    public, own = (
        read(stored(name, replace(extract, editors=editors, entries=list(extract.entries)), tmp_path))
        for editors in (False, True)
    )
    assert public.unknown_columns == ("office_name", "url")
    assert own.unknown_columns == ()
    # What comes back says the same without them: nobody has to take them out.
    assert public.columns == own.columns
    line = next(extract.lines())
    assert line[-2:] == [extract.catalogue.offices["buergeramt"].name.get("de"), f"{BASE}/services/{a_service().slug}"]
