"""What was done with many entries at once, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from servicedir.domain.batch import Action, Batch, Task
from servicedir.domain.history import NotFound
from servicedir.storage.database import begin_writing
from servicedir.storage.tables import batches, utc_now


class Batches:
    """The batches that a session sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def begin(self) -> None:
        """See to it that nobody else changes an entry from here to the end of the transaction."""
        begin_writing(self._session, alone=True)

    def add(self, task: Task, done: Sequence[dict[str, Any]], *, skipped: int, author: str) -> int:
        """Note what was done; return its number."""
        detail = {"target": task.target, "done": list(done), "skipped": skipped}
        values = {"author": author, "made": self._clock(), "action": task.action.value, "detail": detail}
        number: int = self._session.execute(insert(batches).values(values).returning(batches.c.id)).scalar_one()
        return number

    def get(self, number: int) -> Batch:
        """Return what was done under a number. Raises NotFound."""
        row = self._session.execute(select(batches).where(batches.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"batch {number}")
        return _batch(row)

    def latest(self, author: str | None = None, limit: int = 50) -> list[Batch]:
        """Return what was done last, by one person or by all, newest first."""
        query = select(batches).order_by(batches.c.id.desc()).limit(limit)
        if author is not None:
            query = query.where(batches.c.author == author)
        return [_batch(row) for row in self._session.execute(query)]

    def close(self, batch: Batch, left: Sequence[str]) -> bool:
        """Note that a batch was undone but for these entries; return False where it had been undone before."""
        detail = {"target": batch.task.target, "done": list(batch.done), "skipped": batch.skipped, "left": list(left)}
        mine = update(batches).where(batches.c.id == batch.number, batches.c.undone.is_(None))
        done = self._session.execute(mine.values(undone=self._clock(), detail=detail).returning(batches.c.id))
        return done.one_or_none() is not None


def _batch(row: Row[Any]) -> Batch:
    return Batch(
        number=row.id,
        author=row.author,
        made=row.made,
        task=Task(Action(row.action), row.detail["target"]),
        done=tuple(row.detail["done"]),
        skipped=row.detail["skipped"],
        undone=row.undone,
        left=tuple(row.detail.get("left", ())),
    )
