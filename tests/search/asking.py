"""Short ways to ask an index, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from builders import a_catalogue, a_service

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.query import Page, Query
from servicedir.domain.service import Service
from servicedir.search import Index, open_index

TODAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 12, tzinfo=UTC)


def published(service: Service, revision: int = 1) -> Published:
    """The service as of a revision, each revision a minute later."""
    return Published(service=service, revision=revision, updated=START + timedelta(minutes=revision))


def services(count: int) -> list[Service]:
    return [a_service(f"s-{number:03}", title=f"Leistung {number:03}") for number in range(count)]


class Searching:
    """An index with services in it."""

    def __init__(self, index: Index, catalogue: Catalogue | None = None) -> None:
        self.index = index
        self.catalogue = catalogue or a_catalogue()

    def hold(self, *services: Service) -> None:
        self.index.rebuild([published(service, number) for number, service in enumerate(services, 1)], len(services))

    def page(self, q: str = "", **query: Any) -> Page:
        return self.index.find(Query(q=q, **query), self.catalogue, TODAY)

    def slugs(self, q: str = "", **query: Any) -> list[str]:
        return [hit.slug for hit in self.page(q, **query).hits]


@contextmanager
def anew(catalogue: Catalogue | None = None) -> Iterator[Searching]:
    """An index in a folder of its own, for each example of a property test.

    Hypothesis starts each example with the same random numbers, from which Whoosh makes the names of its files.
    """
    with TemporaryDirectory() as folder:
        searching = Searching(open_index("whoosh", Path(folder) / "index"), catalogue)
        yield searching
        searching.index.close()
