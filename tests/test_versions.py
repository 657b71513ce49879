"""The public versions of a service: what everybody could read since when; drafts leave no trace in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from builders import Clock, a_channel, a_service
from clocked import ClockedHouse, a_clocked_house
from houses import save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedir.directory.versions import Version
from servicedir.domain.history import Gone, Kind, Moved, NotFound
from servicedir.domain.service import Service
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM

SLUG = "personalausweis"
NUMBERS = count(1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    house = a_clocked_house(tmp_path, clock)
    yield house
    house.close()


def versions(house: ClockedHouse, slug: str = SLUG) -> list[Version]:
    with house.work() as directory:
        return directory.versions.of(slug)


def publish(house: ClockedHouse, value: Service, based_on: int | None = None) -> datetime:
    """Publishes what was saved an hour before; returns the moment."""
    entry = save(house, value, based_on=based_on)
    at = pass_time(house)
    with house.work(write=True) as directory:
        directory.move(value.slug, "publish", based_on=entry.latest.number, by=SYSTEM)
    return at


def pass_time(house: ClockedHouse) -> datetime:
    house.clock.now += timedelta(hours=1)
    return house.clock.now


def test_the_first_version_begins_when_it_is_published_and_is_still_there(house: ClockedHouse) -> None:
    at = publish(house, a_service())
    assert versions(house) == [Version(number=1, at=at, until=None)]


def test_each_version_says_what_changed_and_ends_where_the_next_begins(house: ClockedHouse) -> None:
    began = publish(house, a_service())
    at = publish(house, a_service(summary="Neu gesagt.", channels=(a_channel(), a_channel("phone"))), based_on=1)
    assert versions(house) == [
        Version(number=1, at=began, until=at),
        Version(number=2, at=at, until=None, changed=("summary", "channels")),
    ]


def test_drafts_are_counted_nowhere(house: ClockedHouse) -> None:
    save(house, a_service(), "publish")
    before = versions(house)
    for number in range(1, 4):
        pass_time(house)
        save(house, a_service(title=f"Entwurf {number}"), based_on=number)
    assert versions(house) == before
    with house.work(write=True) as directory:
        directory.move(SLUG, "discard", based_on=4, by=SYSTEM)
    assert versions(house) == before
    save(house, a_service(costs="5 Euro"), "publish", based_on=5)
    assert [(version.number, version.changed) for version in versions(house)] == [(1, ()), (2, ("costs",))]


def test_a_new_address_and_a_confirmation_are_no_version(house: ClockedHouse) -> None:
    save(house, a_service(), "publish")
    before = versions(house)
    pass_time(house)
    with house.work(write=True) as directory:
        directory.rename(SLUG, "ausweis", by=SYSTEM)
        directory.reviews.verify("ausweis", by=SYSTEM)
    assert versions(house, "ausweis") == before
    with pytest.raises(Moved):
        versions(house)


def test_there_is_a_gap_where_it_was_retired(house: ClockedHouse) -> None:
    began, ended = publish(house, a_service()), pass_time(house)
    with house.work(write=True) as directory:
        directory.move(SLUG, "retire", based_on=1, by=SYSTEM)
    with pytest.raises(Gone):
        versions(house)
    with house.work(write=True) as directory:
        directory.move(SLUG, "revive", based_on=1, by=SYSTEM)
    again = pass_time(house)
    with house.work(write=True) as directory:
        directory.move(SLUG, "publish", based_on=1, by=SYSTEM)
    assert versions(house) == [
        Version(number=1, at=began, until=ended),
        Version(number=2, at=again, until=None),
    ]


def test_a_draft_has_no_versions_and_is_as_unknown_as_nothing(house: ClockedHouse) -> None:
    save(house, a_service())
    for slug in (SLUG, "nie-gehoert"):
        with pytest.raises(NotFound) as nothing:
            versions(house, slug)
        assert type(nothing.value) is NotFound


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(["draft", "publish", "retire"]), max_size=8))
def test_the_versions_are_what_recorded_shows_at_each_moment(house: ClockedHouse, steps: list[str]) -> None:
    slug = f"dienst-{next(NUMBERS)}"
    save(house, a_service(slug), "publish")
    moments: list[tuple[datetime, Text | None]] = []
    for number, step in enumerate(steps):
        pass_time(house)
        with house.work(write=True) as directory:
            entry = directory.revisions.get(Kind.SERVICE, slug)
            if entry.state == "retired":
                entry = directory.move(slug, "revive", based_on=entry.latest.number, by=SYSTEM)
            if step == "retire":
                directory.move(slug, "retire", based_on=entry.latest.number, by=SYSTEM)
            else:
                value = a_service(slug, summary=f"Fassung {number}")
                entry = directory.save(value, based_on=entry.latest.number, by=SYSTEM)
                if step == "publish":
                    directory.move(slug, "publish", based_on=entry.latest.number, by=SYSTEM)
        with house.work() as directory:
            try:
                shown: Text | None = directory.service(slug, house.clock.now).service.summary
            except NotFound:
                shown = None
        moments.append((house.clock.now, shown))
    try:
        found = versions(house, slug)
    except Gone:
        assert moments[-1][1] is None
        return
    for at, shown in moments:
        holding = [v for v in found if v.at <= at and (v.until is None or at < v.until)]
        assert bool(holding) == (shown is not None)
        assert len(holding) <= 1
