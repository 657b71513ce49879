"""On somebody else's website, under a strict policy, the search is as good as on ours: element, frame and fragment."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from browser.running import HOSTED, free_port
from browser.test_accessibility import OPTIONS, RUN_AXE

STYLE = """
body { font-family: Georgia, serif; color: rgb(20, 60, 20); background: rgb(250, 250, 240); max-width: 50rem; }
service-directory { --servicedirectory-radius: 0; }
service-directory::part(title) { text-transform: uppercase; }
iframe { width: 100%; border: 0; }
.servicedirectory-list :is(th, td, li) { padding-block: 0.5rem; }
"""

# What a careful webmaster allows, and that no text is ever taken for markup (Trusted Types).
POLICY = (
    "default-src 'none'; script-src {address}; connect-src {address}; frame-src {address}; style-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'self'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@pytest.fixture
def listed(host_port: int) -> str:
    """A website on the list; to a browser a different site than ours."""
    return f"http://localhost:{host_port}"


@pytest.fixture
def unlisted(host_port: int) -> str:
    return f"http://127.0.0.1:{host_port}"


class Council:
    """The council's website, on which a test puts what it is about."""

    def __init__(self, site: str, address: str) -> None:
        self.site = site
        self.address = address

    def put(self, content: str, *, script: bool = True, allowed: str = "", lang: str = "de") -> str:
        """Put content onto a page; returns its address."""
        load = f'<script type="module" src="{self.address}/embed.js"></script>' if script else ""
        head = (
            f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rat</title>'
            f'<link rel="icon" href="data:,"><link rel="stylesheet" href="/stil.css">{load}'
        )
        page = (
            f'<!doctype html><html lang="{lang}"><head>{head}</head><body><main><h1>Der Rat</h1>{content}'
            '<p id="below">Darunter geht es weiter.</p></main></body></html>'
        )
        HOSTED["/rat"] = ("text/html", page, POLICY.format(address=f"{self.address} {allowed}".strip()))
        HOSTED["/stil.css"] = ("text/css", STYLE, "")
        return f"{self.site}/rat"

    def element(self, attributes: str = "", **options: str) -> str:
        """Put the element onto a page, with the link that stays where there is no script."""
        return self.put(self.pasted(attributes), **options)  # type: ignore[arg-type]

    def pasted(self, attributes: str = "") -> str:
        return f'<service-directory {attributes}><a href="{self.address}/">Zum Verzeichnis</a></service-directory>'


@pytest.fixture
def council(listed: str, address: str) -> Iterator[Council]:
    yield Council(listed, address)
    HOSTED.clear()


def axe(page: Page) -> list[str]:
    # A policy as strict as the host's is one for axe as well, so it comes past it.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(AXE_SCRIPT)
    return [
        f"{violation['id']}: {node['failureSummary']} {node['html'][:200]}"
        for violation in page.evaluate(RUN_AXE, OPTIONS)
        for node in violation["nodes"]
    ]


def results(page: Page) -> list[str]:
    return page.locator("service-directory [data-open]").all_text_contents()


# The element


