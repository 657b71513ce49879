"""The postings once more, as arrays in a file beside the index: a start reads them at once instead of word by word."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from servicedir.search.postings import Impacts
from servicedir.search.snapshot import Snapshot

_NAME = "postings.npz"


class Triples(NamedTuple):
    """Words, and for each posting the number of its word, the place of its entry, and the impact."""

    keys: list[str]
    numbers: NDArray[np.int32]
    places: NDArray[np.int32]
    impacts: Impacts


def keep(folder: Path, snapshot: Snapshot, state: str) -> None:
    """Write the postings of a snapshot, as of a state of the index. A file that is there is replaced as a whole."""
    whole = snapshot.compacted() if snapshot.left_behind else snapshot
    numbers, places, impacts = whole.postings.triples()
    head = [str(whole.change), state, *(row.slug for row in whole.rows)]
    new = folder / f"{_NAME}.{os.getpid()}"
    with new.open("wb") as file:
        np.savez(
            file,
            state=_packed(head),
            keys=_packed(whole.lexicon.keys),
            numbers=numbers,
            places=places,
            impacts=impacts,
        )
    new.replace(folder / _NAME)


def kept(folder: Path, slugs: Sequence[str], change: int, state: str) -> Triples | None:
    """Return the postings of entries with these slugs, in this order, as of a change and state; None without any."""
    try:
        # numpy leaves a file open that it cannot read.
        with (folder / _NAME).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            was, by, *order = _unpacked(file["state"])
            if (was, by) != (str(change), state) or len(order) != len(slugs):
                return None
            place = {slug: number for number, slug in enumerate(slugs)}
            places = np.array([place[slug] for slug in order], np.int32)[file["places"]]
            return Triples(_unpacked(file["keys"]), file["numbers"], places, file["impacts"])
    except Exception:  # Whatever ails it: the same stands in the index itself.
        return None


def _packed(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> list[str]:
    return packed.tobytes().decode().split("\n") if len(packed) else []
