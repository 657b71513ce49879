"""XML put together without a tree: whatever is text is escaped, and characters that XML does not know are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

# Beside what XML 1.0 forbids (2.2) also the control characters that it merely advises against.
_UNKNOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\r": "&#13;"})


class Xml(str):
    """Finished XML, which is not escaped again."""

    __slots__ = ()


def text(words: str) -> Xml:
    """Return words as they stand in XML, between tags as well as in an attribute."""
    return words if isinstance(words, Xml) else Xml(_UNKNOWN.sub("", words).translate(_ESCAPES))


def tag(name: str, *content: str, attributes: Mapping[str, str | None] | None = None) -> Xml:
    """Return an element; attributes that are None are left out."""
    said = "".join(f' {key}="{text(value)}"' for key, value in (attributes or {}).items() if value is not None)
    if not content:
        return Xml(f"<{name}{said}/>")
    return Xml(f"<{name}{said}>{''.join(map(text, content))}</{name}>")


def document(root: Iterable[str]) -> bytes:
    """Return a whole document in UTF-8 of the pieces of its root element."""
    return (DECLARATION + "".join(map(text, root)) + "\n").encode()
