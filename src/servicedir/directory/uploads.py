"""Sheets that people bring along in the browser: kept, looked through, shown as a plan, and taken or forgotten.

What takes long happens in a thread of its own, on transactions of its own, and says how far it is. If the process
ends meanwhile, nothing of the sheet has been written, and the silence tells so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Thread
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Final

import structlog

from servicedir.directory import sheets
from servicedir.directory.outcomes import Forbidden
from servicedir.directory.sheets import SheetOvertaken, SheetRefused
from servicedir.domain.history import NotFound
from servicedir.domain.sheet_plan import Line, Plan, Result, in_sight
from servicedir.domain.workflow import Duty, Permission, Person
from servicedir.exchange.table import Sheet
from servicedir.storage.imports import Import

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House

log = structlog.get_logger(__name__)

AT_ONCE: Final = 300
"""Rows that are looked through while one waits for the page; more take a thread of their own."""
SILENCE: Final = timedelta(minutes=10)
"""Whoever has not been heard of for so long has ended."""
PULSE: Final = 1.0
"""Seconds between two notes of how far one is."""


class Phase(StrEnum):
    """Where a sheet stands."""

    PLANNING = "planning"
    PLANNED = "planned"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


RUNNING: Final = frozenset({Phase.PLANNING, Phase.APPLYING})


class UnknownFormat(ValueError):
    """The name of a file does not end as one of a format that can be read."""


class AlreadyTaken(ValueError):
    """A sheet that is not waiting to be taken: it is being looked through, or was taken before."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A sheet as its page shows it; `is_mine` is whether this person may take it."""

    stored: Import
    now: datetime
    is_mine: bool

    @property
    def phase(self) -> Phase:
        """Return where the sheet stands; who has gone silent has failed."""
        phase = Phase(self.stored.state)
        return Phase.FAILED if phase in RUNNING and self.now - self.stored.touched > SILENCE else phase

    @property
    def running(self) -> bool:
        """Return whether somebody is at work on it."""
        return self.phase in RUNNING


