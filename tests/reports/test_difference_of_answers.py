"""Two answers to the same inquiry: what differs is named, and nothing is named that does not differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.figures import Standing
from servicedir.domain.inquiry import BlockKind
from servicedir.reports.answer import Answer, Cell, Heading, Part, Reply, Row, Table, Type
from servicedir.reports.difference import Change, Wording, difference


def a_row(key: str = "abmelden", *cells: Cell | str) -> Row:
    """A row with these cells; without any, with its key and a stage."""
    said = cells or (key.capitalize(), "möglich")
    return Row(key=key, cells=tuple(cell if isinstance(cell, Cell) else Cell(text=cell) for cell in said))


def a_table(*rows: Row, **fields: Any) -> Table:
    headings = (Heading(key="title", title="Dienstleistung"), Heading(key="stage", title="Stand"))
    defaults: dict[str, Any] = {"key": "services", "caption": "Per Video", "headings": headings}
    return Table(rows=rows, **{**defaults, **fields})


def a_part(*tables: Table, **fields: Any) -> Part:
    return Part(**{"kind": BlockKind.SERVICES, "tables": tables, **fields})


def an_answer(*parts: Part, **fields: Any) -> Answer:
    """An answer of one question with these parts."""
    defaults: dict[str, Any] = {
        "slug": "af-1",
        "language": "de",
        "city": "Musterstadt",
        "title": "Video",
        "reference": "AF1/24",
        "asked_by": "Rat",
        "received": None,
        "deadline": None,
        "on": date(2024, 9, 1),
        "recorded": datetime(2024, 9, 1, tzinfo=UTC),
        "services": 3,
        "replies": (Reply(number=1, question="Was gibt es?", parts=parts),),
    }
    return Answer(**{**defaults, **fields})


def rows(old: Answer, new: Answer) -> list[tuple[Change, str]]:
    return [(row.change, row.name) for table in difference(old, new).tables() for row in table.rows]


def test_the_same_answer_on_another_day_says_the_same() -> None:
    old = an_answer(a_part(a_table(a_row())))
    later = replace(old, on=date(2026, 1, 1), recorded=datetime(2026, 1, 1, tzinfo=UTC), services=4)
    assert not difference(old, later)


def test_each_answer_may_say_the_same_of_its_own_day() -> None:
    def of(on: date, count: int = 3, said: str = "Seit dem 1. September 2024.") -> Answer:
        day = {date(2024, 9, 1): "1. September 2024", date(2026, 1, 1): "1. Januar 2026"}[on]
        headings = (Heading(key="title", title="Dienstleistung"), Heading(key=on.isoformat(), title=f"am {day}"))
        table = a_table(a_row("ab"), headings=headings, caption=f"Stand {day}")
        return an_answer(a_part(table, paragraphs=(f"Am {day} gibt es {count}.", said)), on=on)

    old = of(date(2024, 9, 1))
    assert not difference(old, of(date(2026, 1, 1)))
    found = difference(old, of(date(2026, 1, 1), count=4))
    assert found.replies[0].parts[0].wordings == (
        Wording("Am 1. September 2024 gibt es 3.", "Am 1. Januar 2026 gibt es 4."),
    )
    assert difference(old, of(date(2026, 1, 1), said="Seit dem 1. Juli 2024."))


def test_where_something_leads_is_no_difference() -> None:
    here, there = (Cell(text="Abmelden", path=path) for path in ("/services/a", "/services/b"))
    old, new = (an_answer(a_part(a_table(a_row("a", cell, "x")))) for cell in (here, there))
    assert not difference(old, new)


def test_rows_are_added_gone_and_changed() -> None:
    old = an_answer(a_part(a_table(a_row("ab"), a_row("um"), a_row("an", "An", "geplant"))))
    new = an_answer(a_part(a_table(a_row("an", "An", "Testbetrieb"), a_row("neu"), a_row("ab"))))
    found = difference(old, new)
    assert rows(old, new) == [(Change.CHANGED, "An"), (Change.ADDED, "Neu"), (Change.GONE, "Um")]
    (table,) = found.tables()
    assert [(cell.title, cell.old, cell.new) for cell in table.rows[0].cells] == [
        ("Stand", Cell(text="geplant"), Cell(text="Testbetrieb"))
    ]
    assert table.is_reordered
    assert dict(found.rows()) == {Change.ADDED: 1, Change.GONE: 1, Change.CHANGED: 1}
    assert not found.is_in_notes_alone()


def test_nothing_known_and_zero_are_not_the_same() -> None:
    zero = Cell(text="0", number=0)
    unknown = Cell(text="nicht bekannt", standing=Standing.UNKNOWN)
    old, new = (an_answer(a_part(a_table(a_row("ab", "Ab", cell)))) for cell in (unknown, zero))
    (table,) = difference(old, new).tables()
    assert (table.rows[0].cells[0].old, table.rows[0].cells[0].new) == (unknown, zero)


def test_a_paragraph_stands_beside_the_one_that_it_was() -> None:
    old = an_answer(a_part(paragraphs=("Eins.", "Zwei.", "Drei.")))
    new = an_answer(a_part(paragraphs=("Eins.", "Zwei Komma fünf.", "Drei.", "Vier.")))
    found = difference(old, new).replies[0].parts[0]
    assert found.wordings == (Wording("Zwei.", "Zwei Komma fünf."), Wording(None, "Vier."))
    assert difference(old, new).words() == 2


def test_a_column_that_came_is_told_once_and_not_in_every_row() -> None:
    more = Heading(key="note", title="Bemerkung")
    old = an_answer(a_part(a_table(a_row("ab"), a_row("um"))))
    wide = a_table(a_row("ab", "Ab", "möglich", "x"), a_row("um", "Um", "geplant", "y"))
    new = an_answer(a_part(replace(wide, headings=(*wide.headings, more))))
    (table,) = difference(old, new).tables()
    assert table.wordings == (Wording(None, "Bemerkung"),)
    assert [(row.name, [cell.title for cell in row.cells]) for row in table.rows] == [("Um", ["Stand"])]


def test_questions_and_parts_that_came_or_went_are_told_with_all_that_they_say() -> None:
    old = an_answer(a_part(a_table(a_row("ab"))))
    reply = Reply(number=2, question="Was kostet es?", parts=(a_part(a_table(a_row("um"))),))
    new = replace(old, replies=(*old.replies, reply))
    found = difference(old, new)
    assert [(reply.number, reply.change) for reply in found.replies] == [(2, Change.ADDED)]
    assert rows(old, new) == [(Change.ADDED, "Um")]
    assert rows(new, old) == [(Change.GONE, "Um")]


def test_a_part_between_others_leaves_them_as_they_are() -> None:
    table, text = a_part(a_table(a_row())), a_part(kind=BlockKind.TEXT, paragraphs=("Ein Satz.",))
    found = difference(an_answer(table), an_answer(text, table))
    assert [(part.kind, part.change) for part in found.replies[0].parts] == [(BlockKind.TEXT, Change.ADDED)]


def test_what_an_answer_says_of_its_age_is_told_apart_from_what_it_says() -> None:
    old, new = (an_answer(a_part(notes=(f"Stand {year}.",)), notes=(f"Von {year}.",)) for year in (2024, 2026))
    found = difference(old, new)
    assert found
    assert found.is_in_notes_alone()
    assert found.notes == (Wording("Von 2024.", "Von 2026."),)
    changed = replace(new, introduction=("Sehr geehrte Damen und Herren,",))
    assert not difference(old, changed).is_in_notes_alone()


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: replace(answer, title="Anderes"),
        lambda answer: replace(answer, reference=""),
        lambda answer: replace(answer, asked_by="Ausschuss"),
        lambda answer: replace(answer, replies=()),
        lambda answer: replace(answer, replies=(replace(answer.replies[0], question="Und nun?"),)),
    ],
)
def test_what_stands_around_the_tables_is_compared_as_well(change: Callable[[Answer], Answer]) -> None:
    old = an_answer(a_part(a_table(a_row())))
    assert difference(old, change(old))
    assert not difference(old, change(old)).is_in_notes_alone()


# Any two answers

words = st.sampled_from(("", "Eins.", "Zwei.", "Drei."))
sentences = st.lists(words.filter(bool), max_size=3).map(tuple)
cells = st.one_of(
    st.builds(Cell, text=words, path=words),
    st.integers(0, 2).map(lambda number: Cell(text=str(number), number=number)),
    st.sampled_from(Standing).map(lambda standing: Cell(text=standing.value, standing=standing)),
)
keys = st.sampled_from("abc")


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.lists(keys, min_size=1, max_size=3, unique=True))
    headings = tuple(Heading(key=key, title=draw(words), type=draw(st.sampled_from(Type))) for key in columns)
    made = st.builds(Row, key=keys, cells=st.tuples(*(cells for _column in columns)))
    return Table(key=draw(keys), caption=draw(words), headings=headings, rows=tuple(draw(st.lists(made, max_size=4))))


parts = st.builds(
    Part,
    kind=st.sampled_from((BlockKind.TEXT, BlockKind.SERVICES)),
    title=words,
    paragraphs=sentences,
    notes=sentences,
    tables=st.lists(tables(), max_size=2).map(tuple),
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    asked = draw(st.lists(st.tuples(words, st.lists(parts, max_size=2)), max_size=2))
    replies = tuple(Reply(number=n, question=q, parts=tuple(p)) for n, (q, p) in enumerate(asked, 1))
    return an_answer(replies=replies, introduction=draw(sentences), notes=draw(sentences), title=draw(words))


def said(answer: Answer) -> Any:
    """What is compared of an answer: all but where things lead and how columns are set."""

    def of_table(table: Table) -> Any:
        headings = [(heading.key, heading.title) for heading in table.headings]
        cells = [(row.key, [replace(cell, path="") for cell in row.cells]) for row in table.rows]
        return table.key, table.caption, headings, cells

    def of_part(part: Part) -> Any:
        return part.kind, part.title, part.paragraphs, part.notes, [of_table(table) for table in part.tables]

    replies = [(reply.number, reply.question, [of_part(part) for part in reply.parts]) for reply in answer.replies]
    return answer.title, answer.introduction, answer.notes, replies


@given(answers(), answers())
def test_there_is_no_difference_exactly_where_the_same_is_said(old: Answer, new: Answer) -> None:
    assert bool(difference(old, new)) == (said(old) != said(new))
    assert not difference(old, old)


@given(answers(), st.data())
def test_each_row_that_comes_goes_or_changes_is_named(old: Answer, data: st.DataObject) -> None:
    """Rows of a table are exchanged for others: what is told is what a naive comparison by key tells."""
    places = [
        (r, p, t)
        for r, reply in enumerate(old.replies)
        for p, part in enumerate(reply.parts)
        for t in range(len(part.tables))
    ]
    if not places:
        return
    r, p, t = data.draw(st.sampled_from(places))
    before = {row.key: row for row in old.replies[r].parts[p].tables[t].rows}
    width = len(old.replies[r].parts[p].tables[t].headings)
    made = st.builds(Row, key=keys, cells=st.tuples(*(cells for _column in range(width))))
    after = {row.key: row for row in data.draw(st.lists(made, max_size=4))}
    found = difference(_with(old, r, p, t, before), _with(old, r, p, t, after))
    told = {(row.key, row.change) for table in found.tables() for row in table.rows}
    bare = {key: [replace(cell, path="") for cell in row.cells] for key, row in before.items()}
    new = {key: [replace(cell, path="") for cell in row.cells] for key, row in after.items()}
    assert told == (
        {(key, Change.GONE) for key in bare.keys() - new.keys()}
        | {(key, Change.ADDED) for key in new.keys() - bare.keys()}
        | {(key, Change.CHANGED) for key in bare.keys() & new.keys() if bare[key] != new[key]}
    )


def _with(answer: Answer, r: int, p: int, t: int, rows: dict[str, Row]) -> Answer:
    reply = answer.replies[r]
    part = reply.parts[p]
    table = replace(part.tables[t], rows=tuple(rows.values()))
    part = replace(part, tables=(*part.tables[:t], table, *part.tables[t + 1 :]))
    reply = replace(reply, parts=(*reply.parts[:p], part, *reply.parts[p + 1 :]))
    return replace(answer, replies=(*answer.replies[:r], reply, *answer.replies[r + 1 :]))
