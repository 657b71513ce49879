"""What is to happen so that a service can be had in a way, and what stands against it: the steps of the rollout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from servicedir.domain.day import Day
from servicedir.domain.service import Fault, is_web_address
from servicedir.domain.text import Text


class StepState(StrEnum):
    """Where a step stands. DECIDED_AGAINST is a decision with a reason, not a failure."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"
    DECIDED_AGAINST = "decided_against"

    @property
    def is_open(self) -> bool:
        """Return whether something is still to be done."""
        return self in (StepState.PLANNED, StepState.UNDER_WAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: what (`name`), who answers for it (`office`, a slug), and until when (`target`, a month or a day).

    `earlier_targets` are the times that it should have been done by before, the first one first. `services` and
    `programmes` are slugs. `reason` says why not, where an office decided against video or dropped the step;
    `blocker` what holds it up. `paper` is the council paper with the decision, as it is cited.
    """

    slug: str
    name: Text
    office: str = ""
    services: tuple[str, ...] = ()
    target: Day | None = None
    earlier_targets: tuple[Day, ...] = ()
    state: StepState = StepState.PLANNED
    blocker: Text = field(default_factory=Text)
    reason: Text = field(default_factory=Text)
    paper: str = ""
    paper_url: str = ""
    programmes: tuple[str, ...] = ()
    source: str = ""

    def following(self, before: Step) -> Step:
        """Return this step as the next version of another: a time that slipped is kept among the earlier ones."""
        targets = before.earlier_targets
        if before.target is not None and before.target != self.target:
            targets = (*targets, before.target)
        return replace(self, earlier_targets=targets)

    def is_overdue(self, on: date) -> bool:
        """Return whether it should have been done before a day and is not."""
        return self.state.is_open and self.target is not None and self.target.last < on

    def faults(self) -> list[Fault]:
        """Return every rule that it breaks."""
        return list(self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not self.name:
            yield Fault("missing", ("name",))
        if not is_web_address(self.paper_url):
            yield Fault("not_a_web_address", ("paper_url",))
        if self.state is StepState.DECIDED_AGAINST and not self.reason:
            yield Fault("against_without_reason", ("reason",))
