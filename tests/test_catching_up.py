"""The index keeps up with the database: after a commit, a crash, a restart, and whatever befalls its files."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from builders import a_channel, a_period, a_service, an_office
from houses import a_house, publish, rows, save, settings_in
from test_directory import seen, title_seen
from whoosh import index
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema

from servicedir.directory import House
from servicedir.domain.document import to_document
from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind, Service, Stage
from servicedir.domain.text import Text
from servicedir.domain.workflow import (
    SYSTEM,
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with two offices, and the citizens' counter below one of them."""
    house = a_house(tmp_path, an_office("meldestelle", parent="buergeramt"))
    yield house
    house.close()


# The index keeps up


def commit_and_crash(house: House, value: Service, **options: Any) -> None:
    """Commit as a process does that ends before it reaches the index."""
    with house.work(write=True) as directory:
        directory.revisions.append(
            Kind.SERVICE, value.slug, to_document(value), author="anna", reason="", publish=True, **options
        )


def test_what_a_crash_kept_from_the_index_is_caught_up(house: House) -> None:
    publish(house, a_service("alt", title="Personalausweis alt"))
    commit_and_crash(house, a_service(), based_on=None)
    commit_and_crash(house, a_service("alt", title="Anders"), based_on=1)
    with house.work() as directory:
        assert house.index.change() == directory.revisions.last_change() - 2
    assert house.index.get("personalausweis") is None
    house.catch_up()
    assert seen(house) == ["personalausweis"]
    assert seen(house, "anders") == ["alt"]
    with house.work() as directory:
        assert directory.index_differences() == []
        assert house.index.change() == directory.revisions.last_change()


def test_a_crash_before_retiring_reached_the_index_is_caught_up(house: House) -> None:
    publish(house, a_service())
    with house.work(write=True) as directory:
        directory.revisions.move(Kind.SERVICE, "personalausweis", "retire", based_on=1, author="anna", reason="")
    house.catch_up()
    assert seen(house) == []


def test_after_a_restart_the_index_has_caught_up_by_itself(house: House, tmp_path: Path) -> None:
    commit_and_crash(house, a_service(), based_on=None)
    again = House(settings_in(tmp_path))
    assert seen(again) == ["personalausweis"]
    again.close()


def test_drafts_do_not_hold_the_index_up(house: House) -> None:
    save(house, a_service())
    with house.work() as directory:
        assert house.index.change() == directory.revisions.last_change()
    assert house.index.get("personalausweis") is None


def test_another_process_sees_what_was_published_within_about_a_second(house: House, tmp_path: Path) -> None:
    other = House(settings_in(tmp_path))
    assert seen(other) == []
    publish(house, a_service(), an_office("neu"))
    until = time.monotonic() + 3
    while (not seen(other) or "neu" not in other.catalogue().offices) and time.monotonic() < until:
        time.sleep(0.05)
    assert seen(other) == ["personalausweis"]
    assert "neu" in other.catalogue().offices
    other.close()


def index_folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def restart(house: House, tmp_path: Path, do: Callable[[Path], None]) -> House:
    """Close a house, do something to its index, and open it again."""
    house.close()
    do(index_folder(tmp_path))
    again = House(settings_in(tmp_path))
    again.catch_up()
    return again


def scribble(folder: Path, pattern: str) -> None:
    for file in folder.glob(pattern):
        file.write_bytes(b"nothing that Whoosh has ever written")


def remove(folder: Path, pattern: str) -> None:
    for file in folder.glob(pattern):
        file.unlink()


def make_other(folder: Path) -> None:
    """An index of something else."""
    shutil.rmtree(folder)
    folder.mkdir()
    writer = index.create_in(folder, Schema(path=ID(stored=True), content=TEXT)).writer()
    writer.add_document(path="/a", content="something else")
    writer.commit()


def make_older(folder: Path) -> None:
    """An index as a version wrote it that knew fewer fields."""
    fields = {"change": NUMERIC(int, 64, stored=True), "stored": STORED, "title": TEXT(phrase=False)}
    shutil.rmtree(folder)
    folder.mkdir()
    writer = index.create_in(folder, Schema(key=ID(stored=True, unique=True), **fields)).writer()
    writer.add_document(key="__state__", change=1)
    writer.commit()


