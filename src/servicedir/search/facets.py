"""Which entries have which value of which facet: a row of bits for each value, so that counting is one sweep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.query import FACETS, Facet, Query
from servicedir.domain.service import ChannelKind, Nature, Stage
from servicedir.search.row import Row

Bits: TypeAlias = NDArray[np.uint64]
"""A set of places, a bit for each; or several of them, a row each."""
Mask: TypeAlias = NDArray[np.bool_]
"""A set of places, a byte for each."""

STAGES = tuple(Stage)
KINDS = tuple(ChannelKind)
_UNKNOWN = STAGES.index(Stage.UNKNOWN)
_VIDEO = KINDS.index(ChannelKind.VIDEO)
_AVAILABLE = np.array([stage.available for stage in STAGES])
_NOTHING: frozenset[str] = frozenset()
_FOR_EVER = 2**31 - 1


def packed(mask: Mask) -> Bits:
    """Return masks, whose width is a multiple of 64, as bits."""
    return np.packbits(mask, axis=-1, bitorder="little").view(np.uint64)


def unpacked(bits: Bits) -> Mask:
    """Return bits as masks."""
    return np.unpackbits(bits.view(np.uint8), axis=-1, bitorder="little").view(np.bool_)


def size_of(bits: Bits) -> int:
    """Return how many places are in a set."""
    return int(np.bitwise_count(bits).sum())


@dataclass(frozen=True, slots=True)
class Members:
    """The values of a facet in their order, and for each a row of bits: the entries that have it."""

    values: tuple[str, ...]
    bits: Bits

    def chosen(self, values: Sequence[str]) -> Bits:
        """Return the entries that have one of some values."""
        rows = [self.values.index(value) for value in values if value in self.values]
        found: Bits = np.bitwise_or.reduce(self.bits[rows], axis=0)
        return found

    def counts(self, within: Bits) -> list[int]:
        """Return for each value how many entries of a set have it."""
        counts: list[int] = np.bitwise_count(self.bits & within).sum(axis=1, dtype=np.uint32).tolist()
        return counts


class Pairs:
    """What the rows say of themselves, as arrays that only grow: pairs of a place and a number, and stages in time."""

    def __init__(self, rows: Sequence[Row], after: Pairs | None = None) -> None:
        self.count = len(rows)
        self.width = max(1, -(-len(rows) // 64)) * 64
        self.numbers: dict[tuple[str, str], int] = dict(after.numbers) if after else {}
        places: list[int] = []
        numbers: list[int] = []
        spans: list[tuple[int, int, int, int, int]] = []
        for place in range(after.count if after else 0, len(rows)):
            for pair in rows[place].filters:
                places.append(place)
                numbers.append(self.numbers.setdefault(pair, len(self.numbers)))
            spans += _spans(place, rows[place])
        self.places = np.array(places, np.int32)
        self.of = np.array(numbers, np.int32)
        self.spans = np.array(spans, np.int32).reshape(-1, 5)
        if after:
            self.places = np.concatenate((after.places, self.places))
            self.of = np.concatenate((after.of, self.of))
            self.spans = np.concatenate((after.spans, self.spans))

    def bits(self) -> dict[str, dict[str, Bits]]:
        """Return for each facet that no day changes the entries of each value that any entry has."""
        mask = np.zeros((len(self.numbers), self.width), bool)
        mask[self.of, self.places] = True
        found: dict[str, dict[str, Bits]] = {}
        for (facet, value), row in zip(self.numbers, packed(mask), strict=True):
            found.setdefault(facet, {})[value] = row
        return found

    def on(self, day: date) -> dict[str, Members]:
        """Return the facets that depend on the day."""
        ordinal = day.toordinal()
        holding = self.spans[(self.spans[:, 2] <= ordinal) & (ordinal < self.spans[:, 3])]
        place, kind, stage = holding[:, 0], holding[:, 1], holding[:, 4]
        stages = np.full(self.width, _UNKNOWN, np.int8)
        of_video = kind == _VIDEO
        # Of two video channels, which no valid entry has, the first one counts.
        stages[place[of_video][::-1]] = stage[of_video][::-1]
        video = stages == np.arange(len(STAGES))[:, None]
        channel = np.zeros((len(KINDS), self.width), bool)
        usable = _AVAILABLE[stage]
        channel[kind[usable], place[usable]] = True
        return {
            "video": Members(tuple(STAGES), packed(video)),
            "channel": Members(tuple(KINDS), packed(channel)),
        }


def _spans(place: int, row: Row) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield the steps of a row as place, kind, first day, day behind the last one, stage."""
    for number, (kind, start, stage) in enumerate(row.steps):
        following = row.steps[number + 1] if number + 1 < len(row.steps) else None
        # Steps of a channel are in the order of time; an earlier one begins another channel.
        goes_on = following and following[0] == kind and following[1] > start
        end = following[1] if following and goes_on else _FOR_EVER
        yield place, KINDS.index(ChannelKind(kind)), start, end, STAGES.index(Stage(stage))


def fixed(found: Mapping[str, Mapping[str, Bits]], catalogue: Catalogue, empty: Bits) -> dict[str, Members]:
    """Return the facets that no day changes, with all values of the catalogue; an office has what those below have."""
    offices = dict.fromkeys(catalogue.offices, empty)
    for slug, bits in found.get("office", {}).items():
        for above in catalogue.lineage(slug):
            offices[above] = offices[above] | bits
    values: dict[str, Sequence[str]] = {
        "nature": tuple(Nature),
        "office": tuple(offices),
        "topic": tuple(catalogue.topics),
        "audience": tuple(catalogue.audiences),
        "language": sorted(found.get("language", ())),
    }
    members = {}
    for facet, known in values.items():
        of = offices if facet == "office" else found.get(facet, {})
        rows = [of.get(value, empty) for value in known]
        members[facet] = Members(
            tuple(map(str, known)), np.stack(rows) if rows else np.zeros((0, len(empty)), np.uint64)
        )
    return members


class Counts(Mapping[str, Facet]):
    """The facets of a result, each counted when somebody looks at it: its own choice is left out of its counts."""

    def __init__(self, matched: Bits, query: Query, members: Mapping[str, Members]) -> None:
        self._members = members
        self._query = query
        self._matched = matched
        self._chosen = {
            facet: members[facet].chosen([str(value) for value in chosen])
            for facet in FACETS
            if (chosen := getattr(query, facet))
        }
        self._kept: dict[str, Facet] = {}

    def _within(self, *, without: str = "") -> Bits:
        found = self._matched
        for facet, bits in self._chosen.items():
            if facet != without:
                found = found & bits
        return found

    @property
    def result(self) -> Bits:
        """Return the entries that match with all choices."""
        return self._within()

    def __getitem__(self, facet: str) -> Facet:
        found = self._kept.get(facet)
        if found is None:
            of = self._members[facet]
            counts = of.counts(self._within(without=facet))
            chosen = frozenset(map(str, getattr(self._query, facet))) if facet in self._chosen else _NOTHING
            found = self._kept[facet] = Facet(of.values, counts, chosen)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(FACETS)

    def __len__(self) -> int:
        return len(FACETS)
