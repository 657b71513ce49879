"""What went wrong, for programs: problem+json (RFC 9457), with a type that leads to where it is explained."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from pyramid.request import Request
from pyramid.response import Response
from webob.request import BaseRequest

KINDS: dict[int, str] = {
    400: "bad-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    410: "gone",
    412: "precondition-failed",
    413: "too-large",
    415: "unsupported-media-type",
    422: "not-possible",
    428: "precondition-required",
    429: "too-many-requests",
    500: "server-error",
    503: "unavailable",
}
"""What a kind of fault is called where the readable description explains it, by status."""

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After, RateLimit, RateLimit-Policy, Deprecation, Sunset",
}
"""What lets pages of any origin read an answer and its headers; credentials are never allowed."""

DESCRIPTION = "/api/"
"""The page of the readable description."""


def is_for_programs(path: str) -> bool:
    """Return whether what goes wrong under a path is told as problem+json: below /api/, but for its page, and /hsds."""
    return (path.startswith(DESCRIPTION) and path != DESCRIPTION) or path.startswith("/hsds")


def address_of_kind(request: BaseRequest, status: int, base_url: str) -> str:
    """Return where a kind of fault is explained, for an application that is set to this address, if to any."""
    kind, base = KINDS.get(status), base_url.rstrip("/") or request.host_url
    return f"{base}{request.script_name}{DESCRIPTION}#{kind}" if kind else "about:blank"


def as_problem(request: Request, status: int, title: Any, detail: Any, **more: Any) -> Response:
    """Return an error that anybody may read from any origin, in the language of the request.

    `more` are further members; those that are None or empty are left out. Nothing here reads the parameters, which may
    be what is wrong.
    """
    body = {
        "type": address_of_kind(request, status, request.registry.house.settings.base_url),
        "status": status,
        "title": request.localizer.translate(title),
        "detail": request.localizer.translate(detail),
        # As it came: a path that is no UTF-8 is told as well.
        "instance": quote(request.environ.get("PATH_INFO", "").encode("latin-1")),
        **{name: value for name, value in more.items() if value},
    }
    response = Response(json_body=body, status=status)
    response.content_type = "application/problem+json"
    response.headers.update(OPEN)
    return response
