"""Where video stands on a day: counted from the index as one would count by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders import a_channel, a_period, a_service, an_office
from houses import a_house, publish, save

from servicedir.directory import House
from servicedir.domain.service import ChannelKind, Stage
from servicedir.reports.rollout import Spread

PILOT = a_period("pilot", "2024-05")
ENDED = a_period("live", "2020", until="2024")
RULED_OUT = a_period("ruled_out", "2021")
DAYS = (date(2019, 1, 1), date(2024, 4, 30), date(2024, 5, 1), date(2025, 6, 1), date(2030, 1, 1))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with an office, one below it and one below that, and services of one or several of them."""
    house = a_house(
        tmp_path,
        an_office("meldestelle", parent="buergeramt"),
        an_office("schalter", parent="meldestelle"),
        a_service("eins", channels=(a_channel("video", a_period("planned", "2023", until="2024-04"), PILOT),)),
        a_service("zwei", offices=("schalter",), channels=(a_channel("video", a_period("live", "2020")),)),
        a_service("drei", offices=("meldestelle", "jugendamt"), channels=(a_channel("video", ENDED),)),
        a_service("vier", offices=("jugendamt",), channels=(a_channel("phone", a_period("live", "2020")),)),
        a_service("fuenf", offices=("schalter", "meldestelle"), channels=(a_channel("video", RULED_OUT),)),
    )
    yield house
    house.close()


def spread(house: House, on: date) -> Spread:
    with house.work() as directory:
        return directory.rollout.on(on)


def by_hand(house: House, on: date) -> tuple[Counter[Stage], dict[str, Counter[Stage]]]:
    """The stages of all published services, read from the database one by one."""
    with house.work() as directory:
        services = [published.service for published in directory.all_published()]
        catalogue = directory.catalogue
        city = Counter(service.stage(ChannelKind.VIDEO, on) for service in services)
        offices = {
            slug: Counter(s.stage(ChannelKind.VIDEO, on) for s in services if catalogue.within(slug) & set(s.offices))
            for slug in catalogue.offices
        }
    return city, offices


@pytest.mark.parametrize("on", DAYS)
def test_it_is_what_one_counts_by_hand(house: House, on: date) -> None:
    found = spread(house, on)
    city, offices = by_hand(house, on)
    assert found.video == {stage: city[stage] for stage in Stage}
    assert found.offices == {slug: {stage: counts[stage] for stage in Stage} for slug, counts in offices.items()}
    assert found.total == 5


def test_the_day_moves_all_of_it(house: House) -> None:
    assert spread(house, date(2024, 4, 30)).video[Stage.PLANNED] == 1
    assert spread(house, date(2024, 5, 1)).video[Stage.PILOT] == 1
    assert spread(house, date(2024, 5, 1)).offices["buergeramt"][Stage.PILOT] == 1
    assert spread(house, date(2024, 5, 1)).offices["schalter"][Stage.PILOT] == 0


def test_what_is_not_published_is_not_counted(house: House) -> None:
    before = spread(house, DAYS[3])
    save(house, a_service("geheim"))
    save(house, a_service("zwei", offices=("schalter",), channels=()), based_on=1)
    assert spread(house, DAYS[3]) == before
    publish(house, a_service("sechs", channels=()))
    assert spread(house, DAYS[3]).video[Stage.UNKNOWN] == before.video[Stage.UNKNOWN] + 1


def test_an_office_without_services_has_a_row_of_zeros(house: House) -> None:
    publish(house, an_office("leer"))
    assert set(spread(house, DAYS[2]).offices["leer"].values()) == {0}
