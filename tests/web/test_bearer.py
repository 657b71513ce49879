"""Who writes through the API shows a token, and it counts for its purposes, its offices and its time alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import Clock, a_service, an_office
from faces import PROGRAMS, addresses
from houses import open_session, publish, save, written
from programs import Program, a_program, a_token
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationError
from sites import COOKIE, Site

from servicedir.domain.history import Kind
from servicedir.domain.token import Purpose
from servicedir.domain.workflow import Grant, Person, Role
from servicedir.web.security import SAFE_METHODS

DRAFT = "/services/wohnsitz-abmelden/draft"
WORKFLOW = "/services/wohnsitz-abmelden/workflow"

WRITES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "read": ("GET", DRAFT, {}),
    "draft": ("PUT", DRAFT, {"body": {"title": "Neu", "nature": "advisory", "offices": ["buergeramt"]}}),
    "standing": ("GET", WORKFLOW, {}),
    "retire": ("POST", WORKFLOW, {"body": {"step": "retire"}}),
}
"""What a program does with an entry of the citizens' office that is published."""


def done(program: Program, what: str, **headers: str) -> Any:
    method, path, options = WRITES[what]
    given: dict[str, Any] = {"if_match": None if method == "GET" else revision(program)} | options | headers
    return program.send(method, path, **given)


def revision(program: Program) -> str:
    """The mark of the latest revision, as somebody knows it who may read it."""
    with program.site.house.work() as directory:
        return f'"{directory.revisions.get(Kind.SERVICE, "wohnsitz-abmelden").latest.number}"'


def refusal(answer: Any, status: int) -> dict[str, Any]:
    """What a problem says, which no other origin reads and nobody keeps."""
    assert answer.status_int == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]
    problem: dict[str, Any] = answer.json
    return problem


# The right token


@pytest.mark.parametrize("what", WRITES)
def test_a_token_for_everything_does_everything(town: Site, what: str) -> None:
    """So that the tests below can fail."""
    answer = done(a_program(town), what)
    assert answer.status_int == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]
    assert not answer.headers.getall("Set-Cookie")


OPENED = {
    Purpose.DRAFTS: {"read", "draft", "standing"},
    Purpose.WORKFLOW: {"standing", "retire"},
    Purpose.FIGURES: set[str](),
}
"""What each purpose opens. Who writes drafts may send them for review as well, but not retire."""

OFFICES = {
    "city": [],
    "office": ["buergeramt"],
    "above": ["dezernat"],
    "other": ["jugendamt"],
    "below": ["meldestelle"],
}
COVERING = {"city", "office", "above"}


@pytest.mark.parametrize("where", OFFICES)
@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_is_good_for_its_purpose_and_its_offices(town: Site, purpose: Purpose, where: str) -> None:
    with town.house.work() as directory:
        office = directory.catalogue.offices["buergeramt"]
    if where == "above":
        publish(town.house, an_office("dezernat"), replace(office, parent="dezernat"))
    program = a_program(town, purpose, offices=OFFICES[where])
    for what in WRITES:
        before = written(town.house)
        answer = done(program, what)
        if what in OPENED[purpose] and where in COVERING:
            assert answer.status_int == 200, what
            continue
        said = refusal(answer, 403)
        assert written(town.house) == before
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
        if what in OPENED[purpose]:
            assert said["missing"] == {"offices": ["buergeramt"]}
            assert "buergeramt" in said["detail"]
        elif where in COVERING:
            lacking = {Purpose.WORKFLOW} if what == "retire" else {Purpose.DRAFTS, Purpose.WORKFLOW}
            assert set(said["missing"]["purposes"]) & lacking


def test_a_missing_purpose_is_named(town: Site) -> None:
    said = refusal(done(a_program(town, Purpose.FIGURES), "draft"), 403)
    assert said["missing"] == {"purposes": ["drafts"]}
    assert "drafts" in said["detail"]
    said = refusal(done(a_program(town, Purpose.DRAFTS, name="Zweites"), "retire"), 403)
    assert said["missing"] == {"purposes": ["workflow"]}


def test_a_draft_of_another_office_is_not_there(town: Site) -> None:
    save(town.house, a_service("geheim", offices=("jugendamt",)))
    program = a_program(town, offices=["buergeramt"])
    hidden, absent = (program.get(f"/services/{slug}/draft") for slug in ("geheim", "nirgends"))
    assert (hidden.status_int, absent.status_int) == (404, 404)
    assert hidden.text.replace("geheim", "nirgends") == absent.text
    for slug in ("geheim", "nirgends"):
        assert program.send("POST", f"/services/{slug}/workflow", {"step": "publish"}, if_match='"1"').status_int == 404


def test_what_a_program_writes_is_signed_with_the_name_of_its_token(town: Site) -> None:
    program = a_program(town)
    done(program, "draft")
    program.send("POST", WORKFLOW, {"step": "publish", "why": "Alles neu"}, if_match='"2"', status=200)
    with town.house.work() as directory:
        lines = directory.people.audit_log(limit=2)
        revision = directory.history("wohnsitz-abmelden", Person("ada", grants=(Grant(Role.ADMINISTRATOR),)))[-1]
    assert [(line.actor, line.action) for line in lines] == [
        ("token:Terminsystem", "publish"),
        ("token:Terminsystem", "save"),
    ]
    assert revision.author == "token:Terminsystem"


# No token, or none that counts


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer sd_wrong",
        "Bearer a b",
        "sd_wrong",
        "Bearer ä",
        "Bearer \x7f",
    ],
)
@pytest.mark.parametrize("what", WRITES)
def test_without_a_right_token_nothing_is_done(town: Site, what: str, said: str | None) -> None:
    before = written(town.house)
    answer = done(a_program(town), what, authorization=said)
    refusal(answer, 401)
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="')
    assert ("invalid_token" in challenge) == bool(said)
    assert written(town.house) == {**before, "audit": before["audit"] + 1}  # the token itself was issued


