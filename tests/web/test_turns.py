"""New searches are worked on one after the other, and nothing else waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, Lock
from time import monotonic, sleep
from typing import Any

import pytest
from sites import Site

from servicedir.web import answers
from servicedir.web.answers import Answers


class Working:
    """Stands before the application: how many requests it works on, at most at a time, and how many there were."""

    def __init__(self, application: Any, meanwhile: Callable[[str], object]) -> None:
        self._application = application
        self._meanwhile = meanwhile
        self._lock = Lock()
        self.now = self.most = self.all = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        with self._lock:
            self.now, self.all = self.now + 1, self.all + 1
            self.most = max(self.most, self.now)
        try:
            self._meanwhile(environ["QUERY_STRING"])
            return self._application(environ, start_response)
        finally:
            with self._lock:
                self.now -= 1


@contextmanager
def working(site: Site, meanwhile: Callable[[str], object]) -> Iterator[Working]:
    kept: Answers = site.app.application
    before = kept.application
    kept.application = work = Working(before, meanwhile)
    try:
        yield work
    finally:
        kept.application = before


@pytest.mark.parametrize("path", ["/", "/api/v1/services"])
def test_one_search_is_worked_on_at_a_time(town: Site, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(answers, "PATIENCE", 20)
    with working(town, lambda _query: sleep(0.05)) as work, ThreadPoolExecutor(4) as threads:
        found = list(threads.map(town.ask, [f"{path}?q=wort{number}" for number in range(4)]))
    assert [answer.status_int for answer in found] == [200] * 4
    assert (work.most, work.all) == (1, 4)


def test_pages_are_worked_on_beside_each_other(town: Site) -> None:
    together = Barrier(4, timeout=20)
    with working(town, lambda _query: together.wait()) as work, ThreadPoolExecutor(4) as threads:
        found = list(threads.map(town.ask, ["/a-z", "/offices/", "/topics/", "/services/hundesteuer"]))
    assert [answer.status_int for answer in found] == [200] * 4
    assert work.most == 4


def test_who_asks_the_same_meanwhile_gets_the_same_answer(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PATIENCE", 20)
    with working(town, lambda _query: sleep(0.05)) as work, ThreadPoolExecutor(4) as threads:
        found = list(threads.map(town.ask, ["/?q=Wohnsitz"] * 4))
    assert work.all == 1
    assert len({answer.body for answer in found}) == 1


def test_a_search_that_hangs_keeps_nobody_waiting_for_long(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PATIENCE", 0.1)
    hangs, end = Event(), Event()

    def meanwhile(query: str) -> None:
        if query == "q=lange":
            hangs.set()
            end.wait(20)

    with working(town, meanwhile), ThreadPoolExecutor(1) as threads:
        first = threads.submit(town.ask, "/?q=lange")
        try:
            assert hangs.wait(20)
            assert town.ask("/a-z").status_int == 200
            begun = monotonic()
            assert town.ask("/?q=kurz").status_int == 200
            assert 0.1 <= monotonic() - begun < 10
        finally:
            end.set()
        assert first.result(20).status_int == 200
    begun = monotonic()
    assert town.ask("/?q=danach").status_int == 200
    assert monotonic() - begun < 10


def test_a_search_that_fails_gives_its_turn_away(town: Site) -> None:
    def meanwhile(query: str) -> None:
        if query == "q=kaputt":
            raise OSError("the disk is gone")

    with working(town, meanwhile):
        with pytest.raises(OSError, match="gone"):
            town.ask("/?q=kaputt")
        kept: Answers = town.app.application
        assert kept._searching.acquire(timeout=0)
        kept._searching.release()
