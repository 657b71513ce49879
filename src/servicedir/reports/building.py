"""From an inquiry and what the directory knew to an answer: each block by a function of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from servicedir.domain.history import Published
from servicedir.domain.inquiry import Block, BlockKind, Inquiry
from servicedir.domain.query import Query
from servicedir.reports.answer import Answer, Part, Reply
from servicedir.reports.selection import Say, selected
from servicedir.reports.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a block is built from: itself, the inquiry's day, the state, the language, and what reads searches.

    `parse` reads the search of a block; `say` tells whether an entry says all the words of one.
    """

    block: Block
    on: date
    state: State
    language: str
    parse: Callable[[str], Query]
    say: Say

    @property
    def day(self) -> date:
        """Return the day that the block is about."""
        return self.block.on or self.on

    def entries(self, day: date | None = None) -> list[Published]:
        """Return the services that the block's search selects on a day, by their titles."""
        query = replace(self.parse(self.block.search), on=day or self.day)
        return selected(self.state, query, self.say)


Builder = Callable[[Task], Part]


def _text(task: Task) -> Part:
    return Part(kind=BlockKind.TEXT)


BUILDERS: Mapping[BlockKind, Builder] = {
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
        parts = tuple(_part(task) for task in tasks)
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
    )


def _part(task: Task) -> Part:
    """Return what a block says: its own words, then what is built."""
    part = BUILDERS[task.block.kind](task)
    title = task.block.title.within(task.language)
    said = paragraphs(task.block.text.within(task.language))
    return replace(part, title=title or part.title, paragraphs=(*said, *part.paragraphs))


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, which empty lines divide."""
    found = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
    return tuple(part for part in found if part)
