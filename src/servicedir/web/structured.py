"""What search engines read of a page: schema.org as JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from servicedir.domain.catalogue import Catalogue, Office, Place, Topic
from servicedir.domain.history import Published
from servicedir.domain.hours import opening_hours
from servicedir.domain.service import ChannelKind, LegalBasis, Service
from servicedir.domain.text import Text

Data = dict[str, Any]

_POSTAL = re.compile(r"(?P<street>.+?)\s*[\n,]\s*(?P<code>\d{5})\s+(?P<town>[^\n,]+)", re.DOTALL)
ON_THE_SPOT = frozenset({ChannelKind.IN_PERSON, ChannelKind.PHONE})
"""Channels that are open when the office is."""


def service_data(published: Published, catalogue: Catalogue, site: Any, on: date) -> Markup:
    """Return a service as schema.org GovernmentService, and the way to it."""
    found = published.service
    office = catalogue.offices.get(found.office)
    url = site.absolute("service", slug=found.slug)
    data: Data = {
        "@type": "GovernmentService",
        "@id": url,
        "url": url,
        "name": site.plain(found.title),
        "description": site.plain(found.summary),
        "serviceType": site.label(found.nature),
        "provider": _provider(office, site) if office else None,
        "areaServed": _area(site),
        "category": [site.plain(catalogue.topics[t].name) for t in found.topics if t in catalogue.topics],
        "termsOfService": " ".join(_terms(found, site)),
        "subjectOf": [_legislation(basis, site) for basis in _bases(found)],
        "availableChannel": [_channel(found, kind, catalogue, site, on) for kind in found.available(on)],
    }
    if found.leika_key:
        data["identifier"] = {"@type": "PropertyValue", "propertyID": "LeiKa", "value": found.leika_key}
    names = [site.plain(catalogue.audiences[a].name) for a in found.audiences if a in catalogue.audiences]
    data["audience"] = [{"@type": "Audience", "audienceType": name} for name in names]
    trail = [(site.menu_name("home"), site.absolute("home"))]
    trail += [_step(site, "office", office.slug, office.name)] if office else []
    return markup(data, breadcrumbs([*trail, _step(site, "service", found.slug, found.title)]))


def office_data(office: Office, above: Sequence[Office], site: Any) -> Markup:
    """Return an office as schema.org GovernmentOffice, and the way to it."""
    upper = above[-1] if above else None
    data = {
        **_provider(office, site),
        "@type": "GovernmentOffice",
        "description": site.plain(office.summary),
        "address": _address(office.address, site),
        "telephone": office.phone,
        "email": office.email,
        "openingHours": opening_hours(site.plain(office.hours)),
        "sameAs": site.url_or_nothing(office.url),
        "areaServed": _area(site),
        "parentOrganization": _provider(upper, site) if upper else None,
    }
    trail = [(site.menu_name("offices"), site.absolute("offices"))]
    trail += [_step(site, "office", one.slug, one.name) for one in (*above, office)]
    return markup(data, breadcrumbs(trail))


def topic_data(topic: Topic, site: Any) -> Markup:
    """Return the way to a topic."""
    trail = [(site.menu_name("topics"), site.absolute("topics")), _step(site, "topic", topic.slug, topic.name)]
    return markup(breadcrumbs(trail))


def website_data(site: Any) -> Markup:
    """Return the directory as schema.org WebSite, with the way to search it."""
    search = {"@type": "EntryPoint", "urlTemplate": f"{site.absolute('home')}?q={{search_term_string}}"}
    action = {"@type": "SearchAction", "target": search, "query-input": "required name=search_term_string"}
    return markup(
        {
            "@type": "WebSite",
            "@id": site.absolute("home"),
            "url": site.absolute("home"),
            "name": site.title,
            "inLanguage": list(site.languages),
            "potentialAction": action,
        }
    )


def breadcrumbs(trail: Iterable[tuple[str, str]]) -> Data:
    """Return the way to a page: names and addresses, the page itself last."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": address}
        for number, (name, address) in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def markup(*things: Data) -> Markup:
    """Return things as JSON-LD without what is empty, safe to stand in a script element."""
    graph = [{name: value for name, value in thing.items() if value} for thing in things]
    data: Data = {"@context": "https://schema.org"}
    data |= graph[0] if len(graph) == 1 else {"@graph": graph}
    # A closing tag inside a string would end the script element.
    safe = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 - JSON in which nothing is markup any more


