"""Between a service and its form: the values that the fields show, and the service that they say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from servicedir.domain.matching import blank, has_fields, matches
from servicedir.domain.service import Channel, ChannelKind, Constraint, LegalBasis, Period, Service, VideoNeeds
from servicedir.domain.text import Text, slug_of
from servicedir.web.picking import typed_services


def to_form(service: Service) -> dict[str, Any]:
    """Return a service as the values of the form."""
    values = _plain(service)
    office, *others = service.offices
    constraints = []
    for constraint in service.constraints:
        basis = constraint.legal_basis or LegalBasis("")
        constraints.append({**_plain(constraint), "channel": constraint.channel or "", **_plain(basis)})
    return values | {
        "office": office,
        "offices": set(others),
        "keywords": "\n".join(service.keywords),
        "constraints": constraints,
        **{name: set(values[name]) for name in ("places", "topics", "audiences", "languages")},
    }


def _plain(value: Any) -> Any:
    """Return the fields of a value, and of those in it, as dictionaries; texts, days and enums stay as they are."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and isinstance(
        value, Service | Channel | Period | Constraint | VideoNeeds | LegalBasis
    ):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def from_form(values: dict[str, Any], before: Service | None) -> Service:
    """Return the service that the form says; `before` gives its slug and what the form does not show."""
    given = {name: value for name, value in values.items() if name not in ("based_on", "why", "office", "seen")}
    given["slug"] = before.slug if before else values["slug"] or slug_of(values["title"].within("de"))
    given["offices"] = (
        values["office"],
        *_kept(before.offices[1:] if before else (), values["offices"] - {values["office"]}),
    )
    for name in ("places", "topics", "audiences", "languages"):
        given[name] = _kept(getattr(before, name) if before else (), values[name])
    given["keywords"] = tuple(dict.fromkeys(line.strip() for line in values["keywords"].splitlines() if line.strip()))
    given["related"] = typed_services(values["related"])
    given["documents"] = tuple(document for document in values["documents"] if document)
    given["legal_bases"] = tuple(LegalBasis(**basis) for basis in values["legal_bases"])
    verified = {channel.kind: channel.verified for channel in before.channels} if before else {}
    given["channels"] = tuple(
        Channel(
            **{
                **channel,
                "verified": verified.get(channel["kind"]),
                "periods": tuple(_period_from(p) for p in channel["periods"]),
            }
        ).closed()
        for channel in values["channels"]
    )
    given["constraints"] = tuple(_constraint_from(constraint) for constraint in values["constraints"])
    if before:
        given = {name: _with_other_languages(value, getattr(before, name)) for name, value in given.items()}
        return dataclasses.replace(before, **given)
    return Service(**given)


def _kept(before: tuple[str, ...], chosen: Iterable[str]) -> tuple[str, ...]:
    """Return what was chosen, in the order that it had, new ones behind: an unchanged choice is no change."""
    order = {slug: at for at, slug in enumerate(before)}
    return tuple(sorted(chosen, key=lambda slug: (order.get(slug, len(order)), slug)))


def _with_other_languages(value: Any, before: Any) -> Any:
    """Return a value whose texts, also those inside it, have the languages that the form has no field for."""
    if isinstance(value, Text) and isinstance(before, Text):
        others = {code: said for code, said in before if code not in ("de", "en")}
        return Text.of({**dict(value), **others})
    if isinstance(value, tuple) and isinstance(before, tuple):
        found = {new: before[old] for old, new in matches(before, value).items()}
        return tuple(_with_other_languages(item, found.get(at)) for at, item in enumerate(value))
    if type(value) is type(before) and has_fields(value):
        parts = {name: _with_other_languages(getattr(value, name), getattr(before, name)) for name in blank(value)}
        return dataclasses.replace(value, **parts)
    return value


def _period_from(values: dict[str, Any]) -> Period:
    return Period(**{**values, "needs": VideoNeeds(**values["needs"])})


def _constraint_from(values: dict[str, Any]) -> Constraint:
    given = dict(values)
    citation, url, channel = given.pop("citation"), given.pop("url"), given.pop("channel")
    return Constraint(
        **given,
        channel=ChannelKind(channel) if channel else None,
        legal_basis=LegalBasis(citation, url) if citation or url else None,
    )
