"""A feed in Atom 1.0 (RFC 4287), with pages (RFC 5005)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from servicedir.domain.text import Shown
from servicedir.exchange.markup import Xml, document, tag

MEDIA_TYPE = "application/atom+xml"
GENERATOR = "servicedir"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What an entry is about: a term of a scheme, and what that is called."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry; `id` stays the same whatever becomes of its address. Moments are aware."""

    id: str
    title: Shown
    link: str
    updated: datetime
    published: datetime
    summary: Shown
    author: str
    author_url: str = ""
    categories: Sequence[Category] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, or a page of one: `links` are pairs of relation and address, of pages and of itself."""

    id: str
    title: str
    subtitle: str
    language: str
    author: str
    updated: datetime
    page: str
    links: Sequence[tuple[str, str]]
    icon: str = ""
    entries: Sequence[Entry] = field(default=())


def atom(feed: Feed) -> bytes:
    """Return the feed as a document."""
    attributes = {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": feed.language}
    return document([tag("feed", *_head(feed), *(_entry(entry) for entry in feed.entries), attributes=attributes)])


def _head(feed: Feed) -> Iterator[Xml]:
    yield tag("id", feed.id)
    yield tag("title", feed.title)
    yield tag("subtitle", feed.subtitle)
    yield tag("updated", moment(feed.updated))
    yield tag("author", tag("name", feed.author))
    yield tag("generator", GENERATOR)
    if feed.icon:
        yield tag("icon", feed.icon)
    yield tag("link", attributes={"rel": "alternate", "type": "text/html", "href": feed.page})
    for relation, address in feed.links:
        yield tag("link", attributes={"rel": relation, "type": MEDIA_TYPE, "href": address})


def _entry(entry: Entry) -> Xml:
    author = [tag("name", entry.author)] + ([tag("uri", entry.author_url)] if entry.author_url else [])
    return tag(
        "entry",
        tag("id", entry.id),
        _text("title", entry.title),
        tag("link", attributes={"rel": "alternate", "type": "text/html", "href": entry.link}),
        tag("published", moment(entry.published)),
        tag("updated", moment(entry.updated)),
        tag("author", *author),
        *(
            tag("category", attributes={"scheme": one.scheme, "term": one.term, "label": one.label})
            for one in entry.categories
        ),
        _text("summary", entry.summary),
    )


def _text(name: str, shown: Shown) -> Xml:
    """Return a text, with its language where that is not the feed's."""
    return tag(name, shown.words, attributes={"xml:lang": shown.language if shown.is_fallback else None})


def moment(at: datetime) -> str:
    """Return a moment as RFC 3339 says it: in UTC, to the second."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
