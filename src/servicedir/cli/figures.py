"""What the commands for sheets do with figures: a line for each row, all rows or none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from servicedir.directory import House
from servicedir.directory.figure_sheets import Fate, FigureSheetRefused, Line, Plan
from servicedir.directory.sheets import format_of, readable
from servicedir.domain.figures import FIRST_YEAR, HIGHEST, LONGEST_REMARK, Figure
from servicedir.domain.service import Fault
from servicedir.domain.workflow import SYSTEM
from servicedir.exchange.figure_sheet import READERS, FigureSheet

WRONG = {
    "missing": "this must be said",
    "unknown_service": "there is no service “{value}”",
    "forbidden_service": "you may not say figures of “{value}”",
    "unknown_value": "“{value}” is none of the values that are possible here",
    "not_a_number": "“{value}” is no whole number",
    "not_yes_or_no": "“{value}” is neither yes nor no",
    "not_a_period": "“{value}” is neither a year nor a month: write 2024 or 2024-05",
    "number_without_value": "there is no number, and no word that says why",
    "value_without_number": "there is a number, and a word that says there is none",
    "negative": "“{value}” is below 0",
    "too_high": f"“{{value}}” is more than {HIGHEST}",
    "not_begun": "“{value}” has not begun",
    "too_early": f"“{{value}}” is before {FIRST_YEAR}",
    "too_long": f"more than {LONGEST_REMARK} characters",
    "not_kept": "there is a character that cannot be kept",
    "figure_twice": "the same service, channel, measure and period stand in another row already",
}
"""What keeps a row from being taken."""


def read(form: str, data: bytes) -> FigureSheet:
    """Return the figures of a file, and name columns that are left out. Raises BadSheet."""
    sheet = READERS[form](data)
    for name in sheet.unknown_columns:
        click.echo(f"unknown column: {name}", err=True)
    return sheet


def take(house: House, sheet: FigureSheet, *, dry_run: bool) -> None:
    """Print what becomes of each row, and write all unless one is refused: then the program ends with 1."""
    try:
        if dry_run:
            with house.work() as directory:
                plan = directory.figure_sheets.plan(sheet, SYSTEM)
        else:
            with house.work(write=True) as directory:
                plan = directory.figure_sheets.take(sheet, SYSTEM)
    except FigureSheetRefused as refused:
        plan = refused.plan
    click.echo("".join(f"{line}\n" for line in _lines(plan)), nl=False)
    if plan.refused:
        click.echo("Nothing was written.", err=True)
        sys.exit(1)


def write(house: House, output: Path | None) -> None:
    """Write all figures into a file, or CSV to standard output; what cannot be written ends the program."""
    form = format_of(output.name, readable()) if output else "csv"
    if not form:
        sys.exit(f"servicedir: {output} ends as no format: {', '.join(readable())}")
    with house.work(write=True) as directory:
        body = directory.figure_sheets.all(form, SYSTEM).body
    if output is None:
        sys.stdout.buffer.write(body)
        return
    try:
        output.write_bytes(body)
    except OSError as fault:
        sys.exit(f"servicedir: {output} cannot be written: {fault.strerror}")


def _lines(plan: Plan) -> Iterator[str]:
    yield from (_line(line) for line in plan.lines if line.fate is not Fate.EMPTY)
    yield ", ".join(f"{plan.counts[fate]} {fate}" for fate in (Fate.NEW, Fate.CHANGED, Fate.SAME, Fate.REFUSED))


def _line(line: Line) -> str:
    if line.fate is Fate.REFUSED or line.figure is None:
        about = " ".join(filter(None, (line.cells.get("service", ""), line.cells.get("period", ""))))
        return f"row {line.row} ({about[:100]}): refused: {'; '.join(_wrong(line, fault) for fault in line.faults)}"
    about = " ".join(map(str, line.figure.key))
    if line.fate is Fate.CHANGED and line.before:
        return f"row {line.row} ({about}): changed: {_said(line.before)} to {_said(line.figure)}"
    return f"row {line.row} ({about}): {line.fate}: {_said(line.figure)}"


def _said(figure: Figure) -> str:
    remarks = "".join(f", {remark}" for remark in (figure.source, figure.note) if remark)
    released = "" if figure.released else ", not released"
    return f"{figure.standing if figure.value is None else figure.value}{remarks}{released}"


def _wrong(line: Line, fault: Fault) -> str:
    column = str(fault.where[-1]) if fault.where else ""
    value = line.cells.get(column, "").strip()
    shown = value if len(value) <= 60 else f"{value[:60]}…"
    return f"{column}: {WRONG[fault.what].format(value=shown)}"
