"""Deputies: who stands in for whom, from day to day, and what they may do meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from servicedir.domain.workflow import Grant, Role
from servicedir.storage.accounts import get
from servicedir.storage.database import begin_writing
from servicedir.storage.passwords import Refused
from servicedir.storage.tables import accounts, deputies, grants


@dataclass(frozen=True, slots=True, kw_only=True)
class Deputy:
    """Who stands in for whom (logins and names), from one day to another, both included."""

    absent: str
    absent_name: str
    deputy: str
    deputy_name: str
    since: date
    until: date


class Deputies:
    """Who stands in for whom. Raises NotFound for a login that does not exist."""

    LONGEST = 366
    """Days for which somebody stands in at most: who is away for longer needs a successor, not a deputy."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, absent: str, deputy: str, since: date, until: date) -> None:
        """Let somebody stand in for somebody else; beginning on the same day, in the place of what was said before.

        Raises Refused: `own_deputy`, `deputy_disabled`, `deputy_days`.
        """
        begin_writing(self._session)
        away, there = get(self._session, absent), get(self._session, deputy)
        if away.id == there.id:
            raise Refused("own_deputy")
        if there.disabled:
            raise Refused("deputy_disabled")
        if not 0 <= (until - since).days < self.LONGEST:
            raise Refused("deputy_days")
        self._session.execute(delete(deputies).where(_is(away.id, there.id, since)))
        values = {"account_id": away.id, "deputy_id": there.id, "since": since, "until": until}
        self._session.execute(insert(deputies).values(values))

    def remove(self, absent: str, deputy: str, since: date) -> bool:
        """End what was said; return whether it was."""
        begin_writing(self._session)
        away, there = get(self._session, absent), get(self._session, deputy)
        gone = delete(deputies).where(_is(away.id, there.id, since)).returning(deputies.c.account_id)
        return self._session.scalar(gone) is not None

    def of(self, login: str, on: date) -> list[Deputy]:
        """Return who stands in for an account and for whom it does, on a day or later, the first to begin first."""
        away, there = accounts.alias(), accounts.alias()
        row = get(self._session, login)
        query = select(
            away.c.login.label("absent"),
            away.c.name.label("absent_name"),
            there.c.login.label("deputy"),
            there.c.name.label("deputy_name"),
            deputies.c.since,
            deputies.c.until,
        )
        query = query.join(away, deputies.c.account_id == away.c.id).join(there, deputies.c.deputy_id == there.c.id)
        query = query.where((away.c.id == row.id) | (there.c.id == row.id), deputies.c.until >= on)
        query = query.order_by(deputies.c.since, away.c.login, there.c.login)
        return [Deputy(**found._mapping) for found in self._session.execute(query)]

    def held(self, account: int, on: date) -> list[Grant]:
        """Return the grants that an account, by its id, holds for others on a day.

        They are those that were given to the absent themselves, so that what is held for others is not handed on;
        administrators' are never among them, nor are those of whom the account was locked.
        """
        return self._held(on, deputies.c.deputy_id == account).get(account, [])

    def all_held(self, on: date) -> dict[int, list[Grant]]:
        """Return what `held` says of each account that holds anything for others, by its id."""
        return self._held(on)

    def _held(self, on: date, *whose: ColumnElement[bool]) -> dict[int, list[Grant]]:
        query = select(grants, accounts.c.login, deputies.c.deputy_id, deputies.c.until.label("stands_in_until"))
        query = query.join(accounts, grants.c.account_id == accounts.c.id)
        query = query.join(deputies, deputies.c.account_id == accounts.c.id)
        query = query.where(deputies.c.since <= on, deputies.c.until >= on, *whose)
        query = query.where(accounts.c.disabled.is_(False), grants.c.role != Role.ADMINISTRATOR)
        query = query.order_by(accounts.c.login, grants.c.office, grants.c.role)
        found: dict[int, list[Grant]] = {}
        for row in self._session.execute(query):
            until = min(row.until or row.stands_in_until, row.stands_in_until)
            found.setdefault(row.deputy_id, []).append(Grant(row.role, row.office, until, row.login))
        return found


def _is(away: int, there: int, since: date) -> ColumnElement[bool]:
    return (deputies.c.account_id == away) & (deputies.c.deputy_id == there) & (deputies.c.since == since)
