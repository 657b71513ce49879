"""What a person asks of the catalogue and what comes back; the parameters of every search face."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypeVar

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.day import Day, Precision
from servicedir.domain.history import Published
from servicedir.domain.service import ChannelKind, Constraint, Nature, Stage
from servicedir.domain.text import Text

T = TypeVar("T")

LONGEST_QUERY = 200
"""Characters of `q` that are read; what comes after is cut."""

DEEPEST_RESULT = 10_000
"""The last result that can be paged to."""

PER_PAGE = 20

MOST_PER_PAGE = 100


class Sort(StrEnum):
    """Orders of results; `relevance` of a search without words is by title."""

    RELEVANCE = "relevance"
    TITLE = "title"
    UPDATED = "updated"


class BadValue(ValueError):
    """A parameter with a value that is none of its own: a 400 with a sentence.

    `parameter` and `value` are as sent; `reason` is `unknown` (with `allowed` where the list is short), `number`
    (with `allowed` as the bounds), `day`, `future` (with today as `allowed`), `before` (with the first day of which
    anything is known), `moment`, `cursor`, `repeated`, or `too_many` (with the most as `allowed`).
    """

    def __init__(self, parameter: str, value: str, reason: str, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(f"{parameter}={value!r}: {reason} {', '.join(allowed)}".rstrip())
        self.parameter = parameter
        self.value = value
        self.reason = reason
        self.allowed = allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search: values of one filter are ORed, filters are ANDed. `on` None is today."""

    q: str = ""
    video: tuple[Stage, ...] = ()
    channel: tuple[ChannelKind, ...] = ()
    nature: tuple[Nature, ...] = ()
    office: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    on: date | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = PER_PAGE
    lang: str = "de"

    def pairs(self, language: str = "de") -> list[tuple[str, str]]:
        """Return the parameters that say this query, without what is default: every state is in the address.

        `language` is the one of the interface that goes without saying.
        """
        found = [("q", self.q)] if self.q else []
        found += self.selected
        singles = (
            ("on", str(self.on), self.on is not None),
            ("sort", self.sort.value, self.sort is not Sort.RELEVANCE),
            ("page", str(self.page), self.page != 1),
            ("per_page", str(self.per_page), self.per_page != PER_PAGE),
            ("lang", self.lang, self.lang != language),
        )
        found += [(name, value) for name, value, is_said in singles if is_said]
        return found

    def toggled(self, facet: str, value: str) -> Query:
        """Return this query on its first page with a facet's value taken out if it is in, else added."""
        chosen = getattr(self, facet)
        kept = tuple(v for v in chosen if v != value)
        added = kept if len(kept) < len(chosen) else (*chosen, value)
        changes: dict[str, Any] = {facet: added}
        return replace(self, page=1, **changes)

    @property
    def selected(self) -> list[tuple[str, str]]:
        """Return the chosen facet values as pairs of facet and value."""
        return [(name, str(value)) for name in FACETS if (values := getattr(self, name)) for value in values]


FACETS = ("video", "channel", "nature", "office", "topic", "audience", "language")
"""Facets in the order in which they are shown."""

_SINGLE = ("q", "on", "sort", "page", "per_page", "lang")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet with the number of results that it would leave, the facet's own choice left out."""

    value: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet's values in their order, the count of each at the same place, and which are chosen."""

    values: Sequence[str]
    counts: Sequence[int]
    selected: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[FacetValue]:
        for value, count in zip(self.values, self.counts, strict=True):
            yield FacetValue(value, count, value in self.selected)


class Held(Protocol):
    """An entry as an index holds it: what it says is read when somebody asks. Any change of it makes another one."""

    def __hash__(self) -> int:
        """Return what tells it from others: something may be kept of it as long as it is there."""

    @property
    def slug(self) -> str:
        """Return its address."""

    @property
    def revision(self) -> int:
        """Return the number of the live revision."""

    @property
    def title(self) -> Text:
        """Return what it is called."""

    @property
    def office(self) -> str:
        """Return the slug of the responsible office."""

    @property
    def updated(self) -> float:
        """Return when the live revision was recorded, in seconds since 1970."""

    @property
    def offices(self) -> tuple[str, ...]:
        """Return the slugs of its offices, the responsible one first."""

    @property
    def places(self) -> tuple[str, ...]:
        """Return the slugs of its places."""

    @property
    def steps(self) -> tuple[tuple[str, int, str], ...]:
        """Return from which day (its ordinal) on which channel is in which stage; before the first one, unknown."""

    @property
    def attested(self) -> tuple[int, ...]:
        """Return the days of those steps of video of which it is only known that the stage held by then."""

    @property
    def limits(self) -> tuple[Constraint, ...]:
        """Return what law or technology asks for on video, without its note; what is allowed anyway is left out."""

    @property
    def published(self) -> Published:
        """Return the entry as a value."""

    def begun(self, on: date) -> date | None:
        """Return the last day until `on` from which one of its channels stands elsewhere than before, if any."""

    def marked(self, words: frozenset[str], language: str) -> tuple[str, str]:
        """Return a piece of its texts as escaped HTML with those words in `<mark>`, and the language of that text.

        The piece is of the summary, else of the body; empty where the words stand in neither, or in the title alone.
        """


