"""Where one is sent after signing in: back to where one wanted to, and never to another site."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from faces import DESK, addresses
from houses import PASSWORD
from sites import COOKIE, Site

from servicedir.web.security import safe_path


@pytest.mark.parametrize("path", addresses(DESK))
def test_a_stranger_is_sent_to_sign_in_and_then_back(town: Site, path: str) -> None:
    visitor = town.visitor()
    answer = visitor.get(path, status=303)
    target = urlsplit(answer.headers["Location"])
    assert target.path == "/login"
    assert parse_qs(target.query)["next"] == [path]
    form = answer.follow().forms["login"]
    form["login"], form["password"] = "rita", PASSWORD
    assert form.submit("sign-in", status=303).headers["Location"] in (path, f"http://localhost{path}")


def test_a_stranger_keeps_the_language(town: Site) -> None:
    visitor = town.visitor()
    answer = visitor.get("/desk?lang=en", status=303).follow()
    assert answer.html.html["lang"] == "en"
    form = answer.forms["login"]
    form["login"], form["password"] = "rita", PASSWORD
    assert form.submit("sign-in", status=303).follow().html.html["lang"] == "en"


AWAY = [
    "//evil.example.org",
    "///evil.example.org",
    "////evil.example.org",
    "http://evil.example.org",
    "https://evil.example.org",
    "HTTPS://evil.example.org",
    "http:evil.example.org",
    "http:/evil.example.org",
    "https:///evil.example.org",
    "ftp://evil.example.org",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "mailto:x@evil.example.org",
    "\\\\evil.example.org",
    "/\\evil.example.org",
    "/\\/evil.example.org",
    "\\/evil.example.org",
    "/\\\\evil.example.org",
    "/\t/evil.example.org",
    "\t//evil.example.org",
    "/\n/evil.example.org",
    "/\r/evil.example.org",
    "/\r\nLocation: https://evil.example.org",
    "/desk\r\nSet-Cookie: a=b",
    " //evil.example.org",
    "/ /evil.example.org",
    "\x00//evil.example.org",
    "/\x0b/evil.example.org",
    "/\u2028/evil.example.org",
    "/\u00a0/evil.example.org",
    "／／evil.example.org",
    "/／evil.example.org",
    "\u202e/evil.example.org",
    "evil.example.org",
    "evil.example.org/desk",
    "desk",
    "./desk",
    "../desk",
    "?next=//evil.example.org",
    "#//evil.example.org",
    "//evil.example.org@localhost/",
    "//localhost@evil.example.org/",
    "http://localhost@evil.example.org/",
    "http://localhost:80@evil.example.org",
    "http://localhost.evil.example.org",
    "http://localhost\\@evil.example.org",
    "//evil.example.org\\@localhost",
    "//[::ffff:192.0.2.1]/",
    "//0xC0000201/",
    "//3221225985/",
    "//evil%E3%80%82example.org",
    "//evil。example.org",
    "https://evil.example.org#/desk",
    "https:evil.example.org?/desk",
    ";//evil.example.org",
    "@evil.example.org",
    ":80",
    ":@evil.example.org",
    "/@evil.example.org:80",
]
HERE = [
    "/desk",
    "/services/wohnsitz-abmelden/edit",
    "/services/wohnsitz-abmelden/edit?lang=en",
    "/desk?q=%C3%A4%2F%2Fx",
    "/?q=a&video=live",
    "/services/add#title",
    "/%5cevil.example.org",
    "/%2f/evil.example.org",
    "/desk//x",
]


def origin(location: str) -> str:
    """Where a browser goes that is told this at http://localhost/login; it takes backslashes for slashes."""
    location = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    parts = urlsplit(location)
    if location.startswith("//") or parts.scheme:
        return f"{parts.scheme or 'http'}://{parts.netloc}"
    return "http://localhost"


def test_there_are_sixty_ways_to_lead_astray() -> None:
    assert len(set(AWAY)) >= 60


@pytest.fixture(scope="module")
def door(town_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A town through whose door many go."""
    folder = tmp_path_factory.mktemp("door") / "town"
    shutil.copytree(town_folder, folder)
    site = Site(folder)
    yield site
    site.close()


@pytest.mark.parametrize("target", AWAY)
def test_an_address_elsewhere_becomes_the_desk(door: Site, target: str) -> None:
    assert safe_path(target) == "/desk"
    assert door.visitor().get("/login", {"next": target}).forms["login"]["next"].value == "/desk"


# As costly as a sign-in is, a few of them go the whole way.
@pytest.mark.parametrize("target", AWAY[::7])
def test_nobody_is_sent_to_another_site_after_signing_in(door: Site, target: str) -> None:
    form = door.visitor().get("/login").forms["login"]
    form["login"], form["password"] = "rita", PASSWORD
    form["next"].force_value(target)
    answer = form.submit("sign-in", status=303)
    assert origin(answer.headers["Location"]) == "http://localhost"
    assert urlsplit(answer.headers["Location"]).path == "/desk"
    assert all(COOKIE in cookie for cookie in answer.headers.getall("Set-Cookie"))


@pytest.mark.parametrize("target", HERE)
def test_an_address_here_is_kept(target: str) -> None:
    assert safe_path(target) == target


@pytest.mark.parametrize("target", HERE[::4])
def test_one_is_sent_where_one_wanted_to_on_this_site(door: Site, target: str) -> None:
    visitor = door.visitor()
    form = visitor.get("/login", {"next": target}).forms["login"]
    form["login"], form["password"] = "rita", PASSWORD
    location = form.submit("sign-in", status=303).headers["Location"]
    assert location.removeprefix("http://localhost") == target
    assert origin(location) == "http://localhost"
