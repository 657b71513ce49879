"""Subscriptions as they are kept: asked for, confirmed, told, ended; what has ended leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, tuple_, update
from sqlalchemy.orm import Session

from servicedir.domain.history import NotFound
from servicedir.domain.subscription import Subscription
from servicedir.storage.database import begin_writing, insert_new
from servicedir.storage.outside import subscriptions
from servicedir.storage.tables import utc_now


class Subscriptions:
    """The subscriptions that a session of the database sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def ask(self, email: str, search: str, language: str, *, told: int) -> Subscription:
        """Return the subscription to a search: the one that is there, else a new one; unconfirmed, it begins anew."""
        begin_writing(self._session)
        values: dict[str, Any] = {"email": email, "search": search, "language": language}
        now = self._clock()
        self._session.execute(
            insert_new(self._session, subscriptions, {**values, "made": now, "told": told, "told_at": now})
        )
        mine = [subscriptions.c[name] == value for name, value in values.items()]
        anew = update(subscriptions).where(*mine, subscriptions.c.confirmed.is_(None)).values(made=now)
        self._session.execute(anew)
        return _subscription(self._session.execute(select(subscriptions).where(*mine)).one())

    def get(self, number: int) -> Subscription:
        """Return a subscription. Raises NotFound."""
        row = self._session.execute(select(subscriptions).where(subscriptions.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"subscription {number}")
        return _subscription(row)

    def confirm(self, number: int, *, told: int) -> None:
        """Let a subscription begin, unless it has."""
        begin_writing(self._session)
        now = self._clock()
        mine = (subscriptions.c.id == number) & subscriptions.c.confirmed.is_(None)
        self._session.execute(update(subscriptions).where(mine).values(confirmed=now, told=told, told_at=now))

    def end(self, number: int) -> None:
        """Delete a subscription."""
        begin_writing(self._session)
        self._session.execute(delete(subscriptions).where(subscriptions.c.id == number))

    def due(self, before: datetime, limit: int, after: Subscription | None = None) -> list[Subscription]:
        """Return confirmed ones that were last told before a moment, by search; `after` is the last one of before."""
        query = select(subscriptions).where(subscriptions.c.confirmed.is_not(None), subscriptions.c.told_at < before)
        order = tuple_(subscriptions.c.search, subscriptions.c.id)
        if after is not None:
            query = query.where(order > tuple_(after.search, after.id))
        query = query.order_by(subscriptions.c.search, subscriptions.c.id).limit(limit)
        return [_subscription(row) for row in self._session.execute(query)]

    def tell(self, ones: Iterable[Subscription], told: int) -> set[int]:
        """Note up to which change these were told; return the numbers of those whom nobody else has told meanwhile."""
        begin_writing(self._session)
        seen = {one.id: one.told_at for one in ones}
        now = self._clock()
        mine = tuple_(subscriptions.c.id, subscriptions.c.told_at).in_(list(seen.items()))
        query = update(subscriptions).where(mine).values(told=told, told_at=now).returning(subscriptions.c.id)
        return set(self._session.scalars(query))

    def forget(self, before: datetime) -> list[int]:
        """Delete those that were asked for before a moment and never confirmed; return their numbers."""
        begin_writing(self._session)
        old = subscriptions.c.confirmed.is_(None) & (subscriptions.c.made < before)
        return list(self._session.scalars(delete(subscriptions).where(old).returning(subscriptions.c.id)))


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(**row._mapping)
