"""Services on a day: which there are by the block's search, by nature, with what is not known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from servicedir.domain.catalogue import OfficeKind
from servicedir.domain.inquiry import DEFAULT_COLUMNS, BlockKind, Column
from servicedir.domain.service import Nature, Stage
from servicedir.domain.text import Text
from servicedir.reports.answer import Part, Table
from servicedir.reports.columns import Line, line, table, verified
from servicedir.reports.sentences import (
    NATURE_CAPTIONS,
    bad_day,
    by,
    choice,
    listed,
    natures,
    say,
    services,
    show,
    sources,
)
from servicedir.reports.task import Task


def build(task: Task) -> Part:
    """Return the services that the search selects on the day, in a table for each nature; those of partners apart."""
    if sentence := bad_day(task, task.day):
        return Part(kind=BlockKind.SERVICES, paragraphs=(sentence,))
    lines = [line(task, entry) for entry in task.by_office(task.entries())]
    return Part(
        kind=BlockKind.SERVICES,
        paragraphs=tuple(_paragraphs(task, lines)),
        tables=by_nature(task, "services", lines, task.columns(*DEFAULT_COLUMNS), task.text(task.block.title)),
        notes=(whole(task), *notes(task, lines)),
        path=task.path(),
    )


def _paragraphs(task: Task, lines: Sequence[Line]) -> list[str]:
    own = [one for one in lines if not _is_partners(task, one)]
    return [_sentence(task, own), *_partners(task, lines)] if own else [_sentence(task, lines)]


def _is_partners(task: Task, line: Line) -> bool:
    """Return whether a service is one of an authority that is not part of the city's administration."""
    office = task.state.catalogue.offices.get(line.service.office)
    return office is not None and office.kind is OfficeKind.PARTNER_AUTHORITY


def by_nature(
    task: Task, key: str, lines: Sequence[Line], columns: Sequence[Column], about: str = ""
) -> tuple[Table, ...]:
    """Return a table for each nature that there is: an application is never listed among advice.

    What partner authorities offer is not the city's own, and comes last in a table of its own. `about` stands before
    each caption, so that a list of tables can tell them apart.
    """
    partners = [one for one in lines if _is_partners(task, one)]
    found = []
    for nature in Nature:
        some = [one for one in lines if one.service.nature is nature and one not in partners]
        if some:
            caption = _caption(about, task.text(NATURE_CAPTIONS[nature]))
            found.append(table(task, f"{key}-{nature.value}", caption, some, columns))
    if partners:
        found.append(table(task, f"{key}-partners", _caption(about, task.text(_PARTNERS)), partners, columns))
    return tuple(found)


def _caption(about: str, caption: str) -> str:
    return f"{about}: {caption}" if about else caption


_PARTNERS = Text.of(
    de="Partnerbehörden (nicht Teil der Stadtverwaltung)",
    en="Partner authorities (not part of the city's administration)",
)


def _sentence(task: Task, lines: Sequence[Line]) -> str:
    language, query = task.language, task.query
    chosen = choice(task, query)
    day = show(task.day, language)
    if query.video and all(stage.available for stage in query.video):
        return _offered(task, lines)
    if not chosen:
        said = say(
            language,
            f"Das Verzeichnis enthält {services(len(lines), 'de')}",
            f"The directory has {services(len(lines), 'en')}",
        )
    elif not lines:
        return say(
            language,
            f"Stand {day} ist im Verzeichnis keine Dienstleistung, auf die das zutrifft: {chosen}.",
            f"As of {day}, the directory has no service to which this applies: {chosen}.",
        )
    else:
        said = say(
            language,
            f"Stand {day} ist im Verzeichnis {services(1, 'de')}, auf die das zutrifft ({chosen})"
            if len(lines) == 1
            else f"Stand {day} sind im Verzeichnis {services(len(lines), 'de')}, auf die das zutrifft ({chosen})",
            f"As of {day}, the directory has {services(len(lines), 'en')} to which this applies ({chosen})",
        )
    return f"{said}{_natures(lines, language)}."


