"""What keeps entries right beside their content: planned steps, confirmations, who answers for them and how often."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from servicedir.domain.history import ChangeKind, Kind, Scheduled, Verification
from servicedir.storage.database import begin_writing
from servicedir.storage.revisions import Revisions
from servicedir.storage.tables import entries, schedule, utc_now, verifications


class Upkeep:
    """The upkeep that a session of the database sees. `clock` gives aware moments in UTC.

    Whatever names an entry that does not exist raises NotFound.
    """

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._revisions = Revisions(session, clock)

    # Planned steps

    def plan(
        self,
        kind: Kind,
        slug: str,
        step: str,
        at: datetime,
        *,
        revision: int,
        author: str,
        reason: str,
        successor: str = "",
    ) -> None:
        """Note a step to be taken at a moment, in the place of one of that name planned before."""
        begin_writing(self._session)
        entry_id = self._revisions.entry_id(kind, slug)
        self.cancel(kind, slug, step)
        values = {"entry_id": entry_id, "step": step, "at": at, "revision": revision}
        values |= {"author": author, "reason": reason, "successor": successor or None}
        self._session.execute(insert(schedule).values(values))

    def cancel(self, kind: Kind, slug: str, *steps: str) -> bool:
        """Forget planned steps of these names; return whether there were any."""
        begin_writing(self._session)
        mine = schedule.c.entry_id == self._revisions.entry_id(kind, slug)
        query = delete(schedule).where(mine, schedule.c.step.in_(steps)).returning(schedule.c.step)
        return bool(self._session.execute(query).all())

    def planned(self, kind: Kind, slug: str | None = None) -> list[Scheduled]:
        """Return the planned steps of an entry, or of all of a kind, the next one first."""
        query = _PLANNED.where(entries.c.kind == kind)
        if slug is not None:
            query = query.where(entries.c.slug == slug)
        return [_scheduled(row) for row in self._session.execute(query)]

    def due(self, now: datetime) -> list[Scheduled]:
        """Return the steps whose moment has come, in the order in which they are to be taken."""
        return [_scheduled(row) for row in self._session.execute(_PLANNED.where(schedule.c.at <= now))]

    def claim(self, planned: Scheduled) -> bool:
        """Forget a planned step, as it was seen; return whether it still stood there so.

        Of those who want to take a step at the same time, it stands there for one. A step that was planned anew for
        another moment meanwhile stays.
        """
        begin_writing(self._session)
        mine = schedule.c.entry_id == self._revisions.entry_id(planned.kind, planned.slug)
        as_seen = mine & (schedule.c.step == planned.step) & (schedule.c.at == planned.at)
        query = delete(schedule).where(as_seen, schedule.c.revision == planned.revision).returning(schedule.c.step)
        return bool(self._session.execute(query).all())

    # Confirmations

    def verify(self, kind: Kind, slug: str, channel: str, day: date, *, author: str) -> None:
        """Note that what is live was found correct on a day: a channel of it, or with an empty one the whole."""
        begin_writing(self._session, alone=True)
        entry = self._revisions.get(kind, slug)
        at = self._revisions.note(kind, slug, ChangeKind.VERIFIED, author=author, reason=channel)
        values = {"entry_id": self._revisions.entry_id(kind, slug), "channel": channel, "day": day}
        values |= {"revision": entry.live or entry.latest.number, "author": author, "at": at}
        self._session.execute(insert(verifications).values(values))

    def verified(
        self, kind: Kind, slug: str | None = None, recorded: datetime | None = None
    ) -> dict[str, dict[str, date]]:
        """Return, by slug and channel, the last day on which it was found correct, as known now or at a moment."""
        found: dict[str, dict[str, date]] = defaultdict(dict)
        for one in self.verifications(kind, slug, recorded):
            days = found[one.slug]
            days[one.channel] = max(one.day, days.get(one.channel, one.day))
        return found

    def verifications(
        self, kind: Kind, slug: str | None = None, recorded: datetime | None = None
    ) -> list[Verification]:
        """Return every confirmation, oldest first, of one entry or all of a kind, as known now or at a moment."""
        query = select(verifications, entries.c.slug).join(entries, entries.c.id == verifications.c.entry_id)
        query = query.where(entries.c.kind == kind).order_by(verifications.c.number)
        if slug is not None:
            query = query.where(entries.c.slug == slug)
        if recorded is not None:
            query = query.where(verifications.c.at <= recorded)
        return [
            Verification(slug=row.slug, channel=row.channel, day=row.day, author=row.author, at=row.at)
            for row in self._session.execute(query)
        ]

    # Responsibility

    def assign(self, kind: Kind, slug: str, *, responsible: str, review_months: int | None) -> None:
        """Note who answers for an entry (a login, or nobody) and after how many months it is looked at again."""
        begin_writing(self._session)
        mine = entries.c.id == self._revisions.entry_id(kind, slug)
        values = {"responsible": responsible or None, "review_months": review_months}
        self._session.execute(update(entries).where(mine).values(values))


_PLANNED: Select[Any] = (
    select(schedule, entries.c.kind, entries.c.slug)
    .join(entries, entries.c.id == schedule.c.entry_id)
    .order_by(schedule.c.at, schedule.c.entry_id, schedule.c.step)
)


def _scheduled(row: Row[Any]) -> Scheduled:
    return Scheduled(
        kind=row.kind,
        slug=row.slug,
        step=row.step,
        at=row.at,
        revision=row.revision,
        author=row.author,
        reason=row.reason,
        successor=row.successor or "",
    )
