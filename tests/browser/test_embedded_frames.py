"""Frames and fragments on somebody else's website, under a strict policy, and the page that puts embeds together."""

from __future__ import annotations

import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from browser.hosting import axe


def frame_of(address: str, query: str = "") -> str:
    return f'<iframe title="Dienstleistungen" src="{address}/embed{query}" height="300"></iframe>'


HEIGHTS = """() => [document.querySelector("iframe").getBoundingClientRect().height]"""


def inner(page: Page) -> float:
    return page.frames[1].evaluate("() => Math.ceil(document.body.getBoundingClientRect().height)")


def test_the_height_of_a_frame_follows_what_is_in_it(visit, council, address):
    page = visit()
    page.goto(council.put(frame_of(address, "?per_page=10")))
    frame = page.frame_locator("iframe")
    expect(frame.locator(".cards > li")).to_have_count(10)
    page.wait_for_function("() => document.querySelector('iframe').getBoundingClientRect().height > 1000")
    assert abs(page.evaluate(HEIGHTS)[0] - inner(page)) <= 1
    assert page.frames[1].evaluate("() => document.documentElement.scrollHeight - innerHeight") <= 0
    frame.get_by_role("combobox").fill("Wohnsitz abmelden")
    frame.get_by_role("combobox").press("Enter")
    expect(frame.locator(".cards > li").first).to_contain_text("Wohnsitz abmelden")
    frame.get_by_role("combobox").fill("Einhornzucht")
    frame.get_by_role("button", name="Suchen").click()
    expect(frame.locator(".nothing")).to_be_visible()
    page.wait_for_function("() => document.querySelector('iframe').getBoundingClientRect().height < 900")
    assert abs(page.evaluate(HEIGHTS)[0] - inner(page)) <= 1
    page.set_viewport_size({"width": 360, "height": 700})
    page.wait_for_timeout(300)
    assert abs(page.evaluate(HEIGHTS)[0] - inner(page)) <= 1


def test_suggestions_in_a_frame_are_not_cut_off(visit, council, address):
    page = visit()
    page.goto(council.put(frame_of(address, "?search=on&q=Einhornzucht")))
    frame = page.frame_locator("iframe")
    frame.get_by_role("combobox").fill("wohn")
    expect(frame.get_by_role("option").last).to_be_visible()
    page.wait_for_timeout(300)
    assert abs(page.evaluate(HEIGHTS)[0] - inner(page)) <= 1


def test_nobody_else_sets_the_height_of_a_frame(visit, council, address, unlisted):
    page = visit()
    other = f'<iframe id="other" title="Anderes" src="{address}/embed?q=Hund" height="200"></iframe>'
    page.goto(council.put(frame_of(address, "?per_page=3") + other))
    expect(page.frame_locator("iframe >> nth=0").locator(".cards > li")).to_have_count(3)
    page.wait_for_function("() => document.querySelector('iframe').style.height")
    before = page.evaluate(HEIGHTS)
    page.evaluate(
        """(origin) => {
      const source = document.querySelector("iframe").contentWindow;
      const shapes = [{ type: "servicedirectory:height", height: 9 }];
      for (const data of shapes) {
        // From this page, from another origin, from ours but not from a frame, and from ours in a wrong shape.
        dispatchEvent(new MessageEvent("message", { data, origin: location.origin, source: window }));
        dispatchEvent(new MessageEvent("message", { data, origin: "https://elsewhere.example.org", source }));
        dispatchEvent(new MessageEvent("message", { data, origin, source: window }));
      }
      for (const data of [null, "9", { type: "other", height: 9 }, { type: "servicedirectory:height" },
        { type: "servicedirectory:height", height: "9" }, { type: "servicedirectory:height", height: -9 },
        { type: "servicedirectory:height", height: Infinity }, { type: "servicedirectory:height", height: NaN }]) {
        dispatchEvent(new MessageEvent("message", { data, origin, source }));
      }
      postMessage({ type: "servicedirectory:height", height: 9 }, "*");
    }""",
        address,
    )
    page.wait_for_timeout(200)
    assert page.evaluate(HEIGHTS) == before
    page.evaluate(
        """(origin) => {
      const source = document.querySelector("iframe").contentWindow;
      const data = { type: "servicedirectory:height", height: 777 };
      dispatchEvent(new MessageEvent("message", { data, origin, source }));
    }""",
        address,
    )  # So that the above can fail.
    assert page.evaluate(HEIGHTS) == [777]


