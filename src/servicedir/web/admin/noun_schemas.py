"""The forms of the catalogue's words: which fields an office, a place, a topic, a synonym and so on has."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import colander
from deform.widget import HiddenWidget, TextAreaWidget

from servicedir.domain import words
from servicedir.domain.catalogue import Catalogue, OfficeKind, PlaceKind, TopicKind
from servicedir.domain.history import Kind
from servicedir.domain.text import sort_key
from servicedir.web.fields import (
    DayType,
    RadioWidget,
    Schema,
    SelectWidget,
    TextWidget,
    UrlWidget,
    texts,
    web_address,
)
from servicedir.web.translation import _


def noun_schema(kind: Kind, language: str, catalogue: Catalogue, slug: str = "") -> colander.SchemaNode:
    """Return the schema of a kind of noun; `slug` is that of the one that is edited, empty for a new one."""
    match kind:
        case Kind.OFFICE:
            fields = _office(language, catalogue, slug)
        case Kind.PLACE:
            fields = _place(language, catalogue)
        case Kind.TOPIC:
            fields = [_name(), _term(TopicKind, language), texts(name="summary", title=_("Kurz gesagt"), rows=2)]
        case Kind.AUDIENCE:
            fields = [_name()]
        case Kind.COMPOUND:
            fields = [_parts()]
        case _:
            fields = [_group()]
    revision = colander.SchemaNode(colander.Integer(), name="based_on", missing=None, widget=HiddenWidget())
    why = _line(
        500,
        name="why",
        title=_("Was haben Sie geändert?"),
        description=_("Für den Verlauf. Steht nicht auf der öffentlichen Seite."),
    )
    return Schema(*([revision] if slug else []), *fields, why)


def titles(schema: colander.SchemaNode) -> dict[str, Any]:
    """Return what the fields of a form are called."""
    return {child.name: child.title for child in schema.children}


def _office(language: str, catalogue: Catalogue, slug: str) -> list[colander.SchemaNode]:
    below = catalogue.within(slug) if slug else set()
    above = _choices((o for o in catalogue.offices.values() if o.slug not in below), language)
    return [
        _name(),
        _term(OfficeKind, language),
        _choice("parent", _("Gehört zu"), [("", _("keinem anderen: oberste Ebene")), *above]),
        texts(name="summary", title=_("Aufgaben"), rows=2),
        texts(name="address", title=_("Anschrift"), rows=3),
        texts(name="hours", title=_("Öffnungszeiten"), rows=3),
        _line(100, name="phone", title=_("Telefon")),
        colander.SchemaNode(
            colander.String(),
            name="email",
            title=_("E-Mail"),
            missing="",
            validator=colander.All(colander.Length(max=200), colander.Email()),
            widget=TextWidget(attributes={"inputmode": "email", "autocomplete": "off"}),
        ),
        _url(_("Adresse der Internetseite")),
        texts(
            name="accessibility",
            title=_("Barrierefreiheit"),
            description=_("Wie man hineinkommt, was es dort gibt. Zum Beispiel: Aufzug, Induktionsschleife."),
            rows=2,
        ),
        colander.SchemaNode(
            colander.Boolean(),
            name="four_eyes",
            title=_("Vier Augen: Wer einen Entwurf geschrieben hat, veröffentlicht ihn nicht selbst"),
            description=_("Gilt auch für alle Ämter, die zu diesem gehören."),
        ),
    ]


def _place(language: str, catalogue: Catalogue) -> list[colander.SchemaNode]:
    offices = _choices(catalogue.offices.values(), language)
    return [
        _name(),
        _term(PlaceKind, language),
        _choice("office", _("Amt"), [("", _("keines")), *offices]),
        colander.SchemaNode(DayType(), name="opened", title=_("Geöffnet seit"), missing=None),
        colander.SchemaNode(
            DayType(),
            name="closed",
            title=_("Geschlossen seit"),
            description=_("Der erste Tag, an dem der Ort zu ist. Leer lassen, solange er offen ist."),
            missing=None,
        ),
        texts(name="summary", title=_("Kurz gesagt"), rows=2),
        texts(name="address", title=_("Anschrift"), rows=3),
        _url(_("Adresse der Internetseite")),
        _line(300, name="source", title=_("Quelle"), description=_("Zum Beispiel ein Aktenzeichen oder eine Adresse.")),
    ]


def _group() -> colander.SchemaNode:
    return colander.SchemaNode(
        colander.String(),
        name="words",
        title=_("Wörter, die dasselbe meinen"),
        description=_(
            "Ein Wort oder eine Wendung je Zeile, höchstens 20 Zeilen. Wer eines davon sucht, findet auch, "
            "was unter den anderen steht; in langen Listen zählen die ersten acht anderen."
        ),
        validator=colander.Length(max=2000),
        widget=TextAreaWidget(rows=8),
    )


def _parts() -> colander.SchemaNode:
    return colander.SchemaNode(
        colander.String(),
        name="parts",
        title=_("Wort und seine Teile"),
        description=_(
            "Schreiben Sie zwischen die Teile einen senkrechten Strich. Beispiel: Druck|erzeugnis. "
            "Ein Wort ohne Strich wird nie getrennt. Beides gilt für jede Form des Wortes."
        ),
        widget=TextWidget(attributes={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )


def _name() -> colander.SchemaNode:
    return texts(name="name", title=_("Name"), required=("de",), maximum=200)


def _line(maximum: int, **options: Any) -> colander.SchemaNode:
    validator = colander.Length(max=maximum)
    return colander.SchemaNode(colander.String(), missing="", validator=validator, widget=TextWidget(), **options)


def _url(title: Any) -> colander.SchemaNode:
    return colander.SchemaNode(
        colander.String(), name="url", title=title, missing="", validator=web_address, widget=UrlWidget()
    )


def _term(enum: type[StrEnum], language: str) -> colander.SchemaNode:
    values = [(term.value, words.label(term, language)) for term in enum]
    typ = colander.Enum(enum, attr="value", typ=colander.String())
    return colander.SchemaNode(typ, name="kind", title=_("Art"), widget=RadioWidget(values=values))


def _choice(name: str, title: Any, values: list[tuple[str, Any]]) -> colander.SchemaNode:
    widget = SelectWidget(values=values, empty=None)
    return colander.SchemaNode(colander.String(), name=name, title=title, missing="", widget=widget)


def _choices(nouns: Iterable[Any], language: str) -> list[tuple[str, str]]:
    pairs = [(noun.slug, noun.name.within(language)) for noun in nouns]
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))
