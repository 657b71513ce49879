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

    The two clocks, the number of services and addresses are no difference: they are not what is said.
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
    heads = zip(_head(old), _head(new), strict=True)
    wordings = [wording for before, after in heads for wording in _wordings(before, after)]
    replies = []
    before, after = ({reply.number: reply for reply in answer.replies} for answer in (old, new))
    for number in sorted({*before, *after}):
        if found := _reply(before.get(number), after.get(number)):
            replies.append(found)
    return Difference(wordings=tuple(wordings), notes=tuple(_wordings(old.notes, new.notes)), replies=tuple(replies))


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


def _key(one: Any) -> str:
    return str(one.key)


def _wordings(old: Sequence[str], new: Sequence[str]) -> list[Wording]:
    """Return what of a sequence of sentences differs, what stands for what beside each other."""
    return [
        Wording(before, after)
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
        for before, after in zip_longest(old[i:j], new[k:m])
    ]


def _beside(old: Sequence[T], new: Sequence[T], key: Callable[[T], str]) -> Iterator[tuple[T | None, T | None]]:
    """Yield what is the same thing in two sequences by its key and the order, and what is in one of them alone."""
    keys = [key(one) for one in old], [key(one) for one in new]
    for tag, i, j, k, m in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[i:j], new[k:m], strict=True)
        else:
            yield from ((one, None) for one in old[i:j])
            yield from ((None, one) for one in new[k:m])


def _reply(old: Reply | None, new: Reply | None) -> ReplyDifference | None:
    either = _either(old, new)
    questions = [(reply.question,) if reply else () for reply in (old, new)]
    sides = _beside(old.parts if old else (), new.parts if new else (), lambda part: part.kind)
    parts = tuple(found for before, after in sides if (found := _part(before, after)))
    wordings = tuple(_wordings(*questions))
    change = _change(old, new)
    if change is Change.CHANGED and not wordings and not parts:
        return None
    return ReplyDifference(
        change=change, number=either.number, question=either.question, wordings=wordings, parts=parts
    )


def _part(old: Part | None, new: Part | None) -> PartDifference | None:
    either = _either(old, new)
    before, after = old or Part(kind=either.kind), new or Part(kind=either.kind)
    titles = [(part.title,) if part.title else () for part in (before, after)]
    wordings = (*_wordings(*titles), *_wordings(before.paragraphs, after.paragraphs))
    notes = tuple(_wordings(before.notes, after.notes))
    sides = _beside(before.tables, after.tables, _key)
    tables = tuple(found for one, other in sides if (found := _table(one, other)))
    change = _change(old, new)
    if change is Change.CHANGED and not wordings and not notes and not tables:
        return None
    return PartDifference(
        change=change, kind=either.kind, title=either.title, wordings=wordings, notes=notes, tables=tables
    )


def _table(old: Table | None, new: Table | None) -> TableDifference | None:
    either = _either(old, new)
    before, after = old or replace(either, rows=()), new or replace(either, rows=())
    columns = tuple(_beside(before.headings, after.headings, _key))
    wordings = [] if before.caption == after.caption else [Wording(before.caption, after.caption)]
    titles = ((one.title if one else None, other.title if other else None) for one, other in columns)
    wordings += [Wording(one, other) for one, other in titles if one != other]
    rows, is_reordered = _rows(before, after, columns)
    change = _change(old, new)
    if change is Change.CHANGED and not wordings and not rows and not is_reordered:
        return None
    return TableDifference(
        change=change, caption=either.caption, wordings=tuple(wordings), rows=rows, is_reordered=is_reordered
    )


Columns = Sequence[tuple[Heading | None, Heading | None]]


def _rows(old: Table, new: Table, columns: Columns) -> tuple[tuple[RowDifference, ...], bool]:
    """Return the rows that differ, in the order of the newer table with those that are gone at the end."""
    before, after = _numbered(old.rows), _numbered(new.rows)
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        one, other = before.get(key), after.get(key)
        cells = tuple(_cells(one, other, old, new, columns))
        if cells or one is None or other is None:
            row = _either(one, other)
            name = row.cells[0].text if row.cells else row.key
            found.append(RowDifference(change=_change(one, other), key=row.key, name=name, cells=cells))
    stayed = [key for key in before if key in after]
    return tuple(found), stayed != [key for key in after if key in before]


def _numbered(rows: Sequence[Row]) -> dict[tuple[str, int], Row]:
    """Return rows by their key; of those that have the same one, each by its number among them."""
    seen: Counter[str] = Counter()
    found = {}
    for row in rows:
        found[row.key, seen[row.key]] = row
        seen[row.key] += 1
    return found


def _cells(old: Row | None, new: Row | None, before: Table, after: Table, columns: Columns) -> Iterator[CellDifference]:
    """Yield the cells that differ; of a column that only one table has, which is said of the table, none."""
    for one, other in columns:
        if old and new and (one is None or other is None):
            continue
        cell = old.cells[before.headings.index(one)] if old and one else None
        opposite = new.cells[after.headings.index(other)] if new and other else None
        if _said(cell) != _said(opposite):
            yield CellDifference(_either(one, other).title, cell, opposite)


def _said(cell: Cell | None) -> Cell | None:
    """Return a cell without where it leads."""
    return cell and replace(cell, path="")
