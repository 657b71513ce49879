"""The readable catalogue file: TOML with a table array for each kind of content."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from servicedir.domain.document import CLASSES, BadDocument, from_document
from servicedir.domain.history import Kind


def read(text: str, name: str) -> Iterator[tuple[Kind, Any]]:
    """Yield kind and value of each entry of a file called `name`.

    Legal bases of constraints may be written flat (`legal_basis = "§ 43 IfSG"`, `url = "…"`).
    Raises BadDocument, whose path begins with the file's name and the slug.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadDocument(name, str(fault)) from None
    for table, entries in content.items():
        if table not in set(Kind):
            raise BadDocument(f"{name}: {table}", f"is none of {', '.join(Kind)}")
        kind = Kind(table)
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise BadDocument(f"{name}: {table}", f"is not a list of tables: write [[{table}]]")
        for entry in entries:
            try:
                yield kind, from_document(CLASSES[kind], _unfolded(entry))
            except BadDocument as fault:
                raise BadDocument(f"{name}: {entry.get('slug', '?')}", str(fault)) from None


def _unfolded(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with the flat legal bases of its constraints in full; what is no constraint stays as it is."""
    constraints = entry.get("constraints")
    if not isinstance(constraints, list):
        return entry
    found = []
    for constraint in constraints:
        if isinstance(constraint, dict) and isinstance(constraint.get("legal_basis", ""), str):
            rest = dict(constraint)
            citation, url = rest.pop("legal_basis", ""), rest.pop("url", "")
            constraint = {**rest, "legal_basis": {"citation": citation, "url": url}} if citation or url else rest
        found.append(constraint)
    return {**entry, "constraints": found}
