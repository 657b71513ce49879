"""A search in words, for whoever follows it: the title of a feed, the subject of a mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from servicedir.domain import words
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.query import Query
from servicedir.domain.service import ChannelKind, Stage
from servicedir.domain.text import Text

_NEW = Text.of({"de": "Neues zu Dienstleistungen", "en": "News of services"})
_NEW_VIDEO = Text.of({"de": "Neue Video-Angebote", "en": "New video offers"})
_BY_VIDEO = Text.of({"de": "Video", "en": "Video"})
_QUOTED = {"de": "„{}“", "en": "“{}”"}


def described(query: Query, catalogue: Catalogue, language: str) -> str:
    """Return what a search is for, such as "Neue Video-Angebote · Jugendamt"."""
    return " · ".join(_parts(query, catalogue, language))


def _parts(query: Query, catalogue: Catalogue, language: str) -> Iterator[str]:
    available = all(stage.available for stage in query.video)
    by_video = query.channel == (ChannelKind.VIDEO,)
    yield (_NEW_VIDEO if by_video or (query.video and available) else _NEW).within(language)
    if query.q:
        yield _QUOTED.get(language, "{}").format(query.q)
    if query.video and (not available or query.video == (Stage.PILOT,)):
        yield f"{_BY_VIDEO.within(language)}: {_joined(words.label(stage, language) for stage in query.video)}"
    if query.channel and not by_video:
        yield _joined(words.label(kind, language) for kind in query.channel)
    if query.nature:
        yield _joined(words.label(nature, language) for nature in query.nature)
    nouns: tuple[tuple[Mapping[str, Any], tuple[str, ...]], ...] = (
        (catalogue.offices, query.office),
        (catalogue.topics, query.topic),
        (catalogue.audiences, query.audience),
    )
    for known, chosen in nouns:
        if chosen:
            yield _joined(known[slug].name.within(language) if slug in known else slug for slug in chosen)
    if query.language:
        yield _joined(words.language_name(code, language) for code in query.language)
    if query.on:
        yield query.on.isoformat()


def _joined(names: Iterator[str]) -> str:
    return ", ".join(names)
