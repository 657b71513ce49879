"""All services in one JSON document: an array of whole services, one in each line, in the order of their slugs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from servicedir.exchange.extract import Extract
from servicedir.exchange.hsds import services
from servicedir.exchange.hsds.scope import Object, Scope


def dumps(value: Object | list[Object]) -> bytes:
    """Return a value as JSON without needless blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def pieces(extract: Extract) -> Iterator[bytes]:
    """Yield the document piece by piece, so that nobody has to hold it whole; the same state makes the same bytes."""
    scope = Scope(extract.catalogue, extract.on, base=extract.about.base, published=extract.slugs)
    before = b"[\n"
    for entry in extract.entries:
        yield before + dumps(services.whole(entry, scope))
        before = b",\n"
    yield b"[\n]\n" if before == b"[\n" else b"\n]\n"


def store(extract: Extract, path: Path) -> None:
    """Write the document of all that is published into a file."""
    with path.open("wb") as file:
        file.writelines(pieces(extract))
