"""The editors' room: what waits for me, and each entry's own pages for changing, comparing and publishing it."""

from __future__ import annotations

from pyramid.config import Configurator

from servicedir.web.contexts import Draft, NewEntry


def includeme(config: Configurator) -> None:
    """Add the routes; these stand before the citizens', since /services/add looks like a service."""
    config.add_route("desk", "/desk")
    config.add_route("add", "/services/add", factory=NewEntry)
    for page in ("edit", "preview", "history", "workflow"):
        config.add_route(page, f"/services/{{slug}}/{page}", factory=Draft)
    config.scan(__name__)
