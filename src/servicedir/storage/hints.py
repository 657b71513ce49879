"""Citizens' hints as they are kept: put down, moved along as tasks, and forgotten after a time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, delete, insert, select, update
from sqlalchemy.orm import Session

from servicedir.domain.hint import WAITING, Hint, HintState, Subject
from servicedir.domain.history import Document, Kind, NotFound
from servicedir.domain.workflow import State
from servicedir.storage.database import begin_writing
from servicedir.storage.revisions import Revisions
from servicedir.storage.tables import entries, hints, revisions, utc_now


class Hints:
    """The hints that a session of the database sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def add(self, slug: str, *, subject: Subject, text: str, contact: str) -> int:
        """Put down a hint on a service, or with an empty slug on the directory; return its number. Raises NotFound."""
        begin_writing(self._session)
        entry_id = Revisions(self._session, self._clock).entry_id(Kind.SERVICE, slug) if slug else None
        values: dict[str, Any] = {"entry_id": entry_id, "subject": subject.value, "text": text, "contact": contact}
        values |= {"state": HintState.OPEN.value, "at": self._clock(), "remark": "", "closed_by": ""}
        number: int = self._session.execute(insert(hints).values(values).returning(hints.c.id)).scalar_one()
        return number

    def was_said(self, slug: str, *, subject: Subject, text: str, contact: str, since: datetime) -> bool:
        """Return whether the very same hint has come since a moment: a form that was sent twice."""
        same = (hints.c.subject == subject.value, hints.c.text == text, hints.c.contact == contact)
        about = entries.c.slug == slug if slug else hints.c.entry_id.is_(None)
        return self._session.execute(_HINTS.where(*same, about, hints.c.at >= since).limit(1)).first() is not None

    def get(self, number: int) -> Hint:
        """Return a hint. Raises NotFound."""
        row = self._session.execute(_HINTS.where(hints.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"hint {number}")
        return _hint(row)

    def all(self, states: Collection[HintState]) -> list[Hint]:
        """Return the hints in these states, newest first."""
        query = _HINTS.where(hints.c.state.in_([state.value for state in states]))
        return [_hint(row) for row in self._session.execute(query.order_by(hints.c.at.desc(), hints.c.id.desc()))]

    def subjects(self) -> dict[str, tuple[State, Document]]:
        """Return, by slug, state and latest document of every service on which there is a hint."""
        latest = and_(revisions.c.entry_id == entries.c.id, revisions.c.number == entries.c.latest)
        query = select(entries.c.slug, entries.c.state, revisions.c.document).join(revisions, latest)
        pointed_out = select(hints.c.entry_id).where(hints.c.entry_id.is_not(None))
        # Under the slug of today, whatever it was when the revision was saved.
        return {
            row.slug: (row.state, {**row.document, "slug": row.slug})
            for row in self._session.execute(query.where(entries.c.id.in_(pointed_out)))
        }

    def move(self, number: int, was: HintState, to: HintState, *, remark: str, by: str) -> None:
        """Take a hint from one state to another. Raises ValueError where it is not, or no longer, in the first."""
        begin_writing(self._session)
        now = None if to in WAITING else self._clock()
        values: dict[str, Any] = {"state": to.value, "remark": remark, "closed": now, "closed_by": by}
        here = and_(hints.c.id == number, hints.c.state == was.value)
        if self._session.scalar(update(hints).where(here).values(values).returning(hints.c.id)) is None:
            raise ValueError(f"hint {number} is not {was}")

    def forget(self, *, before: datetime, contacts_before: datetime) -> int:
        """Delete hints that came before a moment, and addresses of those closed before another; return how many."""
        begin_writing(self._session)
        gone = self._session.execute(delete(hints).where(hints.c.at < before).returning(hints.c.id)).all()
        old = and_(hints.c.contact != "", hints.c.closed < contacts_before)
        faded = self._session.execute(update(hints).where(old).values(contact="").returning(hints.c.id)).all()
        return len(gone) + len(faded)


_HINTS: Select[Any] = select(hints, entries.c.slug).outerjoin(entries, entries.c.id == hints.c.entry_id)


def _hint(row: Row[Any]) -> Hint:
    return Hint(
        id=row.id,
        slug=row.slug or "",
        subject=Subject(row.subject),
        text=row.text,
        contact=row.contact,
        state=HintState(row.state),
        at=row.at,
        remark=row.remark,
        closed=row.closed,
        closed_by=row.closed_by,
    )
