"""XLSX: a workbook that is convenient to edit is read again, and a hostile one is refused before it does harm."""

from __future__ import annotations

import io
import stat
import struct
import sys
import time
import tracemalloc
import zipfile
import zlib
from copy import copy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from builders import a_channel, a_period, a_service
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from strategies import dates, services

from servicedir.domain.day import Day
from servicedir.domain.service import Service
from servicedir.exchange import workbook
from servicedir.exchange.columns import COLUMNS
from servicedir.exchange.sheet import BadRow, apply_row, to_row
from servicedir.exchange.table import MAX_ROWS, BadSheet, Flaw
from servicedir.exchange.workbook import read, write

ON = date(2026, 11, 24)
CELLS = [column.name for column in COLUMNS]
ROOM = 64_000_000
"""Bytes that refusing a bomb may take."""


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(service: Service, **cells: Any) -> Service:
    """The service after its workbook was opened, cells were typed into, and it was saved by somebody else's program."""
    book = load_workbook(io.BytesIO(write([service], ON)))
    for name, value in cells.items():
        book.active.cell(2, CELLS.index(name) + 1).value = value
    ((number, row),) = read(saved(book)).rows
    assert number == 2
    return apply_row(row, service, ON)


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(data: bytes) -> Flaw:
    """Why a workbook is refused, which takes neither long nor much memory."""
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(BadSheet) as fault:
            read(data)
        assert tracemalloc.get_traced_memory()[1] < ROOM
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 1
    return fault.value.code


# What is written


# Each example starts a process, so that looking for the smallest one that fails takes minutes.
@settings(max_examples=15, phases=[phase for phase in Phase if phase is not Phase.shrink])
@given(st.lists(services, max_size=3, unique_by=lambda service: service.slug), dates)
def test_what_is_written_is_read_again(entries: list[Service], on: date) -> None:
    sheet = read(write(entries, on))
    assert sheet.columns == tuple(CELLS)
    assert [number for number, _ in sheet.rows] == list(range(2, len(entries) + 2))
    assert [apply_row(row, entry, on) for (_, row), entry in zip(sheet.rows, entries, strict=True)] == entries


@pytest.mark.parametrize("words", ["_x0041_", "=1+1", "+49 351", "{=1}", "http://x.org", "1,5", "TRUE", "Ä\U0001f600"])
def test_any_text_stays_what_it_is(words: str) -> None:
    entry = a_service(summary=words, keywords=(words,))
    ((_, row),) = read(write([entry], ON)).rows
    assert row == to_row(entry, ON)


@settings(max_examples=20)
@given(st.lists(services, max_size=3))
def test_nothing_in_a_workbook_is_a_formula(entries: list[Service]) -> None:
    book = load_workbook(io.BytesIO(write([a_service(summary="=1+1"), *entries], ON)))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    for name, part in parts_of(write(entries, ON)).items():
        assert not (name.startswith("xl/worksheets/") and b"<f>" in part)


def test_a_workbook_is_convenient() -> None:
    book = load_workbook(io.BytesIO(write([a_service("a"), a_service("b")], ON)))
    sheet = book.active
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:{sheet.cell(3, len(CELLS)).coordinate}")
    for at, column in enumerate(COLUMNS, start=1):
        head = sheet.cell(1, at)
        assert (head.value, head.font.b, head.comment.text) == (column.name, True, column.meaning)
    # What is typed into a cell stays text, be it a day or a long number.
    assert sheet["A2"].number_format == "@"
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(lists) == len([column for column in COLUMNS if column.choices])
    assert lists[f"F2:F{MAX_ROWS + 1}"] == '"transactional,advisory,coordination,instruction"'
    # Excel has no room for longer lists.
    assert all(len(formula) <= 257 for formula in lists.values())


def test_a_workbook_of_nothing_has_its_columns() -> None:
    sheet = read(write([], ON))
    assert (sheet.columns, sheet.rows) == (tuple(CELLS), ())


@pytest.mark.parametrize("sign", ["a", "Ä", "\U0001f600"])
def test_a_text_that_no_cell_holds_is_cut_and_kept(sign: str) -> None:
    entry = a_service(body=sign * 40_000)
    ((_, row),) = read(write([entry], ON)).rows
    assert len(row["body"].encode("utf-16-le")) // 2 in (workbook.CELL, workbook.CELL - 1)
    assert apply_row(row, entry, ON) is entry


