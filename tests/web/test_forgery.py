"""Nothing is written for a form that did not come from our own page in the same session."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from faces import DATA, DESK, OPEN, POSTED, PUBLIC, addresses
from houses import open_session, rows, written
from sites import COOKIE, Site
from webtest import TestApp, TestResponse

from servicedir.domain.workflow import SYSTEM

WRITING = {
    "edit": ("/services/wohnsitz-abmelden/edit", "service", "save"),
    "add": ("/services/add", "service", "save"),
    "workflow": ("/services/wohnsitz-abmelden/workflow", "retire", "retire"),
    "previews": ("/desk/previews?entry=wohnsitz-abmelden", "preview", "share"),
    "hint": ("/services/wohnsitz-abmelden/hint", "hint", "send"),
    "accessibility": ("/accessibility", "hint", "send"),
    "subscribe": ("/subscribe", "subscribe", "send"),
    "hints": ("/desk/hints", "task-1", "step"),
    "hints-export": ("/desk/hints", None, None),
    "desk": ("/desk", None, "verify"),
    "desk-bulk": ("/desk/entries", "bulk", "action"),
    "desk-export": ("/desk/import", "export", None),
    "desk-import": ("/desk/import", "import", None),
    "desk-import-plan": ("/desk/import/1", "import-take", "confirm"),
    "desk-figures-export": ("/desk/figures/import", "figures-export", None),
    "desk-figures-import": ("/desk/figures/import", "figures-import", None),
    "desk-figures-plan": ("/desk/figures/import/2", "figures-take", "confirm"),
    "figures": ("/services/wohnsitz-abmelden/figures", "figures", None),
    "figure-history": (
        "/services/wohnsitz-abmelden/figures/history?measure=held&year=2024&period=2024-05",
        "form",
        "save",
    ),
    "logout": ("/desk", None, None),
    "login": ("/login", "login", "sign-in"),
    "login-reset": ("/login/reset", "reset", "send"),
}
"""What takes a form -> the page with it, its id, and the button."""

FORGED = {
    "no token": {"csrf_token": None},
    "an empty token": {"csrf_token": ""},
    "another token": {"csrf_token": "0" * 64},
    "no letters": {"csrf_token": "ä😀\n"},
}


class Filled:
    """The form of a face as a visitor has it before them, something changed in it that would be saved."""

    def __init__(self, visitor: TestApp, name: str) -> None:
        path, formid, button = WRITING[name]
        action = POSTED[name].format(slug="wohnsitz-abmelden", format="csv", number=1)
        forms = {id(form): form for form in visitor.get(path).forms.values()}.values()
        (form,) = [form for form in forms if formid in (None, form.id) and urlsplit(form.action).path == action]
        controls = form.submit_fields(button, index=0)
        if name == "edit":
            controls = [(key, "Verändert" if value == "Wohnsitz abmelden" else value) for key, value in controls]
        if name == "figures":
            controls = [(key, "7" if re.fullmatch(r"held\.\d+-01", key) else value) for key, value in controls]
        self.visitor, self.action, self.controls = visitor, form.action, controls

    def send(
        self, status: int | str = 400, change: dict[str, str | None] | None = None, **options: Any
    ) -> TestResponse:
        """Send it after changing some of its controls; None leaves one out."""
        changes: dict[str, str | None] = change or {}
        sent = [(key, changes.get(key, value)) for key, value in self.controls]
        return self.visitor.post(self.action, [pair for pair in sent if pair[1] is not None], status=status, **options)


@pytest.fixture(autouse=True)
def something_is_due(request: pytest.FixtureRequest) -> None:
    """Let rita answer for an entry that is to be looked at, so that there is a form on her desk."""
    if "town" in request.fixturenames:
        house = request.getfixturevalue("town").house
        with house.work(write=True) as directory:
            directory.reviews.assign("wohnsitz-abmelden", responsible="rita", review_months=1, by=SYSTEM)
        real = house.now
        house.now = lambda: real() + timedelta(days=40)


def visitor_for(site: Site, name: str) -> TestApp:
    return site.visitor() if name in ("login", *OPEN) else site.signed_in("rita")


def test_every_face_that_takes_a_form_is_tried_here() -> None:
    assert set(WRITING) == set(POSTED)


@pytest.mark.parametrize("origin", [{}, {"Origin": "http://localhost"}], ids=str)
@pytest.mark.parametrize("name", WRITING)
def test_a_form_of_our_own_is_taken(town: Site, name: str, origin: dict[str, str]) -> None:
    """So that the tests below can fail."""
    visitor = visitor_for(town, name)
    before = written(town.house), rows(town.house, "sessions")
    answer = Filled(visitor, name).send(status="*", headers=origin)
    # An empty form comes back with what is missing.
    if name in ("add", "desk-bulk", "desk-import", "desk-figures-import", "login", *OPEN):
        assert answer.status_int == 400
        assert answer.forms[WRITING[name][1]]
    else:
        assert answer.status_int == (200 if name.endswith("-export") else 303)
        assert (written(town.house), rows(town.house, "sessions")) != before


@pytest.mark.parametrize("name", WRITING)
def test_without_the_right_token_nothing_is_written(town: Site, name: str) -> None:
    form = Filled(visitor_for(town, name), name)
    before = written(town.house), rows(town.house, "sessions")
    for change in FORGED.values():
        form.send(change=change)
    assert (written(town.house), rows(town.house, "sessions")) == before


def token_in(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="(\w+)"', page.text)
    assert found
    return found[1]


@pytest.mark.parametrize("name", [name for name in WRITING if name != "login"])
def test_the_token_of_another_session_is_not_taken(town: Site, name: str) -> None:
    """Neither that of somebody else, nor that of another session of one's own, nor that of a stranger."""
    visitor = town.signed_in("rita")
    form, before = Filled(visitor, name), written(town.house)
    tokens = [token_in(town.signed_in(login).get("/desk")) for login in ("anna", "rita")]
    for token in (*tokens, token_in(town.get("/login"))):
        form.send(change={"csrf_token": token})
    assert written(town.house) == before
    visitor.get("/desk", status=200)


