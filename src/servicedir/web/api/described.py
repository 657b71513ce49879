"""The description itself: as a document for programs, and as a page for those who write them."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPMovedPermanently
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.web.api.answering import as_json
from servicedir.web.api.description import document
from servicedir.web.api.reading import Reading
from servicedir.web.negotiation import JSON
from servicedir.web.problem import KINDS
from servicedir.web.translation import _

FAULTS = {
    "bad-request": _("Ein Parameter hat einen Wert, den er nicht haben kann, oder die Anfrage ist nicht lesbar."),
    "unauthorized": _("Hierfür braucht es ein Token, und keines kam mit, das gilt."),
    "forbidden": _("Das Token gilt, aber nicht hierfür oder nicht für dieses Amt."),
    "not-found": _(
        "Unter dieser Adresse gibt es nichts, das alle sehen dürfen. Entwürfe gibt es für Außenstehende nicht."
    ),
    "method-not-allowed": _("Die Adresse gibt es, aber nicht für diese Methode. „Allow“ nennt die möglichen."),
    "not-acceptable": _(
        "In keiner der Formen, die Ihr Programm annimmt, gibt es die Antwort. „available“ nennt die möglichen."
    ),
    "conflict": _("So, wie die Dinge stehen, geht das nicht."),
    "gone": _("Der Eintrag war öffentlich und ist es nicht mehr. „successor“ führt zu dem, was an seine Stelle trat."),
    "precondition-failed": _(
        "Jemand anderes war schneller: lesen Sie die neueste Fassung und schreiben Sie noch einmal."
    ),
    "too-large": _("Es kam mehr auf einmal, als gelesen wird."),
    "unsupported-media-type": _("Was kam, ist von einer Art, die hier nicht gelesen wird."),
    "not-possible": _("Was kam, ist lesbar, aber so nicht möglich. „errors“ sagt, wo."),
    "precondition-required": _("Zum Schreiben fehlt „If-Match“ mit der Fassung, auf der es beruht."),
    "too-many-requests": _("Das waren zu viele Anfragen. „Retry-After“ sagt, nach wie vielen Sekunden es weitergeht."),
    "server-error": _("Es liegt an uns. Nennen Sie bitte die Nummer, wenn Sie uns schreiben."),
    "unavailable": _("Es geht gerade nicht. Versuchen Sie es später noch einmal."),
}
"""What each kind of fault means."""


def _server(request: Request) -> str:
    return str(request.site.absolute("api-services").removesuffix("/services"))


@view_config(route_name="api-description", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def description(request: Request) -> Response:
    """Answer with the description, for the server that is asked."""
    return as_json({**document(), "servers": [{"url": _server(request)}]})


ENTRANCES = ("services", "offices", "rollout", "figures", "inquiries", "suggest", "changes")
"""Addresses that need nothing to be known before."""


@view_config(route_name="api-v1", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def entrance(request: Request) -> Response:
    """Answer with what there is to read, and where it is explained."""
    site = request.site
    return as_json(
        {
            "version": document()["info"]["version"],
            "documentation": site.absolute("api-docs"),
            "openapi_url": site.absolute("api-description"),
            "endpoints": {name: site.absolute(f"api-{name}") for name in ENTRANCES},
        }
    )


@view_config(route_name="api-v1-bare")
def entrance_without_slash(request: Request) -> Response:
    """Send on to the address with a slash."""
    return HTTPMovedPermanently(request.site.path("api-v1"))


@view_config(route_name="api-docs", request_method=("GET", "HEAD"), renderer="templates/description.pt", public=True)
def page(request: Request) -> dict[str, Any]:
    """Show the description as a page."""
    server = _server(request)
    reading = Reading(request.site, server)
    return {
        "server": server,
        "version": document()["info"]["version"],
        "groups": reading.groups(),
        "schemas": reading.schemas(),
        "faults": [(kind, status, FAULTS[kind]) for status, kind in KINDS.items()],
        "foreign": reading.foreign,
        "limit": request.registry.house.settings.api_limit,
    }


@view_config(route_name="api-docs-bare")
def without_slash(request: Request) -> Response:
    """Send on to the page."""
    return HTTPMovedPermanently(request.site.path("api-docs"))
