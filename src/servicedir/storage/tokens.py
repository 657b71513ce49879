"""Tokens of other programs, of which only a hash is kept, and the answers to writes that they may send again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from servicedir.domain.token import Purpose, Token
from servicedir.storage.accounts import digest
from servicedir.storage.database import begin_writing, insert_new
from servicedir.storage.outside import repeats, tokens
from servicedir.storage.tables import utc_now

PREFIX = "sd_"
"""What every token begins with, so that people and scanners of secrets recognise one that lies about."""


class Tokens:
    """The tokens that a session of the database sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def make(
        self, name: str, purposes: Iterable[Purpose], offices: Iterable[str], *, author: str, expires: date | None
    ) -> tuple[Token, str] | None:
        """Return a new token and its secret, which is kept nowhere; None where another one has or had this name."""
        begin_writing(self._session, alone=True)
        if self._session.scalar(select(tokens.c.id).where(tokens.c.name == name)) is not None:
            return None
        secret = PREFIX + secrets.token_urlsafe(32)
        values = {"name": name, "token_hash": digest(secret), "author": author, "made": self._clock()}
        values |= {"purposes": list(purposes), "offices": list(offices), "expires": expires}
        number = self._session.execute(insert(tokens).values(values).returning(tokens.c.id)).scalar_one()
        return self.all(number)[0], secret

    def find(self, secret: str) -> Token | None:
        """Return the token of a secret, whether it is still good or not; None where there is none.

        It is looked up by the hash of 256 random bits: how long that takes tells nobody anything about another one.
        """
        row = self._session.execute(select(tokens).where(tokens.c.token_hash == digest(secret))).one_or_none()
        return _token(row) if row else None

    def all(self, number: int | None = None) -> list[Token]:
        """Return every token there ever was, the newest first; or the one of a number."""
        query = select(tokens).order_by(tokens.c.id.desc())
        if number is not None:
            query = query.where(tokens.c.id == number)
        return [_token(row) for row in self._session.execute(query)]

    def revoke(self, number: int) -> bool:
        """Let a token be good for nothing from now on; return False where it is already, or never existed."""
        begin_writing(self._session)
        mine = (tokens.c.id == number) & tokens.c.revoked.is_(None)
        query = update(tokens).where(mine).values(revoked=self._clock()).returning(tokens.c.id)
        return self._session.execute(query).one_or_none() is not None

    def note_used(self, number: int, on: date) -> None:
        """Note that a token was used on a day."""
        begin_writing(self._session)
        self._session.execute(update(tokens).where(tokens.c.id == number).values(used=on))


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id,
        name=row.name,
        purposes=tuple(Purpose(purpose) for purpose in row.purposes),
        offices=tuple(row.offices),
        author=row.author,
        made=row.made,
        expires=row.expires,
        used=row.used,
        revoked=row.revoked,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """What was answered under a key: `fingerprint` tells of which request; a `status` of 0 is that of no answer yet."""

    fingerprint: str
    status: int
    answer: dict[str, Any]


class Repeats:
    """The writes that are remembered. Whoever begins one and does not commit leaves nothing behind."""

    KEPT = timedelta(hours=24)
    """For so long at least the same answer is given again."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def begin(self, token: int, key: str, fingerprint: str) -> Repeat | None:
        """Return what was answered under a key of a token; None where nobody has come with it: then go on.

        Who comes while another one is at it waits until that one has committed, or gave up.
        """
        begin_writing(self._session)
        values = {"token_id": token, "key": key, "fingerprint": fingerprint, "status": 0, "answer": {}}
        new = insert_new(self._session, repeats, values | {"at": self._clock()}).returning(repeats.c.key)
        if self._session.scalar(new) is not None:
            return None
        row = self._session.execute(select(repeats).where(_is(token, key))).one()
        return Repeat(fingerprint=row.fingerprint, status=row.status, answer=row.answer)

    def finish(self, token: int, key: str, status: int, answer: dict[str, Any]) -> None:
        """Keep what was answered under a key that was begun."""
        self._session.execute(update(repeats).where(_is(token, key)).values(status=status, answer=answer))

    def forget(self) -> int:
        """Delete what was answered longer ago than KEPT; return how many."""
        begin_writing(self._session)
        old = repeats.c.at <= self._clock() - self.KEPT
        return len(self._session.execute(delete(repeats).where(old).returning(repeats.c.key)).all())


def _is(token: int, key: str) -> Any:
    return (repeats.c.token_id == token) & (repeats.c.key == key)
