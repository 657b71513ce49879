"""The search beside its rivals, in one process: tantivy, FTS5 and, if asked for, plain Whoosh.

    python bench/rivals.py --data FOLDER [FOLDER …] --venv RIVALS

Each query goes to each engine once, to one after another, so that what else the machine does hits all alike. Its words
were met before, in other queries; the query was not, so nobody has its answer ready. Exit code 1 if a rival finds
another number of entries than counting does.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from engines import Asked, BareTantivy, Engine, Fts5, Row, Servicedir, Tantivy, Whoosh, borrow, stem, stems
from entries import SEED
from generate import settings_for
from load import percentile
from mix import words

from servicedir.directory import House
from servicedir.domain.service import ChannelKind, Service
from servicedir.resting import collector_resting

ONE, TWO = "one word", "two words"
DRAWN = 40_000
"""Words drawn from the mix; the queries are made of them."""

Postings = Mapping[str, set[int]]
_NOTHING: set[int] = set()


class WrongTotal(RuntimeError):
    """A rival that found another number of entries than counting did."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One query, asked of one engine; `cpu` is the processor's milliseconds, which others' programs hardly reach."""

    round: int
    kind: str
    milliseconds: float
    cpu: float
    found: int


@dataclass(slots=True)
class Corpus:
    """A directory, the engines that hold its entries, which entry has which stem, and what each engine took."""

    folder: str
    house: House
    entries: int
    engines: list[Engine]
    postings: Postings
    taken: dict[str, list[Taken]] = field(init=False)

    def __post_init__(self) -> None:
        self.taken = {engine.name: [] for engine in self.engines}


def row(service: Service, today: date) -> Row:
    """Return an entry as the rivals hold it: the texts that servicedir searches, in all languages."""
    long = [service.body, service.costs, service.duration, *service.documents]
    long += [*(one.note for one in service.constraints), *(one.note for one in service.channels)]
    bases = [*service.legal_bases, *(one.legal_basis for one in service.constraints if one.legal_basis)]
    said = [text for one in long for _language, text in one]
    fields = (
        " ".join(text for _language, text in service.title),
        " ".join(service.keywords),
        " ".join(text for _language, text in service.summary),
        " ".join([*said, service.leika_key, *(basis.citation for basis in bases)]),
    )
    stage = service.stage(ChannelKind.VIDEO, today)
    stemmed = tuple(" ".join(stems(text)) for text in fields)
    return Row(service.slug, stemmed, str(stage), str(service.nature), service.offices)


def postings_of(rows: Sequence[Row], wanted: set[str]) -> Postings:
    """Return the numbers of the entries in which each wanted stem stands anywhere."""
    found: dict[str, set[int]] = {word: set() for word in wanted}
    for number, one in enumerate(rows):
        for word in wanted.intersection(" ".join(one.fields).split()):
            found[word].add(number)
    return found


def drawn() -> Iterator[str]:
    """Yield words of the mix, as often as they stand in it, without end; only what is one word for everybody."""
    return (word for word in words() if re.fullmatch(r"[^\W_]+", word))


def finding(typed: Iterable[str], postings: Postings, least: int = 1) -> Iterator[Asked]:
    """Yield queries of one word and of two that find at least so many entries, no two with the same stems."""
    seen: set[frozenset[str]] = set()
    for two in zip(*[iter(typed)] * 2, strict=False):
        for asked in (
            Asked(two[0], (stem(two[0].lower()),)),
            Asked(" ".join(two), tuple(stem(w.lower()) for w in two)),
        ):
            same = frozenset(asked.stems)
            if len(same) == len(asked.stems) and same not in seen and expected(asked, postings) >= least:
                seen.add(same)
                yield asked


def queries(typed: Sequence[str], postings: Postings, count: int, least: int = 1) -> tuple[list[Asked], list[Asked]]:
    """Return queries that warm up and queries that are measured: words and pairs in turn, each finding enough.

    The former have every word of the latter, but none of the latter is among them, whatever the order of its words.
    """
    all_of_them = list(finding(typed, postings, least))
    singles, pairs = ([asked for asked in all_of_them if len(asked.stems) == number] for number in (1, 2))
    chosen = [asked for two in zip(singles, pairs, strict=False) for asked in two][:count]
    taken = {frozenset(asked.stems) for asked in chosen}
    warming: dict[str, Asked] = {}
    for word in sorted({word for asked in chosen for word in asked.typed.split()}):
        for partner in singles:
            asked = Asked(f"{word} {partner.typed}", (stem(word.lower()), *partner.stems))
            if len(set(asked.stems)) == 2 and frozenset(asked.stems) not in taken and expected(asked, postings):
                warming[word] = asked
                break
    measured = [asked for asked in chosen if all(word in warming for word in asked.typed.split())]
    return list(warming.values()), measured


