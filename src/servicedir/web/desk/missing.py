"""Services of which figures are missing: how many of each office for the desk, and the list with steps to take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.directory.alerts import Missing
from servicedir.domain.query import BadValue
from servicedir.web.parameters import said_once
from servicedir.web.security import SIGNED_IN

MOST_LISTED = 200
"""Services on the page at once; an office and a period make the list shorter."""


def by_office(missing: Iterable[Missing], request: Request) -> list[tuple[str, int]]:
    """Return the slugs of offices and how many of their services lack figures, by the offices' names."""
    counted = Counter(one.office for one in missing)
    offices = request.directory.catalogue.offices
    return sorted(counted.items(), key=lambda pair: request.site.sort_key(offices[pair[0]].name))


@view_config(route_name="desk-missing", renderer="templates/missing.pt", permission=SIGNED_IN, request_method="GET")
def missing(request: Request) -> dict[str, Any]:
    """Show the services of my offices without figures of a period that is over; of one office, or one period."""
    found = request.directory.alerts.of(request.person).missing
    office, period = (said_once(name, request.GET.items()) for name in ("office", "period"))
    if office and office not in request.directory.catalogue.offices:
        raise BadValue("office", office, "unknown")
    listed = [one for one in found if office in ("", one.office)]
    listed = [one for one in listed if not period or period in {said.text for said in one.periods}]
    return {
        "offices": by_office(found, request),
        "periods": sorted(Counter(said.text for one in found for said in one.periods).items()),
        "office": office,
        "period": period,
        "listed": listed[:MOST_LISTED],
        "total": len(listed),
        "all": len(found),
        "most": MOST_LISTED,
    }
