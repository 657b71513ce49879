"""A write with a key of its own is done once, however often it comes, and its answer is the same each time."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from builders import Clock
from houses import rows, written
from programs import Program, a_program, a_token
from sites import Site
from webtest import TestResponse

from servicedir.directory.housekeeping import forget

DRAFT = "/services/wohnsitz-abmelden/draft"
WORKFLOW = "/services/wohnsitz-abmelden/workflow"
NEW = {"title": {"de": "Kanarienvogel anmelden"}, "nature": "advisory", "offices": ["buergeramt"]}


def retire(program: Program, key: str, **more: str) -> TestResponse:
    return program.send("POST", WORKFLOW, {"step": "retire"} | more, if_match='"1"', idempotency_key=key)


def same(one: TestResponse, other: TestResponse) -> bool:
    names = ("Content-Type", "ETag", "Location", "Cache-Control")
    return (one.status, one.body, *(one.headers.get(n) for n in names)) == (
        other.status,
        other.body,
        *(other.headers.get(n) for n in names),
    )


def test_a_step_that_comes_twice_is_taken_once(town: Site) -> None:
    program = a_program(town)
    first = retire(program, "eins")
    before = written(town.house)
    second = retire(program, "eins")
    assert first.status_int == 200
    assert same(first, second)
    assert written(town.house) == before
    assert retire(program, "zwei").status_int == 409, "so that this test can fail"


def test_a_new_entry_is_new_however_often_it_is_told(town: Site) -> None:
    program = a_program(town)

    def create() -> TestResponse:
        return program.send("PUT", "/services/neu/draft", NEW, if_none_match="*", idempotency_key='"a-b"')

    first, second = create(), create()
    assert (first.status_int, second.status_int) == (201, 201)
    assert same(first, second)
    assert "Location" in first.headers


def test_the_answer_stays_though_the_entry_has_moved_on(town: Site) -> None:
    program = a_program(town)
    first = program.send("PUT", DRAFT, NEW, if_match='"1"', idempotency_key="eins", status=200)
    program.send("PUT", DRAFT, NEW | {"summary": "Weiter"}, if_match='"2"', idempotency_key="zwei", status=200)
    assert same(first, program.send("PUT", DRAFT, NEW, if_match='"1"', idempotency_key="eins"))
    assert program.get(DRAFT).json["summary"] == {"de": "Weiter"}


@pytest.mark.parametrize(
    "other",
    [
        {"body": {"step": "retire", "why": "Anders"}},
        {"if_match": '"2"'},
        {"path": "/services/hundesteuer/workflow"},
        {"path": f"{WORKFLOW}?lang=en"},
        {"method": "PUT", "path": DRAFT, "body": NEW},
    ],
    ids=str,
)
def test_another_request_under_the_same_key_is_refused(town: Site, other: dict[str, Any]) -> None:
    program = a_program(town)
    request = {"method": "POST", "path": WORKFLOW, "body": {"step": "retire"}, "if_match": '"1"'}
    assert program.send(**request, idempotency_key="eins").status_int == 200
    before = written(town.house)
    answer = program.send(**(request | other), idempotency_key="eins")
    assert answer.status_int == 422
    assert "Idempotency-Key" in answer.json["detail"]
    assert written(town.house) == before


def test_what_failed_is_tried_again_under_the_same_key(town: Site) -> None:
    program = a_program(town)
    for _time in range(2):
        assert program.send("PUT", DRAFT, NEW, if_match='"2"', idempotency_key="eins").status_int == 412
    assert rows(town.house, "repeats") == 0
    program.send("PUT", DRAFT, NEW, if_match='"1"', idempotency_key="zwei", status=200)
    assert program.send("PUT", DRAFT, NEW, if_match='"2"', idempotency_key="eins").status_int == 200


def test_a_key_belongs_to_its_token(town: Site) -> None:
    one, other = a_program(town), a_program(town, name="Anderes")
    assert retire(one, "eins").status_int == 200
    assert retire(other, "eins").status_int == 409


def test_an_answer_is_given_again_only_to_who_may_still_write(town: Site) -> None:
    token, secret = a_token(town.house)
    program = Program(town, secret)
    retire(program, "eins")
    with town.house.work(write=True) as directory:
        directory.stored_tokens.revoke(token.id)
    assert retire(program, "eins").status_int == 401


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 101])
def test_a_key_that_is_none_is_refused(town: Site, key: str) -> None:
    before = written(town.house)
    program = a_program(town)
    assert retire(program, key).status_int == 400
    assert written(town.house) | {"audit": 0} == before | {"audit": 0}
    assert retire(program, "x" * 100).status_int == 200


def test_reading_takes_no_notice_of_a_key(town: Site) -> None:
    program = a_program(town)
    assert program.get(DRAFT, idempotency_key="eins").status_int == 200
    assert program.get(DRAFT, idempotency_key="a b").status_int == 200
    assert rows(town.house, "repeats") == 0


def test_keys_are_forgotten_after_a_day(town: Site) -> None:
    clock = Clock()
    town.house.now = clock  # type: ignore[method-assign]  # the only clock of a house
    program = a_program(town)
    retire(program, "eins")
    clock.now += timedelta(hours=23)
    list(forget(town.house))
    assert retire(program, "eins").status_int == 200
    clock.now += timedelta(hours=1)
    list(forget(town.house))
    assert retire(program, "eins").status_int == 409


def test_nothing_of_a_draft_is_kept_beside_it(town: Site) -> None:
    program = a_program(town)
    program.send("PUT", DRAFT, NEW, if_match='"1"', idempotency_key="eins", status=200)
    with town.house.database.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM repeats").all())
    assert "eins" in kept
    assert "Kanarienvogel" not in kept


@pytest.mark.parametrize("count", [2, 5])
def test_of_many_at_once_one_is_done_and_all_get_its_answer(town: Site, count: int) -> None:
    _token, secret = a_token(town.house)
    together, answers = Barrier(count), list[TestResponse]()

    def write() -> None:
        program = Program(town, secret)
        together.wait()
        answers.append(retire(program, "eins"))

    before = written(town.house)
    threads = [Thread(target=write) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.status_int for answer in answers] == [200] * count
    assert all(same(answers[0], answer) for answer in answers)
    after = written(town.house)
    assert {table: after[table] - before[table] for table in ("changes", "audit", "revisions")} == {
        "changes": 1,
        "audit": 1,
        "revisions": 0,
    }
