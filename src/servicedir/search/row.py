"""An entry as an index holds it: what sorts and filters it at hand, everything else packed until somebody asks."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from sys import intern
from typing import Any, TypeAlias

from servicedir.domain.document import from_document, to_document
from servicedir.domain.history import Published
from servicedir.domain.service import (
    Channel,
    ChannelKind,
    Constraint,
    ConstraintKind,
    Effect,
    LegalBasis,
    Requirement,
    Service,
    Stage,
)
from servicedir.domain.text import LANGUAGES, Text
from servicedir.search.highlight import Piece, marked, plain

Step: TypeAlias = tuple[str, int, str]
"""From an ordinal day on a kind of channel is in a stage, until its next step. Before its first one: unknown."""

_SAME: dict[tuple[str, str], tuple[str, str]] = {}

MOST_OPENED = 200
"""Entries that are kept as values at a time; the others are read again when they are asked for."""
MOST_SHOWN = 20_000
"""Entries, in each language, of which the words of title and summary are kept ready to be marked."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Row:
    """One published entry. It stays the same object as long as nothing about the entry changes.

    `filters` are pairs of facet, or `place`, and value that no day changes; `steps` say where its channels stand on
    which day, and `attested` which of those of video begin on a day that is merely the first one known; `asked` is what
    is asked for on video; `bodies` are the words of its long text in each language, packed.
    """

    slug: str
    revision: int
    updated: float
    title: Text
    summary: Text
    filters: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    attested: tuple[int, ...]
    asked: tuple[tuple[str, str, str, str, str], ...]
    bodies: tuple[tuple[str, bytes], ...]
    stored: bytes

    @classmethod
    def of(cls, entry: Published) -> Row:
        """Return the row of an entry."""
        service = entry.service
        raw = {
            "document": to_document(service),
            "revision": entry.revision,
            "updated": entry.updated.isoformat(),
        }
        return cls(
            slug=service.slug,
            revision=entry.revision,
            updated=entry.updated.timestamp(),
            title=service.title,
            summary=service.summary,
            filters=tuple(_filters(service)),
            steps=tuple(step for channel in service.channels for step in steps(channel)),
            attested=tuple(_attested(service.channel(ChannelKind.VIDEO))),
            asked=tuple(dict.fromkeys(_asked(service))),
            bodies=tuple((code, zlib.compress(plain(words).encode())) for code, words in service.body),
            stored=zlib.compress(json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode(), 6),
        )

    def packed(self) -> tuple[Any, ...]:
        """Return the row as plain values, which `unpacked` reads."""
        texts = self.title.values, self.summary.values
        held = self.filters, self.steps, self.attested, self.asked, self.bodies, self.stored
        return (self.slug, self.revision, self.updated, *texts, *held)

    @classmethod
    def unpacked(cls, values: tuple[Any, ...]) -> Row:
        """Return the row that was packed."""
        slug, revision, updated, title, summary, filters, steps, attested, asked, bodies, stored = values
        # The same few filters and stages stand in thousands of rows, where one object for each will do.
        same = tuple(_SAME.setdefault(pair, pair) for pair in filters)
        held = tuple((intern(kind), day, intern(stage)) for kind, day, stage in steps)
        texts = Text(title), Text(summary)
        return cls(
            slug, revision, updated, *texts, same, held, tuple(attested), tuple(map(tuple, asked)), bodies, stored
        )

    @property
    def office(self) -> str:
        """Return the slug of the responsible office."""
        return next(value for facet, value in self.filters if facet == "office")

    @property
    def offices(self) -> tuple[str, ...]:
        """Return the slugs of its offices, the responsible one first."""
        return tuple([value for facet, value in self.filters if facet == "office"])

    @property
    def places(self) -> tuple[str, ...]:
        """Return the slugs of its places."""
        return tuple([value for facet, value in self.filters if facet == "place"])

    @property
    def limits(self) -> tuple[Constraint, ...]:
        """Return what law or technology asks for on video, without its note; what is allowed anyway is left out."""
        return tuple(
            Constraint(
                kind=ConstraintKind(kind),
                requirement=Requirement(requirement),
                effect=Effect(effect),
                channel=ChannelKind.VIDEO,
                legal_basis=LegalBasis(citation, url) if citation or url else None,
            )
            for kind, requirement, effect, citation, url in self.asked
        )

    @property
    def published(self) -> Published:
        """Return the entry as a value."""
        return _opened(self)

    def begun(self, on: date) -> date | None:
        """Return the last day until `on` from which one of its channels stands elsewhere than before, if any."""
        last = max((day for _kind, day, _stage in self.steps if day <= on.toordinal()), default=0)
        return date.fromordinal(last) if last else None

    def warm(self, language: str) -> None:
        """Find the words of title and summary before somebody asks for them in a language."""
        _shown(self, language)

    def marked(self, words: frozenset[str], language: str) -> tuple[str, str]:
        """Return the summary with words marked, or a piece of the body if nothing nearer shows why it is found."""
        title, summary = _shown(self, language)
        if found := summary.marked(words):
            return found, summary.language
        if title.has(words):
            return "", ""
        bodies = dict(self.bodies)
        code = next((code for code in (language, *LANGUAGES, *bodies) if code in bodies), "")
        return marked(zlib.decompress(bodies[code]).decode(), code, words) if code else "", code


@lru_cache(maxsize=MOST_OPENED)
def _opened(row: Row) -> Published:
    raw = json.loads(zlib.decompress(row.stored))
    return Published(
        service=from_document(Service, raw["document"]),
        revision=raw["revision"],
        updated=datetime.fromisoformat(raw["updated"]),
    )


@lru_cache(maxsize=MOST_SHOWN)
def _shown(row: Row, language: str) -> tuple[Piece, Piece]:
    """Return title and summary as a reader of a language gets them, ready to be marked."""
    title, summary = row.title.show(language), row.summary.show(language)
    return Piece(title.words, title.language), Piece(summary.words, summary.language)


def _filters(service: Service) -> Iterable[tuple[str, str]]:
    yield "nature", service.nature.value
    for facet in ("offices", "topics", "audiences", "languages", "places"):
        for value in dict.fromkeys(getattr(service, facet)):
            yield facet.removesuffix("s"), value


def steps(channel: Channel) -> Iterable[Step]:
    """Yield the days on which a channel comes into another stage, in order, as the channel itself says it."""
    days = {period.first for period in channel.periods}
    days |= {period.last + timedelta(days=1) for period in channel.periods if period.last < date.max}
    before = Stage.UNKNOWN
    for day in sorted(days):
        stage = channel.period(day).stage
        if stage is not before:
            yield channel.kind.value, day.toordinal(), stage.value
            before = stage


def _attested(channel: Channel) -> Iterable[int]:
    """Yield the days on which a channel comes into a stage of which nobody says since when it holds."""
    for _kind, day, _stage in steps(channel):
        period = channel.period(date.fromordinal(day))
        if period.attested and not period.since:
            yield day


def _asked(service: Service) -> Iterable[tuple[str, str, str, str, str]]:
    for constraint in service.constraints:
        if constraint.concerns(ChannelKind.VIDEO) and constraint.effect is not Effect.ALLOWS:
            basis = constraint.legal_basis or LegalBasis("")
            said = constraint.kind.value, constraint.requirement.value, constraint.effect.value
            yield (*said, basis.citation, basis.url)
