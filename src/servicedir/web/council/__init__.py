"""The council's room: where video stands, what was asked and answered, and the desk of those who answer."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.scan(__name__)
