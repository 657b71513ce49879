"""Counted searches, on both engines: adding up, what comes on top, and forgetting."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest

from servicedir.storage import searches
from servicedir.storage.database import Database
from servicedir.storage.searches import Searches, Tally

DAY = date(2026, 11, 23)


def add(database: Database, *counted: tuple[str, Tally], day: date = DAY) -> None:
    with database.begin(write=True) as session:
        Searches(session).add({(day, words): tally for words, tally in counted})


def test_what_is_counted_adds_up_over_writers_and_days(database: Database) -> None:
    add(database, ("hund", Tally(2, 1, 0)), ("katze", Tally(1, 1, 0)))
    add(database, ("hund", Tally(1, 1, 0)))
    add(database, ("hund", Tally(1, 1, 0)), day=DAY - timedelta(days=1))
    with database.begin() as session:
        counted = Searches(session)
        assert counted.without_result(DAY, least=2, limit=9) == [("hund", Tally(3, 2, 0))]
        assert counted.without_result(DAY - timedelta(days=1), least=1, limit=9) == [
            ("hund", Tally(4, 3, 0)),
            ("katze", Tally(1, 1, 0)),
        ]
        assert counted.without_result(DAY, least=1, limit=1) == [("hund", Tally(3, 2, 0))]
        assert counted.without_result(DAY + timedelta(days=1), least=1, limit=9) == []


def test_without_a_click_is_what_was_found_and_never_opened(database: Database) -> None:
    add(database, ("found", Tally(3, 0, 0)), ("opened", Tally(3, 0, 1)), ("empty", Tally(3, 3, 0)))
    add(database, ("once", Tally(3, 2, 0)))
    add(database, ("opened-before", Tally(0, 0, 1)), day=DAY - timedelta(days=3))
    add(database, ("opened-before", Tally(5, 0, 0)))
    with database.begin() as session:
        counted = Searches(session)
        assert [w for w, _t in counted.without_click(DAY, least=2, limit=9)] == ["opened-before", "found"]
        assert [w for w, _t in counted.without_click(DAY - timedelta(days=9), least=2, limit=9)] == ["found"]


def test_what_is_old_is_forgotten(database: Database) -> None:
    for age in range(5):
        add(database, ("hund", Tally(1, 1, 0)), ("katze", Tally(1, 0, 0)), day=DAY - timedelta(days=age))
    with database.begin(write=True) as session:
        assert Searches(session).forget(DAY - timedelta(days=1)) == 6
        assert Searches(session).forget(DAY - timedelta(days=1)) == 0
    with database.begin() as session:
        found = Searches(session).without_result(DAY - timedelta(days=99), least=1, limit=9)
    assert found == [("hund", Tally(2, 2, 0))]


def test_nobody_fills_the_table_by_asking(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST_A_DAY", 3)
    add(database, *((f"wort {n}", Tally(1, 1, 0)) for n in range(5)))
    add(database, ("wort 0", Tally(1, 1, 0)), ("neu", Tally(9, 9, 0)))
    with database.begin() as session:
        found = dict(Searches(session).without_result(DAY, least=1, limit=99))
    assert found == {"wort 0": Tally(2, 2, 0), "wort 1": Tally(1, 1, 0), "wort 2": Tally(1, 1, 0)}


def test_processes_that_write_at_once_lose_nothing(database: Database) -> None:
    words = [f"wort {n}" for n in range(20)]

    def write(order: int) -> None:
        for _time in range(5):
            add(database, *((word, Tally(1, 1, 0)) for word in words[::order]))

    threads = [threading.Thread(target=write, args=(order,)) for order in (1, -1, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.begin() as session:
        found = Searches(session).without_result(DAY, least=1, limit=99)
    assert {tally for _words, tally in found} == {Tally(15, 15, 0)}
    assert len(found) == 20


def test_a_session_for_reading_does_not_count(database: Database) -> None:
    with database.begin() as session:
        with pytest.raises(RuntimeError):
            Searches(session).add({(DAY, "hund"): Tally(1)})
        with pytest.raises(RuntimeError):
            Searches(session).forget(DAY)
