"""What was answered to the council's inquiries, for programs."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.domain.history import NotFound
from servicedir.web.api.answering import as_json
from servicedir.web.negotiation import JSON


@view_config(route_name="api-inquiries", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def inquiries(request: Request) -> Response:
    """Answer with all published answers, the latest first; there are none as long as nobody has published one."""
    return as_json({"items": [dict(answer) for answer in request.directory.inquiries.published().values()]})


@view_config(route_name="api-inquiry", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def inquiry(request: Request) -> Response:
    """Answer with one published answer."""
    slug = request.matchdict["slug"]
    answer = request.directory.inquiries.published().get(slug)
    if answer is None:
        raise NotFound(slug)
    return as_json(dict(answer))
