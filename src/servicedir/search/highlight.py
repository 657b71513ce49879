"""Where the searched words stand: a piece of a text as escaped HTML with the words marked."""

from __future__ import annotations

import re
from array import array
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

    __slots__ = ("_keys", "_spans", "language", "text")

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        found = [(key, *m.span()) for m in german.words(text) for key in german.keys(m.group(), language)]
        self._keys = tuple([key for key, _left, _right in found])
        self._spans = array("I", [end for _key, *span in found for end in span])

    def has(self, words: frozenset[str]) -> bool:
        """Return whether any of the words, as `german.keys` writes them, stands here."""
        return not words.isdisjoint(self._keys)

    def marked(self, words: frozenset[str]) -> str:
        """Return a piece of the text around the first of the words; `<mark>` is its only markup. Empty without one."""
        if words.isdisjoint(self._keys):
            return ""
        ends = self._spans
        spans = sorted({(ends[2 * n], ends[2 * n + 1]) for n, key in enumerate(self._keys) if key in words})
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


def marked(text: str, language: str, words: frozenset[str]) -> str:
    """Return what `Piece.marked` does, for a long text of which only a piece is looked at closely."""
    at = next((m.start() for m in german.words(text) if not words.isdisjoint(german.keys(m.group(), language))), -1)
    if at < 0:
        return ""
    start = _word_start(text, max(0, at - LENGTH), at) if at > LENGTH else 0
    end = text.find(" ", at + 2 * LENGTH)
    found = Piece(text[start : end if end > 0 else None], language).marked(words)
    before = "… " if start and not found.startswith("… ") else ""
    return f"{before}{found}{' …' if end > 0 and not found.endswith(' …') else ''}"


def _word_start(text: str, at: int, most: int) -> int:
    """Return where the next word begins, or `most` if that is nearer."""
    space = text.find(" ", at, most)
    return at if at == 0 else most if space < 0 else space + 1