def opened(folder: Path, typed: Sequence[str], tantivy: Any, *, whoosh: bool) -> Corpus:
    """Return the directory of a folder with all engines filled from it."""
    house = House(settings_for(folder))
    house.catch_up()
    with house.work() as directory:
        rows = [row(entry.service, house.today()) for entry in directory.all_published()]
    engines: list[Engine] = [Servicedir(house)]
    if tantivy is not None:
        engines += [Tantivy(tantivy, rows), BareTantivy(tantivy, rows)]
    engines.append(Fts5(rows))
    if whoosh:
        engines.append(Whoosh(rows))
    return Corpus(folder.name, house, len(rows), engines, postings_of(rows, {stem(word.lower()) for word in typed}))


def expected(asked: Asked, postings: Postings) -> int:
    """Return how many entries have all stems of a query; none have one that was not looked for."""
    return len(set.intersection(*(postings.get(word, _NOTHING) for word in asked.stems)))


def measure(
    corpora: Sequence[Corpus], warming: Sequence[Asked], measured: Sequence[Asked], *, rounds: int, block: int
) -> None:
    """Ask every query once of every engine; a round has its part of them, for one directory after another.

    An engine is asked a block of queries before it is another's turn; who follows whom is left to chance, since who is
    asked after a program of much code finds the processor's caches full of it. Raises WrongTotal.
    """
    dice = Random(SEED)  # noqa: S311 - an order, and no secret
    for corpus in corpora:
        for engine in corpus.engines:
            for asked in warming:
                engine.ask(engine.prepare(asked))
    measured = dice.sample(measured, len(measured))
    for number in range(rounds):
        part = measured[number::rounds]
        for corpus in corpora:
            gc.collect()
            with collector_resting():
                for start in range(0, len(part), block):
                    for engine in dice.sample(corpus.engines, len(corpus.engines)):
                        for asked in part[start : start + block]:
                            taken = _taken(engine, asked, number)
                            if not isinstance(engine, Servicedir) and taken.found != expected(asked, corpus.postings):
                                raise WrongTotal(f"{engine.name} finds {taken.found} entries for {asked.typed!r}")
                            corpus.taken[engine.name].append(taken)


def _taken(engine: Engine, asked: Asked, number: int) -> Taken:
    query = engine.prepare(asked)
    cpu, begun = time.thread_time(), time.perf_counter()
    _slugs, found, _counts = engine.ask(query)
    took, worked = time.perf_counter() - begun, time.thread_time() - cpu
    return Taken(number, ONE if len(asked.stems) == 1 else TWO, took * 1000, worked * 1000, found)


