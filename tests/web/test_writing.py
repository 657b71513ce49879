"""Programs write drafts and take steps: on condition of a revision, held against every rule, and nothing leaks."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from threading import Barrier, Thread
from typing import Any

import pytest
from builders import a_channel, a_period, a_service
from faces import DATA, PUBLIC, addresses
from houses import publish, save, written
from programs import Program, a_program
from sites import Site
from webtest import TestResponse

from servicedir.domain import service as domain
from servicedir.domain.document import to_document
from servicedir.domain.service import Service
from servicedir.domain.workflow import SYSTEM
from servicedir.web.api.bodies import LARGEST
from servicedir.web.api.description import properties
from servicedir.web.api.misfits import faults

DRAFT = "/services/wohnsitz-abmelden/draft"
WORKFLOW = "/services/wohnsitz-abmelden/workflow"
NEW = {"title": {"de": "Kanarienvogel anmelden"}, "nature": "advisory", "offices": ["buergeramt"]}


@pytest.fixture
def program(town: Site) -> Program:
    """A program that may do everything in the citizens' office."""
    return a_program(town, offices=["buergeramt"])


def document(program: Program, path: str = DRAFT) -> dict[str, Any]:
    found: dict[str, Any] = program.get(path, status=200).json
    return found


def errors(answer: TestResponse) -> list[str]:
    """Where the faults are that an answer names."""
    assert answer.status_int == 422
    assert answer.content_type == "application/problem+json"
    assert all(error["detail"] for error in answer.json["errors"])
    return [error["pointer"] for error in answer.json["errors"]]


def step(program: Program, name: str, revision: int, path: str = WORKFLOW, **more: str) -> TestResponse:
    return program.send("POST", path, {"step": name, **more}, if_match=f'"{revision}"')


# Reading and writing a draft


def test_what_is_read_can_be_written_as_it_is(town: Site, program: Program) -> None:
    before = written(town.house)
    answer = program.send("PUT", DRAFT, document(program), if_match='"1"', status=200)
    assert answer.json["revision"] == 1
    assert written(town.house) == before


def test_every_entry_of_a_city_is_what_the_description_says(city: Site) -> None:
    with city.house.work() as directory:
        documents = [to_document(published.service) for published in directory.all_published()]
    assert len(documents) > 100
    assert [found for found in documents if faults("Draft", found)] == []


def test_everything_that_can_be_said_is_in_the_description() -> None:
    described = {
        "Draft": Service,
        "DraftChannel": domain.Channel,
        "DraftPeriod": domain.Period,
        "DraftNeeds": domain.VideoNeeds,
        "DraftConstraint": domain.Constraint,
        "DraftLegalBasis": domain.LegalBasis,
    }
    for schema, cls in described.items():
        assert set(properties(schema)) - {"version"} == {field.name for field in fields(cls)}, schema


def test_a_draft_is_written_beside_what_is_public(town: Site, program: Program) -> None:
    changed = document(program) | {"title": {"de": "Kanarienvogel abmelden"}}
    answer = program.send("PUT", f"{DRAFT}?why=Umbenannt", changed, if_match='"1"', status=200)
    assert answer.json == {
        "slug": "wohnsitz-abmelden",
        "state": "private",
        "revision": 2,
        "live": 1,
        "url": "http://localhost/services/wohnsitz-abmelden",
    }
    assert answer.headers["ETag"] == '"2"'
    assert document(program)["title"] == {"de": "Kanarienvogel abmelden"}
    assert town.get("/api/v1/services/wohnsitz-abmelden").json["title"] == "Wohnsitz abmelden"
    with town.house.work() as directory:
        assert directory.history("wohnsitz-abmelden", SYSTEM)[-1].reason == "Umbenannt"


