"""Figures as a sheet: what is written is read again, and what German spreadsheets make of it is understood."""

from __future__ import annotations

from datetime import date

import pytest
from builders import a_figure
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing
from servicedir.domain.service import ChannelKind
from servicedir.exchange import workbook
from servicedir.exchange.columns import Column, Shape
from servicedir.exchange.figure_sheet import MOST_COLUMNS, NAMES, READERS, WRITERS, FigureSheet, Said, read_csv, said
from servicedir.exchange.table import BadSheet, Flaw

TODAY = date(2026, 11, 23)
HEAD = "service;channel;measure;period;value"


def of(text: str) -> FigureSheet:
    return read_csv(text.encode())


def only(text: str) -> Said:
    (row,) = of(text).rows
    return said(row[1])


def valued(cell: str) -> Said:
    return only(f"{HEAD}\nreisepass;video;held;2024-05;{cell}\n")


def wrong(found: Said) -> list[tuple[str, object]]:
    return [(fault.what, fault.where[0]) for fault in found.faults]


_remarks = st.text("aä;'\"=\n,1", max_size=8).map(str.strip)
_figures = st.builds(
    lambda value, standing, **fields: a_figure(
        value if standing is Standing.NUMBER else None, standing=standing, **fields
    ),
    value=st.integers(0, 10**8),
    standing=st.sampled_from(Standing),
    period=st.sampled_from(["2024", "2023-12"]),
    service=st.sampled_from(["reisepass", "a-b"]),
    channel=st.sampled_from(ChannelKind),
    measure=st.sampled_from(Measure),
    source=_remarks,
    note=_remarks,
    released=st.booleans(),
)


@given(st.lists(_figures, max_size=5))
def test_what_is_written_as_csv_is_read_again(figures: list[Figure]) -> None:
    sheet = READERS["csv"](WRITERS["csv"](figures, TODAY))
    assert [said(cells) for _row, cells in sheet.rows] == [Said(figure=figure) for figure in figures]


def test_what_is_written_as_a_workbook_is_read_again() -> None:
    figures = [
        a_figure(1234, "2024", source="=SUMME(A1)", note="ohne Mai"),
        a_figure(None, "2024-05", standing=Standing.NOT_COUNTED, released=False),
        a_figure(0, "2024-06"),
    ]
    sheet = READERS["xlsx"](WRITERS["xlsx"](figures, TODAY))
    assert [said(cells) for _row, cells in sheet.rows] == [Said(figure=figure) for figure in figures]
    assert [row for row, _cells in sheet.rows] == [2, 3, 4]


def test_a_german_sheet_is_read_as_it_is() -> None:
    found = only(
        "\ufeffDienstleistung;Kanal;Messgröße;Zeitraum;Anzahl;Quelle;freigegeben\r\n"
        "reisepass;Telefon;abgesagt;05.2024;1.234;Terminsystem;ja\r\n"
    )
    assert found.figure == a_figure(
        1234,
        "2024-05",
        "reisepass",
        channel=ChannelKind.PHONE,
        measure=Measure.CANCELLED,
        source="Terminsystem",
    )
    assert not found.inherits


@pytest.mark.parametrize(
    ("cell", "value"),
    [("0", 0), ("1.234.567", 1_234_567), ("12,0", 12), ("1 234", 1234), ("1\u202f234", 1234), ("007", 7), ("-5", -5)],
)
def test_a_number_is_what_people_write_as_one(cell: str, value: int) -> None:
    found = valued(cell)
    assert found.figure is not None
    assert (found.figure.value, found.figure.standing) == (value, Standing.NUMBER)


@pytest.mark.parametrize("cell", ["12,5", "1,234", "1.23", "viele", "–", "#WERT!", "1.2345", "12e3", "½"])
def test_what_is_no_whole_number_is_refused_and_not_guessed(cell: str) -> None:
    assert wrong(valued(cell)) == [("not_a_number", "value")]


@pytest.mark.parametrize(
    ("cell", "standing"),
    [
        ("unbekannt", Standing.UNKNOWN),
        ("k. A.", Standing.UNKNOWN),
        ("?", Standing.UNKNOWN),
        ("*", Standing.SUPPRESSED),
        ("nicht gezählt", Standing.NOT_COUNTED),
        ("nicht geza\u0308hlt", Standing.NOT_COUNTED),
        ("not_counted", Standing.NOT_COUNTED),
        ("Unterdrückt", Standing.SUPPRESSED),
    ],
)
def test_a_word_says_why_there_is_no_number(cell: str, standing: Standing) -> None:
    found = valued(cell)
    assert found.figure is not None
    assert (found.figure.value, found.figure.standing) == (None, standing)


