"""Whatever somebody writes is shown as written and never as markup: a marker in every text, and on every page."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import types
from collections.abc import Iterator
from datetime import date
from enum import Enum
from html import unescape
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import quote

import pytest
from faces import CITY, DATA, DESK, OPEN, PUBLIC, addresses
from houses import NOUNS, a_house, publish, publish_answer, save
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from pagecheck import Page, faults
from sites import Site
from webtest import TestApp

from servicedir.domain.acceptance import Acceptance, Measurement
from servicedir.domain.catalogue import Audience, Compound, Office, Place, Synonym, Topic
from servicedir.domain.day import Day
from servicedir.domain.inquiry import Block, BlockKind, Column, Inquiry
from servicedir.domain.programme import Programme
from servicedir.domain.service import Channel, ChannelKind, Period, Service, Stage
from servicedir.domain.step import Step
from servicedir.domain.text import Text
from servicedir.domain.workflow import Grant, Role
from servicedir.storage.people import People
from servicedir.web.markdown import LINKS, TAGS, render_markdown, safe_url

MARKER = "\"'><x1 y=1>${7*7}{{7*7}}{0.__class__}&amp;&#60;x1&#62;</script><!--]]>"
URL = "https://example.org/\"'><x1/y=1>&amp;${7*7}"
"""An address as it may be: no blank in it."""

FIXED: dict[type, dict[str, Any]] = {
    Service: {
        "slug": "markiert",
        "offices": ("markiert-amt",),
        "places": ("markiert-ort",),
        "topics": ("markiert-thema",),
        "audiences": ("markiert-gruppe",),
        "related": ("markiert-anders",),
        "leika_key": "99115002104000",
        "languages": ("\"'><x1/y=1>",),  # A code, so without blanks.
    },
    Office: {"slug": "markiert-amt", "parent": ""},
    Place: {"slug": "markiert-ort", "office": "markiert-amt"},
    Topic: {"slug": "markiert-thema"},
    Audience: {"slug": "markiert-gruppe"},
    Synonym: {"slug": "markiert-synonym"},
    Compound: {"slug": "markiert-trennung", "parts": ("Markierung",)},  # The domain takes nothing but letters.
    Step: {"slug": "markiert-schritt", "office": "markiert-amt", "services": ("markiert",), "programmes": ()},
    Programme: {"slug": "markiert-programm", "services": ("markiert",)},
    Acceptance: {
        "slug": "markiert-akzeptanz",
        "office": "markiert-amt",
        "services": ("markiert",),
        "measurement": Measurement.REMARK,
        "value": None,
        "lowest": None,
        "highest": None,
    },
    Inquiry: {"slug": "markiert-anfrage", "on": None, "recorded": None},
    Block: {"search": "", "place": "markiert-ort", "years": ("2024",), "on": None, "columns": tuple(Column)},
}
"""What cannot be any text: addresses, keys, and single words."""


def marked(hint: Any, name: str = "") -> Any:
    """A value of a type with the marker in each of its texts, made from the dataclass itself: new fields come along."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        return (marked(get_args(hint)[0], name),)
    if hint is Text:
        return Text.of(de=f"{MARKER}{name}", en=f"{MARKER}{name} en")
    if hint is str:
        return URL if "url" in name else f"{MARKER}{name}"
    if hint is Day:
        return Day("2024-05")
    if hint is date:
        return date(2024, 5, 17)
    if hint is bool:
        return True
    if hint is int:
        return 7
    if issubclass(hint, Enum):
        return next(iter(hint))
    fixed = FIXED.get(hint, {})
    hints = get_type_hints(hint)
    fields = {field.name for field in dataclasses.fields(hint)}
    return hint(**{field: fixed[field] if field in fixed else marked(hints[field], field) for field in fields})


