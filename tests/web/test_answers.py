"""Finished answers are kept: for everybody alike, until something changes, and never more than there is room for."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_channel, a_period, a_service
from clocked import a_clocked_house
from houses import publish, save
from sites import COOKIE, Site, static_files
from webob import Request

from servicedir.directory import House
from servicedir.domain.service import ChannelKind
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM
from servicedir.web import counting, make_app
from servicedir.web.answers import Answer, Answers, known
from servicedir.web.static import prefix


def kept(site: Site) -> Answers:
    """The wrapper that keeps answers."""
    found: Answers = site.app.application
    return found


def retitle(house: House, title: str, *, publish: bool = True) -> None:
    with house.work() as directory:
        old = directory.service("wohnsitz-abmelden")
    steps = ("publish",) if publish else ()
    save(house, replace(old.service, title=Text.of(title)), *steps, based_on=old.revision)


PATHS = ["/", "/?q=Wohnsitz", "/embed", "/services/wohnsitz-abmelden", "/a-z", "/api/v1/services", "/offices/"]


# Kept


@pytest.mark.parametrize("path", PATHS)
def test_a_second_answer_is_the_first_one(town: Site, path: str) -> None:
    first = town.ask(path)
    assert len(kept(town)) == 1
    second = town.ask(path)
    assert (second.body, second.headerlist) == (first.body, first.headerlist)
    assert len(kept(town)) == 1


@pytest.mark.parametrize("path", ["/login", "/accessibility", "/healthz", "/nothing", "/?page=-1", "/offices", "/desk"])
def test_what_is_no_public_page_is_not_kept(town: Site, path: str) -> None:
    town.ask(path)
    assert len(kept(town)) == 0


def test_what_is_asked_with_a_body_or_in_another_way_is_neither_kept_nor_answered_from_what_is(town: Site) -> None:
    town.ask("/")
    town.visitor().request("/a-z", method="GET", body=b"x=1")
    assert town.ask("/", CONTENT_TYPE="text/html; charset=latin-1").status_int == 415
    assert town.ask("/", method="POST").status_int == 405
    assert town.ask("/", method="get").status_int == 405
    assert len(kept(town)) == 1


def test_a_head_is_answered_from_what_is_kept_and_keeps_nothing(town: Site) -> None:
    before = town.ask("/", method="HEAD")
    assert len(kept(town)) == 0
    got = town.ask("/")
    after = town.ask("/", method="HEAD")
    assert before.body == after.body == b""
    assert before.headerlist == after.headerlist == got.headerlist


def test_who_has_it_gets_a_304_the_first_time_and_later(town: Site) -> None:
    etag = town.ask("/a-z").headers["ETag"]
    other = Site(town.house.settings.data)
    for site in (other, other, town):
        answer = site.ask("/a-z", HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
        assert answer.status_int == 304
        assert answer.body == b""
        assert answer.headers["ETag"] == etag
        assert "Content-Length" not in answer.headers
        assert site.ask("/a-z", HTTP_IF_NONE_MATCH='"other"').status_int == 200
        assert site.ask("/a-z", HTTP_IF_NONE_MATCH="*").status_int == 304
    other.close()


# Changed


@pytest.mark.parametrize("path", ["/", "/?q=Umzugsmeldung", "/services/wohnsitz-abmelden", "/a-z", "/api/v1/services"])
def test_what_is_saved_is_seen_by_the_next_one(town: Site, path: str) -> None:
    assert "Umzugsmeldung jetzt" not in town.get(path).text
    retitle(town.house, "Umzugsmeldung jetzt")
    assert "Umzugsmeldung jetzt" in town.get(path).text


def test_a_draft_lets_the_answers_be(town: Site) -> None:
    town.ask("/")
    retitle(town.house, "Noch nicht", publish=False)
    town.ask("/a-z")
    assert len(kept(town)) == 2


def test_when_something_changes_everything_is_forgotten(town: Site) -> None:
    for path in PATHS:
        town.ask(path)
    assert len(kept(town)) == len(PATHS)
    retitle(town.house, "Neu")
    town.ask("/")
    assert len(kept(town)) == 1
    assert kept(town).size < 2 * len(town.ask("/").body)


class ClockedSite(Site):
    """A site over a house with a clock of its own."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.app = make_app(house)


