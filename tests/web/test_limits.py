"""One reader asks so much of the API in a minute and no more; what is left is said, and pages know no limit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from houses import settings_in
from programs import Program, a_program
from sites import Site
from webob import Request
from webtest import TestApp

from servicedir.web import limits
from servicedir.web.limits import Limits

SEARCH = "/api/v1/services"


class Watch:
    """Seconds that pass when somebody says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Counted:
    """An application that counts what reaches it."""

    def __init__(self) -> None:
        self.asked = 0
        self.headers = [("Content-Type", "text/plain"), ("Content-Length", "2")]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked += 1
        start_response("200 OK", self.headers)
        return [b"ok"]


class Limited:
    """Such an application behind limits, with a watch."""

    def __init__(self, folder: Path, limit: int = 3, **configured: str) -> None:
        self.inner, self.watch = Counted(), Watch()
        self.limits = Limits(self.inner, settings_in(folder, api_limit=str(limit), **configured), self.watch)

    def ask(self, address: str = "192.0.2.1", path: str = SEARCH, method: str = "GET", **environ: str) -> Any:
        request = Request.blank(path, method=method)
        request.environ |= {"REMOTE_ADDR": address, **environ}
        return request.get_response(self.limits)


@pytest.fixture
def limited(tmp_path: Path) -> Limited:
    return Limited(tmp_path)


def test_what_is_left_is_said_with_each_answer(limited: Limited) -> None:
    said = [limited.ask().headers["RateLimit"] for _time in range(3)]
    assert said == ['"default";r=2;t=60', '"default";r=1;t=60', '"default";r=0;t=60']
    assert limited.ask(address="192.0.2.9").headers["RateLimit-Policy"] == '"default";q=3;w=60'


def test_who_asks_too_much_is_refused_before_anything_is_done(limited: Limited) -> None:
    for _time in range(3):
        assert limited.ask().status_int == 200
    limited.watch.seconds += 17.5
    answer = limited.ask(path=f"{SEARCH}?q=a")
    assert limited.inner.asked == 3
    assert answer.status_int == 429
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "43"
    assert answer.headers["RateLimit"] == '"default";r=0;t=43'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["status"] == 429
    assert answer.json["instance"] == SEARCH
    assert "43" in answer.json["detail"]
    assert limited.ask(method="HEAD").body == b""


def test_after_the_window_one_may_ask_again(limited: Limited) -> None:
    for _time in range(5):
        limited.ask()
    limited.watch.seconds += 59.9
    assert limited.ask().status_int == 429
    assert limited.ask().headers["Retry-After"] == "1"
    limited.watch.seconds += 0.1
    assert limited.ask().headers["RateLimit"] == '"default";r=2;t=60'


def test_a_reader_takes_nothing_from_another_one(limited: Limited) -> None:
    for _time in range(4):
        limited.ask()
    assert limited.ask(address="192.0.2.2").status_int == 200


def test_addresses_of_one_network_are_one_reader(limited: Limited) -> None:
    for host in ("1", "2:3", "ffff:ffff:ffff:ffff"):
        assert limited.ask(address=f"2001:db8:0:1::{host}" if host.count(":") < 3 else f"2001:db8:0:1:{host}")
    assert limited.ask(address="2001:0db8:0000:0001::7%eth0").status_int == 429
    assert limited.ask(address="2001:db8:0:100::1").status_int == 200
    assert limited.ask(address="no:address").status_int == 200


def test_addresses_of_the_old_kind_are_told_apart_in_the_new_ones_as_well(limited: Limited) -> None:
    for host in range(1, 20):
        assert limited.ask(address=f"::ffff:192.0.2.{host}").status_int == 200


def test_who_cannot_be_told_from_anybody_is_not_counted(limited: Limited) -> None:
    for _time in range(9):
        assert limited.ask(address="").status_int == 200


@pytest.mark.parametrize(
    "path", ["/", "/services/x", "/embed", "/feed.atom", "/api/", "/static/x", "/rollout", "/apiv1/x"]
)
def test_pages_know_no_limit(limited: Limited, path: str) -> None:
    for _time in range(5):
        answer = limited.ask(path=path)
    assert answer.status_int == 200
    assert "RateLimit" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/hsds", "/hsds/services", "/api/v1/openapi.json", "/api/v1/no-such", "/rollout.csv", "/rollout/x.png"]
)
def test_everything_for_programs_is_limited(limited: Limited, path: str) -> None:
    assert [limited.ask(path=path).status_int for _time in range(4)] == [200, 200, 200, 429]


