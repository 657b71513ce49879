"""From an address to the answer that it names: one that everybody reads, or one that is approved and not yet shown."""

from __future__ import annotations

from hashlib import sha256

from markupsafe import Markup
from pyramid.request import Request

from servicedir.domain.history import NotFound
from servicedir.domain.inquiry import Approved
from servicedir.domain.workflow import Person


class Shown:
    """A published answer, for everybody. `by` is nobody: what one reads here does not depend on who it is."""

    by: Person | None = None

    def __init__(self, request: Request, answer: Approved) -> None:
        self.answer = answer
        self.inquiry = request.directory.inquiries.asked(answer)
        self._request = request

    def file(self, format: str) -> bytes:
        """Return a file of the answer in the language of the request. Raises NotFound."""
        answer, language = self.answer, self._request.site.language
        found: bytes = self._request.directory.inquiries.file(answer.slug, answer.edition, format, language, self.by)
        return found

    @property
    def checksum(self) -> str:
        """Return the SHA-256 of the JSON file in the language of the request, which its papers name as well."""
        return sha256(self.file("json")).hexdigest()

    def sizes(self) -> dict[str, int]:
        """Return the formats of its files, each with its size in bytes."""
        answer, language = self.answer, self._request.site.language
        found: dict[str, int] = self._request.directory.inquiries.sizes(answer.slug, answer.edition, language, self.by)
        return found


class Kept(Shown):
    """An answer that is approved and not published: for those who answer inquiries, and for no browser to keep."""

    def __init__(self, request: Request, answer: Approved) -> None:
        super().__init__(request, answer)
        self.by = request.person
        request.is_confidential = True


def frozen(request: Request) -> Shown:
    """Return the answer of an address, the latest published one where it names no edition. Raises NotFound.

    For everybody but those who answer inquiries, what is not published is not there.
    """
    slug, edition = request.matchdict["slug"], _edition(request.matchdict.get("edition"))
    inquiries = request.directory.inquiries
    try:
        return Shown(request, inquiries.approved(slug, edition))
    except NotFound:
        return Kept(request, inquiries.approved(slug, edition, request.person))


def comparable(request: Request) -> Shown:
    """Return the latest answer of an address that somebody may read, which is compared with others. Raises NotFound.

    For everybody but those who answer inquiries, what is not published is not there.
    """
    editions = request.directory.inquiries.editions(request.matchdict["slug"], request.person)
    kind = Shown if all(answer.published for answer in editions) else Kept
    return kind(request, editions[-1])


def _edition(said: str | None) -> int | None:
    """Return the number that an address names, if any. Raises NotFound for what is none as we write it."""
    if said is None:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) < 10 and said[0] != "0"):
        raise NotFound(said)
    return int(said)


def in_words(body: bytes) -> Markup:
    """Return the frozen fragment of an answer for a template: it was made by reports.html, which escapes all."""
    return Markup(body.decode())  # noqa: S704 - see above
