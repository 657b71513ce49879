"""How often the sites that may embed the catalogue showed it and led to it: counted in memory, read by coordinators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from servicedir.directory.tallies import Tallies
from servicedir.domain.workflow import Duty, Person
from servicedir.storage.embeds import Views

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House

SHOWN_DAYS = 30
"""Days back that are shown."""


class EmbedCounter:
    """The embeds of one process since they were last written down; any thread may count.

    Only sites on the list of `servicedir.embed_origins` are counted, else anybody could fill the table with names.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._tallies: Tallies[tuple[date, str], Views] = Tallies(
            house, "embeds", lambda directory, counted: directory.stored_embeds.add(counted)
        )

    def show(self, origin: str) -> bool:
        """Count that a site showed the catalogue; return whether it is on the list."""
        return self._count(origin, Views(shown=1))

    def click(self, origin: str) -> bool:
        """Count that somebody opened something of the catalogue on a site; return whether it is on the list."""
        return self._count(origin, Views(clicked=1))

    def _count(self, origin: str, views: Views) -> bool:
        if origin not in self._house.settings.embed_origins:
            return False
        self._tallies.add((self._house.today(), origin), views)
        return True

    def write(self) -> None:
        """Write down what was counted."""
        self._tallies.write()


@dataclass(frozen=True, slots=True)
class Embedding:
    """A site, what was counted of it, and whether it is on the list now."""

    origin: str
    views: Views
    listed: bool


class Embeds:
    """What one unit of work says of embeds. Every method raises Forbidden without the duty BOARD."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def sites(self, by: Person) -> list[Embedding]:
        """Return all sites on the list, and those that were counted in the last SHOWN_DAYS, the busiest first."""
        self._directory.demand_duty(by, Duty.BOARD)
        listed = self._directory.house.settings.embed_origins
        counted = self._directory.stored_embeds.since(self._since)
        found = [Embedding(origin, counted.get(origin, Views()), origin in listed) for origin in {*listed, *counted}]
        return sorted(found, key=lambda site: (-site.views.shown, -site.views.clicked, site.origin))

    def by_day(self, by: Person) -> list[tuple[date, str, Views]]:
        """Return the counts of each of the last SHOWN_DAYS and each site, the newest first."""
        self._directory.demand_duty(by, Duty.BOARD)
        return self._directory.stored_embeds.by_day(self._since)

    @property
    def _since(self) -> date:
        return self._directory.today - timedelta(days=SHOWN_DAYS)
