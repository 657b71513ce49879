"""Where video stands in the whole city and in each office on a day, counted from what the index holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from servicedir.domain.query import Query
from servicedir.domain.service import Stage

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

Counts = Mapping[Stage, int]
"""How many services are in each stage; every stage is there, UNKNOWN like the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How many published services there are on a day, by the stage of their video channel.

    An office, by slug, has those of the offices below it as well, and a service of several offices counts in each.
    """

    on: date
    video: Counts
    offices: Mapping[str, Counts]

    @property
    def total(self) -> int:
        """Return the number of services, which is the sum of all stages."""
        return sum(self.video.values())


class Rollout:
    """The rollout of video, as outsiders see it."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def on(self, day: date) -> Spread:
        """Return where video stands on a day: a search for each stage, whatever the number of offices."""
        offices: dict[str, dict[Stage, int]] = {slug: {} for slug in self._directory.catalogue.offices}
        everything = self._directory.search(Query(on=day, per_page=1)).facets["video"]
        for stage in Stage:
            facet = self._directory.search(Query(on=day, video=(stage,), per_page=1)).facets["office"]
            for slug, count in zip(facet.values, facet.counts, strict=True):
                offices.setdefault(slug, {})[stage] = count
        return Spread(
            on=day,
            video={stage: dict(zip(everything.values, everything.counts, strict=True))[stage] for stage in Stage},
            offices={slug: {stage: counts.get(stage, 0) for stage in Stage} for slug, counts in offices.items()},
        )
