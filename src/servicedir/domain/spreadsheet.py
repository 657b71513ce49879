"""What spreadsheets make of the cells of a CSV file, and how a cell stays what was typed."""

from __future__ import annotations

import re

# Spreadsheets take a cell that begins so for a formula (CWE-1236); full-width signs are what East Asian keyboards type.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\0＝＋－＠]")


def guarded(cell: str) -> str:
    """Return a cell with an apostrophe before what a spreadsheet would compute, and before what looks guarded."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that `guarded` has put there."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
