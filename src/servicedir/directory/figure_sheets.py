"""Sheets of figures: what would become of each row of one that somebody brings, taking all or none, and handing out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from servicedir.directory.figures import Result
from servicedir.directory.outcomes import Forbidden
from servicedir.directory.sheets import Download, format_of, readable
from servicedir.directory.uploads import AlreadyTaken, UnknownFormat
from servicedir.domain.figures import CountingPeriod, Figure, Measure
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.service import ChannelKind, Fault
from servicedir.domain.workflow import Permission, Person, State
from servicedir.exchange.figure_sheet import NAMES, READERS, WRITERS, FigureSheet, said
from servicedir.exchange.formats import FORMATS
from servicedir.storage.figures import Wanted
from servicedir.storage.imports import Import

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

MOST_SHOWN: Final = 1000
"""Rows of a plan that are kept for its page: those that are refused first, then those that change something."""


class Phase(StrEnum):
    """Where a sheet of figures stands. Sheets of entries have other phases: neither is taken for the other."""

    PLANNED = "figures_planned"
    APPLIED = "figures_applied"


class Fate(StrEnum):
    """What becomes of a row."""

    REFUSED = "refused"
    CHANGED = "changed"
    NEW = "new"
    SAME = "same"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What would become of a row: what its `cells` say, the figure as it would be kept, and what held `before`."""

    row: int
    cells: Mapping[str, str]
    fate: Fate
    figure: Figure | None = None
    before: Figure | None = None
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class Plan:
    """What would become of each row, in the order of the sheet."""

    lines: tuple[Line, ...]
    unknown_columns: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> Counter[Fate]:
        """Return how many rows have which fate."""
        return Counter(line.fate for line in self.lines)

    @property
    def refused(self) -> list[Line]:
        """Return the rows that are refused."""
        return [line for line in self.lines if line.fate is Fate.REFUSED]

    @property
    def doing(self) -> list[Figure]:
        """Return the figures that say something new."""
        return [line.figure for line in self.lines if line.figure and line.fate in (Fate.NEW, Fate.CHANGED)]

    @cached_property
    def mark(self) -> str:
        """Return a mark of all that would be done: the same plan has the same one."""
        doing = [(line.row, line.fate.value, line.figure, line.before) for line in self.lines]
        return sha256(repr(doing).encode("utf-8", "surrogatepass")).hexdigest()


class FigureSheetRefused(Exception):
    """At least one row is refused, so none was written; `plan` says which and why."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.refused)} of {len(plan.lines)} rows are refused")
        self.plan = plan


class FigureSheetOvertaken(Exception):
    """Something changed since the plan was shown, so nothing was written; `plan` is what would be done now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.doing)} figures")
        self.plan = plan


