"""Other websites may show the search in a frame if the settings name them, and nothing else of ours."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.running import HOSTED


def test_a_listed_site_frames_the_search_and_people_search_in_it(visit, listed, address):
    page = visit()
    page.goto(f"{listed}/?frame={address}/embed")
    frame = page.frame_locator("iframe")
    frame.get_by_label("Was möchten Sie erledigen?").fill("Wohnung abmelden")
    frame.get_by_role("button", name="Suchen").click()
    expect(frame.get_by_label("Was möchten Sie erledigen?")).to_have_value("Wohnung abmelden")
    expect(frame.locator(".cards > li").first).to_contain_text("Wohnsitz abmelden")
    expect(frame.locator(".cards > li").first).to_contain_text("seit Mai 2024")

    # An entry opens in a window of its own, which knows nothing of the site it was opened from.
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Wohnsitz abmelden", exact=True).click()
    entry = opened.value
    expect(entry.get_by_role("heading", level=1)).to_have_text("Wohnsitz abmelden")
    assert entry.evaluate("() => window.opener") is None
    assert page.context.cookies() == []


def test_the_frame_shows_what_its_address_asks_for_and_keeps_it(visit, listed, address):
    page = visit()
    page.goto(f"{listed}/?frame={address}/embed%3Foffice=jugendamt%26lang=en%26per_page=3")
    frame = page.frame_locator("iframe")
    expect(frame.locator("html")).to_have_attribute("lang", "en")
    expect(frame.locator(".cards > li")).to_have_count(3)
    frame.get_by_role("link", name="Next page").click()
    expect(frame.locator(".pages [aria-current=page]")).to_contain_text("2")
    expect(frame.locator("html")).to_have_attribute("lang", "en")
    frame.get_by_role("combobox").fill("foster")
    frame.get_by_role("combobox").press("Enter")
    expect(frame.locator(".cards > li").first).to_contain_text("foster", ignore_case=True)
    expect(frame.locator("html")).to_have_attribute("lang", "en")


def test_no_link_in_the_frame_leads_to_what_may_not_be_framed(visit):
    page = visit(expected={400})
    for path in ("/embed", "/embed?q=Beratung", "/embed?q=Einhornzucht", "/embed?video=gibtsnicht"):
        page.goto(path)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => [a.protocol, a.pathname, a.target, a.rel])")
        assert links
        for protocol, where, target, rel in links:
            stays = where == "/embed" or protocol == "tel:"
            assert stays or (target == "_blank" and "noopener" in rel), f"{path}: {where} would open inside the frame"


def test_a_wrong_parameter_is_explained_inside_the_frame(visit, listed, address):
    page = visit(expected={400})
    page.goto(f"{listed}/?frame={address}/embed%3Fvideo=gibtsnicht")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Diese Suche kann so nicht gestellt werden")
    frame.get_by_role("link", name="Suche neu beginnen").click()
    expect(frame.get_by_role("combobox")).to_be_visible()


@pytest.mark.parametrize("path", ["/embed", "/embed%3Fq=Wohnung", "/embed/services/wohnsitz-abmelden"])
def test_a_site_that_is_not_listed_is_told_so_in_the_frame_and_gets_nothing_else(visit, unlisted, address, path):
    page = visit(expected={403})
    page.goto(f"{unlisted}/?frame={address}{path}")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Diese Website ist nicht freigegeben")
    expect(frame.get_by_role("link")).to_have_count(2)
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Im Serviceverzeichnis suchen").click()
    expect(opened.value.get_by_label("Was möchten Sie erledigen?")).to_be_visible()


def test_a_site_that_is_not_listed_and_hides_who_it_is_gets_nothing_at_all(visit, unlisted, address):
    page = visit()
    head = '<meta name="referrer" content="no-referrer"><title>x</title><link rel="icon" href="data:,">'
    frame = f'<iframe title="x" src="{address}/embed"></iframe>'
    HOSTED["/heimlich"] = ("text/html", f"<!doctype html>{head}<h1>Eine andere Seite</h1>{frame}", "")
    assert_blocked(page, f"{unlisted}/heimlich")


def test_nothing_but_the_search_can_be_framed_by_anybody(visit, listed, address):
    page = visit(expected={404})
    for path in ("/", "/login", "/desk", "/services/wohnsitz-abmelden", "/gibt-es-nicht", "/help"):
        assert_blocked(page, f"{listed}/?frame={address}{path}")


def assert_blocked(page, url: str) -> None:
    """The host page is there, its frame is empty, and the browser says why."""
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text, timeout=15_000):
        page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Eine andere Seite")
    assert page.frames[1].url.startswith("chrome-error:"), page.frames[1].url
    # These complaints are the ones that were wanted.
    page.watch.faults.clear()
