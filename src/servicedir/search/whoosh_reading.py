"""How the postings of a Whoosh index come into memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.reading import IndexReader

from servicedir.search.lexicon import Lexicon
from servicedir.search.row import Row
from servicedir.search.snapshot import Snapshot


def read(reader: IndexReader, rows: list[Row], places: np.ndarray, change: int) -> Snapshot:
    """Return the snapshot of rows, with the postings that a reader has of them."""
    keys: list[str] = []
    numbers, docnums, weights = [], [], []
    for term in reader.lexicon("words"):
        ids, impacts_of = _postings(reader.postings("words", term))
        numbers.append(np.full(len(ids), len(keys), np.int32))
        docnums.append(np.array(ids, np.int32))
        weights.append(np.array(impacts_of, np.float32))
        keys.append(term.decode())
    of = np.concatenate(numbers) if numbers else np.zeros(0, np.int32)
    at = places[np.concatenate(docnums)] if docnums else np.zeros(0, np.int32)
    impact = np.concatenate(weights) if weights else np.zeros(0, np.float32)
    alive = at >= 0
    return Snapshot.of(rows, of[alive], at[alive], impact[alive], Lexicon(keys), change)


def _postings(matcher: Any) -> tuple[list[int], list[float]]:
    """Return what a matcher goes through, a block at a time: one by one, the same takes three times as long."""
    ids: list[int] = []
    weights: list[float] = []
    while matcher.is_active():
        if not isinstance(matcher, W3LeafMatcher):  # A word of a single entry, or several segments.
            ids.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
            continue
        matcher._read_ids()
        matcher._read_weights()
        ids += matcher._ids
        weights += matcher._weights
        matcher._next_block()
    return ids, weights
