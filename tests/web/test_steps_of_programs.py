"""Programs take the steps of the workflow that their tokens are good for, from where an entry stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from houses import publish, written
from programs import Program, a_program
from sites import Site
from test_writing import DRAFT, NEW, WORKFLOW, errors, program, step

from servicedir.domain.token import Purpose
from servicedir.web.api.misfits import faults

__all__ = ["program"]


def test_a_draft_goes_all_the_way(town: Site, program: Program) -> None:
    path = "/services/kanarienvogel/workflow"
    program.send("PUT", "/services/kanarienvogel/draft", NEW, if_none_match="*", status=201)
    assert step(program, "submit", 1, path).json["state"] == "pending"
    assert step(program, "reject", 1, path, why="Bitte kürzer").json["state"] == "private"
    answer = step(program, "publish", 1, path, why="Fertig")
    assert answer.json | {"url": None} == {
        "slug": "kanarienvogel",
        "state": "published",
        "revision": 1,
        "live": 1,
        "url": None,
    }
    assert answer.headers["ETag"] == '"1"'
    assert town.get("/api/v1/services/kanarienvogel").json["title"] == "Kanarienvogel anmelden"
    answer = step(program, "retire", 1, path, successor="wohnsitz-abmelden")
    assert (answer.json["state"], answer.json["live"]) == ("retired", None)
    assert town.get("/api/v1/services/kanarienvogel", status=410)
    assert step(program, "revive", 1, path).json["state"] == "private"


def test_it_is_told_which_steps_can_be_taken_by_whom(town: Site, program: Program) -> None:
    drafter = a_program(town, Purpose.DRAFTS, name="Redaktionssystem")
    assert program.get(WORKFLOW).json["steps"] == ["retire"]
    assert drafter.get(WORKFLOW).json["steps"] == []
    drafter.send("PUT", DRAFT, NEW, if_match='"1"', status=200)
    assert drafter.get(WORKFLOW).json["steps"] == ["submit", "discard"]
    assert set(program.get(WORKFLOW).json["steps"]) == {"submit", "publish", "discard", "retire"}
    assert faults("EntryStanding", program.get(WORKFLOW).json) == []


def test_who_writes_drafts_sends_them_for_review_and_publishes_nothing(town: Site) -> None:
    drafter = a_program(town, Purpose.DRAFTS)
    drafter.send("PUT", DRAFT, NEW, if_match='"1"', status=200)
    answer = step(drafter, "publish", 2)
    assert (answer.status_int, answer.json["missing"]) == (403, {"purposes": ["workflow"]})
    assert step(drafter, "submit", 2).json["state"] == "pending"
    answer = drafter.send("PUT", DRAFT, NEW | {"summary": "Neu"}, if_match='"2"')
    assert (answer.status_int, answer.json["state"]) == (409, "pending")
    assert step(drafter, "withdraw", 2).json["state"] == "private"
    assert step(drafter, "discard", 2).json["state"] == "published"


@pytest.mark.parametrize("name", ["submit", "withdraw", "reject", "publish", "discard", "revive"])
def test_a_step_that_does_not_start_here_is_a_conflict(town: Site, program: Program, name: str) -> None:
    before = written(town.house)
    answer = step(program, name, 1, why="Weil")
    assert (answer.status_int, answer.json["state"]) == (409, "published")
    assert answer.headers["ETag"] == '"1"'
    assert written(town.house) == before


def test_what_is_retired_is_not_written(program: Program) -> None:
    assert step(program, "retire", 1).status_int == 200
    answer = program.send("PUT", DRAFT, NEW, if_match='"1"')
    assert (answer.status_int, answer.json["state"]) == (409, "retired")


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({}, "/step"),
        ({"step": "dance"}, "/step"),
        ({"step": 1}, "/step"),
        ({"step": "retire", "state": "published"}, "/state"),
        ({"step": "retire", "why": "x" * 501}, "/why"),
        ({"step": "retire", "successor": "nirgends"}, "/successor"),
        ({"step": "retire", "successor": "wohnsitz-abmelden"}, "/successor"),
        ({"step": "reject"}, "/why"),
        ({"step": "reject", "why": " "}, "/why"),
    ],
    ids=str,
)
def test_a_step_that_is_none_is_named_with_its_place(
    town: Site, program: Program, sent: dict[str, Any], where: str
) -> None:
    before = written(town.house)
    assert where in errors(program.send("POST", WORKFLOW, sent, if_match='"1"'))
    assert written(town.house) == before


def test_two_pairs_of_eyes_are_two_tokens(town: Site) -> None:
    with town.house.work() as directory:
        office = directory.catalogue.offices["buergeramt"]
    publish(town.house, replace(office, four_eyes=True))
    one, other = a_program(town), a_program(town, name="Anderes")
    one.send("PUT", DRAFT, NEW, if_match='"1"', status=200)
    answer = step(one, "publish", 2)
    assert answer.status_int == 403
    assert "missing" not in answer.json
    assert "publish" not in one.get(WORKFLOW).json["steps"]
    assert step(other, "publish", 2).json["state"] == "published"
