"""What a council asks and how it is answered: questions, each with blocks that are saved searches with columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from servicedir.domain.acceptance import Group
from servicedir.domain.figures import FIRST_YEAR, CountingPeriod, Measure
from servicedir.domain.history import Entry
from servicedir.domain.service import SLUG, ChannelKind, Fault
from servicedir.domain.text import Text
from servicedir.domain.workflow import State

RESERVED_SLUGS = frozenset({"add"})
"""Addresses below /inquiries/ that are pages of their own."""
MOST_QUESTIONS = 50
MOST_BLOCKS = 20
"""Blocks of one question."""
MOST_IN_ALL = 60
"""Blocks of all questions together: their answer is made in seconds, and their form can be sent."""
MOST_ROWS = 100
"""Rows of a table that stand in a paper unless a block says otherwise; files for programs have all of them."""


class BlockKind(StrEnum):
    """What a block shows; all but TEXT are built from the catalogue."""

    SERVICES = "services"
    PLACE = "place"
    FIGURES = "figures"
    PLANNED = "planned"
    ACCEPTANCE = "acceptance"
    REASONS = "reasons"
    PROGRAMMES = "programmes"
    COVERAGE = "coverage"
    COMPARISON = "comparison"
    TEXT = "text"


class Column(StrEnum):
    """What a table of services says of each; stage, since and so on are those of the block's channel."""

    TITLE = "title"
    OFFICE = "office"
    NATURE = "nature"
    STAGE = "stage"
    SINCE = "since"
    UNTIL = "until"
    SLOTS = "slots"
    BOOKING = "booking"
    NOTE = "note"
    REASON = "reason"
    NEEDS = "needs"
    TELEWORK = "telework"
    CHANNELS = "channels"
    CONSTRAINTS = "constraints"
    TOPICS = "topics"
    AUDIENCES = "audiences"
    LANGUAGES = "languages"
    SUMMARY = "summary"
    VERIFIED = "verified"
    SOURCE = "source"


