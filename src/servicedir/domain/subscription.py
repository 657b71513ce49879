"""A search that somebody follows by mail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from servicedir.domain.query import PER_PAGE, Query, Sort

UNCONFIRMED = timedelta(hours=48)
"""After this a subscription is deleted that nobody confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who follows which search: `search` is the query string that says it, without its order and page.

    Nothing but the question whether they want it is sent before `confirmed`. `told` is the number of the change up to
    which they were told, `told_at` when that was. Moments are UTC.
    """

    id: int
    email: str
    search: str
    language: str
    made: datetime
    confirmed: datetime | None
    told: int
    told_at: datetime

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the search."""
        return parse_qsl(self.search)


def search_of(query: Query) -> str:
    """Return a search as subscriptions keep it: the same for all that find the same, whatever the order and day."""
    plain = replace(query, on=None, sort=Sort.RELEVANCE, page=1, per_page=PER_PAGE, lang="de")
    return urlencode(plain.pairs())


def folded(email: str) -> str:
    """Return an address as it is kept: without blanks around it, its host in small letters."""
    name, at, host = email.strip().rpartition("@")
    return f"{name}{at}{host.lower()}"


def mailbox(email: str) -> str:
    """Return an address as it is counted: anna+one@ and Anna+two@ reach the same person as anna@ (RFC 5233)."""
    name, at, host = email.lower().rpartition("@")
    return f"{name.partition('+')[0]}{at}{host}"
