"""A SQLite file for people who ask with SQL, or show it with Datasette: readable tables, and words to search.

Days are text as exact as they are known (`2024`, `2024-05`, `2024-05-01`); `first_day` and `last_day` of a period are
days to compare with. Texts have a column for German and one for English.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.service import Channel, ChannelKind, LegalBasis, Period, Service
from servicedir.domain.text import Text
from servicedir.exchange.extract import Extract

Row = tuple[Any, ...]

SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE offices (slug TEXT PRIMARY KEY, name_de TEXT, name_en TEXT, kind TEXT,
  parent TEXT REFERENCES offices(slug), summary_de TEXT, summary_en TEXT, address_de TEXT, address_en TEXT,
  hours_de TEXT, hours_en TEXT, phone TEXT, email TEXT, url TEXT, accessibility_de TEXT, accessibility_en TEXT);
CREATE TABLE topics (slug TEXT PRIMARY KEY, name_de TEXT, name_en TEXT, kind TEXT, summary_de TEXT, summary_en TEXT);
CREATE TABLE audiences (slug TEXT PRIMARY KEY, name_de TEXT, name_en TEXT);
CREATE TABLE places (slug TEXT PRIMARY KEY, name_de TEXT, name_en TEXT, kind TEXT, office TEXT REFERENCES offices(slug),
  opened TEXT, closed TEXT, summary_de TEXT, summary_en TEXT, address_de TEXT, address_en TEXT, url TEXT, source TEXT);
CREATE TABLE services (slug TEXT PRIMARY KEY, title_de TEXT, title_en TEXT, summary_de TEXT, summary_en TEXT,
  body_de TEXT, body_en TEXT, nature TEXT, office TEXT REFERENCES offices(slug), video TEXT, keywords TEXT,
  costs_de TEXT, costs_en TEXT, duration_de TEXT, duration_en TEXT, leika_key TEXT, url TEXT, verified TEXT,
  revision INTEGER, updated TEXT);
CREATE TABLE channels (service TEXT REFERENCES services(slug), channel TEXT, stage TEXT, available INTEGER, since TEXT,
  until TEXT, attested TEXT, booking_url TEXT, slots_per_week INTEGER, by_arrangement INTEGER, note_de TEXT,
  note_en TEXT, verified TEXT, PRIMARY KEY (service, channel));
CREATE TABLE periods (service TEXT REFERENCES services(slug), channel TEXT, position INTEGER, stage TEXT, since TEXT,
  until TEXT, attested TEXT, first_day TEXT, last_day TEXT, reason_de TEXT, reason_en TEXT, source TEXT,
  booking_de TEXT, booking_en TEXT, booking_url TEXT, slots_per_week INTEGER, by_arrangement INTEGER, telework INTEGER,
  tool TEXT, browser_only INTEGER, interpreter INTEGER, captions INTEGER, test_url TEXT, privacy_de TEXT,
  privacy_en TEXT, PRIMARY KEY (service, channel, position));
CREATE TABLE constraints (service TEXT REFERENCES services(slug), position INTEGER, kind TEXT, requirement TEXT,
  effect TEXT, channel TEXT, citation TEXT, url TEXT, note_de TEXT, note_en TEXT, PRIMARY KEY (service, position));
CREATE TABLE services_offices (service TEXT REFERENCES services(slug), office TEXT REFERENCES offices(slug),
  position INTEGER, PRIMARY KEY (service, office));
CREATE TABLE services_topics (service TEXT REFERENCES services(slug), topic TEXT REFERENCES topics(slug),
  PRIMARY KEY (service, topic));
CREATE TABLE services_audiences (service TEXT REFERENCES services(slug), audience TEXT REFERENCES audiences(slug),
  PRIMARY KEY (service, audience));
CREATE TABLE services_places (service TEXT REFERENCES services(slug), place TEXT REFERENCES places(slug),
  PRIMARY KEY (service, place));
CREATE TABLE services_related (service TEXT REFERENCES services(slug), related TEXT REFERENCES services(slug),
  PRIMARY KEY (service, related));
CREATE TABLE services_languages (service TEXT REFERENCES services(slug), language TEXT,
  PRIMARY KEY (service, language));
CREATE TABLE documents (service TEXT REFERENCES services(slug), position INTEGER, document_de TEXT, document_en TEXT,
  PRIMARY KEY (service, position));
CREATE TABLE legal_bases (service TEXT REFERENCES services(slug), position INTEGER, citation TEXT, url TEXT,
  PRIMARY KEY (service, position));
CREATE VIRTUAL TABLE services_fts USING FTS5 (title_de, title_en, summary_de, summary_en, body_de, body_en, keywords,
  content="services", tokenize="unicode61 remove_diacritics 2");
CREATE INDEX periods_by_stage ON periods (channel, stage, first_day);
CREATE INDEX channels_by_stage ON channels (channel, stage);
"""

_PRAGMAS = (
    # A file that nobody else sees before it is done needs no way back, and is written out as it grows.
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA page_size = 4096",
    "PRAGMA cache_size = -8000",
    "PRAGMA foreign_keys = OFF",
)


