"""Answers to the council in the making: who writes them, who approves them, and what is frozen when they do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from servicedir.directory.outcomes import Forbidden, Refused
from servicedir.domain.catalogue import Catalogue
from servicedir.domain.document import from_document, to_document
from servicedir.domain.history import Change, Conflict, Entry, Kind, Revision
from servicedir.domain.inquiry import INQUIRY_STEPS, Approved, Block, Inquiry, InquiryState, state_of
from servicedir.domain.query import BadValue, Query, parse
from servicedir.domain.service import Fault
from servicedir.domain.words import LANGUAGE_NAMES
from servicedir.domain.workflow import Duty, Person
from servicedir.reports import building, formats
from servicedir.reports.answer import Answer, checksum, mark
from servicedir.resting import collector_resting
from servicedir.search.strict import says

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

_MOVES = {"submit": "submit", "withdraw": "withdraw", "reject": "reject", "publish": "publish"}
"""Which transition of its entry a step of an inquiry takes; approving and reopening take none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an inquiry stands: its entry, latest value, frozen answers (the first one first), and state."""

    entry: Entry
    inquiry: Inquiry
    answers: tuple[Approved, ...]
    state: InquiryState


class Overtaken(Exception):
    """What would be frozen is not what was read; `answers` are what it is now, in each language."""

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__("the catalogue has changed since the answer was read")
        self.answers = answers


class NotASearch(Fault):
    """What a block looks for cannot be looked for; `value` is what is wrong with it."""

    def __init__(self, where: tuple[str | int, ...], value: BadValue) -> None:
        super().__init__("not_a_search", where)
        self.value = value


class Answering:
    """The inquiries of one unit of work, for those who answer them. Every method raises Forbidden without the duty."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def all(self, by: Person) -> list[Standing]:
        """Return all inquiries with where they stand, those with the earliest deadline first, those without last."""
        self._directory.demand_duty(by, Duty.INQUIRIES)
        answers = self._directory.stored_answers.all()
        found = [
            _standing(entry, tuple(answers.get(entry.slug, ())))
            for entry in self._directory.revisions.entries(Kind.INQUIRY)
        ]
        return sorted(found, key=lambda one: (one.inquiry.deadline is None, one.inquiry.deadline, one.entry.slug))

    def get(self, slug: str, by: Person) -> Standing:
        """Return where an inquiry stands. Raises NotFound."""
        self._directory.demand_duty(by, Duty.INQUIRIES)
        entry = self._directory.revisions.get(Kind.INQUIRY, slug)
        return _standing(entry, tuple(self._directory.stored_answers.of(slug)))

    def history(self, slug: str, by: Person) -> list[Revision]:
        """Return the revisions of an inquiry, oldest first. Raises NotFound."""
        self.get(slug, by)
        return self._directory.revisions.history(Kind.INQUIRY, slug)

    def log(self, slug: str, by: Person) -> list[Change]:
        """Return what was done with an inquiry, by whom and why, oldest first. Raises NotFound."""
        self.get(slug, by)
        return self._directory.revisions.log(Kind.INQUIRY, slug)

    def save(self, inquiry: Inquiry, *, based_on: int | None, by: Person, why: str = "") -> Entry:
        """Append a revision (`based_on` None: a new inquiry) as a draft; what was frozen stays as it is.

        Raises Refused, NotFound, SlugTaken, and Conflict if somebody else saved first.
        """
        directory = self._directory
        directory.demand_duty(by, Duty.INQUIRIES)
        if faults := self.faults(inquiry):
            raise Refused(faults)
        document = to_document(inquiry)
        if based_on is not None:
            before = directory.revisions.get(Kind.INQUIRY, inquiry.slug)
            if before.latest.number == based_on and before.latest.document == document:
                return before
        saved = directory.revisions.append(
            Kind.INQUIRY, inquiry.slug, document, based_on=based_on, author=by.login, reason=why
        )
        directory.people.audit(by.login, "save", f"inquiry/{inquiry.slug}", {"revision": saved.latest.number})
        return saved

    def step(
        self, slug: str, step: str, *, based_on: int, by: Person, why: str = "", seen: str | None = None
    ) -> Standing:
        """Take an inquiry one of the INQUIRY_STEPS further; approving freezes the answer, publishing shows it.

        Who wrote something of what is approved cannot approve it. With `seen`, the mark of the drafts that somebody
        read, only what says the same is frozen. What this unit of work did before is committed by approving. Raises
        NotFound, Forbidden, Refused, Conflict, Overtaken, and ValueError for a step that there is not, or not from
        where it stands.
        """
        directory = self._directory
        standing = self._ready(slug, step, based_on, by)
        if step == "approve":
            made = self._make(standing.inquiry, seen)
            self._freeze(self._ready(slug, step, based_on, by), by, made)
        elif step == "reopen":
            # The same again is another revision: what was frozen belongs to the one before.
            document = standing.entry.latest.document
            directory.revisions.append(Kind.INQUIRY, slug, document, based_on=based_on, author=by.login, reason=why)
        else:
            directory.revisions.move(Kind.INQUIRY, slug, _MOVES[step], based_on=based_on, author=by.login, reason=why)
        if step == "publish":
            directory.stored_answers.publish(slug, standing.answers[-1].edition)
        said = {"why": why} if why else {}
        directory.people.audit(by.login, step, f"inquiry/{slug}", {"revision": based_on, **said})
        directory.catch_up_after_commit()
        return self.get(slug, by)

    def writers(self, standing: Standing) -> set[str]:
        """Return the logins of those who wrote what is not published yet."""
        revisions = self._directory.revisions.history(Kind.INQUIRY, standing.entry.slug)
        return {
            revision.author
            for before, revision in zip([None, *revisions], revisions, strict=False)
            if revision.number > (standing.entry.live or 0) and (not before or before.document != revision.document)
        }

    def may_approve(self, standing: Standing, by: Person) -> bool:
        """Return whether a person may approve an inquiry as it stands: with the duty, and not one's own words."""
        return Duty.APPROVE in self._directory.duties(by) and by.login not in self.writers(standing)

    def _ready(self, slug: str, step: str, based_on: int, by: Person) -> Standing:
        """Return where an inquiry stands, from where a step starts that a person may take; nobody else writes now."""
        self._directory.demand_duty(by, Duty.INQUIRIES)
        # Before looking where it stands: two who approve, or one who saves meanwhile, would else not see each other.
        self._directory.stored_answers.begin()
        standing = self.get(slug, by)
        if standing.entry.latest.number != based_on:
            raise Conflict(standing.entry)
        if step not in INQUIRY_STEPS or INQUIRY_STEPS[step][0] is not standing.state:
            raise ValueError(f"{step} does not start in the state {standing.state}")
        if step == "approve" and not self.may_approve(standing, by):
            raise Forbidden(Duty.APPROVE)
        return standing

    @collector_resting()
    def _make(self, inquiry: Inquiry, seen: str | None) -> dict[str, Any]:
        """Return what is to be frozen of the answer to an inquiry as of this moment; meanwhile others write."""
        directory = self._directory
        # Nobody else writes yet: all that was recorded by now is committed, and whatever is saved while the files are
        # made was recorded later, so it is no part of what was known at this moment.
        moment = directory.house.now()
        directory.let_others_write()
        with directory.house.work() as reading:
            if faults := reading.answering.faults(inquiry):
                raise Refused(faults)
            answers = reading.answering.answers(inquiry, directory.house.settings.languages, moment)
        if seen is not None and seen != mark(answers):
            raise Overtaken(answers)
        return self._papers(answers)

    def _papers(self, answers: list[Answer]) -> dict[str, Any]:
        base = self._directory.house.settings.base_url.rstrip("/")
        first = answers[0]
        return {
            "on": first.on,
            "recorded": first.recorded,
            "checksum": checksum(first),
            "files": formats.files(answers, base),
        }

    def _freeze(self, standing: Standing, by: Person, made: dict[str, Any]) -> None:
        self._directory.stored_answers.freeze(
            standing.entry.slug, revision=standing.entry.latest.number, by=by.login, **made
        )

    # What would be answered

    def draft(self, inquiry: Inquiry, by: Person, language: str) -> Answer:
        """Return what would be answered to an inquiry, saved or not, as it is. Raises Refused."""
        self._directory.demand_duty(by, Duty.INQUIRIES)
        if faults := self.faults(inquiry):
            raise Refused(faults)
        return self.answers(inquiry, [language])[0]

    def drafts(self, inquiry: Inquiry, by: Person) -> list[Answer]:
        """Return what would be frozen of an inquiry now, in each language. Raises Refused."""
        self._directory.demand_duty(by, Duty.INQUIRIES)
        if faults := self.faults(inquiry):
            raise Refused(faults)
        return self.answers(inquiry, self._directory.house.settings.languages)

    def anew(self, inquiry: Inquiry, language: str) -> Answer:
        """Return what would be answered today, whatever the day that an inquiry names; for the published ones."""
        return self.answers(replace(inquiry, on=None, recorded=None), [language])[0]

    @collector_resting()
    def answers(self, inquiry: Inquiry, languages: Iterable[str], moment: datetime | None = None) -> list[Answer]:
        """Return the answer to an inquiry in some languages, from what the directory knew at the moment that it names.

        Where it names none, that is `moment`, or now. For this door.
        """
        directory = self._directory
        state = directory.knowledge.state(inquiry.recorded or moment, inquiry.years())
        settings = directory.house.settings
        return [
            building.answer(
                inquiry,
                state,
                language=language,
                city=settings.publisher or settings.title,
                parse=partial(self._query, state.catalogue),
                say=says,
            )
            for language in languages
        ]

    def _query(self, catalogue: Catalogue, search: str) -> Query:
        return parse(parse_qsl(search), catalogue, self._directory.house.settings.languages, LANGUAGE_NAMES)

    # Rules

    @cached_property
    def _catalogue(self) -> Catalogue:
        # From the database: what came with this very transaction is there as well.
        return self._directory.read_catalogue()

    def faults(self, inquiry: Inquiry) -> list[Fault]:
        """Return every rule that an inquiry breaks, and what in it leads nowhere."""
        directory = self._directory
        faults = inquiry.faults(directory.today)
        if inquiry.recorded is not None:
            first = directory.knowledge.first()
            if inquiry.recorded > directory.house.now():
                faults.append(Fault("in_the_future", ("recorded",)))
            elif first is None or inquiry.recorded < first:
                faults.append(Fault("before_the_first", ("recorded",)))
        # What it asks for has to have been there when it was known, and not today.
        then = directory.read_catalogue(inquiry.recorded) if inquiry.recorded and not faults else self._catalogue
        for number, question in enumerate(inquiry.questions):
            for place, block in enumerate(question.blocks):
                where = ("questions", number, "blocks", place)
                faults += self._loose_ends(block, then, where)
        return faults

    def _loose_ends(self, block: Block, catalogue: Catalogue, where: tuple[str | int, ...]) -> list[Fault]:
        found = []
        if block.place and block.place not in catalogue.places and block.place not in catalogue.offices:
            found.append(Fault("unknown_reference", (*where, "place")))
        try:
            self._query(catalogue, block.search)
        except BadValue as fault:
            found.append(NotASearch((*where, "search"), fault))
        return found

    # The sample

    @collector_resting()
    def adopt(self, inquiries: Iterable[Inquiry], *, by: Person) -> None:
        """Save, approve and publish inquiries that there are not yet: those of the sample, which nobody wrote here."""
        for inquiry in inquiries:
            if faults := self.faults(inquiry):
                raise Refused(faults)
            entry = self._directory.revisions.append(
                Kind.INQUIRY, inquiry.slug, to_document(inquiry), based_on=None, author=by.login, reason=""
            )
            standing = self.get(entry.slug, by)
            # In one transaction with the catalogue of the sample, which nobody else sees yet.
            answers = self.answers(standing.inquiry, self._directory.house.settings.languages)
            self._freeze(standing, by, self._papers(answers))
            self._directory.revisions.move(Kind.INQUIRY, entry.slug, "publish", based_on=1, author=by.login, reason="")
            self._directory.stored_answers.publish(entry.slug, 1)


def _standing(entry: Entry, answers: tuple[Approved, ...]) -> Standing:
    inquiry = replace(from_document(Inquiry, entry.latest.document), slug=entry.slug)
    return Standing(entry=entry, inquiry=inquiry, answers=answers, state=state_of(entry, answers))
