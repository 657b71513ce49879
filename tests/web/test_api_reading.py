"""Offices, versions and the rollout, for programs: as described, as pages say it, no draft."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from builders import a_service, an_office
from houses import publish, save
from sites import Site

from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind, Stage
from servicedir.domain.workflow import SYSTEM
from servicedir.web.api.misfits import faults

ADDRESSES = {
    "/offices": "Offices",
    "/offices/buergeramt": "Office",
    "/services/wohnsitz-abmelden/history": "History",
    "/rollout": "Rollout",
    "/rollout?on=2024-04-30": "Rollout",
    "/figures": "Figures",
    "/inquiries": "Inquiries",
}


@pytest.mark.parametrize(("path", "schema"), ADDRESSES.items())
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_answer_is_the_one_that_is_described(city: Site, path: str, schema: str, language: str) -> None:
    answer = city.get(f"/api/v1{path}{'&' if '?' in path else '?'}lang={language}")
    assert faults(schema, answer.json) == []


@pytest.mark.parametrize("path", ADDRESSES)
def test_anybody_may_read_it_from_any_origin_and_need_not_read_it_twice(city: Site, path: str) -> None:
    answer = city.get(f"/api/v1{path}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    again = city.get(f"/api/v1{path}", headers={"If-None-Match": answer.headers["ETag"]}, status=304)
    assert again.body == b""
    city.get(f"/api/v1{path}", headers={"Accept": "text/csv"}, status=406)


@pytest.mark.parametrize("path", ["/offices/nie-gehoert", "/services/nie-gehoert/history", "/inquiries/nie-gehoert"])
def test_what_there_is_not_is_a_problem_that_one_can_read(quiet: Site, path: str) -> None:
    answer = quiet.get(f"/api/v1{path}", status=404)
    assert answer.content_type == "application/problem+json"
    assert faults("Problem", answer.json) == []


# Offices


def test_the_offices_are_those_of_the_page_with_the_same_numbers(city: Site) -> None:
    listed = city.get("/api/v1/offices").json
    with city.house.work() as directory:
        offices = directory.catalogue.offices
        services = [published.service for published in directory.all_published()]
        within = {slug: directory.catalogue.within(slug) for slug in offices}
    assert listed["total"] == len(listed["items"]) == len(offices)
    for item in listed["items"]:
        office = offices[item["slug"]]
        assert item["name"] == office.name.within("de")
        assert item["parent"] == (office.parent or None)
        assert item["website"] == (office.url or None)
        assert item["services"] == sum(bool(within[office.slug] & set(service.offices)) for service in services)
        assert city.get(f"/api/v1/offices/{office.slug}").json == item
        assert city.get(item["url"].removeprefix("http://localhost")).status_int == 200
    children = {item["slug"]: item["children"] for item in listed["items"]}
    assert all((item["parent"] is None) or item["slug"] in children[item["parent"]] for item in listed["items"])


def test_texts_are_in_the_language_asked_for_and_in_every_one(town: Site) -> None:
    texts = {"de": "Mo bis Fr", "en": "Mon to Fri"}
    publish(town.house, an_office("stelle", name={"de": "Stelle", "en": "Counter"}, hours=texts, phone="0351 1"))
    german, english = (town.get(f"/api/v1/offices/stelle?lang={language}").json for language in ("de", "en"))
    assert (german["name"], english["name"], english["hours"]) == ("Stelle", "Counter", "Mon to Fri")
    assert german["texts"] == english["texts"] == {"name": {"de": "Stelle", "en": "Counter"}, "hours": texts}
    assert (german["phone"], german["email"], german["summary"]) == ("0351 1", None, None)


def test_an_office_that_is_no_more_is_gone(town: Site) -> None:
    publish(town.house, an_office("stelle", name="Die alte Stelle"))
    with town.house.work(write=True) as directory:
        directory.words.retire(Kind.OFFICE, "stelle", based_on=1, by=SYSTEM)
    answer = town.get("/api/v1/offices/stelle", status=410)
    assert faults("Problem", answer.json) == []
    assert "Die alte Stelle" in answer.json["detail"]
    assert "Dienstleistung" not in answer.json["title"]
    page = town.get("/offices/stelle", status=410)
    assert "Die alte Stelle" in page.text
    town.get("/offices/stell", status=404)
    assert "stelle" not in [item["slug"] for item in town.get("/api/v1/offices").json["items"]]


# History


def test_versions_can_be_read_where_the_history_says(town: Site) -> None:
    save(town.house, a_service("hundesteuer", title="Steuer für Hunde", offices=("jugendamt",)), "publish", based_on=1)
    items = town.get("/api/v1/services/hundesteuer/history").json["items"]
    assert [(item["number"], item["until"] is None) for item in items] == [(2, True), (1, False)]
    assert items[1]["until"] == items[0]["at"]
    assert items[1]["changed"] == []
    assert {"title", "channels"} <= set(items[0]["changed"])
    titles = [town.get(item["url"].removeprefix("http://localhost")).json["title"] for item in items]
    assert titles == ["Steuer für Hunde", "Hundesteuer"]


def test_the_history_says_nothing_of_drafts_people_and_reasons(town: Site) -> None:
    path = "/api/v1/services/hundesteuer/history"
    before = town.get(path)
    with town.house.work(write=True) as directory:
        draft = a_service("hundesteuer", title="Kanarienvogel", offices=("jugendamt",))
        directory.save(draft, based_on=1, by=SYSTEM, why="Kanariengrund")
    after = town.get(path)
    assert (after.body, after.headers["ETag"]) == (before.body, before.headers["ETag"])
    with town.house.work(write=True) as directory:
        directory.move("hundesteuer", "publish", based_on=2, by=SYSTEM, why="Kanariengrund")
    published = town.get(path)
    assert [item["number"] for item in published.json["items"]] == [2, 1]
    for word in ("Kanarien", "system"):
        assert word not in published.text


def test_the_history_of_a_retired_service_is_gone_and_that_of_a_renamed_one_moved(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.move("hundesteuer", "retire", based_on=1, by=SYSTEM)
        directory.rename("wohnsitz-abmelden", "abmelden", by=SYSTEM)
    town.get("/api/v1/services/hundesteuer/history", status=410)
    moved = town.get("/api/v1/services/wohnsitz-abmelden/history", status=301)
    assert moved.headers["Location"].endswith("/api/v1/services/abmelden/history")


# Rollout


@pytest.mark.parametrize("on", ["2024-04-30", "2024-05-01", "2026-11-27"])
def test_the_rollout_of_the_city_is_what_one_counts_by_hand(city: Site, on: str) -> None:
    said = city.get(f"/api/v1/rollout?on={on}").json
    with city.house.work() as directory:
        services = [published.service for published in directory.all_published()]
        day = directory.query([("on", on)]).on
        within = {slug: directory.catalogue.within(slug) for slug in directory.catalogue.offices}
    assert day is not None

    def counted(some: Any) -> dict[str, int]:
        found = Counter(service.stage(ChannelKind.VIDEO, day) for service in some)
        return {stage.value: found[stage] for stage in Stage}

    assert (said["on"], said["total"], said["video"]) == (on, len(services), counted(services))
    assert sum(said["video"].values()) == said["total"]
    assert {office["slug"] for office in said["offices"]} == set(within)
    for office in said["offices"]:
        assert office["video"] == counted(s for s in services if within[office["slug"]] & set(s.offices))
        assert office["total"] == sum(office["video"].values())


def test_the_rollout_moves_with_the_day_and_is_of_today_without_one(city: Site) -> None:
    then, now = (city.get(f"/api/v1/rollout{query}").json for query in ("?on=2024-04-30", ""))
    assert then["video"]["pilot"] < now["video"]["pilot"]
    assert now["on"] == city.house.today().isoformat()
    city.get("/api/v1/rollout?on=2024", status=400)


def test_the_rollout_counts_no_draft(town: Site) -> None:
    before = town.get("/api/v1/rollout").body
    save(town.house, a_service("geheim"))
    assert town.get("/api/v1/rollout").body == before
    publish(town.house, a_service("offen"))
    assert town.get("/api/v1/rollout").body != before
