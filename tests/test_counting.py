"""Searches are counted, never searchers: what is kept of them, when it is written down, and what is shown of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import a_grant, a_person, a_service, a_synonym
from houses import a_house, publish, rows
from hypothesis import given
from hypothesis import strategies as st

from servicedir.directory import House, tallies
from servicedir.directory.counting import countable
from servicedir.directory.tallies import MOST_KEYS
from servicedir.directory.words import LEAST_ASKED, SHOWN_DAYS
from servicedir.domain.history import Kind
from servicedir.domain.workflow import Role
from servicedir.storage.searches import Tally

CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = a_house(tmp_path / "house")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Wohnung   ABMELDEN ", "wohnung abmelden"),
        ("§ 43 IfSG", "§ 43 ifsg"),
        ("Straße", "straße"),
        ("a@b.de", ""),
        ("max＠beispiel", ""),
        ("0221 12", ""),
        ("geboren 1980", ""),
        ("1 2 3 4", ""),
        ("٠١٢٣", ""),
        ("eins zwei drei vier fünf", "eins zwei drei vier fünf"),
        ("eins zwei drei vier fünf sechs", ""),
        ("eins-zwei-drei-vier-fünf-sechs", ""),
        ("???", ""),
        ("", ""),
        ("x" * 101, ""),
        ("Hund\x07", ""),
    ],
)
def test_what_could_be_about_a_person_is_not_counted(typed: str, kept: str) -> None:
    assert countable(typed) == kept


@given(st.text())
def test_what_is_counted_is_short_and_plain(typed: str) -> None:
    kept = countable(typed)
    assert len(kept) <= 100
    assert kept == " ".join(kept.split())
    assert sum(char.isnumeric() for char in kept) < 4
    assert "@" not in kept
    assert kept.isprintable()


def ask(house: House, words: str, times: int = 1, *, found: bool = False) -> None:
    for _time in range(times):
        house.searches.ask(words, found=found)


def sought(house: House, name: str = "without_result") -> list[tuple[str, int, int]]:
    house.searches.write()
    with house.work() as directory:
        return [(s.words, s.times, s.now) for s in getattr(directory.words, name)(CORA)]


def test_what_was_searched_in_vain_is_listed_if_more_than_one_asked(house: House) -> None:
    ask(house, "Drahtesel", 3)
    ask(house, " drahtESEL")
    ask(house, "nur einmal", LEAST_ASKED - 1)
    ask(house, "gefunden", 5, found=True)
    assert sought(house) == [("drahtesel", 4, 0)]
    assert sought(house, "without_click") == [("gefunden", 5, 0)]
    house.searches.click("Gefunden")
    assert sought(house, "without_click") == []


def test_what_is_found_by_now_is_no_failed_search_any_more(house: House) -> None:
    publish(house, a_service("rad", title="Fahrrad"))
    ask(house, "Drahtesel", 3)
    ask(house, "Zwirbel", 2)
    ask(house, "Quark", 2)
    house.searches.write()
    with house.work(write=True) as directory:
        directory.words.save(Kind.SYNONYM, a_synonym("Drahtesel", "Fahrrad"), based_on=None, by=CORA)
    with house.work() as directory:
        assert [s.words for s in directory.words.failed_searches(CORA, 9)] == ["quark", "zwirbel"]
        assert [s.words for s in directory.words.failed_searches(CORA, 1)] == ["quark"]
    assert sought(house)[0] == ("drahtesel", 3, 1)


def test_searches_of_long_ago_are_not_shown(house: House) -> None:
    day = house.today()
    with house.work(write=True) as directory:
        for age, words in ((SHOWN_DAYS, "noch"), (SHOWN_DAYS + 1, "alt")):
            directory.searches.add({(day - timedelta(days=age), words): Tally(2, 2, 0)})
    assert [words for words, _times, _now in sought(house)] == ["noch"]


def test_nothing_is_written_until_it_is_time_and_then_beside_the_request(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(house, "hund", 2)
    assert rows(house, "searches") == 0
    monkeypatch.setattr(tallies, "WRITE_EVERY", 0.0)
    ask(house, "hund")
    for thread in threading.enumerate():
        if thread.name == "searches":
            thread.join()
    assert rows(house, "searches") == 1
    assert sought(house) == [("hund", 3, 0)]


def test_what_was_counted_is_written_at_the_end(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    ask(house, "hund", 2)
    house.close()
    again = House(house.settings)
    assert sought(again) == [("hund", 2, 0)]
    again.close()


def test_what_cannot_be_written_now_is_kept(house: House) -> None:
    ask(house, "hund", 2)
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE searches RENAME TO away")
    house.searches.write()
    ask(house, "hund")
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO searches")
    assert sought(house) == [("hund", 3, 0)]


def test_memory_is_bounded_whatever_is_asked(house: House) -> None:
    for number in range(MOST_KEYS + 50):
        ask(house, "wort " + "".join(chr(97 + int(digit)) for digit in str(number)))
    ask(house, "wort a")
    house.searches.write()
    assert rows(house, "searches") == MOST_KEYS
    ask(house, "danach")
    house.searches.write()
    assert rows(house, "searches") == MOST_KEYS + 1


def test_threads_count_all_there_is(house: House) -> None:
    threads = [threading.Thread(target=ask, args=(house, "hund", 200)) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sought(house) == [("hund", 1600, 0)]
