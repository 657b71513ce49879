"""What an address of the API can be asked for: its methods, and what pages of other origins may do there."""

from __future__ import annotations

from typing import Any

from pyramid.exceptions import PredicateMismatch
from pyramid.interfaces import IRoutesMapper
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config, view_config

from servicedir.domain.history import NotFound
from servicedir.web import errors
from servicedir.web.problem import DESCRIPTION, as_problem
from servicedir.web.translation import _

A_DAY = 24 * 60 * 60
"""Seconds for which a browser need not ask again what other origins may do here."""

CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    # Reading alone. A token has no business in a page of another origin, and cookies are never asked for.
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Cache-Control, If-None-Match",
    "Access-Control-Max-Age": str(A_DAY),
    "Cache-Control": f"public, max-age={A_DAY}",
}


def methods(route: str, registry: Any) -> list[str]:
    """Return the methods that an address of a route takes, in the order of the alphabet."""
    return sorted(errors.methods(route, registry) | {"OPTIONS"})


@view_config(route_name="api-preflight")
def preflight(request: Request) -> Response:
    """Answer what can be asked for at an address, whether there is an entry or not; 404 for no address of ours."""
    routes = request.registry.getUtility(IRoutesMapper).get_routes()
    found = (r.name for r in routes if r.name != "api-preflight" and r.match(request.path_info) is not None)
    route = next(found, "")
    if not route.startswith("api-"):
        raise NotFound(request.path_info)
    response = Response(status=204)
    response.headers.update(CROSS_ORIGIN)
    response.allow = methods(route, request.registry)
    return response


@exception_view_config(PredicateMismatch, path_info=rf"{DESCRIPTION}.|/hsds")
def not_allowed(fault: Exception, request: Request) -> Response:
    """Answer 405 where an address does not take the method."""
    allowed = methods(request.matched_route.name, request.registry)
    detail = _("Diese Adresse nimmt nur: ${allowed}.", mapping={"allowed": ", ".join(allowed)})
    response = as_problem(request, 405, _("Das geht hier nicht"), detail)
    response.allow = allowed
    return response
