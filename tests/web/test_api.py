"""The API says what the contract says: names, types, links, dates, and what readers from other origins need."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from builders import a_service, an_office
from houses import publish, save
from sites import Site

from servicedir.domain.history import Kind
from servicedir.domain.query import FACETS
from servicedir.domain.service import ChannelKind, ConstraintKind, Effect, Nature, Requirement, Stage
from servicedir.domain.text import Text, sort_key

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Maybe:
    """What may be null."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


def fits(value: Any, shape: Any, where: str = "$") -> None:
    """See to it that a JSON value has a shape: a type, an enum, a pattern, a list of one shape, or names of shapes."""
    match shape:
        case Maybe():
            if value is not None:
                fits(value, shape.shape, where)
        case dict():
            assert isinstance(value, dict), where
            missing = set(shape) - set(value)
            assert not missing, f"{where} lacks {missing}"
            for name, part in shape.items():
                fits(value[name], part, f"{where}.{name}")
        case [inner]:
            assert isinstance(value, list), where
            for number, part in enumerate(value):
                fits(part, inner, f"{where}[{number}]")
        case re.Pattern():
            assert isinstance(value, str), where
            assert shape.fullmatch(value), f"{where}: {value}"
        case type() if shape in (str, int, bool):
            assert type(value) is shape, f"{where}: {value!r}"
        case _:
            assert value in {member.value for member in shape}, f"{where}: {value!r}"


STAGE = {"stage": Stage, "since": Maybe(DAY), "until": Maybe(DAY)}
ITEM = {
    "slug": str,
    "title": str,
    "summary": str,
    "highlight": Maybe(str),
    "url": re.compile(r"https?://[^/]+/services/[a-z0-9-]+"),
    "nature": Nature,
    "office": {"slug": str, "name": str},
    "video": STAGE,
    "channels": [
        {"channel": ChannelKind, **STAGE, "booking_url": Maybe(str), "slots_per_week": Maybe(int), "note": Maybe(str)}
    ],
    "constraints": [
        {
            "kind": ConstraintKind,
            "requirement": Requirement,
            "channel": Maybe(ChannelKind),
            "effect": Effect,
            "legal_basis": Maybe(str),
            "url": Maybe(str),
            "note": Maybe(str),
        }
    ],
    "updated": MOMENT,
    "verified": Maybe(DAY),
}
FACET = [{"value": str, "label": str, "count": int, "selected": bool}]
LIST = {
    "total": int,
    "page": int,
    "per_page": int,
    "suggestion": Maybe(str),
    "items": [ITEM],
    "facets": dict.fromkeys(FACETS, FACET),
    "links": {"self": str, "next": Maybe(str), "prev": Maybe(str)},
}


def ask(site: Site, path: str = "/api/v1/services", status: int = 200, **parameters: Any) -> Any:
    answer = site.visitor().get(path, parameters, status=status)
    return answer.json


def slugs(body: Any) -> list[str]:
    return [item["slug"] for item in body["items"]]


# The list


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("q", ["", "Wohnung abmelden", "Quantensprung"])
def test_a_list_has_the_shape_of_the_contract(city: Site, q: str, lang: str) -> None:
    body = ask(city, q=q, lang=lang, per_page=100)
    fits(body, LIST)
    assert set(body) == set(LIST)
    assert set(body["facets"]) == set(FACETS)
    for item in body["items"]:
        assert set(item) == set(ITEM)


def test_an_entry_of_the_list_says_what_was_entered(quiet: Site) -> None:
    (item,) = ask(quiet, q="Wohnsitz", on="2024-06-01")["items"]
    assert item["title"] == "Wohnsitz abmelden"
    assert item["url"] == "http://localhost/services/wohnsitz-abmelden"
    assert item["office"] == {"slug": "buergeramt", "name": "Buergeramt"}
    assert (item["video"]["stage"], item["video"]["since"], item["video"]["until"]) == ("pilot", "2024-05-01", None)
    video, in_person, phone = item["channels"]
    assert (video["channel"], video["slots_per_week"]) == ("video", 25)
    assert video["booking_url"] == "https://termine.example.org/abmelden"
    assert "Nur mit Kamera." in video["note"]
    assert (in_person["stage"], in_person["since"]) == ("live", None)
    assert phone["stage"] == "ruled_out"
    (constraint,) = item["constraints"]
    assert constraint == {
        "kind": "legal",
        "requirement": "identity_check",
        "channel": "video",
        "effect": "conditions",
        "legal_basis": "§ 17 Abs. 2 BMG",
        "url": "https://www.gesetze-im-internet.de/bmg/__17.html",
        "note": "Der Ausweis wird in die Kamera gehalten.",
    }


