"""What would become of each row of a sheet that somebody wants to import, and what keeps a row from being taken."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from servicedir.domain.document import to_document
from servicedir.domain.service import Service


class Result(StrEnum):
    """What becomes of a row."""

    REFUSED = "refused"
    CHANGED = "changed"
    NEW = "new"
    UNCHANGED = "unchanged"


class Obstacle(StrEnum):
    """Why a row is refused that is all right by itself; in brackets the value that comes with it."""

    NOT_YOURS = "not_yours"
    """There is no such entry, or none that this person may know of."""
    MOVED = "moved"
    """The entry has another slug by now (the new one, where this person may know it)."""
    OTHER_OFFICE = "other_office"
    """Only rows of one office are wanted, and this is none."""
    FORBIDDEN = "forbidden"
    FORBIDDEN_THERE = "forbidden_there"
    """This person may change the entry, or make one, but not give it to that office."""
    IN_REVIEW = "in_review"
    RETIRED = "retired"
    HAS_DRAFT = "has_draft"
    """What is published at once would take the place of a draft that somebody is working on."""
    NO_SUCH_REVISION = "no_such_revision"
    OVERTAKEN = "overtaken"
    """Since the export somebody has changed the same, to something else (what it says now)."""


class Change(NamedTuple):
    """A cell that changes; where no column shows what changes, the name of the field and two empty cells."""

    column: str
    before: str
    after: str


class Hindrance(NamedTuple):
    """What keeps a row from being taken: the column ("" for the row as a whole), the rule's name, and a value."""

    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What would become of a row: `value` goes on from revision `number` (None: a new entry).

    `publishable` says that it may be published at once without publishing what somebody else is working on.
    """

    row: int
    slug: str
    result: Result
    number: int | None = None
    value: Service | None = None
    changes: tuple[Change, ...] = ()
    hindrances: tuple[Hindrance, ...] = ()
    publishable: bool = False


@dataclass(frozen=True)
class Plan:
    """What would become of each row, in the order of the sheet; `as_of` is the change up to which that was seen."""

    lines: tuple[Line, ...]
    unknown_columns: tuple[str, ...] = ()
    as_of: int = 0

    @cached_property
    def counts(self) -> Counter[Result]:
        """Return how many rows each result has."""
        return Counter(line.result for line in self.lines)

    @property
    def doing(self) -> list[Line]:
        """Return the rows that would be written."""
        return [line for line in self.lines if line.result in (Result.NEW, Result.CHANGED)]

    @property
    def refused(self) -> list[Line]:
        """Return the rows that keep all of them from being written."""
        return [line for line in self.lines if line.result is Result.REFUSED]

    @cached_property
    def mark(self) -> str:
        """Return what is the same for another plan only if the same would be written over the same revisions."""
        digest = sha256()
        for line in self.lines:
            said = [line.slug, line.result, line.number, line.publishable, line.hindrances]
            if line.result is not Result.UNCHANGED:
                digest.update(json.dumps([said, to_document(line.value) if line.value else None]).encode())
        return digest.hexdigest()


NEAR = 40
"""Characters around a change that are shown of a long cell."""
LONG = 300
"""Characters of a change itself."""


def in_sight(before: str, after: str) -> tuple[str, str]:
    """Return two cells so short that one sees what differs between them."""
    if max(len(before), len(after)) <= LONG:
        return before, after
    start = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    start = min(len(before), len(after)) if start is None else start
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return _part(before, start, end), _part(after, start, end)


def _part(cell: str, start: int, end: int) -> str:
    """Return a cell from just before `start` to just after what differs, which is all but `end` characters."""
    first, last = max(0, start - NEAR), min(len(cell), len(cell) - end + NEAR)
    if last - first > LONG + 2 * NEAR:
        last = first + LONG + NEAR
    return ("…" if first else "") + cell[first:last] + ("…" if last < len(cell) else "")
