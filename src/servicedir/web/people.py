"""What the pages about one's own account and those about other people's share: fields, and sentences for refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import colander

from servicedir.directory import CITY_TIME, Refused
from servicedir.domain.day import Day, Precision
from servicedir.web import fields, forms
from servicedir.web.translation import _

SENTENCES = {
    "not_a_login": _("Ein Anmeldename hat Buchstaben, Ziffern, Punkte und Striche, aber keine Leerzeichen."),
    "login_taken": _("Diesen Anmeldenamen gibt es schon."),
    "no_email": _("Das ist keine E-Mail-Adresse. Beispiel: name@example.org"),
    "password_too_short": _("Das Passwort ist zu kurz: mindestens 12 Zeichen."),
    "password_too_long": _("Das Passwort ist zu lang: höchstens 200 Zeichen."),
    "password_common": _("Dieses Passwort wird leicht erraten. Nehmen Sie zum Beispiel vier zufällige Wörter."),
    "wrong_code": _("Dieser Code stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten."),
    "has_factor": _("Für dieses Konto ist schon ein zweiter Faktor eingerichtet."),
    "no_factor": _("Für dieses Konto ist kein zweiter Faktor eingerichtet."),
    "not_invited": _("Eine Einladung bekommt nur, wer noch kein Passwort hat, nicht gesperrt ist und eine E-Mail hat."),
    "yourself": _("Das können Sie nicht für Ihr eigenes Konto tun. Bitten Sie jemand anderen aus der Administration."),
    "last_administrator": _("Es muss mindestens ein Konto mit der Rolle Administration auf Dauer übrig bleiben."),
    "unknown_office": _("Diese Rolle gibt es für dieses Amt nicht."),
    "not_granted": _("Diese Rolle hat das Konto nicht (mehr)."),
    "in_the_past": _("Dieser Tag ist schon vorbei."),
    "own_deputy": _("Niemand vertritt sich selbst."),
    "not_a_deputy": _("Dieses Konto gibt es nicht, oder es ist gesperrt."),
    "deputy_disabled": _("Dieses Konto gibt es nicht, oder es ist gesperrt."),
    "deputy_days": _("Der letzte Tag liegt vor dem ersten, oder es ist mehr als ein Jahr."),
}
"""What the rules about accounts are called -> what is said of them."""


def sentences(refused: Refused) -> list[str]:
    """Return what was refused, in words."""
    return [SENTENCES[fault.what] for fault in refused.faults]


def refusal(refused: Refused) -> forms.Refusal:
    """Return what a form says of what was refused."""
    return forms.Refusal([(fault.where, SENTENCES[fault.what]) for fault in refused.faults])


NEW_PASSWORD = _("Neues Passwort")


def new_password(title: Any = NEW_PASSWORD) -> list[colander.SchemaNode]:
    """Return the two fields for a password; what is wrong with it is for the domain to say, but for a slip of hand."""
    first = colander.SchemaNode(
        colander.String(),
        name="password",
        title=title,
        description=_("Mindestens 12 Zeichen. Gut sind vier zufällige Wörter."),
        validator=colander.Length(max=1000),
        widget=fields.PasswordWidget(autocomplete="new-password"),
    )
    again = colander.SchemaNode(
        colander.String(),
        name="again",
        title=_("Noch einmal dasselbe Passwort"),
        validator=colander.Length(max=1000),
        widget=fields.PasswordWidget(autocomplete="new-password"),
    )
    return [first, again]


def same_twice(values: Mapping[str, Any]) -> None:
    """Raise Refusal unless both fields for a password hold the same."""
    if values["password"] != values["again"]:
        raise forms.Refusal([(("again",), _("Die beiden Passwörter sind verschieden."))])


def code_field(title: Any) -> colander.SchemaNode:
    """Return the field for a one-time code."""
    return colander.SchemaNode(
        colander.String(),
        name="code",
        title=title,
        validator=colander.Length(max=100),
        widget=fields.TextWidget(attributes={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )


class _WholeDay(fields.DayType):
    """A domain `Day`, shown as its hint says that it may be typed."""

    def serialize(self, node: colander.SchemaNode, appstruct: Any) -> Any:
        """Return the day as it is written in the city: 01.05.2024."""
        return colander.null if appstruct is colander.null else appstruct.first.strftime("%d.%m.%Y")


def day_field(name: str, title: Any, **options: Any) -> colander.SchemaNode:
    """Return the field for a whole day."""
    widget = fields.TextWidget(hint=_("Ein Tag. Beispiel: 01.05.2024"), attributes={"autocomplete": "off"})
    return colander.SchemaNode(_WholeDay(), name=name, title=title, widget=widget, validator=_is_whole_day, **options)


def _is_whole_day(node: colander.SchemaNode, value: Day) -> None:
    if value.precision is not Precision.DAY:
        raise colander.Invalid(node, _("Das ist kein Datum. Beispiel: 2024-05-01"))


def deputy_schema(candidates: Mapping[str, str], today: date) -> fields.Schema:
    """Return the form that says who stands in, and from when to when."""
    chosen = sorted(candidates.items(), key=lambda pair: pair[1].casefold())
    return fields.Schema(
        children=[
            colander.SchemaNode(
                colander.String(),
                name="deputy",
                title=_("Wer vertritt"),
                widget=fields.SelectWidget(values=chosen),
            ),
            day_field("since", _("Erster Tag"), default=Day(today.isoformat())),
            day_field("until", _("Letzter Tag")),
        ]
    )


def parsed_day(text: str) -> date | None:
    """Return the day that a parameter or a hidden field says in ISO 8601, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def beginning(day: date | None, days_later: int = 0) -> datetime | None:
    """Return the moment at which a day, or one some days later, begins in the city."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=days_later), time(), CITY_TIME)
