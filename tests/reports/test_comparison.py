"""What changed between two days, by one state of knowledge."""

from __future__ import annotations

from datetime import date

import pytest
from blocks import built, cells, rows, table
from builders import a_block, a_channel, a_period, a_service

from servicedir.domain.inquiry import Block
from servicedir.domain.service import Period, Service

EARLIER, LATER = date(2024, 3, 1), date(2025, 3, 1)


def by_video(slug: str, *periods: Period) -> Service:
    return a_service(slug, channels=(a_channel("video", *periods),))


SERVICES = (
    by_video("alt", a_period("live", "2024", until="2024-06"), a_period("ended", "2024-07")),
    by_video("bleibt", a_period("live", "2024")),
    by_video("fest", a_period("pilot", "2024", until="2024-06"), a_period("live", "2024-07")),
    by_video("neu", a_period("planned", "2024", until="2024-06"), a_period("pilot", "2024-07")),
    by_video("wieder", a_period("live", "2024", until="2024-05"), a_period("live", "2024-09")),
)


def block(on: date = LATER, compared: date = EARLIER, search: str = "video=live&video=pilot") -> Block:
    return a_block("comparison", on=on, compared=compared, search=search)


@pytest.mark.parametrize(("on", "compared"), [(EARLIER, LATER), (LATER, EARLIER)])
def test_the_earlier_day_comes_first_whichever_is_compared(on: date, compared: date) -> None:
    part = built(block(on, compared), *SERVICES)
    found = table(part, "comparison-services")
    assert {key: cells(found, key)["change"].code for key in rows(found)} == {
        "alt": "gone",
        "fest": "stage",
        "neu": "new",
        "wieder": "period",
    }
    assert (cells(found, "neu")["before"].text, cells(found, "neu")["after"].text) == ("geplant", "Testbetrieb")
    assert part.paragraphs == (
        "Am 1. März 2024: 4 Dienstleistungen; am 1. März 2025: 4 Dienstleistungen. Dazwischen: 1 neu dabei, "
        "1 nicht mehr dabei, 1 mit anderem Stand und 1 mit anderem Zeitraum.",
    )


def test_stages_are_counted_on_both_days() -> None:
    found = table(built(block(search=""), *SERVICES), "comparison-stages")
    counts = {key: [cell.number for cell in list(cells(found, key).values())[1:]] for key in rows(found)}
    assert counts == {"live": [3, 3, 0], "pilot": [1, 1, 0], "planned": [1, 0, -1], "ended": [0, 1, 1]}
    assert cells(found, "planned")["difference"].text == "−1"


def test_what_is_merely_attested_from_some_time_on_may_have_been_there_before() -> None:
    part = built(block(), *SERVICES, by_video("vage", a_period("live", None, attested="2024-08")))
    assert any(note.startswith("Bei 1 Dienstleistung ist der Beginn nicht bekannt;") for note in part.notes)
    assert not any("ist der Beginn nicht bekannt;" in note for note in built(block(), *SERVICES).notes)


def test_nothing_changed_is_said() -> None:
    part = built(block(), SERVICES[1])
    assert [one.key for one in part.tables] == ["comparison-stages"]
    assert part.paragraphs[0].endswith("Dazwischen: nichts hat sich geändert.")


@pytest.mark.parametrize("compared", [date(2023, 12, 31), date(2027, 1, 1)])
def test_a_day_of_which_nothing_can_be_said_is_a_sentence(compared: date) -> None:
    part = built(block(compared=compared), *SERVICES)
    assert not part.tables
    assert "lässt sich" in part.paragraphs[0]
