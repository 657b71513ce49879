"""The council's inquiries and what was answered to them, as everybody may read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from servicedir.domain.document import from_document
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.inquiry import Approved, Inquiry
from servicedir.domain.workflow import Duty, Person
from servicedir.reports.answer import Answer, from_plain

if TYPE_CHECKING:
    from servicedir.directory.door import Directory


class Inquiries:
    """The published answers of one unit of work.

    Nobody learns here of inquiries or answers that are not published, but those who answer them and say who they are.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def published(self) -> list[Approved]:
        """Return the latest published answer of each inquiry, the one that was published last first."""
        latest = (_published(answers)[-1:] for answers in self._directory.stored_answers.all().values())
        found = [answer for answers in latest for answer in answers]
        return sorted(found, key=lambda answer: (answer.published, answer.slug), reverse=True)

    def editions(self, slug: str, by: Person | None = None) -> list[Approved]:
        """Return all published answers of an inquiry, the first one first. Raises NotFound where there is none.

        For somebody who answers inquiries, with those that are approved and not published yet.
        """
        found = self._directory.stored_answers.of(slug)
        if Duty.INQUIRIES not in self._directory.duties(by):
            found = _published(found)
        if not found:
            raise NotFound(slug)
        return found

    def approved(self, slug: str, edition: int | None = None, by: Person | None = None) -> Approved:
        """Return what is known of a published answer, the latest one without an edition. Raises NotFound."""
        found = self.editions(slug, by)
        if edition is None:
            return found[-1]
        for answer in found:
            if answer.edition == edition:
                return answer
        raise NotFound(f"{slug} {edition}")

    def file(self, slug: str, edition: int, format: str, language: str, by: Person | None = None) -> bytes:
        """Return a file of a published answer, byte for byte as it was frozen. Raises NotFound."""
        self.approved(slug, edition, by)
        for code in self._languages(language):
            content = self._directory.stored_answers.file(slug, edition, format, code)
            if content is not None:
                return content
        raise NotFound(f"{slug} {edition}.{format}")

    def sizes(self, slug: str, edition: int, language: str, by: Person | None = None) -> dict[str, int]:
        """Return the formats of the files of a published answer, each with its size in bytes. Raises NotFound."""
        self.approved(slug, edition, by)
        found: dict[str, int] = {}
        for code in reversed(self._languages(language)):
            found |= self._directory.stored_answers.sizes(slug, edition, code)
        return found

    def asked(self, answer: Approved) -> Inquiry:
        """Return the inquiry as it stood when an answer was approved, which is what the answer says of it."""
        document = self._directory.revisions.revision(Kind.INQUIRY, answer.slug, answer.revision).document
        return from_document(Inquiry, document)

    def answer(self, slug: str, edition: int, language: str, by: Person | None = None) -> Answer:
        """Return a published answer as it was frozen. Raises NotFound."""
        return from_plain(json.loads(self.file(slug, edition, "json", language, by)))

    def today(self, slug: str, language: str) -> Answer:
        """Return what would be answered today to an inquiry as it was published last. Raises NotFound.

        For this day, and from all that is known now.
        """
        return self._directory.answering.anew(self.asked(self.approved(slug)), language)

    def _languages(self, language: str) -> tuple[str, str]:
        """Return the languages in which a file is looked for, the best first."""
        return language, self._directory.house.settings.languages[0]


def _published(answers: list[Approved]) -> list[Approved]:
    return [answer for answer in answers if answer.published is not None]
