"""The one door: whatever reads or writes the catalogue goes through a Directory.

A `House` is what one process keeps (database, index, small nouns); a `Directory` is one unit of work on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import structlog
import transaction

from servicedir.domain import workflow
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.document import CLASSES, from_document, to_document
from servicedir.domain.history import Change, Conflict, Entry, Kind, NotFound, Published, Revision
from servicedir.domain.query import Page, Query, parse
from servicedir.domain.service import Fault, Service
from servicedir.domain.workflow import SYSTEM, Permission, Person, State
from servicedir.search import Index, open_index
from servicedir.settings import BadSetting, Settings
from servicedir.storage.database import Database
from servicedir.storage.people import People
from servicedir.storage.revisions import Revisions

log = structlog.get_logger(__name__)

CITY_TIME = ZoneInfo("Europe/Berlin")
_LOOK_FOR_CHANGES = 1.0  # seconds between two looks into the change log for what other processes wrote


class Forbidden(PermissionError):
    """This person may not do this here; `permission` and `office` say what was lacking, for a sentence."""

    def __init__(self, permission: Permission, office: str) -> None:
        super().__init__(f"{permission} in {office}")
        self.permission = permission
        self.office = office


class Refused(ValueError):
    """A value that breaks rules: `faults` says which and where."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did with one entry: `new`, `changed` (which fields), `unchanged` or `refused` (why)."""

    kind: Kind
    slug: str
    result: str
    details: tuple[str, ...] = ()


class House:
    """What one process keeps open: the database, the index, and the small nouns as of a change number.

    Raises settings.BadSetting where there can be no such database or folder.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        try:
            self.database = Database(settings.database)
            self.index: Index = open_index(settings.search, settings.data / "index")
        except OSError as fault:
            raise BadSetting("data", f"is {str(settings.data)!r}, which cannot be written: {fault.strerror}") from fault
        except ValueError as fault:
            raise BadSetting("database_url", "is no address: write sqlite:/// or postgresql://") from fault
        self._lock = Lock()
        self._catalogue = Catalogue({}, {}, {}, {})
        self._known = -1  # The change up to which small nouns are read; -1 before the first look.
        self._looked = 0.0

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the day in the city."""
        return self.now().astimezone(CITY_TIME).date()

    @contextmanager
    def work(self, *, write: bool = False) -> Iterator[Directory]:
        """Give a Directory in a transaction of its own: committed at the end, rolled back by an exception."""
        manager = transaction.TransactionManager(explicit=True)
        with manager:
            yield Directory(self, manager, write=write)

    def catalogue(self) -> Catalogue:
        """Return the small nouns, at most a second behind other processes."""
        if time.monotonic() - self._looked > _LOOK_FOR_CHANGES:
            try:
                self.catch_up()
            except Exception as fault:  # Whatever ails the database: what is in memory can still be read.
                log.warning("cannot catch up with the change log", error=type(fault).__qualname__)
        return self._catalogue

    def catch_up(self) -> None:
        """Bring index and small nouns up to the change log: after a commit, at start, after a crash, every second."""
        with self._lock:
            self._looked = time.monotonic()
            with self.work() as directory:
                revisions = directory.revisions
                last = revisions.last_change()
                if last == self._known and last == self.index.change():
                    return
                held = self.index.change()
                if held > last or (held == 0 and last):
                    self.index.rebuild(directory.all_published(), last)
                elif held < last:
                    self._apply(directory, held, last)
                if self._known < 0 or any(
                    change.kind is not Kind.SERVICE for change in _changes(revisions, max(self._known, 0))
                ):
                    self._catalogue = directory.read_catalogue()
                self._known = last

    def _apply(self, directory: Directory, held: int, last: int) -> None:
        slugs = {c.slug for c in _changes(directory.revisions, held) if c.kind is Kind.SERVICE}
        put, remove = [], []
        for slug in slugs:
            try:
                put.append(_published(directory.revisions.live(Kind.SERVICE, slug)))
            except NotFound:
                remove.append(slug)
        self.index.update(put, remove, last)

    def ready(self) -> str:
        """Return an empty string if the house can serve, else what is missing."""
        if not self.database.ready():
            return "the database does not answer, or its schema is not up to date"
        try:
            self.index.change()
        except Exception:  # Each engine fails in its own way; whichever it is, nothing can be found.
            return "the search index cannot be read"
        return ""

    def close(self) -> None:
        """Let the database go."""
        self.database.dispose()


def _changes(revisions: Revisions, since: int) -> Iterator[Any]:
    while batch := revisions.changes(since, public=True):
        yield from batch
        since = batch[-1].number


def _published(revision: Revision) -> Published:
    return Published(
        service=from_document(Service, revision.document), revision=revision.number, updated=revision.recorded
    )


