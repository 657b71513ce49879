"""Who may do what with an entry: states, transitions and one table of state x role -> permissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """State of an entry's latest revision; what is outside is the live revision, whatever the state."""

    PRIVATE = "private"
    PENDING = "pending"
    PUBLISHED = "published"
    RETIRED = "retired"


class Role(StrEnum):
    """What a person is, for an office and those below it, or for the whole city."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a person may do with an entry in a state."""

    VIEW = "view"
    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    REJECT = "reject"
    RETIRE = "retire"
    REVIVE = "revive"


@dataclass(frozen=True, slots=True)
class Transition:
    """A step between states: what it needs, where it may start, where it ends."""

    permission: Permission
    starts: frozenset[State]
    ends: State


TRANSITIONS = {
    "submit": Transition(Permission.SUBMIT, frozenset({State.PRIVATE}), State.PENDING),
    "withdraw": Transition(Permission.WITHDRAW, frozenset({State.PENDING}), State.PRIVATE),
    "reject": Transition(Permission.REJECT, frozenset({State.PENDING}), State.PRIVATE),
    "publish": Transition(Permission.PUBLISH, frozenset({State.PRIVATE, State.PENDING}), State.PUBLISHED),
    "retire": Transition(Permission.RETIRE, frozenset({State.PUBLISHED}), State.RETIRED),
    "revive": Transition(Permission.REVIVE, frozenset({State.RETIRED}), State.PRIVATE),
}

_P = Permission
_EDITOR = {
    State.PRIVATE: frozenset({_P.VIEW, _P.EDIT, _P.SUBMIT}),
    State.PENDING: frozenset({_P.VIEW, _P.WITHDRAW}),
    State.PUBLISHED: frozenset({_P.VIEW, _P.EDIT}),
    State.RETIRED: frozenset({_P.VIEW}),
}
_REVIEWER = {
    State.PRIVATE: frozenset({_P.VIEW, _P.EDIT, _P.SUBMIT, _P.PUBLISH}),
    State.PENDING: frozenset({_P.VIEW, _P.EDIT, _P.WITHDRAW, _P.REJECT, _P.PUBLISH}),
    State.PUBLISHED: frozenset({_P.VIEW, _P.EDIT, _P.RETIRE}),
    State.RETIRED: frozenset({_P.VIEW, _P.REVIVE}),
}
PERMISSIONS: dict[Role, dict[State, frozenset[Permission]]] = {
    Role.EDITOR: _EDITOR,
    Role.REVIEWER: _REVIEWER,
    Role.COORDINATOR: _REVIEWER,
    Role.ADMINISTRATOR: _REVIEWER,
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for an office and those below it; an empty office is the whole city; `until` is the last day."""

    role: Role
    office: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: a login, a name to show, and what was granted."""

    login: str
    name: str = ""
    grants: tuple[Grant, ...] = ()

    def roles(self, lineage: Iterable[str], on: date) -> frozenset[Role]:
        """Return the roles held on a day for an office, given as its slug and those above it."""
        offices = {"", *lineage}
        return frozenset(
            grant.role for grant in self.grants if grant.office in offices and (not grant.until or on <= grant.until)
        )


SYSTEM = Person("system", "servicedir", (Grant(Role.ADMINISTRATOR),))
"""Who acts where nobody does: the sample catalogue, imports by command, timers."""


def permissions(person: Person, state: State, lineage: Iterable[str], on: date) -> frozenset[Permission]:
    """Return what a person may do with an entry of an office in a state on a day."""
    return frozenset().union(*(PERMISSIONS[role][state] for role in person.roles(lineage, on)))


def visible(live: int | None) -> bool:
    """Return whether an outsider may see an entry, of which `live` is the published revision.

    The one rule that every public face asks: pages, search, counts, suggestions, API, changes, embed.
    """
    return live is not None
