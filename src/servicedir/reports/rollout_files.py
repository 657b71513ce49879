"""The files that go with the page on the rollout of video: each table as CSV, each chart as a picture for a paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from servicedir.reports.answer import Cell, Heading, Row, Table, Type
from servicedir.reports.rollout_sections import Listing, Section, number
from servicedir.reports.sentences import say
from servicedir.reports.sheets import one_table

if TYPE_CHECKING:
    import typst

DOTS_PER_INCH = 264
"""Enough for print: about 1500 dots for the width of a chart."""

CHARTS = frozenset({"stages", "growth", "offices", "topics", "natures", "unknown"})
"""Sections that may have a chart, by their keys."""

_TABLES = CHARTS | {"", "steps", "planned", "law", "against", "decisions", "attested"}
_LISTING = re.compile(r"law-[1-9][0-9]{0,3}", re.ASCII)

_PICTURE = """
#let said = json(bytes(sys.inputs.said))
#set page(width: 424pt, height: auto, margin: 12pt)
#set text(font: "Libertinus Serif", size: 11pt, lang: said.language)
#text(size: 14pt, weight: "bold", said.title)
#v(2pt)
#image(bytes(said.chart), format: "svg", width: 400pt)
#text(size: 9pt, said.source)
"""


def may_be_sheet(name: str) -> bool:
    """Return whether a table or a listing may have this name, which is known without making any."""
    return name in _TABLES or bool(_LISTING.fullmatch(name))


def sheets(sections: Iterable[Section], language: str) -> dict[str, bytes]:
    """Return every table and listing as CSV, by the name of its file, and under an empty name all numbers in one."""
    found = list(sections)
    files = {table.key: one_table(table) for section in found for table in section.tables}
    files |= {listing.key: one_table(_listed(listing, language)) for section in found for listing in section.listings}
    return {**files, "": one_table(_all(found, language))}


def picture(chart: str, *, title: str, source: str, language: str) -> bytes:
    """Return a chart as PNG with its title above and where it is from below."""
    # Here and below, since it takes much memory, and most processes never make a picture.
    import typst

    said = json.dumps({"title": title, "source": source, "language": language, "chart": chart})
    return typst.compile(
        _PICTURE.encode(),
        sys_inputs={"said": said},
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=DOTS_PER_INCH,
    )


@cache
def _fonts() -> typst.Fonts:
    """Return the typefaces that come with typst: those of the machine would make other pictures on another one."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def _listed(listing: Listing, language: str) -> Table:
    rows = (
        Row(key=one.slug, cells=(Cell(text=one.title.within(language)), Cell(text=one.slug)))
        for one in listing.services
    )
    headings = Heading(key="title", title=say(language, "Dienstleistung", "Service")), Heading(key="slug", title="slug")
    return Table(key=listing.key, caption=listing.title, headings=headings, rows=tuple(rows))


def _all(sections: Iterable[Section], language: str) -> Table:
    titles = (
        ("table", "Tabelle", "Table"),
        ("row", "Zeile", "Row"),
        ("name", "Name", "Name"),
        ("column", "Spalte", "Column"),
    )
    return Table(
        key="rollout",
        caption="",
        headings=(
            *(Heading(key=key, title=say(language, de, en)) for key, de, en in titles),
            Heading(key="number", title=say(language, "Anzahl", "Number"), type=Type.NUMBER),
        ),
        rows=tuple(_numbers(sections)),
    )


def _numbers(sections: Iterable[Section]) -> Iterator[Row]:
    for table in (table for section in sections for table in section.tables):
        for row in table.rows:
            for heading, cell in zip(table.headings, row.cells, strict=True):
                if cell.number is not None:
                    said = (table.key, row.key, row.cells[0].text, heading.title)
                    yield Row(key=row.key, cells=(*(Cell(text=text) for text in said), number(cell.number)))
