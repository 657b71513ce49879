"""Lines of words as CSV, for lists that are read in a spreadsheet and never read in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from servicedir.domain.spreadsheet import guarded


def write(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """Return a table: UTF-8 with a byte order mark, semicolons, every cell quoted, none that would be computed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")
