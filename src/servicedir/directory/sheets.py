"""Sheets of services: what is written into one, what would become of one that comes back, and taking it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servicedir.directory.sheet_rows import Rows, Watch
from servicedir.domain.choice import Choice
from servicedir.domain.document import to_document
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.sheet_plan import Line, Plan
from servicedir.domain.workflow import UNPLANS, Person
from servicedir.exchange.formats import FORMATS, Format
from servicedir.exchange.table import Sheet

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


class SheetRefused(Exception):
    """At least one row of a sheet is refused, so none was written; `plan` says which and why."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.refused)} of {len(plan.lines)} rows are refused")
        self.plan = plan


class SheetOvertaken(Exception):
    """Something changed since the preview was shown, so nothing was written; `plan` is what would be done now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(f"{len(plan.doing)} rows")
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be saved: its bytes, what they are, and a name in ASCII."""

    body: bytes
    media_type: str
    name: str
    entries: int


class Sheets:
    """The sheets that go out and come in, in one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def listed(self, name: str, choice: Choice, by: Person, language: str) -> Download:
        """Return the list of entries that a person asked for, drafts included, in a format by its name; audited.

        Raises NotFound where there is no such format.
        """
        directory = self._directory
        if name not in FORMATS:
            raise NotFound(name)
        directory.let_others_write()
        with directory.house.work() as reading:
            found = reading.board.chosen(choice, by, language)
            revisions = {tended.slug: tended.standing.latest for tended in found}
            form = FORMATS[name]
            body = form.write(reading.board.values(found), directory.today, revisions)
        asked = " ".join(f"{name}={value}" for name, value in choice.pairs() if name not in ("q", "page", "sort"))
        self.note_export(by, name, len(found), asked)
        return self._download(form, body, len(found))

    def note_export(self, by: Person, name: str, entries: int, asked: str = "") -> None:
        """Write into the audit log that somebody took so many entries along, and which."""
        detail = {"format": name, "entries": entries, "filter": asked}
        self._directory.people.audit(by.login, "export", "entries", detail)

    def _download(self, form: Format, body: bytes, entries: int) -> Download:
        name = f"entries-{self._directory.today.isoformat()}{form.extension}"
        return Download(body, form.media_type, name, entries)

    def plan(self, sheet: Sheet, by: Person, *, office: str = "", at_once: bool = False, watch: Watch = iter) -> Plan:
        """Return what would become of each row of a sheet, one row after the other under the eyes of `watch`.

        `office` admits only rows of that office and those below it; `at_once` says that all will be published, and
        refuses rows of entries with a draft.
        """
        return Rows(self._directory, sheet, by, office=office, at_once=at_once).plan(watch)

    def apply(
        self,
        sheet: Sheet,
        by: Person,
        *,
        seen: Plan | None = None,
        mark: str = "",
        office: str = "",
        at_once: bool = False,
        publish: bool = False,
        why: str = "",
        watch: Watch = iter,
    ) -> Plan:
        """Write all rows of a sheet that say something new, a revision each, or nothing; return what was done.

        Rows become drafts; with `publish` those that may be are published. A plan that was made before (`seen`) is
        made anew unless nothing has changed since; with a `mark`, the one that somebody was shown, it must be the
        same. Raises SheetRefused, SheetOvertaken; whatever is raised, the transaction must end without a commit.
        """
        directory = self._directory
        directory.batches.begin()
        if seen is None or seen.as_of != directory.revisions.last_change():
            seen = self.plan(sheet, by, office=office, at_once=at_once)
        if seen.refused:
            raise SheetRefused(seen)
        if mark and mark != seen.mark:
            raise SheetOvertaken(seen)
        if not seen.doing:
            return seen
        planned = directory.planning.all()
        for line in watch(seen.doing):
            self._write(line, by, why, publish=publish and line.publishable, is_planned=line.slug in planned)
        detail = {"entries": len(seen.doing), "published": sum(publish and line.publishable for line in seen.doing)}
        directory.people.audit(by.login, "import", "entries", {**detail, "office": office})
        directory.catch_up_after_commit()
        return seen

    def _write(self, line: Line, by: Person, why: str, *, publish: bool, is_planned: bool) -> None:
        """Append the revision of a row: what Directory.save does, but all that it asks has been answered before."""
        if line.value is None:  # Only rows that say something new have come so far.
            raise ValueError(f"row {line.row} says nothing new")
        directory = self._directory
        document = to_document(line.value)
        directory.revisions.append(
            Kind.SERVICE, line.slug, document, based_on=line.number, author=by.login, reason=why, publish=publish
        )
        if publish and is_planned:
            directory.upkeep.cancel(Kind.SERVICE, line.slug, *UNPLANS["publish"])


def readable() -> list[str]:
    """Return the names of the formats that can be read in."""
    return [name for name, form in FORMATS.items() if form.read]


def format_of(file_name: str, names: Iterable[str] | None = None) -> str:
    """Return the name of the format that the end of a file's name says; nothing if it says none of these."""
    known = names if names is not None else FORMATS
    return next((name for name in known if file_name.casefold().endswith(FORMATS[name].extension)), "")


def read(name: str, data: bytes) -> Sheet:
    """Return the sheet in a file of a format by its name. Raises BadSheet, and KeyError where it cannot be read."""
    form = FORMATS[name]
    if form.read is None:
        raise KeyError(name)
    return form.read(data)
