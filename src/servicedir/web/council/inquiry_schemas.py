"""The form of an inquiry: what was asked by whom, and each question with the blocks that answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

import colander
from deform.widget import HiddenWidget, MappingWidget, OptGroup

from servicedir.domain import words
from servicedir.domain.acceptance import Group
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.figures import Measure
from servicedir.domain.inquiry import MOST_BLOCKS, MOST_QUESTIONS, BlockKind, Column
from servicedir.domain.query import BadValue
from servicedir.domain.service import SLUG, ChannelKind
from servicedir.domain.text import sort_key
from servicedir.web.council.inquiry_values import SENTENCES, search_of
from servicedir.web.fields import (
    BesideWidget,
    ChecklistWidget,
    ListWidget,
    NumberWidget,
    Schema,
    SelectWidget,
    TextWidget,
    texts,
)
from servicedir.web.translation import _

Look = Callable[[str], tuple[str, str] | None]
"""From a saved search to the path of its results and how many there are in words; None where it is no search."""

_SEARCHING = frozenset(BlockKind) - {BlockKind.PLACE, BlockKind.TEXT, BlockKind.PROGRAMMES, BlockKind.ACCEPTANCE}
_USED: dict[str, frozenset[BlockKind]] = {
    "search": _SEARCHING,
    "columns": frozenset({BlockKind.SERVICES, BlockKind.PLACE, BlockKind.PLANNED}),
    "channel": _SEARCHING | {BlockKind.PLACE, BlockKind.ACCEPTANCE},
    "place": frozenset({BlockKind.PLACE}),
    "on": frozenset(BlockKind) - {BlockKind.TEXT},
    "compared": frozenset({BlockKind.COMPARISON}),
    "years": frozenset({BlockKind.FIGURES}),
    "channels": frozenset({BlockKind.FIGURES}),
    "measures": frozenset({BlockKind.FIGURES}),
    "group": frozenset({BlockKind.ACCEPTANCE}),
    "most": frozenset(BlockKind) - {BlockKind.TEXT},
}
"""Which kinds of blocks use a field; what is not named here is used by all."""


class BlockWidget(MappingWidget):
    """A block: what its kind uses in sight, the other fields behind a click; static/inquiry.js follows the kind."""

    template = "block"
    kinds: Mapping[str, str] = {}

    def used(self, field: Any, *, by_kind: bool) -> list[Any]:
        """Return the fields that the chosen kind uses, or those that it does not use."""
        chosen = field["kind"].cstruct
        return [child for child in field.children if self.kinds_of(child, chosen) is by_kind]

    def kinds_of(self, child: Any, chosen: Any) -> bool:
        """Return whether a kind uses a field."""
        return child.name not in _USED or chosen in _USED[child.name]

    def users(self, child: Any) -> str:
        """Return the kinds that use a field, for the script."""
        return " ".join(sorted(_USED.get(child.name, BlockKind)))

    def summary(self, field: Any) -> str:
        """Return in a few words what the block is."""
        kind, title = field["kind"].cstruct, field["title"]["de"].cstruct
        said = [self.kinds.get(kind, "") if isinstance(kind, str) else "", title if isinstance(title, str) else ""]
        return ": ".join(part for part in said if part)

    def is_open(self, field: Any) -> bool:
        """Return whether the block is shown at once: something in it is wrong, new, or takes the focus."""
        return (
            field.goes_to.startswith(f"{field.oid}-")
            or _is_wrong(field)
            or field["kind"].cstruct in ("", colander.null)
        )

    def is_wrong(self, fields: Iterable[Any]) -> bool:
        """Return whether there is an error in any of some fields."""
        return any(_is_wrong(field) for field in fields)


def _is_wrong(field: Any) -> bool:
    return bool(field.error) or any(_is_wrong(child) for child in field.children)


class SearchWidget(TextWidget):
    """A search as the catalogue's address says it, with a link to what it finds."""

    template = "search"
    look: Look
    attributes: Mapping[str, str] = {"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}

    def found(self, cstruct: Any) -> tuple[str, str] | None:
        """Return the path of the results and how many there are, if it is a search."""
        return self.look(cstruct if isinstance(cstruct, str) else "")


def inquiry_schema(language: str, catalogue: Catalogue, look: Look, *, new: bool) -> Schema:
    """Return the schema of an inquiry; `look` says what a search of a block finds."""
    revision = colander.SchemaNode(colander.Integer(), name="based_on", missing=None, widget=HiddenWidget())
    return Schema(
        *([] if new else [revision]),
        _line(
            60,
            name="reference",
            section=_("Worum es geht"),
            title=_("Aktenzeichen"),
            description=_("Wie der Rat sie nennt. Beispiel: AF0147/24"),
        ),
        texts(name="title", title=_("Titel"), required=("de",), maximum=300),
        texts(
            name="asked_by",
            title=_("Gefragt von"),
            description=_("Fraktion, Gruppe oder Ausschuss. Bitte keine Namen von Privatpersonen."),
            maximum=300,
        ),
        Schema(
            _day(name="received", title=_("Eingegangen am")),
            _day(name="deadline", title=_("Antworten bis")),
            name="days",
            title=_("Fristen"),
            widget=BesideWidget(),
        ),
        _day(
            name="on",
            title=_("Beantwortet für den Tag"),
            description=_("Was an diesem Tag galt. Leer: der Tag der Freigabe."),
        ),
        Schema(
            _day(name="day", title=_("Tag")),
            colander.SchemaNode(
                colander.Time(), name="time", title=_("Uhrzeit"), missing=None, widget=TextWidget(type="time")
            ),
            name="recorded",
            title=_("Stand des Wissens"),
            description=_(
                "Was bis dahin im Verzeichnis stand. Leer: was bei der Freigabe darin steht. "
                "Ohne Uhrzeit: bis zum Ende des Tages."
            ),
            widget=BesideWidget(),
        ),
        texts(
            name="introduction",
            title=_("Einleitung"),
            description=_("Steht vor der ersten Frage. Leere Zeilen trennen Absätze."),
            rows=3,
        ),
        _list(
            _question(language, catalogue, look),
            name="questions",
            section=_("Fragen und Antworten"),
            title=_("Fragen"),
            add_label=_("Frage hinzufügen"),
            max_len=MOST_QUESTIONS,
        ),
        *([_slug()] if new else []),
        _line(
            500,
            name="why",
            section=_("Zum Schluss"),
            title=_("Was haben Sie geändert?"),
            description=_("Für den Verlauf. Steht nicht in der Antwort."),
        ),
    )


def _question(language: str, catalogue: Catalogue, look: Look) -> Schema:
    return Schema(
        texts(
            name="text",
            title=_("Frage"),
            description=_("Mit den Worten des Rats oder mit Ihren."),
            rows=2,
            maximum=2000,
        ),
        _list(
            _block(language, catalogue, look),
            name="blocks",
            title=_("Bausteine der Antwort"),
            add_label=_("Baustein hinzufügen"),
            max_len=MOST_BLOCKS,
        ),
        name="question",
        title=_("Frage"),
    )


def _block(language: str, catalogue: Catalogue, look: Look) -> Schema:
    return Schema(
        colander.SchemaNode(
            colander.Enum(BlockKind, attr="value", typ=colander.String()),
            name="kind",
            title=_("Was steht da?"),
            widget=SelectWidget(values=_choices(BlockKind, language)),
        ),
        texts(name="title", title=_("Überschrift"), maximum=300),
        texts(
            name="text",
            title=_("Eigene Sätze"),
            description=_("Stehen vor der Tabelle. Leere Zeilen trennen Absätze."),
            rows=3,
        ),
        colander.SchemaNode(
            colander.String(),
            missing="",
            name="search",
            title=_("Suche"),
            description=_(
                "Stellen Sie die Suche im Katalog ein und fügen Sie hier ihre Adresse ein. Leer: alle Dienstleistungen."
            ),
            widget=SearchWidget(look=look),
            validator=colander.All(colander.Length(max=2000), _is_list),
        ),
        colander.SchemaNode(
            colander.String(),
            name="place",
            title=_("Ort oder Amt"),
            missing="",
            widget=SelectWidget(values=_places(catalogue, language)),
        ),
        _line(
            200,
            name="years",
            title=_("Jahre"),
            description=_("Durch Komma getrennt. Beispiel: 2023, 2024"),
            widget=TextWidget(attributes={"autocomplete": "off"}),
        ),
        _checklist(
            Measure, language, name="measures", title=_("Was gezählt wurde"), description=_("Nichts angekreuzt: alles.")
        ),
        _checklist(
            ChannelKind,
            language,
            name="channels",
            title=_("Zugangswege der Zahlen"),
            description=_("Nichts angekreuzt: alle."),
        ),
        _optional(Group, language, _("alle"), name="group", title=_("Wer gefragt wurde")),
        _day(name="compared", title=_("Verglichen mit dem Tag")),
        _day(
            name="on",
            title=_("Anderer Tag"),
            description=_("Nur wenn dieser Baustein für einen anderen Tag gilt als die Anfrage."),
        ),
        colander.SchemaNode(
            colander.Enum(ChannelKind, attr="value", typ=colander.String()),
            name="channel",
            title=_("Zugangsweg"),
            default=ChannelKind.VIDEO,
            missing=ChannelKind.VIDEO,
            widget=SelectWidget(values=_choices(ChannelKind, language), empty=None),
        ),
        _checklist(
            Column, language, name="columns", title=_("Spalten"), description=_("Nichts angekreuzt: die üblichen.")
        ),
        colander.SchemaNode(
            colander.Integer(),
            name="most",
            title=_("Höchstens so viele Zeilen"),
            description=_("Im Papier; die Dateien für Programme haben alle."),
            missing=None,
            validator=colander.Range(min=1, max=10_000),
            widget=NumberWidget(),
        ),
        name="block",
        title=_("Baustein"),
        widget=BlockWidget(kinds=dict(_choices(BlockKind, language))),
    )


def _is_list(node: colander.SchemaNode, value: str) -> None:
    """Raise Invalid for the address of a page that is no list of results, and for a part that no search has."""
    try:
        search_of(value)
    except BadValue as fault:
        mapping = {"name": fault.parameter, "allowed": ", ".join(fault.allowed)}
        sentence = _("„${name}“ gibt es bei einer Suche nicht. Möglich sind: ${allowed}.", mapping=mapping)
        raise colander.Invalid(node, sentence) from None
    except ValueError:
        raise colander.Invalid(node, SENTENCES["not_a_search"]) from None


def _choices(enum: type[StrEnum], language: str) -> list[tuple[str, str]]:
    return [(term.value, words.label(term, language)) for term in enum]


def _places(catalogue: Catalogue, language: str) -> list[OptGroup]:
    groups = ((_("Orte"), catalogue.places), (_("Ämter"), catalogue.offices))
    return [OptGroup(label, *_named(nouns.values(), language)) for label, nouns in groups]


def _named(nouns: Iterable[Any], language: str) -> list[tuple[str, str]]:
    pairs = [(noun.slug, noun.name.within(language)) for noun in nouns]
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))


