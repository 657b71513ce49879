"""Holds answers of the API against its description, and finds what they say that is described nowhere.

A later version may say more, so the description allows it; but nothing that is said today may be missing there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from servicedir.web.api.description import document, resolved

HERE = "urn:description"
SERVER = "/api/v1"

Schema = dict[str, Any]


def operation(path: str, method: str = "get") -> Schema:
    """What the description says of a method at an address; paths that are written out go before those with a name."""

    def matches(template: str) -> bool:
        named, said = template.split("/"), path.partition("?")[0].removeprefix(SERVER).split("/")
        return len(named) == len(said) and all(n == s or n.startswith("{") for n, s in zip(named, said, strict=True))

    found = sorted(filter(matches, document()["paths"]), key=lambda template: "{" in template)
    assert found, f"{path} is not described"
    described: Schema = document()["paths"][found[0]]
    return {"parameters": [], **described[method.lower()], "shared": described.get("parameters", [])}


def check(answer: Any, path: str, method: str = "get") -> None:
    """See to it that an answer is one that the description has: its status, type, headers and body."""
    responses = operation(path, method)["responses"]
    status = str(answer.status_int)
    assert status in responses, f"{status} is not described for {path}"
    response = resolved(responses[status])
    for name in response.get("headers", ()):
        assert name in answer.headers or name in ("Link", "RateLimit", "RateLimit-Policy"), f"{path} has no {name}"
    content = response.get("content")
    if content is None:
        assert not answer.body, path
        return
    assert answer.content_type in content, f"{answer.content_type} is not described for {path}"
    schema = content[answer.content_type].get("schema", {})
    if "json" in answer.content_type:
        # Only who asks for fields gets some of them.
        fits(answer.json, schema["anyOf"][0] if "anyOf" in schema and "fields=" not in path else schema)


def fits(value: Any, schema: Schema) -> None:
    """See to it that a value is what a schema says, and says nothing that it does not name."""
    here = {"$id": HERE, **document(), "$defs": {"this": schema}}
    registry: Registry[Any] = Registry().with_resource(HERE, Resource(contents=here, specification=DRAFT202012))
    validator = Draft202012Validator({"$ref": f"{HERE}#/$defs/this"}, registry=registry)
    assert [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)] == []
    assert list(undescribed(value, schema)) == []


def undescribed(value: Any, schema: Schema, where: str = "$") -> Iterator[str]:
    """Yield the places of fields that a schema does not name, where it names any."""
    parts = list(_parts(schema))
    names = {name: inner for part in parts for name, inner in part.get("properties", {}).items()}
    others = [part["additionalProperties"] for part in parts if isinstance(part.get("additionalProperties"), dict)]
    items = [part["items"] for part in parts if "items" in part]
    if isinstance(value, dict) and (names or others):
        for name, inner in value.items():
            if name in names:
                yield from undescribed(inner, names[name], f"{where}.{name}")
            elif others:
                yield from undescribed(inner, others[0], f"{where}.{name}")
            else:
                yield f"{where}.{name}"
    if isinstance(value, list) and items:
        for number, inner in enumerate(value):
            yield from undescribed(inner, items[0], f"{where}[{number}]")


def _parts(schema: Schema) -> Iterator[Schema]:
    """Yield a schema and all that it is made of."""
    yield {name: part for name, part in schema.items() if name != "$ref"}
    inner = [resolved(schema)] if "$ref" in schema else []
    for several in ("allOf", "anyOf", "oneOf"):
        inner += schema.get(several, [])
    for part in inner:
        yield from _parts(part)
