"""The yardstick: Pyramid's hello-world page on the same waitress, with the options with which servicedir serves."""

from __future__ import annotations

import sys
from typing import Any

import waitress
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response


def hello(request: Request) -> Response:
    """Answer as the first page of Pyramid's documentation does."""
    return Response("Hello World!")


def app() -> Any:
    """Return the WSGI application."""
    with Configurator() as config:
        config.add_route("hello", "/")
        config.add_view(hello, route_name="hello")
        return config.make_wsgi_app()


if __name__ == "__main__":
    waitress.serve(app(), host="127.0.0.1", port=int(sys.argv[1]), threads=int(sys.argv[2]), ident=None)
