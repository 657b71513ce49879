"""The contract of a search engine: every test that asks for `index`, or for `town`, runs on each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asking import Searching
from town import SERVICES

from servicedir.search import Index, open_index

ENGINES = ["whoosh"]


@pytest.fixture(params=ENGINES)
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Index]]:
    """Opens the index in the test's folder; twice gives two objects, as two processes have them."""
    opened: list[Index] = []

    def open_one() -> Index:
        opened.append(open_index(request.param, tmp_path / "index"))
        return opened[-1]

    yield open_one
    for index in opened:
        index.close()


@pytest.fixture
def index(open_again: Callable[[], Index]) -> Index:
    """An empty index."""
    return open_again()


@pytest.fixture
def searching(index: Index) -> Searching:
    """Short ways to ask an empty index: `searching.hold(a_service()); searching.slugs("ausweis")`."""
    return Searching(index)


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searching:
    """A small town's catalogue, which nobody changes."""
    searching = Searching(open_index(request.param, tmp_path_factory.mktemp("town") / "index"))
    searching.hold(*SERVICES)
    return searching
