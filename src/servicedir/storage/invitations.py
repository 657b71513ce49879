"""Links by which somebody sets a password: when an account is new, and when its password was forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from servicedir.storage.accounts import digest, folded, get
from servicedir.storage.database import begin_writing
from servicedir.storage.tables import accounts, invitations, utc_now


class Invitations:
    """The links that are out. Raises NotFound for a login that does not exist."""

    MOST_ACCOUNTS = 5
    """To how many accounts of one e-mail address a link is sent."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def make(self, login: str, lasts: timedelta, *, only: bool) -> str:
        """Return the token of a new link; only its hash is stored. `only`: links that were out hold no longer."""
        begin_writing(self._session)
        row = get(self._session, login)
        now = self._clock()
        gone = invitations.c.expires <= now
        if only:
            gone = or_(gone, invitations.c.account_id == row.id)
        self._session.execute(delete(invitations).where(gone))
        token = secrets.token_urlsafe(32)
        values = {"token_hash": digest(token), "account_id": row.id, "expires": now + lasts}
        self._session.execute(insert(invitations).values(values))
        return token

    def whose(self, token: str) -> str | None:
        """Return the login of the account that a link is for; None if it holds no longer or never did."""
        query = select(accounts.c.login).join(invitations)
        holds = (invitations.c.token_hash == digest(token)) & (invitations.c.expires > self._clock())
        return self._session.scalar(query.where(holds, accounts.c.disabled.is_(False)))

    def use_up(self, token: str) -> str | None:
        """Return the login of the account that a link is for, once: with it all links of the account are used up."""
        begin_writing(self._session)
        login = self.whose(token)
        taken = delete(invitations).where(invitations.c.token_hash == digest(token)).returning(invitations.c.account_id)
        account = self._session.scalar(taken)
        if login is None or account is None:
            return None
        self._session.execute(delete(invitations).where(invitations.c.account_id == account))
        return login

    def drop(self, login: str) -> None:
        """Make all links of an account void."""
        begin_writing(self._session)
        row = get(self._session, login)
        self._session.execute(delete(invitations).where(invitations.c.account_id == row.id))

    def who_forgot(self, name: str) -> list[tuple[str, str]]:
        """Return login and e-mail of the accounts in use with an e-mail that have this login or this e-mail."""
        name = folded(name)
        if not name.isprintable():  # What a form can hold and a database would not take.
            return []
        same = or_(accounts.c.login == name, func.lower(accounts.c.email) == name)
        query = select(accounts.c.login, accounts.c.email).where(same, accounts.c.disabled.is_(False))
        query = query.where(accounts.c.email != "").order_by(accounts.c.login).limit(self.MOST_ACCOUNTS)
        return [(row.login, row.email) for row in self._session.execute(query)]