def test_a_new_entry_is_created_and_nobody_outside_sees_it(town: Site, program: Program) -> None:
    answer = program.send("PUT", "/services/kanarienvogel/draft", NEW, if_none_match="*", status=201)
    assert answer.headers["Location"] == "http://localhost/api/v1/services/kanarienvogel/draft"
    assert answer.headers["ETag"] == '"1"'
    assert answer.json["live"] is answer.json["url"] is None
    assert program.app.get(answer.headers["Location"], headers={"Authorization": f"Bearer {program.secret}"}).json == {
        "version": 1,
        "slug": "kanarienvogel",
        **NEW,
    }
    town.get("/api/v1/services/kanarienvogel", status=404)
    town.get("/services/kanarienvogel", status=404)


def test_drafts_of_programs_leak_nowhere(town: Site, program: Program) -> None:
    new = NEW | {"related": ["wohnsitz-abmelden"], "topics": ["umzug"], "keywords": ["kanarienvogel"]}
    program.send("PUT", "/services/kanarienvogel/draft", new, if_none_match="*", idempotency_key="k", status=201)
    changed = document(program) | {"summary": {"de": "kanarienvogel"}, "keywords": ["kanarienvogel"]}
    program.send("PUT", DRAFT, changed, if_match='"1"', idempotency_key="l", status=200)
    for path in addresses(PUBLIC | DATA, word="Kanarienvogel"):
        body = town.get(path, status="*").body.decode(errors="replace")  # Some are pictures and papers.
        said = body.casefold().replace("q=kanarienvogel", "").replace('"kanarienvogel"', "")
        assert "kanarienvogel anmelden" not in said, path
        assert "/services/kanarienvogel" not in said, path
    found = town.get("/api/v1/services?q=Kanarienvogel").json
    assert found["total"] == 0
    assert step(program, "publish", 2).status_int == 200
    assert town.get("/api/v1/services?q=Kanarienvogel").json["total"] == 1, "so that this test can fail"


def test_a_document_that_is_read_again_unchanged_has_no_body(program: Program) -> None:
    answer = program.get(DRAFT, if_none_match='"1"')
    assert (answer.status_int, answer.body) == (304, b"")
    assert answer.headers["ETag"] == '"1"'


def test_an_entry_that_was_renamed_is_written_where_it_is_now(town: Site, program: Program) -> None:
    with town.house.work(write=True) as directory:
        directory.rename("wohnsitz-abmelden", "abmelden", by=SYSTEM)
    assert program.get(DRAFT).headers["Location"] == "http://localhost/api/v1/services/abmelden/draft"
    answer = program.send("PUT", DRAFT, NEW, if_match='"1"')
    assert (answer.status_int, answer.headers["Location"]) == (308, "http://localhost/api/v1/services/abmelden/draft")
    assert program.send("PUT", "/services/wohnsitz-abmelden/draft", NEW, if_none_match="*").status_int == 412


def test_people_read_which_program_wrote_what(town: Site, program: Program) -> None:
    program.send("PUT", DRAFT, NEW, if_match='"1"', status=200)
    step(program, "submit", 2)
    for page in ("history", "workflow"):
        said = "das Programm „Terminsystem“" if page == "history" else "vom Programm „Terminsystem“"
        assert said in town.signed_in("rita").get(f"/services/wohnsitz-abmelden/{page}").text
    assert (
        "the program ‘Terminsystem’" in town.signed_in("rita").get("/services/wohnsitz-abmelden/history?lang=en").text
    )


# On condition


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 428),
        ({"if_match": "*"}, 428),
        ({"if_match": "1"}, 428),
        ({"if_none_match": '"1"'}, 428),
        ({"if_match": '"1"', "if_none_match": "*"}, 428),
        ({"if_match": '"2"'}, 412),
        ({"if_match": '"0"'}, 412),
        ({"if_match": 'W/"1"'}, 412),
        ({"if_match": '"abc"'}, 412),
        ({"if_match": '"1", "2"'}, 412),
        ({"if_match": '"99999999999999999999"'}, 412),
        ({"if_none_match": "*"}, 412),
    ],
)
def test_a_write_names_the_revision_that_it_is_based_on(
    town: Site, program: Program, headers: dict[str, str], status: int
) -> None:
    before = written(town.house)
    answer = program.send("PUT", DRAFT, NEW, **headers)
    assert answer.status_int == status
    assert answer.content_type == "application/problem+json"
    if "if_none_match" not in headers:
        answer = program.send("POST", WORKFLOW, {"step": "retire"}, **headers)
        assert answer.status_int == status
    assert written(town.house) == before


