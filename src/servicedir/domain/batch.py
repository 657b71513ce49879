"""Changing many entries at once: what can be done with them, what becomes of each, and why one is left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from servicedir.domain.day import Day
from servicedir.domain.service import Channel, ChannelKind, Effect, Period, Service, Stage
from servicedir.domain.text import Text


class Action(StrEnum):
    """What is done with many entries: their office, video under review from today, a review, who answers for them."""

    OFFICE = "office"
    UNDER_REVIEW = "under_review"
    SUBMIT = "submit"
    RESPONSIBLE = "responsible"


class Skip(StrEnum):
    """Why an entry is left out."""

    NOT_THERE = "not_there"
    UNCHANGED = "unchanged"
    FORBIDDEN = "forbidden"
    FORBIDDEN_THERE = "forbidden_there"
    IN_REVIEW = "in_review"
    NO_DRAFT = "no_draft"
    AVAILABLE = "available"
    RULED_OUT = "ruled_out"
    LATER = "later"
    NOT_AN_EDITOR = "not_an_editor"
    INVALID = "invalid"


class Unfit(ValueError):
    """An entry with which this cannot be done; `skip` says why."""

    def __init__(self, skip: Skip) -> None:
        super().__init__(skip)
        self.skip = skip


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done; `target` is the slug of the new office, or the login of who is to answer (or nobody)."""

    action: Action
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What becomes of one entry: what was (`before`) and will be (`after`), or why nothing is done (`skip`).

    `number` is the revision that is changed. `before` and `after` are slugs of offices, stages, states or logins.
    `is_live`: what is published stays so, and the change is a draft beside it.
    """

    slug: str
    title: Text = Text()
    number: int = 0
    before: str = ""
    after: str = ""
    skip: Skip | None = None
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of every entry that was chosen."""

    task: Task
    lines: tuple[Line, ...]

    @property
    def doing(self) -> list[Line]:
        """Return the lines of entries that would change."""
        return [line for line in self.lines if line.skip is None]

    @property
    def skipped(self) -> list[Line]:
        """Return the lines of entries that would be left out."""
        return [line for line in self.lines if line.skip is not None]

    @property
    def mark(self) -> str:
        """Return what tells this preview from one of the same entries after anything about them changed."""
        said = [(line.slug, line.number, line.before, line.after, line.skip) for line in self.lines]
        return sha256(repr((self.task.action.value, self.task.target, said)).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was done at once: `done` says for each entry what it was before and after, `left` what was not undone."""

    number: int
    author: str
    made: datetime
    task: Task
    done: tuple[dict[str, Any], ...]
    skipped: int = 0
    undone: datetime | None = None
    left: tuple[str, ...] = ()


def moved_to(service: Service, office: str) -> Service:
    """Return an entry with another responsible office; further offices stay. Raises Unfit where it has it already."""
    if service.office == office:
        raise Unfit(Skip.UNCHANGED)
    return replace(service, offices=(office, *(other for other in service.offices[1:] if other != office)))


def under_review(service: Service, today: date) -> Service:
    """Return an entry whose video channel is under review from today on; what held so far ends yesterday.

    Raises Unfit where that would contradict what the entry says: that there is video, that it is ruled out, or what
    begins today or later.
    """
    channel = service.channel(ChannelKind.VIDEO)
    now = channel.period(today)
    if now.stage is Stage.UNDER_REVIEW:
        raise Unfit(Skip.UNCHANGED)
    if now.stage.available:
        raise Unfit(Skip.AVAILABLE)
    if now.stage is Stage.RULED_OUT or any(
        c.effect is Effect.RULES_OUT and c.concerns(ChannelKind.VIDEO) for c in service.constraints
    ):
        raise Unfit(Skip.RULED_OUT)
    if any(period.first >= today for period in channel.periods):
        raise Unfit(Skip.LATER)
    eve = Day((today - timedelta(days=1)).isoformat())
    before = tuple(replace(p, until=eve) if p.holds(today) else p for p in channel.periods)
    begun = Period(stage=Stage.UNDER_REVIEW, since=Day(today.isoformat()))
    return _with_channel(service, replace(channel, periods=(*before, begun)))


def _with_channel(service: Service, channel: Channel) -> Service:
    others = tuple(channel if c.kind is channel.kind else c for c in service.channels)
    there = any(c.kind is channel.kind for c in service.channels)
    return replace(service, channels=others if there else (*others, channel))
