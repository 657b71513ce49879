"""The form of a whole service: its fields, in the order of the public page."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import colander
from deform.widget import HiddenWidget, TextAreaWidget

from servicedir.domain import words
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.service import (
    LEIKA_KEY,
    SLUG,
    ChannelKind,
    ConstraintKind,
    Effect,
    Nature,
    Requirement,
    Stage,
)
from servicedir.domain.text import sort_key
from servicedir.web.fields import (
    ChecklistWidget,
    DayType,
    ListWidget,
    NumberWidget,
    RadioWidget,
    Schema,
    SelectWidget,
    TextWidget,
    UrlWidget,
    YesNoUnknown,
    texts,
    web_address,
)
from servicedir.web.translation import _


def _choices(enum: type[StrEnum], language: str) -> list[tuple[str, str]]:
    return [(term.value, words.label(term, language)) for term in enum]


def _nouns(nouns: Iterable[Any], language: str) -> list[tuple[str, str]]:
    pairs = [(noun.slug, noun.name.within(language)) for noun in nouns]
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))


def _term(enum: type[StrEnum], language: str, *, radio: bool = False, **options: Any) -> colander.SchemaNode:
    """Return a node for one member of an enum."""
    widget = (RadioWidget if radio else SelectWidget)(values=_choices(enum, language))
    return colander.SchemaNode(colander.Enum(enum, attr="value", typ=colander.String()), widget=widget, **options)


def _line(maximum: int = 300, **options: Any) -> colander.SchemaNode:
    options.setdefault("missing", "")
    options.setdefault("widget", TextWidget())
    return colander.SchemaNode(colander.String(), validator=colander.Length(max=maximum), **options)


def _address(**options: Any) -> colander.SchemaNode:
    return colander.SchemaNode(colander.String(), missing="", widget=UrlWidget(), validator=web_address, **options)


def _day(**options: Any) -> colander.SchemaNode:
    return colander.SchemaNode(DayType(), missing=None, **options)


def _unknown(**options: Any) -> colander.SchemaNode:
    return colander.SchemaNode(YesNoUnknown(), missing=None, **options)


def _checklist(values: list[tuple[str, str]], **options: Any) -> colander.SchemaNode:
    options.setdefault("missing", frozenset())
    return colander.SchemaNode(colander.Set(), widget=ChecklistWidget(values=values), **options)


def _list(entry: colander.SchemaNode, **options: Any) -> colander.SchemaNode:
    widget = ListWidget(**{k: options.pop(k) for k in ("add_label", "max_len", "newest_first") if k in options})
    return colander.SchemaNode(colander.Sequence(), entry, widget=widget, missing=(), **options)


def _period(language: str) -> colander.SchemaNode:
    needs = Schema(
        _line(name="tool", title=_("Programm"), description=_("Womit das Gespräch geführt wird.")),
        _unknown(name="browser_only", title=_("Genügt ein Browser?")),
        _unknown(name="interpreter", title=_("Dolmetschen per Video möglich?")),
        _unknown(name="captions", title=_("Untertitel möglich?")),
        _address(name="test_url", title=_("Seite, um die Technik vorab zu testen")),
        texts(name="privacy", title=_("Hinweis zum Datenschutz"), rows=2),
        name="needs",
        title=_("Was ein Videotermin braucht"),
    )
    return Schema(
        _term(Stage, language, name="stage", title=_("Stand")),
        _day(
            name="since",
            title=_("Seit"),
            description=_("Der erste Tag. Ein neuer Stand beendet den vorigen von selbst."),
        ),
        _day(name="until", title=_("Bis einschließlich")),
        _day(
            name="attested",
            title=_("Belegt für"),
            description=_("Nur wenn nicht bekannt ist, seit wann: für welche Zeit die Quelle es sagt."),
        ),
        texts(
            name="reason",
            title=_("Grund"),
            description=_("Bei „nicht möglich“ nötig: warum, in einfachen Worten."),
            rows=2,
        ),
        _line(name="source", title=_("Quelle"), description=_("Zum Beispiel ein Aktenzeichen oder eine Adresse.")),
        texts(name="booking", title=_("So bucht man"), rows=2),
        _address(name="booking_url", title=_("Adresse zum Buchen")),
        colander.SchemaNode(
            colander.Integer(),
            name="slots_per_week",
            title=_("Termine je Woche"),
            missing=None,
            validator=colander.Range(min=0, max=100_000),
            widget=NumberWidget(),
        ),
        colander.SchemaNode(colander.Boolean(), name="by_arrangement", title=_("Nach persönlicher Vereinbarung")),
        _unknown(name="telework", title=_("Aus der Telearbeit möglich?")),
        needs,
        name="period",
        title=_("Abschnitt"),
    )


def _channel(language: str) -> colander.SchemaNode:
    return Schema(
        _term(ChannelKind, language, name="kind", title=_("Zugangsweg")),
        _list(
            _period(language),
            name="periods",
            title=_("Stand im Lauf der Zeit"),
            add_label=_("Neuen Stand hinzufügen"),
            newest_first=True,
            max_len=50,
        ),
        texts(name="note", title=_("Bemerkung"), rows=3),
        name="channel",
        title=_("Zugangsweg"),
    )


def _constraint(language: str) -> colander.SchemaNode:
    every = [("", _("alle Zugangswege"))]
    return Schema(
        _term(ConstraintKind, language, name="kind", title=_("Art der Vorgabe"), radio=True),
        _term(Requirement, language, name="requirement", title=_("Was verlangt wird")),
        colander.SchemaNode(
            colander.String(),
            name="channel",
            title=_("Zugangsweg"),
            missing="",
            widget=SelectWidget(values=every + _choices(ChannelKind, language), empty=None),
        ),
        _term(Effect, language, name="effect", title=_("Wirkung"), radio=True),
        _line(name="citation", title=_("Rechtsgrundlage"), description=_("Zum Beispiel § 43 IfSG")),
        _address(name="url", title=_("Adresse der Rechtsgrundlage")),
        texts(name="note", title=_("In einfachen Worten"), rows=2),
        name="constraint",
        title=_("Vorgabe"),
    )


def service_schema(language: str, catalogue: Catalogue, offices: list[str], *, new: bool) -> colander.SchemaNode:
    """Return the schema of a service; `offices` are those that the person may make responsible."""
    mine = [catalogue.offices[slug] for slug in offices if slug in catalogue.offices]
    slug = colander.SchemaNode(
        colander.String(),
        name="slug",
        title=_("Kurzname in der Adresse der Seite"),
        description=_(
            "Leer lassen, dann entsteht er aus dem Titel. Er bleibt für immer. Beispiel: „wohnsitz-abmelden“"
        ),
        missing="",
        validator=colander.All(
            colander.Length(max=100),
            colander.Regex(
                rf"^(?:{SLUG.pattern})$", _("Möglich sind Kleinbuchstaben, Ziffern und einzelne Bindestriche.")
            ),
        ),
        widget=TextWidget(attributes={"autocapitalize": "none", "spellcheck": "false"}),
    )
    revision = colander.SchemaNode(colander.Integer(), name="based_on", missing=None, widget=HiddenWidget())
    basis = Schema(
        _line(
            name="citation", title=_("Fundstelle"), description=_("Zum Beispiel § 17 BMG"), missing=colander.required
        ),
        _address(name="url", title=_("Adresse")),
        name="basis",
        title=_("Rechtsgrundlage"),
    )
    return Schema(
        *([] if new else [revision]),
        texts(
            name="title",
            section=_("Worum es geht"),
            title=_("Titel"),
            description=_("Wie Bürgerinnen und Bürger es nennen."),
            required=("de",),
            maximum=200,
        ),
        texts(
            name="summary",
            title=_("Kurz gesagt"),
            description=_("Ein Satz, der in der Trefferliste steht."),
            maximum=400,
            rows=2,
        ),
        _term(Nature, language, name="nature", title=_("Art des Anliegens"), radio=True),
        colander.SchemaNode(
            colander.String(),
            name="office",
            title=_("Zuständiges Amt"),
            widget=SelectWidget(values=_nouns(mine, language)),
        ),
        _list(
            _channel(language),
            name="channels",
            title=_("Zugangswege"),
            section=_("So geht es"),
            add_label=_("Zugangsweg hinzufügen"),
            max_len=len(ChannelKind),
        ),
        _list(
            _constraint(language),
            name="constraints",
            title=_("Vorgaben"),
            section=_("Was das Gesetz verlangt"),
            add_label=_("Vorgabe hinzufügen"),
            max_len=40,
        ),
        texts(name="body", title=_("Ablauf"), section=_("Was dazugehört"), markdown=True),
        _list(
            texts(name="document", title=_("Unterlage"), maximum=500),
            name="documents",
            title=_("Unterlagen"),
            add_label=_("Unterlage hinzufügen"),
            max_len=40,
        ),
        texts(name="costs", title=_("Kosten"), rows=2),
        texts(name="duration", title=_("Dauer"), rows=2),
        _list(
            basis,
            name="legal_bases",
            title=_("Rechtsgrundlagen"),
            add_label=_("Rechtsgrundlage hinzufügen"),
            max_len=40,
        ),
        _checklist(
            _nouns(catalogue.offices.values(), language),
            name="offices",
            title=_("Weitere beteiligte Ämter"),
            section=_("Einordnung"),
        ),
        _checklist(_nouns(catalogue.places.values(), language), name="places", title=_("Orte")),
        _checklist(_nouns(catalogue.topics.values(), language), name="topics", title=_("Themen und Lebenslagen")),
        _checklist(_nouns(catalogue.audiences.values(), language), name="audiences", title=_("Für wen")),
        _checklist(
            [(code, words.language_name(code, language)) for code in words.LANGUAGE_NAMES],
            name="languages",
            title=_("Sprachen, in denen beraten wird"),
        ),
        colander.SchemaNode(
            colander.String(),
            name="keywords",
            title=_("Suchwörter"),
            section=_("Damit man es findet"),
            description=_("Ein Wort oder eine Wendung je Zeile, wie man es im Alltag sagt."),
            missing="",
            validator=colander.Length(max=5000),
            widget=TextAreaWidget(rows=4),
        ),
        _list(
            _line(
                100,
                name="related",
                title=_("Adresse der Dienstleistung"),
                widget=TextWidget(attributes={"list": "services"}),
            ),
            name="related",
            title=_("Verwandte Dienstleistungen"),
            add_label=_("Verwandte Dienstleistung hinzufügen"),
            max_len=20,
        ),
        colander.SchemaNode(
            colander.String(),
            name="leika_key",
            title=_("LeiKa-Schlüssel"),
            description=_("14 Ziffern, die ersten beiden 99."),
            missing="",
            validator=colander.Regex(
                rf"^(?:{LEIKA_KEY.pattern})$", _("Ein LeiKa-Schlüssel hat 14 Ziffern und beginnt mit 99.")
            ),
            widget=TextWidget(attributes={"inputmode": "numeric"}),
        ),
        *([slug] if new else []),
        colander.SchemaNode(colander.String(), name="seen", missing="", widget=HiddenWidget()),
        _line(
            500,
            name="why",
            title=_("Was haben Sie geändert?"),
            section=_("Zum Schluss"),
            description=_("Für den Verlauf. Steht nicht auf der öffentlichen Seite."),
        ),
    )
