"""A password by link: asking for it tells nothing, the link holds once, and nobody is flooded with mails."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from statistics import mean
from urllib.parse import urlsplit

import pytest
from houses import PASSWORD
from pagecheck import faults
from sites import Site
from webtest import TestApp, TestResponse

NEW = "Blaue Fahrraeder im Schnee"


@pytest.fixture
def reachable(town: Site) -> Site:
    """The town, in which Anna has an e-mail address."""
    with town.house.work(write=True) as directory:
        directory.people.describe("anna", "Anna", "anna@example.org")
    return town


def ask(site: Site, name: str, address: str = "127.0.0.1", status: int | str = 303) -> TestResponse:
    visitor = TestApp(site.app, extra_environ={"REMOTE_ADDR": address})
    form = visitor.get("/login/reset").forms["reset"]
    form["name"] = name
    return form.submit("send", status=status)


def links(site: Site) -> list[str]:
    """The paths in all mails that wait."""
    with site.house.work() as directory:
        bodies = [mail.body for mail in directory.mails.unsent(100)]
    found = [re.search(r"^http://localhost(/invitations/[\w-]+)$", body, re.MULTILINE) for body in bodies]
    return [match[1] for match in found if match]


def set_password(visitor: TestApp, path: str, password: str = NEW, again: str = NEW) -> TestResponse:
    form = visitor.get(path).forms["password"]
    form["password"], form["again"] = password, again
    return form.submit("set", status="*")


def may_sign_in(site: Site, password: str, login: str = "anna") -> bool:
    form = site.visitor().get("/login").forms["login"]
    form["login"], form["password"] = login, password
    return bool(form.submit("sign-in", status="*").status_int == 303)


def test_whoever_forgot_sets_another_password_by_the_link(reachable: Site) -> None:
    session = reachable.signed_in("anna")
    ask(reachable, "anna@example.org")
    (path,) = links(reachable)
    assert may_sign_in(reachable, PASSWORD)
    visitor = reachable.visitor()
    page = visitor.get(path)
    assert faults(page.text, "de") == []
    assert faults(visitor.get(f"{path}?lang=en").text, "en") == []
    answer = set_password(visitor, path)
    assert urlsplit(answer.headers["Location"]).path == "/login"
    assert faults(answer.follow().text, "de") == []
    assert may_sign_in(reachable, NEW)
    assert not may_sign_in(reachable, PASSWORD)
    session.get("/desk", status=303)
    gone = reachable.get(path, status=404)
    assert faults(gone.text, "de") == []
    assert "anna" not in gone.text


@pytest.mark.parametrize(
    "path", ["/invitations/x", "/invitations/" + "a" * 43, "/invitations/%00", "/invitations/%F0%9F%98%80"]
)
def test_what_is_no_link_is_nothing(town: Site, path: str) -> None:
    assert "password" not in town.get(path, status=404).forms


@pytest.mark.parametrize(
    ("password", "again"), [("kurz", "kurz"), (NEW, "other"), ("passwort1234", "passwort1234"), ("", "")]
)
def test_a_password_that_will_not_do_comes_back_with_a_sentence(reachable: Site, password: str, again: str) -> None:
    ask(reachable, "anna")
    (path,) = links(reachable)
    answer = set_password(reachable.visitor(), path, password, again)
    assert answer.status_int == 400
    assert faults(answer.text, "de") == []
    assert may_sign_in(reachable, PASSWORD)
    assert set_password(reachable.visitor(), path).status_int == 303


def test_the_answer_is_the_same_whoever_asks(reachable: Site) -> None:
    with reachable.house.work(write=True) as directory:
        directory.people.describe("jonas", "Jonas", "jonas@example.org")
        directory.people.disable("jonas")
    answers = {}
    for name in ("anna", "nobody", "rita", "jonas@example.org", "%", "anna' OR 1=1"):
        answer = ask(reachable, name)
        answers[name] = (answer.status_int, answer.headers["Location"], answer.text, answer.follow().text)
        assert "anna" not in answer.headers["Location"]
    assert len(set(answers.values())) == 1
    assert len(links(reachable)) == 1


def test_the_answer_takes_as_long_whoever_asks(reachable: Site) -> None:
    times: dict[str, list[float]] = {"anna": [], "nobody": []}
    for number in range(20):
        for name, spent in times.items():
            visitor = TestApp(reachable.app, extra_environ={"REMOTE_ADDR": f"192.0.2.{number}"})
            form = visitor.get("/login/reset").forms["reset"]
            form["name"] = name
            began = time.perf_counter()
            form.submit("send", status=303)
            spent.append(time.perf_counter() - began)
        with reachable.house.database.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM attempts")
    # The slow ones are those that this machine has let wait.
    quick = [mean(sorted(spent)[:10]) for spent in times.values()]
    assert abs(quick[0] - quick[1]) < 0.005


def test_nobody_is_flooded_with_mails_and_asking_too_often_has_to_wait(reachable: Site) -> None:
    for number in range(6):
        ask(reachable, "anna", f"192.0.2.{number}")
    assert len(links(reachable)) == 3
    for number in range(10):
        ask(reachable, f"somebody-{number}")
    answer = ask(reachable, "anna@example.org", status=429)
    assert answer.headers["Retry-After"]
    assert faults(answer.text, "de") == []
    ask(reachable, "anna@example.org", "192.0.2.99")


def test_who_has_many_addresses_in_one_network_is_one_who_asks(reachable: Site) -> None:
    for number in range(10):
        ask(reachable, f"somebody-{number}", f"2001:db8:0:{number}::1")
    ask(reachable, "anna@example.org", "2001:db8:0:ff::2", status=429)
    ask(reachable, "anna@example.org", "2001:db8:1:100::1")


def test_a_link_is_to_the_configured_address_whatever_a_request_claims(town_with: Callable[..., Site]) -> None:
    site = town_with(base_url="https://city.example.org")
    with site.house.work(write=True) as directory:
        directory.people.describe("anna", "Anna", "anna@example.org")
    ask(site, "anna")
    with site.house.work() as directory:
        (mail,) = directory.mails.unsent(10)
    assert "https://city.example.org/invitations/" in mail.body
    assert "localhost" not in mail.body
