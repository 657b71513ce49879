"""The one contract of storage, on both engines: every test that asks for `database` runs on each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import Clock

from servicedir.storage.database import Database

SCRIPTS = Path(__file__).resolve().parents[2] / "alembic"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/data/servicedir.db"
    else:
        # Asked for here only, so that the tests on SQLite run where there is no PostgreSQL.
        url = request.getfixturevalue("fresh_postgresql")
    database = Database(url)
    yield database
    database.dispose()


@pytest.fixture
def database(empty_database: Database) -> Database:
    """A database with all tables and nothing in them."""
    empty_database.migrate(SCRIPTS)
    return empty_database


@pytest.fixture
def clock() -> Clock:
    """A clock that stands on a Monday noon."""
    return Clock()
