"""A service as a row of a sheet, and a row that somebody edited as the service that it means: only edits count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple

from servicedir.domain.day import Day
from servicedir.domain.service import NOTHING_SAID, Channel, ChannelKind, Fault, Nature, Period, Service
from servicedir.domain.text import Text
from servicedir.exchange.cells import BadCell, Unfit, read, unchanged, write
from servicedir.exchange.columns import BY_NAME, COLUMNS, Column

NOT_SAID: Mapping[str, int] = {}
"""The revisions of services of which nobody says which revisions they are."""


class Problem(NamedTuple):
    """What is wrong with a row: the column ("" if no column shows it), the rule's name and what the cell says.

    `code` is a value of Unfit, or the `what` of a Fault of the entry.
    """

    column: str
    code: str
    value: str = ""


class BadRow(ValueError):
    """A row that is refused, with all its problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(f"{p.column}: {p.code}" for p in self.problems))


def to_row(service: Service, on: date, revision: int | None = None) -> dict[str, str]:
    """Return the cells of a service by column, in the order of COLUMNS; stages are those of the day `on`."""
    parts = {**_parts(service), "on": on, "revision": revision}
    channels = {kind: service.channel(kind) for kind in ChannelKind}
    periods = {kind: channel.period(on) for kind, channel in channels.items()}
    row = {}
    for column in COLUMNS:
        if column.channel is None:
            value = parts[column.field]
        else:
            value = getattr((channels if column.field == "note" else periods)[column.channel], column.field)
        row[column.name] = write(column, value)
    return row


def apply_row(row: Mapping[str, str], before: Service | None, on: date) -> Service:
    """Return the service that a row means: `before` with what differs from its row of the day `on`, or a new one.

    Columns that the row has not, and whatever no column shows, stay as they are; an emptied cell empties the field.
    Another stage with a later `since` (or `attested`) begins a new period and ends the one before. Everything else
    that is said of a channel edits the period that holds. A day in the column `on` goes before `on`: on the day of the
    import another stage may hold than on that of the export. Of a known service the slug is not read: it is what the
    caller found the service by. Raises BadRow.
    """
    problems: list[Problem] = []
    on = _day_of(row, on, problems)
    if before:
        was, entry = to_row(before, on), before
    else:
        was = dict.fromkeys(BY_NAME, "")
        entry = Service(slug=row.get("slug", "").strip(), title=Text(), nature=Nature.TRANSACTIONAL, offices=())
    changes = _changes(row, was, _values(entry, on), problems)
    if before and not changes and not problems:
        return before
    found = _changed(entry, changes, on, problems)
    if not before and BY_NAME["nature"] not in changes and all(p.column != "nature" for p in problems):
        problems.append(Problem("nature", "missing"))
    problems = [Problem(column, code, row.get(column, "")) for column, code, _ in problems]
    seen = {problem.column for problem in problems}
    for fault in found.faults():
        column = column_of(fault, found)
        if column not in seen:
            problems.append(Problem(column, fault.what, row.get(column, "")))
    if problems:
        raise BadRow(problems)
    return found


def revision_of(row: Mapping[str, str]) -> int | None:
    """Return the number of the revision that a row was made of; None where it does not say. Raises BadRow."""
    cell = row.get("revision", "")
    try:
        number: int | None = read(BY_NAME["revision"], cell)
    except BadCell as fault:
        raise BadRow([Problem("revision", fault.code.value, cell)]) from None
    return number


def day_of(row: Mapping[str, str], on: date) -> date:
    """Return the day for which a row shows the stages: the one in it, else `on`."""
    return _day_of(row, on, [])


def _day_of(row: Mapping[str, str], on: date, problems: list[Problem]) -> date:
    """Return the day for which a row shows the stages: the one in it, else `on`."""
    try:
        day = read(BY_NAME["on"], row.get("on", ""))
    except BadCell as fault:
        problems.append(Problem("on", fault.code.value))
        day = None
    return day.first if day else on


def _parts(service: Service) -> dict[str, Any]:
    """Return the fields of a service, with the responsible office apart from the others."""
    parts = {field.name: getattr(service, field.name) for field in fields(service)}
    offices = parts.pop("offices")
    return parts | {"office": "".join(offices[:1]), "further_offices": offices[1:]}


