"""The editors' room: what waits for me, and each entry's own pages for changing, comparing and publishing it."""

from __future__ import annotations

from pyramid.config import Configurator

from servicedir.web.contexts import Draft, NewEntry, SharedPreview


def includeme(config: Configurator) -> None:
    """Add the routes; these stand before the citizens', since /services/add looks like a service."""
    config.add_route("desk", "/desk")
    for page in ("entries", "board", "bulk"):
        config.add_route(f"desk-{page}", f"/desk/{page}")
    config.add_route("desk-missing", "/desk/figures")
    config.add_route("desk-export", "/desk/entries.{format}")
    config.add_route("desk-import", "/desk/import")
    config.add_route("desk-import-plan", "/desk/import/{number}")
    config.add_route("desk-figures-export", "/desk/figures.{format}")
    config.add_route("desk-figures-import", "/desk/figures/import")
    config.add_route("desk-figures-plan", "/desk/figures/import/{number}")
    config.add_route("hints", "/desk/hints")
    config.add_route("hints-export", "/desk/hints/export")
    config.add_route("add", "/services/add", factory=NewEntry)
    for page in ("edit", "preview", "history", "compare", "workflow", "figures"):
        config.add_route(page, f"/services/{{slug}}/{page}", factory=Draft)
    config.add_route("figure-history", "/services/{slug}/figures/history", factory=Draft)
    config.add_route("previews", "/desk/previews")
    config.add_route("shared", "/previews/{token}", factory=SharedPreview)
    config.add_route("shared-entry", "/previews/{token}/{slug}", factory=SharedPreview)
    config.scan(__name__)
