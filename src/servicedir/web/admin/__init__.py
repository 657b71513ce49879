"""The coordinators' and administrators' room: the words of the catalogue, people and their roles, who did what."""

from __future__ import annotations

from pyramid.config import Configurator

from servicedir.web.admin import nouns
from servicedir.web.admin.member import Member
from servicedir.web.contexts import City


def includeme(config: Configurator) -> None:
    """Add the routes; all stand below /admin/."""
    nouns.add_routes(config)
    config.add_route("searches", "/admin/searches", factory=City)
    config.add_route("tokens", "/admin/tokens", factory=City)
    config.add_route("embeds", "/admin/embeds", factory=City)
    config.add_route("people", "/admin/people", factory=City)
    config.add_route("person-add", "/admin/people/add", factory=City)
    config.add_route("person", "/admin/people/{number}", factory=Member)
    config.add_route("person-roles", "/admin/people/{number}/roles", factory=Member)
    config.add_route("person-role-end", "/admin/people/{number}/roles/end", factory=Member)
    config.add_route("person-access", "/admin/people/{number}/access", factory=Member)
    config.add_route("person-edit", "/admin/people/{number}/edit", factory=Member)
    config.add_route("person-deputies", "/admin/people/{number}/deputies", factory=Member)
    config.add_route("person-deputy-end", "/admin/people/{number}/deputies/end", factory=Member)
    config.add_route("audit", "/admin/audit", factory=City)
    config.add_route("audit-export", "/admin/audit/export", factory=City)
    config.scan(__name__)
