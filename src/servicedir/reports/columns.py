"""The cells of tables of services: what each column says of one, and of its channel on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from servicedir.domain.catalogue import Audience, Topic
from servicedir.domain.day import Day
from servicedir.domain.figures import Standing
from servicedir.domain.history import Published
from servicedir.domain.inquiry import Column
from servicedir.domain.service import Channel, Constraint, Effect, Period, Service
from servicedir.domain.words import label, language_name
from servicedir.reports.answer import Cell, Heading, Row, Table, Type
from servicedir.reports.sentences import by, number, say, show
from servicedir.reports.task import Task


@dataclass(frozen=True, slots=True)
class Line:
    """What a row is about: a service, its channel, and the period of it that counts."""

    task: Task
    entry: Published
    channel: Channel
    period: Period

    @property
    def service(self) -> Service:
        """Return the service."""
        return self.entry.service

    @property
    def language(self) -> str:
        """Return the language of the answer."""
        return self.task.language


def line(task: Task, entry: Published, period: Period | None = None) -> Line:
    """Return what a row about a service is about: its channel in this period, or in the one of the block's day."""
    channel = entry.service.channel(task.channel)
    return Line(task, entry, channel, period or channel.period(task.day))


def table(task: Task, key: str, caption: str, lines: Iterable[Line], columns: Sequence[Column]) -> Table:
    """Return a table of services with these columns."""
    return Table(
        key=key,
        caption=caption,
        headings=tuple(heading(column, task.language) for column in columns),
        rows=tuple(Row(key=one.service.slug, cells=tuple(CELLS[column](one) for column in columns)) for one in lines),
        **task.most,
    )


def heading(column: Column, language: str) -> Heading:
    """Return the heading of a column."""
    return Heading(key=column.value, title=label(column, language), type=_TYPES.get(column, Type.TEXT))


def of_services(task: Task, slugs: Iterable[str]) -> Cell:
    """Return the cell that names services, those that are published; one alone leads there."""
    # Who plans may point at drafts, of which outsiders learn not even the slug.
    found = tuple(slug for slug in slugs if slug in task.state.by_slug)
    path = f"/services/{found[0]}" if len(found) == 1 else ""
    return Cell(text=task.titles(found), code=" ".join(found), path=path)


def of_office(task: Task, *slugs: str) -> Cell:
    """Return the cell that names offices; the first one is where it leads."""
    found = [slug for slug in slugs if slug]
    path = f"/offices/{found[0]}" if found and found[0] in task.state.catalogue.offices else ""
    return Cell(text="; ".join(map(task.office, found)), code=" ".join(found), path=path)


def of_day(day: Day | None, language: str) -> Cell:
    """Return the cell of a day; empty for none."""
    return Cell(text=show(day, language), code=day.text) if day else Cell(text="")


def of_term(term: StrEnum, language: str) -> Cell:
    """Return the cell of a term of ours."""
    return Cell(text=label(term, language), code=term.value)


def of_number(value: int | None, language: str) -> Cell:
    """Return the cell of a number, or of none: which is said, since 0 is one."""
    if value is None:
        return Cell(text=label(Standing.UNKNOWN, language), standing=Standing.UNKNOWN)
    return Cell(text=number(value, language), number=value, standing=Standing.NUMBER)


def cited(constraint: Constraint, task: Task) -> str:
    """Return a constraint in a line: what is asked for, where that is written, what it does, and the note on it."""
    basis = f" ({constraint.legal_basis.citation})" if constraint.legal_basis else ""
    note = f": {task.text(constraint.note)}" if constraint.note else ""
    said = f"{label(constraint.requirement, task.language)}{basis}"
    return f"{said}, {label(constraint.effect, task.language)}{note}"


def _title(line: Line) -> Cell:
    return Cell(text=line.task.text(line.service.title), code=line.service.slug, path=f"/services/{line.service.slug}")


def _office(line: Line) -> Cell:
    return of_office(line.task, *line.service.offices)


def _nature(line: Line) -> Cell:
    return of_term(line.service.nature, line.language)


def _stage(line: Line) -> Cell:
    return of_term(line.period.stage, line.language)


def _since(line: Line) -> Cell:
    if line.period.since:
        return of_day(line.period.since, line.language)
    if line.period.attested:
        day = show(line.period.attested, line.language)
        said = say(line.language, f"belegt für {day}", f"attested for {day}")
        return Cell(text=said, code=line.period.attested.text)
    return Cell(text="")


def _until(line: Line) -> Cell:
    return of_day(line.period.until, line.language)


