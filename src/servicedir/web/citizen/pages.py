"""Pages that explain: help, privacy, easy language."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.domain.query import LONGEST_QUERY
from servicedir.domain.service import Stage


@view_config(route_name="help", request_method=("GET", "HEAD"), renderer="templates/help.pt", public=True)
def help_page(request: Request) -> dict[str, Any]:
    """Explain how to search and what the words mean."""
    return {"stages": list(Stage), "longest": LONGEST_QUERY}


@view_config(route_name="privacy", request_method=("GET", "HEAD"), renderer="templates/privacy.pt", public=True)
@view_config(
    route_name="easy-language", request_method=("GET", "HEAD"), renderer="templates/easy-language.pt", public=True
)
def plain_page(request: Request) -> dict[str, Any]:
    """Show a page that is only text."""
    return {}
