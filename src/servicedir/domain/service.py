"""What a service is: its ways of access with their stages in time, what the law asks, and who is responsible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from servicedir.domain.day import Day
from servicedir.domain.text import Text

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED_SLUGS = frozenset({"add"})
"""Addresses below /services/ that are pages of their own."""
LEIKA_KEY = re.compile(r"99\d{12}", re.ASCII)


class Nature(StrEnum):
    """Art des Anliegens: what a citizen wants of the office."""

    TRANSACTIONAL = "transactional"
    ADVISORY = "advisory"
    COORDINATION = "coordination"
    INSTRUCTION = "instruction"


class ChannelKind(StrEnum):
    """Zugangsweg: the way on which citizen and office meet."""

    VIDEO = "video"
    PHONE = "phone"
    CHAT = "chat"
    ONLINE = "online"
    IN_PERSON = "in_person"
    HOME_VISIT = "home_visit"
    MAIL = "mail"


class Stage(StrEnum):
    """Stand: where a channel of a service stands on a day. Nobody having said anything is UNKNOWN."""

    LIVE = "live"
    PILOT = "pilot"
    PLANNED = "planned"
    UNDER_REVIEW = "under_review"
    PAUSED = "paused"
    ENDED = "ended"
    NOT_PLANNED = "not_planned"
    RULED_OUT = "ruled_out"
    UNKNOWN = "unknown"

    @property
    def available(self) -> bool:
        """Return whether a citizen can use the channel in this stage."""
        return self in (Stage.LIVE, Stage.PILOT)


class ConstraintKind(StrEnum):
    """Whether a constraint comes from the law or from technology."""

    LEGAL = "legal"
    TECHNICAL = "technical"


class Requirement(StrEnum):
    """What a constraint asks for."""

    IDENTITY_CHECK = "identity_check"
    PERSONAL_APPEARANCE = "personal_appearance"
    WRITTEN_FORM = "written_form"
    SIGNATURE = "signature"
    ORIGINALS = "originals"
    BIOMETRICS = "biometrics"
    DATA_PROTECTION = "data_protection"
    EQUIPMENT = "equipment"
    OTHER = "other"


class Effect(StrEnum):
    """What a constraint does to a channel."""

    ALLOWS = "allows"
    CONDITIONS = "conditions"
    RULES_OUT = "rules_out"


class Contradiction(StrEnum):
    """What an entry says twice in different ways; a warning, never a refusal."""

    RULED_OUT_BUT_AVAILABLE = "ruled_out_but_available"
    APPEARANCE_BUT_REMOTE = "appearance_but_remote"


REMOTE = frozenset({ChannelKind.VIDEO, ChannelKind.PHONE, ChannelKind.CHAT, ChannelKind.ONLINE, ChannelKind.MAIL})
"""Channels on which a citizen does not appear in person."""


class Fault(ValueError):
    """A rule that a value breaks: `where` is the path of the field, `what` the rule's name, for a sentence later."""

    def __init__(self, what: str, where: tuple[str | int, ...]) -> None:
        super().__init__(f"{'.'.join(map(str, where))}: {what}")
        self.what = what
        self.where = where


def is_web_address(url: str) -> bool:
    """Return whether an address is empty or one that a reader may be sent to: http or https, printable, no space."""
    return not url or (url.startswith(("https://", "http://")) and url.isprintable() and " " not in url)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A citation as lawyers write it (`§ 43 IfSG`) and the address where it can be read."""

    citation: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoNeeds:
    """What a citizen needs for a video appointment; None where nobody has said."""

    tool: str = ""
    browser_only: bool | None = None
    interpreter: bool | None = None
    captions: bool | None = None
    test_url: str = ""
    privacy: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One stage of a channel in time.

    `since` and `until` are inclusive. Where the beginning is not known, `attested` is the time for which the
    source says that the stage held: the period counts from there, and says so; a stage has one of both.
    `slots_per_week` counts appointments.
    """

    stage: Stage
    since: Day | None = None
    until: Day | None = None
    attested: Day | None = None
    reason: Text = field(default_factory=Text)
    source: str = ""
    booking: Text = field(default_factory=Text)
    booking_url: str = ""
    slots_per_week: int | None = None
    by_arrangement: bool = False
    telework: bool | None = None
    needs: VideoNeeds = field(default_factory=VideoNeeds)

    @property
    def first(self) -> date:
        """Return the first day on which the stage is said to hold."""
        start = self.since or self.attested
        return start.first if start else date.min

    @property
    def last(self) -> date:
        """Return the last day on which the stage is said to hold."""
        return self.until.last if self.until else date.max

    def holds(self, on: date) -> bool:
        """Return whether the stage is said to hold on a day."""
        return self.first <= on <= self.last


