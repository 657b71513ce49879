"""Other people's standards, beside the project and not in it: tests that need one are skipped where it is missing."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker

STANDARDS = Path(__file__).resolve().parents[2] / "shared" / "standards"


def standard(name: str) -> Path:
    """The folder of a standard, such as `hsds-3.0`; skips the test that asks where there is none."""
    folder = STANDARDS / name
    if not folder.is_dir():
        pytest.skip(f"there is no ../shared/standards/{name} beside the project")
    return folder


# HSDS


@cache
def hsds(name: str) -> Draft202012Validator:
    """What validates one kind of object of HSDS 3.0, such as `service` or `service_list`, and nothing beside it.

    Additional properties are forbidden, and formats are asked for as strictly as their standards say.
    """
    folder = standard("hsds-3.0") / "schema"
    compiled = folder / "compiled" / f"{name}.json"
    schema = json.loads((compiled if compiled.exists() else folder / f"{name}.json").read_text("utf-8"))
    return Draft202012Validator(_closed(_resolved(schema, folder)), format_checker=_FORMATS)


def hsds_faults(name: str, value: Any) -> list[str]:
    """What is wrong with an object of HSDS, each with its path."""
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in hsds(name).iter_errors(value)]


def _resolved(schema: Any, folder: Path) -> Any:
    """The schema with what it refers to put in; what the compiled ones leave out to end the circle stays out."""
    if isinstance(schema, list):
        return [_resolved(part, folder) for part in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.endswith(".json"):
        return _resolved(json.loads((folder / reference).read_text("utf-8")), folder)
    return {key: _resolved(part, folder) for key, part in schema.items()}


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(part) for key, part in schema.items()}
    if closed.get("type") == "object" or "properties" in closed:
        closed["additionalProperties"] = False
    return closed


_FORMATS = FormatChecker(["uuid"])
_URI = re.compile(
    r"https?://[A-Za-z0-9._~%!$&'()*+,;=:@\[\]-]+(?:[/?#](?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-F]{2})*)?"
)
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


@_FORMATS.checks("uri", raises=ValueError)
def _is_uri(value: Any) -> bool:
    return bool(_URI.fullmatch(value)) and value.count("#") < 2 and bool(urlsplit(value).hostname)


@_FORMATS.checks("email")
def _is_email(value: Any) -> bool:
    return bool(_EMAIL.fullmatch(value))


@_FORMATS.checks("date-time")
def _is_moment(value: Any) -> bool:
    return bool(_MOMENT.fullmatch(value))
