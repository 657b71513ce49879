"""What is planned or under review on a day, and the steps that are still open."""

from __future__ import annotations

from collections.abc import Iterable

from servicedir.domain.inquiry import BlockKind, Column
from servicedir.domain.moment import CITY_TIME
from servicedir.domain.service import Stage
from servicedir.domain.step import Step
from servicedir.domain.text import sort_key
from servicedir.reports.answer import Cell, Heading, Part, Row, Table, Type
from servicedir.reports.columns import line, of_day, of_office, of_services, of_term
from servicedir.reports.offers import by_nature, notes, whole
from servicedir.reports.sentences import bad_day, by, listed, plural, say, services, show
from servicedir.reports.task import Task

_COLUMNS = (Column.TITLE, Column.OFFICE, Column.NATURE, Column.STAGE, Column.SINCE, Column.REASON, Column.NOTE)


def build(task: Task) -> Part:
    """Return the services whose channel is planned or under review (or in the search's stages), and open steps."""
    if sentence := bad_day(task, task.day):
        return Part(kind=BlockKind.PLANNED, paragraphs=(sentence,))
    entries = task.by_office(task.in_stages(Stage.PLANNED, Stage.UNDER_REVIEW))
    lines = [line(task, entry) for entry in entries]
    steps = [step for step in concerned(task) if step.state.is_open]
    about = say(task.language, "Geplant oder in Prüfung", "Planned or under review")
    tables = by_nature(task, "planned", lines, task.columns(*_COLUMNS), about)
    if steps:
        tables = (*tables, _table(task, steps))
    return Part(
        kind=BlockKind.PLANNED,
        paragraphs=(_services(task, [one.period.stage for one in lines]), _steps(task, steps)),
        tables=tables,
        notes=(
            whole(task),
            *notes(task, lines, [step.source for step in steps]),
            *_known(task, steps),
            *_closed(task),
        ),
        path=task.path(video=task.query.video or (Stage.PLANNED, Stage.UNDER_REVIEW)),
    )


def concerned(task: Task) -> list[Step]:
    """Return the steps that the block's search is about: all, or those of its offices and services; by their names."""
    steps = list(task.state.catalogue.steps.values())
    if task.is_narrow:
        chosen = {entry.service.slug for entry in task.of_any_stage()}
        offices = {slug for office in task.query.office for slug in task.state.catalogue.within(office)}
        steps = [step for step in steps if step.office in offices or chosen & set(step.services)]
    return sorted(steps, key=lambda step: sort_key(task.text(step.name)))


def _services(task: Task, stages: list[Stage]) -> str:
    language, day, how = task.language, show(task.day, task.language), by(task.channel, task.language)
    if not stages:
        return say(
            language,
            f"Stand {day} ist im Verzeichnis keine Dienstleistung {how} als geplant oder in Prüfung eingetragen.",
            f"As of {day}, the directory has no service {how} that is planned or under review.",
        )
    planned, reviewed = stages.count(Stage.PLANNED), stages.count(Stage.UNDER_REVIEW)
    others = len(stages) - planned - reviewed
    parts = []
    if planned:
        parts.append(say(language, f"{planned} geplant", f"{planned} planned"))
    if reviewed:
        parts.append(say(language, f"{reviewed} in Prüfung", f"{reviewed} under review"))
    if others:
        parts.append(say(language, f"{others} in einem anderen Stand", f"{others} in another stage"))
    return say(
        language,
        f"Stand {day} {'ist' if len(stages) == 1 else 'sind'} {how} {services(len(stages), 'de')} vorgesehen oder "
        f"in Prüfung: {listed(parts, 'de')}."
        if not others
        else f"Stand {day} {'ist' if len(stages) == 1 else 'sind'} es {how} {services(len(stages), 'de')}: "
        f"{listed(parts, 'de')}.",
        f"As of {day}, there {'is' if len(stages) == 1 else 'are'} {services(len(stages), 'en')} {how}: "
        f"{listed(parts, 'en')}.",
    )


