"""Who pays: programmes that fund services or steps of the rollout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from servicedir.domain.day import Day
from servicedir.domain.service import Fault, is_web_address
from servicedir.domain.text import Text


class Level(StrEnum):
    """Whose money it is."""

    EU = "eu"
    FEDERAL = "federal"
    STATE = "state"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme that funds: what (`area`), who pays (`funder`), from when until when. `services` are slugs.

    Which steps use it is said by the steps.
    """

    slug: str
    name: Text
    level: Level = Level.OTHER
    area: Text = field(default_factory=Text)
    funder: Text = field(default_factory=Text)
    begins: Day | None = None
    ends: Day | None = None
    url: str = ""
    services: tuple[str, ...] = ()
    summary: Text = field(default_factory=Text)
    source: str = ""

    def runs(self, on: date) -> bool:
        """Return whether it is not said to be over, or still to come, on a day."""
        return (not self.begins or self.begins.first <= on) and (not self.ends or on <= self.ends.last)

    def faults(self) -> list[Fault]:
        """Return every rule that it breaks."""
        return list(self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not self.name:
            yield Fault("missing", ("name",))
        if not is_web_address(self.url):
            yield Fault("not_a_web_address", ("url",))
        if self.begins and self.ends and self.ends.last < self.begins.first:
            yield Fault("ends_before_it_begins", ("ends",))
