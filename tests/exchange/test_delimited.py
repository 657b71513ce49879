"""CSV: what is written is read again, nothing in it is computed, and files of any spreadsheet are understood."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from builders import a_service
from hypothesis import given
from hypothesis import strategies as st
from strategies import characters, dates, services

from servicedir.domain.service import Service
from servicedir.domain.spreadsheet import guarded, unguarded
from servicedir.exchange import delimited, table
from servicedir.exchange.columns import COLUMNS
from servicedir.exchange.delimited import read, write
from servicedir.exchange.sheet import apply_row, to_row
from servicedir.exchange.table import BadSheet, Flaw

ON = date(2026, 11, 24)
TRIGGERS = "=+-@\t\r\n\0＝＋－＠"
cells = st.text(st.sampled_from("'" + TRIGGERS) | characters, max_size=8)


def flaw(data: bytes) -> tuple[Flaw, dict[str, str | int]]:
    with pytest.raises(BadSheet) as fault:
        read(data)
    return fault.value.code, fault.value.values


@given(st.lists(services, max_size=3, unique_by=lambda service: service.slug), dates)
def test_what_is_written_is_read_again(entries: list[Service], on: date) -> None:
    sheet = read(write(entries, on))
    assert sheet.columns == tuple(column.name for column in COLUMNS)
    assert sheet.unknown_columns == ()
    assert [row for _, row in sheet.rows] == [to_row(entry, on) for entry in entries]
    assert [apply_row(row, entry, on) for (_, row), entry in zip(sheet.rows, entries, strict=True)] == entries


def test_excel_finds_umlauts_and_columns() -> None:
    data = write([a_service(title='Bürger "Büro"; Ämter')], ON)
    assert data.startswith(b'\xef\xbb\xbf"slug";"title";')
    assert data.endswith(b'"\r\n')
    assert 'Bürger ""Büro""; Ämter' in data.decode("utf-8-sig")


# Formulas


@given(cells)
def test_a_guard_is_taken_off_again(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@given(cells, cells)
def test_no_two_cells_are_guarded_alike(one: str, other: str) -> None:
    assert (guarded(one) == guarded(other)) == (one == other)


@given(cells)
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert not guarded(cell).startswith(tuple(TRIGGERS))


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("+49 351 488-0", "'+49 351 488-0"),
        ("'=1+1", "''=1+1"),
        ("'s ist gut", "'s ist gut"),
        ("＝1", "'＝1"),
        ("0351 115", "0351 115"),
        ("", ""),
    ],
)
def test_what_looks_like_a_formula_is_kept_readable(cell: str, written: str) -> None:
    assert guarded(cell) == written
    data = write([a_service(summary={"en": cell} if cell else {})], ON).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(data, newline=""), delimiter=";")
    assert row["summary_en"] == written


@given(st.lists(services, max_size=2))
def test_no_cell_of_a_file_begins_like_a_formula(entries: list[Service]) -> None:
    text = write(entries, ON).decode("utf-8-sig")
    for line in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        assert not any(cell.startswith(tuple(TRIGGERS)) for cell in line)


# Files of others


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_spreadsheet_is_understood(delimiter: str, encoding: str, end: str) -> None:
    lines = [delimiter.join(cells) for cells in (["slug", "title"], ["ausweis", "Für Ämter"], ["pass", "–"])]
    sheet = read(end.join([*lines, ""]).encode(encoding))
    assert sheet.rows == ((2, {"slug": "ausweis", "title": "Für Ämter"}), (3, {"slug": "pass", "title": "–"}))


def test_rows_have_the_numbers_that_a_spreadsheet_shows() -> None:
    sheet = read(b'slug;body\n\n;\n"a";"one\ntwo"\n" b ";x\n')
    assert sheet.rows == ((4, {"slug": "a", "body": "one\ntwo"}), (5, {"slug": "b", "body": "x"}))


def test_unknown_columns_are_named_and_not_read() -> None:
    sheet = read(b"Slug;Farbe;TITLE; ;\nx;rot;X;;\n")
    assert (sheet.columns, sheet.unknown_columns) == (("slug", "title"), ("Farbe",))
    assert sheet.rows == ((2, {"slug": "x", "title": "X"}),)


def test_a_row_that_breaks_off_says_nothing_of_the_rest() -> None:
    before = a_service("x", summary="Bleibt")
    ((_, row),) = read(b"slug;title;summary\nx;Neu\n").rows
    after = apply_row(row, before, ON)
    assert (after.title.get("de"), after.summary) == ("Neu", before.summary)


@pytest.mark.parametrize(
    ("data", "code", "values"),
    [
        (b"", Flaw.NO_SLUG_COLUMN, {}),
        (b"\n;;\n", Flaw.NO_SLUG_COLUMN, {}),
        (b"title;summary\nx;y\n", Flaw.NO_SLUG_COLUMN, {}),
        (b"slug;title;Title\nx;y;z\n", Flaw.COLUMN_TWICE, {"column": "title"}),
        (b"slug;Farbe;Farbe\nx;y;z\n", Flaw.COLUMN_TWICE, {"column": "Farbe"}),
        (b"slug\nx\ny\nx\n", Flaw.SLUG_TWICE, {"slug": "x", "row": 4, "first": 2}),
        (b"slug;title\nx;y;z\n", Flaw.CELLS_BEYOND_COLUMNS, {"row": 2}),
        (b'slug;title\nx;"y"z"\n', Flaw.NOT_CSV, {"row": 2}),
        (b'slug;title\nx;"y\n', Flaw.NOT_CSV, {"row": 2}),
        ("slug;title\n".encode("utf-16"), Flaw.NOT_TEXT, {}),
        (b"slug;title\nx;\x81\n", Flaw.NOT_TEXT, {}),
        (b"PK\3\4\0\0", Flaw.NOT_TEXT, {}),
    ],
)
def test_what_is_no_sheet_is_refused(data: bytes, code: Flaw, values: dict[str, str | int]) -> None:
    assert flaw(data) == (code, values)


def test_there_are_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_BYTES", 100)
    assert flaw(b"slug\n" + b"x" * 96) == (Flaw.TOO_LARGE, {})
    monkeypatch.setattr(table, "MAX_ROWS", 3)
    assert len(read(b"slug\na\nb\nc\n").rows) == 3
    assert flaw(b"slug\na\nb\nc\nd\n") == (Flaw.TOO_MANY_ROWS, {"limit": 3})


@given(st.binary(max_size=60))
def test_any_bytes_are_a_sheet_or_refused(data: bytes) -> None:
    for head in (b"", b"slug;title\n"):
        try:
            read(head + data)
        except BadSheet as fault:
            assert str(fault).startswith(fault.code)
