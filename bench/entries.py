"""Believable German entries in any number, always the same ones.

An entry depends on the seed and its number, and on the entries before it for a title of its own and related slugs:
the first 1,000 of 10,000 are the 1,000. Only `Random.random` is asked, the one method whose numbers Python promises
to keep, and no day is taken from the calendar on the wall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

import wording
from wording import THEMES, Theme

from servicedir.domain.day import Day
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

T = TypeVar("T")

SEED = "servicedir"
FIRST_DAY, LAST_DAY = date(2023, 1, 2), date(2026, 11, 20)
"""Between these days everything in the entries happens, whenever they are generated."""

BODY_WORDS = 105
"""A body ends with the paragraph that reaches this many words; on average that makes about 125."""

NATURES = {Nature.TRANSACTIONAL: 0.72, Nature.ADVISORY: 0.16, Nature.COORDINATION: 0.06, Nature.INSTRUCTION: 0.06}

VIDEO = {
    Stage.UNKNOWN: 0.62,
    Stage.LIVE: 0.09,
    Stage.PILOT: 0.06,
    Stage.PLANNED: 0.06,
    Stage.UNDER_REVIEW: 0.05,
    Stage.NOT_PLANNED: 0.05,
    Stage.RULED_OUT: 0.04,
    Stage.ENDED: 0.02,
    Stage.PAUSED: 0.01,
}
"""Where video stands today. Of most services nobody has said anything, as in the real catalogue."""

BEFORE = {
    Stage.LIVE: (Stage.PILOT, Stage.PLANNED),
    Stage.PILOT: (Stage.PLANNED, Stage.UNDER_REVIEW),
    Stage.PLANNED: (Stage.UNDER_REVIEW,),
    Stage.PAUSED: (Stage.LIVE, Stage.PILOT),
    Stage.ENDED: (Stage.PILOT,),
    Stage.RULED_OUT: (Stage.UNDER_REVIEW,),
}
"""The stages that came before one, the latest first; a channel has some of them."""

OTHER_CHANNELS = {
    ChannelKind.IN_PERSON: 0.85,
    ChannelKind.PHONE: 0.55,
    ChannelKind.MAIL: 0.35,
    ChannelKind.ONLINE: 0.3,
    ChannelKind.CHAT: 0.03,
    ChannelKind.HOME_VISIT: 0.03,
}
"""How many services can be had on each of the other ways."""

_COMPOUND = re.compile(r"\{(?P<article>ein_)?kompositum\}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Dice:
    """Chance that is the same on every machine and in every version of Python."""

    def __init__(self, *seed: object) -> None:
        # A string is hashed by SHA-512 here, not by the hash that Python makes anew in each process.
        self._random = Random("/".join(map(str, seed)))  # noqa: S311 - entries for measuring hold no secrets

    def happens(self, share: float) -> bool:
        """Return true in that share of the calls."""
        return self._random.random() < share

    def number(self, least: int, most: int) -> int:
        """Return a whole number, both ends included."""
        return least + int(self._random.random() * (most - least + 1))

    def pick(self, items: Sequence[T], skew: float = 1.0) -> T:
        """Return one item; with a `skew` above 1 rather one of the first, as words in real texts are."""
        return items[int(self._random.random() ** skew * len(items))]

    def some(self, items: Sequence[T], least: int, most: int) -> tuple[T, ...]:
        """Return different items in their order, as many as asked for or all there are."""
        left, wanted = list(range(len(items))), self.number(least, most)
        while len(left) > wanted:
            left.pop(self.number(0, len(left) - 1))
        return tuple(items[at] for at in left)

    def weighted(self, shares: Mapping[T, float]) -> T:
        """Return one key, by its share of one."""
        at = self._random.random()
        for key, share in shares.items():
            at -= share
            if at < 0:
                return key
        return next(iter(shares))

    def day(self, first: date = FIRST_DAY, last: date = LAST_DAY) -> date:
        """Return a day, both ends included."""
        return first + timedelta(days=self.number(0, (last - first).days))


def services(count: int, seed: str = SEED) -> Iterator[Service]:
    """Yield that many services, each with a slug and a title of its own, none with a fault."""
    taken: set[str] = set()
    recent: dict[int, list[str]] = {number: [] for number in range(len(THEMES))}
    for number in range(count):
        dice = Dice(seed, number)
        at = dice.number(0, len(THEMES) - 1)
        service = _service(dice, THEMES[at], taken)
        service = replace(service, related=dice.some(recent[at], 0, 3))
        recent[at] = [*recent[at][-7:], service.slug]
        taken.add(service.slug)
        yield service


def moments(count: int, seed: str = SEED) -> list[datetime]:
    """Return when each of that many entries was last saved: in order, on working days, in office hours, in UTC."""
    dice = Dice(seed, "moments", count)
    found = []
    for _ in range(count):
        # The later of two days: directories are tended more as they grow.
        day = max(dice.day(), dice.day())
        day -= timedelta(days=max(0, day.weekday() - 4))
        found.append(
            datetime(
                day.year, day.month, day.day, dice.number(6, 15), dice.number(0, 59), dice.number(0, 59), tzinfo=UTC
            )
        )
    return sorted(found)


def _service(dice: Dice, theme: Theme, taken: set[str]) -> Service:
    nature = dice.weighted(NATURES)
    named, title = _title(dice, theme, nature, taken)
    german, english = named
    video = dice.weighted(VIDEO)
    asked = _constraints(dice, theme, video)
    speaks_english = dice.happens(0.35)
    others = dice.some(wording.LANGUAGES, 1, 4) if dice.happens(0.25) else ()
    is_free = dice.happens(0.4)
    return Service(
        slug=_slug(title.within("de")),
        title=title if speaks_english else Text.of(title.within("de")),
        nature=nature,
        offices=_offices(dice, theme),
        summary=Text.of(
            _sentence(dice, dice.pick(wording.SUMMARIES), german),
            en=dice.pick(wording.ENGLISH_SUMMARIES).format(object=english) if speaks_english else "",
        ),
        body=Text.of(_body(dice, german), en=" ".join(wording.ENGLISH_BODY) if dice.happens(0.12) else ""),
        audiences=dice.some(theme.audiences, 1, 2),
        topics=dice.some(theme.topics, 1, 2),
        keywords=(german, *dice.some(theme.everyday, 1, 4), *(_compound(dice)[0] for _ in range(dice.number(0, 3)))),
        documents=tuple(Text.of(words, en=other) for words, other in dice.some(wording.DOCUMENTS, 0, 4)),
        costs=Text.of("kostenfrei", en="free of charge") if is_free else Text.of(f"{dice.number(5, 180)} Euro"),
        duration=Text.of(f"etwa {dice.number(2, 12)} Wochen") if dice.happens(0.5) else Text(),
        legal_bases=tuple(LegalBasis(citation) for citation in dice.some(theme.laws, 0, 2)),
        leika_key="99" + "".join(str(dice.number(0, 9)) for _ in range(12)) if dice.happens(0.45) else "",
        languages=("de", *others),
        places=("online-buergerbuero",) if video is Stage.PILOT and dice.happens(0.3) else (),
        channels=tuple(_channels(dice, video)),
        constraints=asked,
        verified=dice.day(date(2025, 6, 2)) if dice.happens(0.6) else None,
    )


def _title(dice: Dice, theme: Theme, nature: Nature, taken: set[str]) -> tuple[tuple[str, str], Text]:
    """Return an object and a title that nobody has: act and object, then for whom, then where, until it is new."""
    qualifiers = dice.weighted({0: 0.45, 1: 0.35, 2: 0.2})
    while True:
        named = dice.pick(theme.objects, skew=1.4)
        act, english_act = dice.pick(wording.ACTS[nature], skew=1.3)
        extra = (dice.pick(wording.SITUATIONS), dice.pick(wording.DISTRICTS))[:qualifiers]
        german = " ".join((act.format(named[0]), *extra))
        if _slug(german) not in taken:
            return named, Text.of(german, en=english_act.format(named[1]))
        qualifiers = min(2, qualifiers + 1)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower().translate(_UMLAUTS)).strip("-")


def _offices(dice: Dice, theme: Theme) -> tuple[str, ...]:
    first = dice.pick(theme.offices, skew=1.5)
    others = [office for office in theme.offices if office != first]
    return (first, *dice.some(others, 1, 2)) if dice.happens(0.2) else (first,)


def _compound(dice: Dice) -> tuple[str, str]:
    """Return a compound and its article in the accusative."""
    last, article = dice.pick(wording.LAST_PARTS, skew=1.6)
    return dice.pick(wording.FIRST_PARTS, skew=1.6) + last, article


def _sentence(dice: Dice, template: str, subject: str) -> str:
    """Return a sentence with its slots filled; each slot for a compound gets one of its own."""

    def compound(slot: re.Match[str]) -> str:
        word, article = _compound(dice)
        return f"{article} {word}" if slot["article"] else word

    template = _COMPOUND.sub(compound, template)
    group = dice.pick(wording.GROUPS)
    sentence = template.format(
        objekt=subject,
        amt=dice.pick(wording.BODIES),
        tage=dice.number(3, 60),
        wochen=dice.number(2, 8),
        jahre=dice.number(2, 10),
        jahr=dice.number(2015, 2026),
        betrag=f"{dice.number(3, 250)},{dice.pick(('00', '50', '80'))}",
        prozent=dice.number(1, 9) * 10,
        gruppe=group,
        gruppe_gross=group,
        gruppe_wer=dice.pick(wording.WHO),
        satzung=dice.pick(wording.FIRST_PARTS, skew=1.6) + "satzung",
        wochentag=dice.pick(wording.WEEKDAYS),
        ort=dice.pick(wording.DISTRICTS),
    )
    return sentence[0].upper() + sentence[1:]


def _body(dice: Dice, subject: str) -> str:
    """Return Markdown: paragraphs of a few sentences, and in the middle of most bodies a list of steps."""
    paragraphs: list[str] = []
    words = 0
    while words < BODY_WORDS:
        sentences = [_sentence(dice, dice.pick(wording.SENTENCES), subject) for _ in range(dice.number(2, 4))]
        is_list = len(paragraphs) == 1 and dice.happens(0.6)
        paragraphs.append("\n".join(f"- {s}" for s in sentences) if is_list else " ".join(sentences))
        words += sum(len(sentence.split()) for sentence in sentences)
    return "\n\n".join(paragraphs)


def _constraints(dice: Dice, theme: Theme, video: Stage) -> tuple[Constraint, ...]:
    """Return what the law or technology asks, so that no stage contradicts it."""
    law = LegalBasis(dice.pick(theme.laws))
    if video is Stage.RULED_OUT:
        return (
            Constraint(
                kind=ConstraintKind.LEGAL,
                requirement=Requirement.PERSONAL_APPEARANCE,
                effect=Effect.RULES_OUT,
                channel=ChannelKind.VIDEO,
                legal_basis=law,
                note=Text.of(wording.REASONS["ruled_out"]),
            ),
        )
    if not dice.happens(0.35):
        return ()
    kind = ConstraintKind.LEGAL if dice.happens(0.75) else ConstraintKind.TECHNICAL
    legal = (Requirement.IDENTITY_CHECK, Requirement.WRITTEN_FORM, Requirement.SIGNATURE, Requirement.ORIGINALS)
    technical = (Requirement.DATA_PROTECTION, Requirement.EQUIPMENT)
    return (
        Constraint(
            kind=kind,
            requirement=dice.pick(legal if kind is ConstraintKind.LEGAL else technical),
            effect=Effect.CONDITIONS if dice.happens(0.8) else Effect.ALLOWS,
            channel=ChannelKind.VIDEO if dice.happens(0.5) else None,
            legal_basis=law if kind is ConstraintKind.LEGAL else None,
        ),
    )


def _channels(dice: Dice, video: Stage) -> Iterator[Channel]:
    if video is not Stage.UNKNOWN:
        yield Channel(kind=ChannelKind.VIDEO, periods=_video_periods(dice, video))
    for kind, share in OTHER_CHANNELS.items():
        if dice.happens(share):
            said = Day(str(dice.day().year))
            # Nobody remembers when most offices opened, so most sources only say that one was open in a year.
            begun = (
                Period(stage=Stage.LIVE, since=said) if dice.happens(0.3) else Period(stage=Stage.LIVE, attested=said)
            )
            yield Channel(kind=kind, periods=(begun,))


def _video_periods(dice: Dice, now: Stage) -> tuple[Period, ...]:
    """Return the stages that led to where video stands now, one after the other."""
    before = BEFORE.get(now, ())
    stages = [*reversed(before[: dice.number(0, len(before))]), now]
    # Each stage begins in a stretch of time of its own, so that no two begin in the same month.
    stretch = (LAST_DAY - FIRST_DAY).days // (len(stages) + 1)
    periods = []
    for number, stage in enumerate(stages):
        first = FIRST_DAY + timedelta(days=stretch * number)
        begins = dice.day(first, first + timedelta(days=stretch - 62)).isoformat()
        periods.append(_period(dice, stage, Day(begins if dice.happens(0.4) else begins[:7])))
    return Channel(kind=ChannelKind.VIDEO, periods=tuple(periods)).closed().periods


def _period(dice: Dice, stage: Stage, since: Day) -> Period:
    reason = Text.of(wording.REASONS.get(stage.value, ""))
    source = f"Anfrage {dice.number(100, 999)}/{dice.number(23, 26)}" if dice.happens(0.4) else ""
    if not stage.available:
        return Period(stage=stage, since=since, reason=reason, source=source)
    by_arrangement = dice.happens(0.3)
    return Period(
        stage=stage,
        since=since,
        reason=reason,
        source=source,
        booking=Text.of(wording.BOOKING),
        booking_url="" if by_arrangement else "https://termine.example.org/video",
        slots_per_week=None if by_arrangement else dice.number(2, 60),
        by_arrangement=by_arrangement,
        telework=dice.happens(0.5) if dice.happens(0.4) else None,
        needs=VideoNeeds(tool=dice.pick(wording.TOOLS), browser_only=dice.happens(0.7)),
    )
