"""Files with all that is published: made anew when they are no longer true, at no other time, and never half."""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_period, a_service
from clocked import ClockedHouse, a_clocked_house, reopened
from houses import a_house, publish, save

from servicedir.directory import open_data
from servicedir.directory.housekeeping import run
from servicedir.directory.open_data import Busy, OpenFile
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM
from servicedir.exchange.formats import FORMATS
from servicedir.exchange.open_formats import OPEN_FORMATS

TESTS = Path(__file__).resolve().parent
NAMES = tuple(OPEN_FORMATS)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ClockedHouse]:
    """A house with two published services, on a Monday noon."""
    services = (a_service(related=("reisepass",)), a_service("reisepass"))
    house = a_clocked_house(tmp_path / "var", Clock(), *services, open_data="true")
    yield house
    house.close()


def read(file: OpenFile) -> bytes:
    with file.file:
        return file.file.read()


def slugs(house: Any, on: date | None = None) -> list[str]:
    """The slugs in the JSON document of a day."""
    document = json.loads(read(house.open_data.open("json", on or house.today())))
    return [service["slug"] for service in document["services"]]


def files(house: Any) -> dict[str, int]:
    """The files of open data that there are, with a number that changes when one is made anew."""
    folder = house.settings.data / "open-data"
    found = [path for path in folder.rglob("services*") if path.suffix != ".sha256"] if folder.exists() else []
    return {str(path.relative_to(folder)): path.stat().st_ino for path in found}


def retitle(house: Any, title: str, *steps: str) -> None:
    with house.work() as directory:
        entry, old = directory.entry("reisepass", SYSTEM)
    save(house, replace(old, title=Text.of(title)), *steps, based_on=entry.latest.number)


# Made for readers


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_made_once_and_then_there_for_everybody(house: ClockedHouse, name: str) -> None:
    first = house.open_data.open(name, house.today())
    there = files(house)
    second = house.open_data.open(name, house.today())
    assert (first.mark, first.size, first.name) == (second.mark, second.size, second.name)
    assert files(house) == there
    assert len(there) == 1
    body = read(first)
    assert body == read(second)
    assert len(body) == first.size


def test_a_change_makes_another_file_and_a_draft_does_not(house: ClockedHouse) -> None:
    before = house.open_data.open("json", house.today())
    retitle(house, "Entwurf vom Pass")
    same = house.open_data.open("json", house.today())
    assert (same.mark, read(same)) == (before.mark, read(before))
    with house.work(write=True) as directory:
        directory.move("reisepass", "publish", based_on=2, by=SYSTEM)
    after = house.open_data.open("json", house.today())
    assert after.mark != before.mark
    assert b"Entwurf vom Pass" in read(after)


def test_what_somebody_found_correct_changes_it_too_but_not_of_a_draft(house: ClockedHouse) -> None:
    save(house, a_service("geheim"))
    before = house.open_data.mark("json", house.today())
    for slug in ("geheim", "reisepass"):
        with house.work(write=True) as directory:
            directory.upkeep.verify(Kind.SERVICE, slug, "", house.today(), author="system")
            directory.catch_up_after_commit()
        house.open_data._known = None  # As another process sees it.
        assert (house.open_data.mark("json", house.today()) == before) is (slug == "geheim")


def test_a_retired_service_is_gone_and_so_is_what_led_to_it(house: ClockedHouse) -> None:
    assert slugs(house) == ["personalausweis", "reisepass"]
    with house.work(write=True) as directory:
        directory.move("reisepass", "retire", based_on=1, by=SYSTEM)
    assert slugs(house) == ["personalausweis"]
    for name in NAMES:
        assert b"reisepass" not in read(house.open_data.open(name, house.today())).replace(b"Reisepass", b""), name


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_the_number_of_a_revision_is_for_editors_alone(house: ClockedHouse, tmp_path: Path, name: str) -> None:
    read_sheet = FORMATS[name].read
    assert read_sheet
    for editors in (False, True):
        path = tmp_path / f"{editors}.{name}"
        house.open_data.write(name, house.today(), path, editors=editors)
        rows = [row for _number, row in read_sheet(path.read_bytes()).rows]
        assert rows
        for row in rows:
            assert row["revision"].isdigit() == editors
            assert editors or not row["revision"]


def test_another_day_is_made_and_not_kept(house: ClockedHouse) -> None:
    video = a_channel("video", a_period("planned", "2024", until="2024"), a_period("live", "2025"))
    publish(house, a_service("kita", channels=(video,)))
    found = house.open_data.open("csv", date(2024, 6, 1))
    assert found.name == "services-2024-06-01.csv"
    rows = csv.DictReader(io.StringIO(read(found).decode("utf-8-sig")), delimiter=";")
    assert {row["slug"]: row["video_stage"] for row in rows}["kita"] == "planned"
    assert files(house) == {}
    assert house.open_data.mark("csv", house.today()) != found.mark