def test_what_nobody_said_is_unknown_and_null(quiet: Site) -> None:
    (item,) = ask(quiet, q="Hundesteuer")["items"]
    assert item["video"]["stage"] == "unknown"
    assert item["video"]["since"] is None
    assert item["channels"] == []
    assert item["verified"] is None


def test_days_are_exact_and_say_how_exact_they_were_known(quiet: Site) -> None:
    video = ask(quiet, q="Wohnsitz", on="2024-04-30")["items"][0]["video"]
    assert (video["stage"], video["since"], video["until"]) == ("planned", "2023-01-01", "2024-04-30")
    assert video["precision"] == {"since": "year", "until": "month"}


def test_the_words_are_in_the_language_asked_for(quiet: Site) -> None:
    body = ask(quiet, q="Wohnsitz", lang="en")
    assert body["items"][0]["title"] == "Deregister a residence"
    labels = {value["value"]: value["label"] for value in body["facets"]["video"]}
    german = {value["value"]: value["label"] for value in ask(quiet)["facets"]["video"]}
    assert set(labels) == set(german)
    assert labels["unknown"] != german["unknown"]


def test_a_highlight_is_escaped_but_for_its_marks(town: Site) -> None:
    publish(town.house, a_service("boese", summary='<script>alert(1)</script> & "Wohnung"'))
    found = {item["slug"]: item["highlight"] for item in ask(town, q="Wohnung")["items"]}
    assert found["boese"] == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;<mark>Wohnung</mark>&quot;"
    assert {item["highlight"] for item in ask(town)["items"]} == {None}


@pytest.mark.parametrize(
    "parameters",
    [
        {"video": "pilot"},
        {"video": ["pilot", "live"], "on": "2024-06-01"},
        {"channel": "in_person"},
        {"nature": "transactional"},
        {"office": "buergeramt"},
        {"topic": "umzug"},
        {"audience": "familien"},
        {"language": "uk"},
        {"q": "wohnung"},
        {"q": "§ 17 BMG"},
        {"q": "99115002104000"},
        {"q": "Auszug"},
    ],
)
def test_each_parameter_narrows(quiet: Site, parameters: dict[str, Any]) -> None:
    body = ask(quiet, **parameters)
    assert slugs(body) == ["wohnsitz-abmelden"]
    assert body["total"] == 1
    for facet, values in body["facets"].items():
        chosen = parameters.get(facet, [])
        assert {value["value"] for value in values if value["selected"]} == {
            *([chosen] if isinstance(chosen, str) else chosen)
        }


def test_the_order_is_the_one_asked_for(town: Site) -> None:
    publish(town.house, a_service("aal", title="Aal"), a_service("zander", title="Zander"))
    assert slugs(ask(town, sort="title")) == ["aal", "hundesteuer", "wohnsitz-abmelden", "zander"]
    assert slugs(ask(town, sort="updated"))[:2] == ["zander", "aal"]
    updated = [item["updated"] for item in ask(town, sort="updated")["items"]]
    assert updated == sorted(updated, reverse=True)


@pytest.mark.parametrize(
    ("on", "stage"), [("2022-12-31", "unknown"), ("2023-01-01", "planned"), ("2024-05-01", "pilot")]
)
def test_the_day_decides_what_holds(quiet: Site, on: str, stage: str) -> None:
    body = ask(quiet, q="Wohnsitz", on=on)
    assert body["items"][0]["video"]["stage"] == stage
    counts = {value["value"]: value["count"] for value in body["facets"]["video"]}
    assert counts[stage] == 1
    whole = ask(quiet, "/api/v1/services/wohnsitz-abmelden", on=on)
    assert (whole["video"]["stage"], whole["on"]) == (stage, on)