def test_the_element_is_searched_by_keyboard_alone(visit, council, address):
    page = visit()
    page.goto(council.element('per-page="5"'))
    expect(page.get_by_role("heading", level=2)).to_contain_text("Dienstleistungen")
    page.keyboard.press("Tab")
    box = page.get_by_role("combobox", name="Was möchten Sie erledigen?")
    expect(box).to_be_focused()
    page.keyboard.type("wohn")
    expect(page.locator("[role=option]").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("mit den Pfeiltasten wählen")
    page.keyboard.press("ArrowDown")
    first = page.locator("[role=option]").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    page.keyboard.press("ArrowUp")
    expect(page.locator("[role=option]").last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value("wohn")
    box.fill("Wohnung abmelden")
    page.keyboard.press("Enter")
    expect(page.locator("[data-open]").first).to_have_text("Wohnsitz abmelden", ignore_case=True)
    expect(page.get_by_role("status")).to_contain_text("Dienstleistungen")
    expect(box).to_be_focused()

    # On to a filter, which is followed at once and keeps the focus.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Filter", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    chosen = page.get_by_role("group", name="Video").get_by_role("checkbox").first
    expect(chosen).to_be_focused()
    page.get_by_role("checkbox", name="Testbetrieb").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-open]")).to_have_count(2)
    expect(page.get_by_role("checkbox", name="Testbetrieb")).to_be_focused()
    expect(page.get_by_role("checkbox", name="Testbetrieb")).to_be_checked()
    expect(page.locator("summary")).to_contain_text("(1)")
    page.keyboard.press("Space")
    expect(page.locator("summary")).not_to_contain_text("(1)")
    box.fill("Wohnung")
    page.keyboard.press("Enter")
    expect(page.locator("[data-open]")).to_have_count(5)

    # To the next page, which begins with its heading.
    page.get_by_role("button", name="Nächste Seite").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Seite 2", exact=True)).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("heading", level=2)).to_be_focused()

    # And to a service.
    page.locator("[data-open]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/services/*")
    assert page.context.cookies() == []


def test_a_suggestion_of_a_service_leads_there(visit, council, address):
    page = visit()
    page.goto(council.element())
    page.get_by_role("combobox").first.fill("wohnsitz abm")
    page.get_by_role("option", name="Wohnsitz abmelden").click()
    page.wait_for_url(f"{address}/services/wohnsitz-abmelden")


@pytest.mark.parametrize("layout", ["cards", "list", "table"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_is_silent_with_everything_open(visit, council, layout, width):
    page = visit(viewport={"width": width, "height": 900})
    page.goto(council.element(f'layout="{layout}" per-page="3" q="wohnung"'))
    expect(page.locator("[data-open]")).to_have_count(3)
    page.locator("summary").click()
    page.get_by_role("combobox").first.fill("wohn")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert axe(page) == []
    room = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert room[0] <= room[1]


def test_axe_is_silent_where_nothing_is_found_and_where_nothing_can_be_shown(visit, council):
    page = visit()
    page.goto(council.element('q="Einhornzucht" office="jugendamt"'))
    expect(page.get_by_text("Dazu ist nichts zu finden")).to_be_visible()
    assert axe(page) == []
    page.goto(council.element('video="sometimes"'))
    expect(page.get_by_role("alert")).to_contain_text("sometimes")
    assert axe(page) == []
    page.watch.faults.clear()  # The 400 was asked for.


def test_every_attribute_is_a_parameter_of_the_search(visit, council):
    page = visit()
    said = {
        "q": "Beratung",
        "video": "live pilot",
        "channel": "video",
        "nature": "advisory",
        "office": "jugendamt",
        "on": "2024-09-01",
        "sort": "title",
        "per-page": "2",
        "lang": "en",
    }
    with page.expect_response(re.compile("/api/v1/services")) as asked:
        page.goto(council.element(" ".join(f'{name}="{value}"' for name, value in said.items())))
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(asked.value.url).query)
    wanted = {name.replace("-", "_"): [value] for name, value in said.items()}
    assert query == {**wanted, "video": ["live", "pilot"]}
    assert "cookie" not in asked.value.request.all_headers()
    expect(page.get_by_text("As of September 1, 2024")).to_be_visible()
    expect(page.get_by_role("combobox").first).to_have_value("Beratung")


def test_a_changed_attribute_is_followed(visit, council):
    page = visit()
    page.goto(council.element('office="jugendamt" search="off" layout="list"'))
    expect(page.locator("[data-open]").first).to_be_visible()
    before = results(page)
    with page.expect_response(re.compile("office=standesamt")):
        page.evaluate("() => { document.querySelector('service-directory').setAttribute('office', 'standesamt'); }")
    expect(page.locator("[data-open]").first).not_to_have_text(before[0])
    expect(page.locator("[part=office]").first).to_contain_text("Standesamt")


def test_nothing_is_asked_for_twice(visit, council, address):
    page = visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address).partition("?")[0]))
    page.goto(council.put(council.pasted('q="Hund" lang="de"') + council.pasted('search="off"')))
    expect(page.locator("service-directory >> nth=0").locator("[data-open]").first).to_be_visible()
    expect(page.locator("service-directory >> nth=1").locator("[data-open]").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    ours = sorted(path for path in asked if path.startswith(("/api", "/embed")))
    assert ours == ["/api/v1/services", "/api/v1/services", "/embed.js", "/embed/allowed"]
    page.reload()  # From the browser's cache everything comes at other moments.
    expect(page.locator("service-directory >> nth=1").locator("[data-open]").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked.count("/api/v1/services") == 4


def test_a_fixed_list_has_neither_search_box_nor_filters(visit, council):
    page = visit()
    page.goto(council.element('search="off" office="jugendamt" layout="list"'))
    expect(page.locator("[data-open]").first).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)
    expect(page.locator("summary")).to_have_count(0)


def test_a_given_office_is_no_filter_to_choose_and_others_count_within_it(visit, council):
    page = visit()
    page.goto(council.element('office="jugendamt"'))
    page.locator("summary").click()
    expect(page.get_by_role("group", name="Video")).to_be_visible()
    expect(page.get_by_role("group", name="Amt", exact=True)).to_have_count(0)


def test_it_speaks_the_language_of_its_page_or_its_own(visit, council):
    page = visit()
    page.goto(council.element(lang="en-GB"))
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=2)).to_contain_text("services")
    page.goto(council.element('lang="de"', lang="en"))
    expect(page.get_by_role("button", name="Suchen", exact=True)).to_be_visible()
    page.goto(council.element(lang="fr"))
    expect(page.get_by_role("button", name="Suchen", exact=True)).to_be_visible()


