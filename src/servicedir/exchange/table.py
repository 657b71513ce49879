"""What every sheet has, whatever its format: one line of column names, rows with numbers, and limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from servicedir.exchange.columns import BY_NAME

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 20_000


class Flaw(StrEnum):
    """Why a sheet is refused as a whole; in brackets the values that come with it."""

    NOT_TEXT = "not_text"
    """Neither UTF-8 nor cp1252."""
    NOT_CSV = "not_csv"
    """Quotation marks that do not match (row)."""
    NOT_A_WORKBOOK = "not_a_workbook"
    TOO_LARGE = "too_large"
    """More bytes than are read, packed or unpacked."""
    TOO_MANY_ROWS = "too_many_rows"
    """(limit)"""
    TOO_MANY_FIGURES = "too_many_figures"
    """(limit)"""
    TOO_MANY_COLUMNS = "too_many_columns"
    """(limit)"""
    TOOK_TOO_LONG = "took_too_long"
    NO_SLUG_COLUMN = "no_slug_column"
    NO_COLUMN = "no_column"
    """A column without which the rows say nothing (column)."""
    COLUMN_TWICE = "column_twice"
    """(column)"""
    SLUG_TWICE = "slug_twice"
    """(slug, row, first: the row where it stood before)"""
    CELLS_BEYOND_COLUMNS = "cells_beyond_columns"
    """A row has more cells than there are columns: something has moved (row)."""


class BadSheet(ValueError):
    """A sheet that is refused as a whole, with a Flaw and what belongs into its sentence."""

    def __init__(self, code: Flaw, **values: str | int) -> None:
        super().__init__(", ".join([code.value, *(f"{name} {value}" for name, value in values.items())]))
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet with their numbers as a spreadsheet shows them; `rows` hold known columns only."""

    columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def sheet_of(lines: Iterable[tuple[int, list[str]]]) -> Sheet:
    """Return the sheet of numbered lines of cells, the first one that is not blank being the names of the columns.

    A line that is shorter than that says nothing about the columns beyond its end. Raises BadSheet.
    """
    names: list[str] = []
    rows: list[tuple[int, dict[str, str]]] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            names = _names(cells)
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            raise BadSheet(Flaw.CELLS_BEYOND_COLUMNS, row=number)
        if len(rows) == MAX_ROWS:
            raise BadSheet(Flaw.TOO_MANY_ROWS, limit=MAX_ROWS)
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name in BY_NAME}
        slug = row["slug"] = row.get("slug", "").strip()
        if slug and seen.setdefault(slug, number) != number:
            raise BadSheet(Flaw.SLUG_TWICE, slug=slug, row=number, first=seen[slug])
        rows.append((number, row))
    if not names:
        raise BadSheet(Flaw.NO_SLUG_COLUMN)
    known = tuple(name for name in names if name in BY_NAME)
    return Sheet(known, tuple(name for name in names if name and name not in BY_NAME), tuple(rows))


def _names(cells: list[str]) -> list[str]:
    """Return the names of the columns: ours as we write them, others as they stand, "" for none."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    names = [cell.strip() for cell in cells]
    names = [name.casefold() if name.casefold() in BY_NAME else name for name in names]
    for at, name in enumerate(names):
        if name and name in names[:at]:
            raise BadSheet(Flaw.COLUMN_TWICE, column=name)
    if "slug" not in names:
        raise BadSheet(Flaw.NO_SLUG_COLUMN)
    return names
