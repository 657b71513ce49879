"""Whether a service says all the words of a search, without an index: for those who count and want no near misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servicedir.domain.service import Service
from servicedir.domain.text import LANGUAGES
from servicedir.search import german
from servicedir.search.texts import fields


def says(typed: str, service: Service) -> bool:
    """Return whether each typed word stands in the service's texts in some form; words like "und" do not matter."""
    wanted = [
        {stem for language in LANGUAGES for stem in _stems(german.keys(found.group(), language))}
        for found in german.words(typed)
        if not german.is_stop_word(found.group())
    ]
    have = {stem for _field, keys in fields(service) for stem in _stems(keys)}
    return all(stems & have for stems in wanted)


def _stems(keys: Iterable[str]) -> Iterator[str]:
    for word, language in map(german.unkeyed, keys):
        yield german.key(german.stem(word, language), language)
