"""How often words are searched for, counted in memory and written down now and then; never who searched.

What could say something about a person is not counted at all: see `countable`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from servicedir.directory.tallies import Tallies
from servicedir.search import german
from servicedir.storage.searches import Tally

if TYPE_CHECKING:
    from servicedir.directory.house import House

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
        self._tallies: Tallies[tuple[date, str], Tally] = Tallies(
            house, "searches", lambda directory, counted: directory.searches.add(counted)
        )

    def ask(self, typed: str, *, found: bool) -> None:
        """Count that somebody searched for words, and whether anything was found."""
        self._count(typed, Tally(asked=1, empty=0 if found else 1))

    def click(self, typed: str) -> None:
        """Count that somebody opened what words had found."""
        self._count(typed, Tally(clicked=1))

    def _count(self, typed: str, tally: Tally) -> None:
        if words := countable(typed):
            self._tallies.add((self._house.today(), words), tally)

    def write(self) -> None:
        """Write down what was counted, in a transaction of its own; what cannot be written now is kept for later."""
        self._tallies.write()
