"""Which services a saved search selects, in what the directory knew at any moment: decided without an index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from servicedir.domain.catalogue import Catalogue
from servicedir.domain.history import Published
from servicedir.domain.query import Query
from servicedir.domain.service import ChannelKind, Service
from servicedir.reports.state import State

Say = Callable[[str, Service], bool]
"""Whether a service says all the words that were typed (first), in German or English."""


def selected(state: State, query: Query, say: Say) -> list[Published]:
    """Return the services that a search selects on its day (today without one), by their German titles.

    Filters mean what they mean in the catalogue. Words are taken strictly: all of them have to be there, since who
    counts wants no near misses.
    """
    on = query.on or state.today
    return [
        entry
        for entry in state.services
        if matches(entry.service, query, on, state.catalogue) and (not query.q or say(query.q, entry.service))
    ]


def matches(service: Service, query: Query, on: date, catalogue: Catalogue) -> bool:
    """Return whether a service passes the filters of a search on a day."""
    if query.video and service.stage(ChannelKind.VIDEO, on) not in query.video:
        return False
    if query.channel and not set(query.channel) & set(service.available(on)):
        return False
    if query.nature and service.nature not in query.nature:
        return False
    if query.office and not set(query.office) & {up for slug in service.offices for up in catalogue.lineage(slug)}:
        return False
    chosen = ((query.topic, service.topics), (query.audience, service.audiences), (query.language, service.languages))
    return all(not wanted or set(wanted) & set(there) for wanted, there in chosen)
