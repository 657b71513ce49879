"""Citizens' hints: taken from anybody, shown to the office that answers for the entry, and forgotten after a time."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from servicedir.directory.outcomes import Refused
from servicedir.directory.senders import admit
from servicedir.domain import words
from servicedir.domain.document import from_document
from servicedir.domain.hint import STEPS, WAITING, Hint, HintFilter, HintState, Subject, faults
from servicedir.domain.history import NotFound
from servicedir.domain.service import Fault, Service
from servicedir.domain.spreadsheet import guarded
from servicedir.domain.workflow import Duty, Permission, Person

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.storage.hints import Hints as StoredHints

MOST_HINTS = 5
"""Hints that are taken from one address of the network within WINDOW."""
WINDOW = timedelta(hours=1)
SAME = timedelta(days=1)
"""Within this the very same hint is not put down again: a form that was sent twice."""
KEEP_CONTACT = timedelta(days=30)
"""For how long whoever left an address can still be answered after the task was closed."""
LONGEST_REMARK = 500

_FIELDS = {"too_short": "text", "too_long": "text", "too_many_links": "text", "not_an_address": "contact"}


@dataclass(frozen=True, slots=True)
class Task:
    """A hint with the service that it is about, as that stands now; None where it is about the directory itself."""

    hint: Hint
    service: Service | None

    @property
    def office(self) -> str:
        """Return the slug of the office whose task this is, empty for that of the coordinators."""
        return self.service.office if self.service else ""


class Hints:
    """The hints of one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @property
    def _stored(self) -> StoredHints:
        return self._directory.stored_hints

    # Anybody

    def give(self, slug: str, *, subject: Subject, text: str, contact: str = "", sender: str = "") -> None:
        """Take a hint on a published service, or with an empty slug on the directory. `sender` is an IP address.

        It is known only for counting, and as a digest that nobody without the secret can turn back. Raises NotFound
        (drafts, too), Refused and TooMany.
        """
        if found := faults(text, contact):
            raise Refused([Fault(what, (_FIELDS[what],)) for what in found])
        if slug:
            self._directory.live(slug)
        now = self._directory.house.now()
        if self._stored.was_said(slug, subject=subject, text=text, contact=contact, since=now - SAME):
            return
        admit(self._directory, "hint", sender, MOST_HINTS, WINDOW)
        self._stored.add(slug, subject=subject, text=text, contact=contact)

    # People with an account

    def all(self, by: Person, asked: HintFilter | None = None) -> list[Task]:
        """Return the hints that a person may see and asked for, newest first: those of their offices.

        Those on the directory itself are for who has Duty.BOARD. Without a filter all that wait are returned.
        """
        asked = asked or HintFilter()
        catalogue = self._directory.catalogue
        return [task for task in self._visible(by, asked) if asked.fits(task.hint, catalogue.lineage(task.office))]

    def counts(self, tasks: list[Task]) -> dict[str, Counter[Subject]]:
        """Return how many of these there are by office and subject; an empty office is the directory itself."""
        found: dict[str, Counter[Subject]] = {}
        for task in tasks:
            found.setdefault(task.office, Counter())[task.hint.subject] += 1
        return found

    def waiting(self, by: Person, limit: int) -> list[Task]:
        """Return the newest hints with which a person has still to do something."""
        return self.all(by)[:limit]

    def open_count(self, by: Person) -> int:
        """Return with how many hints a person has still to do something."""
        return len(self.all(by))

    def open_by_office(self) -> Counter[str]:
        """Return how many hints wait for each office; under an empty one those on the directory itself."""
        services = self._services()
        return Counter(
            services[hint.slug].office if hint.slug else ""
            for hint in self._stored.all(WAITING)
            if not hint.slug or hint.slug in services
        )

    def open_by_entry(self) -> Counter[str]:
        """Return how many hints wait on each service, by slug."""
        return Counter(hint.slug for hint in self._stored.all(WAITING) if hint.slug)

    def get(self, number: int, by: Person) -> Task:
        """Return a hint. Raises NotFound, also where the person may not know of it."""
        hint = self._stored.get(number)
        if not hint.slug:
            if Duty.BOARD not in self._directory.duties(by):
                raise NotFound(f"hint {number}")
            return Task(hint, None)
        return Task(hint, self._directory.entry(hint.slug, by)[1])

    def move(self, number: int, step: str, *, was: HintState, by: Person, remark: str = "") -> Hint:
        """Take a step with a hint that is in the state `was`; return how it is now.

        Raises NotFound, and ValueError for a step that is not possible (any more).
        """
        self.get(number, by)
        if was not in STEPS[step].starts:
            raise ValueError(f"{step} is not possible from {was}")
        remark = remark.strip()[:LONGEST_REMARK]
        self._stored.move(number, was, STEPS[step].ends, remark=remark, by=by.login)
        self._directory.people.audit(by.login, f"{step} hint", f"hint/{number}", {})
        return self._stored.get(number)

    def export(self, by: Person, asked: HintFilter, language: str) -> bytes:
        """Return the hints that a person asked for as CSV, without the addresses of those who gave them."""
        tasks = self.all(by, asked)
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(["number", "at", "slug", "title", "office", "subject", "state", "text", "remark", "closed"])
        for task in tasks:
            writer.writerow(map(guarded, self._cells(task, language)))
        self._directory.people.audit(by.login, "export", "hints", {"format": "csv", "rows": len(tasks)})
        return out.getvalue().encode("utf-8-sig")

    def _cells(self, task: Task, language: str) -> Iterator[str]:
        hint, service = task.hint, task.service
        yield str(hint.id)
        yield hint.at.isoformat(timespec="seconds")
        yield hint.slug
        yield service.title.within(language) if service else ""
        yield task.office
        yield words.label(hint.subject, language)
        yield words.label(hint.state, language)
        yield hint.text
        yield hint.remark
        yield hint.closed.isoformat(timespec="seconds") if hint.closed else ""

    def _visible(self, by: Person, asked: HintFilter) -> Iterator[Task]:
        directory = self._directory
        everything = Duty.BOARD in directory.duties(by)
        if not by.grants:
            return
        mine = self._services(by)
        for hint in self._stored.all(asked.states):
            if hint.slug in mine:
                yield Task(hint, mine[hint.slug])
            elif not hint.slug and everything:
                yield Task(hint, None)

    def _services(self, by: Person | None = None) -> dict[str, Service]:
        """Return, by slug, the services on which there are hints: all, or those that a person may see."""
        found = {}
        for slug, (state, document) in self._stored.subjects().items():
            service = from_document(Service, document)
            if by is None or Permission.VIEW in self._directory.permissions(by, state, service.office):
                found[slug] = service
        return found

    # The housekeeping

    def forget(self) -> int:
        """Delete what is older than the setting `hint_days`, and addresses that are not needed any more; how many."""
        now = self._directory.house.now()
        days = timedelta(days=self._directory.house.settings.hint_days)
        return self._stored.forget(before=now - days, contacts_before=now - KEEP_CONTACT)
