"""Organizations of HSDS: the offices, each with the id of the one above."""

from __future__ import annotations

from collections.abc import Iterable

from servicedir.domain.catalogue import Office
from servicedir.exchange.hsds import locations
from servicedir.exchange.hsds.identity import identifier
from servicedir.exchange.hsds.scope import Attributes, Object, Scope, mail_address, phones, said, web_address


def organization_id(slug: str) -> str:
    """Return the id of an office."""
    return identifier("organization", slug)


def simple(office: Office, scope: Scope) -> Object:
    """Return an office as it stands in lists."""
    name = scope.say(office.name)
    made = {
        "email": mail_address(office.email),
        "website": web_address(office.url),
        "uri": scope.page(f"/offices/{office.slug}"),
        "parent_organization_id": organization_id(office.parent) if office.parent in scope.catalogue.offices else "",
    }
    return {
        "id": organization_id(office.slug),
        "name": name,
        "description": scope.say(office.summary) or name,
        **said(made),
    }


def whole(office: Office, scope: Scope) -> Object:
    """Return an office with all that is known of it, but for its services; the same object each time."""
    kept = scope.organizations.get(office.slug)
    if kept is None:
        kept = scope.organizations[office.slug] = _whole(office, scope)
    return kept


def _whole(office: Office, scope: Scope) -> Object:
    made = simple(office, scope)
    attributes = Attributes(scope, "organization", made["id"])
    attributes.add(f"office-kind:{office.kind.value}")
    if not office.address:  # Else its location says so.
        attributes.say("", hours=office.hours, accessibility=office.accessibility)
    places = (place.slug for place in scope.catalogue.places.values() if place.office == office.slug)
    found = locations.locations([office.slug], places, scope)
    more = {
        "phones": phones("organization", office.slug, office.phone),
        "locations": [locations.whole(where, scope) for where in found],
        "attributes": attributes.made,
    }
    return {**made, **said(more)}


def with_services(office: Office, services: Iterable[Object], scope: Scope) -> Object:
    """Return an office with all that is known of it and with services, as simple or whole as they are given."""
    return {**whole(office, scope), **said({"services": list(services)})}
