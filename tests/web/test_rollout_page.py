"""The page on where video stands: each number leads to a list of as many, `on` moves all of it, bad days are 400."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from builders import a_channel, a_constraint, a_period, a_service, a_step
from houses import publish, save
from lxml import etree, html
from sites import Site

from servicedir.domain.service import ChannelKind, Effect, Stage
from servicedir.domain.words import label

SECTIONS = ["stages", "growth", "offices", "topics", "natures", "next", "law", "unknown"]
PNG = b"\x89PNG\r\n\x1a\n"


def numbers(site: Site, path: str) -> dict[str, set[int]]:
    """The addresses of lists that numbers of a page lead to, with what the numbers say."""
    found: dict[str, set[int]] = {}
    for link in html.fromstring(site.get(path).text).iter("a"):
        said = link.text_content().strip()
        if link.get("href", "").startswith("/?") and re.match(r"[\d.,]+( |$)", said):
            found.setdefault(link.get("href"), set()).add(int(re.sub(r"[.,]", "", said.split()[0])))
    return found


def total(site: Site, path: str) -> int:
    """How many services a list has, as programs are told."""
    return int(site.get(f"/api/v1/services?{urlsplit(path).query}").json["total"])


def sheet(site: Site, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(site.get(path).body.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("query", ["", "?on=2024-06-15", "?lang=en"])
def test_every_number_is_a_link_to_a_list_of_just_as_many(city: Site, query: str) -> None:
    found = numbers(city, f"/rollout{query}")
    assert len(found) > 200
    # One number of each kind of list: the others differ by the office or the topic alone.
    kinds = {re.sub(r"(office|topic)=[^&]+", r"\1", path): path for path in found}
    for path in {*kinds.values(), *list(found)[::9]}:
        assert found[path] == {total(city, path)}, path


def test_every_number_in_a_table_is_such_a_link(city: Site) -> None:
    for table in html.fromstring(city.get("/rollout").text).iter("table"):
        for cell in table.iter("td"):
            if cell.text_content().strip().isdigit() and "numeric" in cell.get("class", ""):
                (link,) = cell.iter("a")
                assert link.get("href").startswith(("/?", "#law-"))


def test_the_sentence_comes_first_and_says_what_is_not_known(city: Site) -> None:
    said = city.get("/api/v1/rollout").json
    text = " ".join(html.fromstring(city.get("/rollout").text).find(".//p[@class='lead']").text_content().split())
    available = said["video"]["live"] + said["video"]["pilot"]
    assert text == (
        f"{available} von {said['total']} Dienstleistungen gibt es heute per Video; "
        f"bei {said['video']['unknown']} ist nichts bekannt."
    )


def test_all_sections_stand_there_with_their_tables(city: Site) -> None:
    page = html.fromstring(city.get("/rollout").text)
    assert [h.get("id") for h in page.iter("h2")] == [*SECTIONS, "files"]
    assert len(list(page.iter("{http://www.w3.org/2000/svg}svg", "svg"))) >= 6


def test_the_day_moves_the_whole_page(town: Site) -> None:
    before, after = (town.get(f"/rollout?on={day}").text for day in ("2024-04-30", "2024-05-01"))
    assert "30. April 2024" in before and "gab es am" in before
    now = "/rollout/stages.csv?on="
    assert dict(row[:2] for row in sheet(town, f"{now}2024-04-30"))["Testbetrieb"] == "0"
    assert dict(row[:2] for row in sheet(town, f"{now}2024-05-01"))["Testbetrieb"] == "1"
    planned = '<a href="/services/wohnsitz-abmelden?on=2024-04-30">'
    assert planned in before and planned not in after


# Days of which nothing can be said


def test_a_day_in_the_future_gets_a_sentence_and_keeps_the_form(city: Site) -> None:
    day = (city.house.today() + timedelta(days=1)).isoformat()
    page = city.get(f"/rollout?on={day}", status=400)
    assert "liegt in der Zukunft" in page
    assert page.html.find(id="on")["value"] == day
    assert page.html.find(id="on")["aria-describedby"] == "on-fault"
    assert not page.html.find_all("table")


@pytest.mark.parametrize(
    ("day", "sentence"), [("1999-01-01", "beginnen am"), ("2024-13-01", "ist kein Tag"), ("x", "Tag")]
)
def test_a_day_before_anything_is_known_or_that_is_none_gets_a_sentence(city: Site, day: str, sentence: str) -> None:
    page = city.get(f"/rollout?on={day}", status=400)
    assert sentence in page
    assert page.html.find(id="on")["value"] == day
    city.get(f"/rollout/stages.svg?on={day}", status=400)
    city.get(f"/rollout.csv?on={day}", status=400)


def test_the_first_day_of_which_something_is_known_can_be_asked_for(town: Site) -> None:
    town.get("/rollout?on=2023-01-01")
    town.get("/rollout?on=2022-12-31", status=400)


def test_programs_get_a_problem_for_such_days(city: Site) -> None:
    tomorrow = (city.house.today() + timedelta(days=1)).isoformat()
    for day in (tomorrow, "1999-01-01"):
        answer = city.get(f"/api/v1/rollout?on={day}", status=400)
        assert answer.content_type == "application/problem+json"
        assert answer.json["errors"][0]["parameter"] == "on"


# What comes, and what does not


def test_open_steps_are_said_with_what_holds_them_up(town: Site) -> None:
    publish(town.house, a_step("raum", name="Videoraum", target="2024-08", blocker="Es fehlt Technik."))
    page = town.get("/rollout").text
    assert "Videoraum" in page and "August 2024 – überfällig" in page and "Es fehlt Technik." in page


def test_what_the_law_rules_out_leads_to_its_services(town: Site) -> None:
    constraint = a_constraint(effect=Effect.RULES_OUT, channel=ChannelKind.VIDEO)
    publish(town.house, a_service("heiraten", title="Heiraten", channels=(), constraints=(constraint,)))
    page = town.get("/rollout")
    link = next(a for a in page.html.find_all("a") if a.get("href", "").startswith("#law-") and a.text == "1")
    listing = page.html.find(id=link["href"][1:])
    assert "schließt diesen Weg aus" in listing.text
    assert next(a["href"] for a in listing.find_all("a")).startswith("/services/")


def test_the_reason_is_said_why_something_is_not_possible(town: Site) -> None:
    period = a_period("ruled_out", "2024", reason="Beide müssen kommen.")
    publish(town.house, a_service("heiraten", channels=(a_channel(ChannelKind.VIDEO, period),)))
    assert "Beide müssen kommen." in town.get("/rollout")


# Nobody sees drafts


def test_a_draft_is_in_no_number(town: Site) -> None:
    paths = ("/rollout", "/rollout.csv", "/rollout/growth.csv", "/rollout/unknown.svg")
    before = [town.get(path).body for path in paths]
    save(town.house, a_service("geheim", title="Kanarienentwurf"))
    assert [town.get(path).body for path in paths] == before
    publish(town.house, a_service("offen"))
    assert [town.get(path).body for path in paths] != before


# Files


@pytest.mark.parametrize("name", [name for name in SECTIONS if name not in ("next", "law")])
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_chart_is_an_image_for_a_paper(city: Site, name: str, language: str) -> None:
    picture = city.get(f"/rollout/{name}.svg?on=2024-06-15&lang={language}")
    assert picture.content_type == "image/svg+xml"
    assert etree.fromstring(picture.body).get("role") == "img"
    image = city.get(f"/rollout/{name}.png?on=2024-06-15&lang={language}")
    assert image.content_type == "image/png"
    assert image.body.startswith(PNG) and int.from_bytes(image.body[16:20], "big") > 1200


def test_what_is_no_chart_and_no_table_is_not_there(city: Site) -> None:
    for path in ("/rollout/next.svg", "/rollout/nothing.png", "/rollout/nothing.csv", "/rollout/stages.gif"):
        city.get(path, status=404)


def test_a_sheet_says_what_the_page_says(city: Site) -> None:
    said = city.get("/api/v1/rollout?on=2024-06-15").json
    rows = {row[0]: row[1] for row in sheet(city, "/rollout/stages.csv?on=2024-06-15")}
    assert {stage.value: int(rows[label(stage, "de")]) for stage in Stage} == said["video"]
    every = sheet(city, "/rollout.csv?on=2024-06-15")
    assert ["stages", "total", "alle", "Dienstleistungen", str(said["total"])] in every


def test_the_page_is_kept_and_given_again_as_it_was(town: Site) -> None:
    first = town.get("/rollout")
    assert first.headers["Cache-Control"] == "public, no-cache"
    town.get("/rollout", headers={"If-None-Match": first.headers["ETag"]}, status=304)


def test_it_is_in_the_menu_and_on_the_map(city: Site) -> None:
    menu = city.get("/").html.find(class_="site-nav")
    assert [a["href"] for a in menu.find_all("a") if "Stand der Video-Angebote" in a.text] == ["/rollout"]
    assert "/rollout<" in city.get("/sitemap.xml").text
