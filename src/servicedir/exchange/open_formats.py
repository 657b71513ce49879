"""The table of formats in which everybody may have all that is published: a new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from servicedir.exchange import catalogue_json, cpsv, delimited, sqlite, workbook
from servicedir.exchange.extract import Extract
from servicedir.exchange.hsds import file as hsds_file

REVISION = 3
"""Counted up whenever a format writes the same data in another way: files that were made before are made anew."""


@dataclass(frozen=True, slots=True)
class OpenFormat:
    """A format: `store` writes an extract into a file that is not there yet, in constant memory, always alike.

    `title` is what people call it, `iana` the media type without parameters, `file_type` its name in the EU's list of
    file types, which has none for SQLite.
    """

    title: str
    iana: str
    extension: str
    file_type: str
    store: Callable[[Extract, Path], None]
    charset: str = "utf-8"

    @property
    def media_type(self) -> str:
        """Return what an answer says of its content."""
        return f"{self.iana}; charset={self.charset}" if self.charset else self.iana


OPEN_FORMATS: dict[str, OpenFormat] = {
    "csv": OpenFormat("CSV", "text/csv", ".csv", "CSV", delimited.store),
    "xlsx": OpenFormat(
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
        "XLSX",
        workbook.store,
        charset="",
    ),
    "json": OpenFormat("JSON", "application/json", ".json", "JSON", catalogue_json.store),
    "jsonld": OpenFormat("JSON-LD", "application/ld+json", ".jsonld", "JSON_LD", cpsv.store_json_ld),
    "ttl": OpenFormat("Turtle", "text/turtle", ".ttl", "RDF_TURTLE", cpsv.store_turtle),
    "sqlite": OpenFormat("SQLite", "application/vnd.sqlite3", ".sqlite", "BIN", sqlite.store, charset=""),
    "hsds": OpenFormat("HSDS", "application/json", ".hsds.json", "JSON", hsds_file.store),
}
"""By their names in addresses and commands."""
