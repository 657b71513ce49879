"""What HSDS objects are made with: small nouns, a day, a language; and the terms and attributes that they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from servicedir.domain import words
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.service import is_web_address
from servicedir.domain.text import Text
from servicedir.exchange.hsds import vocabulary
from servicedir.exchange.hsds.identity import identifier

Object = dict[str, Any]
"""An object of HSDS as plain data; where one is shared, nobody changes it."""

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_PATH, _HOST = "/%:@!$&'()*+,;=~", "%:@!$&'()*+,;=~[]"


class Scope:
    """For whom objects are made: the small nouns, the day of the stages, the language of texts.

    `base` is scheme and host of our own pages; with none, no object says where its page is. `published` holds the
    slugs of services that outsiders see: nothing points at others.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        on: date,
        *,
        language: str = "de",
        base: str = "",
        published: Collection[str] = frozenset(),
    ) -> None:
        self.catalogue = catalogue
        self.on = on
        self.language = language
        self.base = base
        self.published = published
        self.organizations: dict[str, Object] = {}
        """Whole organizations by slug, once they are made: services share them."""

    def say(self, text: Text) -> str:
        """Return a text in the scope's language, or its fallback."""
        return text.within(self.language)

    def label(self, term: StrEnum) -> str:
        """Return what a term of the catalogue is called."""
        return words.label(term, self.language)

    def page(self, path: str) -> str:
        """Return the address of a page of ours, or nothing where that is not known."""
        return web_address(f"{self.base}{path}") if self.base else ""

    # Taxonomies

    @cached_property
    def taxonomies(self) -> dict[str, Object]:
        """Return the taxonomies by their code."""
        return {
            said.code: {
                "id": identifier("taxonomy", said.code),
                "name": self.say(said.name),
                "description": self.say(said.description),
            }
            for said in vocabulary.taxonomies()
        }

    @cached_property
    def terms(self) -> dict[str, Object]:
        """Return the terms by their code, each with its taxonomy."""
        return {said.code: self._term(said) for said in self._words()}

    def _words(self) -> Iterator[vocabulary.Words]:
        yield from vocabulary.fixed_terms()
        yield from vocabulary.terms_of(self.catalogue)

    def _term(self, said: vocabulary.Words) -> Object:
        taxonomy = self.taxonomies[said.code.partition(":")[0]]
        return {
            "id": identifier("taxonomy_term", said.code),
            "code": said.code,
            "name": self.say(said.name),
            "description": self.say(said.description or said.name),
            "taxonomy": taxonomy["name"],
            "taxonomy_detail": taxonomy,
            "language": self.language,
        }


class Attributes:
    """The attributes of one object, made one after the other; terms that are not there are left out."""

    def __init__(self, scope: Scope, entity: str, entity_id: str) -> None:
        self._scope = scope
        self._entity = entity
        self._id = entity_id
        self._seen: Counter[tuple[str, str]] = Counter()
        self.made: list[Object] = []

    def add(self, code: str, value: str = "", *, link_type: str = "", of: str = "") -> str:
        """Add a term and its value, and return the attribute's id; `of` is the id of the attribute that it explains.

        `link_type` says what the term describes, the taxonomy's code unless said otherwise.
        """
        term = self._scope.terms.get(code)
        if term is None:
            return ""
        about = of or self._id
        self._seen[about, code] += 1
        made = identifier("attribute", about, code, str(self._seen[about, code]))
        attribute = {
            "id": made,
            "link_id": about,
            "link_type": link_type or code.partition(":")[0],
            "link_entity": "attribute" if of else self._entity,
            "value": value,
            "taxonomy_term": term,
        }
        self.made.append(said(attribute))
        return made

    def say(self, of: str, **details: object) -> None:
        """Add details to another attribute, by its id, or to the object itself (`of` empty); empty ones are left out.

        Truths become `yes` or `no`. A name stands for the detail's code, with hyphens.
        """
        for name, detail in details.items():
            value = self._written(detail)
            if value:
                self.add(f"detail:{name.replace('_', '-')}", value, of=of)

    def _written(self, detail: object) -> str:
        match detail:
            case None:
                return ""
            case bool():
                return "yes" if detail else "no"
            case Text():
                return self._scope.say(detail)
            case _:
                return str(detail)


def said(values: Object) -> Object:
    """Return an object without the fields of which nothing is known."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def web_address(url: str) -> str:
    """Return an address as HSDS wants it (RFC 3986), or nothing where it is none that a reader may be sent to."""
    if not is_web_address(url):
        return ""
    try:
        scheme, host, path, query, fragment = urlsplit(url)
    except ValueError:
        return ""
    if not host or not _is_host(host):
        return ""
    parts = (quote(path, _PATH), quote(query, _PATH + "?"), quote(fragment, _PATH + "?"))
    return urlunsplit((scheme, quote(host, _HOST), *(_BARE_PERCENT.sub("%25", part) for part in parts)))


_NAME = re.compile(r"[^\s/\\?#\[\]@:%]+(?::[0-9]*)?|\[[0-9A-Fa-f:.]+\](?::[0-9]*)?", re.ASCII)


def _is_host(host: str) -> bool:
    """Return whether an address leads to a host, without a user's name before it."""
    return bool(_NAME.fullmatch(host))


def mail_address(email: str) -> str:
    """Return a mail address as HSDS wants it, or nothing where it is none."""
    return email if _EMAIL.fullmatch(email) else ""


def phones(kind: str, slug: str, number: str) -> list[Object]:
    """Return the phones of an object of a kind: one, or none."""
    return [{"id": identifier("phone", kind, slug), "number": number, "type": "voice"}] if number else []
