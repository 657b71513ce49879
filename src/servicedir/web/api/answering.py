"""What the answers of the API have in common: JSON that anybody may read from any origin, and links to neighbours."""

from __future__ import annotations

import json
from typing import Any

from pyramid.response import Response

from servicedir.web.negotiation import JSON
from servicedir.web.problem import OPEN


def dumps(value: Any) -> bytes:
    """Return a value as JSON without needless blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def as_open(body: bytes, form: str) -> Response:
    """Return what anybody may read from any origin, as one of the forms of negotiation."""
    response = Response(body=body, content_type=form, charset="utf-8")
    response.headers.update(OPEN)
    return response


def as_json(body: dict[str, Any] | bytes) -> Response:
    """Return JSON, written already or not, that anybody may read from any origin."""
    return as_open(body if isinstance(body, bytes) else dumps(body), JSON)


def link(response: Response, **addresses: str | None) -> Response:
    """Return a response that says where its neighbours are (RFC 8288), by relation; None is none."""
    said = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in addresses.items() if address)
    if said:
        response.headers["Link"] = said
    return response
