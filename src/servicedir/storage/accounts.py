"""Finding an account by what somebody typed, and what of a secret is kept."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from servicedir.domain.history import NotFound
from servicedir.domain.token import ACTOR
from servicedir.storage.tables import accounts


def folded(login: str) -> str:
    """Return a login as it is stored: the same in upper and lower case and in any width."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def is_login(login: str) -> bool:
    """Return whether this can be the login of an account."""
    is_word = 0 < len(login) <= 100 and login.isprintable() and " " not in login
    return is_word and not login.startswith(ACTOR)


def find(session: Session, login: str) -> Row[Any] | None:
    """Return the row of an account, None if there is none."""
    login = folded(login)
    if not is_login(login):
        return None
    return session.execute(select(accounts).where(accounts.c.login == login)).one_or_none()


def get(session: Session, login: str) -> Row[Any]:
    """Return the row of an account. Raises NotFound."""
    row = find(session, login)
    if row is None:
        raise NotFound(login)
    return row


def encoded(words: str) -> bytes:
    """Return words as bytes; a form can hold what is no character, which must be wrong and not an error."""
    return words.encode("utf-8", "surrogatepass")


def digest(secret: str) -> str:
    """Return what is stored of a random secret, from which nobody gets it back."""
    return sha256(encoded(secret)).hexdigest()
