"""The editors' handbook keeps up: its pictures are those that the script takes, its tables say what the code says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from web import faces

from servicedir.domain import words
from servicedir.domain.service import ChannelKind
from servicedir.domain.workflow import DUTIES, PERMISSIONS, Duty, Permission, Role, State
from servicedir.exchange.columns import COLUMNS
from servicedir.web.naming import DESK_MENU

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PICTURES = DOCS / "screenshots"
HANDBOOK = (DOCS / "handbuch.md").read_text("utf-8")
TEXTS = {path: path.read_text("utf-8") for path in (ROOT / "README.md", *sorted(DOCS.rglob("*.md")))}
SHOWN = {
    (path.parent / target).resolve()
    for path, text in TEXTS.items()
    for target in re.findall(r"!?\[[^\]]+\]\(([^)]+\.png)\)", text)
}
BIGGEST = 200_000  # bytes; whoever reads this on the net pays for each


def cells(line: str) -> list[str]:
    """The cells of a row of a table, in which a bar is written with a backslash before it."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def table(heading: str, header: str) -> list[list[str]]:
    """The rows of the table under a heading of the handbook whose first row begins with `header`."""
    _, _, section = HANDBOOK.partition(f"# {heading}\n")
    lines = section[section.index(f"| {header} |") :].splitlines()
    found = []
    for line in lines[2:]:
        if not line.startswith("|"):
            break
        found.append(cells(line))
    return found


def code(cell: str) -> str:
    """What stands in a cell as it stands in the code."""
    found = re.search(r"`([^`]+)`", cell)
    assert found, cell
    return found[1]


def taken() -> set[Path]:
    """The pictures that docs/screenshots.py takes: the names that it says, with the width it adds to some."""
    names = set()
    for script in ("screenshots.py", "handbook_pictures.py"):
        for node in ast.walk(ast.parse((DOCS / script).read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="shoot"), args=[_, ast.Constant(str(name)), *_]):
                    names.add(f"handbuch-{name}")
                case ast.Call(func=ast.Name("keep"), args=[_, ast.Constant(str(name))]):
                    names.add(name)
                case ast.Call(func=ast.Name("take"), args=[_, _, ast.Constant(str(name)), ast.Name(size)]):
                    names.add(f"{name}-{ {'DESK': 1280, 'PHONE': 360}[size] }")
                case ast.Call(func=ast.Name("take"), args=[_, _, ast.Constant(str(name)), ast.Dict(values=[width, _])]):
                    names.add(f"{name}-{ast.literal_eval(width)}")
    return {PICTURES / f"{name}.png" for name in names}


def test_every_picture_that_is_shown_is_taken_by_the_script() -> None:
    assert {path for path in SHOWN if path.parent == PICTURES} == SHOWN
    assert taken() >= SHOWN


def test_every_picture_of_the_script_is_there_and_shown() -> None:
    assert taken() == set(PICTURES.glob("*.png"))
    assert taken() <= SHOWN


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.png")), ids=lambda picture: picture.stem)
def test_a_picture_is_one_and_not_too_big(picture: Path) -> None:
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < BIGGEST


def test_links_within_the_handbook_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", HANDBOOK, re.MULTILINE)
    there = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    wanted = set(re.findall(r"\]\(#([^)]+)\)", HANDBOOK))
    assert wanted
    assert wanted <= there


@pytest.mark.parametrize(("route", "label"), [(route, str(label)) for route, label, _duty in DESK_MENU])
def test_every_line_of_the_menu_is_named(route: str, label: str) -> None:
    assert f"*{label}*" in HANDBOOK or f"**{label}**" in HANDBOOK, route


@pytest.mark.parametrize("path", sorted(set(faces.flat(faces.DESK | faces.CITY | faces.ACCOUNTS))))
def test_every_page_of_people_with_an_account_is_named_by_its_address(path: str) -> None:
    address = re.sub(r"\{\w+\}", "…", path.partition("?")[0])
    # The words have the same pages each, so one stands for all.
    address = re.sub(rf"^/admin/({'|'.join(faces.NOUNS)})/", "/admin/offices/", address)
    assert f"`{address}`" in HANDBOOK


def test_every_column_of_a_sheet_is_explained_as_the_program_explains_it() -> None:
    plain = {code(name): meaning for name, meaning in table("Die Spalten", "Spalte")}
    ways = {code(start): way for start, way in table("Die Spalten", "Anfang")}
    ends = {code(end): meaning for end, meaning in table("Die Spalten", "Ende")}
    assert ways == {f"{kind}_": words.label(kind, "de") for kind in ChannelKind}
    told = plain | {f"{start}{end}": f"{way}: {ends[end]}" for start, way in ways.items() for end in ends}
    assert told == {column.name: column.meaning for column in COLUMNS}


def test_the_table_of_roles_says_what_the_workflow_says() -> None:
    told = {code(what): said for what, *said in table("Wer was darf", "Was")}
    assert told == {
        permission.value: [
            ", ".join(words.label(state, "de") for state in State if permission in PERMISSIONS[role][state]) or "–"
            for role in Role
        ]
        for permission in Permission
    }


def test_the_table_of_duties_says_what_the_workflow_says() -> None:
    section = HANDBOOK.partition("Für die ganze Stadt:")[2].splitlines()
    found = [cells(line) for line in section if line.startswith("|")][2 : 2 + len(Duty)]
    told = {code(what): said for what, *said in found}
    assert told == {duty.value: ["ja" if duty in DUTIES[role] else "–" for role in Role] for duty in Duty}


@pytest.mark.parametrize("role", Role)
def test_every_role_is_named_as_the_pages_name_it(role: Role) -> None:
    heads = [cells(line) for line in HANDBOOK.splitlines() if line.startswith("| Was |")]
    assert heads
    assert all(words.label(role, "de") in head for head in heads)
