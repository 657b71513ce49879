"""What a page says of itself to search engines and networks: its one address in each language, and what it is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup
from pyramid.request import Request

from servicedir.domain.query import LONGEST_QUERY
from servicedir.web.address import Address
from servicedir.web.structured import website_data

PAGES = (
    *("home", "offices", "topics", "a-z", "help", "accessibility", "easy-language", "privacy"),
    *("inquiries", "rollout", "data", "api-docs", "embed-builder"),
)
"""Routes of the pages that search engines list and of which there is one each."""

LISTED = frozenset({*PAGES, "service", "office", "topic", "inquiry"})
"""Routes of all pages that search engines list, each under one address in each language."""

_KNOWN = frozenset(
    """
    q video channel nature office topic audience language on sort page per_page letter kind
    state draft care responsible batch layout search embed_lang
    year measure period from to
    """.split()
)
"""Parameters that a page keeps in another language."""


class Listed:
    """The part of `site` that says where a page is found."""

    _request: Request
    language: str
    languages: tuple[str, ...]

    if TYPE_CHECKING:

        @property
        def base(self) -> str: ...

        def current(self, route: str) -> str | None: ...

    def in_language(self, language: str) -> str:
        """Return this page's path in another language; unknown parameters are left out of nothing but themselves."""
        return self._own_address.having("lang", () if language == self.languages[0] else (language,))

    @cached_property
    def _own_address(self) -> Address:
        pairs = [(n, v[:LONGEST_QUERY]) for n, v in self._request.GET.items() if n in _KNOWN]
        # With one slash: "//elsewhere" is a path that leads away.
        return Address("/" + self._request.path.lstrip("/"), pairs)

    @property
    def is_listed(self) -> bool:
        """Return whether this is a page that search engines list: none for a session, a form or a fault."""
        matched = self._request.matched_route
        return bool(matched) and matched.name in LISTED and self._request.exception is None

    @property
    def canonical(self) -> str:
        """Return the one whole address of this page in its language, without what merely shows it otherwise."""
        return self.base + self._in_language(self.language)

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Return this page's whole address in each language, and for those who speak none of them (`x-default`)."""
        found = [(code, self.base + self._in_language(code)) for code in self.languages]
        return [*found, ("x-default", found[0][1])] if len(found) > 1 else []

    def _in_language(self, language: str) -> str:
        pairs = [pair for pair in self._own_address.pairs if pair[0] == "letter" and self.current("a-z")]
        said = [("lang", language)] if language != self.languages[0] else []
        return str(Address(self._own_address.path, [*pairs, *said]))

    @property
    def locale(self) -> str:
        """Return the language of the page as social networks name it."""
        return {"de": "de_DE", "en": "en_GB"}[self.language]

    @property
    def website(self) -> Markup:
        """Return what the directory says of itself to search engines."""
        return website_data(self)