class Directory:
    """One unit of work on the catalogue, in the transaction of a manager; nothing is opened before it is needed."""

    def __init__(self, house: House, manager: transaction.TransactionManager, *, write: bool = False) -> None:
        self.house = house
        self._manager = manager
        self._write = write

    @cached_property
    def _session(self) -> Any:
        return self.house.database.session(self._manager, write=self._write)

    @cached_property
    def revisions(self) -> Revisions:
        """Return what was recorded; for this door and its tests."""
        return Revisions(self._session, self.house.now)

    @cached_property
    def people(self) -> People:
        """Return accounts, sessions and the audit log."""
        return People(self._session, self.house.now)

    @property
    def catalogue(self) -> Catalogue:
        """Return offices, places, topics and audiences."""
        return self.house.catalogue()

    @property
    def today(self) -> date:
        """Return the day in the city."""
        return self.house.today()

    # What outsiders read

    def query(self, pairs: Iterable[tuple[str, str]]) -> Query:
        """Return the query that parameters say. Raises BadValue."""
        return parse(pairs, self.catalogue, self.house.settings.languages, self.house.index.spoken())

    def search(self, query: Query) -> Page:
        """Return one page of what is published and matches."""
        return self.house.index.find(query, self.catalogue, self.today)

    def service(self, slug: str, recorded: datetime | None = None) -> Published:
        """Return a service as outsiders see it, or saw it at a moment. Raises NotFound, also for drafts."""
        if recorded is not None:
            return _published(self.revisions.live(Kind.SERVICE, slug, recorded))
        self.house.catalogue()
        found = self.house.index.get(slug)
        if found is None:
            raise NotFound(slug)
        return found

    def titles(self) -> list[Published]:
        """Return all published services in the order of their German titles."""
        self.house.catalogue()
        return self.house.index.everything()

    # What people with an account do

    def permissions(self, by: Person, state: State, office: str) -> frozenset[Permission]:
        """Return what a person may do with an entry of an office in a state."""
        return workflow.permissions(by, state, self.catalogue.lineage(office), self.today)

    def _demand(self, by: Person, permission: Permission, state: State, office: str) -> None:
        if permission not in self.permissions(by, state, office):
            raise Forbidden(permission, office)

    def offices_of(self, by: Person) -> list[str]:
        """Return the slugs of the offices for which a person may make new entries."""
        return [o for o in self.catalogue.offices if Permission.EDIT in self.permissions(by, State.PRIVATE, o)]

    def entry(self, slug: str, by: Person) -> tuple[Entry, Service]:
        """Return where an entry stands and its latest value, drafts included.

        Raises NotFound, also where the person may not know of it.
        """
        entry = self.revisions.get(Kind.SERVICE, slug)
        value = from_document(Service, entry.latest.document)
        if Permission.VIEW not in self.permissions(by, entry.state, value.office):
            raise NotFound(slug)
        return entry, value

    def entries(self, by: Person) -> list[tuple[Entry, Service]]:
        """Return all services that a person may edit or review, with their latest values."""
        found = ((e, from_document(Service, e.latest.document)) for e in self.revisions.entries(Kind.SERVICE))
        return [(e, v) for e, v in found if Permission.VIEW in self.permissions(by, e.state, v.office)]

    def history(self, slug: str, by: Person) -> list[Revision]:
        """Return the revisions of an entry, newest last. Raises NotFound."""
        self.entry(slug, by)
        return self.revisions.history(Kind.SERVICE, slug)

    def log(self, slug: str, by: Person) -> list[Change]:
        """Return what was done with an entry, by whom and why, oldest first. Raises NotFound."""
        self.entry(slug, by)
        return self.revisions.log(Kind.SERVICE, slug)

    def save(self, value: Service, *, based_on: int | None, by: Person, why: str = "") -> Entry:
        """Append a revision (`based_on` None: a new entry) as a draft, which nobody outside sees.

        Raises Refused, Forbidden, NotFound, SlugTaken, and Conflict if somebody else saved first.
        """
        if faults := [*value.faults(), *self._loose_ends(value)]:
            raise Refused(faults)
        if based_on is None:
            self._demand(by, Permission.EDIT, State.PRIVATE, value.office)
            if again := self._added_by(by, value):
                return again
        else:
            entry, before = self.entry(value.slug, by)
            self._demand(by, Permission.EDIT, entry.state, before.office)
            if value.office != before.office:
                self._demand(by, Permission.EDIT, entry.state, value.office)
            is_retry = entry.latest.author == by.login  # of a save whose answer got lost
            if value == before and (entry.latest.number == based_on or is_retry):
                return entry
        saved = self.revisions.append(
            Kind.SERVICE, value.slug, to_document(value), based_on=based_on, author=by.login, reason=why
        )
        self.people.audit(by.login, "save", f"service/{value.slug}", {"revision": saved.latest.number})
        self._catch_up_after_commit()
        return saved

    def _added_by(self, by: Person, value: Service) -> Entry | None:
        """Return the entry that this person has made with just this value: of an addition whose answer got lost."""
        try:
            entry, there = self.entry(value.slug, by)
        except NotFound:
            return None
        return entry if there == value and entry.latest.number == 1 and entry.latest.author == by.login else None

    def move(self, slug: str, step: str, *, based_on: int, by: Person, why: str = "") -> Entry:
        """Take an entry one step of the workflow further. Raises NotFound, Forbidden, Conflict, ValueError."""
        entry, value = self.entry(slug, by)
        if entry.latest.number != based_on:
            raise Conflict(entry)
        self._demand(by, workflow.TRANSITIONS[step].permission, entry.state, value.office)
        moved = self.revisions.move(Kind.SERVICE, slug, step, based_on=based_on, author=by.login, reason=why)
        self.people.audit(by.login, step, f"service/{slug}", {"revision": based_on})
        self._catch_up_after_commit()
        return moved

    def _loose_ends(self, value: Service) -> Iterator[Fault]:
        """Yield references that lead nowhere."""
        known = {
            "offices": self.catalogue.offices,
            "places": self.catalogue.places,
            "topics": self.catalogue.topics,
            "audiences": self.catalogue.audiences,
        }
        for name, slugs in known.items():
            for slug in getattr(value, name):
                if slug not in slugs:
                    yield Fault("unknown_reference", (name, slug))
        for slug in value.related:
            if self.house.index.get(slug) is None and not self._exists(slug):
                yield Fault("unknown_related", ("related", slug))

    def _exists(self, slug: str) -> bool:
        try:
            self.revisions.get(Kind.SERVICE, slug)
        except NotFound:
            return False
        return True

    def _catch_up_after_commit(self) -> None:
        def catch_up(committed: bool) -> None:
            if committed:
                self.house.catch_up()

        self._manager.get().addAfterCommitHook(catch_up)

    # What commands do

    def adopt(self, values: Iterable[tuple[Kind, Any]], *, by: Person = SYSTEM, why: str = "") -> list[Outcome]:
        """Save and publish many entries at once, matched by slug; return what became of each.

        An entry that breaks rules is `refused` and the others are written: whoever wants all or nothing looks at
        the outcomes and rolls back. References are not checked here, since an entry may point at a later one.
        """
        outcomes = []
        for kind, value in values:
            faults = value.faults() if isinstance(value, Service) else []
            if faults:
                outcomes.append(Outcome(kind, value.slug, "refused", tuple(map(str, faults))))
                continue
            outcomes.append(self._adopt_one(kind, value, by, why))
        self._catch_up_after_commit()
        return outcomes

    def _adopt_one(self, kind: Kind, value: Any, by: Person, why: str) -> Outcome:
        document = to_document(value)
        try:
            before: Entry | None = self.revisions.get(kind, value.slug)
        except NotFound:
            before = None
        if before and before.live == before.latest.number and before.latest.document == document:
            return Outcome(kind, value.slug, "unchanged")
        self.revisions.append(
            kind,
            value.slug,
            document,
            based_on=before.latest.number if before else None,
            author=by.login,
            reason=why,
            publish=True,
        )
        if not before:
            return Outcome(kind, value.slug, "new")
        names = sorted({*document, *before.latest.document})
        changed = tuple(n for n in names if document.get(n) != before.latest.document.get(n))
        return Outcome(kind, value.slug, "changed", changed)

    def is_empty(self) -> bool:
        """Return whether nothing was ever saved."""
        return self.revisions.last_change() == 0

    def all_published(self) -> Iterator[Published]:
        """Yield every published service from the database, for the index."""
        for _, revision in self.revisions.all_live(Kind.SERVICE):
            yield _published(revision)

    def read_catalogue(self) -> Catalogue:
        """Return the published small nouns from the database."""

        def read(kind: Kind) -> dict[str, Any]:
            return {slug: from_document(CLASSES[kind], r.document) for slug, r in self.revisions.all_live(kind)}

        return Catalogue(read(Kind.OFFICE), read(Kind.PLACE), read(Kind.TOPIC), read(Kind.AUDIENCE))

    def reindex(self, watch: Callable[[list[Published]], Iterable[Published]] = iter) -> int:
        """Rebuild the index from the database; return the number of its entries. `watch` sees them go by."""
        entries = list(self.all_published())
        self.house.index.rebuild(watch(entries), self.revisions.last_change())
        return len(entries)

    def index_differences(self) -> list[str]:
        """Return a line for each difference between index and database."""
        return self.house.index.difference(self.all_published())
