"""What bench/ measures rivals with: the same question to all, queries that nobody knows yet, and honest arithmetic."""

from __future__ import annotations

import re
import sqlite3
import sys
from itertools import islice
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

import engines
import generate
import http_rivals
import rivals
from engines import Asked, Row

from servicedir.directory import House

ROWS = [
    Row("a", ("pass beantrag", "ausweis", "", "bild mitbring"), "live", "advisory", ("buero", "amt")),
    Row("b", ("pass verlang", "", "", "gebuhr bild"), "unknown", "advisory", ("amt",)),
    Row("c", ("hund anmeld", "", "", "pass"), "unknown", "transactional", ("steuer",)),
]
POSTINGS = rivals.postings_of(ROWS, {"pass", "bild", "hund", "amt"})


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("rivals") / "data"
    generate.fill(data, 60)
    return data


def rivals_of(rows: list[Row]) -> list[engines.Engine]:
    """The rivals that are installed; tantivy mostly is not."""
    found: list[engines.Engine] = [engines.Fts5(rows), engines.Whoosh(rows)]
    if tantivy := engines.borrow(None):
        found += [engines.Tantivy(tantivy, rows), engines.BareTantivy(tantivy, rows)]
    return found


def test_stems_are_made_of_words_and_of_nothing_else() -> None:
    assert engines.stems("Pässe verlängern, § 3!") == [engines.stem("pässe"), engines.stem("verlängern"), "3"]


def test_entries_are_counted_by_the_stems_that_they_have_together() -> None:
    assert rivals.expected(Asked("", ("hund",)), POSTINGS) == 1
    assert rivals.expected(Asked("", ("pass", "bild")), POSTINGS) == 2
    assert rivals.expected(Asked("", ("pass", "nothing-known")), POSTINGS) == 0


def test_every_rival_finds_what_counting_finds_and_puts_titles_first() -> None:
    for engine in rivals_of(ROWS):
        slugs, total, _counts = engine.ask(engine.prepare(Asked("", ("pass",))))
        assert total == 3 and set(slugs) == {"a", "b", "c"}, engine.name
        if engine.name != "tantivy, bare":
            assert slugs[-1] == "c", engine.name
        assert engine.ask(engine.prepare(Asked("", ("pass", "bild"))))[1] == 2, engine.name


def test_fts5_counts_each_office_of_an_entry() -> None:
    engine = engines.Fts5(ROWS)
    _slugs, _total, counts = engine.ask(engine.prepare(Asked("", ("bild",))))
    assert dict(counts["office"]) == {"buero": 1, "amt": 2}
    assert dict(counts["video"]) == {"live": 1, "unknown": 1}
    assert dict(counts["nature"]) == {"advisory": 2}


def test_tantivy_that_is_nowhere_is_missing_and_not_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "tantivy", raising=False)
    assert engines.borrow(tmp_path) is None
    assert sys.path == [str(tmp_path / "lib" / f"python3.{sys.version_info.minor}" / "site-packages")]


def test_a_query_finds_something_and_comes_once_whatever_the_order_of_its_words() -> None:
    typed = ["pass", "bild", "Bild", "Pass", "hund", "bild", "pass", "pass"]
    assert [asked.typed for asked in rivals.finding(typed, POSTINGS)] == ["pass", "pass bild", "Bild", "hund"]
    assert [asked.typed for asked in rivals.finding(typed, POSTINGS, least=3)] == ["pass"]


def test_measured_words_are_warm_and_measured_queries_are_not(filled: Path) -> None:
    typed = list(islice(rivals.drawn(), 4_000))
    corpus = rivals.opened(filled, typed, None, whoosh=False)
    warming, measured = rivals.queries(typed, corpus.postings, 60)
    corpus.house.close()
    assert {len(asked.stems) for asked in measured} == {1, 2}
    asked_before = {frozenset(asked.stems) for asked in warming}
    assert not asked_before & {frozenset(asked.stems) for asked in measured}
    assert {stem for asked in measured for stem in asked.stems} <= {stem for asked in warming for stem in asked.stems}
    assert all(rivals.expected(asked, corpus.postings) for asked in (*warming, *measured))


def test_our_own_engine_is_made_to_count(filled: Path) -> None:
    house = House(generate.settings_for(filled))
    house.catch_up()
    engine = engines.Servicedir(house)
    slugs, total, counts = engine.ask(engine.prepare(Asked("beantragen", ("beantrag",))))
    house.close()
    assert total >= len(slugs) == min(10, total) > 0
    assert [sum(counts[at]) for at in (0, 1)] == [total, total]