def figures(corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Yield a row for each kind of query and engine; ratios are to tantivy, to the first engine where it is missing."""
    yardstick = Tantivy.name if Tantivy.name in corpus.taken else next(iter(corpus.taken))
    for kind in (None, ONE, TWO):
        of = {name: [one for one in taken if kind in (None, one.kind)] for name, taken in corpus.taken.items()}
        for name, taken in of.items():
            found: dict[str, Any] = {"engine": name, "kind": kind or "all", "queries": len(taken)}
            for what in ("milliseconds", "cpu"):
                took, mine = ([getattr(one, what) for one in ones] for ones in (taken, of[yardstick]))
                values = {
                    "median": (median(took), median(mine)),
                    "p95": (percentile(took, 0.95), percentile(mine, 0.95)),
                }
                found[what] = {name: round(value, 4) for name, (value, _) in values.items()}
                found[f"{what}_ratio"] = {name: round(value / other, 3) for name, (value, other) in values.items()}
            yield {
                **found,
                "median_of_rounds": [
                    round(median(one.milliseconds for one in taken if one.round == number), 4)
                    for number in sorted({one.round for one in taken})
                ],
                "found": {
                    "median": median(one.found for one in taken),
                    "mean": round(sum(one.found for one in taken) / len(taken), 1),
                },
                "nothing_found": sum(not one.found for one in taken),
                "yardstick": yardstick,
            }


def table(found: dict[str, Any]) -> str:
    """Return the figures as Markdown tables, one for each directory, and how the medians grow between them."""
    lines = [f"{name} {number}" for name, number in found["versions"].items()]
    lines = [", ".join(lines)]
    for corpus in found["corpora"]:
        yardstick = corpus["rows"][0]["yardstick"]
        heads = ["engine", "queries", "ms: median / p95", "medians of rounds", f"over {yardstick}'s"]
        heads += ["CPU ms: median / p95", f"over {yardstick}'s", "found: median / mean", "found nothing"]
        lines += ["", f"{corpus['entries']:,} entries ({corpus['folder']}):", ""]
        lines += [f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) - 1)}"]
        for of in corpus["rows"]:
            cells = [
                of["engine"] if of["kind"] == "all" else f"{of['engine']}: {of['kind']}",
                f"{of['queries']:,}",
                "{median:.3f} / {p95:.3f}".format(**of["milliseconds"]),
                f"{min(of['median_of_rounds']):.3f}–{max(of['median_of_rounds']):.3f}",
                "{median:.2f} / {p95:.2f}".format(**of["milliseconds_ratio"]),
                "{median:.3f} / {p95:.3f}".format(**of["cpu"]),
                "{median:.2f} / {p95:.2f}".format(**of["cpu_ratio"]),
                "{median:,.0f} / {mean:,.1f}".format(**of["found"]),
                f"{of['nothing_found']:,}",
            ]
            lines.append(f"| {' | '.join(cells)} |")
    first, *others = found["corpora"]
    for corpus in others:
        before = {of["engine"]: of for of in first["rows"] if of["kind"] == "all"}
        grown = [
            f"{of['engine']} {of['milliseconds']['median'] / before[of['engine']]['milliseconds']['median']:.2f}"
            f" (CPU {of['cpu']['median'] / before[of['engine']]['cpu']['median']:.2f})"
            for of in corpus["rows"]
            if of["kind"] == "all"
        ]
        lines += ["", f"Median with {corpus['entries']:,} over {first['entries']:,} entries: {', '.join(grown)}"]
    return "\n".join(lines)


def run(
    folders: Sequence[Path], tantivy: Any, *, count: int, rounds: int, least: int, block: int, whoosh: bool
) -> dict[str, Any]:
    """Return everything measured. The queries are those that find something in the first folder. Raises WrongTotal."""
    typed = list(islice(drawn(), DRAWN))
    corpora = [opened(folder, typed, tantivy, whoosh=whoosh) for folder in folders]
    try:
        warming, measured = queries(typed, corpora[0].postings, count, least)
        measure(corpora, warming, measured, rounds=rounds, block=block)
        return {
            "machine": {"python": platform.python_version(), "system": platform.platform(), "cpus": os.cpu_count()},
            "versions": {
                "servicedir": version("servicedir"),
                **({"tantivy": version("tantivy")} if tantivy else {}),
                "SQLite": sqlite3.sqlite_version,
                **({"Whoosh": version("whoosh")} if whoosh else {}),
            },
            "corpora": [{"folder": one.folder, "entries": one.entries, "rows": list(figures(one))} for one in corpora],
        }
    finally:
        for corpus in corpora:
            corpus.house.close()


def main() -> None:
    """Measure and print; exit 1 if a rival finds something else."""
    parser = argparse.ArgumentParser(description="Measure the search beside tantivy, FTS5 and Whoosh, in one process.")
    parser.add_argument("--data", type=Path, required=True, nargs="+", help="folders filled by bench/generate.py")
    parser.add_argument("--venv", type=Path, help="the environment in which requirements/bench.in is installed")
    parser.add_argument("--queries", type=int, default=1_000, help="queries, half of them one word, half two (1000)")
    parser.add_argument("--rounds", type=int, default=5, help="parts into which they are cut, for the spread (5)")
    parser.add_argument("--least", type=int, default=1, help="entries that a query finds at least (1)")
    parser.add_argument("--block", type=int, default=1, help="queries before it is the next engine's turn (1)")
    parser.add_argument("--whoosh", action="store_true", help="plain Whoosh as well; it takes minutes to fill")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    options = parser.parse_args()
    for folder in options.data:
        if not (folder / "servicedir.sqlite").exists():
            sys.exit(f"rivals: there is no directory in {folder}")
    tantivy = borrow(options.venv)
    if tantivy is None:
        print("tantivy is left out: it is not installed here, and --venv names no environment that has it\n")
    try:
        found = run(
            options.data,
            tantivy,
            count=options.queries,
            rounds=options.rounds,
            least=options.least,
            block=options.block,
            whoosh=options.whoosh,
        )
    except WrongTotal as fault:
        sys.exit(f"rivals: {fault}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
