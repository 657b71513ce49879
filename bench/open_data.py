"""How long the files of open data take, how large they are, and how much memory making them needs, each in a process.

python bench/open_data.py [--entries 1000 10000] [--data FOLDER …]   # folders that generate.py has filled, or new ones
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

from generate import fill, settings_for

from servicedir.directory import House
from servicedir.exchange.open_formats import OPEN_FORMATS


def make(data: Path, name: str, *, watched: bool) -> dict[str, Any]:
    """Make a file in this process; return entries, seconds, bytes, checksum, and the most memory of Python's at a time.

    Memory is counted only if `watched`, since that takes time. What the index holds anyway is not counted.
    """
    house = House(settings_for(data))
    try:
        house.catch_up()
        entries = len(house.index.titles())
        if name == "xlsx":  # What it loads is no memory that entries need.
            import xlsxwriter  # noqa: F401
        if watched:
            tracemalloc.start()
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"services{OPEN_FORMATS[name].extension}"
            house.open_data.write(name, house.today(), path)
            seconds = time.perf_counter() - begun
            memory = tracemalloc.get_traced_memory()[1]
            with path.open("rb") as file:
                checksum = hashlib.file_digest(file, "sha256").hexdigest()
            size = path.stat().st_size
    finally:
        house.close()
    return {"entries": entries, "seconds": seconds, "size": size, "checksum": checksum, "memory": memory}


def measure(data: Path, name: str, seed: str, *, watched: bool) -> dict[str, Any]:
    """Return what `make` returns in a process of its own, which hashes with a seed."""
    command = [sys.executable, __file__, "--make", name, "--data", str(data), *(["--watched"] if watched else [])]
    done = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Read the arguments, make entries unless they are there, measure each format twice and print a line."""
    parser = argparse.ArgumentParser(description="Measure the files of open data.")
    parser.add_argument(
        "--entries", type=int, nargs="*", default=[1_000, 10_000], help="how many services (1000 10000)"
    )
    parser.add_argument("--data", type=Path, nargs="*", help="folders that generate.py has filled")
    parser.add_argument("--make", choices=list(OPEN_FORMATS), help=argparse.SUPPRESS)
    parser.add_argument("--watched", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.make:
        print(json.dumps(make(arguments.data[0], arguments.make, watched=arguments.watched)))
        return
    with tempfile.TemporaryDirectory() as folder:
        places = arguments.data or [Path(folder) / str(count) for count in arguments.entries]
        for place, count in zip(places, arguments.entries, strict=False):
            if not (place / "servicedir.sqlite").exists():
                fill(place, count)
        print(f"{'format':8}{'entries':>9}{'seconds':>9}{'MB':>8}{'memory, MB':>12}  same bytes twice")
        for name in OPEN_FORMATS:
            for place in places:
                first, second = (measure(place, name, seed, watched=seed == "2") for seed in "12")
                same = "yes" if first["checksum"] == second["checksum"] else "NO"
                numbers = f"{first['seconds']:9.2f}{first['size'] / 1e6:8.1f}{second['memory'] / 1e6:12.1f}"
                print(f"{name:8}{first['entries']:9}{numbers}  {same}", flush=True)


if __name__ == "__main__":
    main()
