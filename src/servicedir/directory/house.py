"""What one process keeps open: the database, the index, and the small nouns as of a change number."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock

import structlog
import transaction

from servicedir.directory.counting import SearchCounter
from servicedir.directory.door import Directory
from servicedir.directory.embeds import EmbedCounter
from servicedir.directory.moments import Moments
from servicedir.directory.open_data import OpenData
from servicedir.directory.released import Released
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Change, ChangeKind, Kind, NotFound
from servicedir.domain.moment import CITY_TIME
from servicedir.search import Index, open_index
from servicedir.settings import BadSetting, Settings
from servicedir.storage.database import Database
from servicedir.storage.revisions import Revisions

log = structlog.get_logger(__name__)

_PATIENCE = 0.5  # seconds for which a thread waits for another one's look
_REST = 1.0  # seconds after a look that failed in which nobody waits for one
_LOOK_FOR_CHANGES = 0.5  # seconds between two looks into the change log for what other processes wrote


class House:
    """What one process keeps open: the database, the index, and the small nouns as of a change number.

    Raises settings.BadSetting where there can be no such database or folder. The index is opened when it is first
    asked for: much of what runs beside the server never searches.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.zone = CITY_TIME
        try:
            self.database = Database(settings.database)
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise self._unwritable(fault) from fault
        except ValueError as fault:
            raise BadSetting("database_url", "is no address: write sqlite:/// or postgresql://") from fault
        self._index: Index | None = None
        self._opening = Lock()
        self._lock = Lock()
        self._catalogue = Catalogue({}, {}, {}, {})
        self._known = -1  # The change up to which small nouns are read; -1 before the first look.
        self._counted = 0  # The last figure, of those about services.
        self._public = 0  # How often what outsiders see has changed since this process began.
        self._looked = 0.0
        self._ailing = 0.0  # Until when nobody waits for a look, since the last one failed.
        self.searches = SearchCounter(self)
        self.embeds = EmbedCounter(self)
        self.moments = Moments(self)
        self.open_data = OpenData(self)
        self.released = Released(self)

    @property
    def _folder(self) -> Path:
        return self.settings.data / "index"

    def _unwritable(self, fault: OSError) -> BadSetting:
        return BadSetting("data", f"is {str(self.settings.data)!r}, which cannot be written: {fault.strerror}")

    @property
    def index(self) -> Index:
        """Return the search index. Raises settings.BadSetting where it may not be read or made."""
        if self._index is None:
            with self._opening:
                try:
                    self._index = self._index or open_index(self.settings.search, self._folder)
                except OSError as fault:
                    raise self._unwritable(fault) from fault
        return self._index

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return datetime.now(UTC)

    def local_now(self) -> datetime:
        """Return the moment as clocks in the city show it."""
        return self.now().astimezone(CITY_TIME)

    def today(self) -> date:
        """Return the day in the city."""
        return self.local_now().date()

    def day_of(self, moment: datetime) -> date:
        """Return the day that it is in the city at a moment."""
        return moment.astimezone(CITY_TIME).date()

    @contextmanager
    def work(self, *, write: bool = False) -> Iterator[Directory]:
        """Give a Directory in a transaction of its own: committed at the end, rolled back by an exception."""
        manager = transaction.TransactionManager(explicit=True)
        with manager:
            yield Directory(self, manager, write=write)

    def catalogue(self) -> Catalogue:
        """Return the small nouns, at most a second behind other processes."""
        self._look()
        return self._catalogue

    def edition(self, *, at_once: bool = False) -> tuple[int, date]:
        """Return a mark of all that outsiders see: another one as soon as any of it may have changed.

        What is made after asking for it is at least as new as the mark; `at_once`, as what was committed by then.
        """
        self._look(at_once=at_once)
        return self._public, self.today()

    def _look(self, *, at_once: bool = False) -> None:
        """Look for what other processes wrote, if it is time. One thread looks, and nobody waits but who said so.

        Who waits does so for a moment at most, and not at all while the database ails.
        """
        asked = time.monotonic()
        at_once = at_once and asked > self._ailing
        if not (at_once or asked - self._looked > _LOOK_FOR_CHANGES):
            return
        if not (self._lock.acquire(timeout=_PATIENCE) if at_once else self._lock.acquire(blocking=False)):
            return
        try:
            if self._looked < asked:  # Else somebody has looked while this thread waited.
                self._catch_up()
        except Exception as fault:  # Whatever ails the database: what is in memory can still be read.
            self._ailing = time.monotonic() + _REST
            log.warning("cannot catch up with the change log", error=type(fault).__qualname__)
        finally:
            self._lock.release()

    def catch_up(self) -> None:
        """Bring index and small nouns up to the change log: after a commit, at start, after a crash, every second."""
        with self._lock:
            self._catch_up()

    def _catch_up(self) -> None:
        self._looked = time.monotonic()
        with self.work() as directory:
            revisions = directory.revisions
            last, held = revisions.last_change(), self.index.change()
            counted = directory.stored_figures.last()
            if last == self._known == held and counted == self._counted:
                return
            anew = held > last or (held == 0 and last > 0)
            if anew:
                self.index.rebuild(directory.all_published(), last)
            elif held < last:
                self._apply(directory, held, last)
            first = self._known < 0
            changes = [] if first else list(_changes(revisions, self._known))
            kinds = {change.kind for change in changes}
            # Steps and others point at services, also at those that are called otherwise now.
            if first or kinds - {Kind.SERVICE} or any(change.change is ChangeKind.RENAMED for change in changes):
                self._catalogue = directory.read_catalogue()
            if first or kinds or anew or counted != self._counted:
                self._public += 1  # Last of all: whoever sees the new mark sees what it stands for.
            self._known, self._counted = last, counted

    def _apply(self, directory: Directory, held: int, last: int) -> None:
        slugs = {c.slug for c in _changes(directory.revisions, held) if c.kind is Kind.SERVICE}
        put, remove = [], []
        for slug in slugs:
            try:
                put.append(directory.live(slug))
            except NotFound:
                remove.append(slug)
        self.index.update(put, remove, last)

    def lacking(self) -> str:
        """Return an empty string if the database can be worked with, else what is missing."""
        return "" if self.database.ready() else "the database does not answer, or its schema is not up to date"

    def ready(self) -> str:
        """Return an empty string if the house can serve, else what is missing."""
        if lacking := self.lacking():
            return lacking
        try:
            self.index.change()
        except Exception:  # Each engine fails in its own way; whichever it is, nothing can be found.
            return "the search index cannot be read"
        return ""

    def close(self) -> None:
        """Write down what was counted and what the index holds, and let the database go."""
        self.searches.write()
        self.embeds.write()
        if self._index is not None:
            self._index.close()
        self.database.dispose()


def _changes(revisions: Revisions, since: int) -> Iterator[Change]:
    while batch := revisions.changes(since, public=True):
        yield from batch
        since = batch[-1].number
