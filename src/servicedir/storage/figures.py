"""How often ways of access were used, as it was said: rows that are only added; of one key, the last one counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Row, Select, and_, bindparam, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing
from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind
from servicedir.storage import figure_sums
from servicedir.storage.database import begin_writing
from servicedir.storage.outside import figures
from servicedir.storage.tables import entries, utc_now

T = TypeVar("T")

_BATCH = 500
# Reports read hundreds of thousands of rows, in which the same few words stand again and again.
_CHANNELS = {kind.value: kind for kind in ChannelKind}
_MEASURES = {measure.value: measure for measure in Measure}
_STANDINGS = {standing.value: standing for standing in Standing}
_period = lru_cache(maxsize=4096)(CountingPeriod)
_TICK = timedelta(microseconds=1)
_earlier, _later = figures.alias(), figures.alias()
_ORDER = (figures.c.entry_id, figures.c.channel, figures.c.measure, figures.c.period)
# What a row corrects is looked up as it is added, since rows never change.
_corrected = select(func.max(_earlier.c.number)).where(
    *(_earlier.c[column.name] == bindparam(f"of_{column.name}", type_=column.type) for column in _ORDER)
)
_ADD = insert(figures).values(corrects=_corrected.scalar_subquery())


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A figure as somebody said it: `number` grows with each row, `author` is a login, `at` is UTC."""

    number: int
    figure: Figure
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which figures are wanted; what is empty does not matter. A year means itself and its months."""

    entries: Sequence[int] = ()
    channels: Sequence[ChannelKind] = ()
    years: Sequence[CountingPeriod] = ()


class Figures:
    """The figures that a session of the database sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def begin(self) -> None:
        """See to it that nobody else adds figures until this transaction ends."""
        begin_writing(self._session, alone=True)

    def add(self, said: Iterable[tuple[int, Figure]], author: str) -> int:
        """Add figures, each with the number of its entry; return the number of the last row.

        Who adds is alone until the transaction ends, so that numbers are in the order in which they can be seen.
        """
        self.begin()
        at = self._moment()
        rows = [
            {
                "entry_id": entry_id,
                "channel": figure.channel.value,
                "measure": figure.measure.value,
                "period": figure.period.text,
                "value": figure.value,
                "standing": figure.standing.value,
                "source": figure.source,
                "note": figure.note,
                "released": figure.released,
                "author": author,
                "at": at,
                "of_entry_id": entry_id,
                "of_channel": figure.channel.value,
                "of_measure": figure.measure.value,
                "of_period": figure.period.text,
            }
            for entry_id, figure in said
        ]
        if rows:
            self._session.execute(_ADD, rows)
        return self.last()

    def last(self, entry_ids: Sequence[int] = ()) -> int:
        """Return the number of the last row, or of the last one about these entries; 0 where there is none."""
        query = select(func.max(figures.c.number))
        if not entry_ids:
            return self._session.scalar(query) or 0
        parts = (query.where(figures.c.entry_id.in_(part)) for part in _parts(entry_ids))
        return max(self._session.scalar(part) or 0 for part in parts)

    def current(self, wanted: Wanted, *, recorded: datetime | None = None) -> Iterator[Said]:
        """Yield what holds, or held at a moment (`recorded`): the last row of each key, in the order of the keys."""
        for part in _parts(wanted.entries) if wanted.entries else [()]:
            query = _current(recorded).where(
                *_conditions(Wanted(entries=part, channels=wanted.channels, years=wanted.years))
            )
            for row in self._session.execute(query.order_by(*_ORDER).execution_options(yield_per=_BATCH)):
                yield _said(row)

    def public(self, wanted: Wanted, *, offset: int, limit: int) -> list[tuple[int, Figure]]:
        """Return some of what holds, is released, and is about entries that are live, with the entries' numbers."""
        query = _current(None).where(figures.c.released, entries.c.live.is_not(None), *_conditions(wanted))
        rows = self._session.execute(query.order_by(*_ORDER).offset(offset).limit(limit))
        return [(row.entry_id, _said(row).figure) for row in rows]

    def sums(
        self, years: Sequence[CountingPeriod], *, today: date, smallest: int, recorded: datetime | None = None
    ) -> figure_sums.Sums:
        """Return what is released of whole years by service (its slug), channel, measure and year (`2024`).

        As everybody may see it: numbers below `smallest` are suppressed first. `today` says which months have begun.
        """
        return figure_sums.sums(self._session, years, today=today, smallest=smallest, recorded=recorded)

    def spoken(
        self, slugs: Iterable[str], channel: ChannelKind, measure: Measure, since: CountingPeriod
    ) -> set[tuple[str, str]]:
        """Return of which of these services, and of which periods from one on, anything was ever said."""
        query = select(entries.c.slug, figures.c.period).join(entries, entries.c.id == figures.c.entry_id)
        query = query.where(figures.c.channel == channel.value, figures.c.measure == measure.value)
        query = query.where(entries.c.kind == Kind.SERVICE, figures.c.period >= since.text).distinct()
        parts = (query.where(entries.c.slug.in_(part)) for part in _parts(sorted(slugs)))
        return {(row.slug, row.period) for part in parts for row in self._session.execute(part)}

    def history(self, entry_id: int, channel: ChannelKind, measure: Measure, period: CountingPeriod) -> list[Said]:
        """Return everything that was ever said of one figure, oldest first."""
        key = and_(
            figures.c.entry_id == entry_id,
            figures.c.channel == channel.value,
            figures.c.measure == measure.value,
            figures.c.period == period.text,
        )
        return [_said(row) for row in self._session.execute(_ALL.where(key).order_by(figures.c.number))]

    def _moment(self) -> datetime:
        """Return now, but after the last row, even where the machine's clock was set back."""
        last = self._session.scalar(select(figures.c.at).order_by(figures.c.number.desc()).limit(1))
        now = self._clock()
        return now if last is None or now > last else last + _TICK


_ALL = select(figures, entries.c.slug).join(entries, entries.c.id == figures.c.entry_id)


def _current(recorded: datetime | None) -> Select[Any]:
    correction = _later.c.corrects == figures.c.number
    if recorded is None:
        return _ALL.where(~exists().where(correction))
    return _ALL.where(figures.c.at <= recorded, ~exists().where(correction, _later.c.at <= recorded))


def _conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.entries:
        found.append(figures.c.entry_id.in_(wanted.entries))
    if wanted.channels:
        found.append(figures.c.channel.in_([channel.value for channel in wanted.channels]))
    if wanted.years:
        found.append(or_(*(figures.c.period.startswith(year.text) for year in wanted.years)))
    return found


def _said(row: Row[Any]) -> Said:
    figure = Figure(
        service=row.slug,
        channel=_CHANNELS[row.channel],
        measure=_MEASURES[row.measure],
        period=_period(row.period),
        standing=_STANDINGS[row.standing],
        value=row.value,
        source=row.source,
        note=row.note,
        released=row.released,
    )
    return Said(number=row.number, figure=figure, author=row.author, at=row.at)


def _parts(many: Sequence[T]) -> Iterator[Sequence[T]]:
    return (many[first : first + _BATCH] for first in range(0, len(many), _BATCH))