class Uploads:
    """The sheets of people, in one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def bring(self, name: str, data: bytes, by: Person) -> int:
        """Keep the rows of a file and see to it that they are looked through; return the number of the sheet.

        What this transaction has written is committed before: reading takes its time. Raises Forbidden for who may
        make entries nowhere, UnknownFormat, and BadSheet.
        """
        directory = self._directory
        if not directory.offices_of(by):
            raise Forbidden(Permission.EDIT)
        form = sheets.format_of(name, sheets.readable())
        if not form:
            raise UnknownFormat(name)
        directory.let_others_write()
        sheet = sheets.read(form, data)
        number = directory.imports.add(
            name, _document_of(sheet), total=len(sheet.rows), state=Phase.PLANNING, author=by.login
        )
        directory.people.audit(by.login, "upload", f"import/{number}", {"format": form, "rows": len(sheet.rows)})
        if len(sheet.rows) <= AT_ONCE:
            plan = directory.sheets.plan(sheet, by)
            directory.imports.move(number, {Phase.PLANNING}, Phase.PLANNED, outcome=outcome_of(plan))
        else:
            house = directory.house
            directory.after_commit(lambda: _start(house, number, lambda: _look_through(house, number, by)))
        return number

    def get(self, number: int, by: Person) -> Upload:
        """Return a sheet. Raises NotFound, also where the person may not know of it."""
        stored = self._directory.imports.get(number)
        is_mine = stored.author == by.login
        if stored.state not in list(Phase):  # A sheet of figures, which has pages of its own.
            raise NotFound(f"import {number}")
        if not is_mine and Duty.BOARD not in self._directory.duties(by):
            raise NotFound(f"import {number}")
        return Upload(stored, self._directory.house.now(), is_mine)

    def latest(self, by: Person) -> list[Upload]:
        """Return the last sheets that this person brought along."""
        now = self._directory.house.now()
        latest = self._directory.imports.latest(by.login)
        return [Upload(stored, now, is_mine=True) for stored in latest if stored.state in list(Phase)]

    def take(self, number: int, mark: str, *, by: Person, publish: bool = False, why: str = "") -> Phase:
        """Write what the plan with this mark says, at once or in a thread; return where the sheet stands then.

        Raises NotFound, Forbidden for somebody else's sheet, AlreadyTaken, and, where it is written at once, what
        Sheets.apply raises; then the transaction must end without a commit.
        """
        directory = self._directory
        upload = self.get(number, by)
        if not upload.is_mine:
            raise Forbidden(Permission.EDIT)
        small = upload.stored.total <= AT_ONCE
        if not directory.imports.move(number, {Phase.PLANNED}, Phase.APPLIED if small else Phase.APPLYING):
            raise AlreadyTaken(number)
        why = why or upload.stored.name
        if small:
            self.write(number, None, mark, by=by, publish=publish, why=why)
            return Phase.APPLIED
        house = directory.house
        directory.after_commit(
            lambda: _start(house, number, lambda: _take(house, number, mark, by=by, publish=publish, why=why))
        )
        return Phase.APPLYING

    def write(self, number: int, seen: Plan | None, mark: str, *, by: Person, publish: bool, why: str) -> None:
        """Write the rows of a sheet, and that it was done; the rows themselves are not needed any more."""
        plan = self._directory.sheets.apply(self.sheet(number), by, seen=seen, mark=mark, publish=publish, why=why)
        published = sum(publish and line.publishable for line in plan.doing)
        running = {Phase.APPLYING, Phase.APPLIED}
        outcome = outcome_of(plan) | {"published": published}
        self._directory.imports.move(number, running, Phase.APPLIED, outcome=outcome, rows=[])

    def sheet(self, number: int) -> Sheet:
        """Return the rows that were kept."""
        kept = self._directory.imports.rows(number)
        rows = tuple((row, dict(cells)) for row, cells in kept["rows"])
        return Sheet(tuple(kept["columns"]), tuple(kept["unknown_columns"]), rows)


def _document_of(sheet: Sheet) -> dict[str, Any]:
    """Return the rows as they are kept; NUL, which PostgreSQL cannot keep, says nothing in a cell either."""
    rows = [[number, {name: cell.replace("\0", "") for name, cell in row.items()}] for number, row in sheet.rows]
    unknown = [name.replace("\0", "") for name in sheet.unknown_columns]
    return {"columns": list(sheet.columns), "unknown_columns": unknown, "rows": rows}


def outcome_of(plan: Plan) -> dict[str, Any]:
    """Return a plan as its page shows it: rows that say nothing new are counted only, long cells are shortened."""
    shown = sorted((line for line in plan.lines if line.result is not Result.UNCHANGED), key=_order)
    return {
        "mark": plan.mark,
        "counts": {result.value: plan.counts[result] for result in Result},
        "publishable": sum(line.publishable for line in plan.doing),
        "unknown_columns": list(plan.unknown_columns),
        "lines": [_shown(line) for line in shown],
    }


def _order(line: Line) -> int:
    return list(Result).index(line.result)


def _shown(line: Line) -> dict[str, Any]:
    value = line.value
    return {
        "row": line.row,
        "slug": line.slug[:200],
        "result": line.result.value,
        "title": dict(value.title) if value else {},
        "office": value.office if value else "",
        "changes": [[c.column, *in_sight(c.before, c.after)] for c in line.changes],
        "hindrances": [[h.column, h.code, h.value[:200].replace("\0", "")] for h in line.hindrances],
        "publishable": line.publishable,
    }


# What happens in a thread of its own


def _start(house: House, number: int, act: Callable[[], None]) -> None:
    # A daemon, so that the process can end: what is not committed then has not happened.
    Thread(target=_guarded, args=(house, number, act), name=f"import-{number}", daemon=True).start()


def _guarded(house: House, number: int, act: Callable[[], None]) -> None:
    """Do something with a sheet; whatever ails it is logged and leaves a sheet that says so."""
    try:
        act()
    except Exception as fault:  # Nobody else would hear of it, and the page would wait in vain.
        # Not the message: databases put values into it, which may be somebody's words.
        trace = [f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in extract_tb(fault.__traceback__)]
        log.error("import failed", number=number, error=type(fault).__qualname__, trace=trace)
        with house.work(write=True) as directory:
            directory.imports.move(number, RUNNING, Phase.FAILED)


def _look_through(house: House, number: int, by: Person) -> None:
    plan = _planned(house, number, by)
    with house.work(write=True) as directory:
        directory.imports.move(number, {Phase.PLANNING}, Phase.PLANNED, outcome=outcome_of(plan))


def _take(house: House, number: int, mark: str, *, by: Person, publish: bool, why: str) -> None:
    # Looked through again before anybody else has to wait: the write lock is held for the writing alone.
    plan = _planned(house, number, by)
    try:
        with house.work(write=True) as directory:
            directory.uploads.write(number, plan, mark, by=by, publish=publish, why=why)
    except (SheetRefused, SheetOvertaken) as other:
        with house.work(write=True) as directory:
            outcome = outcome_of(other.plan) | {"overtaken": True}
            directory.imports.move(number, {Phase.APPLYING}, Phase.PLANNED, outcome=outcome)


def _planned(house: House, number: int, by: Person) -> Plan:
    with house.work() as directory:
        sheet = directory.uploads.sheet(number)
        return directory.sheets.plan(sheet, by, watch=lambda rows: _noted(house, number, rows))


def _noted(house: House, number: int, rows: Sequence[Any]) -> Iterator[Any]:
    """Yield the rows, and note now and then how many went by."""
    told = time.monotonic() - PULSE
    for done, row in enumerate(rows):
        if time.monotonic() - told >= PULSE:
            told = time.monotonic()
            with house.work(write=True) as directory:
                directory.imports.note(number, done)
        yield row
