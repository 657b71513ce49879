"""Embeds that show a part of the directory say so and offer nothing else; those that may show nothing have no box."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.hosting import Council, axe


def suggested(page: Page) -> list[str]:
    return page.locator("[role=option] > :first-child").all_text_contents()


def test_what_is_suggested_is_what_the_fixed_filters_leave(visit, council):
    page = visit()
    page.goto(council.element('office="standesamt"'))
    box = page.get_by_role("combobox").first
    for typed in ("wohn", "ehe"):
        with page.expect_response(lambda answer: "fields=" in answer.url) as answered:
            box.fill(typed)
        found = answered.value.json()
        if found["total"]:
            expect(page.locator("[role=option]")).to_have_count(len(found["items"]))
        else:
            expect(page.locator("[role=option]")).to_have_count(0)
        assert suggested(page) == [item["title"] for item in found["items"]]
    assert "office=standesamt" in answered.value.url
    expect(page.locator("[role=option]").first).to_contain_text("Dienstleistung")
    shown = suggested(page)
    box.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Dienstleistung")
    assert set(shown) <= set(page.locator("service-directory [data-open]").all_text_contents())


def test_a_suggestion_within_fixed_filters_leads_to_the_service(visit, council, address):
    page = visit()
    page.goto(council.element('office="standesamt"'))
    page.get_by_role("combobox").first.fill("ehe")
    first = page.locator("[role=option]").first
    expect(first).to_be_visible()
    first.click()
    page.wait_for_url(f"{address}/services/*")


def test_a_frame_suggests_what_its_filters_leave(visit, council, address):
    page = visit()
    page.goto(council.put(f'<iframe title="Dienste" src="{address}/embed?office=standesamt" height="300"></iframe>'))
    frame = page.frame_locator("iframe")
    before = frame.get_by_role("button", name="Suchen").bounding_box()
    with page.expect_response(lambda answer: "fields=" in answer.url) as answered:
        frame.get_by_role("combobox").fill("ehe")
    found = answered.value.json()
    assert found["items"]
    expect(frame.get_by_role("option")).to_have_count(len(found["items"]))
    expect(frame.get_by_role("option").first).to_contain_text(found["items"][0]["title"])
    assert frame.get_by_role("button", name="Suchen").bounding_box() == before  # Or a click on it would be lost.
    with page.context.expect_page() as opened:
        frame.get_by_role("option").first.click()
    assert opened.value.url == found["items"][0]["url"]


def test_it_says_what_it_is_limited_to_and_where_there_is_more(visit, council, address):
    page = visit()
    page.goto(council.element('office="jugendamt standesamt" video="live"'))
    expect(page.locator("[part=limits]")).to_contain_text("Gezeigt wird: ")
    for said in ("Jugendamt", "Standesamt"):
        expect(page.locator("[part=limits]")).to_contain_text(said)
    page.goto(council.element('q="Einhornzucht" office="jugendamt"'))
    expect(page.get_by_text("Gezeigt wird nur ein Teil")).to_be_visible()
    everywhere = page.get_by_role("link", name="Im ganzen Serviceverzeichnis suchen")
    expect(page.get_by_role("link", name="weitersuchen")).to_have_count(0)  # It would find nothing either.
    expect(everywhere).to_have_attribute("href", f"{address}/?q=Einhornzucht&lang=de")
    assert axe(page) == []
    page.goto(council.element('q="Einhornzucht"'))
    expect(page.get_by_text("Dazu ist nichts zu finden")).to_be_visible()
    expect(page.locator("[part=limits]")).to_have_count(0)


@pytest.mark.parametrize("layout", ["cards", "table"])
def test_it_says_since_when_in_the_words_of_the_frame(visit, council, address, layout):
    page = visit()
    page.goto(f"{address}/embed?layout=table&per_page=100&video=live&video=pilot")
    framed = [" ".join(cell.split()) for cell in page.locator(".servicedirectory-channels").all_text_contents()]
    page.goto(council.element(f'layout="{layout}" per-page="100" video="live pilot"'))
    expect(page.locator("[data-open]")).to_have_count(len(framed))
    cells = page.locator("[part=channels]" if layout == "cards" else "td:last-child").all_text_contents()
    for theirs, ours in zip(cells, framed, strict=True):
        assert " ".join(theirs.split()).removeprefix("Video: ").startswith(ours)
    for said in ("nach Angabe von 2024", "seit Mai 2024"):
        assert any(said in cell for cell in framed)


def test_a_narrow_table_says_that_a_stage_is_that_of_video(visit, council, address):
    page = visit(viewport={"width": 360, "height": 800})
    before = "(cell) => getComputedStyle(cell, '::before').content"
    page.goto(council.element('layout="table"'))
    expect(page.locator("[data-open]").first).to_be_visible()
    assert page.locator("tbody td:last-child").first.evaluate(before) == '"Video: "'
    page.goto(f"{address}/embed?layout=table")
    assert page.locator("tbody td:last-child").first.evaluate(before) == '"Video: "'
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.locator("tbody td:last-child").first.evaluate(before) == "none"


def test_that_links_open_another_window_is_said(visit, council, address):
    page = visit()
    sentence = "Dienstleistungen öffnen sich in einem neuen Fenster."
    page.goto(council.element('target="_blank"'))
    expect(page.get_by_text(sentence)).to_be_visible()
    page.goto(council.element())
    expect(page.locator("[data-open]").first).to_be_visible()
    expect(page.get_by_text(sentence)).to_have_count(0)
    for path in ("/embed", "/embed/services/wohnsitz-abmelden"):
        page.goto(f"{address}{path}")
        expect(page.get_by_text(sentence)).to_be_visible()


def test_an_element_that_is_not_cleared_shows_the_way_to_it_and_no_search_box(visit, unlisted, address):
    page = visit()
    page.goto(Council(unlisted, address).element())
    expect(page.get_by_role("alert")).to_contain_text("für diese Website noch nicht freigegeben")
    expect(page.get_by_role("combobox")).to_have_count(0)
    expect(page.get_by_role("search")).to_have_count(0)
    expect(page.locator("summary")).to_be_hidden()
    how = page.get_by_role("link", name="Wie man die Suche einbettet")
    expect(how).to_have_attribute("href", f"{address}/embed/builder?lang=de")


@pytest.mark.parametrize("path", ["/embed", "/embed?video=gibtsnicht"])
def test_a_frame_that_has_only_a_sentence_to_show_is_as_high_as_that(visit, council, unlisted, address, path):
    page = visit(expected={400, 403})
    host = council if "?" in path else Council(unlisted, address)
    page.goto(host.put(f'<iframe title="Dienste" src="{address}{path}" height="900"></iframe>'))
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function("() => document.querySelector('iframe').getBoundingClientRect().height < 600")
