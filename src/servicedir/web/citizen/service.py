"""One service: how to reach it today, what the law asks, who is responsible, and how it came about."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

from servicedir.web.contexts import PublishedService
from servicedir.web.counting import count_click
from servicedir.web.service_page import page_values


@view_config(
    route_name="service", request_method=("GET", "HEAD"), renderer="servicedir.web:templates/service.pt", public=True
)
def service(context: PublishedService, request: Request) -> dict[str, Any]:
    """Show a published service as of today, or of the day in the address."""
    count_click(request)
    asked = request.directory.query((name, value) for name, value in request.GET.items() if name == "on")
    return page_values(context.published, request, as_of=asked.on)