@pytest.fixture
def clocked(tmp_path: Path) -> Iterator[ClockedSite]:
    video = a_channel(
        ChannelKind.VIDEO, a_period("planned", "2026-11-20", until="2026-11-23"), a_period("live", "2026-11-24")
    )
    site = ClockedSite(a_clocked_house(tmp_path, Clock("2026-11-23T22:59:00+00:00"), a_service(channels=(video,))))
    yield site
    site.close()


def test_at_midnight_in_the_city_the_day_is_another_one(clocked: ClockedSite) -> None:
    paths = ("/?video=live", "/services/personalausweis", "/api/v1/services/personalausweis")
    before = [clocked.ask(path).text for path in paths]
    clocked.house.clock.now += timedelta(minutes=2)
    after = [clocked.ask(path).text for path in paths]
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert "personalausweis" not in before[0]
    assert "personalausweis" in after[0]


# For everybody


def test_nothing_of_one_reader_reaches_the_next(town: Site) -> None:
    """What may not matter does not: neither what is kept nor what it is kept under knows of it."""
    own = {
        "HTTP_COOKIE": f"{COOKIE}=canary",
        "HTTP_USER_AGENT": "canary",
        "HTTP_REFERER": "http://localhost/?q=canary",
        "HTTP_X_FORWARDED_HOST": "canary.example.org",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_VHM_ROOT": "/canary",
        "HTTP_FORWARDED": "host=canary.example.org;proto=https",
        "HTTP_X_ORIGINAL_URL": "/canary",
        "HTTP_ACCEPT_LANGUAGE": "en-canary",
        "HTTP_RANGE": "bytes=0-3",
    }
    clean = Site(town.house.settings.data)
    for path in PATHS:
        poisoned = town.ask(f"{path}{'&' if '?' in path else '?'}utm_source=canary&callback=canary", **own)
        assert "canary" not in poisoned.text + str(poisoned.headerlist)
        assert town.ask(path).body == clean.ask(path).body == poisoned.body
        assert len(kept(town)) == PATHS.index(path) + 1
    clean.close()


def test_language_scheme_host_and_prefix_are_told_apart(town: Site) -> None:
    ways: list[dict[str, str]] = [
        {},
        {"wsgi.url_scheme": "https"},
        {"HTTP_HOST": "other.example.org"},
        {"SCRIPT_NAME": "/amt"},
    ]
    answers = [town.ask(path, **way) for way in ways for path in ("/", "/?lang=en")]
    assert len({answer.body for answer in answers}) == len(kept(town)) == len(answers)
    assert "Strict-Transport-Security" not in answers[0].headers
    assert "Strict-Transport-Security" in answers[2].headers
    assert "http://other.example.org/" in answers[4].text
    again = [town.ask(path, **way) for way in ways for path in ("/", "/?lang=en")]
    assert [answer.body for answer in again] == [answer.body for answer in answers]


def test_a_parameter_in_other_letters_is_not_overlooked(town: Site) -> None:
    plain = town.ask("/")
    odd = town.ask("/?%71=Wohnsitz")
    assert odd.body != plain.body
    assert 'value="Wohnsitz"' in odd.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ""),
        ("q=a&utm_source=b&page=2", "q=a&page=2"),
        ("utm_source=b", ""),
        ("%71=a&x=1", "%71=a"),
        ("x+y=1&q=%26x", "x+y=1&q=%26x"),
        ("&&q=a&", "q=a"),
        ("Q=a", ""),
        ("q", "q"),
    ],
)
def test_of_a_query_string_only_what_is_known_or_unreadable_counts(query: str, found: str) -> None:
    assert known(query).strip("&").replace("&&", "&") == found


