"""Takes the pictures for README and docs: a fresh server with the sample catalogue, in the machine's Chromium.

`make screens` runs it. It starts the application as the browser tests do, and leaves nothing behind but the pictures.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from browser.running import CHROMIUM, ROOT, a_directory, sign_in, somebody_elses_website

PICTURES = ROOT / "docs" / "screenshots"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}


def main() -> None:
    """Writes docs/screenshots/*.png, or stops with a sentence."""
    named = os.environ.get("SERVICEDIR_CHROMIUM")
    chromium = next(filter(None, map(shutil.which, [named] if named else ["chromium", "google-chrome"])), None)
    if chromium is None:
        sys.exit("There is no Chromium here (Debian: apt-get install chromium).")
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        somebody_elses_website() as port,
        a_directory(Path(folder), embed_origins=f"http://localhost:{port}") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        options = {"base_url": address, "locale": "de-DE", "reduced_motion": "reduce"}
        phone = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, **options).new_page()
        take(phone, "/?q=Wohnung+abmelden", "catalogue", PHONE)
        page = browser.new_context(viewport=DESK, **options).new_page()
        take(page, "/?q=Wohnung+abmelden", "catalogue", DESK)
        take(page, "/services/wohnsitz-abmelden", "service", DESK)
        frame = f"http://localhost:{port}/?frame={address}/embed%3Fq=Wohnung+abmelden"
        take(page, frame, "embed", {"width": 720, "height": 600})
        sign_in(page, "buergeramt")
        save_a_draft(page)
        take(page, "/desk", "desk", DESK)
        take(page, "/services/wohnsitz-abmelden/edit", "edit", DESK)
        browser.close()


def save_a_draft(page: Page) -> None:
    """Puts something on the desk, which then says more than an empty one."""
    page.goto("/services/meldebescheinigung/edit")
    page.get_by_role("group", name="Dauer").get_by_label("Deutsch").fill("Sie bekommen sie sofort.")
    page.get_by_label("Was haben Sie geändert?").fill("Dauer ergänzt")
    page.locator(".forms-bar").get_by_role("button", name="Entwurf speichern").click()
    page.get_by_role("status").filter(has_text="gespeichert").wait_for()


def take(page: Page, address: str, name: str, size: dict[str, int]) -> None:
    """Takes what is seen of a page without scrolling, as docs/screenshots/NAME-WIDTH.png."""
    page.set_viewport_size(size)
    page.goto(address)
    page.evaluate("() => document.fonts.ready")
    path = PICTURES / f"{name}-{size['width']}.png"
    page.screenshot(path=path, animations="disabled")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
