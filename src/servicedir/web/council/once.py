"""What takes seconds to make: each thing once, and not again until something changes.

Two threads make such things or wait for them, whatever they are. Whoever comes beside these two is told to come back,
so that a server has threads left for everybody else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import BoundedSemaphore, Lock
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import exception_view_config

from servicedir.directory import Directory, House
from servicedir.web.errors import later
from servicedir.web.translation import _

PLACES = 2
"""Threads that make something or wait for it, of the four that a server has."""
PATIENCE = 5.0
"""Seconds that one waits for what another one makes."""
RETRY = 10
"""Seconds after which somebody who was sent away may come back."""

Key = tuple[str, ...]


class Busy(Exception):
    """Enough threads are making something, or wait for it."""


class Once:
    """Bytes by what they depend on, for one edition of what outsiders see; any thread may ask.

    `most` says how many are kept; the longest unused goes first. Those that share their `places` share the threads.
    """

    def __init__(self, house: House, most: Callable[[Directory], int], places: BoundedSemaphore | None = None) -> None:
        self._house = house
        self._most = most
        self._places = places or BoundedSemaphore(PLACES)
        self._lock = Lock()
        self._turns: dict[Key, Lock] = {}
        self._edition: Any = None
        self._kept: OrderedDict[Key, bytes] = OrderedDict()

    def get(self, key: Key, make: Callable[[Directory], bytes]) -> bytes:
        """Return what was made for a key, from a unit of work that begins only now: never older than the edition.

        Raises Busy, and what `make` raises.
        """
        found, _edition = self._look(key)
        if found is not None:
            return found
        if not self._places.acquire(blocking=False):
            raise Busy(key)
        try:
            return self._take_turn(key, make)
        finally:
            self._places.release()

    def _take_turn(self, key: Key, make: Callable[[Directory], bytes]) -> bytes:
        with self._lock:
            turn = self._turns.setdefault(key, Lock())
        if not turn.acquire(timeout=PATIENCE):
            raise Busy(key)
        try:
            found, edition = self._look(key)
            if found is None:
                with self._house.work() as directory:
                    found, most = make(directory), self._most(directory)
                self._keep(key, found, edition, most)
            return found
        finally:
            with self._lock:
                self._turns.pop(key, None)
            turn.release()

    def _look(self, key: Key) -> tuple[bytes | None, Any]:
        """Return what is kept under a key, and the edition to which that belongs."""
        with self._lock:
            edition = self._house.edition()
            if edition != self._edition:
                self._kept.clear()
                self._edition = edition
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key), edition

    def _keep(self, key: Key, made: bytes, edition: Any, most: int) -> None:
        with self._lock:
            if edition == self._edition:  # Else something changed meanwhile, and the next one makes it anew.
                self._kept[key] = made
            while len(self._kept) > most:
                self._kept.popitem(last=False)


@exception_view_config(Busy)
def busy(fault: Busy, request: Request) -> Response:
    """Answer 503 while enough is being made, and say when to come back."""
    return later(
        request,
        RETRY,
        _("Das wird gerade zusammengestellt"),
        _("Was Sie möchten, braucht etwas Zeit. Bitte versuchen Sie es in zehn Sekunden noch einmal."),
    )