# Room


def an_answer(size: int) -> Answer:
    return Answer([("ETag", '"x"'), ("Content-Type", "text/html")], b"x" * size)


def test_there_is_never_more_than_there_is_room_for(town: Site) -> None:
    answers = Answers(None, town.house, most_bytes=1_000_000)
    edition = town.house.edition()
    for number in range(200):
        answers._find(edition, ("first",))
        answers._keep(edition, (str(number) if number else "first",), an_answer(10_000))
        assert answers.size <= 1_000_000
    assert 50 < len(answers) < 100
    assert answers._find(edition, ("first",)), "what is asked for again stays"
    assert answers._find(edition, ("199",))
    assert not answers._find(edition, ("1",))
    answers._keep(edition, ("huge",), an_answer(500_000))
    assert not answers._find(edition, ("huge",))
    answers._keep("an older one", ("late",), an_answer(1))
    assert not answers._find(edition, ("late",)), "what was made of what is no more is not kept"


# Compressed


def test_who_understands_it_gets_it_compressed(town: Site) -> None:
    plain = town.ask("/")
    for accepts in ("gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.5", "identity, gzip;q=1"):
        packed = town.ask("/", HTTP_ACCEPT_ENCODING=accepts)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
        assert gzip.decompress(packed.body) == plain.body
        assert int(packed.headers["Content-Length"]) == len(packed.body) < len(plain.body) / 3
        assert packed.headers["ETag"] != plain.headers["ETag"]
        for etag in (packed.headers["ETag"], plain.headers["ETag"]):
            assert town.ask("/", HTTP_ACCEPT_ENCODING=accepts, HTTP_IF_NONE_MATCH=etag).status_int == 304
    for accepts in ("", "identity", "gzip;q=0", "gzip; q=0.000, br", "x-gzipped"):
        answer = town.ask("/", HTTP_ACCEPT_ENCODING=accepts)
        assert "Content-Encoding" not in answer.headers
        assert answer.body == plain.body


def test_a_page_with_a_token_is_never_compressed(town: Site) -> None:
    for path in ("/login", "/accessibility", "/services/wohnsitz-abmelden/hint"):
        assert "Content-Encoding" not in town.ask(path, HTTP_ACCEPT_ENCODING="gzip").headers


def test_style_and_script_come_compressed_and_as_they_are(quiet: Site) -> None:
    for path in static_files(quiet):
        plain, packed = quiet.ask(path), quiet.ask(path, HTTP_ACCEPT_ENCODING="gzip, br")
        assert plain.status_int == packed.status_int == 200
        is_text = path.endswith((".css", ".js", ".md"))
        assert packed.headers.get("Content-Encoding") == ("gzip" if is_text else None), path
        assert (gzip.decompress(packed.body) if is_text else packed.body) == plain.body
        assert packed.headers["Vary"] == "Accept-Encoding"
        name = path.removeprefix(f"{prefix()}/")
        assert plain.body == (resources.files("servicedir.web") / "static" / name).read_bytes()
        assert quiet.ask(path, HTTP_IF_NONE_MATCH=plain.headers["ETag"]).status_int == 304
        assert quiet.ask(path, method="HEAD").headers["Content-Length"] == str(len(plain.body))
        assert quiet.ask(path, method="POST").status_int in (400, 404)


# Counted


def sought(site: Site) -> dict[str, tuple[int, int, int]]:
    """Words -> how often they were asked for, found nothing, and were followed by a click."""
    return {words: (t.asked, t.empty, t.clicked) for (_day, words), t in site.house.searches._tallies._counted.items()}