def test_the_language_is_that_of_the_address_or_of_the_city(tmp_path: Path) -> None:
    german, english = Limited(tmp_path, 1), Limited(tmp_path, 1, languages="en de")
    for city in (german, english):
        city.ask()
    assert german.ask().json["title"] == "Zu viele Anfragen"
    assert german.ask(path=f"{SEARCH}?q=a&lang=en").json["title"] == "Too many requests"
    assert english.ask().json["title"] == "Too many requests"
    assert english.ask(path=f"{SEARCH}?lang=de").json["title"] == "Zu viele Anfragen"


def test_an_answer_that_is_kept_gets_no_headers_of_somebody(limited: Limited) -> None:
    limited.ask()
    assert limited.inner.headers == [("Content-Type", "text/plain"), ("Content-Length", "2")]


def test_memory_has_an_end(limited: Limited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_READERS", 10)
    for number in range(12):
        assert limited.ask(address=f"192.0.2.{number}").status_int == 200
    assert len(limited.limits._counts) == 11
    assert limited.ask(address="192.0.2.1").headers["RateLimit"] == '"default";r=1;t=60', "who came early keeps a count"
    assert limited.ask(address="192.0.2.200").status_int == 200
    assert limited.ask(address="192.0.2.201").status_int == 429, "those who came late share one"
    limited.watch.seconds += 60
    limited.ask()
    assert len(limited.limits._counts) == 1


def test_a_token_is_counted_for_itself_once_it_was_a_good_one(limited: Limited) -> None:
    said = {"HTTP_AUTHORIZATION": "Bearer sd_geheim"}
    assert limited.ask(**said).headers["RateLimit"] == '"default";r=2;t=60'
    limited.limits.knows("sd_geheim", good=True)
    limited.limits.knows("sd_falsch", good=False)
    assert [limited.ask(address=f"192.0.2.{n}", **said).status_int for n in range(4)] == [200, 200, 200, 429]
    assert limited.ask().headers["RateLimit"] == '"default";r=1;t=60', "its address has what it had"
    limited.limits.knows("sd_geheim", good=False)
    assert limited.ask(**said).headers["RateLimit"] == '"default";r=0;t=60'


def test_who_guesses_tokens_is_counted_by_address(limited: Limited) -> None:
    for number in range(3):
        limited.ask(HTTP_AUTHORIZATION=f"Bearer sd_{number}")
    assert limited.ask(HTTP_AUTHORIZATION="Bearer sd_noch-eines").status_int == 429


# In the whole application


@pytest.fixture
def site(town_with: Any) -> Iterator[Site]:
    yield town_with(api_limit="5")


def test_kept_answers_are_counted_and_stay_kept(site: Site) -> None:
    visitor = site.visitor()
    answers = [visitor.get(SEARCH, status="*") for _time in range(6)]
    assert [answer.status_int for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers[:5]] == ["r=4", "r=3", "r=2", "r=1", "r=0"]
    assert len(site.app.application.application) == 1
    for answer in answers[:5]:
        assert len(answer.headers.getall("RateLimit")) == len(answer.headers.getall("RateLimit-Policy")) == 1
    again = TestApp(site.app, extra_environ={"REMOTE_ADDR": "192.0.2.7"}).get(
        SEARCH, headers={"If-None-Match": answers[0].headers["ETag"]}
    )
    assert (again.status_int, again.headers["RateLimit"].split(";")[1]) == (304, "r=4")
    assert visitor.get("/", status=200)


def test_a_program_has_a_limit_of_its_own_wherever_it_asks_from(site: Site) -> None:
    program = a_program(site)
    path = "/services/wohnsitz-abmelden/workflow"
    # The first request is counted by its address: nobody knows the token yet.
    assert [program.get(path).status_int for _time in range(7)] == [200] * 6 + [429]
    assert Program(site, program.secret, REMOTE_ADDR="192.0.2.7").get(path).status_int == 429
    assert site.visitor().get(SEARCH).headers["RateLimit"].split(";")[1] == "r=3"
    answer = program.get(path)
    assert answer.status_int == 429
    assert "geheim" not in json.dumps(answer.json)


def test_a_forged_address_counts_for_nothing(site: Site) -> None:
    visitor = site.visitor()
    for number in range(5):
        visitor.get(SEARCH, headers={"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"})
    visitor.get(SEARCH, headers={"X-Forwarded-For": "192.0.2.99"}, status=429)


def test_without_a_limit_nothing_is_counted(town_with: Any) -> None:
    answer = town_with(api_limit="0").get(SEARCH)
    assert "RateLimit" not in answer.headers
