"""Fill a fresh directory with generated entries, through the product's own door, and say how long it took.

python bench/generate.py --entries 10000 --data FOLDER
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

from entries import SEED, moments, services

from servicedir.directory import Directory, House
from servicedir.domain.history import Kind
from servicedir.exchange import toml
from servicedir.settings import Settings

CHUNK = 2_000
"""Entries in one transaction: few enough for memory, enough that commits do not count."""

MIGRATIONS = Path(__file__).resolve().parent.parent / "alembic"
SECRET = "only-for-measuring-and-known-to-everybody"  # noqa: S105 - signs nothing outside of a measurement


class FillingHouse(House):
    """A house that is being filled: its clock says what the next entry says, and the index waits for the end."""

    moment = datetime(2023, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return when the entry is said to be saved."""
        return self.moment

    def catch_up(self) -> None:
        """Leave the index as it is: one rebuild at the end costs less than one catching up for each chunk."""


def settings_for(data: Path, **others: Any) -> Settings:
    """Return the settings of a directory in a folder."""
    return Settings(data=data, secret=SECRET, migrations=MIGRATIONS, **others)


ABOUT_SERVICES = (Kind.SERVICE, Kind.STEP, Kind.PROGRAMME, Kind.ACCEPTANCE, Kind.INQUIRY)
"""What the sample says of its own services, which are not there."""


def small_nouns() -> Iterator[tuple[Kind, Any]]:
    """Yield the sample's offices, places, topics and audiences, and its words."""
    for file in sorted(resources.files("servicedir.sample").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml") and not file.name.startswith("services"):
            nouns = toml.read(file.read_text("utf-8"), file.name)
            yield from ((kind, value) for kind, value in nouns if kind not in ABOUT_SERVICES)


def fill(data: Path, count: int, seed: str = SEED) -> dict[str, float]:
    """Make a directory of that many services in a folder without one; return the seconds that each step took.

    Raises FileExistsError where there is one already, ValueError if the door refuses an entry.
    """
    if (data / "servicedir.sqlite").exists():
        raise FileExistsError(f"there is a directory in {data} already")
    house = FillingHouse(settings_for(data))
    took: dict[str, float] = {}
    begun = time.perf_counter()

    def lap(step: str) -> None:
        nonlocal begun
        took[step] = time.perf_counter() - begun
        begun = time.perf_counter()

    try:
        house.database.migrate(house.settings.migrations)
        with house.work(write=True) as directory:
            _adopt(directory, small_nouns())
        lap("schema and small nouns")
        saved = zip(services(count, seed), moments(count, seed), strict=True)

        while chunk := list(islice(saved, CHUNK)):
            values: list[tuple[Kind, Any]] = [(Kind.SERVICE, service) for service, _moment in chunk]
            dates = [moment for _service, moment in chunk]

            def dated(values: list[Any], dates: list[datetime] = dates) -> Iterator[tuple[Kind, Any]]:
                for value, house.moment in zip(values, dates, strict=True):
                    yield value

            with house.work(write=True) as directory:
                _adopt(directory, values, dated)
        lap("generate and save")
        with house.work() as directory:
            directory.reindex()
        lap("index")
    finally:
        house.close()
    return took


def _adopt(directory: Directory, values: Iterable[tuple[Kind, Any]], watch: Any = iter) -> None:
    refused = [outcome for outcome in directory.adopt(values, why="bench", watch=watch) if outcome.result != "new"]
    if refused:
        raise ValueError(f"{refused[0].slug} is {refused[0].result}: {', '.join(refused[0].details)}")


def main() -> None:
    """Read the arguments, fill, print."""
    parser = argparse.ArgumentParser(description="Fill a fresh directory with generated German entries.")
    parser.add_argument("--entries", type=int, default=10_000, help="how many services (10000)")
    parser.add_argument("--data", type=Path, required=True, help="a folder without a directory in it")
    parser.add_argument("--seed", default=SEED, help=f"another seed makes other entries ({SEED})")
    arguments = parser.parse_args()
    try:
        took = fill(arguments.data, arguments.entries, arguments.seed)
    except (FileExistsError, ValueError) as fault:
        sys.exit(f"generate: {fault}")
    for step, seconds in took.items():
        print(f"{step:24}{seconds:9.1f} s")
    print(f"{f'{arguments.entries:,} entries':24}{sum(took.values()):9.1f} s")


if __name__ == "__main__":
    main()
