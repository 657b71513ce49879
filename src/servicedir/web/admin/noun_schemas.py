"""The forms of the catalogue's words: which fields an office, a place, a topic, a synonym and so on has."""

from __future__ import annotations

from typing import Any

import colander
from deform.widget import HiddenWidget, TextAreaWidget

from servicedir.domain.catalogue import Catalogue, OfficeKind, PlaceKind, TopicKind
from servicedir.domain.history import Kind
from servicedir.web.admin.council_schemas import acceptance_fields, programme_fields, step_fields
from servicedir.web.admin.noun_fields import address, choice, choices, day, line, name_field, source, term
from servicedir.web.fields import Schema, TextWidget, texts
from servicedir.web.translation import _


def noun_schema(kind: Kind, language: str, catalogue: Catalogue, slug: str = "") -> colander.SchemaNode:
    """Return the schema of a kind of noun; `slug` is that of the one that is edited, empty for a new one."""
    match kind:
        case Kind.OFFICE:
            fields = _office(language, catalogue, slug)
        case Kind.PLACE:
            fields = _place(language, catalogue)
        case Kind.TOPIC:
            fields = [name_field(), term(TopicKind, language), texts(name="summary", title=_("Kurz gesagt"), rows=2)]
        case Kind.AUDIENCE:
            fields = [name_field()]
        case Kind.COMPOUND:
            fields = [_parts()]
        case Kind.STEP:
            fields = step_fields(language, catalogue)
        case Kind.PROGRAMME:
            fields = programme_fields(language)
        case Kind.ACCEPTANCE:
            fields = acceptance_fields(language, catalogue)
        case _:
            fields = [_group()]
    revision = colander.SchemaNode(colander.Integer(), name="based_on", missing=None, widget=HiddenWidget())
    why = line(
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
    above = choices((o for o in catalogue.offices.values() if o.slug not in below), language)
    return [
        name_field(),
        term(OfficeKind, language),
        choice("parent", _("Gehört zu"), [("", _("keinem anderen: oberste Ebene")), *above]),
        texts(name="summary", title=_("Aufgaben"), rows=2),
        texts(name="address", title=_("Anschrift"), rows=3),
        texts(name="hours", title=_("Öffnungszeiten"), rows=3),
        line(100, name="phone", title=_("Telefon")),
        colander.SchemaNode(
            colander.String(),
            name="email",
            title=_("E-Mail"),
            missing="",
            validator=colander.All(colander.Length(max=200), colander.Email()),
            widget=TextWidget(attributes={"inputmode": "email", "autocomplete": "off"}),
        ),
        address(_("Adresse der Internetseite")),
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
    offices = choices(catalogue.offices.values(), language)
    return [
        name_field(),
        term(PlaceKind, language),
        choice("office", _("Amt"), [("", _("keines")), *offices]),
        day(name="opened", title=_("Geöffnet seit")),
        day(
            name="closed",
            title=_("Geschlossen seit"),
            description=_("Der erste Tag, an dem der Ort zu ist. Leer lassen, solange er offen ist."),
        ),
        texts(name="summary", title=_("Kurz gesagt"), rows=2),
        texts(name="address", title=_("Anschrift"), rows=3),
        address(_("Adresse der Internetseite")),
        source(),
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
