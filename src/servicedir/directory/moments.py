"""When outsiders learnt of each service, read once for each edition of what they see."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from servicedir.domain.history import Kind
from servicedir.domain.news import Known

if TYPE_CHECKING:
    from servicedir.directory.house import House


class Moments:
    """Keeps for one process what is known of all services; any thread may ask."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._edition: Any = None
        self._known: dict[str, Known] = {}

    def read(self) -> dict[str, Known]:
        """Return what is known of all services, by slug, at most a second behind other processes."""
        edition = self._house.edition()
        with self._lock:
            if edition != self._edition:
                with self._house.work() as directory:
                    self._known = directory.revisions.known(Kind.SERVICE)
                self._edition = edition
            return self._known
