"""What is planned or under review, and the steps that are open."""

from __future__ import annotations

from datetime import date
from typing import Any

from blocks import built, cells, rows, table
from builders import a_block, a_channel, a_period, a_programme, a_service, a_step

from servicedir.domain.day import Day
from servicedir.domain.service import Nature, Service
from servicedir.domain.step import StepState

BLOCK = a_block("planned")


def with_stage(slug: str, stage: str, **fields: Any) -> Service:
    return a_service(slug, channels=(a_channel("video", a_period(stage, "2024")),), **fields)


def test_planned_and_under_review_are_listed_and_nothing_else() -> None:
    part = built(
        BLOCK,
        with_stage("plan", "planned"),
        with_stage("pruefung", "under_review", nature=Nature.ADVISORY),
        with_stage("da", "live"),
        with_stage("nie", "not_planned"),
    )
    assert {one.key: rows(one) for one in part.tables} == {
        "planned-transactional": ["plan"],
        "planned-advisory": ["pruefung"],
    }
    assert part.paragraphs == (
        "Stand 23. November 2026 sind per Video 2 Dienstleistungen vorgesehen oder in Prüfung: "
        "1 geplant und 1 in Prüfung.",
        "Offene Schritte sind im Verzeichnis nicht eingetragen.",
    )


def test_the_search_may_ask_for_other_stages() -> None:
    part = built(
        a_block("planned", search="video=paused"), with_stage("plan", "planned"), with_stage("pause", "paused")
    )
    assert [rows(one) for one in part.tables] == [["pause"]]


def test_a_step_says_all_that_is_known_of_it_and_that_it_is_late() -> None:
    step = a_step(
        target="2026-06",
        earlier_targets=(Day("2025"), Day("2026-01")),
        services=("plan",),
        blocker="Geräte fehlen.",
        paper="V0815/26",
        programmes=("foerdertopf",),
        state=StepState.UNDER_WAY,
    )
    part = built(BLOCK, with_stage("plan", "planned"), step, a_programme())
    said = cells(table(part, "steps"), "ausweiten")
    assert {key: cell.text for key, cell in said.items()} == {
        "step": "Ausweiten",
        "office": "Buergeramt",
        "services": "Plan",
        "target": "Juni 2026 (überfällig)",
        "earlier": "2025, Januar 2026",
        "state": "in Arbeit",
        "blocker": "Geräte fehlen.",
        "paper": "V0815/26",
        "programmes": "Foerdertopf",
    }
    assert (said["target"].code, said["earlier"].code) == ("2026-06", "2025 2026-01")
    assert part.paragraphs[1] == "Dafür ist 1 Schritt offen; 1 davon überfällig."


def test_a_step_is_late_only_after_the_last_day_of_its_month() -> None:
    service, step = with_stage("plan", "planned"), a_step(target="2026-06")
    in_time, late = (built(BLOCK, service, step, on=on) for on in (date(2026, 6, 30), date(2026, 7, 1)))
    assert cells(table(in_time, "steps"), "ausweiten")["target"].text == "Juni 2026"
    assert cells(table(late, "steps"), "ausweiten")["target"].text == "Juni 2026 (überfällig)"


def test_steps_that_are_over_are_counted_and_left_out() -> None:
    steps = [a_step(f"s{place}", state=state, reason="Nein.") for place, state in enumerate(StepState)]
    part = built(BLOCK, with_stage("plan", "planned"), *steps)
    assert rows(table(part, "steps")) == ["s0", "s1"]
    assert "Nicht aufgeführt sind 3 Schritte, die erledigt, aufgegeben oder abgelehnt sind." in part.notes


def test_a_search_for_an_office_narrows_the_steps_as_well() -> None:
    block = a_block("planned", search="office=jugendamt")
    part = built(
        block,
        with_stage("kind", "planned", offices=("jugendamt",)),
        a_step("eigener", office="pflegekinderdienst"),
        a_step("fremder"),
        a_step("dienst", office="", services=("kind",)),
    )
    assert rows(table(part, "steps")) == ["dienst", "eigener"]


def test_steps_are_said_to_be_those_that_were_known() -> None:
    note = "Die Schritte sind aufgeführt, wie sie am 23. November 2026 eingetragen waren."
    assert note in built(BLOCK, with_stage("plan", "planned"), a_step(), on=date(2025, 1, 1)).notes
    assert note not in built(BLOCK, with_stage("plan", "planned")).notes


def test_a_step_names_those_of_its_services_that_are_published() -> None:
    step = a_step("antrag", services=("eins", "noch-geheim"))
    part = built(a_block("planned"), with_stage("eins", "planned"), step)
    assert "noch-geheim" not in repr(part)
    (about,) = [cell for row in table(part, "steps").rows for cell in row.cells if cell.code == "eins"]
    assert about.path == "/services/eins"
