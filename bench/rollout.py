"""How long it takes to count where video stands: the months alone, a whole day, the page with its charts, a picture.

python bench/rollout.py [--entries 10000] [--data FOLDER] [--json FILE]   # a folder that generate.py has filled
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from entries import SEED
from generate import fill, settings_for

from servicedir.directory import House
from servicedir.reports.rollout import growth
from servicedir.reports.rollout_counts import counted
from servicedir.reports.rollout_files import picture
from servicedir.reports.rollout_growth import grown
from servicedir.reports.rollout_plans import planned
from servicedir.reports.rollout_sections import MOST_ROWS

ROUNDS = 7


def timed(made: Callable[[], Any]) -> float:
    """Return the median of some rounds, in milliseconds."""
    took = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        made()
        took.append((time.perf_counter() - begun) * 1000)
    return round(median(took), 1)


def measured(house: House) -> dict[str, float]:
    """Return what each part takes in milliseconds, and over how many services."""
    with house.work() as directory:
        today = directory.today
        courses = [course for _held, course in directory.rollout._courses]
        status = directory.rollout.status(today, MOST_ROWS)
        section = grown(status, "de")
        source = {"title": "Stand", "source": "Quelle", "language": "de"}

        def page() -> None:
            # A unit of work of its own, as each request has one: nothing of the round before is left.
            with house.work() as asked:
                said = asked.rollout.status(today, MOST_ROWS)
                (*counted(said, "de"), grown(said, "de"), *planned(said, "de"))

        return {
            "services": len(courses),
            "months": len(status.growth.days),
            "growth_ms": timed(lambda: growth(courses, today)),
            "page_ms": timed(page),
            "picture_ms": timed(lambda: picture(section.chart, **source)),
        }


def main() -> None:
    """Measure, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder)
        if asked.data is None:
            fill(data, asked.entries, SEED)
        house = House(settings_for(data))
        house.catch_up()
        found = measured(house)
        house.close()
    for name, value in found.items():
        print(f"{name:12} {value:>10,}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
