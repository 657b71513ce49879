"""Where video stands in the whole city and in each office on a day, counted from what the index holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from servicedir.domain.history import Published
from servicedir.domain.query import MOST_PER_PAGE, BadValue, Held, Query, Sort
from servicedir.domain.service import ChannelKind, Constraint, Nature, Stage
from servicedir.reports.rollout import Counts, Course, Listed, Named, Spread, Status, growth

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

COMING = (Stage.PLANNED, Stage.UNDER_REVIEW)
AGAINST = (Stage.NOT_PLANNED, Stage.RULED_OUT)


class Rollout:
    """The rollout of video, as outsiders see it."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def day(self, asked: date | None) -> date:
        """Return the day that is asked for, else today.

        Raises BadValue for a day in the future (`future`), and for one before anything is known of video (`before`,
        with the first day, or none where nothing is known at all): nothing can be said of them.
        """
        today = self._directory.today
        if asked is None or asked == today:
            return today
        if asked > today:
            raise BadValue("on", asked.isoformat(), "future", (today.isoformat(),))
        first = min((course[0][0] for _held, course in self._courses if course), default=None)
        if first is None or asked.toordinal() < first:
            known = (date.fromordinal(first).isoformat(),) if first is not None and first <= today.toordinal() else ()
            raise BadValue("on", asked.isoformat(), "before", known)
        return asked

    def on(self, day: date) -> Spread:
        """Return where video stands on a day: a search for each stage, however much there is to count by."""
        catalogue = self._directory.catalogue
        counted: dict[str, dict[str, dict[Stage, int]]] = {
            "office": {slug: {} for slug in catalogue.offices},
            "topic": {slug: {} for slug in catalogue.topics},
            "nature": {nature: {} for nature in Nature},
        }
        everything = self._directory.search(Query(on=day, per_page=1)).facets["video"]
        for stage in Stage:
            facets = self._directory.search(Query(on=day, video=(stage,), per_page=1)).facets
            for name, found in counted.items():
                for value, count in zip(facets[name].values, facets[name].counts, strict=True):
                    found.setdefault(value, {})[stage] = count
        whole = {
            name: {value: _all_stages(counts) for value, counts in found.items()} for name, found in counted.items()
        }
        return Spread(
            on=day,
            video=_all_stages({Stage(value): n for value, n in zip(everything.values, everything.counts, strict=True)}),
            offices=whole["office"],
            topics=whole["topic"],
            natures={nature: whole["nature"][nature] for nature in Nature},
        )

    def status(self, day: date, most: int | None = None) -> Status:
        """Return all that is to be said of a day; of what comes and what does not, at most so many services each."""
        return Status(
            spread=self.on(day),
            growth=growth((course for _held, course in self._courses), day),
            catalogue=self._directory.catalogue,
            today=self._directory.today,
            coming=self._listed(COMING, day, most),
            against=self._listed(AGAINST, day, most),
            limits=self._limits(),
            attested=tuple(_named(held) for held, course in self._courses if _is_attested(held, course, day)),
        )

    @cached_property
    def _courses(self) -> list[tuple[Held, Course]]:
        """Return every service, by its title, with the stages of its video channel."""
        stages = {stage.value: stage for stage in Stage}
        video = ChannelKind.VIDEO.value
        return [
            (held, [(day, stages[stage]) for kind, day, stage in held.steps if kind == video])
            for held in self._directory.titles()
        ]

    def _listed(self, stages: tuple[Stage, ...], day: date, most: int | None) -> Listed:
        query = Query(on=day, video=stages, sort=Sort.TITLE, per_page=min(most or MOST_PER_PAGE, MOST_PER_PAGE))
        page = self._directory.search(query)
        entries = [hit.entry for hit in page.hits]
        if most is None:
            entries += self._others(query, page.pages)
        return Listed(tuple(entries), page.total)

    def _others(self, query: Query, pages: int) -> Iterator[Published]:
        for number in range(2, pages + 1):
            yield from (hit.entry for hit in self._directory.search(replace(query, page=number)).hits)

    def _limits(self) -> dict[Constraint, tuple[Named, ...]]:
        found: dict[Constraint, list[Named]] = {}
        for held, _course in self._courses:
            for constraint in held.limits:
                found.setdefault(constraint, []).append(_named(held))
        return {constraint: tuple(named) for constraint, named in found.items()}


def _all_stages(counts: dict[Stage, int]) -> Counts:
    return {stage: counts.get(stage, 0) for stage in Stage}


def _named(held: Held) -> Named:
    return Named(held.slug, held.title)


def _is_attested(held: Held, course: Course, day: date) -> bool:
    """Return whether a service counts in its stage from a day that is merely the first one of which it is known."""
    begun = max((start for start, _stage in course if start <= day.toordinal()), default=0)
    return begun in held.attested