def test_a_frame_answers_to_the_page_around_it_and_to_nobody_else(visit, council, address):
    page = visit()
    page.goto(council.put(frame_of(address, "?per_page=3"), script=False))
    expect(page.frame_locator("iframe").locator(".cards > li")).to_have_count(3)
    page.evaluate("() => { window.heard = []; addEventListener('message', ({ data }) => heard.push(data)); }")
    inside = page.frames[1]
    inside.evaluate("() => { postMessage({ type: 'servicedirectory:hello' }, '*'); }")
    page.wait_for_timeout(200)
    assert page.evaluate("() => heard") == []
    page.evaluate("() => frames[0].postMessage({ type: 'servicedirectory:hello' }, '*')")
    page.wait_for_function("() => heard.length")
    assert set(page.evaluate("() => heard[0]")) == {"type", "height"}


def test_what_is_opened_in_a_frame_is_counted_for_the_site_around_it(visit, council, address):
    page = visit()
    page.goto(council.put(frame_of(address, "?q=Wohnsitz+abmelden")))
    frame = page.frame_locator("iframe")
    with page.context.expect_page(), page.expect_response(f"{address}/embed/clicks") as counted:
        frame.get_by_role("link", name="Wohnsitz abmelden", exact=True).click()
    assert counted.value.status == 204
    assert counted.value.request.post_data == f"site={urllib.parse.quote(council.site, safe='')}"


def test_a_frame_works_without_any_script(visit, council, address):
    page = visit(java_script_enabled=False)
    page.goto(council.put(frame_of(address)))
    frame = page.frame_locator("iframe")
    frame.get_by_label("Was möchten Sie erledigen?").fill("Wohnung abmelden")
    frame.get_by_role("button", name="Suchen").click()
    expect(frame.locator(".cards > li").first).to_contain_text("Wohnsitz abmelden")
    assert page.context.cookies() == []


# The fragment


@pytest.mark.parametrize("layout", ["cards", "list", "table"])
def test_a_fragment_is_a_part_of_the_page(visit, council, address, layout):
    """The host's server fetches it, as an include of nginx or a plug-in of a content management system does."""
    wanted = f"{address}/embed?fragment=1&q=Wohnung&layout={layout}"
    with urllib.request.urlopen(wanted) as answer:  # noqa: S310 - it is our own server
        fragment = answer.read().decode()
    page = visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(council.put(f"<h2>Dienstleistungen</h2>{fragment}", script=False))
    link = page.locator(".servicedirectory-title").first
    expect(link).to_be_visible()
    assert "Georgia" in link.evaluate("one => getComputedStyle(one).fontFamily")
    assert not [url for url in asked if url.startswith(address)]
    assert axe(page) == []
    page.get_by_role("link", name="Wohnsitz abmelden", exact=True).click()
    page.wait_for_url(f"{address}/services/wohnsitz-abmelden")


# The builder


def test_what_is_chosen_in_the_builder_is_seen_and_can_be_copied(visit, address, council):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto("/embed/builder")
    page.get_by_label("Darstellung").select_option("table")
    page.get_by_label("Treffer je Seite").select_option("5")
    page.get_by_label("Darstellung").focus()
    expect(page.locator("#snippet-element")).to_contain_text('layout="table" lang="de"')
    expect(page.locator("service-directory table tbody tr")).to_have_count(5)
    expect(page.frame_locator("iframe").locator("table tbody tr")).to_have_count(5)
    expect(page.get_by_label("Darstellung")).to_be_focused()
    page.wait_for_function("() => document.querySelector('iframe').style.height")
    page.get_by_role("button", name="Kopieren : Element").click()
    expect(page.get_by_role("status").filter(has_text="In die Zwischenablage kopiert")).to_be_attached()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.locator("#snippet-element").inner_text()

    # What was copied works where it is pasted.
    there = visit()
    there.goto(council.put(copied, script=False))
    expect(there.locator("service-directory table tbody tr")).to_have_count(5)


def test_the_builder_works_without_a_script(visit):
    page = visit(java_script_enabled=False)
    page.goto("/embed/builder")
    expect(page.get_by_role("button", name="Kopieren")).to_have_count(0)
    page.get_by_label("Darstellung").select_option("list")
    page.locator("summary", has_text="Amt").click()
    page.get_by_label("Jugendamt").check()
    page.get_by_role("button", name="Vorschau zeigen").click()
    expect(page.locator("#snippet-frame")).to_contain_text("office=jugendamt")
    expect(page.frame_locator("iframe").locator(".servicedirectory-list--list")).to_be_visible()
    expect(page.get_by_label("Jugendamt")).to_be_checked()
