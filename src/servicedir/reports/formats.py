"""The files in which an answer is read: each a media type and a function from the answer to bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from servicedir.domain.text import Text
from servicedir.reports import html, sheets
from servicedir.reports.answer import Answer, as_json, tables

Render = Callable[[Answer, str], bytes]
"""From an answer, and the address (`https://…`, no slash at the end; empty if unknown) at which paths are found."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its media type with the character set, how it is made, and what people call it."""

    media_type: str
    render: Render
    name: Text


def _json(answer: Answer, base: str) -> bytes:
    return as_json(answer)


def _pdf(answer: Answer, base: str) -> bytes:
    # Here as in `_docx`, since what sets a paper takes much memory, and most processes never set one.
    from servicedir.reports.paper import pdf

    return pdf(answer, base)


def _docx(answer: Answer, base: str) -> bytes:
    from servicedir.reports.docx import docx

    return docx(answer, base)


def _body(answer: Answer, base: str) -> bytes:
    return html.body(answer, base).encode()


FORMATS: Mapping[str, Format] = {
    "json": Format(
        "application/json; charset=utf-8", _json, Text.of(de="JSON, für Programme", en="JSON, for programs")
    ),
    # A page with a style of its own, which our policy for pages forbids: to be served as a download.
    "html": Format("text/html; charset=utf-8", html.page, Text.of(de="Webseite", en="Web page")),
    "pdf": Format("application/pdf", _pdf, Text.of(de="PDF, barrierefrei", en="PDF, accessible")),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _docx,
        Text.of(de="Word, zum Weiterschreiben", en="Word, to go on writing"),
    ),
    "csv": Format("text/csv; charset=utf-8", sheets.all_tables, Text.of(de="CSV, alle Tabellen", en="CSV, all tables")),
}
"""Every whole file of an answer, by the ending of its name; JSON first, which the checksum is of."""

BODY = Format("text/html; charset=utf-8", _body, Text.of(de="Text der Seite", en="Text of the page"))
"""The answer within a page of the directory, frozen as `body`; nothing to download."""


def files(answers: Iterable[Answer], base: str) -> list[tuple[str, str, bytes]]:
    """Return all files of an answer, given in every language: format, language and content.

    Beside those of FORMATS that are `body` and a sheet for each table: `table-1`, `table-2` and so on, as CSV.
    """
    return [(name, answer.language, content) for answer in answers for name, content in _files(answer, base)]


def _files(answer: Answer, base: str) -> Iterator[tuple[str, bytes]]:
    for name, format in (*FORMATS.items(), ("body", BODY)):
        yield name, format.render(answer, base)
    for number, (_reply, _part, table) in enumerate(tables(answer), 1):
        yield f"table-{number}", sheets.one_table(table)
