"""What other sites show of us: the framed page, its list as a fragment, the script of the element, the builder."""

from __future__ import annotations

import gzip
import hashlib
import re
from base64 import b64decode
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html
from pagecheck import Page, faults, links
from sites import Site

COUNCIL = "https://rat.example.org"
ELSEWHERE = "https://elsewhere.example.org"
IN_A_FRAME = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def site(town_with: Callable[..., Site]) -> Site:
    return town_with(embed_origins=COUNCIL)


# The framed page


@pytest.mark.parametrize("layout", ["cards", "list", "table"])
def test_each_layout_shows_the_same_services_and_leads_out_of_the_frame(city: Site, layout: str) -> None:
    page = html.fromstring(city.get(f"/embed?office=jugendamt&layout={layout}&per_page=3").text)
    found = page.xpath("//main//a[contains(@href, '/services/')]")
    assert [link.text_content() for link in found] == [
        link.text_content()
        for link in html.fromstring(city.get("/embed?office=jugendamt&per_page=3").text).xpath(
            "//main//a[contains(@href, '/services/')]"
        )
    ]
    assert len(found) == 3
    assert all(link.get("target") == "_blank" and link.get("rel") == "noopener" for link in found)
    assert bool(page.xpath("//table")) == (layout == "table")


def test_pages_forms_and_ways_out_keep_how_the_frame_looks(city: Site) -> None:
    answer = city.get("/embed?layout=table&per_page=2&lang=en")
    inside = [link for link in links(answer.text) if urlsplit(link).path == "/embed"]
    assert inside
    for link in inside:
        assert parse_qs(urlsplit(link).query)["layout"] == ["table"], link
        assert parse_qs(urlsplit(link).query)["lang"] == ["en"], link
    form = answer.forms[0] if answer.forms else None
    assert form is not None
    assert form["layout"].value == "table"
    nothing = city.get("/embed?layout=table&q=Einhornzucht&office=jugendamt")
    assert all("layout=table" in link for link in links(nothing.text) if urlsplit(link).path == "/embed")


def test_words_are_completed_within_the_filters_of_a_frame(city: Site) -> None:
    def asked(path: str) -> str:
        return str(html.fromstring(city.get(path).text).xpath("//input/@data-suggest")[0])

    assert asked("/embed?q=Wohnung") == "/api/v1/suggest"
    address = urlsplit(asked("/embed?q=Wohnung&office=jugendamt&video=live&page=2&per_page=1&sort=title&lang=en"))
    assert address.path == "/api/v1/services"
    query = parse_qs(address.query)
    assert query == {
        "office": ["jugendamt"],
        "video": ["live"],
        "lang": ["en"],
        "per_page": ["6"],
        "fields": ["title,url"],
    }
    assert city.get(address.geturl() + "&q=be").status_int == 200


def test_frames_have_no_border(city: Site) -> None:
    assert 'frameborder="0"' in snippets(city, "")["frame"]
    assert 'frameborder="0"' in city.get("/oembed?url=http://localhost/embed").json["html"]


def test_a_fixed_list_has_no_search_box(city: Site) -> None:
    assert not city.get("/embed?search=off").forms
    assert city.get("/embed?search=on").forms


@pytest.mark.parametrize("wrong", ["layout=tiles", "search=maybe"])
@pytest.mark.parametrize("path", ["/embed?", "/embed?fragment=1&", "/embed/builder?"])
def test_an_unknown_look_is_a_400_with_a_sentence(city: Site, path: str, wrong: str) -> None:
    answer = city.get(path + wrong, status=400)
    assert wrong.partition("=")[2] in answer.text
    assert "Möglich sind" in answer.text


def test_one_service_stands_in_a_frame_of_its_own_and_one_that_is_gone_says_so_there(town: Site) -> None:
    answer = town.get("/embed/services/wohnsitz-abmelden")
    assert "Wohnsitz abmelden" in answer.text
    gone = town.get("/embed/services/no-such", status=404)
    assert faults(gone.text, "de") == []
    assert "X-Frame-Options" not in gone.headers


# Who may frame it


@pytest.mark.parametrize("path", ["/embed", "/embed?q=Wohnung", "/embed/services/wohnsitz-abmelden"])
def test_a_frame_on_another_site_gets_the_sentence_and_nothing_else(site: Site, path: str) -> None:
    answer = site.get(path, status=403, headers={**IN_A_FRAME, "Referer": f"{ELSEWHERE}/"})
    assert "Diese Website ist nicht freigegeben" in answer.text
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Wohnsitz abmelden" not in answer.text
    assert "elsewhere" not in answer.text
    assert faults(answer.text, "de") == []
    english = site.get("/embed?lang=en", status=403, headers={**IN_A_FRAME, "Referer": f"{ELSEWHERE}/"})
    assert "has not been cleared" in english.text
    assert faults(english.text, "en") == []


