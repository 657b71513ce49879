"""The whole catalogue as one JSON document: each entry in the words of the API, with all languages beside them.

`about` first, then the small nouns, then `services`, one on each line, so that a program can also read it line by line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from servicedir.domain.document import to_document
from servicedir.domain.history import Published
from servicedir.domain.service import Channel, ChannelKind, Constraint, Period
from servicedir.domain.text import Text
from servicedir.exchange.entry_parts import TEXTS, channel_on, constrained, moment, stage, whole_period
from servicedir.exchange.extract import Extract

LISTS = ("audiences", "topics", "keywords", "languages", "places")
INTERNAL = ("version", "four_eyes")
"""What is no business of outsiders: how the document is kept, and how an office works."""


def _in_german(text: Text) -> str:
    return text.within("de")


def store(extract: Extract, path: Path) -> None:
    """Write all that is published into a file."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces(extract))


def pieces(extract: Extract) -> Iterator[str]:
    """Yield the document piece by piece."""
    about, known = extract.about, extract.catalogue
    head = {
        "title": about.title,
        "publisher": about.publisher,
        "licence": about.licence,
        "contact": about.contact or None,
        "url": f"{about.base}/data/",
        "on": extract.on.isoformat(),
        "state": about.state,
    }
    yield f'{{"about":{_json(head)}'
    for name in ("offices", "topics", "audiences", "places"):
        nouns = (_noun(noun) for noun in getattr(known, name).values())
        yield f',\n"{name}":['
        yield from _lines(nouns)
        yield "\n]"
    yield ',\n"services":['
    yield from _lines(entry(published, extract) for published in extract.entries)
    yield "\n]}\n"


def _lines(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    between = "\n"
    for value in values:
        yield between + _json(value)
        between = ",\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _noun(noun: Any) -> dict[str, Any]:
    return {name: value for name, value in to_document(noun).items() if name not in INTERNAL}


def entry(published: Published, extract: Extract) -> dict[str, Any]:
    """Return an entry as the API gives it whole, its channels as they stand on the day of the extract."""
    service, on = published.service, extract.on
    office = extract.catalogue.offices.get(service.offices[0]) if service.offices else None
    return {
        "slug": service.slug,
        "title": service.title.within("de"),
        "summary": service.summary.within("de"),
        "url": extract.about.page("services", service.slug),
        "nature": service.nature.value,
        "office": {"slug": office.slug, "name": office.name.within("de")} if office else None,
        "video": stage(service.channel(ChannelKind.VIDEO).period(on)),
        "channels": [_channel(channel, on) for channel in service.channels],
        "constraints": [_constraint(constraint) for constraint in service.constraints],
        "updated": moment(published.updated),
        "verified": service.verified.isoformat() if service.verified else None,
        "on": on.isoformat(),
        "revision": published.revision,
        "texts": _texts(service, *TEXTS),
        "documents": [text.within("de") for text in service.documents],
        "document_texts": [dict(text) for text in service.documents],
        **{name: list(getattr(service, name)) for name in LISTS},
        "related": list(extract.related(service)),
        "offices": list(service.offices),
        "legal_bases": [{"citation": basis.citation, "url": basis.url or None} for basis in service.legal_bases],
        "leika_key": service.leika_key or None,
    }


def _texts(value: Any, *names: str) -> dict[str, dict[str, str]]:
    """Return those texts of a value that say anything, in all their languages."""
    texts: dict[str, Text] = {name: getattr(value, name) for name in names}
    return {name: dict(text) for name, text in texts.items() if text}


def _channel(channel: Channel, on: date) -> dict[str, Any]:
    return {
        **channel_on(channel, on, _in_german),
        "available": channel.period(on).stage.available,
        "verified": channel.verified.isoformat() if channel.verified else None,
        "texts": _texts(channel, "note"),
        "periods": [_period(period) for period in channel.periods],
    }


def _period(period: Period) -> dict[str, Any]:
    texts = {**_texts(period, "reason", "booking"), **_texts(period.needs, "privacy")}
    return {**whole_period(period, _in_german), "texts": texts}


def _constraint(constraint: Constraint) -> dict[str, Any]:
    return {**constrained(constraint, _in_german), "texts": _texts(constraint, "note")}
