"""What takes seconds to make takes two threads at most: the others are told to come back, and nobody else waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore

import pytest
from builders import a_block, an_inquiry
from houses import publish_answer
from sites import Site

from servicedir.directory import Directory
from servicedir.reports import rollout_files
from servicedir.web.council import once as module
from servicedir.web.council.once import PLACES, Busy, Once

TODAY = "/inquiries/af0147-24/today"
PICTURE = "/rollout/stages.png"


@contextmanager
def busy(once: Once) -> Iterator[None]:
    """As many as may are making something, until the end."""
    begun, end = Semaphore(0), Event()

    def make(_directory: Directory) -> bytes:
        begun.release()
        end.wait(20)
        return b""

    with ThreadPoolExecutor() as threads:
        for number in range(PLACES):
            threads.submit(once.get, (f"other-{number}",), make)
        try:
            assert all(begun.acquire(timeout=20) for _number in range(PLACES))
            yield
        finally:
            end.set()


@pytest.mark.parametrize("path", [TODAY, PICTURE])
@pytest.mark.parametrize(("lang", "sentence"), [("de", "zehn Sekunden noch einmal"), ("en", "again in ten seconds")])
def test_who_comes_when_enough_is_being_made_is_told_when_to_come_back(
    town: Site, path: str, lang: str, sentence: str
) -> None:
    registry = town.app.application.application.registry
    with busy(registry.once if path == TODAY else registry.pictures):
        answer = town.get(f"{path}?lang={lang}", status=503)
        assert answer.headers["Retry-After"] == "10"
        assert sentence in answer.text
        town.get("/")
    town.get(f"{path}?lang={lang}")


def test_pages_and_pictures_share_the_threads_and_give_what_they_keep(town: Site) -> None:
    registry = town.app.application.application.registry
    for making, other in ((registry.once, registry.pictures), (registry.pictures, registry.once)):
        other.get(("kept",), lambda _directory: b"kept")
        with busy(making):
            with pytest.raises(Busy):
                other.get(("new",), lambda _directory: b"new")
            assert other.get(("kept",), lambda _directory: b"another") == b"kept"
        assert other.get(("new",), lambda _directory: b"new") == b"new"


def test_what_is_kept_is_given_while_others_are_made(town: Site) -> None:
    once = Once(town.house, lambda _directory: PLACES + 1)
    once.get(("mine",), lambda _directory: b"page")
    with busy(once):
        assert once.get(("mine",), lambda _directory: b"another") == b"page"


def test_who_waits_for_the_same_page_waits_only_so_long(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    once, begun, end = Once(town.house, lambda _directory: 1), Event(), Event()

    def make(_directory: Directory) -> bytes:
        begun.set()
        end.wait(20)
        return b"page"

    with ThreadPoolExecutor() as threads:
        first = threads.submit(once.get, ("today",), make)
        assert begun.wait(20)
        with pytest.raises(Busy):
            once.get(("today",), make)
        end.set()
        assert first.result() == b"page"
    assert once.get(("today",), make) == b"page"


def test_a_fault_frees_the_place(town: Site) -> None:
    once = Once(town.house, lambda _directory: 1)

    def fail(_directory: Directory) -> bytes:
        raise LookupError

    for _time in range(PLACES + 1):
        with pytest.raises(LookupError):
            once.get(("today",), fail)
    assert once.get(("today",), lambda _directory: b"page") == b"page"


def test_a_page_is_kept_for_every_published_answer(town: Site) -> None:
    for number in range(6):
        publish_answer(town.house, an_inquiry(f"af-{number}", a_block("services")))
    once, made = town.app.application.application.registry.once, []

    def make(name: str) -> Callable[[Directory], bytes]:
        return lambda _directory: made.append(name) or b""

    keys = [(f"af-{number}", language) for number in range(6) for language in ("de", "en")]
    for _twice in range(2):
        for key in keys:
            once.get(key, make("-".join(key)))
    assert len(made) == len(keys)


@pytest.mark.parametrize("name", ["nothing.png", "nothing.csv", "next.svg", "stages.gif", "law-0.csv", "law-x.csv"])
def test_a_wrong_name_is_seen_before_anything_is_counted(city: Site, name: str) -> None:
    # A day of which nothing can be said would be a 400 as soon as somebody looks at it.
    city.get(f"/rollout/{name}?on=1999-01-01", status=404)


def test_every_file_of_the_page_has_a_name_that_is_known_beforehand(city: Site) -> None:
    links = [link["href"] for link in city.get("/rollout").html.select("a[download]")]
    assert len(links) > 15
    for link in links:
        city.get(link)
    assert {link.split("/")[-1].removesuffix(".png") for link in links if link.endswith(".png")} == rollout_files.CHARTS
