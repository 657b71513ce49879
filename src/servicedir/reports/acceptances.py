"""How citizens, and the city's staff, take to a way of access: always apart, and with how many were asked."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from servicedir.domain.acceptance import Acceptance, Group, Measurement
from servicedir.domain.day import Day
from servicedir.domain.inquiry import BlockKind
from servicedir.domain.words import label
from servicedir.reports.answer import Cell, Heading, Part, Row, Table, Type
from servicedir.reports.columns import of_day, of_number, of_office, of_services, of_term
from servicedir.reports.sentences import bad_day, by, plural, say, show, sources
from servicedir.reports.task import Task


def build(task: Task) -> Part:
    """Return what was measured up to the block's day, in a table for each group, the latest first."""
    if sentence := bad_day(task) or (bad_day(task, task.day) if task.day > task.state.today else ""):
        return Part(kind=BlockKind.ACCEPTANCE, paragraphs=(sentence,))
    groups = (task.block.group,) if task.block.group else tuple(Group)
    all_found = {group: _found(task, group) for group in groups}
    return Part(
        kind=BlockKind.ACCEPTANCE,
        paragraphs=tuple(_sentence(task, group, found) for group, found in all_found.items()),
        tables=tuple(_table(task, group, found) for group, found in all_found.items() if found),
        notes=tuple(_notes(task, [one for found in all_found.values() for one in found])),
    )


def _found(task: Task, group: Group) -> list[Acceptance]:
    channels = task.block.channels or (task.channel,)
    found = [
        one
        for one in task.state.catalogue.acceptances.values()
        if one.group is group and one.channel in channels and one.measured.first <= task.day and _concerns(task, one)
    ]
    return sorted(found, key=lambda one: (one.measured.first, one.slug), reverse=True)


def _concerns(task: Task, one: Acceptance) -> bool:
    """Return whether the block's search is about this; what was measured for the whole city concerns every search."""
    if not task.is_narrow or not (one.services or one.office):
        return True
    offices = {slug for office in task.query.office for slug in task.state.catalogue.within(office)}
    return one.office in offices or bool({e.service.slug for e in task.of_any_stage()} & set(one.services))


def _sentence(task: Task, group: Group, found: list[Acceptance]) -> str:
    language, how = task.language, by(task.channel, task.language)
    who = label(group, language)
    if not found:
        return say(
            language,
            f"{who}: Zur Akzeptanz von Terminen {how} ist im Verzeichnis nichts eingetragen; "
            "ob etwas gemessen wurde, ist nicht bekannt.",
            f"{who}: the directory has nothing on the acceptance of appointments {how}; "
            "whether anything was measured is not known.",
        )
    measured = [one for one in found if one.measurement is not Measurement.REMARK]
    remarks = len(found) - len(measured)
    if not measured:
        return say(
            language,
            f"{who}: Gemessen wurde nichts; es gibt {plural(remarks, 'Rückmeldung', 'Rückmeldungen')} dazu.",
            f"{who}: nothing was measured; there {'is' if remarks == 1 else 'are'} "
            f"{plural(remarks, 'remark', 'remarks')} on it.",
        )
    latest = measured[0]
    return say(
        language,
        f"{who}: {plural(len(measured), 'Messung', 'Messungen')}, die letzte {_when(latest.measured.text)}"
        f"{show(latest.measured, 'de')}: {task.text(latest.name)}, {value(latest, 'de')}.",
        f"{who}: {plural(len(measured), 'measurement', 'measurements')}, the latest of {show(latest.measured, 'en')}: "
        f"{task.text(latest.name)}, {value(latest, 'en')}.",
    )


def _when(text: str) -> str:
    return {4: "", 7: "im ", 10: "am "}[len(text)]


def _table(task: Task, group: Group, found: Iterable[Acceptance]) -> Table:
    language = task.language
    titles = (
        ("measured", "gemessen", "Measured", Type.DAY),
        ("name", "was", "What", Type.TEXT),
        ("measurement", "wie", "How", Type.TEXT),
        ("about", "worüber", "About", Type.TEXT),
        ("value", "Ergebnis", "Result", Type.TEXT),
        ("asked", "Grundlage (Anzahl)", "Based on (number)", Type.NUMBER),
        ("comment", "Bemerkung", "Comment", Type.TEXT),
        ("source", "Quelle", "Source", Type.TEXT),
    )
    return Table(
        key=f"acceptance-{group.value}",
        caption=say(
            language,
            f"Akzeptanz von Terminen {by(task.channel, 'de')}: {label(group, 'de')}",
            f"Acceptance of appointments {by(task.channel, 'en')}: {label(group, 'en')}",
        ),
        headings=tuple(Heading(key=key, title=say(language, de, en), type=type_) for key, de, en, type_ in titles),
        rows=tuple(Row(key=one.slug, cells=_cells(task, one)) for one in found),
        **task.most,
    )


def _cells(task: Task, one: Acceptance) -> tuple[Cell, ...]:
    language = task.language
    return (
        of_day(one.measured, language),
        Cell(text=task.text(one.name), code=one.slug),
        of_term(one.measurement, language),
        _about(task, one),
        Cell(text=value(one, language), code="" if one.value is None else f"{one.value:f}"),
        of_number(one.asked, language),
        Cell(text=task.text(one.comment)),
        Cell(text=one.source),
    )


def _about(task: Task, one: Acceptance) -> Cell:
    if one.services:
        return of_services(task, one.services)
    if one.office:
        return of_office(task, one.office)
    return Cell(text=say(task.language, "ganze Stadt", "whole city"))


def value(one: Acceptance, language: str) -> str:
    """Return what came out, with the scale on which it lies."""
    if one.value is None:
        return say(language, "nicht gemessen", "not measured")
    shown = decimal(one.value, language)
    if one.measurement is Measurement.SHARE:
        return say(language, f"{shown} %", f"{shown}%")
    low, high = one.scale
    if low is None or high is None:
        return shown
    return say(
        language,
        f"{shown} auf einer Skala von {decimal(low, 'de')} bis {decimal(high, 'de')}",
        f"{shown} on a scale from {decimal(low, 'en')} to {decimal(high, 'en')}",
    )


def decimal(value: Decimal, language: str) -> str:
    """Return a number as it was measured, with the sign that a language puts before its decimals."""
    written = f"{value:f}"
    return written if language == "en" else written.replace(".", ",")


def _notes(task: Task, found: list[Acceptance]) -> list[str]:
    if not found:
        return []
    oldest: Day = min((one.measured for one in found), key=lambda day: day.first)
    language = task.language
    notes = [
        say(
            language,
            f"Die älteste dieser Angaben: {show(oldest, 'de')}.",
            f"The oldest of these: {show(oldest, 'en')}.",
        )
    ]
    if any(one.asked is None for one in found):
        notes.append(
            say(
                language,
                "Wo die Grundlage nicht bekannt ist, lässt sich nicht sagen, wie weit ein Ergebnis trägt.",
                "Where the number is not known, there is no telling how far a result holds.",
            )
        )
    return notes + sources((one.source for one in found), language)
