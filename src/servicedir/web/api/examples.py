"""What answers and requests look like: made up of the examples and the words that the description has."""

from __future__ import annotations

import json
from shlex import quote
from typing import Any
from urllib.parse import quote_plus, urlencode

from servicedir.web.api.description import resolved

_OF_TYPE = {"string": "…", "number": 1, "boolean": True, "null": None, "object": {}}
_OF_FORMAT = {"uri": "https://…", "uri-reference": "https://…"}
_SLUGS = {"offices": "buergeramt", "inquiries": "af0147-24"}
"""Names of what is no service, by the beginning of the path."""
_DEEPEST = 9


def example(schema: dict[str, Any], depth: int = 0) -> Any:
    """Return a value that a schema describes."""
    if "$ref" in schema:
        named = resolved(schema)
        # What is said where it is used goes before what is said where it is defined.
        return example({**named, **{name: part for name, part in schema.items() if name != "$ref"}}, depth)
    for said in ("examples", "enum"):
        if schema.get(said):
            return schema[said][0]
    for said in ("example", "const", "default"):
        if said in schema:
            return schema[said]
    for several in ("anyOf", "oneOf"):
        if schema.get(several):
            return example(schema[several][0], depth)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [example(schema["items"], depth + 1)] if depth < _DEEPEST and "items" in schema else []
    if kind == "object" and depth < _DEEPEST:
        found: dict[str, Any] = {}
        for part in schema.get("allOf", ()):
            found |= example(part, depth)
        return found | {name: example(part, depth + 1) for name, part in schema.get("properties", {}).items()}
    if kind == "integer":
        return max(schema.get("minimum", 1), 1)
    return _OF_FORMAT.get(schema.get("format", ""), _OF_TYPE[kind])


def written(value: Any) -> str:
    """Return a value as JSON for people to read."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def request(server: str, path: str, method: str, operation: dict[str, Any], parameters: list[dict[str, Any]]) -> str:
    """Return a command that asks for an operation, with curl."""
    address, query = server + path, []
    words = ["curl"]
    if method != "get":
        words += ["-X", method.upper()]
    security = operation.get("security", [])
    if security and {} not in security:
        words += ["-H", "Authorization: Bearer $TOKEN"]
    for parameter in parameters:
        said = parameter.get("example")
        if parameter["in"] == "path":
            said = said or _SLUGS.get(path.split("/")[1]) or example(parameter["schema"])
            address = address.replace(f"{{{parameter['name']}}}", quote_plus(str(said)))
        elif parameter["in"] == "query" and said is not None:
            query.append((parameter["name"], str(said)))
        elif parameter["in"] == "header" and (said is not None or parameter.get("required")):
            words += ["-H", f"{parameter['name']}: {said or example(parameter['schema'])}"]
    if body := operation.get("requestBody"):
        kind, content = next(iter(body["content"].items()))
        sent = content.get("example", example(content["schema"]))
        words += ["-H", f"Content-Type: {kind}", "-d", json.dumps(sent, ensure_ascii=False)]
    words.append(f"{address}?{urlencode(query)}" if query else address)
    # In double quotes, so that the shell puts the token in.
    return " ".join(f'"{word}"' if "$TOKEN" in word else quote(word) for word in words)
