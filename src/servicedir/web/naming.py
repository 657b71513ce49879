"""What pages call things: how stages look, what is counted, the fields of a service, the menu of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from servicedir.domain.service import Stage
from servicedir.domain.text import sort_key
from servicedir.domain.workflow import Duty
from servicedir.web.translation import _

# How a stage looks beside its words: KERN's variant of a badge, and an icon. Colour is never alone.
STAGE_LOOKS = {
    Stage.LIVE: ("success", "check"),
    Stage.PILOT: ("success", "flask"),
    Stage.PLANNED: ("info", "calendar"),
    Stage.UNDER_REVIEW: ("info", "search"),
    Stage.PAUSED: ("warning", "pause"),
    Stage.ENDED: ("neutral", "stop"),
    Stage.NOT_PLANNED: ("neutral", "minus"),
    Stage.RULED_OUT: ("danger", "cross"),
    Stage.UNKNOWN: ("neutral", "question"),
}


PARTS_OF_SITE = {
    "service": "home",
    "office": "offices",
    "topic": "topics",
    **dict.fromkeys(("inquiry", "inquiry-edition", "inquiry-today", "inquiry-compare"), "inquiries"),
}
"""The routes of pages that the main menu does not name -> the one that it marks for them."""


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Mark a pair of sentences for the extraction of messages; they are translated when the number is known."""
    return one, many


COUNTED = {
    "services": ngettext("${n} Dienstleistung", "${n} Dienstleistungen"),
    "slots": ngettext("${n} Termin je Woche", "${n} Termine je Woche"),
    "hits": ngettext("${n} Treffer", "${n} Treffer"),
    "hints": ngettext("${n} Hinweis", "${n} Hinweise"),
    "missing_months": ngettext("${n} Monat fehlt", "${n} Monate fehlen"),
    "without_figures": ngettext("${n} Dienstleistung ohne Zahlen", "${n} Dienstleistungen ohne Zahlen"),
    "by_video": ngettext("${n} per Video", "${n} per Video"),
    "days_left": ngettext("noch ${n} Tag", "noch ${n} Tage"),
    "days_over": ngettext("seit ${n} Tag überfällig", "seit ${n} Tagen überfällig"),
    "rows_added": ngettext("${n} Zeile ist neu", "${n} Zeilen sind neu"),
    "rows_gone": ngettext("${n} Zeile ist entfallen", "${n} Zeilen sind entfallen"),
    "rows_changed": ngettext("${n} Zeile sagt etwas anderes", "${n} Zeilen sagen etwas anderes"),
    "texts_changed": ngettext("${n} Text lautet anders", "${n} Texte lauten anders"),
}
"""What templates count."""


def size_of(size: int, language: str) -> str:
    """Return the size of a file in words, in kB or MB of a thousand."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    number = f"{size / 1_000_000:.1f}"
    return f"{number.replace('.', ',') if language == 'de' else number} MB"


FIELDS = {
    "slug": _("Adresse"),
    "title": _("Titel"),
    "summary": _("Kurz gesagt"),
    "body": _("Ablauf"),
    "nature": _("Art des Anliegens"),
    "offices": _("Ämter"),
    "audiences": _("Für wen"),
    "topics": _("Themen und Lebenslagen"),
    "keywords": _("Suchwörter"),
    "documents": _("Unterlagen"),
    "costs": _("Kosten"),
    "duration": _("Dauer"),
    "legal_bases": _("Rechtsgrundlagen"),
    "leika_key": _("LeiKa-Schlüssel"),
    "languages": _("Sprachen, in denen beraten wird"),
    "places": _("Orte"),
    "related": _("Verwandte Dienstleistungen"),
    "channels": _("Zugangswege"),
    "constraints": _("Was das Gesetz verlangt"),
    "verified": _("Geprüft am"),
}
"""What the fields of a service are called where they are listed."""


DESK_MENU: tuple[tuple[str, str, Duty | None], ...] = (
    ("desk", _("Für mich"), None),
    ("desk-entries", _("Einträge"), None),
    ("hints", _("Hinweise"), None),
    ("desk-board", _("Übersicht der Ämter"), None),
    ("desk-inquiries", _("Anfragen des Rats"), Duty.INQUIRIES),
    ("desk-import", _("Ein- und Ausgabe"), None),
    ("previews", _("Vorschaulinks"), None),
    ("embeds", _("Einbettungen"), Duty.BOARD),
    ("words", _("Wörter"), Duty.WORDS),
    ("people", _("Personen"), Duty.ROLES),
    ("tokens", _("Tokens"), Duty.TOKENS),
    ("audit", _("Prüfprotokoll"), Duty.AUDIT),
)
"""The menu of people with an account: route, name, and the duty that it takes, if any."""


FACET_TITLES = {
    "video": _("Video"),
    "channel": _("Erreichbar auf diesem Weg"),
    "nature": _("Art des Anliegens"),
    "office": _("Amt"),
    "topic": _("Thema"),
    "audience": _("Für wen"),
    "language": _("Sprache"),
}

_OWN_ORDER = ("video", "channel", "nature")
"""Facets whose values have an order of their own."""


def in_order(facet: str, values: Sequence[str], site: Any) -> list[int]:
    """Return the places of a facet's values in the order in which people look for them: mostly by their names."""
    places = range(len(values))
    if facet in _OWN_ORDER:
        return [*places]
    return sorted(places, key=lambda at: sort_key(str(site.value_label(facet, values[at]))))
