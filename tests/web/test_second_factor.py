"""The second factor through the pages: setting it up, signing in with it, and what one may not do without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from houses import PASSWORD, open_session, rows
from pagecheck import faults
from pyotp import TOTP
from sites import COOKIE, Site
from webtest import TestApp, TestResponse

from servicedir.directory import House


def path(answer: TestResponse) -> str:
    return urlsplit(answer.headers["Location"]).path


def sign_in(visitor: TestApp, login: str = "rita", target: str = "/login") -> TestResponse:
    form = visitor.get(target).forms["login"]
    form["login"], form["password"] = login, PASSWORD
    return form.submit("sign-in", status=303)


def forget_steps(house: House) -> None:
    """As if half a minute had gone by: so that the code of now holds again."""
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE accounts SET totp_step = 0")


def secret_on(page: TestResponse) -> str:
    found = re.search(r"<code>([A-Z2-7 ]{32,})</code>", page.text)
    assert found
    return found[1].replace(" ", "")


def set_up(visitor: TestApp, house: House) -> tuple[str, list[str]]:
    """Set the factor up; return the secret and the recovery codes."""
    page = visitor.get("/account/factor")
    secret = secret_on(page)
    form = page.forms["factor"]
    form["own"], form["code"] = PASSWORD, TOTP(secret).now()
    answer = form.submit("set-up", status=200)
    forget_steps(house)
    return secret, re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)


def give(visitor: TestApp, code: str, page: str = "/login/code", status: int | str = "*") -> TestResponse:
    form = visitor.get(page).forms["code"]
    form["code"] = code
    return form.submit("confirm", status=status)


def who(visitor: TestApp) -> bool:
    return bool(visitor.get("/desk", status="*").status_int == 200)


# Setting up


def test_the_page_shows_a_picture_and_the_secret_and_writes_nothing(town: Site) -> None:
    visitor = town.signed_in("rita")
    page = visitor.get("/account/factor")
    assert "<svg" in page.text
    assert secret_on(page) == secret_on(visitor.get("/account/factor"))
    assert secret_on(page) != secret_on(town.signed_in("rita").get("/account/factor"))
    assert not rows(town.house, "recovery_codes")
    assert page.headers["Cache-Control"] == "no-store"


def test_setting_up_shows_eight_recovery_codes_once_and_goes_on_with_another_session(town: Site) -> None:
    visitor, elsewhere = town.signed_in("rita"), town.signed_in("rita")
    before = visitor.cookies[COOKIE]
    _secret, codes = set_up(visitor, town.house)
    assert len(set(codes)) == 8
    assert visitor.cookies[COOKIE] != before
    assert who(visitor)
    assert not who(elsewhere)
    again = visitor.get("/account/factor")
    assert faults(again.text, "de") == []
    assert not any(code in again.text for code in codes)


def test_the_page_with_the_codes_has_forms_that_can_be_sent(town: Site) -> None:
    visitor = town.signed_in("rita")
    page = visitor.get("/account/factor")
    form = page.forms["factor"]
    form["own"], form["code"] = PASSWORD, TOTP(secret_on(page)).now()
    answer = form.submit("set-up")
    assert faults(answer.text, "de") == []
    (out,) = [form for form in answer.forms.values() if form.action.partition("?")[0] == "/logout"]
    out.submit(status=303)
    assert not who(visitor)


@pytest.mark.parametrize(("own", "code"), [("wrong", "right"), (PASSWORD, "000000"), (PASSWORD, ""), ("", "right")])
def test_it_takes_the_password_and_a_right_code(town: Site, own: str, code: str) -> None:
    visitor = town.signed_in("rita")
    page = visitor.get("/account/factor")
    form = page.forms["factor"]
    form["own"], form["code"] = own, TOTP(secret_on(page)).now() if code == "right" else code
    answer = form.submit("set-up", status=400)
    assert faults(answer.text, "de") == []
    assert secret_on(answer) == secret_on(page)
    assert not rows(town.house, "recovery_codes")
    assert who(visitor)


def test_guesses_at_one_s_own_password_are_counted(town: Site) -> None:
    visitor = town.signed_in("rita")
    for guess in range(11):
        form = visitor.get("/account/password").forms["password"]
        form["own"], form["password"], form["again"] = f"guess {guess}", "x" * 20, "x" * 20
        answer = form.submit("set", status="*")
    assert answer.status_int == 429
    assert answer.headers["Retry-After"]
    assert faults(answer.text, "de") == []


# Signing in


def test_signing_in_asks_for_the_code_and_goes_where_one_wanted_to(town: Site) -> None:
    secret, _codes = set_up(town.signed_in("rita"), town.house)
    visitor = town.visitor()
    answer = sign_in(visitor, target="/login?next=/services/add")
    assert path(answer) == "/login/code"
    half_open = visitor.cookies[COOKIE]
    page = answer.follow()
    assert faults(page.text, "de") == []
    assert not who(visitor)
    form = page.forms["code"]
    form["code"] = TOTP(secret).now()
    answer = form.submit("confirm", status=303)
    assert path(answer) == "/services/add"
    assert visitor.cookies[COOKIE] != half_open
    assert who(visitor)
    replayed = town.visitor()
    replayed.set_cookie(COOKIE, half_open)
    assert not who(replayed)


def test_a_half_open_session_opens_nothing(town: Site) -> None:
    set_up(town.signed_in("rita"), town.house)
    visitor = town.visitor()
    sign_in(visitor)
    for address in ("/desk", "/account", "/account/factor", "/services/wohnsitz-abmelden/preview"):
        assert path(visitor.get(address, status=303)) == "/login"
    visitor.get("/login", status=200)


@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_a_code_holds_once(town: Site, kind: str) -> None:
    secret, codes = set_up(town.signed_in("rita"), town.house)
    code = TOTP(secret).now() if kind == "code" else codes[0].upper()
    for status in (303, 400):
        visitor = town.visitor()
        sign_in(visitor)
        answer = give(visitor, code, status=status)
        assert who(visitor) is (status == 303)
    assert faults(answer.text, "de") == []


def test_the_eleventh_guess_at_a_code_has_to_wait_wherever_it_comes_from(town: Site) -> None:
    secret, _codes = set_up(town.signed_in("rita"), town.house)
    for address in ("192.0.2.1", "192.0.2.2"):
        visitor = TestApp(town.app, extra_environ={"REMOTE_ADDR": address})
        sign_in(visitor)
        for _guess in range(5):
            give(visitor, "000000", status=400)
    other = TestApp(town.app, extra_environ={"REMOTE_ADDR": "192.0.2.3"})
    sign_in(other)
    answer = give(other, TOTP(secret).now(), status=429)
    assert answer.headers["Retry-After"]
    assert faults(answer.text, "de") == []
    assert not who(other)


def test_without_the_right_password_nobody_is_asked_for_a_code(town: Site) -> None:
    set_up(town.signed_in("rita"), town.house)
    assert path(town.get("/login/code?next=/services/add", status=303)) == "/login"
    assert path(town.signed_in("anna").get("/login/code", status=303)) == "/login"
    visitor = town.visitor()
    token = visitor.get("/login").forms["login"]["csrf_token"].value
    answer = visitor.post("/login/code", {"csrf_token": token, "code": "000000"}, status=303)
    assert path(answer) == "/login"


def test_a_half_open_session_that_waited_too_long_begins_anew(town: Site) -> None:
    secret, _codes = set_up(town.signed_in("rita"), town.house)
    visitor = town.visitor()
    sign_in(visitor)
    form = visitor.get("/login/code").forms["code"]
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE sessions SET opened = strftime('%Y-%m-%d %H:%M:%f000', opened, '-11 minutes')"
        )
    form["code"] = TOTP(secret).now()
    assert path(form.submit("confirm", status=303)) == "/login"
    assert not who(visitor)


@pytest.mark.parametrize("target", ["//evil.example.org", "https://evil.example.org", "/\\evil.example.org"])
def test_the_code_s_page_sends_nobody_away(town: Site, target: str) -> None:
    secret, _codes = set_up(town.signed_in("rita"), town.house)
    visitor = town.visitor()
    sign_in(visitor)
    form = visitor.get("/login/code", {"next": target}).forms["code"]
    assert form["next"].value == "/desk"
    form["next"].force_value(target)
    form["code"] = TOTP(secret).now()
    location = form.submit("confirm", status=303).headers["Location"]
    assert location.removeprefix("http://localhost") == "/desk"


# Taking it away


def test_turning_it_off_takes_the_password_and_ends_every_session_but_this(town: Site) -> None:
    visitor = town.signed_in("rita")
    set_up(visitor, town.house)
    elsewhere = town.signed_in("rita")
    form = visitor.get("/account/factor").forms["factor"]
    form["own"] = "wrong"
    form.submit("remove", status=400)
    assert who(elsewhere)
    form["own"] = PASSWORD
    assert path(form.submit("remove", status=303)) == "/account"
    assert who(visitor)
    assert not who(elsewhere)
    assert path(sign_in(town.visitor())) == "/desk"


def test_new_recovery_codes_are_shown_once(town: Site) -> None:
    visitor = town.signed_in("rita")
    _secret, old = set_up(visitor, town.house)
    form = visitor.get("/account/factor").forms["factor"]
    form["own"] = PASSWORD
    answer = form.submit("codes", status=200)
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)
    assert len(new) == 8
    assert not set(old) & set(new)


# Who needs one


def test_an_administrator_without_one_is_sent_to_set_it_up_and_then_may_go_on(town: Site) -> None:
    visitor = town.visitor()
    assert path(sign_in(visitor, "ada")) == "/account/factor"
    assert path(visitor.get("/admin/people", status=303)) == "/account/factor"
    assert path(visitor.get("/admin/audit", status=303)) == "/account/factor"
    visitor.get("/services/wohnsitz-abmelden/preview", status=404)
    assert "/account/factor" in visitor.get("/account").text
    desk = visitor.get("/desk")
    assert "/admin/people" not in desk.text
    assert "/account/factor" in desk.text
    set_up(visitor, town.house)
    visitor.get("/admin/people", status=200)
    visitor.get("/services/wohnsitz-abmelden/preview", status=200)
    assert "/account/factor" not in visitor.get("/desk").text


def test_an_administrator_who_takes_it_away_is_none_any_more(town: Site) -> None:
    visitor = town.signed_in("ada")
    set_up(visitor, town.house)
    form = visitor.get("/account/factor").forms["factor"]
    form["own"] = PASSWORD
    form.submit("remove", status=303)
    assert path(visitor.get("/admin/people", status=303)) == "/account/factor"


@pytest.mark.parametrize(("setting", "login", "lacks"), [
    ("administrators", "cora", False),
    ("administrators", "ada", True),
    ("everybody", "anna", True),
    ("everybody", "nora", True),
    ("nobody", "ada", False),
])  # fmt: skip
def test_who_needs_one_is_a_setting(town_with: Callable[..., Site], setting: str, login: str, lacks: bool) -> None:
    site = town_with(second_factor=setting)
    with site.house.work(write=True) as directory:
        token = directory.people.open_session(login)
    visitor = site.visitor()
    visitor.set_cookie(COOKIE, token)
    assert ("/account/factor" in visitor.get("/desk").text) is lacks
    if lacks:
        visitor.get("/services/wohnsitz-abmelden/preview", status=404)
    visitor.set_cookie(COOKIE, open_session(site.house, login))
    assert "/account/factor" not in visitor.get("/desk").text
