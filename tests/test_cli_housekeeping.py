"""The housekeeping as a timer, an operator and the server run it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import enumerate as threads
from typing import Any

import pytest
from builders import a_service
from houses import ROOT, SECRET, a_house, save, settings_in

from servicedir.cli import server
from servicedir.directory import House
from servicedir.domain.history import Kind
from servicedir.settings import BadSetting

PATIENCE = 60
"""Seconds that a loaded machine may take."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house whose data the command works on."""
    house = a_house(tmp_path / "var", a_service(), housekeeping="1")
    yield house
    house.close()


def command(folder: Path, *words: str, **more: str) -> list[Any]:
    ini = folder / "city.ini"
    given = {"data": str(folder / "var"), "secret": SECRET, "migrations": str(ROOT / "alembic"), "check_links": "false"}
    given |= more
    ini.write_text("[app:main]\n" + "".join(f"servicedir.{n} = {v}\n" for n, v in given.items()), "utf-8")
    return [Path(sys.executable).with_name("servicedir"), "-c", ini, *words]


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(folder, "housekeeping"), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def plan(house: House, slug: str, revision: int = 1) -> None:
    """Plans what was due a while ago, as after a time in which nothing ran."""
    with house.work(write=True) as directory:
        directory.upkeep.plan(
            Kind.SERVICE,
            slug,
            "publish",
            datetime(2026, 11, 1, tzinfo=UTC),
            revision=revision,
            author="rita",
            reason="",
        )


def is_live(house: House, slug: str) -> bool:
    house.catch_up()
    return house.index.get(slug) is not None


def mails(house: House) -> int:
    return len(list((house.settings.data / "mails").glob("*.eml")))


def test_a_run_says_what_it_did_and_the_next_one_has_nothing_to_do(house: House, tmp_path: Path) -> None:
    save(house, a_service("neu"))
    plan(house, "neu")
    with house.work(write=True) as directory:
        directory.mails.queue("key", "anna@example.org", "Betreff", "Text")
    first, second = run(tmp_path), run(tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert "publish of neu, planned for 2026-11-01T00:00Z: done\n" in first.stdout
    assert "mail 1: sent\n" in first.stdout or "mail 2: sent\n" in first.stdout
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert is_live(house, "neu")
    assert mails(house) == 1


def test_what_fails_is_told_on_stderr_and_the_rest_is_done(house: House, tmp_path: Path) -> None:
    save(house, a_service("neu"))
    save(house, a_service("anderes"))
    plan(house, "neu", revision=7)
    plan(house, "anderes")
    done = run(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("publish of neu, planned for 2026-11-01T00:00Z: NotFound")
    assert done.stderr.count("\n") == 1
    assert is_live(house, "anderes")
    assert not is_live(house, "neu")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_watching_ends_cleanly_when_it_is_told_to(house: House, tmp_path: Path, end: signal.Signals) -> None:
    with house.work(write=True) as directory:
        directory.mails.queue("key", "anna@example.org", "Betreff", "Text")
    watching = subprocess.Popen(
        command(tmp_path, "housekeeping", "--watch", "3600"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for(lambda: mails(house) == 1, watching)
    finally:
        watching.send_signal(end)
        said, faults = watching.communicate(timeout=PATIENCE)
    assert (watching.returncode, faults) == (0, "")
    assert ": sent\n" in said


def wait_for(happened: Any, running: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert running.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_server_does_the_housekeeping_and_takes_it_along_when_it_ends(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "FIRST_ROUND", 0)
    save(house, a_service("neu"))
    plan(house, "neu")
    with server.housekeeping(house):
        until = time.monotonic() + PATIENCE
        while not is_live(house, "neu"):
            assert time.monotonic() < until
            time.sleep(0.05)
    assert "housekeeping" not in [thread.name for thread in threads()]


def test_a_server_whose_database_is_broken_stays_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "FIRST_ROUND", 0)
    with house.database.engine.begin() as connection:
        for table in ("schedule", "mails", "hints"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
    with server.housekeeping(house):
        time.sleep(0.5)
        assert "housekeeping" in [thread.name for thread in threads()]


def test_with_a_timer_of_its_own_the_server_does_no_housekeeping(tmp_path: Path) -> None:
    house = a_house(tmp_path / "var", housekeeping="0")
    with server.housekeeping(house):
        assert "housekeeping" not in [thread.name for thread in threads()]
    house.close()


def test_a_server_that_is_told_to_end_takes_its_housekeeping_along(house: House, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    # Chameleon says where it keeps compiled templates, if other tests have told it to.
    environment = {name: value for name, value in os.environ.items() if name != "CHAMELEON_CACHE"}
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": environment}
    serving = subprocess.Popen(command(tmp_path, "serve", port=port), **told)
    try:
        assert serving.stdout is not None
        assert serving.stdout.readline().endswith(f":{port}/\n")
    finally:
        serving.send_signal(signal.SIGTERM)
        _said, faults = serving.communicate(timeout=PATIENCE)
    assert (serving.returncode, faults) == (0, "")


def test_a_pause_of_more_than_a_day_is_refused(tmp_path: Path) -> None:
    assert settings_in(tmp_path, housekeeping="1440").housekeeping == 1440
    with pytest.raises(BadSetting, match=r"servicedir\.housekeeping is 1441"):
        settings_in(tmp_path, housekeeping="1441")
