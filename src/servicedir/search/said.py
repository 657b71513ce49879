"""What a wish says of all entries, as it is kept for the next query: in whole numbers, small and soon added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from servicedir.search.facets import Mask
from servicedir.search.postings import Places

UNIT = 128
"""A gain of 1, as it is kept: in two bytes, so up to 255."""
WHOLE_TERM, WHOLE_TITLE = 14, 15
"""What is covered of a term, and of a title, if it is all of it, as it is kept: sums of sixteen fit into a byte."""
_SPARSE = 8  # From one entry in so many on, values are kept for all places: adding them is then faster.


class Some(NamedTuple):
    """Values for some places, or for all of them."""

    places: Places | slice
    values: NDArray[Any]

    @classmethod
    def of(cls, values: NDArray[Any], telling: Mask) -> Some:
        """Return the telling ones of the values of all places; all of them where that is faster to add."""
        if np.count_nonzero(telling) * _SPARSE >= len(values):
            return cls(slice(None), values)
        places: Places = telling.nonzero()[0]
        return cls(places, values[places])

    @property
    def bytes(self) -> int:
        """Return how much memory it takes."""
        return self.values.nbytes + (0 if isinstance(self.places, slice) else self.places.nbytes)

    def add_to(self, sums: NDArray[Any]) -> None:
        """Add the values to those of all places."""
        sums[self.places] += self.values


@dataclass(frozen=True, slots=True)
class Said:
    """What a wish says, as it is kept: in whole numbers, of which many fit into memory and are added at once.

    `gains` are in parts of UNIT, what is `covered` in parts of WHOLE_TERM, shares of `titles` in parts of WHOLE_TITLE.
    `covered` counts the `terms` that an entry has, `most` is what they would gain in a title of their own. An entry
    without a `strict` one is not found. `keys` are the numbers of the words of the catalogue in which it was found: as
    a set of texts they would take ten times as much. `better` is what may have been meant by a word that nobody has
    written.
    """

    gains: Some
    covered: Some
    titles: Some
    most: float
    terms: int
    keys: NDArray[np.int32]
    strict: bool = False
    better: str = ""

    @property
    def bytes(self) -> int:
        """Return about how much memory it takes."""
        return 500 + self.keys.nbytes + sum(some.bytes for some in (self.gains, self.covered, self.titles))

    def mask(self, size: int) -> Mask:
        """Return the places at which it is said outright."""
        found = np.zeros(size, bool)
        found[self.covered.places] = self.covered.values > 0
        return found


def in_units(gains: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return gains as they are kept."""
    kept: NDArray[np.int16] = np.minimum(gains * UNIT, np.iinfo(np.int16).max).astype(np.int16)
    return kept
