"""The application as people meet it: its own command line and server, the sample catalogue, a real Chromium.

The browser tests and docs/screenshots.py both start it here.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "demo-nur-zum-testen"
# As long as a loaded machine may take; usually it is two seconds.
PATIENCE = 60

CHROMIUM = [
    # What browsers do by themselves: nothing of it belongs into a test, and nothing may leave the machine.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    # Its sandbox refuses to work for root, who is who tests run as in a container.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


@contextmanager
def a_directory(folder: Path, **settings: str) -> Iterator[str]:
    """Yields the address of a server with the sample catalogue and the demo accounts, which writes into `folder`.

    `settings` are those of the application, over the ones of development.ini.
    """
    port = free_port()
    # The housekeeping would come at a moment of its own; a test that wants it calls the command.
    given = {"data": str(folder / "data"), "port": str(port), "host": "127.0.0.1", "housekeeping": "0", **settings}
    # What the person who runs the tests has set for a server of their own is not meant for this one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SERVICEDIR_")}
    environment |= {f"SERVICEDIR_{name.upper()}": value for name, value in given.items()}
    command = [Path(sys.executable).with_name("servicedir"), "-c", ROOT / "development.ini"]
    for step in ("migrate", "sample"):
        subprocess.run([*command, step], env=environment, check=True, capture_output=True)
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([*command, "serve"], env=environment, stdout=log, stderr=log)
    try:
        wait_until_ready(server, port, folder / "log")
        yield f"http://127.0.0.1:{port}"
        if server.poll() is not None:
            raise RuntimeError(f"The server ended by itself: {(folder / 'log').read_text()[-500:]}")
    finally:
        server.terminate()
        server.wait(PATIENCE)


def wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Returns when /readyz says so; raises RuntimeError with the end of the log if it never does."""
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asked.request("GET", "/readyz")
            if asked.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            asked.close()
        time.sleep(0.05)
    raise RuntimeError(f"The server did not start: {log.read_text()[-500:]}")


HOSTED: dict[str, tuple[str, str, str]] = {}
"""Path -> type, content and content security policy of what a test puts onto somebody else's website."""


class Host(BaseHTTPRequestHandler):
    """Somebody else's website: `/?frame=ADDRESS` is a page with that address in a frame; and what is HOSTED."""

    def do_GET(self) -> None:
        if self.path in HOSTED:
            kind, text, policy = HOSTED[self.path]
            self.answer(kind, text, policy)
            return
        target = parse_qs(urlsplit(self.path).query).get("frame", [""])[0]
        frame = f'<iframe title="Dienstleistungen" src="{target}" width="600" height="500"></iframe>' if target else ""
        head = '<!doctype html><html lang="de"><head><title>Ratsseite</title><link rel="icon" href="data:,"></head>'
        self.answer("text/html", f"{head}<body><h1>Eine andere Seite</h1>{frame}</body></html>")

    def answer(self, kind: str, text: str, policy: str = "") -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Says nothing."""


@contextmanager
def somebody_elses_website() -> Iterator[int]:
    """Yields the port of a small web server. By its two names, localhost and 127.0.0.1, it is two websites."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def sign_in(page: Page, login: str) -> None:
    """Signs in as one of the demo accounts, through the page that people do it on; ends on the desk."""
    page.goto("/login")
    page.get_by_label("Anmeldename").fill(login)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/desk")
