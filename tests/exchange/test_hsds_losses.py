"""What HSDS does not say of the catalogue, held against docs/hsds.md: every field is said there, or named as lost."""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from builders import a_catalogue, an_office

from servicedir.domain.catalogue import Audience, Catalogue, Office, OfficeKind, Place, Topic, TopicKind
from servicedir.domain.day import Day
from servicedir.domain.history import Published
from servicedir.domain.service import (
    Channel,
    ChannelKind,
    Constraint,
    ConstraintKind,
    Effect,
    LegalBasis,
    Nature,
    Period,
    Requirement,
    Service,
    Stage,
    VideoNeeds,
)
from servicedir.domain.text import Text
from servicedir.exchange.hsds import services
from servicedir.exchange.hsds.scope import Scope

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "hsds.md"
ON = date(2026, 11, 27)
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)

NEEDS = VideoNeeds(
    tool="BigBlueButton",
    browser_only=True,
    interpreter=True,
    captions=True,
    test_url="https://video.example.org/test",
    privacy=Text.of("Keine Aufnahme."),
)
PERIOD = Period(
    stage=Stage.PILOT,
    since=Day("2024-05"),
    until=Day("2027"),
    attested=Day("2024"),
    reason=Text.of("Erprobung."),
    source="Ratsanfrage",
    booking=Text.of("Im Netz."),
    booking_url="https://termine.example.org",
    slots_per_week=25,
    by_arrangement=True,
    telework=True,
    needs=NEEDS,
)
CHANNEL = Channel(kind=ChannelKind.VIDEO, periods=(PERIOD,), note=Text.of("Mit Kamera."), verified=date(2026, 2, 3))
BASIS = LegalBasis("§ 9 PAuswG", "https://example.org/9")
CONSTRAINT = Constraint(
    kind=ConstraintKind.LEGAL,
    requirement=Requirement.ORIGINALS,
    effect=Effect.CONDITIONS,
    channel=ChannelKind.VIDEO,
    legal_basis=BASIS,
    note=Text.of("Im Original."),
)
SERVICE = Service(
    slug="personalausweis",
    title=Text.of("Personalausweis"),
    nature=Nature.TRANSACTIONAL,
    offices=("buergeramt",),
    summary=Text.of("Kurz."),
    body=Text.of("Lang."),
    audiences=("familien",),
    topics=("ausweise",),
    keywords=("Perso",),
    documents=(Text.of("Foto"),),
    costs=Text.of("37 Euro"),
    duration=Text.of("Drei Wochen"),
    legal_bases=(BASIS,),
    leika_key="99115002104000",
    languages=("de",),
    places=("rathaus",),
    related=("reisepass",),
    channels=(CHANNEL,),
    constraints=(CONSTRAINT,),
    verified=date(2026, 1, 2),
)
OFFICE = Office(
    slug="buergeramt",
    name=Text.of("Bürgeramt"),
    kind=OfficeKind.COUNTER,
    parent="stadt",
    summary=Text.of("Für alle."),
    address=Text.of("Markt 1, 39104 Musterstadt"),
    hours=Text.of("Mo 9 Uhr"),
    phone="115",
    email="amt@stadt.example.org",
    url="https://stadt.example.org/amt",
    accessibility=Text.of("Rampe"),
    four_eyes=True,
)
PLACE = Place(
    slug="rathaus",
    name=Text.of("Rathaus"),
    office="buergeramt",
    opened=Day("2020"),
    closed=Day("2030"),
    summary=Text.of("Am Markt."),
    address=Text.of("Markt 2, 39104 Musterstadt"),
    url="https://stadt.example.org/rathaus",
    source="Plan",
)
TOPIC = Topic(slug="ausweise", name=Text.of("Ausweise"), kind=TopicKind.TOPIC, summary=Text.of("Papiere."))
AUDIENCE = Audience(slug="familien", name=Text.of("Familien"))

