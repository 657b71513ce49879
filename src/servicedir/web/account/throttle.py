"""How often somebody may guess: passwords, one-time codes, and where a link to a new password is to go."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyramid.request import Request

from servicedir.domain.reader import reader
from servicedir.web import forms

WINDOW = timedelta(minutes=5)
MOST_FAILURES = {"account": 10, "address": 50}
"""Failed attempts in WINDOW for one account from one address, and from one address altogether.

Nobody is locked out by a stranger: the right password still works from another address (ASVS 6.3.1). One-time codes are
counted for an account wherever they come from, since only who knows its password comes so far.
"""


class TooMany(Exception):
    """Too many failed attempts; the answer says when to come back."""


def folded(name: str) -> str:
    """Return a name however it is written: an account is found by all of these, so they are one to who guesses."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def password_keys(request: Request, login: str) -> dict[str, str]:
    """Return under what failed passwords are counted."""
    address = reader(request.environ.get("REMOTE_ADDR", ""))
    return {"account": f"login {address} {folded(login)}", "address": f"login {address}"}


def code_keys(request: Request, login: str) -> dict[str, str]:
    """Return under what failed one-time codes are counted."""
    return {"account": f"code {login}", "address": f"login {reader(request.environ.get('REMOTE_ADDR', ''))}"}


def demand_patience(people: Any, keys: Mapping[str, str]) -> None:
    """Raise TooMany where as many attempts failed as may."""
    if any(len(people.failures(key, WINDOW)) >= MOST_FAILURES[name] for name, key in keys.items()):
        raise TooMany


def count_failure(people: Any, keys: Mapping[str, str], action: str, object: str = "account") -> None:
    """Note that an attempt failed, and say so in the audit log; who it was is not known."""
    for key in keys.values():
        people.record_failure(key)
    people.audit("", action, object, {})


def refuse(request: Request) -> None:
    """Make the answer a 429 that says when to come back."""
    request.response.status_int = 429
    request.response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))


class Throttled(ABC):
    """A page with a form that is refused for some time after too many attempts."""

    request: Request
    form: forms.Form

    def ask(self, on_success: Any) -> Any:
        """Run the form; too many attempts are a 429."""
        try:
            return forms.run(self.form, self.request, on_success, self.show)
        except TooMany:
            refuse(self.request)
            return self.show(self.form) | {"too_many": True}

    @abstractmethod
    def show(self, form: forms.Form) -> dict[str, Any]:
        """Return what the template needs."""
