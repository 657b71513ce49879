"""What two answers to the same inquiry say differently: by question, part, table, row and cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import Any, TypeVar

from servicedir.domain.inquiry import BlockKind
from servicedir.reports.answer import Answer, Cell, Heading, Part, Reply, Row, Table
from servicedir.reports.words import show_day

T = TypeVar("T")


class Change(StrEnum):
    """What became of something between the older answer and the newer one."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that were said and are not any more, or the other way round; None for what was not there."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class CellDifference:
    """A cell of a column that is called `title`; None where the row or the column was not there."""

    title: str
    old: Cell | None
    new: Cell | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDifference:
    """A row: what it is about as people read it, and its cells, of a changed one those that differ."""

    change: Change
    key: str
    name: str
    cells: tuple[CellDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDifference:
    """A table: `wordings` are of its caption and columns; `is_reordered` if rows that stayed stand otherwise."""

    change: Change
    caption: str
    wordings: tuple[Wording, ...]
    rows: tuple[RowDifference, ...]
    is_reordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartDifference:
    """A part: `wordings` are of its title and paragraphs, `notes` those of what it says of itself and its age."""

    change: Change
    kind: BlockKind
    title: str
    wordings: tuple[Wording, ...]
    notes: tuple[Wording, ...]
    tables: tuple[TableDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDifference:
    """A question: `wordings` are of the question itself."""

    change: Change
    number: int
    question: str
    wordings: tuple[Wording, ...]
    parts: tuple[PartDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that is said differently: `wordings` of title, who asked, reference and introduction; `notes` of the whole.

    The two clocks, the number of services and addresses are no difference: they are not what is said. So a sentence
    that says of each answer's own day what the other one says of its own is the same one.
    """

    wordings: tuple[Wording, ...]
    notes: tuple[Wording, ...]
    replies: tuple[ReplyDifference, ...]

    def __bool__(self) -> bool:
        """Return whether anything is said differently."""
        return bool(self.wordings or self.notes or self.replies)

    def tables(self) -> Iterator[TableDifference]:
        """Yield all tables that differ."""
        return (table for reply in self.replies for part in reply.parts for table in part.tables)

    def rows(self) -> Mapping[Change, int]:
        """Return how many rows were added, are gone, and were changed."""
        counts = Counter(row.change for table in self.tables() for row in table.rows)
        return {change: counts[change] for change in Change}

    def words(self) -> int:
        """Return how many titles, questions and paragraphs differ; what is said of the age of data does not count."""
        parts = [part for reply in self.replies for part in reply.parts]
        own: list[Any] = [self, *self.replies, *parts, *self.tables()]
        return sum(len(one.wordings) for one in own)

    def is_in_notes_alone(self) -> bool:
        """Return whether nothing differs but what the answers say of themselves, such as how old their data is."""
        return bool(self) and not self.words() and not any(self.rows().values()) and not any(self._shapes())

    def _shapes(self) -> Iterator[bool]:
        for reply in self.replies:
            yield reply.change is not Change.CHANGED
            for part in reply.parts:
                yield part.change is not Change.CHANGED
                for table in part.tables:
                    yield table.change is not Change.CHANGED or table.is_reordered


def difference(old: Answer, new: Answer) -> Difference:
    """Return what a newer answer says differently from an older one in the same language."""
    return _Comparison(old, new).difference()


class _Comparison:
    """Compares two answers, each of which speaks of a day of its own."""

    def __init__(self, old: Answer, new: Answer) -> None:
        self._old = old
        self._new = new
        days = ((show_day(answer.on, answer.language), answer.on.isoformat()) for answer in (old, new))
        self._days = tuple(zip(*days, strict=True))

    def difference(self) -> Difference:
        heads = zip(_head(self._old), _head(self._new), strict=True)
        before, after = ({reply.number: reply for reply in answer.replies} for answer in (self._old, self._new))
        numbers = sorted({*before, *after})
        return Difference(
            wordings=tuple(wording for one, other in heads for wording in self._wordings(one, other)),
            notes=self._wordings(self._old.notes, self._new.notes),
            replies=tuple(found for n in numbers if (found := self._reply(before.get(n), after.get(n)))),
        )

    def _later(self, text: str) -> str:
        """Return what the older answer says as it would say it on the newer one's day."""
        for old, new in self._days:
            text = text.replace(old, new)
        return text

    def _same(self, old: str, new: str) -> bool:
        return old == new or self._later(old) == new

    def _beside(
        self, old: Sequence[T], new: Sequence[T], key: Callable[[T], str]
    ) -> Iterator[tuple[Sequence[T], Sequence[T]]]:
        """Yield what of two sequences is the same by its key, one by one, and what stands in the place of what."""
        after = [key(one) for one in new]
        before = [said if said in after else self._later(said) for said in map(key, old)]
        for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag == "equal":
                yield from (((one,), (other,)) for one, other in zip(old[i:j], new[k:m], strict=True))
            else:
                yield old[i:j], new[k:m]

    def _pairs(
        self, old: Sequence[T], new: Sequence[T], key: Callable[[T], str]
    ) -> Iterator[tuple[T | None, T | None]]:
        """Yield what is the same thing in two sequences, and what is in one of them alone."""
        for before, after in self._beside(old, new, key):
            if len(before) == len(after) == 1 and self._same(key(before[0]), key(after[0])):
                yield before[0], after[0]
            else:
                yield from ((one, None) for one in before)
                yield from ((None, one) for one in after)

    def _wordings(self, old: Sequence[str], new: Sequence[str]) -> tuple[Wording, ...]:
        """Return what of a sequence of sentences differs, what stands for what beside each other."""
        return tuple(
            Wording(one, other)
            for before, after in self._beside(old, new, str)
            for one, other in zip_longest(before, after)
            if one is None or other is None or not self._same(one, other)
        )

    def _reply(self, old: Reply | None, new: Reply | None) -> ReplyDifference | None:
        either = _either(old, new)
        pairs = self._pairs(old.parts if old else (), new.parts if new else (), lambda part: part.kind)
        parts = tuple(found for before, after in pairs if (found := self._part(before, after)))
        wordings = self._wordings(*((reply.question,) if reply else () for reply in (old, new)))
        change = _change(old, new)
        if change is Change.CHANGED and not wordings and not parts:
            return None
        return ReplyDifference(
            change=change, number=either.number, question=either.question, wordings=wordings, parts=parts
        )

    def _part(self, old: Part | None, new: Part | None) -> PartDifference | None:
        either = _either(old, new)
        before, after = old or Part(kind=either.kind), new or Part(kind=either.kind)
        titles = self._wordings(*((part.title,) if part.title else () for part in (before, after)))
        wordings = (*titles, *self._wordings(before.paragraphs, after.paragraphs))
        notes = self._wordings(before.notes, after.notes)
        pairs = self._pairs(before.tables, after.tables, lambda table: table.key)
        tables = tuple(found for one, other in pairs if (found := self._table(one, other)))
        change = _change(old, new)
        if change is Change.CHANGED and not wordings and not notes and not tables:
            return None
        return PartDifference(
            change=change, kind=either.kind, title=either.title, wordings=wordings, notes=notes, tables=tables
        )

    def _table(self, old: Table | None, new: Table | None) -> TableDifference | None:
        either = _either(old, new)
        before, after = old or replace(either, rows=()), new or replace(either, rows=())
        columns = [_Column(*pair) for pair in self._columns(before, after)]
        wordings = self._wordings((before.caption,), (after.caption,))
        for column in columns:
            wordings += self._wordings(*((heading.title,) if heading else () for heading in column.headings))
        rows, is_reordered = self._rows(before, after, columns)
        change = _change(old, new)
        if change is Change.CHANGED and not wordings and not rows and not is_reordered:
            return None
        return TableDifference(
            change=change, caption=either.caption, wordings=wordings, rows=rows, is_reordered=is_reordered
        )

    def _columns(self, old: Table, new: Table) -> Iterator[tuple[Place | None, Place | None]]:
        before, after = (tuple(enumerate(table.headings)) for table in (old, new))
        return self._pairs(before, after, lambda place: place[1].key)

    def _rows(self, old: Table, new: Table, columns: Sequence[_Column]) -> tuple[tuple[RowDifference, ...], bool]:
        """Return the rows that differ, in the order of the newer table with those that are gone at the end."""
        before, after = _numbered(old.rows), _numbered(new.rows)
        found = []
        for key in [*after, *(key for key in before if key not in after)]:
            one, other = before.get(key), after.get(key)
            cells = tuple(self._cells(one, other, columns))
            if cells or one is None or other is None:
                row = _either(one, other)
                name = row.cells[0].text if row.cells else row.key
                found.append(RowDifference(change=_change(one, other), key=row.key, name=name, cells=cells))
        stayed = [key for key in before if key in after]
        return tuple(found), stayed != [key for key in after if key in before]

    def _cells(self, old: Row | None, new: Row | None, columns: Sequence[_Column]) -> Iterator[CellDifference]:
        """Yield the cells that differ; of a column that only one table has, which is said of the table, none."""
        for column in columns:
            if old and new and not column.is_in_both:
                continue
            one, other = column.cell(old, 0), column.cell(new, 1)
            if not self._is_same_cell(one, other):
                yield CellDifference(column.title, one, other)

    def _is_same_cell(self, old: Cell | None, new: Cell | None) -> bool:
        """Return whether cells say the same; where they lead does not count."""
        if old is None or new is None:
            return old is new
        is_same_value = (old.number, old.standing) == (new.number, new.standing)
        return is_same_value and self._same(old.text, new.text) and self._same(old.code, new.code)


Place = tuple[int, Heading]


class _Column:
    """A column in an older table and in a newer one, each with its place there; None where it is not."""

    def __init__(self, old: Place | None, new: Place | None) -> None:
        self._places = (old, new)
        self.headings = tuple(place[1] if place else None for place in self._places)
        self.is_in_both = None not in self._places
        self.title = _either(*self.headings).title

    def cell(self, row: Row | None, side: int) -> Cell | None:
        """Return the cell of a row in the older (0) or newer (1) table."""
        place = self._places[side]
        return row.cells[place[0]] if row and place else None


def _head(answer: Answer) -> Iterator[Sequence[str]]:
    yield from ((said,) if said else () for said in (answer.title, answer.reference, answer.asked_by))
    yield answer.introduction


def _change(old: object | None, new: object | None) -> Change:
    return Change.ADDED if old is None else Change.GONE if new is None else Change.CHANGED


def _either(old: T | None, new: T | None) -> T:
    """Return what there is of something, as it is now if it still is."""
    found = old if new is None else new
    if found is None:
        raise ValueError("there is neither the one nor the other")
    return found


def _numbered(rows: Sequence[Row]) -> dict[tuple[str, int], Row]:
    """Return rows by their key; of those that have the same one, each by its number among them."""
    seen: Counter[str] = Counter()
    found = {}
    for row in rows:
        found[row.key, seen[row.key]] = row
        seen[row.key] += 1
    return found