class FigureSheets:
    """The sheets of figures that go out and come in, in one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def plan(self, sheet: FigureSheet, by: Person) -> Plan:
        """Return what would become of each row; an empty value says nothing, and is left out."""
        found = [said(cells) for _row, cells in sheet.rows]
        places = [place for place, one in enumerate(found) if one.figure]
        figures = [(one.figure, one.inherits) for one in found if one.figure]
        outlooks = dict(zip(places, self._directory.figures.outlook(figures, by), strict=True))
        lines = []
        for place, ((row, cells), one) in enumerate(zip(sheet.rows, found, strict=True)):
            seen = outlooks.get(place)
            if seen is None:
                fate = Fate.REFUSED if one.faults else Fate.EMPTY
                lines.append(Line(row=row, cells=cells, fate=fate, faults=one.faults))
                continue
            fate = _FATES[seen.result] if seen.result else Fate.REFUSED
            lines.append(
                Line(row=row, cells=cells, fate=fate, figure=seen.figure, before=seen.before, faults=seen.faults)
            )
        return Plan(tuple(lines), sheet.unknown_columns)

    def take(self, sheet: FigureSheet, by: Person, *, mark: str = "") -> Plan:
        """Write what a sheet says, all or nothing; return what was done. With a `mark` the plan must be that one.

        Raises FigureSheetRefused, FigureSheetOvertaken; then the transaction must end without a commit.
        """
        self._directory.stored_figures.begin()
        plan = self.plan(sheet, by)
        if plan.refused:
            raise FigureSheetRefused(plan)
        if mark and mark != plan.mark:
            raise FigureSheetOvertaken(plan)
        if plan.doing:
            self._directory.figures.put_all(plan.doing, by=by)
        return plan

    # What people bring along in the browser

    def bring(self, name: str, data: bytes, by: Person) -> int:
        """Keep the rows of a file with what would become of them; return the number of the sheet.

        Raises Forbidden for who may say figures nowhere, UnknownFormat, and BadSheet.
        """
        directory = self._directory
        if not directory.offices_of(by):
            raise Forbidden(Permission.EDIT)
        form = format_of(name, readable())
        if not form:
            raise UnknownFormat(name)
        directory.let_others_write()
        sheet = READERS[form](data)
        rows = [[row, {key: cell.replace("\0", "") for key, cell in cells.items()}] for row, cells in sheet.rows]
        unknown = [column.replace("\0", "") for column in sheet.unknown_columns]
        kept = {"rows": rows, "unknown_columns": unknown}
        number = directory.imports.add(name, kept, total=len(rows), state=Phase.PLANNED, author=by.login)
        plan = self.plan(self._sheet(number), by)
        directory.imports.move(number, {Phase.PLANNED}, Phase.PLANNED, outcome=outcome_of(plan))
        directory.people.audit(by.login, "upload", f"import/{number}", {"format": form, "figures": len(rows)})
        return number

    def get(self, number: int, by: Person) -> Import:
        """Return a sheet that this person brought along. Raises NotFound."""
        stored = self._directory.imports.get(number)
        if stored.author != by.login or stored.state not in list(Phase):
            raise NotFound(f"import {number}")
        return stored

    def accept(self, number: int, mark: str, by: Person) -> Plan:
        """Write what the plan with this mark says. Raises NotFound, AlreadyTaken, and what `take` raises."""
        self.get(number, by)
        if not self._directory.imports.move(number, {Phase.PLANNED}, Phase.APPLIED):
            raise AlreadyTaken(number)
        plan = self.take(self._sheet(number), by, mark=mark)
        self._directory.imports.move(number, {Phase.APPLIED}, Phase.APPLIED, outcome=outcome_of(plan), rows=[])
        return plan

    def _sheet(self, number: int) -> FigureSheet:
        kept = self._directory.imports.rows(number)
        return FigureSheet(tuple(kept["unknown_columns"]), tuple((row, dict(cells)) for row, cells in kept["rows"]))

    # What goes out

    def listed(self, name: str, year: CountingPeriod, by: Person) -> Download:
        """Return the figures of a year that a person may say, as a sheet; of a service without any an empty row.

        `name` is that of a format. What is taken along is noted in the audit log. Raises NotFound.
        """
        if name not in WRITERS:
            raise NotFound(name)
        directory = self._directory
        mine = [value.slug for entry, value in directory.entries(by) if _may(directory, value.office, by)]
        found = self._figures(mine, [year])
        silent = sorted(set(mine) - {figure.service for figure in found})
        rows = [*found, *({**_EMPTY, "service": slug, "period": year.text} for slug in silent)]
        return self._download(name, rows, len(found), by)

    def all(self, name: str, by: Person) -> Download:
        """Return every figure of every service, released or not, for who runs the directory."""
        slugs = [entry.slug for entry in self._directory.revisions.all_entries(Kind.SERVICE)]
        found = self._figures(slugs, [])
        return self._download(name, found, len(found), by)

    def _figures(self, slugs: Iterable[str], years: Sequence[CountingPeriod]) -> list[Figure]:
        ids = [self._directory.revisions.entry_id(Kind.SERVICE, slug) for slug in slugs]
        wanted = Wanted(entries=ids, years=years)
        stored = self._directory.stored_figures
        found = [one.figure for one in stored.current(wanted)] if ids else []
        return sorted(found, key=lambda figure: figure.key)

    def _download(self, name: str, rows: Sequence[Any], count: int, by: Person) -> Download:
        directory, form = self._directory, FORMATS[name]
        directory.people.audit(by.login, "export", "figures", {"format": name, "figures": count})
        body = WRITERS[name](rows, directory.today)
        file = f"figures-{directory.today.isoformat()}{form.extension}"
        return Download(body, form.media_type, file, count)


_FATES = {Result.NEW: Fate.NEW, Result.CHANGED: Fate.CHANGED, Result.SAME: Fate.SAME}
_EMPTY = {"channel": ChannelKind.VIDEO.value, "measure": Measure.HELD.value}


def _may(directory: Directory, office: str, by: Person) -> bool:
    return Permission.EDIT in directory.permissions(by, State.PRIVATE, office)


def outcome_of(plan: Plan) -> dict[str, Any]:
    """Return a plan as its page shows it: rows that say nothing new are counted only, and of very many the first."""
    shown = [line for fate in (Fate.REFUSED, Fate.CHANGED, Fate.NEW) for line in plan.lines if line.fate is fate]
    return {
        "mark": plan.mark,
        "counts": {fate.value: plan.counts[fate] for fate in Fate},
        "unknown_columns": list(plan.unknown_columns),
        "lines": [_shown(line) for line in shown[:MOST_SHOWN]],
        "left_out": max(0, len(shown) - MOST_SHOWN),
    }


def _shown(line: Line) -> dict[str, Any]:
    cells = {name: line.cells.get(name, "")[:120] for name in NAMES}
    return {
        "row": line.row,
        "fate": line.fate.value,
        "cells": cells,
        "figure": _plain(line.figure),
        "before": _plain(line.before),
        "faults": [[fault.what, str(fault.where[-1]) if fault.where else ""] for fault in line.faults],
    }


def _plain(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {
        "service": figure.service,
        "channel": figure.channel.value,
        "measure": figure.measure.value,
        "period": figure.period.text,
        "value": figure.value,
        "standing": figure.standing.value,
        "source": figure.source[:120],
        "note": figure.note[:120],
        "released": figure.released,
    }
