"""Mails that wait to be sent: queued in the transaction of what they tell of, sent later, forgotten in the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from servicedir.storage.database import begin_writing, insert_new
from servicedir.storage.tables import mails, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that waits; `attempts` failed so far, and `due` (UTC) is the moment of the next one.

    `headers` are those that it has beside the usual ones.
    """

    id: int
    key: str
    recipient: str
    subject: str
    body: str
    headers: Mapping[str, str]
    attempts: int
    due: datetime


class Mails:
    """The outbox that a session of the database sees. `clock` gives aware moments in UTC."""

    WAITS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
    """How long to wait after each failed attempt; after one more the mail is given up."""
    CLAIM = timedelta(minutes=10)
    """For how long a mail belongs to whoever is sending it. If they die over it, another tries after that."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def queue(
        self,
        key: str,
        recipient: str,
        subject: str,
        body: str,
        headers: Mapping[str, str] | None = None,
        *,
        bulk: bool = False,
    ) -> bool:
        """Put a mail into the outbox; return False where nothing was: the key was used, or there is no recipient.

        `bulk`: it is one of many, and lets others go first. Raises ValueError for a recipient, subject or header with
        line breaks or other control characters, which could smuggle in further headers.
        """
        begin_writing(self._session)
        headers = dict(headers or {})
        if not all(line.isprintable() for line in (recipient, subject, *headers, *headers.values())):
            raise ValueError("a mail's recipient, subject and headers are one line each without control characters")
        if not recipient.strip():
            return False
        values = {"recipient": recipient.strip(), "subject": subject, "body": body, "headers": headers, "bulk": bulk}
        return self._add(key, self._clock(), values)

    def once(self, key: str) -> bool:
        """Use a key up for a whole round of mails; return False where it was used. Nothing is sent under it."""
        begin_writing(self._session)
        return self._add(key, None)

    def is_used(self, key: str) -> bool:
        """Return whether something was queued under a key, or `once` used it up."""
        return self._session.scalar(select(mails.c.id).where(mails.c.key == key)) is not None

    def unsent(self, limit: int) -> list[Mail]:
        """Return the mails that are to be sent now, the one that has waited longest first, those in bulk last."""
        columns = [mails.c[name] for name in Mail.__dataclass_fields__]
        due = select(*columns).where(mails.c.due <= self._clock())
        query = due.order_by(mails.c.bulk, mails.c.due, mails.c.id).limit(limit)
        return [Mail(**row._mapping) for row in self._session.execute(query)]

    def claim(self, mail: Mail) -> bool:
        """Return whether this mail is now ours to send: of those who try at the same time, it is for one."""
        begin_writing(self._session)
        as_seen = (mails.c.id == mail.id) & (mails.c.due == mail.due)
        query = update(mails).where(as_seen).values(due=self._clock() + self.CLAIM).returning(mails.c.id)
        return self._session.scalar(query) is not None

    def note_sent(self, id: int) -> None:
        """Note that a mail went out. Its text, which may hold the only copy of a token, is forgotten at once."""
        begin_writing(self._session)
        values: dict[str, object] = {"sent": self._clock(), "due": None, "body": "", "headers": {}, "fault": ""}
        self._session.execute(update(mails).where(mails.c.id == id).values(values))

    def note_failed(self, id: int, fault: str) -> bool:
        """Note that a mail could not be sent; return whether it is tried again. One given up loses its text."""
        begin_writing(self._session)
        query = update(mails).where(mails.c.id == id).values(attempts=mails.c.attempts + 1, fault=fault)
        attempts = self._session.scalar(query.returning(mails.c.attempts)) or 0
        again = 0 < attempts <= len(self.WAITS)
        given_up: dict[str, object] = {"due": None, "body": "", "headers": {}}
        next_one = {"due": self._clock() + self.WAITS[attempts - 1]} if again else given_up
        self._session.execute(update(mails).where(mails.c.id == id).values(next_one))
        return again

    def forget(self, before: datetime) -> int:
        """Delete what was queued before a moment and waits no longer; return how many. Their keys are free again."""
        begin_writing(self._session)
        old = (mails.c.due.is_(None)) & (mails.c.made < before)
        return len(self._session.execute(delete(mails).where(old).returning(mails.c.id)).all())

    def drop(self, prefix: str) -> int:
        """Delete all mails under keys that begin so, sent or not; return how many."""
        begin_writing(self._session)
        found = mails.c.key.startswith(prefix, autoescape=True)
        return len(self._session.execute(delete(mails).where(found).returning(mails.c.id)).all())

    def _add(self, key: str, due: datetime | None, said: Mapping[str, object] | None = None) -> bool:
        values: dict[str, object] = {"key": key, "recipient": "", "subject": "", "body": "", "headers": {}}
        values |= {"bulk": False, "made": self._clock(), "due": due, "attempts": 0, "fault": ""} | dict(said or {})
        return self._session.scalar(insert_new(self._session, mails, values).returning(mails.c.id)) is not None
