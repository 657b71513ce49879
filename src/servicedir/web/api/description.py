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

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

HEAD = "info.json"
"""The fragment that all others are added to."""

_HERE = "urn:servicedir:api"


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


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the description, or the one that it refers to."""
    found: Any = part
    while "$ref" in found:
        here: Any = document()
        for step in found["$ref"].removeprefix("#/").split("/"):
            here = here[step.replace("~1", "/").replace("~0", "~")]
        found = here
    return dict(found)


@cache
def properties(schema: str) -> tuple[str, ...]:
    """Return the names of the fields that objects of a schema have, those of what it is made of first."""
    return tuple(_properties({"$ref": f"#/components/schemas/{schema}"}))


def _properties(part: dict[str, Any]) -> dict[str, None]:
    schema = resolved(part)
    names: dict[str, None] = {}
    for inner in schema.get("allOf", ()):
        names |= _properties(inner)
    return names | dict.fromkeys(schema.get("properties", ()))


def errors(schema: str, value: Any) -> list[ValidationError]:
    """Return where a value is not what a schema of the description says, in the order of the places."""
    return sorted(validator(schema).iter_errors(value), key=lambda error: [str(step) for step in error.path])


@cache
def validator(schema: str) -> Draft202012Validator:
    """Return what holds values against a schema of the description (JSON Schema, Draft 2020-12), formats included."""
    registry = Registry[Any]().with_resource(_HERE, DRAFT202012.create_resource(document()))
    return Draft202012Validator(
        {"$ref": f"{_HERE}#/components/schemas/{schema}"},
        registry=registry,
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
