"""What open data are made of: everything that is published, on a day, and who gives it away under which licence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.service import Service
from servicedir.exchange.columns import COLUMNS, FOR_READERS, Column
from servicedir.exchange.sheet import to_row


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

    def rows(self) -> Iterator[tuple[Service, int | None]]:
        """Yield each service, for editors with the number of its revision, which is nothing to anybody else."""
        for entry in self.entries:
            service = entry.service
            if self.related(service) != service.related:
                service = replace(service, related=self.related(service))
            yield service, entry.revision if self.editors else None

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns of a sheet; those that only readers need are not in that of editors."""
        return COLUMNS if self.editors else (*COLUMNS, *FOR_READERS)

    def lines(self) -> Iterator[list[str]]:
        """Yield the cells of each service, one for each of the columns."""
        for service, revision in self.rows():
            yield [*to_row(service, self.on, revision).values(), *self._for_readers(service)]

    def _for_readers(self, service: Service) -> list[str]:
        if self.editors:
            return []
        office = self.catalogue.offices.get(service.office)
        return [office.name.within("de") if office else "", self.about.page("services", service.slug)]

    def related(self, service: Service) -> tuple[str, ...]:
        """Return the slugs of the related services that outsiders see as well."""
        return tuple(slug for slug in service.related if self.editors or slug in self.slugs)
