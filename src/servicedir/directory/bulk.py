"""Changing many entries at once: shown before, done as a whole or not at all, and undone where nobody went on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from servicedir.directory.outcomes import Forbidden, Refused
from servicedir.domain.batch import Action, Batch, Line, Preview, Skip, Task, Unfit, moved_to, under_review
from servicedir.domain.document import from_document
from servicedir.domain.history import Conflict, Entry, Kind, NotFound
from servicedir.domain.service import ChannelKind, Fault, Service, Stage
from servicedir.domain.workflow import TRANSITIONS, Duty, Permission, Person, State

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

MOST = 1000
"""Entries that are changed at once."""

UNDO = timedelta(days=30)
"""How long it can be undone."""


class Overtaken(Exception):
    """Something changed since the preview was shown; `preview` is what would be done now."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(f"{len(preview.lines)} entries")
        self.preview = preview


class Bulk:
    """What is done with many entries in one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def preview(self, task: Task, slugs: Iterable[str], by: Person) -> Preview:
        """Return what would become of each entry. Raises Refused for an office that is none and for too many."""
        chosen = list(dict.fromkeys(slugs))
        if task.action is Action.OFFICE and task.target not in self._directory.catalogue.offices:
            raise Refused([Fault("unknown_reference", ("office",))])
        if len(chosen) > MOST:
            raise Refused([Fault("too_many", ("slug",))])
        candidates = cache(self._directory.reviews.candidates)  # asked once for each office
        return Preview(task, tuple(self._line(task, slug, by, candidates) for slug in chosen))

    def apply(self, task: Task, slugs: Iterable[str], mark: str, *, by: Person, why: str = "") -> int:
        """Do with these entries what the preview with this mark says; return the number of the batch.

        Raises Overtaken where the preview would be another one now, or says that nothing changes; and what `preview`
        raises. Whatever is raised, the transaction must end without a commit.
        """
        batches, people = self._directory.batches, self._directory.people
        batches.begin()
        preview = self.preview(task, slugs, by)
        if preview.mark != mark or not preview.doing:
            raise Overtaken(preview)
        try:
            done = [self._do(task, line, by, why) for line in preview.doing]
        except Conflict:
            raise Overtaken(self.preview(task, slugs, by)) from None
        number = batches.add(task, done, skipped=len(preview.skipped), author=by.login)
        people.audit(by.login, f"bulk {task.action}", f"batch/{number}", {"target": task.target, "entries": len(done)})
        return number

    def batch(self, number: int, by: Person) -> Batch:
        """Return what was done at once. Raises NotFound, also for who neither did it nor coordinates."""
        batch = self._directory.batches.get(number)
        if batch.author != by.login and Duty.BOARD not in self._directory.duties(by):
            raise NotFound(f"batch {number}")
        return batch

    def latest(self, by: Person) -> list[Batch]:
        """Return what a person did last, newest first; coordinators see what everybody did."""
        everything = Duty.BOARD in self._directory.duties(by)
        return self._directory.batches.latest(None if everything else by.login)

    def can_undo(self, batch: Batch) -> bool:
        """Return whether a batch can still be undone by those who see it."""
        return batch.undone is None and self._directory.house.now() - batch.made <= UNDO

    def undo(self, number: int, *, by: Person) -> Batch:
        """Take back what was done, where nobody went on since; return the batch, whose `left` names the others.

        Raises NotFound as `batch` does, and ValueError where it was undone already or is too old.
        """
        batches = self._directory.batches
        batches.begin()
        batch = self.batch(number, by)
        if not self.can_undo(batch):
            raise ValueError(f"batch {number} cannot be undone")
        left = [done["slug"] for done in batch.done if not self._take_back(batch.task, done, number, by)]
        batches.close(batch, left)
        detail = {"entries": len(batch.done), "left": len(left)}
        self._directory.people.audit(by.login, "bulk undo", f"batch/{number}", detail)
        return batches.get(number)

    def actions(self, by: Person) -> list[Action]:
        """Return what a person may do with many entries of at least one office."""
        may = frozenset().union(*(self._may(by, office) for office in self._directory.catalogue.offices))
        return [action for action in Action if _NEEDS[action] in may]

    def assignable(self, by: Person) -> dict[str, str]:
        """Return login and name of who could answer for entries that a person may assign to somebody."""
        catalogue, today = self._directory.catalogue, self._directory.today
        offices = [office for office in catalogue.offices if Permission.ASSIGN in self._may(by, office)]
        lineages = {tuple(catalogue.lineage(office)) for office in offices}
        return {
            account.person.login: account.person.name or account.person.login
            for account in self._directory.people.accounts()
            if not account.disabled and any(account.person.roles(lineage, today) for lineage in lineages)
        }

    def _may(self, by: Person, office: str) -> frozenset[Permission]:
        return self._directory.permissions(by, State.PRIVATE, office)

    # One entry

    def _line(self, task: Task, slug: str, by: Person, candidates: Any) -> Line:
        try:
            entry, value = self._directory.entry(slug, by)
        except NotFound:  # Also what was renamed, and what this person may not know of.
            return Line(slug=slug, skip=Skip.NOT_THERE)
        now = self._now(task, entry, value)
        said: dict[str, Any] = {"slug": slug, "title": value.title, "number": entry.latest.number, "before": now}
        try:
            after = self._after(task, entry, value, by, candidates)
        except Unfit as unfit:
            return Line(**said, skip=unfit.skip)
        return Line(**said, after=after, is_live=entry.live is not None and task.action in _CONTENT)

    def _now(self, task: Task, entry: Entry, value: Service) -> str:
        """Return what an entry is before the change, in the terms of the task."""
        match task.action:
            case Action.OFFICE:
                return value.office
            case Action.UNDER_REVIEW:
                return value.stage(ChannelKind.VIDEO, self._directory.today).value
            case Action.SUBMIT:
                return entry.state.value
            case _:
                return entry.responsible

    def _after(self, task: Task, entry: Entry, value: Service, by: Person, candidates: Any) -> str:
        """Return what an entry will be. Raises Unfit."""
        directory = self._directory
        permitted = directory.permitted(entry, value, by)
        if task.action is Action.RESPONSIBLE:
            if Permission.ASSIGN not in permitted:
                raise Unfit(Skip.FORBIDDEN)
            if entry.responsible == task.target:
                raise Unfit(Skip.UNCHANGED)
            if task.target and task.target not in candidates(value.office):
                raise Unfit(Skip.NOT_AN_EDITOR)
            return task.target
        if entry.state is State.PENDING:  # A change would take it out of the review that somebody asked for.
            raise Unfit(Skip.UNCHANGED if task.action is Action.SUBMIT else Skip.IN_REVIEW)
        if task.action is Action.SUBMIT:
            if not TRANSITIONS["submit"].possible(entry.state, entry.live):
                raise Unfit(Skip.NO_DRAFT)
            if Permission.SUBMIT not in permitted:
                raise Unfit(Skip.FORBIDDEN)
            return State.PENDING.value
        if Permission.EDIT not in permitted:
            raise Unfit(Skip.FORBIDDEN)
        if task.action is Action.OFFICE and Permission.EDIT not in directory.permissions(by, entry.state, task.target):
            raise Unfit(Skip.FORBIDDEN_THERE)
        changed = self._changed(task, value)
        if directory.faults(changed):
            raise Unfit(Skip.INVALID)
        return task.target if task.action is Action.OFFICE else Stage.UNDER_REVIEW.value

    def _changed(self, task: Task, value: Service) -> Service:
        if task.action is Action.OFFICE:
            return moved_to(value, task.target)
        return under_review(value, self._directory.today)

    def _do(self, task: Task, line: Line, by: Person, why: str) -> dict[str, Any]:
        """Change one entry; return what is needed to take that back."""
        directory, slug = self._directory, line.slug
        entry, value = directory.entry(slug, by)
        done = {"slug": slug, "before": entry.latest.number, "after": entry.latest.number, "state": entry.state.value}
        match task.action:
            case Action.RESPONSIBLE:
                months = entry.review_months
                directory.reviews.assign(slug, responsible=task.target, review_months=months, by=by)
                return done | {"responsible": entry.responsible}
            case Action.SUBMIT:
                directory.move(slug, "submit", based_on=line.number, by=by, why=why)
                return done
            case _:
                saved = directory.save(self._changed(task, value), based_on=line.number, by=by, why=why)
                return done | {"after": saved.latest.number}

    def _take_back(self, task: Task, done: dict[str, Any], number: int, by: Person) -> bool:
        """Restore one entry; return False where somebody went on since, or where this person may not."""
        slug, why = done["slug"], f"#{number}"
        try:
            entry, _value = self._directory.entry(slug, by)
            if entry.latest.number != done["after"] or not self._is_as_left(task, entry):
                return False
            if task.action is Action.RESPONSIBLE:
                self._directory.reviews.assign(
                    slug, responsible=done["responsible"], review_months=entry.review_months, by=by
                )
            elif task.action is Action.SUBMIT:
                self._directory.move(slug, "withdraw", based_on=done["after"], by=by, why=why)
            elif done["state"] == State.PUBLISHED:
                self._directory.move(slug, "discard", based_on=done["after"], by=by, why=why)
            else:
                before = self._directory.revisions.revision(Kind.SERVICE, slug, done["before"])
                value = from_document(Service, before.document)
                self._directory.save(value, based_on=done["after"], by=by, why=why)
        except (NotFound, Forbidden, Refused):
            return False
        return True

    def _is_as_left(self, task: Task, entry: Entry) -> bool:
        if task.action is Action.RESPONSIBLE:
            return entry.responsible == task.target
        planned = self._directory.upkeep.planned(Kind.SERVICE, entry.slug)
        if any(step.revision >= entry.latest.number for step in planned):
            return False  # Somebody has already decided what becomes of it.
        return entry.state is (State.PENDING if task.action is Action.SUBMIT else State.PRIVATE)


_CONTENT = frozenset({Action.OFFICE, Action.UNDER_REVIEW})
"""What changes the text of an entry, and so makes a draft beside what is published."""

_NEEDS = {
    Action.OFFICE: Permission.EDIT,
    Action.UNDER_REVIEW: Permission.EDIT,
    Action.SUBMIT: Permission.SUBMIT,
    Action.RESPONSIBLE: Permission.ASSIGN,
}
"""What one must be allowed to do with each entry; none of these publishes anything."""
