"""Files with all that is published, for everybody: made at night and when asked for, kept while they are true."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any, BinaryIO

import structlog

from servicedir.domain.history import Kind, NotFound, Published
from servicedir.exchange import dcat, vocabulary
from servicedir.exchange.extract import About, Extract
from servicedir.exchange.linked import turtle
from servicedir.exchange.open_formats import OPEN_FORMATS, REVISION, OpenFormat

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House

log = structlog.get_logger(__name__)

AT_ONCE = 2
"""Files of today that one process makes for readers at once; the others wait for PATIENCE seconds, then come back."""
OTHER_DAYS_AT_ONCE = 1
"""Files of other days, of which there are endlessly many and none is kept: for these nobody waits."""
PATIENCE = 3.0
RETRY = 20
"""Seconds after which somebody who was sent away may come back."""
REST = 20
"""After a run that took a second the next one of the same day waits that many: a twentieth of the time at most."""
FORGOTTEN = timedelta(hours=6)
"""After that time nobody works on an unfinished file any more."""

_KINDS = (Kind.SERVICE, Kind.OFFICE, Kind.PLACE, Kind.TOPIC, Kind.AUDIENCE)
_UNFINISHED = "unfinished-"
Watch = Callable[[Iterable[Published], int], Iterable[Published]]


class Busy(Exception):
    """So many files are being made for readers that this one has to wait."""


@dataclass(frozen=True, slots=True)
class State:
    """What outsiders see now: who says it, the slugs of all services, and the first and the last change of it."""

    about: About
    slugs: frozenset[str]
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is open for reading from its beginning; `mark` tells it from every other one (an ETag)."""

    file: BinaryIO
    size: int
    form: OpenFormat
    name: str
    mark: str
    modified: datetime


