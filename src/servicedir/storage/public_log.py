"""The part of the change log that outsiders may know of, each change at its place among them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from servicedir.domain.history import PUBLIC, Change, Kind
from servicedir.storage.tables import changes


class PublicLog:
    """What a session of the database sees of public changes. None is ever taken away, so places stay."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, kind: Kind, place: int, limit: int) -> list[Change]:
        """Return public changes of a kind in the order in which they were committed, without the first `place`.

        Without author and reason, which are for people with an account.
        """
        columns = (changes.c.number, changes.c.slug, changes.c.change, changes.c.revision, changes.c.at)
        query = select(*columns).where(changes.c.kind == kind, changes.c.change.in_(PUBLIC))
        rows = self._session.execute(query.order_by(changes.c.number).offset(place).limit(limit))
        return [
            Change(number=r.number, kind=kind, slug=r.slug, change=r.change, revision=r.revision, at=r.at) for r in rows
        ]
