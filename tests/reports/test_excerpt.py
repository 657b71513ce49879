"""What papers show of a table, and how wide its columns are there."""

from __future__ import annotations

from answers import a_table, rows
from hypothesis import given
from hypothesis import strategies as st

from servicedir.reports.answer import Cell, Heading, Row, Table
from servicedir.reports.excerpt import MOST, Excerpt, excerpt
from servicedir.reports.widths import TINIEST, widths


def of(*lines: tuple[str, ...], most: int = 200) -> Table:
    """A table of these texts, in columns called A, B, C."""
    headings = tuple(Heading(key=letter, title=letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(lines[0])])
    cells = [Row(key=str(n), cells=tuple(Cell(text=text) for text in line)) for n, line in enumerate(lines)]
    return a_table(headings=headings, rows=tuple(cells), most=most)


def shown(table: Table) -> Excerpt:
    return excerpt(table, "de")


def test_a_table_that_is_short_and_full_is_shown_whole() -> None:
    table = of(("a", "b"), ("c", "d"))
    assert shown(table) == Excerpt(headings=table.headings, rows=tuple(row.cells for row in table.rows), remarks=())


def test_a_column_in_which_nothing_stands_is_left_out_and_named() -> None:
    found = shown(of(("a", "", "c", ""), ("d", "", "", "")))
    assert [heading.title for heading in found.headings] == ["A", "C"]
    assert [[cell.text for cell in cells] for cells in found.rows] == [["a", "c"], ["d", ""]]
    assert found.remarks == ("Ohne Angabe in allen Zeilen: B, D.",)


def test_the_first_column_stays_in_any_case() -> None:
    assert [heading.title for heading in shown(of(("", "b"))).headings] == ["A", "B"]
    assert [heading.title for heading in shown(of(("", ""))).headings] == ["A"]


def test_zero_and_unknown_are_something() -> None:
    table = a_table(rows=(Row(key="x", cells=(Cell(text="x"), Cell(text="nicht bekannt"), Cell(text="0", number=0))),))
    assert len(shown(table).headings) == 3


def test_rows_beyond_the_most_are_counted() -> None:
    assert shown(a_table(rows=rows(5), most=4)).remarks == ("1 weitere Zeile steht in der CSV-Datei.",)
    assert shown(a_table(rows=rows(9), most=4)).remarks == ("5 weitere Zeilen stehen in der CSV-Datei.",)
    assert excerpt(a_table(rows=rows(9), most=4), "en").remarks == ("5 more rows are in the CSV file.",)
    assert len(shown(a_table(rows=rows(9), most=4)).rows) == 4


def test_no_paper_shows_more_rows_than_anybody_reads() -> None:
    found = shown(a_table(rows=rows(MOST + 7), most=10 * MOST))
    assert len(found.rows) == MOST
    assert found.remarks == ("7 weitere Zeilen stehen in der CSV-Datei.",)


def test_long_texts_get_what_short_ones_leave() -> None:
    short, long = widths(shown(of(("ja", "Ein langer Satz, der viel Platz braucht. " * 4)))).shares
    assert long > 5 * short


def test_many_columns_lie_on_their_side_and_few_do_not() -> None:
    assert not widths(shown(of(("Beratungsstelle",) * 5))).is_wide
    assert widths(shown(of(("Beratungsstelle",) * 9))).is_wide


def test_a_row_that_might_be_higher_than_a_page_may_be_torn() -> None:
    assert widths(shown(of(("ja", "nein")))).are_low
    assert not widths(shown(of(("ja", "Wort " * 2000)))).are_low


@given(st.lists(st.text(max_size=200), min_size=1, max_size=26))
def test_every_column_has_a_width_and_letters_can_be_seen(texts: list[str]) -> None:
    table = of(tuple(texts))
    found = widths(shown(table))
    assert len(found.shares) == len(shown(table).headings)
    assert all(share > 0 for share in found.shares)
    assert TINIEST <= found.size <= 9
