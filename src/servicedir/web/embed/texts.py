"""What the element says: texts that are sent with its script, in each language of the interface."""

from __future__ import annotations

from collections.abc import Iterable

from pyramid.i18n import Localizer
from pyramid.interfaces import ILocalizer
from pyramid.registry import Registry

from servicedir.domain.query import Sort
from servicedir.domain.words import label
from servicedir.web.translation import _

TEXTS = {
    "ask": _("Was möchten Sie erledigen?"),
    "send": _("Suchen"),
    "list": _("Vorschläge"),
    "suggested": _("Ein Vorschlag, mit den Pfeiltasten wählen"),
    "suggestions": _("{n} Vorschläge, mit den Pfeiltasten wählen"),
    "service": _("Dienstleistung"),
    "topic": _("Thema"),
    "office": _("Amt"),
    "search": _("Suche"),
    "filters": _("Filter"),
    "facet_video": _("Video"),
    "facet_channel": _("Erreichbar auf diesem Weg"),
    "facet_nature": _("Art des Anliegens"),
    "facet_office": _("Amt"),
    "facet_topic": _("Thema"),
    "facet_audience": _("Für wen"),
    "facet_language": _("Sprache"),
    "one": _("Eine Dienstleistung"),
    "many": _("{n} Dienstleistungen"),
    "sort": _("Sortieren"),
    "on": _("Stand vom {day}"),
    "since": _("seit {day}"),
    "meant": _("Meinten Sie {q}?"),
    "nothing": _("Dazu ist nichts zu finden. Versuchen Sie ein anderes, einfacheres Wort."),
    "all": _("Alle Filter entfernen"),
    "pages": _("Seiten der Trefferliste"),
    "page": _("Seite"),
    "page_before": _("Vorherige Seite"),
    "page_next": _("Nächste Seite"),
    "before": _("Zurück"),
    "next": _("Weiter"),
    "more": _("Im Serviceverzeichnis weitersuchen"),
    "down": _("Das Serviceverzeichnis ist gerade nicht zu erreichen. Versuchen Sie es später noch einmal."),
    "again": _("Noch einmal versuchen"),
    "refused": _(
        "Das Serviceverzeichnis ist für diese Website noch nicht freigegeben. Wer sie betreut, kann das bei der Stelle "
        "beantragen, die das Verzeichnis führt."
    ),
}


def texts(languages: Iterable[str], registry: Registry) -> dict[str, dict[str, str]]:
    """Return what the element says, by language and name; braces stand around what is filled in there."""
    return {
        language: {
            **{name: str(_localizer(registry, language).translate(text)) for name, text in TEXTS.items()},
            **{f"sort_{sort.value}": label(sort, language) for sort in Sort},
        }
        for language in languages
    }


def _localizer(registry: Registry, language: str) -> Localizer:
    localizer: Localizer = registry.getUtility(ILocalizer, name=language)
    return localizer
