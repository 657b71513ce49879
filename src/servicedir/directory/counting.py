"""How often words are searched for, counted in memory and written down now and then; never who searched.

What could say something about a person is not counted at all: see `countable`.
"""

from __future__ import annotations

import re
import time
from datetime import date
from threading import Lock, Thread
from typing import TYPE_CHECKING

import structlog

from servicedir.search import german
from servicedir.storage.searches import Tally

if TYPE_CHECKING:
    from servicedir.directory.house import House

log = structlog.get_logger(__name__)

WRITE_EVERY = 60.0  # seconds
MOST_WORDS = 1000
"""Different words that are held in memory; what else is asked for until these are written is not counted."""

LONGEST = 100
MOST_PARTS = 5
MOST_DIGITS = 3
_AT = "@\uff20\ufe6b"  # also as it is written full width, or small
_PART = re.compile(r"\w+")


def countable(typed: str) -> str:
    """Return typed words as they are counted, or an empty string for what is not: it might be about a person.

    That is whatever has an "@", a number of four or more digits in all (a telephone number, a day of birth, a post
    code), or more than five words, which is how people tell what happened to them.
    """
    words = " ".join(german.fold(typed).split())
    parts = len(_PART.findall(words))
    plain = not set(typed) & set(_AT) and sum(char.isnumeric() for char in words) <= MOST_DIGITS
    return words if plain and 0 < parts <= MOST_PARTS and len(words) <= LONGEST and words.isprintable() else ""


class SearchCounter:
    """The searches of one process since they were last written down; any thread may count."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = Lock()
        self._writing = Lock()
        self._counted: dict[tuple[date, str], Tally] = {}
        self._written = time.monotonic()

    def ask(self, typed: str, *, found: bool) -> None:
        """Count that somebody searched for words, and whether anything was found."""
        self._count(typed, Tally(asked=1, empty=0 if found else 1))

    def click(self, typed: str) -> None:
        """Count that somebody opened what words had found."""
        self._count(typed, Tally(clicked=1))

    def _count(self, typed: str, tally: Tally) -> None:
        words = countable(typed)
        if not words:
            return
        with self._lock:
            self._add((self._house.today(), words), tally)
            due = time.monotonic() - self._written > WRITE_EVERY
            if due:
                self._written = time.monotonic()
        if due:
            # Beside the request that happens to come by: nobody waits for a database that others write to.
            Thread(target=self.write, name="searches", daemon=True).start()

    def _add(self, key: tuple[date, str], tally: Tally) -> None:
        before = self._counted.get(key)
        if before is not None or len(self._counted) < MOST_WORDS:
            self._counted[key] = before + tally if before else tally

    def write(self) -> None:
        """Write down what was counted, in a transaction of its own; what cannot be written now is kept for later."""
        with self._writing:
            with self._lock:
                counted, self._counted = self._counted, {}
            if not counted:
                return
            try:
                with self._house.work(write=True) as directory:
                    directory.searches.add(counted)
            except Exception as fault:  # Whatever ails the database: a count is not worth an error.
                log.warning("cannot write down how often was searched", error=type(fault).__qualname__)
                with self._lock:
                    for key, tally in counted.items():
                        self._add(key, tally)
