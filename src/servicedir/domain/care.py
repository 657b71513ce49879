"""What is missing in an entry: what its office has to care for, and what is most urgent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from servicedir.domain.history import Scheduled
from servicedir.domain.service import ChannelKind, Service, Stage
from servicedir.domain.text import Text
from servicedir.domain.workflow import Permission, State


class Care(StrEnum):
    """Why an entry wants to be looked at. PLANNED is no fault, but good to know."""

    CONTRADICTORY = "contradictory"
    BROKEN = "broken"
    HINTS = "hints"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"
    UNASSIGNED = "unassigned"
    PLANNED = "planned"


URGENCY = {
    Care.CONTRADICTORY: 32,
    Care.HINTS: 16,
    Care.BROKEN: 8,
    Care.OVERDUE: 4,
    Care.UNKNOWN: 2,
    Care.UNASSIGNED: 1,
    Care.PLANNED: 0,
}
"""What misleads citizens today comes first; each weighs more than all that follow it together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an entry stands, without what it says; `drafters` wrote what is not live yet, `reason` is the latest's."""

    slug: str
    state: State
    live: int | None
    latest: int
    author: str
    reason: str
    recorded: datetime
    responsible: str = ""
    review_months: int | None = None
    drafters: frozenset[str] = frozenset()

    @property
    def has_draft(self) -> bool:
        """Return whether the latest revision is not what outsiders see."""
        return self.live is not None and self.state in (State.PRIVATE, State.PENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What lists show and count of a version of an entry; `stage` is that of video on the day that was asked for."""

    title: Text
    office: str
    stage: Stage
    is_contradictory: bool

    @classmethod
    def of(cls, service: Service, on: date) -> Gist:
        """Return the gist of a version on a day."""
        return cls(
            title=service.title,
            office=service.office,
            stage=service.stage(ChannelKind.VIDEO, on),
            is_contradictory=bool(service.constraints) and bool(service.contradictions(on)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tended:
    """An entry as one of those who care for it sees it: its latest version, what it lacks, what they may do.

    `due` is the day on which it is to be looked at again, where something is live.
    """

    standing: Standing
    gist: Gist
    cares: frozenset[Care]
    permitted: frozenset[Permission]
    due: date | None = None
    planned: tuple[Scheduled, ...] = ()

    @property
    def slug(self) -> str:
        """Return the slug under which the entry is found."""
        return self.standing.slug

    @property
    def title(self) -> Text:
        """Return what its latest version is called."""
        return self.gist.title

    @property
    def office(self) -> str:
        """Return the slug of the office that answers for it."""
        return self.gist.office

    @property
    def stage(self) -> Stage:
        """Return where its video channel stands today."""
        return self.gist.stage

    @property
    def urgency(self) -> int:
        """Return how much the entry wants to be looked at; 0 where nothing is missing."""
        return sum(URGENCY[care] for care in self.cares)


def cares_of(
    gist: Gist,
    *,
    is_assigned: bool,
    is_overdue: bool,
    has_hints: bool,
    is_planned: bool,
    is_broken: bool,
) -> frozenset[Care]:
    """Return what has to be cared for in an entry; what the entry cannot say by itself is given."""
    found = {
        Care.CONTRADICTORY: gist.is_contradictory,
        Care.BROKEN: is_broken,
        Care.HINTS: has_hints,
        Care.OVERDUE: is_overdue,
        Care.UNKNOWN: gist.stage is Stage.UNKNOWN,
        Care.UNASSIGNED: not is_assigned,
        Care.PLANNED: is_planned,
    }
    return frozenset(care for care, holds in found.items() if holds)