def test_it_looks_at_home(visit, council):
    page = visit()
    page.goto(council.element('per-page="2"'))
    title = page.locator("[data-open]").first
    expect(title).to_be_visible()
    look = "(one, name) => getComputedStyle(one)[name]"
    assert "Georgia" in title.evaluate(look, "fontFamily")
    assert title.evaluate(look, "textTransform") == "uppercase"
    assert page.get_by_role("heading", level=2).evaluate(look, "color") == "rgb(20, 60, 20)"
    assert page.get_by_role("button", name="Suchen").evaluate(look, "borderTopLeftRadius") == "0px"


def test_the_page_hears_of_results_and_may_open_them_itself(visit, council):
    page = visit()
    page.goto(council.element('q="Wohnsitz abmelden" per-page="2"'))
    expect(page.locator("[data-open]").first).to_be_visible()
    page.evaluate("""() => {
      window.heard = [];
      for (const name of ["results", "open"]) {
        document.addEventListener(`servicedirectory:${name}`, (event) => {
          heard.push([name, event.detail, event.composed, event.target.localName]);
          event.preventDefault();
        });
      }
    }""")
    page.get_by_role("button", name="Nächste Seite").click()
    expect(page.get_by_role("button", name="Seite 2", exact=True)).to_have_attribute("aria-current", "page")
    page.locator("[data-open]").first.click()
    (found, opened) = page.evaluate("() => heard")
    assert (found[0], found[1]["page"], found[1]["perPage"], len(found[1]["items"])) == ("results", 2, 2, 2)
    assert found[2:] == [True, "service-directory"]
    assert opened[0] == "open"
    assert opened[1]["url"].endswith(f"/services/{opened[1]['slug']}")
    assert page.url.endswith("/rat")  # The page did not want it to be opened.


def test_what_is_opened_is_counted_for_the_site_and_nothing_goes_anywhere_else(visit, council, address):
    page = visit()
    asked = []
    page.context.on("request", lambda request: asked.append((request.method, request.url)))
    page.goto(council.element('q="Wohnsitz abmelden" target="_blank"'))
    with page.expect_response(f"{address}/embed/clicks") as counted, page.context.expect_page() as opened:
        page.locator("[data-open]").first.click()
    assert counted.value.status == 204
    assert counted.value.request.post_data is None
    assert opened.value.evaluate("() => window.opener") is None
    assert {url.split("/")[2] for _method, url in asked} <= {address.split("/")[2], council.site.split("/")[2]}
    assert page.context.cookies() == []
    stored = "() => [localStorage.length, sessionStorage.length]"
    assert page.evaluate(stored) == [0, 0]


def test_several_elements_know_nothing_of_each_other(visit, council):
    page = visit()
    both = council.pasted('id="one" q="Hund"') + council.pasted(
        'id="two" search="off" layout="list" office="jugendamt"'
    )
    page.goto(council.put(both))
    one, two = page.locator("#one"), page.locator("#two")
    expect(two.locator("[data-open]").first).to_be_visible()
    expect(one.locator("[data-open]").first).to_be_visible()
    before = two.locator("[data-open]").all_text_contents()
    one.get_by_role("combobox").first.fill("Wohnsitz abmelden")
    one.get_by_role("button", name="Suchen").click()
    expect(one.locator("[data-open]").first).to_have_text("Wohnsitz abmelden", ignore_case=True)
    assert two.locator("[data-open]").all_text_contents() == before
    assert axe(page) == []


def test_only_the_last_of_several_questions_is_answered(visit, council):
    page = visit()
    page.goto(council.element('search="off" layout="list"'))
    expect(page.locator("[data-open]").first).to_be_visible()
    late = []
    page.route("**/api/v1/services*q=Hund*", lambda route: late.append(route))
    page.evaluate("() => { document.querySelector('service-directory').search({ q: 'Hund' }); }")
    page.wait_for_timeout(100)
    page.evaluate("() => { document.querySelector('service-directory').search({ q: 'Wohnsitz abmelden' }); }")
    expect(page.locator("[data-open]").first).to_have_text("Wohnsitz abmelden", ignore_case=True)
    for route in late:
        route.abort()
    page.wait_for_timeout(200)
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.locator("[data-open]").first).to_have_text("Wohnsitz abmelden", ignore_case=True)


