"""What the API says instead of doing what a program asked for: problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config

from servicedir.web.problem import as_problem
from servicedir.web.translation import _

CHECK = _("Bitte prüfen Sie die Anfrage.")


class Problem(Exception):
    """A request that is not fulfilled, which rolls back what was done for it.

    `more` are further members of the answer, `headers` further headers.
    """

    def __init__(
        self, status: int, title: Any, detail: Any = CHECK, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers or {}
        self.more = more


@exception_view_config(Problem)
def problem(fault: Problem, request: Request) -> Response:
    """Answer with what is wrong, in the language of the request."""
    response = as_problem(request, fault.status, fault.title, fault.detail, **fault.more)
    response.headers.update(fault.headers)
    return response