@pytest.mark.parametrize("path", addresses(PROGRAMS))
def test_every_address_of_programs_wants_a_token(quiet: Site, path: str) -> None:
    answer = quiet.get(path, status=401)
    assert answer.content_type == "application/problem+json"
    assert "WWW-Authenticate" in answer.headers


def test_every_view_of_the_api_that_writes_wants_a_token(quiet: Site) -> None:
    registry = quiet.app.application.application.registry
    views = [item["introspectable"] for item in registry.introspector.get_category("views")]
    of_programs = [view for view in views if (view["route_name"] or "").startswith("api-")]
    writing = [view for view in of_programs if set(view["request_methods"] or ()) - SAFE_METHODS]
    assert {view["route_name"] for view in writing} >= set(PROGRAMS)
    for view in writing:
        assert view["token"], view["route_name"]
        assert view["require_csrf"] is False, "no cookie is looked at"


def test_a_token_in_the_address_or_the_body_is_none(town: Site) -> None:
    _token, secret = a_token(town.house)
    stranger = Program(town, "")
    for path in (f"{DRAFT}?access_token={secret}", f"{DRAFT}?token={secret}"):
        assert stranger.get(path, authorization=None).status_int == 401
    sent = {"access_token": secret, "step": "retire"}
    assert stranger.send("POST", WORKFLOW, sent, if_match='"1"', authorization=None).status_int == 401


@pytest.mark.parametrize("what", WRITES)
def test_a_token_that_ended_is_none(town: Site, what: str) -> None:
    clock = Clock()
    town.house.now = clock  # type: ignore[method-assign]  # the only clock of a house
    program = a_program(town, expires=town.house.today())
    clock.now += timedelta(hours=10)
    assert done(program, "read").status_int == 200
    clock.now += timedelta(hours=2)
    assert "invalid_token" in done(program, what).headers["WWW-Authenticate"]


@pytest.mark.parametrize("what", WRITES)
def test_a_revoked_token_is_none_at_once(town: Site, what: str) -> None:
    token, secret = a_token(town.house)
    program = Program(town, secret)
    assert done(program, "read").status_int == 200
    with town.house.work(write=True) as directory:
        directory.tokens.revoke(token.id, by=Person("ada", grants=(Grant(Role.ADMINISTRATOR),)))
    refusal(done(program, what), 401)


@pytest.mark.parametrize("what", WRITES)
def test_the_token_of_a_disabled_coordinator_is_none(town: Site, what: str) -> None:
    program = a_program(town, by=Person("cora", grants=(Grant(Role.COORDINATOR),)))
    assert done(program, "read").status_int == 200
    with town.house.work(write=True) as directory:
        directory.people.disable("cora")
    refusal(done(program, what), 401)


def test_the_day_of_use_is_noted_once_a_day_and_by_reading_as_well(town: Site) -> None:
    clock = Clock()
    town.house.now = clock  # type: ignore[method-assign]  # the only clock of a house
    token, secret = a_token(town.house)

    def used() -> Any:
        with town.house.work() as directory:
            return directory.stored_tokens.all(token.id)[0].used

    assert used() is None
    done(Program(town, secret), "read")
    assert used() == town.house.today()
    clock.now += timedelta(days=1)
    assert done(Program(town, secret), "draft", if_match='"9"').status_int == 412
    assert used() == town.house.today(), "also where the write itself was refused"


# Cookies


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("login", ["rita", "ada"])
def test_a_session_counts_for_nothing_here(town: Site, what: str, login: str) -> None:
    program = Program(town, "")
    program.app.set_cookie(COOKIE, open_session(town.house, login))
    assert program.app.get("/services/wohnsitz-abmelden/edit", status=200)
    before = written(town.house)
    for said in (None, "Bearer sd_wrong"):
        refusal(done(program, what, authorization=said), 401)
    assert written(town.house) == before


def test_a_session_adds_nothing_to_a_token(town: Site) -> None:
    program = a_program(town, Purpose.DRAFTS, offices=["jugendamt"])
    program.app.set_cookie(COOKIE, open_session(town.house, "ada"))
    refusal(done(program, "draft"), 403)


def test_a_form_of_another_site_that_posts_json_does_nothing(town: Site) -> None:
    """A browser that has the cookie sends it along; without the token it opens nothing."""
    visitor = town.signed_in("rita")
    before = written(town.house)
    options: dict[str, Any] = {"headers": {"Origin": "https://boese.example.org", "If-Match": '"1"'}, "status": 401}
    visitor.post(f"/api/v1{WORKFLOW}", b'{"step": "retire"}', content_type="text/plain", **options)
    assert written(town.house) == before


def test_a_token_opens_no_page_of_the_desk(town: Site) -> None:
    program = a_program(town)
    for path in ("/desk", "/services/wohnsitz-abmelden/edit", "/admin/tokens"):
        answer = program.app.get(path, headers={"Authorization": f"Bearer {program.secret}"}, status=303)
        assert "/login" in answer.headers["Location"]


def test_public_answers_are_the_same_with_a_token(town: Site) -> None:
    program = a_program(town)
    path = "/services/wohnsitz-abmelden"
    done(program, "draft")
    assert program.get(path).json == town.get(f"/api/v1{path}").json


def test_a_view_with_a_token_cannot_look_at_cookies_by_mistake() -> None:
    config = Configurator()
    config.include("servicedir.web.api.bearer")
    config.add_view(lambda request: None, name="x", token=Purpose.FIGURES)
    with pytest.raises(ConfigurationError, match="require_csrf"):
        config.commit()