class OpenData:
    """The files of a house, in the folder open-data of its data; any thread may ask."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._folder = house.settings.data / "open-data"
        self._making = BoundedSemaphore(AT_ONCE)
        self._making_others = BoundedSemaphore(OTHER_DAYS_AT_ONCE)
        self._lock = Lock()
        self._known: tuple[Any, State] | None = None

    def state(self) -> State:
        """Return what outsiders see now; it is looked up once for each edition of the house."""
        mark = self._house.edition()[0]
        with self._lock:
            if self._known and self._known[0] == mark:
                return self._known[1]
        with self._house.work() as directory:
            found = self._state(directory)
        with self._lock:
            self._known = (mark, found)
        return found

    def about(self, state: str = "") -> About:
        """Return who gives the data away, as the settings say it."""
        settings = self._house.settings
        return About(
            title=settings.title,
            publisher=settings.publisher or settings.title,
            licence=settings.licence,
            contact=settings.contact,
            base=settings.origin,
            state=state,
        )

    def _state(self, directory: Directory) -> State:
        about = self.about()
        directory.editions.hold_still()
        digest = hashlib.sha256(repr((REVISION, about)).encode())
        slugs = []
        for kind, slug, number in directory.editions.live(*_KINDS):
            digest.update(f"\n{kind} {slug} {number}".encode())
            if kind is Kind.SERVICE:
                slugs.append(slug)
        public = frozenset(slugs)
        # What was confirmed of a draft is nobody's business.
        days = {slug: said for slug, said in directory.upkeep.verified(Kind.SERVICE).items() if slug in public}
        for slug in sorted(days):
            digest.update(f"\n{slug} {sorted(days[slug].items())}".encode())
        first, last = directory.editions.first_and_last(*_KINDS) or (None, None)
        return State(self.about(digest.hexdigest()[:32]), public, first, last)

    def write(self, name: str, on: date, path: Path, watch: Watch | None = None, *, editors: bool = False) -> State:
        """Write a format into a file that is not there yet, as of one moment; return what it shows. KeyError for none.

        `watch` sees the entries go by and is told how many there are. For `editors`, see Extract.
        """
        form = OPEN_FORMATS[name]
        with self._house.work() as directory:
            state = self._state(directory)
            entries: Iterable[Published] = directory.all_published()
            extract = Extract(
                about=state.about,
                on=on,
                catalogue=directory.read_catalogue(),
                slugs=state.slugs,
                entries=watch(entries, len(state.slugs)) if watch else entries,
                editors=editors,
            )
            form.store(extract, path)
        return state

    # For readers

    def mark(self, name: str, on: date) -> str:
        """Return what tells the file of a format and a day as it would be made now from every other one."""
        return _mark(self._form(name), on, self.state())

    def open(self, name: str, on: date) -> OpenFile:
        """Return the file of a format for a day: the one that is there, else a new one.

        Raises NotFound where there is no such format, and Busy.
        """
        form = self._form(name)
        if there := self.there(name, on):
            return there
        is_today = on == self._house.today()
        making = self._making if is_today else self._making_others
        if not making.acquire(timeout=PATIENCE if is_today else 0):
            raise Busy(name)
        try:
            if is_today:
                # Somebody else may have made it while we waited.
                return self._there(form, on, self.state()) or self._make(name, on)
            with self._unfinished(form) as path:
                return self._opened(form, on, self.write(name, on, path), path)
        finally:
            making.release()

    def there(self, name: str, on: date) -> OpenFile | None:
        """Return the file of a format for a day if it has been made already, as of today alone. Raises NotFound."""
        form = self._form(name)
        return self._there(form, on, self.state()) if on == self._house.today() else None

    def _form(self, name: str) -> OpenFormat:
        if name not in OPEN_FORMATS:
            raise NotFound(name)
        return OPEN_FORMATS[name]

    def _there(self, form: OpenFormat, on: date, state: State) -> OpenFile | None:
        with suppress(FileNotFoundError):
            return self._opened(form, on, state, self._path(form, on, state))
        return None

    def _opened(self, form: OpenFormat, on: date, state: State, path: Path) -> OpenFile:
        file = path.open("rb")
        name = f"services-{on.isoformat()}{form.extension}"
        size = os.fstat(file.fileno()).st_size
        return OpenFile(file, size, form, name, _mark(form, on, state), self.modified(on, state))

    def modified(self, on: date, state: State) -> datetime:
        """Return when what a file shows last changed: at the last change, or when its day began if that is today."""
        moments = [state.last or datetime.min.replace(tzinfo=UTC)]
        if on == self._house.today():
            begun = self._house.local_now().replace(hour=0, minute=0, second=0, microsecond=0)
            moments.append(begun.astimezone(UTC))
        return max(moments)

    def _path(self, form: OpenFormat, on: date, state: State) -> Path:
        return self._folder / f"{on.isoformat()}-{state.about.state}" / f"services{form.extension}"

    def _make(self, name: str, on: date) -> OpenFile:
        """Make a file of today and leave it where the next one finds it."""
        form = OPEN_FORMATS[name]
        with self._unfinished(form) as unfinished:
            state = self.write(name, on, unfinished)
            path = self._path(form, on, state)
            path.parent.mkdir(exist_ok=True)
            with unfinished.open("rb") as file:
                checksum = hashlib.file_digest(file, "sha256").hexdigest()
            found = self._opened(form, on, state, unfinished)
            # The checksum first: whoever sees the file finds it.
            note = unfinished.with_suffix(".sha256")
            note.write_text(f"{checksum}  {path.name}\n", "ascii")
            note.replace(_beside(path))
            unfinished.replace(path)
        return found

    @contextmanager
    def _unfinished(self, form: OpenFormat) -> Iterator[Path]:
        """Give the path of a file to be made, which is gone afterwards unless it was moved."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{_UNFINISHED}{token_hex(8)}{form.extension}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    # What there is

    def made(self) -> dict[str, dcat.File]:
        """Return size and checksum of those formats of which there is a file of today as things are, by name."""
        state, today = self._state_if_any(), self._house.today()
        if state is None:
            return {}
        found = {}
        for name, form in OPEN_FORMATS.items():
            path = self._path(form, today, state)
            with suppress(OSError):
                checksum = _beside(path).read_text("ascii").partition(" ")[0]
                found[name] = dcat.File(path.stat().st_size, checksum)
        return found

    def described(self, extension: str) -> str:
        """Return the description of the data after DCAT-AP.de, as `ttl` or `jsonld`. Raises NotFound for others."""
        if extension not in dcat.WRITERS:
            raise NotFound(extension)
        state, about = self._state_if_any(), self.about()
        issued = self._house.day_of(state.first) if state and state.first else None
        things = dcat.things(about, self._house.today(), OPEN_FORMATS, self.made(), issued)
        return "".join(dcat.WRITERS[extension](things, about.base))

    def _state_if_any(self) -> State | None:
        try:
            return self.state()
        except Exception as fault:  # Whatever ails the database: what needs nothing of it can still be read.
            log.warning("the state of the open data is not known", error=type(fault).__qualname__)
            return None

    def vocabulary(self) -> str:
        """Return our own vocabulary as Turtle."""
        base = self._house.settings.origin
        return "".join(turtle(vocabulary.things(base), base))

    # At night

    def renew(self) -> int:
        """Make the files of today that are not there, and delete those of other days and states; return how many.

        Only one process does so at a time, and none so often that making them becomes its main work.
        """
        today = self._house.today()
        state = self.state()
        missing = [name for name, form in OPEN_FORMATS.items() if not self._path(form, today, state).exists()]
        self._folder.mkdir(parents=True, exist_ok=True)
        with _alone(self._folder / "lock") as alone:
            if not alone or (missing and self._rests(today)):
                return 0
            begun = time.perf_counter()
            for name in missing:
                self._make(name, today).file.close()
            if missing:
                self._note_run(today, time.perf_counter() - begun)
            self._tidy(f"{today.isoformat()}-{self.state().about.state}")
        return len(missing)

    def _rests(self, today: date) -> bool:
        """Return whether the last run of the same day was too short a time ago, for as long as it took."""
        try:
            last = json.loads((self._folder / "run.json").read_text("utf-8"))
            rests_until = datetime.fromisoformat(last["at"]) + timedelta(seconds=REST * last["seconds"])
            return bool(last["on"] == today.isoformat() and self._house.now() < rests_until)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _note_run(self, today: date, seconds: float) -> None:
        said = {"on": today.isoformat(), "at": self._house.now().isoformat(), "seconds": round(seconds, 3)}
        unfinished = self._folder / f"{_UNFINISHED}{token_hex(8)}.json"
        unfinished.write_text(json.dumps(said), "utf-8")
        unfinished.replace(self._folder / "run.json")

    def _tidy(self, keep: str) -> None:
        """Delete files of other days and states, and what a process left unfinished; who reads one reads on."""
        old = time.time() - FORGOTTEN.total_seconds()
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != keep:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name.startswith(_UNFINISHED):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < old:
                        path.unlink()


def _mark(form: OpenFormat, on: date, state: State) -> str:
    return f"{state.about.state}-{on.isoformat()}{form.extension}"


def _beside(path: Path) -> Path:
    """Return where the checksum of a file stands."""
    return path.with_name(f"{path.name}.sha256")


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Give whether no other process is within this block on the same file."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