def test_an_empty_value_says_nothing_and_is_not_zero() -> None:
    assert valued("") == Said()
    assert valued("0").figure is not None


def test_a_number_beside_a_word_that_says_there_is_none_is_refused() -> None:
    head = f"{HEAD};standing\nreisepass;video;held;2024-05;"
    assert wrong(only(f"{head}unbekannt;not_counted\n")) == [("value_without_number", "value")]
    found = only(f"{head}5;unknown\n").figure
    assert found is not None
    assert [fault.what for fault in found.faults(TODAY)] == ["value_without_number"]


def test_every_cell_that_cannot_be_read_is_named() -> None:
    text = f"{HEAD};standing;released\n;Brieftaube;gezählt;Mai;x;vielleicht;womöglich\n"
    assert wrong(only(text)) == [
        ("missing", "service"),
        ("unknown_value", "channel"),
        ("unknown_value", "measure"),
        ("not_a_period", "period"),
        ("unknown_value", "standing"),
        ("not_yes_or_no", "released"),
    ]


@pytest.mark.parametrize(
    ("cell", "period"),
    [("2024", "2024"), ("05.2024", "2024-05"), ("Mai 24", "2024-05"), ("01.05.2024", "2024-05"), ("May-24", "2024-05")],
)
def test_a_period_is_known_in_whatever_way_a_spreadsheet_shows_it(cell: str, period: str) -> None:
    found = only(f"{HEAD}\nreisepass;video;held;{cell};1\n").figure
    assert found is not None
    assert found.period == CountingPeriod(period)


def test_a_single_day_is_no_period() -> None:
    assert wrong(only(f"{HEAD}\nreisepass;video;held;02.05.2024;1\n")) == [("not_a_period", "period")]


def test_a_sheet_may_have_a_column_for_each_month() -> None:
    sheet = of("service;channel;measure;Quelle;Jan 2024;2024-02;2024\nreisepass;Video;held;Liste;3;;1.000\n")
    found = [(row, said(cells).figure) for row, cells in sheet.rows]
    assert found == [
        (2, a_figure(3, "2024-01", "reisepass", source="Liste", released=False)),
        (2, None),
        (2, a_figure(1000, "2024", "reisepass", source="Liste", released=False)),
    ]


def test_columns_that_are_none_of_ours_are_named_and_left_out() -> None:
    sheet = of(f"{HEAD};Titel\nreisepass;video;held;2024;1;Reisepass\n")
    assert sheet.unknown_columns == ("Titel",)
    assert set(sheet.rows[0][1]) <= set(NAMES)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", Flaw.NO_COLUMN),
        ("service;channel;measure;period\n", Flaw.NO_COLUMN),
        ("Wert;value;service;channel;measure;period\n", Flaw.COLUMN_TWICE),
        ("service;channel;measure;05.2024;2024-05\n", Flaw.COLUMN_TWICE),
        (f"{HEAD}\na;video;held;2024;1;2\n", Flaw.CELLS_BEYOND_COLUMNS),
        (f"{HEAD};{';'.join(f'x{number}' for number in range(MOST_COLUMNS - 4))}\n", Flaw.TOO_MANY_COLUMNS),
        (f'{HEAD}\n"a;video;held;2024;1\n', Flaw.NOT_CSV),
    ],
)
def test_a_sheet_that_cannot_be_meant_is_refused_as_a_whole(text: str, flaw: Flaw) -> None:
    with pytest.raises(BadSheet) as bad:
        of(text)
    assert bad.value.code is flaw


def test_a_sheet_may_have_as_many_columns_as_three_decades_have_months() -> None:
    months = [f"{year}-{month:02}" for year in range(1996, 2026) for month in range(1, 13)]
    assert (
        len(of(f"service;channel;measure;{';'.join(months)}\nreisepass;video;held{';1' * len(months)}\n").rows) == 360
    )


def test_a_point_in_a_workbook_is_not_one_between_thousands() -> None:
    columns = [Column(name, name, Shape.LINE, name, name) for name in HEAD.split(";")]
    data = workbook.table("Zahlen", columns, [["reisepass", "video", "held", "2024", "1.234"]], TODAY)
    (row,) = READERS["xlsx"](data).rows
    assert wrong(said(row[1])) == [("not_a_number", "value")]
