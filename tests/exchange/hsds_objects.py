"""Short ways to make HSDS objects of values of the builders, and to read their attributes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from builders import a_catalogue, a_place, a_topic, an_audience, an_office

from servicedir.domain.history import Published
from servicedir.domain.service import Service
from servicedir.exchange.hsds import services
from servicedir.exchange.hsds.scope import Scope

ON = date(2026, 11, 27)
AT = datetime(2026, 11, 23, 12, 0, 0, 123456, UTC)


def published(service: Service, revision: int = 1) -> Published:
    return Published(service=service, revision=revision, updated=AT)


def a_scope(*nouns: Any, **fields: Any) -> Scope:
    nouns = nouns or (an_office(), an_office("jugendamt"), a_place(), a_topic(), an_audience())
    return Scope(a_catalogue(*nouns), ON, **{"base": "https://stadt.example.org", **fields})


def whole(service: Service, *nouns: Any, **fields: Any) -> dict[str, Any]:
    return services.whole(published(service), a_scope(*nouns, **fields))


def attributes(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and value of each attribute."""
    return [(one["taxonomy_term"]["code"], one.get("value", "")) for one in found["attributes"]]


def explaining(found: dict[str, Any], code: str) -> list[tuple[str, str]]:
    """Code and value of what explains the first attribute of a code."""
    about = next(one["id"] for one in found["attributes"] if one["taxonomy_term"]["code"] == code)
    return [
        (one["taxonomy_term"]["code"], one.get("value", ""))
        for one in found["attributes"]
        if one["link_id"] == about and one["link_entity"] == "attribute"
    ]
