"""Values for tests: each call makes a new one, complete and plausible; name what the test is about, and no more.

Where a field is a Text or a Day, its words do: `a_service(title="Ausweis")`, `a_period(since="2024-05")`.
"""

from __future__ import annotations

import types
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from servicedir.domain.acceptance import Acceptance, Group, Measurement
from servicedir.domain.catalogue import Audience, Catalogue, Compound, Office, OfficeKind, Place, Synonym, Topic
from servicedir.domain.day import Day
from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing
from servicedir.domain.inquiry import Block, BlockKind, Inquiry, Question
from servicedir.domain.programme import Programme
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
from servicedir.domain.step import Step
from servicedir.domain.text import Text, slug_of
from servicedir.domain.workflow import Grant, Person, Role

T = TypeVar("T")


def a_text(de: str = "Personalausweis", /, **by_language: str) -> Text:
    """A text, in German and whatever else is said: `a_text("Hallo", en="Hello")`."""
    return Text.of(de, **by_language)


def a_service(slug: str = "personalausweis", **fields: Any) -> Service:
    """A service of the citizens' office, bookable by video; a draft may well have less."""
    defaults: dict[str, Any] = {
        "title": {"de": slug.replace("-", " ").capitalize()},
        "nature": Nature.TRANSACTIONAL,
        "offices": ("buergeramt",),
        "summary": {"de": "Was man hier bekommt, in einem Satz."},
        "channels": (a_channel(),),
    }
    return _made(Service, {"slug": slug, **defaults, **fields})


def a_channel(kind: ChannelKind | str = ChannelKind.VIDEO, *periods: Period, **fields: Any) -> Channel:
    """A channel with these periods; without any, one that has been live since 2024."""
    return _made(Channel, {"kind": ChannelKind(kind), "periods": periods or (a_period(),), **fields})


def a_period(stage: Stage | str = Stage.LIVE, since: str | Day | None = "2024", **fields: Any) -> Period:
    """A stage from a day on; a stage that rules out comes with a reason, since one without is refused."""
    stage = Stage(stage)
    if stage is Stage.RULED_OUT:
        fields.setdefault("reason", "Das Gesetz verlangt persönliches Erscheinen.")
    return _made(Period, {"stage": stage, "since": since, **fields})


def a_video_need(**fields: Any) -> VideoNeeds:
    """What a citizen needs for a video appointment: a browser."""
    return _made(VideoNeeds, {"tool": "BigBlueButton", "browser_only": True, **fields})


def a_constraint(**fields: Any) -> Constraint:
    """A constraint: the law wants the citizen to appear in person, on every channel."""
    defaults: dict[str, Any] = {
        "kind": ConstraintKind.LEGAL,
        "requirement": Requirement.PERSONAL_APPEARANCE,
        "effect": Effect.CONDITIONS,
        "legal_basis": a_legal_basis(),
    }
    return _made(Constraint, {**defaults, **fields})


def a_legal_basis(
    citation: str = "§ 9 PAuswG", url: str = "https://www.gesetze-im-internet.de/pauswg/__9.html"
) -> LegalBasis:
    """A citation."""
    return LegalBasis(citation, url)


def an_office(slug: str = "buergeramt", **fields: Any) -> Office:
    """An office at the top of the tree."""
    return _made(
        Office,
        {"slug": slug, "name": {"de": slug.replace("-", " ").capitalize()}, "kind": OfficeKind.COUNTER, **fields},
    )


def a_place(slug: str = "rathaus", **fields: Any) -> Place:
    """A place that one can walk to, of the citizens' office."""
    return _made(Place, {"slug": slug, "name": {"de": slug.capitalize()}, "office": "buergeramt", **fields})


def a_topic(slug: str = "ausweise", **fields: Any) -> Topic:
    """A field of administration."""
    return _made(Topic, {"slug": slug, "name": {"de": slug.capitalize()}, **fields})


def an_audience(slug: str = "familien", **fields: Any) -> Audience:
    """A group of citizens."""
    return _made(Audience, {"slug": slug, "name": {"de": slug.capitalize()}, **fields})


def a_synonym(*words: str) -> Synonym:
    """Words that mean the same."""
    return Synonym(slug=slug_of(words[0]), words=words)


