"""What the strengths of the embed cost a page of somebody else: bytes, requests, and the time to the first result.

A browser opens a page on another origin that holds a link, a frame, the element or a fragment, each in a browser that
has seen nothing yet and then once more in the same one. The directory is asked before, so that its answers are kept, as
those of a page that people visit are.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from browser.running import CHROMIUM, a_directory

STRENGTHS = ("link", "frame", "element", "fragment")
QUERY = "office=jugendamt&per_page=10"

# When what somebody looks for is there, in milliseconds since the page was opened. A frame is one of several pages.
_FIRST = {
    "link": ("main", "() => document.querySelector('main a')"),
    "frame": ("frame", "() => document.querySelector('.card')"),
    "element": ("main", "() => document.querySelector('service-directory').shadowRoot?.querySelector('[data-open]')"),
    "fragment": ("main", "() => document.querySelector('.servicedirectory-item')"),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one visit took: requests to the directory, their bytes on the wire, milliseconds to the first result."""

    requests: int
    bytes: int
    first: float


def pasted(strength: str, address: str) -> str:
    """Return what a webmaster pastes; of the fragment, what the own server puts there."""
    link = f'<a href="{address}/?{QUERY}">Dienstleistungen</a>'
    script = f'<script type="module" src="{address}/embed.js"></script>'
    match strength:
        case "link":
            return link
        case "frame":
            return f'<iframe src="{address}/embed?{QUERY}" title="Dienstleistungen" height="640"></iframe>{script}'
        case "element":
            return f'{script}<service-directory office="jugendamt" per-page="10">{link}</service-directory>'
        case _:
            with urllib.request.urlopen(f"{address}/embed?fragment=1&{QUERY}") as answer:  # noqa: S310 - our own
                return str(answer.read().decode())


@contextmanager
def council(contents: dict[str, str]) -> Iterator[int]:
    """Serve the council's pages, one for each strength; yield the port."""

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = contents.get(self.path.strip("/"), "")
            head = '<!doctype html><html lang="de"><title>Rat</title><link rel="icon" href="data:,">'
            body = f"{head}<main>{content}</main></html>".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class Wire:
    """A way to the directory on which what goes over it is counted: requests, and bytes of answers with their heads."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.target = 0
        self.requests = self.bytes = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            client, _address = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._asked, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answered, args=(server, client), daemon=True).start()

    def _asked(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                # A browser does not send a request before the answer to the last one on a connection is there.
                self.requests += data.count(b" HTTP/1.1\r\n")
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)

    def _answered(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                self.bytes += len(data)
                client.sendall(data)
            client.shutdown(socket.SHUT_WR)


def visit(page: Page, url: str, strength: str, wire: Wire) -> Cost:
    """Open a page of the council and wait for the first result."""
    requests, size = wire.requests, wire.bytes
    where, what = _FIRST[strength]
    page.goto(url, wait_until="commit")
    if where == "frame":
        page.wait_for_function("() => frames.length")
        page.frames[1].wait_for_function(what, polling="raf")
    else:
        page.wait_for_function(what, polling="raf")
    first = page.evaluate("() => performance.now()")
    page.wait_for_load_state("networkidle")
    return Cost(wire.requests - requests, wire.bytes - size, first)


def measure(browser: Browser, url: str, strength: str, wire: Wire) -> tuple[Cost, Cost]:
    """Return what a first visit and a second one cost."""
    context = browser.new_context()
    page = context.new_page()
    first = visit(page, url, strength, wire)
    again = visit(page, url, strength, wire)
    context.close()
    return first, again


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    contents: dict[str, str] = {}
    wire = Wire()
    address = f"http://127.0.0.1:{wire.port}"
    with (
        tempfile.TemporaryDirectory(prefix="servicedir-bench-") as folder,
        council(contents) as port,
        a_directory(Path(folder), embed_origins=f"http://localhost:{port}", base_url=address) as server,
        sync_playwright() as playwright,
    ):
        wire.target = int(server.rpartition(":")[2])
        contents |= {strength: pasted(strength, address) for strength in STRENGTHS}
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        print("| strength | visit | requests | bytes | first result, ms: median (least, most) |")
        print("| --- | --- | --- | --- | --- |")
        for strength in STRENGTHS:
            url = f"http://localhost:{port}/{strength}"
            measure(browser, url, strength, wire)
            costs = [measure(browser, url, strength, wire) for _round in range(rounds)]
            for name, visits in zip(("first", "second"), zip(*costs, strict=True), strict=True):
                times = [cost.first for cost in visits]
                middle = f"{statistics.median(times):.0f} ({min(times):.0f}, {max(times):.0f})"
                requests = round(statistics.median(cost.requests for cost in visits))
                size = round(statistics.median(cost.bytes for cost in visits))
                print(f"| {strength} | {name} | {requests} | {size} | {middle} |")
        browser.close()


if __name__ == "__main__":
    main()
