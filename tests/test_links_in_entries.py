"""Which addresses stand in what is published, when they are looked at, and which of them lead nowhere for certain."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from builders import (
    Clock,
    a_channel,
    a_constraint,
    a_legal_basis,
    a_period,
    a_service,
    a_video_need,
    an_office,
)
from clocked import ClockedHouse
from houses import a_house, publish, save

from servicedir.directory import House
from servicedir.directory.links import KEEP, Looked, addresses_of, check_due
from servicedir.domain.link import AGAIN, CERTAIN, Broken, LinkFault
from servicedir.domain.service import ChannelKind

GOOD, BAD, OTHER = "https://www.example.org/gut", "https://www.example.org/schlecht", "https://other.example.org/"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house with an entry that leads to three addresses, and one that leads to one of them."""
    made = a_house(tmp_path)
    settings = made.settings
    made.close()
    house = ClockedHouse(settings)
    house.clock = clock
    publish(house, a_service("ausweis", body=f"[gut]({GOOD}) und [schlecht]({BAD})", legal_bases=(a_basis(OTHER),)))
    publish(house, a_service("pass", body=f"<{BAD}>"))
    yield house
    house.close()


def a_basis(url: str) -> object:
    return a_legal_basis("§ 1", url)


def run(house: House, *bad: str, fault: str = "404", **options: int) -> tuple[Looked, list[str]]:
    """Look at what is due, where these addresses fail; return what was told, and what was asked."""
    asked: list[str] = []

    def check(url: str) -> str:
        asked.append(url)
        return fault if url in bad else ""

    return check_due(house, check=check, between=0, **options), asked


def broken(house: House) -> dict[str, list[Broken]]:
    with house.work() as directory:
        return directory.links.broken()


# Which


def test_every_address_that_a_page_leads_to_is_known() -> None:
    period = a_period(
        "live", "2024", booking_url="https://a.example/", needs=a_video_need(test_url="https://b.example/")
    )
    service = a_service(
        body={"de": "[c](https://c.example/ 'Titel') ![Bild](https://not.example/)", "en": "<https://d.example/>"},
        costs="[e][1]\n\n[1]: https://e.example/\n",
        duration="| a |\n| --- |\n| [f](https://f.example/?a=1&b=2) |",
        summary="https://not.example/",
        legal_bases=(a_legal_basis("§ 1", "https://g.example/"), a_legal_basis("§ 2", "")),
        constraints=(
            a_constraint(legal_basis=a_legal_basis("§ 3", "https://h.example/")),
            a_constraint(legal_basis=None),
        ),
        channels=(a_channel(ChannelKind.VIDEO, period, note="[i](https://i.example/)"),),
    )
    found = set(addresses_of(service, date(2026, 11, 23))) - {""}
    assert found == {f"https://{letter}.example/" for letter in "abcdeghi"} | {"https://f.example/?a=1&b=2"}


def test_the_address_of_an_office_stands_in_each_of_its_services(house: House) -> None:
    publish(house, an_office(url="https://j.example.org/"), an_office("jugendamt"), a_service("eins", body="Nichts."))
    publish(house, a_service("zwei", body="[k](https://k.example.org/)", offices=("jugendamt", "buergeramt")))
    with house.work() as directory:
        found = directory.links.addresses()
    assert found["eins"] >= {"https://j.example.org/"}
    assert found["zwei"] - found["eins"] == {"https://k.example.org/"}
    publish(house, an_office(url="https://l.example.org/"))
    with house.work() as directory:
        assert directory.links.addresses()["zwei"] == found["zwei"] - found["eins"] | {"https://l.example.org/"}


def test_what_is_over_leads_nobody_anywhere() -> None:
    over = a_period("live", "2020", until="2021", booking_url="https://old.example/")
    coming = a_period("planned", "2030", booking_url="https://new.example/")
    service = a_service(channels=(a_channel(ChannelKind.VIDEO, over, coming),))
    assert set(addresses_of(service, date(2026, 11, 23))) - {""} == {"https://new.example/"}


def test_what_nobody_outside_sees_is_not_asked_either(house: House) -> None:
    save(house, a_service("entwurf", body="[x](https://secret.example.org/)"))
    save(house, a_service("pass", body="[x](https://secret.example.org/)"), based_on=1)
    _told, asked = run(house)
    assert sorted(asked) == sorted({GOOD, BAD, OTHER})


