"""What the forms' script and style sheet promise, in a browser under the strictest policy."""

from __future__ import annotations

import threading
from importlib.resources import files

import pytest
import waitress.server
from axe_playwright_python.sync_playwright import Axe
from formed import Views, make_app
from playwright.sync_api import expect, sync_playwright
from pyramid.response import Response
from pyramid.static import static_view

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEAD = """<!doctype html><html lang="de"><head><title>Formular</title>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/kern/kern.min.css"><link rel="stylesheet" href="/static/forms.css">
<script type="module" src="/static/forms.js"></script></head>"""


def page(form):
    return {"html": f"{HEAD}<body><main><h1>Dienstleistung</h1>{form.render()}</main></body></html>"}


@pytest.fixture(scope="module")
def address():
    """Where the app of the form tests is served, with the site's own files beside it."""
    app = make_app(Views(), page)
    folder = static_view(str(files("servicedir.web") / "static"), use_subpath=True)

    def site(environ, start_response):
        def start(status, headers, exc_info=None):
            return start_response(status, [*headers, ("Content-Security-Policy", POLICY)], exc_info)

        if environ["PATH_INFO"] == "/favicon.ico":
            return Response(status=204)(environ, start)
        if not environ["PATH_INFO"].startswith("/static/"):
            return app(environ, start)
        request = app.request_factory(environ)
        request.registry = app.registry
        request.subpath = tuple(environ["PATH_INFO"].split("/")[2:])
        return folder(None, request)(environ, start)

    server = waitress.server.create_server(site, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)


@pytest.fixture(scope="module")
def browser(chromium_path):
    with sync_playwright() as playwright:
        # Root may not use the sandbox; nothing is to leave the machine.
        arguments = ["--no-sandbox", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser, address):
    """The form, opened; what the browser complains of fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address, reduced_motion="reduce")
    tab = context.new_page()
    complaints = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("console", lambda message: "Policy" in message.text and complaints.append(message.text))
    tab.goto("/service")
    yield tab
    context.close()
    assert complaints == []


def test_a_list_changes_without_a_new_page_and_says_so(tab):
    tab.evaluate("window.same = true")
    tab.fill("#title-de", "halb getippt ä")
    tab.click("#channels--add")
    expect(tab.locator("#channels-2-kind-1")).to_be_focused()
    expect(tab.get_by_role("status")).to_have_text("Zugangsweg 3 hinzugefügt.")
    assert tab.evaluate("window.same")
    assert tab.input_value("#title-de") == "halb getippt ä"
    tab.click("#channels-2--remove")
    expect(tab.locator("#channels--legend")).to_be_focused()
    expect(tab.locator("#channels-2")).to_have_count(0)


def test_a_list_that_cannot_change_says_so_and_the_next_attempt_goes_the_browsers_way(tab):
    tab.route("**/service", lambda route: route.fulfill(status=503, body="zu viel los"))
    tab.fill("#title-de", "halb getippt")
    tab.click("#channels--add")
    expect(tab.get_by_role("status")).to_contain_text("Das hat nicht geklappt.")
    expect(tab.locator(".forms-failed")).to_be_visible()
    assert tab.input_value("#title-de") == "halb getippt"
    tab.unroute("**/service")
    tab.evaluate("window.same = true")
    tab.click("#channels--add")
    expect(tab.locator("#channels-2")).to_be_visible()
    assert tab.evaluate("window.same") is None


def test_the_summary_of_errors_has_the_focus_and_its_links_lead_to_the_fields(tab):
    tab.fill("#channels-0-periods-1-since", "irgendwann")
    tab.click("#form--save")
    expect(tab.locator("#form--problems")).to_be_focused()
    tab.click("text=Zugangsweg 1 › Abschnitt 2 › Seit")
    expect(tab.locator("#channels-0-periods-1-since")).to_be_focused()
    tab.click("#channels--add")
    expect(tab.locator("#channels-2-kind-1")).to_be_focused()


def test_enter_in_a_field_saves_and_does_not_touch_the_lists(tab):
    tab.fill("#title-de", "")
    tab.press("#channels-1-periods--add >> xpath=//preceding::input[@id='title-en']", "Enter")
    expect(tab.locator(".forms-problems")).to_contain_text("Titel › Deutsch")
    expect(tab.locator("#channels-1")).to_be_visible()


def test_leaving_with_something_typed_asks_first_and_saving_does_not(tab):
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    tab.on("dialog", stay)
    tab.fill("#title-de", "")
    tab.evaluate("location.href = '/account'")
    tab.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    tab.click("#form--save")
    expect(tab.locator("#form--problems")).to_be_focused()
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(tab, theme):
    tab.emulate_media(color_scheme=theme)
    for state in ("fresh", "added", "refused"):
        if state == "added":
            tab.click("#channels--add")
            expect(tab.locator("#channels-2-kind-1")).to_be_focused()
        if state == "refused":
            for wrong in ("#title-de", "#links-0", "#channels-0-periods-0-since"):
                tab.fill(wrong, "")
            tab.click("#form--save")
            expect(tab.locator("#form--problems")).to_be_focused()
        found = Axe().run(tab).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], state


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_wider_than_the_screen(tab, width):
    tab.set_viewport_size({"width": width, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


CLEAR_OF_THE_BAR = """() => {
    const field = document.activeElement.getBoundingClientRect();
    return field.bottom <= document.querySelector(".forms-bar").getBoundingClientRect().top + 1;
}"""


def test_the_bar_with_the_buttons_does_not_cover_what_has_the_focus(tab):
    tab.keyboard.press("Tab")
    fields = 0
    while not tab.evaluate("document.activeElement.closest('.forms-bar') !== null"):
        tab.wait_for_function(CLEAR_OF_THE_BAR, timeout=3000)  # the page may scroll smoothly
        tab.keyboard.press("Tab")
        fields += 1
    assert fields > 30
