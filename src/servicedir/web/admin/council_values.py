"""Steps, programmes and acceptance, between the value and its form; what their lists say, and in which order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from servicedir.domain.acceptance import Acceptance, Measurement
from servicedir.domain.history import Kind
from servicedir.domain.step import Step
from servicedir.web.picking import typed_services
from servicedir.web.translation import _

COUNCIL = (Kind.STEP, Kind.PROGRAMME, Kind.ACCEPTANCE)
"""The kinds that say what is planned and how it went: services are chosen in their forms."""

NAMED = {Kind.STEP: _("Schritt"), Kind.PROGRAMME: _("Förderprogramm"), Kind.ACCEPTANCE: _("Akzeptanz")}
"""What one of a kind is called where it stands among others."""


def chosen(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a noun as its form shows them."""
    if "programmes" in values:
        values = {**values, "programmes": set(values["programmes"])}
    return {**values, "services": list(values["services"])}


def pointing(values: dict[str, Any], before: Any) -> dict[str, Any]:
    """Return the values of a form with the slugs that they say; chosen programmes keep the order that they had."""
    values = {**values, "services": typed_services(values["services"])}
    if "programmes" in values:
        order = {slug: at for at, slug in enumerate(before.programmes if before else ())}
        found = sorted(values["programmes"], key=lambda slug: (order.get(slug, len(order)), slug))
        values["programmes"] = tuple(found)
    return values


def on_scale(noun: Acceptance, site: Any) -> str:
    """Return what came out, in words: "63 %", "4,2 (von 1 bis 5)"; empty where nothing was measured."""
    if noun.value is None:
        return ""
    low, high = noun.scale
    value = _digits(noun.value, site.language)
    if noun.measurement is Measurement.SHARE:
        return f"{value}\u00a0%"
    if low is None or high is None:
        return value
    ends = {"lowest": _digits(low, site.language), "highest": _digits(high, site.language)}
    return str(site.translate(_("${value} (von ${lowest} bis ${highest})", mapping={"value": value, **ends})))


def _digits(number: Decimal, language: str) -> str:
    return f"{number:f}".replace(".", ",") if language == "de" else f"{number:f}"


def in_order(nouns: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return entries and values in the order of their list: what is to be done next comes first, or what is newest.

    Everything else stays as it is, by name.
    """
    return sorted(nouns, key=lambda pair: _place(pair[1]))


def _place(noun: Any) -> Any:
    match noun:
        case Step():
            return not noun.state.is_open, noun.target is None, noun.target.last.toordinal() if noun.target else 0
        case Acceptance():
            return -noun.measured.last.toordinal()
    return 0
