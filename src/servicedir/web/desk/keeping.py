"""What the browser keeps of an editor's typing until it is saved (static/drafts.js), and when it may forget it."""

from __future__ import annotations

from pyramid.request import Request

SAVING = ("save", "submit", "publish")
"""The buttons after which the server has what was typed."""


def kept_under(request: Request, *paths: str) -> str:
    """Return under which names the browser keeps what this person types into the forms at these paths."""
    return " ".join(f"{request.person.login}{path}" for path in paths)


def saved(request: Request, slug: str) -> str | None:
    """Return what the browser need not keep any more after a form was saved; None on any other page."""
    if request.method != "GET" or request.GET.get("done") not in SAVING:
        return None
    added = [request.route_path("add")] if request.GET.get("new") else []
    return kept_under(request, request.route_path("edit", slug=slug), *added)
