"""Which programmes pay for services or steps."""

from __future__ import annotations

from collections.abc import Iterable

from servicedir.domain.inquiry import BlockKind
from servicedir.domain.programme import Level, Programme
from servicedir.domain.text import sort_key
from servicedir.domain.words import label
from servicedir.reports.answer import Cell, Heading, Part, Row, Table, Type
from servicedir.reports.columns import of_day, of_services, of_term
from servicedir.reports.sentences import bad_day, listed, plural, say, show, sources
from servicedir.reports.task import Task


def build(task: Task) -> Part:
    """Return the programmes that the directory knows, with the services and steps that use each."""
    if sentence := bad_day(task) or (bad_day(task, task.day) if task.day > task.state.today else ""):
        return Part(kind=BlockKind.PROGRAMMES, paragraphs=(sentence,))
    found = sorted(
        (one for one in task.state.catalogue.programmes.values() if _concerns(task, one)),
        key=lambda one: sort_key(task.text(one.name)),
    )
    return Part(
        kind=BlockKind.PROGRAMMES,
        paragraphs=(_sentence(task, found),),
        tables=(_table(task, found),) if found else (),
        notes=tuple(sources((one.source for one in found), task.language)),
    )


def _steps(task: Task, one: Programme) -> list[str]:
    """Return the names of the steps that use a programme."""
    steps = task.state.catalogue.steps.values()
    return sorted((task.text(step.name) for step in steps if one.slug in step.programmes), key=sort_key)


def _concerns(task: Task, one: Programme) -> bool:
    if not task.is_narrow:
        return True
    chosen = {entry.service.slug for entry in task.of_any_stage()}
    steps = [step for step in task.state.catalogue.steps.values() if one.slug in step.programmes]
    return bool(chosen & {*one.services, *(slug for step in steps for slug in step.services)})


def _sentence(task: Task, found: list[Programme]) -> str:
    language = task.language
    if not found:
        return say(
            language,
            "Im Verzeichnis ist dazu kein Förderprogramm eingetragen.",
            "The directory has no funding programme for this.",
        )
    levels = [
        f"{label(level, language)} ({sum(one.level is level for one in found)})"
        for level in dict.fromkeys(one.level for one in found)
    ]
    # Of whose level nobody knows more than that there is one, the table says as much.
    by_level = "" if {one.level for one in found} == {Level.OTHER} else listed(levels, language)
    return say(
        language,
        f"Das Verzeichnis nennt {plural(len(found), 'Förderprogramm', 'Förderprogramme')}"
        f"{f', nach Geldgebern: {by_level}' if by_level else ''}.",
        f"The directory has {plural(len(found), 'funding programme', 'funding programmes')}"
        f"{f', by who pays: {by_level}' if by_level else ''}.",
    )


def _table(task: Task, found: Iterable[Programme]) -> Table:
    language = task.language
    titles = (
        ("programme", "Programm", "Programme", Type.TEXT),
        ("level", "Ebene", "Level", Type.TEXT),
        ("funder", "wer fördert", "Funder", Type.TEXT),
        ("area", "was gefördert wird", "Field", Type.TEXT),
        ("begins", "von", "From", Type.DAY),
        ("ends", "bis", "Until", Type.DAY),
        ("services", "Dienstleistungen", "Services", Type.TEXT),
        ("steps", "Schritte", "Steps", Type.TEXT),
        ("summary", "Erläuterung", "Explanation", Type.TEXT),
        ("link", "Adresse", "Address", Type.TEXT),
    )
    return Table(
        key="programmes",
        caption=say(language, "Förderprogramme", "Funding programmes"),
        headings=tuple(Heading(key=key, title=say(language, de, en), type=type_) for key, de, en, type_ in titles),
        rows=tuple(Row(key=one.slug, cells=_cells(task, one)) for one in found),
        **task.most,
    )


def _cells(task: Task, one: Programme) -> tuple[Cell, ...]:
    language = task.language
    return (
        Cell(text=task.text(one.name), code=one.slug),
        of_term(one.level, language),
        Cell(text=task.text(one.funder)),
        Cell(text=task.text(one.area)),
        of_day(one.begins, language),
        _ends(task, one),
        of_services(task, one.services),
        Cell(text="; ".join(_steps(task, one))),
        Cell(text=task.text(one.summary)),
        Cell(text=one.url),
    )


def _ends(task: Task, one: Programme) -> Cell:
    if one.ends is None or one.runs(task.day) or one.ends.last >= task.day:
        return of_day(one.ends, task.language)
    text = f"{show(one.ends, task.language)} ({say(task.language, 'beendet', 'over')})"
    return Cell(text=text, code=one.ends.text)
