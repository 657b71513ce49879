"""Houses in which it is the time that a test says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builders import Clock
from houses import ACCOUNTS, NOUNS, add_accounts, publish, settings_in

from servicedir.directory import House


class ClockedHouse(House):
    """A house with a clock of its own."""

    clock: Clock

    def now(self) -> Any:
        return self.clock()


def reopened(folder: Path, clock: Clock, **configured: str) -> ClockedHouse:
    """A house on the data that are in a folder, as after a restart; close it in the end."""
    # Nothing leaves the machine, and no files are made, unless a test is about that.
    house = ClockedHouse(settings_in(folder, **{"check_links": "false", "open_data": "false"} | configured))
    house.clock = clock
    return house


def a_clocked_house(folder: Path, clock: Clock, *values: Any, **configured: str) -> ClockedHouse:
    """A house in which these values are published after NOUNS, with ACCOUNTS that have an address each."""
    house = reopened(folder, clock, **configured)
    house.database.migrate(house.settings.migrations)
    publish(house, *NOUNS, *values)
    with house.work(write=True) as directory:
        add_accounts(directory.people)
        for login in ACCOUNTS:
            directory.people.describe(login, login.capitalize(), f"{login}@example.org")
    return house
