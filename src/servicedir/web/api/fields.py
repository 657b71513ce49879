"""Which fields of an entry a program wants: `fields=slug,title`, of those that the description knows."""

from __future__ import annotations

from pyramid.request import Request

from servicedir.domain.query import BadValue
from servicedir.web.api.description import properties
from servicedir.web.parameters import said_once


def chosen(request: Request, schema: str) -> tuple[str, ...]:
    """Return the wanted fields of a schema, each once; none if none are named: then it is all of them.

    Raises BadValue for one that there is not, with those that there are.
    """
    said = said_once("fields", request.GET.items())
    names = tuple(dict.fromkeys(name.strip() for name in said.split(",") if name.strip()))
    allowed = properties(schema)
    for name in names:
        if name not in allowed:
            raise BadValue("fields", name, "unknown", allowed)
    return names
