"""Released figures of services as outsiders see them, kept for one edition of what they see."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

import structlog

from servicedir.domain.figures import Figure
from servicedir.domain.history import NotFound
from servicedir.domain.query import BadValue

if TYPE_CHECKING:
    from servicedir.directory.house import House

log = structlog.get_logger(__name__)

MOST = 10_000
"""Figures of one service: more than twenty years of everything that can be counted, month by month."""
MOST_KEPT = 100_000
"""Figures that are kept, at most: some 30 MB. Those of the service that was read first go first."""

_REST = 1.0  # seconds after a reading that failed in which nobody tries another one


class Released:
    """Keeps for one process the figures of services that were asked for; any thread may ask.

    Each is read when it is first asked for, since all of them may be hundreds of thousands.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._mark: int | None = None
        self._kept: OrderedDict[str, Sequence[Figure]] = OrderedDict()
        self._size = 0
        self._ailing = 0.0  # Until when nobody asks the database, since it did not answer.

    def of(self, slug: str) -> Sequence[Figure] | None:
        """Return what is released of a published service, or None where that cannot be read now: see `Figures.public`.

        At most a second behind other processes.
        """
        mark, _day = self._house.edition()
        with self._lock:
            if mark != self._mark:
                self._kept.clear()
                self._mark, self._size = mark, 0
            found = self._kept.get(slug)
        if found is None and time.monotonic() > self._ailing:
            found = self._read(slug)
            if found is not None:
                self._keep(mark, slug, found)
        return found

    def _read(self, slug: str) -> Sequence[Figure] | None:
        try:
            with self._house.work() as directory:
                return directory.figures.public([slug], per_page=MOST).figures
        except (BadValue, NotFound):  # It is published no more, or is called otherwise by now.
            return None
        except Exception as fault:  # Whatever ails the database: all else on a page is in memory.
            self._ailing = time.monotonic() + _REST
            log.warning("cannot read figures", error=type(fault).__qualname__)
            return None

    def _keep(self, mark: int, slug: str, found: Sequence[Figure]) -> None:
        with self._lock:
            # What was read before somebody else saw a newer edition may be older than that.
            if mark != self._mark or slug in self._kept:
                return
            self._kept[slug] = found
            self._size += len(found)
            while self._size > MOST_KEPT:
                self._size -= len(self._kept.popitem(last=False)[1])

    def __len__(self) -> int:
        """Return the number of kept figures."""
        return self._size
