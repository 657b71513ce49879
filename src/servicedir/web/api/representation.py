"""What the API says of an entry: plain data in the names of the contract."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from servicedir.domain.document import to_document
from servicedir.domain.history import Published
from servicedir.domain.service import Channel, ChannelKind, Constraint, Period, Service


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


def _stage(period: Period) -> dict[str, Any]:
    """Return a stage with its days; `precision` says which of them are known only to the month or year."""
    return {
        "stage": period.stage.value,
        "since": _since(period),
        "until": _until(period),
        "attested": period.attested.first.isoformat() if period.attested else None,
        "precision": _precision(period),
    }


def _channel(channel: Channel, on: date, site: Any) -> dict[str, Any]:
    period = channel.period(on)
    notes = [site.plain(text) for text in (period.booking, channel.note) if text]
    return {
        "channel": channel.kind.value,
        **_stage(period),
        "booking_url": period.booking_url or None,
        "slots_per_week": period.slots_per_week,
        "by_arrangement": period.by_arrangement,
        "note": " ".join(notes) or None,
        "reason": site.plain(period.reason) or None,
        "source": period.source or None,
    }


def _constraint(constraint: Constraint, site: Any) -> dict[str, Any]:
    basis = constraint.legal_basis
    return {
        "kind": constraint.kind.value,
        "requirement": constraint.requirement.value,
        "channel": constraint.channel.value if constraint.channel else None,
        "effect": constraint.effect.value,
        "legal_basis": basis.citation if basis else None,
        "url": (basis.url or None) if basis else None,
        "note": site.plain(constraint.note) or None,
    }


def item(entry: Published, highlight: str, on: date, site: Any) -> dict[str, Any]:
    """Return an entry of a list, its texts in one language, its channels as they stand on a day."""
    service = entry.service
    office = site.catalogue.offices.get(service.office)
    return {
        "slug": service.slug,
        "title": site.plain(service.title),
        "summary": site.plain(service.summary),
        "highlight": highlight or None,
        "url": site.absolute("service", slug=service.slug),
        "nature": service.nature.value,
        "office": {"slug": service.office, "name": site.plain(office.name) if office else service.office},
        "video": _stage(service.channel(ChannelKind.VIDEO).period(on)),
        "channels": [_channel(channel, on, site) for channel in service.channels],
        "constraints": [_constraint(constraint, site) for constraint in service.constraints],
        "updated": moment(entry.updated),
        "verified": service.verified.isoformat() if service.verified else None,
    }


def whole(entry: Published, related: Iterable[str], on: date, site: Any) -> dict[str, Any]:
    """Return everything that the directory says of an entry: the list's fields for a day, and all texts and periods.

    `related` are those of the related services of which outsiders may know.
    """
    service: Service = entry.service
    document = to_document(service)
    full = {name: value for name, value in document.items() if name not in ("version", "channels", "constraints")}
    listed = item(entry, "", on, site)
    del listed["highlight"]
    for channel, spoken in zip(listed["channels"], service.channels, strict=True):
        channel["periods"] = [_period(period, site) for period in spoken.periods]
    return {
        **listed,
        "on": on.isoformat(),
        "revision": entry.revision,
        "texts": {name: dict(text) for name in TEXTS if (text := getattr(service, name))},
        "documents": [site.plain(text) for text in service.documents],
        **{name: full.get(name, []) for name in ("audiences", "topics", "keywords", "languages", "places")},
        "related": list(related),
        "offices": list(service.offices),
        "legal_bases": [{"citation": b.citation, "url": b.url or None} for b in service.legal_bases],
        "leika_key": service.leika_key or None,
    }


TEXTS = ("title", "summary", "body", "costs", "duration")
"""Texts of a service that the whole entry gives in every language."""


def _period(period: Period, site: Any) -> dict[str, Any]:
    needs = period.needs
    return {
        **_stage(period),
        "reason": site.plain(period.reason) or None,
        "source": period.source or None,
        "booking": site.plain(period.booking) or None,
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
            "privacy": site.plain(needs.privacy) or None,
        },
    }
