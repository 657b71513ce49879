"""The fields that the forms of several nouns share."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import colander

from servicedir.domain import words
from servicedir.domain.text import sort_key
from servicedir.web.fields import (
    DayType,
    ListWidget,
    RadioWidget,
    SelectWidget,
    TextWidget,
    UrlWidget,
    texts,
    web_address,
)
from servicedir.web.translation import _


def name_field() -> colander.SchemaNode:
    """Return the field of a noun's name."""
    return texts(name="name", title=_("Name"), required=("de",), maximum=200)


def line(maximum: int, **options: Any) -> colander.SchemaNode:
    """Return a field of one line."""
    validator = colander.Length(max=maximum)
    return colander.SchemaNode(colander.String(), missing="", validator=validator, widget=TextWidget(), **options)


def source() -> colander.SchemaNode:
    """Return the field that says from where it is known."""
    return line(
        300, name="source", title=_("Quelle"), description=_("Zum Beispiel ein Aktenzeichen oder eine Adresse.")
    )


def address(title: Any, name: str = "url") -> colander.SchemaNode:
    """Return the field of an address on the web."""
    return colander.SchemaNode(
        colander.String(), name=name, title=title, missing="", validator=web_address, widget=UrlWidget()
    )


def day(**options: Any) -> colander.SchemaNode:
    """Return the field of a day, month or year."""
    options.setdefault("missing", None)
    return colander.SchemaNode(DayType(), **options)


def term(enum: type[StrEnum], language: str, *, name: str = "kind", title: Any = None, **options: Any) -> Any:
    """Return the field of one of a few terms, all in sight."""
    values = [(member.value, words.label(member, language)) for member in enum]
    typ = colander.Enum(enum, attr="value", typ=colander.String())
    return colander.SchemaNode(typ, name=name, title=title or _("Art"), widget=RadioWidget(values=values), **options)


def choice(name: str, title: Any, values: list[tuple[str, Any]], **options: Any) -> colander.SchemaNode:
    """Return the field of one of many."""
    widget = SelectWidget(values=values, empty=None)
    return colander.SchemaNode(colander.String(), name=name, title=title, missing="", widget=widget, **options)


def choices(nouns: Iterable[Any], language: str) -> list[tuple[str, str]]:
    """Return slugs and names of nouns, in the order of the names."""
    pairs = [(noun.slug, noun.name.within(language)) for noun in nouns]
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))


def services(description: Any) -> colander.SchemaNode:
    """Return the field of services, each a line that offers what there is (`web.picking`)."""
    one = colander.SchemaNode(
        colander.String(),
        name="service",
        title=_("Adresse der Dienstleistung"),
        missing="",
        validator=colander.Length(max=2000),
        widget=TextWidget(attributes={"list": "services"}),
    )
    return colander.SchemaNode(
        colander.Sequence(),
        one,
        name="services",
        title=_("Dienstleistungen"),
        description=description,
        missing=(),
        widget=ListWidget(add_label=_("Dienstleistung hinzufügen"), max_len=200),
    )