def stages() -> tuple[Channel, ...]:
    """Every channel, and of the video channel every stage, so that each page has something to show of each."""
    period: Period = marked(Period)
    every = [
        dataclasses.replace(period, stage=stage, since=Day(f"20{10 + number}"), until=Day(f"20{10 + number}"))
        for number, stage in enumerate(Stage)
    ]
    now = dataclasses.replace(period, stage=Stage.LIVE, since=Day("2024"), until=None)
    kinds = [marked(Channel).__class__(kind=kind, periods=(now,), note=marked(Text)) for kind in ChannelKind]
    return (dataclasses.replace(kinds[0], periods=(*every, now)), *kinds[1:])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("marked") / "house"
    service = dataclasses.replace(marked(Service), channels=stages())
    other = dataclasses.replace(service, slug="markiert-anders", related=("markiert",))
    silent = dataclasses.replace(service, slug="markiert-still", related=(), channels=(), body=Text())
    nouns = [marked(kind) for kind in (Office, Place, Topic, Audience, Synonym, Compound)]
    below = dataclasses.replace(nouns[0], slug="markiert-unten", parent="markiert-amt")
    council = [marked(kind) for kind in (Programme, Step, Acceptance)]
    house = a_house(folder, *nouns, below, service, other, silent, *council)
    inquiry = marked(Inquiry)
    blocks = tuple(dataclasses.replace(marked(Block), kind=kind) for kind in BlockKind)
    questions = tuple(dataclasses.replace(question, blocks=blocks) for question in inquiry.questions)
    publish_answer(house, dataclasses.replace(inquiry, questions=questions))
    house.close()
    site = Site(folder)
    with site.house.work(write=True) as directory:
        people: People = directory.people
        people.add("marker", MARKER, "Gelbe Fahrraeder im Regen")
        people.grant("marker", Grant(Role.COORDINATOR))
        person = people.account("marker").person
        changed = dataclasses.replace(service, title=Text.of(f"{MARKER} neu"))
        directory.save(changed, based_on=1, by=person, why=MARKER)
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=";", quoting=csv.QUOTE_ALL).writerows(
        [["slug", "costs", "nature", MARKER], ["markiert", MARKER, MARKER, MARKER]]
    )
    with site.house.work(write=True) as directory:
        directory.uploads.bring(f"{MARKER}.csv", sheet.getvalue().encode(), person)
        figures = io.StringIO()
        csv.writer(figures, delimiter=";", quoting=csv.QUOTE_ALL).writerows(
            [["service", "channel", "measure", "period", "value"], ["markiert", MARKER, "held", "2024-05", MARKER]]
        )
        directory.figure_sheets.bring(f"{MARKER}.csv", figures.getvalue().encode(), person)
    yield site
    site.close()


def check(html: str, *, shown: bool = True) -> None:
    """See to it that the marker is text on a page, and nothing else."""
    assert "<x1" not in html
    assert faults(html) == []
    assert not [element for element in Page(html).elements if element.tag == "x1"]
    assert "49{{" not in html
    if shown:
        assert "<x1 y=1>${7*7}{{7*7}}{0.__class__}" in unescape(html)


def test_the_marker_is_in_every_text_that_there_is(site: Site) -> None:
    """So that a new field that is not filled here is noticed."""
    with site.house.work() as directory:
        service = directory.service("markiert").service
    for field in dataclasses.fields(Service):
        value = getattr(service, field.name)
        if isinstance(value, Text):
            assert MARKER in value.get("de"), field.name
    assert service.faults() == []
    period = service.channels[0].periods[-1]
    assert all(MARKER in text for text in (period.source, period.reason.get("de"), period.needs.privacy.get("en")))
    assert period.booking_url == period.needs.test_url == service.legal_bases[0].url == URL


SAID = {
    "slug": "markiert",
    "office": "markiert-amt",
    "place": "markiert-ort",
    "topic": "markiert-thema",
    "audience": "markiert-gruppe",
    "synonym": "markiert-synonym",
    "compound": "markiert-trennung",
    "inquiry": "markiert-anfrage",
    "step": "markiert-schritt",
    "programme": "markiert-programm",
    "acceptance": "markiert-akzeptanz",
    "word": MARKER,
}


@pytest.mark.parametrize("path", addresses({**PUBLIC, **OPEN}, languages=("de", "en"), **SAID))
def test_on_public_pages_it_is_text(site: Site, path: str) -> None:
    plain = re.match(
        r"/(api/|data/|help|privacy|accessibility|easy-language|login|subscribe/(sent|done)|a-z\?letter)", path
    )
    answer = site.get(path)
    check(answer.text, shown=not plain and "video=planned" not in path)


@pytest.mark.parametrize("path", addresses(DESK, languages=("de", "en"), **SAID))
def test_at_the_desk_it_is_text(site: Site, path: str) -> None:
    check(site.signed_in("marker").get(path).text)


@pytest.mark.parametrize("path", addresses(CITY, languages=("de", "en"), **SAID))
def test_among_the_words_of_the_catalogue_it_is_text(site: Site, path: str) -> None:
    plain = re.search(r"/(words|searches|compounds)|(?<!synonyms)/add|add(\?lang|$)", path)
    check(site.signed_in("marker").get(path).text, shown=not plain)


