"""How often words were searched for, found nothing and were followed by a click, by day; nothing about who searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from servicedir.storage.database import begin_writing
from servicedir.storage.tables import searches

MOST_A_DAY = 10_000
"""Different words of a day that are kept, so that nobody fills the database by asking."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often words were asked for, how often nothing was found, and how often a result was opened."""

    asked: int = 0
    empty: int = 0
    clicked: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.asked + other.asked, self.empty + other.empty, self.clicked + other.clicked)


class Searches:
    """The counted searches that a session of the database sees."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, counted: Mapping[tuple[date, str], Tally]) -> None:
        """Add to what was counted for each day and words; new words of a day that has MOST_A_DAY are dropped."""
        begin_writing(self._session)
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        known: dict[date, set[str]] = {}
        # In one order, so that two processes on PostgreSQL never wait for each other.
        for (day, words), tally in sorted(counted.items(), key=lambda item: item[0]):
            if day not in known:
                known[day] = set(self._session.scalars(select(searches.c.words).where(searches.c.day == day)))
            if words not in known[day] and len(known[day]) >= MOST_A_DAY:
                continue
            known[day].add(words)
            query = insert(searches).values(
                day=day, words=words, asked=tally.asked, empty=tally.empty, clicked=tally.clicked
            )
            more = {
                column.name: column + query.excluded[column.name]
                for column in (searches.c.asked, searches.c.empty, searches.c.clicked)
            }
            self._session.execute(query.on_conflict_do_update(index_elements=["day", "words"], set_=more))

    def without_result(self, since: date, *, least: int, limit: int) -> list[tuple[str, Tally]]:
        """Return words that found nothing at least so often from a day on, the most frequent first."""
        return self._most(since, func.sum(searches.c.empty) >= least, func.sum(searches.c.empty), limit)

    def without_click(self, since: date, *, least: int, limit: int) -> list[tuple[str, Tally]]:
        """Return words that found something at least so often from a day on, none of which was ever opened."""
        found = func.sum(searches.c.asked - searches.c.empty)
        return self._most(since, (found >= least) & (func.sum(searches.c.clicked) == 0), found, limit)

    def _most(
        self, since: date, wanted: ColumnElement[bool], order: ColumnElement[int], limit: int
    ) -> list[tuple[str, Tally]]:
        sums = [func.sum(column) for column in (searches.c.asked, searches.c.empty, searches.c.clicked)]
        query = select(searches.c.words, *sums).where(searches.c.day >= since).group_by(searches.c.words)
        query = query.having(wanted).order_by(order.desc(), searches.c.words).limit(limit)
        return [(words, Tally(*map(int, counts))) for words, *counts in self._session.execute(query)]

    def forget(self, before: date) -> int:
        """Delete what was counted before a day; return the number of rows."""
        begin_writing(self._session)
        gone = self._session.execute(delete(searches).where(searches.c.day < before).returning(searches.c.day))
        return len(gone.all())
