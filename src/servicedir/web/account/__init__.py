"""The door for people with an account: sign in and out, set a password, and look after one's own account."""

from __future__ import annotations

from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_route("login", "/login")
    config.add_route("login-code", "/login/code")
    config.add_route("login-reset", "/login/reset")
    config.add_route("logout", "/logout")
    config.add_route("invitation", "/invitations/{token}")
    config.add_route("account", "/account")
    config.add_route("account-password", "/account/password")
    config.add_route("account-factor", "/account/factor")
    config.add_route("account-sessions", "/account/sessions")
    config.add_route("account-deputies", "/account/deputies")
    config.add_route("account-deputy-end", "/account/deputies/end")
    config.scan(__name__)
