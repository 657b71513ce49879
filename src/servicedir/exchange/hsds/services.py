"""Services of HSDS, and what stands between a service and a location."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from servicedir.domain import words
from servicedir.domain.catalogue import Office, Place
from servicedir.domain.history import Published
from servicedir.domain.service import ChannelKind, Service, Stage
from servicedir.domain.text import Text
from servicedir.exchange.hsds import locations, organizations
from servicedir.exchange.hsds.characteristics import attributes_of
from servicedir.exchange.hsds.identity import identifier
from servicedir.exchange.hsds.scope import Object, Scope, mail_address, phones, said, web_address

_INTERPRETING = {
    None: Text(),
    True: Text.of(de="Im Videogespräch kann gedolmetscht werden.", en="A video call can be interpreted."),
    False: Text.of(de="Im Videogespräch wird nicht gedolmetscht.", en="A video call is not interpreted."),
}

_ISO_639 = {"dgs": "gsg"}
"""Codes of languages that are called otherwise in ISO 639: German Sign Language."""


class Link(NamedTuple):
    """That a service can be had somewhere: a `service_at_location`."""

    service: str
    where: Place | Office

    @property
    def id(self) -> str:
        """Return its id."""
        return identifier("service_at_location", self.service, locations.location_id(self.where))


def service_id(slug: str) -> str:
    """Return the id of a service."""
    return identifier("service", slug)


def moment(at: datetime) -> str:
    """Return a moment in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def minimal(slug: str, updated: datetime) -> Object:
    """Return what the parameter `minimal` promises: the id, and when it was modified, by both names of that field."""
    at = moment(updated)
    return {"id": service_id(slug), "modified_date": at, "last_modified": at}


def reference(slug: str, title: Text, scope: Scope) -> Object:
    """Return a service as an organization mentions it."""
    return {"id": service_id(slug), "name": scope.say(title), "status": "active"}


def simple(entry: Published, scope: Scope) -> Object:
    """Return a service as it stands in lists: what there is only one of."""
    made = _one_to_one(entry, scope)
    office = _office(entry.service, scope)
    return {**made, **said({"organization": organizations.simple(office, scope) if office else None})}


def whole(entry: Published, scope: Scope) -> Object:
    """Return a service with all that is known of it."""
    links = [_at_location(link, scope) for link in links_of(entry.service, scope)]
    return {**_nested(entry, scope), **said({"service_at_locations": links})}


def _office(service: Service, scope: Scope) -> Office | None:
    return scope.catalogue.offices.get(service.offices[0]) if service.offices else None


def _one_to_one(entry: Published, scope: Scope) -> Object:
    service = entry.service
    office = _office(service, scope)
    needs = service.channel(ChannelKind.VIDEO).period(scope.on).needs
    audiences = (scope.catalogue.audiences.get(slug) for slug in service.audiences)
    made = {
        "description": "\n\n".join(filter(None, (scope.say(service.summary), scope.say(service.body)))),
        "url": scope.page(f"/services/{service.slug}"),
        "email": mail_address(office.email) if office else "",
        "interpretation_services": scope.say(_INTERPRETING[needs.interpreter]),
        "application_process": "\n".join(_booking(service, scope)),
        "fees_description": scope.say(service.costs),
        "eligibility_description": ", ".join(scope.say(audience.name) for audience in audiences if audience),
        "assured_date": service.verified.isoformat() if service.verified else "",
        "alert": "\n".join(_pauses(service, scope)),
        "last_modified": moment(entry.updated),
    }
    # What is retired is not here at all, so whatever is here is active: a paused channel is an alert.
    return {**reference(service.slug, service.title, scope), **said(made)}


def _booking(service: Service, scope: Scope) -> Iterator[str]:
    for channel in service.channels:
        period = channel.period(scope.on)
        if period.stage.available and period.booking:
            yield f"{scope.label(channel.kind)}: {scope.say(period.booking)}"


