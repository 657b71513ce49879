"""What outsiders may follow: the public changes of services in their order, and the place in it that a cursor names.

A cursor counts public changes alone, so it says nothing of drafts between them, and it knows the change that stands at
its place: after a directory was restored from a backup, a place that never was there is noticed, and nobody goes on in
another history.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from servicedir.domain.history import Change, ChangeKind
from servicedir.domain.query import BadValue

LIMIT = 200

MOST = 1000
"""Changes that are told at once, at most."""


class Told(StrEnum):
    """What became of the entry at an address."""

    PUBLISHED = "published"
    CHANGED = "changed"
    RETIRED = "retired"
    DELETED = "deleted"


_TOLD = {
    ChangeKind.PUBLISHED: Told.PUBLISHED,
    ChangeKind.CHANGED: Told.CHANGED,
    # Found correct: the entry says another day than before.
    ChangeKind.VERIFIED: Told.CHANGED,
    ChangeKind.RETIRED: Told.RETIRED,
    ChangeKind.DELETED: Told.DELETED,
    # There is no more entry at this address; the next change tells of the new one.
    ChangeKind.RENAMED: Told.DELETED,
}


@dataclass(frozen=True, slots=True)
class PublicChange:
    """That something happened to the entry at an address, at a moment (UTC)."""

    slug: str
    change: Told
    at: datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place behind the first `place` public changes, and the mark of the last one of them."""

    place: int = 0
    mark: str = ""

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.place}.{self.mark}".encode()).decode().rstrip("=")


_CURSOR = re.compile(r"(0)\.()|([1-9]\d{0,15})\.([0-9a-f]{16})", re.ASCII)


def mark(change: Change) -> str:
    """Return what tells a change from another one at the same place, made of what everybody may know of it."""
    said = f"{change.slug} {change.change} {change.at.isoformat()}"
    return sha256(said.encode()).hexdigest()[:16]


def parse(pairs: Iterable[tuple[str, str]]) -> tuple[Cursor, int]:
    """Return the cursor of `since` (none: the beginning) and the `limit` of parameters. Raises BadValue."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise BadValue(name, value, "repeated")
        if value and name in ("since", "limit"):
            given[name] = value
    limit = given.get("limit", str(LIMIT))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 9 and 1 <= int(limit) <= MOST):
        raise BadValue("limit", limit, "number", ("1", str(MOST)))
    since = given.get("since", "")
    return _cursor(since) if since else Cursor(), int(limit)


def _cursor(text: str) -> Cursor:
    try:
        said = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        said = ""
    match = _CURSOR.fullmatch(said)
    if match is None:
        raise lost(text)
    return Cursor(int(match[1] or match[3]), match[2] or match[4] or "")


def lost(cursor: Cursor | str) -> BadValue:
    """Return what is said of a cursor that names no place in this history."""
    return BadValue("since", str(cursor), "cursor")


def told(before: Change | None, changes: Sequence[Change]) -> list[PublicChange]:
    """Return what is told of public changes in their order; `before` is the one before the first of them, if any."""
    found = []
    for last, change in zip((before, *changes), changes, strict=False):
        is_new_address = last is not None and last.change is ChangeKind.RENAMED
        kind = Told.PUBLISHED if is_new_address else _TOLD[change.change]
        found.append(PublicChange(change.slug, kind, change.at))
    return found
