"""Who sends us something without an account: counted by connection, so that nobody floods others or us."""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_network
from typing import TYPE_CHECKING

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

    In IPv6 a household has a network of 2^64 addresses.
    """
    try:
        network = str(ip_network((sender, 64 if ":" in sender else 32), strict=False))
    except ValueError:  # A server behind a socket file knows no address: then all are counted as one.
        network = sender
    key, people = key_of(directory, what, network), directory.people
    taken = people.failures(key, window)
    if len(taken) >= most:
        now = directory.house.now()
        raise TooMany(max(1, int((taken[-most] + window - now).total_seconds())))
    people.record_failure(key)
