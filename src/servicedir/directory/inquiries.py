"""The council's inquiries and what was answered to them, as everybody may read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


class Inquiries:
    """The inquiries of one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def published(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the published answers as plain values, by slug, the latest first.

        There are none yet: this directory does not know of inquiries so far. The addresses of the API are there
        already and ask this one method; whoever builds inquiries lets it say what is published, and nothing else.
        """
        return {}