def test_what_a_service_says_is_text_whatever_it_is(visit, council):
    page = visit()
    page.route(
        "**/api/v1/services*",
        lambda route: route.fulfill(
            headers={"Access-Control-Allow-Origin": "*"},
            json={
                "total": 1,
                "page": 1,
                "per_page": 20,
                "suggestion": None,
                "facets": {name: [] for name in ("video", "channel", "nature")},
                "items": [
                    {
                        "slug": "x",
                        "title": "<img src=x onerror=alert(1)>",
                        "summary": "",
                        "highlight": "&lt;b&gt;<mark>Hund</mark> &amp; <img src=x onerror=alert(1)>",
                        "url": "https://dienste.example.org/",
                        "nature": "advisory",
                        "office": {"slug": "x", "name": "<b>Amt</b>"},
                        "video": {"stage": "unknown", "since": None, "until": None},
                        "channels": [],
                    }
                ],
            },
        ),
    )
    page.goto(council.element())
    expect(page.locator("[data-open]")).to_have_text("<img src=x onerror=alert(1)>", ignore_case=True)
    expect(page.locator("[part=summary]")).to_have_text("<b>Hund & <img src=x onerror=alert(1)>")
    expect(page.locator("mark")).to_have_text("Hund")
    expect(page.locator("service-directory img, service-directory b")).to_have_count(0)


SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 300);
})"""


@pytest.mark.parametrize("layout", ["cards", "list", "table"])
def test_nothing_jumps_while_results_are_loaded(visit, council, layout):
    page = visit(viewport={"width": 1280, "height": 900})
    waiting = []
    page.route("**/api/v1/services*", lambda route: waiting.append(route))
    page.goto(council.element(f'layout="{layout}" per-page="5" search="off"'))
    where = "() => Math.round(document.querySelector('#below').getBoundingClientRect().top + scrollY)"
    page.wait_for_function("() => document.querySelector('service-directory').shadowRoot?.querySelector('.results')")
    before = page.evaluate(where)
    while not waiting:
        page.wait_for_timeout(20)
    waiting.pop().continue_()
    expect(page.locator("[data-open]").first).to_be_visible()
    assert page.evaluate(SHIFTS) < 0.1
    assert page.evaluate(where) >= before
    # The next page takes no room away, not even for a moment.
    page.unroute("**/api/v1/services*")
    after = page.evaluate(where)
    page.route("**/api/v1/services*", lambda route: waiting.append(route))
    page.get_by_role("button", name="Nächste Seite").click()
    while not waiting:
        page.wait_for_timeout(20)
    assert page.evaluate(where) == after
    waiting.pop().continue_()
    expect(page.get_by_role("button", name="Seite 2", exact=True)).to_have_attribute("aria-current", "page")


# Where it cannot work


def test_a_server_that_is_down_leaves_a_sentence_and_the_link(visit, council):
    nobody = f"http://127.0.0.1:{free_port()}"
    page = visit()
    page.goto(council.element(f'src="{nobody}/"', allowed=nobody))
    expect(page.get_by_role("alert")).to_contain_text("gerade nicht zu erreichen")
    expect(page.get_by_role("link", name="Zum Verzeichnis")).to_be_visible()
    assert axe(page) == []
    page.watch.faults.clear()


def test_a_server_that_comes_back_is_asked_again(visit, council):
    page = visit()
    page.route("**/api/v1/services*", lambda route: route.fulfill(status=503, body="{}"))
    page.goto(council.element())
    expect(page.get_by_role("alert")).to_contain_text("gerade nicht zu erreichen")
    page.unroute("**/api/v1/services*")
    page.get_by_role("button", name="Noch einmal versuchen").click()
    expect(page.locator("[data-open]").first).to_be_visible()
    expect(page.get_by_role("alert")).to_be_empty()
    expect(page.get_by_role("link", name="Zum Verzeichnis")).to_be_hidden()
    page.watch.faults.clear()


def test_a_script_that_does_not_come_leaves_the_link(visit, council, address):
    page = visit()
    page.route("**/embed.js", lambda route: route.abort())
    page.goto(council.element())
    expect(page.get_by_role("link", name="Zum Verzeichnis")).to_be_visible()
    page.watch.faults.clear()
    without = visit(java_script_enabled=False)
    without.goto(council.element())
    expect(without.get_by_role("link", name="Zum Verzeichnis")).to_be_visible()


def test_a_site_that_is_not_on_the_list_is_told_so_and_keeps_its_link(visit, unlisted, address):
    page = visit()
    page.goto(Council(unlisted, address).element())
    expect(page.get_by_role("alert")).to_contain_text("für diese Website noch nicht freigegeben")
    expect(page.get_by_role("link", name="Zum Verzeichnis")).to_be_visible()
    expect(page.locator("[data-open]")).to_have_count(0)
    assert axe(page) == []


# The frame


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
