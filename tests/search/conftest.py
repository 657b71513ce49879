"""The contract of a search engine: every test that asks for `index` runs on each engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from asking import Searching

from servicedir.search import Index, open_index


@pytest.fixture(params=["whoosh"])
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Index]:
    """Opens the index in the test's folder; twice gives two objects, as two processes have them."""
    return lambda: open_index(request.param, tmp_path / "index")


@pytest.fixture
def index(open_again: Callable[[], Index]) -> Index:
    """An empty index."""
    return open_again()


@pytest.fixture
def searching(index: Index) -> Searching:
    """Short ways to ask an empty index: `searching.hold(a_service()); searching.slugs("ausweis")`."""
    return Searching(index)
