"""When a time that a person names comes: clocks of a city go forward and back, moments do not."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

CITY_TIME = ZoneInfo("Europe/Berlin")
"""What clocks in the city show."""


def city_moment(local: datetime, zone: tzinfo) -> datetime:
    """Return the moment (UTC) at which clocks in a zone show this time; of two such moments the first.

    Raises ValueError for a time that no clock shows, since clocks go forward over it, and for one that is aware.
    """
    if local.tzinfo is not None:
        raise ValueError(f"{local!r} says its time zone already")
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) != local.replace(fold=0):
        raise ValueError(f"no clock in {zone} shows {local.isoformat(sep=' ')}")
    return moment
