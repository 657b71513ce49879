"""Steps that are taken later: planned to the minute by people, done by the housekeeping."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from servicedir.directory.outcomes import Refused
from servicedir.domain import workflow
from servicedir.domain.history import Conflict, Kind, Scheduled
from servicedir.domain.service import Fault
from servicedir.domain.workflow import Permission, Person, State

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


class Planning:
    """The planned steps of one unit of work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def plan(
        self, slug: str, step: str, at: datetime, *, based_on: int, by: Person, why: str = "", successor: str = ""
    ) -> None:
        """Plan to publish the revision `based_on`, or to retire an entry, at a moment; in the place of an older plan.

        Who plans must be allowed to take the step now: it is their decision, whatever becomes of their roles. A later
        revision stays a draft beside what is published then. Raises NotFound, Forbidden, Conflict, ValueError for a
        step that cannot wait or is not possible, and Refused for a moment in the past.
        """
        directory = self._directory
        entry, value = directory.entry(slug, by)
        if entry.latest.number != based_on:
            raise Conflict(entry)
        transition = workflow.TRANSITIONS[step]
        if step not in workflow.TIMED or not transition.possible(entry.state, entry.live):
            raise ValueError(f"{step} cannot be planned here")
        directory.demand(by, transition.permission, entry, value)
        directory.check_successor(slug, successor)
        if at <= directory.house.now():
            raise Refused([Fault("in_the_past", ("at",))])
        directory.upkeep.plan(
            Kind.SERVICE, slug, step, at, revision=based_on, author=by.login, reason=why, successor=successor
        )
        directory.people.audit(
            by.login, f"plan {step}", f"service/{slug}", {"revision": based_on, "at": at.isoformat()}
        )

    def cancel(self, slug: str, step: str, *, by: Person) -> bool:
        """Forget a planned step; return whether there was one. Raises NotFound, Forbidden."""
        directory = self._directory
        entry, value = directory.entry(slug, by)
        directory.demand(by, Permission.ASSIGN, entry, value)
        there = directory.upkeep.cancel(Kind.SERVICE, slug, step)
        if there:
            directory.people.audit(by.login, f"unplan {step}", f"service/{slug}", {})
        return there

    def of(self, slug: str, by: Person) -> list[Scheduled]:
        """Return what is planned for an entry, the next step first. Raises NotFound."""
        self._directory.entry(slug, by)
        return self._directory.upkeep.planned(Kind.SERVICE, slug)

    def approvers(self, slug: str, by: Person) -> dict[str, str]:
        """Return login and name of everybody who could publish an entry as it stands, by login. Raises NotFound."""
        directory = self._directory
        entry, value = directory.entry(slug, by)
        people = (account.person for account in directory.people.accounts() if not account.disabled)
        drafters = directory.drafters(entry) if directory.wants_four_eyes(entry, value) else set()
        # Asked as of review: who may publish may do so from there, whatever the state is now.
        return {
            person.login: person.name or person.login
            for person in people
            if person.login not in drafters
            and Permission.PUBLISH in directory.permissions(person, State.PENDING, value.office)
        }

    def all(self) -> dict[str, list[Scheduled]]:
        """Return what is planned, by slug: for lists of entries that a person may see."""
        found: dict[str, list[Scheduled]] = {}
        for step in self._directory.upkeep.planned(Kind.SERVICE):
            found.setdefault(step.slug, []).append(step)
        return found

    def due(self) -> list[Scheduled]:
        """Return the steps whose moment has come, in their order."""
        return self._directory.upkeep.due(self._directory.house.now())

    def take(self, planned: Scheduled) -> bool:
        """Take a step whose moment has come and forget the plan.

        Return False where it was overtaken, cancelled, planned anew, or taken by another process meanwhile.
        """
        directory = self._directory
        if not directory.upkeep.claim(planned):
            return False
        try:
            if planned.step == "publish":
                directory.revisions.show(
                    planned.kind, planned.slug, planned.revision, author=planned.author, reason=planned.reason
                )
            else:
                self._retire(planned)
        except ValueError:
            directory.people.audit(
                "system", f"{planned.step} overtaken", f"service/{planned.slug}", {"revision": planned.revision}
            )
            return False
        directory.people.audit(
            planned.author, planned.step, f"service/{planned.slug}", {"revision": planned.revision, "planned": True}
        )
        directory.catch_up_after_commit()
        return True

    def _retire(self, planned: Scheduled) -> None:
        directory = self._directory
        entry = directory.revisions.get(planned.kind, planned.slug)
        directory.revisions.move(
            planned.kind,
            planned.slug,
            "retire",
            based_on=entry.latest.number,
            author=planned.author,
            reason=planned.reason,
            successor=planned.successor,
        )
        directory.upkeep.cancel(planned.kind, planned.slug, "publish")
