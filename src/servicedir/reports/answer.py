"""An answer to an inquiry as a value: what pages, papers and files are rendered from, and what is frozen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any

from servicedir.domain.document import from_document, to_document
from servicedir.domain.figures import Standing
from servicedir.domain.inquiry import MOST_ROWS, BlockKind


class Type(StrEnum):
    """What stands in a column; numbers are set to the right."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column: its `key` for programs, what it is called, what stands in it."""

    key: str
    title: str
    type: Type = Type.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in a table, as `text` for people.

    Of a number, `number` is its value; without one, `standing` says why there is none: 0 is a number. `code` is the
    value for programs of what has one (`pilot`, `2024-05`). `path` is an address of the directory (`/services/x`).
    """

    text: str
    number: int | None = None
    standing: Standing | None = None
    code: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: `key` names what it is about, so that rows of two answers can be compared."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with all its rows; papers show the first `most` of them and say so."""

    key: str
    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...] = ()
    most: int = MOST_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a block says: paragraphs, tables, and notes on what it leaves out and how old its data is.

    `path` leads to the same list in the directory as it is today, where there is one.
    """

    kind: BlockKind
    title: str = ""
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A question, and what was answered to it."""

    number: int
    question: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer in one language. `on` and `recorded` are the two clocks; there were so many `services`."""

    slug: str
    language: str
    city: str
    title: str
    reference: str
    asked_by: str
    received: date | None
    deadline: date | None
    on: date
    recorded: datetime
    services: int
    introduction: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    notes: tuple[str, ...] = ()


def to_plain(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values."""
    return to_document(answer)


def from_plain(document: dict[str, Any]) -> Answer:
    """Return the answer that plain values say. Raises domain.document.BadDocument."""
    return from_document(Answer, document)


def as_json(answer: Answer) -> bytes:
    """Return an answer as JSON: the same answer always gives the same bytes."""
    # Without indentation, which would take several times as long, and more memory than all the rest of an answer.
    return json.dumps(to_plain(answer), ensure_ascii=False).encode() + b"\n"


# Each paper of an answer names it, and computing it takes as long as writing a large answer.
@lru_cache(maxsize=1)
def checksum(answer: Answer) -> str:
    """Return the SHA-256 of an answer's JSON, in hexadecimal."""
    return sha256(as_json(answer)).hexdigest()


def mark(answers: Iterable[Answer]) -> str:
    """Return the SHA-256 of what answers say, whenever they say it: without `recorded`, and the notes that name it."""
    # The notes say nothing else that depends on the catalogue but `services`, which counts.
    said = sha256()
    for answer in answers:
        said.update(as_json(replace(answer, recorded=datetime.min, notes=())))
    return said.hexdigest()


def tables(answer: Answer) -> list[tuple[Reply, Part, Table]]:
    """Return all tables of an answer in their order, with where they stand."""
    return [(reply, part, table) for reply in answer.replies for part in reply.parts for table in part.tables]
