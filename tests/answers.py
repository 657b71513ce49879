"""Answers for tests: each call makes a new one, complete and plausible; name what the test is about, and no more."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from servicedir.domain.figures import Standing
from servicedir.domain.inquiry import BlockKind
from servicedir.reports.answer import Answer, Cell, Heading, Part, Reply, Row, Table, Type

HOSTILE = (
    "<script>alert(1)</script> & \"quoted\" 'so'",
    '#import "@preview/cetz:0.3.0"',
    "$ x^2 $ \\pagebreak ] ) } #{ panic() } */ // `raw` _a_ *b* @label <label> = Heading",
    '#eval("1") #read("/etc/passwd")',
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikationsrechtsschutzversicherung" * 3,
    "שלום עולם مرحبا",
    "\0NUL\x07\x1b[31m\u202eabc",
    "👩‍👩‍👧 ≥ ½ ‰ „so“ ‚so‘ – — … → § €",
    "=cmd|' /C calc'!A0",
)
"""What somebody types who wants to see what happens."""


def a_table(**fields: Any) -> Table:
    """A table of two services: one with a number, one that nobody counted."""
    defaults: dict[str, Any] = {
        "key": "figures",
        "caption": "Termine im Jahr 2023",
        "headings": (
            Heading(key="title", title="Leistung"),
            Heading(key="since", title="Seit", type=Type.DAY),
            Heading(key="held", title="Termine", type=Type.NUMBER),
        ),
        "rows": (
            Row(
                key="abmelden",
                cells=(
                    Cell(text="Wohnsitz abmelden", path="/services/wohnsitz-abmelden"),
                    Cell(text="Mai 2024", code="2024-05"),
                    Cell(text="1.250", number=1250),
                ),
            ),
            Row(
                key="beratung",
                cells=(
                    Cell(text="Beratung für Familien", path="/services/beratung"),
                    Cell(text=""),
                    Cell(text="nicht gezählt", standing=Standing.NOT_COUNTED, code="not_counted"),
                ),
            ),
        ),
    }
    return Table(**{**defaults, **fields})


def rows(count: int, cells: int = 3) -> tuple[Row, ...]:
    """So many rows, each with a text and then numbers."""
    return tuple(
        Row(
            key=str(number),
            cells=(Cell(text=f"Leistung {number}"), *(Cell(text=str(number), number=number) for _ in range(cells - 1))),
        )
        for number in range(1, count + 1)
    )


def a_part(**fields: Any) -> Part:
    """A block with a paragraph, a table and a note."""
    defaults: dict[str, Any] = {
        "kind": BlockKind.FIGURES,
        "title": "Nutzung",
        "paragraphs": ("So wurden die Angebote genutzt.",),
        "tables": (a_table(),),
        "notes": ("Ohne Angabe: 3 Leistungen.",),
        "path": "/?video=live",
    }
    return Part(**{**defaults, **fields})


def an_answer(*parts: Part, **fields: Any) -> Answer:
    """An answer with two questions: the first one has these parts (one, if none is given), the second only words."""
    defaults: dict[str, Any] = {
        "slug": "beratung-per-video",
        "language": "de",
        "city": "Musterstadt",
        "title": "Beratung per Video",
        "reference": "AF0001/26",
        "asked_by": "Ausschuss für Digitales",
        "received": date(2026, 1, 5),
        "deadline": date(2026, 2, 1),
        "on": date(2026, 1, 15),
        "recorded": datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
        "services": 42,
        "introduction": ("Die Stadt antwortet wie folgt.",),
        "replies": (
            Reply(number=1, question="Was gibt es per Video?", parts=parts or (a_part(),)),
            Reply(
                number=2,
                question="Was ist das Ziel?",
                parts=(Part(kind=BlockKind.TEXT, paragraphs=("Mehr Angebote.", "Schritt für Schritt.")),),
            ),
        ),
        "notes": ("Gezählt sind nur veröffentlichte Einträge.",),
    }
    return Answer(**{**defaults, **fields})
