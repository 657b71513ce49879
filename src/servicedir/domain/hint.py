"""What citizens point out: that something in an entry, or in the directory itself, is wrong; and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SHORTEST, LONGEST = 10, 2000
"""Bounds of a hint's text, in characters."""
LONGEST_CONTACT = 254
"""Characters of an e-mail address (RFC 5321, 4.5.3.1.3)."""
MOST_LINKS = 3
"""More addresses than these in one text are advertising."""

_LINK = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)
# Less than RFC 5322 allows, but what mail programs take; umlauts are possible on both sides.
_CONTACT = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[\w-]+(?:\.[\w-]+)+")


class Subject(StrEnum):
    """What a hint is about."""

    WRONG = "wrong"
    BROKEN_LINK = "broken_link"
    UNCLEAR = "unclear"
    ACCESSIBILITY = "accessibility"
    OTHER = "other"


class HintState(StrEnum):
    """Where a hint stands as a task of the office."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    REJECTED = "rejected"
    SPAM = "spam"


WAITING = frozenset({HintState.OPEN, HintState.IN_PROGRESS})
"""States in which somebody has still to do something."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the task: where it may start and where it ends."""

    starts: frozenset[HintState]
    ends: HintState


STEPS = {
    "take": Step(frozenset({HintState.OPEN}), HintState.IN_PROGRESS),
    "finish": Step(WAITING, HintState.DONE),
    "reject": Step(WAITING, HintState.REJECTED),
    "discard": Step(WAITING, HintState.SPAM),
    "reopen": Step(frozenset({HintState.DONE, HintState.REJECTED, HintState.SPAM}), HintState.OPEN),
}
"""What can be done with a hint: `finish` what was mended, `reject` what was no fault, `discard` what was no hint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A citizen's hint. `slug` is empty for one about the directory itself; `contact` is an e-mail address or empty.

    `at` and `closed` are UTC; `closed_by` is the login of whoever took the last step, `closed` the moment at which
    nothing was left to do.
    """

    id: int
    slug: str
    subject: Subject
    text: str
    contact: str
    state: HintState
    at: datetime
    remark: str = ""
    closed: datetime | None = None
    closed_by: str = ""

    @property
    def waits(self) -> bool:
        """Return whether somebody has still to do something."""
        return self.state in WAITING

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the names of the steps that can be taken now."""
        return tuple(name for name, step in STEPS.items() if self.state in step.starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class HintFilter:
    """Which hints are listed: in these states, of an office and those below it, on a subject; empty is any."""

    states: frozenset[HintState] = WAITING
    office: str = ""
    subject: Subject | None = None

    def fits(self, hint: Hint, lineage: Iterable[str]) -> bool:
        """Return whether a hint is listed; `lineage` is its entry's office and those above it."""
        return (
            hint.state in self.states
            and self.subject in (None, hint.subject)
            and (not self.office or self.office in lineage)
        )


def faults(text: str, contact: str = "") -> list[str]:
    """Return what is wrong with what a citizen sends: `too_short`, `too_long`, `too_many_links`, `not_an_address`."""
    found = []
    if len(text.strip()) < SHORTEST:
        found.append("too_short")
    if len(text) > LONGEST:
        found.append("too_long")
    if len(_LINK.findall(text)) > MOST_LINKS:
        found.append("too_many_links")
    if contact and not is_contact(contact):
        found.append("not_an_address")
    return found


def is_contact(text: str) -> bool:
    """Return whether this looks like one e-mail address."""
    return len(text) <= LONGEST_CONTACT and text.isprintable() and bool(_CONTACT.fullmatch(text))
