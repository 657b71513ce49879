"""What is shown and opened on other sites is counted by site and day, and only where a site is on the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from faces import COUNTED
from houses import written
from sites import Site

from servicedir.storage.embeds import Views

COUNCIL = "https://rat.example.org"
ELSEWHERE = "https://elsewhere.example.org"
(CLICKS,) = COUNTED.values()


@pytest.fixture
def site(town_with: Callable[..., Site]) -> Site:
    return town_with(embed_origins=f"{COUNCIL} https://schule.example.org")


def counted(site: Site, origin: str = COUNCIL) -> Views:
    site.house.embeds.write()
    with site.house.work() as directory:
        return directory.stored_embeds.since(site.house.today()).get(origin, Views())


def all_counted(site: Site) -> set[str]:
    site.house.embeds.write()
    with site.house.work() as directory:
        return set(directory.stored_embeds.since(site.house.today()))


@pytest.mark.parametrize("path", ["/embed", "/embed?q=Wohnung", "/embed/services/wohnsitz-abmelden"])
def test_a_frame_is_counted_each_time_also_when_the_answer_was_kept(site: Site, path: str) -> None:
    for _time in range(3):
        site.get(path, headers={"Sec-Fetch-Dest": "iframe", "Referer": f"{COUNCIL}/"})
    assert counted(site) == Views(shown=3)


@pytest.mark.parametrize(
    "headers",
    [
        {"Referer": "http://localhost/embed?q=a", "Sec-Fetch-Dest": "iframe"},
        {"Referer": f"{COUNCIL}/", "Sec-Fetch-Dest": "document"},
        {"Sec-Fetch-Dest": "iframe"},
        {"Referer": f"{COUNCIL}/", "Sec-Fetch-Dest": "iframe", "User-Agent": "Ratbot/1.0"},
        {"Referer": f"{COUNCIL}/", "Sec-Fetch-Dest": "iframe", "Sec-Purpose": "prefetch"},
    ],
)
def test_who_turns_pages_follows_a_link_or_is_a_robot_is_not_counted(site: Site, headers: dict[str, str]) -> None:
    site.get("/embed", headers=headers)
    assert all_counted(site) == set()


def test_the_search_in_a_frame_is_counted_as_ever(site: Site) -> None:
    headers = {"Sec-Fetch-Dest": "iframe", "Referer": f"{COUNCIL}/"}
    site.get("/embed?q=Wohnung", headers=headers)
    site.house.searches.write()
    with site.house.database.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT words, asked FROM searches").all()
    assert [tuple(row) for row in found] == [("wohnung", 1)]


def allowed(site: Site, origin: str = "", **headers: str) -> Any:
    return site.get("/embed/allowed", headers={**({"Origin": origin} if origin else {}), **headers})


def test_the_element_is_told_whether_its_site_is_on_the_list_and_counted_if_it_is(site: Site) -> None:
    for origin, said in ((COUNCIL, True), (ELSEWHERE, False), ("null", False), ("http://localhost", True), ("", True)):
        answer = allowed(site, origin)
        assert answer.json == {"allowed": said}, origin
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert counted(site) == Views(shown=1)
    assert all_counted(site) == {COUNCIL}


def test_a_click_in_the_element_is_counted_for_the_site_that_says_so(site: Site) -> None:
    answer = site.visitor().post(CLICKS, headers={"Origin": COUNCIL}, status=204)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.body == b""
    assert counted(site) == Views(clicked=1)


def test_a_click_in_the_frame_is_counted_for_the_site_around_it(site: Site) -> None:
    site.visitor().post(CLICKS, {"site": COUNCIL}, headers={"Origin": "http://localhost"}, status=204)
    assert counted(site) == Views(clicked=1)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, {}),
        ({"Origin": ELSEWHERE}, {}),
        ({"Origin": ELSEWHERE}, {"site": COUNCIL}),
        ({}, {"site": COUNCIL}),
        ({"Origin": "http://localhost"}, {}),
        ({"Origin": "http://localhost"}, {"site": ELSEWHERE}),
        ({"Origin": "http://localhost"}, {"site": "x" * 5000}),
        ({"Origin": "null"}, {"site": COUNCIL}),
    ],
)
def test_nothing_is_counted_for_who_is_not_on_the_list(
    site: Site, headers: dict[str, str], body: dict[str, str]
) -> None:
    answer = site.visitor().post(CLICKS, body, headers=headers, status=400)
    assert "Gezählt wird nur" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert all_counted(site) == set()


def test_whoever_is_signed_in_changes_nothing_else_by_it(site: Site) -> None:
    before = written(site.house)
    site.signed_in("cora").post(CLICKS, {"site": COUNCIL}, headers={"Origin": "http://localhost"}, status=204)
    assert written(site.house) == before


def test_other_methods_find_nothing_there(site: Site) -> None:
    site.get(CLICKS, status=405)
    site.visitor().post("/embed/allowed", status=405)


def test_the_coordinator_sees_the_counts(site: Site) -> None:
    for _time in range(1200):
        site.house.embeds.show(COUNCIL)
    site.house.embeds.click(COUNCIL)
    site.house.embeds.write()
    page = site.signed_in("cora").get("/admin/embeds")
    assert COUNCIL in page.text
    assert "1.200" in page.text
    assert "https://schule.example.org" in page.text
    assert "kein Nachweis" in page.text
    assert "no proof" in site.signed_in("cora").get("/admin/embeds?lang=en").text
    assert '<a href="/admin/embeds" aria-current="page">Einbettungen</a>' in page.text
    site.signed_in("rita").get("/admin/embeds", status=403)
    assert "/admin/embeds" not in site.signed_in("rita").get("/desk").text
