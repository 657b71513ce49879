"""Coordinators issue tokens on a page, see each once, and revoke them; nobody else does, and nothing is forged."""

from __future__ import annotations

import re
from datetime import date

import pytest
from houses import rows, written
from pagecheck import faults
from programs import Program, a_token
from sites import Site
from webtest import Form, TestResponse

from servicedir.domain.token import Purpose, Token
from servicedir.domain.workflow import SYSTEM, Grant, Person, Role

PAGE = "/admin/tokens"
CORA = Person("cora", grants=(Grant(Role.COORDINATOR),))


def form_of(site: Site, login: str = "cora") -> Form:
    form: Form = site.signed_in(login).get(PAGE).forms["token"]
    return form


def fill(
    form: Form, name: str = "Terminsystem", *purposes: str, offices: tuple[str, ...] = (), until: str = ""
) -> Form:
    form["name"], form["expires"] = name, until
    for box in form.fields["purposes"]:
        box.checked = box._value in purposes
    for box in form.fields["offices"]:
        box.checked = box._value in offices
    return form


def issued(site: Site) -> list[Token]:
    with site.house.work() as directory:
        return [listed.token for listed in directory.tokens.all(SYSTEM)]


def secret_on(page: TestResponse) -> str:
    (found,) = re.findall(r"<code>(sd_[\w-]+)</code>", page.text)
    return str(found)


@pytest.mark.parametrize("login", ["cora", "ada"])
def test_a_token_is_issued_and_shown_once(town: Site, login: str) -> None:
    form = fill(form_of(town, login), "Terminsystem", "drafts", "figures", offices=("jugendamt",), until="31.12.2099")
    page = form.submit("add", status=200)
    assert faults(page.text, "de") == []
    assert "no-store" in page.headers["Cache-Control"]
    secret = secret_on(page)
    (token,) = issued(town)
    assert (token.name, token.author, token.offices) == ("Terminsystem", login, ("jugendamt",))
    assert (token.purposes, token.expires) == ((Purpose.DRAFTS, Purpose.FIGURES), date(2099, 12, 31))
    again = town.signed_in(login).get(PAGE)
    assert secret not in again.text
    assert "Terminsystem" in again.text
    assert Program(town, secret).get("/services/hundesteuer/draft").status_int == 200
    assert page.forms["token"]["name"].value == "", "ready for another one"


def test_without_offices_and_days_a_token_is_for_the_city_and_for_good(town: Site) -> None:
    fill(form_of(town), "Alles", "workflow").submit("add", status=200)
    (token,) = issued(town)
    assert (token.offices, token.expires) == ((), None)
    assert "Für die ganze Stadt." in town.signed_in("cora").get(PAGE).text


