"""An answer as a paper of the council: PDF that screen readers can read (PDF/UA-1), set by typst."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import count
from typing import Any

import typst

from servicedir.domain.moment import CITY_TIME
from servicedir.reports.annex import sections
from servicedir.reports.answer import Answer, Part, Reply, Table, Type
from servicedir.reports.excerpt import excerpt
from servicedir.reports.head import facts, kind, name
from servicedir.reports.widths import widths
from servicedir.reports.words import address, legible, question, word

REGIONS = {"de": "DE", "en": "GB"}
"""Whose rules of hyphenation a language follows."""
_LONG_WORD = re.compile(r"\S{41,}")


def pdf(answer: Answer, base: str) -> bytes:
    """Return an answer as a tagged PDF; the same answer always gives the same bytes, on every machine."""
    said = json.dumps(_data(answer, base), ensure_ascii=False)
    try:
        return _set(said, answer)
    except typst.TypstError:
        # PDF/UA wants a sign for each character, and our typefaces have none for some of them (emoji, Chinese).
        return _set("".join(_in_signs(character) for character in said), answer)


def _set(said: str, answer: Answer) -> bytes:
    return typst.compile(
        _source(),
        sys_inputs={"answer": said},
        font_paths=_fonts(),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(answer.recorded.timestamp()),
    )


@cache
def _source() -> bytes:
    return resources.files(__package__).joinpath("paper.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Return the typefaces that come with typst: those of the machine would make other bytes on another one."""
    return typst.Fonts(include_system_fonts=False)


@cache
def _in_signs(character: str) -> str:
    """Return a character, or its number in brackets where no typeface has a sign for it."""
    if character.isascii():
        return character
    try:
        typst.compile(
            b"#set document(title: [-])\n#sys.inputs.said",
            sys_inputs={"said": character},
            font_paths=_fonts(),
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
        )
    except typst.TypstError:
        return f"[U+{ord(character):04X}]"
    return character


# What typst is given: strings alone, which it never reads as its own language.


def _data(answer: Answer, base: str) -> dict[str, Any]:
    recorded = answer.recorded.astimezone(CITY_TIME)
    numbers = count(1)
    *said, checksum = facts(answer)
    data = _breakable(
        {
            "language": answer.language,
            "region": REGIONS.get(answer.language, "DE"),
            "city": answer.city,
            "paper": kind(answer),
            "title": answer.title,
            "name": name(answer),
            "date": (recorded.year, recorded.month, recorded.day),
            "facts": said,
            "introduction": answer.introduction,
            "replies": [_reply(answer, reply, base, numbers) for reply in answer.replies],
            "annex": [
                {"title": one.title, "paragraphs": one.paragraphs, "terms": one.terms, "link": one.link}
                for one in sections(answer, base)
            ],
            "has-tables": any(table.rows for reply in answer.replies for part in reply.parts for table in part.tables),
            "words": {
                key: word(key, answer.language) for key in ("page", "table", "tables", "list_today", "annex", "no_rows")
            },
        }
    )
    # Who copies the checksum wants nothing in it.
    return {**data, "facts": [*data["facts"], checksum]}


def _breakable(said: Any) -> Any:
    """Return values with every text legible, and with places to break in words that no line could hold."""
    match said:
        case str():
            return _LONG_WORD.sub(lambda found: _pieces(found[0]), legible(said))
        case dict():
            return {key: _breakable(value) for key, value in said.items()}
        case list() | tuple():
            return [_breakable(value) for value in said]
        case _:
            return said


def _pieces(word: str) -> str:
    if "://" in word:
        return word  # Lines break after the slashes of an address, and who copies it wants nothing in it either.
    return "\u200b".join(word[start : start + 10] for start in range(0, len(word), 10))


def _reply(answer: Answer, reply: Reply, base: str, numbers: Iterator[int]) -> dict[str, Any]:
    return {
        "question": question(reply),
        "parts": [_part(answer, part, base, numbers) for part in reply.parts],
    }


def _part(answer: Answer, part: Part, base: str, numbers: Iterator[int]) -> dict[str, Any]:
    return {
        "title": part.title,
        "paragraphs": part.paragraphs,
        "tables": [_table(answer, table, base, next(numbers)) for table in part.tables],
        "notes": part.notes,
        "link": address(base, part.path),
    }


def _table(answer: Answer, table: Table, base: str, number: int) -> dict[str, Any]:
    shown = excerpt(table, answer.language)
    width = widths(shown)
    return {
        "number": number,
        "caption": table.caption,
        "headings": [
            {"title": heading.title, "numeric": heading.type is Type.NUMBER, "share": share}
            for heading, share in zip(shown.headings, width.shares, strict=True)
        ],
        "rows": [[{"text": cell.text, "link": address(base, cell.path)} for cell in cells] for cells in shown.rows],
        "remarks": shown.remarks,
        "wide": width.is_wide,
        "low": width.are_low,
        "size": width.size,
    }
