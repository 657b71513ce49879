"""What the tests of several processes start: each holds a House of its own on a folder, and does as it is told.

`python processes.py hall FOLDER` reads a line, does what it says and answers with a line, while some threads search:
`save SLUG TITLE` answers when that was committed, `find WORD` when it was first found, by the clock of the machine.
`python processes.py writers FOLDER` starts for each line a process that saves entries and writes the index without
end, and answers with its id.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

from builders import a_service
from houses import publish, settings_in

from servicedir.directory import House
from servicedir.domain.query import Query
from servicedir.domain.workflow import SYSTEM
from servicedir.search import whoosh_index

SEARCHING = 2
"""Threads that search all the time."""
PATIENCE = 30.0
"""Seconds after which whoever looks for a word gives up."""
SLUGS = [f"leistung-{number}" for number in range(40)]


def found(house: House, word: str) -> bool:
    with house.work() as directory:
        return directory.search(Query(q=word)).total > 0


def search_without_end(house: House) -> None:
    number = 0
    while True:
        number += 1
        found(house, f"leistung {number % 100}")


def find(house: House, word: str) -> None:
    until = time.monotonic() + PATIENCE
    while not found(house, word) and time.monotonic() < until:
        time.sleep(0.005)


def hall(folder: Path) -> None:
    house = House(settings_in(folder))
    for _ in range(SEARCHING):
        Thread(target=search_without_end, args=(house,), daemon=True).start()
    acts: dict[str, Callable[..., None]] = {
        "save": lambda slug, title: publish(house, a_service(slug, title=title)),
        "find": lambda word: find(house, word),
    }
    answer("ready")
    for line in sys.stdin:
        act, *words = line.split()
        acts[act](*words)
        answer(str(time.monotonic()))
    house.close()
    os._exit(0)  # The threads would search on.


def writers(folder: Path) -> None:
    answer("ready")
    for _line in sys.stdin:
        if pid := os.fork():
            answer(str(pid))
            os.waitpid(pid, 0)
        else:
            write_without_end(House(settings_in(folder)))


def write_without_end(house: House) -> None:
    chance = random.Random()  # noqa: S311 - no secret
    number = 0
    while True:
        number += 1
        slug = chance.choice(SLUGS)
        publish(house, a_service(slug, title=f"{slug} {chance.randrange(10**6)}x"))
        if number % 10 == 0:
            retire(house, chance.choice(SLUGS))
        house.index.write()


def retire(house: House, slug: str) -> None:
    with house.work(write=True) as directory:
        if slug in {held.slug for held in directory.titles()}:
            entry = directory.entry(slug, SYSTEM)[0]
            directory.move(slug, "retire", based_on=entry.latest.number, by=SYSTEM, why="gibt es nicht mehr")


def answer(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    whoosh_index.WRITE_AFTER = 0.0
    {"hall": hall, "writers": writers}[sys.argv[1]](Path(sys.argv[2]))
