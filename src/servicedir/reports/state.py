"""What reports are made from: all that the directory said to everybody at a moment, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.figures import Measure, Total
from servicedir.domain.history import Published
from servicedir.domain.service import ChannelKind

Sums = Mapping[tuple[str, ChannelKind, Measure, str], Total]
"""What is known of a service (its slug), channel, measure and year (`2024`), as everybody may see it.

Of what nobody has said anything there is no key.
"""


@dataclass(frozen=True, kw_only=True)
class State:
    """The published catalogue as it was `recorded` up to a moment (UTC); services are sorted by their German title.

    `today` is the day on which this is read, `first` the moment of the first revision that everybody could see.
    """

    catalogue: Catalogue
    services: tuple[Published, ...]
    recorded: datetime
    today: date
    first: datetime | None = None
    sums: Sums = field(default_factory=dict)

    @cached_property
    def by_slug(self) -> Mapping[str, Published]:
        """Return the services by their slug."""
        return {entry.service.slug: entry for entry in self.services}

    @cached_property
    def earliest(self) -> date | None:
        """Return the first day of which anything is said about any channel."""
        days = (p.first for e in self.services for c in e.service.channels for p in c.periods if p.first != date.min)
        return min(days, default=None)
