"""For whoever runs the server: is the process up, can it serve."""

from __future__ import annotations

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config


@view_config(route_name="healthz")
def healthz(request: Request) -> Response:
    """Answer 200 as long as the process answers at all."""
    return Response(text="ok\n", content_type="text/plain")


@view_config(route_name="readyz")
def readyz(request: Request) -> Response:
    """Answer 200 if database and index can serve, else 503 with what is missing."""
    fault = request.registry.house.ready()
    return Response(text=f"{fault or 'ok'}\n", content_type="text/plain", status=503 if fault else 200)


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("healthz", "/healthz")
    config.add_route("readyz", "/readyz")
    config.scan(__name__)
