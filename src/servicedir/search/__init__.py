"""What was said, found again: the protocol of a search engine, and how one is opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.query import Held, Page, Query, Suggestion

if TYPE_CHECKING:  # What explains searches needs all that searches need; much of what runs never does.
    from servicedir.search.explaining import Explained


class Index(Protocol):
    """A disposable index of what outsiders may see. It knows the number of the last change that it holds."""

    def change(self) -> int:
        """Return the number of the last change held, 0 for an empty index."""

    def update(self, put: Iterable[Published], remove: Iterable[str], change: int) -> None:
        """Hold these entries instead of older ones, drop those slugs, and remember the change, all or nothing."""

    def rebuild(self, entries: Iterable[Published], change: int) -> None:
        """Hold just these entries and remember the change, all or nothing."""

    def find(self, query: Query, catalogue: Catalogue, today: date) -> Page:
        """Return one page of results with the counts of all facets. Never raises for anything typed as `q`."""

    def explain(self, query: Query, catalogue: Catalogue, today: date) -> list[Explained]:
        """Return for each entry of that page what it gains, and by which of its words."""

    def suggest(self, typed: str, language: str, catalogue: Catalogue) -> list[Suggestion]:
        """Return at most eight completions of what is typed. Never raises for anything typed."""

    def get(self, slug: str) -> Published | None:
        """Return the entry held under a slug."""

    def titles(self) -> Sequence[Held]:
        """Return all held entries in the order of their German titles."""

    def warm(self) -> None:
        """Make what searches need once before somebody waits for it; others are answered meanwhile."""

    def close(self) -> None:
        """Write to disk what is held in memory alone."""

    def spoken(self) -> frozenset[str]:
        """Return the languages in which the held services are offered."""

    def difference(self, entries: Iterable[Published]) -> list[str]:
        """Return a line for each entry that is missing, superfluous or outdated against these."""


def open_index(engine: str, folder: Path) -> Index:
    """Return the index of an engine (`whoosh`), made in `folder` if there is none. Raises ValueError for others."""
    if engine != "whoosh":
        raise ValueError(f"there is no search engine {engine!r}: use whoosh")
    from servicedir.search.whoosh_index import WhooshIndex

    return WhooshIndex(folder)
