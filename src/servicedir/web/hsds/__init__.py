"""The room of other directories: what Open Referral HSDS 3.0 wants to read, for everybody."""

from __future__ import annotations

from pyramid.config import Configurator

LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
"""Kinds of objects that are listed, and each of which can be read by its id."""


def includeme(config: Configurator) -> None:
    """Add the routes; what their addresses and parameters are called is said by the standard."""
    config.add_route("hsds-preflight", "/hsds/{path:.*}", request_method="OPTIONS")
    config.add_route("hsds", "/hsds/")
    config.add_route("hsds-bare", "/hsds")
    config.add_route("hsds-openapi", "/hsds/openapi.json")
    for kind in LISTS:
        config.add_route(f"hsds-{kind}", f"/hsds/{kind}")
        config.add_route(f"hsds-{kind}-one", f"/hsds/{kind}/{{id}}")
    config.scan(__name__)
