"""Sites for tests: the whole application over a real house, with visitors who are signed in or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from houses import open_session, settings_in
from pyramid.interfaces import IRoutesMapper
from webob import Request
from webtest import TestApp, TestResponse

from servicedir.directory import House
from servicedir.web import make_app

COOKIE = "servicedir-session"


class Site:
    """The application over the house in a folder; close it in the end."""

    def __init__(self, folder: Path, **configured: str) -> None:
        self.house = House(settings_in(folder, **configured))
        self.app = make_app(self.house)

    def close(self) -> None:
        self.house.close()

    def visitor(self) -> TestApp:
        """Somebody with an empty browser."""
        return TestApp(self.app, extra_environ={"REMOTE_ADDR": "127.0.0.1"})

    def signed_in(self, login: str) -> TestApp:
        """Somebody with a session, opened without the costly password."""
        visitor = self.visitor()
        visitor.set_cookie(COOKIE, open_session(self.house, login))
        return visitor

    def get(self, path: str, status: int | str = 200, **options: Any) -> TestResponse:
        """What a stranger gets."""
        return self.visitor().get(path, status=status, **options)

    def ask(self, path: str, method: str = "GET", **environ: str) -> Any:
        """What is answered to a request as a server hands it on, with `path` as it came over the wire."""
        raw, _mark, query = path.partition("?")
        request = Request.blank("/", method=method)
        request.environ |= {
            "PATH_INFO": unquote(raw, "latin-1"),
            "QUERY_STRING": query,
            "REMOTE_ADDR": "127.0.0.1",
            **environ,
        }
        return request.get_response(self.app)

    @property
    def routes(self) -> dict[str, str]:
        """Name -> pattern of all routes."""
        registry = self.app.application.application.registry
        return {route.name: route.pattern for route in registry.getUtility(IRoutesMapper).get_routes()}


def static_files(site: Site) -> Iterator[str]:
    """The addresses of all static files."""
    yield from sorted(site.app.files)