NOUNS: tuple[Any, ...] = (SERVICE, CHANNEL, PERIOD, NEEDS, CONSTRAINT, BASIS, OFFICE, PLACE, TOPIC, AUDIENCE)
"""One of each noun, with something in every field."""

OTHER: dict[str, Any] = {
    "Service.offices": ("jugendamt",),
    "Service.audiences": (),
    "Service.topics": (),
    "Service.places": (),
    "Service.related": (),
    "Office.parent": "jugendamt",
    "Place.office": "jugendamt",
    "Service.leika_key": "99115002104001",
    "Service.languages": ("fr",),
}
"""Fields whose other value must be something that is there."""


def told(changed: Any, before: Any) -> dict[str, Any]:
    """The whole service in HSDS, with one noun in another state."""

    def now(noun: Any) -> Any:
        return changed if noun is before else noun

    needs = now(NEEDS)
    period = changed if before is PERIOD else dataclasses.replace(PERIOD, needs=needs)
    channel = changed if before is CHANNEL else dataclasses.replace(CHANNEL, periods=(period,))
    basis = now(BASIS)
    constraint = changed if before is CONSTRAINT else dataclasses.replace(CONSTRAINT, legal_basis=basis)
    service = dataclasses.replace(SERVICE, channels=(channel,), constraints=(constraint,), legal_bases=(basis,))
    service = changed if before is SERVICE else service
    nouns = (now(OFFICE), an_office("stadt"), an_office("jugendamt"), now(PLACE), now(TOPIC), now(AUDIENCE))
    catalogue: Catalogue = a_catalogue(*nouns)
    scope = Scope(catalogue, ON, base="https://stadt.example.org", published={"reisepass"})
    return services.whole(Published(service=service, revision=1, updated=AT), scope)


def another(hint: Any, value: Any) -> Any:
    """Another value of a field's type."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        return ()
    if hint is Text:
        return Text.of("Anders 7, 39108 Anderswo")
    if hint is Day:
        return Day("2023-03")
    if hint is date:
        return date(2025, 5, 5)
    if hint is bool:
        return not value
    if hint is int:
        return value + 1
    if hint is str:
        return (
            "https://anders.example.org" if "://" in value else "anders@stadt.example.org" if "@" in value else "anders"
        )
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(term for term in hint if term is not value)
    return hint("§ 1") if hint is LegalBasis else hint()


def fields() -> Iterator[tuple[str, Any, Any]]:
    for noun in NOUNS:
        hints = get_type_hints(type(noun))
        for field in dataclasses.fields(noun):
            name = f"{type(noun).__name__}.{field.name}"
            value = getattr(noun, field.name)
            other = OTHER[name] if name in OTHER else another(hints[field.name], value)
            yield name, noun, dataclasses.replace(noun, **{field.name: other})


def losses() -> set[str]:
    """The fields that the document names as lost."""
    text = DOCUMENT.read_text("utf-8").partition("## What is lost")[2]
    return set(re.findall(r"^\| `(\w+\.\w+)` \|", text, re.M))


@pytest.mark.parametrize(("name", "noun", "changed"), [pytest.param(*field, id=field[0]) for field in fields()])
def test_a_field_is_said_or_named_as_lost(name: str, noun: Any, changed: Any) -> None:
    is_lost = told(changed, noun) == told(noun, noun)
    assert is_lost == (name in losses())


def test_every_field_of_these_nouns_has_something_to_lose() -> None:
    """So that the test above can fail: a new field is empty here until somebody fills it."""
    empty = {
        f"{type(noun).__name__}.{field.name}"
        for noun in NOUNS
        for field in dataclasses.fields(noun)
        if not getattr(noun, field.name)
    }
    assert empty == set()


def test_no_loss_is_named_that_is_none() -> None:
    assert losses() <= {name for name, _noun, _changed in fields()}


def test_every_taxonomy_is_explained() -> None:
    text = DOCUMENT.read_text("utf-8")
    for code in Scope(a_catalogue(), ON).taxonomies:
        assert f"`{code}`" in text, code
