"""The audit log: who did what to which object, and when; it only grows, until its lines are old enough to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from servicedir.storage.database import begin_writing
from servicedir.storage.tables import audit, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Who did what to which object, and when (UTC)."""

    number: int
    at: datetime
    actor: str
    action: str
    object: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines are wanted; what is empty does not matter. `object` is a piece of it; `since` is in, `until` out."""

    actor: str = ""
    action: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditLog:
    """The audit log that a session of the database sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def write(self, actor: str, action: str, object: str, detail: dict[str, Any] | None = None) -> None:
        """Write a line, in the transaction of what it tells of."""
        begin_writing(self._session)
        values = {"at": self._clock(), "actor": actor, "action": action, "object": object, "detail": detail or {}}
        self._session.execute(insert(audit).values(values))

    def lines(self, wanted: Wanted, *, before: int | None = None, limit: int = 100) -> list[AuditLine]:
        """Return lines, newest first; `before` is a line's number, for the next page."""
        query = select(audit).where(*_conditions(wanted)).order_by(audit.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.number < before)
        return [AuditLine(**row._mapping) for row in self._session.execute(query)]

    def actions(self) -> list[str]:
        """Return the words for everything that was ever done, in the order of the alphabet."""
        return list(self._session.scalars(select(audit.c.action).distinct().order_by(audit.c.action)))

    def forget(self, before: datetime) -> int:
        """Delete the lines from before a moment; return how many."""
        begin_writing(self._session)
        return len(self._session.execute(delete(audit).where(audit.c.at < before).returning(audit.c.number)).all())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.actor:
        conditions.append(audit.c.actor == wanted.actor)
    if wanted.action:
        conditions.append(audit.c.action == wanted.action)
    if wanted.object:
        conditions.append(audit.c.object.contains(wanted.object, autoescape=True))
    if wanted.since:
        conditions.append(audit.c.at >= wanted.since)
    if wanted.until:
        conditions.append(audit.c.at < wanted.until)
    return conditions
