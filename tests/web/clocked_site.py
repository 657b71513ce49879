"""A site in which it is the time that a test says."""

from __future__ import annotations

from pathlib import Path

from builders import Clock
from clocked import ClockedHouse, reopened
from sites import Site

from servicedir.web import make_app


class ClockedSite(Site):
    """The application over the house in a folder, with a clock that stands until a test moves it."""

    house: ClockedHouse

    def __init__(self, folder: Path, clock: Clock, **configured: str) -> None:
        self.house = reopened(folder, clock, **configured)
        self.app = make_app(self.house)
