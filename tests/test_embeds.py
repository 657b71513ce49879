"""Embeds are counted by site and day, for sites on the list alone; coordinators see it, and it is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import a_grant, a_person
from houses import a_house, rows

from servicedir.directory import Forbidden, House, housekeeping, tallies
from servicedir.directory.embeds import SHOWN_DAYS, Embedding
from servicedir.domain.workflow import Role
from servicedir.storage.embeds import Views

CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))
COUNCIL, SCHOOL = "https://rat.example.org", "https://schule.example.org:8443"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = a_house(tmp_path / "house", embed_origins=f"{COUNCIL} {SCHOOL}")
    yield made
    made.close()


def sites(house: House) -> list[Embedding]:
    house.embeds.write()
    with house.work() as directory:
        return directory.embeds.sites(CORA)


def test_what_was_shown_and_followed_is_summed_up_by_site(house: House) -> None:
    for _time in range(3):
        assert house.embeds.show(SCHOOL)
    house.embeds.write()
    assert house.embeds.show(SCHOOL)
    assert house.embeds.click(SCHOOL)
    assert sites(house) == [Embedding(SCHOOL, Views(4, 1), True), Embedding(COUNCIL, Views(), True)]
    assert rows(house, "embeds") == 1


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example.org", "null", "", f"{COUNCIL}/", "http://rat.example.org"]
)
def test_who_is_not_on_the_list_is_not_counted(house: House, origin: str) -> None:
    assert not house.embeds.show(origin)
    assert not house.embeds.click(origin)
    house.embeds.write()
    assert rows(house, "embeds") == 0


def test_a_site_that_left_the_list_is_shown_as_long_as_it_was_counted(house: House) -> None:
    with house.work(write=True) as directory:
        directory.stored_embeds.add({(house.today(), "https://gone.example.org"): Views(2, 1)})
    assert Embedding("https://gone.example.org", Views(2, 1), False) in sites(house)


def test_the_days_are_listed_with_the_newest_first(house: House) -> None:
    today = house.today()
    old = today - timedelta(days=SHOWN_DAYS)
    with house.work(write=True) as directory:
        directory.stored_embeds.add({(old, COUNCIL): Views(5, 0), (old - timedelta(days=1), COUNCIL): Views(9, 9)})
    house.embeds.show(COUNCIL)
    house.embeds.write()
    with house.work() as directory:
        days = directory.embeds.by_day(CORA)
    assert days == [(today, COUNCIL, Views(1, 0)), (old, COUNCIL, Views(5, 0))]
    assert sites(house)[0].views == Views(6, 0)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_nobody_but_the_city_reads_the_counts(house: House, role: Role) -> None:
    somebody = a_person("kim", a_grant(role, "buergeramt"))
    with house.work() as directory:
        with pytest.raises(Forbidden):
            directory.embeds.sites(somebody)
        with pytest.raises(Forbidden):
            directory.embeds.by_day(somebody)


def test_counts_are_forgotten_with_those_of_searches(house: House) -> None:
    last = house.today() - timedelta(days=house.settings.search_days)
    with house.work(write=True) as directory:
        directory.stored_embeds.add({(last, COUNCIL): Views(1, 1), (last - timedelta(days=1), COUNCIL): Views(1, 1)})
    assert "counts of embeds: 1 forgotten" in [done.what for done in housekeeping.forget(house)]
    assert rows(house, "embeds") == 1


def test_counts_are_written_beside_the_request_and_at_the_end(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.embeds.show(COUNCIL)
    assert rows(house, "embeds") == 0
    monkeypatch.setattr(tallies, "WRITE_EVERY", 0.0)
    house.embeds.show(COUNCIL)
    for thread in threading.enumerate():
        if thread.name == "embeds":
            thread.join()
    assert rows(house, "embeds") == 1
    monkeypatch.undo()
    house.embeds.click(COUNCIL)
    house.close()
    again = House(house.settings)
    assert sites(again)[0].views == Views(2, 1)
    again.close()


def test_counts_hold_a_day_a_site_and_two_numbers_and_nothing_else(house: House) -> None:
    with house.database.engine.connect() as connection:
        columns = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(embeds)")}
    assert columns == {"day", "origin", "shown", "clicked"}