@pytest.mark.parametrize(
    ("name", "purposes", "until"),
    [
        ("", ("drafts",), ""),
        ("x" * 81, ("drafts",), ""),
        ("Ohne Zweck", (), ""),
        ("Vergeben", ("drafts",), ""),
        ("Vorbei", ("drafts",), "01.01.2020"),
        ("Kein Tag", ("drafts",), "morgen"),
        ("Ungenau", ("drafts",), "2099"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    town: Site, name: str, purposes: tuple[str, ...], until: str
) -> None:
    a_token(town.house, name="Vergeben")
    page = fill(form_of(town), name, *purposes, offices=("jugendamt",), until=until).submit("add", status=400)
    assert faults(page.text, "de") == []
    form = page.forms["token"]
    assert (form["name"].value, form["expires"].value) == (name, until)
    assert [box._value for box in form.fields["offices"] if box.checked] == ["jugendamt"]
    assert rows(town.house, "tokens") == 1


def test_a_token_is_revoked_on_the_page(town: Site) -> None:
    token, secret = a_token(town.house)
    visitor = town.signed_in("cora")
    page = visitor.get(PAGE)
    (form,) = [form for form in page.forms.values() if "token" in form.fields]
    page = form.submit("token", status=303).follow()
    assert faults(page.text, "de") == []
    assert "widerrufen" in page.text
    assert issued(town)[0].revoked
    assert Program(town, secret).get("/services/hundesteuer/draft").status_int == 401
    # Whoever sends the form again finds none.
    form.submit("token", status=404)
    assert token.name in page.text


def test_the_page_says_what_became_of_each(town: Site) -> None:
    a_token(town.house, name="Von Cora", by=CORA)
    used = a_token(town.house, name="Benutzt", offices=["jugendamt"])[1]
    Program(town, used).get("/services/hundesteuer/draft", status=200)
    with town.house.work(write=True) as directory:
        directory.people.disable("cora")
        directory.tokens.revoke(a_token_number(directory, "Benutzt"), by=SYSTEM)
    page = town.signed_in("ada").get(PAGE).text
    assert "ruht, weil" in page
    assert "zuletzt benutzt am" in page
    english = town.signed_in("ada").get(f"{PAGE}?lang=en").text
    assert faults(english, "en") == []
    assert "dormant" in english


def a_token_number(directory: object, name: str) -> int:
    listed = directory.tokens.all(SYSTEM)  # type: ignore[attr-defined]  # a Directory
    return next(one.token.id for one in listed if one.token.name == name)


def test_names_of_tokens_are_shown_as_they_are(town: Site) -> None:
    name = "<script>alert(1)</script> & ${x}"
    a_token(town.house, name=name)
    page = town.signed_in("cora").get(PAGE)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ${x}" in page.text


@pytest.mark.parametrize("login", ["anna", "rita", "jonas", "nora"])
def test_nobody_else_sees_or_issues_tokens(town: Site, login: str) -> None:
    a_token(town.house)
    visitor = town.signed_in(login)
    visitor.get(PAGE, status=403)
    # A form of their own, as any page of theirs has it, sent where it does not belong.
    own = visitor.get("/account").forms
    token = next(form["csrf_token"].value for form in own.values() if "csrf_token" in form.fields)
    sent = {"csrf_token": token, "__formid__": "token", "name": "Neu", "purposes": "drafts", "add": "add"}
    visitor.post(PAGE, sent, status=403)
    assert rows(town.house, "tokens") == 1


@pytest.mark.parametrize("forged", [{}, {"csrf_token": ""}, {"csrf_token": "0" * 64}])
def test_a_forged_form_does_nothing(town: Site, forged: dict[str, str]) -> None:
    number = str(a_token(town.house)[0].id)
    before = written(town.house)
    visitor = town.signed_in("cora")
    for sent in ({"__formid__": "revoke", "token": number}, {"name": "Neu", "purposes": "drafts", "add": "add"}):
        visitor.post(PAGE, sent | forged, status=400)
    form = form_of(town)
    controls = dict(form.submit_fields("add")) | {"__formid__": "revoke", "token": number}
    town.signed_in("cora").post(PAGE, controls, headers={"Origin": "https://boese.example.org"}, status=400)
    assert written(town.house) == before
    assert issued(town)[0].revoked is None


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "1;2", "²"])
def test_a_number_that_is_none_is_a_bad_request(town: Site, number: str) -> None:
    a_token(town.house)
    visitor = town.signed_in("cora")
    token = visitor.get(PAGE).forms["token"]["csrf_token"].value
    visitor.post(PAGE, {"csrf_token": token, "__formid__": "revoke", "token": number}, status=400)
    assert issued(town)[0].revoked is None


def test_fields_that_no_page_of_ours_has_are_refused(town: Site) -> None:
    visitor = town.signed_in("cora")
    form = fill(visitor.get(PAGE).forms["token"], "Neu", "drafts")
    for extra in ({"author": "system"}, {"used": "2026-01-01"}, {"id": "7"}, {"token_hash": "0" * 64}):
        visitor.post(PAGE, [*form.submit_fields("add"), *extra.items()], status=400)
    assert issued(town) == []
