"""A service as a row and back: what was not edited stays, and one edited cell is one change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import (
    a_channel,
    a_period,
    a_service,
    a_text,
    a_video_need,
)
from hypothesis import given
from sheet_rows import ON, a_full_service, changes, edited, problems, the_sample
from strategies import dates, services

from servicedir.domain.day import Day
from servicedir.domain.service import ChannelKind, LegalBasis, Nature, Service, Stage
from servicedir.exchange.columns import COLUMNS, Shape
from servicedir.exchange.sheet import BadRow, apply_row, to_row


def test_every_service_of_the_sample_comes_back_as_it_was() -> None:
    sample = the_sample()
    assert len(sample) >= 140
    for service in sample:
        assert apply_row(to_row(service, ON), service, ON) is service


@given(services, dates)
def test_any_service_comes_back_as_it_was(service: Service, on: date) -> None:
    row = to_row(service, on)
    assert list(row) == [column.name for column in COLUMNS]
    assert apply_row(row, service, on) is service


@given(services, dates)
def test_columns_that_are_not_there_stay_as_they_are(service: Service, on: date) -> None:
    assert apply_row({"slug": service.slug}, service, on) is service


def test_a_service_of_the_sample_can_be_made_of_its_row_alone() -> None:
    for service in the_sample():
        made = apply_row(to_row(service, ON), None, ON)
        assert to_row(made, ON) == to_row(service, ON)


TYPED = {
    Shape.TEXT: "Neu",
    Shape.LINES: "neu",
    Shape.DOCUMENTS: "Ausweis\nNeues Foto",
    Shape.BASES: "§ 9 PAuswG | https://www.gesetze-im-internet.de/pauswg/__9.html\n§ 17 BMG",
    Shape.NUMBER: "7",
    Shape.FLAG: "",
}
TYPED_BY_FIELD = {
    "nature": "advisory",
    "office": "jugendamt",
    "leika_key": "99115005070002",
    "source": "Neu",
    "booking_url": "https://example.org/neu",
    "since": "2024-06",
    "until": "2027",
    "attested": "2025",
}


@pytest.mark.parametrize(
    "column", [c for c in COLUMNS if c.field not in ("slug", "stage", "on", "revision")], ids=lambda column: column.name
)
def test_one_cell_is_one_change(column: Any) -> None:
    before = a_full_service()
    typed = TYPED_BY_FIELD.get(column.field) or TYPED[column.shape]
    row = {**to_row(before, ON), column.name: typed}
    after = apply_row(row, before, ON)
    field = {"office": "offices", "further_offices": "offices"}.get(column.field, column.field)
    fields = {next(part for part in reversed(path) if part in (field,)) for path in changes(before, after)}
    assert fields == {field}
    if column.shape is Shape.TEXT:
        assert {path[-1] for path in changes(before, after)} == {column.language}
    if column.channel:
        assert {before.channels[path[1]].kind for path in changes(before, after)} == {column.channel}
    assert to_row(after, ON) == row


@pytest.mark.parametrize("column", [c for c in COLUMNS if c.shape is Shape.TEXT and c.name != "title"])
def test_an_emptied_cell_empties_its_language_and_no_other(column: Any) -> None:
    before = a_full_service()
    after = edited(before, **{column.name: ""})
    assert {path[-1] for path in changes(before, after)} == {column.language}
    assert to_row(after, ON)[column.name] == ""


def test_the_slug_of_a_known_service_is_not_changed() -> None:
    before = a_full_service()
    assert edited(before, slug="anders") is before


def test_both_languages_of_a_text_can_change_at_once() -> None:
    after = edited(a_full_service(), title="Neu", title_en="New")
    assert after.title == a_text("Neu", en="New", fr="Französisch")


# Stages


def test_another_stage_from_a_later_day_begins_a_period_and_ends_the_one_before() -> None:
    before = a_service(channels=(a_channel("video", a_period("pilot", "2024-05", needs=a_video_need())),))
    after = edited(before, video_stage="live", video_since="2026-09-01", video_booking_url="https://example.org/x")
    old, new = after.channel(ChannelKind.VIDEO).periods
    assert (old.stage, old.since, old.until, old.booking_url) == (Stage.PILOT, Day("2024-05"), Day("2026-08-31"), "")
    assert (new.stage, new.since, new.until) == (Stage.LIVE, Day("2026-09-01"), None)
    # What no column shows goes on.
    assert (new.booking_url, new.needs) == ("https://example.org/x", a_video_need())


def test_a_new_stage_does_not_take_over_the_days_of_the_one_before() -> None:
    before = a_service(channels=(a_channel("video", a_period("pilot", None, attested="2024", until="2027")),))
    after = edited(before, video_stage="live", video_since="2026")
    old, new = after.channel(ChannelKind.VIDEO).periods
    assert (old.attested, old.until) == (Day("2024"), Day("2025"))
    assert (new.since, new.until, new.attested) == (Day("2026"), None, None)


def test_a_new_stage_ends_where_a_later_one_begins() -> None:
    periods = a_period("pilot", "2024"), a_period("ended", "2028")
    after = edited(a_service(channels=(a_channel("video", *periods),)), video_stage="paused", video_since="2026-10")
    stages = {p.stage: (str(p.since), p.until and str(p.until)) for p in after.channel(ChannelKind.VIDEO).periods}
    assert stages == {
        Stage.PILOT: ("2024", "2026-09"),
        Stage.PAUSED: ("2026-10", "2027"),
        Stage.ENDED: ("2028", None),
    }


def test_a_new_stage_may_be_attested_only() -> None:
    before = a_service(channels=(a_channel("video", a_period("pilot", "2024")),))
    old, new = edited(before, video_stage="live", video_attested="2026").channel(ChannelKind.VIDEO).periods
    assert (old.until, new.stage, new.since, new.attested) == (Day("2025"), Stage.LIVE, None, Day("2026"))


@pytest.mark.parametrize("since", ["2023", "2024-01-01"])
def test_another_stage_from_an_earlier_day_corrects_the_period(since: str) -> None:
    before = a_service(channels=(a_channel("video", a_period("pilot", "2024")),))
    (period,) = edited(before, video_stage="live", video_since=since).channel(ChannelKind.VIDEO).periods
    assert (period.stage, period.since) == (Stage.LIVE, Day(since))


def test_a_first_stage_makes_the_channel() -> None:
    after = edited(a_service(channels=()), phone_stage="geplant", phone_since="2027-01", phone_note="Bald")
    (channel,) = after.channels
    assert (channel.kind, channel.periods[0].stage, channel.note) == (ChannelKind.PHONE, Stage.PLANNED, a_text("Bald"))


def test_a_note_needs_no_stage() -> None:
    (channel,) = edited(a_service(channels=()), chat_note="Nur abends").channels
    assert (channel.kind, channel.periods) == (ChannelKind.CHAT, ())


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"video_stage": "paused"}, [("video_stage", "stage_without_day")]),
        ({"video_stage": ""}, [("video_stage", "stage_without_day")]),
        ({"video_stage": "paused", "video_since": ""}, [("video_stage", "stage_without_day")]),
        ({"video_stage": "offen", "video_since": "2026"}, [("video_stage", "not_one_of")]),
        (
            {"video_stage": "ruled_out", "video_since": "2026", "video_reason": ""},
            [("video_reason", "ruled_out_without_reason")],
        ),
        ({"video_since": "gestern"}, [("video_since", "not_a_day")]),
        ({"video_since": "2024-13"}, [("video_since", "not_a_day")]),
        ({"video_since": ""}, [("video_since", "undated")]),
        ({"video_until": "2020"}, [("video_until", "ends_before_it_begins")]),
        ({"video_slots_per_week": "viele"}, [("video_slots_per_week", "not_a_number")]),
        ({"video_slots_per_week": "-1"}, [("video_slots_per_week", "negative")]),
        ({"video_by_arrangement": "vielleicht"}, [("video_by_arrangement", "not_yes_or_no")]),
        ({"video_booking_url": "javascript:alert(1)"}, [("video_booking_url", "not_a_web_address")]),
        ({"phone_booking_url": "https://example.org"}, [("phone_booking_url", "details_without_stage")]),
        ({"phone_since": "2026"}, [("phone_since", "details_without_stage")]),
        ({"title": ""}, [("title", "missing")]),
        ({"nature": ""}, [("nature", "missing")]),
        ({"nature": "Zauberei"}, [("nature", "not_one_of")]),
        ({"office": ""}, [("office", "missing")]),
        ({"related": "personalausweis"}, [("related", "related_to_itself")]),
        ({"legal_bases": "§ 1 | ftp://x"}, [("legal_bases", "not_a_web_address")]),
        ({"leika_key": "123"}, [("leika_key", "not_a_leika_key")]),
        ({"summary": "#NAME?"}, [("summary", "error_value")]),
        ({"summary": "#NAME?", "title": ""}, [("summary", "error_value"), ("title", "missing")]),
    ],
)
def test_what_cannot_be_is_refused_with_its_column(cells: dict[str, str], found: list[tuple[str, str]]) -> None:
    assert problems(a_service(), **cells) == found


def test_a_refusal_says_what_the_cell_said() -> None:
    with pytest.raises(BadRow, match="video_since: not_a_day") as fault:
        edited(a_service(), video_since="gestern")
    assert [problem.value for problem in fault.value.problems] == ["gestern"]


def test_a_sheet_of_another_day_is_compared_with_that_day() -> None:
    before = a_service(
        channels=(a_channel("video", a_period("pilot", "2024", until="2025"), a_period("live", "2026")),)
    )
    row = to_row(before, date(2025, 12, 31))
    assert row["video_stage"] == "pilot"
    assert apply_row(row, before, ON) is before
    after = apply_row({**row, "video_slots_per_week": "5"}, before, ON)
    assert [period.slots_per_week for period in after.channels[0].periods] == [5, None]
    assert problems(before, on="gestern") == [("on", "not_a_day")]


def test_a_period_that_would_lie_in_another_is_refused() -> None:
    ended = a_channel("video", a_period("pilot", "2024", until="2026-06"))
    assert problems(a_service(channels=(ended,)), video_stage="live", video_since="2026-03") == [
        ("video_since", "overlaps")
    ]


# New entries


def test_a_row_without_an_entry_is_a_new_one() -> None:
    row = {"slug": "neu", "title": "Neu", "nature": "Beratung", "office": "buergeramt", "video_stage": ""}
    made = apply_row(row, None, ON)
    assert made == Service(slug="neu", title=a_text("Neu"), nature=Nature.ADVISORY, offices=("buergeramt",))


def test_a_new_row_says_all_that_it_lacks() -> None:
    assert set(problems(None, slug="Not A Slug!!")) == {
        ("slug", "not_a_slug"),
        ("title", "missing"),
        ("nature", "missing"),
        ("office", "missing"),
    }
    assert problems(None, slug="x", title="X", office="a", nature="?") == [("nature", "not_one_of")]


# Lists


def test_documents_keep_their_translations() -> None:
    documents = [a_text(word, en=f"{word} (en)") for word in ("Ausweis", "Foto", "Antrag")]
    before = a_service(documents=documents)
    mended = edited(before, documents="Ausweis\nPassfoto\nAntrag")
    assert mended.documents == (documents[0], a_text("Passfoto", en="Foto (en)"), documents[2])
    more = edited(before, documents="Neu\nAusweis\nFoto\nAntrag")
    assert more.documents == (a_text("Neu"), *documents)
    fewer = edited(before, documents="Antrag\nAusweis")
    assert fewer.documents == (documents[2], documents[0])


def test_a_document_in_english_only_is_changed_in_english() -> None:
    before = a_service(documents=(a_text("", en="Photo"),))
    assert edited(before, documents="New photo").documents == (a_text("", en="New photo"),)


def test_a_citation_may_have_a_bar_and_no_address() -> None:
    before = a_service(legal_bases=(LegalBasis("§ 1 | 2"), LegalBasis("§ 3", "https://example.org")))
    cell = to_row(before, ON)["legal_bases"]
    after = edited(before, legal_bases=f"{cell}\n§ 4")
    assert after.legal_bases == (*before.legal_bases, LegalBasis("§ 4"))


def test_a_word_twice_is_a_word_once() -> None:
    assert edited(a_service(), keywords="Pass\n\n Perso \nPass").keywords == ("Pass", "Perso")


def test_the_responsible_office_is_not_a_further_one() -> None:
    before = a_service(offices=("a", "b", "c"))
    assert edited(before, office="b").offices == ("b", "c")


# The names of columns are a promise


def test_columns_have_names_of_their_own_and_a_sentence() -> None:
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)
    assert all(column.meaning.endswith(".") for column in COLUMNS)
    assert COLUMNS[0].name == "slug"


def test_columns_keep_their_names() -> None:
    names = [column.name for column in COLUMNS]
    promised = """slug title title_en summary summary_en nature office further_offices body body_en audiences topics
        keywords documents costs costs_en duration duration_en legal_bases leika_key languages places related""".split()
    promised += [
        f"{kind}_{name}"
        for kind in "video phone chat online in_person home_visit mail".split()
        for name in """stage since until attested reason reason_en source booking booking_en booking_url
            slots_per_week by_arrangement note note_en""".split()
    ]
    promised += ["on", "revision"]
    assert names == promised
