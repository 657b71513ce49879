"""On somebody else's website, under a strict policy, the element is as good as the search on ours."""

from __future__ import annotations

import re
import urllib.parse

import pytest
from playwright.sync_api import Page, expect

from browser.hosting import Council, axe
from browser.running import free_port


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
    expect(page.get_by_text("Hier ist dazu nichts zu finden")).to_be_visible()
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
