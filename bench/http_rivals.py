"""Servers beside servicedir's: Datasette and Wagtail with the same entries, searched with counts of three facets.

    python bench/http_rivals.py --data FOLDER --venv RIVALS

Everybody is asked for words and pairs of words that fill a page of twenty, nobody twice for the same; rounds as in
bench/load.py. Exit code 1 if an answer was not a full one with status 200, or if a rival does not search at all.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import chain, cycle, islice
from pathlib import Path
from statistics import mean, median
from typing import Any

from engines import Asked, stem
from entries import SEED, Dice
from generate import settings_for
from load import YARDSTICK, Target, add_options, environment, faults, figures, measure, ratio, start, table
from mix import Pairs, address
from rivals import DRAWN, Postings, drawn, expected, finding, postings_of, row
from servers import HOST, NotStarted, Server, free_port, hello, running, servicedir

from servicedir.directory import House
from servicedir.domain.service import ChannelKind

WAGTAIL = Path(__file__).with_name("wagtail_site") / "run.py"
TUNED = {
    "suggest_facets": "off",
    "default_page_size": "20",
    "facet_time_limit_ms": "5000",
    "sql_time_limit_ms": "10000",
    "cache_size_kb": "65536",
}
"""Settings of Datasette beside `--immutable` and `--inspect-file`: no guesses, twenty rows, time enough to count."""

FACETS: Pairs = [("_facet", "video"), ("_facet", "nature"), ("_facet", "office")]
PAGE, API = "/", "/api/v1/services"
TABLE = "/services/services"
READ = 500
"""Entries whose bodies give the second words of pairs: the mix alone has too few pairs that fill a page."""
MOST_DRAWN = 2_000_000
"""Words from which searches are made at most; where few find enough, there may be too few in them."""
CHECKED = 20
"""Queries that each rival answers before it is measured, to see that it searches."""


class DoesNotSearch(RuntimeError):
    """A rival that answers, but not what was asked."""


class TooFewQueries(RuntimeError):
    """There are no more queries that find enough entries and were not asked before."""


def read(data: Path, least: int) -> tuple[list[dict[str, str]], Iterator[Asked], Postings]:
    """Return the entries as the rivals hold them, what to search for, without end, and which entries have which stem.

    Each search finds at least so many entries.
    """
    house = House(settings_for(data))
    try:
        with house.work() as directory:
            published = [entry.service for entry in directory.all_published()]
        today = house.today()
    finally:
        house.close()
    flat = [
        {
            "slug": service.slug,
            "title": service.title.within("de"),
            "summary": service.summary.within("de"),
            "body": service.body.within("de"),
            "keywords": ", ".join(service.keywords),
            "video": str(service.stage(ChannelKind.VIDEO, today)),
            "nature": str(service.nature),
            "office": service.offices[0],
        }
        for service in published
    ]
    said = sorted({word for entry in flat[:READ] for word in re.findall(r"[^\W\d_]{5,}", entry["body"])})
    known = {stem(word.lower()) for word in chain(said, islice(drawn(), DRAWN))}
    postings = postings_of([row(service, today) for service in published], known)
    dice = Dice(SEED, "http rivals")
    typed = islice(chain.from_iterable((word, dice.pick(said)) for word in drawn()), MOST_DRAWN)
    return flat, finding(typed, postings, least), postings


def fill_datasette(database: Path, flat: list[dict[str, str]]) -> None:
    """Make a table with a full-text index and an index for each facet.

    Datasette takes an index for the table's only if its content stands in double quotes.
    """
    connection = sqlite3.connect(database)
    columns = list(flat[0])
    with connection:
        connection.execute(f"CREATE TABLE services (id INTEGER PRIMARY KEY, {', '.join(columns)})")
        marks = ", ".join(f":{column}" for column in columns)
        connection.executemany(f"INSERT INTO services ({', '.join(columns)}) VALUES ({marks})", flat)  # noqa: S608
        connection.execute(
            'CREATE VIRTUAL TABLE services_fts USING fts5(title, summary, body, keywords, content="services", '
            'content_rowid="id")'
        )
        connection.execute("INSERT INTO services_fts(services_fts) VALUES ('rebuild')")
        connection.execute("INSERT INTO services_fts(services_fts) VALUES ('optimize')")
        for facet in ("video", "nature", "office"):
            connection.execute(f"CREATE INDEX services_{facet} ON services ({facet})")
    connection.execute("ANALYZE")
    connection.execute("VACUUM")
    connection.close()


@contextmanager
def datasette(venv: Path, database: Path, *, tuned: bool) -> Iterator[Server]:
    """Run Datasette on a database: with what makes it faster, or as it is installed."""
    port = free_port()
    command = [str(venv / "bin" / "datasette"), "serve", "--host", HOST, "--port", str(port)]
    if tuned:
        counts = database.with_suffix(".json")
        _run(str(venv / "bin" / "datasette"), "inspect", str(database), "--inspect-file", str(counts))
        command += ["--immutable", str(database), "--inspect-file", str(counts)]
        for name, value in TUNED.items():
            command += ["--setting", name, value]
    else:
        command.append(str(database))
    with running(command, port, "/-/versions.json") as server:
        yield server


@contextmanager
def wagtail(venv: Path, database: Path, threads: int) -> Iterator[Server]:
    """Run the site on a database."""
    port = free_port()
    command = [str(venv / "bin" / "python"), str(WAGTAIL), "serve", str(database), str(port), str(threads)]
    with running(command, port, "/ready/") as server:
        yield server


def check_datasette(server: Server, database: Path, typed: list[str]) -> None:
    """Compare totals with those of SQLite itself. Raises DoesNotSearch."""
    connection = sqlite3.connect(database)
    for words in typed:
        query = " ".join(f'"{word}"' for word in words.split())
        (wanted,) = connection.execute(
            "SELECT count(*) FROM services_fts WHERE services_fts MATCH ?", (query,)
        ).fetchone()
        answer = json.loads(_get(server, address(f"{TABLE}.json", [("_search", words), *FACETS])))
        if answer["filtered_table_rows_count"] != wanted:
            raise DoesNotSearch(f"Datasette finds {answer['filtered_table_rows_count']} for {words!r}, not {wanted}")
        if len(answer["facet_results"]) != len(FACETS):  # One that took too long is left out.
            raise DoesNotSearch(f"Datasette counts only {list(answer['facet_results'])} for {words!r}")
    connection.close()


def check_wagtail(server: Server, typed: list[str]) -> None:
    """See that some words are found, and a word that nobody wrote is not. Raises DoesNotSearch."""
    nothing = b'<p id="total">0</p>'
    if nothing not in _get(server, address("/search/", [("query", "xyzzyx")])):
        raise DoesNotSearch("Wagtail finds what nobody wrote")
    if all(nothing in _get(server, address("/search/", [("query", words)])) for words in typed):
        raise DoesNotSearch(f"Wagtail finds none of {typed}")


def _get(server: Server, path: str) -> bytes:
    connection = HTTPConnection(HOST, server.port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - the rivals' own programs
    if done.returncode:
        raise NotStarted(done.stderr[-2000:])


def each_once(queries: Iterable[Asked]) -> Iterator[str]:
    """Yield what is typed. Raises TooFewQueries at the end, since asking again would be asking for what is kept."""
    for asked in queries:
        yield asked.typed
    raise TooFewQueries("all queries were asked before the last round: take fewer rounds, or lower --least")


def targets(options: argparse.Namespace, folder: Path, stack: ExitStack) -> list[Target]:
    """Return all targets, with the rivals that are installed. Raises NotStarted, DoesNotSearch, TooFewQueries."""
    flat, queries, postings = read(options.data, options.least)
    made = list(islice(queries, CHECKED + options.queries))
    numbers = [expected(asked, postings) for asked in made]
    print(f"{len(flat):,} entries; a query finds {median(numbers):,.0f} (median), {mean(numbers):,.0f} (mean)\n")
    if len(made) < CHECKED + options.queries:
        raise TooFewQueries(f"only {len(made):,} queries find {options.least} entries: lower --least or --queries")
    checked, typed = [asked.typed for asked in made[:CHECKED]], each_once(chain(made[CHECKED:], queries))

    def asking(path: str, name: str, *others: tuple[str, str]) -> Iterator[str]:
        # One stream for all: no two targets are asked for the same, so nobody profits from another's answer.
        return (address(path, [(name, words), *others]) for words in typed)

    plain = stack.enter_context(hello(options.threads))
    directory = stack.enter_context(servicedir(options.data, options.threads))
    found = [
        Target(YARDSTICK, plain, cycle(["/"])),
        *(Target(path, directory, asking(path, "q")) for path in (PAGE, API)),
    ]
    if (options.venv / "bin" / "datasette").exists():
        database = folder / "services.db"
        fill_datasette(database, flat)
        for name, tuned in (("Datasette tuned", True), ("Datasette as installed", False)):
            server = stack.enter_context(datasette(options.venv, database, tuned=tuned))
            if tuned:
                check_datasette(server, database, checked)
            found.append(Target(f"{name}, HTML", server, asking(TABLE, "_search", *FACETS)))
            found.append(Target(f"{name}, JSON", server, asking(f"{TABLE}.json", "_search", *FACETS)))
    else:
        print(f"Datasette is left out: it is not installed in {options.venv}\n")
    if list(options.venv.glob("lib/*/site-packages/wagtail")):
        lines, database = folder / "entries.jsonl", folder / "wagtail.sqlite"
        lines.write_text("".join(json.dumps(entry) + "\n" for entry in flat), encoding="utf-8")
        _run(str(options.venv / "bin" / "python"), str(WAGTAIL), "fill", str(database), str(lines))
        server = stack.enter_context(wagtail(options.venv, database, options.threads))
        check_wagtail(server, checked)
        found.append(Target("Wagtail", server, asking("/search/", "query")))
    else:
        print(f"Wagtail is left out: it is not installed in {options.venv}\n")
    return found


def times(found: Mapping[str, Any]) -> list[str]:
    """Return a line for each rival: how many times its answers per second servicedir gives, by the round."""
    rates = {name: of["per_second_rounds"] for name, of in found.items()}
    lines = []
    for name in rates:
        if name not in (YARDSTICK, PAGE, API):
            ours = API if name.endswith("JSON") else PAGE
            quotients = [one / other for one, other in zip(rates[ours], rates[name], strict=True) if other]
            spread = f"{min(quotients):,.1f}–{max(quotients):,.1f}" if quotients else "none"
            lines.append(f"{ours} over {name}: {ratio(rates[ours], rates[name]):,.1f} times (rounds: {spread})")
    return lines


def main() -> None:
    """Measure and print; exit 1 on any error."""
    parser = argparse.ArgumentParser(description="Measure servicedir beside Datasette and Wagtail, over HTTP.")
    parser.add_argument("--data", type=Path, required=True, help="a folder filled by bench/generate.py")
    parser.add_argument("--venv", type=Path, required=True, help="where requirements/bench.in is installed")
    parser.add_argument("--least", type=int, default=20, help="entries that a query finds at least (20)")
    parser.add_argument("--queries", type=int, default=30_000, help="queries made before it begins (30000)")
    add_options(parser)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="servicedir-bench-") as folder, ExitStack() as stack:
        try:
            all_targets = targets(options, Path(folder), stack)
            warm_up_errors = measure(all_targets, options)
        except (NotStarted, DoesNotSearch, TooFewQueries) as fault:
            sys.exit(f"http_rivals: {fault}")
        servers = {"servicedir": all_targets[1].server, YARDSTICK: all_targets[0].server}
        found = {
            **environment(options),
            "targets": {target.name: figures(target, all_targets[0]) for target in all_targets},
            "servers": {name: start(server) for name, server in servers.items()},
            "warm_up_errors": warm_up_errors,
        }
    if options.json:
        options.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(found), "", *times(found["targets"]), sep="\n")
    if lines := faults(found):
        print(*lines[:20], sep="\n", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
