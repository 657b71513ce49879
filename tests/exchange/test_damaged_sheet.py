"""What spreadsheets do to cells is no edit."""

from __future__ import annotations

from datetime import date

import pytest
from builders import (
    a_channel,
    a_period,
    a_service,
    a_text,
)
from hypothesis import given
from sheet_rows import a_full_service, edited, problems
from strategies import dates, services

from servicedir.domain.day import Day
from servicedir.domain.service import Service
from servicedir.exchange.cells import CUT
from servicedir.exchange.sheet import to_row

DAMAGE = [
    ("body", "- Zeile eins\r\n- Zeile zwei  \r\n"),
    ("body", "'- Zeile eins\n- Zeile zwei"),
    ("title_en", " Englisch\u00a0"),
    ("costs_en", "Englisch\r"),
    ("costs", "Deutsch\x0b"),
    ("leika_key", "9,9115E+13"),
    ("leika_key", "9.9115005070E+13"),
    ("video_since", "Mai 24"),
    ("video_since", "May-24"),
    ("video_since", "Mai 2024"),
    ("video_since", "05.2024"),
    ("video_slots_per_week", "25.0"),
    ("video_slots_per_week", "25,00"),
    ("video_by_arrangement", "WAHR"),
    ("video_stage", "LIVE"),
    ("video_stage", "möglich"),
    ("nature", "Antrag"),
    ("topics", "umzug \n\n tiere\n"),
]


@pytest.mark.parametrize(("column", "cell"), DAMAGE)
def test_what_a_spreadsheet_does_to_a_cell_is_no_edit(column: str, cell: str) -> None:
    before = a_full_service()
    assert edited(before, **{column: cell}) is before


def test_umlauts_in_two_parts_are_the_same_umlauts() -> None:
    before = a_service(title="Bürgerbüro für Ämter")
    assert edited(before, title="Bu\u0308rgerbu\u0308ro fu\u0308r A\u0308mter") is before
    assert edited(before, title="Bu\u0308rgeramt").title == a_text("Bürgeramt")


def test_a_day_that_a_spreadsheet_shows_in_german_is_that_day() -> None:
    before = a_service(channels=(a_channel("video", a_period("live", "2024-05-01")),))
    for shown in ("01.05.2024", "1.5.2024", "2024-05-01 00:00:00", "2024-05-01T00:00"):
        assert edited(before, video_since=shown) is before
    assert edited(before, video_since="2.5.2024").channels[0].periods[0].since == Day("2024-05-02")


@pytest.mark.parametrize("name", "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez".split())
def test_every_month_that_excel_shows_is_read(name: str) -> None:
    read = edited(a_service(), video_since=f"{name} 25").channels[0].periods[0].since
    assert read == Day(f"2025-{'Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez'.split().index(name) + 1:02}")


def test_a_key_that_was_rounded_is_not_taken() -> None:
    assert problems(a_full_service(), leika_key="9,92E+13") == [("leika_key", "spoilt_number")]


def test_a_number_that_lost_its_zero_is_no_edit() -> None:
    before = a_service(keywords=("0351",))
    assert edited(before, keywords="351") is before
    assert edited(before, keywords="352").keywords == ("352",)


def test_a_text_that_was_cut_can_be_kept_but_not_changed() -> None:
    before = a_service(body="Wort " * 50)
    assert edited(before, body=f"Wort Wort Wort{CUT}") is before
    assert problems(before, body=f"Wort Wort Ort{CUT}") == [("body", "cut_off")]


@given(services, dates)
def test_a_row_holds_nothing_that_a_file_has_no_room_for(service: Service, on: date) -> None:
    for cell in to_row(service, on).values():
        assert not {"\r", "\0", "\x0b", "\uffff"} & set(cell)
