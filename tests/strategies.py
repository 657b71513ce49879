"""Values for property tests: hypothesis strategies for whatever an entry may say, however odd."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from servicedir.domain.catalogue import Audience, Compound, Office, OfficeKind, Place, PlaceKind, Topic, TopicKind
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

# What a database keeps: any character but NUL and halves of surrogate pairs.
characters = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
words = st.text(characters, max_size=12)
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
languages = st.sampled_from(("de", "en", "fr", "uk", "de-x-ls"))
texts = st.dictionaries(languages, words, max_size=3).map(Text.of)
dates = st.dates(date(1, 1, 1), date(9999, 12, 31))
days = st.builds(lambda day, length: Day(day.isoformat()[:length]), dates, st.sampled_from((4, 7, 10)))
maybe = st.none() | st.booleans()


def some(strategy: st.SearchStrategy[object], size: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    """A tuple of a few."""
    return st.lists(strategy, max_size=size).map(tuple)


legal_bases = st.builds(LegalBasis, citation=words, url=words)
needs = st.builds(
    VideoNeeds,
    tool=words,
    browser_only=maybe,
    interpreter=maybe,
    captions=maybe,
    test_url=words,
    privacy=texts,
)
periods = st.builds(
    Period,
    stage=st.sampled_from(Stage),
    since=st.none() | days,
    until=st.none() | days,
    attested=st.none() | days,
    reason=texts,
    source=words,
    booking=texts,
    booking_url=words,
    slots_per_week=st.none() | st.integers(-1, 10_000),
    by_arrangement=st.booleans(),
    telework=maybe,
    needs=needs,
)
channels = st.builds(Channel, kind=st.sampled_from(ChannelKind), periods=some(periods), note=texts)
constraints = st.builds(
    Constraint,
    kind=st.sampled_from(ConstraintKind),
    requirement=st.sampled_from(Requirement),
    effect=st.sampled_from(Effect),
    channel=st.none() | st.sampled_from(ChannelKind),
    legal_basis=st.none() | legal_bases,
    note=texts,
)
services = st.builds(
    Service,
    slug=slugs,
    title=texts,
    nature=st.sampled_from(Nature),
    offices=some(slugs),
    summary=texts,
    body=texts,
    audiences=some(slugs),
    topics=some(slugs),
    keywords=some(words),
    documents=some(texts),
    costs=texts,
    duration=texts,
    legal_bases=some(legal_bases),
    leika_key=words,
    languages=some(languages),
    places=some(slugs),
    related=some(slugs),
    channels=some(channels),
    constraints=some(constraints, 2),
    verified=st.none() | dates,
)
offices = st.builds(
    Office,
    slug=slugs,
    name=texts,
    kind=st.sampled_from(OfficeKind),
    parent=st.just("") | slugs,
    summary=texts,
    address=texts,
    hours=texts,
    phone=words,
    email=words,
    url=words,
    accessibility=texts,
)
places = st.builds(
    Place,
    slug=slugs,
    name=texts,
    kind=st.sampled_from(PlaceKind),
    office=st.just("") | slugs,
    opened=st.none() | days,
    closed=st.none() | days,
    summary=texts,
    address=texts,
    url=words,
    source=words,
)
topics = st.builds(Topic, slug=slugs, name=texts, kind=st.sampled_from(TopicKind), summary=texts)
audiences = st.builds(Audience, slug=slugs, name=texts)
compounds = st.builds(Compound, slug=slugs, parts=some(words))
