"""What the API says of an entry: plain data in the names of the contract."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from servicedir.domain.document import to_document
from servicedir.domain.history import Published
from servicedir.domain.service import ChannelKind, Service
from servicedir.exchange.entry_parts import TEXTS, channel_on, constrained, moment, stage, whole_period


def item(entry: Published, highlight: str, on: date, site: Any) -> dict[str, Any]:
    """Return an entry of a list, its texts in one language, its channels as they stand on a day."""
    service = entry.service
    office = site.catalogue.offices.get(service.office)
    return {
        "slug": service.slug,
        "title": site.plain(service.title),
        "summary": site.plain(service.summary),
        "highlight": highlight or None,
        "url": site.absolute("service", slug=service.slug),
        "nature": service.nature.value,
        "office": {"slug": service.office, "name": site.plain(office.name) if office else service.office},
        "video": stage(service.channel(ChannelKind.VIDEO).period(on)),
        "channels": [channel_on(channel, on, site.plain) for channel in service.channels],
        "constraints": [constrained(constraint, site.plain) for constraint in service.constraints],
        "updated": moment(entry.updated),
        "verified": service.verified.isoformat() if service.verified else None,
    }


def whole(entry: Published, related: Iterable[str], on: date, site: Any) -> dict[str, Any]:
    """Return everything that the directory says of an entry: the list's fields for a day, and all texts and periods.

    `related` are those of the related services of which outsiders may know.
    """
    service: Service = entry.service
    document = to_document(service)
    full = {name: value for name, value in document.items() if name not in ("version", "channels", "constraints")}
    listed = item(entry, "", on, site)
    del listed["highlight"]
    for channel, spoken in zip(listed["channels"], service.channels, strict=True):
        channel["periods"] = [whole_period(period, site.plain) for period in spoken.periods]
    return {
        **listed,
        "on": on.isoformat(),
        "revision": entry.revision,
        "texts": {name: dict(text) for name in TEXTS if (text := getattr(service, name))},
        "documents": [site.plain(text) for text in service.documents],
        **{name: full.get(name, []) for name in ("audiences", "topics", "keywords", "languages", "places")},
        "related": list(related),
        "offices": list(service.offices),
        "legal_bases": [{"citation": b.citation, "url": b.url or None} for b in service.legal_bases],
        "leika_key": service.leika_key or None,
    }