@pytest.mark.parametrize(
    "headers",
    [
        {**IN_A_FRAME, "Referer": f"{COUNCIL}/seite?x=1"},
        {**IN_A_FRAME, "Referer": "http://localhost/embed?q=a"},
        IN_A_FRAME,
        {**IN_A_FRAME, "Referer": "nonsense"},
        {**IN_A_FRAME, "Referer": "https://[broken"},
        {"Sec-Fetch-Dest": "document", "Referer": f"{ELSEWHERE}/"},
        {"Referer": f"{ELSEWHERE}/"},
    ],
)
def test_whoever_else_comes_gets_the_page_with_the_list_of_those_who_may(site: Site, headers: dict[str, str]) -> None:
    answer = site.get("/embed", headers=headers)
    assert answer.headers["Content-Security-Policy"].endswith(f"frame-ancestors 'self' {COUNCIL}")


def test_a_refusal_is_never_kept_for_others_nor_a_page_for_who_is_refused(site: Site) -> None:
    refused = {**IN_A_FRAME, "Referer": f"{ELSEWHERE}/"}
    for _time in range(2):
        site.get("/embed", status=403, headers=refused)
        assert site.get("/embed").status_int == 200
    etag = site.get("/embed").headers["ETag"]
    site.get("/embed", status=403, headers={**refused, "If-None-Match": etag})
    assert site.get("/embed", status=304, headers={"If-None-Match": etag}).body == b""


def test_nothing_but_the_embed_is_refused_in_a_frame(site: Site) -> None:
    answer = site.get("/", headers={**IN_A_FRAME, "Referer": f"{ELSEWHERE}/"})
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


# The fragment


@pytest.mark.parametrize("layout", ["cards", "list", "table"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_fragment_put_into_a_page_makes_a_good_page(city: Site, layout: str, language: str) -> None:
    fragment = city.get(f"/embed?fragment=1&q=Wohnung&layout={layout}&lang={language}").text
    host = (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/><title>Rat</title></head>'
        f"<body><main><h1>Rat</h1>{fragment}</main></body></html>"
    )
    page = Page(host)
    assert page.faults == []
    tags = {element.tag for element in page.elements if element.within("main")}
    assert tags <= set("div p ol ul li a span mark table thead tbody tr th td h1".split())
    for element in page.all("a"):
        assert urlsplit(element.attributes["href"]).netloc == "localhost"
        assert "target" not in element.attributes
    classes = {name for element in page.elements for name in element.attributes.get("class", "").split()}
    assert classes
    assert all(name.startswith("servicedirectory") for name in classes)
    assert not [name for element in page.elements for name in element.attributes if name in ("style", "id")]


def test_the_class_names_of_a_fragment_are_those_that_are_promised(city: Site) -> None:
    found = set()
    for layout in ("cards", "list", "table"):
        for query in ("q=Wohnung", "q=Einhornzucht"):
            text = city.get(f"/embed?fragment=1&layout={layout}&{query}").text
            found |= {name for names in re.findall(r'class="([^"]+)"', text) for name in names.split()}
    promised = "count list list--cards list--list list--table item title office summary channels stage nothing more"
    assert {name for name in found if "stage--" not in name} == {
        "servicedirectory",
        *(f"servicedirectory-{name}" for name in promised.split()),
    }


def test_who_has_the_fragment_already_is_told_so(city: Site) -> None:
    first = city.get("/embed?fragment=1&office=jugendamt")
    assert first.content_type == "text/html"
    assert first.headers["X-Robots-Tag"] == "noindex"
    again = city.get("/embed?fragment=1&office=jugendamt", status=304, headers={"If-None-Match": first.headers["ETag"]})
    assert again.body == b""


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/embed?fragment=1&video=gibtsnicht", 400, "gibtsnicht"),
        ("/embed?layout=tiles&fragment=1", 400, "tiles"),
        ("/embed/services/gibt-es-nicht?fragment=1", 404, "unvollständig"),
        ("/embed/gibt-es-nicht?fragment=1", 404, "unvollständig"),
    ],
)
def test_what_goes_wrong_is_a_fragment_as_well(city: Site, path: str, status: int, said: str) -> None:
    answer = city.get(path, status=status)
    (fragment,) = html.fragments_fromstring(answer.text.strip())
    assert fragment.get("class") == "servicedirectory"
    assert fragment.get("lang") == "de"
    sentence, more = fragment.xpath("./*")
    assert sentence.get("class") == "servicedirectory-error"
    assert said in sentence.text_content()
    assert more.get("class") == "servicedirectory-more"
    assert more.xpath("./a/@href") == ["http://localhost/"]
    assert "<html" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    english = city.get(f"{path}&lang=en", status=status)
    assert 'href="http://localhost/?lang=en">Search in the service directory' in english.text