@pytest.mark.parametrize("language", ["de", "en"])
def test_where_two_versions_are_compared_it_is_text(site: Site, language: str) -> None:
    """Of every text, added and removed as a whole: what comparisons show is how others were broken (T01)."""
    with site.house.work() as directory:
        whole = directory.service("markiert").service
    name = f"markiert-vergleich-{language}"
    bare = Service(slug=name, title=Text.of("Leer"), nature=whole.nature, offices=whole.offices)
    save(site.house, bare)
    save(site.house, dataclasses.replace(whole, slug=name, related=()), based_on=1)
    visitor = site.signed_in("marker")
    for query in ("from=1&to=2", "from=2&to=1"):
        page = visitor.get(f"/services/{name}/compare?{query}&lang={language}")
        check(page.text)
        said = page.html.select_one(".changes").get_text()
        for part in ("title", "note", "source", "citation", "privacy", "reason", "documents", "keywords", "booking"):
            assert f"{MARKER}{part}" in said, part


def test_where_two_versions_are_merged_it_is_text(site: Site) -> None:
    with site.house.work() as directory:
        whole = directory.service("markiert").service
    slug = "markiert-zusammen"
    value = Service(slug=slug, title=Text.of(f"{MARKER} vorher"), nature=whole.nature, offices=("markiert-amt",))
    save(site.house, value)
    visitor = site.signed_in("marker")
    form = visitor.get(f"/services/{slug}/edit").forms["service"]
    theirs = {name: Text.of(f"{MARKER} von ihnen") for name in ("title", "summary", "costs")}
    theirs["documents"] = (Text.of(f"{MARKER} Unterlage"),)
    save(site.house, dataclasses.replace(value, **theirs), based_on=1)
    form["why"] = MARKER
    for _name, control in form.field_order:
        if control.id in ("service-summary-de", "service-title-de"):
            control.value = f"{MARKER} von mir"
    page = form.submit("save", status=409)
    check(page.text)
    assert len(page.html.select("#merge fieldset")) == 2
    assert page.forms["merge"]["why"].value == MARKER
    answer = page.forms["merge"]
    for name in [name for name in answer.fields if name and name.startswith("choice.")]:
        answer[name] = "mine"
    check(answer.submit(status=200).text)


@pytest.mark.parametrize("slug", ["markiert-anders", "markiert-still"])
def test_on_the_other_entries_it_is_text(site: Site, slug: str) -> None:
    for path in addresses({"service": PUBLIC["service"], "desk": DESK["edit"] + DESK["history"]}, slug=slug):
        check(site.signed_in("marker").get(path).text)


def test_in_structured_data_it_is_a_string(site: Site) -> None:
    (script,) = site.get("/services/markiert").html.find_all("script", type="application/ld+json")
    raw = script.string
    assert "<" not in raw
    data = json.loads(raw)["@graph"][0]
    assert data["name"] == f"{MARKER}title"
    assert data["provider"]["name"] == f"{MARKER}name"


JSON = ("api-services", "api-service", "hsds-services", "hsds-services-one", "hsds-organizations-one")


