"""Blocks built from values: what a block says of some services, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl

from builders import a_catalogue, an_inquiry, an_office
from houses import KINDS

from servicedir.domain.acceptance import Acceptance
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.figures import Measure, Total
from servicedir.domain.history import Kind, Published
from servicedir.domain.inquiry import Block
from servicedir.domain.programme import Programme
from servicedir.domain.query import Query, parse
from servicedir.domain.service import ChannelKind, Service
from servicedir.domain.step import Step
from servicedir.reports.answer import Answer, Cell, Part, Table
from servicedir.reports.building import answer
from servicedir.reports.state import State

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OFFICES = (an_office("buergeramt"), an_office("jugendamt"), an_office("pflegekinderdienst", parent="jugendamt"))


def a_state(*values: Any, **fields: Any) -> State:
    """What the directory knows: these services and nouns, beside OFFICES; in the order of the German titles."""
    plain = [value for value in values if type(value) in KINDS and KINDS[type(value)] is not Kind.SERVICE]
    plain = [value for value in plain if not isinstance(value, Step | Programme | Acceptance)]
    nouns = a_catalogue(*OFFICES, *plain)
    catalogue = Catalogue(
        nouns.offices,
        nouns.places,
        nouns.topics,
        nouns.audiences,
        steps={one.slug: one for one in values if isinstance(one, Step)},
        programmes={one.slug: one for one in values if isinstance(one, Programme)},
        acceptances={one.slug: one for one in values if isinstance(one, Acceptance)},
    )
    services = sorted(
        (one for one in values if isinstance(one, Service)), key=lambda service: service.title.within("de")
    )
    return State(
        catalogue=catalogue,
        services=tuple(Published(service=one, revision=1, updated=LONG_AGO) for one in services),
        **{"recorded": NOW, "today": TODAY, "first": LONG_AGO, **fields},
    )


def whole(state: State, *blocks: Block, language: str = "de", **fields: Any) -> Answer:
    """The answer that these blocks make."""

    def query(search: str) -> Query:
        return parse(parse_qsl(search), state.catalogue)

    def says(typed: str, service: Service) -> bool:
        return typed.lower() in service.title.within("de").lower()

    return answer(an_inquiry("af-1", *blocks, **fields), state, language=language, city="Stadt", parse=query, say=says)


def built(block: Block, *values: Any, language: str = "de", on: date | None = None, **fields: Any) -> Part:
    """What a block says of these values."""
    made = whole(a_state(*values, **fields), block, language=language, on=on)
    return made.replies[0].parts[0]


def sums(**years: dict[str, Total] | Total) -> dict[tuple[str, ChannelKind, Measure, str], Total]:
    """Figures of held video appointments, by the service's slug (`_` for `-`) and year (`y2024`)."""
    found = {}
    for slug, said in years.items():
        assert isinstance(said, dict)
        for year, total in said.items():
            found[slug.replace("_", "-"), ChannelKind.VIDEO, Measure.HELD, year] = total
    return found


def table(part: Part, key: str) -> Table:
    """The table of a part with a key."""
    (found,) = [one for one in part.tables if one.key == key]
    return found


def cells(found: Table, row: str) -> dict[str, Cell]:
    """The cells of a row by their column's key."""
    (one,) = [one for one in found.rows if one.key == row]
    return dict(zip((heading.key for heading in found.headings), one.cells, strict=True))


def texts(found: Table, row: str) -> dict[str, str]:
    """What stands in a row, by the column's key."""
    return {key: cell.text for key, cell in cells(found, row).items()}


def rows(found: Table) -> list[str]:
    """The keys of a table's rows, in their order."""
    return [one.key for one in found.rows]