# What spreadsheets make of it


def test_one_cell_that_was_typed_into_is_one_change() -> None:
    before = a_service(body="- eins\n- zwei", summary="Bürgerbüro")
    assert edited(before) is before
    after = edited(before, summary="Bürgerbüro, auch samstags")
    assert to_row(after, ON) == {**to_row(before, ON), "summary": "Bürgerbüro, auch samstags"}


@pytest.mark.parametrize(
    ("typed", "shown", "day"),
    [
        (2025, "General", "2025"),
        (2025.0, "General", "2025"),
        (datetime(2025, 5, 1), "mmm\\-yy", "2025-05"),
        (datetime(2025, 5, 1), "dd.mm.yyyy", "2025-05-01"),
        (date(2025, 5, 1), "[$-407]d. mmmm yyyy", "2025-05-01"),
        ("2025-05", "@", "2025-05"),
    ],
)
def test_a_day_is_as_exact_as_it_was_typed(typed: Any, shown: str, day: str) -> None:
    book = load_workbook(io.BytesIO(write([a_service(channels=(a_channel("video", a_period("live", "2024")),))], ON)))
    cell = book.active.cell(2, CELLS.index("video_since") + 1)
    cell.value, cell.number_format = typed, shown
    ((_, row),) = read(saved(book)).rows
    assert row["video_since"] == str(Day(day))


@pytest.mark.parametrize(
    ("typed", "cell"),
    [(99115005070001, "99115005070001"), (25.5, "25.5"), (True, "yes"), (False, "no"), (None, "")],
)
def test_numbers_are_plain_text_again(typed: Any, cell: str) -> None:
    book = load_workbook(io.BytesIO(write([a_service(leika_key="1")], ON)))
    found = book.active.cell(2, CELLS.index("leika_key") + 1)
    found.value, found.number_format = typed, "General"
    ((_, row),) = read(saved(book)).rows
    assert row["leika_key"] == cell


def test_a_formula_without_a_result_is_no_emptied_cell() -> None:
    book = load_workbook(io.BytesIO(write([a_service()], ON)))
    book.active.cell(2, CELLS.index("summary") + 1).value = "=A2"
    ((_, row),) = read(saved(book)).rows
    with pytest.raises(BadRow, match="summary: error_value"):
        apply_row(row, a_service(), ON)


def test_times_and_line_ends_of_excel_are_read() -> None:
    book = Workbook()
    book.active.append(["slug", "title", "summary"])
    book.active.append(["x", datetime(2025, 5, 1, 9, 30), "eins_x000D_\nzwei"])
    ((_, row),) = read(saved(book)).rows
    assert (row["title"], row["summary"]) == ("2025-05-01 09:30", "eins\r\nzwei")


def test_empty_rows_do_not_change_the_numbers_of_others() -> None:
    book = Workbook()
    for row in (["slug", "title", "Farbe"], [], ["x"], ["", "", ""], ["y", "Y", "rot"]):
        book.active.append(row)
    book.active["C900000"] = " "
    sheet = read(saved(book))
    assert sheet.rows == ((3, {"slug": "x", "title": ""}), (5, {"slug": "y", "title": "Y"}))
    assert sheet.unknown_columns == ("Farbe",)


# What is refused


