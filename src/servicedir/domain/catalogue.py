"""The small nouns: what services point at (offices, places, topics, audiences), and what search knows of words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from servicedir.domain.acceptance import Acceptance
from servicedir.domain.day import Day
from servicedir.domain.programme import Programme
from servicedir.domain.service import Fault
from servicedir.domain.step import Step
from servicedir.domain.text import Text

LONGEST_COMPOUND = 60
"""Letters of a word that is taken apart."""
SHORTEST_PART = 3
"""Letters of one of its parts."""


class OfficeKind(StrEnum):
    """What kind of body an office is."""

    DEPARTMENT = "department"
    COMMISSIONER = "commissioner"
    MUNICIPAL_COMPANY = "municipal_company"
    PARTNER_AUTHORITY = "partner_authority"
    COUNTER = "counter"


class PlaceKind(StrEnum):
    """Whether one can walk to a place."""

    PHYSICAL = "physical"
    VIRTUAL = "virtual"


class TopicKind(StrEnum):
    """Thema or Lebenslage: a field of administration, or an event in a life."""

    TOPIC = "topic"
    LIFE_SITUATION = "life_situation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A body that answers for services; `parent` is the slug of the one above, or empty.

    With `four_eyes`, here or above, nobody publishes what they wrote themselves.
    """

    slug: str
    name: Text
    kind: OfficeKind = OfficeKind.DEPARTMENT
    parent: str = ""
    summary: Text = field(default_factory=Text)
    address: Text = field(default_factory=Text)
    hours: Text = field(default_factory=Text)
    phone: str = ""
    email: str = ""
    url: str = ""
    accessibility: Text = field(default_factory=Text)
    four_eyes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where services happen, on the ground or on the net; `closed` is the first time at which it is closed."""

    slug: str
    name: Text
    kind: PlaceKind = PlaceKind.PHYSICAL
    office: str = ""
    opened: Day | None = None
    closed: Day | None = None
    summary: Text = field(default_factory=Text)
    address: Text = field(default_factory=Text)
    url: str = ""
    source: str = ""

    def is_open(self, on: date) -> bool:
        """Return whether the place is open on a day."""
        return (not self.opened or self.opened.first <= on) and (not self.closed or on < self.closed.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject under which citizens look for services."""

    slug: str
    name: Text
    kind: TopicKind = TopicKind.TOPIC
    summary: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """For whom a service is."""

    slug: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonym:
    """Words that mean the same to who searches; `slug` is made of the first one."""

    slug: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """How search takes a word apart, where it errs by itself; a single part: never. `slug` is made of the word.

    The word is what its parts make together, so there is no second spelling of it that could differ.
    """

    slug: str
    parts: tuple[str, ...]

    @property
    def word(self) -> str:
        """Return the whole word."""
        return "".join(self.parts)

    def faults(self) -> list[Fault]:
        """Return every rule that it breaks: letters only, none of its parts too short, the word not too long."""
        broken = {
            "no_letters": any(part and not part.isalpha() for part in self.parts),
            "short_part": not self.parts or any(len(part) < SHORTEST_PART for part in self.parts),
            "long_word": len(self.word) > LONGEST_COMPOUND,
        }
        return [Fault(what, ("parts",)) for what, is_broken in broken.items() if is_broken]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All small nouns by slug, as of one change number or moment: what stands beside the services."""

    offices: Mapping[str, Office]
    places: Mapping[str, Place]
    topics: Mapping[str, Topic]
    audiences: Mapping[str, Audience]
    synonyms: Mapping[str, Synonym] = field(default_factory=dict)
    compounds: Mapping[str, Compound] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    acceptances: Mapping[str, Acceptance] = field(default_factory=dict)

    def lineage(self, office: str) -> Iterator[str]:
        """Yield the slugs of an office and of those above it, nearest first; ends at an unknown or repeated one."""
        seen: set[str] = set()
        while office in self.offices and office not in seen:
            seen.add(office)
            yield office
            office = self.offices[office].parent

    def needs_four_eyes(self, office: str) -> bool:
        """Return whether an office, or one above it, wants another person to publish than who wrote."""
        return any(self.offices[slug].four_eyes for slug in self.lineage(office))

    def children(self, office: str) -> list[Office]:
        """Return the offices directly below one; with an empty slug those at the top."""
        return [
            o
            for o in self.offices.values()
            if o.parent == office or (not office and o.parent and o.parent not in self.offices)
        ]

    def within(self, office: str) -> set[str]:
        """Return the slugs of an office and of all below it."""
        return {slug for slug in self.offices if office in self.lineage(slug)}