def _offered(task: Task, lines: Sequence[Line]) -> str:
    """Return how many services there are by video, which is what is asked most."""
    language, query, day = task.language, task.query, show(task.day, task.language)
    how = by(task.channel, language)
    rest = choice(task, replace(query, video=()))
    limits = f" ({rest})" if rest else ""
    if not lines:
        return say(
            language,
            f"Stand {day} ist im Verzeichnis keine Dienstleistung {how}{limits} bekannt.",
            f"As of {day}, the directory knows of no service {how}{limits}.",
        )
    pilots = sum(one.period.stage is Stage.PILOT for one in lines)
    trial = ""
    if len(query.video) > 1 and pilots:
        trial = say(language, f", davon {pilots} im Testbetrieb", f", {pilots} of them as a pilot")
    elif query.video == (Stage.PILOT,):
        trial = say(language, " im Testbetrieb", " as a pilot")
    return say(
        language,
        f"Stand {day} gibt es {services(len(lines), 'de')} {how}{limits}{trial}{_natures(lines, 'de')}.",
        f"As of {day}, there {'is' if len(lines) == 1 else 'are'} {services(len(lines), 'en')} "
        f"{how}{limits}{trial}{_natures(lines, 'en')}.",
    )


def _partners(task: Task, lines: Sequence[Line]) -> list[str]:
    """Return how many more there are by partner authorities, and of which."""
    offices = [one.service.office for one in lines if _is_partners(task, one)]
    if not offices:
        return []
    names = "; ".join(dict.fromkeys(map(task.office, offices)))
    return [
        say(
            task.language,
            f"Dazu {'kommt' if len(offices) == 1 else 'kommen'} {services(len(offices), 'de')} von Partnerbehörden, "
            f"die nicht Teil der Stadtverwaltung sind: {names}.",
            f"Besides, there {'is' if len(offices) == 1 else 'are'} {services(len(offices), 'en')} of partner "
            f"authorities that are not part of the city's administration: {names}.",
        )
    ]


def _natures(lines: Sequence[Line], language: str) -> str:
    found = Counter(one.service.nature for one in lines)
    parts = [natures(found[nature], nature, language) for nature in Nature if found[nature]]
    return f": {listed(parts, language)}" if parts else ""


# What is left out, and how old the rest is


def whole(task: Task) -> str:
    """Return how much of the catalogue is silent on the block's channel on its day."""
    language, day = task.language, show(task.day, task.language)
    total = len(task.state.services)
    unknown = sum(task.stage(entry) is Stage.UNKNOWN for entry in task.state.services)
    how = by(task.channel, language)
    if not unknown:
        return say(
            language,
            f"Das Verzeichnis enthält {services(total, 'de')}; bei jeder ist der Stand {how} am {day} bekannt.",
            f"The directory has {services(total, 'en')}; of each, the stage {how} on {day} is known.",
        )
    return say(
        language,
        f"Das Verzeichnis enthält {services(total, 'de')}; bei {unknown} davon ist für den {day} nicht bekannt, "
        f"ob es sie {how} gibt. Sie können hier fehlen.",
        f"The directory has {services(total, 'en')}; of {unknown} it is not known whether they could be had {how} "
        f"on {day}. They may be missing here.",
    )


def notes(task: Task, lines: Sequence[Line], also: Iterable[str] = ()) -> list[str]:
    """Return what rows do not say: beginnings that are only attested, when entries were checked, and all sources."""
    if not lines:
        return sources(also, task.language)
    language = task.language
    found = []
    attested = [one for one in lines if one.period.attested and not one.period.since]
    if attested:
        number = len(attested)
        found.append(
            say(
                language,
                f"Bei {services(number, 'de') if number == 1 else f'{number} der genannten Dienstleistungen'} "
                "ist nicht bekannt, seit wann das gilt; genannt ist die Zeit, für die es belegt ist.",
                f"Of {services(number, 'en') if number == 1 else f'{number} of these services'} "
                "it is not known since when this holds; what is given is the time for which it is attested.",
            )
        )
    found += _age(lines, language)
    return found + sources([*(one.period.source for one in lines), *also], language)


def _age(lines: Sequence[Line], language: str) -> list[str]:
    days = [day for day in map(verified, lines) if day]
    never = len(lines) - len(days)
    found = []
    if days:
        oldest = show(min(days), language)
        found.append(
            say(
                language,
                f"Die älteste Bestätigung eines dieser Einträge ist vom {oldest}.",
                f"The oldest confirmation of one of these entries is of {oldest}.",
            )
        )
    if never:
        found.append(
            say(
                language,
                "Keiner dieser Einträge wurde bisher vom Amt als richtig bestätigt."
                if never == len(lines) > 1
                else f"{_entries(never)} bisher nicht vom Amt als richtig bestätigt.",
                "No entry of these has been confirmed as correct by the office so far."
                if never == len(lines) > 1
                else f"{never} of these entries {'was' if never == 1 else 'were'} never confirmed as correct so far.",
            )
        )
    return found


def _entries(number: int) -> str:
    return "Einer dieser Einträge wurde" if number == 1 else f"{number} dieser Einträge wurden"
