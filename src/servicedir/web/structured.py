"""What search engines read of a page: schema.org as JSON-LD."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from markupsafe import Markup

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.service import ChannelKind


def service_data(published: Published, catalogue: Catalogue, site: Any, on: date) -> Markup:
    """Return a service as schema.org GovernmentService, safe to stand in a script element."""
    found = published.service
    office = catalogue.offices.get(found.office)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": site.absolute("service", slug=found.slug),
        "url": site.absolute("service", slug=found.slug),
        "name": site.plain(found.title),
        "description": site.plain(found.summary),
    }
    if office:
        data["provider"] = {
            "@type": "GovernmentOrganization",
            "name": site.plain(office.name),
            "url": site.absolute("office", slug=office.slug),
        }
    if found.leika_key:
        data["identifier"] = {"@type": "PropertyValue", "propertyID": "LeiKa", "value": found.leika_key}
    if found.audiences:
        names = [site.plain(catalogue.audiences[a].name) for a in found.audiences if a in catalogue.audiences]
        data["audience"] = [{"@type": "Audience", "audienceType": name} for name in names]
    data["availableChannel"] = [_channel(found, kind, site, on) for kind in found.available(on)]
    if not data["availableChannel"]:
        del data["availableChannel"]
    # A closing tag inside a string would end the script element.
    safe = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 - JSON in which nothing is markup any more


def _channel(found: Any, kind: ChannelKind, site: Any, on: date) -> dict[str, Any]:
    period = found.channel(kind).period(on)
    channel = {
        "@type": "ServiceChannel",
        "name": site.label(kind),
        "serviceUrl": site.url_or_nothing(period.booking_url) or site.absolute("service", slug=found.slug),
    }
    if found.languages:
        channel["availableLanguage"] = list(found.languages)
    return channel
