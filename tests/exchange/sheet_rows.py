"""Services as rows, and what somebody typed into them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

import pytest
from builders import (
    a_channel,
    a_constraint,
    a_legal_basis,
    a_period,
    a_service,
    a_text,
    a_video_need,
)

from servicedir.domain.document import to_document
from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind, Service
from servicedir.exchange import toml
from servicedir.exchange.sheet import BadRow, apply_row, to_row

ON = date(2026, 11, 24)


def the_sample() -> list[Service]:
    folder = resources.files("servicedir.sample")
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return [value for f in files for kind, value in toml.read(f.read_text("utf-8"), f.name) if kind is Kind.SERVICE]


def a_full_service(**fields: Any) -> Service:
    """A service with something in every column, and with what no column shows."""

    def ways() -> Iterator[Any]:
        for kind in ChannelKind:
            yield a_channel(
                kind,
                a_period("planned", "2023", until="2023-12", reason="Vorbereitung"),
                a_period(
                    "live",
                    "2024-05",
                    until="2028",
                    reason={"de": "Bewährt", "en": "Proven"},
                    source="Anfrage",
                    booking={"de": "Online buchen", "en": "Book online"},
                    booking_url="https://example.org/buchen",
                    slots_per_week=25,
                    by_arrangement=True,
                    telework=True,
                    needs=a_video_need(),
                ),
                note={"de": "Bemerkung", "en": "Note", "fr": "Note"},
            )

    both = {"de": "Deutsch", "en": "Englisch", "fr": "Französisch"}
    defaults: dict[str, Any] = {
        "title": both,
        "summary": both,
        "offices": ("buergeramt", "standesamt"),
        "body": {"de": "- Zeile eins\n- Zeile zwei", "en": "One  \ntwo"},
        "audiences": ("familien",),
        "topics": ("umzug", "tiere"),
        "keywords": ("Ausweis", "0351 115"),
        "documents": (a_text("Ausweis", en="Identity card"), a_text("Foto", en="Photo")),
        "costs": both,
        "duration": both,
        "legal_bases": (a_legal_basis(), a_legal_basis("§ 17 | 18 BMG", "")),
        "leika_key": "99115005070001",
        "languages": ("de", "en"),
        "places": ("rathaus",),
        "related": ("wohnsitz",),
        "channels": tuple(ways()),
        "constraints": (a_constraint(),),
    }
    return a_service(**{**defaults, **fields})


def edited(service: Service, **cells: str) -> Service:
    """The service after somebody has typed into these cells of its row."""
    return apply_row({**to_row(service, ON), **cells}, service, ON)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """Path -> plain value, for all that a document says."""
    if isinstance(value, dict):
        return {key: leaf for name, part in value.items() for key, leaf in leaves(part, (*path, name)).items()}
    if isinstance(value, list):
        return {key: leaf for at, part in enumerate(value) for key, leaf in leaves(part, (*path, at)).items()}
    return {path: value}


def changes(before: Service, after: Service) -> set[tuple[Any, ...]]:
    """The paths that differ between two services."""
    old, new = leaves(to_document(before)), leaves(to_document(after))
    return {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


def problems(service: Service | None, **cells: str) -> list[tuple[str, str]]:
    """Columns and codes of what is refused."""
    with pytest.raises(BadRow) as fault:
        apply_row({**(to_row(service, ON) if service else {}), **cells}, service, ON)
    return [(problem.column, problem.code) for problem in fault.value.problems]
