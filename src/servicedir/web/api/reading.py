"""The description as people read it: operations with their parameters and answers, and what those are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup, escape

from servicedir.web.api import examples
from servicedir.web.api.description import document, resolved
from servicedir.web.translation import _

_LIMITS = {"minimum": "≥", "maximum": "≤", "default": "="}
_CODE = re.compile(r"`([^`]+)`")

WORDS = {
    "string": _("Text"),
    "integer": _("ganze Zahl"),
    "number": _("Zahl"),
    "boolean": _("ja oder nein"),
    "object": _("Objekt"),
    "array": _("Liste"),
    "null": _("null"),
    "date": _("Tag"),
    "date-time": _("Zeitpunkt"),
    "uri": _("Adresse"),
    "uri-reference": _("Adresse"),
}
"""What kinds of values are called."""

PLACES = {"path": _("in der Adresse"), "query": _("Parameter"), "header": _("Kopfzeile")}
"""Where a parameter stands."""


class Reading:
    """The description for one page, whose words are those of a request's language."""

    def __init__(self, site: Any, server: str) -> None:
        self._site = site
        self._server = server
        self.foreign = None if site.language == "en" else "en"
        """The language of what the description says, where it is not that of the page."""

    def groups(self) -> list[dict[str, Any]]:
        """Return the tags that have operations, each with its title and its operations."""
        found = []
        for tag in document()["tags"]:
            operations = list(self._operations(tag["name"]))
            title = tag["x-title-de" if self._site.language == "de" else "x-title-en"]
            if operations:
                said = self.prose(tag["x-description-de" if self._site.language == "de" else "description"])
                found.append({"id": tag["name"], "title": title, "description": said, "operations": operations})
        return found

    def _operations(self, tag: str) -> Iterator[dict[str, Any]]:
        # What has the name of the group first, as one reads it.
        paths = sorted(document()["paths"].items(), key=lambda item: (not item[0].startswith(f"/{tag}"), item[0]))
        for path, described in paths:
            for method, operation in described.items():
                if method != "parameters" and tag in operation["tags"]:
                    yield self._operation(path, method, operation, described.get("parameters", []))

    def _operation(self, path: str, method: str, operation: dict[str, Any], shared: list[Any]) -> dict[str, Any]:
        parameters = [resolved(parameter) for parameter in (*shared, *operation.get("parameters", ()))]
        body = operation.get("requestBody", {}).get("content", {})
        return {
            "id": operation["operationId"],
            "method": method.upper(),
            "path": path,
            "summary": operation["x-summary-de"] if self._site.language == "de" else operation["summary"],
            "description": self.prose(operation["description"]),
            "parameters": [self._parameter(parameter) for parameter in parameters],
            "sent": [(kind, self.shape(content.get("schema", {}))) for kind, content in body.items()],
            "request": examples.request(self._server, path, method, operation, parameters),
            "answers": [self._answer(status, said) for status, said in operation["responses"].items()],
            "example": self._example(operation),
        }

    def _parameter(self, parameter: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": parameter["name"],
            "place": self._site.translate(PLACES[parameter["in"]]),
            "shape": self.shape(parameter["schema"]),
            "required": parameter.get("required", False),
            "description": self.prose(parameter.get("description", "")),
        }

    def _answer(self, status: str, said: dict[str, Any]) -> dict[str, Any]:
        response = resolved(said)
        content = response.get("content", {}).items()
        return {
            "status": status,
            "description": self.prose(response["description"]),
            "contents": [(kind, self.shape(of.get("schema", {}))) for kind, of in content],
            "headers": list(response.get("headers", {})),
        }

    def _example(self, operation: dict[str, Any]) -> str:
        for status, said in operation["responses"].items():
            content = resolved(said).get("content", {}).get("application/json")
            if status.startswith("2") and content:
                return examples.written(content.get("example", examples.example(content["schema"])))
        return ""

    def schemas(self) -> list[dict[str, Any]]:
        """Return what answers are made of: each schema with its fields, those of what it is made of among them."""
        return [
            {
                "name": name,
                "description": self.prose(schema.get("description", "")),
                "shape": self.shape(schema) if not self._is_object(schema) else "",
                "parts": [self.shape(part) for part in schema.get("allOf", ())],
                "fields": list(self._fields(schema)),
            }
            for name, schema in sorted(document()["components"]["schemas"].items())
        ]

    @staticmethod
    def _is_object(schema: dict[str, Any]) -> bool:
        return schema.get("type") == "object"

    def _fields(self, schema: dict[str, Any], above: str = "") -> Iterator[dict[str, Any]]:
        required = schema.get("required", ())
        for name, part in schema.get("properties", {}).items():
            yield {
                "name": f"{above}{name}",
                "shape": self.shape(part),
                "required": name in required,
                "description": self.prose(part.get("description", "")),
            }
            inner = part.get("items", part)
            if "$ref" not in inner and inner.get("properties"):
                yield from self._fields(inner, f"{above}{name}{'[]' if 'items' in part else ''}.")

    def shape(self, schema: dict[str, Any]) -> Markup:
        """Return what values of a schema are, in a few words with links to the schemas that have a name."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return Markup('<a href="#schema-{0}">{0}</a>').format(name)
        if "enum" in schema or "const" in schema:
            words = schema.get("enum", [schema.get("const")])
            return Markup(", ").join(Markup("<code>{}</code>").format(word) for word in words)
        several = schema.get("anyOf") or schema.get("oneOf")
        if several:
            return Markup(" {} ").format(self._site.translate(_("oder"))).join(self.shape(part) for part in several)
        kind = schema.get("type", "object")
        if kind == "array":
            return self._said(_("Liste von ${items}"), items=self.shape(schema.get("items", {})))
        kinds = kind if isinstance(kind, list) else [schema.get("format", kind)]
        words = [self._site.translate(WORDS.get(name, name)) for name in kinds]
        limits = ", ".join(f"{sign} {schema[name]}" for name, sign in _LIMITS.items() if name in schema)
        return escape(f" {self._site.translate(_('oder'))} ".join(words) + (f" ({limits})" if limits else ""))

    def _said(self, message: Any, **parts: Markup) -> Markup:
        said = escape(self._site.translate(message))
        for name, part in parts.items():
            said = Markup(said.replace(f"${{{name}}}", part))  # noqa: S704 - both are escaped
        return said

    def prose(self, text: str) -> Markup:
        """Return a sentence of the description as HTML, with its code marked."""
        pieces = _CODE.split(text)
        return Markup().join(
            Markup("<code>{}</code>").format(piece) if number % 2 else escape(piece)
            for number, piece in enumerate(pieces)
        )
