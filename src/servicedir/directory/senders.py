"""Who sends us something without an account: counted by connection, so that nobody floods others or us."""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from servicedir.domain.reader import reader

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


class TooMany(Exception):
    """So much came from there that no more is taken; `seconds` until the next time it is."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"no more for {seconds} s")
        self.seconds = seconds


def key_of(directory: Directory, what: str, who: str) -> str:
    """Return under what somebody is counted: a digest that nobody without the secret can turn back."""
    return hmac.new(directory.house.settings.secret.encode(), f"{what} {who}".encode(), sha256).hexdigest()


def admit(directory: Directory, what: str, sender: str, most: int, window: timedelta) -> None:
    """Count that a sender, an IP address, sends something of a kind. Raises TooMany for more than so much in a window.

    A server behind a socket file knows no address: then all are counted as one.
    """
    key = key_of(directory, what, reader(sender))
    demand_room(directory, key, most, window)
    directory.people.record_failure(key)


def demand_room(directory: Directory, key: str, most: int, window: timedelta) -> None:
    """Raise TooMany where so much was counted under a key in a window as may be; nobody else counts meanwhile."""
    taken = directory.people.failures(key, window, alone=True)
    if len(taken) >= most:
        raise TooMany(max(1, int((taken[-most] + window - directory.house.now()).total_seconds())))