def _slots(line: Line) -> Cell:
    slots = line.period.slots_per_week
    if slots is None:
        text = say(line.language, "nach Absprache", "by arrangement") if line.period.by_arrangement else ""
        return Cell(text=text, standing=Standing.UNKNOWN)
    unit = say(line.language, "in der Woche", "a week")
    return Cell(text=f"{number(slots, line.language)} {unit}", number=slots, standing=Standing.NUMBER)


def _booking(line: Line) -> Cell:
    said = line.task.text(line.period.booking)
    if not said and line.period.by_arrangement:
        said = say(line.language, "nach Absprache", "by arrangement")
    return Cell(text=said)


def _note(line: Line) -> Cell:
    return Cell(text=line.task.text(line.channel.note))


def _reason(line: Line) -> Cell:
    return Cell(text=line.task.text(line.period.reason))


def _needs(line: Line) -> Cell:
    needs, language = line.period.needs, line.language
    found = [needs.tool] if needs.tool else []
    if needs.browser_only is not None:
        found.append(
            say(language, "im Browser, ohne Installation", "in a browser, nothing to install")
            if needs.browser_only
            else say(language, "mit Installation", "needs an installation")
        )
    if needs.interpreter:
        found.append(say(language, "mit Dolmetschen per Video", "with interpreting by video"))
    if needs.captions:
        found.append(say(language, "mit Untertiteln", "with captions"))
    return Cell(text="; ".join(found))


def _telework(line: Line) -> Cell:
    if line.period.telework is None:
        return Cell(text=say(line.language, "nicht bekannt", "not known"), standing=Standing.UNKNOWN)
    return Cell(
        text=say(line.language, "ja", "yes") if line.period.telework else say(line.language, "nein", "no"),
        code="true" if line.period.telework else "false",
    )


def _channels(line: Line) -> Cell:
    kinds = line.service.available(line.task.day)
    return Cell(text=", ".join(by(kind, line.language) for kind in kinds), code=" ".join(kind.value for kind in kinds))


def _constraints(line: Line) -> Cell:
    found = [
        cited(one, line.task)
        for one in line.service.constraints
        if one.concerns(line.channel.kind) and one.effect is not Effect.ALLOWS
    ]
    return Cell(text="; ".join(found))


def _names(line: Line, slugs: Sequence[str], nouns: Mapping[str, Topic] | Mapping[str, Audience]) -> Cell:
    names = [line.task.text(nouns[slug].name) if slug in nouns else slug for slug in slugs]
    return Cell(text=", ".join(names), code=" ".join(slugs))


def _topics(line: Line) -> Cell:
    return _names(line, line.service.topics, line.task.state.catalogue.topics)


def _audiences(line: Line) -> Cell:
    return _names(line, line.service.audiences, line.task.state.catalogue.audiences)


def _languages(line: Line) -> Cell:
    codes = line.service.languages
    return Cell(text=", ".join(language_name(code, line.language) for code in codes), code=" ".join(codes))


def _summary(line: Line) -> Cell:
    return Cell(text=line.task.text(line.service.summary))


def _verified(line: Line) -> Cell:
    day = verified(line)
    return of_day(day, line.language) if day else Cell(text=say(line.language, "noch nie", "never"))


def verified(line: Line) -> Day | None:
    """Return the last day on which the entry, or its channel, was found correct; None if it never was."""
    found = max(filter(None, (line.service.verified, line.channel.verified)), default=None)
    return Day(found.isoformat()) if found else None


def _source(line: Line) -> Cell:
    return Cell(text=line.period.source)


CELLS: Mapping[Column, Callable[[Line], Cell]] = {
    Column.TITLE: _title,
    Column.OFFICE: _office,
    Column.NATURE: _nature,
    Column.STAGE: _stage,
    Column.SINCE: _since,
    Column.UNTIL: _until,
    Column.SLOTS: _slots,
    Column.BOOKING: _booking,
    Column.NOTE: _note,
    Column.REASON: _reason,
    Column.NEEDS: _needs,
    Column.TELEWORK: _telework,
    Column.CHANNELS: _channels,
    Column.CONSTRAINTS: _constraints,
    Column.TOPICS: _topics,
    Column.AUDIENCES: _audiences,
    Column.LANGUAGES: _languages,
    Column.SUMMARY: _summary,
    Column.VERIFIED: _verified,
    Column.SOURCE: _source,
}
"""What each column says."""

_TYPES = {
    Column.SINCE: Type.DAY,
    Column.UNTIL: Type.DAY,
    Column.VERIFIED: Type.DAY,
    Column.SLOTS: Type.NUMBER,
}
