"""A browser for the tests: every visit is a fresh one, and fails if a page does what no page of ours may do."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from browser.hosting import Council
from browser.running import CHROMIUM, HOSTED, a_directory, sign_in, somebody_elses_website

# A loaded machine may take its time; what is right does not wait.
expect.set_options(timeout=15_000)

# Chromium's own words for a page that answered with an error; whether that was meant is judged by the response.
STATUS_REPORT = "Failed to load resource: the server responded with a status of"


@pytest.fixture(scope="package")
def host_port() -> Iterator[int]:
    """The port of a web server that is not ours; as http://localhost:PORT it may frame us, as 127.0.0.1 it may not."""
    with somebody_elses_website() as port:
        yield port


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the directory of all browser tests writes: its data are in the folder `data`."""
    return tmp_path_factory.mktemp("directory")


@pytest.fixture(scope="package")
def address(folder: Path, host_port: int) -> Iterator[str]:
    """Where the directory answers, without a slash at the end."""
    with a_directory(folder, embed_origins=f"http://localhost:{host_port}") as address:
        yield address


@pytest.fixture(scope="package")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM)
        yield browser
        browser.close()


class Watch:
    """Writes down what no page may do: complain, break our content security policy, fail, leave the machine."""

    def __init__(self, context: BrowserContext, own: set[str]) -> None:
        self.faults: list[str] = []
        self.own = own
        self.expected: set[int] = set()
        context.on("console", self.heard)
        context.on("weberror", lambda fault: self.faults.append(f"uncaught: {fault.error}"))
        context.on("request", self.asked)
        context.on("requestfailed", self.failed)
        context.on("response", self.answered)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS_REPORT):
            self.faults.append(f"console: {message.text}")

    def asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc not in self.own:
            self.faults.append(f"asked somebody else: {request.url}")

    def failed(self, request: Request) -> None:
        # Whoever leaves a page ends what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.failure}: {request.url}")

    def answered(self, response: Response) -> None:
        meant = response.request.is_navigation_request() and response.status in self.expected
        if response.status >= 400 and not meant:
            self.faults.append(f"status {response.status}: {response.request.method} {response.url}")

    def judge(self) -> None:
        """Fails the test that is running if there was something to write down, and turns the page."""
        faults, self.faults = list(dict.fromkeys(self.faults)), []
        if faults:
            pytest.fail("\n".join(["The browser had to complain:", *faults]), pytrace=False)


@pytest.fixture(scope="package")
def sessions(chromium: Browser, address: str) -> Callable[[str], Any]:
    """Signs in once for all tests that are not about signing in; returns what a browser keeps of it."""

    @functools.cache
    def session_of(login: str) -> Any:
        context = chromium.new_context(base_url=address, locale="de-DE")
        sign_in(context.new_page(), login)
        kept = context.storage_state()
        context.close()
        return kept

    return session_of


Visit = Callable[..., Page]


@pytest.fixture(scope="package")
def open_page(chromium: Browser, address: str, host_port: int, sessions: Callable[[str], Any]) -> Visit:
    """Opens a page in a browser of its own, with a watch over it; whoever calls closes it and asks the watch."""

    def open_one(login: str = "", expected: Iterable[int] = (), **options: Any) -> Page:
        # KERN scrolls smoothly, and what is scrolled to is not there at once; who asks for less motion has it there.
        usual = {"locale": "de-DE", "viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
        session = {"storage_state": sessions(login)} if login else {}
        context = chromium.new_context(base_url=address, **{**usual, **session, **options})
        context.set_default_timeout(15_000)
        watch = Watch(context, {urlsplit(address).netloc, f"localhost:{host_port}", f"127.0.0.1:{host_port}"})
        watch.expected |= set(expected)
        page = context.new_page()
        page.watch = watch  # type: ignore[attr-defined]
        return page

    return open_one


@pytest.fixture
def visit(open_page: Visit) -> Iterator[Visit]:
    """Opens a page in a browser of its own: `visit(login=…, expected={404}, …)`, and options of Playwright's contexts.

    `expected` are the statuses above 399 that a page may answer with. At the end the test fails if a page
    complained on the console, broke the policy, missed a file or asked another host. `page.watch` knows.
    """
    pages: list[Any] = []

    def open_one(**options: Any) -> Page:
        pages.append(open_page(**options))
        return pages[-1]

    yield open_one
    for page in pages:
        page.context.close()
    for page in pages:
        page.watch.judge()


@pytest.fixture
def listed(host_port: int) -> str:
    """A website that `servicedir.embed_origins` names; to a browser a different site than ours."""
    return f"http://localhost:{host_port}"


@pytest.fixture
def unlisted(host_port: int) -> str:
    """The same one under a name that is not on the list."""
    return f"http://127.0.0.1:{host_port}"


@pytest.fixture
def council(listed: str, address: str) -> Iterator[Council]:
    """The council's website, which may embed us."""
    yield Council(listed, address)
    HOSTED.clear()


@pytest.fixture
def page(visit: Visit) -> Page:
    """A page of a stranger with a wide screen."""
    return visit()
