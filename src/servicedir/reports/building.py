"""From an inquiry and what the directory knew to an answer: each block by a function of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from servicedir.domain.inquiry import BlockKind, Inquiry
from servicedir.domain.query import BadValue, Query
from servicedir.reports import acceptances, comparison, coverage, offers, places, plans, programmes, reasons, usage
from servicedir.reports.answer import Answer, Part, Reply
from servicedir.reports.selection import Say
from servicedir.reports.sentences import say, services
from servicedir.reports.state import State
from servicedir.reports.task import Task
from servicedir.reports.words import show_moment

Builder = Callable[[Task], Part]


def _text(task: Task) -> Part:
    return Part(kind=BlockKind.TEXT)


BUILDERS: Mapping[BlockKind, Builder] = {
    BlockKind.SERVICES: offers.build,
    BlockKind.PLACE: places.build,
    BlockKind.FIGURES: usage.build,
    BlockKind.PLANNED: plans.build,
    BlockKind.ACCEPTANCE: acceptances.build,
    BlockKind.REASONS: reasons.build,
    BlockKind.PROGRAMMES: programmes.build,
    BlockKind.COVERAGE: coverage.build,
    BlockKind.COMPARISON: comparison.build,
    BlockKind.TEXT: _text,
}
"""How each kind of block is built."""


def answer(
    inquiry: Inquiry,
    state: State,
    *,
    language: str,
    city: str,
    parse: Callable[[str], Query],
    say: Say,
) -> Answer:
    """Return the answer to an inquiry for its day, or today, from what the directory knew."""
    on = inquiry.on or state.today
    replies = []
    for number, question in enumerate(inquiry.questions, 1):
        tasks = [
            Task(block=block, on=on, state=state, language=language, parse=parse, say=say) for block in question.blocks
        ]
        parts = _apart([_part(task) for task in tasks])
        replies.append(Reply(number=number, question=question.text.within(language), parts=parts))
    return Answer(
        slug=inquiry.slug,
        language=language,
        city=city,
        title=inquiry.title.within(language),
        reference=inquiry.reference,
        asked_by=inquiry.asked_by.within(language),
        received=inquiry.received,
        deadline=inquiry.deadline,
        on=on,
        recorded=state.recorded,
        services=len(state.services),
        introduction=paragraphs(inquiry.introduction.within(language)),
        replies=tuple(replies),
        notes=tuple(_notes(state, language)),
    )


def _notes(state: State, language: str) -> list[str]:
    """Return what holds for the whole answer: what it was made from, and what was known then."""
    moment = show_moment(state.recorded, language)
    return [
        say(
            language,
            f"Die Antwort ist aus dem Verzeichnis gebildet, wie es am {moment} veröffentlicht war: "
            f"mit {services(len(state.services), 'de')}.",
            f"The answer is made from the directory as it was published on {moment}: "
            f"with {services(len(state.services), 'en')}.",
        ),
        say(
            language,
            "Was dort nicht eingetragen ist, fehlt auch hier; „nicht bekannt“ heißt weder ja noch nein noch null.",
            "What is not entered there is missing here, too; “not known” means neither yes nor no nor zero.",
        ),
    ]


def _part(task: Task) -> Part:
    """Return what a block says: its own words, then what is built."""
    try:
        part = BUILDERS[task.block.kind](task)
    except BadValue as lost:  # Asked today again, a search may be for an office or a topic that is gone by now.
        part = Part(kind=task.block.kind, paragraphs=(_lost(lost.value, task.language),))
    title = task.block.title.within(task.language)
    said = paragraphs(task.block.text.within(task.language))
    return replace(part, title=title or part.title, paragraphs=(*said, *part.paragraphs))


def _lost(value: str, language: str) -> str:
    return say(
        language,
        f"Diese Auswahl gibt es im Verzeichnis nicht mehr: „{value}“.",
        f"The directory has this selection no longer: “{value}”.",
    )


def _apart(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts of a reply with a key of its own for each table, by which it is found again and compared."""
    seen: Counter[str] = Counter()
    found = []
    for part in parts:
        tables = []
        for table in part.tables:
            seen[table.key] += 1
            again = seen[table.key]
            tables.append(replace(table, key=f"{table.key}-{again}") if again > 1 else table)
        found.append(replace(part, tables=tuple(tables)))
    return tuple(found)


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, which empty lines divide."""
    found = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
    return tuple(part for part in found if part)
