"""Tables as CSV: every row, numbers as digits, words where there is no number, nothing that is computed."""

from __future__ import annotations

import csv
import io

import pytest
from answers import HOSTILE, a_part, a_table, an_answer, rows

from servicedir.domain.figures import Standing
from servicedir.domain.spreadsheet import unguarded
from servicedir.reports.answer import Cell, Row
from servicedir.reports.sheets import COLUMNS, all_tables, one_table

BASE = "https://verzeichnis.example"


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


def test_a_sheet_is_the_table_with_numbers_as_digits() -> None:
    assert read(one_table(a_table())) == [
        ["Leistung", "Seit", "Termine"],
        ["Wohnsitz abmelden", "Mai 2024", "1250"],
        ["Beratung für Familien", "", "nicht gezählt"],
    ]


def test_a_sheet_has_every_row_however_many_papers_show() -> None:
    assert len(read(one_table(a_table(rows=rows(500), most=10)))) == 501


def test_a_table_without_rows_is_a_sheet_with_its_heads() -> None:
    assert read(one_table(a_table(rows=()))) == [["Leistung", "Seit", "Termine"]]


def test_the_sheet_of_all_has_a_line_for_each_cell() -> None:
    lines = read(all_tables(an_answer(a_part(), a_part(tables=(a_table(rows=rows(2)),))), BASE))
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == 1 + 2 * 3 + 2 * 3
    said = [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]]
    assert {one["table"] for one in said} == {"1", "2"}
    assert said[0]["link"] == f"{BASE}/services/wohnsitz-abmelden"
    assert said[1]["code"] == "2024-05"


def test_zero_is_a_number_and_what_is_none_is_an_empty_cell_with_its_word() -> None:
    cells = (
        Cell(text="0", number=0),
        Cell(text="nicht bekannt", standing=Standing.UNKNOWN),
        Cell(text="nicht gezeigt", standing=Standing.SUPPRESSED),
    )
    lines = read(all_tables(an_answer(a_part(tables=(a_table(rows=(Row(key="x", cells=cells),)),))), BASE))[1:]
    found = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    assert [(one["number"], one["standing"], one["value"]) for one in found] == [
        ("0", "number", "0"),
        ("", "unknown", "nicht bekannt"),
        ("", "suppressed", "nicht gezeigt"),
    ]


@pytest.mark.parametrize("words", [*HOSTILE, "+1", "-1", "@sum", "\t=1", "＝1", 'a"b;c\r\nd'])
def test_nothing_that_was_typed_is_computed(words: str) -> None:
    table = a_table(rows=(Row(key=words, cells=(Cell(text=words),) * 3),))
    for lines in (read(one_table(table)), read(all_tables(an_answer(a_part(tables=(table,))), BASE))):
        cells = [cell for line in lines for cell in line]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\0＝＋－＠"))]
        assert words in map(unguarded, cells)


def test_a_number_below_zero_stays_one() -> None:
    row = Row(key="x", cells=(Cell(text="x"), Cell(text=""), Cell(text="−3", number=-3)))
    assert read(one_table(a_table(rows=(row,))))[1][2] == "-3"
