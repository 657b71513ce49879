"""Acceptance: citizens and staff apart, with the scale, the number asked, and a sentence where nothing is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from blocks import built, cells, rows, table
from builders import a_block, a_service, an_acceptance

from servicedir.domain.acceptance import Group, Measurement
from servicedir.domain.figures import Standing
from servicedir.domain.service import ChannelKind

BLOCK = a_block("acceptance")
SERVICE = a_service("eins", offices=("pflegekinderdienst",))
STAFF = an_acceptance("team", group=Group.STAFF, value=Decimal("12.5"), measurement=Measurement.SHARE, asked=None)


def test_citizens_and_staff_are_never_in_one_table() -> None:
    part = built(BLOCK, an_acceptance("umfrage"), STAFF)
    assert {one.key: rows(one) for one in part.tables} == {
        "acceptance-citizens": ["umfrage"],
        "acceptance-staff": ["team"],
    }
    assert part.paragraphs == (
        "Bürgerinnen und Bürger: 1 Messung, die letzte 2025: Umfrage, 4,2 auf einer Skala von 1 bis 5.",
        "Beschäftigte der Stadt: 1 Messung, die letzte 2025: Team, 12,5 %.",
    )


def test_a_group_of_which_nothing_is_known_gets_a_sentence() -> None:
    part = built(BLOCK, an_acceptance())
    assert [one.key for one in part.tables] == ["acceptance-citizens"]
    assert part.paragraphs[1].startswith("Beschäftigte der Stadt: Zur Akzeptanz von Terminen per Video ist")


def test_a_block_may_ask_for_one_group() -> None:
    part = built(a_block("acceptance", group=Group.STAFF), an_acceptance(), STAFF)
    assert [one.key for one in part.tables] == ["acceptance-staff"]
    assert len(part.paragraphs) == 1


def test_a_row_says_all_that_is_known() -> None:
    one = an_acceptance(services=("eins",), comment="Gut.", source="Bericht 2025", asked=0, measured="2025-03")
    said = cells(table(built(BLOCK, SERVICE, one), "acceptance-citizens"), "umfrage")
    assert [cell.text for cell in said.values()] == [
        "März 2025",
        "Umfrage",
        "Befragung",
        "Eins",
        "4,2 auf einer Skala von 1 bis 5",
        "0",
        "Gut.",
        "Bericht 2025",
    ]
    assert (said["asked"].number, said["value"].code) == (0, "4.2")


def test_how_many_were_asked_is_unknown_and_not_zero() -> None:
    part = built(BLOCK, STAFF)
    said = cells(table(part, "acceptance-staff"), "team")["asked"]
    assert (said.text, said.number, said.standing) == ("nicht bekannt", None, Standing.UNKNOWN)
    assert any("wie weit ein Ergebnis trägt" in note for note in part.notes)


def test_a_remark_is_no_measurement() -> None:
    remark = an_acceptance("wort", measurement=Measurement.REMARK, value=None, asked=None, comment="Kommt gut an.")
    part = built(BLOCK, remark)
    assert part.paragraphs[0] == "Bürgerinnen und Bürger: Gemessen wurde nichts; es gibt 1 Rückmeldung dazu."
    assert cells(part.tables[0], "wort")["value"].text == "nicht gemessen"


def test_the_latest_comes_first_and_what_was_measured_after_the_day_not_at_all() -> None:
    some = [an_acceptance(f"m{year}", measured=year) for year in ("2023", "2025", "2024", "2026")]
    part = built(BLOCK, *some, on=date(2025, 12, 31))
    assert rows(part.tables[0]) == ["m2025", "m2024", "m2023"]


def test_another_channel_is_another_question() -> None:
    part = built(a_block("acceptance", channel=ChannelKind.PHONE), an_acceptance())
    assert not part.tables
    assert "Terminen am Telefon" in part.paragraphs[0]


def test_a_search_leaves_out_what_is_about_others() -> None:
    block = a_block("acceptance", search="office=jugendamt")
    part = built(
        block,
        SERVICE,
        an_acceptance("fremd", office="buergeramt"),
        an_acceptance("amt", office="pflegekinderdienst"),
        an_acceptance("dienst", services=("eins",)),
        an_acceptance("stadt"),
    )
    assert sorted(rows(part.tables[0])) == ["amt", "dienst", "stadt"]
