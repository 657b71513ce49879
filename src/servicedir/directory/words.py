"""The words of the catalogue, from offices to steps of the rollout: saved and retired; what was searched in vain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from servicedir.directory.adopting import references
from servicedir.directory.outcomes import Refused
from servicedir.domain.acceptance import Acceptance
from servicedir.domain.catalogue import Audience, Compound, Office, Place, Synonym, Topic
from servicedir.domain.document import CLASSES, from_document, to_document
from servicedir.domain.history import Entry, Kind, Revision, SlugTaken
from servicedir.domain.programme import Programme
from servicedir.domain.query import Query
from servicedir.domain.service import Fault, Service, is_web_address
from servicedir.domain.step import Step
from servicedir.domain.text import slug_of, sort_key
from servicedir.domain.workflow import Duty, Person, State
from servicedir.search import german
from servicedir.storage.searches import Tally

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

Noun = Office | Place | Topic | Audience | Synonym | Compound | Step | Programme | Acceptance

MOST_SYNONYMS = 20
"""Words of one group of synonyms."""
LONGEST_SYNONYM = 60

SHOWN_DAYS = 30
"""Days back of which searches are shown."""
LEAST_ASKED = 2
"""How often words must have been searched for to be shown: what one single person typed once is shown to nobody."""
MOST_SEARCHES = 50

_FIELDS = {Kind.OFFICE: "offices", Kind.PLACE: "places", Kind.TOPIC: "topics", Kind.AUDIENCE: "audiences"}
"""Where a service points at a kind of noun."""

_POINTING = (Kind.OFFICE, Kind.PLACE, Kind.STEP, Kind.PROGRAMME, Kind.ACCEPTANCE)
"""Kinds of nouns that point at others, or at services."""

_TAKEN = {Kind.SYNONYM: Fault("name_taken", ("words",)), Kind.COMPOUND: Fault("word_taken", ("parts",))}
"""What is wrong with a second one of those that have no name."""


@dataclass(frozen=True, slots=True)
class Uses:
    """What points at a noun: services with their latest values, other nouns, and people who have a role there."""

    services: tuple[Service, ...] = ()
    nouns: tuple[tuple[Kind, Noun], ...] = ()
    people: tuple[Person, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.services or self.nouns or self.people)


class InUse(ValueError):
    """A noun cannot be retired as long as something points at it: `uses` says what."""

    def __init__(self, slug: str, uses: Uses) -> None:
        super().__init__(slug)
        self.uses = uses


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that people searched for, how often without what they wanted, and how many entries they find now."""

    words: str
    times: int
    now: int