def a_compound(line: str) -> Compound:
    """A word with bars between its parts; without any, it is never taken apart."""
    return Compound(slug=slug_of(line.replace("|", "")), parts=tuple(line.split("|")))


def a_step(slug: str = "ausweiten", **fields: Any) -> Step:
    """A step that is planned until the middle of a year to come."""
    return _made(Step, {"slug": slug, "name": slug.capitalize(), "office": "buergeramt", "target": "2027-06", **fields})


def a_programme(slug: str = "foerdertopf", **fields: Any) -> Programme:
    """A programme of which the name is known."""
    return _made(Programme, {"slug": slug, "name": slug.capitalize(), **fields})


def an_acceptance(slug: str = "umfrage", **fields: Any) -> Acceptance:
    """What 120 citizens said in a survey, from 1 to 5."""
    defaults: dict[str, Any] = {
        "name": slug.capitalize(),
        "group": Group.CITIZENS,
        "measurement": Measurement.SURVEY,
        "measured": "2025",
        "value": Decimal("4.2"),
        "lowest": Decimal(1),
        "highest": Decimal(5),
        "asked": 120,
    }
    return _made(Acceptance, {"slug": slug, **defaults, **fields})


def a_block(kind: BlockKind | str = BlockKind.TEXT, **fields: Any) -> Block:
    """A block; one of text has a sentence."""
    kind = BlockKind(kind)
    if kind is BlockKind.TEXT:
        fields.setdefault("text", "Die Stadt baut ihr Angebot aus.")
    return _made(Block, {"kind": kind, **fields})


def an_inquiry(slug: str = "af-1", *blocks: Block, **fields: Any) -> Inquiry:
    """An inquiry with one question, answered by these blocks, or by a sentence."""
    question = Question(text=Text.of("Was geht per Video?"), blocks=blocks or (a_block(),))
    defaults: dict[str, Any] = {
        "title": "Beratung per Video",
        "reference": "AF1/26",
        "asked_by": "Stadtrat",
        "questions": (question,),
    }
    return _made(Inquiry, {"slug": slug, **defaults, **fields})


def a_catalogue(*nouns: Office | Place | Topic | Audience | Synonym | Compound) -> Catalogue:
    """A catalogue of these nouns; without any, one of each at which services point."""
    kinds: dict[type, dict[str, Any]] = {kind: {} for kind in (Office, Place, Topic, Audience, Synonym, Compound)}
    for noun in nouns or (an_office(), a_place(), a_topic(), an_audience()):
        kinds[type(noun)][noun.slug] = noun
    return Catalogue(*kinds.values())


def a_grant(role: Role | str = Role.EDITOR, office: str = "buergeramt", **fields: Any) -> Grant:
    """A role for an office, without an end."""
    return Grant(Role(role), office, **fields)


def a_figure(
    value: int | None = 12, period: str = "2024-05", service: str = "personalausweis", **fields: Any
) -> Figure:
    """A released number of video appointments that took place; without a value it is unknown."""
    defaults: dict[str, Any] = {"channel": ChannelKind.VIDEO, "measure": Measure.HELD, "released": True}
    defaults["standing"] = Standing.UNKNOWN if value is None else Standing.NUMBER
    return Figure(service=service, value=value, period=CountingPeriod(period), **{**defaults, **fields})


def a_person(login: str = "anna", *grants: Grant, name: str = "") -> Person:
    """Somebody with these grants; without any, an editor of the citizens' office."""
    return Person(login, name or login.capitalize(), grants or (a_grant(),))


class Clock:
    """A clock that stands, on a Monday noon, until somebody moves it: `clock.now += timedelta(minutes=5)`."""

    def __init__(self, now: str = "2026-11-23T12:00:00+00:00") -> None:
        self.now = datetime.fromisoformat(now)

    def __call__(self) -> datetime:
        return self.now


def _made(cls: type[T], fields: dict[str, Any]) -> T:
    hints = _hints(cls)
    return cls(**{name: _read(hints.get(name), value) for name, value in fields.items()})


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _read(hint: Any, value: Any) -> Any:
    """The value as the field wants it: words become a Text or a Day, a list of words a tuple of texts."""
    options = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    if Text in options and isinstance(value, str | dict):
        return Text.of(value)
    if Day in options and isinstance(value, str):
        return Day(value)
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], item) for item in value)
    return value