@pytest.mark.parametrize("path", addresses({name: DATA[name][:3] for name in JSON}, **SAID))
def test_in_json_it_is_a_string(site: Site, path: str) -> None:
    answer = site.get(path)
    assert answer.content_type == "application/json"
    assert MARKER in json.dumps(answer.json, ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize("path", addresses({**PUBLIC, **OPEN, **DESK, **CITY}, **SAID))
def test_no_link_runs_anything(site: Site, path: str) -> None:
    for element in Page(site.signed_in("marker").get(path, status="*").text).elements:
        for name in ("href", "src", "action", "formaction"):
            link = element.attributes.get(name, "")
            scheme = link.partition(":")[0].lower() if re.match(r"[\w+.-]+:", link) else ""
            assert scheme in {"", "http", "https", "mailto", "tel"}, link


@pytest.mark.parametrize(
    "name", ["q", "video", "channel", "office", "on", "sort", "page", "lang", "letter", "next", "done", "x"]
)
def test_in_an_address_it_is_text(site: Site, name: str) -> None:
    visitor: TestApp = site.signed_in("marker")
    paths = ["/", "/embed", "/a-z", "/desk", "/services/markiert", "/no-such-page"]
    for path in paths + ["/services/markiert/edit"] * (name in ("done", "lang")):
        answer = visitor.get(path, {name: MARKER}, status="*")
        assert answer.status_int in (200, 303, 400, 404)
        if answer.content_type == "text/html" and answer.status_int != 303:
            check(answer.text, shown=False)
    answer = site.visitor().get("/login", {name: MARKER}, status="*")
    check(answer.text, shown=False)
    answer = site.visitor().get("/api/v1/services", {name: MARKER}, status="*")
    assert answer.content_type in ("application/json", "application/problem+json")


@pytest.mark.parametrize("path", ["/{}", "/services/{}", "/offices/{}", "/services/{}/edit"])
def test_in_a_path_it_is_text(site: Site, path: str) -> None:
    answer = site.signed_in("marker").get(quote(path.format(MARKER)), status=404)
    check(answer.text, shown=False)


def test_typed_into_the_sign_in_it_is_text(site: Site) -> None:
    form = site.visitor().get("/login").forms["login"]
    form["login"], form["password"] = MARKER, MARKER
    check(form.submit("sign-in", status=400).text)


# Markdown

TRICKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript%3Aalert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x](file:///etc/passwd)",
    "[x](ftp://example.org)",
    "[x](<javascript:alert(1)>)",
    "[x](https://example.org 'x\" onclick=\"alert(1)')",
    '[x](https://example.org "\' onmouseover=alert(1) ")',
    "![x](https://evil.example.org/pixel.png)",
    "![x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '<https://example.org/" onclick="alert(1)>',
    "`<script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```html onload=alert(1)\nx\n```",
    "<style>body{display:none}</style>",
    "<iframe src=https://evil.example.org></iframe>",
    "<form action=https://evil.example.org><input name=x></form>",
    "<base href=https://evil.example.org>",
    "<meta http-equiv=refresh content=0>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "</div></main></body><h1>x</h1>",
    "# Überschrift\n\n## Zwei\n\n###### Sechs",
    "| a | b |\n| --- | --- |\n| <b>c</b> | [d](javascript:x) |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "*" * 500,
    "[" * 500,
    "> " * 200 + "x",
    "- " * 200 + "x",
]


def clean(html: Markup) -> None:
    """See to it that rendered Markdown holds elements and links of the short list alone."""
    page = Page(f"<div>{html}</div>")
    assert page.faults == []
    for element in page.elements[1:]:
        assert element.tag in TAGS
        assert set(element.attributes) <= {"href", "rel", "title", "lang"}
        if "href" in element.attributes:
            href = element.attributes["href"]
            scheme = re.match(r"[\x00-\x20]*([\w+.-]+)\s*:", unescape(href))
            assert not scheme or scheme[1].lower() in LINKS
            assert element.attributes["rel"] == "noopener noreferrer"


@pytest.mark.parametrize("trick", TRICKS)
def test_markdown_makes_a_few_elements_and_links_to_the_web(trick: str) -> None:
    clean(render_markdown(trick))


@given(st.text() | st.lists(st.sampled_from([*TRICKS[:30], "\n", " ", "> ", "- ", "`", "[", "](", ")"])).map("".join))
def test_no_markdown_makes_anything_else(source: str) -> None:
    clean(render_markdown(source))


def test_markdown_does_what_editors_use() -> None:
    html = render_markdown(
        "## Ablauf\n\n**fett** und *kursiv*\n\n- eins\n- zwei\n\n[Termin](https://example.org/x?a=1&b=2)"
    )
    assert "<h3>Ablauf</h3>" in html
    assert "<strong>fett</strong> und <em>kursiv</em>" in html
    assert "<li>eins</li>" in html
    assert '<a href="https://example.org/x?a=1&amp;b=2" rel="noopener noreferrer">Termin</a>' in html


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org", True),
        ("http://example.org", True),
        ("mailto:a@example.org", True),
        ("tel:115", True),
        ("HTTPS://example.org", True),
        ("", False),
        ("example.org", False),
        ("//example.org", False),
        ("/services/x", False),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("\x00javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https\u200b://example.org", False),
    ],
)
def test_only_some_addresses_become_links(url: str, safe: bool) -> None:
    assert bool(safe_url(url)) is safe


def test_an_address_that_is_no_link_is_not_made_one(town: Site) -> None:
    office = dataclasses.replace(NOUNS[0], url="javascript:alert(1)", phone="115<x1>", email="a@b'><x1 y=1>")
    publish(town.house, office)
    for path in ("/offices/buergeramt", "/services/wohnsitz-abmelden"):
        html = town.get(path).text
        assert "javascript:" not in html
        assert "<x1" not in html
        assert 'href="tel:1151"' in html
