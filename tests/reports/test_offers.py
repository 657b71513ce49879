"""Services on a day: by nature, by office and title; and what is said of what is not known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from blocks import TODAY, a_state, built, cells, rows, table, texts, whole
from builders import a_block, a_channel, a_period, a_service, an_office

from servicedir.domain.catalogue import OfficeKind
from servicedir.domain.inquiry import Column
from servicedir.domain.service import ChannelKind, Nature, Period, Service

BY_VIDEO = a_block("services", search="video=live&video=pilot")


def by_video(slug: str, *periods: Period, **fields: Any) -> Service:
    return a_service(slug, channels=(a_channel("video", *periods),), **fields)


def test_applications_are_never_listed_among_advice() -> None:
    part = built(BY_VIDEO, by_video("abmelden"), by_video("beratung", nature=Nature.ADVISORY), by_video("anmelden"))
    assert [one.key for one in part.tables] == ["services-transactional", "services-advisory"]
    assert rows(part.tables[0]) == ["abmelden", "anmelden"]
    assert rows(part.tables[1]) == ["beratung"]
    assert part.paragraphs == (
        "Stand 23. November 2026 gibt es 3 Dienstleistungen per Video: 2 Anträge und 1 Beratung.",
    )


def test_services_are_sorted_by_office_then_title() -> None:
    part = built(
        BY_VIDEO,
        by_video("z", title="Zebra"),
        by_video("a", title="Ähre", offices=("jugendamt",)),
        by_video("b", title="Öl"),
    )
    assert rows(part.tables[0]) == ["b", "z", "a"]


def test_the_day_decides_what_is_listed() -> None:
    ended = by_video("ende", a_period("live", "2024-01", until="2024-06-30"), a_period("ended", "2024-07"))
    begun = by_video("anfang", a_period("pilot", "2024-07-01"))
    before, after = (built(BY_VIDEO, ended, begun, on=on) for on in (date(2024, 6, 30), date(2024, 7, 1)))
    assert [rows(one) for one in before.tables] == [["ende"]]
    assert [rows(one) for one in after.tables] == [["anfang"]]


def test_a_beginning_that_is_only_attested_is_said_to_be() -> None:
    part = built(
        BY_VIDEO,
        by_video("belegt", a_period("live", None, attested="2024", source="Anfrage")),
        by_video("sicher", a_period("pilot", "2024-05")),
    )
    said = cells(table(part, "services-transactional"), "belegt")["since"]
    assert (said.text, said.code) == ("belegt für 2024", "2024")
    assert cells(table(part, "services-transactional"), "sicher")["since"].text == "Mai 2024"
    assert any(note.startswith("Bei 1 Dienstleistung ist nicht bekannt, seit wann") for note in part.notes)
    assert "davon 1 im Testbetrieb" in part.paragraphs[0]
    assert part.notes[-1] == "Quelle: Anfrage."


def test_how_many_are_unknown_is_said_beside_the_list() -> None:
    silent = a_service("stumm", channels=())
    part = built(BY_VIDEO, by_video("eins"), silent)
    assert part.notes[0].startswith("Das Verzeichnis enthält 2 Dienstleistungen; bei 1 davon ist")
    assert (
        built(BY_VIDEO, by_video("eins"))
        .notes[0]
        .endswith("bei jeder ist der Stand per Video am 23. November 2026 bekannt.")
    )


def test_when_entries_were_confirmed_is_said_and_for_how_many_never() -> None:
    part = built(
        BY_VIDEO,
        by_video("eins", verified=date(2026, 3, 1)),
        by_video("zwei", verified=date(2025, 2, 1)),
        by_video("drei"),
    )
    assert "Die älteste Bestätigung eines dieser Einträge ist vom 1. Februar 2025." in part.notes
    assert "Einer dieser Einträge wurde bisher nicht vom Amt als richtig bestätigt." in part.notes


def test_what_partner_authorities_offer_is_not_taken_for_the_citys_own() -> None:
    partner = an_office("jobcenter", kind=OfficeKind.PARTNER_AUTHORITY)
    part = built(BY_VIDEO, by_video("eins"), by_video("zwei", offices=("jobcenter",)), partner)
    assert part.paragraphs[1] == (
        "Dazu kommt 1 Dienstleistung von Partnerbehörden, die nicht Teil der Stadtverwaltung sind: Jobcenter."
    )
    assert "1 Dienstleistung per Video" in part.paragraphs[0]
    assert [(table.key, [row.key for row in table.rows]) for table in part.tables] == [
        ("services-transactional", ["eins"]),
        ("services-partners", ["zwei"]),
    ]
    assert len(built(BY_VIDEO, by_video("eins"), partner).paragraphs) == 1


def test_the_columns_and_the_channel_are_those_of_the_block() -> None:
    service = a_service(
        "eins",
        channels=(
            a_channel("phone", a_period("live", "2023-02-03", slots_per_week=25), note="Nur vormittags."),
            a_channel("video", a_period("ended", "2024")),
        ),
    )
    block = a_block(
        "services",
        channel=ChannelKind.PHONE,
        columns=(Column.TITLE, Column.STAGE, Column.SINCE, Column.SLOTS, Column.NOTE, Column.TELEWORK),
    )
    said = cells(table(built(block, service), "services-transactional"), "eins")
    assert [cell.text for cell in said.values()] == [
        "Eins",
        "möglich",
        "3. Februar 2023",
        "25 in der Woche",
        "Nur vormittags.",
        "nicht bekannt",
    ]
    assert (said["slots"].number, said["title"].path, said["stage"].code) == (25, "/services/eins", "live")


def test_every_column_says_something_of_any_service() -> None:
    block = a_block("services", columns=tuple(Column))
    said = texts(
        table(built(block, a_service("leer", channels=()), by_video("eins")), "services-transactional"), "leer"
    )
    assert list(said) == [column.value for column in Column]
    assert said["stage"] == "nicht bekannt"
    assert said["verified"] == "noch nie"


def test_an_empty_list_is_a_sentence() -> None:
    part = built(BY_VIDEO, by_video("aus", a_period("ended", "2024")))
    assert not part.tables
    assert part.paragraphs == ("Stand 23. November 2026 ist im Verzeichnis keine Dienstleistung per Video bekannt.",)


def test_another_search_is_said_in_words_and_leads_to_its_list() -> None:
    block = a_block("services", search="q=melden&office=jugendamt")
    part = built(block, by_video("abmelden", offices=("pflegekinderdienst",)), by_video("anmelden"))
    assert part.paragraphs == (
        "Stand 23. November 2026 ist im Verzeichnis 1 Dienstleistung, auf die das zutrifft "
        "(Suchwörter „melden“; Amt: Jugendamt): 1 Antrag.",
    )
    assert part.path == "/?q=melden&office=jugendamt&on=2026-11-23"


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2026, 11, 24), "Der 24. November 2026 liegt in der Zukunft; dazu lässt sich noch nichts sagen."),
        (
            date(2023, 12, 31),
            "Für den 31. Dezember 2023 lässt sich nichts sagen: "
            "Die Angaben im Verzeichnis beginnen mit dem 1. Januar 2024.",
        ),
    ],
)
@pytest.mark.parametrize("kind", ["services", "planned", "figures", "reasons", "coverage"])
def test_a_day_of_which_nothing_can_be_said_gets_a_sentence(kind: str, on: date, sentence: str) -> None:
    part = built(a_block(kind, years=("2024",)), by_video("eins"), on=on)
    assert (part.paragraphs, part.tables) == ((sentence,), ())


@pytest.mark.parametrize(
    "kind", ["services", "place", "planned", "figures", "acceptance", "reasons", "programmes", "coverage", "comparison"]
)
def test_before_anything_was_published_there_is_a_sentence_whatever_is_asked(kind: str) -> None:
    block = a_block(kind, years=("2024",), place="buergeramt", compared=date(2024, 5, 1))
    part = built(block, first=None)
    assert part.paragraphs == (
        "Zu diesem Zeitpunkt war im Verzeichnis noch nichts veröffentlicht; deshalb lässt sich nichts sagen.",
    )
    assert not part.tables


def test_where_no_channel_is_dated_that_is_said() -> None:
    assert built(BY_VIDEO, a_service("leer", channels=())).paragraphs == (
        "Im Verzeichnis ist noch zu keinem Zugangsweg etwas gesagt.",
    )


def test_tables_of_one_reply_have_keys_of_their_own() -> None:
    (reply,) = whole(a_state(by_video("eins")), BY_VIDEO, BY_VIDEO).replies
    assert [one.key for part in reply.parts for one in part.tables] == [
        "services-transactional",
        "services-transactional-2",
    ]


def test_a_block_says_its_own_words_first_and_how_many_rows_papers_show() -> None:
    block = a_block("services", search="video=live", text="Erst dies.\n\nDann das.", title="Heute", most=5)
    part = built(block, by_video("eins"))
    assert (part.title, part.paragraphs[:2]) == ("Heute", ("Erst dies.", "Dann das."))
    assert part.tables[0].most == 5


def test_an_answer_in_english_is_english() -> None:
    part = built(BY_VIDEO, by_video("eins"), language="en")
    assert part.paragraphs == ("As of 23 November 2026, there is 1 service by video: 1 application.",)
    assert part.tables[0].caption == "Applications (with legal effect)"


def test_an_answer_says_what_it_was_made_from() -> None:
    made = whole(a_state(by_video("eins")), BY_VIDEO)
    assert (made.on, made.services) == (TODAY, 1)
    assert "23. November 2026, 13:00 Uhr" in made.notes[0]
