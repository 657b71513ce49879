"""The measure of understanding: what it counts, and that it asks the product's own search."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))
from relevance import figures, judged

BENCH = Path(__file__).resolve().parent.parent / "bench"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three entries and three judged queries."""
    entries = [
        {"id": 7, "title": "Wohnsitz abmelden", "description": "Wer auszieht.", "keywords": ["Auszug"]},
        {"id": 8, "title": "Hundesteuer", "description": "Für Hunde.", "keywords": []},
        {"id": 9, "title": "Abfallgebühr", "description": "Für Müll.", "keywords": []},
    ]
    lines = [json.dumps(entry, ensure_ascii=False) for entry in entries]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    queries = ["Wohnung abmelden\t7\tcompound\tx", "Hund\t8|9\tcompound\tx", "Trompete\t9\tnone\tx", "Ski\t99\tnone\tx"]
    (tmp_path / "queries.tsv").write_text("\n".join(queries), encoding="utf-8")
    return tmp_path


def test_the_figures_are_shares_of_queries_and_a_mean_of_reciprocal_ranks() -> None:
    assert figures([0, 2, 9, None]) == {
        "hit1": 0.25,
        "hit3": 0.5,
        "hit10": 0.75,
        "mrr": round((1 + 1 / 3 + 0.1) / 4, 4),
    }


def test_a_query_whose_answer_is_not_there_is_left_out(folder: Path) -> None:
    assert [(one.query, len(one.expected)) for one in judged(folder)] == [
        ("Wohnung abmelden", 1),
        ("Hund", 2),
        ("Trompete", 1),
    ]


def test_a_folder_is_measured_and_ends_with_a_line_of_json(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "relevance.py"), str(folder)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert last == {"folder": folder.name, "hit1": 0.6667, "hit3": 0.6667, "hit10": 0.6667, "mrr": 0.6667}
    assert "| none | 1 | 0.000 |" in done.stdout
