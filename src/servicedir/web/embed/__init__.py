"""The webmasters' room: the search for other sites, as a page for frames, an element, a fragment, and by oEmbed."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request

from servicedir.web.contexts import PublishedService
from servicedir.web.security import SAFE_METHODS


class FramedService(PublishedService):
    """A service as everybody sees it, in a frame, where that there is none has to be seen as well."""

    def __init__(self, request: Request) -> None:
        request.is_framed = request.method in SAFE_METHODS
        super().__init__(request)


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("embed-fragment", "/embed", request_param="fragment")
    config.add_route("embed", "/embed")
    config.add_route("embed-builder", "/embed/builder")
    config.add_route("embed-allowed", "/embed/allowed")
    config.add_route("embed-clicks", "/embed/clicks")
    config.add_route("embed-service", "/embed/services/{slug}", factory=FramedService)
    config.add_route("embed-script", "/embed.js")
    config.add_route("oembed", "/oembed")
    config.scan(__name__)
