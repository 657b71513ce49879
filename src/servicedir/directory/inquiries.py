"""The council's inquiries and what was answered to them, as everybody may read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from servicedir.domain.document import from_document
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.inquiry import Approved, Inquiry
from servicedir.reports.answer import Answer, from_plain

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


class Inquiries:
    """The published answers of one unit of work. Nobody learns here of inquiries or answers that are not published."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def published(self) -> list[Approved]:
        """Return the latest published answer of each inquiry, the one that was published last first."""
        latest = (_shown(answers)[-1:] for answers in self._directory.stored_answers.all().values())
        found = [answer for answers in latest for answer in answers]
        return sorted(found, key=lambda answer: (answer.published, answer.slug), reverse=True)

    def editions(self, slug: str) -> list[Approved]:
        """Return all published answers of an inquiry, the first one first. Raises NotFound where there is none."""
        found = _shown(self._directory.stored_answers.of(slug))
        if not found:
            raise NotFound(slug)
        return found

    def approved(self, slug: str, edition: int | None = None) -> Approved:
        """Return what is known of a published answer, the latest one without an edition. Raises NotFound."""
        found = self.editions(slug)
        if edition is None:
            return found[-1]
        for answer in found:
            if answer.edition == edition:
                return answer
        raise NotFound(f"{slug} {edition}")

    def file(self, slug: str, edition: int, format: str, language: str) -> bytes:
        """Return a file of a published answer, byte for byte as it was frozen. Raises NotFound."""
        self.approved(slug, edition)
        return self._file(slug, edition, format, language)

    def answer(self, slug: str, edition: int, language: str) -> Answer:
        """Return a published answer as it was frozen. Raises NotFound."""
        return from_plain(json.loads(self.file(slug, edition, "json", language)))

    def today(self, slug: str, language: str) -> Answer:
        """Return what would be answered today to an inquiry as it was published last. Raises NotFound.

        For this day, and from all that is known now.
        """
        latest = self.approved(slug)
        document = self._directory.revisions.revision(Kind.INQUIRY, slug, latest.revision).document
        return self._directory.answering.anew(from_document(Inquiry, document), language)

    def _file(self, slug: str, edition: int, format: str, language: str) -> bytes:
        first = self._directory.house.settings.languages[0]
        for code in (language, first):
            content = self._directory.stored_answers.file(slug, edition, format, code)
            if content is not None:
                return content
        raise NotFound(f"{slug} {edition}.{format}")


def _shown(answers: list[Approved]) -> list[Approved]:
    return [answer for answer in answers if answer.published is not None]
