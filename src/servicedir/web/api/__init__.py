"""The programs' room: the catalogue as JSON, for everybody to read."""

from __future__ import annotations

from pyramid.config import Configurator

from servicedir.web.contexts import PublishedService


def includeme(config: Configurator) -> None:
    """Add the routes of version 1, and the page that describes them."""
    config.add_route("api-docs-bare", "/api")
    config.add_route("api-docs", "/api/")
    # Before all others: what other origins may ask for does not depend on what there is.
    config.add_route("api-preflight", "/api/v1/{path:.*}", request_method="OPTIONS")
    config.add_route("api-v1-bare", "/api/v1")
    config.add_route("api-v1", "/api/v1/")
    config.add_route("api-services", "/api/v1/services")
    config.add_route("api-service", "/api/v1/services/{slug}", factory=PublishedService)
    config.add_route("api-draft", "/api/v1/services/{slug}/draft")
    config.add_route("api-workflow", "/api/v1/services/{slug}/workflow")
    config.add_route("api-history", "/api/v1/services/{slug}/history")
    config.add_route("api-offices", "/api/v1/offices")
    config.add_route("api-office", "/api/v1/offices/{slug}")
    config.add_route("api-rollout", "/api/v1/rollout")
    config.add_route("api-figures", "/api/v1/figures")
    config.add_route("api-inquiries", "/api/v1/inquiries")
    config.add_route("api-inquiry", "/api/v1/inquiries/{slug}")
    config.add_route("api-suggest", "/api/v1/suggest")
    config.add_route("api-changes", "/api/v1/changes")
    config.add_route("api-description", "/api/v1/openapi.json")
    config.include("servicedir.web.api.bearer")
    config.include("servicedir.web.api.results")
    config.scan(__name__)
