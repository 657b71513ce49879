"""The webmasters' room: the search as a page for frames on other sites."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("embed", "/embed")
    config.scan(__name__)
