"""Reading what was recorded: entries and their revisions now or as of a moment, the change log, former addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, case, func, select, tuple_
from sqlalchemy.orm import Session

from servicedir.domain.history import (
    LIVE,
    PUBLIC,
    Change,
    ChangeKind,
    Conflict,
    Document,
    Entry,
    Gone,
    Kind,
    Moved,
    NotFound,
    Revision,
)
from servicedir.domain.news import Known
from servicedir.domain.workflow import visible
from servicedir.storage.tables import changes, entries, former_slugs, revisions, utc_now

T = TypeVar("T")

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
_BATCH = 500


class Recorded:
    """What a session of the database sees of entries and their revisions. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def get(self, kind: Kind, slug: str) -> Entry:
        """Return where an entry stands. Raises NotFound."""
        return _entry(self._row(kind, slug))

    def entries(self, kind: Kind, slugs: Iterable[str] | None = None) -> list[Entry]:
        """Return all entries of a kind, or those of these slugs, by slug, whatever their state."""
        if slugs is None:
            return list(self.all_entries(kind))
        query = _ENTRIES.where(entries.c.kind == kind).order_by(entries.c.slug)
        parts = (query.where(entries.c.slug.in_(part)) for part in _parts(sorted(slugs)))
        return [_entry(row) for part in parts for row in self._session.execute(part)]

    def all_entries(self, kind: Kind) -> Iterator[Entry]:
        """Yield all entries of a kind, whatever their state, by slug; few of them are in memory at a time."""
        query = _ENTRIES.where(entries.c.kind == kind).order_by(entries.c.slug)
        for row in self._session.execute(query, execution_options={"yield_per": _BATCH}):
            yield _entry(row)

    def present(self, kind: Kind, slugs: Iterable[str]) -> set[str]:
        """Return which of these slugs a service has, whatever its state, or a published entry of another kind."""
        query = select(entries.c.slug).where(entries.c.kind == kind)
        if kind is not Kind.SERVICE:
            query = query.where(entries.c.live.is_not(None))
        parts = (query.where(entries.c.slug.in_(part)) for part in _parts(sorted(slugs)))
        return {slug for part in parts for slug in self._session.scalars(part)}

    def documents(self, kind: Kind, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Document]:
        """Return the documents of revisions by slug and number; those that are not there are left out."""
        query = select(entries.c.slug, *_REVISION).join(entries, entries.c.id == revisions.c.entry_id)
        query = query.where(entries.c.kind == kind)
        which = tuple_(entries.c.slug, revisions.c.number)
        found = {}
        for part in _parts(sorted(wanted)):
            for row in self._session.execute(query.where(which.in_(part))):
                found[row.slug, row.number] = {**row.document, "slug": row.slug}
        return found

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

    def former(self, kind: Kind) -> dict[str, str]:
        """Return the present slug of each former one."""
        query = select(former_slugs.c.slug, entries.c.slug.label("now")).join(entries)
        return {row.slug: row.now for row in self._session.execute(query.where(former_slugs.c.kind == kind))}

    def why_missing(self, kind: Kind, slug: str) -> NotFound:
        """Return why outsiders see no entry under a slug: Moved to another, Gone, or NotFound, also for drafts."""
        entry_id, now = self._id(kind, slug), ""
        if entry_id is None:
            query = select(entries.c.id, entries.c.slug).join(former_slugs)
            row = self._session.execute(
                query.where(former_slugs.c.kind == kind, former_slugs.c.slug == slug)
            ).one_or_none()
            if row is None:
                return NotFound(f"{kind} {slug}")
            entry_id, now = row.id, row.slug
        last = (
            select(changes.c.change, changes.c.number)
            .where(changes.c.entry_id == entry_id, changes.c.change.in_(PUBLIC))
            .order_by(changes.c.number.desc())
        )
        found = self._session.execute(last.limit(1)).one_or_none()
        if found is None:
            return NotFound(f"{kind} {slug}")
        if now:
            return Moved(now)
        if found.change is not ChangeKind.RETIRED:
            return NotFound(f"{kind} {slug}")
        entry = self.get(kind, slug)
        shown = select(changes.c.revision).where(changes.c.entry_id == entry_id, changes.c.change.in_(LIVE))
        number = self._session.scalar(shown.order_by(changes.c.number.desc()).limit(1))
        return Gone(slug, self.revision(kind, slug, number or 0).document, entry.successor)

    def known(self, kind: Kind) -> dict[str, Known]:
        """Return for all that outsiders see of a kind, by slug, when they learnt of it; in one query."""
        said = (changes.c.kind == kind) & changes.c.change.in_((ChangeKind.PUBLISHED, ChangeKind.CHANGED))
        ends = select(func.min(changes.c.number).label("first"), func.max(changes.c.number).label("last"))
        spans = ends.where(said).group_by(changes.c.entry_id).subquery()
        first, last = changes.alias(), changes.alias()
        columns = (
            *(entries.c.slug, entries.c.live),
            *(first.c.slug.label("name"), first.c.at.label("published")),
            *(last.c.number, last.c.at.label("changed")),
        )
        source = spans.join(first, first.c.number == spans.c.first).join(last, last.c.number == spans.c.last)
        query = select(*columns).select_from(source.join(entries, entries.c.id == last.c.entry_id))
        return {
            row.slug: Known(
                name=row.name, published=row.published, changed=row.changed, number=row.number, revision=row.live
            )
            for row in self._session.execute(query)
            if visible(row.live)
        }

    def shown(self, kind: Kind, slug: str) -> Iterator[tuple[datetime, Document | None]]:
        """Yield what outsiders saw of an entry from which moment on, the latest first, None for nothing at all.

        Documents are read when they are asked for. Raises NotFound.
        """
        for change in reversed(self.log(kind, slug)):
            if change.change in (ChangeKind.PUBLISHED, ChangeKind.CHANGED):
                yield change.at, self.revision(kind, slug, change.revision).document
            elif change.change in (ChangeKind.RETIRED, ChangeKind.DELETED):
                yield change.at, None

    def entry_id(self, kind: Kind, slug: str) -> int:
        """Return the number under which other tables know an entry. Raises NotFound."""
        entry_id = self._id(kind, slug)
        if entry_id is None:
            raise NotFound(f"{kind} {slug}")
        return entry_id

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

    def _id(self, kind: Kind, slug: str) -> int | None:
        return self._session.scalar(select(entries.c.id).where(entries.c.kind == kind, entries.c.slug == slug))

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
        live = case((changes.c.change.in_(LIVE), changes.c.revision))
        source = entries.join(last, last.c.entry_id == entries.c.id).join(changes, changes.c.number == last.c.number)
    source = source.outerjoin(revisions, and_(revisions.c.entry_id == entries.c.id, revisions.c.number == live))
    return select(entries.c.slug, live.label("live"), *_REVISION).select_from(source).where(entries.c.kind == kind)


def _revisions(kind: Kind, slug: str) -> Select[Any]:
    query = select(entries.c.slug, *_REVISION).join(entries, entries.c.id == revisions.c.entry_id)
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
    # The slug is where an entry is found today, whatever it was when the revision was saved.
    document = {**row.document, "slug": row.slug} if "slug" in row.document else row.document
    return Revision(number=row.number, document=document, author=row.author, reason=row.reason, recorded=row.recorded)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        kind=row.kind,
        slug=row.slug,
        state=row.state,
        live=row.live,
        latest=_revision(row),
        responsible=row.responsible or "",
        review_months=row.review_months,
        successor=row.successor or "",
    )


def _parts(many: Sequence[T]) -> Iterator[Sequence[T]]:
    return (many[first : first + _BATCH] for first in range(0, len(many), _BATCH))
