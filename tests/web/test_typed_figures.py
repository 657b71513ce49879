"""What stands in the grid of figures says the figures that it shows; two who type at once lose nothing."""

from __future__ import annotations

from datetime import date

import pytest
from builders import a_figure
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing
from servicedir.domain.service import ChannelKind
from servicedir.web.desk.figure_sheet import Fields, Sheet, by_cell, merge, show, understand

TODAY = date(2026, 11, 28)
SHEET = Sheet("personalausweis", ChannelKind.VIDEO, CountingPeriod("2024"))

words = st.sampled_from(["", "Terminsystem", "Strichliste"])
standings = st.sampled_from([standing for standing in Standing if standing is not Standing.NUMBER])


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    """A figure of some cell of the grid."""
    said = draw(st.integers(0, 3000) | standings)
    standing, value = (said, None) if isinstance(said, Standing) else (Standing.NUMBER, said)
    return a_figure(
        value,
        draw(st.sampled_from(SHEET.periods)).text,
        standing=standing,
        measure=draw(st.sampled_from(Measure)),
        source=draw(words),
        note=draw(words),
        released=draw(st.booleans()),
    )


grids = st.lists(figures(), max_size=20).map(by_cell)


@given(grids)
def test_a_grid_that_nobody_touched_says_what_holds(known: dict[tuple[Measure, CountingPeriod], Figure]) -> None:
    said, faults = SHEET.read(SHEET.fields(known), known, TODAY, "de")
    assert faults == {}
    assert by_cell(said) == known


@given(grids, figures())
def test_a_number_that_is_typed_changes_its_cell_alone(
    known: dict[tuple[Measure, CountingPeriod], Figure], other: Figure
) -> None:
    typed = SHEET.fields(known) | {f"{other.measure}.{other.period}": show(other)}
    said, _faults = SHEET.read(typed, known, TODAY, "de")
    changed = by_cell(said)
    there = changed.pop((other.measure, other.period))
    assert (there.standing, there.value) == (other.standing, other.value)
    assert changed == {cell: figure for cell, figure in known.items() if cell != (other.measure, other.period)}


fields = st.fixed_dictionaries({name: st.sampled_from(["", "1", "2", "?"]) for name in "abc"})


@given(fields, fields, fields)
def test_of_two_who_type_at_once_nobody_loses_what_only_they_changed(typed: Fields, base: Fields, now: Fields) -> None:
    merged, both = merge(typed, base, now)
    for name in typed:
        if typed[name] == base[name]:
            assert merged[name] == now[name]
        else:
            assert merged[name] == typed[name]
        assert (name in both) == (len({typed[name], base[name], now[name]}) == 3)


@pytest.mark.parametrize(
    ("typed", "language", "said"),
    [
        ("12", "de", (Standing.NUMBER, 12)),
        (" 1 234 ", "de", (Standing.NUMBER, 1234)),
        ("1.234.567", "de", (Standing.NUMBER, 1234567)),
        ("1'234", "de", (Standing.NUMBER, 1234)),
        ("1,234", "en", (Standing.NUMBER, 1234)),
        ("007", "de", (Standing.NUMBER, 7)),
        ("-5", "de", (Standing.NUMBER, -5)),
        ("", "de", (Standing.UNKNOWN, None)),
        ("K. A.", "de", (Standing.UNKNOWN, None)),
        ("nicht bekannt", "de", (Standing.UNKNOWN, None)),
        ("–", "de", (Standing.NOT_COUNTED, None)),
        ("*", "de", (Standing.SUPPRESSED, None)),
        ("1,234", "de", None),
        ("1.234", "en", None),
        ("12.34", "de", None),
        ("1.2345", "de", None),
        ("٣", "de", None),
        ("1e3", "de", None),
        ("--", "de", None),
    ],
)
def test_a_cell_takes_numbers_and_signs_and_nothing_else(
    typed: str, language: str, said: tuple[Standing, int | None] | None
) -> None:
    assert understand(typed, language) == said
