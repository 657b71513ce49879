"""Every revision of every entry: appending, moving between states, showing, renaming; what is kept is never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from servicedir.domain.document import BadDocument
from servicedir.domain.history import (
    ChangeKind,
    Conflict,
    Document,
    Entry,
    Kind,
    SlugTaken,
)
from servicedir.domain.workflow import TRANSITIONS, State, visible
from servicedir.storage.database import begin_writing, insert_new
from servicedir.storage.recorded import Recorded
from servicedir.storage.tables import changes, entries, former_slugs, revisions

_MOVES = {
    "submit": ChangeKind.SUBMITTED,
    "withdraw": ChangeKind.WITHDRAWN,
    "reject": ChangeKind.REJECTED,
    "discard": ChangeKind.DISCARDED,
    "retire": ChangeKind.RETIRED,
    "revive": ChangeKind.REVIVED,
}
_TICK = timedelta(microseconds=1)


class Revisions(Recorded):
    """The revisions that a session may write as well. `clock` gives aware moments in UTC."""

    def append(
        self,
        kind: Kind,
        slug: str,
        document: Document,
        *,
        based_on: int | None,
        author: str,
        reason: str,
        publish: bool = False,
    ) -> Entry:
        """Return the entry after adding a revision: a draft, beside what is live, or at once live (`publish`).

        `based_on` is the number of the revision that was edited, None for a new entry. Raises SlugTaken if the new
        entry is not new, NotFound if the old one is not there, Conflict if somebody saved first, BadDocument for
        characters that no database keeps.
        """
        begin_writing(self._session, alone=True)
        _refuse_unkept(document, "")
        state = State.PUBLISHED if publish else State.PRIVATE
        if based_on is None:
            if slug in self.former(kind):
                raise SlugTaken(f"{kind} {slug}")
            number, was_live, last = 1, False, None
            entry_id = self._new(kind, slug, state, live=1 if publish else None)
        else:
            row = self._row_at(kind, slug, based_on)
            number, was_live, last = based_on + 1, visible(row.live), self._last(row.id)
            entry_id = self._step(row, latest=number, state=state, live=number if publish else row.live)
        at = self._moment(last)
        self._session.execute(
            insert(revisions).values(
                entry_id=entry_id, number=number, document=document, author=author, reason=reason, recorded=at
            )
        )
        change = ChangeKind.SAVED
        if publish:
            change = ChangeKind.CHANGED if was_live else ChangeKind.PUBLISHED
        self._log(entry_id, kind, slug, change, number, at, author, reason)
        return self.get(kind, slug)

    def move(
        self, kind: Kind, slug: str, name: str, *, based_on: int, author: str, reason: str, successor: str = ""
    ) -> Entry:
        """Return the entry after one of the TRANSITIONS. Publishing shows the latest revision, retiring none.

        Discarding a draft adds a revision that says again what is live. `successor` is where readers of what is
        retired are sent. Raises NotFound, Conflict if the latest revision is not `based_on`, and ValueError for a
        transition that does not exist or is not possible where the entry stands.
        """
        if name not in TRANSITIONS:
            raise ValueError(f"there is no transition {name!r}")
        transition = TRANSITIONS[name]
        begin_writing(self._session, alone=True)
        row = self._row_at(kind, slug, based_on)
        if not transition.possible(row.state, row.live):
            raise ValueError(f"{name} does not start in the state {row.state}")
        live, latest, change = row.live, row.latest, _MOVES.get(name)
        at = self._moment(self._last(row.id))
        if change is None:
            live, change = row.latest, ChangeKind.CHANGED if visible(row.live) else ChangeKind.PUBLISHED
        elif change is ChangeKind.RETIRED:
            change = ChangeKind.RETIRED if visible(row.live) else ChangeKind.DISCARDED
            live = None
        elif change is ChangeKind.DISCARDED:
            latest += 1
            document = self.revision(kind, slug, row.live).document
            values = {"entry_id": row.id, "number": latest, "document": document, "recorded": at}
            self._session.execute(insert(revisions).values(**values, author=author, reason=reason))
        self._step(row, latest=latest, state=transition.ends, live=live)
        if successor:
            self._session.execute(update(entries).where(entries.c.id == row.id).values(successor=successor))
        self._log(row.id, kind, slug, change, latest, at, author, reason)
        return self.get(kind, slug)

    def show(self, kind: Kind, slug: str, number: int, *, author: str, reason: str) -> Entry:
        """Return the entry after making a revision live that was approved before; a later draft stays beside it.

        Raises NotFound, and ValueError where the entry is retired or shows this revision, or a later one, already.
        """
        begin_writing(self._session, alone=True)
        row = self._row(kind, slug)
        if row.latest == number and row.state is not State.PUBLISHED and row.state is not State.RETIRED:
            return self.move(kind, slug, "publish", based_on=number, author=author, reason=reason)
        if row.state is State.RETIRED or (row.live or 0) >= number or row.state is State.PUBLISHED:
            raise ValueError(f"revision {number} of {slug} has been overtaken")
        self.revision(kind, slug, number)
        change = ChangeKind.CHANGED if visible(row.live) else ChangeKind.PUBLISHED
        at = self._moment(self._last(row.id))
        self._step(row, latest=row.latest, state=row.state, live=number)
        self._log(row.id, kind, slug, change, number, at, author, reason)
        return self.get(kind, slug)

    def rename(self, kind: Kind, slug: str, new: str, *, author: str, reason: str) -> Entry:
        """Return the entry under another slug; whoever asks for the old one is sent there for ever.

        The slug is the entry's address and no part of what its revisions say: those read before say the new one.
        Raises NotFound, and SlugTaken for a slug that another entry has or had.
        """
        begin_writing(self._session, alone=True)
        row = self._row(kind, slug)
        at = self._moment(self._last(row.id))
        if self._id(kind, new) is not None or self.former(kind).get(new, slug) != slug:
            raise SlugTaken(f"{kind} {new}")
        gone = (former_slugs.c.kind == kind) & (former_slugs.c.slug == new)
        self._session.execute(delete(former_slugs).where(gone))  # an entry may have its own old slug again
        self._session.execute(insert(former_slugs).values(kind=kind, slug=slug, entry_id=row.id, at=at))
        self._session.execute(update(entries).where(entries.c.id == row.id).values(slug=new))
        if visible(row.live):
            self._log(row.id, kind, slug, ChangeKind.RENAMED, row.live, at, author, reason)
            self._log(row.id, kind, new, ChangeKind.CHANGED, row.live, at, author, reason)
        else:  # Outsiders never knew the old address.
            self._log(row.id, kind, new, ChangeKind.READDRESSED, row.latest, at, author, reason)
        return self.get(kind, new)

    def note(self, kind: Kind, slug: str, change: ChangeKind, *, author: str, reason: str = "") -> datetime:
        """Write a row about what is live into the change log, or about the latest revision; return its moment."""
        row = self._row(kind, slug)
        at = self._moment(self._last(row.id))
        self._log(row.id, kind, slug, change, row.live or row.latest, at, author, reason)
        return at

    def _new(self, kind: Kind, slug: str, state: State, *, live: int | None) -> int:
        values = {"kind": kind, "slug": slug, "state": state, "live": live, "latest": 1}
        query = insert_new(self._session, entries, values).returning(entries.c.id)
        entry_id: int | None = self._session.scalar(query)
        if entry_id is None:
            raise SlugTaken(f"{kind} {slug}")
        return entry_id

    def _step(self, row: Row[Any], *, latest: int, state: State, live: int | None) -> int:
        # The condition holds already, since who writes is alone. It stays as the last word on lost updates.
        query = update(entries).where(
            entries.c.id == row.id, entries.c.latest == row.latest, entries.c.state == row.state
        )
        done = self._session.execute(query.values(latest=latest, state=state, live=live).returning(entries.c.id))
        if done.one_or_none() is None:
            raise Conflict(self.get(row.kind, row.slug))
        entry_id: int = row.id
        return entry_id

    def _log(
        self,
        entry_id: int,
        kind: Kind,
        slug: str,
        change: ChangeKind,
        revision: int,
        at: datetime,
        author: str,
        reason: str,
    ) -> None:
        self._session.execute(
            insert(changes).values(
                entry_id=entry_id,
                kind=kind,
                slug=slug,
                change=change,
                revision=revision,
                at=at,
                author=author,
                reason=reason,
            )
        )

    def _last(self, entry_id: int) -> datetime | None:
        query = select(changes.c.at).where(changes.c.entry_id == entry_id).order_by(changes.c.number.desc()).limit(1)
        return self._session.scalar(query)

    def _moment(self, last: datetime | None) -> datetime:
        """Return now, but after the entry's last change, even where the machine's clock was set back."""
        now = self._clock()
        return now if last is None or now > last else last + _TICK


def _refuse_unkept(part: Any, path: str) -> None:
    # PostgreSQL keeps neither NUL nor half a surrogate pair; SQLite must not be the laxer one.
    match part:
        case str():
            if "\0" in part or any("\ud800" <= character <= "\udfff" for character in part):
                raise BadDocument(path, "has a character that cannot be kept")
        case dict():
            for name, value in part.items():
                where = f"{path}.{name}" if path else name
                _refuse_unkept(name, where)
                _refuse_unkept(value, where)
        case list():
            for number, value in enumerate(part):
                _refuse_unkept(value, f"{path}[{number}]")
