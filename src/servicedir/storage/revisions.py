"""Every revision of every entry: appending, moving between states, reading now or as of a moment, the change log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, case, func, insert, select, update
from sqlalchemy.orm import Session

from servicedir.domain.document import BadDocument
from servicedir.domain.history import (
    PUBLIC,
    Change,
    ChangeKind,
    Conflict,
    Document,
    Entry,
    Kind,
    NotFound,
    Revision,
    SlugTaken,
)
from servicedir.domain.workflow import TRANSITIONS, State, visible
from servicedir.storage.database import begin_writing, insert_new
from servicedir.storage.tables import changes, entries, revisions, utc_now

_LIVE = (ChangeKind.PUBLISHED, ChangeKind.CHANGED)
_MOVES = {
    "submit": ChangeKind.SUBMITTED,
    "withdraw": ChangeKind.WITHDRAWN,
    "reject": ChangeKind.REJECTED,
    "retire": ChangeKind.RETIRED,
    "revive": ChangeKind.REVIVED,
}
_REVISION = (
    revisions.c.number,
    revisions.c.document,
    revisions.c.author,
    revisions.c.reason,
    revisions.c.recorded,
)
_ENTRIES = select(entries, *_REVISION).join(
    revisions, and_(revisions.c.entry_id == entries.c.id, revisions.c.number == entries.c.latest)
)
_TICK = timedelta(microseconds=1)
_BATCH = 500


class Revisions:
    """The revisions that a session sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def get(self, kind: Kind, slug: str) -> Entry:
        """Return where an entry stands. Raises NotFound."""
        return _entry(self._row(kind, slug))

    def entries(self, kind: Kind) -> list[Entry]:
        """Return all entries of a kind, by slug, whatever their state."""
        query = _ENTRIES.where(entries.c.kind == kind).order_by(entries.c.slug)
        return [_entry(row) for row in self._session.execute(query)]

    def live(self, kind: Kind, slug: str, recorded: datetime | None = None) -> Revision:
        """Return what outsiders see of an entry, or saw at a moment (`recorded`). Raises NotFound."""
        row = self._session.execute(_live(kind, recorded).where(entries.c.slug == slug)).one_or_none()
        if row is None or not visible(row.live):
            raise NotFound(f"{kind} {slug}")
        return _revision(row)

    def all_live(self, kind: Kind, recorded: datetime | None = None) -> Iterator[tuple[str, Revision]]:
        """Yield slug and revision of all that outsiders see of a kind, or saw at a moment, by slug; in one query."""
        query = _live(kind, recorded).order_by(entries.c.slug).execution_options(yield_per=_BATCH)
        for row in self._session.execute(query):
            if visible(row.live):
                yield row.slug, _revision(row)

    def history(self, kind: Kind, slug: str) -> list[Revision]:
        """Return all revisions of an entry, oldest first. Raises NotFound."""
        found = self._session.execute(_revisions(kind, slug).order_by(revisions.c.number)).all()
        if not found:
            raise NotFound(f"{kind} {slug}")
        return [_revision(row) for row in found]

    def revision(self, kind: Kind, slug: str, number: int) -> Revision:
        """Return one revision of an entry, whether it was ever live or not. Raises NotFound."""
        row = self._session.execute(_revisions(kind, slug).where(revisions.c.number == number)).one_or_none()
        if row is None:
            raise NotFound(f"{kind} {slug} {number}")
        return _revision(row)

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

    def move(self, kind: Kind, slug: str, name: str, *, based_on: int, author: str, reason: str) -> Entry:
        """Return the entry after one of the TRANSITIONS. Publishing shows the latest revision, retiring none.

        Raises NotFound, Conflict if the latest revision is not `based_on`, and ValueError for a transition that
        does not exist or does not start in the entry's state.
        """
        if name not in TRANSITIONS:
            raise ValueError(f"there is no transition {name!r}")
        transition = TRANSITIONS[name]
        begin_writing(self._session, alone=True)
        row = self._row_at(kind, slug, based_on)
        if row.state not in transition.starts:
            raise ValueError(f"{name} does not start in the state {row.state}")
        live, change = row.live, _MOVES.get(name)
        if change is None:
            live, change = row.latest, ChangeKind.CHANGED if visible(row.live) else ChangeKind.PUBLISHED
        elif change is ChangeKind.RETIRED:
            live = None
        at = self._moment(self._last(row.id))
        self._step(row, latest=row.latest, state=transition.ends, live=live)
        self._log(row.id, kind, slug, change, row.latest, at, author, reason)
        return self.get(kind, slug)

    def changes(self, since: int, *, public: bool, limit: int = 1000) -> list[Change]:
        """Return the rows of the change log after number `since`, in order; `public`: those outsiders may see."""
        query = select(changes).where(changes.c.number > since).order_by(changes.c.number).limit(limit)
        if public:
            query = query.where(changes.c.change.in_(PUBLIC))
        return [_change(row) for row in self._session.execute(query)]

    def log(self, kind: Kind, slug: str) -> list[Change]:
        """Return every row of an entry in the change log, oldest first. Raises NotFound."""
        entry_id = self._row(kind, slug).id
        query = select(changes).where(changes.c.entry_id == entry_id).order_by(changes.c.number)
        return [_change(row) for row in self._session.execute(query)]

    def last_change(self) -> int:
        """Return the number of the last row of the change log, 0 if it is empty."""
        return self._session.scalar(select(func.max(changes.c.number))) or 0

    def _row(self, kind: Kind, slug: str) -> Row[Any]:
        query = _ENTRIES.where(entries.c.kind == kind, entries.c.slug == slug)
        row = self._session.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"{kind} {slug}")
        return row

    def _row_at(self, kind: Kind, slug: str, based_on: int) -> Row[Any]:
        row = self._row(kind, slug)
        if row.latest != based_on:
            raise Conflict(_entry(row))
        return row

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


def _live(kind: Kind, recorded: datetime | None) -> Select[Any]:
    """Select the slug and the live revision of every entry; at a moment, what the last public change until then says.

    `live` is the revision's number. It is null, as are the columns of the revision, where nothing is live.
    """
    if recorded is None:
        live: ColumnElement[Any] = entries.c.live
        source: FromClause = entries
    else:
        last = (
            select(changes.c.entry_id, func.max(changes.c.number).label("number"))
            .where(changes.c.change.in_(PUBLIC), changes.c.kind == kind, changes.c.at <= recorded)
            .group_by(changes.c.entry_id)
            .subquery()
        )
        live = case((changes.c.change.in_(_LIVE), changes.c.revision))
        source = entries.join(last, last.c.entry_id == entries.c.id).join(changes, changes.c.number == last.c.number)
    source = source.outerjoin(revisions, and_(revisions.c.entry_id == entries.c.id, revisions.c.number == live))
    return select(entries.c.slug, live.label("live"), *_REVISION).select_from(source).where(entries.c.kind == kind)


def _revisions(kind: Kind, slug: str) -> Select[Any]:
    query = select(*_REVISION).join(entries, entries.c.id == revisions.c.entry_id)
    return query.where(entries.c.kind == kind, entries.c.slug == slug)


def _change(row: Row[Any]) -> Change:
    return Change(
        number=row.number,
        kind=row.kind,
        slug=row.slug,
        change=row.change,
        revision=row.revision,
        at=row.at,
        author=row.author,
        reason=row.reason,
    )


def _revision(row: Row[Any]) -> Revision:
    return Revision(
        number=row.number, document=row.document, author=row.author, reason=row.reason, recorded=row.recorded
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(kind=row.kind, slug=row.slug, state=row.state, live=row.live, latest=_revision(row))


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
