"""What takes seconds to make: by one thread while the others wait for it, and not again until something changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from servicedir.directory import Directory, House

MOST = 8
"""Pages that are kept; the longest unused goes first."""


class Once:
    """Pages by what they depend on, for one edition of what outsiders see; any thread may ask."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._edition: Any = None
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()

    def get(self, key: tuple[str, ...], make: Callable[[Directory], bytes]) -> bytes:
        """Return what was made for a key, from a unit of work that begins only now: never older than the edition."""
        with self._lock:
            edition = self._house.edition()
            if edition != self._edition:
                self._kept.clear()
                self._edition = edition
            if key not in self._kept:
                with self._house.work() as directory:
                    self._kept[key] = make(directory)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
