"""Acceptance: values on their scale, remarks without one, and numbers that come back to the last digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from builders import an_acceptance
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.acceptance import Acceptance, Group, Measurement
from servicedir.domain.document import BadDocument, from_document, to_document

TODAY = date(2026, 11, 23)
SHARE: dict[str, Any] = {"measurement": Measurement.SHARE, "lowest": None, "highest": None}
REMARK: dict[str, Any] = {"measurement": Measurement.REMARK, "value": None, "lowest": None, "highest": None}


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, []),
        ({"name": ""}, ["name: missing"]),
        ({"source_url": "x"}, ["source_url: not_a_web_address"]),
        ({"measured": "2027"}, ["measured: not_begun"]),
        ({"measured": "2026-11"}, []),
        ({"asked": -1}, ["asked: negative"]),
        ({"asked": 0}, []),
        ({"asked": None}, []),
        ({"value": None}, ["value: missing"]),
        ({"value": Decimal(0)}, ["value: off_the_scale"]),
        ({"value": Decimal(5)}, []),
        ({"value": Decimal("5.01")}, ["value: off_the_scale"]),
        ({"lowest": Decimal(5), "highest": Decimal(5)}, ["highest: empty_scale"]),
        ({"lowest": None}, []),
        ({**SHARE, "value": Decimal(100)}, []),
        ({**SHARE, "value": Decimal("100.1")}, ["value: off_the_scale"]),
        ({**SHARE, "value": Decimal(0)}, []),
        ({**REMARK, "comment": "Wird gern genutzt."}, []),
        (REMARK, ["comment: missing"]),
        ({**REMARK, "comment": "Gut.", "value": Decimal(4)}, ["value: remark_with_value"]),
    ],
)
def test_acceptance_says_which_rules_it_breaks(fields: dict[str, Any], faults: list[str]) -> None:
    assert [str(fault) for fault in an_acceptance(**fields).faults(TODAY)] == faults


def test_a_share_is_a_percentage_whatever_scale_is_typed() -> None:
    assert an_acceptance(measurement=Measurement.SHARE).scale == (0, 100)
    assert an_acceptance().scale == (1, 5)


@given(
    st.sampled_from(Group),
    st.sampled_from(Measurement),
    st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-10_000, max_value=10_000),
    st.none() | st.integers(0, 10**8),
)
def test_acceptance_comes_back_as_it_was(
    group: Group, measurement: Measurement, value: Decimal | None, asked: int | None
) -> None:
    acceptance = an_acceptance(group=group, measurement=measurement, value=value, asked=asked)
    document = to_document(acceptance)
    again = from_document(Acceptance, document)
    assert again == acceptance
    assert str(again.value) == str(value)
    # A number in JSON would lose digits: it is written as text.
    assert value is None or isinstance(document["value"], str)
    assert ("asked" in document) is (asked is not None)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "viel", "4,2"])
def test_what_is_no_number_is_refused_with_its_path(value: str) -> None:
    with pytest.raises(BadDocument, match=r"^value: "):
        from_document(Acceptance, {**to_document(an_acceptance()), "value": value})
