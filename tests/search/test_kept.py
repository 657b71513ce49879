"""The arrays beside the index save time at a start; whatever ails them, the index itself says the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from asking import Searching, published
from builders import a_service

from servicedir.search import Index
from servicedir.search.kept import keep, kept
from servicedir.search.lexicon import Lexicon
from servicedir.search.postings import Postings
from servicedir.search.snapshot import Snapshot
from servicedir.search.whoosh_index import prepared

SLUGS = ["hund", "katze", "uebung"]
FILE = "postings.npz"

Triple = tuple[str, str, float]


@pytest.fixture
def snapshot() -> Snapshot:
    """One in which an entry has changed, so that something is left behind."""
    empty = np.zeros(0, np.int32)
    snapshot = Snapshot.of([], empty, empty, np.zeros(0, np.float32), Lexicon([]), 0)
    snapshot = snapshot.with_changes([prepared(published(a_service("katze", title="Kater")))], [], 1)
    return snapshot.with_changes([prepared(published(a_service(slug, title=f"Übung {slug}"))) for slug in SLUGS], [], 2)


def triples(keys: list[str], postings: Postings, slugs: list[str]) -> set[Triple]:
    """What is said of whom, whatever the numbers and places."""
    numbers, places, impacts = postings.triples()
    return {(keys[n], slugs[p], i) for n, p, i in zip(numbers.tolist(), places.tolist(), impacts.tolist(), strict=True)}


def test_what_was_kept_comes_back_without_what_was_left_behind(snapshot: Snapshot, tmp_path: Path) -> None:
    keep(tmp_path, snapshot, "state")
    found = kept(tmp_path, SLUGS, 2, "state")
    assert found is not None
    whole = snapshot.compacted()
    said = triples(whole.lexicon.keys, whole.postings, [row.slug for row in whole.rows])
    assert triples(found.keys, Postings.of_triples(*found[1:]), SLUGS) == said
    assert {"kater"}.isdisjoint(found.keys)
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


def test_entries_may_stand_in_another_order_on_disk(snapshot: Snapshot, tmp_path: Path) -> None:
    keep(tmp_path, snapshot, "state")
    ordered = kept(tmp_path, SLUGS, 2, "state")
    turned = kept(tmp_path, SLUGS[::-1], 2, "state")
    assert ordered is not None
    assert turned is not None
    assert triples(ordered.keys, Postings.of_triples(*ordered[1:]), SLUGS) == triples(
        turned.keys, Postings.of_triples(*turned[1:]), SLUGS[::-1]
    )


@pytest.mark.parametrize(
    ("slugs", "change", "state"),
    [
        (SLUGS, 3, "state"),
        (SLUGS, 2, "another state"),
        (SLUGS[:2], 2, "state"),
        ([*SLUGS, "maus"], 2, "state"),
        (["hund", "katze", "maus"], 2, "state"),
    ],
)
def test_a_file_of_another_state_is_ignored(
    snapshot: Snapshot, tmp_path: Path, slugs: list[str], change: int, state: str
) -> None:
    keep(tmp_path, snapshot, "state")
    assert kept(tmp_path, slugs, change, state) is None


def test_no_file_is_no_fault(tmp_path: Path) -> None:
    assert kept(tmp_path, SLUGS, 2, "state") is None


def test_an_empty_catalogue_is_kept_as_well(snapshot: Snapshot, tmp_path: Path) -> None:
    keep(tmp_path, snapshot.with_changes([], SLUGS, 3), "state")
    found = kept(tmp_path, [], 3, "state")
    assert found is not None
    assert (found.keys, len(found.numbers)) == ([], 0)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "half": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "noise": lambda file: file.write_bytes(b"nothing that numpy has ever written"),
    "another archive": lambda file: np.savez(file, something=np.zeros(3)),
    "objects": lambda file: np.savez(file, state=np.array([{"a": 1}], object), allow_pickle=True),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_broken_file_is_ignored(snapshot: Snapshot, tmp_path: Path, damage: Callable[[Path], object]) -> None:
    keep(tmp_path, snapshot, "state")
    damage(tmp_path / FILE)
    assert kept(tmp_path, SLUGS, 2, "state") is None


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_an_index_beside_a_broken_file_finds_what_it_found(
    open_again: Callable[[], Index], tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    index = open_again()
    index.update([published(a_service("hund")), published(a_service("katze", title="Kater"))], [], 4)
    index.close()
    damage(tmp_path / "index" / FILE)
    again = Searching(open_again())
    assert again.index.change() == 4
    assert (again.slugs("hund"), again.slugs("kater")) == (["hund"], ["katze"])
    again.index.update([], ["hund"], 5)
    again.index.close()
    assert Searching(open_again()).slugs() == ["katze"]


def test_a_file_of_former_times_is_ignored_and_replaced(open_again: Callable[[], Index], tmp_path: Path) -> None:
    index = open_again()
    index.update([published(a_service("tier", title="Hund"))], [], 1)
    index.close()
    former = (tmp_path / "index" / FILE).read_bytes()
    index.update([published(a_service("tier", title="Katze"), 2)], [], 2)
    index.close()
    (tmp_path / "index" / FILE).write_bytes(former)
    again = Searching(open_again())
    assert (again.slugs("katze"), again.slugs("hund")) == (["tier"], [])
    assert (tmp_path / "index" / FILE).read_bytes() != former
