"""Figures know 0 from unknown, their sums say what they leave out, and small numbers do not come out by subtracting."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from builders import a_figure
from hypothesis import assume, given
from hypothesis import strategies as st

from servicedir.domain.figures import (
    FIRST_YEAR,
    HIGHEST,
    LONGEST_REMARK,
    CountingPeriod,
    Figure,
    Measure,
    Standing,
    Total,
    contradicts,
    found_out,
    of_year,
    shown,
)
from servicedir.domain.service import ChannelKind

TODAY = date(2026, 11, 27)
YEAR = CountingPeriod("2024")

years = st.integers(1990, 2040).map(lambda year: CountingPeriod(str(year)))
months = st.builds(
    lambda year, month: CountingPeriod(f"{year}-{month:02}"), st.integers(1990, 2040), st.integers(1, 12)
)
counting_periods = years | months
numbers = st.integers(0, 30)
standings = st.sampled_from([standing for standing in Standing if standing is not Standing.NUMBER])


def of(period: str, said: int | Standing) -> Figure:
    if isinstance(said, Standing):
        return a_figure(None, period, standing=said)
    return a_figure(said, period)


@st.composite
def a_year_of_figures(draw: st.DrawFn, *, add_up: bool = False) -> list[Figure]:
    """Figures of 2024: of some months, and of the year perhaps; `add_up`: the year is not less than its months."""
    said = draw(st.dictionaries(st.integers(1, 12), numbers | standings, max_size=12))
    found = [of(f"2024-{month:02}", value) for month, value in said.items()]
    least = sum(figure.value or 0 for figure in found) if add_up else 0
    rest = 0 if add_up and len([f for f in found if f.is_number]) == 12 else 60
    year = draw(st.none() | st.integers(least, least + rest) | standings)
    return [*found, of("2024", year)] if year is not None else found


# Periods


@pytest.mark.parametrize("text", ["2024", "2024-05", "2024-12"])
def test_a_year_or_a_month_is_a_period_of_counting(text: str) -> None:
    assert str(CountingPeriod(text)) == text


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-00", "2024-05-01", "2024-5", "0000", " 2024", "Mai 2024"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        CountingPeriod(text)


def test_a_period_begins_and_ends_on_days_of_the_calendar() -> None:
    assert (YEAR.first, YEAR.last) == (date(2024, 1, 1), date(2024, 12, 31))
    february = CountingPeriod("2024-02")
    assert (february.first, february.last) == (date(2024, 2, 1), date(2024, 2, 29))


@given(counting_periods, counting_periods)
def test_periods_are_in_the_order_of_their_days_and_a_year_comes_before_its_months(
    one: CountingPeriod, two: CountingPeriod
) -> None:
    assert (one < two) == ((one.first, not one.is_year) < (two.first, not two.is_year))


@given(counting_periods, counting_periods)
def test_a_period_contains_another_one_whose_days_are_all_its_own(one: CountingPeriod, two: CountingPeriod) -> None:
    assert (two in one) == (one.first <= two.first and two.last <= one.last)


@given(years)
def test_the_months_of_a_year_are_in_it_and_follow_each_other(year: CountingPeriod) -> None:
    found = year.months()
    assert len(found) == 12
    assert all(month in year and month.year == year and year not in month for month in found)
    assert (found[0].first, found[-1].last) == (year.first, year.last)
    assert list(found) == sorted(found)
    assert found[3].months() == (found[3],)


# Figures


def faults(figure: Figure) -> list[tuple[str, str]]:
    return [(fault.what, str(fault.where[0])) for fault in figure.faults(TODAY)]


@pytest.mark.parametrize("value", [0, 1, HIGHEST])
def test_zero_is_a_number_like_any_other(value: int) -> None:
    assert faults(a_figure(value)) == []


@pytest.mark.parametrize(
    ("figure", "broken"),
    [
        (a_figure(-1), ("negative", "value")),
        (a_figure(HIGHEST + 1), ("too_high", "value")),
        (a_figure(None, standing=Standing.NUMBER), ("number_without_value", "value")),
        (a_figure(0, standing=Standing.UNKNOWN), ("value_without_number", "value")),
        (a_figure(7, standing=Standing.NOT_COUNTED), ("value_without_number", "value")),
        (a_figure(2, standing=Standing.SUPPRESSED), ("value_without_number", "value")),
        (a_figure(1, "2026-12"), ("not_begun", "period")),
        (a_figure(1, "2027"), ("not_begun", "period")),
        (a_figure(1, str(FIRST_YEAR - 1)), ("too_early", "period")),
        (a_figure(source="x" * (LONGEST_REMARK + 1)), ("too_long", "source")),
        (a_figure(note="a\0b"), ("not_kept", "note")),
        (a_figure(note="\ud800"), ("not_kept", "note")),
    ],
)
def test_what_breaks_a_rule_is_named_with_its_field(figure: Figure, broken: tuple[str, str]) -> None:
    assert faults(figure) == [broken]


@pytest.mark.parametrize("standing", [s for s in Standing if s is not Standing.NUMBER])
def test_no_number_at_all_is_a_figure_as_well(standing: Standing) -> None:
    assert faults(a_figure(None, standing=standing)) == []


@pytest.mark.parametrize("period", ["2026-11", "2026", str(FIRST_YEAR)])
def test_what_has_begun_may_be_counted_before_it_is_over(period: str) -> None:
    assert faults(a_figure(3, period)) == []


# Sums


@given(a_year_of_figures())
def test_a_total_counts_each_part_as_what_it_is(figures: list[Figure]) -> None:
    total = Total.of(figures)
    counted = Counter(figure.standing for figure in figures)
    assert total.known == sum(figure.value for figure in figures if figure.value is not None)
    assert total.numbers == counted[Standing.NUMBER]
    assert (total.unknown, total.not_counted, total.suppressed) == (
        counted[Standing.UNKNOWN],
        counted[Standing.NOT_COUNTED],
        counted[Standing.SUPPRESSED],
    )
    assert total.numbers + total.missing == len(figures)


@given(a_year_of_figures())
def test_a_total_is_a_value_only_where_nothing_is_missing(figures: list[Figure]) -> None:
    is_whole = bool(figures) and all(figure.is_number for figure in figures)
    assert Total.of(figures).value == (sum(f.value or 0 for f in figures) if is_whole else None)


@given(a_year_of_figures(), a_year_of_figures())
def test_totals_add_up_to_the_total_of_all(some: list[Figure], others: list[Figure]) -> None:
    assert Total.of(some) + Total.of(others) == Total.of([*some, *others])
    assert Total.of(some) + Total() == Total.of(some)


def test_the_total_of_zeros_is_zero_and_that_of_nothing_is_not() -> None:
    assert Total.of([a_figure(0), a_figure(0, "2024-06")]).value == 0
    assert Total.of([]).value is None
    assert Total.of([a_figure(0), a_figure(None, "2024-06")]).value is None


def naive_year(figures: list[Figure], until: date) -> tuple[int, int, int]:
    """Numbers added up, how many those are, and how many parts are none: month by month, told as one would."""
    by_period = {figure.period.text: figure for figure in figures}
    own = by_period.get("2024")
    monthly = [by_period.get(f"2024-{month:02}") for month in range(1, 13)]
    if own is not None and own.value is not None:
        return own.value, 1, 0
    if not any(figure is not None and figure.value is not None for figure in monthly) and own is not None:
        return 0, 0, 1
    if not any(monthly):
        return 0, 0, 1
    known, said, missing = 0, 0, 0
    for number, figure in enumerate(monthly, 1):
        if figure is not None and figure.value is not None:
            known, said = known + figure.value, said + 1
        elif figure is not None or date(2024, number, 1) <= until:
            missing += 1
    return known, said, missing


@given(a_year_of_figures(), st.dates(date(2024, 1, 1), date(2025, 3, 1)))
def test_a_year_counts_each_appointment_once_and_says_which_months_are_missing(
    figures: list[Figure], until: date
) -> None:
    total = of_year([*figures, a_figure(99, "2023"), a_figure(99, "2025-01")], YEAR, until)
    assert (total.known, total.numbers, total.missing) == naive_year(figures, until)


def test_a_year_of_which_nobody_has_said_anything_is_unknown_and_not_zero() -> None:
    assert of_year([], YEAR, TODAY) == Total(unknown=1)


def test_a_running_year_does_not_miss_months_that_have_not_begun() -> None:
    begun = [a_figure(10, f"2024-{month:02}") for month in range(1, 4)]
    assert of_year(begun, YEAR, date(2024, 3, 31)).value == 30
    assert of_year(begun, YEAR, date(2024, 4, 1)) == Total(known=30, numbers=3, unknown=1)


@pytest.mark.parametrize(
    ("said", "gainsays"),
    [
        ({"2024": 10}, False),
        ({"2024-01": 11}, False),
        ({"2024": 10, "2024-01": 10}, False),
        ({"2024": 10, "2024-01": 11}, True),
        ({"2024": 10, "2024-01": 4, "2024-02": Standing.UNKNOWN}, False),
        ({"2024": Standing.UNKNOWN, "2024-01": 4}, False),
        ({"2024": 12, **{f"2024-{month:02}": 1 for month in range(1, 13)}}, False),
        ({"2024": 13, **{f"2024-{month:02}": 1 for month in range(1, 13)}}, True),
        ({"2024": 10, "2023-01": 11}, False),
    ],
    ids=str,
)
def test_months_gainsay_a_year_that_is_less_or_that_all_of_them_are_not(
    said: dict[str, int | Standing], gainsays: bool
) -> None:
    assert contradicts([of(period, value) for period, value in said.items()], YEAR) is gainsays


# What the public sees


@given(a_year_of_figures(), st.integers(0, 12))
def test_the_public_sees_every_figure_unchanged_or_suppressed(figures: list[Figure], smallest: int) -> None:
    seen = shown(figures, smallest)
    assert [figure.key for figure in seen] == [figure.key for figure in figures]
    for before, after in zip(figures, seen, strict=True):
        if after != before:
            # A year of 0 in which something took place is a mistake that is not shown, either.
            assert before.value or before.period == YEAR
            assert (after.standing, after.value) == (Standing.SUPPRESSED, None)
            assert (after.source, after.note) == ("", "")
        if before.value is not None and 0 < before.value < smallest:
            assert after.value is None


@given(a_year_of_figures(), st.integers(0, 12))
def test_without_a_year_nothing_is_suppressed_that_is_not_small(figures: list[Figure], smallest: int) -> None:
    monthly = [figure for figure in figures if not figure.period.is_year]
    for before, after in zip(monthly, shown(monthly, smallest), strict=True):
        assert (before == after) == (before.value is None or not 0 < before.value < smallest)


@pytest.mark.parametrize("smallest", [0, 1])
def test_without_a_threshold_everything_is_seen(smallest: int) -> None:
    figures = [a_figure(value, f"2024-{value + 1:02}") for value in range(12)]
    assert shown(figures, smallest) == figures


def may_be(seen: list[Figure], month: CountingPeriod) -> set[int]:
    """What a month may be for somebody who subtracts: the year is what its months are, and a suppressed one is no 0."""
    said = {figure.period: figure for figure in seen}
    rest = said[YEAR].value
    assert rest is not None
    others = [m for m in YEAR.months() if m != month]
    rest -= sum(said[m].value or 0 for m in others if m in said and said[m].is_number)
    hidden = sum(m in said and said[m].standing is Standing.SUPPRESSED for m in others)
    silent = any(m not in said or said[m].standing in (Standing.UNKNOWN, Standing.NOT_COUNTED) for m in others)
    if not hidden and not silent:
        return {rest}
    return set(range(1, rest - hidden + 1))


@st.composite
def a_full_year(draw: st.DrawFn) -> list[Figure]:
    """Numbers for almost all months, few of them small, and for the year, which is what they are together.

    Some months are suppressed by their office, which are no 0, and of some nobody has said anything.
    """
    values = draw(st.lists(st.sampled_from([0, 0, 1, 2, 3, 5, 9, *range(10, 40)]), min_size=12, max_size=12))
    lost = draw(st.sets(st.integers(0, 11), max_size=2))
    secret = draw(st.sets(st.integers(0, 11), max_size=2)) - lost
    monthly = [
        a_figure(None, f"2024-{n + 1:02}", standing=Standing.SUPPRESSED)
        if n in secret and value
        else a_figure(value, f"2024-{n + 1:02}")
        for n, value in enumerate(values)
        if n not in lost
    ]
    return [*monthly, a_figure(sum(values), "2024")]


@given(a_full_year() | a_year_of_figures(add_up=True), st.integers(0, 12))
def test_a_suppressed_month_is_not_found_by_subtracting(figures: list[Figure], smallest: int) -> None:
    seen = shown(figures, smallest)
    assume(any(figure.period == YEAR and figure.is_number for figure in seen))
    for figure in seen:
        if figure.standing is Standing.SUPPRESSED:
            assert len(may_be(seen, figure.period)) > 1


def test_the_year_stays_where_hiding_another_month_is_enough() -> None:
    monthly = [a_figure(value, f"2024-{month:02}") for month, value in enumerate([2, 20, 9, *[30] * 9], 1)]
    seen = shown([*monthly, a_figure(301, "2024")], 5)
    assert [figure.period.text for figure in seen if not figure.is_number] == ["2024-01", "2024-03"]
    only_one = [a_figure(2, "2024-01"), *(a_figure(0, f"2024-{month:02}") for month in range(2, 13))]
    assert [f.period.text for f in shown([*only_one, a_figure(2, "2024")], 5) if not f.is_number] == ["2024-01", "2024"]


@pytest.mark.parametrize("smallest", [0, 1, 5])
def test_a_month_that_its_office_suppressed_is_not_found_by_subtracting_either(smallest: int) -> None:
    monthly = [a_figure(value, f"2024-{month:02}") for month, value in enumerate([20, 9, *[30] * 9], 1)]
    secret = a_figure(None, "2024-12", standing=Standing.SUPPRESSED)
    seen = shown([*monthly, secret, a_figure(302, "2024")], smallest)
    assert [figure.period.text for figure in seen if not figure.is_number] == ["2024-02", "2024-12"]


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ({}, None),
        ({"2024-03": False}, "2024-03"),
        ({"2024-03": False, "2024-04": False}, None),
        ({"2024": False, "2024-03": False}, None),
        ({"2024": None, "2024-03": False}, None),
        ({"2024-02": None, "2024-03": False}, None),
        ({"2024-03": None}, None),
    ],
    ids=str,
)
def test_a_month_that_is_not_released_can_be_found_out_where_all_else_is(
    said: dict[str, bool | None], month: str | None
) -> None:
    periods = dict.fromkeys(["2024", *(f"2024-{month:02}" for month in range(1, 6))], True) | said
    figures = [a_figure(9, period, released=bool(is_released)) for period, is_released in periods.items()]
    figures = [figure for figure in figures if periods[figure.period.text] is not None]
    assert found_out(figures, YEAR, date(2024, 5, 20)) == (CountingPeriod(month) if month else None)
    assert found_out(figures, YEAR, date(2024, 6, 1)) is None


def test_figures_of_other_channels_measures_and_services_do_not_hide_each_other() -> None:
    others: list[dict[str, Any]] = [
        {"channel": ChannelKind.PHONE},
        {"measure": Measure.OFFERED},
        {"service": "hundesteuer"},
    ]
    figures = [a_figure(2), a_figure(50, "2024"), *(a_figure(40, "2024-05", **other) for other in others)]
    assert [figure.is_number for figure in shown(figures, 5)] == [False, True, True, True, True]
