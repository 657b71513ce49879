"""Parts of an entry as plain data in the names of the contract: for the API and for the JSON of open data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from servicedir.domain.service import Channel, Constraint, Period
from servicedir.domain.text import Text

Say: TypeAlias = Callable[[Text], str]
"""What gives a text in one language, empty where there is none."""

TEXTS = ("title", "summary", "body", "costs", "duration")
"""Texts of a service that a whole entry gives in every language."""


def moment(at: datetime) -> str:
    """Return a moment in UTC with `Z`, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _since(period: Period) -> str | None:
    return period.since.first.isoformat() if period.since else None


def _until(period: Period) -> str | None:
    return period.until.last.isoformat() if period.until else None


def _precision(period: Period) -> dict[str, str]:
    days = {"since": period.since, "until": period.until, "attested": period.attested}
    return {name: day.precision.value for name, day in days.items() if day}


def stage(period: Period) -> dict[str, Any]:
    """Return a stage with its days; `precision` says which of them are known only to the month or year."""
    return {
        "stage": period.stage.value,
        "since": _since(period),
        "until": _until(period),
        "attested": period.attested.first.isoformat() if period.attested else None,
        "precision": _precision(period),
    }


def channel_on(channel: Channel, on: date, say: Say) -> dict[str, Any]:
    """Return a way of access as it stands on a day."""
    period = channel.period(on)
    notes = [say(text) for text in (period.booking, channel.note) if text]
    return {
        "channel": channel.kind.value,
        **stage(period),
        "booking_url": period.booking_url or None,
        "slots_per_week": period.slots_per_week,
        "by_arrangement": period.by_arrangement,
        "note": " ".join(notes) or None,
        "reason": say(period.reason) or None,
        "source": period.source or None,
    }


def constrained(constraint: Constraint, say: Say) -> dict[str, Any]:
    """Return what law or technology asks."""
    basis = constraint.legal_basis
    return {
        "kind": constraint.kind.value,
        "requirement": constraint.requirement.value,
        "channel": constraint.channel.value if constraint.channel else None,
        "effect": constraint.effect.value,
        "legal_basis": basis.citation if basis else None,
        "url": (basis.url or None) if basis else None,
        "note": say(constraint.note) or None,
    }


def whole_period(period: Period, say: Say) -> dict[str, Any]:
    """Return one stage in time with all that is said of it."""
    needs = period.needs
    return {
        **stage(period),
        "reason": say(period.reason) or None,
        "source": period.source or None,
        "booking": say(period.booking) or None,
        "booking_url": period.booking_url or None,
        "slots_per_week": period.slots_per_week,
        "by_arrangement": period.by_arrangement,
        "telework": period.telework,
        "needs": {
            "tool": needs.tool or None,
            "browser_only": needs.browser_only,
            "interpreter": needs.interpreter,
            "captions": needs.captions,
            "test_url": needs.test_url or None,
            "privacy": say(needs.privacy) or None,
        },
    }
