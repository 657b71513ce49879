"""How a word is taken apart, between the value and its form: the parts in one line, with bars between them."""

from __future__ import annotations

import unicodedata
from typing import Any

SEPARATOR = "|"


def parted(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a compound with its parts as one line."""
    return {**values, "parts": SEPARATOR.join(values["parts"])}


def parts_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a form with its line as parts: also empty ones, which the domain refuses."""
    line = unicodedata.normalize("NFC", values["parts"])  # In any other form, "ä" is no letter.
    return {**values, "parts": tuple(part.strip() for part in line.split(SEPARATOR))}
