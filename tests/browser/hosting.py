"""The council's website, on another origin and under a strict policy, and what tests of embeds do on it."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from browser.running import HOSTED
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


def axe(page: Page) -> list[str]:
    # A policy as strict as the host's is one for axe as well, so it comes past it.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(AXE_SCRIPT)
    return [
        f"{violation['id']}: {node['failureSummary']} {node['html'][:200]}"
        for violation in page.evaluate(RUN_AXE, OPTIONS)
        for node in violation["nodes"]
    ]
