"""Extracts for tests of open data: of the sample, of single services, and of whatever hypothesis makes up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import strategies
from builders import a_catalogue, a_place, a_topic, an_audience, an_office
from hypothesis import strategies as st

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Kind, Published
from servicedir.domain.service import Service
from servicedir.exchange import toml
from servicedir.exchange.extract import About, Extract
from servicedir.exchange.open_formats import OPEN_FORMATS

ON = date(2026, 11, 27)
AT = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
BASE = "https://services.example.org"
LICENCE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"


def an_about(**fields: Any) -> About:
    """Who gives the data away: a city."""
    said = {"title": "Dienste der Stadt", "publisher": "Stadt Musterstadt", "licence": LICENCE, "base": BASE}
    return About(**{**said, "contact": "daten@example.org", "state": "0123456789abcdef", **fields})


def an_extract(*services: Service, catalogue: Catalogue | None = None, on: date = ON, **about: Any) -> Extract:
    """An extract of these services; without a catalogue, of the nouns at which those of the builders point."""
    nouns = (an_office(), an_office("jugendamt"), a_place(), a_topic(), an_audience())
    return Extract(
        about=an_about(**about),
        on=on,
        catalogue=catalogue or a_catalogue(*nouns),
        slugs=frozenset(service.slug for service in services),
        entries=[Published(service=service, revision=7, updated=AT) for service in services],
    )


@cache
def the_sample() -> tuple[Catalogue, tuple[Service, ...]]:
    """The sample catalogue: its small nouns and its services by slug."""
    found: dict[Kind, dict[str, Any]] = {kind: {} for kind in Kind}
    for file in sorted(resources.files("servicedir.sample").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            for kind, value in toml.read(file.read_text("utf-8"), file.name):
                found[kind][value.slug] = value
    kinds = (Kind.OFFICE, Kind.PLACE, Kind.TOPIC, Kind.AUDIENCE, Kind.SYNONYM, Kind.COMPOUND)
    services = found[Kind.SERVICE]
    return Catalogue(*(found[kind] for kind in kinds)), tuple(services[slug] for slug in sorted(services))


def of_the_sample(on: date = ON) -> Extract:
    """An extract of the whole sample."""
    catalogue, services = the_sample()
    return an_extract(*services, catalogue=catalogue, on=on)


def stored(name: str, extract: Extract, folder: Path) -> bytes:
    """What a format writes."""
    path = folder / f"stored{OPEN_FORMATS[name].extension}"
    path.unlink(missing_ok=True)
    OPEN_FORMATS[name].store(extract, path)
    return path.read_bytes()


def _by_slug(nouns: Iterable[Any]) -> dict[str, Any]:
    return {noun.slug: noun for noun in nouns}


@st.composite
def extracts(draw: st.DrawFn) -> Extract:
    """Extracts of services, however odd, each of an office that there is; other references may lead nowhere."""
    nouns = (strategies.offices, strategies.places, strategies.topics, strategies.audiences)
    offices, places, topics, audiences = (_by_slug(draw(st.lists(one, min_size=1, max_size=3))) for one in nouns)
    catalogue = Catalogue(offices, places, topics, audiences)
    found = {}
    for service in draw(st.lists(strategies.services, min_size=1, max_size=3)):
        found[service.slug] = replace(
            service,
            offices=tuple(draw(st.permutations(sorted(offices)))),
            topics=(*service.topics, *draw(st.sets(st.sampled_from(sorted(topics))))),
            audiences=(*service.audiences, *draw(st.sets(st.sampled_from(sorted(audiences))))),
            places=(*service.places, *draw(st.sets(st.sampled_from(sorted(places))))),
            channels=tuple({channel.kind: channel for channel in service.channels}.values()),
        )
    slugs = sorted(found)
    related = [replace(found[slug], related=(*found[slug].related, *slugs)) for slug in slugs]
    return an_extract(*related, catalogue=catalogue, on=draw(strategies.dates))
