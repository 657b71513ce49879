"""Opening hours that can be read, and those that are better left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.hours import opening_hours


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mo-Fr 8-12 Uhr", ["Mo-Fr 08:00-12:00"]),
        ("Montag bis Freitag: 8:00 bis 12:30 Uhr", ["Mo-Fr 08:00-12:30"]),
        ("Mo, Di und Do 7.30–15 Uhr", ["Mo 07:30-15:00", "Tu 07:30-15:00", "Th 07:30-15:00"]),
        ("Mo–Mi 8–12 Uhr und 14–16 Uhr", ["Mo-We 08:00-12:00", "Mo-We 14:00-16:00"]),
        ("Mo 8 Uhr bis 12 Uhr\nSa 9-24 Uhr", ["Mo 08:00-12:00", "Sa 09:00-24:00"]),
        ("Monday to Friday 9:00-17:00", ["Mo-Fr 09:00-17:00"]),
        ("Mi. 14-18 Uhr.", ["We 14:00-18:00"]),
    ],
)
def test_plain_hours_are_read(text: str, found: list[str]) -> None:
    assert opening_hours(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nach Vereinbarung",
        "Mo-Fr 8-12 Uhr\nund nach Vereinbarung",
        "Mo-Fr ab 8 Uhr",
        "werktags 8-12 Uhr",
        "Mo-Fr 12-8 Uhr",
        "Mo-Fr 8-25 Uhr",
        "Mo 8:70-9 Uhr",
        "Fr-Mo 8-12 Uhr",
        "Mo-Fr 8-12 Uhr (außer feiertags)",
        "1. Mo 8-12 Uhr",
    ],
)
def test_with_anything_unclear_nothing_is_said(text: str) -> None:
    assert opening_hours(text) == []


@given(st.text() | st.lists(st.sampled_from(["Mo", "-", " ", "Fr", "8", "12", ":", "Uhr", ",", "\n"])).map("".join))
def test_whatever_stands_there_is_no_fault(text: str) -> None:
    assert all(line[:2].isalpha() for line in opening_hours(text))