class Words:
    """The words of one unit of work. Every method raises Forbidden without the duty WORDS."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def all(self, kind: Kind, by: Person) -> list[tuple[Entry, Any]]:
        """Return all nouns of a kind with where they stand, retired ones as well, by name."""
        self._directory.demand_duty(by, Duty.WORDS)
        found = [(entry, _value(entry)) for entry in self._directory.revisions.entries(kind)]
        return sorted(found, key=lambda pair: sort_key(_name(pair[1])))

    def get(self, kind: Kind, slug: str, by: Person) -> tuple[Entry, Any]:
        """Return where a noun stands and its value, also of a retired one. Raises NotFound."""
        self._directory.demand_duty(by, Duty.WORDS)
        entry = self._directory.revisions.get(kind, slug)
        return entry, _value(entry)

    def history(self, kind: Kind, slug: str, by: Person) -> list[Revision]:
        """Return the revisions of a noun, oldest first. Raises NotFound."""
        self._directory.demand_duty(by, Duty.WORDS)
        return self._directory.revisions.history(kind, slug)

    def save(self, kind: Kind, value: Noun, *, based_on: int | None, by: Person, why: str = "") -> Entry:
        """Publish a noun at once: a new one (`based_on` None) under a slug made of its name, which never changes.

        Saving a retired one takes it up again. Raises Refused, NotFound, and Conflict if somebody else saved first.
        """
        directory = self._directory
        directory.demand_duty(by, Duty.WORDS)
        before = None if based_on is None else directory.revisions.get(kind, value.slug)
        value = self._as_named_now(value)
        if before and isinstance(value, Step):
            value = value.following(_value(before))
        if faults := list(self._faults(kind, value, before)):
            raise Refused(faults)
        if before and before.state is State.PUBLISHED and before.latest.document == to_document(value):
            return before
        if based_on is None:
            saved = self._add(kind, value, by, why)
        else:
            saved = directory.revisions.append(
                kind, value.slug, to_document(value), based_on=based_on, author=by.login, reason=why, publish=True
            )
        directory.people.audit(by.login, "save", f"{kind}/{saved.slug}", {"revision": saved.latest.number})
        directory.catch_up_after_commit()
        return saved

    def _add(self, kind: Kind, value: Noun, by: Person, why: str) -> Entry:
        wanted = slug_of(_name(value)) or kind.value
        for number in count(1):
            slug = wanted if number == 1 else f"{wanted}-{number}"
            if slug == "add":  # the address of the form for new ones
                continue
            try:
                return self._directory.revisions.append(
                    kind,
                    slug,
                    to_document(replace(value, slug=slug)),
                    based_on=None,
                    author=by.login,
                    reason=why,
                    publish=True,
                )
            except SlugTaken:
                continue
        raise AssertionError("numbers do not end")

    def retire(self, kind: Kind, slug: str, *, based_on: int, by: Person) -> Entry:
        """Take a noun out of the catalogue; it can be taken up again by saving it.

        Raises NotFound, InUse, Conflict, and ValueError where it is retired already.
        """
        directory = self._directory
        if uses := self.uses(kind, slug, by):
            raise InUse(slug, uses)
        retired = directory.revisions.move(kind, slug, "retire", based_on=based_on, author=by.login, reason="")
        directory.people.audit(by.login, "retire", f"{kind}/{slug}", {"revision": based_on})
        directory.catch_up_after_commit()
        return retired

    # What points at what

    def used(self, kind: Kind, by: Person) -> dict[str, int]:
        """Return how many services point at each noun of a kind, be it in public or in a draft."""
        self._directory.demand_duty(by, Duty.WORDS)
        found: dict[str, int] = {}
        for _service, slugs in self._pointers(kind):
            for slug in slugs:
                found[slug] = found.get(slug, 0) + 1
        return found

    def uses(self, kind: Kind, slug: str, by: Person) -> Uses:
        """Return all that points at a noun."""
        directory = self._directory
        directory.demand_duty(by, Duty.WORDS)
        services = tuple(service for service, slugs in self._pointers(kind) if slug in slugs)
        nouns = tuple(
            (pointing, noun)
            for pointing in _POINTING
            for noun in self._live(pointing)
            if any(reference[1:] == (kind, slug) for reference in references(noun))
        )
        if kind is not Kind.OFFICE:
            return Uses(services, nouns)
        people = tuple(
            account.person
            for account in directory.people.accounts()
            if any(
                grant.office == slug and (not grant.until or directory.today <= grant.until)
                for grant in account.person.grants
            )
        )
        return Uses(services, nouns, people)

    def _live(self, kind: Kind) -> Iterator[Any]:
        """Yield the nouns that there are, from the database: what is retired by this must be right now."""
        for _slug, revision in self._directory.revisions.all_live(kind):
            yield from_document(CLASSES[kind], revision.document)

    def _pointers(self, kind: Kind) -> Iterator[tuple[Service, set[str]]]:
        """Yield each service that is not retired with what its latest, live and planned revisions point at."""
        if kind not in _FIELDS:
            return
        directory, name = self._directory, _FIELDS[kind]
        planned = directory.planning.all()
        for entry in directory.revisions.all_entries(Kind.SERVICE):
            if entry.state is State.RETIRED:
                continue
            service = from_document(Service, entry.latest.document)
            slugs = set(getattr(service, name))
            others = {entry.live, *(step.revision for step in planned.get(entry.slug, ()))} - {entry.latest.number}
            for number in filter(None, others):
                document = directory.revisions.revision(Kind.SERVICE, entry.slug, number).document
                slugs |= set(getattr(from_document(Service, document), name))
            yield service, slugs

    # Rules

    def _faults(self, kind: Kind, value: Noun, before: Entry | None) -> Iterator[Fault]:
        """Yield the rules that a noun breaks."""
        match value:
            case Synonym():
                yield from _faults_of_group(value)
            case Compound() | Step() | Programme():
                yield from value.faults()
            case Acceptance():
                yield from value.faults(self._directory.today)
            case _:
                yield from _faults_of_noun(value)
        yield from self._loose_ends(value)
        if isinstance(value, Office) and before and value.slug in self._directory.catalogue.lineage(value.parent):
            yield Fault("circle", ("parent",))
        is_new = before is None or before.state is State.RETIRED or not _same(value, _value(before))
        if is_new and any(other.slug != value.slug and _same(value, other) for other in self._live(kind)):
            yield _TAKEN.get(kind, Fault("name_taken", ("name",)))

    def _loose_ends(self, value: Noun) -> Iterator[Fault]:
        """Yield the fields in which a noun points at what there is not."""
        for field, kind, slug in references(value):
            if not self._directory.revisions.present(kind, [slug]):
                yield Fault("unknown_reference", (field,))

    def _as_named_now(self, value: Noun) -> Noun:
        """Return a noun that points at services by their present addresses, each once."""
        if not isinstance(value, Step | Programme | Acceptance):
            return value
        former = self._directory.revisions.former(Kind.SERVICE)
        return replace(value, services=tuple(dict.fromkeys(former.get(slug, slug) for slug in value.services)))

    # What was searched in vain

    def failed_searches(self, by: Person, limit: int) -> list[Sought]:
        """Return what was often searched for and is found by nobody, not even now, the most frequent first."""
        return [sought for sought in self.without_result(by) if not sought.now][:limit]

    def without_result(self, by: Person) -> list[Sought]:
        """Return what found nothing at least LEAST_ASKED times in the last SHOWN_DAYS, the most frequent first."""
        return self._sought(by, self._directory.searches.without_result, lambda tally: tally.empty)

    def without_click(self, by: Person) -> list[Sought]:
        """Return what found something that nobody ever opened, in the last SHOWN_DAYS, the most frequent first."""
        return self._sought(by, self._directory.searches.without_click, lambda tally: tally.asked - tally.empty)

    def _sought(self, by: Person, read: Callable[..., Any], times: Callable[[Tally], int]) -> list[Sought]:
        directory = self._directory
        directory.demand_duty(by, Duty.WORDS)
        since = directory.today - timedelta(days=SHOWN_DAYS)
        return [
            Sought(words, times(tally), directory.search(Query(q=words, per_page=1)).total)
            for words, tally in read(since, least=LEAST_ASKED, limit=MOST_SEARCHES)
        ]


def _value(entry: Entry) -> Any:
    return from_document(CLASSES[entry.kind], entry.latest.document)


def _name(value: Noun) -> str:
    if isinstance(value, Synonym):
        return value.words[0]
    return value.word if isinstance(value, Compound) else value.name.within("de")


def _same(value: Noun, other: Noun) -> bool:
    """Return whether two nouns of a kind would be one to whoever chooses among them."""
    if isinstance(value, Synonym) and isinstance(other, Synonym):
        return set(map(german.fold, value.words)) == set(map(german.fold, other.words))
    if _beside(value) != _beside(other):
        return False
    return _folded(value) == _folded(other)


def _beside(value: Noun) -> Any:
    """Return what tells apart nouns of a kind that have one name."""
    match value:
        case Office():
            return value.parent
        case Step():
            return value.office
        case Acceptance():
            return value.office, value.group, value.measured
    return None


def _folded(value: Noun) -> str:
    return " ".join(german.fold(_name(value)).split())


def _faults_of_noun(value: Noun) -> Iterator[Fault]:
    if not _name(value):
        yield Fault("missing", ("name",))
    if not is_web_address(getattr(value, "url", "")):
        yield Fault("not_a_web_address", ("url",))
    if isinstance(value, Place) and value.opened and value.closed and value.closed.first < value.opened.first:
        yield Fault("ends_before_it_begins", ("closed",))


def _faults_of_group(group: Synonym) -> Iterator[Fault]:
    if not 2 <= len(group.words) <= MOST_SYNONYMS:
        yield Fault("number_of_words", ("words",))
    if any(len(said) > LONGEST_SYNONYM for said in group.words):
        yield Fault("too_long", ("words",))
    if not all(any(german.words(said)) for said in group.words):
        yield Fault("no_word", ("words",))
    folded = [german.fold(said) for said in group.words]
    if len(set(folded)) < len(folded):
        yield Fault("twice", ("words",))