ELSEWHERE = [
    "https://evil.example.org",
    "http://localhost.evil.example.org",
    "http://evil.example.org:80",
    "http://localhost:81",
    "null",
    "http://[",
    "localhost",
    "//localhost",
    "://localhost",
    "http://localhost@evil.example.org",
]


@pytest.mark.parametrize("name", WRITING)
def test_a_form_from_another_origin_is_not_taken(town: Site, name: str) -> None:
    form = Filled(visitor_for(town, name), name)
    before = written(town.house), rows(town.house, "sessions")
    for origin in ELSEWHERE:
        form.send(headers={"Origin": origin})
    assert (written(town.house), rows(town.house, "sessions")) == before


@pytest.mark.parametrize("path", addresses({**PUBLIC, **OPEN, **DATA, **DESK, "posted": [*POSTED.values()]}))
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_no_address_takes_a_bare_body_from_whoever_is_signed_in(quiet: Site, path: str, method: str) -> None:
    token = open_session(quiet.house, "cora")
    before = written(quiet.house)
    kind = "application/x-www-form-urlencoded"
    answer = quiet.ask(path, method=method, HTTP_COOKIE=f"{COOKIE}={token}", CONTENT_TYPE=kind)
    assert answer.status_int in (400, 401, 404, 405)
    assert written(quiet.house) == before


def test_the_token_is_in_forms_that_write_and_nowhere_else(town: Site) -> None:
    visitor = town.signed_in("rita")
    for path in addresses(DESK):
        page = visitor.get(path)
        tokens = set(re.findall(r'name="csrf_token" value="(\w+)"', page.text))
        assert len(tokens) == any(form.method.upper() == "POST" for form in page.forms.values())
        for token in tokens:
            assert page.text.count(token) == page.text.count('name="csrf_token"')
        assert page.headers["Cache-Control"] == "no-store"
        for form in page.forms.values():
            assert ("csrf_token" in form.fields) == (form.method.upper() == "POST")
    for path in addresses({name: paths for name, paths in PUBLIC.items() if name != "login"}):
        assert "csrf_token" not in visitor.get(path).text


def test_the_token_is_not_the_session(town: Site) -> None:
    visitor = town.signed_in("rita")
    session = visitor.cookies[COOKIE].strip('"')
    assert session not in visitor.get("/desk").text
