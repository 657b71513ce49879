"""Where video stands in the city on a day, for programs."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.reports.rollout import Counts
from servicedir.web.api.answering import as_json
from servicedir.web.negotiation import JSON


@view_config(route_name="api-rollout", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def rollout(request: Request) -> Response:
    """Answer with the number of services in each stage `on` a day, of the city and of each office."""
    directory = request.directory
    query = directory.query((name, value) for name, value in request.GET.items() if name in ("on", "lang"))
    spread = directory.rollout.on(directory.rollout.day(query.on))
    offices = [
        {"slug": slug, "name": request.site.plain(directory.catalogue.offices[slug].name), **_counted(counts)}
        for slug, counts in spread.offices.items()
    ]
    return as_json({"on": spread.on.isoformat(), **_counted(spread.video), "offices": offices})


def _counted(counts: Counts) -> dict[str, Any]:
    return {"total": sum(counts.values()), "video": {stage.value: count for stage, count in counts.items()}}
