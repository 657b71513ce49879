"""From the rows of a sheet to what would be saved: found by slug, compared with what they were made of, checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from servicedir.domain.document import from_document, to_document
from servicedir.domain.history import Entry, Kind
from servicedir.domain.merge import merge
from servicedir.domain.service import Service
from servicedir.domain.sheet_plan import Change, Hindrance, Line, Obstacle, Plan, Result
from servicedir.domain.workflow import Permission, Person, State
from servicedir.exchange.sheet import BadRow, apply_row, column_of, day_of, revision_of, to_row
from servicedir.exchange.table import Sheet

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

Watch = Callable[[Sequence[Any]], Iterable[Any]]
"""Sees a sequence go by, for showing how far it is."""

_REFERENCES = {
    "offices": Kind.OFFICE,
    "places": Kind.PLACE,
    "topics": Kind.TOPIC,
    "audiences": Kind.AUDIENCE,
}


class Hindered(Exception):
    """A row that cannot be taken, with all that keeps it from that."""

    def __init__(self, *hindrances: Hindrance) -> None:
        super().__init__("; ".join(f"{h.column}: {h.code}" for h in hindrances))
        self.hindrances = hindrances


class Rows:
    """The rows of one sheet, as one person imports it; everything that they need is read in a few queries.

    `office` admits only rows of that office and those below it. `at_once` refuses what cannot be published at once
    without taking the place of somebody's draft; otherwise drafts are made.
    """

    def __init__(self, directory: Directory, sheet: Sheet, by: Person, *, office: str = "", at_once: bool = False):
        self._directory, self._sheet, self._by, self._at_once = directory, sheet, by, at_once
        self._within = directory.catalogue.within(office) if office else None
        self._permitted = cache(lambda state, of, own: directory.permissions(by, state, of, own=own))
        self._today = directory.today

    def plan(self, watch: Watch = iter) -> Plan:
        """Return what would become of each row."""
        revisions = self._directory.revisions
        as_of = revisions.last_change()
        slugs = {row["slug"] for _number, row in self._sheet.rows}
        self._entries = {entry.slug: entry for entry in revisions.entries(Kind.SERVICE, slugs)}
        self._former = revisions.former(Kind.SERVICE)
        self._bases = revisions.documents(Kind.SERVICE, self._outdated())
        # A row may point at an entry that another row makes: either all of them are written, or none.
        self._services = revisions.present(Kind.SERVICE, self._related()) | slugs
        lines = tuple(self._line(number, row) for number, row in watch(self._sheet.rows))
        return Plan(lines, self._sheet.unknown_columns, as_of)

    def _outdated(self) -> Iterator[tuple[str, int]]:
        """Yield slug and number of the revisions that rows were made of and that are not the latest ones."""
        for _number, row in self._sheet.rows:
            entry, number = self._entries.get(row["slug"]), _said_revision(row)
            if entry and number and number != entry.latest.number:
                yield entry.slug, number

    def _related(self) -> set[str]:
        """Return all slugs at which a row, or what is stored, may point as related."""
        said = {line.strip() for _number, row in self._sheet.rows for line in row.get("related", "").split("\n")}
        return said.union(*(entry.latest.document.get("related", ()) for entry in self._entries.values()))

    def _line(self, number: int, row: Mapping[str, str]) -> Line:
        entry = self._entries.get(row["slug"])
        try:
            if entry:
                return self._known(number, row, entry)
            return self._new(number, row)
        except BadRow as bad:
            hindrances = tuple(Hindrance(*problem) for problem in bad.problems)
        except Hindered as hindered:
            hindrances = hindered.hindrances
        return Line(row=number, slug=row["slug"], result=Result.REFUSED, hindrances=hindrances)

    def _known(self, number: int, row: Mapping[str, str], entry: Entry) -> Line:
        """Return what becomes of a row whose entry is there. Raises Hindered, BadRow."""
        stored = from_document(Service, entry.latest.document)
        if Permission.VIEW not in self._permitted(entry.state, stored.office, False):
            raise Hindered(Hindrance("slug", Obstacle.NOT_YOURS))
        self._demand_within(stored)
        base = self._base(row, entry, stored)
        mine = apply_row(row, base, self._today)
        if mine == base:
            return Line(row=number, slug=entry.slug, result=Result.UNCHANGED)
        day = day_of(row, self._today)
        value = mine if base == stored else _merged(base, mine, stored, day)
        if value == stored:
            return Line(row=number, slug=entry.slug, result=Result.UNCHANGED)
        self._demand_change(entry, stored, value)
        return Line(
            row=number,
            slug=entry.slug,
            result=Result.CHANGED,
            number=entry.latest.number,
            value=value,
            changes=tuple(_changes(stored, value, day)),
            publishable=self._is_publishable(value, entry),
        )

    def _base(self, row: Mapping[str, str], entry: Entry, stored: Service) -> Service:
        """Return what a row was made of: what is stored now, unless the row says another revision."""
        number = revision_of(row)
        if number is None or number == entry.latest.number:
            return stored
        if (entry.slug, number) not in self._bases:
            raise Hindered(Hindrance("revision", Obstacle.NO_SUCH_REVISION, row["revision"]))
        return from_document(Service, self._bases[entry.slug, number])

    def _new(self, number: int, row: Mapping[str, str]) -> Line:
        """Return what becomes of a row whose entry is not there. Raises Hindered, BadRow."""
        slug = row["slug"]
        if slug in self._former:
            raise Hindered(Hindrance("slug", Obstacle.MOVED, self._told(self._former[slug])))
        value = apply_row(row, None, self._today)
        if revision_of(row) is not None:  # Somebody has changed the slug of a row, or the entry is not of this place.
            raise Hindered(Hindrance("slug", Obstacle.NOT_YOURS))
        self._demand_within(value)
        self._demand_references(value)
        if Permission.EDIT not in self._permitted(State.PRIVATE, value.office, False):
            raise Hindered(Hindrance("office", Obstacle.FORBIDDEN_THERE, value.office))
        return Line(
            row=number,
            slug=slug,
            result=Result.NEW,
            value=value,
            publishable=self._is_publishable(value, None),
        )

    def _told(self, slug: str) -> str:
        """Return a slug if this person may know of its entry, else nothing."""
        (entry,) = self._directory.revisions.entries(Kind.SERVICE, {slug})
        office = entry.latest.document["offices"][0]
        return slug if Permission.VIEW in self._permitted(entry.state, office, False) else ""

    def _demand_within(self, value: Service) -> None:
        if self._within is not None and value.office not in self._within:
            raise Hindered(Hindrance("office", Obstacle.OTHER_OFFICE, value.office))

    def _demand_change(self, entry: Entry, stored: Service, value: Service) -> None:
        """Raise Hindered unless this person may change an entry to this now."""
        if entry.state is State.RETIRED:
            raise Hindered(Hindrance("slug", Obstacle.RETIRED))
        if entry.state is State.PENDING:  # A change would take it out of the review that somebody asked for.
            raise Hindered(Hindrance("slug", Obstacle.IN_REVIEW))
        if self._at_once and entry.state is not State.PUBLISHED:
            raise Hindered(Hindrance("slug", Obstacle.HAS_DRAFT))
        if Permission.EDIT not in self._permitted(entry.state, stored.office, False):
            raise Hindered(Hindrance("slug", Obstacle.FORBIDDEN))
        self._demand_within(value)
        self._demand_references(value)
        if Permission.EDIT not in self._permitted(entry.state, value.office, False):
            raise Hindered(Hindrance("office", Obstacle.FORBIDDEN_THERE, value.office))

    def _demand_references(self, value: Service) -> None:
        """Raise Hindered for rules that a merge has broken, and for references that lead nowhere."""
        found = [Hindrance(column_of(fault, value), fault.what) for fault in value.faults()]
        catalogue = self._directory.catalogue
        for field in _REFERENCES:
            for slug in getattr(value, field):
                if slug not in getattr(catalogue, field):
                    column = field if field != "offices" else "office" if slug == value.office else "further_offices"
                    found.append(Hindrance(column, "unknown_reference", slug))
        found += [Hindrance("related", "unknown_related", s) for s in value.related if s not in self._services]
        if found:
            raise Hindered(*found)

    def _is_publishable(self, value: Service, entry: Entry | None) -> bool:
        if self._at_once:
            return True
        is_clean = entry is None or entry.state is State.PUBLISHED
        # `own`: where four eyes are asked for, who imports has written it.
        return is_clean and Permission.PUBLISH in self._permitted(State.PRIVATE, value.office, True)


def _said_revision(row: Mapping[str, str]) -> int | None:
    try:
        return revision_of(row)
    except BadRow:  # It is refused with its row.
        return None


def _merged(base: Service, mine: Service, stored: Service, on: date) -> Service:
    """Return what a row changes and what others have changed since. Raises Hindered where that is the same."""
    found = merge(base, mine, stored)
    if not found.conflicts:
        return replace(found.value, slug=stored.slug)
    was, wanted, now = (to_row(value, on) for value in (base, mine, stored))
    columns = [name for name in was if was[name] != wanted[name] != now[name] != was[name]]
    fields = dict.fromkeys(str(conflict.path[0]) for conflict in found.conflicts)
    raise Hindered(*(Hindrance(name, Obstacle.OVERTAKEN, now.get(name, "")) for name in columns or fields))


def _changes(stored: Service, value: Service, on: date) -> Iterator[Change]:
    """Yield the cells that differ; where no column shows what does, the fields."""
    before, after = to_row(stored, on), to_row(value, on)
    names = [name for name in before if before[name] != after[name]]
    if names:
        yield from (Change(name, before[name], after[name]) for name in names)
        return
    old, new = to_document(stored), to_document(value)
    yield from (Change(name, "", "") for name in sorted({*old, *new}) if old.get(name) != new.get(name))
