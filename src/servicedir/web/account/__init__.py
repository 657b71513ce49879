"""The door for people with an account: sign in, sign out."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("login", "/login")
    config.add_route("logout", "/logout")
    config.scan(__name__)
