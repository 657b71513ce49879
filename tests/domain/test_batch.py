"""What becomes of an entry that is changed together with many others, and which are left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import a_channel, a_constraint, a_period, a_service, a_text

from servicedir.domain.batch import Action, Line, Preview, Skip, Task, Unfit, moved_to, under_review
from servicedir.domain.service import ChannelKind, Effect, Service, Stage

TODAY = date(2026, 11, 24)


def video(*periods: Any, **fields: Any) -> Service:
    return a_service(channels=(a_channel("phone"), a_channel("video", *periods)), **fields)


def test_another_office_answers_and_the_further_ones_stay() -> None:
    service = a_service(offices=("alt", "neu", "dritt"))
    assert moved_to(service, "neu").offices == ("neu", "dritt")
    assert moved_to(service, "viert").offices == ("viert", "neu", "dritt")
    with pytest.raises(Unfit) as unfit:
        moved_to(service, "alt")
    assert unfit.value.skip is Skip.UNCHANGED


def test_video_is_under_review_from_today_where_nobody_has_said_anything() -> None:
    for service in (a_service(channels=()), a_service(channels=(a_channel("phone"),))):
        changed = under_review(service, TODAY)
        assert changed.stage(ChannelKind.VIDEO, TODAY) is Stage.UNDER_REVIEW
        assert changed.stage(ChannelKind.VIDEO, date(2026, 11, 23)) is Stage.UNKNOWN
        assert changed.channels[:-1] == service.channels
        assert changed.faults() == []


@pytest.mark.parametrize(
    "before",
    [
        a_period("not_planned", "2024"),
        a_period("planned", "2024", until="2027"),
        a_period("paused", None, attested="2025"),
        a_period("ended", "2020", until="2021"),
        a_period("unknown", None),
    ],
)
def test_what_held_so_far_ends_yesterday(before: Any) -> None:
    changed = under_review(video(before), TODAY)
    assert changed.faults() == []
    first, begun = changed.channel(ChannelKind.VIDEO).periods
    assert not first.holds(TODAY)
    assert first.first == before.first
    assert first.last == min(before.last, date(2026, 11, 23))
    assert begun.stage is Stage.UNDER_REVIEW
    assert str(begun.since) == "2026-11-24"


@pytest.mark.parametrize(
    ("service", "skip"),
    [
        (video(a_period("under_review", "2026")), Skip.UNCHANGED),
        (video(a_period("live", "2020")), Skip.AVAILABLE),
        (video(a_period("pilot", "2020")), Skip.AVAILABLE),
        (video(a_period("ruled_out", "2020")), Skip.RULED_OUT),
        (a_service(channels=(), constraints=(a_constraint(effect=Effect.RULES_OUT),)), Skip.RULED_OUT),
        (video(a_period("not_planned", "2020", until="2026"), a_period("planned", "2027")), Skip.LATER),
        (video(a_period("not_planned", "2026-11-24")), Skip.LATER),
    ],
)
def test_what_contradicts_is_left_out(service: Service, skip: Skip) -> None:
    with pytest.raises(Unfit) as unfit:
        under_review(service, TODAY)
    assert unfit.value.skip is skip


def test_a_constraint_on_another_channel_does_not_stand_in_the_way() -> None:
    phone = a_constraint(effect=Effect.RULES_OUT, channel=ChannelKind.PHONE)
    assert under_review(a_service(channels=(), constraints=(phone,)), TODAY).channels


def test_a_preview_has_another_mark_as_soon_as_anything_about_it_changes() -> None:
    line = Line(slug="a", title=a_text(), number=1, before="alt", after="neu")
    preview = Preview(Task(Action.OFFICE, "neu"), (line, Line(slug="b", skip=Skip.FORBIDDEN)))
    assert [one.slug for one in preview.doing] == ["a"]
    assert [one.slug for one in preview.skipped] == ["b"]
    others = [
        Preview(Task(Action.OFFICE, "anders"), preview.lines),
        Preview(Task(Action.SUBMIT, "neu"), preview.lines),
        Preview(preview.task, preview.lines[:1]),
        *(
            Preview(preview.task, (replace(line, **change), preview.lines[1]))
            for change in ({"number": 2}, {"before": "x"}, {"after": "x"}, {"skip": Skip.INVALID}, {"slug": "c"})
        ),
    ]
    assert len({preview.mark, *(other.mark for other in others)}) == len(others) + 1
    assert Preview(preview.task, preview.lines).mark == preview.mark