def test_a_format_that_is_none_is_nothing(house: ClockedHouse) -> None:
    for ask in (house.open_data.open, house.open_data.mark):
        with pytest.raises(NotFound):
            ask("pdf", house.today())
    with pytest.raises(NotFound):
        house.open_data.described("pdf")


def test_only_so_many_are_made_at_once_and_who_waits_in_vain_is_told(
    house: ClockedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_data, "PATIENCE", 0.01)
    begun, go_on = threading.Semaphore(0), threading.Event()
    store = OPEN_FORMATS["json"].store

    def slowly(extract: Any, path: Path) -> None:
        begun.release()
        go_on.wait(20)
        store(extract, path)

    monkeypatch.setitem(OPEN_FORMATS, "json", replace(OPEN_FORMATS["json"], store=slowly))
    found: list[bytes] = []

    def reader(day: date) -> threading.Thread:
        return threading.Thread(target=lambda: found.append(read(house.open_data.open("json", day))))

    readers = [reader(house.today()) for _one in range(open_data.AT_ONCE)]
    for reader in readers:
        reader.start()
        assert begun.acquire(timeout=20)
    with pytest.raises(Busy):
        house.open_data.open("csv", house.today())
    go_on.set()
    for reader in readers:
        reader.join(20)
    assert len(found) == open_data.AT_ONCE
    assert read(house.open_data.open("csv", house.today()))


