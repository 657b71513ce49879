"""Accounts through the pages: who may do what with whose, forms that were tampered with, and one's own account."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from faces import ACCOUNTS_POSTED
from houses import PASSWORD, rows, written
from pagecheck import faults
from sites import COOKIE, Site
from webtest import TestApp, TestResponse

from servicedir.domain.workflow import Grant, Role

NEW = "Blaue Fahrraeder im Schnee"
LOGINS = ("", "nora", "anna", "rita", "cora", "ada")
ADMINISTRATOR = Grant(Role.ADMINISTRATOR)


def number(site: Site, login: str) -> int:
    with site.house.work() as directory:
        return directory.people.account(login).number


def grants(site: Site, login: str) -> set[Grant]:
    with site.house.work() as directory:
        return set(directory.people.account(login).person.grants)


def visitor_for(site: Site, login: str) -> TestApp:
    return site.signed_in(login) if login else site.visitor()


def token_for(visitor: TestApp) -> str:
    """The token of the session, of a page that everybody who has a session sees."""
    found = re.search(r'name="csrf_token" value="(\w+)"', visitor.get("/desk", status="*").text)
    return found[1] if found else "0" * 64


def post(visitor: TestApp, path: str, status: int | str = "*", **fields: str) -> TestResponse:
    return visitor.post(path, {"csrf_token": token_for(visitor), **fields}, status=status)


# Who may do what


SEEN = {
    "/admin/people": {"cora", "ada"},
    "/admin/people/{n}": {"cora", "ada"},
    "/admin/people/add": {"ada"},
    "/admin/people/{n}/edit": {"ada"},
    "/admin/people/{n}/deputies": {"ada"},
    "/admin/audit": {"ada"},
}
ROLE = {"role": "editor", "office": "buergeramt", "until": "", "__formid__": "role", "give": "give"}
DEPUTY = {"deputy": "anna", "since": "2030-01-01", "until": "2030-01-02", "add": "add"}
DONE: dict[str, tuple[str, dict[str, str], set[str]]] = {
    "give a role": ("/admin/people/{n}/roles", ROLE, {"cora", "ada"}),
    "take a role": ("/admin/people/{n}/roles/end", {"role": "editor", "office": "jugendamt"}, {"cora", "ada"}),
    "lock": ("/admin/people/{n}/access", {"action": "lock"}, {"ada"}),
    "unlock": ("/admin/people/{n}/access", {"action": "unlock"}, {"ada"}),
    "sessions": ("/admin/people/{n}/access", {"action": "sessions"}, {"ada"}),
    "factor": ("/admin/people/{n}/access", {"action": "factor"}, {"ada"}),
    "edit": ("/admin/people/{n}/edit", {"name": "Other", "email": "", "save": "save"}, {"ada"}),
    "add": ("/admin/people/add", {"login": "new", "name": "N", "email": "n@example.org", "invite": "invite"}, {"ada"}),
    "deputy": ("/admin/people/{n}/deputies", DEPUTY, {"ada"}),
    "end of a deputy": ("/admin/people/{n}/deputies/end", {"deputy": "anna", "since": "2030-01-01"}, {"ada"}),
    "export": ("/admin/audit/export", {}, {"ada"}),
}


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("path", SEEN)
def test_each_page_is_seen_by_whom_it_is_for(quiet: Site, path: str, login: str) -> None:
    expected = 200 if login in SEEN[path] else 403 if login else 303
    visitor_for(quiet, login).get(path.format(n=number(quiet, "jonas")), status=expected)


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("act", DONE)
def test_each_thing_is_done_by_whom_it_is_for(town: Site, act: str, login: str) -> None:
    path, fields, may = DONE[act]
    visitor = visitor_for(town, login)
    before = written(town.house)
    answer = post(visitor, path.format(n=number(town, "jonas")), **fields)
    if login in may:
        assert answer.status_int == (200 if act == "export" else 303)
    else:
        assert answer.status_int == (403 if login else 401)
        assert written(town.house) == before


@pytest.mark.parametrize("path", ["/admin/people/999999", "/admin/people/0", "/admin/people/x", "/admin/people/1e3",
                                  "/admin/people/%D9%A3", "/admin/people/99999999999999999999"])  # fmt: skip
def test_an_account_that_is_not_there_is_not_found_and_others_do_not_even_learn_that(quiet: Site, path: str) -> None:
    quiet.signed_in("cora").get(path, status=404)
    quiet.signed_in("anna").get(path, status=403)
    quiet.get(path, status=303)


# What is tampered with


@pytest.mark.parametrize(("role", "office", "status"), [
    ("coordinator", "", 400),
    ("administrator", "", 400),
    ("administrator", "buergeramt", 400),
    ("editor", "", 400),
    ("editor", "*", 400),
    ("editor", "nowhere", 400),
    ("emperor", "buergeramt", 400),
    ("", "buergeramt", 400),
])  # fmt: skip
def test_a_coordinator_gives_no_other_roles_whatever_the_form_says(
    town: Site, role: str, office: str, status: int
) -> None:
    before = grants(town, "jonas"), rows(town.house, "grants")
    fields = ROLE | {"role": role, "office": office}
    post(town.signed_in("cora"), f"/admin/people/{number(town, 'jonas')}/roles", status=status, **fields)
    assert (grants(town, "jonas"), rows(town.house, "grants")) == before


@pytest.mark.parametrize("more", ["login", "disabled", "totp", "account_id", "password", "is_admin", "by", "number"])
@pytest.mark.parametrize("act", ["give a role", "edit", "add", "deputy"])
def test_a_field_that_was_added_by_hand_is_refused(town: Site, act: str, more: str) -> None:
    path, fields, _may = DONE[act]
    if more in fields:
        return
    before = written(town.house)
    answer = post(town.signed_in("ada"), path.format(n=number(town, "jonas")), **fields, **{more: "1"})
    assert answer.status_int == 400
    assert written(town.house) == before


@pytest.mark.parametrize("login", ["cora", "ada"])
def test_a_coordinator_does_not_touch_the_roles_of_the_city(town: Site, login: str) -> None:
    role = "coordinator" if login == "cora" else "administrator"
    post(town.signed_in("cora"), f"/admin/people/{number(town, login)}/roles/end", status=403, role=role, office="")
    assert grants(town, login)


@pytest.mark.parametrize(("fields", "status"), [
    ({"action": "everything"}, 400),
    ({}, 400),
    ({"action": "invite"}, 400),
])  # fmt: skip
def test_what_cannot_be_done_with_an_account_is_refused(town: Site, fields: dict[str, str], status: int) -> None:
    before = written(town.house)
    post(town.signed_in("ada"), f"/admin/people/{number(town, 'jonas')}/access", status=status, **fields)
    assert written(town.house) == before


@pytest.mark.parametrize("fields", [{"role": "emperor"}, {"role": "reviewer", "office": "buergeramt"}, {}])
def test_a_role_that_is_not_held_cannot_be_taken(town: Site, fields: dict[str, str]) -> None:
    post(town.signed_in("ada"), f"/admin/people/{number(town, 'jonas')}/roles/end", status=400, **fields)


# The last administrator


def test_the_last_administrator_is_neither_unseated_nor_locked(town: Site) -> None:
    visitor, ada = town.signed_in("ada"), number(town, "ada")
    for path, fields in (
        ("roles/end", {"role": "administrator", "office": ""}),
        ("access", {"action": "lock"}),
        ("roles", ROLE | {"role": "administrator", "office": "*", "until": "2090-01-01"}),
    ):
        answer = post(visitor, f"/admin/people/{ada}/{path}", status=400, **fields)
        assert faults(answer.text, "de") == []
    assert grants(town, "ada") == {ADMINISTRATOR}
    visitor.get("/admin/people", status=200)


def test_an_administrator_unseats_another_who_notices_at_once(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.people.grant("nora", ADMINISTRATOR)
    nora = town.signed_in("nora")
    nora.get("/admin/people", status=200)
    path = f"/admin/people/{number(town, 'nora')}/roles/end"
    post(town.signed_in("ada"), path, status=303, role="administrator", office="")
    nora.get("/admin/people", status=303)


# By hand


def test_a_role_is_given_for_no_office_that_nobody_chose(town: Site) -> None:
    visitor, path = town.signed_in("ada"), f"/admin/people/{number(town, 'nora')}"
    page = visitor.get(path)
    assert "keine" in page.html.find("dl").text
    form = page.forms["role"]
    assert [text for _value, chosen, text in form["office"].options if chosen] == []
    assert form["office"].value == ""
    form["role"] = "editor"
    assert faults(form.submit("give", status=400).text, "de") == []
    assert grants(town, "nora") == set()
    form["office"].select(text="ganze Stadt")
    form.submit("give", status=303)
    assert grants(town, "nora") == {Grant(Role.EDITOR)}


def test_that_a_deputy_was_entered_and_ended_is_said_and_the_form_is_empty_again(town: Site) -> None:
    visitor = town.signed_in("ada")
    for path in (f"/admin/people/{number(town, 'anna')}/deputies", "/account/deputies"):
        form = visitor.get(path).forms["deputy"]
        form["deputy"], form["until"] = "rita", form["since"].value
        page = form.submit("add", status=303).follow()
        assert page.html.find(role="status").get_text(strip=True) == "Die Vertretung ist eingetragen."
        assert (page.forms["deputy"]["deputy"].value, page.forms["deputy"]["until"].value) == ("", "")
        assert page.forms["deputy"].submit("add", status=400).html.find(role="status") is None
        (end,) = {id(f): f for f in page.forms.values() if f.action.partition("?")[0].endswith("/end")}.values()
        page = end.submit(status=303).follow()
        assert page.html.find(role="status").get_text(strip=True) == "Die Vertretung ist beendet."


def test_a_person_is_invited_given_a_role_and_found(town: Site) -> None:
    visitor = town.signed_in("ada")
    form = visitor.get("/admin/people/add").forms["person"]
    form["login"], form["name"], form["email"] = "neu", "Neue Kraft", "neu@example.org"
    page = form.submit("invite", status=303).follow()
    assert faults(page.text, "de") == []
    form = page.forms["role"]
    form["role"], form["office"], form["until"] = "reviewer", "jugendamt", "31.12.2090"
    page = form.submit("give", status=303).follow()
    assert faults(page.text, "de") == []
    assert {(g.role, g.office, str(g.until)) for g in grants(town, "neu")} == {
        (Role.REVIEWER, "jugendamt", "2090-12-31")
    }
    found = visitor.get("/admin/people", {"office": "jugendamt", "role": "reviewer", "state": "invited", "q": "kraft"})
    assert "Neue Kraft" in found.text
    assert "Jonas" not in found.html.find("tbody").get_text()
    with town.house.work() as directory:
        (mail,) = directory.mails.unsent(5)
    assert mail.recipient == "neu@example.org"


@pytest.mark.parametrize(("field", "value"), [
    ("login", "anna"), ("login", "a b"), ("login", ""), ("email", "x"), ("email", ""), ("name", "x" * 300),
    ("until", "2024"), ("until", "2020-01-01"), ("until", "bald"),
])  # fmt: skip
def test_what_is_wrong_in_a_form_is_told_and_nothing_typed_is_lost(town: Site, field: str, value: str) -> None:
    visitor = town.signed_in("ada")
    page, formid, button = ("/admin/people/add", "person", "invite") if field != "until" else (
        f"/admin/people/{number(town, 'jonas')}", "role", "give")  # fmt: skip
    form = visitor.get(page).forms[formid]
    for name, typed in (("login", "neu"), ("name", "N"), ("email", "n@example.org"), ("role", "editor")):
        if name in form.fields:
            form[name] = typed
    form[field] = value
    before = written(town.house)
    answer = form.submit(button, status=400)
    assert faults(answer.text, "de") == []
    assert answer.forms[formid][field].value == value
    assert written(town.house) == before


@pytest.mark.parametrize("path", ["/account", "/admin/people", "/admin/people/{n}", "/admin/people/{n}/edit"])
def test_a_name_is_text_and_nothing_else(town: Site, path: str) -> None:
    with town.house.work(write=True) as directory:
        directory.people.describe("ada", "\"'><x1 y=1>{{7*7}}${7*7}", "a\"'><x1@example.org")
    page = town.signed_in("ada").get(path.format(n=number(town, "ada")))
    assert "<x1" not in page.text
    assert "{{7*7}}${7*7}" in page.text


# One's own account


def test_one_s_sessions_are_listed_by_kind_of_browser_and_can_be_ended(town: Site) -> None:
    agent = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    elsewhere = town.visitor()
    form = elsewhere.get("/login").forms["login"]
    form["login"], form["password"] = "anna", PASSWORD
    form.submit("sign-in", status=303, headers=agent)
    here, third, other = town.signed_in("anna"), town.signed_in("anna"), town.signed_in("rita")
    page = here.get("/account")
    assert "Firefox, Windows" in page.text
    assert "NT 10.0" not in page.text
    ends = [form for form in page.forms.values() if "key" in form.fields]
    assert len(set(map(id, ends))) == 2
    (firefox,) = {id(form): form for form in ends if "Firefox" in form.text}.values()
    firefox.submit(status=303)
    elsewhere.get("/desk", status=303)
    third.get("/desk", status=200)
    post(here, "/account/sessions", status=303)
    third.get("/desk", status=303)
    here.get("/desk", status=200)
    other.get("/desk", status=200)


def test_nobody_ends_the_session_of_somebody_else(town: Site) -> None:
    rita = town.signed_in("rita")
    with town.house.work() as directory:
        (session,) = directory.people.open_sessions("rita")
    post(town.signed_in("anna"), "/account/sessions", status=303, key=session.key)
    rita.get("/desk", status=200)


def test_another_password_takes_the_one_before_and_leaves_this_session_alone(town: Site) -> None:
    here, elsewhere = town.signed_in("anna"), town.signed_in("anna")
    before = here.cookies[COOKIE]
    form = here.get("/account/password").forms["password"]
    for own, new, again in (("wrong", NEW, NEW), (PASSWORD, NEW, NEW + "x"), (PASSWORD, "kurz", "kurz")):
        form["own"], form["password"], form["again"] = own, new, again
        assert faults(form.submit("set", status=400).text, "de") == []
    elsewhere.get("/desk", status=200)
    form["own"], form["password"], form["again"] = PASSWORD, NEW, NEW
    form.submit("set", status=303).follow(status=200)
    assert here.cookies[COOKIE] != before
    elsewhere.get("/desk", status=303)
    with town.house.work(write=True) as directory:
        assert directory.people.verify("anna", NEW)


def test_a_deputy_may_what_the_absent_may_and_no_longer_when_that_ends(town: Site) -> None:
    anna, nora = town.signed_in("anna"), town.signed_in("nora")
    nora.get("/services/wohnsitz-abmelden/preview", status=404)
    with town.house.work() as directory:
        today = directory.today
    form = anna.get("/account/deputies").forms["deputy"]
    assert form["since"].value == today.strftime("%d.%m.%Y")
    form["deputy"], form["until"] = "nora", (today + timedelta(days=3)).strftime("%d.%m.%Y")
    page = form.submit("add", status=303).follow()
    assert faults(page.text, "de") == []
    nora.get("/services/wohnsitz-abmelden/preview", status=200)
    assert faults(nora.get("/account").text, "de") == []
    post(nora, "/account/deputies/end", status=303, deputy="nora", since=today.isoformat())
    nora.get("/services/wohnsitz-abmelden/preview", status=200)
    (end,) = {id(f): f for f in page.forms.values() if f.action.partition("?")[0].endswith("/end")}.values()
    end.submit(status=303)
    nora.get("/services/wohnsitz-abmelden/preview", status=404)


@pytest.mark.parametrize(("deputy", "since", "until"), [
    ("anna", "2090-01-01", "2090-01-02"), ("nobody", "2090-01-01", "2090-01-02"), ("", "2090-01-01", "2090-01-02"),
    ("nora", "2090-01-02", "2090-01-01"), ("nora", "2020-01-01", "2020-01-02"), ("nora", "2090", "2090"),
    ("nora", "", ""), ("nora", "2090-01-01", "2099-01-01"),
])  # fmt: skip
def test_who_cannot_stand_in_is_told(town: Site, deputy: str, since: str, until: str) -> None:
    form = town.signed_in("anna").get("/account/deputies").forms["deputy"]
    form["deputy"].force_value(deputy)
    form["since"], form["until"] = since, until
    assert faults(form.submit("add", status=400).text, "de") == []
    assert not rows(town.house, "deputies")


@pytest.mark.parametrize("fields", [{}, {"deputy": "rita"}, {"deputy": "rita", "since": "soon"}])
def test_the_end_of_a_deputy_names_who_and_when(town: Site, fields: dict[str, str]) -> None:
    post(town.signed_in("anna"), "/account/deputies/end", status=400, **fields)


# Forgery


@pytest.mark.parametrize("name", ACCOUNTS_POSTED)
def test_without_the_right_token_nothing_is_written(town: Site, name: str) -> None:
    path = ACCOUNTS_POSTED[name].format(number=number(town, "jonas"), token="x" * 43)
    visitor = town.signed_in("ada")
    others = token_for(town.signed_in("ada"))
    before = written(town.house), rows(town.house, "sessions"), rows(town.house, "deputies")
    for token in ("", "0" * 64, "ä", others):
        visitor.post(path, {"csrf_token": token, "action": "lock", "role": "editor"}, status=400)
    right = token_for(visitor)
    for origin in ("https://evil.example.org", "null"):
        visitor.post(path, {"csrf_token": right, "action": "lock"}, headers={"Origin": origin}, status=400)
    assert (written(town.house), rows(town.house, "sessions"), rows(town.house, "deputies")) == before


def test_no_login_stands_in_an_address(town: Site) -> None:
    page = town.signed_in("ada").get("/admin/people")
    paths = [urlsplit(link["href"]).path for link in page.html.find_all("a")]
    assert [path for path in paths if re.fullmatch(r"/admin/people/\d+", path)]
    assert not any(login in path for path in paths for login in ("anna", "jonas", "rita"))
