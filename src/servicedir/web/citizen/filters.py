"""The filters of a search with their numbers: boxes that are made once, in which only the numbers change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.request import Request

from servicedir.domain.query import Facet, Page
from servicedir.domain.service import Stage
from servicedir.web.translation import _

FACET_TITLES = {
    "video": _("Video"),
    "channel": _("Erreichbar auf diesem Weg"),
    "nature": _("Art des Anliegens"),
    "office": _("Amt"),
    "topic": _("Thema"),
    "audience": _("Für wen"),
    "language": _("Sprache"),
}

OPEN = "video"
"""The facet that is open even where nothing of it is chosen."""

_HEAD = Markup(
    '<details class="facet"{opened}><summary>{title}{chosen}</summary><fieldset class="facet__values">'
    '<legend class="kern-sr-only">{title}</legend>'
)
_CHOSEN = Markup(' <span class="facet__chosen">({})</span>')
_FOOT = "</fieldset></details>"
_BOX = Markup(
    '<label{none}><input class="kern-form-check__checkbox" type="checkbox" form="search" name="{facet}" '
    'value="{value}"{checked}><span>{icon}{label} <small>'
)
_NONE = Markup(' class="none"')
_CHECKED = Markup(" checked")
_BOX_END = "</small></span></label>"


class Box(NamedTuple):
    """The HTML of a value up to its number, and all of it where the number is zero; the same where it is chosen."""

    some: str
    none: str
    some_chosen: str
    none_chosen: str


class Boxes(NamedTuple):
    """The boxes of a facet in a language, as the small nouns are."""

    catalogue: Any
    values: Sequence[str]
    boxes: list[Box]


def filters(page: Page, request: Request) -> Markup:
    """Return all facets of a page as groups of boxes."""
    site, parts = request.site, list[str]()
    for name, facet in page.facets.items():
        if not facet.values:
            continue
        chosen = len(facet.selected)
        parts.append(
            _HEAD.format(
                title=site.translate(FACET_TITLES[name]),
                opened=Markup(" open") if chosen or name == OPEN else "",
                chosen=_CHOSEN.format(chosen) if chosen else "",
            )
        )
        for value, box, count in zip(facet.values, _boxes(name, facet, request), facet.counts, strict=True):
            some, none = box[2:] if value in facet.selected else box[:2]
            parts.append(f"{some}{site.number(count)}{_BOX_END}" if count else none)
        parts.append(_FOOT)
    return Markup("".join(parts))  # noqa: S704 - made of escaped pieces and numbers


def _boxes(name: str, facet: Facet, request: Request) -> list[Box]:
    kept: dict[tuple[str, str], Boxes] = request.registry.filters
    catalogue = request.directory.catalogue
    found = kept.get((request.locale_name, name))
    if found is None or found.catalogue is not catalogue or found.values != facet.values:
        found = Boxes(catalogue, facet.values, [_box(name, value, request.site) for value in facet.values])
        kept[request.locale_name, name] = found
    return found.boxes


def _box(facet: str, value: str, site: Any) -> Box:
    icon = site.stage_icon(Stage(value)) + " " if facet == "video" else ""
    said = {"facet": facet, "value": value, "icon": icon, "label": site.value_label(facet, value)}
    made: list[str] = []
    for checked in ("", _CHECKED):
        made.append(_BOX.format(none="", checked=checked, **said))
        made.append(f"{_BOX.format(none=_NONE, checked=checked, **said)}0{_BOX_END}")
    return Box(*made)
