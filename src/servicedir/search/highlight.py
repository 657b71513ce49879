"""Where the searched words stand: a piece of a text as escaped HTML with the words marked."""

from __future__ import annotations

import re
from collections.abc import Container
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


class Piece:
    """A text whose words are known, so that marking some of them is a matter of looking them up."""

    __slots__ = ("_spans", "language", "text")

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self._spans = [(german.keys(m.group(), language), m.start(), m.end()) for m in german.words(text)]

    def has(self, words: Container[str]) -> bool:
        """Return whether any of the words, as `german.keys` writes them, stands here."""
        return any(key in words for keys, _left, _right in self._spans for key in keys)

    def marked(self, words: Container[str]) -> str:
        """Return a piece of the text around the first of the words; `<mark>` is its only markup. Empty without one."""
        spans = [(left, right) for keys, left, right in self._spans if any(key in words for key in keys)]
        if not spans:
            return ""
        text = self.text
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
