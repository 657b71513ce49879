"""What a child process does with a workbook: its first sheet as lines of JSON, under limits of memory and time.

Run as a file of its own: a workbook from outside meets openpyxl only here, where nothing is to be had and nothing to
be lost. The workbook comes on standard input.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import resource
import sys
from datetime import date, datetime, time
from typing import Any

MEMORY, SECONDS = 1 << 30, 30
MAX_OUTPUT = 64_000_000
"""Characters: a workbook says a long text once and may refer to it a million times."""
TOO_LARGE = 3
"""The exit status that says so."""

# How Office Open XML writes characters in text that XML has no room for (ECMA-376, ST_Xstring).
_ESCAPED = re.compile(r"_x(005F|00[01][0-9A-F])_", re.IGNORECASE)


def main() -> int:
    """Print the rows that are not blank, each as [number, cells]; return the exit status."""
    limits = (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    )
    for what, limit in limits:
        # Not every system has each of them; the parent's clock runs everywhere.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))
    # Only now: whatever it brings along counts.
    from openpyxl import load_workbook
    from openpyxl.worksheet import _reader

    parse_cell = _reader.WorkSheetParser.parse_cell

    def parse_known_cell(parser: Any, element: Any) -> Any:
        """Parse a cell; a formula whose result nobody has stored must not pass for an emptied cell."""
        cell = parse_cell(parser, element)
        if cell["value"] is None and element.find(_reader.FORMULA_TAG) is not None:
            cell["value"] = "#VALUE!"
        return cell

    _reader.WorkSheetParser.parse_cell = parse_known_cell

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # only a replaced stdout could not
    book = load_workbook(io.BytesIO(sys.stdin.buffer.read()), read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    # What the file says about its size may be wrong, and would be filled up with empty cells.
    sheet.reset_dimensions()
    lines, written = [], 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_text(cell) for cell in cells]
        if any(values):
            # Four for what JSON puts around a cell.
            written += sum(map(len, values)) + 4 * len(values)
            if written > MAX_OUTPUT:
                return TOO_LARGE
            lines.append(json.dumps([number, values], ensure_ascii=False) + "\n")
    sys.stdout.writelines(lines)
    return 0


def _text(cell: Any) -> str:
    """Return what a cell says, with numbers and days as people had typed them before a spreadsheet knew better."""
    match cell.value:
        case None:
            return ""
        case str(text):
            return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        case bool(value):
            return "yes" if value else "no"
        case float(value) if value.is_integer():
            return str(int(value))
        case datetime() as moment if moment.time() == time():
            return _day(moment.date(), cell.number_format)
        case datetime() as moment:
            return moment.isoformat(" ", "minutes")
        case value:
            return str(value)


def _day(day: date, shown: str) -> str:
    """Return a day as exactly as the cell shows it: "2024-05" typed into Excel is the first, shown as a month."""
    marks = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shown).lower()
    return day.isoformat() if "d" in marks or "m" not in marks else day.isoformat()[:7]


if __name__ == "__main__":
    sys.exit(main())
