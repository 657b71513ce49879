"""Commands that write the catalogue into files and take it from them: all rows of a file, or none."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import click

from servicedir.cli import figures
from servicedir.cli.progress import watched
from servicedir.directory import House, Outcome
from servicedir.directory.sheets import SheetRefused, format_of, read, readable
from servicedir.domain.document import BadDocument
from servicedir.domain.sheet_plan import Hindrance, Line, Obstacle, Plan, Result
from servicedir.domain.workflow import SYSTEM
from servicedir.exchange import toml
from servicedir.exchange.cells import Unfit
from servicedir.exchange.open_formats import OPEN_FORMATS
from servicedir.exchange.table import BadSheet, Flaw, Sheet

Open = Callable[[], House]

CATALOGUE = "toml"
"""The readable catalogue file: it holds whole entries of every kind, and no rows."""

FIGURES = "figures"
"""Figures as CSV or XLSX, by the name of the file: numbers of appointments, and no entries."""

FLAWS: dict[Flaw, str] = {
    Flaw.NOT_TEXT: "this is no text in UTF-8 or cp1252",
    Flaw.NOT_CSV: "row {row}: a quotation mark is missing",
    Flaw.NOT_A_WORKBOOK: "this is no workbook (.xlsx) that can be read",
    Flaw.TOO_LARGE: "the file is too large, as it is or unpacked",
    Flaw.TOO_MANY_ROWS: "there are more than {limit} rows",
    Flaw.TOO_MANY_COLUMNS: "there are more than {limit} columns",
    Flaw.TOOK_TOO_LONG: "reading the file took too long",
    Flaw.TOO_MANY_FIGURES: "there are more than {limit} figures",
    Flaw.NO_SLUG_COLUMN: "there is no column “slug”",
    Flaw.NO_COLUMN: "there is no column “{column}”",
    Flaw.COLUMN_TWICE: "the column “{column}” is there twice",
    Flaw.SLUG_TWICE: "row {row}: the slug “{slug}” stands in row {first} already",
    Flaw.CELLS_BEYOND_COLUMNS: "row {row} has more cells than there are columns: something has moved",
}
"""Why a file is refused as a whole."""

HINDRANCES: dict[str, str] = {
    Unfit.NOT_ONE_OF: "“{value}” is none of the values that are possible here",
    Unfit.NOT_A_DAY: "“{value}” is no day: write 2024, 2024-05 or 2024-05-01",
    Unfit.NOT_A_NUMBER: "“{value}” is no whole number",
    Unfit.NOT_YES_OR_NO: "“{value}” is neither yes nor no",
    Unfit.ERROR_VALUE: "the spreadsheet took the text for a formula",
    Unfit.SPOILT_NUMBER: "the spreadsheet rounded a long number",
    Unfit.CUT_OFF: "this text was shortened for the workbook and cannot be changed there",
    Unfit.STAGE_WITHOUT_DAY: "a new stage needs a day in “since”",
    Unfit.DETAILS_WITHOUT_STAGE: "there is no stage on this day that these details could belong to",
    Obstacle.NOT_YOURS: "there is no such entry; leave “revision” empty to make a new one",
    Obstacle.MOVED: "the entry is called “{value}” now",
    Obstacle.OTHER_OFFICE: "the entry belongs to another office",
    Obstacle.FORBIDDEN: "you may not change this entry",
    Obstacle.FORBIDDEN_THERE: "you may not make or keep entries of the office “{value}”",
    Obstacle.IN_REVIEW: "the entry is in review",
    Obstacle.RETIRED: "the entry is retired",
    Obstacle.HAS_DRAFT: "there is a draft of the entry, which would be lost",
    Obstacle.NO_SUCH_REVISION: "the entry has no revision {value}",
    Obstacle.OVERTAKEN: "somebody else has changed this since the export",
    "missing": "this must be said",
    "not_a_slug": "“{value}” is no slug: lower case letters, digits and single hyphens",
    "not_a_leika_key": "a LeiKa key has 14 digits and begins with 99",
    "related_to_itself": "a service is not related to itself",
    "channel_twice": "the channel is there twice",
    "ends_before_it_begins": "the end is before the beginning",
    "ruled_out_without_reason": "who rules out says why",
    "negative": "the number is below 0",
    "not_a_web_address": "this is no web address: it begins with https://",
    "overlaps": "the stage overlaps with another one",
    "undated": "since when? Or for which time is it attested?",
    "unknown_related": "there is no service “{value}”",
    "unknown_reference": "there is no “{value}”",
}
"""What keeps a row from being taken; also the rules of the domain."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "form", type=click.Choice([*readable(), CATALOGUE, FIGURES]), help="Default: by the file's name."
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--office", default="", metavar="SLUG", help="Take only rows of this office and those below it.")
@click.pass_obj
def import_(open_house: Open, file: Path, form: str | None, dry_run: bool, office: str) -> None:
    """Take entries from a file and publish them: a line for each. With errors nothing is written."""
    form = form or (CATALOGUE if file.suffix.casefold() == ".toml" else format_of(file.name, readable()))
    if not form:
        sys.exit(f"servicedir: {file.name} ends as no format: say --format {', '.join([*readable(), CATALOGUE])}")
    house = open_house()
    if office and office not in house.catalogue().offices:
        sys.exit(f"servicedir: there is no office {office}")
    if form == FIGURES:
        _import_figures(house, file, dry_run, office)
    elif form != CATALOGUE:
        _import_sheet(house, file, form, dry_run, office)
    elif office:
        sys.exit("servicedir: --office goes with sheets; a catalogue file is taken as a whole")
    else:
        _import_catalogue(house, file, dry_run)


