"""Figures of services: who may say them, what the public sees of them, and what was said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from servicedir.directory.outcomes import Forbidden, Refused
from servicedir.domain.figures import CountingPeriod, Figure, Key, Measure, read, shown
from servicedir.domain.history import Entry, Kind, Moved, NotFound
from servicedir.domain.query import BadValue
from servicedir.domain.service import ChannelKind, Fault
from servicedir.domain.workflow import Permission, Person, State
from servicedir.storage.figures import Said, Wanted

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

MOST_AT_ONCE = 5000
"""Figures that are put at once: every month of a year for some hundred services."""


class Result(StrEnum):
    """What became of a figure that was put."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What became of figures, in their order; `last` is the number of the last row about their services."""

    results: Sequence[tuple[Figure, Result]]
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What would become of a figure, said as it would be kept; what held `before`. With faults it is refused."""

    figure: Figure
    before: Figure | None = None
    result: Result | None = None
    faults: Sequence[Fault] = ()


class Stale(Exception):
    """Something was said of these services that who writes has not seen: `last` is the number of the last row."""

    def __init__(self, last: int) -> None:
        super().__init__(f"the last figure is {last}")
        self.last = last


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Some figures in a fixed order, and whether more follow."""

    figures: Sequence[Figure]
    more: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A figure to be put, or what is wrong with what should have been one."""

    figure: Figure | None
    faults: Sequence[Fault] = ()
    # Whether it is released stays as it was before, since the row says nothing of it.
    inherits: bool = False


class Figures:
    """The figures of one unit of work.

    They belong to a service whatever its state: figures of a service that is retired by now can still be corrected.
    May say and see them who may write entries of its office, which also holds for a program with a token for figures.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    # What outsiders read

    def public(
        self,
        services: Iterable[str] = (),
        channels: Sequence[ChannelKind] = (),
        years: Sequence[CountingPeriod] = (),
        *,
        page: int = 1,
        per_page: int = 100,
    ) -> Listed:
        """Return what is released of published services, small numbers suppressed as `smallest_figure` says.

        Without services, channels or years those of all. Raises BadValue for a service that is not published.
        """
        directory = self._directory
        published = [self._published(slug) for slug in services]
        numbers = [directory.revisions.entry_id(Kind.SERVICE, slug) for slug in published]
        wanted = Wanted(entries=numbers, channels=channels, years=years)
        start = (page - 1) * per_page
        found = directory.stored_figures.public(wanted, offset=start, limit=per_page + 1)
        listed = [figure for _entry, figure in found[:per_page]]
        return Listed(figures=self._shown(listed, {entry for entry, _figure in found}), more=len(found) > per_page)

    def _published(self, slug: str) -> str:
        try:
            return self._directory.service(slug).service.slug
        except Moved as moved:
            return self._published(moved.slug)
        except NotFound:
            raise BadValue("service", slug, "unknown") from None

    def _shown(self, listed: list[Figure], numbers: set[int]) -> list[Figure]:
        """Return figures as the public may see them, which takes all that is public of their services."""
        if not listed:
            return []
        smallest = self._directory.house.settings.smallest_figure
        years = sorted({figure.period.year for figure in listed})
        said = self._directory.stored_figures.current(Wanted(entries=sorted(numbers), years=years))
        seen = {figure.key: figure for figure in shown((s.figure for s in said if s.figure.released), smallest)}
        return [seen[figure.key] for figure in listed]

    # What people of the office and programs with a token do

    def all(
        self,
        services: Sequence[str],
        channels: Sequence[ChannelKind] = (),
        years: Sequence[CountingPeriod] = (),
        *,
        by: Person,
        recorded: datetime | None = None,
    ) -> tuple[list[Said], int]:
        """Return what holds of services, or held at a moment, released or not; and the number of their last row.

        That number is what a write is based on. Raises NotFound, and Forbidden.
        """
        entries = self._entries(services)
        numbers = []
        for slug in services:
            entry = entries.get(slug)
            if entry is None or self._is_hidden(entry, by):
                raise NotFound(slug)
            self._demand(entry, by)
            numbers.append(self._directory.revisions.entry_id(Kind.SERVICE, entry.slug))
        stored, wanted = self._directory.stored_figures, Wanted(entries=numbers, channels=channels, years=years)
        return list(stored.current(wanted, recorded=recorded)) if numbers else [], stored.last(
            numbers
        ) if numbers else 0

    def history(
        self, service: str, channel: ChannelKind, measure: Measure, period: CountingPeriod, *, by: Person
    ) -> list[Said]:
        """Return everything that was ever said of one figure, oldest first. Raises NotFound, and Forbidden."""
        self.all([service], by=by)
        number = self._directory.revisions.entry_id(Kind.SERVICE, self._entries([service])[service].slug)
        return self._directory.stored_figures.history(number, channel, measure, period)

    def histories(
        self, service: str, channel: ChannelKind, measure: Measure, year: CountingPeriod, *, by: Person
    ) -> list[Said]:
        """Return everything that was ever said of a year and of its months, oldest first. As `history` raises."""
        self.all([service], by=by)
        number = self._directory.revisions.entry_id(Kind.SERVICE, self._entries([service])[service].slug)
        stored = self._directory.stored_figures
        said = [s for period in (year, *year.months()) for s in stored.history(number, channel, measure, period)]
        return sorted(said, key=lambda one: one.number)

    def outlook(self, said: Sequence[tuple[Figure, bool]], by: Person) -> list[Outlook]:
        """Return what would become of figures, in their order; True beside one: it stays as visible as it was."""
        entries = self._entries(figure.service for figure, _inherits in said)
        known = {slug: entry for slug, entry in entries.items() if not self._is_hidden(entry, by)}
        known |= {entry.slug: entry for entry in known.values()}
        rows = [_renamed(_Row(figure, inherits=inherits), known) for figure, inherits in said]
        faults: dict[int, list[Fault]] = {}
        for fault in self._faults(rows, known):
            faults.setdefault(int(fault.where[0]), []).append(Fault(fault.what, fault.where[1:]))
        forbidden = {slug for slug, entry in known.items() if not self._may(entry, by)}
        mine = {entry.slug for entry in known.values()} - forbidden
        before = self._before([row.figure for row in rows if row.figure and row.figure.service in mine])
        found = []
        for place, row in enumerate(rows):
            figure = cast("Figure", row.figure)
            wrong = faults.get(place, [])
            if figure.service in forbidden:
                wrong = [*wrong, Fault("forbidden_service", ("service",))]
            figure, result = _result(figure, before.get(figure.key), row.inherits)
            found.append(
                Outlook(figure=figure, before=before.get(figure.key), result=None if wrong else result, faults=wrong)
            )
        return found

    def put_all(self, figures: Iterable[Figure], *, by: Person) -> Put:
        """Do what `put` does, however many they are: those of a sheet, which somebody has looked through."""
        return self._put([_Row(figure) for figure in figures], by, None, most=None)

    def put(self, figures: Iterable[Figure], *, by: Person, based_on: int | None = None) -> Put:
        """Say these figures, all of them or none; those that say what holds already are left as they are.

        `based_on` is the number of the last row about their services that who writes has seen; None: they know best.
        Raises Forbidden, Refused (the first part of each `where` is the figure's place), and Stale.
        """
        return self._put([_Row(figure) for figure in figures], by, based_on)

    def take(self, rows: Sequence[Any], *, by: Person, based_on: int | None = None) -> Put:
        """Do the same with rows of plain values, as programs send them (`domain.figures.read`).

        Where a row does not say whether it is released, it stays as it was; a new one is not.
        """
        found = []
        for row in rows[: MOST_AT_ONCE + 1]:
            figure, faults = read(row)
            found.append(_Row(figure, faults, inherits=isinstance(row, Mapping) and row.get("released") is None))
        return self._put(found, by, based_on)

    def _put(self, rows: Sequence[_Row], by: Person, based_on: int | None, most: int | None = MOST_AT_ONCE) -> Put:
        if most is not None and len(rows) > most:
            raise Refused([Fault("too_many", ())])
        entries = self._entries(row.figure.service for row in rows if row.figure)
        known = {slug: entry for slug, entry in entries.items() if not self._is_hidden(entry, by)}
        for entry in known.values():
            self._demand(entry, by)
        known |= {entry.slug: entry for entry in known.values()}
        rows = [_renamed(row, known) for row in rows]
        if faults := list(self._faults(rows, known)):
            raise Refused(faults)
        return self._write([(row.figure, row.inherits) for row in rows if row.figure], by, based_on)

    def _write(self, given: Sequence[tuple[Figure, bool]], by: Person, based_on: int | None) -> Put:
        directory, stored = self._directory, self._directory.stored_figures
        numbers = self._numbers({figure.service for figure, _inherits in given})
        if numbers:
            stored.begin()
        before = self._before([figure for figure, _inherits in given])
        results = [_result(figure, before.get(figure.key), inherits) for figure, inherits in given]
        last = stored.last(sorted(numbers.values())) if numbers else 0
        fresh = [figure for figure, result in results if result is not Result.SAME]
        if not fresh:
            return Put(results=results, last=last)
        if based_on is not None and last > based_on:
            raise Stale(last)
        last = stored.add([(numbers[figure.service], figure) for figure in fresh], by.login)
        counts = Counter(result.value for _figure, result in results)
        touched = sorted({figure.service for figure in fresh})
        what = f"service/{touched[0]}" if len(touched) == 1 else "figures"
        directory.people.audit(by.login, "figures", what, {**counts, "services": touched, "last": last})
        directory.catch_up_after_commit()
        return Put(results=results, last=last)

    def _before(self, figures: Sequence[Figure]) -> dict[Key, Figure]:
        """Return what holds of the services and years of these figures."""
        numbers = self._numbers({figure.service for figure in figures})
        if not numbers:
            return {}
        years = sorted({figure.period.year for figure in figures})
        wanted = Wanted(entries=sorted(numbers.values()), years=years)
        return {said.figure.key: said.figure for said in self._directory.stored_figures.current(wanted)}

    def _numbers(self, slugs: Iterable[str]) -> dict[str, int]:
        return {slug: self._directory.revisions.entry_id(Kind.SERVICE, slug) for slug in slugs}

    # Rules

    def _faults(self, rows: Iterable[_Row], known: Mapping[str, Entry]) -> Iterable[Fault]:
        """Yield what is wrong with rows, each with its place."""
        seen: set[Key] = set()
        for place, row in enumerate(rows):
            faults = list(row.faults)
            if row.figure:
                faults += row.figure.faults(self._directory.today)
                if row.figure.service not in known:
                    faults.append(Fault("unknown_service", ("service",)))
                if row.figure.key in seen:
                    faults.append(Fault("figure_twice", ("period",)))
                seen.add(row.figure.key)
            for fault in faults:
                yield Fault(fault.what, (place, *fault.where))

    def _entries(self, slugs: Iterable[str]) -> dict[str, Entry]:
        """Return the entries of slugs, former ones as well; those that are nothing are left out."""
        wanted = set(slugs)
        found = {entry.slug: entry for entry in self._directory.revisions.entries(Kind.SERVICE, wanted)}
        if not wanted - found.keys():
            return found
        former = self._directory.revisions.former(Kind.SERVICE)
        now = {slug: former[slug] for slug in wanted - found.keys() if slug in former}
        renamed = {entry.slug: entry for entry in self._directory.revisions.entries(Kind.SERVICE, set(now.values()))}
        return found | {slug: renamed[there] for slug, there in now.items() if there in renamed}

    def _may(self, entry: Entry, by: Person) -> bool:
        return Permission.EDIT in self._directory.permissions(by, State.PRIVATE, _office(entry))

    def _is_hidden(self, entry: Entry, by: Person) -> bool:
        """Return whether this person may not know of an entry: then it is as unknown as one that is not there."""
        return entry.live is None and not self._may(entry, by)

    def _demand(self, entry: Entry, by: Person) -> None:
        if not self._may(entry, by):
            raise Forbidden(Permission.EDIT, _office(entry))


def _office(entry: Entry) -> str:
    return str(entry.latest.document["offices"][0])


def _renamed(row: _Row, known: Mapping[str, Entry]) -> _Row:
    if row.figure is None or row.figure.service not in known:
        return row
    return replace(row, figure=replace(row.figure, service=known[row.figure.service].slug))


def _result(figure: Figure, before: Figure | None, inherits: bool) -> tuple[Figure, Result]:
    if inherits:
        figure = replace(figure, released=before.released if before else False)
    if before is None:
        return figure, Result.NEW
    return figure, Result.SAME if figure == before else Result.CHANGED
