"""The description itself: as a document for programs, and as a page for those who write them."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.web.api.answering import as_json
from servicedir.web.api.description import document
from servicedir.web.negotiation import JSON


@view_config(route_name="api-description", request_method=("GET", "HEAD"), public=True, offers=(JSON,))
def description(request: Request) -> Response:
    """Answer with the description, for the server that is asked."""
    server = request.site.absolute("api-services").removesuffix("/services")
    return as_json({**document(), "servers": [{"url": server}]})
