"""The command for answers to the council: as they were published, or built anew for another day."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from servicedir.directory import Directory, House, Refused
from servicedir.directory.answering import Standing
from servicedir.domain.inquiry import Approved, Inquiry
from servicedir.domain.service import Fault
from servicedir.domain.workflow import SYSTEM
from servicedir.reports.formats import FORMATS
from servicedir.resting import collector_resting

Open = Callable[[], House]

BINARY = frozenset({"pdf", "docx"})
FAULTS = {
    "in_the_future": "{where} is in the future: nobody can say yet what holds then",
    "before_the_first": "{where} is before anything was published here",
    "unknown_reference": "{where}: there is no such office or place any more",
    "not_a_search": "{where}: this search cannot be made any more",
}
"""Why there is no answer; what is not said here is named."""


class _Formats(click.ParamType[tuple[str, ...]]):
    name = "formats"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(str(value).split(",")))
        for name in names:
            if name not in FORMATS:
                self.fail(f"there is no format “{name}”: there are {', '.join(FORMATS)}", param, context)
        return names


class _Moment(click.ParamType[datetime]):
    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> datetime:
        try:
            at = datetime.fromisoformat(str(value))
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"“{value}” is no moment: write 2026-01-31T09:00:00Z", param, context)


@click.command()
@click.argument("wanted", metavar="[INQUIRY]", required=False)
@click.option(
    "--format", "named", type=_Formats(), metavar="FORMATS", help=f"Of {', '.join(FORMATS)}; commas between several."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: standard output.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Build it anew for this day.")
@click.option("--recorded", type=_Moment(), metavar="MOMENT", help="Build it anew from what was known then (UTC).")
@click.option("--draft", is_flag=True, help="Build it from the inquiry as it was saved last, published or not.")
@click.option("--lang", "language", default="", metavar="LANGUAGE", help="Default: the first one of the directory.")
@click.pass_obj
def report(
    open_house: Open,
    wanted: str | None,
    named: tuple[str, ...] | None,
    output: Path | None,
    on: datetime | None,
    recorded: datetime | None,
    draft: bool,
    language: str,
) -> None:
    """Write the answer to INQUIRY (its slug or reference) as it was published; without it, list all inquiries.

    Of several formats there are several files, OUTPUT with the ending of each.
    """
    house = open_house()
    languages = house.settings.languages
    if language and language not in languages:
        sys.exit(f"servicedir: there is no language “{language}”: there are {', '.join(languages)}")
    # The process ends with its files: looking for garbage in hundreds of thousands of values would only take time.
    with collector_resting(), house.work() as directory:
        if wanted is None:
            _list(directory)
            return
        names = named or _by_ending(output)
        _check(names, output)
        standing = _found(directory, wanted)
        if on or recorded or draft:
            inquiry = standing.inquiry if draft else directory.inquiries.asked(_published(standing))
            day = on.date() if on else inquiry.on
            inquiry = replace(inquiry, on=day, recorded=recorded or inquiry.recorded)
            contents = _built(directory, inquiry, names, language or languages[0])
        else:
            contents = _frozen(directory, _published(standing), names, language or languages[0])
    _write(dict(zip(names, contents, strict=True)), output)


def _list(directory: Directory) -> None:
    for standing in directory.answering.all(SYSTEM):
        click.echo(f"{standing.entry.slug}: {standing.inquiry.reference or '-'}: {standing.state}")


def _found(directory: Directory, wanted: str) -> Standing:
    """Return the inquiry of a slug or, where there is none, of a reference."""
    everything = directory.answering.all(SYSTEM)
    found = [one for one in everything if one.entry.slug == wanted]
    found = found or [one for one in everything if wanted and one.inquiry.reference.casefold() == wanted.casefold()]
    if len(found) > 1:
        sys.exit(f"servicedir: several inquiries have the reference {wanted}: {', '.join(o.entry.slug for o in found)}")
    if not found:
        sys.exit(f"servicedir: there is no inquiry {wanted}: `report` alone lists all")
    return found[0]


def _published(standing: Standing) -> Approved:
    published = [answer for answer in standing.answers if answer.published]
    if not published:
        sys.exit(f"servicedir: the answer to {standing.entry.slug} is not published yet: --draft builds it")
    return published[-1]


def _frozen(directory: Directory, answer: Approved, names: Iterable[str], language: str) -> list[bytes]:
    return [directory.inquiries.file(answer.slug, answer.edition, name, language) for name in names]


def _built(directory: Directory, inquiry: Inquiry, names: Iterable[str], language: str) -> list[bytes]:
    try:
        answer = directory.answering.draft(inquiry, SYSTEM, language)
    except Refused as refused:
        sys.exit(f"servicedir: {inquiry.slug}: {'; '.join(map(_sentence, refused.faults))}")
    base = directory.house.settings.base_url.rstrip("/")
    return [FORMATS[name].render(answer, base) for name in names]


def _sentence(fault: Fault) -> str:
    where = " ".join(str(step + 1) if isinstance(step, int) else step for step in fault.where)
    return FAULTS.get(fault.what, f"{{where}}: {fault.what}").format(where=where)


# Where it is written


def _by_ending(output: Path | None) -> tuple[str, ...]:
    ending = output.suffix.removeprefix(".").casefold() if output else ""
    return (ending if ending in FORMATS else "html",)


def _check(names: tuple[str, ...], output: Path | None) -> None:
    """End with a sentence where what is asked for cannot be written there."""
    if output is None and len(names) > 1:
        sys.exit("servicedir: several formats are several files: say -o FILE")
    if output is None and names[0] in BINARY and sys.stdout.isatty():
        sys.exit(f"servicedir: a terminal cannot show {names[0]}: say -o FILE")


def _write(contents: dict[str, bytes], output: Path | None) -> None:
    if output is None:
        for content in contents.values():
            sys.stdout.buffer.write(content)
        return
    stem = output.with_suffix("") if output.suffix.removeprefix(".").casefold() in FORMATS else output
    for name, content in contents.items():
        path = output if len(contents) == 1 else stem.with_name(f"{stem.name}.{name}")
        try:
            path.write_bytes(content)
        except OSError as fault:
            sys.exit(f"servicedir: {path} cannot be written: {fault.strerror}")


COMMANDS = (report,)
