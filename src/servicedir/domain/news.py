"""What is new: when outsiders learnt of an entry, and since when one fits what somebody follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from servicedir.domain.query import Query
from servicedir.domain.service import ChannelKind, Service

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment of what has always been so."""

Fits = Callable[[Service, date], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """When outsiders learnt of an entry that they see: first, and of its present revision.

    `name` is the slug under which it was first published, which no other entry ever has; `number` is that of the last
    row of the change log that published something of it. Moments are UTC.
    """

    name: str
    published: datetime
    changed: datetime
    number: int
    revision: int


def fits(query: Query) -> Fits:
    """Return whether a service fits on a day what a query asks of its channels; all else in it is left out."""

    def fit(service: Service, on: date) -> bool:
        if query.video and service.stage(ChannelKind.VIDEO, on) not in query.video:
            return False
        return not query.channel or any(service.stage(kind, on).available for kind in query.channel)

    return fit


def fitting_since(shown: Iterable[tuple[datetime, Service | None]], fit: Fits, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment (UTC) since which an entry has fitted without a break, by what was public and by the calendar.

    `shown` is what outsiders saw from which moment on, the latest first, None where it was nothing. An entry that says
    on Friday that something began on Monday fits since Friday; one that said so in the week before, since Monday.
    """
    since = now
    for at, service in shown:
        if service is None:
            break
        begun = _run(service, fit, since, zone)
        if begun > at:
            return begun
        since = at
    return since


def _run(service: Service, fit: Fits, until: datetime, zone: tzinfo) -> datetime:
    """Return since when a service, by what it says now, has fitted until a moment; `until` where it does not then."""
    day = until.astimezone(zone).date()
    if not fit(service, day):
        return until
    turns = sorted((turn for turn in turning_days(service) if turn <= day), reverse=True)
    for turn in turns:
        if turn > date.min and not fit(service, turn - timedelta(days=1)):
            return beginning(turn, zone)
    return BEFORE_ALL


def turning_days(service: Service) -> set[date]:
    """Return the days from which a channel of a service stands elsewhere than on the day before."""
    periods = [period for channel in service.channels for period in channel.periods]
    ends = (period.last for period in periods if period.last < date.max)
    return {period.first for period in periods} | {last + timedelta(days=1) for last in ends}


def beginning(day: date, zone: tzinfo) -> datetime:
    """Return the moment (UTC) at which a day begins in a zone; years of which no clock tells are BEFORE_ALL."""
    if day.year < BEFORE_ALL.year:
        return BEFORE_ALL
    return datetime.combine(day, time(), zone).astimezone(UTC)
