"""What everybody could read of a service since when, for programs."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.directory.versions import Version
from servicedir.exchange.entry_parts import moment
from servicedir.web.api.answering import as_json
from servicedir.web.negotiation import JSON


@view_config(route_name="api-history", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def history(request: Request) -> Response:
    """Answer with the public versions of an entry, the latest first; drafts and people are nothing of that."""
    slug = request.matchdict["slug"]
    versions = request.directory.versions.of(slug)
    return as_json({"slug": slug, "items": [_item(version, slug, request) for version in reversed(versions)]})


def _item(version: Version, slug: str, request: Request) -> dict[str, Any]:
    # To the microsecond: what was recorded at that moment is this version, and a second later may be another one.
    recorded = version.at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {
        "number": version.number,
        "at": moment(version.at),
        "until": moment(version.until) if version.until else None,
        "changed": list(version.changed),
        "url": request.site.absolute("api-service", [("recorded", recorded)], slug=slug),
    }
