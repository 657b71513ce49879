"""Cards are there before somebody waits for them."""

from __future__ import annotations

from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from builders import an_office
from houses import publish
from sites import Site

from servicedir.web import warming
from servicedir.web.warming import keep_warm


def made(site: Site, name: str) -> set[str]:
    """The slugs of what is ready, as `cards` or as `items` of the API."""
    shelves: Any = getattr(site.app.application.application.registry, name)._shelves
    return set(shelves["de", ""].kept) if shelves else set()


def until(holds: Any) -> bool:
    """Whether something comes about within some seconds."""
    end = monotonic() + 10
    while not holds() and monotonic() < end:
        sleep(0.02)
    return bool(holds())


def test_cards_and_items_are_made_at_the_start_and_again_when_small_nouns_change(
    town: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "LOOK_EVERY", 0.05)
    all_there_are = {"wohnsitz-abmelden", "hundesteuer"}
    stop = Event()
    ready: list[bool] = []
    thread = Thread(target=keep_warm, args=(town.app, town.house, stop, lambda: ready.append(True)))
    thread.start()
    try:
        assert until(lambda: made(town, "cards") == made(town, "items") == all_there_are)
        before = town.app.application.application.registry.cards._shelves["de", ""]
        publish(town.house, an_office("neu"))
        registry = town.app.application.application.registry
        assert until(lambda: registry.cards._shelves["de", ""] is not before and made(town, "cards") == all_there_are)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    assert len(ready) == 1, "the process is told once that it is warm"
    assert len(town.app.application) == 0, "nothing of that takes room from answers"
    assert town.house.searches._tallies._counted == {}


def test_what_could_not_be_made_is_made_at_the_next_look(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "LOOK_EVERY", 0.05)
    faults = iter([OSError("the disk sleeps"), RuntimeError("so does the index")])
    warm = town.house.index.warm

    def sleepy() -> None:
        for fault in faults:
            raise fault
        warm()

    monkeypatch.setattr(town.house.index, "warm", sleepy)
    stop = Event()
    ready = Event()
    thread = Thread(target=keep_warm, args=(town.app, town.house, stop, ready.set))
    thread.start()
    try:
        assert ready.wait(10)
        assert made(town, "cards") == {"wohnsitz-abmelden", "hundesteuer"}
    finally:
        stop.set()
        thread.join(10)
