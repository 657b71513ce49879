"""The forms of what the council asks about: steps of the rollout, programmes that fund, and acceptance."""

from __future__ import annotations

from typing import Any

import colander

from servicedir.domain import words
from servicedir.domain.acceptance import Group, Measurement
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.programme import Level
from servicedir.domain.service import ChannelKind
from servicedir.domain.step import StepState
from servicedir.web.admin.noun_fields import address, choice, choices, day, line, name_field, services, source, term
from servicedir.web.fields import ChecklistWidget, NumberWidget, SelectWidget, texts
from servicedir.web.translation import _


class DecimalType(colander.Decimal):
    """A number with decimals, written as the form's language does: 4,2 in German."""

    def serialize(self, node: colander.SchemaNode, appstruct: Any) -> Any:
        """Return the digits."""
        written = super().serialize(node, appstruct)
        request = (node.bindings or {}).get("request")
        if written is not colander.null and request is not None and request.locale_name == "de":
            return written.replace(".", ",")
        return written


def step_fields(language: str, catalogue: Catalogue) -> list[colander.SchemaNode]:
    """Return the fields of a step."""
    return [
        name_field(),
        choice(
            "office",
            _("Amt"),
            [("", _("keines: die Stadt als Ganzes")), *choices(catalogue.offices.values(), language)],
            description=_("Wer dafür sorgt, dass es geschieht."),
        ),
        services(_("Um welche es geht. Leer lassen, wenn der Schritt keine bestimmte betrifft.")),
        day(
            name="target",
            title=_("Bis wann"),
            description=_(
                "Der Monat, in dem es fertig sein soll. Ändern Sie ihn, bleibt der frühere Termin öffentlich stehen."
            ),
        ),
        term(StepState, language, name="state", title=_("Stand")),
        texts(
            name="blocker",
            title=_("Was hält es auf?"),
            description=_("Zum Beispiel: Es fehlen Räume. Leer lassen, wenn nichts im Weg steht."),
            rows=2,
        ),
        texts(
            name="reason",
            title=_("Warum nicht?"),
            description=_("Bei „dagegen entschieden“ nötig, bei „aufgegeben“ gut: der Grund, in einfachen Worten."),
            rows=2,
        ),
        line(
            200,
            name="paper",
            title=_("Vorlage des Rates"),
            description=_("Wie man sie zitiert. Beispiel: V1234/26"),
        ),
        address(_("Adresse der Vorlage"), "paper_url"),
        colander.SchemaNode(
            colander.Set(),
            name="programmes",
            title=_("Förderprogramme"),
            description=_("Welche den Schritt bezahlen helfen."),
            missing=frozenset(),
            widget=ChecklistWidget(values=choices(catalogue.programmes.values(), language)),
        ),
        source(),
    ]


def programme_fields(language: str) -> list[colander.SchemaNode]:
    """Return the fields of a programme."""
    return [
        name_field(),
        term(Level, language, name="level", title=_("Wessen Geld ist es?")),
        texts(name="funder", title=_("Wer gibt es?"), description=_("Zum Beispiel ein Ministerium."), maximum=200),
        texts(name="area", title=_("Wofür?"), description=_("Das Fachgebiet, das gefördert wird."), rows=2),
        day(name="begins", title=_("Läuft seit")),
        day(name="ends", title=_("Läuft bis"), description=_("Leer lassen, wenn kein Ende bekannt ist.")),
        address(_("Adresse der Internetseite")),
        services(_("Welche damit gefördert werden. Schritte nennen ihr Programm selbst.")),
        texts(name="summary", title=_("Kurz gesagt"), rows=2),
        source(),
    ]


def acceptance_fields(language: str, catalogue: Catalogue) -> list[colander.SchemaNode]:
    """Return the fields of a measurement of acceptance."""
    kinds = [(kind.value, words.label(kind, language)) for kind in ChannelKind]
    return [
        name_field(),
        term(
            Group,
            language,
            name="group",
            title=_("Wer wurde gefragt?"),
            description=_("Beide Gruppen werden nie zusammengezählt: eine Angabe je Gruppe."),
        ),
        term(Measurement, language, name="measurement", title=_("Wie wurde es erhoben?")),
        day(name="measured", title=_("Wann?"), missing=colander.required),
        colander.SchemaNode(
            colander.Enum(ChannelKind, attr="value", typ=colander.String()),
            name="channel",
            title=_("Zugangsweg"),
            widget=SelectWidget(values=kinds),
        ),
        choice(
            "office",
            _("Amt"),
            [("", _("keines: die Stadt als Ganzes")), *choices(catalogue.offices.values(), language)],
        ),
        services(_("Um welche es geht. Leer lassen, wenn nach keiner bestimmten gefragt wurde.")),
        _number(
            "value",
            _("Wert"),
            _("Das Ergebnis, zum Beispiel 4,2. Ein Anteil in Prozent. Leer lassen bei „Rückmeldung ohne Messung“."),
        ),
        _number("lowest", _("Kleinster möglicher Wert"), _("Bei einem Anteil leer lassen: Das ist 0.")),
        _number("highest", _("Größter möglicher Wert"), _("Bei einem Anteil leer lassen: Das ist 100.")),
        colander.SchemaNode(
            colander.Integer(),
            name="asked",
            title=_("Wie viele?"),
            description=_("Wie viele Menschen geantwortet haben oder wie viele Termine zählen. Leer: nicht bekannt."),
            missing=None,
            validator=colander.Range(min=0, max=100_000_000),
            widget=NumberWidget(),
        ),
        texts(
            name="comment",
            title=_("Bemerkung"),
            description=_("Bei „Rückmeldung ohne Messung“ nötig: was gesagt wurde. Nennen Sie keine Personen."),
            rows=3,
        ),
        source(),
        address(_("Adresse der Quelle"), "source_url"),
    ]


def _number(name: str, title: Any, description: Any) -> colander.SchemaNode:
    return colander.SchemaNode(
        DecimalType(), name=name, title=title, description=description, missing=None, widget=NumberWidget()
    )
