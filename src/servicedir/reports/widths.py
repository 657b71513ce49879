"""How wide the columns of a table are on paper, so that nothing of it is cut on A4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servicedir.reports.answer import Cell, Table, Type

PORTRAIT, LANDSCAPE = 104, 160
"""Characters of 9 points that stand beside each other on a page."""
LARGEST, SMALLEST = 9.0, 5.5
"""Points of the letters in a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """Shares of the columns in the width, whether the page lies on its side, and the size of letters in points."""

    shares: tuple[int, ...]
    is_wide: bool
    size: float


def widths(table: Table) -> Widths:
    """Return how wide the columns are of what papers show of a table."""
    rows = [row.cells for row in table.rows[: table.most]]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(table.headings)
    pairs = list(zip(table.headings, columns, strict=True))
    needed = [_needed(heading.title, cells) for heading, cells in pairs]
    is_wide = sum(needed) > PORTRAIT
    room = LANDSCAPE if is_wide else PORTRAIT
    return Widths(
        shares=tuple(_share(heading.type, least, cells) for (heading, cells), least in zip(pairs, needed, strict=True)),
        is_wide=is_wide,
        size=max(SMALLEST, LARGEST * min(1, room / max(1, sum(needed)))),
    )


def _needed(title: str, cells: Iterable[Cell]) -> int:
    """Return how many characters a column needs at least, with the room beside it: that of its longest word."""
    words = (word for text in (title, *(cell.text for cell in cells)) for word in text.split())
    # What is longer is hyphenated.
    return min(max(map(len, words), default=0), 12) + 2


def _share(type: Type, least: int, cells: Iterable[Cell]) -> int:
    """Return the share of a column in the width: long texts take more of it than numbers, but not all."""
    longest = max((len(cell.text) for cell in cells), default=0)
    return max(least, min(longest, 16) + 2, min(longest, 90) // 2 if type is Type.TEXT else 0)
