"""Sheets that people brought along: their rows, what would become of each, and how far that has come."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from servicedir.domain.history import NotFound
from servicedir.storage.database import begin_writing
from servicedir.storage.tables import imports, utc_now

_SHOWN = tuple(column for column in imports.c if column.name != "rows")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A sheet without its rows: who brought it when, in which state it is, how many of its rows are looked through.

    `touched` is when something was last heard of who works on it; moments are UTC. `outcome` is a plain document.
    """

    id: int
    author: str
    made: datetime
    touched: datetime
    name: str
    state: str
    done: int
    total: int
    outcome: dict[str, Any]


class Imports:
    """The sheets that a session sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def add(self, name: str, rows: Any, *, total: int, state: str, author: str) -> int:
        """Keep a sheet; return its number."""
        begin_writing(self._session)
        now = self._clock()
        values = {"author": author, "made": now, "touched": now, "name": name, "state": str(state), "done": 0}
        query = insert(imports).values({**values, "total": total, "rows": rows, "outcome": {}})
        number: int = self._session.execute(query.returning(imports.c.id)).scalar_one()
        return number

    def get(self, number: int) -> Import:
        """Return a sheet without its rows. Raises NotFound."""
        row = self._session.execute(select(*_SHOWN).where(imports.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"import {number}")
        return Import(**row._mapping)

    def rows(self, number: int) -> Any:
        """Return the rows of a sheet as they were kept. Raises NotFound."""
        row = self._session.execute(select(imports.c.rows).where(imports.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"import {number}")
        return row.rows

    def latest(self, author: str | None = None, limit: int = 20) -> list[Import]:
        """Return the sheets of one person or of all, newest first, without their outcomes, which may be long."""
        columns = [column for column in _SHOWN if column.name != "outcome"]
        query = select(*columns).order_by(imports.c.id.desc()).limit(limit)
        if author is not None:
            query = query.where(imports.c.author == author)
        return [Import(**row._mapping, outcome={}) for row in self._session.execute(query)]

    def note(self, number: int, done: int) -> None:
        """Note how many rows are looked through."""
        begin_writing(self._session)
        values = {"done": done, "touched": self._clock()}
        self._session.execute(update(imports).where(imports.c.id == number).values(values))

    def move(self, number: int, was: Collection[str], state: str, **values: Any) -> bool:
        """Change the state of a sheet, and `outcome` or `rows`; return False where its state is none of `was`."""
        begin_writing(self._session)
        mine = update(imports).where(imports.c.id == number, imports.c.state.in_(map(str, was)))
        changed = mine.values(state=str(state), touched=self._clock(), **values).returning(imports.c.id)
        return self._session.execute(changed).one_or_none() is not None

    def forget(self, before: datetime) -> int:
        """Delete what was brought along before a moment; return how many sheets that were."""
        begin_writing(self._session)
        gone = self._session.execute(delete(imports).where(imports.c.made < before).returning(imports.c.id))
        return len(gone.all())
