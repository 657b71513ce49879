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
    "shown": _("Gezeigt wird: ${filters}"),
    "window": _("Dienstleistungen öffnen sich in einem neuen Fenster."),
    "since": _("seit ${since}"),
    "as_of": _("Stand von ${since}"),
    "since_until": _("${since} bis ${until}"),
    "until": _("bis ${until}"),
    "attested": _("nach Angabe von ${attested}"),
    "until_attested": _("nach Angabe von ${attested}, bis ${until}"),
    "meant": _("Meinten Sie {q}?"),
    "nothing": _("Dazu ist nichts zu finden. Versuchen Sie ein anderes, einfacheres Wort."),
    "nothing_here": _("Hier ist dazu nichts zu finden: Gezeigt wird nur ein Teil des Serviceverzeichnisses."),
    "everywhere": _("Im ganzen Serviceverzeichnis suchen"),
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
    "how": _("Wie man die Suche einbettet"),
}


def texts(languages: Iterable[str], registry: Registry) -> dict[str, dict[str, str]]:
    """Return what the element says, by language and name; braces stand around what is filled in there."""
    return {
        language: {
            **{name: str(localizer_of(registry, language).translate(text)) for name, text in TEXTS.items()},
            **{f"sort_{sort.value}": label(sort, language) for sort in Sort},
        }
        for language in languages
    }


def localizer_of(registry: Registry, language: str) -> Localizer:
    """Return what translates into a language of the interface, whatever that of the page is."""
    localizer: Localizer = registry.getUtility(ILocalizer, name=language)
    return localizer
