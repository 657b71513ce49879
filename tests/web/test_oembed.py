"""oEmbed as its clients read it: discovery in the page, then JSON or XML with a frame; nothing for what is not ours."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from builders import a_service
from houses import publish, save
from lxml import etree, html
from sites import Site


class Client:
    """A little oEmbed client: it reads what a page says of itself, and asks for it as the standard wants."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def discover(self, path: str, kind: str = "application/json+oembed") -> str:
        """The endpoint that a page names for a format, without our host."""
        page = html.fromstring(self.site.get(path).text)
        (link,) = page.xpath(f"//head/link[@rel='alternate'][@type='{kind}']")
        assert link.get("title")
        return str(link.get("href")).removeprefix("http://localhost")

    def read(self, endpoint: str) -> dict[str, Any]:
        answer = self.site.get(endpoint)
        if answer.content_type == "application/json":
            return self.checked(json.loads(answer.body))
        assert answer.content_type == "text/xml"
        root = etree.fromstring(answer.body, etree.XMLParser(resolve_entities=False, no_network=True))
        assert root.tag == "oembed"
        return self.checked({child.tag: child.text for child in root})

    def checked(self, said: dict[str, Any]) -> dict[str, Any]:
        """What the standard demands of a rich answer."""
        assert said["version"] == "1.0"
        assert said["type"] == "rich"
        assert said["title"]
        assert said["provider_name"]
        assert said["provider_url"] == "http://localhost/"
        frame = html.fromstring(said["html"])
        assert frame.tag == "iframe"
        assert frame.get("title")
        assert (frame.get("width"), frame.get("height")) == (str(int(said["width"])), str(int(said["height"])))
        return said

    def frame(self, said: dict[str, Any]) -> str:
        """The page in the frame, without our host."""
        return str(html.fromstring(said["html"]).get("src")).removeprefix("http://localhost")


@pytest.fixture
def client(city: Site) -> Client:
    return Client(city)


def ask(url: str, **more: str) -> str:
    return "/oembed?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in {"url": url, **more}.items())


PAGES = {
    "/": "Dienstleistungen",
    "/?office=jugendamt&video=live": "Jugendamt",
    "/?q=Wohnung+%26+%3CUmzug%3E": "Wohnung & <Umzug>",
    "/services/wohnsitz-abmelden": "Wohnsitz abmelden",
    "/offices/jugendamt": "Jugendamt",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_client_finds_its_way_from_the_page_to_the_frame(client: Client, path: str) -> None:
    as_json = client.read(client.discover(path))
    as_xml = client.read(client.discover(path, "text/xml+oembed"))
    assert as_xml == {name: str(value) for name, value in as_json.items()}
    frame = client.frame(as_json)
    assert frame.startswith("/embed")
    page = client.site.get(frame)
    assert "X-Frame-Options" not in page.headers
    if path != "/":
        assert PAGES[path] in as_json["title"]


def test_the_frame_shows_what_the_address_shows(client: Client) -> None:
    said = client.read(ask("http://localhost/?office=jugendamt&layout=table&lang=en&utm_source=x"))
    assert parse_qs(urlsplit(client.frame(said)).query) == {
        "office": ["jugendamt"],
        "layout": ["table"],
        "lang": ["en"],
    }
    assert client.frame(client.read(ask("http://localhost/embed?q=Hund"))) == "/embed?q=Hund"
    english = client.frame(client.read(ask("http://localhost/services/wohnsitz-abmelden?lang=en")))
    assert english == "/embed/services/wohnsitz-abmelden?lang=en"


@pytest.mark.parametrize(
    ("more", "size"),
    [
        ({}, (640, 640)),
        ({"maxwidth": "300"}, (300, 640)),
        ({"maxheight": "200"}, (640, 200)),
        ({"maxwidth": "5000", "maxheight": "5000"}, (640, 640)),
    ],
)
def test_a_frame_is_never_larger_than_was_asked_for(client: Client, more: dict[str, str], size: Any) -> None:
    said = client.read(ask("http://localhost/", **more))
    assert (said["width"], said["height"]) == size


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "1" * 30, "٣"])
def test_a_size_that_is_none_is_a_400(city: Site, wrong: str) -> None:
    city.get(ask("http://localhost/", maxwidth=wrong), status=400)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example.org/services/wohnsitz-abmelden",
        "http://localhost.elsewhere.example.org/",
        "http://localhost@elsewhere.example.org/",
        "http://localhost:8080/",
        "//localhost/",
        "/services/wohnsitz-abmelden",
        "javascript:alert(1)",
        "http://[broken",
        "",
        "http://localhost/services/no-such",
        "http://localhost/offices/no-such",
        "http://localhost/services/wohnsitz-abmelden/edit",
        "http://localhost/offices/",
        "http://localhost/desk",
        "http://localhost/?video=sometimes",
        "http://localhost/?" + "&".join(["q=a"] * 200),
        "http://localhost/services/%FF",
        "x" * 5000,
    ],
)
def test_what_is_not_ours_or_not_there_is_a_404(city: Site, url: str) -> None:
    for form in ("json", "xml"):
        city.get(ask(url, format=form), status=404)


def test_what_is_not_published_is_not_there(town: Site) -> None:
    save(town.house, a_service("geheim", title="Geheim"))
    publish(town.house, a_service("offen", title="Offen"))
    hidden, nothing = (town.get(ask(f"http://localhost/services/{slug}"), status=404) for slug in ("geheim", "nichts"))
    assert hidden.text.replace("geheim", "nichts") == nothing.text
    assert town.get(ask("http://localhost/services/offen")).json["title"] == "Offen"
    save(town.house, a_service("offen", title="Ganz anders"), based_on=1)
    assert town.get(ask("http://localhost/services/offen")).json["title"] == "Offen"


@pytest.mark.parametrize("form", ["yaml", "JSON", "html"])
def test_another_format_is_not_implemented(city: Site, form: str) -> None:
    city.get(ask("http://localhost/", format=form), status=501)


def test_titles_are_text_in_every_format(town: Site) -> None:
    publish(town.house, a_service("boese", title='<b>"Zwei" & drei</b>'))
    client = Client(town)
    for form in ("json", "xml"):
        said = client.read(ask("http://localhost/services/boese", format=form))
        assert said["title"] == '<b>"Zwei" & drei</b>'
        assert html.fromstring(said["html"]).get("title") == '<b>"Zwei" & drei</b>'
        assert "<b>" not in said["html"]


def test_the_configured_address_is_ours_and_stands_in_the_frame(town_with: Any) -> None:
    site = town_with(base_url="https://dienste.example.org")
    said = site.get(ask("https://dienste.example.org/services/wohnsitz-abmelden")).json
    assert 'src="https://dienste.example.org/embed/services/wohnsitz-abmelden"' in said["html"]
