"""The documents keep up with the code: settings, commands, dependencies, terms are there, and links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest

from servicedir.cli import main
from servicedir.domain import words
from servicedir.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *sorted(DOCS.rglob("*.md"))]
ENUMS = sorted({type(term) for term, _, _ in words._LABELS}, key=lambda enum: enum.__name__)


def rows(page: str) -> list[list[str]]:
    """The cells of every table row of a page in docs/."""
    lines = (DOCS / page).read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]


def as_written(default: Any) -> str:
    """A default as the table of settings writes it."""
    match default:
        case bool():
            return f"`{str(default).lower()}`"
        case tuple():
            return f"`{' '.join(default)}`" if default else "empty"
        case "":
            return "empty"
        case _:
            return f"`{default}`"


def commands(group: click.Group, name: str) -> Iterator[str]:
    """The names of all commands of a group, those of groups within it included."""
    for word, command in group.commands.items():
        yield f"{name} {word}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {word}")


def test_every_setting_is_explained_with_its_default_and_no_other() -> None:
    told = {row[0]: row[1] for row in rows("operations.md") if row[0].startswith("`servicedir.")}
    defaults = {f"`servicedir.{field.name}`": as_written(field.default) for field in fields(Settings)}
    # Nothing starts without a secret, so its empty default is none.
    assert told == defaults | {"`servicedir.secret`": "none"}


@pytest.mark.parametrize("command", list(commands(main, "servicedir")))
def test_every_command_is_explained(command: str) -> None:
    assert any(re.match(rf"`{command}[ `]", row[0]) for row in rows("operations.md"))


def test_no_command_is_explained_that_does_not_exist() -> None:
    known = set(commands(main, "servicedir"))
    for cell in {row[0] for row in rows("operations.md") if row[0].startswith("`servicedir ")}:
        assert " ".join(re.findall(r"^`servicedir|(?<= )[a-z]+\b", cell)).lstrip("`") in known, cell


@pytest.mark.parametrize("lock", ["run", "test", "build", "node"])
def test_every_dependency_has_its_reason(lock: str) -> None:
    told = {name.strip() for row in rows("dependencies.md") if len(row) > 1 and row[1] for name in row[0].split(",")}
    lines = (ROOT / "requirements" / f"{lock}.in").read_text("utf-8").splitlines()
    wanted = {match[0] for line in lines if (match := re.match(r"[A-Za-z][\w.-]*", line))}
    assert wanted <= told


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_term_is_in_the_glossary(enum: Any) -> None:
    told = {tuple(row[:3]) for row in rows("glossary.md")}
    text = (DOCS / "glossary.md").read_text("utf-8")
    for term in enum:
        names = words.label(term, "de"), words.label(term, "en")
        # A contradiction is called by a whole sentence, so its value alone is explained.
        assert (*names, f"`{term}`") in told or (names[0].endswith(".") and f"`{term}`" in text), term


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_every_decision_is_listed() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")
    for page in sorted((DOCS / "decisions").glob("*.md")):
        assert f"(decisions/{page.name})" in text
