"""The section of the page on the rollout of video that says how the offer grew, from the periods of each service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from babel.dates import format_date

from servicedir.domain.service import Stage
from servicedir.domain.words import label
from servicedir.reports.answer import Cell, Heading, Row, Table, Type
from servicedir.reports.charts import Series, columns
from servicedir.reports.rollout import Status
from servicedir.reports.rollout_sections import (
    AVAILABLE,
    Listing,
    Section,
    number,
    path,
)
from servicedir.reports.sentences import say, services, show

MOST_MONTHS = 60
"""Columns of a chart: with more of them, none could be told from the next."""


def grown(status: Status, language: str, *, whole: bool = False) -> Section:
    """Return the section on how the offer grew, month by month; the table leaves out, unless it is to be `whole`,
    the months in which nothing changed.
    """
    course = status.growth
    title = say(language, "Wie es gewachsen ist", "How it grew")
    if not course.days:
        nothing = say(language, "Bisher ist kein Stand mit einem Datum bekannt.", "No stage with a date is known yet.")
        return Section(key="growth", title=title, paragraphs=(nothing,))
    stages = [stage for stage in Stage if any(course.counts[stage])]
    known = [stage for stage in stages if stage is not Stage.UNKNOWN]
    first = max(0, len(course.days) - MOST_MONTHS)
    caption = say(language, "Stand der Video-Angebote nach Monaten", "Where video stood, by month")
    looks = {stage: look for look, stage in enumerate(Stage)}
    series = [
        Series(stage.value, label(stage, language), course.counts[stage][first:], looks[stage]) for stage in known
    ]
    months = [f"{day:%m/%Y}" for day in course.days[first:]]
    return Section(
        key="growth",
        title=title,
        paragraphs=(_growing(status, language),),
        tables=(
            Table(
                key="growth",
                caption=caption,
                headings=(
                    Heading(key="day", title=say(language, "am Ende von", "at the end of"), type=Type.DAY),
                    *(Heading(key=stage.value, title=label(stage, language), type=Type.NUMBER) for stage in stages),
                ),
                rows=tuple(_months(status, stages, language, whole=whole)),
            ),
        ),
        chart=columns(caption, months, series, language=language, stacked=True),
        notes=tuple(_on_growth(status, first, language)),
        listings=_attested(status, language),
    )


def _growing(status: Status, language: str) -> str:
    course = status.growth
    before, now = AVAILABLE.count(course.at(0)), AVAILABLE.count(course.at(-1))
    start = format_date(course.days[0], "MMMM y", locale=language)
    return say(
        language,
        f"Ende {start} gab es {services(before, 'de')} per Video, am {show(status.on, 'de')} {services(now, 'de')}.",
        f"At the end of {start} there {'was' if before == 1 else 'were'} {services(before, 'en')} by video, "
        f"on {show(status.on, 'en')} {services(now, 'en')}.",
    )


def _months(status: Status, stages: Sequence[Stage], language: str, *, whole: bool) -> Iterator[Row]:
    """Yield the months, the last one first: what is asked for mostly is what happened lately."""
    course = status.growth
    for place in range(len(course.days) - 1, -1, -1):
        day = course.days[place]
        is_last = place == len(course.days) - 1
        if place and not is_last and not whole and course.at(place) == course.at(place - 1):
            continue
        name = show(day, language) if is_last else format_date(day, "LLLL y", locale=language)
        yield Row(
            key=day.isoformat(),
            cells=(
                Cell(text=name, code=day.isoformat()),
                *(number(course.counts[stage][place], path(day, video=(stage,))) for stage in stages),
            ),
        )


def _on_growth(status: Status, first: int, language: str) -> Iterator[str]:
    course, unknown = status.growth, status.spread.video[Stage.UNKNOWN]
    yield say(
        language,
        "Gezählt sind die Dienstleistungen, die das Verzeichnis heute führt, mit den Ständen, die es heute für damals "
        "kennt.",
        "Counted are the services that the directory has today, with the stages that it knows today for those days.",
    )
    yield say(
        language,
        "Die Tabelle lässt Monate aus, in denen sich nichts geändert hat; die Datei hat alle.",
        "The table leaves out months in which nothing changed; the file has all.",
    )
    yield say(
        language,
        f"Nicht gezeichnet ist, was nicht bekannt ist (am {show(status.on, 'de')}: {services(unknown, 'de')}).",
        f"What is not known is not drawn (on {show(status.on, 'en')}: {services(unknown, 'en')}).",
    )
    if first:
        start = format_date(course.days[first], "LLLL y", locale=language)
        yield say(
            language,
            f"Das Bild beginnt im {start}; frühere Monate stehen in der Datei.",
            f"The chart begins in {start}; earlier months are in the file.",
        )


def _attested(status: Status, language: str) -> tuple[Listing, ...]:
    if not status.attested:
        return ()
    count = services(len(status.attested), language)
    is_one = len(status.attested) == 1
    title = say(
        language,
        f"Bei {count} ist nicht bekannt, seit wann der Stand gilt. "
        f"Sie {'zählt' if is_one else 'zählen'} ab dem Tag, für den eine Quelle ihn nennt.",
        f"Of {count} it is not known since when the stage holds. "
        f"{'It counts' if is_one else 'They count'} from the day for which a source states it.",
    )
    return (Listing("attested", title, status.attested),)
