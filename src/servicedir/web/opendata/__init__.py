"""The room of journalists and of data portals: all that is published as files, and what they are."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("data-bare", "/data")
    config.add_route("data", "/data/")
    config.add_route("data-file", "/data/services.{ending}")
    config.add_route("data-catalog", "/data/catalog.{ending}")
    config.add_route("data-columns", "/data/columns")
    config.add_route("data-vocabulary", "/data/vocabulary")
    config.scan(__name__)
