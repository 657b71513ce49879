"""How often other sites showed the catalogue, and how often it was followed from there, by day; nothing of readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from servicedir.storage.database import begin_writing
from servicedir.storage.outside import embeds


@dataclass(frozen=True, slots=True)
class Views:
    """How often a site showed the catalogue, and how often somebody opened something of it there."""

    shown: int = 0
    clicked: int = 0

    def __add__(self, other: Views) -> Views:
        return Views(self.shown + other.shown, self.clicked + other.clicked)


class Embeds:
    """The counted embeds that a session of the database sees."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, counted: Mapping[tuple[date, str], Views]) -> None:
        """Add to what was counted for each day and origin."""
        begin_writing(self._session)
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        # In one order, so that two processes on PostgreSQL never wait for each other.
        for (day, origin), views in sorted(counted.items(), key=lambda item: item[0]):
            query = insert(embeds).values(day=day, origin=origin, shown=views.shown, clicked=views.clicked)
            more = {column.name: column + query.excluded[column.name] for column in (embeds.c.shown, embeds.c.clicked)}
            self._session.execute(query.on_conflict_do_update(index_elements=["day", "origin"], set_=more))

    def since(self, day: date) -> dict[str, Views]:
        """Return what was counted from a day on, by origin."""
        sums = func.sum(embeds.c.shown), func.sum(embeds.c.clicked)
        query = select(embeds.c.origin, *sums).where(embeds.c.day >= day).group_by(embeds.c.origin)
        return {origin: Views(*map(int, counts)) for origin, *counts in self._session.execute(query)}

    def by_day(self, since: date) -> list[tuple[date, str, Views]]:
        """Return what was counted on each day from one on, the newest first."""
        query = select(embeds).where(embeds.c.day >= since).order_by(embeds.c.day.desc(), embeds.c.origin)
        return [(row.day, row.origin, Views(row.shown, row.clicked)) for row in self._session.execute(query)]

    def forget(self, before: date) -> int:
        """Delete what was counted before a day; return the number of rows."""
        begin_writing(self._session)
        gone = self._session.execute(delete(embeds).where(embeds.c.day < before).returning(embeds.c.day))
        return len(gone.all())
