"""How embedded results look: what a webmaster chooses beside the search itself, and each result in plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pyramid.request import Request

from servicedir.domain.history import Published
from servicedir.domain.query import BadValue, Hit
from servicedir.domain.service import ChannelKind
from servicedir.web.parameters import said_once


class Layout(StrEnum):
    """Ways to lay out results."""

    CARDS = "cards"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Look:
    """A layout, and whether there is a search box above a list or the list is a fixed one."""

    layout: Layout = Layout.CARDS
    search: bool = True

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters that say this, without what is default."""
        layout = [("layout", self.layout.value)] if self.layout is not Layout.CARDS else []
        return layout if self.search else [*layout, ("search", "off")]


def look_of(pairs: Iterable[tuple[str, str]]) -> Look:
    """Return the look that parameters say. Raises BadValue for a value that one does not have, or has twice."""
    given = list(pairs)
    return Look(
        Layout(_one_of("layout", given, [layout.value for layout in Layout])),
        _one_of("search", given, ["on", "off"]) == "on",
    )


def _one_of(name: str, given: list[tuple[str, str]], allowed: list[str]) -> str:
    value = said_once(name, given) or allowed[0]
    if value not in allowed:
        raise BadValue(name, value, "unknown", tuple(allowed))
    return value


def listed(hits: Iterable[Hit], on: date, request: Request) -> list[dict[str, Any]]:
    """Return what a list says of each hit on a day; addresses are whole ones."""
    found = []
    for hit in hits:
        marked, language = hit.marked()
        row = listed_one(hit.entry, on, request)
        if marked:
            row |= {"marked": marked, "language": None if language == request.locale_name else language}
        found.append(row)
    return found


def listed_one(entry: Published, on: date, request: Request) -> dict[str, Any]:
    """Return what a list says of an entry on a day."""
    site, service = request.site, entry.service
    video = service.channel(ChannelKind.VIDEO).period(on)
    return {
        "url": site.base + site.service_path(service, on),
        "title": site.say(service.title),
        "office": site.office_name(service.office),
        "nature": site.label(service.nature),
        "marked": "",
        "language": None,
        "summary": site.say(service.summary),
        "stage": video.stage,
        "video": video,
        "others": [site.label(kind) for kind in service.available(on) if kind is not ChannelKind.VIDEO],
    }
