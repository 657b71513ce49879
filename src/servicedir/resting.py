"""Making very many values at once, without the collector of garbage looking through all of them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """Let the collector rest meanwhile: values have no cycles, so they go without it as soon as nobody holds them.

    With 10,000 services it takes as much time as reading them does. Other threads make garbage as well: not for long.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # Who came while it rested leaves it to who came first.
        if was_at_work:
            gc.enable()
