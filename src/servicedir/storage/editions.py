"""What outsiders see of the catalogue as a whole: which revision of what is live, and when that changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from servicedir.domain.history import PUBLIC, Kind
from servicedir.domain.workflow import visible
from servicedir.storage.tables import changes, entries


class Editions:
    """What a session sees of that."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold_still(self) -> None:
        """See to it that all that this session reads is of one moment; call it first. On SQLite it is so anyway."""
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.connection(execution_options={"isolation_level": "REPEATABLE READ"})

    def live(self, *kinds: Kind) -> Iterator[tuple[Kind, str, int]]:
        """Yield kind, slug and number of each live revision, in their order, without reading what they say."""
        query = select(entries.c.kind, entries.c.slug, entries.c.live).where(entries.c.kind.in_(kinds))
        for row in self._session.execute(
            query.order_by(entries.c.kind, entries.c.slug).execution_options(yield_per=500)
        ):
            if visible(row.live):
                yield Kind(row.kind), row.slug, row.live

    def first_and_last(self, *kinds: Kind) -> tuple[datetime, datetime] | None:
        """Return the moments of the first and the last change that outsiders could see, if there was one."""
        first, last = func.min(changes.c.number), func.max(changes.c.number)
        public = changes.c.kind.in_(kinds) & changes.c.change.in_(PUBLIC)
        numbers = self._session.execute(select(first, last).where(public)).one()
        moments = {
            row.number: row.at
            for row in self._session.execute(
                select(changes.c.number, changes.c.at).where(
                    changes.c.number.in_([n for n in numbers if n is not None])
                )
            )
        }
        return (moments[numbers[0]], moments[numbers[1]]) if moments else None