def test_what_goes_wrong_in_a_page_is_a_page(city: Site) -> None:
    for path in ("/embed?video=gibtsnicht", "/?fragment=1&video=gibtsnicht"):
        assert "<html" in city.get(path, status=400).text


# The script


def test_the_script_is_small_and_may_be_loaded_from_anywhere(city: Site) -> None:
    answer = city.get("/embed.js")
    assert len(gzip.compress(answer.body)) < 12_000
    assert answer.content_type == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert city.get("/embed.js", status=304, headers={"If-None-Match": answer.headers["ETag"]}).body == b""


def test_the_script_needs_nothing_that_a_strict_policy_forbids(city: Site) -> None:
    text = city.get("/embed.js").text
    for needs in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "document.write", "cookie"):
        assert needs not in text
    code = text.split("\n", 2)[2]
    assert not re.search(r'setAttribute\("style"|\bstyle: |localStorage|sessionStorage|import\(|^import ', code, re.M)
    assert set(re.findall(r"https?://[\w.]+", text)) == set()


def test_the_script_speaks_every_language_of_the_interface(town_with: Callable[..., Site]) -> None:
    both, english = town_with().get("/embed.js").text, town_with(languages="en").get("/embed.js").text
    assert "Was möchten Sie erledigen?" in both
    assert "What would you like to do?" in both or '"en":{"ask":' in both
    assert "Was möchten Sie erledigen?" not in english


def test_every_text_that_the_script_asks_for_is_there(city: Site) -> None:
    text = city.get("/embed.js").text
    said = set(re.findall(r'"(\w+)":"', text.partition("\n")[0]))
    asked = set(re.findall(r"\bwords\.(\w+)", text)) - {"list"}
    assert asked <= said
    assert {f"facet_{facet}" for facet in ("video", "office", "language")} <= said


def test_a_version_of_the_script_is_that_version_or_none(site: Site) -> None:
    page = unescape(site.get("/embed/builder").text)
    address, kind, digest = re.findall(r'src="http://localhost(/embed\.js\?v=\w+)" integrity="(sha384)-([^"]+)"', page)[
        0
    ]
    answer = site.get(address)
    assert kind == "sha384"
    assert hashlib.sha384(answer.body).digest() == b64decode(digest)
    assert "immutable" in answer.headers["Cache-Control"]
    site.get("/embed.js?v=0123456789abcdef", status=404)


# The builder


def snippets(site: Site, query: str) -> dict[str, str]:
    page = html.fromstring(site.get(f"/embed/builder?{query}").text)
    return {code.get("id").removeprefix("snippet-"): code.text_content() for code in page.xpath("//pre/code[@id]")}


def test_what_is_chosen_stands_in_every_snippet(city: Site) -> None:
    chosen = "q=Beratung&office=jugendamt&office=sozialamt&video=live&layout=table&search=off&per_page=5&sort=title"
    found = snippets(city, f"{chosen}&embed_lang=en")
    element = html.fromstring(found["element"].partition("\n")[2])
    assert dict(element.attrib) == {
        "q": "Beratung",
        "office": "jugendamt sozialamt",
        "video": "live",
        "layout": "table",
        "search": "off",
        "per-page": "5",
        "sort": "title",
        "lang": "en",
    }
    wanted = parse_qs(f"{chosen}&lang=en")
    frame = html.fragments_fromstring(found["frame"])[0]
    assert parse_qs(urlsplit(frame.get("src")).query) == wanted
    assert parse_qs(urlsplit(found["fragment"]).query) == {**wanted, "fragment": ["1"]}
    of_the_search = {name: values for name, values in wanted.items() if name not in ("layout", "search")}
    assert parse_qs(urlsplit(html.fromstring(found["link"]).get("href")).query) == of_the_search
    for address in (frame.get("src"), found["fragment"], html.fromstring(found["link"]).get("href")):
        assert city.get(address.removeprefix("http://localhost")).status_int == 200


