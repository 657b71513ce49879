"""The small forms of an entry's state: taking or planning a step, who answers for it, another address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import colander
from deform.widget import HiddenWidget, TextAreaWidget

from servicedir.directory import CITY_TIME
from servicedir.domain.moment import city_moment
from servicedir.web import forms
from servicedir.web.fields import BesideWidget, NumberWidget, Schema, SelectWidget, TextWidget
from servicedir.web.translation import _

LONGEST_REMARK = 500

_IN_A_PAGE = re.compile(r"(?:.*/)?services/([^/?#]+)[^/]*")


def _remark(description: Any) -> colander.SchemaNode:
    return colander.SchemaNode(
        colander.String(),
        name="why",
        title=_("Bemerkung"),
        description=description,
        missing="",
        validator=colander.Length(max=LONGEST_REMARK),
        widget=TextAreaWidget(rows=3),
    )


def _based_on() -> colander.SchemaNode:
    return colander.SchemaNode(colander.Integer(), name="based_on", missing=0, widget=HiddenWidget())


def _moment() -> Schema:
    """Return a day and a time of the city, both empty for at once."""
    return Schema(
        colander.SchemaNode(colander.Date(), name="day", title=_("Tag"), missing=None, widget=TextWidget(type="date")),
        colander.SchemaNode(
            colander.Time(), name="time", title=_("Uhrzeit"), missing=None, widget=TextWidget(type="time")
        ),
        name="at",
        title=_("Zeitpunkt"),
        description=_("In der Zeit der Stadt. Bleibt beides leer, geschieht es sofort."),
        widget=BesideWidget(),
    )


def step_schema(*, timed: bool, returns: bool) -> Schema:
    """Return the fields of the steps but retiring.

    `timed` where one of them can be taken later, `returns` where one gives the entry back, which takes a remark.
    """
    read = _("Lesen alle, die diesen Eintrag bearbeiten.")
    read_and_needed = _("Lesen alle, die diesen Eintrag bearbeiten. Beim Zurückgeben nötig.")
    return Schema(_based_on(), _remark(read_and_needed if returns else read), *([_moment()] if timed else ()))


def retire_schema(*, public: bool) -> Schema:
    """Return the fields of retiring an entry: what was never `public` is given up at once and leads nowhere."""
    remark = _remark(_("Lesen alle, die diesen Eintrag bearbeiten."))
    if not public:
        return Schema(_based_on(), remark)
    successor = colander.SchemaNode(
        colander.String(),
        name="successor",
        title=_("Was es stattdessen gibt"),
        description=_(
            "Adresse einer veröffentlichten Dienstleistung. Wer die alte Seite aufruft, wird darauf verwiesen."
        ),
        missing="",
        validator=colander.Length(max=300),
        widget=TextWidget(attributes={"list": "services", "autocomplete": "off"}),
    )
    return Schema(_based_on(), remark, successor, _moment())


def care_schema(candidates: Mapping[str, str], usual: int, most: int) -> Schema:
    """Return who answers for an entry, of those who may, and after how many months it is looked at again."""
    return Schema(
        colander.SchemaNode(
            colander.String(),
            name="responsible",
            title=_("Wer antwortet für diesen Eintrag?"),
            description=_("Diese Person wird erinnert, wenn der Eintrag wieder zu prüfen ist."),
            missing="",
            widget=SelectWidget(
                values=[("", _("niemand")), *sorted(candidates.items(), key=lambda pair: pair[1].casefold())],
                empty=None,
            ),
        ),
        colander.SchemaNode(
            colander.Integer(),
            name="review_months",
            title=_("Prüfen nach so vielen Monaten"),
            description=_("Leer: nach ${usual} Monaten, wie überall.", mapping={"usual": usual}),
            missing=None,
            validator=colander.Range(min=1, max=most),
            widget=NumberWidget(),
        ),
    )


def rename_schema() -> Schema:
    """Return the fields of giving an entry another address."""
    return Schema(
        colander.SchemaNode(
            colander.String(),
            name="slug",
            title=_("Neue Adresse"),
            description=_("Letzter Teil der Adresse: Kleinbuchstaben, Ziffern und einzelne Bindestriche."),
            validator=colander.Length(max=100),
            widget=TextWidget(attributes={"autocomplete": "off", "autocapitalize": "none"}),
        ),
        _remark(_("Warum heißt der Eintrag jetzt anders?")),
    )


def moment_of(values: Mapping[str, Any]) -> datetime | None:
    """Return the moment (UTC) that was asked for, None for at once. Raises forms.Refusal for one that never comes."""
    at = values.get("at") or {}
    day, clock = at.get("day"), at.get("time")
    if day is None and clock is None:
        return None
    if day is None:
        raise forms.Refusal([(("at", "day"), _("Bitte geben Sie auch den Tag an."))])
    if clock is None:
        raise forms.Refusal([(("at", "time"), _("Bitte geben Sie auch die Uhrzeit an."))])
    try:
        return city_moment(datetime.combine(day, clock), CITY_TIME)
    except (ValueError, OverflowError):  # The first and the last hours of the calendar may have none in UTC.
        sentence = _("Diese Uhrzeit gibt es an diesem Tag nicht, weil die Uhren vorgestellt werden.")
        raise forms.Refusal([(("at", "time"), sentence)]) from None


def slug_of(typed: str) -> str:
    """Return the slug in what was typed or pasted: a slug, or the address of a service's page."""
    match = _IN_A_PAGE.fullmatch(typed.strip())
    return match[1] if match else typed.strip()
