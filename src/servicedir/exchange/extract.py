"""What open data are made of: everything that is published, on a day, and who gives it away under which licence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Who gives the data away: `licence` is an address, `contact` an e-mail address or empty, `base` without a slash.

    `state` is a mark of all that outsiders see of the catalogue: the same mark and the same day make the same file.
    """

    title: str
    publisher: str
    licence: str
    contact: str
    base: str
    state: str

    def page(self, kind: str, slug: str) -> str:
        """Return the whole address of the page of a noun, such as `services` or `offices`."""
        return f"{self.base}/{kind}/{slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """All that goes into a file: `entries` come one at a time, in the order of their slugs, and only once.

    `on` is the day whose stages are shown; `slugs` are those of all published services, so that nothing leads to
    what outsiders may not know of. For `editors`, who bring sheets back, references stay as they are.
    """

    about: About
    on: date
    catalogue: Catalogue
    slugs: frozenset[str]
    entries: Iterable[Published]
    editors: bool = False

    def rows(self) -> Iterator[tuple[Service, int]]:
        """Yield each service with the number of its revision."""
        for entry in self.entries:
            service = entry.service
            if self.related(service) != service.related:
                service = replace(service, related=self.related(service))
            yield service, entry.revision

    def related(self, service: Service) -> tuple[str, ...]:
        """Return the slugs of the related services that outsiders see as well."""
        return tuple(slug for slug in service.related if self.editors or slug in self.slugs)
