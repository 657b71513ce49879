"""What an entry lacks, which comes first, and which entries a list shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from builders import a_channel, a_constraint, a_period, a_service

from servicedir.domain.care import URGENCY, Care, Gist, Standing, Tended, cares_of
from servicedir.domain.choice import PER_PAGE, Choice, Found, Order, parse
from servicedir.domain.query import BadValue
from servicedir.domain.service import Effect, Service, Stage
from servicedir.domain.workflow import State

ON = date(2026, 11, 24)


def cares(service: Service, **given: bool) -> frozenset[Care]:
    fine = {"is_assigned": True, "is_overdue": False, "has_hints": False, "is_planned": False, "is_broken": False}
    return cares_of(Gist.of(service, ON), **(fine | given))


def tended(slug: str = "ausweis", *, found: frozenset[Care] = frozenset(), **standing: Any) -> Tended:
    service = a_service(slug, title=standing.pop("title", slug))
    where = {"state": State.PUBLISHED, "live": 1, "latest": 1, "author": "anna", "reason": ""}
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return Tended(
        standing=Standing(slug=slug, recorded=moment, **(where | standing)),
        gist=Gist.of(service, ON),
        cares=found,
        permitted=frozenset(),
    )


def test_an_entry_that_says_everything_lacks_nothing() -> None:
    assert cares(a_service()) == set()


@pytest.mark.parametrize(
    ("given", "care"),
    [
        ({"is_assigned": False}, Care.UNASSIGNED),
        ({"is_overdue": True}, Care.OVERDUE),
        ({"has_hints": True}, Care.HINTS),
        ({"is_planned": True}, Care.PLANNED),
        ({"is_broken": True}, Care.BROKEN),
    ],
)
def test_what_the_entry_cannot_say_by_itself_is_taken_over(given: dict[str, bool], care: Care) -> None:
    assert cares(a_service(), **given) == {care}


def test_a_video_channel_of_which_nobody_speaks_today_is_unknown() -> None:
    assert cares(a_service(channels=())) == {Care.UNKNOWN}
    assert cares(a_service(channels=(a_channel("video", a_period("live", "2020", until="2021")),))) == {Care.UNKNOWN}
    assert cares(a_service(channels=(a_channel("video", a_period("not_planned", "2020")),))) == set()


def test_an_entry_that_contradicts_itself_says_so() -> None:
    ruled_out = a_constraint(effect=Effect.RULES_OUT)
    assert cares(a_service(constraints=(ruled_out,))) == {Care.CONTRADICTORY}
    assert cares(a_service(constraints=(ruled_out,), channels=(a_channel("video", a_period("planned")),))) == set()


def test_what_misleads_citizens_weighs_more_than_all_that_only_lacks() -> None:
    weights = sorted((weight for weight in URGENCY.values() if weight), reverse=True)
    assert set(URGENCY) == set(Care)
    for number, weight in enumerate(weights):
        assert weight > sum(weights[number + 1 :])
    assert tended(found=frozenset({Care.CONTRADICTORY})).urgency > tended(found=frozenset({Care.UNKNOWN})).urgency
    assert tended(found=frozenset({Care.PLANNED})).urgency == 0


# Which entries a list shows


def test_what_was_retired_is_listed_only_where_it_is_asked_for() -> None:
    gone = tended(state=State.RETIRED, live=None)
    assert not Choice().fits(gone, (), "de")
    assert not Choice(state=State.PUBLISHED).fits(gone, (), "de")
    assert Choice(state=State.RETIRED).fits(gone, (), "de")
    assert not Choice(state=State.RETIRED).fits(tended(), (), "de")


@pytest.mark.parametrize(
    ("choice", "fits"),
    [
        (Choice(), True),
        (Choice(office="oben"), True),
        (Choice(office="woanders"), False),
        (Choice(state=State.PENDING), True),
        (Choice(state=State.PRIVATE), False),
        (Choice(draft=True), True),
        (Choice(video=(Stage.PAUSED, Stage.LIVE)), True),
        (Choice(video=(Stage.PAUSED,)), False),
        (Choice(care=Care.OVERDUE), True),
        (Choice(care=Care.UNKNOWN), False),
        (Choice(responsible="anna"), True),
        (Choice(responsible="rita"), False),
        (Choice(q="ärger"), True),
        (Choice(q="arger AUS"), True),
        (Choice(q="ärger nichts"), False),
        (Choice(q="ärger", office="woanders"), False),
    ],
)
def test_a_list_shows_what_meets_every_condition(choice: Choice, fits: bool) -> None:
    entry = tended("ausweis", title="Ärger", state=State.PENDING, responsible="anna", found=frozenset({Care.OVERDUE}))
    assert choice.fits(entry, ("unten", "oben"), "de") is fits


def test_a_draft_beside_what_is_live_is_told_from_one_alone() -> None:
    assert tended(state=State.PRIVATE).standing.has_draft
    assert not tended(state=State.PRIVATE, live=None).standing.has_draft
    assert not tended(state=State.PUBLISHED).standing.has_draft


FULL = Choice(
    q="ausweis weg",
    office="oben",
    state=State.PRIVATE,
    draft=True,
    video=(Stage.LIVE, Stage.PILOT),
    care=Care.OVERDUE,
    responsible="anna",
    sort=Order.TITLE,
    page=3,
)


def test_every_state_of_the_list_is_in_its_address() -> None:
    assert parse(FULL.pairs(), {"oben": 1}) == FULL
    assert {name for name, _value in FULL.pairs()} == set(Choice.__dataclass_fields__)
    assert Choice().pairs() == []
    assert parse([("lang", "en"), ("q", "  "), ("state", "")], {}) == Choice()
    assert replace(FULL, page=1).pairs() == FULL.pairs()[:-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("office", "nirgends"),
        ("state", "magic"),
        ("draft", "yes"),
        ("video", "x"),
        ("care", "Unknown"),
        ("sort", "slug"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "٢"),
        ("page", "1" * 500),
    ],
)
def test_a_value_that_is_none_is_refused_with_its_name(name: str, value: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse([(name, value)], {"oben": 1})
    assert refused.value.parameter == name


def test_a_filter_that_is_said_twice_is_refused_but_for_stages() -> None:
    assert parse([("video", "live"), ("video", "live"), ("video", "pilot")], {}).video == (Stage.LIVE, Stage.PILOT)
    with pytest.raises(BadValue):
        parse([("state", "private"), ("state", "pending")], {})


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (PER_PAGE, 1), (PER_PAGE + 1, 2)])
def test_a_list_has_as_many_pages_as_it_needs(total: int, pages: int) -> None:
    assert Found([], total, Choice()).pages == pages
