"""Ids of HSDS objects: made of names alone, so that an entry has the same one on each server and for ever."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

NAMESPACE = uuid5(NAMESPACE_URL, "urn:servicedir:hsds")
"""Nothing of an installation goes into it: not its address, no number of its database."""


def identifier(kind: str, *names: str) -> str:
    """Return the id (a UUID of version 5) of an object of a kind, such as `service`, that is called by these names."""
    return str(uuid5(NAMESPACE, "/".join((kind, *names))))
