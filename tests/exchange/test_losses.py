"""What each format of open data carries, field by field, as docs/open-data.md says it: a table that is tried out."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from builders import a_channel, a_constraint, a_period, a_place, a_service, a_topic, an_audience, an_office
from extracts import an_extract, stored

from servicedir.domain.catalogue import Audience, Catalogue, Office, Place, Topic
from servicedir.domain.day import Day
from servicedir.domain.service import (
    Channel,
    ChannelKind,
    Constraint,
    LegalBasis,
    Nature,
    Period,
    Service,
    Stage,
    VideoNeeds,
)
from servicedir.domain.text import Text
from servicedir.exchange.open_formats import OPEN_FORMATS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "open-data.md"
OURS = tuple(name for name in OPEN_FORMATS if name != "hsds")
"""The formats of that table: what HSDS loses stands in a table of its own."""
CLASSES = (Service, Channel, Period, VideoNeeds, Constraint, LegalBasis, Office, Place, Topic, Audience)

Everything = dict[type, Any]
"""One value of each class: the service holds the others, or points at them."""


def everything() -> Everything:
    """A service in which everything is said, and all that it points at."""
    text = Text.of("Etwas", en="Something")
    period = a_period(
        Stage.LIVE,
        "2024-05",
        until="2030-12",
        reason=text,
        source="Ratsinformation",
        booking=text,
        booking_url="https://termine.example.org/",
        slots_per_week=3,
        by_arrangement=True,
        telework=True,
        attested="2024-06",
        needs=VideoNeeds(tool="Programm", browser_only=True, interpreter=True, captions=True, privacy=text),
    )
    needs = replace(period.needs, test_url="https://video.example.org/test")
    return {
        Service: a_service(
            body=text,
            audiences=("familien",),
            topics=("ausweise",),
            keywords=("Perso",),
            documents=(text,),
            costs=text,
            duration=text,
            leika_key="99000000000000",
            languages=("de", "uk"),
            places=("rathaus",),
            related=("reisepass",),
            verified=date(2026, 11, 1),
        ),
        Channel: a_channel(ChannelKind.VIDEO, note=text, verified=date(2026, 11, 2)),
        Period: period,
        VideoNeeds: needs,
        Constraint: a_constraint(channel=ChannelKind.VIDEO, note=text),
        LegalBasis: LegalBasis("§ 1 Gesetz", "https://gesetze.example.org/1"),
        Office: an_office(
            parent="jugendamt",
            summary=text,
            address=text,
            hours=text,
            phone="115",
            email="amt@example.org",
            url="https://amt.example.org/",
            accessibility=text,
        ),
        Place: a_place(
            opened=Day("2020"),
            closed=Day("2030"),
            summary=text,
            address=text,
            url="https://ort.example.org/",
            source="Ratsinformation",
        ),
        Topic: a_topic(summary=text),
        Audience: an_audience(),
    }


def put_together(parts: Everything, *more: Period) -> tuple[Service, Catalogue]:
    """The service with its parts in it, and the catalogue."""
    period = replace(parts[Period], needs=parts[VideoNeeds])
    basis = parts[LegalBasis]
    service = replace(
        parts[Service],
        channels=(replace(parts[Channel], periods=(period, *more)),),
        constraints=(replace(parts[Constraint], legal_basis=basis),),
        legal_bases=(basis,),
    )
    offices = {office.slug: office for office in (parts[Office], an_office("jugendamt"), an_office("ordnungsamt"))}
    places = {place.slug: place for place in (parts[Place], a_place("halle"))}
    topics = {topic.slug: topic for topic in (parts[Topic], a_topic("umzug"))}
    audiences = {audience.slug: audience for audience in (parts[Audience], an_audience("alle"))}
    return service, Catalogue(offices, places, topics, audiences)


OTHER: dict[str, Any] = {
    "Service.offices": ("buergeramt", "jugendamt"),
    "Service.audiences": ("alle",),
    "Service.topics": ("umzug",),
    "Service.places": ("halle",),
    "Service.related": (),
    "Service.languages": ("de", "tr"),
    "Service.documents": (Text.of("Anderes"),),
    "Service.keywords": ("Anderes",),
    "Service.leika_key": "99000000000001",
    "Service.nature": Nature.ADVISORY,
    "Channel.kind": ChannelKind.PHONE,
    "Period.stage": Stage.PILOT,
    "Period.booking_url": "https://termine.example.org/andere",
    "VideoNeeds.test_url": "https://video.example.org/andere",
    "LegalBasis.url": "https://gesetze.example.org/2",
    "Office.parent": "ordnungsamt",
    "Office.url": "https://amt.example.org/andere",
    "Place.office": "jugendamt",
    "Place.url": "https://ort.example.org/andere",
}
"""Another value of a field that takes not just any one."""
HELD_ELSEWHERE = {"Service.channels", "Service.constraints", "Service.legal_bases", "Channel.periods", "Period.needs"}
HELD_ELSEWHERE |= {"Constraint.legal_basis"}
"""What has rows of its own."""


def another(name: str, hint: Any, value: Any) -> Any:
    """Another value of a field, as little different as can be."""
    if name in OTHER:
        return OTHER[name]
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    match value:
        case Text():
            return Text.of({**dict(value), "de": "Anderes"})
        case bool():
            return not value
        case int():
            return value + 1
        case Day():
            return Day(str(int(value.text[:4]) + 1) + value.text[4:])
        case date():
            return value.replace(day=3)
        case StrEnum():
            return next(term for term in type(value) if term is not value)
        case str():
            return f"{value}x"
    raise AssertionError(f"{name} needs a line in OTHER: {options}")


def variations() -> Iterator[tuple[str, Callable[[], tuple[Service, Catalogue]]]]:
    """Names of fields, and everything with another value in this one."""
    for cls in CLASSES:
        hints = get_type_hints(cls)
        for field in fields(cls):
            name = f"{cls.__name__}.{field.name}"
            # A slug is what others point by, and a field of its own nowhere.
            if name in HELD_ELSEWHERE or field.name == "slug":
                continue

            def vary(cls: type = cls, field: str = field.name, name: str = name, hint: Any = hints[field.name]) -> Any:
                parts = everything()
                value = another(name, hint, getattr(parts[cls], field))
                return put_together({**parts, cls: replace(parts[cls], **{field: value})})

            yield name, vary
    yield "the same in English", lambda: with_title(Text.of("Personalausweis", en="Identity card"))
    yield "the same in another language", lambda: with_title(Text.of("Personalausweis", fr="Carte d’identité"))
    yield "a document in English", lambda: with_documents(Text.of("Etwas", en="Something else"))
    yield "a stage of another day", lambda: put_together(everything(), a_period(Stage.PLANNED, "2023", until="2023"))
    yield "that the beginning is a month, not its first day", exact


def with_title(title: Text) -> tuple[Service, Catalogue]:
    parts = everything()
    return put_together({**parts, Service: replace(parts[Service], title=title)})


def with_documents(*documents: Text) -> tuple[Service, Catalogue]:
    parts = everything()
    return put_together({**parts, Service: replace(parts[Service], documents=documents)})


def exact() -> tuple[Service, Catalogue]:
    parts = everything()
    return put_together({**parts, Period: replace(parts[Period], since=Day("2024-05-01"))})


VARIATIONS = dict(variations())


@cache
def written(name: str, field: str) -> bytes:
    """What a format writes of everything, with another value in a field ("": in none)."""
    service, catalogue = VARIATIONS[field]() if field else put_together(everything())
    with TemporaryDirectory() as folder:
        return stored(name, an_extract(service, a_service("reisepass"), catalogue=catalogue), Path(folder))


def carried(field: str) -> dict[str, bool]:
    """By format, whether it tells the two values of a field apart."""
    return {name: written(name, field) != written(name, "") for name in OURS}


@cache
def told() -> dict[str, dict[str, bool]]:
    """By field and format, what docs/open-data.md says."""
    lines = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("|")]
    heads = [
        cell.strip() for cell in lines[[line.startswith("| said") for line in lines].index(True)].strip("|").split("|")
    ]
    found = {}
    for line in lines:
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if cells[0] in VARIATIONS:
            found[cells[0]] = dict(zip(heads[1:], (cell == "yes" for cell in cells[1:]), strict=True))
    return found


def test_the_table_names_every_field_and_every_format() -> None:
    assert set(told()) == set(VARIATIONS)
    assert {tuple(said) for said in told().values()} == {OURS}


@pytest.mark.parametrize("field", VARIATIONS)
def test_a_format_carries_what_the_table_says_and_loses_what_it_says(field: str) -> None:
    assert carried(field) == told()[field]


def test_every_field_of_an_entry_is_tried() -> None:
    """A new field of the domain fails here, or in the table: somebody decides what becomes of it."""
    parts = everything()
    for cls in CLASSES:
        assert is_dataclass(cls)
        for field in fields(cls):
            name = f"{cls.__name__}.{field.name}"
            assert name in VARIATIONS or name in HELD_ELSEWHERE or field.name == "slug"
            # What is empty beforehand would not show that it can be lost.
            assert getattr(parts[cls], field.name) not in (None, "", (), Text()) or name in HELD_ELSEWHERE, name
