"""Servers that are started for a test and ended with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from listening import OK, OUTSIDE, Answer, Server, saying


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers outside, and ends them."""
    started: list[Server] = []

    def start(*answers: bytes, answer: Answer | None = None, address: str = OUTSIDE) -> Server:
        started.append(Server(address, answer or saying(*answers or (OK,))))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def canary(serve: Callable[..., Server]) -> Server:
    """A server of this machine that nobody may speak to."""
    return serve(address="127.0.0.1")
