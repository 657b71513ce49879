"""Every search is a feed: valid Atom, what is new first, the same entry under one name for ever."""

from __future__ import annotations

import gzip
import re
import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import feedparser
import pytest
from builders import Clock, a_channel, a_period, a_service
from clocked_site import ClockedSite
from houses import publish, save
from lxml import etree
from sites import Site

from servicedir.domain.service import Service
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM
from servicedir.web.feeds.feed import MOST_ENTRIES

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ONCE = ("id", "title", "updated")
OF_ENTRIES = {*ONCE, "link", "published", "author", "category", "summary"}
OF_FEEDS = {*ONCE, "subtitle", "author", "generator", "icon", "link", "entry"}


@pytest.fixture
def clock() -> Clock:
    return Clock("2030-03-04T09:00:00+00:00")


@pytest.fixture
def later(town_folder: Path, tmp_path: Path, clock: Clock) -> Iterator[ClockedSite]:
    """The town's site some years from now, with a clock that a test moves."""
    shutil.copytree(town_folder, tmp_path / "later")
    site = ClockedSite(tmp_path / "later", clock, base_url="https://dienste.example")
    yield site
    site.close()


def read(answer: Any) -> Any:
    """A feed as readers read it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        feed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers["Content-Type"]})
    assert not feed.bozo
    assert feed.version == "atom10"
    return feed


def slugs(feed: Any) -> list[str]:
    return [entry.link.partition("?")[0].rpartition("/")[2] for entry in feed.entries]


def check(body: bytes) -> None:
    """See to what RFC 4287 asks of feeds and entries (4.1.1, 4.1.2), and that nothing else stands in one."""
    root = etree.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    ids = [element.text for element in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"tag:[\w.-]+,2026:[\w./?=&%+-]+", text or "") for text in ids)
    for element, allowed in ((root, OF_FEEDS), *((entry, OF_ENTRIES) for entry in root.iter(f"{ATOM}entry"))):
        names = [child.tag.removeprefix(ATOM) for child in element]
        assert set(names) <= allowed
        assert all(names.count(name) == 1 for name in ONCE)
        assert names.count("author") == 1
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))
        assert ("alternate", "text/html", None) in links
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    for name in ("updated", "published"):
        assert all(MOMENT.fullmatch(element.text or "") for element in root.iter(f"{ATOM}{name}"))
    moments = [element.text or "" for element in root.findall(f"{ATOM}entry/{ATOM}updated")]
    if moments:
        assert root.findtext(f"{ATOM}updated") == max(moments)


SEARCHES = [
    "",
    "q=wohnung",
    "q=unsinnigesundoderwort",
    "video=pilot&video=live",
    "video=unknown",
    "channel=video&channel=phone",
    "nature=advisory",
    "office=buergeramt",
    "topic=umzug",
    "on=2024-06-15&video=pilot",
    "sort=updated",
    "sort=title&per_page=7&page=2",
    "lang=en&q=office",
]


@pytest.mark.parametrize("search", SEARCHES)
def test_a_feed_is_valid_and_holds_what_the_search_finds(city: Site, search: str) -> None:
    topics = city.house.catalogue().topics
    search = search.replace("topic=umzug", f"topic={next(iter(topics))}")
    search = search.replace("office=buergeramt", f"office={next(iter(city.house.catalogue().offices))}")
    answer = city.get(f"/feed.atom?{search}")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    check(answer.body)
    feed = read(answer)
    found = city.get(f"/api/v1/services?{search}").json
    if "sort=" in search:
        if "updated" not in search:
            assert slugs(feed) == [item["slug"] for item in found["items"]]
    elif found["total"] <= 20:
        assert sorted(slugs(feed)) == sorted(item["slug"] for item in found["items"])
    assert len(feed.entries) == min(found["total"], 7 if "per_page" in search else 20)


@pytest.mark.parametrize("wrong", ["video=sometimes", "page=0", "on=gestern", "lang=fr", "q=a&q=b", "office=x"])
def test_a_wrong_value_is_a_400_with_a_sentence(quiet: Site, wrong: str) -> None:
    answer = quiet.get(f"/feed.atom?{wrong}", status=400)
    is_search = not wrong.startswith("lang")
    assert ("Diese Suche kann so nicht gestellt werden" in answer.text) == is_search
    assert ("Das kann so nicht beantwortet werden" in answer.text) != is_search


def test_a_page_has_no_more_than_fifty_entries_and_pages_lead_through_all(city: Site) -> None:
    path, seen, visited = "/feed.atom?per_page=100", list[str](), 0
    while path:
        feed = read(city.get(path))
        assert len(feed.entries) <= MOST_ENTRIES
        seen += slugs(feed)
        visited += 1
        path = next((link.href.removeprefix("http://localhost") for link in feed.feed.links if link.rel == "next"), "")
    with city.house.work() as directory:
        assert sorted(seen) == sorted(held.slug for held in directory.titles())
    assert visited == -(-len(seen) // MOST_ENTRIES)


def test_what_changed_last_comes_first(later: ClockedSite) -> None:
    later.house.clock.now += timedelta(hours=1)
    with later.house.work() as directory:
        old = directory.service("hundesteuer").service
    publish(later.house, replace(old, summary=Text.of("Anders.")))
    feed = read(later.get("/feed.atom"))
    assert slugs(feed)[0] == "hundesteuer"
    assert feed.entries[0].updated == "2030-03-04T10:00:00Z"
    assert feed.feed.updated == "2030-03-04T10:00:00Z"
    assert feed.entries[0].published < feed.entries[0].updated


def test_what_was_written_long_ago_and_published_today_is_new_today(later: ClockedSite) -> None:
    save(later.house, a_service("liegt-lange"))
    later.house.clock.now += timedelta(days=90)
    publish(later.house, a_service("inzwischen"))
    later.house.clock.now += timedelta(hours=1)
    with later.house.work(write=True) as directory:
        directory.move("liegt-lange", "publish", based_on=1, by=SYSTEM)
    assert slugs(read(later.get("/feed.atom")))[:2] == ["liegt-lange", "inzwischen"]


def by_video(slug: str, *periods: Any, **fields: Any) -> Service:
    return a_service(slug, channels=(a_channel("video", *periods),), offices=("jugendamt",), **fields)


def test_new_video_offers_of_an_office_are_sorted_by_when_they_began(later: ClockedSite) -> None:
    """An old offer of which a comma changed is no new offer; one that begins today is, though nobody touched it."""
    address = "/feed.atom?video=live&office=jugendamt"
    publish(
        later.house,
        by_video("alt", a_period("live", "2030-01-01")),
        by_video("kommt", a_period("planned", "2030", until="2030-03-09"), a_period("live", "2030-03-10")),
        by_video("geplant", a_period("planned", "2030")),
    )
    assert slugs(read(later.get(address))) == ["alt"]
    later.house.clock.now += timedelta(days=6)
    feed = read(later.get(address))
    assert slugs(feed) == ["kommt", "alt"]
    assert feed.entries[0].published == feed.entries[0].updated == "2030-03-09T23:00:00Z"
    later.house.clock.now += timedelta(days=2)
    publish(later.house, by_video("alt", a_period("live", "2030-01-01"), summary="Mit Komma, anders."))
    feed = read(later.get(address))
    assert slugs(feed) == ["kommt", "alt"]
    assert [entry.updated for entry in feed.entries] == ["2030-03-09T23:00:00Z", "2030-03-12T09:00:00Z"]
    later.house.clock.now += timedelta(days=1)
    publish(later.house, by_video("geplant", a_period("live", "2030-02-01")))
    feed = read(later.get(address))
    assert slugs(feed) == ["geplant", "kommt", "alt"]
    assert feed.entries[0].published == "2030-03-13T09:00:00Z"


def test_an_entry_keeps_its_name_in_every_language_feed_and_under_every_address(later: ClockedSite) -> None:
    def names(path: str) -> dict[str, str]:
        feed = read(later.get(path))
        return dict(zip(slugs(feed), [entry.id for entry in feed.entries], strict=True))

    before = names("/feed.atom")["hundesteuer"]
    assert before == "tag:dienste.example,2026:services/hundesteuer"
    assert names("/feed.atom?lang=en&nature=advisory")["hundesteuer"] == before
    with later.house.work(write=True) as directory:
        directory.rename("hundesteuer", "hund-anmelden", by=SYSTEM)
    assert names("/feed.atom")["hund-anmelden"] == before


def test_a_feed_is_named_in_words_in_its_language(quiet: Site) -> None:
    feed = read(quiet.get("/feed.atom?video=live&office=jugendamt"))
    assert feed.feed.title == "Neue Video-Angebote · Jugendamt – Serviceverzeichnis"
    english = read(quiet.get("/feed.atom?video=live&office=jugendamt&lang=en"))
    assert english.feed.title == "New video offers · Jugendamt – Serviceverzeichnis"
    assert english.feed.id != feed.feed.id


def test_an_entry_says_what_it_is_about(quiet: Site) -> None:
    feed = read(quiet.get("/feed.atom?q=abmelden&lang=en"))
    (entry,) = (one for one in feed.entries if one.link.endswith("/services/wohnsitz-abmelden?lang=en"))
    assert entry.title == "Deregister a residence"
    assert entry.summary == "When moving abroad.\nVideo: pilot, since May 2024."
    assert entry.author == "Buergeramt"
    assert entry.author_detail.href == "http://localhost/offices/buergeramt?lang=en"
    terms = {(tag.scheme.rpartition(":")[2], tag.term): tag.label for tag in entry.tags}
    assert terms[("nature", "transactional")] == "Application"
    assert terms[("video", "pilot")] == "pilot"
    assert terms[("office", "buergeramt")] == "Buergeramt"
    assert ("topic", "umzug") in terms


def test_what_is_not_translated_is_marked_as_what_it_is(quiet: Site) -> None:
    feed = read(quiet.get("/feed.atom?q=hundesteuer&lang=en"))
    (entry,) = (one for one in feed.entries if "hundesteuer" in one.link)
    assert entry.title_detail.language == "de"
    assert entry.summary_detail.language == "de"
    assert feed.feed.title_detail.language == "en"


def test_an_empty_feed_is_a_feed(quiet: Site) -> None:
    answer = quiet.get("/feed.atom?q=gibtesnirgends")
    check(answer.body)
    feed = read(answer)
    assert feed.entries == []
    assert feed.feed.updated == read(quiet.get("/feed.atom")).feed.updated


def test_who_has_it_already_gets_a_304_and_others_may_get_it_compressed(town: Site) -> None:
    first = town.get("/feed.atom")
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    town.get("/feed.atom", status=304, headers={"If-None-Match": etag})
    packed = town.ask("/feed.atom", HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(packed.body) == first.body
    publish(town.house, a_service("neu"))
    again = town.get("/feed.atom", headers={"If-None-Match": etag})
    assert "neu" in slugs(read(again))


def test_no_text_is_markup_and_no_character_breaks_it(town: Site) -> None:
    evil = "\"'><x1 y=1>]]>&amp;<![CDATA[\x01\x0b\x7f\ufffe\ud7ff\U0001f600\t "
    title = {"de": f"Titel {evil}", "en": evil}
    publish(town.house, a_service("markiert", title=title, summary={"de": f"Text {evil}"}))
    for language in ("de", "en"):
        answer = town.get(f"/feed.atom?lang={language}")
        check(answer.body)
        root = etree.fromstring(answer.body)
        assert not [element for element in root.iter() if not str(element.tag).startswith(ATOM)]
        titles = [element.text for element in root.iter(f"{ATOM}title")]
        cleaned = "\"'><x1 y=1>]]>&amp;<![CDATA[\ud7ff\U0001f600"
        assert any(text and text.strip().endswith(cleaned) for text in titles)
    typed = quote("<x1>\x01\"'&" + evil.replace("\ufffe", ""))
    check(town.get(f"/feed.atom?q={typed}").body)


@pytest.mark.parametrize(
    "page", ["/", "/?q=wohnsitz", "/?video=pilot&lang=en", "/offices/buergeramt", "/topics/umzug?lang=en"]
)
def test_a_page_of_results_leads_to_its_feed(quiet: Site, page: str) -> None:
    html = quiet.get(page).html
    (link,) = html.select('link[type="application/atom+xml"]')
    assert link["rel"] == ["alternate"]
    assert link["title"]
    feed = read(quiet.get(link["href"]))
    shown = [card["href"].partition("?")[0].rpartition("/")[2] for card in html.select("ol.cards h3 a")]
    assert shown
    assert sorted(slugs(feed)) == sorted(shown)
    assert feed.feed.language == html.html["lang"]
    (back,) = (link.href for link in feed.feed.links if link.rel == "alternate" and link.type == "text/html")
    assert quiet.get(back.removeprefix("http://localhost")).html.html["lang"] == html.html["lang"]


def test_results_lead_to_feed_and_mail_and_nothing_found_does_not(quiet: Site) -> None:
    links = [link["href"] for link in quiet.get("/?q=wohnsitz&video=pilot").html.select(".follow a")]
    assert links == ["/subscribe?q=wohnsitz&video=pilot", "/feed.atom?q=wohnsitz&video=pilot"]
    assert not quiet.get("/?q=gibtesnirgends").html.select(".follow a")


def test_a_feed_names_the_configured_address_and_not_that_of_the_request(town_with: Callable[..., Site]) -> None:
    site = town_with(base_url="https://dienste.example")
    answer = site.get("/feed.atom", headers={"Host": "evil.example"})
    assert "evil" not in answer.text
    assert "tag:dienste.example,2026:" in answer.text
