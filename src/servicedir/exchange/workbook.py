"""XLSX: a workbook that is convenient to edit, and one from outside, opened as carefully as what it is."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from servicedir.domain.service import Service
from servicedir.exchange import opened
from servicedir.exchange.cells import CUT
from servicedir.exchange.columns import COLUMNS, Column
from servicedir.exchange.extract import Extract
from servicedir.exchange.sheet import NOT_SAID, to_row
from servicedir.exchange.table import MAX_BYTES, MAX_ROWS, BadSheet, Flaw, Sheet, sheet_of

MAX_UNPACKED: Final = 50_000_000
MAX_PARTS: Final = 200
PIECE: Final = 65_536
SECONDS: Final = 30
CELL: Final = 32_767
"""UTF-16 units that a cell of a workbook holds."""

_DOCTYPE = b"<!DOCTYPE"
# How XML in UTF-16 begins, in which a document type would look otherwise. Spreadsheets write UTF-8.
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_LOCAL = struct.Struct("<4s22xHH")
"""A part's own header (APPNOTE 4.3.7): signature, lengths of name and extra field; the rest we take from the end."""


def write(services: Iterable[Service], on: date, revisions: Mapping[str, int] = NOT_SAID) -> bytes:
    """Return the workbook of these services: text cells throughout, names explained, lists to choose from.

    `revisions` says by slug which revision of an entry each is.
    """
    out = io.BytesIO()
    lines = (to_row(service, on, revisions.get(service.slug)).values() for service in services)
    _fill(out, COLUMNS, lines, on)
    return out.getvalue()


def table(title: str, columns: Sequence[Column], lines: Iterable[Iterable[str]], on: date) -> bytes:
    """Return a workbook of other rows, with the same care; `title` is what its sheet is called."""
    out = io.BytesIO()
    _fill(out, columns, lines, on, title)
    return out.getvalue()


def store(extract: Extract, path: Path) -> None:
    """Write the workbook of all that is published into a file; rows wait on disk beside it, not in memory."""
    _fill(str(path), extract.columns, extract.lines(), extract.on, tmpdir=str(path.parent))


def _fill(
    target: io.BytesIO | str,
    columns: Sequence[Column],
    lines: Iterable[Iterable[str]],
    on: date,
    title: str = "Leistungen",
    **options: str,
) -> None:
    # Here, since nobody needs it who does not write a workbook.
    from xlsxwriter import Workbook
    from xlsxwriter.utility import xl_col_to_name

    book = Workbook(target, {"constant_memory": True, **options})
    # The same entries make the same file. Years of less than four digits would not be read again.
    book.set_properties({"created": datetime.combine(max(on, date(1900, 1, 1)), time())})
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "num_format": "@"})
    # Cells that are text stay text: Excel leaves alone what is typed into them.
    text = book.add_format({"num_format": "@", "valign": "top"})
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, text)
        sheet.write_string(0, at, column.name, bold)
        sheet.write_comment(0, at, column.meaning, {"author": ""})
        if column.choices:
            rule = {"validate": "list", "source": list(column.choices), "ignore_blank": True}
            sheet.data_validation(1, at, MAX_ROWS, at, rule)
    last = 0
    for last, cells in enumerate(lines, start=1):
        for at, cell in enumerate(cells):
            if cell:
                sheet.write_string(last, at, _shortened(cell), text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(columns) - 1)}{last + 1}"})
    book.close()


def _shortened(cell: str) -> str:
    """Return a text as far as a cell holds it, with CUT at its end where it holds less than all."""
    units = cell.encode("utf-16-le")
    if len(units) <= CELL * 2:
        return cell
    return units[: (CELL - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT


def read(data: bytes) -> Sheet:
    """Return the first sheet of a workbook. Raises BadSheet, for a bomb before anything is unpacked into memory."""
    return sheet_of(lines(data))


def lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Return the numbered lines of the first sheet of a workbook, of cells. Raises BadSheet, as `read` does."""
    if len(data) > MAX_BYTES:
        raise BadSheet(Flaw.TOO_LARGE)
    check(data)
    return _lines(data)


def check(data: bytes) -> None:
    """Unpack every part in small pieces, keep none, and raise BadSheet if there is too much or anything is odd.

    What the archive says about the sizes of its parts is believed only after counting: zipfile, which openpyxl
    asks, does as it is told there.
    """
    try:
        _count(data)
    except BadSheet:
        raise
    # NotImplementedError is what zipfile says of a way to compress, or to encrypt, that it does not know.
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, LookupError, NotImplementedError):
        raise BadSheet(Flaw.NOT_A_WORKBOOK) from None


def _count(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise BadSheet(Flaw.TOO_LARGE)
    if len({part.filename for part in parts}) < len(parts):
        raise BadSheet(Flaw.NOT_A_WORKBOOK)
    total = 0
    for part in parts:
        size, end = 0, b""
        for piece in _unpacked(data, part):
            size += len(piece)
            total += len(piece)
            if total > MAX_UNPACKED:
                raise BadSheet(Flaw.TOO_LARGE)
            # A document type is where entities are declared, and no workbook has one.
            if _DOCTYPE in end + piece:
                raise BadSheet(Flaw.NOT_A_WORKBOOK)
            if not end and piece.startswith(_WIDE):
                raise BadSheet(Flaw.NOT_A_WORKBOOK)
            end = piece[-len(_DOCTYPE) :]
        if size != part.file_size:
            raise BadSheet(Flaw.NOT_A_WORKBOOK)


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part in pieces of at most PIECE bytes, until it ends by itself."""
    signature, name, extra = _LOCAL.unpack_from(data, part.header_offset)
    start = part.header_offset + _LOCAL.size + name + extra
    packed = memoryview(data)[start : start + part.compress_size]
    if signature != b"PK\3\4" or part.flag_bits & 1 or len(packed) != part.compress_size:
        raise BadSheet(Flaw.NOT_A_WORKBOOK)
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + PIECE]) for at in range(0, len(packed), PIECE))
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise BadSheet(Flaw.NOT_A_WORKBOOK)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for at in range(0, len(packed), PIECE):
        waiting: bytes = bytes(packed[at : at + PIECE])
        piece = b" " * PIECE
        # A full piece says that more may come out although nothing is left to put in.
        while not inflate.eof and (waiting or len(piece) == PIECE):
            piece = inflate.decompress(waiting, PIECE)
            waiting = inflate.unconsumed_tail
            yield piece
    if not inflate.eof:
        raise BadSheet(Flaw.NOT_A_WORKBOOK)


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that a child process finds in a workbook. Raises BadSheet where it does not find its way."""
    # Nothing of ours goes with it: no secrets, no place to look for modules but where this Python has them.
    known = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    command = [sys.executable, "-I", "-B", str(Path(opened.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - our own Python with our own file
            command, input=data, capture_output=True, timeout=SECONDS, env={**known, "OPENPYXL_LXML": "False"}
        )
    except subprocess.TimeoutExpired:
        raise BadSheet(Flaw.TOOK_TOO_LONG) from None
    if done.returncode == opened.TOO_LARGE:
        raise BadSheet(Flaw.TOO_LARGE)
    if done.returncode:
        raise BadSheet(Flaw.NOT_A_WORKBOOK)
    width = 0
    for line in done.stdout.splitlines():
        number, cells = json.loads(line)
        # A workbook leaves empty cells at the end of a row out; in one with columns they are there, and empty.
        width = width or len(cells)
        yield number, cells + [""] * (width - len(cells))
