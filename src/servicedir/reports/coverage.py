"""How much the directory knows, office by office: what is unknown is counted like any other stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from servicedir.domain.figures import Standing
from servicedir.domain.history import Published
from servicedir.domain.inquiry import BlockKind, Column
from servicedir.domain.service import Stage
from servicedir.domain.text import sort_key
from servicedir.domain.words import label
from servicedir.reports.answer import Cell, Heading, Part, Row, Table, Type
from servicedir.reports.columns import line, of_number, of_office, table
from servicedir.reports.sentences import bad_day, by, say, services, show
from servicedir.reports.task import Task

ALL = "=all"
"""The key of the row about all services: no office has such an address."""
_COLUMNS = (Column.TITLE, Column.OFFICE, Column.NATURE, Column.VERIFIED)


def build(task: Task) -> Part:
    """Return how many services of each office are in which stage on the day, and which are unknown."""
    if sentence := bad_day(task, task.day):
        return Part(kind=BlockKind.COVERAGE, paragraphs=(sentence,))
    entries = task.of_any_stage()
    unknown = [entry for entry in task.by_office(entries) if task.stage(entry) is Stage.UNKNOWN]
    tables = [_offices(task, entries)] if entries else []
    if unknown:
        caption = say(
            task.language,
            f"Dienstleistungen, deren Stand {by(task.channel, 'de')} nicht bekannt ist",
            f"Services whose stage {by(task.channel, 'en')} is not known",
        )
        lines = [line(task, entry) for entry in unknown]
        tables.append(table(task, "coverage-unknown", caption, lines, task.columns(*_COLUMNS)))
    return Part(
        kind=BlockKind.COVERAGE,
        paragraphs=(_sentence(task, len(entries), len(unknown)),),
        tables=tuple(tables),
        notes=(
            say(
                task.language,
                "Ein Amt zählt mit den Stellen darunter, und eine Dienstleistung mehrerer Ämter zählt bei jedem; "
                "die Zeilen ergeben deshalb zusammen mehr als die erste.",
                "An office counts with those below it, and a service of several offices counts in each; "
                "so the rows add up to more than the first one.",
            ),
        ),
        path=task.path(video=(Stage.UNKNOWN,)),
    )


def by_office(task: Task, entries: Sequence[Published]) -> Mapping[str, Counter[Stage]]:
    """Return how many services are in which stage by office, those of the offices below it with them."""
    found: dict[str, Counter[Stage]] = {}
    for entry in entries:
        stage = task.stage(entry)
        for slug in {up for office in entry.service.offices for up in task.state.catalogue.lineage(office)}:
            found.setdefault(slug, Counter())[stage] += 1
    return found


def share(part: int, whole: int) -> int:
    """Return a part in percent; 0 and 100 only where it is none, or all."""
    if part in (0, whole):
        return 100 if part and part == whole else 0
    return min(99, max(1, round(100 * part / whole)))


def _sentence(task: Task, total: int, unknown: int) -> str:
    language, day, how = task.language, show(task.day, task.language), by(task.channel, task.language)
    if not total:
        return say(
            language,
            "Im Verzeichnis ist keine Dienstleistung, auf die die Auswahl zutrifft.",
            "The directory has no service that the selection applies to.",
        )
    if not unknown:
        return say(
            language,
            f"Stand {day} ist bei allen ausgewählten Dienstleistungen ({total}) der Stand {how} bekannt.",
            f"As of {day}, the stage {how} of all selected services ({total}) is known.",
        )
    return say(
        language,
        f"Von {services(total, 'de')} ist für den {day} bei {unknown} nicht bekannt, ob es sie {how} gibt "
        f"({share(unknown, total)} %).",
        f"Of {services(total, 'en')} it is not known for {unknown} whether they could be had {how} on {day} "
        f"({share(unknown, total)}%).",
    )


def _offices(task: Task, entries: Sequence[Published]) -> Table:
    language = task.language
    whole = Counter(task.stage(entry) for entry in entries)
    stages = [stage for stage in Stage if whole[stage] or stage is Stage.UNKNOWN]
    counts = sorted(by_office(task, entries).items(), key=lambda pair: sort_key(task.office(pair[0])))
    everything = Cell(text=say(language, "Alle ausgewählten", "All selected"))
    rows = [
        _row(ALL, everything, whole, stages, language),
        *(_row(slug, of_office(task, slug), count, stages, language) for slug, count in counts),
    ]
    headings = (
        Heading(key="office", title=say(language, "Amt", "Office")),
        Heading(key="services", title=say(language, "Einträge", "Entries"), type=Type.NUMBER),
        *(Heading(key=stage.value, title=label(stage, language), type=Type.NUMBER) for stage in stages),
        Heading(key="share", title=say(language, "nicht bekannt (Prozent)", "not known (percent)"), type=Type.NUMBER),
    )
    return Table(
        key="coverage-offices",
        caption=say(
            language,
            f"Stand nach Ämtern ({label(task.channel, 'de')}), {show(task.day, 'de')}",
            f"Stages by office ({label(task.channel, 'en')}), {show(task.day, 'en')}",
        ),
        headings=headings,
        rows=tuple(rows),
        **task.most,
    )


def _row(key: str, name: Cell, count: Counter[Stage], stages: Sequence[Stage], language: str) -> Row:
    total = count.total()
    percent = share(count[Stage.UNKNOWN], total)
    return Row(
        key=key,
        cells=(
            name,
            of_number(total, language),
            *(of_number(count[stage], language) for stage in stages),
            Cell(text=str(percent), number=percent, standing=Standing.NUMBER),
        ),
    )
