"""Takes the pictures for README and docs: a fresh server with the sample catalogue, in the machine's Chromium.

`make screens` runs it. It starts the application as the browser tests do, and leaves nothing behind but the pictures.
Those of the handbook show a city that has worked with the sample for a year; docs/handbook_pictures.py tells its story.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from browser.running import CHROMIUM, ROOT, a_directory, somebody_elses_website
from handbook_pictures import Handbook, a_year_of_work

PICTURES = ROOT / "docs" / "screenshots"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}
# The browser of somebody in a German office, in which nothing moves.
OPTIONS = {"locale": "de-DE", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}


def main() -> None:
    """Writes docs/screenshots/*.png and takes away those that nobody takes any more, or stops with a sentence."""
    named = os.environ.get("SERVICEDIR_CHROMIUM")
    chromium = next(filter(None, map(shutil.which, [named] if named else ["chromium", "google-chrome"])), None)
    if chromium is None:
        sys.exit("There is no Chromium here (Debian: apt-get install chromium).")
    PICTURES.mkdir(exist_ok=True)
    before = set(PICTURES.glob("*.png"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        taken = {*pictures_of_citizens(browser), *pictures_of_editors(browser)}
        browser.close()
    for path in before - taken:
        path.unlink()
        print(f"{path.relative_to(ROOT)}: taken away")


def pictures_of_citizens(browser: Browser) -> list[Path]:
    """Takes what everybody sees; returns the files."""
    with (
        tempfile.TemporaryDirectory() as folder,
        somebody_elses_website() as port,
        a_directory(Path(folder), embed_origins=f"http://localhost:{port}") as address,
    ):
        phone = browser.new_context(base_url=address, viewport=PHONE, is_mobile=True, has_touch=True, **OPTIONS)
        page = browser.new_context(base_url=address, viewport=DESK, **OPTIONS).new_page()
        frame = f"http://localhost:{port}/?frame={address}/embed%3Fq=Wohnung+abmelden"
        return [
            take(phone.new_page(), "/?q=Wohnung+abmelden", "catalogue", PHONE),
            take(page, "/?q=Wohnung+abmelden", "catalogue", DESK),
            take(page, "/services/wohnsitz-abmelden", "service", DESK),
            take(page, frame, "embed", {"width": 720, "height": 600}),
            take(page, "/rollout", "rollout", DESK),
            take(page, "/inquiries/af0147-24", "answer", DESK),
            *pages_of_a_paper(f"{address}/inquiries/af0147-24.pdf", Path(folder)),
        ]


def pages_of_a_paper(address: str, folder: Path) -> list[Path]:
    """Takes pages of an answer as it is printed, by poppler's pdftoppm; returns the files."""
    paper = folder / "paper.pdf"
    paper.write_bytes(urlopen(address).read())  # noqa: S310 - our own server
    subprocess.run(["pdftoppm", "-png", "-r", "60", paper, folder / "page"], check=True)  # noqa: S603, S607
    pages = sorted(folder.glob("page-*.png"))
    return [
        keep(pages[0], "answer-paper-first"),
        keep(pages[1], "answer-paper-tables"),
        keep(pages[-1], "answer-paper-annex"),
    ]


def keep(picture: Path, name: str) -> Path:
    """Keeps a picture that is there already, as docs/screenshots/NAME.png."""
    path = PICTURES / f"{name}.png"
    shutil.copyfile(picture, path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")
    return path


def pictures_of_editors(browser: Browser) -> list[Path]:
    """Takes the pictures of the handbook; returns the files."""
    with tempfile.TemporaryDirectory() as folder:
        a_year_of_work(Path(folder) / "data")
        # Its addresses are shown, and that of a machine would say nothing.
        with a_directory(Path(folder), base_url="https://dienste.example") as address:
            return Handbook(browser, {"base_url": address, "viewport": DESK, **OPTIONS}, PICTURES).take_all()


def take(page: Page, address: str, name: str, size: dict[str, int]) -> Path:
    """Takes what is seen of a page without scrolling, as docs/screenshots/NAME-WIDTH.png."""
    page.set_viewport_size(size)
    page.goto(address)
    page.evaluate("() => document.fonts.ready")
    path = PICTURES / f"{name}-{size['width']}.png"
    page.screenshot(path=path, animations="disabled")
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")
    return path


if __name__ == "__main__":
    main()
