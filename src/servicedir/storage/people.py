"""Who may sign in: accounts, what was granted to them, their sessions, failed attempts, and the audit log."""

from __future__ import annotations

import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Row, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from servicedir.domain.history import NotFound
from servicedir.domain.workflow import Grant, Person
from servicedir.storage.database import begin_writing, insert_new
from servicedir.storage.passwords import Refused, check_password
from servicedir.storage.tables import accounts, attempts, audit, grants, sessions, utc_now

HASHER = PasswordHasher()
"""Argon2id with the library's parameters (RFC 9106, low memory). Tests take one that costs less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in unless `disabled`; `created` is UTC."""

    person: Person
    email: str
    disabled: bool
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who has a session, with what is granted to them now; `due` says that `touch` would note they were here."""

    person: Person
    opened: datetime
    seen: datetime
    due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Who did what to which object, and when (UTC)."""

    number: int
    at: datetime
    actor: str
    action: str
    object: str
    detail: dict[str, Any]


class People:
    """The accounts that a session of the database sees. `clock` gives aware moments in UTC.

    Logins are the same in upper and lower case. Whatever names a login that does not exist raises NotFound,
    unless it says otherwise. Whatever writes wants a session for writing and raises RuntimeError without one.
    """

    IDLE = timedelta(minutes=30)
    """How long a session lives without a request (OWASP ASVS 5.0, 7.3.1)."""
    ABSOLUTE = timedelta(hours=12)
    """How long a session lives at all (7.3.2)."""
    TOUCH = timedelta(minutes=1)
    """How exactly it is known when somebody was last here: not every request writes."""
    KEEP_FAILURES = timedelta(days=1)
    """After this, a failed attempt is forgotten."""

    def __init__(
        self, session: Session, clock: Callable[[], datetime] = utc_now, hasher: PasswordHasher = HASHER
    ) -> None:
        self._session = session
        self._clock = clock
        self._hasher = hasher

    # Accounts

    def add(self, login: str, name: str, password: str, email: str = "") -> Account:
        """Return a new account. Raises Refused: `not_a_login`, `login_taken`, or what `check_password` raises."""
        begin_writing(self._session)
        login = _folded(login)
        if not _is_login(login):
            raise Refused("not_a_login")
        check_password(password, login, name)
        values = {"login": login, "name": name.strip(), "email": email.strip(), "disabled": False}
        values |= {"password": self._hash(password), "created": self._clock()}
        if self._session.scalar(insert_new(self._session, accounts, values).returning(accounts.c.id)) is None:
            raise Refused("login_taken")
        return self.account(login)

    def account(self, login: str) -> Account:
        """Return an account, disabled or not."""
        row = self._row(login)
        return _account(row, self._grants(grants.c.account_id == row.id)[row.id])

    def accounts(self) -> list[Account]:
        """Return all accounts, by login."""
        granted = self._grants()
        return [
            _account(row, granted[row.id]) for row in self._session.execute(select(accounts).order_by(accounts.c.login))
        ]

    def set_password(self, login: str, password: str) -> None:
        """Give an account another password, and end its sessions. Raises what `check_password` raises."""
        begin_writing(self._session)
        row = self._row(login)
        check_password(password, row.login, row.name)
        self._update(row, password=self._hash(password))
        self._end_sessions(row)

    def disable(self, login: str, disabled: bool = True) -> None:
        """Lock an account and end its sessions, or unlock it."""
        begin_writing(self._session)
        row = self._row(login)
        self._update(row, disabled=disabled)
        self._end_sessions(row)

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
        row = self._find(login)
        if row is None:
            # As costly as looking at a stored hash, so that the time does not tell that there is none.
            self._hash(password)
            return None
        try:
            self._hasher.verify(row.password, _bytes(password))
        except (VerificationError, InvalidHashError):
            return None
        if row.disabled:
            return None
        if self._hasher.check_needs_rehash(row.password):
            begin_writing(self._session)
            self._update(row, password=self._hash(password))
        return self.account(login).person

    # Sessions

    def open_session(self, login: str) -> str:
        """Return the token of a new session; only its hash is stored. Raises NotFound for a disabled account, too."""
        begin_writing(self._session)
        row = self._row(login)
        if row.disabled:
            raise NotFound(login)
        now = self._clock()
        ended = or_(sessions.c.seen <= now - self.IDLE, sessions.c.opened <= now - self.ABSOLUTE)
        self._session.execute(delete(sessions).where(ended))
        token = secrets.token_urlsafe(32)
        values = {"token_hash": _hash(token), "account_id": row.id, "opened": now, "seen": now}
        self._session.execute(insert(sessions).values(values))
        return token

    def session(self, token: str) -> SignedIn | None:
        """Return whose session this is, None if it has ended or never was. Writes nothing: see `touch`."""
        query = select(accounts, sessions.c.opened, sessions.c.seen).join(sessions)
        row = self._session.execute(query.where(self._open(token), accounts.c.disabled.is_(False))).one_or_none()
        if row is None:
            return None
        person = _account(row, self._grants(grants.c.account_id == row.id)[row.id]).person
        due = row.seen <= self._clock() - self.TOUCH
        return SignedIn(person=person, opened=row.opened, seen=row.seen, due=due)

    def touch(self, token: str) -> None:
        """Note that somebody is still here, at most once in TOUCH; a session that has ended stays so."""
        begin_writing(self._session)
        now = self._clock()
        due = and_(self._open(token), sessions.c.seen <= now - self.TOUCH)
        self._session.execute(update(sessions).where(due).values(seen=now))

    def close_session(self, token: str) -> None:
        """End a session; one that has ended already is no fault."""
        begin_writing(self._session)
        self._session.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))

    def close_sessions(self, login: str) -> None:
        """End all sessions of an account."""
        begin_writing(self._session)
        self._end_sessions(self._row(login))

    # Failed attempts

    def record_failure(self, key: str) -> None:
        """Note a failed attempt under a key (an address, a login), of which only a hash is stored; forget old ones."""
        begin_writing(self._session)
        now = self._clock()
        self._session.execute(delete(attempts).where(attempts.c.at <= now - self.KEEP_FAILURES))
        self._session.execute(insert(attempts).values(key_hash=_hash(key), at=now))

    def failures(self, key: str, within: timedelta) -> list[datetime]:
        """Return when attempts under a key failed in the time until now, oldest first."""
        query = select(attempts.c.at).where(attempts.c.key_hash == _hash(key), attempts.c.at > self._clock() - within)
        return list(self._session.scalars(query.order_by(attempts.c.at)))

    # The audit log

    def audit(self, actor: str, action: str, object: str, detail: dict[str, Any] | None = None) -> None:
        """Write a line into the audit log, in the transaction of what it tells of."""
        begin_writing(self._session)
        values = {"at": self._clock(), "actor": actor, "action": action, "object": object, "detail": detail or {}}
        self._session.execute(insert(audit).values(values))

    def audit_log(self, *, before: int | None = None, limit: int = 100) -> list[AuditLine]:
        """Return lines of the audit log, newest first; `before` a line's number for the next page."""
        query = select(audit).order_by(audit.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.number < before)
        return [AuditLine(**row._mapping) for row in self._session.execute(query)]

    def _find(self, login: str) -> Row[Any] | None:
        login = _folded(login)
        if not _is_login(login):
            return None
        return self._session.execute(select(accounts).where(accounts.c.login == login)).one_or_none()

    def _row(self, login: str) -> Row[Any]:
        row = self._find(login)
        if row is None:
            raise NotFound(login)
        return row

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

    def _open(self, token: str) -> ColumnElement[bool]:
        now = self._clock()
        return and_(
            sessions.c.token_hash == _hash(token),
            sessions.c.seen > now - self.IDLE,
            sessions.c.opened > now - self.ABSOLUTE,
        )

    def _hash(self, password: str) -> str:
        return self._hasher.hash(_bytes(password))


def _folded(login: str) -> str:
    return unicodedata.normalize("NFKC", login).strip().lower()


def _is_login(login: str) -> bool:
    return 0 < len(login) <= 100 and login.isprintable() and " " not in login


def _is_grant(row: Row[Any], grant: Grant) -> ColumnElement[bool]:
    return and_(grants.c.account_id == row.id, grants.c.role == grant.role, grants.c.office == grant.office)


def _account(row: Row[Any], granted: list[Grant]) -> Account:
    person = Person(row.login, row.name, tuple(granted))
    return Account(person=person, email=row.email, disabled=row.disabled, created=row.created)


def _bytes(words: str) -> bytes:
    # A form can hold what is no character; that must be a wrong password and not an error.
    return words.encode("utf-8", "surrogatepass")


def _hash(secret: str) -> str:
    return sha256(_bytes(secret)).hexdigest()
