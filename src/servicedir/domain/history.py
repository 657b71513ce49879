"""What was recorded when: revisions, published entries and the change log, on the directory's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from servicedir.domain.service import Service
from servicedir.domain.workflow import State

Document = dict[str, Any]


class Kind(StrEnum):
    """The kinds of content that have revisions."""

    SERVICE = "service"
    OFFICE = "office"
    PLACE = "place"
    TOPIC = "topic"
    AUDIENCE = "audience"
    SYNONYM = "synonym"
    COMPOUND = "compound"
    STEP = "step"
    PROGRAMME = "programme"
    ACCEPTANCE = "acceptance"
    INQUIRY = "inquiry"


class ChangeKind(StrEnum):
    """What a row of the change log says; PUBLIC are those that an outsider may see."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REVIVED = "revived"
    PUBLISHED = "published"
    CHANGED = "changed"
    VERIFIED = "verified"
    RENAMED = "renamed"
    READDRESSED = "readdressed"
    RETIRED = "retired"
    DELETED = "deleted"
    DISCARDED = "discarded"


LIVE = frozenset({ChangeKind.PUBLISHED, ChangeKind.CHANGED, ChangeKind.VERIFIED})
"""After these an outsider sees the revision that the row names; after the other public ones nothing."""

PUBLIC = LIVE | {ChangeKind.RENAMED, ChangeKind.RETIRED, ChangeKind.DELETED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One saved document: counted from 1 for each entry, never changed again. `recorded` is UTC."""

    number: int
    document: Document
    author: str
    reason: str
    recorded: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where an entry stands: its state, its latest revision, and the number of the live one, if any.

    `responsible` is the login of who answers for it, `review_months` the time after which it is looked at again
    (None: what the directory is set to), `successor` the slug to which a retired one points.
    """

    kind: Kind
    slug: str
    state: State
    live: int | None
    latest: Revision
    responsible: str = ""
    review_months: int | None = None
    successor: str = ""

    @property
    def has_draft(self) -> bool:
        """Return whether the latest revision is not what outsiders see."""
        return self.live is not None and self.state in (State.PRIVATE, State.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A service as outsiders see it: the value, its revision and when that was recorded (UTC)."""

    service: Service
    revision: int
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the change log; `number` grows with each commit. Author and reason are for people with an account."""

    number: int
    kind: Kind
    slug: str
    change: ChangeKind
    revision: int
    at: datetime
    author: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A step that will be taken at a moment (UTC): `publish` a revision, or `retire` the entry."""

    kind: Kind
    slug: str
    step: str
    at: datetime
    revision: int
    author: str
    reason: str = ""
    successor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """That somebody found an entry still correct on a day; `channel` is empty for the entry as a whole."""

    slug: str
    channel: str
    day: date
    author: str
    at: datetime


class Conflict(Exception):
    """Somebody else saved first: `entry` is where it stands now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"{entry.kind} {entry.slug} is at revision {entry.latest.number}")
        self.entry = entry


class NotFound(LookupError):
    """There is no such entry, or none that this person may know of."""


class Gone(NotFound):
    """An entry that outsiders could see once and that was retired: its last public document says what it was."""

    def __init__(self, slug: str, document: Document, successor: str = "") -> None:
        super().__init__(slug)
        self.slug = slug
        self.document = document
        self.successor = successor


class Moved(NotFound):
    """An entry that has another slug by now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class SlugTaken(ValueError):
    """A new entry wants a slug that another one has, or had."""
