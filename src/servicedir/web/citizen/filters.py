"""The filters of a search with their numbers: boxes that are made once, in which only the numbers change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from markupsafe import Markup, escape
from pyramid.request import Request

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.query import Facet, Page, Query
from servicedir.domain.service import Nature, Stage
from servicedir.web.address import Address
from servicedir.web.naming import FACET_TITLES, in_order
from servicedir.web.shells import Pieces
from servicedir.web.translation import _

PRESETS = (
    (_("Per Video"), "video", (Stage.LIVE, Stage.PILOT)),
    (_("Video geplant oder geprüft"), "video", (Stage.PLANNED, Stage.UNDER_REVIEW)),
    (_("Beratung"), "nature", (Nature.ADVISORY,)),
    (_("Antrag"), "nature", (Nature.TRANSACTIONAL,)),
)
"""Ready-made searches: what they are called, and which values of which facet they choose."""

OPEN = "video"
"""The facet that is open even where nothing of it is chosen."""

_BOX = Markup(
    '<label><input class="kern-form-check__checkbox" type="checkbox" form="search" name="{facet}" '
    'value="{value}"{checked}><span>{icon}{label} '
)
_BOX_END = "</small></span></label>"
_LAST = f"{_BOX_END}</fieldset></details>".encode()

_NUMBERS = [b'<small class="none">0', *(f"<small>{number}".encode() for number in range(1, 1000))]
"""Numbers that are written alike in all languages, as they stand in a box."""


class Boxes(NamedTuple):
    """The boxes of a facet in a language, as the small nouns are: what stands before them, and before each number.

    `order` says at which place of the facet's values each box has its own.
    """

    catalogue: Catalogue
    values: Sequence[str]
    order: list[int]
    title: str
    head: bytes
    before: list[bytes]
    before_if_chosen: list[bytes]


_REMOVE = _("Filter entfernen:")

# What follows is put together without templates, since it is most of a page: whatever is text is escaped by hand.


def presets(page: Page, address: Address, request: Request) -> Markup:
    """Return the ready-made searches with their numbers of results; those that would find nothing are left out."""
    site, items, links = request.site, list[str](), address.for_html()
    for title, name, values in PRESETS:
        facet = page.facets[name]
        chosen = facet.selected == frozenset(values) if facet.selected else False
        count = sum(facet.counts[facet.values.index(value)] for value in values)
        if count or chosen:
            path = links.having(name, () if chosen else values)
            current = ' aria-current="true"' if chosen else ""
            said = f'{escape(site.translate(title))} <span class="chip__count">{site.number(count)}</span>'
            items.append(f'<li><a class="chip" href="{path}"{current}>{said}</a></li>')
    return Markup("".join(items))  # noqa: S704 - escaped above


def active(query: Query, address: Address, request: Request) -> Markup:
    """Return the chosen values, each with the way to take it out."""
    site, items, links = request.site, list[str](), address.for_html()
    remove = escape(site.translate(_REMOVE))
    for facet, value in query.selected:
        path = links.without(facet, value)
        said = f"{escape(site.translate(FACET_TITLES[facet]))}: {escape(site.value_label(facet, value))}"
        sign = site.icon("cross")
        items.append(
            f'<li><a class="chip" href="{path}"><span class="kern-sr-only">{remove}</span> {said} {sign}</a></li>'
        )
    return Markup("".join(items))  # noqa: S704 - escaped above


def filters(page: Page, request: Request) -> Pieces:
    """Return all facets of a page as groups of boxes."""
    number, pieces = request.site.number, list[bytes]()
    kept, language, catalogue = request.registry.filters, request.locale_name, request.directory.catalogue
    for name, facet in page.facets.items():
        if not facet.values:
            continue
        found: Boxes | None = kept.get((language, name))
        if found is None or found.catalogue is not catalogue or found.values != facet.values:
            found = kept[language, name] = _boxes(name, facet, catalogue, request.site)
        boxes = [b""] * (2 * len(facet.values))
        boxes[::2] = found.before
        counts = facet.counts
        boxes[1::2] = [
            _NUMBERS[count] if (count := counts[at]) < len(_NUMBERS) else f"<small>{number(count)}".encode()
            for at in found.order
        ]
        for value in facet.selected:
            at = found.order.index(facet.values.index(value))
            boxes[2 * at] = found.before_if_chosen[at]
        pieces.append(_head(name, found.title, len(facet.selected)) if facet.selected else found.head)
        pieces += boxes
        pieces.append(_LAST)
    return pieces


def _head(name: str, title: str, chosen: int) -> bytes:
    """Return what stands before the boxes of a facet of which some are chosen or none."""
    opened = " open" if chosen or name == OPEN else ""
    how_many = f' <span class="facet__chosen">({chosen})</span>' if chosen else ""
    return (
        f'<details class="facet"{opened}><summary>{title}{how_many}</summary><fieldset class="facet__values">'
        f'<legend class="kern-sr-only">{title}</legend>'.encode()
    )


def _boxes(name: str, facet: Facet, catalogue: Catalogue, site: Any) -> Boxes:
    title = escape(site.translate(FACET_TITLES[name]))
    order = in_order(name, facet.values, site)
    before, before_if_chosen = (
        [_box(name, facet.values[at], site, checked, first=not number) for number, at in enumerate(order)]
        for checked in (Markup(), Markup(" checked"))
    )
    return Boxes(catalogue, facet.values, order, title, _head(name, title, 0), before, before_if_chosen)


def _box(facet: str, value: str, site: Any, checked: Markup, *, first: bool) -> bytes:
    """Return what stands between the number of the box before and this one's."""
    icon = site.stage_icon(Stage(value)) + " " if facet == "video" else ""
    box = _BOX.format(facet=facet, value=value, checked=checked, icon=icon, label=site.value_label(facet, value))
    return f"{'' if first else _BOX_END}{box}".encode()
