"""The table of formats in which the catalogue is handed out and taken back: a new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from servicedir.domain.service import Service
from servicedir.exchange import delimited, workbook
from servicedir.exchange.table import Sheet


class Writer(Protocol):
    """Makes a file of services as of a day; `revisions` says by slug which revision of an entry each is."""

    def __call__(self, services: Iterable[Service], on: date, revisions: Mapping[str, int] = ..., /) -> bytes:
        """Return the file."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `write` makes a file, `read` takes one apart (raises BadSheet) or is None."""

    media_type: str
    extension: str
    write: Writer
    read: Callable[[bytes], Sheet] | None = None


FORMATS: dict[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", ".csv", delimited.write, delimited.read),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", workbook.write, workbook.read
    ),
}