def a_bomb(size: int, claimed: int | None = None) -> bytes:
    """A workbook with a sheet that unpacks to zeros; with `claimed`, its headers lie about size and checksum."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = b"".join(deflate.compress(bytes(1 << 20)) for _ in range(size >> 20)) + deflate.flush()
    said = size if claimed is None else claimed
    name, crc = b"xl/worksheets/sheet1.xml", zlib.crc32(bytes(said))
    sizes = struct.pack("<IIIHH", crc, len(body), said, len(name), 0)
    local = b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 0x21) + sizes + name + body
    entry = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0x21) + sizes + bytes(14) + name
    return local + entry + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)


def test_a_bomb_is_refused() -> None:
    data = a_bomb(256 << 20)
    assert len(data) < 2_000_000
    assert refused(data) is Flaw.TOO_LARGE


@pytest.mark.parametrize("size", [256 << 20, 1 << 20])
def test_a_bomb_that_lies_about_its_size_is_refused(size: int) -> None:
    data = a_bomb(size, claimed=1000)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        # Whoever believes the headers finds nothing wrong.
        assert archive.testzip() is None
    assert refused(data) is (Flaw.TOO_LARGE if size > workbook.MAX_UNPACKED else Flaw.NOT_A_WORKBOOK)


def test_parts_that_lie_over_each_other_are_counted_each() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(1 << 20))
        for number in range(100):
            part = copy(archive.filelist[0])
            part.filename = f"b{number}"
            archive.filelist.append(part)
    assert refused(out.getvalue()) is Flaw.TOO_LARGE


def test_too_many_parts_are_refused() -> None:
    assert refused(packed({f"p{number}": b"" for number in range(201)})) is Flaw.TOO_LARGE


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        b"<!--" + b" " * (workbook.PIECE - 8) + b"--><!DOCTYPE x><x/>",
        "\ufeff<!DOCTYPE x><x/>".encode("utf-16-le"),
        "<!DOCTYPE x><x/>".encode("utf-16-be"),
    ],
)
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_a_document_type_is_refused_wherever_it_stands(part: bytes, method: int) -> None:
    parts = parts_of(write([a_service()], ON))
    assert read(packed(parts, method)).rows
    assert refused(packed({**parts, "xl/sharedStrings.xml": part}, method)) is Flaw.NOT_A_WORKBOOK


def test_what_is_no_workbook_is_refused() -> None:
    good = write([a_service()], ON)
    parts = parts_of(good)
    out = io.BytesIO()
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "")
        archive.writestr("a", "")
    for data in (
        b"",
        b"slug;title\nx;X\n",
        b"PK\3\4",
        good[:-100],
        good.replace(b"PK\3\4", b"PK\3\5"),
        packed({"a": b"b"}),
        packed(parts, zipfile.ZIP_LZMA),
        packed({**parts, "xl/worksheets/sheet1.xml": b"<worksheet"}),
        out.getvalue(),
    ):
        assert refused(data) is Flaw.NOT_A_WORKBOOK


def test_one_long_text_a_million_times_is_too_much() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_row(0, 0, ["slug", "y" * 32_000])
    parts = parts_of(out.getvalue())
    row = b"<row>" + b'<c t="s"><v>1</v></c>' * 100 + b"</row>"
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", row * 100 + b"</sheetData>")
    assert refused(packed(parts)) is Flaw.TOO_LARGE


def test_a_workbook_that_wants_more_memory_than_there_is_for_it_is_refused() -> None:
    parts = parts_of(write([a_service()], ON))
    name = "xl/worksheets/sheet1.xml"
    filling = b'<x a=""/>' * 5_000_000
    parts[name] = parts[name].replace(b"</sheetData>", filling + b"</sheetData>")
    assert refused(packed(parts)) is Flaw.NOT_A_WORKBOOK


def test_there_are_limits_of_size_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    data = write([a_service()], ON)
    monkeypatch.setattr(workbook, "SECONDS", 0.001)
    assert refused(data) is Flaw.TOOK_TOO_LONG
    monkeypatch.setattr(workbook, "MAX_BYTES", len(data) - 1)
    assert refused(data) is Flaw.TOO_LARGE


def test_the_child_is_told_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = tmp_path / "python"
    spy.write_text(f"#!/bin/sh\nenv > {tmp_path}/told\nexit 1\n")
    spy.chmod(spy.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(spy))
    monkeypatch.setenv("SERVICEDIR_SECRET", "hidden")
    assert refused(write([], ON)) is Flaw.NOT_A_WORKBOOK
    told = (tmp_path / "told").read_text()
    assert "PATH=" in told
    assert "hidden" not in told


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_archive_is_refused_or_unpacked(data: st.DataObject) -> None:
    good = bytearray(packed({"a.xml": b"<a/>" * 50, "b.xml": b"<b/>"}))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        workbook.check(bytes(good))
    except BadSheet as fault:
        assert fault.code in (Flaw.NOT_A_WORKBOOK, Flaw.TOO_LARGE)
