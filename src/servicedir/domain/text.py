"""One text in several languages, with an order of fallback that the reader can see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

LANGUAGES = ("de", "en")
"""Languages a text is looked for in, in the order of fallback, after the one asked for."""


class Shown(NamedTuple):
    """What a reader gets: the words, the language they are in, and whether that is the one asked for."""

    words: str
    language: str
    is_fallback: bool


@dataclass(frozen=True, slots=True)
class Text:
    """One value in several languages: pairs of language code and words, without empty words, sorted by language."""

    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, str] | str | None = None, /, **by_language: str) -> Text:
        """Return the text of a mapping of language to words; a bare string is German."""
        given: Mapping[str, str] = {"de": values} if isinstance(values, str) else values or {}
        pairs = {**given, **by_language} if by_language else given
        said = [(code, kept) for code, words in pairs.items() if words and (kept := words.strip())]
        said.sort()
        return cls(tuple(said))

    def __bool__(self) -> bool:
        return bool(self.values)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.values)

    def get(self, language: str) -> str:
        """Return the words in just this language, or an empty string."""
        return dict(self.values).get(language, "")

    def show(self, language: str) -> Shown:
        """Return the words in `language`, else in the first language of the fallback that has any."""
        for code, words in self.values:
            if code == language:
                return Shown(words, code, False)
        have = dict(self.values)
        for code in (*LANGUAGES, *have):
            if code in have:
                return Shown(have[code], code, True)
        return Shown("", language, False)

    def within(self, language: str) -> str:
        """Return the words of `show`, for places that cannot mark a fallback (titles, sorting, mails)."""
        return self.show(language).words


_SPELLED = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


def slug_of(words: str) -> str:
    """Return an address made of a title: lower case, umlauts written out, hyphens between words."""
    spelled = words.lower().translate(_SPELLED)
    parts = unicodedata.normalize("NFD", spelled)
    kept = "".join(
        char if char.isascii() and char.isalnum() else " " for char in parts if not unicodedata.combining(char)
    )
    return "-".join(kept.split())[:100].strip("-")


@lru_cache(maxsize=20_000)
def sort_key(words: str) -> str:
    """Return what a list is sorted by, in the order of German dictionaries (DIN 5007-1): ä as a, ß as ss."""
    folded = words.casefold()
    if folded.isascii():
        return folded
    return "".join(char for char in unicodedata.normalize("NFD", folded) if not unicodedata.combining(char))
