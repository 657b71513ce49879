"""The files in which an answer is read: each a media type and a function from the answer to bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from servicedir.reports.answer import Answer, to_plain

Render = Callable[[Answer, str], bytes]
"""From an answer, and the address (`https://…`, no slash at the end; empty if unknown) at which paths are found."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its media type with the character set, and how it is made."""

    media_type: str
    render: Render


def as_json(answer: Answer, base: str) -> bytes:
    """Return an answer as JSON: the same answer always gives the same bytes."""
    return json.dumps(to_plain(answer), ensure_ascii=False, indent=1).encode() + b"\n"


FORMATS: Mapping[str, Format] = {
    "json": Format("application/json; charset=utf-8", as_json),
}
"""Every whole file of an answer, by the ending of its name; JSON first, which the checksum is of."""


def files(answers: Iterable[Answer], base: str) -> list[tuple[str, str, bytes]]:
    """Return all files of an answer, given in every language: format, language and content."""
    return [
        (name, answer.language, format.render(answer, base)) for answer in answers for name, format in FORMATS.items()
    ]


def checksum(answer: Answer) -> str:
    """Return the SHA-256 of an answer's JSON, in hexadecimal."""
    return sha256(as_json(answer, "")).hexdigest()
