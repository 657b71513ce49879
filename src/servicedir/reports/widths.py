"""How wide the columns of a table are on paper, so that nothing of it is cut on A4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servicedir.reports.excerpt import Excerpt

PLACES = ((False, 9.0, 102), (False, 8.0, 115), (True, 9.0, 158), (True, 8.0, 178))
"""Where a table can stand, the best place first: on a page that lies on its side or not, the size of letters in points,
and how many characters stand beside each other then."""
SPARE = 0.1
"""The share of a place that is to be left for long texts when every column has what its longest word needs."""
TINIEST = 5.5
"""Points below which letters never are, however many columns there are."""
LONG = 150
"""Characters of a text from which on a column gets no wider for it."""
LINES = 15
"""Lines of a cell that are few: twice as many fit on a page that lies on its side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """Shares of the columns in the width, whether the page lies on its side, and the size of letters in points.

    `are_low` says of rows that they may be kept in one piece: each fits on a page.
    """

    shares: tuple[int, ...]
    is_wide: bool
    size: float
    are_low: bool


def widths(shown: Excerpt) -> Widths:
    """Return how wide the columns are of what is shown of a table.

    Each gets what its longest word needs; what is left goes to those with long texts.
    """
    columns = [[cells[number].text for cells in shown.rows] for number in range(len(shown.headings))]
    needed = [_needed(heading.title, texts) for heading, texts in zip(shown.headings, columns, strict=True)]
    longest = [max(map(len, [heading.title, *texts])) for heading, texts in zip(shown.headings, columns, strict=True)]
    wanted = [max(least, min(most, LONG) + 2) for least, most in zip(needed, longest, strict=True)]
    is_wide, size, room = next((one for one in PLACES if sum(needed) <= one[2] * (1 - SPARE)), PLACES[-1])
    left = max(0, room - sum(needed)) / max(1, sum(wanted) - sum(needed))
    shares = [least + left * (most - least) for least, most in zip(needed, wanted, strict=True)]
    return Widths(
        shares=tuple(round(10 * share) for share in shares),
        is_wide=is_wide,
        size=max(TINIEST, size * min(1, room / sum(needed))),
        are_low=all(most < LINES * share for most, share in zip(longest, shares, strict=True)),
    )


def _needed(title: str, texts: Iterable[str]) -> int:
    """Return how many characters a column needs at least, with the room beside it: that of its longest word."""
    words = [word for text in texts for word in text.split()]
    # Heads are bold; what is longer than 14 characters is hyphenated.
    longest = max([*map(len, words), *(len(word) + 1 for word in title.split())], default=0)
    return min(longest, 14) + 2
