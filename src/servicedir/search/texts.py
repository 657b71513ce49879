"""Which texts of a service are searched: the tokens of each field, and whether words stand side by side."""

from __future__ import annotations

from servicedir.domain.service import Service
from servicedir.domain.text import Text
from servicedir.search import german


def fields(service: Service) -> dict[str, str]:
    """Return the tokens of each searched field, separated by spaces."""
    keywords = " ".join(
        " ".join(german.tokens(words, language)) for words in service.keywords for language in ("de", "en")
    )
    return {
        "title": _joined(service.title),
        "keywords": keywords,
        "summary": _joined(service.summary),
        "body": " ".join([*map(_joined, _long(service)), *german.tokens(" ".join(_plain(service)), "de")]),
    }


def has_phrase(service: Service, phrase: list[frozenset[tuple[str, ...]]]) -> bool:
    """Return whether words, each given as its readings, stand side by side in one of the texts."""
    texts = [service.title, service.summary, *_long(service)]
    pieces = [(words, code) for text in texts for code, words in text]
    pieces += [(words, "de") for words in (*service.keywords, *_plain(service))]
    wanted = [{stem for reading in word for stem in reading} for word in phrase]
    for words, code in pieces:
        have = german.tokens(words, code)
        for start in range(len(have) - len(wanted) + 1):
            if all(have[start + step] in stems for step, stems in enumerate(wanted)):
                return True
    return False


def _joined(text: Text) -> str:
    return " ".join(token for language, words in text for token in german.tokens(words, language))


def _long(service: Service) -> list[Text]:
    """Return the texts of the field `body`, which counts least."""
    texts = [service.body, service.costs, service.duration, *service.documents]
    return texts + [c.note for c in service.constraints] + [c.note for c in service.channels]


def _plain(service: Service) -> list[str]:
    """Return what is no language's: key and citations."""
    bases = [*service.legal_bases, *(c.legal_basis for c in service.constraints if c.legal_basis)]
    return [service.leika_key, *(basis.citation for basis in bases)]
