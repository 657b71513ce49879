"""What no answer goes without, whatever was asked and however: strict headers, no cookies, no trust in the client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from faces import DATA, DESK, OPEN, POSTED, PUBLIC, addresses
from sites import COOKIE, Site, static_files

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {}"
)
ERRORS = {
    "/no-such-page": 404,
    "/services/no-such": 404,
    "/services/no-such/edit": 303,
    "/api/v1/services/no-such": 404,
    "/api/v1/no-such": 404,
    "/?page=-1": 400,
    "/api/v1/services?page=-1": 400,
    "/?q=%ff": 400,
    "/%ff": 400,
    "/api/v1/services?q=%ff": 400,
    "/desk": 303,
    "/offices": 301,
    "/services/add": 303,
    "/logout": 405,
    "/static/no-such.css": 404,
}
"""Address -> status of what goes wrong."""


def check(
    headers: Any, *, framers: str = "'none'", framed: bool = False, framing: bool = False, public: bool = False
) -> None:
    """See to it that an answer has every header that it must have, and none that tells too much."""
    policy = CSP.format("'self'" if framed and framers == "'none'" else framers)
    assert headers["Content-Security-Policy"] == policy + ("; frame-src 'self'" if framing else "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers.get("X-Frame-Options") == (None if framed else "DENY")
    kept = (
        ("public, no-cache", "public, max-age=60", "public, max-age=300", "public, max-age=31536000, immutable")
        if public
        else ("no-store", "private, no-store")
    )
    assert headers["Cache-Control"] in kept
    assert "Access-Control-Allow-Credentials" not in headers
    for telling in ("Server", "X-Powered-By", "X-Runtime", "X-Debug"):
        assert telling not in headers


# Headers


@pytest.mark.parametrize("path", addresses({**PUBLIC, **DATA}, languages=("de", "en")))
def test_every_public_answer_has_the_headers_and_sets_no_cookie(city: Site, path: str) -> None:
    answer = city.get(path)
    route = path.partition("?")[0]
    public = route not in ("/login", "/healthz", "/readyz", "/embed/allowed")
    framed = route == "/embed" or route.startswith("/embed/services/")
    check(answer.headers, framed=framed, framing=route == "/embed/builder", public=public)
    if route != "/login":
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ERRORS)
def test_every_error_has_the_headers_and_sets_no_cookie(city: Site, path: str) -> None:
    answer = city.ask(path)
    assert answer.status_int == ERRORS[path]
    check(answer.headers)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", addresses(DESK))
def test_every_page_of_the_desk_has_the_headers_and_is_kept_nowhere(town: Site, path: str) -> None:
    answer = town.signed_in("rita").get(path)
    check(answer.headers)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", POSTED.values())
def test_a_refused_form_has_the_headers(town: Site, path: str) -> None:
    for visitor, status in ((town.visitor(), (400, 401)), (town.signed_in("rita"), (400,))):
        answer = visitor.post(path.format(slug="wohnsitz-abmelden", format="csv", number=1), {"x": "y"}, status="*")
        assert answer.status_int in status
        check(answer.headers)


def test_a_forbidden_page_has_the_headers(town: Site) -> None:
    check(town.signed_in("nora").get("/services/add", status=403).headers)


def test_an_unexpected_fault_has_the_headers(town: Site) -> None:
    visitor = town.signed_in("rita")
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE sessions")
    check(visitor.get("/desk", status=500).headers)


def test_a_fault_at_the_very_end_of_a_request_has_the_headers_too(town: Site) -> None:
    """When the transaction cannot be committed, the page is made already and must not go out."""
    visitor = town.signed_in("rita")
    page = visitor.get("/services/hundesteuer/workflow", status=404)
    check(page.headers)
    page = visitor.get("/services/wohnsitz-abmelden/workflow")
    with town.house.database.engine.begin() as connection:
        # Deferred constraints are looked at when the transaction ends.
        connection.exec_driver_sql(
            "CREATE TABLE broken (id INTEGER REFERENCES nowhere(id) DEFERRABLE INITIALLY DEFERRED)"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER break_at_the_end AFTER INSERT ON audit BEGIN INSERT INTO broken VALUES (1); END"
        )
        connection.exec_driver_sql("CREATE TABLE nowhere (id INTEGER PRIMARY KEY)")
    answer = page.forms["retire"].submit("retire", status=500)
    check(answer.headers)
    assert town.get("/services/wohnsitz-abmelden").status_int == 200


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/login", "/embed"])
def test_over_https_the_browser_is_told_to_stay_there(city: Site, path: str) -> None:
    answer = city.ask(path, **{"wsgi.url_scheme": "https", "HTTP_HOST": "city.example.org"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in city.ask(path).headers


@pytest.mark.parametrize("path", [path for path in addresses(OPEN, languages=("de", "en")) if "/login/" not in path])
def test_a_page_with_a_form_for_everybody_sets_no_cookie_either_and_is_not_kept(city: Site, path: str) -> None:
    for visitor in (city.visitor(), city.signed_in("rita")):
        answer = visitor.get(path)
        check(answer.headers)
        assert "Set-Cookie" not in answer.headers


def test_static_files_are_safe_and_kept_for_good(city: Site) -> None:
    files = list(static_files(city))
    assert any(path.endswith(".css") for path in files)
    for path in files:
        answer = city.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        assert answer.content_type in {
            "css": {"text/css"},
            "js": {"text/javascript", "application/javascript"},
            "svg": {"image/svg+xml"},
            "woff2": {"font/woff2"},
            "md": {"text/markdown", "text/plain", "application/octet-stream"},
        }.get(path.rpartition(".")[2], {answer.content_type})


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fsettings.py",
        "../../settings.py",
        "..\\..\\settings.py",
        "....//settings.py",
        "%2e%2e/%2e%2e/settings.py",
        "/etc/passwd",
        "%00",
        "site.css%00",
        "site.css/",
        "..;/settings.py",
        "C:\\windows\\win.ini",
        "kern/../../guard.py",
        ".",
        "",
    ],
)
def test_no_path_leads_out_of_the_static_files(city: Site, name: str) -> None:
    prefix = next(static_files(city)).rpartition("/static/")[2].partition("/")[0]
    for path in (f"/static/{prefix}/{name}", f"/static/{name}"):
        answer = city.ask(path)
        assert answer.status_int in (400, 404)
        assert b"import annotations" not in answer.body


# Framing


def test_only_the_embed_may_be_framed_and_only_by_whom_the_settings_name(town_with: Callable[..., Site]) -> None:
    site = town_with(embed_origins="https://rat.example.org https://www.example.org:8443")
    framers = "'self' https://rat.example.org https://www.example.org:8443"
    check(site.get("/embed").headers, framers=framers, framed=True, public=True)
    for path in ("/embed?page=-1", "/embed?video=x", "/embed?q=a&q=b", "/embed?layout=x", "/embed?search=x"):
        check(site.get(path, status=400).headers, framers=framers, framed=True)
    check(site.get("/embed/services/no-such", status=404).headers, framers=framers, framed=True)
    others = {name: paths for name, paths in PUBLIC.items() if name not in ("embed", "embed-service", "login")}
    for path in addresses(others):
        check(site.get(path).headers, framing=path.startswith("/embed/builder"), public=True)
    check(site.get("/no-such-page", status=404).headers)
    check(site.get("/login").headers)
    check(site.signed_in("rita").get("/desk").headers)


def test_without_a_setting_nobody_frames_anything_but_we_ourselves(town: Site) -> None:
    assert town.get("/embed").headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_the_embed_takes_no_cookie_and_no_form_that_writes(town: Site) -> None:
    stranger, editor = town.get("/embed"), town.signed_in("rita").get("/embed")
    assert stranger.body == editor.body
    assert 'method="post"' not in stranger.text


# Methods


@pytest.mark.parametrize("path", addresses({**PUBLIC, **DATA}))
def test_head_answers_as_get_does_without_a_body(city: Site, path: str) -> None:
    got, asked = city.get(path), city.visitor().head(path)
    assert asked.body == b""
    # A form holds a token, which is a new one each time; its length is the same.
    for name in ("Content-Type", "Cache-Control", "Content-Security-Policy"):
        assert asked.headers[name] == got.headers[name]
    # Of a file of another day nobody knows the length before it is made.
    if not path.startswith("/data/services.") or "?on=" not in path:
        assert asked.headers["Content-Length"] == got.headers["Content-Length"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "DELETE", "PATCH", "PROPFIND", "FOO", "get"])
def test_an_unknown_method_is_refused(city: Site, method: str) -> None:
    for path in addresses({**PUBLIC, **OPEN, **DATA, **DESK}):
        answer = city.ask(path, method=method)
        assert answer.status_int == 405
        assert {"GET", "HEAD"} <= set(answer.headers["Allow"].split(", "))
        check(answer.headers)


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_page_that_takes_no_form_refuses_to_be_written(city: Site, method: str) -> None:
    for path in addresses({**PUBLIC, **OPEN, **DATA}):
        answer = city.ask(path, method=method)
        assert 400 <= answer.status_int < 500, path
        check(answer.headers)
    for path in addresses(DESK):
        assert city.ask(path, method=method).status_int in (303, 401, 404, 405)


@pytest.mark.parametrize("path", addresses({**PUBLIC, **OPEN, **DATA, **DESK}))
def test_options_never_fails(city: Site, path: str) -> None:
    answer = city.ask(path, method="OPTIONS", HTTP_ORIGIN="https://elsewhere.example.org")
    assert answer.status_int < 500
    assert "Access-Control-Allow-Credentials" not in answer.headers
    allowed = answer.headers.get("Access-Control-Allow-Origin")
    assert allowed == ("*" if path.startswith(("/api/v1/", "/hsds/")) else None)


# What clients may not make us believe

FORGED = {
    "HTTP_X_FORWARDED_FOR": "10.9.8.7",
    "HTTP_X_FORWARDED_HOST": "evil.example.org",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PORT": "444",
    "HTTP_X_FORWARDED_PREFIX": "/evil",
    "HTTP_X_FORWARDED_SERVER": "evil.example.org",
    "HTTP_X_FORWARDED_SCHEME": "https",
    "HTTP_X_FORWARDED_SSL": "on",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    "HTTP_X_HTTP_METHOD": "DELETE",
    "HTTP_X_METHOD_OVERRIDE": "DELETE",
    "HTTP_X_ORIGINAL_URL": "/desk",
    "HTTP_X_REWRITE_URL": "/desk",
    "HTTP_X_VHM_ROOT": "/evil",
    "HTTP_X_SCRIPT_NAME": "/evil",
    "HTTP_X_REAL_IP": "10.9.8.7",
    "HTTP_X_HOST": "evil.example.org",
    "HTTP_FORWARDED": "for=10.9.8.7;host=evil.example.org;proto=https",
    "HTTP_FRONT_END_HTTPS": "on",
    "HTTP_CLIENT_IP": "10.9.8.7",
    "HTTP_TRUE_CLIENT_IP": "10.9.8.7",
    "HTTP_CF_CONNECTING_IP": "10.9.8.7",
    "HTTP_ORIGIN": "https://evil.example.org",
    "HTTP_REFERER": "https://evil.example.org/<x1>",
    "HTTP_USER_AGENT": "<x1 y=1>\x1b[31m",
    "HTTP_ACCEPT_LANGUAGE": "en",
}


@pytest.mark.parametrize("header", FORGED)
def test_a_forged_header_changes_nothing(city: Site, header: str) -> None:
    # Whether a site may embed us is what it asks with its origin.
    faces = {n: p[:1] for n, p in {**PUBLIC, **DATA}.items() if n not in ("login", "embed-allowed")}
    for path in (*addresses(faces), "/no-such-page"):
        plain, forged = city.ask(path), city.ask(path, **{header: FORGED[header]})
        assert forged.status_int == plain.status_int
        assert forged.body == plain.body
        assert list(forged.headers.items()) == list(plain.headers.items())


@pytest.mark.parametrize(
    "cookie", [f"{COOKIE}=x", f"{COOKIE}=", "a=b; c", "\xff=\xfe", f"{COOKIE}=\xff", ";;;=", "x" * 5000]
)
def test_a_public_page_ignores_every_cookie(city: Site, cookie: str) -> None:
    for path in addresses({n: p[:1] for n, p in PUBLIC.items() if n != "login"}):
        assert city.ask(path, HTTP_COOKIE=cookie).body == city.ask(path).body


@pytest.mark.parametrize(
    "cookie", [f"{COOKIE}=x", "\xff=\xfe", f"{COOKIE}=\xff", f"{COOKIE}=" + "x" * 5000, f'{COOKIE}="\\377"']
)
@pytest.mark.parametrize("path", ["/login", "/desk", "/services/wohnsitz-abmelden/edit"])
def test_a_broken_cookie_is_as_good_as_none(city: Site, path: str, cookie: str) -> None:
    answer = city.ask(path, HTTP_COOKIE=cookie)
    assert answer.status_int == (200 if path == "/login" else 303)


def test_parameters_that_nobody_knows_are_not_repeated_on_a_page(city: Site) -> None:
    for path in addresses({n: p[:1] for n, p in PUBLIC.items() if n != "login"}):
        answer = city.get(f"{path}{'&' if '?' in path else '?'}evil=canary-parameter&callback=canary-parameter")
        assert "canary-parameter" not in answer.text


def test_with_an_address_of_its_own_the_site_believes_no_host(town_with: Callable[..., Site]) -> None:
    site = town_with(base_url="https://services.example.org")
    for path in (
        "/",
        "/services/wohnsitz-abmelden",
        "/api/v1/services",
        "/api/v1/services/wohnsitz-abmelden",
        "/embed",
    ):
        answer = site.ask(path, HTTP_HOST="evil.example.org")
        assert "evil.example.org" not in answer.text
        assert "https://services.example.org/" in answer.text


@pytest.mark.parametrize("host", ['"><x1 y=1>', "a b", "", "[::1", "x" * 3000, "evil.example.org:port", "\xff"])
def test_a_broken_host_breaks_nothing(city: Site, host: str) -> None:
    for path in ("/", "/services/wohnsitz-abmelden", "/api/v1/services", "/login", "/no-such-page"):
        answer = city.ask(path, HTTP_HOST=host)
        assert answer.status_int < 500
        if answer.content_type == "text/html":
            assert b"<x1" not in answer.body
