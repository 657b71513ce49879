"""An entry's preview."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.domain.history import Published
from servicedir.domain.workflow import Permission
from servicedir.web.contexts import Draft
from servicedir.web.service_page import page_values


@view_config(route_name="preview", renderer="servicedir.web:templates/service.pt", permission=Permission.VIEW)
def preview(context: Draft, request: Request) -> dict[str, Any]:
    """Show the latest revision as citizens would see it."""
    latest = context.entry.latest
    draft = Published(service=context.service, revision=latest.number, updated=latest.recorded)
    return page_values(draft, request, preview=True) | {"entry": context.entry}
