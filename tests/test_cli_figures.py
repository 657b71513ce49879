"""Figures imported and exported as an operator types it: a line for each row, all rows or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import a_service
from click.testing import CliRunner, Result
from houses import SECRET, a_house, rows

from servicedir.cli import main
from servicedir.cli.figures import WRONG
from servicedir.directory import House
from servicedir.web.figure_rules import FIGURE_RULES

ROOT = Path(__file__).resolve().parents[1]
Run = Callable[..., Result]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = a_house(tmp_path / "var", a_service("pass"))
    yield house
    house.close()


@pytest.fixture
def run(house: House, tmp_path: Path) -> Run:
    """Runs a command on that house."""
    given = {"data": str(tmp_path / "var"), "secret": SECRET, "migrations": str(ROOT / "alembic")}
    ini = tmp_path / "city.ini"
    ini.write_text("[app:main]\n" + "".join(f"servicedir.{n} = {v}\n" for n, v in given.items()), "utf-8")
    clean = {name: None for name in os.environ if name.startswith("SERVICEDIR_")}
    return lambda *words: CliRunner().invoke(main, ["-c", str(ini), *map(str, words)], env=clean)


def a_file(folder: Path, text: str, name: str = "zahlen.csv") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


GOOD = (
    "Dienstleistung;Kanal;Messgröße;Zeitraum;Wert;freigegeben;Titel\n"
    "pass;Video;durchgeführt;2024-05;1.234;ja;Reisepass\n"
    "pass;Video;durchgeführt;2024-06;nicht gezählt;;Reisepass\n"
)


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(run: Run, house: House, tmp_path: Path) -> None:
    result = run("import", a_file(tmp_path, GOOD), "--format", "figures", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "unknown column: Titel" in result.output
    assert "row 2 (pass video held 2024-05): new: 1234\n" in result.output
    assert "row 3 (pass video held 2024-06): new: not_counted, not released\n" in result.output
    assert "2 new, 0 changed, 0 same, 0 refused" in result.output
    assert rows(house, "figures") == 0


def test_an_import_is_written_and_comes_out_again(run: Run, house: House, tmp_path: Path) -> None:
    assert run("import", a_file(tmp_path, GOOD), "--format", "figures").exit_code == 0
    assert rows(house, "figures") == 2
    for name in ("out.csv", "out.xlsx"):
        assert run("export", "figures", "-o", tmp_path / name).exit_code == 0
        result = run("import", tmp_path / name, "--format", "figures")
        assert "0 new, 0 changed, 2 same, 0 refused" in result.output
    assert run("export", "figures").stdout_bytes == (tmp_path / "out.csv").read_bytes()


def test_a_correction_is_named_with_what_was_said_before(run: Run, tmp_path: Path) -> None:
    run("import", a_file(tmp_path, GOOD), "--format", "figures")
    result = run("import", a_file(tmp_path, GOOD.replace("1.234", "unbekannt")), "--format", "figures")
    assert "row 2 (pass video held 2024-05): changed: 1234 to unknown\n" in result.output


def test_with_errors_each_is_named_by_its_row_and_nothing_is_written(run: Run, house: House, tmp_path: Path) -> None:
    more = "nie;Video;held;2024;1;;\npass;Video;held;2024;-1;;\npass;Video;held;2024-05;7;;\n"
    result = run("import", a_file(tmp_path, GOOD + more), "--format", "figures")
    assert result.exit_code == 1
    assert "row 4 (nie 2024): refused: service: there is no service “nie”\n" in result.output
    assert "row 5 (pass 2024): refused: value: “-1” is below 0\n" in result.output
    assert "row 6 (pass 2024-05): refused: period: the same service, channel" in result.output
    assert "Nothing was written." in result.output
    assert rows(house, "figures") == 0


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("service;channel\n", "zahlen.csv", "there is no column “measure”"),
        (GOOD, "zahlen.txt", "no .csv or .xlsx"),
        (GOOD, "zahlen.xlsx", "this is no workbook"),
    ],
)
def test_a_file_that_is_no_sheet_of_figures_ends_with_one_line(
    run: Run, tmp_path: Path, text: str, name: str, sentence: str
) -> None:
    result = run("import", a_file(tmp_path, text, name), "--format", "figures")
    assert result.exit_code == 1
    assert sentence in result.output
    assert result.output.count("\n") == 1


def test_whatever_is_wrong_with_a_row_is_said_in_both_places() -> None:
    of_programs = {"unknown_field", "not_an_object", "not_a_list", "not_a_text", "too_many"}
    assert set(WRONG) == set(FIGURE_RULES) - of_programs
