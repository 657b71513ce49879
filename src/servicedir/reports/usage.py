"""How often services were used, by year: sums that say what they leave out, and never take unknown for 0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from servicedir.domain.figures import Measure, Standing, Total
from servicedir.domain.history import Published
from servicedir.domain.inquiry import BlockKind
from servicedir.domain.moment import CITY_TIME
from servicedir.domain.service import ChannelKind
from servicedir.domain.text import Text
from servicedir.domain.words import label
from servicedir.reports.answer import Cell, Heading, Part, Row, Table, Type
from servicedir.reports.columns import of_office, of_services
from servicedir.reports.sentences import bad_day, by, number, plural, say, services, show
from servicedir.reports.task import Task

_Sum = tuple[Total, int, int]
"""A sum, of how many services it should be, and of how many of them something is missing."""

SUM = "=sum"
"""The key of the row of sums: no service has such an address."""

_APPOINTMENTS: dict[Measure, Text] = {
    Measure.HELD: Text.of(de="Durchgeführte Termine", en="Appointments held"),
    Measure.OFFERED: Text.of(de="Angebotene Termine", en="Appointments offered"),
    Measure.CANCELLED: Text.of(de="Abgesagte Termine", en="Appointments cancelled"),
    Measure.NO_SHOW: Text.of(de="Termine, zu denen niemand kam", en="Appointments that nobody came to"),
}


def build(task: Task) -> Part:
    """Return what is known of the use of the search's services in the block's years, per channel and measure."""
    if sentence := bad_day(task, task.day):
        return Part(kind=BlockKind.FIGURES, paragraphs=(sentence,))
    block = task.block
    channels, measures = block.channels or (block.channel,), block.measures or (Measure.HELD,)
    years = sorted(set(block.years))
    entries = task.by_office(task.entries())
    said, tables = [], []
    shown: set[str] = set()
    for channel in channels:
        for measure in measures:
            used = [entry for entry in entries if _is_told_of(task, entry, channel, measure, years)]
            shown |= {entry.service.slug for entry in used}
            sums = {year: _sum(task, used, channel, measure, year) for year in years}
            said.append(_sentence(task, len(used), channel, measure, sums))
            if used:
                tables.append(_table(task, used, channel, measure, sums))
    return Part(
        kind=BlockKind.FIGURES,
        paragraphs=tuple(said),
        tables=tuple(tables),
        notes=tuple(_notes(task, len(entries) - len(shown), tables, years)),
        path=task.path(),
    )


def _is_told_of(task: Task, entry: Published, channel: ChannelKind, measure: Measure, years: Iterable[str]) -> bool:
    """Return whether there is something to say: a figure, or a channel that could be used at some time."""
    if any(period.stage.available for period in entry.service.channel(channel).periods):
        return True
    return any((entry.service.slug, channel, measure, year) in task.state.sums for year in years)


def _table(
    task: Task, entries: Sequence[Published], channel: ChannelKind, measure: Measure, sums: Mapping[str, _Sum]
) -> Table:
    language = task.language
    headings = (
        Heading(key="service", title=say(language, "Dienstleistung", "Service")),
        Heading(key="office", title=say(language, "Amt", "Office")),
        *(Heading(key=year, title=year, type=Type.NUMBER) for year in sums),
    )
    rows = [
        Row(
            key=entry.service.slug,
            cells=(
                of_services(task, [entry.service.slug]),
                of_office(task, entry.service.office),
                *(_cell(task, entry, channel, measure, year) for year in sums),
            ),
        )
        for entry in entries
    ]
    if len(rows) > 1:
        cells = (_sum_cell(*whole, language) for whole in sums.values())
        rows.append(Row(key=SUM, cells=(Cell(text=say(language, "Zusammen", "Together")), Cell(text=""), *cells)))
    return Table(
        key=f"figures-{channel.value}-{measure.value}",
        caption=f"{_APPOINTMENTS[measure].within(language)} {by(channel, language)}",
        headings=headings,
        rows=tuple(rows),
        **task.most,
    )


# One service in one year


def _total(task: Task, entry: Published, channel: ChannelKind, measure: Measure, year: str) -> Total:
    """Return what is known; of what nobody has said anything, that it is unknown."""
    return task.state.sums.get((entry.service.slug, channel, measure, year)) or Total(unknown=1)


def _cell(task: Task, entry: Published, channel: ChannelKind, measure: Measure, year: str) -> Cell:
    total = _total(task, entry, channel, measure, year)
    if not total.numbers and (reason := absent(task, entry, channel, year)):
        text, code = reason
        return Cell(text=text, standing=_standing(total), code=code)
    return of_total(total, task.language)


def absent(task: Task, entry: Published, channel: ChannelKind, year: str) -> tuple[str, str] | None:
    """Return why there can be no figure of a year, in words and as a code; None where there could be one."""
    periods = sorted(
        (period for period in entry.service.channel(channel).periods if period.stage.available),
        key=lambda period: period.first,
    )
    if not periods:
        return None
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    begins = periods[0].since
    if begins and begins.first > last:
        day = show(begins, task.language)
        return say(task.language, f"begann erst {_when(begins.text)}{day}", f"began only in {day}"), "not_begun"
    ends = periods[-1].until
    if ends and ends.last < first:
        day = show(ends, task.language)
        return say(task.language, f"endete {_when(ends.text)}{day}", f"ended in {day}"), "ended"
    return None


def _when(text: str) -> str:
    return {4: "", 7: "im ", 10: "am "}[len(text)]


def _standing(total: Total) -> Standing:
    """Return why a total is no number: what nobody knows before what is merely not counted, or not shown."""
    if total.unknown or not total.missing:
        return Standing.UNKNOWN
    return Standing.NOT_COUNTED if total.not_counted else Standing.SUPPRESSED


def of_total(total: Total, language: str) -> Cell:
    """Return the cell of what is known of a year: the number, or at least so many, or why there is none."""
    if total.value is not None:
        return Cell(text=number(total.value, language), number=total.value, standing=Standing.NUMBER)
    if not total.numbers:
        return Cell(text=label(_standing(total), language), standing=_standing(total))
    missing = ", ".join(
        f"{plural(count, *_MONTHS[language == 'en'])} {label(standing, language)}"
        for count, standing in (
            (total.unknown, Standing.UNKNOWN),
            (total.not_counted, Standing.NOT_COUNTED),
            (total.suppressed, Standing.SUPPRESSED),
        )
        if count
    )
    return Cell(
        text=f"{_at_least(total.known, language)} ({missing})", standing=_standing(total), code=f">={total.known}"
    )


_MONTHS = (("Monat", "Monate"), ("month", "months"))


def _at_least(known: int, language: str) -> str:
    return say(language, f"mindestens {number(known, 'de')}", f"at least {number(known, 'en')}")


# All of them in one year


def _sum(task: Task, entries: Iterable[Published], channel: ChannelKind, measure: Measure, year: str) -> _Sum:
    """Return what all of them come to in a year; what there was not in that year is not missing."""
    total, there, missing = Total(), 0, 0
    for entry in entries:
        one = _total(task, entry, channel, measure, year)
        if not one.numbers and absent(task, entry, channel, year):
            continue
        there += 1
        missing += one.value is None
        total += one
    return total, there, missing


def _sum_cell(total: Total, there: int, missing: int, language: str) -> Cell:
    if not there:
        return Cell(text=say(language, "kein Angebot", "not offered"), standing=Standing.UNKNOWN, code="not_offered")
    if total.value is not None:
        return of_total(total, language)
    if not total.numbers:
        return Cell(text=label(_standing(total), language), standing=_standing(total))
    text = say(
        language,
        f"{_at_least(total.known, 'de')} (bei {missing} von {there} fehlt etwas)",
        f"{_at_least(total.known, 'en')} (of {missing} out of {there} something is missing)",
    )
    return Cell(text=text, standing=_standing(total), code=f">={total.known}")


# In words


def _sentence(task: Task, count: int, channel: ChannelKind, measure: Measure, sums: Mapping[str, _Sum]) -> str:
    language = task.language
    what = f"{_APPOINTMENTS[measure].within(language)} {by(channel, language)}"
    if not count:
        nothing = say(language, "Dazu gibt es im Verzeichnis keine Zahlen.", "the directory has no figures on this.")
        return f"{what}: {nothing}"
    parts = []
    for year, (total, there, missing) in sums.items():
        if not there:
            parts.append(
                say(language, f"{year} gab es das Angebot noch nicht oder nicht mehr", f"not offered in {year}")
            )
        elif total.value is not None:
            parts.append(f"{year}: {number(total.value, language)}")
        elif total.numbers:
            parts.append(
                say(
                    language,
                    f"{year}: mindestens {number(total.known, 'de')}, bei {missing} von {services(there, 'de')} "
                    "fehlen Zahlen ganz oder zum Teil",
                    f"{year}: at least {number(total.known, 'en')}, while figures of {missing} out of "
                    f"{services(there, 'en')} are missing, wholly or in part",
                )
            )
        else:
            parts.append(say(language, f"{year}: keine Zahlen", f"{year}: no figures") + _gone(count - there, language))
    return f"{what}: {'; '.join(parts)}."


def _gone(count: int, language: str) -> str:
    """Return of how many services there could be no figures, as they were not offered in that year."""
    if not count:
        return ""
    return say(
        language,
        f" ({services(count, 'de')} gab es da noch nicht oder nicht mehr)",
        f" ({services(count, 'en')} had not begun yet, or had ended)",
    )


def _notes(task: Task, left: int, tables: Iterable[Table], years: Iterable[str]) -> list[str]:
    language, found = task.language, []
    standings = {cell.standing for table in tables for row in table.rows for cell in row.cells}
    until = task.state.recorded.astimezone(CITY_TIME).date()
    found.append(
        say(
            language,
            f"Gezeigt sind die Zahlen, die die Ämter bis zum {show(until, 'de')} freigegeben haben.",
            f"What is shown are the figures that offices had released by {show(until, 'en')}.",
        )
    )
    if str(until.year) in years:
        found.append(
            say(
                language,
                f"Das Jahr {until.year} war da noch nicht zu Ende.",
                f"The year {until.year} was not over then.",
            )
        )
    if Standing.UNKNOWN in standings:
        found.append(
            say(
                language,
                "„Nicht bekannt“ heißt, dass niemand eine Zahl gemeldet hat; es heißt nicht null.",
                "“Not known” means that nobody reported a number; it does not mean zero.",
            )
        )
    if Standing.SUPPRESSED in standings:
        found.append(
            say(
                language,
                "„Nicht gezeigt“ sind kleine Zahlen, aus denen man auf einzelne Menschen schließen könnte.",
                "“Not shown” are small numbers that might tell something about single people.",
            )
        )
    if left:
        found.append(
            say(
                language,
                f"Nicht aufgeführt: {services(left, 'de')}, die man nach dem Verzeichnis nie auf diesem Weg bekam.",
                f"Not listed: {services(left, 'en')} that, as far as the directory knows, could never be had this way.",
            )
        )
    return found
