"""What changed from one day to another: services that came, went or stand elsewhere, and how many in each stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from servicedir.domain.figures import Standing
from servicedir.domain.history import Published
from servicedir.domain.inquiry import BlockKind, Column
from servicedir.domain.service import Period, Stage
from servicedir.domain.text import Text
from servicedir.domain.words import label
from servicedir.reports.answer import Cell, Heading, Part, Row, Table, Type
from servicedir.reports.columns import CELLS, line, of_number, of_office, of_services, of_term
from servicedir.reports.offers import whole
from servicedir.reports.sentences import bad_day, listed, number, say, services, show
from servicedir.reports.task import Task


class Change(Enum):
    """What became of a service between the two days; the code for programs, and what it is called."""

    NEW = "new", Text.of(de="neu dabei", en="new")
    GONE = "gone", Text.of(de="nicht mehr dabei", en="gone")
    STAGE = "stage", Text.of(de="mit anderem Stand", en="at another stage")
    PERIOD = "period", Text.of(de="mit anderem Zeitraum", en="with another period")


@dataclass(frozen=True, slots=True)
class Difference:
    """A service, what became of it, and the periods that hold on both days."""

    entry: Published
    change: Change
    before: Period
    after: Period


def build(task: Task) -> Part:
    """Return what the search selects differently on the two days, the earlier one first."""
    compared = task.block.compared
    if compared is None:
        return Part(kind=BlockKind.COMPARISON)
    if sentence := bad_day(task, task.day, compared):
        return Part(kind=BlockKind.COMPARISON, paragraphs=(sentence,))
    earlier, later = sorted((task.day, compared))
    before, after = task.entries(earlier), task.entries(later)
    found = differences(task, before, after, earlier, later)
    tables = [_counts(task, before, after, earlier, later)]
    if found:
        tables.append(_table(task, found, earlier, later))
    return Part(
        kind=BlockKind.COMPARISON,
        paragraphs=(_sentence(task, len(before), len(after), found, earlier, later),),
        tables=tuple(tables),
        notes=(
            say(
                task.language,
                "Verglichen ist, was an beiden Tagen galt, nach demselben Stand der Kenntnis; nicht, was an ihnen im "
                "Verzeichnis stand.",
                "What is compared is what held on both days by the same state of knowledge; not what the directory "
                "said on them.",
            ),
            *_attested(found, task.language),
            whole(task),
        ),
        path=task.path(),
    )


def differences(
    task: Task, before: Iterable[Published], after: Iterable[Published], earlier: date, later: date
) -> list[Difference]:
    """Return what changed, sorted by office and title."""
    there = {entry.service.slug: entry for entry in before}
    now = {entry.service.slug: entry for entry in after}
    found = []
    for slug, entry in (there | now).items():
        channel = entry.service.channel(task.channel)
        old, new = channel.period(earlier), channel.period(later)
        change = (
            Change.NEW
            if slug not in there
            else Change.GONE
            if slug not in now
            else Change.STAGE
            if old.stage is not new.stage
            else Change.PERIOD
            if old.first != new.first
            else None
        )
        if change:
            found.append(Difference(entry, change, old, new))
    order = {entry.service.slug: place for place, entry in enumerate(task.by_office(task.state.services))}
    return sorted(found, key=lambda one: order[one.entry.service.slug])


def _attested(found: Iterable[Difference], language: str) -> list[str]:
    """Return of how many it is not known whether they changed at all: their stage is attested from some time on."""
    count = sum(one.before.stage is Stage.UNKNOWN and one.after.attested is not None for one in found)
    if not count:
        return []
    return [
        say(
            language,
            f"Bei {services(count, 'de')} ist der Beginn nicht bekannt; was hier als Änderung steht, kann auch schon "
            "am früheren Tag gegolten haben.",
            f"Of {services(count, 'en')} the beginning is not known; what is listed as a change may have held on the "
            "earlier day already.",
        )
    ]


def _sentence(task: Task, before: int, after: int, found: list[Difference], earlier: date, later: date) -> str:
    language = task.language
    count = Counter(one.change for one in found)
    parts = [
        f"{number(count[change], language)} {change.value[1].within(language)}" for change in Change if count[change]
    ]
    changed = listed(parts, language) or say(language, "nichts hat sich geändert", "nothing has changed")
    return say(
        language,
        f"Am {show(earlier, 'de')}: {services(before, 'de')}; am {show(later, 'de')}: {services(after, 'de')}. "
        f"Dazwischen: {changed}.",
        f"On {show(earlier, 'en')}: {services(before, 'en')}; on {show(later, 'en')}: {services(after, 'en')}. "
        f"In between: {changed}.",
    )


def _counts(task: Task, before: Iterable[Published], after: Iterable[Published], earlier: date, later: date) -> Table:
    language = task.language
    old = Counter(task.stage(entry, earlier) for entry in before)
    new = Counter(task.stage(entry, later) for entry in after)
    rows = [
        Row(
            key=stage.value,
            cells=(
                of_term(stage, language),
                of_number(old[stage], language),
                of_number(new[stage], language),
                _more(new[stage] - old[stage]),
            ),
        )
        for stage in Stage
        if old[stage] or new[stage]
    ]
    return Table(
        key="comparison-stages",
        caption=say(
            language,
            f"Dienstleistungen nach Stand ({label(task.channel, 'de')})",
            f"Services by stage ({label(task.channel, 'en')})",
        ),
        headings=(
            Heading(key="stage", title=label(Column.STAGE, language)),
            Heading(key=earlier.isoformat(), title=show(earlier, language), type=Type.NUMBER),
            Heading(key=later.isoformat(), title=show(later, language), type=Type.NUMBER),
            Heading(key="difference", title=say(language, "Unterschied", "Difference"), type=Type.NUMBER),
        ),
        rows=tuple(rows),
        **task.most,
    )


def _more(value: int) -> Cell:
    # A minus sign, not a hyphen: screen readers say it.
    text = f"+{value}" if value > 0 else str(value).replace("-", "−")
    return Cell(text=text, number=value, standing=Standing.NUMBER)


def _table(task: Task, found: Iterable[Difference], earlier: date, later: date) -> Table:
    language = task.language
    rows = []
    for one in found:
        slug = one.entry.service.slug
        cells = (
            of_services(task, [slug]),
            of_office(task, one.entry.service.office),
            Cell(text=one.change.value[1].within(language), code=one.change.value[0]),
            of_term(one.before.stage, language),
            of_term(one.after.stage, language),
            CELLS[Column.SINCE](line(task, one.entry, one.after)),
        )
        rows.append(Row(key=slug, cells=cells))
    return Table(
        key="comparison-services",
        caption=say(language, "Was sich geändert hat", "What has changed"),
        headings=(
            Heading(key="service", title=label(Column.TITLE, language)),
            Heading(key="office", title=label(Column.OFFICE, language)),
            Heading(key="change", title=say(language, "was", "What")),
            Heading(key="before", title=say(language, f"am {show(earlier, 'de')}", f"on {show(earlier, 'en')}")),
            Heading(key="after", title=say(language, f"am {show(later, 'de')}", f"on {show(later, 'en')}")),
            Heading(key="since", title=label(Column.SINCE, language), type=Type.DAY),
        ),
        rows=tuple(rows),
        **task.most,
    )
