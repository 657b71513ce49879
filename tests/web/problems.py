"""An error of the API, as every one is."""

from __future__ import annotations

from typing import Any


def problem(answer: Any) -> dict[str, Any]:
    """The body of an error of the API, in the form that RFC 9457 gives it."""
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    body: dict[str, Any] = answer.json
    assert set(body) - {"errors", "number"} == {"type", "status", "title", "detail", "instance"}
    assert body["type"].startswith("http://localhost/api/#")
    assert body["status"] == answer.status_int
    assert body["title"]
    assert body["detail"]
    return body