def _steps(task: Task, steps: list[Step]) -> str:
    language = task.language
    if not steps:
        return say(
            language,
            "Offene Schritte sind im Verzeichnis nicht eingetragen.",
            "The directory has no steps that are still open.",
        )
    late = sum(step.is_overdue(task.day) for step in steps)
    overdue = say(language, f"; {late} davon überfällig", f"; {late} of them overdue") if late else ""
    return say(
        language,
        f"Dafür {'ist' if len(steps) == 1 else 'sind'} {plural(len(steps), 'Schritt', 'Schritte')} offen{overdue}.",
        f"{plural(len(steps), 'step is', 'steps are')} still open{overdue}.",
    )


def _table(task: Task, steps: Iterable[Step]) -> Table:
    language = task.language
    titles = (
        ("step", "Schritt", "Step"),
        ("office", "Amt", "Office"),
        ("services", "Dienstleistungen", "Services"),
        ("target", "bis", "Target"),
        ("earlier", "früher geplant bis", "Earlier targets"),
        ("state", "Stand", "State"),
        ("blocker", "was noch hindert", "Held up by"),
        ("paper", "Vorlage", "Council paper"),
        ("programmes", "Förderprogramme", "Programmes"),
    )
    return Table(
        key="steps",
        caption=say(language, "Offene Schritte", "Open steps"),
        headings=tuple(
            Heading(key=key, title=say(language, de, en), type=Type.DAY if key == "target" else Type.TEXT)
            for key, de, en in titles
        ),
        rows=tuple(Row(key=step.slug, cells=_cells(task, step)) for step in steps),
        **task.most,
    )


def _cells(task: Task, step: Step) -> tuple[Cell, ...]:
    language, catalogue = task.language, task.state.catalogue
    programmes = [catalogue.programmes[slug] for slug in step.programmes if slug in catalogue.programmes]
    return (
        Cell(text=task.text(step.name), code=step.slug),
        of_office(task, step.office),
        of_services(task, step.services),
        _target(task, step),
        Cell(
            text=", ".join(show(day, language) for day in step.earlier_targets),
            code=" ".join(day.text for day in step.earlier_targets),
        ),
        of_term(step.state, language),
        Cell(text=task.text(step.blocker)),
        Cell(text=step.paper),
        Cell(text="; ".join(task.text(one.name) for one in programmes), code=" ".join(one.slug for one in programmes)),
    )


def _target(task: Task, step: Step) -> Cell:
    if step.target is None:
        return Cell(text=say(task.language, "kein Termin", "no date"))
    cell = of_day(step.target, task.language)
    if not step.is_overdue(task.day):
        return cell
    return Cell(text=f"{cell.text} ({say(task.language, 'überfällig', 'overdue')})", code=cell.code)


def _known(task: Task, steps: list[Step]) -> list[str]:
    """Return since when steps are as they are listed: they have no history of their own, as stages have."""
    if not steps:
        return []
    day = show(task.state.recorded.astimezone(CITY_TIME).date(), task.language)
    return [
        say(
            task.language,
            f"Die Schritte sind aufgeführt, wie sie am {day} eingetragen waren.",
            f"Steps are listed as they were entered on {day}.",
        )
    ]


def _closed(task: Task) -> list[str]:
    """Return how many steps are not in the table, because nothing is to be done any more."""
    number = sum(not step.state.is_open for step in concerned(task))
    if not number:
        return []
    return [
        say(
            task.language,
            f"Nicht aufgeführt {'ist 1 Schritt, der' if number == 1 else f'sind {number} Schritte, die'} "
            f"erledigt, aufgegeben oder abgelehnt {'ist' if number == 1 else 'sind'}.",
            f"{plural(number, 'step is', 'steps are')} left out, since {'it is' if number == 1 else 'they are'} "
            "done, dropped or decided against.",
        )
    ]
