"""Why a service cannot be had in a way: stages with their reasons, what law and technology ask, decisions against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from servicedir.domain.history import Published
from servicedir.domain.inquiry import BlockKind, Column
from servicedir.domain.service import Constraint, Effect, Stage
from servicedir.domain.step import Step, StepState
from servicedir.reports.answer import Cell, Heading, Part, Row, Table
from servicedir.reports.columns import line, of_office, of_services, of_term, table
from servicedir.reports.offers import notes, whole
from servicedir.reports.plans import concerned
from servicedir.reports.sentences import bad_day, by, plural, say, services, show
from servicedir.reports.task import Task

AGAINST = (Stage.NOT_PLANNED, Stage.RULED_OUT, Stage.PAUSED, Stage.ENDED)
_COLUMNS = (Column.TITLE, Column.OFFICE, Column.NATURE, Column.STAGE, Column.SINCE, Column.REASON)


def build(task: Task) -> Part:
    """Return what speaks against the block's channel on its day: stages, constraints and decisions."""
    if sentence := bad_day(task, task.day):
        return Part(kind=BlockKind.REASONS, paragraphs=(sentence,))
    lines = [line(task, entry) for entry in task.by_office(task.in_stages(*AGAINST))]
    limits = _limits(task)
    steps = [step for step in concerned(task) if step.state is StepState.DECIDED_AGAINST]
    tables = []
    if lines:
        caption = say(task.language, "Was es so nicht gibt, und warum", "What cannot be had this way, and why")
        tables.append(table(task, "reasons-stages", caption, lines, task.columns(*_COLUMNS)))
    if limits:
        tables.append(_limits_table(task, limits))
    if steps:
        tables.append(_steps_table(task, steps))
    silent = sum(not one.period.reason for one in lines)
    return Part(
        kind=BlockKind.REASONS,
        paragraphs=tuple(_sentences(task, len(lines), limits, steps)),
        tables=tuple(tables),
        notes=(
            whole(task),
            *_silent(silent, task.language),
            *notes(task, lines, [step.source for step in steps]),
        ),
        path=task.path(video=task.query.video or AGAINST),
    )


def _limits(task: Task) -> list[tuple[Published, Constraint]]:
    """Return what rules the channel out or is a condition for it, what rules it out first."""
    found = [
        (entry, constraint)
        for entry in task.by_office(task.of_any_stage())
        for constraint in entry.service.constraints
        if constraint.concerns(task.channel) and constraint.effect is not Effect.ALLOWS
    ]
    return sorted(found, key=lambda pair: pair[1].effect is not Effect.RULES_OUT)


def _sentences(
    task: Task, stages: int, limits: Sequence[tuple[Published, Constraint]], steps: Sequence[Step]
) -> list[str]:
    language, how, day = task.language, by(task.channel, task.language), show(task.day, task.language)
    found = []
    if stages:
        found.append(
            say(
                language,
                f"Stand {day} {'ist' if stages == 1 else 'sind'} {services(stages, 'de')} {how} nicht vorgesehen, "
                "nicht möglich, ausgesetzt oder beendet.",
                f"As of {day}, {services(stages, 'en')} {how} {'is' if stages == 1 else 'are'} not planned, "
                "not possible, paused or ended.",
            )
        )
    else:
        found.append(
            say(
                language,
                f"Stand {day} hat kein Amt eingetragen, dass eine Dienstleistung {how} nicht vorgesehen, nicht "
                "möglich, ausgesetzt oder beendet ist.",
                f"As of {day}, no office has said that a service is not planned, not possible, paused or ended {how}.",
            )
        )
    out = len({entry.service.slug for entry, one in limits if one.effect is Effect.RULES_OUT})
    bound = len({entry.service.slug for entry, one in limits if one.effect is Effect.CONDITIONS})
    if out:
        found.append(
            say(
                language,
                f"Bei {services(out, 'de')} schließt aber eine rechtliche oder technische Vorgabe diesen Weg aus.",
                f"For {services(out, 'en')}, a requirement of law or technology rules this way out.",
            )
        )
    if bound:
        found.append(
            say(
                language,
                f"Bei {services(bound, 'de')} stellt eine Vorgabe dafür Bedingungen.",
                f"For {services(bound, 'en')}, a requirement sets conditions for it.",
            )
        )
    if steps:
        found.append(
            say(
                language,
                f"{plural(len(steps), 'Entscheidung', 'Entscheidungen')} gegen diesen Weg "
                f"{'ist' if len(steps) == 1 else 'sind'} eingetragen.",
                f"{plural(len(steps), 'decision', 'decisions')} against this way "
                f"{'is' if len(steps) == 1 else 'are'} recorded.",
            )
        )
    else:
        found.append(
            say(
                language,
                "Eine Entscheidung dagegen ist im Verzeichnis nicht eingetragen.",
                "The directory has no decision against it.",
            )
        )
    return found


def _limits_table(task: Task, limits: Sequence[tuple[Published, Constraint]]) -> Table:
    language = task.language
    titles = (
        ("service", "Dienstleistung", "Service"),
        ("office", "Amt", "Office"),
        ("kind", "Art der Vorgabe", "Kind"),
        ("requirement", "Vorgabe", "Requirement"),
        ("effect", "Wirkung", "Effect"),
        ("basis", "Rechtsgrundlage", "Legal basis"),
        ("note", "Erläuterung", "Explanation"),
    )
    rows = []
    seen: Counter[str] = Counter()
    for entry, one in limits:
        cells = (
            of_services(task, [entry.service.slug]),
            of_office(task, entry.service.office),
            of_term(one.kind, language),
            of_term(one.requirement, language),
            of_term(one.effect, language),
            Cell(text=one.legal_basis.citation if one.legal_basis else ""),
            Cell(text=task.text(one.note)),
        )
        seen[entry.service.slug] += 1
        rows.append(Row(key=f"{entry.service.slug}-{seen[entry.service.slug]}", cells=cells))
    return Table(
        key="reasons-constraints",
        caption=say(language, "Vorgaben aus Recht und Technik", "Requirements of law and technology"),
        headings=tuple(Heading(key=key, title=say(language, de, en)) for key, de, en in titles),
        rows=tuple(rows),
        **task.most,
    )


def _steps_table(task: Task, steps: Sequence[Step]) -> Table:
    language = task.language
    titles = (
        ("step", "worum es ging", "What it was about"),
        ("office", "Amt", "Office"),
        ("services", "Dienstleistungen", "Services"),
        ("reason", "Grund", "Reason"),
        ("paper", "Vorlage", "Council paper"),
    )
    rows = tuple(
        Row(
            key=step.slug,
            cells=(
                Cell(text=task.text(step.name), code=step.slug),
                of_office(task, step.office),
                of_services(task, step.services),
                Cell(text=task.text(step.reason)),
                Cell(text=step.paper),
            ),
        )
        for step in steps
    )
    return Table(
        key="reasons-steps",
        caption=say(language, "Entscheidungen dagegen", "Decisions against it"),
        headings=tuple(Heading(key=key, title=say(language, de, en)) for key, de, en in titles),
        rows=rows,
        **task.most,
    )


def _silent(number: int, language: str) -> list[str]:
    if not number:
        return []
    return [
        say(
            language,
            f"Bei {services(number, 'de')} ist kein Grund eingetragen.",
            f"Of {services(number, 'en')} no reason is given.",
        )
    ]
