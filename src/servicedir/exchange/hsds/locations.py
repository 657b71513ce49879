"""Locations of HSDS: places, and offices with an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from servicedir.domain.catalogue import Office, Place, PlaceKind
from servicedir.exchange.hsds.identity import identifier
from servicedir.exchange.hsds.scope import Attributes, Object, Scope, phones, said, web_address

_POSTAL = re.compile(r"\b([0-9]{5})[ \t]+([^\n,]+)")

COUNTRY = "DE"


def locations(offices: Iterable[str], places: Iterable[str], scope: Scope) -> Iterator[Place | Office]:
    """Yield where something of these places and offices (their slugs) can be had on the day of the scope."""
    for slug in dict.fromkeys(places):
        place = scope.catalogue.places.get(slug)
        if place and place.is_open(scope.on):
            yield place
    for slug in dict.fromkeys(offices):
        office = scope.catalogue.offices.get(slug)
        if office and office.address:
            yield office


def location_id(where: Place | Office) -> str:
    """Return the id of a location."""
    return identifier("location", "place" if isinstance(where, Place) else "office", where.slug)


def simple(where: Place | Office, scope: Scope) -> Object:
    """Return a location as it stands in lists."""
    office = where.office if isinstance(where, Place) else where.slug
    is_virtual = isinstance(where, Place) and where.kind is PlaceKind.VIRTUAL
    return said(
        {
            "id": location_id(where),
            "location_type": "virtual" if is_virtual else "physical",
            "url": web_address(where.url) if isinstance(where, Place) else "",
            "organization_id": identifier("organization", office) if office in scope.catalogue.offices else "",
            "name": scope.say(where.name),
            "description": scope.say(where.summary),
        }
    )


def whole(where: Place | Office, scope: Scope) -> Object:
    """Return a location with all that is known of it."""
    made = simple(where, scope)
    attributes = Attributes(scope, "location", made["id"])
    more: Object = {"addresses": _addresses(where, made, scope)}
    if isinstance(where, Place):
        attributes.say("", opened=where.opened, closed=where.closed, source=where.source)
    else:
        access = scope.say(where.accessibility)
        more["accessibility"] = [{"id": identifier("accessibility", made["id"]), "description": access}] * bool(access)
        more["phones"] = phones("location", where.slug, where.phone)
        hours = scope.say(where.hours)
        more["schedules"] = [{"id": identifier("schedule", made["id"]), "description": hours}] * bool(hours)
    return said({**made, **more, "attributes": attributes.made})


def _addresses(where: Place | Office, location: Object, scope: Scope) -> list[Object]:
    """Return the address of a location, if it has one, taken apart at its postal code."""
    written = scope.say(where.address)
    if not written:
        return []
    found = _POSTAL.search(written)
    street, rest = (written[: found.start()], written[found.end() :]) if found else (written, "")
    return [
        {
            "id": identifier("address", location["id"]),
            "address_1": _one_line(street),
            **said({"address_2": _one_line(rest)}),
            "city": found[2].strip() if found else "",
            "state_province": "",
            "postal_code": found[1] if found else "",
            "country": COUNTRY,
            "address_type": location["location_type"],
        }
    ]


def _one_line(text: str) -> str:
    return ", ".join(part for line in text.splitlines() if (part := line.strip(" \t,")))
