"""Rows of plain values, as others send them, are read as figures or refused with the field that is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_figure
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.figures import Standing, read

ROW = {"service": "personalausweis", "channel": "video", "measure": "held", "period": "2024-05", "value": 0}


def test_a_row_is_read() -> None:
    figure, broken = read({**ROW, "source": " Terminsystem ", "note": "ab Mai", "released": True})
    assert broken == []
    assert figure == a_figure(0, source="Terminsystem", note="ab Mai")


def test_a_row_with_a_standing_needs_no_value() -> None:
    figure, broken = read({**ROW, "value": None, "standing": "not_counted"})
    assert (figure, broken) == (a_figure(None, standing=Standing.NOT_COUNTED, released=False), [])


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"service": None}, ("missing", "service")),
        ({"service": 7}, ("not_a_text", "service")),
        ({"channel": "fax"}, ("unknown_value", "channel")),
        ({"channel": []}, ("missing", "channel")),
        ({"channel": ["video"]}, ("unknown_value", "channel")),
        ({"measure": "dreamed"}, ("unknown_value", "measure")),
        ({"standing": "zero"}, ("unknown_value", "standing")),
        ({"period": "2024-13"}, ("not_a_period", "period")),
        ({"period": 2024}, ("not_a_text", "period")),
        ({"value": 1.5}, ("not_a_number", "value")),
        ({"value": True}, ("not_a_number", "value")),
        ({"value": "12"}, ("not_a_number", "value")),
        ({"released": "yes"}, ("not_yes_or_no", "released")),
        ({"source": {}}, ("not_a_text", "source")),
        ({"author": "anna"}, ("unknown_field", "author")),
    ],
)
def test_a_row_that_says_no_figure_is_refused_with_its_field(changes: dict[str, Any], broken: tuple[str, str]) -> None:
    figure, found = read(ROW | changes)
    assert figure is None
    assert [(fault.what, fault.where[0]) for fault in found] == [broken]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*ROW, "x"]), inner),
    )
)
def test_whatever_is_sent_is_a_figure_or_refused(row: Any) -> None:
    figure, broken = read(row)
    assert (figure is None) == bool(broken)