class Hit(NamedTuple):
    """A found entry, by which words it was found, and the language in which it is read."""

    held: Held
    words: Callable[[], frozenset[str]] = frozenset
    lang: str = "de"

    @property
    def slug(self) -> str:
        """Return the address of the entry."""
        return self.held.slug

    @property
    def revision(self) -> int:
        """Return the number of the live revision."""
        return self.held.revision

    @property
    def entry(self) -> Published:
        """Return the entry as a value."""
        return self.held.published

    def marked(self) -> tuple[str, str]:
        """Return a piece of the entry as escaped HTML in which `<mark>` is the only markup, or empty; its language."""
        words = self.words()
        return self.held.marked(words, self.lang) if words else ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of results, with facets over all of them, and what helps where there are none.

    `suggestion` is the query as it may have been meant. `wish` is the channel for which the words ask, so that it can
    be offered as a filter. `is_nearest` says that no entry has all that was typed, so that these merely come close.
    `relaxed` holds, if nothing was found, queries that leave one word or filter out, with totals.
    """

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Facet]
    suggestion: str | None = None
    wish: ChannelKind | None = None
    is_nearest: bool = False
    relaxed: tuple[tuple[str, Query, int], ...] = field(default=())

    @property
    def pages(self) -> int:
        """Return the number of the last page, at least 1."""
        per_page = self.query.per_page
        return max(1, min(-(-self.total // per_page), DEEPEST_RESULT // per_page))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: words to show, and what they lead to.

    `kind` is `service`, `topic` or `office`, and `slug` then its own; or `search`, and `slug` then what to search for.
    """

    text: str
    kind: str
    slug: str


def parse(
    pairs: Iterable[tuple[str, str]],
    catalogue: Catalogue,
    languages: Iterable[str] = ("de", "en"),
    spoken: Iterable[str] = (),
) -> Query:
    """Return the query that parameters say. Unknown parameters and empty values are ignored; `q` is cut.

    `languages` are those of the interface, the default one first; `spoken` those in which services are offered.
    Raises BadValue for a value that a parameter does not have.
    """
    interface = tuple(languages)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        value = value.replace("\x00", "").strip()
        if value:
            given.setdefault(name, []).append(value)
    for name in _SINGLE:
        if len(given.get(name, ())) > 1:
            raise BadValue(name, given[name][1], "repeated")

    def chosen(name: str, make: Callable[[str], T], allowed: Iterable[str]) -> tuple[T, ...]:
        if name not in given:
            return ()
        names = set(allowed)
        for value in given.get(name, ()):
            if value not in names:
                raise BadValue(name, value, "unknown", tuple(sorted(names)) if len(names) < 12 else ())
        return tuple(dict.fromkeys(make(value) for value in given.get(name, ())))

    def number(name: str, default: int, most: int) -> int:
        if name not in given:
            return default
        value = given[name][0]
        if not (value.isascii() and value.isdigit() and len(value) < 9 and 1 <= int(value) <= most):
            raise BadValue(name, value, "number", ("1", str(most)))
        return int(value)

    per_page = number("per_page", PER_PAGE, MOST_PER_PAGE)
    return Query(
        q=given.get("q", [""])[0][:LONGEST_QUERY].strip(),
        video=chosen("video", Stage, Stage),
        channel=chosen("channel", ChannelKind, ChannelKind),
        nature=chosen("nature", Nature, Nature),
        office=chosen("office", str, catalogue.offices),
        topic=chosen("topic", str, catalogue.topics),
        audience=chosen("audience", str, catalogue.audiences),
        language=chosen("language", str, spoken),
        on=_day(given.get("on", [""])[0]),
        sort=(chosen("sort", Sort, Sort) or (Sort.RELEVANCE,))[0],
        page=number("page", 1, DEEPEST_RESULT // per_page),
        per_page=per_page,
        lang=(chosen("lang", str, interface) or interface)[0],
    )


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        day = Day(value)
    except ValueError:
        raise BadValue("on", value, "day") from None
    if day.precision is not Precision.DAY:
        raise BadValue("on", value, "day")
    return day.first
