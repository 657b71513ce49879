"""The page of a service: every way to reach it, what the law asks, and all that belongs to it."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from builders import a_channel, a_constraint, a_period, a_service
from houses import publish
from sites import Site
from test_home import card, said

from servicedir.domain import words
from servicedir.domain.service import ChannelKind, Effect, Requirement, Stage


def channels(html: BeautifulSoup) -> list[str]:
    return [said(row) for row in html.select(".channels > li")]


def test_a_service_says_how_to_reach_it_first_what_works(quiet: Site) -> None:
    html = quiet.get("/services/wohnsitz-abmelden").html
    rows = channels(html)
    assert [row.split()[0] for row in rows[:3]] == ["vor", "Video", "Telefon"] or rows[0].startswith(
        ("Video", "vor Ort")
    )
    assert rows[-1].startswith("Telefon")
    video = next(row for row in rows if row.startswith("Video"))
    for part in (
        "Testbetrieb",
        "Mai 2024",
        "25",
        "Termin im Netz wählen",
        "BigBlueButton",
        "Nur mit Kamera.",
        "Ratsanfrage",
    ):
        assert part in video
    assert "Das Gesetz verlangt persönliches Erscheinen." in rows[-1]
    links = {link["href"] for link in html.select(".channels a")}
    assert {"https://termine.example.org/abmelden", "https://video.example.org/test"} <= links


def test_a_service_says_what_the_law_asks_with_its_citation(quiet: Site) -> None:
    html = quiet.get("/services/wohnsitz-abmelden").html
    (constraint,) = html.select(".constraints li")
    assert "Ausweis nötig" in said(constraint)
    assert "Der Ausweis wird in die Kamera gehalten." in said(constraint)
    assert said(constraint.a) == "§ 17 Abs. 2 BMG"
    assert constraint.a["href"] == "https://www.gesetze-im-internet.de/bmg/__17.html"


def test_a_service_says_everything_else(quiet: Site) -> None:
    html = quiet.get("/services/wohnsitz-abmelden").html
    text = said(html.main)
    for part in (
        "Sie buchen einen Termin.",
        "Personalausweis",
        "gebührenfrei",
        "sofort",
        "§ 17 BMG",
        "Buergeramt",
        "Rathaus",
        "Umzug und Wohnen",
        "Familien",
        "Ukrainisch",
        "99115002104000",
        "Hundesteuer",
    ):
        assert part in text
    paths = {urlsplit(link["href"]).path for link in html.main.find_all("a", href=True)}
    assert {"/offices/buergeramt", "/topics/umzug", "/services/hundesteuer"} <= paths
    assert "/api/v1/services/wohnsitz-abmelden" in paths
    assert "/services/wohnsitz-abmelden/edit" in paths


def test_the_development_is_told_oldest_first(quiet: Site) -> None:
    rows = [said(row) for row in quiet.get("/services/wohnsitz-abmelden").html.select(".timeline li")]
    assert [words.label(stage, "de") in row for stage, row in zip((Stage.PLANNED, Stage.PILOT), rows, strict=True)] == [
        True,
        True,
    ]
    assert "2023" in rows[0]


def test_where_nobody_said_anything_video_is_named_all_the_same(quiet: Site) -> None:
    html = quiet.get("/services/hundesteuer").html
    (row,) = channels(html)
    assert row.startswith("Video")
    assert words.label(Stage.UNKNOWN, "de") in row
    assert "115" in said(html.main)


@pytest.mark.parametrize(
    ("on", "stage"), [("2022-06-01", Stage.UNKNOWN), ("2023-06-01", Stage.PLANNED), ("2024-06-01", Stage.PILOT)]
)
def test_a_service_is_shown_as_of_a_day_with_the_way_back(quiet: Site, on: str, stage: Stage) -> None:
    html = quiet.get(f"/services/wohnsitz-abmelden?on={on}").html
    video = next(row for row in html.select(".channels > li") if said(row).startswith("Video"))
    assert words.label(stage, "de") in said(video)
    notice = html.select_one("p.notice a")
    assert notice["href"] == "/services/wohnsitz-abmelden"
    assert bool(video.select('a[href="https://termine.example.org/abmelden"]')) == stage.available


def test_what_is_over_or_not_yet_cannot_be_booked(town: Site) -> None:
    for stage in Stage:
        period = a_period(stage, "2024", booking_url="https://termine.example.org/x")
        publish(town.house, a_service("x", channels=(a_channel(ChannelKind.VIDEO, period),)))
        shown = "https://termine.example.org/x" in town.get("/services/x").text
        assert shown == stage.available


def test_a_text_that_is_not_translated_is_marked_with_its_language(quiet: Site) -> None:
    html = quiet.get("/services/wohnsitz-abmelden?lang=en").html
    assert said(html.h1) == "Deregister a residence"
    assert not html.h1.select("[lang]")
    body = html.find("section", attrs={"aria-labelledby": "body"})
    assert body.select_one('[lang="de"]')
    found = quiet.get("/?q=buchen&lang=en").html.select("ol.cards mark")
    assert [said(mark) for mark in found] == ["buchen"]
    assert found[0].find_parent("p")["lang"] == "de"
    assert not quiet.get("/?q=moving&lang=en").html.select_one("ol.cards mark").find_parent("p").has_attr("lang")


def test_structured_data_says_what_the_page_says(quiet: Site) -> None:
    page = quiet.get("/services/wohnsitz-abmelden").html
    whole = json.loads(page.find("script", type="application/ld+json").string)
    assert whole["@context"] == "https://schema.org"
    data, _way = whole["@graph"]
    assert data["@type"] == "GovernmentService"
    assert data["name"] == "Wohnsitz abmelden"
    assert data["url"] == data["@id"] == "http://localhost/services/wohnsitz-abmelden"
    assert data["provider"]["name"] == "Buergeramt"
    assert data["provider"]["url"] == "http://localhost/offices/buergeramt"
    named = {channel["name"]: channel["serviceUrl"] for channel in data["availableChannel"]}
    assert named["Video"] == "https://termine.example.org/abmelden"
    assert "Telefon" not in named
    unknown = json.loads(quiet.get("/services/hundesteuer").html.find("script", type="application/ld+json").string)
    assert "availableChannel" not in unknown["@graph"][0]


def test_a_page_names_itself_in_both_languages(quiet: Site) -> None:
    for lang in ("de", "en"):
        html = quiet.get(f"/services/wohnsitz-abmelden?lang={lang}").html
        own = "http://localhost/services/wohnsitz-abmelden" + ("?lang=en" if lang == "en" else "")
        assert html.find("link", rel="canonical")["href"] == own
        others = {link["hreflang"]: link["href"] for link in html.select("link[hreflang]")}
        assert others.pop("x-default") == others["de"]
        assert set(others) == {"de", "en"}
        for code, href in others.items():
            path = href.removeprefix("http://localhost")
            assert quiet.get(path).html.html["lang"] == code


@pytest.mark.parametrize("requirement", Requirement)
@pytest.mark.parametrize("effect", Effect)
def test_every_requirement_is_told_in_words(town: Site, requirement: Requirement, effect: Effect) -> None:
    value = a_service("x", constraints=(a_constraint(requirement=requirement, effect=effect, channel=None),))
    publish(town.house, value)
    html = town.get("/services/x").html
    assert words.label(requirement, "de") in said(html.select_one(".constraints"))
    shown = words.label(requirement, "de") in said(card(town, "x"))
    assert shown == (effect is not Effect.ALLOWS)
