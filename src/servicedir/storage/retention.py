"""What is deleted because its time is over: sessions, links for passwords, failed sign-ins, previews, batches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, or_, select
from sqlalchemy.orm import Session

from servicedir.storage.database import begin_writing
from servicedir.storage.people import People
from servicedir.storage.tables import (
    attempts,
    batches,
    invitations,
    preview_entries,
    previews,
    sessions,
    utc_now,
)


class Retention:
    """What a session of the database can forget. Each method returns how many rows; `clock` gives moments in UTC.

    What has ended by itself holds no longer anyway; here nothing of it stays, either.
    """

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def sessions(self) -> int:
        """Delete the sessions that have ended."""
        now = self._clock()
        return self._delete(
            sessions, or_(sessions.c.seen <= now - People.IDLE, sessions.c.opened <= now - People.ABSOLUTE)
        )

    def invitations(self) -> int:
        """Delete the links for setting a password that hold no longer."""
        return self._delete(invitations, invitations.c.expires <= self._clock())

    def attempts(self) -> int:
        """Delete the failed sign-ins that count no longer."""
        return self._delete(attempts, attempts.c.at <= self._clock() - People.KEEP_FAILURES)

    def previews(self, before: datetime) -> int:
        """Delete the previews that nobody could open any more since before a moment."""
        ended = or_(previews.c.expires < before, previews.c.revoked < before)
        begin_writing(self._session)
        of_ended = preview_entries.c.preview_id.in_(select(previews.c.id).where(ended))
        self._session.execute(delete(preview_entries).where(of_ended))
        return self._delete(previews, ended)

    def batches(self, before: datetime) -> int:
        """Delete what could be needed to undo work on many entries that was done before a moment."""
        return self._delete(batches, batches.c.made < before)

    def _delete(self, table: Table, old: ColumnElement[bool]) -> int:
        begin_writing(self._session)
        key = next(iter(table.primary_key.columns))
        return len(self._session.execute(delete(table).where(old).returning(key)).all())
