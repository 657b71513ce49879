"""What the directory said to everybody at a moment, all of it at once: what reports are made from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from servicedir.domain.document import from_document
from servicedir.domain.figures import CountingPeriod
from servicedir.domain.history import Kind, Published
from servicedir.domain.service import Service
from servicedir.domain.text import sort_key
from servicedir.reports.state import State

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


class Knowledge:
    """What there was to know; drafts and figures that are not released never are."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def first(self) -> datetime | None:
        """Return the moment (UTC) before which nobody could read anything here; None where nobody ever could."""
        moments = self._directory.editions.first_and_last(Kind.SERVICE)
        return moments[0] if moments else None

    def state(self, recorded: datetime | None = None, years: Iterable[str] = ()) -> State:
        """Return all that was recorded up to a moment (UTC; None: now), with the figures of some years (`2024`).

        It is read from the database alone, so it is whole also within the transaction that writes it.
        """
        directory = self._directory
        moment = directory.house.now() if recorded is None else recorded
        verified = directory.upkeep.verified(Kind.SERVICE, None, recorded)
        entries = [
            Published(
                service=from_document(Service, revision.document).verified_on(verified.get(slug, {})),
                revision=revision.number,
                updated=revision.recorded,
            )
            for slug, revision in directory.revisions.all_live(Kind.SERVICE, recorded)
        ]
        # What had not begun by then is not missing from what was known then.
        then = directory.house.day_of(moment)
        wanted = [CountingPeriod(year) for year in sorted(set(years))]
        smallest = directory.house.settings.smallest_figure
        return State(
            catalogue=directory.read_catalogue(recorded),
            services=tuple(sorted(entries, key=lambda entry: sort_key(entry.service.title.within("de")))),
            recorded=moment,
            today=directory.today,
            first=self.first(),
            sums=directory.stored_figures.sums(wanted, today=then, smallest=smallest, recorded=recorded)
            if wanted
            else {},
        )
