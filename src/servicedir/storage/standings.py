"""Where all entries of a kind stand, in a few queries and without reading what they say: for lists of thousands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from servicedir.domain.care import Standing
from servicedir.domain.history import Change, ChangeKind, Document, Kind
from servicedir.domain.workflow import State
from servicedir.storage.tables import changes, entries, revisions

_BATCH = 500
_STEPS = {
    ChangeKind.SUBMITTED,
    ChangeKind.WITHDRAWN,
    ChangeKind.REJECTED,
    ChangeKind.DISCARDED,
    ChangeKind.RETIRED,
    ChangeKind.REVIVED,
}
"""Steps of which the last one says whether a draft was given back, unless what was given back went out after all."""


class Standings:
    """Where entries stand, as a session sees it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, kind: Kind) -> list[Standing]:
        """Return where every entry of a kind stands, by slug."""
        drafters = self._drafters(kind)
        columns = (entries.c.slug, entries.c.state, entries.c.live, entries.c.latest, entries.c.responsible)
        written = (revisions.c.author, revisions.c.reason, revisions.c.recorded)
        query = select(*columns, entries.c.review_months, *written).join(
            revisions, and_(revisions.c.entry_id == entries.c.id, revisions.c.number == entries.c.latest)
        )
        return [
            Standing(
                slug=row.slug,
                state=row.state,
                live=row.live,
                latest=row.latest,
                author=row.author,
                reason=row.reason,
                recorded=row.recorded,
                responsible=row.responsible or "",
                review_months=row.review_months,
                drafters=frozenset(drafters.get(row.slug, ())),
            )
            for row in self._session.execute(query.where(entries.c.kind == kind).order_by(entries.c.slug))
        ]

    def documents(self, kind: Kind, slugs: Iterable[str]) -> Iterator[tuple[str, Document]]:
        """Yield slug and latest document of each of these entries; those that are not there are left out."""
        wanted = list(slugs)
        query = select(entries.c.slug, revisions.c.document).join(
            revisions, and_(revisions.c.entry_id == entries.c.id, revisions.c.number == entries.c.latest)
        )
        for first in range(0, len(wanted), _BATCH):
            some = query.where(entries.c.kind == kind, entries.c.slug.in_(wanted[first : first + _BATCH]))
            for row in self._session.execute(some):
                yield row.slug, {**row.document, "slug": row.slug}  # whatever it was when the revision was saved

    def returned(self, kind: Kind) -> dict[str, Change]:
        """Return by slug, for drafts that a reviewer gave back and nobody sent again, who did so and why."""
        last = (
            select(func.max(changes.c.number).label("number"))
            .join(entries, entries.c.id == changes.c.entry_id)
            .where(entries.c.kind == kind, entries.c.state == State.PRIVATE, changes.c.change.in_(_STEPS))
            .group_by(changes.c.entry_id)
            .subquery()
        )
        query = (
            select(changes, entries.c.slug.label("now"))
            .join(last, last.c.number == changes.c.number)
            .join(entries, entries.c.id == changes.c.entry_id)
            .where(changes.c.change == ChangeKind.REJECTED, changes.c.revision > func.coalesce(entries.c.live, 0))
        )
        return {
            row.now: Change(
                number=row.number,
                kind=row.kind,
                slug=row.now,
                change=row.change,
                revision=row.revision,
                at=row.at,
                author=row.author,
                reason=row.reason,
            )
            for row in self._session.execute(query)
        }

    def _drafters(self, kind: Kind) -> dict[str, set[str]]:
        is_draft = entries.c.state.in_((State.PRIVATE, State.PENDING))
        query = (
            select(entries.c.slug, revisions.c.author)
            .join(revisions, revisions.c.entry_id == entries.c.id)
            .where(entries.c.kind == kind, is_draft, revisions.c.number > func.coalesce(entries.c.live, 0))
            .distinct()
        )
        found = defaultdict(set)
        for row in self._session.execute(query):
            found[row.slug].add(row.author)
        return found
