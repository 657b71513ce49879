"""What pages of other origins, and programs that try things out, may do with the API: read, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from faces import DATA, addresses
from sites import Site

API = [path for path in addresses(DATA) if path.startswith("/api/v1/")]
ELSEWHERE = "https://elsewhere.example.org"


def preflight(site: Site, path: str, method: str = "GET") -> Any:
    asked = {"HTTP_ORIGIN": ELSEWHERE, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": method}
    return site.ask(path, method="OPTIONS", HTTP_ACCESS_CONTROL_REQUEST_HEADERS="if-none-match", **asked)


@pytest.mark.parametrize("path", [*API, "/api/v1/services/no-such"])
def test_a_browser_hears_that_pages_of_other_origins_may_read_and_keeps_that_for_a_day(city: Site, path: str) -> None:
    answer = preflight(city, path)
    assert answer.status_int == 204
    assert answer.body == b""
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Max-Age"] == "86400"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nobody_is_told_that_other_origins_may_write(city: Site, method: str) -> None:
    for path in (*API, "/api/v1/services/wohnsitz-abmelden/draft"):
        answer = preflight(city, path, method)
        assert method not in answer.headers.get("Access-Control-Allow-Methods", "")
        assert "authorization" not in answer.headers.get("Access-Control-Allow-Headers", "").lower()
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_nothing_is_allowed_where_nothing_is(city: Site) -> None:
    for path in ("/api/v1/no-such", "/api/v2/services"):
        answer = preflight(city, path)
        assert answer.status_int == 404
        assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO", "get"])
@pytest.mark.parametrize("path", ["/api/v1/services", "/api/v1/services/hundesteuer", "/api/v1/suggest"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_method_that_an_address_does_not_take_is_a_405_that_names_those_it_takes(
    quiet: Site, path: str, method: str, language: str
) -> None:
    answer = quiet.ask(f"{path}?lang={language}", method=method)
    assert answer.status_int == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.content_type == "application/problem+json"
    assert answer.json["instance"] == path
    assert answer.json["type"] == "http://localhost/api/#method-not-allowed"
    assert "GET, HEAD, OPTIONS" in answer.json["detail"]
    assert answer.json["title"] == {"de": "Das geht hier nicht", "en": "That cannot be done here"}[language]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE"])
def test_what_is_not_there_is_not_there_for_any_method(quiet: Site, method: str) -> None:
    for path in ("/api/v1/no-such", "/api/v1/services/no-such"):
        answer = quiet.ask(path, method=method)
        assert answer.status_int == 404
        assert answer.json["status"] == 404


def test_a_body_in_another_encoding_is_refused_as_a_problem(quiet: Site) -> None:
    answer = quiet.ask("/api/v1/services", CONTENT_TYPE="application/x-www-form-urlencoded; charset=latin-1")
    assert answer.status_int == 415
    assert answer.content_type == "application/problem+json"