NOTHING_SAID = Period(stage=Stage.UNKNOWN)
"""What holds for a channel on a day of which no period speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way of access with its stages in time, in any order."""

    kind: ChannelKind
    periods: tuple[Period, ...] = ()
    note: Text = field(default_factory=Text)
    verified: date | None = None

    def period(self, on: date) -> Period:
        """Return the period that holds on a day, or NOTHING_SAID."""
        return next((period for period in self.periods if period.holds(on)), NOTHING_SAID)

    def closed(self) -> Channel:
        """Return this channel with each open stage ended where a later one begins, unless that hides another rule."""
        order = sorted(self.periods, key=lambda period: period.first)
        ends = {
            earlier: later.since.before()
            for earlier, later in pairwise(order)
            if later.since and earlier.until is None and earlier.first < later.first
        }
        return replace(self, periods=tuple(replace(p, until=ends[p]) if p in ends else p for p in self.periods))

    def faults(self) -> Iterator[Fault]:
        """Yield what breaks a rule: periods of one channel follow each other; who rules out says why."""
        for number, period in enumerate(self.periods):
            where: tuple[str | int, ...] = ("periods", number)
            if period.first > period.last:
                yield Fault("ends_before_it_begins", (*where, "until"))
            if period.stage is not Stage.UNKNOWN and not (period.since or period.attested):
                yield Fault("undated", (*where, "since"))
            if period.stage is Stage.RULED_OUT and not period.reason:
                yield Fault("ruled_out_without_reason", (*where, "reason"))
            for name, url in (("booking_url", period.booking_url), ("test_url", period.needs.test_url)):
                if not is_web_address(url):
                    yield Fault("not_a_web_address", (*where, *(("needs",) if name == "test_url" else ()), name))
            if period.slots_per_week is not None and period.slots_per_week < 0:
                yield Fault("negative", (*where, "slots_per_week"))
        order = sorted(range(len(self.periods)), key=lambda number: self.periods[number].first)
        for earlier, later in pairwise(order):
            if self.periods[later].first <= self.periods[earlier].last:
                yield Fault("overlaps", ("periods", later, "since"))


_SILENT = {kind: Channel(kind=kind) for kind in ChannelKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """What law or technology asks on one channel, or on all of them (`channel` None)."""

    kind: ConstraintKind
    requirement: Requirement
    effect: Effect
    channel: ChannelKind | None = None
    legal_basis: LegalBasis | None = None
    note: Text = field(default_factory=Text)

    def concerns(self, channel: ChannelKind) -> bool:
        """Return whether the constraint speaks of a channel."""
        return self.channel in (None, channel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the city. `offices` are slugs, the first one is responsible; `body` is Markdown."""

    slug: str
    title: Text
    nature: Nature
    offices: tuple[str, ...]
    summary: Text = field(default_factory=Text)
    body: Text = field(default_factory=Text)
    audiences: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    documents: tuple[Text, ...] = ()
    costs: Text = field(default_factory=Text)
    duration: Text = field(default_factory=Text)
    legal_bases: tuple[LegalBasis, ...] = ()
    leika_key: str = ""
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    verified: date | None = None

    @property
    def office(self) -> str:
        """Return the slug of the responsible office."""
        return self.offices[0]

    def channel(self, kind: ChannelKind) -> Channel:
        """Return the channel of a kind; one without periods where nobody has said anything."""
        return next((channel for channel in self.channels if channel.kind is kind), _SILENT[kind])

    def stage(self, kind: ChannelKind, on: date) -> Stage:
        """Return where a channel stands on a day."""
        return self.channel(kind).period(on).stage

    def available(self, on: date) -> tuple[ChannelKind, ...]:
        """Return the channels that a citizen can use on a day."""
        return tuple(channel.kind for channel in self.channels if channel.period(on).stage.available)

    def verified_on(self, days: Mapping[str, date]) -> Service:
        """Return this entry with the days on which it was last found correct: as a whole (""), or a channel of it."""
        if not days:
            return self
        whole = max(filter(None, (self.verified, days.get(""))), default=None)
        channels = tuple(
            replace(c, verified=max(filter(None, (c.verified, days.get(c.kind.value))), default=None))
            for c in self.channels
        )
        return replace(self, verified=whole, channels=channels)

    def faults(self) -> list[Fault]:
        """Return every rule that this entry breaks; an entry with faults is not saved."""
        return list(self._faults())

    def _faults(self) -> Iterator[Fault]:
        if not SLUG.fullmatch(self.slug) or self.slug in RESERVED_SLUGS:
            yield Fault("not_a_slug", ("slug",))
        # In German: other languages are translations, and fall back to it.
        if not self.title.get("de"):
            yield Fault("missing", ("title",))
        if not self.offices:
            yield Fault("missing", ("offices",))
        if self.leika_key and not LEIKA_KEY.fullmatch(self.leika_key):
            yield Fault("not_a_leika_key", ("leika_key",))
        if self.slug in self.related:
            yield Fault("related_to_itself", ("related",))
        for number, basis in enumerate(self.legal_bases):
            if not is_web_address(basis.url):
                yield Fault("not_a_web_address", ("legal_bases", number, "url"))
        for number, constraint in enumerate(self.constraints):
            if constraint.legal_basis and not is_web_address(constraint.legal_basis.url):
                yield Fault("not_a_web_address", ("constraints", number, "url"))
        seen: set[ChannelKind] = set()
        for number, channel in enumerate(self.channels):
            if channel.kind in seen:
                yield Fault("channel_twice", ("channels", number, "kind"))
            seen.add(channel.kind)
            for fault in channel.faults():
                yield Fault(fault.what, ("channels", number, *fault.where))

    def contradictions(self, on: date) -> list[tuple[Contradiction, ChannelKind]]:
        """Return where nature and constraints contradict a stage: ruled out, or personal appearance, yet available."""
        found = []
        for kind in self.available(on):
            effects = [c for c in self.constraints if c.concerns(kind)]
            if any(c.effect is Effect.RULES_OUT for c in effects):
                found.append((Contradiction.RULED_OUT_BUT_AVAILABLE, kind))
            elif kind in REMOTE and any(
                c.requirement is Requirement.PERSONAL_APPEARANCE and c.effect is not Effect.ALLOWS for c in effects
            ):
                found.append((Contradiction.APPEARANCE_BUT_REMOTE, kind))
        return found