def _line(maximum: int, **options: Any) -> colander.SchemaNode:
    options.setdefault("widget", TextWidget())
    return colander.SchemaNode(colander.String(), missing="", validator=colander.Length(max=maximum), **options)


def _day(**options: Any) -> colander.SchemaNode:
    return colander.SchemaNode(colander.Date(), missing=None, widget=TextWidget(type="date"), **options)


def _checklist(enum: type[StrEnum], language: str, **options: Any) -> colander.SchemaNode:
    widget = ChecklistWidget(values=_choices(enum, language))
    return colander.SchemaNode(colander.Set(), missing=frozenset(), widget=widget, **options)


def _optional(enum: type[StrEnum], language: str, nothing: str, **options: Any) -> colander.SchemaNode:
    widget = SelectWidget(values=[("", nothing), *_choices(enum, language)], empty=None)
    return colander.SchemaNode(colander.String(), missing="", widget=widget, **options)


def _list(entry: colander.SchemaNode, *, add_label: str, max_len: int, **options: Any) -> colander.SchemaNode:
    widget = ListWidget(add_label=add_label, max_len=max_len)
    return colander.SchemaNode(colander.Sequence(), entry, widget=widget, missing=(), **options)


def _slug() -> colander.SchemaNode:
    return colander.SchemaNode(
        colander.String(),
        name="slug",
        title=_("Kurzname in der Adresse der Seite"),
        description=_("Leer lassen, dann entsteht er aus dem Aktenzeichen. Er bleibt für immer. Beispiel: „af0147-24“"),
        missing="",
        validator=colander.All(
            colander.Length(max=100),
            colander.Regex(
                rf"^(?:{SLUG.pattern})$", _("Möglich sind Kleinbuchstaben, Ziffern und einzelne Bindestriche.")
            ),
        ),
        widget=TextWidget(attributes={"autocapitalize": "none", "spellcheck": "false"}),
    )
