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
        for entry in entries:
            where = f"{name}: {entry.get('slug', '?')}"
            for constraint in entry.get("constraints", ()):
                citation, url = constraint.pop("legal_basis", ""), constraint.pop("url", "")
                if citation or url:
                    constraint["legal_basis"] = {"citation": citation, "url": url}
            try:
                yield kind, from_document(CLASSES[kind], entry)
            except BadDocument as fault:
                raise BadDocument(where, str(fault)) from None
