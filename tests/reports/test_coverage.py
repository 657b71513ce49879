"""What is not known, office by office: stages add up, and unknown is one of them."""

from __future__ import annotations

from typing import Any

import pytest
from blocks import built, cells, rows, table
from builders import a_block, a_channel, a_period, a_service
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.service import Service, Stage
from servicedir.reports.coverage import ALL, share

BLOCK = a_block("coverage")


def with_stage(slug: str, stage: str, *offices: str, **fields: Any) -> Service:
    return a_service(
        slug, offices=offices or ("buergeramt",), channels=(a_channel("video", a_period(stage, "2024")),), **fields
    )


def test_an_office_counts_with_those_below_and_a_service_of_two_offices_in_each() -> None:
    part = built(
        BLOCK,
        with_stage("eins", "live", "pflegekinderdienst"),
        with_stage("zwei", "pilot", "jugendamt", "buergeramt"),
        with_stage("drei", "unknown", "jugendamt", "pflegekinderdienst"),
    )
    found = table(part, "coverage-offices")
    counts = {key: [cell.number for cell in list(cells(found, key).values())[1:]] for key in rows(found)}
    assert [heading.key for heading in found.headings[1:]] == ["services", "live", "pilot", "unknown", "share"]
    assert counts == {
        ALL: [3, 1, 1, 1, 33],
        "buergeramt": [1, 0, 1, 0, 0],
        "jugendamt": [3, 1, 1, 1, 33],
        "pflegekinderdienst": [2, 1, 0, 1, 50],
    }
    assert rows(table(part, "coverage-unknown")) == ["drei"]


def test_where_all_is_known_that_is_said_and_nothing_is_listed() -> None:
    part = built(BLOCK, with_stage("eins", "live"))
    assert [one.key for one in part.tables] == ["coverage-offices"]
    assert cells(part.tables[0], ALL)["unknown"].number == 0
    assert "bei allen ausgewählten Dienstleistungen (1)" in part.paragraphs[0]


@given(st.lists(st.sampled_from([stage.value for stage in Stage]), min_size=1, max_size=8))
def test_stages_add_up_to_all_entries(stages: list[str]) -> None:
    services = [with_stage(f"s{place}", stage) for place, stage in enumerate(["live", *stages])]
    found = table(built(BLOCK, *services), "coverage-offices")
    for key in rows(found):
        said = cells(found, key)
        assert said["services"].number == sum(said[stage].number or 0 for stage in Stage if stage in said)


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(0, 3, 0), (3, 3, 100), (1, 1000, 1), (999, 1000, 99), (1, 2, 50)]
)
def test_a_share_is_none_or_all_only_if_it_is(part: int, whole: int, percent: int) -> None:
    assert share(part, whole) == percent


def test_the_list_today_is_that_of_what_is_not_known() -> None:
    part = built(a_block("coverage", search="office=jugendamt&video=live"), with_stage("eins", "live"))
    assert part.path == "/?video=unknown&office=jugendamt&on=2026-11-23"
