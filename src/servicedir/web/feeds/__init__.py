"""The followers' room: what is new of a search, as a feed for programs and by mail."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("feed", "/feed.atom")
    config.add_route("subscribe", "/subscribe")
    config.add_route("subscribe-sent", "/subscribe/sent")
    config.add_route("subscription", "/subscriptions/{token}")
    config.add_route("subscription-begun", "/subscribe/done")
    config.add_route("unsubscribe", "/unsubscribe/{token}")
    config.scan(__name__)
