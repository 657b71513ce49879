"""What a block is built from, and what it selects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from servicedir.domain.history import Published
from servicedir.domain.inquiry import Block, Column
from servicedir.domain.query import Query
from servicedir.domain.service import ChannelKind, Stage
from servicedir.domain.text import Text, sort_key
from servicedir.reports.selection import Say, selected
from servicedir.reports.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A block, the inquiry's day, the state, the language, and what reads searches.

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

    @property
    def channel(self) -> ChannelKind:
        """Return the way of access that the block is about."""
        return self.block.channel

    @property
    def most(self) -> dict[str, int]:
        """Return how many rows papers show of a table, as a field of it."""
        return {"most": self.block.most} if self.block.most else {}

    def text(self, text: Text) -> str:
        """Return a text in the language of the answer."""
        return " ".join(text.within(self.language).split())

    # What is selected

    @property
    def query(self) -> Query:
        """Return the block's search on its day."""
        return replace(self.parse(self.block.search), on=self.day)

    @property
    def is_narrow(self) -> bool:
        """Return whether the block is about a part of the catalogue, whatever the stage of the services."""
        query = self.query
        return bool(query.q or [name for name, _value in query.selected if name != "video"])

    def entries(self, day: date | None = None) -> list[Published]:
        """Return the services that the block's search selects on a day, by their titles."""
        return selected(self.state, replace(self.query, on=day or self.day), self.say)

    def of_any_stage(self) -> list[Published]:
        """Return the services that the block's search selects if what it says of video does not matter."""
        return selected(self.state, replace(self.query, video=()), self.say)

    def in_stages(self, *stages: Stage) -> list[Published]:
        """Return those whose channel is in one of the stages that the search names, or in one of these."""
        wanted = self.query.video or stages
        return [entry for entry in self.of_any_stage() if self.stage(entry) in wanted]

    def stage(self, entry: Published, day: date | None = None) -> Stage:
        """Return where the block's channel of a service stands on a day."""
        return entry.service.stage(self.channel, day or self.day)

    def by_office(self, entries: Iterable[Published]) -> list[Published]:
        """Return services sorted by the name of the responsible office, those of one office by their titles."""
        return sorted(
            entries,
            key=lambda entry: (sort_key(self.office(entry.service.office)), sort_key(self.text(entry.service.title))),
        )

    # What things are called, and where they are

    def office(self, slug: str) -> str:
        """Return what an office is called; its slug where there is none."""
        office = self.state.catalogue.offices.get(slug)
        return self.text(office.name) if office else slug

    def title(self, slug: str) -> str:
        """Return what a published service is called."""
        return self.text(self.state.by_slug[slug].service.title)

    def titles(self, slugs: Iterable[str]) -> str:
        """Return what services are called, one after the other."""
        return "; ".join(self.title(slug) for slug in slugs)

    def path(self, **changed: Any) -> str:
        """Return the address of the list that the block's search shows on its day, with other filters if given."""
        query = replace(self.query, **changed)
        return "/?" + urlencode(query.pairs())

    def columns(self, *default: Column) -> tuple[Column, ...]:
        """Return the columns that the block wants, or these."""
        return self.block.columns or default
