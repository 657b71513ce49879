"""Who may sign in: accounts, what was granted to them, their sessions, and failed attempts."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from servicedir.domain.history import NotFound
from servicedir.domain.workflow import Grant, Person, Role
from servicedir.storage.accounts import digest, encoded, find, folded, get, is_login
from servicedir.storage.audit import AuditLine, AuditLog, Wanted
from servicedir.storage.database import begin_writing, insert_new
from servicedir.storage.deputies import Deputies
from servicedir.storage.factors import Factors
from servicedir.storage.invitations import Invitations
from servicedir.storage.passwords import Refused, check_password
from servicedir.storage.tables import accounts, attempts, grants, sessions, utc_now

HASHER = PasswordHasher()
"""Argon2id with the library's parameters (RFC 9106, low memory). Tests take one that costs less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in unless `disabled`; `created` is UTC.

    `number` names the account where its login has no business, such as in addresses. Who is `invited` has not set a
    password yet.
    """

    number: int
    person: Person
    email: str
    disabled: bool
    created: datetime
    invited: bool
    has_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who has a session, with what is granted to them now; `due` says that `touch` would note they were here.

    `confirmed` tells that the second factor was given. Where it has to be and was not, `lacks_factor` is true, and
    what is granted on its condition is missing from the person.
    """

    person: Person
    key: str
    opened: datetime
    seen: datetime
    due: bool
    confirmed: bool
    lacks_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One of the sessions of an account, for the list from which they are ended; `key` names it and opens nothing."""

    key: str
    opened: datetime
    seen: datetime
    agent: str


class People:
    """The accounts that a session of the database sees.

    `clock` gives aware moments in UTC, `today` the day in the city; `second_factor` is the setting of that name.
    Logins are the same in upper and lower case. Whatever names a login that does not exist raises NotFound,
    unless it says otherwise. Whatever writes wants a session for writing and raises RuntimeError without one.
    """

    IDLE = timedelta(minutes=30)
    """How long a session lives without a request (OWASP ASVS 5.0, 7.3.1)."""
    ABSOLUTE = timedelta(hours=12)
    """How long a session lives at all (7.3.2)."""
    TOUCH = timedelta(minutes=1)
    """How exactly it is known when somebody was last here: not every request writes."""
    HALF_OPEN = timedelta(minutes=10)
    """How long a session waits for the second factor."""
    KEEP_FAILURES = timedelta(days=1)
    """After this, a failed attempt is forgotten."""

    def __init__(
        self,
        session: Session,
        clock: Callable[[], datetime] = utc_now,
        hasher: PasswordHasher = HASHER,
        *,
        today: Callable[[], date] | None = None,
        second_factor: str = "administrators",
    ) -> None:
        self._session = session
        self._clock = clock
        self._hasher = hasher
        self._today = today or (lambda: clock().date())
        self._second_factor = second_factor
        self.factors = Factors(session, clock)
        self.invitations = Invitations(session, clock)
        self.deputies = Deputies(session)
        self.log = AuditLog(session, clock)

    # Accounts

    def add(self, login: str, name: str, password: str, email: str = "") -> Account:
        """Return a new account. Raises Refused: `not_a_login`, `login_taken`, or what `check_password` raises."""
        begin_writing(self._session)
        if not is_login(folded(login)):
            raise Refused("not_a_login")
        check_password(password, folded(login), name)
        return self._add(login, name, email, self._hash(password))

    def invite(self, login: str, name: str, email: str) -> Account:
        """Return a new account that nobody can open before a password is set. Raises Refused as `add` does."""
        begin_writing(self._session)
        if not is_login(folded(login)):
            raise Refused("not_a_login")
        return self._add(login, name, email, "")

    def _add(self, login: str, name: str, email: str, hashed: str) -> Account:
        values = {"login": folded(login), "name": name.strip(), "email": email.strip(), "disabled": False}
        values |= {"password": hashed, "created": self._clock()}
        if self._session.scalar(insert_new(self._session, accounts, values).returning(accounts.c.id)) is None:
            raise Refused("login_taken")
        return self.account(login)

    def account(self, login: str) -> Account:
        """Return an account, disabled or not."""
        row = self._row(login)
        return _account(row, self._grants(grants.c.account_id == row.id)[row.id])

    def numbered(self, number: int) -> Account:
        """Return the account of a number. Raises NotFound."""
        row = self._session.execute(select(accounts).where(accounts.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(str(number))
        return _account(row, self._grants(grants.c.account_id == row.id)[row.id])

    def accounts(self) -> list[Account]:
        """Return all accounts, by login."""
        granted = self._grants()
        return [
            _account(row, granted[row.id]) for row in self._session.execute(select(accounts).order_by(accounts.c.login))
        ]

    def set_password(self, login: str, password: str) -> None:
        """Give an account another password, end its sessions and make its links void.

        Raises what `check_password` raises.
        """
        begin_writing(self._session)
        row = self._row(login)
        check_password(password, row.login, row.name)
        self._update(row, password=self._hash(password))
        self._end_sessions(row)
        self.invitations.drop(login)

    def describe(self, login: str, name: str, email: str) -> None:
        """Give an account another name and e-mail address; links that went to the old address are void."""
        begin_writing(self._session)
        row = self._row(login)
        self._update(row, name=name.strip(), email=email.strip())
        if email.strip() != row.email:
            self.invitations.drop(login)

    def disable(self, login: str, disabled: bool = True) -> None:
        """Lock an account, end its sessions and make its links void, or unlock it."""
        begin_writing(self._session)
        row = self._row(login)
        self._update(row, disabled=disabled)
        self._end_sessions(row)
        if disabled:
            self.invitations.drop(login)

    def one_at_a_time(self) -> None:
        """Wait until nobody else decides by who there is: of two, the second sees what the first has done."""
        begin_writing(self._session, alone=True)

    def grant(self, login: str, grant: Grant) -> None:
        """Give an account a role for an office; if it has that role there already, until another day."""
        begin_writing(self._session)
        row = self._row(login)
        self._session.execute(delete(grants).where(_is_grant(row, grant)))
        values = {"account_id": row.id, "role": grant.role, "office": grant.office, "until": grant.until}
        self._session.execute(insert(grants).values(values))

    def ungrant(self, login: str, grant: Grant) -> None:
        """Take a role for an office away, whatever its last day, and end the account's sessions."""
        begin_writing(self._session)
        row = self._row(login)
        self._session.execute(delete(grants).where(_is_grant(row, grant)))
        self._end_sessions(row)

    def verify(self, login: str, password: str) -> Person | None:
        """Return whose login and password these are, else None; unknown and disabled accounts take as long.

        A right password is stored anew where the parameters of Argon2 have changed since.
        """
        row = find(self._session, login)
        if row is None or not row.password:
            # As costly as looking at a stored hash, so that the time does not tell that there is none.
            self._hash(password)
            return None
        try:
            self._hasher.verify(row.password, encoded(password))
        except (VerificationError, InvalidHashError):
            return None
        if row.disabled:
            return None
        if self._hasher.check_needs_rehash(row.password):
            begin_writing(self._session)
            self._update(row, password=self._hash(password))
        return self.account(login).person

    # Sessions

    def open_session(self, login: str, *, confirmed: bool = False, agent: str = "") -> str:
        """Return the token of a new session; only its hash is stored. Raises NotFound for a disabled account, too.

        Where the account has a second factor that was not given (`confirmed`), it is half open: see `half_open`.
        """
        begin_writing(self._session)
        row = self._row(login)
        if row.disabled:
            raise NotFound(login)
        now = self._clock()
        ended = or_(sessions.c.seen <= now - self.IDLE, sessions.c.opened <= now - self.ABSOLUTE)
        self._session.execute(delete(sessions).where(ended))
        token = secrets.token_urlsafe(32)
        values = {"token_hash": digest(token), "account_id": row.id, "opened": now, "seen": now}
        values |= {"confirmed": confirmed, "agent": agent[:100]}
        self._session.execute(insert(sessions).values(values))
        return token

    def session(self, token: str) -> SignedIn | None:
        """Return whose session this is, None if it has ended, never was, or is half open. Writes nothing: see `touch`.

        The person holds what is granted to them and to those for whom they stand in, without what takes a second
        factor that was not given.
        """
        row = self._with_session(token)
        if row is None or (row.totp and not row.confirmed):
            return None
        granted = [*self._grants(grants.c.account_id == row.id)[row.id], *self.deputies.held(row.id, self._today())]
        kept = granted if row.confirmed else [grant for grant in granted if not self._takes_factor(grant)]
        return SignedIn(
            person=Person(row.login, row.name, tuple(kept)),
            key=digest(token),
            opened=row.opened,
            seen=row.seen,
            due=row.seen <= self._clock() - self.TOUCH,
            confirmed=row.confirmed,
            lacks_factor=not row.confirmed and self._asks_factor(granted),
        )

    def half_open(self, token: str) -> str | None:
        """Return whose session waits for the second factor: a login, and None where none does, or no longer."""
        row = self._with_session(token)
        if row is None or not row.totp or row.confirmed or row.opened <= self._clock() - self.HALF_OPEN:
            return None
        return str(row.login)

    def open_sessions(self, login: str) -> list[OpenSession]:
        """Return the sessions of an account that have not ended, the newest first; those half open are left out."""
        row = self._row(login)
        columns = (sessions.c.token_hash.label("key"), sessions.c.opened, sessions.c.seen, sessions.c.agent)
        query = select(*columns).where(sessions.c.account_id == row.id, self._alive())
        if row.totp:
            query = query.where(sessions.c.confirmed)
        rows = self._session.execute(query.order_by(sessions.c.opened.desc(), sessions.c.token_hash))
        return [OpenSession(**found._mapping) for found in rows]

    def touch(self, token: str) -> None:
        """Note that somebody is still here, at most once in TOUCH; a session that has ended stays so."""
        begin_writing(self._session)
        now = self._clock()
        due = and_(self._open(token), sessions.c.seen <= now - self.TOUCH)
        self._session.execute(update(sessions).where(due).values(seen=now))

    def close_session(self, token: str) -> None:
        """End a session; one that has ended already is no fault."""
        begin_writing(self._session)
        self._session.execute(delete(sessions).where(sessions.c.token_hash == digest(token)))

    def close_sessions(self, login: str, *, only: str = "", but: str = "") -> None:
        """End all sessions of an account, the `only` one with this key, or all `but` that."""
        begin_writing(self._session)
        ended = delete(sessions).where(sessions.c.account_id == self._row(login).id)
        if only:
            ended = ended.where(sessions.c.token_hash == only)
        self._session.execute(ended.where(sessions.c.token_hash != but))

    # Failed attempts

    def record_failure(self, key: str) -> None:
        """Note a failed attempt under a key (an address, a login), of which only a hash is stored; forget old ones."""
        begin_writing(self._session)
        now = self._clock()
        self._session.execute(delete(attempts).where(attempts.c.at <= now - self.KEEP_FAILURES))
        self._session.execute(insert(attempts).values(key_hash=digest(key), at=now))

    def failures(self, key: str, within: timedelta, *, alone: bool = False) -> list[datetime]:
        """Return when attempts under a key failed in the time until now, oldest first.

        `alone`: nobody else who asks so is told before this unit of work ends, and what it noted counts for them.
        """
        if alone:
            begin_writing(self._session, alone=True)
        query = select(attempts.c.at).where(attempts.c.key_hash == digest(key), attempts.c.at > self._clock() - within)
        return list(self._session.scalars(query.order_by(attempts.c.at)))

    # The audit log

    def audit(self, actor: str, action: str, object: str, detail: dict[str, Any] | None = None) -> None:
        """Write a line into the audit log, in the transaction of what it tells of."""
        self.log.write(actor, action, object, detail)

    def audit_log(self, *, before: int | None = None, limit: int = 100) -> list[AuditLine]:
        """Return lines of the audit log, newest first; `before` a line's number for the next page."""
        return self.log.lines(Wanted(), before=before, limit=limit)

    def forget_audit(self, before: datetime) -> int:
        """Delete the lines of the audit log from before a moment; return how many."""
        return self.log.forget(before)

    def _row(self, login: str) -> Row[Any]:
        return get(self._session, login)

    def _grants(self, *conditions: ColumnElement[bool]) -> dict[int, list[Grant]]:
        query = select(grants).where(*conditions).order_by(grants.c.account_id, grants.c.office, grants.c.role)
        granted = defaultdict(list)
        for row in self._session.execute(query):
            granted[row.account_id].append(Grant(row.role, row.office, row.until))
        return granted

    def _update(self, row: Row[Any], **values: Any) -> None:
        self._session.execute(update(accounts).where(accounts.c.id == row.id).values(values))

    def _end_sessions(self, row: Row[Any]) -> None:
        self._session.execute(delete(sessions).where(sessions.c.account_id == row.id))

    def _alive(self) -> ColumnElement[bool]:
        now = self._clock()
        return and_(sessions.c.seen > now - self.IDLE, sessions.c.opened > now - self.ABSOLUTE)

    def _open(self, token: str) -> ColumnElement[bool]:
        return and_(sessions.c.token_hash == digest(token), self._alive())

    def _with_session(self, token: str) -> Row[Any] | None:
        query = select(accounts, sessions.c.opened, sessions.c.seen, sessions.c.confirmed).join(sessions)
        return self._session.execute(query.where(self._open(token), accounts.c.disabled.is_(False))).one_or_none()

    def _takes_factor(self, grant: Grant) -> bool:
        """Return whether this grant holds only for who gave a second factor."""
        of_whom = {"everybody": True, "administrators": grant.role is Role.ADMINISTRATOR, "nobody": False}
        return of_whom[self._second_factor]

    def _asks_factor(self, granted: Iterable[Grant]) -> bool:
        """Return whether who holds these grants has to give a second factor."""
        today = self._today()
        held = [grant for grant in granted if not grant.until or today <= grant.until]
        return self._second_factor == "everybody" or any(map(self._takes_factor, held))

    def _hash(self, password: str) -> str:
        return self._hasher.hash(encoded(password))


def _is_grant(row: Row[Any], grant: Grant) -> ColumnElement[bool]:
    return and_(grants.c.account_id == row.id, grants.c.role == grant.role, grants.c.office == grant.office)


def _account(row: Row[Any], granted: list[Grant]) -> Account:
    return Account(
        number=row.id,
        person=Person(row.login, row.name, tuple(granted)),
        email=row.email,
        disabled=row.disabled,
        created=row.created,
        invited=not row.password,
        has_factor=bool(row.totp),
    )