def test_who_comes_second_is_told_what_the_latest_revision_is(town: Site, program: Program) -> None:
    other = a_program(town, name="Anderes")
    first = program.send("PUT", DRAFT, document(program) | {"summary": "Von uns"}, if_match='"1"')
    second = other.send("PUT", DRAFT, document(other) | {"summary": "Von denen"}, if_match='"1"')
    assert (first.status_int, second.status_int) == (200, 412)
    assert second.json["etag"] == second.headers["ETag"] == first.headers["ETag"] == '"2"'
    assert document(program)["summary"] == {"de": "Von uns"}


def test_a_write_whose_answer_got_lost_can_be_sent_again(town: Site, program: Program) -> None:
    changed = document(program) | {"summary": "Neu"}
    program.send("PUT", DRAFT, changed, if_match='"1"', status=200)
    program.send("PUT", "/services/kanarienvogel/draft", NEW, if_none_match="*", status=201)
    before = written(town.house)
    assert program.send("PUT", DRAFT, changed, if_match='"1"', status=200).json["revision"] == 2
    again = program.send("PUT", "/services/kanarienvogel/draft", NEW, if_none_match="*", status=200)
    assert again.json["revision"] == 1
    assert written(town.house) == before


def test_a_slug_that_somebody_has_is_not_given_again(town: Site, program: Program) -> None:
    save(town.house, a_service("geheim", offices=("jugendamt",)))
    for slug in ("geheim", "hundesteuer"):
        answer = program.send("PUT", f"/services/{slug}/draft", NEW, if_none_match="*")
        assert answer.status_int == 412
        assert "ETag" not in answer.headers


# What is refused

THIRTEENTH = {"stage": "live", "since": "2024", "until": "2024-13"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"state": "published"}, "/state"),
        ({"office_id": 1, "owner": "ada", "id": 7}, "/owner"),
        ({"slug": "hundesteuer"}, "/slug"),
        ({"version": 2}, "/version"),
        ({"title": {"en": "Only English"}}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": 7}, "/title"),
        ({"offices": []}, "/offices"),
        ({"offices": ["buergeramt", "nirgends"]}, "/offices/1"),
        ({"topics": ["umzug", "nirgends"]}, "/topics/1"),
        ({"related": ["wohnsitz-abmelden"]}, "/related"),
        ({"related": ["nirgends"]}, "/related/0"),
        ({"verified": "2026-01-01"}, "/verified"),
        ({"nature": "everything"}, "/nature"),
        ({"leika_key": "12"}, "/leika_key"),
        ({"legal_bases": [{"citation": "§ 1", "url": "javascript:alert(1)"}]}, "/legal_bases/0/url"),
        ({"legal_bases": [{"citation": "§ 1", "url": "https://somebody@example.org/"}]}, "/legal_bases/0/url"),
        ({"channels": [{"kind": "video", "periods": [{"stage": "live"}]}]}, "/channels/0/periods/0/since"),
        ({"channels": [{"kind": "video", "verified": "2026-01-01"}]}, "/channels/0/verified"),
        ({"channels": [{"kind": "video"}, {"kind": "video"}]}, "/channels/1/kind"),
        ({"channels": [{"kind": "video", "periods": [THIRTEENTH]}]}, "/channels/0/periods/0/until"),
        ({"channels": [{"kind": "fax"}]}, "/channels/0/kind"),
        ({"keywords": "Auszug"}, "/keywords"),
    ],
    ids=str,
)  # fmt: skip
def test_what_breaks_a_rule_is_named_with_its_place(
    town: Site, program: Program, change: dict[str, Any], where: str
) -> None:
    before = written(town.house)
    assert where in errors(program.send("PUT", DRAFT, document(program) | change, if_match='"1"'))
    assert written(town.house) == before


