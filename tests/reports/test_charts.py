"""Charts: every number is drawn as long as it is, a missing one as a gap and never as 0, and nothing needs a style."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from servicedir.reports.charts import WIDTH, Series, bars, columns

SVG = "{http://www.w3.org/2000/svg}"
YEARS = ["2022", "2023", "2024"]
NUMBERS = st.lists(st.one_of(st.none(), st.integers(0, 100_000)), min_size=3, max_size=3)
DRAWN = (columns, bars)


def boxes(chart: str) -> list[etree._Element]:
    """The boxes of a chart that stand for numbers: those of patterns and of the legend left out."""
    found = [box for box in etree.fromstring(chart).iter(f"{SVG}rect") if "url(#" in box.get("fill", "")]
    return [box for box in found if (box.get("width"), box.get("height")) != ("17.0", "14.0")]


def said(chart: str) -> str:
    desc = etree.fromstring(chart).find(f"{SVG}desc")
    assert desc is not None and desc.text
    return desc.text


def gaps(chart: str) -> int:
    """How many missing numbers are drawn, without the one in the legend."""
    return max(chart.count("stroke-dasharray") - 1, 0)


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("stacked", [True, False])
def test_a_missing_number_is_a_gap_and_zero_is_a_number(draw, stacked: bool) -> None:
    without = draw("Termine", YEARS, [Series("held", "durchgeführt", [5, None, 7])], language="de", stacked=stacked)
    zero = draw("Termine", YEARS, [Series("held", "durchgeführt", [5, 0, 7])], language="de", stacked=stacked)
    assert gaps(without) == 1 and "2023: durchgeführt keine Zahl" in said(without)
    assert gaps(zero) == 0 and "2023: durchgeführt 0" in said(zero)
    assert len(boxes(without)) == len(boxes(zero)) == 2
    assert ">keine Zahl</text>" in without and "keine Zahl" not in zero
    assert ">0</text>" in zero


@pytest.mark.parametrize("draw", DRAWN)
def test_a_sum_with_a_missing_part_is_not_said(draw) -> None:
    parts = [Series("a", "abgesagt", [41, 41, 41]), Series("h", "durchgeführt", [1, None, 1])]
    chart = draw("Termine", YEARS, parts, language="de", stacked=True)
    assert chart.count(">42</text>") == 2
    assert ">41</text>" not in chart


@given(NUMBERS, NUMBERS)
def test_boxes_are_as_high_as_their_numbers(one: list[int | None], two: list[int | None]) -> None:
    series = [Series("a", "A", one), Series("b", "B", two)]
    for stacked in (True, False):
        drawn = [
            float(box.get("height", "0")) for box in boxes(columns("T", YEARS, series, language="de", stacked=stacked))
        ]
        numbers = [value for pair in zip(one, two, strict=True) for value in pair if value]
        assert len(drawn) == len(numbers)
        if numbers:
            each = max(drawn) / max(numbers)
            assert drawn == pytest.approx([number * each for number in numbers], abs=0.2)


@given(NUMBERS, NUMBERS, st.booleans())
def test_everything_stays_within_the_picture(one: list[int | None], two: list[int | None], stacked: bool) -> None:
    series = [Series("a", "A", one), Series("b", "B", two)]
    for draw in DRAWN:
        root = etree.fromstring(draw("T", YEARS, series, language="de", stacked=stacked))
        high = float(root.get("height", "0"))
        for box in root.iter(f"{SVG}rect"):
            x, y = float(box.get("x", "0")), float(box.get("y", "0"))
            assert x >= 0 and x + float(box.get("width", "0")) <= WIDTH + 0.2
            assert y >= 0 and y + float(box.get("height", "0")) <= high + 0.2


@pytest.mark.parametrize("draw", DRAWN)
def test_it_has_a_name_and_says_what_it_shows(draw) -> None:
    chart = draw("Wie <viele> & wo", YEARS, [Series("held", "durchgeführt", [1200, 3, 4])], language="de")
    root = etree.fromstring(chart)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text == "Wie <viele> & wo"
    assert desc is not None and "2022: durchgeführt 1.200" in (desc.text or "")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert "1,200" in draw("How many", YEARS, [Series("held", "held", [1200, 3, 4])], language="en")


def test_two_charts_in_one_page_share_no_id() -> None:
    series = [Series("held", "durchgeführt", [1, 2, 3])]
    both = columns("Eins", YEARS, series, language="de") + columns("Zwei", YEARS, series, language="de")
    ids = re.findall(r' id="([^"]+)"', both)
    assert len(ids) == len(set(ids)) and len(ids) > 4
    assert set(re.findall(r"url\(#([^)]+)\)", both)) <= set(ids)


@pytest.mark.parametrize("draw", DRAWN)
def test_no_style_and_no_script_is_needed(draw) -> None:
    chart = draw("Termine", YEARS, [Series("held", "durchgeführt", [5, None, 7])], language="de")
    assert not re.search(r"style|<script|\bon\w+=|href", chart)


def test_stages_side_by_side_differ_in_their_marks_not_only_in_their_colour() -> None:
    series = [Series(str(number), str(number), [1]) for number in range(9)]
    chart = columns("Neun", ["2024"], series, language="de", stacked=True)
    marks = [re.sub(r'#[0-9a-f]{6}|id="[^"]*"', "", found) for found in re.findall(r"<pattern.*?</pattern>", chart)]
    assert len(marks) == 9 == len(set(marks))


def test_the_same_thing_looks_the_same_wherever_it_stands() -> None:
    def ground(*series: Series) -> list[str]:
        return re.findall(r'<rect width="8" height="8" fill="(#\w+)"', columns("T", ["1"], series, language="de"))

    first, last = Series("live", "möglich", [1], 0), Series("unknown", "nicht bekannt", [1], 8)
    assert ground(first, last) == [ground(first)[0], ground(last)[0]]


def test_many_months_have_labels_that_do_not_touch() -> None:
    months = [f"{month:02d}/{year}" for year in range(2019, 2027) for month in range(1, 13)]
    chart = columns("Monate", months, [Series("live", "möglich", range(96))], language="de", stacked=True)
    found = etree.fromstring(chart).iter(f"{SVG}text")
    places = sorted(float(text.get("x", "0")) for text in found if re.fullmatch(r"\d\d/\d{4}", text.text or ""))
    assert 5 <= len(places) <= 10
    assert all(right - left >= 7 * 7 for left, right in pairwise(places))
    assert "12/2026" in chart and ">95</text>" in chart


@pytest.mark.parametrize("draw", DRAWN)
def test_nothing_at_all_can_be_drawn(draw) -> None:
    assert etree.fromstring(draw("Nichts", [], [], language="de")).tag == f"{SVG}svg"
    assert etree.fromstring(draw("Nichts", ["2024"], [Series("a", "A", [0])], language="de")).tag == f"{SVG}svg"


@pytest.mark.parametrize("draw", DRAWN)
def test_a_series_with_too_few_numbers_is_refused(draw) -> None:
    with pytest.raises(ValueError, match="each label"):
        draw("T", YEARS, [Series("a", "A", [1])], language="de")
