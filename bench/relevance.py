"""How well the search understands: any folder of entries and judged queries, through the product's real index.

    python bench/relevance.py FOLDER…              a table for each folder, and a line of JSON
    python bench/relevance.py --misses 20 FOLDER…  also some queries of which the first three entries were all wrong

A folder holds `corpus.jsonl` (id, title, description, keywords) and `queries.tsv` (query, expected ids joined by "|",
overlap class, …), in UTF-8.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import mean

from servicedir.domain.catalogue import Catalogue, Office
from servicedir.domain.history import Published
from servicedir.domain.query import Query
from servicedir.domain.service import Nature, Service
from servicedir.domain.text import Text
from servicedir.search import Index, open_index

LOOKED_AT = 10
"""Results that are looked at."""
FALSE_FRIENDS = (
    "xqzvbn",
    "flurbeldings",
    "Gitarrenverstärker",
    "Quantenchromodynamik",
    "Pizza bestellen",
    "Rasenmäher kaufen",
    "Bundesliga Ergebnisse",
    "Flugzeugträger",
    "Sauerteig Rezept",
    "asdf jklö",
)
"""Nonsense, and words of other trades: for these nothing should be found, or hardly anything."""

_DAY = date(2026, 11, 27)
_CATALOGUE = Catalogue({"amt": Office(slug="amt", name=Text.of("Amt"))}, {}, {}, {})


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, the entries that answer it, and how much of its wording they share."""

    query: str
    expected: frozenset[str]
    overlap: str


def entries(folder: Path) -> Iterator[Published]:
    """Yield the entries of a folder; the number of the line is the slug."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            raw = json.loads(line)
            service = Service(
                slug=f"s-{number}",
                title=Text.of(raw["title"] or "-"),
                body=Text.of(raw.get("description") or ""),
                keywords=tuple(raw.get("keywords") or ()),
                nature=Nature.TRANSACTIONAL,
                offices=("amt",),
                leika_key="",
            )
            yield Published(service=service, revision=1, updated=datetime(2026, 1, 1, tzinfo=UTC))


def judged(folder: Path) -> list[Judged]:
    """Return the queries of a folder, with slugs for the expected ids."""
    with (folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        slugs = {str(json.loads(line)["id"]): f"s-{number}" for number, line in enumerate(lines)}
    found = []
    for line in (folder / "queries.tsv").read_text(encoding="utf-8").splitlines():
        query, expected, *rest = line.split("\t")
        known = frozenset(slugs[one] for one in expected.split("|") if one in slugs)
        if known:
            found.append(Judged(query, known, rest[0] if rest else ""))
    return found


def rank(index: Index, one: Judged) -> int | None:
    """Return the place of the first right entry, counted from 0, if it is among those looked at."""
    page = index.find(Query(q=one.query[:200], per_page=LOOKED_AT), _CATALOGUE, _DAY)
    return next((place for place, hit in enumerate(page.hits) if hit.slug in one.expected), None)


def figures(ranks: list[int | None]) -> dict[str, float]:
    """Return the share of queries with a right entry among the first 1, 3 and 10, and the mean reciprocal rank."""
    within = {f"hit{most}": round(mean(r is not None and r < most for r in ranks), 4) for most in (1, 3, 10)}
    return {**within, "mrr": round(mean(0.0 if r is None else 1 / (r + 1) for r in ranks), 4)}


def measure(folder: Path, misses: int) -> dict[str, float]:
    """Print the table of a folder; return the figures of all its queries."""
    queries = judged(folder)
    with tempfile.TemporaryDirectory() as place:
        index = open_index("whoosh", Path(place) / "index")
        index.rebuild(entries(folder), 1)
        ranks = [rank(index, one) for one in queries]
        totals = {typed: index.find(Query(q=typed), _CATALOGUE, _DAY).total for typed in FALSE_FRIENDS}
        titles = {row.slug: row.title.within("de") for row in index.titles()} if misses else {}
        missed = [one for one, r in zip(queries, ranks, strict=True) if r is None or r > 2]
        random.Random(7).shuffle(missed)  # noqa: S311 - a sample for the eye
        shown = [(one, index.find(Query(q=one.query), _CATALOGUE, _DAY)) for one in missed[:misses]]
        for one, page in shown:
            got = "; ".join(titles[hit.slug] for hit in page.hits[:3])
            print(f"- {one.query} → {' | '.join(titles[s] for s in one.expected)}\n    {page.total}: {got}")
    print(f"\n{folder.name}: {len(queries)} queries\n\n| overlap | queries | hit@1 | hit@3 | hit@10 | MRR |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for overlap in sorted({one.overlap for one in queries}):
        some = [r for one, r in zip(queries, ranks, strict=True) if one.overlap == overlap]
        print(f"| {overlap} | {len(some)} | {_row(figures(some))} |")
    found = figures(ranks)
    print(f"| all | {len(ranks)} | {_row(found)} |\n")
    print("False friends: " + ", ".join(f"{typed} {total}" for typed, total in totals.items()) + "\n")
    return found


def _row(of: dict[str, float]) -> str:
    return " | ".join(f"{value:.3f}" for value in of.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how well the search understands judged queries.")
    parser.add_argument("folders", nargs="+", type=Path, help="folders with corpus.jsonl and queries.tsv")
    parser.add_argument("--misses", type=int, default=0, help="show so many queries that were not answered (0)")
    options = parser.parse_args()
    for folder in options.folders:
        if not (folder / "corpus.jsonl").exists() or not (folder / "queries.tsv").exists():
            sys.exit(f"relevance: {folder} needs corpus.jsonl and queries.tsv")
    lines = [json.dumps({"folder": folder.name, **measure(folder, options.misses)}) for folder in options.folders]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