def _step(site: Any, route: str, slug: str, name: Text) -> tuple[str, str]:
    return site.plain(name), site.absolute(route, slug=slug)


def _provider(office: Office, site: Any) -> Data:
    url = site.absolute("office", slug=office.slug)
    return {"@type": "GovernmentOrganization", "@id": url, "name": site.plain(office.name), "url": url}


def _area(site: Any) -> Data | None:
    """Return for whom services are, as far as the settings say which city it is."""
    publisher = site.settings.publisher
    return {"@type": "AdministrativeArea", "name": publisher} if publisher else None


def _address(address: Text, site: Any) -> Data | str:
    """Return an address in its parts where it is written as usual, else as it is written."""
    said: str = site.plain(address)
    match = _POSTAL.fullmatch(said.strip())
    if not match:
        return said
    return {
        "@type": "PostalAddress",
        "streetAddress": " ".join(match["street"].split()),
        "postalCode": match["code"],
        "addressLocality": match["town"].strip(),
        "addressCountry": "DE",
    }


def _terms(found: Service, site: Any) -> Iterable[str]:
    """Yield what law and technology ask for, a sentence each."""
    for one in found.constraints:
        about = f" ({site.label(one.channel)})" if one.channel else ""
        basis = f", {one.legal_basis.citation}" if one.legal_basis else ""
        yield f"{site.label(one.requirement)}{about}: {site.label(one.effect)}{basis}."


def _bases(found: Service) -> list[LegalBasis]:
    bases = [*found.legal_bases, *(one.legal_basis for one in found.constraints if one.legal_basis)]
    return list(dict.fromkeys(bases))


def _legislation(basis: LegalBasis, site: Any) -> Data:
    data = {"@type": "Legislation", "name": basis.citation, "url": site.url_or_nothing(basis.url)}
    return {name: value for name, value in data.items() if value}


def _channel(found: Service, kind: ChannelKind, catalogue: Catalogue, site: Any, on: date) -> Data:
    period = found.channel(kind).period(on)
    office = catalogue.offices.get(found.office)
    channel: Data = {
        "@type": "ServiceChannel",
        "name": site.label(kind),
        "serviceUrl": site.url_or_nothing(period.booking_url) or site.absolute("service", slug=found.slug),
        "description": site.plain(period.booking),
        "availableLanguage": list(found.languages),
    }
    if kind is ChannelKind.PHONE and office and office.phone:
        channel["servicePhone"] = {"@type": "ContactPoint", "telephone": office.phone}
    if kind is ChannelKind.IN_PERSON:
        places = [catalogue.places[slug] for slug in found.places if slug in catalogue.places]
        channel["serviceLocation"] = [_place(place, site) for place in places if place.is_open(on)]
    if kind in ON_THE_SPOT and office:
        channel["hoursAvailable"] = [_hours(line) for line in opening_hours(site.plain(office.hours))]
    return {name: value for name, value in channel.items() if value}


_DAYS = {
    "Mo": "Monday",
    "Tu": "Tuesday",
    "We": "Wednesday",
    "Th": "Thursday",
    "Fr": "Friday",
    "Sa": "Saturday",
    "Su": "Sunday",
}


def _hours(line: str) -> Data:
    """Return a line such as "Mo-Fr 08:00-12:00" in its parts."""
    days, _blank, times = line.partition(" ")
    first, _to, last = days.partition("-")
    codes = list(_DAYS)
    span = codes[codes.index(first) : codes.index(last or first) + 1]
    opens, _to, closes = times.partition("-")
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": [_DAYS[code] for code in span],
        "opens": opens,
        "closes": closes,
    }


def _place(place: Place, site: Any) -> Data:
    data = {"@type": "Place", "name": site.plain(place.name), "address": _address(place.address, site)}
    return {name: value for name, value in data.items() if value}