def _pauses(service: Service, scope: Scope) -> Iterator[str]:
    for channel in service.channels:
        period = channel.period(scope.on)
        if period.stage is Stage.PAUSED:
            reason = f" ({scope.say(period.reason)})" if period.reason else ""
            yield f"{scope.label(channel.kind)}: {scope.label(period.stage)}{reason}"


def _nested(entry: Published, scope: Scope) -> Object:
    """Return a service with all that is known of it, but for its locations."""
    service, slug = entry.service, entry.service.slug
    office = _office(service, scope)
    costs = scope.say(service.costs)
    documents = filter(None, map(scope.say, service.documents))
    more = {
        "phones": phones("service", slug, office.phone if office else ""),
        "schedules": list(_schedules(service, scope)),
        "languages": [
            {
                "id": identifier("language", "service", slug, code),
                "name": words.language_name(code, scope.language),
                "code": _ISO_639.get(code, code),
            }
            for code in dict.fromkeys(service.languages)
        ],
        "organization": organizations.whole(office, scope) if office else None,
        "cost_options": [{"id": identifier("cost_option", slug), "amount_description": costs}] * bool(costs),
        "required_documents": [
            {"id": identifier("required_document", slug, str(number)), "document": document}
            for number, document in enumerate(documents, 1)
        ],
        "contacts": list(_contacts(service, scope)),
        "attributes": attributes_of(service, scope),
        "metadata": [_last_change(entry, office, scope)],
    }
    return {**_one_to_one(entry, scope), **said(more)}


def _schedules(service: Service, scope: Scope) -> Iterator[Object]:
    """Yield when and how each channel can be had, now or later: what is over is history, and an attribute."""
    for channel in service.channels:
        for number, period in enumerate(channel.periods, 1):
            if period.stage.available and period.last >= scope.on:
                yield said(
                    {
                        "id": identifier("schedule", "service", service.slug, channel.kind.value, str(number)),
                        "valid_from": period.since.first.isoformat() if period.since else "",
                        "valid_to": period.until.last.isoformat() if period.until else "",
                        "description": f"{scope.label(channel.kind)}: {scope.label(period.stage)}",
                        "schedule_link": web_address(period.booking_url),
                        "attending_type": scope.label(channel.kind),
                        "notes": scope.say(period.booking),
                    }
                )


def _contacts(service: Service, scope: Scope) -> Iterator[Object]:
    """Yield whom to turn to: every office of a service; nobody by name."""
    for slug in dict.fromkeys(service.offices):
        office = scope.catalogue.offices.get(slug)
        if office:
            made = {
                "email": mail_address(office.email),
                "phones": phones("contact", f"{service.slug}/{slug}", office.phone),
            }
            name = scope.say(office.name)
            yield {"id": identifier("contact", service.slug, slug), **said({"department": name, **made})}


def _last_change(entry: Published, office: Office | None, scope: Scope) -> Object:
    """Return which revision this is. Who wrote it is nobody's business: the office did."""
    slug, number = entry.service.slug, entry.revision
    return {
        "id": identifier("metadata", slug, str(number)),
        "resource_id": service_id(slug),
        "resource_type": "service",
        "last_action_date": entry.updated.astimezone(UTC).date().isoformat(),
        "last_action_type": "create" if number == 1 else "update",
        "field_name": "revision",
        "previous_value": "",
        "replacement_value": str(number),
        "updated_by": scope.say(office.name) if office else "",
    }


# Services at locations


def links_of(service: Service, scope: Scope) -> Iterator[Link]:
    """Yield where a service can be had on the day of the scope."""
    for where in locations.locations(service.offices, service.places, scope):
        yield Link(service.slug, where)


def _at_location(link: Link, scope: Scope) -> Object:
    return {"id": link.id, "location": locations.whole(link.where, scope)}


def simple_link(link: Link, entry: Published, scope: Scope) -> Object:
    """Return that a service can be had somewhere, as it stands in lists."""
    return {"id": link.id, "service": simple(entry, scope), "location": locations.simple(link.where, scope)}


def whole_link(link: Link, entry: Published, scope: Scope) -> Object:
    """Return that a service can be had somewhere, with all that is known of both."""
    return {**_at_location(link, scope), "service": _nested(entry, scope)}