def test_a_kept_search_counts_for_each_of_its_readers(town: Site) -> None:
    for _reader in range(3):
        town.ask("/?q=Wohnsitz")
        town.ask("/?q=Quantensprung")
        town.ask("/embed?q=Wohnsitz", HTTP_IF_NONE_MATCH="*")
    assert sought(town) == {"wohnsitz": (6, 0, 0), "quantensprung": (3, 3, 0)}
    # None of these is somebody who searches.
    town.ask("/?q=Wohnsitz", method="HEAD")
    town.ask("/?q=Wohnsitz", HTTP_USER_AGENT="A Bot")
    town.ask("/?q=Wohnsitz", HTTP_SEC_PURPOSE="prefetch")
    town.ask("/?q=Wohnsitz", HTTP_REFERER="http://localhost/?q=Wohnsitz&video=live")
    town.ask("/?q=Wohnsitz", HTTP_REFERER="http://localhost/admin/searches")
    town.ask("/?q=Wohnsitz&page=2")
    assert sought(town)["wohnsitz"] == (6, 0, 0)
    town.ask("/?q=Wohnsitz", HTTP_REFERER="http://localhost/?q=Ausweis")
    town.ask("/?q=Wohnsitz", HTTP_REFERER="http://elsewhere.example.org/?q=Wohnsitz")
    assert sought(town)["wohnsitz"] == (8, 0, 0)


def test_a_kept_service_counts_who_came_from_a_search(town: Site) -> None:
    path = "/services/wohnsitz-abmelden"
    for _reader in range(2):
        town.ask(path)
        town.ask(path, HTTP_REFERER="http://localhost/?q=Wohnsitz")
    town.ask(path, method="HEAD", HTTP_REFERER="http://localhost/?q=Wohnsitz")
    town.ask(path, HTTP_REFERER="http://localhost/help?q=Wohnsitz")
    assert sought(town) == {"wohnsitz": (0, 0, 2)}


def test_the_paths_that_counting_knows_are_those_of_the_routes(quiet: Site) -> None:
    assert tuple(quiet.routes[name] for name in ("home", "embed")) == counting.SEARCH_PAGES
    assert quiet.routes["searches"] == counting.SEARCHES


# Editions


def test_an_edition_is_another_one_when_outsiders_see_something_new(town: Site) -> None:
    house = town.house
    editions = [house.edition()]
    retitle(house, "Noch nicht", publish=False)
    assert house.edition() == editions[0]
    publish(house, a_service("neu"))
    editions.append(house.edition())
    with house.work(write=True) as directory:
        directory.move("neu", "retire", based_on=1, by=SYSTEM)
    editions.append(house.edition())
    assert len(set(editions)) == 3
    assert house.edition() == editions[2]


def test_nobody_waits_for_the_one_who_looks_for_changes(town: Site) -> None:
    house = town.house
    before = house.edition()
    house._looked = 0.0
    with house._lock:  # As if another thread were at it.
        assert house.edition() == before
        assert Request.blank("/").get_response(town.app).status_int == 200
    assert house._looked == 0.0
    house.edition()
    assert house._looked > 0.0


def test_a_long_address_is_answered_and_not_kept(town: Site) -> None:
    assert town.ask(f"/robots.txt?q={'a' * 3000}").status_int == 200
    assert len(kept(town)) == 0


def test_an_address_counts_as_what_is_kept(town: Site) -> None:
    town.ask("/robots.txt")
    short = kept(town).size
    town.ask(f"/robots.txt?q={'a' * 1500}")
    assert kept(town).size > 2 * short + 1500


@pytest.mark.parametrize("accept", ["a/b" + " " * 200_000 + "x", "a/b" + ";" * 200_000, "," * 200_000])
def test_what_a_program_accepts_is_read_at_once_however_long_it_is(town: Site, accept: str) -> None:
    begun = time.process_time()
    assert town.ask("/api/v1/services", HTTP_ACCEPT=accept).status_int == 200
    assert time.process_time() - begun < 1


def test_a_token_counts_at_its_own_addresses_alone(town: Site) -> None:
    town.ask("/", HTTP_AUTHORIZATION="Bearer x")
    assert len(kept(town)) == 1
    town.ask("/api/v1/services", HTTP_AUTHORIZATION="Bearer x")
    assert len(kept(town)) == 1
