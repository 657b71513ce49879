"""Links that show entries before they are published: which entries, made by whom, until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from servicedir.domain.history import Kind, NotFound
from servicedir.storage.database import begin_writing
from servicedir.storage.revisions import Revisions
from servicedir.storage.tables import entries, preview_entries, previews, utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A link to the latest revisions of some services, by their present slugs; moments are UTC."""

    id: int
    label: str
    author: str
    made: datetime
    expires: datetime
    revoked: datetime | None
    slugs: tuple[str, ...]

    def open(self, now: datetime) -> bool:
        """Return whether the link can still be used at a moment."""
        return self.revoked is None and now < self.expires


class Previews:
    """The links that a session of the database sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock
        self._revisions = Revisions(session, clock)

    def make(self, slugs: Iterable[str], *, label: str, author: str, expires: datetime) -> Preview:
        """Return a new link to services. Raises NotFound for one that does not exist."""
        begin_writing(self._session)
        ids = [self._revisions.entry_id(Kind.SERVICE, slug) for slug in dict.fromkeys(slugs)]
        values = {"label": label, "author": author, "made": self._clock(), "expires": expires}
        made = self._session.execute(insert(previews).values(values).returning(previews.c.id)).scalar_one()
        for entry_id in ids:
            self._session.execute(insert(preview_entries).values(preview_id=made, entry_id=entry_id))
        return self.get(made)

    def get(self, number: int) -> Preview:
        """Return a link, whatever became of it. Raises NotFound."""
        found = self._read(number)
        if not found:
            raise NotFound(f"preview {number}")
        return found[0]

    def all(self) -> list[Preview]:
        """Return every link there is, the newest first, those that can no longer be used included."""
        return self._read()

    def revoke(self, number: int) -> bool:
        """Let a link lead nowhere from now on; return False where it does already, or never existed."""
        begin_writing(self._session)
        mine = (previews.c.id == number) & previews.c.revoked.is_(None)
        query = update(previews).where(mine).values(revoked=self._clock()).returning(previews.c.id)
        return self._session.execute(query).one_or_none() is not None

    def _read(self, number: int | None = None) -> list[Preview]:
        query = select(previews).order_by(previews.c.id.desc())
        shown = select(preview_entries.c.preview_id, entries.c.slug).join(entries).order_by(entries.c.slug)
        if number is not None:
            query = query.where(previews.c.id == number)
            shown = shown.where(preview_entries.c.preview_id == number)
        slugs: dict[int, list[str]] = defaultdict(list)
        for row in self._session.execute(shown):
            slugs[row.preview_id].append(row.slug)
        return [
            Preview(
                id=row.id,
                label=row.label,
                author=row.author,
                made=row.made,
                expires=row.expires,
                revoked=row.revoked,
                slugs=tuple(slugs[row.id]),
            )
            for row in self._session.execute(query)
        ]