DEFAULT_COLUMNS = (Column.TITLE, Column.OFFICE, Column.NATURE, Column.STAGE, Column.SINCE, Column.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of an answer. What a kind does not use is left empty.

    `search` is a search as the catalogue's address says it (`video=live&office=jugendamt`), without a day. `on` is
    another day than the inquiry's; of PLACE the last day that counts. COMPARISON sets `compared` against it. `place`
    is the slug of a place or an office. `text` stands before the table, in paragraphs. `most` rows stand in papers.
    """

    kind: BlockKind
    title: Text = field(default_factory=Text)
    text: Text = field(default_factory=Text)
    search: str = ""
    columns: tuple[Column, ...] = ()
    channel: ChannelKind = ChannelKind.VIDEO
    place: str = ""
    on: date | None = None
    compared: date | None = None
    years: tuple[str, ...] = ()
    channels: tuple[ChannelKind, ...] = ()
    measures: tuple[Measure, ...] = ()
    group: Group | None = None
    most: int | None = None

    def faults(self, today: date) -> Iterator[Fault]:
        """Yield the rules that it breaks; whether slugs and searches lead somewhere is asked elsewhere."""
        if self.kind is BlockKind.TEXT and not self.text:
            yield Fault("missing", ("text",))
        if self.kind is BlockKind.PLACE and not self.place:
            yield Fault("missing", ("place",))
        if self.kind is BlockKind.COMPARISON and self.compared is None:
            yield Fault("missing", ("compared",))
        if self.kind is BlockKind.FIGURES and not self.years:
            yield Fault("missing", ("years",))
        for name, day in (("on", self.on), ("compared", self.compared)):
            if day is not None and day > today:
                yield Fault("in_the_future", (name,))
        for number, year in enumerate(self.years):
            if not _is_year(year) or not FIRST_YEAR <= int(year) <= today.year:
                yield Fault("not_a_year", ("years", number))
        if self.most is not None and self.most < 1:
            yield Fault("not_positive", ("most",))


def _is_year(text: str) -> bool:
    try:
        return CountingPeriod(text).is_year
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the council, in its words or ours, and the blocks that answer it."""

    text: Text
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What was asked, by which group or committee (no private person), and for when it is answered.

    `on` is the day in the city for which it is answered, `recorded` the moment (UTC) up to which the directory's
    knowledge counts; None for either: when it is approved.
    """

    slug: str
    title: Text
    reference: str = ""
    asked_by: Text = field(default_factory=Text)
    received: date | None = None
    deadline: date | None = None
    on: date | None = None
    recorded: datetime | None = None
    introduction: Text = field(default_factory=Text)
    questions: tuple[Question, ...] = ()

    def faults(self, today: date) -> list[Fault]:
        """Return every rule that it breaks; what has faults is not saved."""
        return list(self._faults(today))

    def _faults(self, today: date) -> Iterator[Fault]:
        if not SLUG.fullmatch(self.slug) or self.slug in RESERVED_SLUGS:
            yield Fault("not_a_slug", ("slug",))
        if not self.title.get("de"):
            yield Fault("missing", ("title",))
        if self.on is not None and self.on > today:
            yield Fault("in_the_future", ("on",))
        if self.received and self.deadline and self.deadline < self.received:
            yield Fault("ends_before_it_begins", ("deadline",))
        if len(self.questions) > MOST_QUESTIONS:
            yield Fault("too_many", ("questions",))
        if sum(len(question.blocks) for question in self.questions) > MOST_IN_ALL:
            yield Fault("too_many_blocks", ("questions",))
        for number, question in enumerate(self.questions):
            if not question.text:
                yield Fault("missing", ("questions", number, "text"))
            if len(question.blocks) > MOST_BLOCKS:
                yield Fault("too_many", ("questions", number, "blocks"))
            for place, block in enumerate(question.blocks):
                for fault in block.faults(today):
                    yield Fault(fault.what, ("questions", number, "blocks", place, *fault.where))

    def years(self) -> tuple[str, ...]:
        """Return all years whose figures it asks for."""
        return tuple(sorted({year for question in self.questions for block in question.blocks for year in block.years}))


# Workflow


class InquiryState(StrEnum):
    """Where an inquiry stands. Approving freezes the answer; publishing shows it to everybody."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    PUBLISHED = "published"


INQUIRY_STEPS = {
    "submit": (InquiryState.DRAFT, InquiryState.IN_APPROVAL),
    "withdraw": (InquiryState.IN_APPROVAL, InquiryState.DRAFT),
    "reject": (InquiryState.IN_APPROVAL, InquiryState.DRAFT),
    "approve": (InquiryState.IN_APPROVAL, InquiryState.APPROVED),
    "reopen": (InquiryState.APPROVED, InquiryState.DRAFT),
    "publish": (InquiryState.APPROVED, InquiryState.PUBLISHED),
}
"""Each step with the state in which it can be taken and the one in which it ends. Saving ends in DRAFT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """An answer that was frozen: the `edition`-th of its inquiry (from 1), of a `revision` of it.

    `on` and `recorded` are the two clocks, `checksum` is the SHA-256 of the JSON file in the first language. `at` is
    when and `by` (a login) who approved it; `published` is when everybody could read it, None as long as not. UTC.
    """

    slug: str
    edition: int
    revision: int
    on: date
    recorded: datetime
    checksum: str
    by: str
    at: datetime
    published: datetime | None = None


def state_of(entry: Entry, answers: tuple[Approved, ...]) -> InquiryState:
    """Return where an inquiry stands, with the answers of all its revisions."""
    if entry.state is State.PUBLISHED:
        return InquiryState.PUBLISHED
    if entry.state is State.PENDING:
        is_frozen = any(answer.revision == entry.latest.number for answer in answers)
        return InquiryState.APPROVED if is_frozen else InquiryState.IN_APPROVAL
    return InquiryState.DRAFT