def test_words_of_whoever_builds_are_text_in_every_snippet(city: Site) -> None:
    evil = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    page = city.get(f"/embed/builder?q={evil}").text
    assert "<script>alert" not in page
    found = snippets(city, f"q={evil}")
    assert html.fromstring(found["element"].partition("\n")[2]).get("q") == '"><script>alert(1)</script>'
    assert "<script>alert" not in found["element"] + found["frame"] + found["link"]


def test_the_previews_are_the_real_thing(city: Site) -> None:
    page = html.fromstring(city.get("/embed/builder?office=jugendamt&layout=list&lang=en&embed_lang=de").text)
    (frame,) = page.xpath("//iframe")
    assert parse_qs(urlsplit(frame.get("src")).query) == {"office": ["jugendamt"], "layout": ["list"], "lang": ["de"]}
    assert 'lang="de"' in city.get(frame.get("src")).text
    (element,) = page.xpath("//service-directory")
    assert dict(element.attrib) == {"office": "jugendamt", "layout": "list", "lang": "de"}
    assert element.xpath("./a/@href") == ["http://localhost/?office=jugendamt"]


def test_the_builder_names_what_the_host_must_allow_and_who_is_on_the_list(site: Site) -> None:
    text = site.get("/embed/builder").text
    for said in (
        "script-src http://localhost; connect-src http://localhost",
        "frame-src http://localhost",
        "servicedir.embed_origins",
        COUNCIL,
    ):
        assert said in text
    assert "Zurzeit ist keine Website freigegeben" not in text


def test_the_builder_says_whom_to_ask(town_with: Callable[..., Site]) -> None:
    page = town_with(contact="verzeichnis@example.org").get("/embed/builder").text
    assert '<a class="kern-link" href="mailto:verzeichnis@example.org">' in page
    assert "über die Stadtverwaltung" not in page
    without = town_with().get("/embed/builder").text
    assert 'Behördennummer <a class="kern-link" href="tel:115">115</a>' in without
    for said in (page, without):
        assert "Rückmeldeformular" not in said


def test_the_builder_is_found_from_the_help_and_from_a_refusal(site: Site) -> None:
    assert "/embed/builder" in links(site.get("/help").text)
    refused = site.get("/embed", status=403, headers={**IN_A_FRAME, "Referer": f"{ELSEWHERE}/"})
    assert "/embed/builder" in links(refused.text)
    assert "/embed/builder?lang=en" in links(site.get("/help?lang=en").text)


def test_the_builder_begins_with_the_language_of_its_page_and_keeps_to_it(city: Site) -> None:
    for query, language, title in (
        ("", "de", "Dienstleistungen suchen"),
        ("lang=en", "en", "Search for services"),
        ("lang=en&embed_lang=de", "de", "Dienstleistungen suchen"),
        ("embed_lang=en", "en", "Search for services"),
    ):
        found = snippets(city, query)
        assert html.fragments_fromstring(found["frame"])[0].get("title") == title, query
        element = html.fromstring(found["element"].partition("\n")[2])
        assert (element.get("lang"), element.text_content()) == (language, title), query
        page = html.fromstring(city.get(f"/embed/builder?{query}").text)
        assert page.xpath("//select[@id='embed_lang']/option[@selected]/@value") == [language]
        assert page.xpath("//service-directory/a/text()") == [title]
        for address in (found["link"], found["frame"], found["fragment"]):
            assert ("lang=en" in address) == (language == "en"), address


def test_every_line_to_paste_has_its_button_and_every_strength_its_link(city: Site) -> None:
    page = html.fromstring(city.get("/embed/builder").text)
    lines = page.xpath("//pre[@class='snippet']/code")
    assert len(lines) == 8
    assert {line.get("id") for line in lines} == set(page.xpath("//button/@data-copy"))
    ways = page.xpath("//main//nav//a/@href")
    assert ways[:4] == ["#as-element", "#as-frame", "#as-fragment", "#as-link"]
    assert {way.removeprefix("#") for way in ways} <= set(page.xpath("//@id"))


def test_another_language_of_the_builder_keeps_what_is_chosen(city: Site) -> None:
    page = html.fromstring(city.get("/embed/builder?office=jugendamt&layout=list&embed_lang=de").text)
    (english,) = page.xpath("//nav[@class='languages']//a[@hreflang='en']/@href")
    assert parse_qs(urlsplit(english).query) == {
        "office": ["jugendamt"],
        "layout": ["list"],
        "embed_lang": ["de"],
        "lang": ["en"],
    }
