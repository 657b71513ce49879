"""What another program may do here: a token's purposes and offices, and the person as whom it acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from servicedir.domain.workflow import Grant, Person, Role

ACTOR = "token:"
"""What the login of every program begins with, and of no account."""


class Purpose(StrEnum):
    """What a token is good for."""

    DRAFTS = "drafts"
    WORKFLOW = "workflow"
    FIGURES = "figures"


ROLES = {Purpose.DRAFTS: Role.EDITOR, Purpose.WORKFLOW: Role.REVIEWER, Purpose.FIGURES: Role.EDITOR}
"""The role in which a program acts that uses its token for a purpose; it has it nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is known here, which is not the secret itself. No `offices` are the whole city.

    `expires` and `used` are days in the city, the last one on which it is good and the last one on which it was used;
    `author` is the login of who made it; moments are UTC.
    """

    id: int
    name: str
    purposes: tuple[Purpose, ...]
    offices: tuple[str, ...]
    author: str
    made: datetime
    expires: date | None = None
    used: date | None = None
    revoked: datetime | None = None

    def holds(self, on: date) -> bool:
        """Return whether it is still good on a day."""
        return self.revoked is None and (self.expires is None or on <= self.expires)

    def covers(self, lineage: Iterable[str]) -> bool:
        """Return whether it is good for an office, given as its slug and those above it."""
        return not self.offices or not set(self.offices).isdisjoint(lineage)

    def person(self, purposes: Iterable[Purpose]) -> Person:
        """Return the person as whom a program acts that uses it for some of these purposes."""
        used = [purpose for purpose in purposes if purpose in self.purposes]
        roles = dict.fromkeys(ROLES[purpose] for purpose in used)
        grants = tuple(Grant(role, office) for role in roles for office in self.offices or ("",))
        return Person(f"{ACTOR}{self.name}", self.name, grants)
