"""What is counted in memory and written down now and then, beside the requests that happen to come by."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House

log = structlog.get_logger(__name__)

K = TypeVar("K")
V = TypeVar("V", bound=Any)

WRITE_EVERY = 60.0  # seconds
MOST_KEYS = 1000
"""Different keys that are held in memory; what else comes until these are written is not counted."""


class Tallies(Generic[K, V]):
    """Sums by key since they were last written down; any thread may add. Values know how to be added.

    `store` writes sums into the database, in a transaction of their own; `name` says in the log and in the name of
    the thread what is counted.
    """

    def __init__(self, house: House, name: str, store: Callable[[Directory, Mapping[K, V]], None]) -> None:
        self._house = house
        self._name = name
        self._store = store
        self._lock = Lock()
        self._writing = Lock()
        self._counted: dict[K, V] = {}
        self._written = time.monotonic()

    def add(self, key: K, value: V) -> None:
        """Add to what is counted under a key, and have it written down if it is time."""
        with self._lock:
            self._add(key, value)
            due = time.monotonic() - self._written > WRITE_EVERY
            if due:
                self._written = time.monotonic()
        if due:
            # Beside the request that happens to come by: nobody waits for a database that others write to.
            Thread(target=self.write, name=self._name, daemon=True).start()

    def _add(self, key: K, value: V) -> None:
        before = self._counted.get(key)
        if before is not None or len(self._counted) < MOST_KEYS:
            self._counted[key] = value if before is None else before + value

    def write(self) -> None:
        """Write down what was counted, in a transaction of its own; what cannot be written now is kept for later."""
        with self._writing:
            with self._lock:
                counted, self._counted = self._counted, {}
            if not counted:
                return
            try:
                with self._house.work(write=True) as directory:
                    self._store(directory, counted)
            except Exception as fault:  # Whatever ails the database: a count is not worth an error.
                log.warning("cannot write down what was counted", what=self._name, error=type(fault).__qualname__)
                with self._lock:
                    for key, value in counted.items():
                        self._add(key, value)
