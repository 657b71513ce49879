"""What citizens point out: what may be sent, and the steps of the task that it becomes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from servicedir.domain.hint import (
    LONGEST,
    STEPS,
    WAITING,
    Hint,
    HintFilter,
    HintState,
    Subject,
    faults,
    is_contact,
)


def a_hint(state: HintState = HintState.OPEN, subject: Subject = Subject.WRONG) -> Hint:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return Hint(id=1, slug="ausweis", subject=subject, text="Das ist falsch.", contact="", state=state, at=at)


# The whole table, read aloud: from each state, what leads where.
LEADS: dict[HintState, dict[str, HintState]] = {
    HintState.OPEN: {
        "take": HintState.IN_PROGRESS,
        "finish": HintState.DONE,
        "reject": HintState.REJECTED,
        "discard": HintState.SPAM,
    },
    HintState.IN_PROGRESS: {
        "finish": HintState.DONE,
        "reject": HintState.REJECTED,
        "discard": HintState.SPAM,
    },
    HintState.DONE: {"reopen": HintState.OPEN},
    HintState.REJECTED: {"reopen": HintState.OPEN},
    HintState.SPAM: {"reopen": HintState.OPEN},
}


@pytest.mark.parametrize("state", HintState)
def test_from_each_state_the_steps_lead_where_they_should(state: HintState) -> None:
    assert {name: STEPS[name].ends for name in a_hint(state).steps} == LEADS[state]


@pytest.mark.parametrize("state", HintState)
def test_a_hint_waits_until_somebody_closes_it(state: HintState) -> None:
    assert a_hint(state).waits == (state in WAITING) == ("finish" in a_hint(state).steps)


@pytest.mark.parametrize(
    ("text", "contact", "found"),
    [
        ("Das ist falsch.", "", []),
        ("0123456789", "", []),
        ("012345678", "", ["too_short"]),
        ("   12345   \n", "", ["too_short"]),
        ("x" * LONGEST, "", []),
        ("x" * (LONGEST + 1), "", ["too_long"]),
        ("http://a https://b WWW.c zu viel", "", []),
        ("http://a https://b WWW.c hTTp://d", "", ["too_many_links"]),
        ("Das ist falsch.", "kim", ["not_an_address"]),
        ("kurz", "kim", ["too_short", "not_an_address"]),
    ],
)
def test_what_is_wrong_with_a_hint_is_named(text: str, contact: str, found: list[str]) -> None:
    assert faults(text, contact) == found


@pytest.mark.parametrize("address", ["a@b.de", "a.b+c@example.org", "jürgen@müller.example", "o'neil@sub.example.org"])
def test_an_address_to_answer_to(address: str) -> None:
    assert is_contact(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "a@b.",
        "@b.de",
        "a b@c.de",
        "a@b.de,c@d.de",
        "a@b.de\nBcc: c@d.de",
        "<a@b.de>",
        "a@b.de?cc=c",
        "a@@b.de",
        "mailto:a@b.de",
        "a" * 250 + "@b.de",
        "a\x00@b.de",
    ],
)
def test_what_is_no_address_to_answer_to(address: str) -> None:
    assert not is_contact(address)


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (HintFilter(), True),
        (HintFilter(office="meldestelle"), True),
        (HintFilter(office="buergeramt"), True),
        (HintFilter(office="jugendamt"), False),
        (HintFilter(subject=Subject.WRONG), True),
        (HintFilter(subject=Subject.OTHER), False),
        (HintFilter(states=frozenset({HintState.DONE})), False),
    ],
)
def test_a_filter_looks_at_state_office_and_subject(asked: HintFilter, fits: bool) -> None:
    assert asked.fits(a_hint(), ("meldestelle", "buergeramt")) is fits