def _import_figures(house: House, file: Path, dry_run: bool, office: str) -> None:
    form = format_of(file.name, readable())
    if office or not form:
        sys.exit("servicedir: --office goes with entries" if office else f"servicedir: {file.name}: no .csv or .xlsx")
    try:
        sheet = figures.read(form, file.read_bytes())
    except BadSheet as bad:
        sys.exit(f"servicedir: {file.name}: {FLAWS[bad.code].format(**bad.values)}")
    figures.take(house, sheet, dry_run=dry_run)


def _import_sheet(house: House, file: Path, form: str, dry_run: bool, office: str) -> None:
    try:
        sheet = read(form, file.read_bytes())
    except BadSheet as bad:
        sys.exit(f"servicedir: {file.name}: {FLAWS[bad.code].format(**bad.values)}")
    for name in sheet.unknown_columns:
        click.echo(f"unknown column: {name}", err=True)
    with house.work() as directory:
        plan = directory.sheets.plan(sheet, SYSTEM, office=office, at_once=True, watch=watched("Comparing"))
    if not plan.refused and not dry_run:
        plan = _written(house, sheet, plan, file.name, office)
    click.echo("".join(f"{line}\n" for line in _lines(plan)), nl=False)
    if plan.refused:
        click.echo("Nothing was written.", err=True)
        sys.exit(1)


def _written(house: House, sheet: Sheet, plan: Plan, name: str, office: str) -> Plan:
    """Write a sheet; return what was done, or would have been if the database had not changed meanwhile."""
    try:
        with house.work(write=True) as directory:
            return directory.sheets.apply(
                sheet,
                SYSTEM,
                seen=plan,
                office=office,
                at_once=True,
                publish=True,
                why=name,
                watch=watched("Writing"),
            )
    except SheetRefused as refused:
        return refused.plan


def _lines(plan: Plan) -> Iterator[str]:
    """Yield a line for each row, and one for all."""
    yield from map(_line, plan.lines)
    counts = plan.counts
    yield ", ".join(f"{counts[result]} {word}" for result, word in _WORDS.items())


_WORDS = {
    Result.NEW: "new",
    Result.CHANGED: "changed",
    # Not "unchanged": who looks for what changed would find it.
    Result.UNCHANGED: "same",
    Result.REFUSED: "refused",
}


def _line(line: Line) -> str:
    match line.result:
        case Result.REFUSED:
            return f"row {line.row} ({line.slug}): refused: {'; '.join(map(_hindrance, line.hindrances))}"
        case Result.CHANGED:
            return f"{line.slug}: changed: {', '.join(change.column for change in line.changes)}"
        case result:
            return f"{line.slug}: {_WORDS[result]}"


def _hindrance(hindrance: Hindrance) -> str:
    value = hindrance.value if len(hindrance.value) <= 60 else f"{hindrance.value[:60]}…"
    sentence = HINDRANCES[hindrance.code].format(value=value)
    return f"{hindrance.column}: {sentence}" if hindrance.column else sentence


class _NotMeant(Exception):
    """Ends a transaction without a commit."""


def _import_catalogue(house: House, file: Path, dry_run: bool) -> None:
    try:
        values = list(toml.read(file.read_text("utf-8"), file.name))
    except (BadDocument, UnicodeDecodeError) as bad:
        sys.exit(f"servicedir: {bad}")
    outcomes: list[Outcome] = []
    refused: list[Outcome] = []
    with suppress(_NotMeant), house.work(write=True) as directory:
        outcomes = directory.adopt(values, why=file.name, watch=watched("Writing"))
        refused = [outcome for outcome in outcomes if outcome.result == "refused"]
        if refused or dry_run:
            raise _NotMeant
        directory.people.audit("system", "import", "entries", {"format": CATALOGUE, "entries": len(outcomes)})
    for outcome in outcomes:
        details = "; " if outcome.result == "refused" else ", "
        said = f": {details.join(outcome.details)}" if outcome.details else ""
        click.echo(f"{outcome.slug}: {_WORDS[Result(outcome.result)]}{said}")
    if refused:
        click.echo("Nothing was written.", err=True)
        sys.exit(1)


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice([*OPEN_FORMATS, FIGURES]))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: standard output.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="The day of the stages (today).")
@click.pass_obj
def export(open_house: Open, form: str, output: Path | None, on: datetime | None) -> None:
    """Write everything that is published into a file: never a draft. `figures`: all figures, released or not."""
    house = open_house()
    if form == FIGURES:
        figures.write(house, output)
        return
    day: date = on.date() if on else house.today()
    # In full beforehand: what goes wrong leaves no half of a file, and nobody's old one is lost.
    with tempfile.TemporaryDirectory(prefix="servicedir-") as folder:
        made = Path(folder) / f"services{OPEN_FORMATS[form].extension}"
        # A sheet may be read in again: then what it leaves out would count as deleted.
        state = house.open_data.write(form, day, made, watched("Writing"), editors=form in readable())
        with house.work(write=True) as directory:
            directory.sheets.note_export(SYSTEM, form, len(state.slugs), f"on={day}")
        if output is None:
            with made.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
            return
        try:
            shutil.copyfile(made, output)
        except OSError as fault:
            sys.exit(f"servicedir: {output} cannot be written: {fault.strerror}")


COMMANDS = (import_, export)