@pytest.mark.parametrize(
    "parameters", [{}, {"q": "Wohnung"}, {"nature": "transactional", "sort": "updated"}, {"lang": "en"}]
)
def test_the_links_lead_through_all_pages_and_back(city: Site, parameters: dict[str, str]) -> None:
    body = ask(city, per_page=30, **parameters)
    total, seen, pages = body["total"], slugs(body), 1
    assert body["links"]["prev"] is None
    while follow := body["links"]["next"]:
        here = body["links"]["self"]
        said = dict(parse_qsl(urlsplit(follow).query))
        assert parameters.items() <= said.items()
        body = city.get(follow.removeprefix("http://localhost")).json
        back = city.get(body["links"]["prev"].removeprefix("http://localhost")).json
        assert back["links"]["self"] == here
        seen += slugs(body)
        pages += 1
    assert pages == -(-total // 30)
    assert len(seen) == len(set(seen)) == total


def test_a_page_behind_the_last_is_empty_and_leads_nowhere(quiet: Site) -> None:
    body = ask(quiet, page=3)
    assert (body["total"], body["items"], body["links"]["next"], body["links"]["prev"]) == (2, [], None, None)


def test_the_facets_count_what_a_filter_would_leave(city: Site) -> None:
    body = ask(city, video="unknown")
    for facet in ("nature", "office", "channel"):
        for value in body["facets"][facet][:6]:
            assert ask(city, video="unknown", per_page=1, **{facet: value["value"]})["total"] == value["count"]


# One entry


def test_a_whole_entry_says_all_that_was_entered(quiet: Site) -> None:
    body = ask(quiet, "/api/v1/services/wohnsitz-abmelden")
    fits(body, {name: shape for name, shape in ITEM.items() if name != "highlight"} | {"on": DAY, "revision": int})
    assert body["texts"]["title"] == {"de": "Wohnsitz abmelden", "en": "Deregister a residence"}
    assert body["texts"]["costs"] == {"de": "gebührenfrei"}
    assert body["documents"] == ["Personalausweis"]
    assert body["leika_key"] == "99115002104000"
    assert body["legal_bases"][0]["citation"] == "§ 17 BMG"
    assert (body["offices"], body["topics"], body["audiences"]) == (["buergeramt"], ["umzug"], ["familien"])
    assert (body["places"], body["languages"], body["keywords"]) == (["rathaus"], ["de", "uk"], ["Auszug"])
    video = body["channels"][0]
    assert [(period["stage"], period["since"]) for period in video["periods"]] == [
        ("planned", "2023-01-01"),
        ("pilot", "2024-05-01"),
    ]
    assert video["periods"][1]["needs"]["browser_only"] is True
    assert video["periods"][1]["needs"]["interpreter"] is None
    assert video["periods"][1]["source"] == "Ratsanfrage 12/2024"


def test_every_entry_of_the_sample_can_be_read_whole(city: Site) -> None:
    shape = {name: part for name, part in ITEM.items() if name != "highlight"}
    body: Any = {"links": {"next": "http://localhost/api/v1/services?per_page=100"}}
    while follow := body["links"]["next"]:
        body = city.get(follow.removeprefix("http://localhost")).json
        for slug in slugs(body):
            whole = ask(city, f"/api/v1/services/{slug}")
            fits(whole, shape, slug)
            assert whole["on"] == str(city.house.today())


def moments(town: Site) -> list[datetime]:
    """When the revisions of an entry were recorded."""
    with town.house.work() as directory:
        return [r.recorded for r in directory.revisions.history(Kind.SERVICE, "wohnsitz-abmelden")]


def test_recorded_is_what_the_directory_knew_then(town: Site) -> None:
    before = moments(town)[0] - timedelta(hours=1)
    with town.house.work() as directory:
        old = directory.service("wohnsitz-abmelden").service
    save(town.house, replace(old, title=Text.of("Wohnung abmelden")), "publish", based_on=1)
    first, second = moments(town)
    path = "/api/v1/services/wohnsitz-abmelden"

    def title_at(moment: str) -> str:
        return str(ask(town, path, recorded=moment)["title"])

    assert ask(town, path)["title"] == "Wohnung abmelden"
    assert title_at(first.isoformat()) == "Wohnsitz abmelden"
    # The step to publish is recorded right after the draft.
    assert title_at(second.isoformat()) == "Wohnsitz abmelden"
    assert title_at((second + timedelta(seconds=1)).isoformat().replace("+00:00", "Z")) == "Wohnung abmelden"
    assert title_at((second + timedelta(seconds=1)).replace(tzinfo=None).isoformat()) == "Wohnung abmelden"
    assert title_at("2100-01-01") == "Wohnung abmelden"
    berlin = (first + timedelta(hours=2)).replace(tzinfo=None).isoformat() + "+02:00"
    assert title_at(berlin) == "Wohnsitz abmelden"
    town.get(f"{path}?recorded={before.isoformat().replace('+', '%2B')}", status=404)


def test_both_clocks_can_be_asked_at_once(quiet: Site) -> None:
    body = ask(quiet, "/api/v1/services/wohnsitz-abmelden", recorded="2100-01-01T00:00:00Z", on="2023-06-01")
    assert body["video"]["stage"] == "planned"


def test_an_entry_of_an_office_that_is_gone_is_still_there(town: Site) -> None:
    publish(town.house, an_office("neu"), a_service("x", offices=("neu",)))
    with town.house.work(write=True) as directory:
        directory.revisions.move(Kind.OFFICE, "neu", "retire", based_on=1, author="x", reason="")
    town.house.catch_up()
    assert ask(town, "/api/v1/services/x")["office"] == {"slug": "neu", "name": "neu"}
    town.get("/services/x")
    town.get("/")


# For readers elsewhere


PATHS = ["/api/v1/services", "/api/v1/services?q=Wohnung", "/api/v1/services/wohnsitz-abmelden"]


@pytest.mark.parametrize("path", PATHS)
def test_anybody_may_read_from_anywhere_but_not_as_somebody(quiet: Site, path: str) -> None:
    stranger = quiet.get(path, headers={"Origin": "https://elsewhere.example.org"})
    editor = quiet.signed_in("rita").get(path, headers={"Origin": "https://elsewhere.example.org"})
    for answer in (stranger, editor):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert answer.content_type == "application/json"
    assert stranger.body == editor.body


@pytest.mark.parametrize("path", [*PATHS, "/", "/services/wohnsitz-abmelden", "/embed", "/offices/", "/a-z"])
def test_who_has_it_already_gets_a_304_until_it_changes(town: Site, path: str) -> None:
    first = town.get(path)
    etag = first.headers["ETag"]
    assert re.fullmatch(r'"[^"]+"', etag)
    assert town.get(path).headers["ETag"] == etag
    again = town.get(path, headers={"If-None-Match": etag}, status=304)
    assert again.body == b""
    assert again.headers["ETag"] == etag
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    if path in PATHS:
        assert again.headers["Access-Control-Allow-Origin"] == "*"
    town.get(path, headers={"If-None-Match": '"another"'}, status=200)
    town.get(path, headers={"If-None-Match": f'"another", {etag}'}, status=304)
    with town.house.work() as directory:
        old = directory.service("wohnsitz-abmelden").service
    save(town.house, replace(old, title=Text.of("Wohnung abmelden")), "publish", based_on=1)
    changed = town.get(path, headers={"If-None-Match": etag}, status=200 if "offices" not in path else 304)
    assert "offices" in path or changed.headers["ETag"] != etag


def test_there_is_no_jsonp(quiet: Site) -> None:
    plain = quiet.get("/api/v1/services")
    assert quiet.get("/api/v1/services?callback=alert&jsonp=alert").body == plain.body


def test_with_an_address_of_its_own_the_links_are_of_that(town_with: Callable[..., Site]) -> None:
    site = town_with(base_url="https://services.example.org")
    body = ask(site, per_page=1)
    assert body["links"]["self"] == "https://services.example.org/api/v1/services?per_page=1"
    assert body["links"]["next"].startswith("https://services.example.org/api/v1/services?")
    assert body["items"][0]["url"].startswith("https://services.example.org/services/")


def test_today_is_the_day_without_a_day(quiet: Site) -> None:
    assert ask(quiet, "/api/v1/services/hundesteuer")["on"] == date.isoformat(quiet.house.today())


@pytest.mark.parametrize("language", ["de", "en"])
def test_offices_and_topics_stand_in_the_order_of_their_names(city: Site, language: str) -> None:
    found = city.get(f"/api/v1/services?lang={language}").json["facets"]
    for facet in ("office", "topic", "audience"):
        names = [value["label"] for value in found[facet]]
        assert names == sorted(names, key=sort_key)
        shown = re.findall(rf'name="{facet}" value="[^"]*"[^>]*><span>([^<]*?) ?<', city.get(f"/?lang={language}").text)
        assert [unescape(name) for name in shown] == names
    assert [value["value"] for value in found["video"]] == list(Stage)
