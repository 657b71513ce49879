"""A program that follows the changes keeps a copy of the catalogue that, in the end, is the catalogue itself."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_service
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sites import Site

from servicedir.directory import Forbidden, Refused
from servicedir.domain.history import Conflict, NotFound
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM

SLUGS = ("eins", "zwei", "drei", "hundesteuer")
"""Few, so that addresses are left, taken and come back."""
STEPS = ("submit", "withdraw", "reject", "publish", "discard", "retire", "revive")
REFUSED = (Forbidden, Refused, NotFound, Conflict, ValueError)

Act = tuple[str, str, str]
"""What is done, with which entry, and with which other word."""

acts = st.tuples(
    st.sampled_from(["save", "publish", "step", "rename", "verify", "plan", "wait", "mirror", "mirror"]),
    st.sampled_from(SLUGS),
    st.sampled_from((*SLUGS, *STEPS)),
)


class Mirror:
    """A program of somebody else's, which has nothing but the API: it asks one thing at a time."""

    def __init__(self, site: Site, limit: int = 3) -> None:
        self._visitor = site.visitor()
        self._limit = limit
        self._since = ""
        self._told: list[dict[str, str]] = []
        self.entries: dict[str, Any] = {}
        self.kinds = Counter[str]()

    def step(self) -> bool:
        """Ask once; return whether there was anything new to hear."""
        if not self._told:
            body = self._visitor.get("/api/v1/changes", {"since": self._since, "limit": str(self._limit)}).json
            self._told, self._since = body["items"], body["next"]
            return bool(self._told)
        change = self._told.pop(0)
        self.kinds[change["change"]] += 1
        self.entries.pop(change["slug"], None)
        if change["change"] in ("published", "changed"):
            answer = self._visitor.get(f"/api/v1/services/{change['slug']}", status="*")
            # What is gone or elsewhere by now is told of later on.
            assert answer.status_int in (200, 301, 404, 410)
            if answer.status_int == 200:
                self.entries[change["slug"]] = lasting(answer.json)
        return True

    def catch_up(self) -> dict[str, Any]:
        """Ask until there is nothing new, and return the copy."""
        while self.step():
            pass
        return self.entries


def source(site: Site) -> dict[str, Any]:
    """All entries, as the directory lists them and gives them."""
    visitor = site.visitor()
    body = visitor.get("/api/v1/services", {"per_page": "100"}).json
    assert body["links"]["next"] is None
    slugs = [item["slug"] for item in body["items"]]
    with site.house.work() as directory:
        assert sorted(slugs) == sorted(entry.service.slug for entry in directory.all_published())
    return {slug: lasting(visitor.get(f"/api/v1/services/{slug}").json) for slug in slugs}


def lasting(entry: dict[str, Any]) -> dict[str, Any]:
    """What an entry says of itself: which related ones are public is no change of its own (docs/api.md)."""
    return {name: value for name, value in entry.items() if name != "related"}


class City:
    """A directory to which things happen, at a time of its own."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.clock = Clock()
        site.house.now = self.clock  # type: ignore[method-assign]  # the only clock of a house

    def act(self, what: str, slug: str, word: str) -> bool:
        """Do something, or have it refused; return whether it was done."""
        self.clock.now += timedelta(seconds=20)
        try:
            with self.site.house.work(write=True) as directory:
                getattr(self, f"_{what}")(directory, slug, word)
        except REFUSED:
            return False
        return True

    def _save(self, directory: Any, slug: str, word: str) -> None:
        title = Text.of(f"{word} {self.clock.now:%H:%M:%S}")
        try:
            entry, value = directory.entry(slug, SYSTEM)
        except NotFound:
            directory.save(a_service(slug, title=f"Neu {word}"), based_on=None, by=SYSTEM)
        else:
            directory.save(replace(value, slug=entry.slug, title=title), based_on=entry.latest.number, by=SYSTEM)

    def _publish(self, directory: Any, slug: str, word: str) -> None:
        self._save(directory, slug, word)
        self._step(directory, slug, "publish")

    def _step(self, directory: Any, slug: str, word: str) -> None:
        entry, _value = directory.entry(slug, SYSTEM)
        directory.move(slug, word if word in STEPS else "publish", based_on=entry.latest.number, by=SYSTEM)

    def _rename(self, directory: Any, slug: str, word: str) -> None:
        directory.rename(slug, word if word in SLUGS else f"{slug}-neu", by=SYSTEM)

    def _verify(self, directory: Any, slug: str, word: str) -> None:
        directory.reviews.verify(slug, SYSTEM)

    def _plan(self, directory: Any, slug: str, word: str) -> None:
        entry, _value = directory.entry(slug, SYSTEM)
        at, step = self.clock.now + timedelta(minutes=1), "retire" if word == "retire" else "publish"
        directory.planning.plan(slug, step, at, based_on=entry.latest.number, by=SYSTEM)

    def _wait(self, directory: Any, slug: str, word: str) -> None:
        self.clock.now += timedelta(minutes=2)
        for planned in directory.planning.due():
            directory.planning.take(planned)


@contextmanager
def a_copy(town_folder: Path) -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="servicedir-mirror-"))
    shutil.copytree(town_folder, folder / "town")
    site = Site(folder / "town")
    try:
        yield site
    finally:
        site.close()
        shutil.rmtree(folder, ignore_errors=True)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@example([("rename", "hundesteuer", "eins"), ("mirror", "", ""), ("rename", "eins", "hundesteuer")], 1)
@example([("plan", "hundesteuer", "retire"), ("save", "hundesteuer", ""), ("wait", "", "")], 2)
@given(st.lists(acts, max_size=30), st.sampled_from([1, 3, 1000]))
def test_after_any_history_the_copy_is_the_catalogue(town_folder: Path, history: list[Act], limit: int) -> None:
    with a_copy(town_folder) as site:
        city, mirror = City(site), Mirror(site, limit)
        for what, slug, word in history:
            if what == "mirror":
                mirror.step()
            else:
                city.act(what, slug, word)
        assert mirror.catch_up() == source(site)
        # And of one who begins only now, however long it takes for each piece.
        assert Mirror(site, 2).catch_up() == source(site)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_long_history_has_everything_in_it(town: Site, seed: int) -> None:
    """So that the test above can fail: all four kinds of changes are heard, and most of what can be done is done."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    city, mirror, done = City(town), Mirror(town), Counter[str]()
    kinds = ["save", "publish", "publish", "step", "rename", "verify", "plan", "wait"]
    for _number in range(250):
        what = chance.choice(kinds)
        done[what] += city.act(what, chance.choice(SLUGS), chance.choice((*SLUGS, *STEPS)))
        if chance.random() < 0.5:
            mirror.step()
    assert mirror.catch_up() == source(town)
    assert set(done) == {name for name, count in done.items() if count} == set(kinds)
    assert set(mirror.kinds) == {"published", "changed", "retired", "deleted"}


def test_a_copy_that_misses_a_change_is_told_from_the_catalogue(town: Site) -> None:
    """So that the tests above can fail in another way."""
    city, mirror = City(town), Mirror(town)
    assert mirror.catch_up() == source(town)
    assert city.act("publish", "hundesteuer", "anders")
    assert mirror.entries != source(town)
    assert mirror.catch_up() == source(town)
