"""What was found when the addresses in entries were last looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from servicedir.domain.link import Look
from servicedir.storage.database import begin_writing, insert_new
from servicedir.storage.tables import links, utc_now


class Links:
    """The looks at addresses that a session of the database sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def all(self) -> dict[str, Look]:
        """Return the last look at every address that was ever looked at and is not forgotten."""
        return {row.url: Look(**row._mapping) for row in self._session.execute(select(links))}

    def failing(self) -> list[Look]:
        """Return the looks that found something wrong, by address."""
        query = select(links).where(links.c.fault != "").order_by(links.c.url)
        return [Look(**row._mapping) for row in self._session.execute(query)]

    def note(self, url: str, fault: str) -> None:
        """Note what was found now: a fault, or an empty string for an address that answers."""
        begin_writing(self._session)
        now = self._clock()
        values: dict[str, Any] = {"url": url, "checked": now, "fault": fault, "failing_since": now if fault else None}
        if self._session.scalar(insert_new(self._session, links, values).returning(links.c.url)) is None:
            if fault:
                values["failing_since"] = func.coalesce(links.c.failing_since, now)
            self._session.execute(update(links).where(links.c.url == url).values(values))

    def forget(self, before: datetime) -> int:
        """Delete the looks from before a moment, of addresses that stand in no entry any more; return how many."""
        begin_writing(self._session)
        return len(self._session.execute(delete(links).where(links.c.checked < before).returning(links.c.url)).all())
