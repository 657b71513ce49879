"""The second factor: one-time codes of an app (RFC 6238), and recovery codes for whoever has lost it."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pyotp import TOTP
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from servicedir.storage.accounts import digest, get
from servicedir.storage.database import begin_writing
from servicedir.storage.tables import accounts, recovery_codes, sessions, utc_now


class Factors:
    """The second factors of accounts. Raises NotFound for a login that does not exist."""

    STEP = 30
    """Seconds for which a code holds."""
    DRIFT = 1
    """Steps by which the clocks of app and server may differ."""
    RECOVERY_CODES = 8
    """How many codes there are for whoever has lost the app, each for one time."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def set_up(self, login: str, secret: str, code: str) -> list[str] | None:
        """Give an account a second factor and end its sessions, which were opened without it.

        Return its recovery codes, of which only hashes are kept. Return None, and change nothing, for a code that is
        not one of this secret now: then the app does not have it.
        Raises ValueError for a secret that is none (base32, 160 bits or more).
        """
        begin_writing(self._session)
        _check_secret(secret)
        row = get(self._session, login)
        step = self._step(secret, code, row.totp_step)
        if step is None:
            return None
        self._change(row.id, totp=secret, totp_step=step)
        return self._new_codes(row.id)

    def remove(self, login: str) -> None:
        """Take the second factor and its recovery codes away, and end the sessions in which it was given.

        A step that was used stays used.
        """
        begin_writing(self._session)
        row = get(self._session, login)
        self._change(row.id, totp="")
        self._session.execute(delete(recovery_codes).where(recovery_codes.c.account_id == row.id))

    def check(self, login: str, code: str) -> bool:
        """Return whether this is a code of now, or a recovery code, of an account; either holds one time only."""
        begin_writing(self._session)
        row = get(self._session, login)
        if not row.totp:
            return False
        step = self._step(row.totp, code, row.totp_step)
        if step is not None:
            # Of two who send the same code at the same moment, one is first.
            unused = (accounts.c.id == row.id) & (accounts.c.totp_step < step)
            query = update(accounts).where(unused).values(totp_step=step).returning(accounts.c.id)
            return self._session.scalar(query) is not None
        kept = (recovery_codes.c.account_id == row.id) & (recovery_codes.c.code_hash == _kept(code))
        used = self._session.execute(delete(recovery_codes).where(kept).returning(recovery_codes.c.account_id))
        return used.first() is not None

    def renew_codes(self, login: str) -> list[str]:
        """Return new recovery codes in the place of those there were."""
        begin_writing(self._session)
        return self._new_codes(get(self._session, login).id)

    def codes_left(self, login: str) -> int:
        """Return how many recovery codes an account has left."""
        query = select(func.count()).where(recovery_codes.c.account_id == get(self._session, login).id)
        return self._session.scalar(query) or 0

    def _change(self, account: int, **values: Any) -> None:
        self._session.execute(update(accounts).where(accounts.c.id == account).values(values))
        self._session.execute(delete(sessions).where(sessions.c.account_id == account))

    def _new_codes(self, account: int) -> list[str]:
        self._session.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account))
        codes = [_new_code() for _ in range(self.RECOVERY_CODES)]
        rows = [{"account_id": account, "code_hash": _kept(code)} for code in codes]
        self._session.execute(insert(recovery_codes), rows)
        return codes

    def _step(self, secret: str, code: str, last: int) -> int | None:
        """Return the time step after `last` that a code is for, None if it is for none of now."""
        digits = "".join(code.split())
        now = int(self._clock().timestamp()) // self.STEP
        found = None
        # All of them are looked at, so that the time does not tell which one it was.
        for step in range(now - self.DRIFT, now + self.DRIFT + 1):
            right = hmac.compare_digest(TOTP(secret).generate_otp(step).encode(), digits.encode("utf-8", "replace"))
            if right and step > last:
                found = step
        return found


def _check_secret(secret: str) -> None:
    try:
        raw = base64.b32decode(secret)
    except binascii.Error:
        raise ValueError("this is no secret in base32") from None
    if len(raw) < 20:
        raise ValueError("a secret has 160 bits at least")


def _new_code() -> str:
    """Return four groups of four letters and digits: with 80 bits, a hash of it gives nothing away."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _kept(code: str) -> str:
    """Return what is stored of a recovery code, however somebody writes it."""
    return digest("".join(letter for letter in code.lower() if letter.isalnum()))
