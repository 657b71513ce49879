"""The tables of an answer as CSV that German Excel and LibreOffice open rightly, and in which nothing is computed."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator

from servicedir.domain.figures import Standing
from servicedir.domain.spreadsheet import guarded
from servicedir.reports.answer import Answer, Cell, Table, tables
from servicedir.reports.words import address

COLUMNS = ("question", "part", "table", "caption", "row", "column", "value", "number", "standing", "code", "link")
"""Of the sheet of all tables: a line for each cell. `row` and `column` are keys, `standing` that of figures."""


def all_tables(answer: Answer, base: str) -> bytes:
    """Return all tables of an answer with all their rows in one sheet, a line for each cell."""
    return _written(COLUMNS, _cells(answer, base))


def one_table(table: Table) -> bytes:
    """Return the sheet of one table with all its rows, as it stands in the answer but for numbers, which are digits."""
    rows = ([_value(cell) for cell in row.cells] for row in table.rows)
    return _written([heading.title for heading in table.headings], rows)


def _cells(answer: Answer, base: str) -> Iterator[list[str | int]]:
    for number, (reply, part, table) in enumerate(tables(answer), 1):
        for row in table.rows:
            for heading, cell in zip(table.headings, row.cells, strict=True):
                yield [
                    *(reply.number, part.title, number, table.caption, row.key, heading.key, cell.text),
                    *("" if cell.number is None else cell.number, _standing(cell), cell.code),
                    address(base, cell.path),
                ]


def _value(cell: Cell) -> str | int:
    return cell.text if cell.number is None else cell.number


def _standing(cell: Cell) -> str:
    return Standing.NUMBER if cell.number is not None else cell.standing or ""


def _written(heads: Iterable[str], lines: Iterable[Iterable[str | int]]) -> bytes:
    out = io.BytesIO(codecs.BOM_UTF8)
    out.seek(0, io.SEEK_END)
    text = io.TextIOWrapper(out, "utf-8", newline="")
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(guarded, heads))
    for line in lines:
        # A number below zero begins like a formula, and is none.
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in line])
    text.flush()
    return out.getvalue()
