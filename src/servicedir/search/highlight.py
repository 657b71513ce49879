"""Where the searched words stand: a piece of a text as escaped HTML with the words marked."""

from __future__ import annotations

import re
from array import array
from functools import lru_cache
from html import escape
from sys import intern

from servicedir.search import german

_LINK = re.compile(r"\[([^\]\[]*)\]\([^()\s]*\)")
_PART = re.compile(r"\w+")
_FOREIGN = re.compile("[^\\W0-9_a-zäöüß]")  # Letters that folding changes.
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
        self._keys = tuple([intern(key) for key, _left, _right in found])
        self._spans = array("I", [end for _key, *span in found for end in span])

    def has(self, words: frozenset[str]) -> bool:
        """Return whether any of the words, as `german.keys` writes them, stands here."""
        return not words.isdisjoint(self._keys)

    def marked(self, words: frozenset[str]) -> str:
        """Return a piece of the text around the first of the words; `<mark>` is its only markup. Empty without one."""
        if words.isdisjoint(self._keys):
            return ""
        ends = self._spans
        return _with_marks(
            self.text, sorted({(ends[2 * n], ends[2 * n + 1]) for n, key in enumerate(self._keys) if key in words})
        )


def _with_marks(text: str, spans: list[tuple[int, int]]) -> str:
    """Return a piece of a text around the first of some spans, with those in it marked; empty without any."""
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


def marked(text: str, language: str, words: frozenset[str]) -> str:
    """Return what `Piece.marked` does, for a long text of which only a piece is looked at closely."""
    if not (spoken := _spoken(words, language)) or (at := _first(text, spoken)) < 0:
        return ""
    start = 0 if len(text) <= LENGTH else _word_start(text, max(0, at - LENGTH // 3), at)
    end = len(text) if len(text) <= start + LENGTH else _word_end(text, at, start + LENGTH)
    piece = text[start:end]
    # Looked at once, so there is no use in remembering its words, as a Piece does.
    spans = [m.span() for m in german.words(piece) if not words.isdisjoint(german.keys(m.group(), language))]
    found = _with_marks(piece, spans)
    return f"{'… ' if start else ''}{found}{' …' if end < len(text) else ''}"


@lru_cache(maxsize=64)
def _spoken(words: frozenset[str], language: str) -> frozenset[str]:
    """Return the words of a language, folded, of what `german.keys` writes."""
    return frozenset(word for key in words for word, of in [german.unkeyed(key)] if (of == "en") == (language == "en"))


def _first(text: str, folded: frozenset[str]) -> int:
    """Return where the first of some folded words stands, -1 if nowhere."""
    lowered = text.lower()
    if len(lowered) != len(text) or _FOREIGN.search(lowered):
        return next((m.start() for m in german.words(text) if not folded.isdisjoint(german.spelled(m.group()))), -1)
    # Words are looked up by the line: faster than one by one, and the first line mostly has one.
    at = 0
    while at >= 0:
        end = lowered.find(" ", at + LENGTH)
        found = folded.intersection(_PART.findall(lowered, at, end if end > 0 else len(lowered)))
        if found:
            return min(_find(lowered, word, at) for word in found)
        at = end
    coupled = (m.group() for part in lowered.split() if "-" in part for m in german.words(part))
    return next((lowered.index(word) for word in coupled if word.replace("-", "") in folded), -1)


def _find(lowered: str, word: str, at: int) -> int:
    """Return where from some place on a word stands that is there and no part of a longer one."""
    while True:
        at = lowered.index(word, at)
        behind = at + len(word)
        if not (lowered[at - 1 : at].isalnum() or lowered[behind : behind + 1].isalnum()):
            return at
        at = behind


def _word_start(text: str, at: int, most: int) -> int:
    """Return where the next word begins, or `most` if that is nearer."""
    space = text.find(" ", at, most)
    return at if at == 0 else most if space < 0 else space + 1


def _word_end(text: str, least: int, most: int) -> int:
    """Return where the last word ends that begins before `most`, but for the one at `least`, which stands whole."""
    space = text.rfind(" ", least, most)
    return space if space >= 0 else text.find(" ", least) if " " in text[least:] else len(text)
