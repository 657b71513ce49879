"""How far a command is, shown to who waits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click


def watched(what: str) -> Callable[..., Iterator[Any]]:
    """Return what shows things going by under a progress bar; without a terminal nothing is shown.

    It takes the things, and how many there are where they cannot be counted beforehand.
    """

    def watch(things: Iterable[Any], total: int | None = None) -> Iterator[Any]:
        hidden = not sys.stderr.isatty()
        with click.progressbar(things, total, what, show_pos=True, file=sys.stderr, hidden=hidden) as going:
            yield from going

    return watch
