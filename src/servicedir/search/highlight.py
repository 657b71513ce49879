"""Where the searched words stand: a piece of a text as escaped HTML with the words marked."""

from __future__ import annotations

import re
from html import escape

from servicedir.search import german

_LINK = re.compile(r"\[([^\]\[]*)\]\([^()\s]*\)")
_SIGN = re.compile(r"^\s*(?:[-*+>]|#{1,6}|\d{1,3}\.)\s+|[*_`]+", re.MULTILINE)

LENGTH = 240
"""Characters of a marked piece, about."""


def plain(markdown: str) -> str:
    """Return the words of a Markdown text without its signs, on one line."""
    words = _LINK.sub(r"\1", markdown)
    return " ".join(_SIGN.sub("", words).split())


def highlight(text: str, stems: frozenset[str], language: str) -> str:
    """Return a piece of `text` around the first searched word; `<mark>` is its only markup. Empty without a hit."""
    spans = [m.span() for m in german.words(text) if not stems.isdisjoint(german.tokens_of(m.group(), language))]
    if not spans:
        return ""
    first, behind = spans[0]
    start = 0 if len(text) <= LENGTH else _word_start(text, max(0, first - LENGTH // 3), first)
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(behind, text.rfind(" ", behind, end))
    pieces, at = ["… " if start else ""], start
    for left, right in spans:
        if left >= start and right <= end:
            pieces += [escape(text[at:left]), "<mark>", escape(text[left:right]), "</mark>"]
            at = right
    pieces += [escape(text[at:end]), " …" if end < len(text) else ""]
    return "".join(pieces)


def _word_start(text: str, at: int, most: int) -> int:
    """Return where the next word begins, or `most` if that is nearer."""
    space = text.find(" ", at, most)
    return at if at == 0 else most if space < 0 else space + 1
