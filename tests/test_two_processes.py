"""Several real processes on one database: what one saves the others find, and one that is killed breaks nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import a_service
from click.testing import CliRunner
from houses import SECRET, a_house, publish, settings_in

from servicedir.cli import main
from servicedir.directory import House
from servicedir.domain.query import Query
from servicedir.search import open_index

TESTS = Path(__file__).parent
KILLED = 20
PATIENCE = 60.0

Start = Callable[[str], "Process"]


class Process:
    """A process of `processes.py` on a folder, which answers each line with a line."""

    def __init__(self, part: str, folder: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SERVICEDIR_")}
        self._child = subprocess.Popen(
            [sys.executable, TESTS / "processes.py", part, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env=environment,
        )

    def tell(self, line: str) -> None:
        assert self._child.stdin
        self._child.stdin.write(f"{line}\n")

    def answer(self) -> str:
        assert self._child.stdout
        line = self._child.stdout.readline().strip()
        assert line, "the process has ended"
        return line

    def end(self) -> None:
        assert self._child.stdin and self._child.stdout
        self._child.stdin.close()
        try:
            self._child.wait(timeout=PATIENCE)
        finally:
            self._child.kill()
            self._child.wait()
            self._child.stdout.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts processes on the test's folder, in which there is a catalogue, and waits until they are there."""
    a_house(tmp_path, *(a_service(f"alt-{number}") for number in range(50))).close()
    started: list[Process] = []

    def start(part: str) -> Process:
        started.append(Process(part, tmp_path))
        return started[-1]

    yield start
    for process in started:
        process.end()


def test_what_one_process_saves_the_other_finds_within_a_second_while_both_are_searched(start: Start) -> None:
    one, other = start("hall"), start("hall")
    assert one.answer() == other.answer() == "ready"
    taken = []
    for number in range(8):
        saving, finding = (one, other) if number % 2 else (other, one)
        finding.tell(f"find wort{number}x")
        time.sleep(random.random() * 0.7)  # noqa: S311 - no secret
        saving.tell(f"save neu-{number} Wort{number}x")
        committed, found = float(saving.answer()), float(finding.answer())
        taken.append(found - committed)
    # Once a second is looked for changes; what is beyond that is what a loaded machine takes to read and to show one.
    assert sorted(taken)[len(taken) // 2] < 1.0
    assert max(taken) < 1.5


# Killed


def test_a_process_that_is_killed_while_it_writes_the_index_breaks_nothing(start: Start, tmp_path: Path) -> None:
    writers = start("writers")
    assert writers.answer() == "ready"
    standing = House(settings_in(tmp_path))
    killed_while_writing = was_behind = 0
    for number in range(KILLED):
        kill_one(writers, tmp_path, while_writing=number % 2 == 0)
        killed_while_writing += is_being_written(tmp_path)
        on_disk = open_index("whoosh", tmp_path / "index").change()
        anew = House(settings_in(tmp_path))
        was_behind += on_disk < last_change(anew)
        for house in (anew, standing):
            house.catch_up()
            assert house.index.change() == last_change(house)
            assert not differences(house)
        assert reindex_check(tmp_path) == "Index and database agree.\n"
        publish(anew, a_service(f"danach-{number}"))
        anew.close()
        assert open_index("whoosh", tmp_path / "index").change() == last_change(standing), "the next write works"
        standing.index.write()  # Else it writes behind, and may be seen at it.
        assert not is_being_written(tmp_path)
    standing.close()
    assert killed_while_writing >= KILLED // 4
    assert was_behind >= KILLED // 4
    again = House(settings_in(tmp_path))
    assert not differences(again)
    again.close()


def kill_one(writers: Process, folder: Path, *, while_writing: bool) -> None:
    """Let a process write for a while, and kill it at any moment, or as soon as it is seen to write."""
    writers.tell("one more")
    pid = int(writers.answer())
    time.sleep(0.05 + random.random() * 0.3)  # noqa: S311 - no secret
    until = time.monotonic() + PATIENCE
    while while_writing and not is_being_written(folder) and time.monotonic() < until:
        pass
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.001)


def is_being_written(folder: Path) -> bool:
    """Whether somebody writes the index, or did when he was killed: Whoosh has a folder for that."""
    return (folder / "index" / "MAIN.tmp").exists()


def last_change(house: House) -> int:
    with house.work() as directory:
        return directory.revisions.last_change()


def differences(house: House) -> list[str]:
    """What an index holds otherwise than the database, or holds and does not find."""
    with house.work() as directory:
        entries = list(directory.all_published())
    lines = house.index.difference(entries)
    for entry in entries:
        word = entry.service.title.get("de").split()[-1]
        page = house.index.find(Query(q=word, per_page=100), house.catalogue(), house.today())
        if entry.service.slug not in {hit.slug for hit in page.hits}:
            lines.append(f"{entry.service.slug}: not found by {word}")
    return lines


def reindex_check(folder: Path) -> str:
    ini = folder / "city.ini"
    ini.write_text(f"[app:main]\nservicedir.data = {folder}\nservicedir.secret = {SECRET}\n", "utf-8")
    clean = {name: None for name in os.environ if name.startswith("SERVICEDIR_")}
    return CliRunner().invoke(main, ["-c", str(ini), "reindex", "--check"], env=clean).output