@pytest.mark.parametrize("address", ["mailto:a@example.org", "tel:115", "/services/pass", "#teil", "javascript:x://y"])
def test_only_addresses_of_the_web_are_asked(house: House, address: str) -> None:
    publish(house, a_service("pass", body=f"[x]({address}) [y](https://y.example/)"))
    _told, asked = run(house)
    assert sorted(asked) == sorted([GOOD, BAD, OTHER, "https://y.example/"])


# When


def test_each_address_is_asked_once_and_again_after_a_week(house: House, clock: Clock) -> None:
    told, asked = run(house)
    assert (told, len(asked)) == (Looked(3, 0), 3)
    assert run(house)[1] == []
    clock.now += AGAIN - timedelta(seconds=1)
    assert run(house)[1] == []
    clock.now += timedelta(seconds=1)
    assert sorted(run(house)[1]) == sorted(asked)


def test_who_has_waited_longest_comes_first_and_no_more_than_asked_for(house: House, clock: Clock) -> None:
    first = run(house, limit=1)[1]
    clock.now += timedelta(hours=1)
    rest = run(house, limit=5)[1]
    assert sorted(first + rest) == sorted([GOOD, BAD, OTHER])
    clock.now += AGAIN
    publish(house, a_service("neu", body="[x](https://new.example.org/)"))
    assert run(house, limit=2)[1] == ["https://new.example.org/", *first]


def test_what_failed_is_looked_at_again_the_next_day_until_it_is_certain(house: House, clock: Clock) -> None:
    run(house, BAD)
    clock.now += CERTAIN
    assert run(house, BAD)[1] == [BAD]
    clock.now += CERTAIN
    assert run(house, BAD)[1] == []


def test_a_host_is_asked_once_a_second(house: House) -> None:
    waits: list[float] = []
    asked: list[tuple[str, float]] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        time.sleep(seconds)

    def check(url: str) -> str:
        asked.append((url, time.monotonic()))
        return ""

    check_due(house, check=check, between=0.2, sleep=sleep)
    assert len(waits) == 1
    same = [moment for url, moment in asked if url != OTHER]
    assert same[1] - same[0] >= 0.2


def test_nothing_is_asked_where_the_setting_is_off(tmp_path: Path) -> None:
    house = a_house(tmp_path, a_service("pass", body=f"<{BAD}>"), check_links="false")
    assert run(house) == (Looked(0, 0), [])
    house.close()


def test_while_the_network_is_spoken_to_others_can_write(house: House) -> None:
    """SQLite lets one write at a time: a transaction that stayed open would make this one wait."""

    def check(url: str) -> str:
        publish(house, a_service("inzwischen", title=f"Geschrieben bei {url}"))
        return ""

    assert check_due(house, check=check, between=0) == Looked(3, 0)


# Broken


def test_one_failure_is_none(house: House, clock: Clock) -> None:
    run(house, BAD)
    assert broken(house) == {}
    with house.work(write=True) as directory:
        clock.now += CERTAIN - timedelta(seconds=1)
        directory.links.note(BAD, "404")
    assert broken(house) == {}


def test_what_fails_twice_a_day_apart_is_broken_wherever_it_stands(house: House, clock: Clock) -> None:
    since = clock.now
    run(house, BAD)
    clock.now += CERTAIN
    run(house, BAD, fault="410")
    assert broken(house) == {"ausweis": [Broken(BAD, "410", since)], "pass": [Broken(BAD, "410", since)]}
    publish(house, a_service("pass", body="Nichts mehr."))
    assert list(broken(house)) == ["ausweis"]
    clock.now += AGAIN
    run(house)
    assert broken(house) == {}


@pytest.mark.parametrize("fault", [LinkFault.UNKNOWN_HOST, LinkFault.NO_ANSWER])
def test_a_machine_without_a_way_out_finds_nothing_broken(house: House, clock: Clock, fault: LinkFault) -> None:
    for _day in range(3):
        assert run(house, GOOD, BAD, OTHER, fault=fault)[0] == Looked(3, 3, offline=True)
        clock.now += CERTAIN
    assert broken(house) == {}
    assert not run(house, GOOD, BAD, fault=fault)[0].offline


def test_what_stands_nowhere_any_more_is_forgotten(house: House, clock: Clock) -> None:
    run(house, BAD)
    publish(house, a_service("pass"), a_service("ausweis"))
    clock.now += KEEP + timedelta(seconds=1)
    with house.work(write=True) as directory:
        assert directory.links.forget() == 3
        assert directory.stored_links.all() == {}
