"""The description of the API, an OpenAPI 3.1 document: put together from fragments, and what others are held against.

Each fragment in `openapi/` is an object with `paths` and `components`, both optional; `info.json` has the rest and what
the others share. No two of them may describe the same thing.
"""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from servicedir.web.api.views import as_json

HEAD = "info.json"
"""The fragment that all others are added to."""


@cache
def document() -> dict[str, Any]:
    """Return the description without servers; nobody may change it. Raises ValueError for what is described twice."""
    fragments = {file.name: json.loads(file.read_text("utf-8")) for file in (files(__package__) / "openapi").iterdir()}
    whole = deepcopy(fragments.pop(HEAD))
    paths = whole.setdefault("paths", {})
    for name, fragment in sorted(fragments.items()):
        _add(paths, fragment.get("paths", {}), name)
        for section, parts in fragment.get("components", {}).items():
            _add(whole["components"].setdefault(section, {}), parts, name)
    return dict(whole)


def _add(there: dict[str, Any], more: dict[str, Any], name: str) -> None:
    if twice := there.keys() & more.keys():
        raise ValueError(f"{name} describes again what another fragment describes: {', '.join(sorted(twice))}")
    there |= more


@view_config(route_name="api-description", request_method=("GET", "HEAD"), public=True)
def description(request: Request) -> Response:
    """Answer with the description, for the server that is asked."""
    server = request.site.absolute("api-services").removesuffix("/services")
    return as_json({**document(), "servers": [{"url": server}]})
