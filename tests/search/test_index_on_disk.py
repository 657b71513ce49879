"""An index on disk: what is in memory gets there, and several processes lose nothing of each other's."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from asking import TODAY, Searching, published, services
from builders import a_service

from servicedir.domain.query import Sort
from servicedir.domain.service import Service
from servicedir.domain.text import Text
from servicedir.search import Index

# On disk


def test_an_index_is_there_again_after_it_was_closed(open_again: Callable[[], Index]) -> None:
    index = open_again()
    index.update([published(a_service("hund")), published(a_service("katze"))], [], 4)
    index.update([published(a_service("hund", title="Rüde"), 2)], ["katze"], 5)
    index.close()
    again = Searching(open_again())
    assert again.index.change() == 5
    assert again.slugs("rüde") == ["hund"]
    assert again.slugs("katze") == again.slugs("hund -rüde") == []
    assert again.index.difference([published(a_service("hund", title="Rüde"), 2)]) == []


def test_what_is_in_memory_is_on_disk_some_seconds_later(open_again: Callable[[], Index]) -> None:
    open_again().update([published(a_service("hund"))], [], 4)
    until = time.monotonic() + 20
    while open_again().change() != 4 and time.monotonic() < until:
        time.sleep(0.2)
    assert Searching(open_again()).slugs("hund") == ["hund"]


def test_an_update_does_not_wait_for_the_disk(index: Index) -> None:
    index.rebuild([published(service) for service in services(300)], 1)
    taken = []
    for step in range(20):
        started = time.thread_time()
        index.update([published(a_service("s-000", title=f"Neu {step}"), step)], [], step + 2)
        taken.append(time.thread_time() - started)
    assert sorted(taken)[10] < 0.05


def test_an_index_can_be_closed_twice_and_go_on(open_again: Callable[[], Index]) -> None:
    index = open_again()
    index.update([published(a_service("hund"))], [], 1)
    index.close()
    index.close()
    index.update([published(a_service("katze"))], [], 2)
    index.close()
    assert open_again().change() == 2
    assert sorted(Searching(open_again()).slugs()) == ["hund", "katze"]


def test_an_index_that_is_rebuilt_as_of_the_same_change_forgets_what_it_held(open_again: Callable[[], Index]) -> None:
    """That is how a wrong one is mended: nothing else has changed."""
    index = open_again()
    index.update([published(a_service("tier", title="Hund"))], [], 7)
    index.close()
    again = Searching(open_again())
    again.index.rebuild([published(a_service("tier", title="Katze"))], 7)
    for searching in (again, Searching(open_again())):
        assert searching.slugs("katze") == ["tier"]
        assert searching.slugs("hund") == []


# Who else writes


class Process:
    """What a process does with its index: it catches up from the log that all of them share, and writes."""

    def __init__(self, index: Index, log: list[Service]) -> None:
        self.index = index
        self.log = log

    def catch_up(self) -> None:
        last = len(self.log)
        put = {service.slug: published(service) for service in self.log[self.index.change() : last]}
        self.index.update(put.values(), [], last)


def test_two_processes_undo_nothing_of_each_other(open_again: Callable[[], Index]) -> None:
    log: list[Service] = []
    one, other = Process(open_again(), log), Process(open_again(), log)
    for number in range(6):
        log.append(a_service(f"s-{number}"))
        for process in (one, other) if number % 3 else (other, one):
            process.catch_up()
            if number % 2:
                process.index.close()
    log.append(a_service("s-0", title="Anders"))
    one.catch_up()
    one.index.close()
    other.catch_up()  # It comes late, and has the same to write.
    other.index.close()
    again = Searching(open_again())
    assert again.index.change() == 7
    assert sorted(again.slugs()) == [f"s-{number}" for number in range(6)]
    assert again.slugs("anders") == ["s-0"]


def test_who_is_behind_leaves_on_disk_what_is_ahead(open_again: Callable[[], Index]) -> None:
    log = [a_service("hund"), a_service("katze"), a_service("hund", title="Rüde")]
    ahead, behind = Process(open_again(), log), Process(open_again(), log[:1])
    ahead.catch_up()
    ahead.index.close()
    behind.catch_up()
    behind.index.close()
    again = Searching(open_again())
    assert again.index.change() == 3
    assert again.slugs("rüde") == ["hund"]
    assert again.page().total == 2


def test_two_writers_at_once_wait_for_each_other_and_lose_nothing(open_again: Callable[[], Index]) -> None:
    log: list[Service] = []
    taken = threading.Lock()
    processes = [Process(open_again(), log), Process(open_again(), log)]
    faults = []

    def write(number: int) -> None:
        try:
            for step in range(8):
                with taken:
                    log.append(a_service(f"s-{number}-{step}"))
                processes[number].catch_up()
                processes[number].index.close()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    again = open_again()
    assert again.change() == 16
    assert again.difference(published(service) for service in log) == []


def test_many_entries_changed_many_times_are_found_once(open_again: Callable[[], Index]) -> None:
    """What former states leave behind is cleared away in between."""
    index = open_again()
    index.rebuild([published(service) for service in services(30)], 1)
    change = 1
    for step in range(25):
        change += 1
        put = [replace(service, title=Text.of(f"Leistung Fassung {step}")) for service in services(30)]
        index.update([published(service, step + 2) for service in put], [], change)
        if step % 10 == 9:
            index.close()
    index.close()
    for held in (index, open_again()):
        searching = Searching(held)
        assert held.change() == change
        assert searching.page(f"fassung {step}", per_page=100).total == 30
        assert searching.page("leistung").total == searching.page().total == 30


def test_many_may_search_on_many_days_while_one_writes(searching: Searching) -> None:
    searching.hold(*services(60))
    faults: list[BaseException] = []
    done = threading.Event()
    looked = []

    def search(seed: int) -> None:
        number = seed
        try:
            while not done.is_set():
                number += 1
                on = TODAY + timedelta(days=number % 80)
                page = searching.page(f"leistung {number % 70:03}", on=on)
                assert page.total <= 1
                everything = searching.page(on=on, sort=Sort.UPDATED, per_page=100)
                assert everything.total == len(everything.hits) >= 59
                assert sum(value.count for value in everything.facets["video"]) == everything.total
                looked.append(number)
        except BaseException as fault:
            faults.append(fault)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    threads = [threading.Thread(target=search, args=(seed * 17,)) for seed in range(4)]
    try:
        for thread in threads:
            thread.start()
        for step in range(10):
            put = [published(a_service("s-000", title=f"Leistung 000 neu {step}"), step + 2)]
            searching.index.update(put, ["s-001"] if step % 2 else [], step + 100)
            if not step % 2:
                searching.index.update([published(services(2)[1], step + 2)], [], step + 100)
        until = time.monotonic() + 30
        while len(looked) <= 20 and not faults and time.monotonic() < until:
            time.sleep(0.01)
    finally:
        done.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(before)
    assert faults == []
    assert len(looked) > 20
