"""The door for readers of HSDS: what an id stands for, and which entries a wish finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from servicedir.domain.catalogue import Catalogue, Office
from servicedir.domain.history import Kind, Moved, NotFound, Published
from servicedir.domain.query import BadValue, Held, Query, Sort
from servicedir.domain.service import ChannelKind, Nature, Stage
from servicedir.domain.text import sort_key
from servicedir.exchange.hsds.locations import locations
from servicedir.exchange.hsds.organizations import organization_id
from servicedir.exchange.hsds.scope import Object, Scope
from servicedir.exchange.hsds.services import Link, service_id

if TYPE_CHECKING:
    from servicedir.directory.door import Directory
    from servicedir.directory.house import House

T = TypeVar("T")

MOST_SCOPES = 8
"""Languages of the interface times addresses of the site: more than there are."""

_EVERYTHING = 2**31
_FACETS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "nature": ("nature", Nature),
    "channel": ("channel", ChannelKind),
    "video-stage": ("video", Stage),
    "topic": ("topic", str),
    "life-situation": ("topic", str),
    "audience": ("audience", str),
}
"""By which facet of the search services with a term of a taxonomy are found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks of a list; ids are as they were sent. `per_page` None: all on one page."""

    search: str = ""
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    organization_id: str = ""
    modified_after: datetime | None = None
    parent_id: str = ""
    page: int = 1
    per_page: int | None = 20
    language: str = "de"

    def cut(self, found: Sequence[T]) -> Found[T]:
        """Return the page of a whole result that is asked for."""
        if self.per_page is None:
            return Found(len(found), list(found))
        end = self.page * self.per_page
        return Found(len(found), list(found[end - self.per_page : end]))


class Found(NamedTuple, Generic[T]):
    """How many there are in all, and those of the page."""

    total: int
    items: list[T]


class Register:
    """What ids stand for in one edition of what outsiders see; each list is made when it is first needed."""

    def __init__(self, edition: tuple[int, date], catalogue: Catalogue, held: Sequence[Held]) -> None:
        self.edition = edition
        self._catalogue = catalogue
        self._held = held
        self._scopes: dict[tuple[str, str], Scope] = {}

    def scope(self, language: str, base: str) -> Scope:
        """Return with what objects are made, in a language and with pages at an address."""
        found = self._scopes.get((language, base))
        if found is None:
            if len(self._scopes) >= MOST_SCOPES:
                self._scopes.clear()
            on = self.edition[1]
            found = Scope(self._catalogue, on, language=language, base=base, published=self.slugs)
            self._scopes[language, base] = found
        return found

    @cached_property
    def slugs(self) -> frozenset[str]:
        """Return the slugs of all services that outsiders see."""
        return frozenset(held.slug for held in self._held)

    @cached_property
    def services(self) -> dict[str, str]:
        """Return the slug of each service by its id."""
        return {service_id(held.slug): held.slug for held in self._held}

    @cached_property
    def organizations(self) -> dict[str, Office]:
        """Return each office by its id."""
        return {organization_id(slug): office for slug, office in self._catalogue.offices.items()}

    @cached_property
    def links(self) -> dict[str, Link]:
        """Return where each service can be had, by the id of that."""
        scope = self.scope("de", "")
        return {link.id: link for held in self._held for link in links_of(held, scope)}

    @cached_property
    def codes(self) -> dict[str, str]:
        """Return the code of each taxonomy and of each term by its id."""
        scope = self.scope("de", "")
        return {made["id"]: code for made_by in (scope.taxonomies, scope.terms) for code, made in made_by.items()}


_REGISTERS: WeakKeyDictionary[House, Register] = WeakKeyDictionary()
"""The register of each house that is open, of its last edition."""


def links_of(held: Held, scope: Scope) -> Iterator[Link]:
    """Yield where an entry can be had on the day of the scope, without reading it."""
    for where in locations(held.offices, held.places, scope):
        yield Link(held.slug, where)


class Hsds:
    """What outsiders see, by the ids of HSDS, in one unit of work. Never a draft: the index holds none."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @cached_property
    def _register(self) -> Register:
        house = self._directory.house
        edition = house.edition()
        found = _REGISTERS.get(house)
        if found is None or found.edition != edition:
            found = Register(edition, self._directory.catalogue, self._directory.titles())
            _REGISTERS[house] = found
        return found

    def scope(self, language: str, base: str) -> Scope:
        """Return with what objects are made, in a language and with our pages at an address."""
        return self._register.scope(language, base)

    # One object

    def service(self, wanted: str) -> Published:
        """Return the service of an id. Raises NotFound, and Moved (with its present id) for one of another slug now."""
        slug = self._register.services.get(wanted)
        if slug is not None:
            return self._directory.service(slug)
        for former, now in self._directory.revisions.former(Kind.SERVICE).items():
            if service_id(former) == wanted and now in self._register.slugs:
                raise Moved(service_id(now))
        raise NotFound(wanted)

    def link(self, wanted: str) -> tuple[Link, Published]:
        """Return a service at a location, and the service. Raises NotFound."""
        link = self._register.links.get(wanted)
        if link is None:
            raise NotFound(wanted)
        return link, self._directory.service(link.service)

    def organization(self, wanted: str) -> Office:
        """Return the office of an id. Raises NotFound."""
        found = self._register.organizations.get(wanted)
        if found is None:
            raise NotFound(wanted)
        return found

    def taxonomy(self, wanted: str, scope: Scope) -> Object:
        """Return the taxonomy of an id. Raises NotFound."""
        return _known(scope.taxonomies, self._register.codes.get(wanted))

    def term(self, wanted: str, scope: Scope) -> Object:
        """Return the term of an id. Raises NotFound."""
        return _known(scope.terms, self._register.codes.get(wanted))

    # Lists

    def services(self, wish: Wish) -> Found[Held]:
        """Return the services that a wish finds: by title, by relevance where words are searched, or newest first.

        Raises BadValue for an id that there is not, or by which nothing can be found.
        """
        narrow = self._narrowed(wish)
        if len(narrow) > 1 or wish.organization_id or wish.modified_after or wish.per_page is None:
            return wish.cut(self._all(wish, narrow))
        query = replace(_query(wish), page=wish.page, per_page=wish.per_page, **dict(*narrow))
        page = self._directory.search(query)
        return Found(page.total, [hit.held for hit in page.hits])

    def links(self, wish: Wish) -> Found[tuple[Link, Held]]:
        """Return where the services that a wish finds can be had. Raises BadValue."""
        scope = self._register.scope(wish.language, "")
        found = self._all(wish, self._narrowed(wish))
        return wish.cut([(link, held) for held in found for link in links_of(held, scope)])

    def organizations(self, wish: Wish) -> Found[Office]:
        """Return the offices that have all words of a wish in name or summary, by name."""
        language = wish.language

        def said(office: Office) -> Iterable[str]:
            return office.name.within(language), office.summary.within(language)

        found = [office for office in self._directory.catalogue.offices.values() if _has(wish.search, said(office))]
        return wish.cut(sorted(found, key=lambda office: (sort_key(office.name.within(language)), office.slug)))

    def taxonomies(self, wish: Wish, scope: Scope) -> Found[Object]:
        """Return the taxonomies that have all words of a wish in name or description."""
        return wish.cut([made for made in scope.taxonomies.values() if _has(wish.search, _told(made))])

    def terms(self, wish: Wish, scope: Scope) -> Found[Object]:
        """Return the terms that have all words of a wish in name or description. Raises BadValue for unknown ids."""
        taxonomy = self._code("taxonomy_id", wish.taxonomy_id, scope.taxonomies)
        if self._code("parent_id", wish.parent_id, scope.terms):
            return Found(0, [])  # No term stands below another one.
        terms = (made for code, made in scope.terms.items() if taxonomy in ("", code.partition(":")[0]))
        return wish.cut([made for made in terms if _has(wish.search, _told(made))])

    def services_of(self, office: Office) -> list[Held]:
        """Return the services for which an office is responsible."""
        query = Query(office=(office.slug,), per_page=_EVERYTHING)
        return [hit.held for hit in self._directory.search(query).hits if hit.held.office == office.slug]

    # What a wish says

    def _all(self, wish: Wish, narrow: list[dict[str, Any]]) -> list[Held]:
        """Return everything that a wish finds."""
        first, *others = narrow or [{}]
        office = self._organization(wish.organization_id)
        if office:
            first, others = {"office": (office.slug,)}, [first, *others] if first else others
        query = replace(_query(wish), per_page=_EVERYTHING, **first)
        found = [hit.held for hit in self._directory.search(query).hits]
        for other in others:
            slugs = {hit.slug for hit in self._directory.search(Query(per_page=_EVERYTHING, **other)).hits}
            found = [held for held in found if held.slug in slugs]
        if office:  # The search finds what is below it as well, and what it only has a part in.
            found = [held for held in found if held.office == office.slug]
        if wish.modified_after:
            since = wish.modified_after.timestamp()
            found = [held for held in found if held.updated >= since]
        return found

    def _narrowed(self, wish: Wish) -> list[dict[str, Any]]:
        """Return the filters of the search that say which terms and taxonomies are asked for."""
        scope = self._register.scope(wish.language, "")
        term = self._code("taxonomy_term_id", wish.taxonomy_term_id, scope.terms)
        taxonomy = self._code("taxonomy_id", wish.taxonomy_id, scope.taxonomies)
        narrow = []
        if term:
            narrow.append(_filter("taxonomy_term_id", wish.taxonomy_term_id, term.partition(":")[0], [term]))
        if taxonomy and taxonomy != term.partition(":")[0]:
            codes = [code for code in scope.terms if code.partition(":")[0] == taxonomy]
            narrow.append(_filter("taxonomy_id", wish.taxonomy_id, taxonomy, codes))
        return narrow

    def _code(self, parameter: str, wanted: str, known: Mapping[str, Object]) -> str:
        """Return the code of a taxonomy or term by its id, nothing for nothing. Raises BadValue."""
        code = self._register.codes.get(wanted, "") if wanted else ""
        if wanted and code not in known:
            raise BadValue(parameter, wanted, "unknown")
        return code

    def _organization(self, wanted: str) -> Office | None:
        if not wanted:
            return None
        try:
            return self.organization(wanted)
        except NotFound:
            raise BadValue("organization_id", wanted, "unknown") from None


def _query(wish: Wish) -> Query:
    sort = Sort.UPDATED if wish.modified_after else Sort.RELEVANCE
    return Query(q=wish.search, sort=sort, lang=wish.language)


def _filter(parameter: str, wanted: str, taxonomy: str, codes: list[str]) -> dict[str, Any]:
    """Return the filter by which services with one of some terms are found. Raises BadValue where there is none."""
    if taxonomy not in _FACETS:
        raise BadValue(parameter, wanted, "unsearchable", tuple(_FACETS))
    facet, make = _FACETS[taxonomy]
    # Without any term it is an empty word, which nothing has, and not an empty filter, which everything passes.
    return {facet: tuple(make(code.partition(":")[2]) for code in codes) or ("",)}


def _known(made: Mapping[str, Object], code: str | None) -> Object:
    if code is None or code not in made:
        raise NotFound(code)
    return made[code]


def _told(made: Object) -> Iterable[str]:
    return made["name"], made["description"]


def _has(search: str, texts: Iterable[str]) -> bool:
    """Return whether all searched words stand somewhere in these texts."""
    if not search:
        return True
    text = sort_key("\n".join(texts))
    return all(word in text for word in sort_key(search).split())