def _values(service: Service, on: date) -> dict[tuple[ChannelKind | None, str], Any]:
    """Return the values that columns show, by channel and field."""
    values: dict[tuple[ChannelKind | None, str], Any] = {(None, name): part for name, part in _parts(service).items()}
    for kind in ChannelKind:
        channel = service.channel(kind)
        period = channel.period(on)
        values |= {(kind, field.name): getattr(period, field.name) for field in fields(period)}
        values[kind, "note"] = channel.note
    return values


def _changes(
    row: Mapping[str, str],
    was: Mapping[str, str],
    values: dict[tuple[ChannelKind | None, str], Any],
    problems: list[Problem],
) -> dict[Column, Any]:
    """Return the columns whose cells say something else than they did, with the new value of their field.

    Where two languages of a text change, both columns have the whole of it. What cannot be read joins `problems`.
    """
    changes: dict[Column, Any] = {}
    for column in COLUMNS:
        cell = row.get(column.name)
        if cell is None or column.name in ("slug", "on", "revision"):
            continue
        try:
            if unchanged(column, cell, was[column.name]):
                continue
            value = read(column, cell, values[column.channel, column.field])
        except BadCell as fault:
            problems.append(Problem(column.name, fault.code.value))
            continue
        if column.field == "nature" and value is None:
            problems.append(Problem(column.name, "missing"))
            continue
        values[column.channel, column.field] = changes[column] = value
    return changes


def _changed(service: Service, changes: dict[Column, Any], on: date, problems: list[Problem]) -> Service:
    """Return a service with these changes."""
    parts: dict[str, Any] = {}
    channels: dict[ChannelKind, dict[str, Any]] = {}
    for column, value in changes.items():
        (parts if column.channel is None else channels.setdefault(column.channel, {}))[column.field] = value
    if parts.keys() & {"office", "further_offices"}:
        old = _parts(service)
        office = parts.pop("office", old["office"])
        further = parts.pop("further_offices", old["further_offices"])
        parts["offices"] = tuple(slug for slug in dict.fromkeys((office, *further)) if slug)
        if not office:
            problems.append(Problem("office", "missing"))
    for kind, said in channels.items():
        try:
            changed = _changed_channel(service.channel(kind), said, on)
        except BadCell as fault:
            about = "stage" if fault.code is Unfit.STAGE_WITHOUT_DAY else next(name for name in said if name != "note")
            problems.append(Problem(f"{kind}_{about}", fault.code.value))
            continue
        known = parts.get("channels", service.channels)
        at = next((number for number, channel in enumerate(known) if channel.kind is kind), len(known))
        parts["channels"] = (*known[:at], changed, *known[at + 1 :])
    return replace(service, **parts)


def _changed_channel(channel: Channel, said: dict[str, Any], on: date) -> Channel:
    """Return a channel with what a row says of it. Raises BadCell."""
    rest = dict(said)
    channel = replace(channel, note=rest.pop("note", channel.note))
    if not rest:
        return channel
    held = channel.period(on)
    edited = replace(held, **rest)
    if "stage" in rest:
        start = rest.get("since") or rest.get("attested")
        if not start:
            raise BadCell(Unfit.STAGE_WITHOUT_DAY)
        if held is NOTHING_SAID or start.first > held.first:
            # The days of the stage before are its own, and not those of the new one, though the cells still say them.
            begun = replace(edited, since=rest.get("since"), until=rest.get("until"), attested=rest.get("attested"))
            others = [_ended(p, start) if p is held and held.last >= start.first else p for p in channel.periods]
            return replace(channel, periods=(*others, begun)).closed()
    elif held is NOTHING_SAID:
        raise BadCell(Unfit.DETAILS_WITHOUT_STAGE)
    return replace(channel, periods=tuple(edited if period is held else period for period in channel.periods))


def _ended(period: Period, start: Day) -> Period:
    return replace(period, until=start.before())


def column_of(fault: Fault, service: Service) -> str:
    """Return the column that shows what breaks a rule; "" if none does."""
    match fault.where:
        case ("offices", *_):
            name = "office"
        case ("channels", int(number), *_, str(field)):
            kind = service.channels[number].kind
            name = f"{kind}_{'stage' if field == 'kind' else field}"
        case (str(field), *_):
            name = field
        case _:
            name = ""
    return name if name in BY_NAME else ""
