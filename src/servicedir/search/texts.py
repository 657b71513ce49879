"""What is searched of a service: how much each of its words says about it, by the field in which the word stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from servicedir.domain.service import Service
from servicedir.domain.text import Text
from servicedir.search import german

WEIGHTS = {"title": 12.0, "keywords": 3.0, "summary": 2.0, "body": 1.0}
"""How much a word counts by the field in which it stands."""

_USUAL = {"title": 4.0, "keywords": 40.0, "summary": 20.0, "body": 200.0}
"""Words that a field usually has. Constants and no averages, so that no entry changes what another one says."""
_LENGTH = {"title": 0.3, "keywords": 0.15, "summary": 0.5, "body": 0.65}
"""How much a word counts for less in a longer field (0: not at all)."""


def impacts(service: Service) -> dict[str, float]:
    """Return for each word, as `german.keys` writes it, how much it says about a service: at most about 30."""
    found: dict[str, float] = {}
    for name, keys in fields(service):
        counted = Counter(keys)
        length = 1 - _LENGTH[name] + _LENGTH[name] * counted.total() / _USUAL[name]
        for key, count in counted.items():
            found[key] = found.get(key, 0.0) + WEIGHTS[name] * count / length
    return found


def fields(service: Service) -> Iterator[tuple[str, list[str]]]:
    """Yield each searched field with its words, in the order of the text."""
    yield "title", _keys(service.title)
    yield "keywords", [key for words in service.keywords for key in german.tokens(words, "de")]
    yield "summary", _keys(service.summary)
    plain = [service.leika_key, *citations(service)]
    yield "body", [*(key for text in _long(service) for key in _keys(text)), *german.tokens(" ".join(plain), "de")]


def has_phrase(service: Service, phrase: list[frozenset[str]]) -> bool:
    """Return whether words, each given as the keys that may stand for it, stand side by side in one of the texts."""
    texts = [service.title, service.summary, *_long(service)]
    pieces = [(words, code) for text in texts for code, words in text]
    pieces += [(words, "de") for words in (*service.keywords, service.leika_key, *citations(service))]
    for words, code in pieces:
        have = german.tokens(words, code)
        for start in range(len(have) - len(phrase) + 1):
            if all(have[start + step] in keys for step, keys in enumerate(phrase)):
                return True
    return False


def citations(service: Service) -> Iterable[str]:
    """Return what a service cites."""
    bases = [*service.legal_bases, *(c.legal_basis for c in service.constraints if c.legal_basis)]
    return [basis.citation for basis in bases]


def _keys(text: Text) -> list[str]:
    return [key for language, words in text for key in german.tokens(words, language)]


def _long(service: Service) -> list[Text]:
    """Return the texts of the field `body`, which counts least."""
    texts = [service.body, service.costs, service.duration, *service.documents]
    return texts + [c.note for c in service.constraints] + [c.note for c in service.channels]
