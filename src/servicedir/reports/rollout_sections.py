"""What the page on the rollout of video is made of: sections, with tables whose numbers lead to their lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from servicedir.domain.figures import Standing
from servicedir.domain.query import Query
from servicedir.domain.service import Stage
from servicedir.domain.text import Text
from servicedir.reports.answer import Cell, Table
from servicedir.reports.rollout import Counts, Named
from servicedir.reports.sentences import say

MOST_ROWS = 12
"""Rows of the longest tables on the page; their files have all."""


@dataclass(frozen=True, slots=True)
class Group:
    """Stages that are counted together where there is no room for nine of them; `look` is their pattern in charts."""

    key: str
    name: Text
    stages: tuple[Stage, ...]
    look: int

    def count(self, counts: Counts) -> int:
        """Return how many services are in these stages."""
        return sum(counts[stage] for stage in self.stages)


GROUPS = (
    Group("available", Text.of(de="möglich", en="available"), (Stage.LIVE, Stage.PILOT), 0),
    Group(
        "coming",
        Text.of(de="geplant oder in Prüfung", en="planned or under review"),
        (Stage.PLANNED, Stage.UNDER_REVIEW),
        2,
    ),
    Group("over", Text.of(de="ausgesetzt oder beendet", en="paused or ended"), (Stage.PAUSED, Stage.ENDED), 4),
    Group(
        "against",
        Text.of(de="nicht geplant oder nicht möglich", en="not planned or not possible"),
        (Stage.NOT_PLANNED, Stage.RULED_OUT),
        6,
    ),
    Group("unknown", Text.of(de="nicht bekannt", en="not known"), (Stage.UNKNOWN,), 8),
)
AVAILABLE, COMING, OVER, AGAINST, UNKNOWN = GROUPS


@dataclass(frozen=True, slots=True)
class Listing:
    """Services that a number of the page stands for, where no search finds them."""

    key: str
    title: str
    services: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page: what it says, its tables, the chart of the first one (SVG), and what to know about it.

    `links` are further lists, each with its name and path.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    chart: str = ""
    notes: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    listings: tuple[Listing, ...] = ()


def path(on: date, **filters: Sequence[str]) -> str:
    """Return where the list is that a number of a day stands for."""
    query = Query(on=on, **filters)  # type: ignore[arg-type]  # filters by their names
    return f"/?{urlencode(query.pairs())}"


def number(count: int, link: str = "") -> Cell:
    """Return the cell of a number, which leads to its list."""
    return Cell(text=str(count), number=count, standing=Standing.NUMBER, code=str(count), path=link)


def share(part: int, whole: int, language: str) -> Cell:
    """Return the cell of a share in percent."""
    if not whole:
        return Cell(text=say(language, "keine", "none"))
    return Cell(text=f"{percent(part, whole)} %", code=f"{part / whole:.4f}")


def percent(part: int, whole: int) -> int:
    """Return the share in percent; a few are never said to be none, nor nearly all to be all."""
    if not whole:
        return 0
    rounded = round(100 * part / whole)
    return min(max(rounded, 1 if part else 0), 99 if part < whole else 100)


def services_of(language: str) -> str:
    """Return the heading of a column that counts services."""
    return say(language, "Dienstleistungen", "Services")
