"""What programs send: a JSON object that can be understood in one way only."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from pyramid.request import Request

from servicedir.web.api.problems import Problem
from servicedir.web.translation import _

LARGEST = 1024 * 1024
"""Bytes of what a program sends at once."""

JSON = "application/json"


def read_object(request: Request) -> dict[str, Any]:
    """Return the object that a program sent. Raises Problem: 415 for another type, 413, and 400 for what is none."""
    if request.content_type != JSON:
        raise Problem(415, _("Das wird hier nicht gelesen"), _("Schicken Sie JSON als application/json."))
    if len(request.body) > LARGEST:
        detail = _("Möglich ist höchstens ${most} KiB auf einmal.", mapping={"most": LARGEST // 1024})
        raise Problem(413, _("Das ist zu viel"), detail)
    try:
        found = json.loads(request.body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_refuse)
        _check(found)
    # Numbers of thousands of digits and brackets in thousands of brackets are faults of another kind each.
    except (ValueError, RecursionError):
        detail = _(
            "Es ist kein JSON in UTF-8, ein Name kommt in einem Objekt zweimal vor, "
            "oder ein Zeichen darin lässt sich nicht speichern."
        )
        raise Problem(400, _("Das ist nicht lesbar"), detail) from None
    if not isinstance(found, dict):
        raise Problem(400, _("Das ist nicht lesbar"), _("Erwartet wird ein JSON-Objekt."))
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _check(value: Any) -> None:
    """Raise ValueError for words with NUL or half of a character in them, which no database keeps."""
    match value:
        case str():
            if "\0" in value:
                raise ValueError("NUL is nothing that is written")
            value.encode()
        case list():
            for item in value:
                _check(item)
        case dict():
            for name, item in value.items():
                _check(name)
                _check(item)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
