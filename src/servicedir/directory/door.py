"""The door itself: one unit of work on the catalogue, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from servicedir.directory.adopting import adopt
from servicedir.directory.outcomes import Forbidden, Outcome, Refused
from servicedir.directory.work import Work
from servicedir.domain import workflow
from servicedir.domain.acceptance import Acceptance
from servicedir.domain.catalogue import Catalogue, Office
from servicedir.domain.document import CLASSES, NOUNS, from_document, to_document
from servicedir.domain.history import Change, Conflict, Document, Entry, Kind, Moved, NotFound, Published, Revision
from servicedir.domain.programme import Programme
from servicedir.domain.query import Held, Page, Query, Suggestion, parse
from servicedir.domain.service import Fault, Service
from servicedir.domain.step import Step
from servicedir.domain.workflow import SYSTEM, Duty, Permission, Person, State

if TYPE_CHECKING:
    from servicedir.search.explaining import Explained


def _published(revision: Revision, verified: Mapping[str, date]) -> Published:
    service = from_document(Service, revision.document).verified_on(verified)
    return Published(service=service, revision=revision.number, updated=revision.recorded)


class Directory(Work):
    """One unit of work on the catalogue, in the transaction of a manager; nothing is opened before it is needed."""

    @property
    def catalogue(self) -> Catalogue:
        """Return offices, places, topics and audiences."""
        return self.house.catalogue()

    @property
    def today(self) -> date:
        """Return the day in the city."""
        return self.house.today()

    # What outsiders read

    def query(self, pairs: Iterable[tuple[str, str]]) -> Query:
        """Return the query that parameters say. Raises BadValue."""
        return parse(pairs, self.catalogue, self.house.settings.languages, self.house.index.spoken())

    def search(self, query: Query) -> Page:
        """Return one page of what is published and matches."""
        return self.house.index.find(query, self.catalogue, self.today)

    def suggest(self, typed: str, language: str) -> list[Suggestion]:
        """Return what somebody may be about to type, of what is published, in a language."""
        return self.house.index.suggest(typed, language, self.catalogue)

    def explain(self, query: Query) -> list[Explained]:
        """Return for each entry of that page why it is found, and why at its place."""
        return self.house.index.explain(query, self.catalogue, self.today)

    def service(self, slug: str, recorded: datetime | None = None) -> Published:
        """Return a service as outsiders see it, or saw it at a moment. Raises NotFound (drafts, too), Gone, Moved."""
        if recorded is not None:
            return self.live(slug, recorded)
        self.house.catalogue()
        found = self.house.index.get(slug)
        if found is None:
            raise self.revisions.why_missing(Kind.SERVICE, slug)
        return found

    def live(self, slug: str, recorded: datetime | None = None) -> Published:
        """Return a service as outsiders see it, or saw it at a moment, from the database. Raises NotFound."""
        try:
            revision = self.revisions.live(Kind.SERVICE, slug, recorded)
        except NotFound:
            raise self.revisions.why_missing(Kind.SERVICE, slug) from None
        return _published(revision, self.upkeep.verified(Kind.SERVICE, slug, recorded).get(slug, {}))

    def office(self, slug: str) -> Office:
        """Return an office. Raises NotFound, and Gone for one that there was once."""
        found = self.catalogue.offices.get(slug)
        if found is None:
            raise self.revisions.why_missing(Kind.OFFICE, slug)
        return found

    def titles(self) -> Sequence[Held]:
        """Return all published services in the order of their German titles."""
        self.house.catalogue()
        return self.house.index.titles()

    def related(self, service: Service) -> tuple[str, ...]:
        """Return the slugs of those related services that are published now."""
        return tuple(slug for slug in service.related if self.house.index.get(slug) is not None)

    # What people with an account do

    def permissions(self, by: Person, state: State, office: str, *, own: bool = False) -> frozenset[Permission]:
        """Return what a person may do with an entry of an office in a state; `own`: with what they wrote themselves."""
        granted = workflow.permissions(by, state, self.catalogue.lineage(office), self.today)
        if own and self.catalogue.needs_four_eyes(office):
            granted -= {Permission.PUBLISH}
        return granted

    def permitted(self, entry: Entry, value: Service, by: Person) -> frozenset[Permission]:
        """Return what a person may do with an entry as it stands."""
        granted = self.permissions(by, entry.state, value.office)
        if Permission.PUBLISH in granted and self.wants_four_eyes(entry, value) and by.login in self.drafters(entry):
            granted -= {Permission.PUBLISH}
        return granted

    def wants_four_eyes(self, entry: Entry, value: Service) -> bool:
        """Return whether somebody else must publish an entry than who wrote it.

        It is enough that one of the offices to which it belonged since it was last live asks for that: else one could
        write in that office and approve in another one.
        """
        if self.catalogue.needs_four_eyes(value.office):
            return True
        if not any(office.four_eyes for office in self.catalogue.offices.values()):
            return False
        since = (r for r in self.revisions.history(entry.kind, entry.slug) if r.number >= (entry.live or 0))
        return any(self.catalogue.needs_four_eyes(office) for r in since for office in r.document["offices"][:1])

    def duties(self, by: Person | None) -> frozenset[Duty]:
        """Return what a person may do for the city as a whole."""
        return workflow.duties(by, self.today) if by else frozenset()

    def demand_duty(self, by: Person, duty: Duty) -> None:
        """Raise Forbidden unless a person has a duty."""
        if duty not in self.duties(by):
            raise Forbidden(duty)

    def demand(self, by: Person, permission: Permission, entry: Entry, value: Service) -> None:
        """Raise Forbidden unless a person may do this with an entry as it stands."""
        if permission not in self.permitted(entry, value, by):
            raise Forbidden(permission, value.office)

    def drafters(self, entry: Entry) -> set[str]:
        """Return the logins of those who wrote what is not live yet; what was discarded before does not count."""
        revisions = [r for r in self.revisions.history(entry.kind, entry.slug) if r.number >= (entry.live or 0)]
        said = revisions[0].document if entry.live else None
        start = max((r.number for r in revisions if r.document == said), default=0)
        return {revision.author for revision in revisions if revision.number > start}

    def _demand(self, by: Person, permission: Permission, state: State, office: str) -> None:
        if permission not in self.permissions(by, state, office):
            raise Forbidden(permission, office)

    def offices_of(self, by: Person) -> list[str]:
        """Return the slugs of the offices for which a person may make new entries."""
        return [o for o in self.catalogue.offices if Permission.EDIT in self.permissions(by, State.PRIVATE, o)]

    def entry(self, slug: str, by: Person) -> tuple[Entry, Service]:
        """Return where an entry stands and its latest value, drafts included.

        Raises NotFound, also where the person may not know of it, and Moved for a former slug.
        """
        now = slug
        try:
            entry = self.revisions.get(Kind.SERVICE, slug)
        except NotFound:
            now = self.revisions.former(Kind.SERVICE).get(slug, "")
            if not now:
                raise
            entry = self.revisions.get(Kind.SERVICE, now)
        value = from_document(Service, entry.latest.document)
        if Permission.VIEW not in self.permissions(by, entry.state, value.office):
            raise NotFound(slug)
        if now != slug:
            raise Moved(now)
        return entry, value

    def entries(self, by: Person) -> list[tuple[Entry, Service]]:
        """Return all services that a person may edit or review, with their latest values."""
        found = ((e, from_document(Service, e.latest.document)) for e in self.revisions.all_entries(Kind.SERVICE))
        return [(e, v) for e, v in found if Permission.VIEW in self.permissions(by, e.state, v.office)]

    def history(self, slug: str, by: Person) -> list[Revision]:
        """Return the revisions of an entry, newest last. Raises NotFound."""
        self.entry(slug, by)
        return self.revisions.history(Kind.SERVICE, slug)

    def log(self, slug: str, by: Person) -> list[Change]:
        """Return what was done with an entry, by whom and why, oldest first. Raises NotFound."""
        self.entry(slug, by)
        return self.revisions.log(Kind.SERVICE, slug)

    def save(self, value: Service, *, based_on: int | None, by: Person, why: str = "") -> Entry:
        """Append a revision (`based_on` None: a new entry) as a draft, which nobody outside sees.

        Raises Refused, Forbidden, NotFound, SlugTaken, and Conflict if somebody else saved first.
        """
        if faults := self.faults(value):
            raise Refused(faults)
        if based_on is None:
            self._demand(by, Permission.EDIT, State.PRIVATE, value.office)
            if again := self._added_by(by, value):
                return again
        else:
            entry, before = self.entry(value.slug, by)
            self.demand(by, Permission.EDIT, entry, before)
            if value.office != before.office:
                self._demand(by, Permission.EDIT, entry.state, value.office)
            is_retry = entry.latest.author == by.login  # of a save whose answer got lost
            if value == before and (entry.latest.number == based_on or is_retry):
                return entry
        saved = self.revisions.append(
            Kind.SERVICE, value.slug, to_document(value), based_on=based_on, author=by.login, reason=why
        )
        self.people.audit(by.login, "save", f"service/{value.slug}", {"revision": saved.latest.number})
        self.catch_up_after_commit()
        return saved

    def _added_by(self, by: Person, value: Service) -> Entry | None:
        """Return the entry that this person has made with just this value: of an addition whose answer got lost."""
        try:
            entry, there = self.entry(value.slug, by)
        except NotFound:
            return None
        return entry if there == value and entry.latest.number == 1 and entry.latest.author == by.login else None

    def move(self, slug: str, step: str, *, based_on: int, by: Person, why: str = "", successor: str = "") -> Entry:
        """Take an entry one step of the workflow further; `successor` is where readers of a retired one are sent.

        What was planned for later is forgotten, unless the step leaves it possible. Raises NotFound, Forbidden,
        Conflict, ValueError, and Refused for a successor that is none.
        """
        entry, value = self.entry(slug, by)
        if entry.latest.number != based_on:
            raise Conflict(entry)
        self.demand(by, workflow.TRANSITIONS[step].permission, entry, value)
        self.check_successor(slug, successor)
        moved = self.revisions.move(
            Kind.SERVICE, slug, step, based_on=based_on, author=by.login, reason=why, successor=successor
        )
        if step in workflow.UNPLANS:
            self.upkeep.cancel(Kind.SERVICE, slug, *workflow.UNPLANS[step])
        self.people.audit(by.login, step, f"service/{slug}", {"revision": based_on})
        self.catch_up_after_commit()
        return moved

    def rename(self, slug: str, new: str, *, by: Person, why: str = "") -> Entry:
        """Give an entry another slug at once; the old one leads there for ever.

        Raises NotFound, Forbidden, Refused for what is no slug, and SlugTaken.
        """
        entry, value = self.entry(slug, by)
        self.demand(by, Permission.RENAME, entry, value)
        if faults := [fault for fault in replace(value, slug=new).faults() if fault.where == ("slug",)]:
            raise Refused(faults)
        renamed = self.revisions.rename(Kind.SERVICE, slug, new, author=by.login, reason=why)
        self.people.audit(by.login, "rename", f"service/{new}", {"from": slug})
        self.catch_up_after_commit()
        return renamed

    def check_successor(self, slug: str, successor: str) -> None:
        """Raise Refused unless a slug is empty or that of another published service."""
        if successor and (successor == slug or self.house.index.get(successor) is None):
            raise Refused([Fault("unknown_related", ("successor",))])

    def faults(self, value: Service) -> list[Fault]:
        """Return every rule that a value breaks, and references that lead nowhere; what has faults is not saved."""
        return [*value.faults(), *self._loose_ends(value)]

    def _loose_ends(self, value: Service) -> Iterator[Fault]:
        """Yield references that lead nowhere."""
        known = {
            "offices": self.catalogue.offices,
            "places": self.catalogue.places,
            "topics": self.catalogue.topics,
            "audiences": self.catalogue.audiences,
        }
        for name, slugs in known.items():
            for slug in getattr(value, name):
                if slug not in slugs:
                    yield Fault("unknown_reference", (name, slug))
        for slug in value.related:
            if self.house.index.get(slug) is None and not self.exists(slug):
                yield Fault("unknown_related", ("related", slug))

    def exists(self, slug: str) -> bool:
        """Return whether there is a service under a slug, whatever its state."""
        try:
            self.revisions.get(Kind.SERVICE, slug)
        except NotFound:
            return False
        return True

    def catch_up_after_commit(self) -> None:
        """Let index and small nouns follow as soon as this transaction is committed."""

        self.after_commit(self.house.catch_up)

    def after_commit(self, act: Callable[[], object]) -> None:
        """Do something as soon as this transaction is committed, and never if it is not."""
        self._manager.get().addAfterCommitHook(lambda committed: act() if committed else None)

    def let_others_write(self) -> None:
        """Commit what was done so far and begin anew: before work that takes its time and needs no database."""
        self._manager.commit()
        self._manager.begin()

    # What commands do

    def adopt(
        self,
        values: Iterable[tuple[Kind, Any]],
        *,
        by: Person = SYSTEM,
        why: str = "",
        watch: Callable[[list[tuple[Kind, Any]]], Iterable[tuple[Kind, Any]]] = iter,
    ) -> list[Outcome]:
        """Save and publish many entries at once, matched by slug; return what became of each. `watch` sees them go by.

        An entry that breaks rules is `refused`, and so is one that points at what is neither there nor among these,
        and one of which there is a draft that says something else. The others are written: whoever wants all or
        nothing looks at the outcomes and rolls back.
        """
        outcomes = adopt(self, list(values), by, why, watch)
        self.catch_up_after_commit()
        return outcomes

    def is_empty(self) -> bool:
        """Return whether nothing was ever saved."""
        return self.revisions.last_change() == 0

    def all_published(self) -> Iterator[Published]:
        """Yield every published service from the database, for the index."""
        verified = self.upkeep.verified(Kind.SERVICE)
        for slug, revision in self.revisions.all_live(Kind.SERVICE):
            yield _published(revision, verified.get(slug, {}))

    def all_standing(self) -> Iterator[tuple[Entry, Published]]:
        """Yield every published service from the database, behind where its entry stands; few in memory at a time."""
        verified = self.upkeep.verified(Kind.SERVICE)
        for entry in self.revisions.all_entries(Kind.SERVICE):
            live = entry.latest
            if entry.live is None:
                continue
            if entry.live != live.number:
                live = self.revisions.revision(Kind.SERVICE, entry.slug, entry.live)
            yield entry, _published(live, verified.get(entry.slug, {}))

    def read_catalogue(self, recorded: datetime | None = None) -> Catalogue:
        """Return the published small nouns from the database, or those that there were at a moment.

        They point at services by their present addresses, whatever those were called when it was written.
        """
        former = self.revisions.former(Kind.SERVICE)

        def read(kind: Kind, document: Document) -> Any:
            value: Any = from_document(CLASSES[kind], document)
            if former and isinstance(value, Step | Programme | Acceptance):
                return replace(value, services=tuple(dict.fromkeys(former.get(slug, slug) for slug in value.services)))
            return value

        return Catalogue(
            *({slug: read(kind, r.document) for slug, r in self.revisions.all_live(kind, recorded)} for kind in NOUNS)
        )

    def reindex(self, watch: Callable[[list[Published]], Iterable[Published]] = iter) -> int:
        """Rebuild the index from the database; return the number of its entries. `watch` sees them go by."""
        entries = list(self.all_published())
        self.house.index.rebuild(watch(entries), self.revisions.last_change())
        return len(entries)

    def index_differences(self) -> list[str]:
        """Return a line for each difference between index and database."""
        return self.house.index.difference(self.all_published())