def test_a_run_measures_every_engine_alike(filled: Path) -> None:
    found = rivals.run([filled, filled], None, count=40, rounds=2, least=1, block=3, whoosh=False)
    for corpus in found["corpora"]:
        assert [(row["engine"], row["kind"]) for row in corpus["rows"][:2]] == [("servicedir", "all"), ("FTS5", "all")]
        assert len({row["queries"] for row in corpus["rows"][:2]}) == 1
        assert all(row["milliseconds"]["median"] > 0 and len(row["median_of_rounds"]) == 2 for row in corpus["rows"])
    lines = rivals.table(found).splitlines()
    assert len([line for line in lines if line.startswith("| FTS5")]) == 6
    assert lines[-1].startswith("Median with 60 over 60 entries: servicedir ")


def test_ratios_are_those_of_medians_and_of_percentiles(filled: Path) -> None:
    corpus = rivals.opened(filled, [], None, whoosh=False)
    corpus.house.close()
    took = {"servicedir": [1.0, 2.0, 3.0], "tantivy": [2.0, 4.0, 4.0]}
    corpus.taken = {
        name: [rivals.Taken(0, rivals.ONE, one, one / 2, 7) for one in ones]
        + [rivals.Taken(1, rivals.TWO, 9.0, 9.0, 0)]
        for name, ones in took.items()
    }
    of = {(row["engine"], row["kind"]): row for row in rivals.figures(corpus)}
    row = of["servicedir", rivals.ONE]
    assert row["milliseconds"] == {"median": 2.0, "p95": 3.0}
    assert row["milliseconds_ratio"] == {"median": 0.5, "p95": 0.75}
    assert row["cpu_ratio"] == {"median": 0.5, "p95": 0.75}
    assert of["servicedir", "all"]["median_of_rounds"] == [2.0, 9.0]
    assert of["servicedir", "all"]["nothing_found"] == 1


def test_a_rival_that_finds_something_else_ends_the_run(filled: Path) -> None:
    asked = Asked("beantragen", ("beantrag",))
    corpus = rivals.opened(filled, [asked.typed], None, whoosh=False)
    corpus.postings = {"beantrag": {1}}
    with pytest.raises(rivals.WrongTotal, match="FTS5"):
        rivals.measure([corpus], [], [asked], rounds=1, block=1)
    corpus.house.close()


def test_datasettes_table_is_searched_by_an_index_that_datasette_takes_for_its_own(
    filled: Path, tmp_path: Path
) -> None:
    flat, asked, _postings = http_rivals.read(filled, 1)
    assert len(flat) == 60 and len(list(islice(asked, 50))) == 50
    http_rivals.fill_datasette(tmp_path / "services.db", flat)
    connection = sqlite3.connect(tmp_path / "services.db")
    (made,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'services_fts'").fetchone()
    assert re.search(r'VIRTUAL TABLE.*USING FTS.*content="services"', made, re.IGNORECASE)
    word = flat[0]["title"].split()[0]
    find = "SELECT count(*) FROM services_fts WHERE services_fts MATCH ?"
    assert connection.execute(find, (f'"{word}"',)).fetchone()[0] > 0
    connection.close()


def test_no_query_is_asked_twice_over_http_rather_the_run_ends() -> None:
    typed = http_rivals.each_once([Asked("pass", ("pass",))])
    assert next(typed) == "pass"
    with pytest.raises(http_rivals.TooFewQueries):
        next(typed)


def test_how_many_times_is_the_median_of_the_rounds() -> None:
    def at(*rates: float) -> dict[str, list[float]]:
        return {"per_second_rounds": list(rates)}

    found = {"hello world": at(9), "/": at(100, 10, 100), "/api/v1/services": at(60, 60, 60)}
    found |= {"Datasette tuned, HTML": at(10, 1, 5), "Datasette tuned, JSON": at(20, 30, 60), "Wagtail": at(0, 0, 0)}
    assert http_rivals.times(found) == [
        "/ over Datasette tuned, HTML: 10.0 times (rounds: 10.0–20.0)",
        "/api/v1/services over Datasette tuned, JSON: 2.0 times (rounds: 1.0–3.0)",
        "/ over Wagtail: 0.0 times (rounds: none)",
    ]
