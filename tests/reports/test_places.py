"""What a place or an office offered until a day, or until it closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from blocks import built, cells, rows
from builders import a_block, a_channel, a_period, a_place, a_service

from servicedir.domain.service import Period, Service

PLACE = a_place(
    "labor", name="Labor", opened="2023-03", closed="2024-07", summary="Dort wurden Geräte erprobt.", source="Anfrage"
)
BLOCK = a_block("place", place="labor")


def there(slug: str, *periods: Period, **fields: Any) -> Service:
    fields.setdefault("places", ("labor",))
    return a_service(slug, channels=(a_channel("video", *periods),), **fields)


def test_a_place_without_services_tells_its_story_and_says_that_there_are_none() -> None:
    part = built(BLOCK, PLACE)
    assert part.title == "Labor"
    assert part.paragraphs == (
        "Labor: Dort wurden Geräte erprobt.",
        "Labor: eröffnet im März 2023.",
        "Labor: geschlossen seit Juli 2024.",
        "Im Verzeichnis ist keine Dienstleistung mit diesem Ort eingetragen: Labor.",
    )
    assert not part.tables
    assert part.notes == ("Quelle: Anfrage.",)


def test_what_began_after_a_place_closed_was_not_offered_there() -> None:
    part = built(
        BLOCK,
        PLACE,
        there("frueh", a_period("live", "2024-06-30")),
        there("spaet", a_period("live", "2024-07-01")),
        there("woanders", a_period("live", "2023"), places=()),
    )
    assert [rows(one) for one in part.tables] == [["frueh"]]
    assert part.paragraphs[-1] == (
        "Das Verzeichnis nennt dafür 2 Dienstleistungen; per Video gab es bis zum 30. Juni 2024 davon 1."
    )


def test_what_ended_before_a_place_opened_was_not_offered_there() -> None:
    part = built(BLOCK, PLACE, there("vorher", a_period("live", "2022", until="2023-02-28")))
    assert not part.tables
    assert "ist nicht verzeichnet" in part.paragraphs[-1]


def test_what_could_be_had_at_any_time_counts_though_it_has_ended() -> None:
    service = there("kurz", a_period("pilot", "2023-04", until="2023-05"), a_period("ended", "2023-06"))
    (found,) = built(BLOCK, PLACE, service).tables
    said = cells(found, "kurz")
    assert [said[key].text for key in ("stage", "since", "until")] == ["Testbetrieb", "April 2023", "Mai 2023"]


def test_the_day_of_the_block_comes_before_the_closing() -> None:
    block = a_block("place", place="labor", on=date(2024, 1, 31))
    part = built(block, PLACE, there("eins", a_period("live", "2024-01")), there("zwei", a_period("live", "2024-02")))
    assert [rows(one) for one in part.tables] == [["eins"]]
    assert "bis zum 31. Januar 2024" in part.paragraphs[-1]


def test_an_office_has_the_services_of_those_below_it() -> None:
    block = a_block("place", place="jugendamt")
    part = built(
        block,
        there("kind", a_period("live", "2024"), offices=("pflegekinderdienst",)),
        there("ausweis"),
        there("akte", a_period("planned", "2024"), offices=("jugendamt",)),
    )
    assert [rows(one) for one in part.tables] == [["kind"]]
    assert part.paragraphs[-1].startswith("Das Verzeichnis nennt dafür 2 Dienstleistungen;")
    assert part.path == "/?office=jugendamt&on=2026-11-23"


def test_of_how_many_nothing_is_known_is_said() -> None:
    part = built(BLOCK, PLACE, there("stumm", a_period("live", "2025")))
    assert part.notes[0] == "Bei 1 Dienstleistung ist für den 30. Juni 2024 nicht bekannt, ob es sie per Video gab."


def test_a_place_that_was_not_known_then_is_a_sentence() -> None:
    part = built(BLOCK)
    assert part.paragraphs == ("Im Verzeichnis gibt es zu diesem Stand weder einen Ort noch ein Amt „labor“.",)


def test_a_day_to_come_is_a_sentence() -> None:
    part = built(BLOCK, PLACE, on=date(2030, 1, 1))
    assert part.paragraphs == ("Der 1. Januar 2030 liegt in der Zukunft; dazu lässt sich noch nichts sagen.",)
