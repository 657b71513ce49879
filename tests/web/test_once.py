"""What an address takes: parameters that count once are refused twice, and methods are those that it has a view for."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from faces import DATA, PUBLIC, addresses
from sites import Site

OURS = quote("http://localhost/services/wohnsitz-abmelden", safe="")
TWICE = {
    "/api/v1/services/wohnsitz-abmelden": ("recorded", "2100-01-01T00:00:00Z"),
    f"/oembed?url={OURS}": ("url", OURS),
    f"/oembed?url={OURS}&format=json": ("format", "xml"),
    f"/oembed?url={OURS}&maxwidth=300": ("maxwidth", "300"),
    f"/oembed?url={OURS}&maxheight=300": ("maxheight", "300"),
    "/embed?layout=list": ("layout", "table"),
    "/embed?search=on": ("search", "off"),
    "/embed/builder?embed_lang=de": ("embed_lang", "en"),
    "/embed.js": ("v", "0123456789abcdef"),
    "/a-z": ("letter", "A"),
    "/sitemap.xml": ("page", "1"),
    "/api/v1/services": ("fields", "slug"),
}


@pytest.mark.parametrize(("path", "said"), TWICE.items())
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_counts_once_is_refused_twice(city: Site, path: str, said: tuple[str, str], language: str) -> None:
    name, value = said
    again = f"{path}{'&' if '?' in path else '?'}{name}={value}&{name}={value}&lang={language}"
    answer = city.get(again, status=400)
    text = answer.json["detail"] if "json" in answer.content_type else answer.text
    assert f"({name})" in text
    assert ("nur einmal" if language == "de" else "only be given once") in text


def test_an_empty_value_counts_as_none(city: Site) -> None:
    city.get("/embed?layout=&layout=list")
    city.get("/api/v1/services/wohnsitz-abmelden?recorded=&recorded=2100-01-01T00:00:00Z")


def asked(site: Site, path: str, method: str) -> Any:
    answer = site.ask(path, method=method)
    assert answer.status_int == 405, path
    assert answer.headers["Allow"] == "GET, HEAD"
    return answer


PAGES = [
    *addresses({name: paths for name, paths in PUBLIC.items() if not name.startswith(("api-", "hsds"))}),
    *addresses(DATA),
    "/embed",
    "/embed/builder",
    "/robots.txt",
    "/subscribe/sent",
    "/feed.atom",
    f"/oembed?url={OURS}",
    "/sitemap.xml",
    "/data/services.csv",
    "/embed.js",
]


NOT_ONLY_READ = ("/api/v1", "/hsds", "/healthz", "/readyz", "/login")


@pytest.mark.parametrize("path", [path for path in dict.fromkeys(PAGES) if not path.startswith(NOT_ONLY_READ)])
@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS"])
def test_a_page_that_is_only_read_says_so_to_who_does_something_else(city: Site, path: str, method: str) -> None:
    answer = asked(city, path, method)
    assert "GET, HEAD" in answer.text


def test_an_address_that_is_only_written_says_so_as_well(city: Site) -> None:
    answer = city.get("/embed/clicks", status=405)
    assert answer.headers["Allow"] == "POST"


def test_where_nothing_is_no_method_is_allowed_either(city: Site) -> None:
    for path in ("/no-such-page", "/services/no-such", "/data/services.odt"):
        for method in ("POST", "PUT"):
            assert "Allow" not in city.ask(path, method=method).headers or path.startswith("/data"), path
