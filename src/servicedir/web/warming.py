"""What is made once is made before somebody waits for it: after a start, at midnight, when small nouns change."""

from __future__ import annotations

import gc
import time
from threading import Event
from typing import Any
from urllib.parse import urlencode

import structlog
from webob.request import BaseRequest

from servicedir.directory import House
from servicedir.domain.query import MOST_PER_PAGE, Query, Sort

log = structlog.get_logger(__name__)

LOOK_EVERY = 5.0
"""Seconds between two looks whether cards must be made anew."""


def keep_warm(app: Any, house: House, stop: Event) -> None:
    """Have cards ready in the first language until `stop`; whoever asks meanwhile goes first."""
    made: tuple[Any, ...] = (None, None)
    while not stop.is_set():
        today, catalogue = house.today(), house.catalogue()
        if made[0] != today or made[1] is not catalogue:
            is_first, made = made[0] is None, (today, catalogue)
            try:
                house.index.warm()
                _warm(app, house, stop)
                if is_first:
                    # Much of what was made stays, so the collector need not look through it again and again. Not a
                    # second time: of what is frozen, what later goes and holds itself would never be let go.
                    gc.collect()
                    gc.freeze()
            except Exception as fault:  # Whatever ails it: then cards are made when somebody asks for them.
                log.warning("cannot make cards beforehand", error=type(fault).__qualname__)
        stop.wait(LOOK_EVERY)


def _warm(app: Any, house: House, stop: Event) -> None:
    with house.work() as directory:
        page = directory.search(Query(per_page=MOST_PER_PAGE))
    pages = [urlencode({"sort": Sort.TITLE, "per_page": MOST_PER_PAGE, "page": n + 1}) for n in range(page.pages)]
    paths = [f"/services/{hit.slug}" for hit in page.hits[:1]]
    paths += [f"{path}?{query}" for query in pages for path in ("/", "/api/v1/services")]
    for path in ("/", *paths):
        if stop.is_set():
            return
        begun = time.monotonic()
        # HEAD does all the work, but is neither kept nor counted.
        BaseRequest.blank(path, method="HEAD").call_application(app)
        time.sleep(time.monotonic() - begun)