def test_of_other_days_one_file_is_made_at_a_time_nobody_waits_and_who_wants_that_of_today_gets_it(
    house: ClockedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    store = OPEN_FORMATS["json"].store

    def slowly(extract: Any, path: Path) -> None:
        begun.set()
        go_on.wait(20)
        store(extract, path)

    monkeypatch.setitem(OPEN_FORMATS, "json", replace(OPEN_FORMATS["json"], store=slowly))
    found: list[bytes] = []
    day = house.today() - timedelta(days=1)
    reader = threading.Thread(target=lambda: found.append(read(house.open_data.open("json", day))))
    reader.start()
    assert begun.wait(20)
    start = time.perf_counter()
    for number in range(2, 9):
        with pytest.raises(Busy):
            house.open_data.open("csv", house.today() - timedelta(days=number))
    assert time.perf_counter() - start < open_data.PATIENCE
    assert read(house.open_data.open("csv", house.today()))
    go_on.set()
    reader.join(20)
    assert len(found) == 1
    assert read(house.open_data.open("csv", day))


def test_a_file_that_cannot_be_finished_is_not_there(house: ClockedHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(extract: Any, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(OPEN_FORMATS, "csv", replace(OPEN_FORMATS["csv"], store=fail))
    with pytest.raises(OSError, match="No space"):
        house.open_data.open("csv", house.today())
    assert not [path for path in (house.settings.data / "open-data").rglob("*") if path.is_file()]
    monkeypatch.undo()
    assert read(house.open_data.open("csv", house.today()))


# At night


def test_the_housekeeping_makes_all_files_once(house: ClockedHouse) -> None:
    assert f"open data: {len(NAMES)} files made" in [done.what for done in run(house)]
    there = files(house)
    assert len(there) == len(NAMES)
    assert not [done for done in run(house) if "open data" in done.what]
    assert files(house) == there
    assert read(house.open_data.open("ttl", house.today()))
    assert files(house) == there


def test_it_makes_them_anew_on_another_day_and_deletes_the_old_ones(house: ClockedHouse) -> None:
    house.open_data.renew()
    before = files(house)
    reader = house.open_data.open("json", house.today())
    house.clock.now += timedelta(days=1)
    assert house.open_data.renew() == len(NAMES)
    assert not set(files(house)) & set(before)
    assert len(files(house)) == len(NAMES)
    assert len(read(reader)) == reader.size  # Who was reading reads on.


def test_it_makes_them_anew_after_a_change_but_rests_after_a_long_run(house: ClockedHouse) -> None:
    house.open_data.renew()
    note = house.settings.data / "open-data" / "run.json"
    last = json.loads(note.read_text())
    note.write_text(json.dumps({**last, "seconds": 30}))
    retitle(house, "Neu", "publish")
    house.clock.now += timedelta(minutes=9)
    assert house.open_data.renew() == 0
    assert b"Neu" in read(house.open_data.open("json", house.today()))  # Who asks does not wait for it.
    house.clock.now += timedelta(minutes=2)
    assert house.open_data.renew() == len(NAMES) - 1
    assert len(files(house)) == len(NAMES)


def test_a_new_day_does_not_wait(house: ClockedHouse) -> None:
    house.open_data.renew()
    note = house.settings.data / "open-data" / "run.json"
    note.write_text(json.dumps({**json.loads(note.read_text()), "seconds": 10**6}))
    house.clock.now += timedelta(days=1)
    assert house.open_data.renew() == len(NAMES)


@pytest.mark.parametrize("broken", ["", "[]", '{"on": 1}', '{"on": "x", "at": "y", "seconds": "z"}'])
def test_a_broken_note_stops_nothing(house: ClockedHouse, broken: str) -> None:
    house.open_data.renew()
    (house.settings.data / "open-data" / "run.json").write_text(broken)
    retitle(house, "Neu", "publish")
    assert house.open_data.renew() == len(NAMES)


def test_one_process_at_a_time_makes_them(house: ClockedHouse) -> None:
    folder = house.settings.data / "open-data"
    folder.mkdir()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert house.open_data.renew() == 0
    assert house.open_data.renew() == len(NAMES)


def test_what_was_left_unfinished_is_deleted_when_nobody_works_on_it_any_more(house: ClockedHouse) -> None:
    folder = house.settings.data / "open-data"
    folder.mkdir()
    old, new = folder / "unfinished-1.csv", folder / "unfinished-2.csv"
    for path in (old, new):
        path.write_text("half")
    os.utime(old, (0, 0))
    house.open_data.renew()
    assert (old.exists(), new.exists()) == (False, True)


def test_the_setting_leaves_it_to_readers(tmp_path: Path) -> None:
    house = a_clocked_house(tmp_path, Clock(), a_service(), open_data="false")
    assert not [done for done in run(house) if "open data" in done.what]
    assert files(house) == {}
    house.close()


def test_another_licence_makes_other_files(house: ClockedHouse) -> None:
    before = house.open_data.mark("json", house.today())
    other = reopened(house.settings.data, house.clock, licence="https://creativecommons.org/licenses/by/4.0/")
    other.catch_up()
    assert other.open_data.mark("json", house.today()) != before
    same = reopened(house.settings.data, house.clock)
    same.catch_up()
    assert same.open_data.mark("json", house.today()) == before
    for one in (other, same):
        one.close()


# What is said of them


def test_size_and_checksum_are_those_of_the_file(house: ClockedHouse) -> None:
    assert house.open_data.made() == {}
    found = house.open_data.open("csv", house.today())
    body = read(found)
    assert set(house.open_data.made()) == {"csv"}
    assert house.open_data.made()["csv"] == (len(body), hashlib.sha256(body).hexdigest())
    assert hashlib.sha256(body).hexdigest().upper() in house.open_data.described("ttl").upper()


def test_it_last_changed_with_the_last_change_or_with_the_day(house: ClockedHouse) -> None:
    """Of a day in the past only changes matter; today is another day each day."""
    with house.work() as directory:
        last = directory.editions.first_and_last(Kind.SERVICE, Kind.OFFICE)
    assert last is not None
    house.clock.now += timedelta(days=3)
    state = house.open_data.state()
    assert house.open_data.modified(date(2024, 1, 1), state) == last[1]
    assert house.open_data.modified(house.today(), state).isoformat() == "2026-11-25T23:00:00+00:00"


def test_without_anything_published_there_are_files_as_well(tmp_path: Path) -> None:
    house = reopened(tmp_path, Clock())
    house.database.migrate(house.settings.migrations)
    house.catch_up()
    for name in NAMES:
        assert read(house.open_data.open(name, house.today()))
    assert "dcat:Catalog" in house.open_data.described("ttl")
    house.close()


# Always alike

MADE_ELSEWHERE = """
import hashlib, json, sys, tempfile
from datetime import date
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from houses import settings_in
from servicedir.directory import House
from servicedir.exchange.open_formats import OPEN_FORMATS
house, found = House(settings_in(Path(sys.argv[2]))), {}
for name in OPEN_FORMATS:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made"
        house.open_data.write(name, date(2026, 11, 23), path)
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
house.close()
print(json.dumps(found))
"""


def test_every_process_makes_the_same_bytes(house: ClockedHouse) -> None:
    here = {name: hashlib.sha256(read(house.open_data.open(name, house.today()))).hexdigest() for name in NAMES}
    for seed in ("1", "4711"):
        command = [sys.executable, "-c", MADE_ELSEWHERE, str(TESTS), str(house.settings.data)]
        done = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
        assert json.loads(done.stdout) == here


def test_a_postgresql_database_gives_one_moment_too(fresh_postgresql: str, tmp_path: Path) -> None:
    house = a_house(tmp_path, a_service(), a_service("reisepass"), database_url=fresh_postgresql)
    assert slugs(house) == ["personalausweis", "reisepass"]
    with house.work() as directory:
        house.open_data._state(directory)
        level = directory._session.connection().get_isolation_level()
        assert level == "REPEATABLE READ"
    house.close()
