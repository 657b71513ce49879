"""What programs write: whole drafts and steps of the workflow, each based on a revision that they have seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from servicedir.directory.outcomes import Forbidden, Refused
from servicedir.domain.document import BadDocument, from_document, to_document
from servicedir.domain.history import Conflict, Document, Entry, Moved, NotFound
from servicedir.domain.service import Channel, ChannelKind, Fault, Service
from servicedir.domain.workflow import TRANSITIONS, Permission, Person, State

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

_PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class Impossible(ValueError):
    """What cannot be done with an entry as it stands, by nobody or not by this person; `entry` is where it stands."""

    def __init__(self, entry: Entry, what: str) -> None:
        super().__init__(f"{what} is not possible in the state {entry.state}")
        self.entry = entry


class Writing:
    """The writes of one unit of work. `by` is who writes; the door decides what they may, as for everybody.

    Each method raises NotFound where there is no such entry and Moved for a former slug; for an entry of which
    everybody knows and this person may not work on, Forbidden with its office.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def latest(self, slug: str, by: Person) -> tuple[Entry, Service]:
        """Return where an entry stands and its latest value."""
        try:
            return self._directory.entry(slug, by)
        except Moved:
            raise
        except NotFound:
            published = self._directory.house.index.get(slug)
            if published is None:
                raise
            raise Forbidden(Permission.VIEW, published.service.office) from None

    def document(self, slug: str, by: Person) -> tuple[Entry, Document]:
        """Return where an entry stands and its latest document, for somebody who may write it."""
        entry, value = self.latest(slug, by)
        return entry, to_document(value)

    def steps(self, slug: str, by: Person) -> tuple[Entry, list[str]]:
        """Return where an entry stands, and which steps this person can take from there."""
        entry, value = self.latest(slug, by)
        permitted = self._directory.permitted(entry, value, by)
        steps = TRANSITIONS.items()
        return entry, [n for n, s in steps if s.possible(entry.state, entry.live) and s.permission in permitted]

    def draft(
        self, slug: str, document: Document, *, based_on: int | None, by: Person, why: str = ""
    ) -> tuple[Entry, bool]:
        """Save a document as a draft, which nobody outside sees; return the entry and whether it is a new one.

        `based_on` is the revision that it was made from, None for a new entry. Days on which something was found
        correct are nothing that is written: they stay as they are, whether the document says them or not. Raises
        Refused, Forbidden, Conflict, SlugTaken, and Impossible for an entry that is retired or in review.
        """
        if based_on is None:
            value = _with_days(_read(document, slug), None)
            is_new = not self._directory.exists(slug)
            return self._save(value, None, by, why), is_new
        entry, before = self.latest(slug, by)
        value = _with_days(_read(document, slug), before)
        if value.offices and not self._may_edit(entry, before, by):
            raise Impossible(entry, "saving")
        return self._save(value, based_on, by, why), False

    def _save(self, value: Service, based_on: int | None, by: Person, why: str) -> Entry:
        try:
            return self._directory.save(value, based_on=based_on, by=by, why=why)
        except BadDocument as fault:  # It has a character that no database keeps.
            raise Refused([_unreadable(fault)]) from None

    def _may_edit(self, entry: Entry, value: Service, by: Person) -> bool:
        """Return whether the state of an entry lets this person edit it, or no state at all would."""
        permitted = {state: self._directory.permissions(by, state, value.office) for state in State}
        return Permission.EDIT in permitted[entry.state] or not any(Permission.EDIT in p for p in permitted.values())

    def step(self, slug: str, step: str, *, based_on: int, by: Person, why: str, successor: str) -> Entry:
        """Take an entry one step of the workflow further.

        Raises Refused, Forbidden, Conflict, and Impossible for a step that does not start where the entry stands.
        """
        if step not in TRANSITIONS:
            raise Refused([Fault("unknown_step", ("step",))])
        if step == "reject" and not why.strip():
            raise Refused([Fault("missing", ("why",))])
        entry, _value = self.latest(slug, by)
        if entry.latest.number != based_on:
            raise Conflict(entry)
        if not TRANSITIONS[step].possible(entry.state, entry.live):
            raise Impossible(entry, step)
        return self._directory.move(slug, step, based_on=based_on, by=by, why=why.strip(), successor=successor)


def _read(document: Document, slug: str) -> Service:
    """Return the service that a document says; its slug may be left out. Raises Refused."""
    if document.get("slug", slug) != slug:
        raise Refused([Fault("not_this_address", ("slug",))])
    try:
        return from_document(Service, {**document, "slug": slug})
    except BadDocument as fault:
        raise Refused([_unreadable(fault)]) from None


def _unreadable(fault: BadDocument) -> Fault:
    return Fault("unreadable", tuple(_where(fault.path)))


def _where(path: str) -> Iterator[str | int]:
    """Yield the parts of a path such as `channels[0].periods[1].stage`."""
    for match in _PART.finditer(path):
        yield int(match[1]) if match[1] else match[2]


def _with_days(value: Service, before: Service | None) -> Service:
    """Return a value with the days of verification that there were. Raises Refused where it says others."""
    days: dict[ChannelKind, Any] = {c.kind: c.verified for c in before.channels} if before else {}
    whole = before.verified if before else None
    faults = [Fault("not_written", ("verified",))] if value.verified not in (None, whole) else []
    for number, channel in enumerate(value.channels):
        if channel.verified not in (None, days.get(channel.kind)):
            faults.append(Fault("not_written", ("channels", number, "verified")))
    if faults:
        raise Refused(faults)
    channels = tuple(_verified(channel, days.get(channel.kind)) for channel in value.channels)
    return replace(value, verified=whole, channels=channels)


def _verified(channel: Channel, day: Any) -> Channel:
    return replace(channel, verified=day)