# Whoosh leaves files open when it fails to read them.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize(
    "damage",
    [
        shutil.rmtree,
        lambda folder: scribble(folder, "*.toc"),
        lambda folder: scribble(folder, "*.seg"),
        lambda folder: remove(folder, "*.seg"),
        lambda folder: remove(folder, "*.toc"),
        make_other,
        make_older,
    ],
    ids=["lost", "scribbled toc", "scribbled segment", "lost segment", "lost toc", "other", "older"],
)
def test_an_index_that_is_lost_or_broken_is_rebuilt_at_the_start(
    house: House, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    publish(house, a_service())
    again = restart(house, tmp_path, damage)
    assert seen(again) == ["personalausweis"]
    with again.work() as directory:
        assert directory.index_differences() == []
    publish(again, a_service("danach"))
    assert seen(again, "danach") == ["danach"]
    again.close()
    gc.collect()


def test_an_index_that_is_ahead_of_the_database_is_rebuilt(house: House, tmp_path: Path) -> None:
    publish(house, a_service())
    backup = tmp_path / "backup.sqlite"
    house.close()
    shutil.copy(tmp_path / "servicedir.sqlite", backup)
    ahead = House(settings_in(tmp_path))
    publish(ahead, a_service("spaeter"), a_service(title="Anders"))
    assert sorted(seen(ahead, "spaeter")) == ["spaeter"]
    again = restart(ahead, tmp_path, lambda _folder: shutil.copy(backup, tmp_path / "servicedir.sqlite") and None)
    assert seen(again, "spaeter") == []
    assert title_seen(again) == "Personalausweis"
    with again.work() as directory:
        assert directory.index_differences() == []
        assert again.index.change() == directory.revisions.last_change()
    again.close()


def test_reindexing_mends_what_differs(house: House) -> None:
    publish(house, a_service(), a_service("b"))
    with house.work() as directory:
        last = directory.revisions.last_change()
    house.index.update([], ["personalausweis"], last)
    with house.work() as directory:
        assert directory.index_differences() == ["personalausweis: missing in the index"]
        assert directory.reindex() == 2
        assert directory.index_differences() == []
    assert house.index.change() == last


# Whether it can serve


def test_a_house_is_ready_once_its_schema_is_there(tmp_path: Path) -> None:
    house = House(settings_in(tmp_path))
    assert "schema" in house.ready()
    house.database.migrate(house.settings.migrations)
    assert house.ready() == ""
    house.close()


def test_what_is_in_memory_can_be_read_while_the_database_is_gone(house: House, tmp_path: Path) -> None:
    publish(house, a_service())
    assert seen(house) == ["personalausweis"]
    house.close()
    for file in tmp_path.glob("servicedir.sqlite*"):
        file.rename(tmp_path / f"away-{file.name}")
    time.sleep(1.1)
    assert seen(house) == ["personalausweis"]
    assert house.ready() != ""


def test_an_empty_house_is_empty_until_something_is_saved(tmp_path: Path) -> None:
    house = House(settings_in(tmp_path))
    house.database.migrate(house.settings.migrations)
    with house.work() as directory:
        assert directory.is_empty()
    publish(house, an_office("x"))
    with house.work() as directory:
        assert not directory.is_empty()
    house.close()


def test_texts_and_stages_come_back_as_they_were_saved(house: House) -> None:
    value = replace(
        a_service(),
        title=Text.of(de="Grüße 🏛️ </b> \u202eRTL", en="Greetings"),
        channels=(a_channel(ChannelKind.VIDEO, a_period(Stage.PILOT, "2024-05", slots_per_week=25)),),
    )
    save(house, value, "publish")
    with house.work() as directory:
        assert directory.service("personalausweis").service == value
        assert directory.entry("personalausweis", SYSTEM)[1] == value
        assert directory.service("personalausweis").updated.tzinfo is UTC
    assert rows(house, "revisions") == rows(house, "entries")


# The database ails


def test_nobody_queues_for_a_database_that_does_not_answer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(house, a_service())

    def sick() -> None:
        house._looked = time.monotonic()
        time.sleep(0.6)
        raise OSError

    monkeypatch.setattr(house, "_catch_up", sick)
    begun = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        marks = list(pool.map(lambda _number: house.edition(at_once=True), range(6)))
    assert len(set(marks)) == 1
    # One waited for the database, the others for that one: not each for all those before.
    assert time.monotonic() - begun < 2
    # And while it ails nobody waits who is not the one that looks again.
    house._looked = time.monotonic()
    begun = time.monotonic()
    house.edition(at_once=True)
    assert time.monotonic() - begun < 0.3


def test_who_waited_for_another_ones_look_needs_none(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, look = [], house._catch_up

    def slow() -> None:
        looks.append(1)
        time.sleep(0.2)
        look()

    monkeypatch.setattr(house, "_catch_up", slow)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: house.edition(at_once=True), range(4)))
    assert 1 <= len(looks) <= 3
