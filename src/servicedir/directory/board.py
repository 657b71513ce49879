"""What waits for whom: every entry that a person cares for, what it lacks, and how the offices do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from servicedir.domain.care import Care, Gist, Standing, Tended, cares_of
from servicedir.domain.catalogue import Office
from servicedir.domain.choice import PER_PAGE, Choice, Found, Order
from servicedir.domain.document import from_document
from servicedir.domain.history import Change, Kind
from servicedir.domain.query import Held
from servicedir.domain.review import SOON
from servicedir.domain.service import Service, Stage
from servicedir.domain.text import sort_key
from servicedir.domain.workflow import Duty, Permission, Person, State

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

COLUMNS = {
    "entries": Choice(),
    "available": Choice(video=tuple(stage for stage in Stage if stage.available)),
    "coming": Choice(video=(Stage.PLANNED, Stage.UNDER_REVIEW)),
    "unknown": Choice(care=Care.UNKNOWN),
    "unassigned": Choice(care=Care.UNASSIGNED),
    "overdue": Choice(care=Care.OVERDUE),
    "contradictory": Choice(care=Care.CONTRADICTORY),
    "broken": Choice(care=Care.BROKEN),
    "hints": Choice(care=Care.HINTS),
}
"""What the board counts: for each column the list whose hits are its number."""

MOST_KEPT = 20_000
"""Published entries of which it is kept what the board wants to know: to open thousands anew takes seconds."""


@lru_cache(MOST_KEPT)
def _read(held: Held, on: date) -> tuple[Gist, datetime, date | None]:
    """Return the gist of what is live, when that was recorded, and when it was last found correct as a whole."""
    published = held.published
    # The title is there already: thousands of them need not be there twice.
    gist = replace(Gist.of(published.service, on), title=held.title)
    return gist, published.updated, published.service.verified


def _as_it_stands(standing: Standing, live: Mapping[str, Held]) -> Held | None:
    """Return what is live of an entry if that is its latest version."""
    held = live.get(standing.slug)
    return held if held and held.revision == standing.latest else None


@dataclass(frozen=True, slots=True)
class Row:
    """How an office with those below it does: for each of COLUMNS the number. Without an office: all together."""

    office: Office | None
    depth: int
    counts: dict[str, int]

    @property
    def known(self) -> int:
        """Return how many entries say something about video."""
        return self.counts["entries"] - self.counts["unknown"]

    def choice(self, column: str) -> Choice:
        """Return the list whose hits are the number in a column."""
        return replace(COLUMNS[column], office=self.office.slug if self.office else "")


@dataclass(slots=True)
class Waiting:
    """What waits for a person: each list in the order in which to work through it; `known` of `total` say something
    about video. `sent` waits for somebody else."""

    returned: list[tuple[Tended, Change]] = field(default_factory=list)
    reviews: list[Tended] = field(default_factory=list)
    due: list[Tended] = field(default_factory=list)
    drafts: list[Tended] = field(default_factory=list)
    sent: list[Tended] = field(default_factory=list)
    planned: list[Tended] = field(default_factory=list)
    known: int = 0
    total: int = 0

    def __bool__(self) -> bool:
        return any((self.returned, self.reviews, self.due, self.drafts, self.sent, self.planned))


class Board:
    """What there is to do, in one unit of work. Whatever it tells is about entries that the person may see."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def entries(self, by: Person) -> list[Tended]:
        """Return every entry that a person may see as its editors do, by slug."""
        directory, on = self._directory, self._directory.today
        if not by.grants:
            return []
        standings = directory.standings.all(Kind.SERVICE)
        live = {held.slug: held for held in directory.titles()}
        gists = dict(self._gists(standings, live, on))
        planned = directory.planning.all()
        broken, hinted = directory.links.broken(), directory.hints.open_by_entry()
        permitted = self._permitted(by)
        found = []
        for standing in standings:
            slug, gist = standing.slug, gists.get(standing.slug)
            may = permitted(standing, gist.office) if gist else frozenset()
            if gist is None or Permission.VIEW not in may:
                continue
            day = directory.reviews.due_day(standing, *_read(live[slug], on)[1:]) if slug in live else None
            cares = cares_of(
                gist,
                is_assigned=bool(standing.responsible),
                is_overdue=day is not None and day < on,
                has_hints=slug in hinted,
                is_planned=slug in planned,
                is_broken=slug in broken,
            )
            found.append(
                Tended(
                    standing=standing,
                    gist=gist,
                    cares=cares,
                    permitted=may,
                    due=day,
                    planned=tuple(planned.get(slug, ())),
                )
            )
        return found

    def find(self, choice: Choice, by: Person, language: str = "de") -> Found:
        """Return the page of a list that was asked for."""
        entries = self.entries(by)
        found = self._chosen(entries, choice, language)
        first = (choice.page - 1) * PER_PAGE
        responsible = {tended.standing.responsible for tended in entries} - {""}
        return Found(found[first : first + PER_PAGE], len(found), choice, tuple(sorted(responsible)))

    def chosen(self, choice: Choice, by: Person, language: str = "de") -> list[Tended]:
        """Return all entries of a list, in its order."""
        return self._chosen(self.entries(by), choice, language)

    def values(self, entries: Sequence[Tended]) -> Iterator[Service]:
        """Yield what the latest versions of entries say, in their order; not of one that went meanwhile."""
        live = {held.slug: held for held in self._directory.titles()}
        others = [tended.slug for tended in entries if not _as_it_stands(tended.standing, live)]
        documents = dict(self._directory.standings.documents(Kind.SERVICE, others))
        for tended in entries:
            if document := documents.get(tended.slug):
                yield from_document(Service, document)
            elif held := live.get(tended.slug):
                yield held.published.service

    def _chosen(self, entries: list[Tended], choice: Choice, language: str) -> list[Tended]:
        lineage = cache(lambda office: frozenset(self._directory.catalogue.lineage(office)))
        found = [t for t in entries if choice.fits(t, lineage(t.office), language)]
        found.sort(key=lambda t: (sort_key(t.title.within(language)), t.slug))
        match choice.sort:
            case Order.CARE:
                found.sort(key=lambda t: -t.urgency)
            case Order.CHANGED:
                found.sort(key=lambda t: t.standing.recorded, reverse=True)
            case Order.DUE:
                found.sort(key=lambda t: t.due or date.max)
        return found

    def offices(self, by: Person) -> list[tuple[Office, int]]:
        """Return the offices that a person has a role in (with Duty.BOARD all), as a tree: each with its depth."""
        directory = self._directory
        everything = Duty.BOARD in directory.duties(by)
        shown = [
            (office, depth)
            for office, depth in self._tree()
            if everything or by.roles(directory.catalogue.lineage(office.slug), directory.today)
        ]
        top = min((depth for _office, depth in shown), default=0)
        return [(office, depth - top) for office, depth in shown]

    def rows(self, by: Person) -> list[Row]:
        """Return how each office does that a person has a role in (with Duty.BOARD all), after all together."""
        lineage = cache(lambda office: tuple(self._directory.catalogue.lineage(office)))
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for tended in self.entries(by):
            above = lineage(tended.office)
            columns = [name for name, choice in COLUMNS.items() if choice.fits(tended, above, "de")]
            for office in ("", *above):
                counted[office].update(columns)
        rows = [Row(None, 0, _counts(counted[""]))]
        return rows + [Row(office, depth, _counts(counted[office.slug])) for office, depth in self.offices(by)]

    def waiting(self, by: Person) -> Waiting:
        """Return what waits for a person: returned drafts, reviews, reminders, drafts, and what is planned."""
        directory = self._directory
        entries = [t for t in self.entries(by) if t.standing.state is not State.RETIRED]
        returned = self._directory.standings.returned(Kind.SERVICE)
        mine = {by.login, *_represented(by, directory.today)}
        horizon = directory.today + SOON

        def asks(tended: Tended) -> bool:
            return by.login in directory.reviews.keepers.asked(tended.office, tended.standing.responsible)

        found = Waiting(total=len(entries), known=sum(Care.UNKNOWN not in t.cares for t in entries))
        for tended in entries:
            standing, may = tended.standing, tended.permitted
            match standing.state:
                case State.PRIVATE if Permission.EDIT in may and tended.slug in returned:
                    found.returned.append((tended, returned[tended.slug]))
                case State.PRIVATE if Permission.EDIT in may:
                    found.drafts.append(tended)
                case State.PENDING if any(step.step == "publish" for step in tended.planned):
                    pass  # It has been approved and only waits for its moment.
                case State.PENDING if may & {Permission.PUBLISH, Permission.REJECT}:
                    found.reviews.append(tended)
                case State.PENDING:
                    found.sent.append(tended)
            if tended.planned:
                found.planned.append(tended)
            if tended.due and tended.due <= horizon and Permission.VERIFY in may and asks(tended):
                found.due.append(tended)

        def own(tended: Tended) -> bool:
            return bool(mine & {*tended.standing.drafters, tended.standing.responsible})

        found.returned.sort(key=lambda pair: (own(pair[0]), pair[1].at), reverse=True)
        for drafts in (found.drafts, found.sent):
            drafts.sort(key=lambda t: (own(t), t.standing.recorded), reverse=True)
        found.reviews.sort(key=lambda t: t.standing.recorded)  # who has waited longest comes first
        found.planned.sort(key=lambda t: t.planned[0].at)
        found.due.sort(key=lambda t: t.due or date.max)
        return found

    def names(self) -> dict[str, str]:
        """Return what everybody with an account is called, by login."""
        people = (account.person for account in self._directory.people.accounts())
        return {person.login: person.name or person.login for person in people}

    def _gists(self, standings: Iterable[Standing], live: Mapping[str, Held], on: date) -> Iterator[tuple[str, Gist]]:
        """Yield slug and latest gist of all entries: from memory what is published as it stands, else as stored."""
        others = []
        for standing in standings:
            if held := _as_it_stands(standing, live):
                yield standing.slug, _read(held, on)[0]
            else:
                others.append(standing.slug)
        for slug, document in self._directory.standings.documents(Kind.SERVICE, others):
            yield slug, Gist.of(from_document(Service, document), on)

    def _permitted(self, by: Person) -> Callable[[Standing, str], frozenset[Permission]]:
        """Return what says what a person may do with an entry of an office; each combination is looked up once."""
        directory = self._directory
        granted = cache(lambda state, office, own: directory.permissions(by, state, office, own=own))
        return lambda standing, office: granted(standing.state, office, by.login in standing.drafters)

    def _tree(self, below: str = "", depth: int = 0) -> Iterator[tuple[Office, int]]:
        """Yield the offices, each before those below it, with their depth."""
        for office in sorted(self._directory.catalogue.children(below), key=lambda o: sort_key(o.name.within("de"))):
            yield office, depth
            yield from self._tree(office.slug, depth + 1)


def _counts(counted: Counter[str]) -> dict[str, int]:
    return {name: counted[name] for name in COLUMNS}


def _represented(by: Person, on: date) -> set[str]:
    """Return the logins of those for whom a person acts on a day."""
    return {grant.deputy_of for grant in by.grants if grant.deputy_of and (not grant.until or on <= grant.until)}
