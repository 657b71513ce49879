"""Other programs: they hold a token, send JSON and no form, and have no browser around them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sites import Site
from webtest import TestApp, TestResponse

from servicedir.directory import House
from servicedir.domain.token import Purpose, Token
from servicedir.domain.workflow import SYSTEM, Person
from servicedir.web.api.description import document, resolved
from servicedir.web.api.misfits import faults

EVERY_PURPOSE = tuple(Purpose)


def a_token(
    house: House,
    *purposes: Purpose,
    offices: Iterable[str] = (),
    name: str = "Terminsystem",
    expires: date | None = None,
    by: Person = SYSTEM,
) -> tuple[Token, str]:
    """A token for all purposes or for some, in the whole city or in offices, and its secret."""
    with house.work(write=True) as directory:
        return directory.tokens.make(name, purposes or EVERY_PURPOSE, offices, expires, by=by)


def undescribed(method: str, path: str, answer: TestResponse) -> list[Any]:
    """What an answer is that the description does not say: its status, its type, or places in its body."""
    for template, described in document()["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path.partition("?")[0]):
            said = described[method.lower()]["responses"].get(str(answer.status_int))
            if said is None:
                return [answer.status_int]
            content = resolved(said).get("content", {})
            if answer.body and answer.content_type not in content and answer.status_int >= 400:
                return [answer.content_type]
            schema = content.get(answer.content_type, {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
            return faults(schema, answer.json) if schema and answer.body else []
    return []


class Program:
    """Somebody's program with a token."""

    def __init__(self, site: Site, secret: str, **environ: str) -> None:
        self.site = site
        self.app = TestApp(site.app, extra_environ={"REMOTE_ADDR": "127.0.0.1", **environ})
        self.secret = secret

    def send(
        self, method: str, path: str, body: Any = None, status: int | str = "*", **headers: str | None
    ) -> TestResponse:
        """The answer to a request; `if_match` and its like are headers, one of None is left out."""
        said = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        given = said | {name.replace("_", "-").title(): value for name, value in headers.items()}  # type: ignore[dict-item]
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = self.app.request(
            f"/api/v1{path}",
            method=method,
            body=raw,
            headers={name: value for name, value in given.items() if value is not None},
            status=status,
        )
        assert undescribed(method, path, answer) == []
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        """What is read."""
        return self.send("GET", path, content_type=None, **options)


def a_program(site: Site, *purposes: Purpose, **said: Any) -> Program:
    """A program with a token of its own."""
    return Program(site, a_token(site.house, *purposes, **said)[1])
