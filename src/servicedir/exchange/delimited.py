"""CSV as German Excel and LibreOffice open it rightly, without anything in it that they would compute."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from servicedir.domain.service import Service
from servicedir.domain.spreadsheet import guarded, unguarded
from servicedir.exchange.columns import COLUMNS, Column
from servicedir.exchange.extract import Extract
from servicedir.exchange.sheet import NOT_SAID, to_row
from servicedir.exchange.table import MAX_BYTES, BadSheet, Flaw, Sheet, sheet_of


def write(services: Iterable[Service], on: date, revisions: Mapping[str, int] = NOT_SAID) -> bytes:
    """Return the sheet of these services: UTF-8 with a byte order mark, semicolons, every cell quoted.

    `revisions` says by slug which revision of an entry each is.
    """
    lines = (to_row(service, on, revisions.get(service.slug)).values() for service in services)
    return b"".join(pieces(COLUMNS, lines))


def pieces(columns: Iterable[Column], lines: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """Yield that sheet line by line, of lines of cells, so that nobody has to hold it whole."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    yield codecs.BOM_UTF8
    writer.writerow([column.name for column in columns])
    for cells in lines:
        yield _taken(out)
        writer.writerow(map(guarded, cells))
    yield _taken(out)


def store(extract: Extract, path: Path) -> None:
    """Write the sheet of all that is published into a file."""
    with path.open("wb") as file:
        file.writelines(pieces(extract.columns, extract.lines()))


def _taken(out: io.StringIO) -> bytes:
    """Return what was written, and empty what it was written into."""
    written = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return written


def read(data: bytes) -> Sheet:
    """Return the sheet of a CSV file with semicolons, commas or tabs between its cells. Raises BadSheet."""
    return sheet_of(lines(data))


def lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Return the numbered lines of a CSV file, of cells. Raises BadSheet, also while they are read."""
    if len(data) > MAX_BYTES:
        raise BadSheet(Flaw.TOO_LARGE)
    return _lines(_text(data))


def _text(data: bytes) -> str:
    if b"\0" not in data:
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise BadSheet(Flaw.NOT_TEXT)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [unguarded(cell) for cell in cells]
    except csv.Error:
        raise BadSheet(Flaw.NOT_CSV, row=number + 1) from None
