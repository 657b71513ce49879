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
    VERIFY = "verify"
    RENAME = "rename"
    ASSIGN = "assign"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Transition:
    """A step between states: what it needs, where it may start, where it ends; some need something to be live."""

    permission: Permission
    starts: frozenset[State]
    ends: State
    needs_live: bool = False

    def possible(self, state: State, live: int | None) -> bool:
        """Return whether an entry in a state, with a live revision or none, can take this step."""
        return state in self.starts and (live is not None or not self.needs_live)


TIMED = frozenset({"publish", "retire"})
"""Steps that can be taken later, at a moment said now."""

UNPLANS = {
    "publish": ("publish",),
    "withdraw": ("publish",),
    "reject": ("publish",),
    "discard": ("publish",),
    "retire": ("publish", "retire"),
}
"""Which steps that were planned for later a step makes void."""

TRANSITIONS = {
    "submit": Transition(Permission.SUBMIT, frozenset({State.PRIVATE}), State.PENDING),
    "withdraw": Transition(Permission.WITHDRAW, frozenset({State.PENDING}), State.PRIVATE),
    "reject": Transition(Permission.REJECT, frozenset({State.PENDING}), State.PRIVATE),
    "publish": Transition(Permission.PUBLISH, frozenset({State.PRIVATE, State.PENDING}), State.PUBLISHED),
    "discard": Transition(Permission.EDIT, frozenset({State.PRIVATE}), State.PUBLISHED, needs_live=True),
    "retire": Transition(Permission.RETIRE, frozenset({State.PRIVATE, State.PENDING, State.PUBLISHED}), State.RETIRED),
    "revive": Transition(Permission.REVIVE, frozenset({State.RETIRED}), State.PRIVATE),
}

_P = Permission
# VERIFY: the live version is still right, which holds beside any draft. SHARE: a link that shows the latest version
# to people without an account. ASSIGN: who answers for the entry, and how often it is looked at.
_EDITOR = {
    State.PRIVATE: frozenset({_P.VIEW, _P.EDIT, _P.SUBMIT, _P.VERIFY, _P.SHARE}),
    State.PENDING: frozenset({_P.VIEW, _P.WITHDRAW, _P.VERIFY, _P.SHARE}),
    State.PUBLISHED: frozenset({_P.VIEW, _P.EDIT, _P.VERIFY, _P.SHARE}),
    State.RETIRED: frozenset({_P.VIEW}),
}
_REVIEWER = {
    State.PRIVATE: _EDITOR[State.PRIVATE] | {_P.PUBLISH, _P.RENAME, _P.ASSIGN, _P.RETIRE},
    State.PENDING: _EDITOR[State.PENDING] | {_P.EDIT, _P.REJECT, _P.PUBLISH, _P.RENAME, _P.ASSIGN, _P.RETIRE},
    State.PUBLISHED: _EDITOR[State.PUBLISHED] | {_P.RETIRE, _P.RENAME, _P.ASSIGN},
    State.RETIRED: frozenset({_P.VIEW, _P.REVIVE, _P.ASSIGN}),
}
PERMISSIONS: dict[Role, dict[State, frozenset[Permission]]] = {
    Role.EDITOR: _EDITOR,
    Role.REVIEWER: _REVIEWER,
    Role.COORDINATOR: _REVIEWER,
    Role.ADMINISTRATOR: _REVIEWER,
}


class Duty(StrEnum):
    """What a person may do in the city as a whole, whatever the entry."""

    BOARD = "board"
    WORDS = "words"
    ROLES = "roles"
    PEOPLE = "people"
    AUDIT = "audit"
    TOKENS = "tokens"
    INQUIRIES = "inquiries"
    APPROVE = "approve"


_COORDINATOR = frozenset({Duty.BOARD, Duty.WORDS, Duty.ROLES, Duty.TOKENS, Duty.INQUIRIES, Duty.APPROVE})
DUTIES: dict[Role, frozenset[Duty]] = {
    Role.EDITOR: frozenset(),
    Role.REVIEWER: frozenset(),
    Role.COORDINATOR: _COORDINATOR,
    Role.ADMINISTRATOR: _COORDINATOR | {Duty.PEOPLE, Duty.AUDIT},
}
"""BOARD sees how every office does, WORDS keeps the catalogue's small nouns, ROLES gives the roles of
offices, TOKENS lets other programs in, INQUIRIES writes answers to the council, APPROVE approves those that somebody
else wrote, PEOPLE makes accounts and gives every role, AUDIT reads who did what."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for an office and those below it; an empty office is the whole city; `until` is the last day.

    `deputy_of` is the login of whom the role belongs to, where it is held for somebody who is away.
    """

    role: Role
    office: str = ""
    until: date | None = None
    deputy_of: str = ""


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


def duties(person: Person, on: date) -> frozenset[Duty]:
    """Return what a person may do for the city on a day."""
    return frozenset().union(*(DUTIES[role] for role in person.roles((), on)))


def visible(live: int | None) -> bool:
    """Return whether an outsider may see an entry, of which `live` is the published revision.

    The one rule that every public face asks: pages, search, counts, suggestions, API, changes, embed.
    """
    return live is not None
