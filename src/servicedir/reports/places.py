"""What a place or an office offered until a day: its own story, and the services that one could have there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from servicedir.domain.catalogue import Place
from servicedir.domain.history import Published
from servicedir.domain.inquiry import BlockKind, Column
from servicedir.domain.service import Period, Stage
from servicedir.reports.answer import Part
from servicedir.reports.columns import Line, line
from servicedir.reports.offers import by_nature, notes
from servicedir.reports.sentences import bad_day, by, say, services, show
from servicedir.reports.task import Task

_COLUMNS = (Column.TITLE, Column.OFFICE, Column.NATURE, Column.STAGE, Column.SINCE, Column.UNTIL, Column.NOTE)


def build(task: Task) -> Part:
    """Return what is known of the block's place or office, and of what could be had there until its day."""
    if sentence := bad_day(task):
        return Part(kind=BlockKind.PLACE, paragraphs=(sentence,))
    if task.day > task.state.today:
        return Part(kind=BlockKind.PLACE, paragraphs=(bad_day(task, task.day),))
    catalogue, slug = task.state.catalogue, task.block.place
    place, office = catalogue.places.get(slug), catalogue.offices.get(slug)
    if place is None and office is None:
        return Part(kind=BlockKind.PLACE, paragraphs=(_unknown(task),))
    last = _last(task, place)
    there = [entry for entry in task.of_any_stage() if _belongs(task, entry, place)]
    offered = [
        line(task, entry, period) for entry in task.by_office(there) if (period := _period(task, entry, last, place))
    ]
    noun = place or office
    assert noun is not None  # noqa: S101 - one of both is there, see above
    name = task.text(noun.name)
    said = [name + ": " + task.text(noun.summary)] if noun.summary else []
    if place is not None:
        said += _opening(task, place, name)
    said.append(_sentence(task, name, last, there, offered, is_place=place is not None))
    return Part(
        kind=BlockKind.PLACE,
        title=name,
        paragraphs=tuple(said),
        tables=by_nature(task, f"place-{slug}", offered, task.columns(*_COLUMNS)),
        notes=(
            *_silent(task, there, last),
            *notes(task, offered, [place.source] if place else []),
        ),
        path=task.path(office=(slug,), video=()) if place is None else "",
    )


def _last(task: Task, place: Place | None) -> date:
    """Return the last day that counts: a place offers nothing once it is closed."""
    if place is not None and place.closed is not None:
        return min(task.day, place.closed.first - timedelta(days=1))
    return task.day


def _belongs(task: Task, entry: Published, place: Place | None) -> bool:
    if place is not None:
        return place.slug in entry.service.places
    return any(task.block.place in task.state.catalogue.lineage(slug) for slug in entry.service.offices)


def _period(task: Task, entry: Published, last: date, place: Place | None) -> Period | None:
    """Return the latest period until the last day in which a service could be had; None if it never could."""
    first = place.opened.first if place is not None and place.opened else date.min
    found = [
        period
        for period in entry.service.channel(task.channel).periods
        if period.stage.available and period.first <= last and period.last >= first
    ]
    return max(found, key=lambda period: period.first, default=None)


def _unknown(task: Task) -> str:
    name = task.block.place
    return say(
        task.language,
        f"Im Verzeichnis gibt es zu diesem Stand weder einen Ort noch ein Amt „{name}“.",
        f"At this state of knowledge, the directory has neither a place nor an office “{name}”.",
    )


def _opening(task: Task, place: Place, name: str) -> list[str]:
    """Return since when a place is open, and since when it is not any more."""
    language, found = task.language, []
    if place.opened and place.opened.first <= task.day:
        day = show(place.opened, language)
        found.append(say(language, f"{name}: eröffnet {_in(place.opened.text, day)}.", f"{name}: opened {day}."))
    if place.closed:
        day = show(place.closed, language)
        found.append(say(language, f"{name}: geschlossen seit {day}.", f"{name}: closed since {day}."))
    return found


def _in(text: str, day: str) -> str:
    return f"am {day}" if len(text) == 10 else f"im {day}" if len(text) == 7 else day


def _sentence(
    task: Task, name: str, last: date, there: Iterable[Published], offered: list[Line], *, is_place: bool
) -> str:
    language, how, day = task.language, by(task.channel, task.language), show(last, task.language)
    total = len(list(there))
    if not total:
        return say(
            language,
            f"Im Verzeichnis ist keine Dienstleistung {'mit diesem Ort' if is_place else 'dieses Amtes'} "
            f"eingetragen: {name}.",
            f"The directory has no service {'at this place' if is_place else 'of this office'}: {name}.",
        )
    if not offered:
        return say(
            language,
            f"Das Verzeichnis nennt dafür {services(total, 'de')}. Dass man davon bis zum {day} etwas {how} bekam, "
            "ist nicht verzeichnet.",
            f"The directory has {services(total, 'en')} there. It does not say that any was offered {how} until {day}.",
        )
    return say(
        language,
        f"Das Verzeichnis nennt dafür {services(total, 'de')}; {how} gab es bis zum {day} davon {len(offered)}.",
        f"The directory has {services(total, 'en')} there; {len(offered)} of them could be had {how} until {day}.",
    )


def _silent(task: Task, there: Iterable[Published], last: date) -> list[str]:
    unknown = sum(task.stage(entry, last) is Stage.UNKNOWN for entry in there)
    if not unknown:
        return []
    how, day = by(task.channel, task.language), show(last, task.language)
    return [
        say(
            task.language,
            f"Bei {services(unknown, 'de')} ist für den {day} nicht bekannt, ob es sie {how} gab.",
            f"Of {services(unknown, 'en')} it is not known whether they could be had {how} on {day}.",
        )
    ]
