"""Lines as CSV: what comes out is what went in, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.spreadsheet import unguarded
from servicedir.exchange.lines import write

WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))


@given(st.lists(st.tuples(WORDS, WORDS)))
def test_every_cell_comes_back_and_none_begins_like_a_formula(lines: list[tuple[str, str]]) -> None:
    data = write(("a", "b"), lines)
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert table[0] == ["a", "b"]
    assert [tuple(map(unguarded, row)) for row in table[1:]] == lines
    assert not [cell for row in table for cell in row if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))]