def test_all_broken_rules_are_named_at_once_and_in_the_language_of_the_address(program: Program) -> None:
    broken = document(program) | {"title": {"en": "x"}, "topics": ["nirgends"], "leika_key": ""}
    answer = program.send("PUT", f"{DRAFT}?lang=en", broken, if_match='"1"')
    assert errors(answer) == ["/title", "/topics/0"]
    assert answer.json["title"] == "It cannot be saved like this"
    assert errors(program.send("PUT", DRAFT, {}, if_match='"1"'))


SINCE = "/channels/0/periods/0/since"


@pytest.mark.parametrize(
    ("change", "where", "german", "english"),
    [
        ({"title": None}, "/title", "Hier gehört etwas anderer Art hin: Text oder Objekt.", "text or object"),
        ({"summary": "x" * 401}, "/summary", "Das ist zu lang: möglich sind höchstens 400 Zeichen.", "too long"),
        ({"title": {"de": 7}}, "/title/de", "Hier gehört etwas anderer Art hin: Text.", "text"),
        ({"title": {"Deutsch": "x"}}, "/title/Deutsch", "Das ist kein Kürzel einer Sprache wie de oder uk.", "code"),
        (
            {"nature": "x"},
            "/nature",
            "Möglich ist hier: transactional, advisory, coordination, instruction.",
            "advisory",
        ),
        ({"owner": "ada"}, "/owner", "Dieses Feld gibt es hier nicht.", "no such field"),
        ({"offices": []}, "/offices", "Das ist zu wenig: nötig sind mindestens 1.", "at least 1"),
        (
            {"topics": ["A B"]},
            "/topics/0",
            "Möglich sind Kleinbuchstaben, Ziffern und einzelne Bindestriche.",
            "digits",
        ),
        (
            {"channels": [{"kind": "video", "periods": [{"stage": "live", "since": "bald"}]}]},
            SINCE,
            "Das ist kein Tag, Monat oder Jahr: schreiben Sie 2024-05-31, 2024-05 oder 2024.",
            "month or year",
        ),
        (
            {"channels": [{"kind": "video", "periods": [{"stage": "live", "since": 2024}]}]},
            SINCE,
            "Hier gehört etwas anderer Art hin: Text oder null.",
            "text or null",
        ),
        ({"channels": [{}]}, "/channels/0/kind", "Dieses Feld fehlt.", "missing"),
        ({"constraints": [{"channel": "fax"}]}, "/constraints/0/channel", "Möglich ist hier: video, phone, ", "phone"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_what_is_not_as_described_is_said_in_sentences_of_the_language_of_the_address(
    program: Program, change: dict[str, Any], where: str, german: str, english: str
) -> None:
    sent = document(program) | change
    said = {
        language: {
            error["pointer"]: error["detail"]
            for error in program.send("PUT", f"{DRAFT}?lang={language}", sent, if_match='"1"').json["errors"]
        }
        for language in ("de", "en")
    }
    assert said["de"][where].startswith(german)
    assert english in said["en"][where]
    assert not any(
        re.search(r"None|\bTrue|\[\]|schema|'", detail) for there in said.values() for detail in there.values()
    )


def test_days_of_confirmation_are_kept_and_never_written(town: Site, program: Program) -> None:
    channels = (a_channel("video", a_period("live", "2024")), a_channel("phone", a_period("live", "2024")))
    service = a_service("geprueft", channels=channels, verified="2026-01-31")
    publish(town.house, service)
    path = "/services/geprueft/draft"
    said = document(program, path)
    assert said["verified"] == "2026-01-31"
    said["summary"] = {"de": "Anders"}
    program.send("PUT", path, said, if_match='"1"', status=200)
    del said["verified"]
    said["summary"] = {"de": "Noch einmal anders"}
    program.send("PUT", path, said, if_match='"2"', status=200)
    assert document(program, path)["verified"] == "2026-01-31"
    assert errors(program.send("PUT", path, said | {"verified": "2026-02-01"}, if_match='"3"')) == ["/verified"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe{}",
        b'{"title": "a", "title": "b"}',
        b'{"title": NaN}',
        b'{"title": "a\\u0000b"}',
        b'{"title": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": 1' + b"0" * 5000 + b"}",
    ],
    ids=lambda raw: str(raw[:20]),
)
def test_what_is_no_json_or_can_be_understood_in_two_ways_is_not_read(town: Site, program: Program, raw: bytes) -> None:
    before = written(town.house)
    for method, path in (("PUT", DRAFT), ("POST", WORKFLOW)):
        answer = program.send(method, path, raw, if_match='"1"')
        assert answer.status_int == 400
        assert answer.content_type == "application/problem+json"
    assert written(town.house) == before


def test_a_body_of_another_type_or_without_end_is_not_read(program: Program) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        assert program.send("PUT", DRAFT, NEW, if_match='"1"', content_type=kind).status_int == 415
    huge = json.dumps(NEW | {"body": "x" * LARGEST}).encode()
    assert program.send("PUT", DRAFT, huge, if_match='"1"').status_int == 413
    assert (
        program.send("PUT", DRAFT, NEW, if_match='"1"', content_type="application/json; charset=utf-8").status_int
        == 200
    )


def test_an_entry_is_not_moved_to_an_office_that_the_token_is_not_for(town: Site, program: Program) -> None:
    before = written(town.house)
    answer = program.send("PUT", DRAFT, document(program) | {"offices": ["jugendamt"]}, if_match='"1"')
    assert answer.status_int == 403
    assert answer.json["missing"] == {"offices": ["jugendamt"]}
    answer = program.send("PUT", "/services/neu/draft", NEW | {"offices": ["jugendamt"]}, if_none_match="*")
    assert answer.json["missing"] == {"offices": ["jugendamt"]}
    assert written(town.house) == before


def test_parameters_that_are_none_are_refused(town: Site, program: Program) -> None:
    before = written(town.house)
    for query in (f"why={'x' * 501}", "why=a%00b", "lang=xx", "lang=de&lang=en"):
        answer = program.send("PUT", f"{DRAFT}?{query}", NEW, if_match='"1"')
        assert answer.status_int == 400
        assert answer.json["errors"][0]["parameter"] == query.partition("=")[0]
    assert program.get(f"{DRAFT}?lang=xx").status_int == 400
    assert written(town.house) == before
    assert program.send("PUT", f"{DRAFT}?why={'x' * 500}&unknown=1", NEW, if_match='"1"').status_int == 200


def test_an_address_that_is_none_is_refused(program: Program) -> None:
    for slug in ("add", "Neu", "neu--neu", "neu.neu", "%C3%A4"):
        answer = program.send("PUT", f"/services/{slug}/draft", NEW, if_none_match="*")
        assert answer.status_int == 422, slug
    assert program.send("PUT", "/services/a%00b/draft", NEW, if_none_match="*").status_int == 404


# Several at once


def test_of_two_that_write_at_once_one_is_told_to_read_again(town: Site) -> None:
    together, answers = Barrier(2), list[TestResponse]()
    programs = [a_program(town, name=name) for name in ("Eins", "Zwei")]

    def write(program: Program) -> None:
        together.wait()
        summary = {"de": f"Von {program.secret}"}
        answers.append(program.send("PUT", DRAFT, NEW | {"summary": summary}, if_match='"1"'))

    threads = [Thread(target=write, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_int for answer in answers) == [200, 412]
    assert {answer.headers["ETag"] for answer in answers} == {'"2"'}
