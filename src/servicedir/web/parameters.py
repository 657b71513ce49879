"""Parameters of an address that count once, read where no search reads them."""

from __future__ import annotations

from collections.abc import Iterable

from servicedir.domain.query import BadValue


def said_once(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the value of a parameter, "" where it says nothing. Raises BadValue where it says something twice."""
    said = [value for there, value in pairs if there == name and value]
    if len(said) > 1:
        raise BadValue(name, said[1], "repeated")
    return said[0] if said else ""
