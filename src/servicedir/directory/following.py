"""The door for programs that follow what changes, so that their copy of the catalogue is never out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servicedir.domain.following import Cursor, PublicChange, lost, mark, told
from servicedir.domain.history import Kind

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


class Following:
    """What outsiders may know of what happened."""

    def __init__(self, door: Directory) -> None:
        self._door = door

    def services(self, since: Cursor, limit: int) -> tuple[list[PublicChange], Cursor]:
        """Return at most so many public changes of services after a place, and the place behind the last of them.

        Raises BadValue for a place that is none in this history.
        """
        log, before = self._door.public_log, None
        if since.place:
            # The last one before it must be the one that the cursor knows.
            before = next(iter(log.read(Kind.SERVICE, since.place - 1, 1)), None)
            if before is None or mark(before) != since.mark:
                raise lost(since)
        rows = log.read(Kind.SERVICE, since.place, limit)
        if not rows:
            return [], since
        return told(before, rows), Cursor(since.place + len(rows), mark(rows[-1]))
