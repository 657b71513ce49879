"""Random histories of a catalogue, and what they come to by a model that replays them event by event.

The model knows nothing of revisions, periods or totals: it has lists of what was said when, and loops over them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from builders import Clock, a_figure, a_period, a_service
from clocked import ClockedHouse
from hypothesis import strategies as st

from servicedir.domain.figures import Standing
from servicedir.domain.service import Channel, ChannelKind, Nature, Service, Stage
from servicedir.domain.workflow import SYSTEM, State

START = "2024-01-10T09:00:00+00:00"
AVAILABLE = ("live", "pilot")

Said = tuple[str, str, bool]
"""A stage from a day on: the day, as exact as it is known, the stage, and whether it is only attested."""


# What happens


@dataclass(frozen=True)
class Say:
    """Somebody says where a service stands, and publishes it or leaves it a draft."""

    entry: int
    stages: tuple[Said, ...]
    nature: str
    published: bool


@dataclass(frozen=True)
class Retire:
    """An entry is taken from the catalogue."""

    entry: int


@dataclass(frozen=True)
class Rename:
    """An entry gets another address."""

    entry: int


@dataclass(frozen=True)
class Count:
    """Somebody says a figure: a number, or why there is none."""

    entry: int
    period: str
    said: int | str
    released: bool


Event = Say | Retire | Rename | Count

_entries = st.integers(0, 2)
_days = st.builds(
    lambda day, length: day.isoformat()[:length],
    st.dates(date(2023, 1, 1), date(2025, 12, 31)),
    st.sampled_from((4, 7, 10)),
)
_stages = st.sampled_from([stage.value for stage in Stage if stage is not Stage.UNKNOWN] + [*AVAILABLE] * 3)


def _first(day: str) -> date:
    return date.fromisoformat(day + "-01-01"[len(day) - 4 :] if len(day) == 4 else (day + "-01")[:10])


def _in_order(found: list[tuple[str, str]], attested: bool) -> tuple[Said, ...]:
    order = sorted(found, key=lambda pair: _first(pair[0]))
    # Only where it begins can a history be vague: what comes later ends what was before.
    return tuple((day, stage, attested and place == 0) for place, (day, stage) in enumerate(order))


_histories = st.builds(
    _in_order,
    st.lists(st.tuples(_days, _stages), max_size=3, unique_by=lambda pair: _first(pair[0])),
    st.booleans(),
)
_says = st.builds(
    Say, _entries, _histories, st.sampled_from([n.value for n in Nature]), st.sampled_from((True, True, False))
)
_counts = st.builds(
    Count,
    _entries,
    st.sampled_from(("2023", "2023-02", "2023-11", "2024", "2024-01", "2024-02")),
    st.integers(0, 9) | st.sampled_from(("unknown", "not_counted")),
    st.sampled_from((True, True, True, False)),
)
events = st.lists(
    st.tuples(
        st.integers(1, 2000), st.one_of(_says, _says, _counts, st.builds(Retire, _entries), st.builds(Rename, _entries))
    ),
    min_size=1,
    max_size=10,
)
"""What happens, each so many hours after what was before."""


corrections = st.lists(st.tuples(st.integers(1, 400), _counts), min_size=2, max_size=12)
"""Figures of a few periods, said and said again."""


# In a house


def slug(entry: int, renamed: int = 0) -> str:
    """The address of an entry, which changes with each renaming."""
    return f"eintrag-{entry}" + (f"-{renamed}" if renamed else "")


def value_of(event: Say, renamed: int = 0) -> Service:
    """The service that somebody says."""
    periods = tuple(
        a_period(stage, None, attested=day) if attested else a_period(stage, day)
        for day, stage, attested in event.stages
    )
    return a_service(
        slug(event.entry, renamed),
        title=f"Eintrag {event.entry}",
        nature=Nature(event.nature),
        channels=(Channel(kind=ChannelKind.VIDEO, periods=periods).closed(),),
    )


@dataclass
class Story:
    """A house in which events happen, and a model beside it that remembers them."""

    house: ClockedHouse
    clock: Clock
    moments: list[datetime] = field(default_factory=list)
    public: dict[int, list[tuple[datetime, Say | None]]] = field(default_factory=dict)
    counted: list[tuple[datetime, Count]] = field(default_factory=list)
    renamed: dict[int, int] = field(default_factory=dict)

    def happen(self, hours: int, event: Event) -> None:
        """Let time pass, then something happen, if it can."""
        self.clock.now += timedelta(hours=hours)
        done = getattr(self, f"_{type(event).__name__.lower()}")(event)
        if done:
            self.moments.append(self.clock.now)

    def slug(self, entry: int) -> str:
        """The address that an entry has by now."""
        return slug(entry, self.renamed.get(entry, 0))

    def _say(self, event: Say) -> bool:
        with self.house.work(write=True) as directory:
            based_on = None
            if event.entry in self.public:
                entry, _value = directory.entry(self.slug(event.entry), SYSTEM)
                if entry.state is State.RETIRED:
                    entry = directory.move(entry.slug, "revive", based_on=entry.latest.number, by=SYSTEM)
                based_on = entry.latest.number
            saved = directory.save(value_of(event, self.renamed.get(event.entry, 0)), based_on=based_on, by=SYSTEM)
            self.public.setdefault(event.entry, [])
            if event.published:
                # Two things at one moment are recorded one after the other, which would be a later moment than this.
                self.clock.now += timedelta(minutes=1)
                if saved.state is not State.PUBLISHED:
                    directory.move(saved.slug, "publish", based_on=saved.latest.number, by=SYSTEM)
                self.public[event.entry].append((self.clock.now, event))
        return True

    def _retire(self, event: Retire) -> bool:
        if event.entry not in self.public:
            return False
        with self.house.work(write=True) as directory:
            entry, _value = directory.entry(self.slug(event.entry), SYSTEM)
            if entry.state is State.RETIRED:
                return False
            directory.move(entry.slug, "retire", based_on=entry.latest.number, by=SYSTEM)
        self.public[event.entry].append((self.clock.now, None))
        return True

    def _rename(self, event: Rename) -> bool:
        if event.entry not in self.public:
            return False
        new = self.renamed.get(event.entry, 0) + 1
        with self.house.work(write=True) as directory:
            if directory.entry(self.slug(event.entry), SYSTEM)[0].state is State.RETIRED:
                return False
            directory.rename(self.slug(event.entry), slug(event.entry, new), by=SYSTEM)
        self.renamed[event.entry] = new
        return True

    def _count(self, event: Count) -> bool:
        if event.entry not in self.public or _first(event.period) > self.clock.now.date():
            return False
        figure: dict[str, Any] = {"period": event.period, "service": self.slug(event.entry), "released": event.released}
        if isinstance(event.said, str):
            figure |= {"value": None, "standing": Standing(event.said)}
        else:
            figure["value"] = event.said
        with self.house.work(write=True) as directory:
            directory.figures.put([a_figure(**figure)], by=SYSTEM)
        self.counted.append((self.clock.now, event))
        return True

    # The model

    def known(self, recorded: datetime) -> dict[str, Say]:
        """What everybody could read at a moment, by the address that an entry has now."""
        found = {}
        for entry, history in self.public.items():
            latest = None
            for at, event in history:
                if at <= recorded:
                    latest = event
            if latest is not None:
                found[self.slug(entry)] = latest
        return found

    def figures(self, recorded: datetime) -> dict[tuple[str, str], int | str]:
        """What was released of a service and a period, as known at a moment."""
        latest = {}
        for at, event in self.counted:
            if at <= recorded:
                latest[self.slug(event.entry), event.period] = event
        return {key: event.said for key, event in latest.items() if event.released}


def stage_on(said: Say, on: date) -> tuple[str, str]:
    """Where a service stood on a day, by what was said of it, and the day from which on."""
    found = ("unknown", "")
    for day, stage, _attested in said.stages:
        if _first(day) <= on:
            found = (stage, day)
    return found


def year_of(figures: dict[tuple[str, str], int | str], slug: str, year: str, then: date) -> tuple[int | None, str]:
    """What is known of a year: the number and no word, or None and the code of what is known instead."""
    own = figures.get((slug, year))
    months = [f"{year}-{month:02}" for month in range(1, 13)]
    said = [figures[slug, month] for month in months if (slug, month) in figures]
    if isinstance(own, int):
        return own, ""
    if own is not None and not any(isinstance(one, int) for one in said):
        return None, own
    if not said:
        return None, "unknown"
    numbers = [one for one in said if isinstance(one, int)]
    silent = [month for month in months if (slug, month) not in figures and _first(month) <= then]
    if not numbers:
        return None, "unknown" if silent or "unknown" in said else "not_counted"
    if silent or len(numbers) < len(said):
        return None, f">={sum(numbers)}"
    return sum(numbers), ""


def absent(said: Say, year: str) -> str:
    """Whether a service could not be used in a year because that began later, or had ended."""
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    there = [place for place, (_day, stage, _attested) in enumerate(said.stages) if stage in AVAILABLE]
    if not there:
        return ""
    day, _stage, attested = said.stages[there[0]]
    if not attested and _first(day) > last:
        return "not_begun"
    if there[-1] + 1 < len(said.stages) and _first(said.stages[there[-1] + 1][0]) <= first:
        return "ended"
    return ""


def earliest(known: dict[str, Say]) -> date | None:
    """The first day of which anything is said."""
    return min((_first(day) for said in known.values() for day, _stage, _attested in said.stages), default=None)
