"""What can be asked here, as OpenAPI 3.1; what objects look like is said by the standard's own schemas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from servicedir.web.hsds.asked import MOST_WITH_SERVICES, PARAMETERS

SCHEMAS = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema"

_SHAPES: dict[str, tuple[str, str]] = {
    "services": ("compiled/service_list.json", "compiled/service.json"),
    "organizations": ("compiled/organization_list.json", "compiled/organization.json"),
    "service_at_locations": ("compiled/service_at_location_list.json", "compiled/service_at_location.json"),
    "taxonomies": ("taxonomy.json", "taxonomy.json"),
    "taxonomy_terms": ("taxonomy_term.json", "taxonomy_term.json"),
}
"""Kind of objects -> the schemas of one in a list, and of one alone."""

_ID = {"type": "string", "format": "uuid"}
_FLAG = {"type": "boolean"}
_SAID: dict[str, tuple[str, dict[str, Any]]] = {
    "search": ("Words to search for.", {"type": "string"}),
    "page": ("The number of the page.", {"type": "integer", "minimum": 1, "default": 1}),
    "per_page": ("Objects on a page.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
    "format": ("There is only one.", {"type": "string", "enum": ["json"], "default": "json"}),
    "lang": ("The language of texts.", {"type": "string"}),
    "taxonomy_term_id": ("Services that have this term.", _ID),
    "taxonomy_id": ("Services that have a term of this taxonomy, or the terms of it.", _ID),
    "organization_id": ("Services for which this organization is responsible.", _ID),
    "modified_after": (
        "What was modified then or later, newest first.",
        {"type": "string", "format": "date-time"},
    ),
    "minimal": ("Only ids and when each was modified, all on one page unless per_page is given.", _FLAG),
    "full": ("Objects with all that is known of them.", _FLAG),
    "full_service": (
        f"Services of organizations with all that is known of them; at most {MOST_WITH_SERVICES} to a page.",
        _FLAG,
    ),
    "parent_id": ("Terms below this one.", _ID),
    "top_only": ("Terms that stand below no other one.", _FLAG),
}


def document(base: str, title: str, languages: Sequence[str]) -> dict[str, Any]:
    """Return the description of what is served below an address."""
    paths: dict[str, Any] = {"/": {"get": _operation("meta", "Which version of HSDS this is.", {"type": "object"}, [])}}
    for kind, (listed, alone) in _SHAPES.items():
        names = PARAMETERS[kind]
        page = {"allOf": [{"$ref": "#/components/schemas/Page"}, _contents(f"{SCHEMAS}/{listed}")]}
        paths[f"/{kind}"] = {
            "get": _operation(kind, f"A page of {kind}.", page, [_reference(n) for n in names], (400,))
        }
        taken = ["id", "lang", *(["full_service"] if kind == "organizations" else [])]
        shape = {"$ref": f"{SCHEMAS}/{alone}"}
        one = _operation(f"{kind}-one", "One of them.", shape, [_reference(name) for name in taken], (400, 404))
        paths[f"/{kind}/{{id}}"] = {"get": one}
    parameters = {name: _parameter(name, said, schema) for name, (said, schema) in _SAID.items()}
    parameters["lang"]["schema"] = {"type": "string", "enum": list(languages), "default": languages[0]}
    parameters["id"] = {"name": "id", "in": "path", "required": True, "schema": _ID}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: HSDS 3.0", "version": "1", "description": "Reading alone, without an account."},
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"parameters": parameters, "schemas": {"Page": _PAGE}},
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/parameters/{name}"}


def _parameter(name: str, said: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": said, "schema": schema}


def _operation(
    name: str, said: str, schema: dict[str, Any], parameters: list[dict[str, str]], faults: tuple[int, ...] = ()
) -> dict[str, Any]:
    good = {"description": said, "content": {"application/json": {"schema": schema}}}
    problem = {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
    named = {400: "A value that is none of the parameter's.", 404: "There is no such object."}
    refused = {str(status): {"description": named[status], **problem} for status in faults}
    return {"operationId": name, "summary": said, "parameters": parameters, "responses": {"200": good, **refused}}


def _contents(schema: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"contents": {"type": "array", "items": {"$ref": schema}}}}


_NUMBERS = ("total_items", "total_pages", "page_number", "size")
_TRUTHS = ("first_page", "last_page", "empty")
_PAGE = {
    "type": "object",
    "required": [*_NUMBERS, *_TRUTHS, "contents"],
    "properties": {
        **{name: {"type": "integer"} for name in _NUMBERS},
        **{name: {"type": "boolean"} for name in _TRUTHS},
        "contents": {"type": "array"},
    },
}
