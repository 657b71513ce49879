"""Released figures are kept in memory for one edition, also while the database does not answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from builders import a_figure, a_service
from houses import a_house, publish, save

from servicedir.directory import House, released
from servicedir.domain.figures import Figure
from servicedir.domain.workflow import SYSTEM


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = a_house(tmp_path, a_service(), a_service("wohnsitz"))
    yield house
    house.close()


def put(house: House, *figures: Figure) -> None:
    with house.work(write=True) as directory:
        directory.figures.put(figures, by=SYSTEM)


def break_down(house: House) -> None:
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE figures RENAME TO gone")


def mend(house: House) -> None:
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO figures")


def seen(house: House, slug: str = "personalausweis") -> Sequence[Figure] | None:
    return house.released.of(slug)


def test_what_is_released_is_seen_at_once_and_what_is_not_any_more_is_gone_at_once(house: House) -> None:
    assert seen(house) == []
    put(house, a_figure(30), a_figure(4, "2024-06", released=False))
    assert seen(house) == [a_figure(30)]
    assert seen(house, "wohnsitz") == []
    put(house, a_figure(30, released=False))
    assert seen(house) == []


def test_only_of_services_that_were_asked_for_figures_are_kept_and_not_without_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(
        house, *(a_figure(30, f"2024-{month:02}", slug) for month in (1, 2) for slug in ("personalausweis", "wohnsitz"))
    )
    assert len(house.released) == 0
    seen(house)
    assert len(house.released) == 2
    seen(house, "wohnsitz")
    assert len(house.released) == 4
    monkeypatch.setattr(released, "MOST_KEPT", 3)
    publish(house, a_service("wohnsitz", title="Anders"))
    seen(house)
    seen(house, "wohnsitz")
    assert len(house.released) == 2


def test_while_the_database_ails_what_was_read_is_kept_and_of_the_rest_nothing_is_known(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(released, "_REST", 0.0)
    put(house, a_figure(30), a_figure(7, service="wohnsitz"))
    assert seen(house) == [a_figure(30)]
    break_down(house)
    assert seen(house) == [a_figure(30)]
    assert seen(house, "wohnsitz") is None
    mend(house)
    assert seen(house, "wohnsitz") == [a_figure(7, service="wohnsitz")]


def test_a_database_that_ails_is_not_asked_again_by_every_reader(house: House) -> None:
    put(house, a_figure(30))
    break_down(house)
    assert seen(house) is None
    mend(house)
    assert seen(house) is None, "this reader did not wait for a database that had just failed"
    house.released._ailing = 0.0
    assert seen(house) == [a_figure(30)]


def test_of_what_is_not_published_nothing_is_known_and_of_others_no_less(house: House) -> None:
    save(house, a_service("geheim"))
    put(house, a_figure(30), a_figure(8, service="geheim"))
    assert seen(house, "geheim") is None
    assert seen(house) == [a_figure(30)]
