"""The citizens' room: find a service, see how to reach it, by subject, office or letter."""

from __future__ import annotations

from pyramid.config import Configurator

from servicedir.web.contexts import OfficePage, PublishedService, TopicPage


def includeme(config: Configurator) -> None:
    """Add the routes of the public pages, and a place for the boxes of filters."""
    config.registry.filters = {}
    config.add_route("service", "/services/{slug}", factory=PublishedService)
    config.add_route("hint", "/services/{slug}/hint", factory=PublishedService)
    config.add_route("hint-thanks", "/services/{slug}/hint/thanks", factory=PublishedService)
    config.add_route("feedback-thanks", "/accessibility/thanks")
    config.add_route("offices-bare", "/offices")
    config.add_route("topics-bare", "/topics")
    config.add_route("offices", "/offices/")
    config.add_route("office", "/offices/{slug}", factory=OfficePage)
    config.add_route("topics", "/topics/")
    config.add_route("topic", "/topics/{slug}", factory=TopicPage)
    config.add_route("a-z", "/a-z")
    for page in ("help", "privacy", "accessibility", "easy-language"):
        config.add_route(page, f"/{page}")
    config.scan(__name__)
