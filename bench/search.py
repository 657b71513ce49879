"""The search without HTTP: milliseconds of `index.find`, of a save until it is found, of searches meanwhile; a reindex.

    python bench/search.py --data FOLDER [--json FILE]

Saves go to a copy of the folder, so that the measured directory stays as it was generated.
"""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from generate import settings_for
from load import percentile
from mix import Pairs, searches

from servicedir.directory import House
from servicedir.domain.query import Query
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM
from servicedir.resting import collector_resting

OTHER_DAYS = 10
"""Days, other than today, on which the catalogue is asked for."""
PAUSE = 0.005
"""Seconds between two searches while entries are saved."""


class TimedHouse(House):
    """A house that adds up the seconds that it takes to catch up with the change log."""

    catching_up = 0.0

    def catch_up(self) -> None:
        """Catch up, by the clock."""
        begun = time.perf_counter()
        super().catch_up()
        self.catching_up += time.perf_counter() - begun


def ways(milliseconds: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile."""
    return {
        "count": len(milliseconds),
        "median_ms": round(median(milliseconds), 3),
        "p95_ms": round(percentile(milliseconds, 0.95), 3),
        "max_ms": round(max(milliseconds), 3),
    }


def finding(house: House, count: int) -> dict[str, dict[str, float]]:
    """Return the times of that many searches: asked for the first time, once more by kind, and on other days."""
    asked = [(kind, _query(house, pairs)) for kind, pairs in islice(searches(), count)]
    catalogue, today = house.catalogue(), house.today()

    def find(query: Query) -> float:
        begun = time.perf_counter()
        house.index.find(query, catalogue, today)
        return (time.perf_counter() - begun) * 1000

    with _without_collecting():
        cold = [find(query) for _kind, query in asked]
        warm = [(kind, find(query)) for kind, query in asked]
        other_days = [find(Query(on=today - timedelta(days=100 + 30 * number))) for number in range(OTHER_DAYS)]
    by_kind: dict[str, list[float]] = {}
    for kind, took in warm:
        by_kind.setdefault(kind, []).append(took)
    return {
        "asked for the first time": ways(cold),
        "asked again": ways([took for _kind, took in warm]),
        **{f"asked again: {kind}": ways(by_kind[kind]) for kind in sorted(by_kind)},
        "a day not asked for before": ways(other_days),
    }


def saving(house: TimedHouse, count: int, word: str = "probewort") -> dict[str, dict[str, float]]:
    """Return the times of that many saves: of all until the entry is found, and of the index alone.

    The word, with a number, is what the saved entries are found by. Raises RuntimeError if one is not found at once.
    """
    slugs = [hit.entry.service.slug for hit in house.index.find(_EVERYTHING, house.catalogue(), house.today()).hits]
    whole, index = [], []
    for number in range(count):
        wanted = f"{word}{number}"
        before = house.catching_up
        with _without_collecting():
            begun = time.perf_counter()
            with house.work(write=True) as directory:
                entry, value = directory.entry(slugs[number % len(slugs)], SYSTEM)
                value = replace(value, title=Text.of(f"{value.title.get('de')} {wanted}"), verified=date(2026, 11, 23))
                saved = directory.save(value, based_on=entry.latest.number, by=SYSTEM)
                directory.move(value.slug, "publish", based_on=saved.latest.number, by=SYSTEM)
            found = house.index.find(Query(q=wanted), house.catalogue(), house.today())
            whole.append((time.perf_counter() - begun) * 1000)
        index.append((house.catching_up - before) * 1000)
        if [hit.entry.service.slug for hit in found.hits] != [value.slug]:
            raise RuntimeError(f"{value.slug} was saved and is not found")
    return {"save until found": ways(whole), "of that the index": ways(index)}


def finding_meanwhile(house: TimedHouse, count: int) -> dict[str, dict[str, float]]:
    """Return the times of searches for words, a visitor's each few milliseconds, while that many entries are saved."""
    asked = cycle([_query(house, pairs) for kind, pairs in islice(searches(), 500) if kind == "one word"])
    catalogue, today, took = house.catalogue(), house.today(), []
    with ThreadPoolExecutor(1) as editor:
        saves = editor.submit(saving, house, count, "nebenbei")
        while not saves.done():
            begun = time.perf_counter()
            house.index.find(next(asked), catalogue, today)
            took.append((time.perf_counter() - begun) * 1000)
            time.sleep(PAUSE)
        saves.result()
    return {"a search while others save": ways(took)}


def reindexing(house: House) -> float:
    """Return the seconds that building the index anew takes."""
    begun = time.perf_counter()
    with house.work() as directory:
        directory.reindex()
    return time.perf_counter() - begun


_EVERYTHING = Query(per_page=100)


def _query(house: House, pairs: Pairs) -> Query:
    with house.work() as directory:
        return directory.query(pairs)


@contextmanager
def _without_collecting() -> Iterator[None]:
    # Garbage of earlier measurements is nobody's time; servers collect it too, and bench/load.py counts that.
    gc.collect()
    with collector_resting():
        yield


def measure(data: Path, queries: int, saves: int) -> dict[str, Any]:
    """Return all times for the directory in a folder."""
    opened = time.perf_counter()
    house = TimedHouse(settings_for(data))
    house.catch_up()
    opened = time.perf_counter() - opened
    total = house.index.find(_EVERYTHING, house.catalogue(), house.today()).total
    found: dict[str, Any] = {"entries": total, "open_s": round(opened, 2), "find": finding(house, queries)}
    house.close()
    with tempfile.TemporaryDirectory(prefix="servicedir-bench-") as folder:
        shutil.copytree(data, Path(folder) / "data")
        copy = TimedHouse(settings_for(Path(folder) / "data"))
        copy.catch_up()
        found["save"] = {**saving(copy, saves), **finding_meanwhile(copy, saves)}
        found["reindex_s"] = round(reindexing(copy), 2)
        copy.close()
    return found


def table(found: dict[str, Any]) -> str:
    """Return the times as a Markdown table."""
    lines = [
        f"{found['entries']:,} entries, opened in {found['open_s']:.2f} s, indexed anew in {found['reindex_s']:.2f} s",
        "",
        "| what | count | median ms | p95 ms | max ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, of in {**found["find"], **found["save"]}.items():
        lines.append(f"| {name} | {of['count']:,} | {of['median_ms']:.2f} | {of['p95_ms']:.2f} | {of['max_ms']:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure searching and saving without HTTP.")
    parser.add_argument("--data", type=Path, required=True, help="a folder filled by bench/generate.py")
    parser.add_argument("--queries", type=int, default=2_000, help="searches of the mix (2000)")
    parser.add_argument("--saves", type=int, default=10, help="saves, on a copy of the folder (10)")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    options = parser.parse_args()
    if not (options.data / "servicedir.sqlite").exists():
        sys.exit(f"search: there is no directory in {options.data}")
    found = measure(options.data, options.queries, options.saves)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
