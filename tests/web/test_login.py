"""Signing in and out: who gets a session, what its cookie is like, and what slows guessing down."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from faces import DESK, addresses
from houses import PASSWORD, open_session, rows
from pagecheck import faults
from sites import COOKIE, Site
from webtest import TestApp, TestResponse

OTHER_PLACE = {"REMOTE_ADDR": "192.0.2.7"}


def sign_in(
    visitor: TestApp, login: str = "rita", password: str = PASSWORD, path: str = "/login", **options: Any
) -> TestResponse:
    """What comes of filling in the form."""
    form = visitor.get(path).forms["login"]
    form["login"], form["password"] = login, password
    return form.submit("sign-in", **({"status": "*"} | options))


def session_cookie(answer: TestResponse) -> str | None:
    """The Set-Cookie of the session."""
    found = [value for value in answer.headers.getall("Set-Cookie") if COOKIE in value]
    return found[0] if found else None


def who(visitor: TestApp) -> bool:
    """Whether somebody is signed in."""
    return bool(visitor.get("/desk", status="*").status_int == 200)


# Signing in


def test_the_right_password_opens_the_desk(town: Site) -> None:
    visitor = town.visitor()
    answer = sign_in(visitor)
    assert answer.status_int == 303
    assert urlsplit(answer.headers["Location"]).path == "/desk"
    desk = answer.follow()
    assert desk.status_int == 200
    assert "Rita" in desk.text
    assert rows(town.house, "sessions") == 1


def test_a_login_is_the_same_in_capitals(town: Site) -> None:
    visitor = town.visitor()
    assert sign_in(visitor, "RITA").status_int == 303
    assert who(visitor)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("rita", "wrong"),
        ("rita", PASSWORD + " "),
        ("rita", PASSWORD.lower()),
        ("anna", "demo-nur-zum-testen"),
        ("nobody", PASSWORD),
        ("rita' OR 1=1 --", PASSWORD),
        ("%", PASSWORD),
        ("rita", "'; DROP TABLE accounts; --"),
        ("rita", "ä" * 999),
        ("\u202erita", PASSWORD),
    ],
)
def test_a_wrong_one_opens_nothing_and_does_not_say_what_was_wrong(town: Site, login: str, password: str) -> None:
    visitor = town.visitor()
    answer = sign_in(visitor, login, password)
    assert answer.status_int == 400
    assert session_cookie(answer) is None
    assert rows(town.house, "sessions") == 0
    assert not who(visitor)
    assert faults(answer.text, "de") == []
    problems = answer.html.find(id="login--problems").get_text(" ", strip=True)
    again = sign_in(town.visitor(), "nora", "quite wrong")
    assert again.html.find(id="login--problems").get_text(" ", strip=True) == problems
    assert answer.html.find("input", {"name": "password"}).get("value", "") == ""
    assert rows(town.house, "audit") >= 2


@pytest.mark.parametrize(
    ("login", "password"), [("", PASSWORD), ("rita", ""), ("", ""), ("x" * 300, "y"), ("x", "y" * 2000)]
)
def test_what_is_missing_or_too_long_is_told_at_its_field(town: Site, login: str, password: str) -> None:
    before = rows(town.house, "attempts")
    answer = sign_in(town.visitor(), login, password)
    assert answer.status_int == 400
    assert faults(answer.text, "de") == []
    assert answer.html.find(attrs={"aria-invalid": "true"})
    assert rows(town.house, "attempts") == before


def test_a_locked_account_opens_nothing(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.people.disable("rita")
    visitor = town.visitor()
    assert sign_in(visitor).status_int == 400
    assert not who(visitor)


def test_the_cookie_cannot_be_read_or_sent_from_elsewhere(town_with: Callable[..., Site]) -> None:
    site = town_with(insecure_cookies="false")
    visitor = site.visitor()
    page = "https://localhost/login"
    for answer, name in ((visitor.get(page), "login"), (sign_in(visitor, path=page), "session")):
        (cookie,) = [c for c in answer.headers.getall("Set-Cookie") if f"servicedir-{name}=" in c]
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert cookie.startswith(f"__Host-servicedir-{name}=")
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)
        assert not any(part.startswith(("expires", "max-age")) for part in parts)


def test_the_cookie_says_nothing_but_a_token_of_which_a_hash_is_kept(town: Site) -> None:
    answer = sign_in(town.visitor())
    token = (session_cookie(answer) or "").partition(";")[0].partition("=")[2]
    assert re.fullmatch(r"[\w-]{43,}", token)
    with town.house.database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT token_hash FROM sessions").scalar_one()
    assert token not in kept


def test_in_development_the_cookie_goes_over_http(town: Site) -> None:
    cookie = session_cookie(sign_in(town.visitor())) or ""
    assert "secure" not in cookie.lower()
    assert "httponly" in cookie.lower()


def test_each_sign_in_is_a_session_of_its_own_whatever_the_browser_brought(town: Site) -> None:
    """Nobody can fix a session beforehand for somebody else to sign in with."""
    brought = ["attackers-choice", open_session(town.house, "jonas")]
    tokens = set(brought)
    for token in brought:
        visitor = town.visitor()
        visitor.set_cookie(COOKIE, token)
        visitor.get("/login", status="*")
        fresh = town.visitor()
        page = fresh.get("/login")
        fresh.set_cookie(COOKIE, token)
        form = page.forms["login"]
        # The token of the form belongs to the cookie that the browser had when it was shown.
        form["login"], form["password"] = "rita", PASSWORD
        assert form.submit("sign-in", status="*").status_int == 400
        clean = town.visitor()
        sign_in(clean)
        tokens.add(clean.cookies[COOKIE])
    assert len(tokens) == 4


def test_a_session_that_has_ended_is_no_hindrance_to_the_next(town: Site) -> None:
    visitor = town.visitor()
    visitor.set_cookie(COOKIE, "long-gone")
    answer = sign_in(visitor)
    assert answer.status_int == 303
    assert visitor.cookies[COOKIE] != "long-gone"
    assert who(visitor)


def test_whoever_is_signed_in_is_sent_to_the_desk(town: Site) -> None:
    answer = town.signed_in("rita").get("/login", status=303)
    assert urlsplit(answer.headers["Location"]).path == "/desk"


# Slowing down


def fail(site: Site, times: int, login: str = "rita", **environ: str) -> list[int]:
    visitor = TestApp(site.app, extra_environ={"REMOTE_ADDR": "127.0.0.1", **environ})
    form = visitor.get("/login").forms["login"]
    statuses = []
    for number in range(times):
        form["login"], form["password"] = login, f"guess number {number}"
        statuses.append(form.submit("sign-in", status="*").status_int)
    return statuses


def test_the_eleventh_guess_at_an_account_has_to_wait(town: Site) -> None:
    assert fail(town, 12) == [400] * 10 + [429] * 2
    answer = sign_in(town.visitor())
    assert answer.status_int == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert answer.headers["Cache-Control"] == "no-store"
    assert faults(answer.text, "de") == []
    assert rows(town.house, "sessions") == 0
    # A stranger locks nobody out: from another place, and to another account, the door is open.
    elsewhere = TestApp(town.app, extra_environ=OTHER_PLACE)
    assert sign_in(elsewhere).status_int == 303
    assert sign_in(town.visitor(), "anna").status_int == 303


def test_an_account_written_in_other_ways_is_one_account(town: Site) -> None:
    assert fail(town, 5, "rita") + fail(town, 5, "RITA") == [400] * 10
    assert fail(town, 3, " Rita ") == [429] * 3
    assert fail(town, 1, "ｒｉｔａ") == [429]


def test_a_forged_address_is_no_other_place(town: Site) -> None:
    fail(town, 10)
    assert fail(town, 1, HTTP_X_FORWARDED_FOR="192.0.2.9", HTTP_FORWARDED="for=192.0.2.9") == [429]


def test_one_place_has_fifty_guesses_at_all_accounts(town: Site) -> None:
    for number in range(5):
        with town.house.work(write=True) as directory:
            for _guess in range(10):
                directory.people.record_failure("login 127.0.0.1")
                directory.people.record_failure(f"login 127.0.0.1 account-{number}")
    assert sign_in(town.visitor()).status_int == 429
    assert sign_in(TestApp(town.app, extra_environ=OTHER_PLACE)).status_int == 303


def test_guesses_are_forgotten_after_five_minutes(town: Site) -> None:
    fail(town, 10)
    assert sign_in(town.visitor()).status_int == 429
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE attempts SET at = datetime(at, '-301 seconds')")
    assert sign_in(town.visitor()).status_int == 303


def test_two_processes_count_together(town: Site) -> None:
    fail(town, 6)
    other = Site(town.house.settings.data)
    assert fail(other, 5) == [400] * 4 + [429]
    other.close()


# Signing out, and what ends by itself


def sign_out(visitor: TestApp, path: str = "/desk") -> TestResponse:
    desk = visitor.get(path)
    (form,) = [form for form in desk.forms.values() if form.action.partition("?")[0] == "/logout"]
    return form.submit(status=303)


def test_signing_out_ends_the_session_here_and_on_the_server(town: Site) -> None:
    visitor = town.visitor()
    sign_in(visitor)
    token = visitor.cookies[COOKIE]
    answer = sign_out(visitor)
    assert urlsplit(answer.headers["Location"]).path == "/"
    assert COOKIE not in visitor.cookies
    assert rows(town.house, "sessions") == 0
    replayed = town.visitor()
    replayed.set_cookie(COOKIE, token)
    assert not who(replayed)
    for path in addresses(DESK):
        replayed.get(path, status=303)


def test_the_other_sessions_of_an_account_go_on(town: Site) -> None:
    one, other = town.signed_in("rita"), town.signed_in("rita")
    sign_out(one)
    assert who(other)


def test_the_cookie_is_taken_back_in_a_way_that_browsers_take(town_with: Callable[..., Site]) -> None:
    site = town_with(insecure_cookies="false")
    visitor = site.visitor()
    sign_in(visitor, path="https://localhost/login")
    (cookie,) = sign_out(visitor, "https://localhost/desk").headers.getall("Set-Cookie")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith(f"__Host-{COOKIE}=;")
    assert {"secure", "path=/", "max-age=0"} <= parts


def test_signing_out_twice_is_no_fault(town: Site) -> None:
    visitor = town.signed_in("rita")
    page = visitor.get("/desk")
    (form,) = [form for form in page.forms.values() if form.action.partition("?")[0] == "/logout"]
    form.submit(status=303)
    assert form.submit(status="*").status_int in (303, 400)


def test_nobody_is_signed_out_by_a_link(town: Site) -> None:
    visitor = town.signed_in("rita")
    visitor.get("/logout", status=405)
    assert who(visitor)


@pytest.mark.parametrize(
    ("seen", "opened", "is_open"),
    [
        (timedelta(minutes=29), timedelta(hours=11), True),
        (timedelta(minutes=31), timedelta(hours=1), False),
        (timedelta(), timedelta(hours=13), False),
    ],
)
def test_a_session_ends_when_nobody_comes_and_after_half_a_day(
    town: Site, seen: timedelta, opened: timedelta, is_open: bool
) -> None:
    visitor = town.signed_in("rita")
    with town.house.database.engine.begin() as connection:
        for column, ago in (("seen", seen), ("opened", opened)):
            connection.exec_driver_sql(
                f"UPDATE sessions SET {column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, ?)",  # noqa: S608
                (f"-{int(ago.total_seconds())} seconds",),
            )
    assert who(visitor) == is_open


def test_a_visit_keeps_a_session_open(town: Site) -> None:
    visitor = town.signed_in("rita")
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sessions SET seen = strftime('%Y-%m-%d %H:%M:%f000', seen, '-20 minutes')")
    assert who(visitor)
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sessions SET seen = strftime('%Y-%m-%d %H:%M:%f000', seen, '-20 minutes')")
    assert who(visitor)


def test_who_is_locked_out_or_loses_a_role_notices_at_once(town: Site) -> None:
    visitor = town.signed_in("anna")
    visitor.get("/services/wohnsitz-abmelden/edit")
    with town.house.work(write=True) as directory:
        directory.people.disable("anna")
    assert not who(visitor)
