"""What a service may say and what follows from it: stages in time, what is available, what contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import strategies
from builders import a_channel, a_constraint, a_period, a_service, a_video_need
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.service import (
    NOTHING_SAID,
    REMOTE,
    Channel,
    ChannelKind,
    Contradiction,
    Effect,
    Fault,
    LegalBasis,
    Requirement,
    Service,
    Stage,
)
from servicedir.domain.text import Text

VIDEO = ChannelKind.VIDEO
ON = date(2024, 5, 15)


def faults(service: Service) -> set[tuple[str, tuple[str | int, ...]]]:
    return {(fault.what, fault.where) for fault in service.faults()}


def with_periods(*periods: Any) -> Service:
    return a_service(channels=(a_channel(VIDEO, *periods),))


def with_constraint(stage: Stage, kind: ChannelKind = VIDEO, **constraint: Any) -> Service:
    return a_service(channels=(a_channel(kind, a_period(stage)),), constraints=(a_constraint(**constraint),))


# What holds on a day


@pytest.mark.parametrize(
    ("since", "until", "on", "holds"),
    [
        ("2024-05-01", None, date(2024, 4, 30), False),
        ("2024-05-01", None, date(2024, 5, 1), True),
        ("2024-05", "2024-06", date(2024, 6, 30), True),
        ("2024-05", "2024-06", date(2024, 7, 1), False),
        ("2024", "2024", date(2024, 12, 31), True),
        ("2024", "2024", date(2025, 1, 1), False),
        (None, "2024-05", date.min, True),
        (None, None, date.max, True),
    ],
)
def test_a_stage_holds_from_its_first_to_its_last_day(
    since: str | None, until: str | None, on: date, holds: bool
) -> None:
    assert a_period(since=since, until=until).holds(on) is holds


def test_a_stage_that_is_only_attested_holds_from_then_on_and_not_before() -> None:
    period = a_period(since=None, attested="2023")
    assert not period.holds(date(2022, 12, 31))
    assert period.holds(date(2023, 1, 1))
    assert period.holds(date(2026, 1, 1))


def test_a_known_beginning_counts_more_than_what_is_attested() -> None:
    assert a_period(since="2021", attested="2023").first == date(2021, 1, 1)


@pytest.mark.parametrize("stage", Stage)
def test_only_what_is_live_or_in_pilot_is_available(stage: Stage) -> None:
    assert with_periods(a_period(stage)).available(ON) == ((VIDEO,) if stage in (Stage.LIVE, Stage.PILOT) else ())


def test_what_was_available_is_not_before_and_not_after() -> None:
    service = with_periods(
        a_period("pilot", "2024-05", until="2024-06"), a_period("paused", "2024-07", until="2024-09")
    )
    days = {date(2024, 4, 30): False, date(2024, 5, 1): True, date(2024, 6, 30): True, date(2024, 7, 1): False}
    assert {day: service.available(day) == (VIDEO,) for day in days} == days


def test_a_paused_channel_is_not_available() -> None:
    assert with_periods(a_period("paused")).available(ON) == ()


def test_a_channel_of_which_nobody_spoke_is_unknown_and_never_not_planned() -> None:
    service = a_service(channels=())
    assert service.stage(VIDEO, ON) is Stage.UNKNOWN
    assert service.channel(VIDEO) == Channel(kind=VIDEO)
    assert service.channel(VIDEO).period(ON) is NOTHING_SAID


def test_between_two_stages_nothing_is_known() -> None:
    service = with_periods(a_period("pilot", "2023", until="2023"), a_period("live", "2025"))
    assert service.stage(VIDEO, ON) is Stage.UNKNOWN


def test_periods_may_be_entered_in_any_order() -> None:
    periods = a_period("live", "2025"), a_period("pilot", "2024", until="2024")
    for order in (periods, periods[::-1]):
        assert with_periods(*order).stage(VIDEO, ON) is Stage.PILOT


@given(strategies.channels, strategies.dates)
def test_the_stage_of_a_day_is_one_that_a_period_says_of_it(channel: Channel, on: date) -> None:
    said = {period.stage for period in channel.periods if period.first <= on <= period.last}
    assert channel.period(on).stage in (said or {Stage.UNKNOWN})


# What is refused


def test_a_service_as_it_should_be_has_no_faults() -> None:
    assert a_service(constraints=(a_constraint(),), leika_key="99107003017000").faults() == []


def test_two_stages_at_one_time_overlap_and_the_later_one_is_told() -> None:
    assert faults(with_periods(a_period("pilot", "2024-01", until="2024-06"), a_period("live", "2024-06"))) == {
        ("overlaps", ("channels", 0, "periods", 1, "since"))
    }


def test_an_overlap_is_found_whichever_stage_stands_first_in_the_list() -> None:
    assert faults(with_periods(a_period("live", "2024-06"), a_period("pilot", "2024-01", until="2024-06"))) == {
        ("overlaps", ("channels", 0, "periods", 0, "since"))
    }


def test_a_month_overlaps_with_a_day_in_it() -> None:
    assert faults(with_periods(a_period("pilot", "2024-05", until="2024-05"), a_period("live", "2024-05-31")))
    assert not faults(with_periods(a_period("pilot", "2024-05", until="2024-05"), a_period("live", "2024-06-01")))


def test_two_stages_without_any_day_overlap() -> None:
    assert faults(with_periods(a_period("pilot", None), a_period("live", None)))


def test_stages_of_two_channels_do_not_overlap() -> None:
    assert a_service(channels=(a_channel("video"), a_channel("phone"))).faults() == []


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10)), min_size=1, max_size=5))
def test_overlaps_are_told_just_where_a_day_has_two_stages(spans: list[tuple[int, int]]) -> None:
    start = date(2024, 1, 1)

    def day(number: int) -> str:
        return (start + timedelta(days=number)).isoformat()

    channel = a_channel(VIDEO, *(a_period(since=day(first), until=day(first + length)) for first, length in spans))
    twice = any(sum(period.holds(start + timedelta(days=n)) for period in channel.periods) > 1 for n in range(71))
    assert any(fault.what == "overlaps" for fault in channel.faults()) == twice


def test_who_rules_out_says_why() -> None:
    service = with_periods(a_period("ruled_out", reason=""))
    assert faults(service) == {("ruled_out_without_reason", ("channels", 0, "periods", 0, "reason"))}
    assert not faults(with_periods(a_period("ruled_out", reason="Das Gesetz verlangt persönliches Erscheinen.")))


@pytest.mark.parametrize("stage", sorted(set(Stage) - {Stage.RULED_OUT}))
def test_no_other_stage_needs_a_reason(stage: Stage) -> None:
    assert not faults(with_periods(a_period(stage, reason="")))


def test_a_stage_does_not_end_before_it_begins() -> None:
    assert faults(with_periods(a_period(since="2024-05-02", until="2024-05-01"))) == {
        ("ends_before_it_begins", ("channels", 0, "periods", 0, "until"))
    }
    assert not faults(with_periods(a_period(since="2024-05-01", until="2024-05")))


@pytest.mark.parametrize("stage", Stage)
def test_a_stage_says_since_when_or_for_which_time_it_is_attested(stage: Stage) -> None:
    undated = {("undated", ("channels", 0, "periods", 0, "since"))} if stage is not Stage.UNKNOWN else set()
    assert faults(with_periods(a_period(stage, None))) == undated
    assert faults(with_periods(a_period(stage, None, until="2024"))) == undated
    assert not faults(with_periods(a_period(stage, None, attested="2024")))
    assert not faults(with_periods(a_period(stage, "2024")))


def test_a_number_of_appointments_is_not_negative_and_may_be_nought() -> None:
    assert ("negative", ("channels", 0, "periods", 0, "slots_per_week")) in faults(
        with_periods(a_period(slots_per_week=-1))
    )
    assert not faults(with_periods(a_period(slots_per_week=0)))


def test_a_channel_stands_in_an_entry_once() -> None:
    service = a_service(channels=(a_channel("video"), a_channel("phone"), a_channel("video")))
    assert faults(service) == {("channel_twice", ("channels", 2, "kind"))}


@pytest.mark.parametrize(
    "slug", ["", "Ausweis", "straße", "a--b", "-a", "a-", "a b", "a/b", "a\n", "../a", "a.b", "add"]
)
def test_an_address_is_made_of_small_letters_digits_and_single_hyphens(slug: str) -> None:
    assert ("not_a_slug", ("slug",)) in faults(a_service(slug, title="x"))


@pytest.mark.parametrize("key", ["99", "9910700301700", "991070030170000", "88107003017000", "٩٩١٠٧٠٠٣٠١٧٠٠٠"])
def test_a_leika_key_has_fourteen_digits_and_begins_with_99(key: str) -> None:
    assert faults(a_service(leika_key=key)) == {("not_a_leika_key", ("leika_key",))}


def test_title_and_office_are_the_least_that_an_entry_says() -> None:
    assert faults(a_service(title="", offices=())) == {("missing", ("title",)), ("missing", ("offices",))}


def test_a_title_is_said_in_german_whatever_else_it_is_said_in() -> None:
    assert faults(replace(a_service(), title=Text.of(en="Only English"))) == {("missing", ("title",))}
    assert not faults(replace(a_service(), title=Text.of("Nur Deutsch")))


def test_a_service_is_not_related_to_itself() -> None:
    assert faults(a_service("umzug", related=("umzug",))) == {("related_to_itself", ("related",))}


@given(strategies.services)
def test_faults_are_told_of_any_entry_with_a_path_into_it(service: Service) -> None:
    for fault in service.faults():
        value: Any = service
        for part in fault.where:
            if part == "url" and hasattr(value, "legal_basis"):  # The citation of a constraint is told as its own.
                value = value.legal_basis
            value = value[part] if isinstance(part, int) else getattr(value, part)
        assert str(fault) == f"{'.'.join(map(str, fault.where))}: {fault.what}"
        assert isinstance(fault, Fault)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\tscript:alert(1)",
        " https://example.org",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://example.org/\x00",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org",
        "/services/x",
        "example.org",
        "ftp://example.org",
    ],
)
def test_a_reader_is_sent_to_web_addresses_only(url: str) -> None:
    basis = LegalBasis("§ 1", url)
    period = a_period(booking_url=url, needs=a_video_need(test_url=url))
    service = a_service(
        channels=(a_channel(VIDEO, period),), legal_bases=(basis,), constraints=(a_constraint(legal_basis=basis),)
    )
    assert faults(service) == {
        ("not_a_web_address", ("channels", 0, "periods", 0, "booking_url")),
        ("not_a_web_address", ("channels", 0, "periods", 0, "needs", "test_url")),
        ("not_a_web_address", ("legal_bases", 0, "url")),
        ("not_a_web_address", ("constraints", 0, "url")),
    }


@pytest.mark.parametrize("url", ["", "http://example.org", "https://example.org/ä?x=1#y"])
def test_a_web_address_or_none_is_accepted(url: str) -> None:
    assert not faults(with_periods(a_period(booking_url=url)))


def test_the_first_office_is_the_responsible_one() -> None:
    assert a_service(offices=("jugendamt", "buergeramt")).office == "jugendamt"


# What follows on the stage before


def test_a_new_stage_ends_the_one_before() -> None:
    channel = a_channel(VIDEO, a_period("pilot", "2023-05"), a_period("live", "2024-06")).closed()
    assert [str(period.until) if period.until else None for period in channel.periods] == ["2024-05", None]
    assert list(channel.faults()) == []


def test_the_end_is_as_exact_as_the_beginning_of_the_next() -> None:
    for since, until in (("2024", "2023"), ("2024-03", "2024-02"), ("2024-03-01", "2024-02-29")):
        channel = a_channel(VIDEO, a_period("live", since), a_period("pilot", "2020")).closed()
        assert str(channel.periods[1].until) == until


def test_an_end_that_somebody_said_stays() -> None:
    pilot = a_period("pilot", "2023", until="2023-08")
    assert a_channel(VIDEO, pilot, a_period("live", "2024")).closed().periods[0] == pilot


def test_two_stages_from_the_same_day_on_stay_an_overlap() -> None:
    channel = a_channel(VIDEO, a_period("pilot", "2024-01"), a_period("live", "2024")).closed()
    assert [period.until for period in channel.periods] == [None, None]
    assert [fault.what for fault in channel.faults()] == ["overlaps"]


def test_a_stage_that_is_only_attested_ends_no_other() -> None:
    channel = a_channel(VIDEO, a_period("pilot", "2023"), a_period("live", None, attested="2024"))
    assert channel.closed() == channel


@given(strategies.channels)
def test_closing_adds_ends_and_changes_nothing_else(channel: Channel) -> None:
    closed = channel.closed()
    assert closed.closed() == closed
    for before, after in zip(channel.periods, closed.periods, strict=True):
        assert before.until in (None, after.until)
        assert (before.stage, before.since, before.attested) == (after.stage, after.since, after.attested)
        assert after.first <= after.last or before.first > before.last


# What contradicts itself


@pytest.mark.parametrize("stage", Stage)
def test_what_the_law_rules_out_is_not_available_without_a_warning(stage: Stage) -> None:
    service = with_constraint(stage, requirement=Requirement.SIGNATURE, effect=Effect.RULES_OUT)
    warned = [(Contradiction.RULED_OUT_BUT_AVAILABLE, VIDEO)] if stage.available else []
    assert service.contradictions(ON) == warned
    assert service.faults() == []


@pytest.mark.parametrize("kind", ChannelKind)
def test_personal_appearance_contradicts_every_channel_without_it(kind: ChannelKind) -> None:
    service = with_constraint(Stage.LIVE, kind, effect=Effect.CONDITIONS)
    warned = [(Contradiction.APPEARANCE_BUT_REMOTE, kind)] if kind in REMOTE else []
    assert service.contradictions(ON) == warned


def test_only_a_visit_is_an_appearance() -> None:
    assert set(ChannelKind) - REMOTE == {ChannelKind.IN_PERSON, ChannelKind.HOME_VISIT}


def test_a_law_that_allows_to_stay_away_contradicts_nothing() -> None:
    assert with_constraint(Stage.LIVE, effect=Effect.ALLOWS).contradictions(ON) == []


def test_a_constraint_of_another_channel_contradicts_nothing() -> None:
    assert with_constraint(Stage.LIVE, channel=ChannelKind.PHONE, effect=Effect.RULES_OUT).contradictions(ON) == []
    assert with_constraint(Stage.LIVE, channel=VIDEO, effect=Effect.RULES_OUT).contradictions(ON)


def test_a_contradiction_is_one_of_a_day() -> None:
    service = a_service(
        channels=(a_channel(VIDEO, a_period("live", "2024", until="2024")),), constraints=(a_constraint(),)
    )
    assert service.contradictions(date(2024, 12, 31))
    assert not service.contradictions(date(2025, 1, 1))


@pytest.mark.parametrize("kind", ChannelKind)
def test_a_constraint_without_a_channel_concerns_all(kind: ChannelKind) -> None:
    assert a_constraint(channel=None).concerns(kind)
    assert a_constraint(channel=VIDEO).concerns(kind) == (kind is VIDEO)
