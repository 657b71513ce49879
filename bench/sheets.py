"""How long sheets of a whole catalogue take: out, compared, and back with a cell changed in every tenth row.

python bench/sheets.py [--entries 5000] [--data FOLDER]   # a folder that generate.py has filled, else a new one
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from generate import fill, settings_for

from servicedir.directory import House
from servicedir.directory.sheets import read
from servicedir.domain.sheet_plan import Result
from servicedir.domain.workflow import SYSTEM
from servicedir.exchange.formats import FORMATS
from servicedir.exchange.table import Sheet

T = TypeVar("T")

EVERY = 10
"""Every so many rows one has a changed cell."""


def timed(what: str, act: Callable[[], T]) -> T:
    """Do something, print how long it took, return what it returned."""
    begun = time.perf_counter()
    found = act()
    print(f"{what:34}{time.perf_counter() - begun:8.2f} s", flush=True)
    return found


def edited(sheet: Sheet, mark: str) -> Sheet:
    """Return a sheet in which every tenth row says something new in one cell."""

    def row(at: int, cells: dict[str, str]) -> dict[str, str]:
        return cells if at % EVERY else {**cells, "summary": f"{cells['summary']} {mark}"}

    return replace(sheet, rows=tuple((number, row(at, cells)) for at, (number, cells) in enumerate(sheet.rows)))


def measure(house: House, name: str) -> None:
    """Print how long each step takes in a format."""

    def export() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "exported"
            house.open_data.write(name, house.today(), path, editors=True)
            return path.read_bytes()

    def plan(sheet: Sheet) -> Any:
        with house.work() as directory:
            return directory.sheets.plan(sheet, SYSTEM, at_once=True)

    def apply(sheet: Sheet, seen: Any) -> Any:
        with house.work(write=True) as directory:
            return directory.sheets.apply(sheet, SYSTEM, seen=seen, at_once=True, publish=True, why="bench")

    body = timed(f"{name}: export ({FORMATS[name].extension})", export)
    print(f"{'':34}{len(body) / 1e6:8.1f} MB")
    sheet = timed(f"{name}: read the file", lambda: read(name, body))
    same = timed(f"{name}: compare, nothing changed", lambda: plan(sheet))
    changed = edited(sheet, name)
    seen = timed(f"{name}: compare, one in {EVERY} changed", lambda: plan(changed))
    done = timed(f"{name}: write, commit, index", lambda: apply(changed, seen))
    print(f"{'':34}{len(same.doing)} and {done.counts[Result.CHANGED]} changed, {len(done.refused)} refused")


def main() -> None:
    """Read the arguments, make entries unless they are there, measure each format that can be read in."""
    parser = argparse.ArgumentParser(description="Measure export and import of a whole catalogue.")
    parser.add_argument("--entries", type=int, default=5_000, help="how many services (5000)")
    parser.add_argument("--data", type=Path, help="a folder that generate.py has filled")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or Path(folder)
        if not arguments.data:
            timed(f"make {arguments.entries} entries", lambda: fill(data, arguments.entries))
        house = House(settings_for(data))
        timed("open", house.catch_up)
        for name, form in FORMATS.items():
            if form.read:
                measure(house, name)
        house.close()


if __name__ == "__main__":
    main()
