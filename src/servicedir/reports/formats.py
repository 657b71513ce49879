"""The files in which an answer is read: each a media type and a function from the answer to bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from servicedir.reports import html
from servicedir.reports.answer import Answer, as_json

Render = Callable[[Answer, str], bytes]
"""From an answer, and the address (`https://…`, no slash at the end; empty if unknown) at which paths are found."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its media type with the character set, and how it is made."""

    media_type: str
    render: Render


def _json(answer: Answer, base: str) -> bytes:
    return as_json(answer)


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json; charset=utf-8", _json),
    "html": Format("text/html; charset=utf-8", html.page),
}
"""Every whole file of an answer, by the ending of its name; JSON first, which the checksum is of."""


def files(answers: Iterable[Answer], base: str) -> list[tuple[str, str, bytes]]:
    """Return all files of an answer, given in every language: format, language and content."""
    return [
        (name, answer.language, content)
        for answer in answers
        for name, content in (
            *((name, format.render(answer, base)) for name, format in FORMATS.items()),
            ("body", html.body(answer, base).encode()),
        )
    ]
