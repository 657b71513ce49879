"""What the page of a service shows, published or as a draft's preview."""

from __future__ import annotations

from datetime import date
from typing import Any

from pyramid.request import Request

from servicedir.domain.history import NotFound, Published
from servicedir.domain.service import ChannelKind, Period, Service, Stage
from servicedir.web.planned import planned_for
from servicedir.web.public_figures import shown_figures
from servicedir.web.structured import service_data

_ORDER = list(Stage)  # Available stages come first, unknown comes last.


def page_values(
    published: Published, request: Request, *, as_of: date | None = None, preview: bool = False
) -> dict[str, Any]:
    """Return the values of templates/service.pt for a service on a day (`as_of`, else today)."""
    directory, found = request.directory, published.service
    on = as_of or directory.today
    catalogue = directory.catalogue
    return {
        "published": published,
        "service": found,
        "on": on,
        "as_of": as_of,
        "preview": preview,
        "shared": None,  # The link by which somebody without an account sees a preview.
        "channels": channels_of(found, on),
        "development": development(found),
        # Of what was planned on an earlier day, nothing is known here.
        "planned": [] if as_of else planned_for(found.slug, request),
        "figures": [] if preview else shown_figures(found.slug, on, request),
        "offices": [catalogue.offices[slug] for slug in found.offices if slug in catalogue.offices],
        "places": [catalogue.places[slug] for slug in found.places if slug in catalogue.places],
        "topics": [catalogue.topics[slug] for slug in found.topics if slug in catalogue.topics],
        "audiences": [catalogue.audiences[slug] for slug in found.audiences if slug in catalogue.audiences],
        "related": related(directory, found.related),
        "data": "" if preview else service_data(published, catalogue, request.site, on),
    }


def channels_of(service: Service, on: date) -> list[dict[str, Any]]:
    """Return a service's channels with the period that holds on a day: what one can use first, video never missing."""
    kinds = dict.fromkeys([*(channel.kind for channel in service.channels), ChannelKind.VIDEO])
    rows = [{"channel": service.channel(kind), "period": service.channel(kind).period(on)} for kind in kinds]
    return sorted(rows, key=lambda row: _ORDER.index(row["period"].stage))


def development(service: Service) -> list[Period]:
    """Return the stages of a service's video offer in time, oldest first."""
    return sorted(service.channel(ChannelKind.VIDEO).periods, key=lambda period: period.first)


def related(directory: Any, slugs: tuple[str, ...]) -> list[Published]:
    """Return those of the related services that are published."""
    found = []
    for slug in slugs:
        try:
            found.append(directory.service(slug))
        except NotFound:
            continue
    return found