def store(extract: Extract, path: Path) -> None:
    """Write all that is published into a database file. Raises FileExistsError where there is one."""
    if path.exists():
        raise FileExistsError(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.executescript(f"BEGIN;{SCHEMA}")
        for table, rows in _small(extract):
            _insert(connection, table, rows)
        for entry in extract.entries:
            for table, rows in _of(entry, extract):
                _insert(connection, table, rows)
        connection.execute("INSERT INTO services_fts (services_fts) VALUES ('rebuild')")
        connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    for row in rows:
        # Where something is said twice, such as a topic, once is enough.
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608 - names from this file


def _both(text: Text) -> tuple[str | None, str | None]:
    return text.get("de") or None, text.get("en") or None


def _day(day: object) -> str | None:
    return str(day) if day else None


def _small(extract: Extract) -> Iterator[tuple[str, Iterable[Row]]]:
    """Yield the rows of what services point at, by table."""
    about, known = extract.about, extract.catalogue
    said = {"title": about.title, "publisher": about.publisher, "licence": about.licence, "contact": about.contact}
    said |= {"url": f"{about.base}/data/", "on": extract.on.isoformat(), "state": about.state}
    yield "about", said.items()
    yield "offices", _offices(known)
    yield "topics", ((t.slug, *_both(t.name), t.kind.value, *_both(t.summary)) for t in known.topics.values())
    yield "audiences", ((a.slug, *_both(a.name)) for a in known.audiences.values())
    yield "places", _places(known)


def _offices(known: Catalogue) -> Iterator[Row]:
    for office in known.offices.values():
        parent = office.parent if office.parent in known.offices else None
        texts = (*_both(office.summary), *_both(office.address), *_both(office.hours))
        contact = (office.phone or None, office.email or None, office.url or None)
        yield (
            office.slug,
            *_both(office.name),
            office.kind.value,
            parent,
            *texts,
            *contact,
            *_both(office.accessibility),
        )


def _places(known: Catalogue) -> Iterator[Row]:
    for place in known.places.values():
        office = place.office if place.office in known.offices else None
        days = _day(place.opened), _day(place.closed)
        texts = (*_both(place.summary), *_both(place.address))
        rest = place.url or None, place.source or None
        yield place.slug, *_both(place.name), place.kind.value, office, *days, *texts, *rest


def _of(entry: Published, extract: Extract) -> Iterator[tuple[str, Iterable[Row]]]:
    """Yield the rows of a service, by table."""
    service, known = entry.service, extract.catalogue
    slug = service.slug
    yield "services", [_service(entry, extract)]
    yield "channels", (_channel(slug, channel, extract) for channel in service.channels)
    for channel in service.channels:
        yield "periods", (_period(slug, channel, at, one) for at, one in enumerate(channel.periods, start=1))
    yield "constraints", _constraints(service)
    offices = ((office, at) for at, office in enumerate(service.offices, start=1) if office in known.offices)
    yield "services_offices", ((slug, *pair) for pair in offices)
    yield "services_topics", ((slug, topic) for topic in service.topics if topic in known.topics)
    yield "services_audiences", ((slug, one) for one in service.audiences if one in known.audiences)
    yield "services_places", ((slug, place) for place in service.places if place in known.places)
    yield "services_related", ((slug, other) for other in extract.related(service))
    yield "services_languages", ((slug, code) for code in service.languages)
    yield "documents", ((slug, at, *_both(text)) for at, text in enumerate(service.documents, start=1))
    yield "legal_bases", ((slug, at, *_cited(basis)) for at, basis in enumerate(service.legal_bases, start=1))


def _service(entry: Published, extract: Extract) -> Row:
    service = entry.service
    office = next((slug for slug in service.offices[:1] if slug in extract.catalogue.offices), None)
    video = service.stage(ChannelKind.VIDEO, extract.on).value
    return (
        service.slug,
        *_both(service.title),
        *_both(service.summary),
        *_both(service.body),
        service.nature.value,
        office,
        video,
        "\n".join(service.keywords) or None,
        *_both(service.costs),
        *_both(service.duration),
        service.leika_key or None,
        extract.about.page("services", service.slug),
        _day(service.verified),
        entry.revision,
        entry.updated.isoformat(timespec="seconds").replace("+00:00", "Z"),
    )


def _channel(slug: str, channel: Channel, extract: Extract) -> Row:
    held = channel.period(extract.on)
    days = _day(held.since), _day(held.until), _day(held.attested)
    booking = held.booking_url or None, held.slots_per_week, held.by_arrangement
    rest = (*_both(channel.note), _day(channel.verified))
    return slug, channel.kind.value, held.stage.value, held.stage.available, *days, *booking, *rest


def _period(slug: str, channel: Channel, position: int, period: Period) -> Row:
    needs = period.needs
    return (
        slug,
        channel.kind.value,
        position,
        period.stage.value,
        _day(period.since),
        _day(period.until),
        _day(period.attested),
        period.first.isoformat(),
        period.last.isoformat(),
        *_both(period.reason),
        period.source or None,
        *_both(period.booking),
        period.booking_url or None,
        period.slots_per_week,
        period.by_arrangement,
        period.telework,
        needs.tool or None,
        needs.browser_only,
        needs.interpreter,
        needs.captions,
        needs.test_url or None,
        *_both(needs.privacy),
    )


def _constraints(service: Service) -> Iterator[Row]:
    for position, one in enumerate(service.constraints, start=1):
        about = one.kind.value, one.requirement.value, one.effect.value, one.channel.value if one.channel else None
        basis = _cited(one.legal_basis) if one.legal_basis else (None, None)
        yield service.slug, position, *about, *basis, *_both(one.note)


def _cited(basis: LegalBasis) -> tuple[str, str | None]:
    return basis.citation, basis.url or None
