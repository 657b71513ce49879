"""Answers to the council as they were frozen: kept for ever, byte for byte, as the files in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.orm import Session

from servicedir.domain.history import Kind
from servicedir.domain.inquiry import Approved
from servicedir.storage.council import answer_files, answers
from servicedir.storage.database import begin_writing
from servicedir.storage.tables import entries, utc_now

File = tuple[str, str, bytes]
"""A file of an answer: format, language, content."""


class Answers:
    """The frozen answers that a session of the database sees. `clock` gives aware moments in UTC."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def begin(self) -> None:
        """See to it that nobody else changes an inquiry or freezes an answer until this transaction ends."""
        begin_writing(self._session, alone=True)

    def freeze(
        self,
        slug: str,
        *,
        revision: int,
        on: date,
        recorded: datetime,
        checksum: str,
        by: str,
        files: Iterable[File],
    ) -> Approved:
        """Keep an answer of an inquiry with its files; return what is known of it now."""
        self.begin()
        entry_id = self._session.scalar(
            select(entries.c.id).where(entries.c.kind == Kind.INQUIRY, entries.c.slug == slug)
        )
        last = self._session.scalar(select(func.max(answers.c.edition)).where(answers.c.entry_id == entry_id)) or 0
        row = {
            "entry_id": entry_id,
            "edition": last + 1,
            "revision": revision,
            "on": on,
            "recorded": recorded,
            "checksum": checksum,
            "approved_by": by,
            "approved": self._clock(),
        }
        answer_id = self._session.execute(insert(answers).values(row).returning(answers.c.id)).scalar_one()
        self._session.execute(
            insert(answer_files),
            [
                {"answer_id": answer_id, "format": format, "language": language, "content": content}
                for format, language, content in files
            ],
        )
        return self.of(slug)[-1]

    def publish(self, slug: str, edition: int) -> Approved:
        """Note that everybody can read an answer from now on."""
        self.begin()
        wanted = _ANSWERS.where(entries.c.slug == slug, answers.c.edition == edition).with_only_columns(answers.c.id)
        change = update(answers).where(answers.c.id.in_(wanted), answers.c.published.is_(None))
        self._session.execute(change.values(published=self._clock()))
        return next(answer for answer in self.of(slug) if answer.edition == edition)

    def of(self, slug: str) -> list[Approved]:
        """Return all answers of an inquiry, the first one first."""
        rows = self._session.execute(_ANSWERS.where(entries.c.slug == slug).order_by(answers.c.edition))
        return [_approved(row) for row in rows]

    def all(self) -> dict[str, list[Approved]]:
        """Return all answers by the slug of their inquiry, those of each in their order."""
        found: dict[str, list[Approved]] = {}
        for row in self._session.execute(_ANSWERS.order_by(entries.c.slug, answers.c.edition)):
            found.setdefault(row.slug, []).append(_approved(row))
        return found

    def file(self, slug: str, edition: int, format: str, language: str) -> bytes | None:
        """Return a file of an answer; None where there is no such file."""
        query = (
            select(answer_files.c.content)
            .join(answers, answers.c.id == answer_files.c.answer_id)
            .join(entries, entries.c.id == answers.c.entry_id)
        )
        wanted = query.where(
            entries.c.kind == Kind.INQUIRY,
            entries.c.slug == slug,
            answers.c.edition == edition,
            answer_files.c.format == format,
            answer_files.c.language == language,
        )
        return self._session.scalar(wanted)

    def sizes(self, slug: str, edition: int, language: str) -> dict[str, int]:
        """Return the formats in which there are files of an answer in a language, each with its size in bytes."""
        query = select(answer_files.c.format, func.length(answer_files.c.content).label("size"))
        query = query.join(answers, answers.c.id == answer_files.c.answer_id)
        wanted = query.join(entries, entries.c.id == answers.c.entry_id).where(
            entries.c.kind == Kind.INQUIRY,
            entries.c.slug == slug,
            answers.c.edition == edition,
            answer_files.c.language == language,
        )
        rows = self._session.execute(wanted.order_by(answer_files.c.number))
        return {row.format: row.size for row in rows}


_ANSWERS: Select[Any] = (
    select(answers, entries.c.slug)
    .join(entries, entries.c.id == answers.c.entry_id)
    .where(entries.c.kind == Kind.INQUIRY)
)


def _approved(row: Row[Any]) -> Approved:
    return Approved(
        slug=row.slug,
        edition=row.edition,
        revision=row.revision,
        on=row.on,
        recorded=row.recorded,
        checksum=row.checksum,
        by=row.approved_by,
        at=row.approved,
        published=row.published,
    )
