"""Programmes that fund: what breaks a rule, and when one runs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import a_programme

from servicedir.domain.document import from_document, to_document
from servicedir.domain.programme import Level, Programme


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, []),
        ({"name": ""}, ["name: missing"]),
        ({"url": "ftp://example.org"}, ["url: not_a_web_address"]),
        ({"begins": "2025", "ends": "2024"}, ["ends: ends_before_it_begins"]),
        ({"begins": "2024-05-02", "ends": "2024-05"}, []),
        ({"ends": "2024"}, []),
    ],
)
def test_a_programme_says_which_rules_it_breaks(fields: dict[str, Any], faults: list[str]) -> None:
    assert [str(fault) for fault in a_programme(**fields).faults()] == faults


@pytest.mark.parametrize(
    ("begins", "ends", "runs"),
    [
        (None, None, True),
        ("2026-05", None, True),
        ("2026-06", None, False),
        (None, "2026-05", True),
        (None, "2026-05-14", False),
        ("2026", "2026", True),
    ],
)
def test_a_programme_runs_from_its_first_day_to_its_last(begins: str | None, ends: str | None, runs: bool) -> None:
    assert a_programme(begins=begins, ends=ends).runs(date(2026, 5, 15)) is runs


@pytest.mark.parametrize("level", Level)
def test_a_programme_comes_back_as_it_was(level: Level) -> None:
    programme = a_programme(level=level, area="Beratung", funder={"de": "Ministerium"}, begins="2024", services=("a",))
    assert from_document(Programme, to_document(programme)) == programme
