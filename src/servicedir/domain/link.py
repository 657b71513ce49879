"""Addresses in entries that lead nowhere: what was found wrong with them, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

AGAIN = timedelta(days=7)
"""After this an address is looked at again."""
CERTAIN = timedelta(days=1)
"""What fails counts as broken when it has failed in two looks at least so far apart: servers rest at night, too."""


class LinkFault(StrEnum):
    """What can be wrong with an address, beside a status of HTTP, which stands as its number."""

    MALFORMED = "malformed"
    FORBIDDEN = "forbidden"
    UNKNOWN_HOST = "unknown_host"
    NO_ANSWER = "no_answer"
    CERTIFICATE = "certificate"
    NOT_HTTP = "not_http"
    REDIRECTS = "redirects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The last look at an address, when (UTC) and what was wrong: a LinkFault, a status such as `404`, or nothing."""

    url: str
    checked: datetime
    fault: str = ""
    failing_since: datetime | None = None

    @property
    def broken(self) -> bool:
        """Return whether the address has failed for long enough to be sure."""
        return self.failing_since is not None and self.checked - self.failing_since >= CERTAIN

    def due(self, now: datetime) -> bool:
        """Return whether it is time for another look: after AGAIN, and sooner where it is not certain yet."""
        unsure = self.failing_since is not None and not self.broken
        return now - self.checked >= (CERTAIN if unsure else AGAIN)


@dataclass(frozen=True, slots=True)
class Broken:
    """An address in an entry that leads nowhere since a moment (UTC)."""

    url: str
    fault: str
    since: datetime
