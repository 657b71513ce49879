"""What is made once is made before somebody waits for it: after a start, at midnight, when small nouns change."""

from __future__ import annotations

import time
from collections.abc import Callable
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


def keep_warm(app: Any, house: House, stop: Event, ready: Callable[[], None]) -> None:
    """Have cards ready in the first language until `stop`; whoever asks meanwhile goes first.

    `ready` is called once, when all was made for the first time.
    """
    made: tuple[Any, Any] | None = None
    while not stop.is_set():
        try:
            today, catalogue = house.today(), house.catalogue()
            if made is None or made[0] != today or made[1] is not catalogue:
                house.index.warm()
                _warm(app, house, stop)
                if made is None:
                    ready()
                made = (today, catalogue)
        except Exception as fault:  # Whatever ails it: until the next look, cards are made when somebody asks for them.
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
