"""What papers and pages show of a table: its first rows, without columns in which nothing stands, and what that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from servicedir.reports.answer import Cell, Heading, Table
from servicedir.reports.words import word

T = TypeVar("T")

MOST = 1000
"""Rows that papers show at most, whatever a block says: nobody reads more, and a server needs memory to set them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Headings, rows of as many cells, and sentences on what is not shown."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    remarks: tuple[str, ...]


def excerpt(table: Table, language: str) -> Excerpt:
    """Return what is shown of a table; the first column is always there."""
    rows = [row.cells for row in table.rows[: min(table.most, MOST)]]
    is_said = [number == 0 or any(cells[number].text for cells in rows) for number in range(len(table.headings))]
    empty = [heading.title for heading, said in zip(table.headings, is_said, strict=True) if not said]
    remarks = [_more(len(table.rows) - len(rows), language)]
    if empty and rows:
        remarks.append(word("empty", language).format(columns=", ".join(empty)))
    return Excerpt(
        headings=_chosen(table.headings, is_said),
        rows=tuple(_chosen(cells, is_said) for cells in rows),
        remarks=tuple(filter(None, remarks)),
    )


def _chosen(values: tuple[T, ...], is_said: list[bool]) -> tuple[T, ...]:
    return tuple(value for value, said in zip(values, is_said, strict=True) if said)


def _more(number: int, language: str) -> str:
    match number:
        case 0:
            return ""
        case 1:
            return word("one_more", language)
        case _:
            return word("more", language).format(number=number)
