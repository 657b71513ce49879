"""What a council's questions need in time: deadlines that are near, steps that are late, figures that are missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from servicedir.directory.answering import Standing
from servicedir.domain.closing import available_in, closed_periods
from servicedir.domain.figures import CountingPeriod, Measure
from servicedir.domain.inquiry import InquiryState
from servicedir.domain.service import ChannelKind
from servicedir.domain.step import Step
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Duty, Person

if TYPE_CHECKING:
    from servicedir.directory.door import Directory

SOON = timedelta(days=14)
"""How long before its deadline an inquiry is an alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A service (slug and title) of an office of which nobody has said how often it was used by video in `periods`."""

    slug: str
    title: Text
    office: str
    periods: tuple[CountingPeriod, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """What alerts a person: inquiries by deadline, steps by target, services without figures by title."""

    inquiries: tuple[Standing, ...] = ()
    steps: tuple[Step, ...] = ()
    missing: tuple[Missing, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.inquiries or self.steps or self.missing)


class Alarm:
    """The alerts of one unit of work: each person is told of what they have a duty or a role for."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def of(self, by: Person) -> Alerts:
        """Return all that alerts a person; empty for those who can do nothing about it."""
        return replace(self.of_duty(by), missing=self.missing(self._directory.offices_of(by)) if by.grants else ())

    def of_duty(self, by: Person) -> Alerts:
        """Return what alerts a person because of a duty for the whole city: inquiries and steps."""
        duties = self._directory.duties(by)
        return Alerts(
            inquiries=self._inquiries if Duty.INQUIRIES in duties else (),
            steps=self._steps if Duty.WORDS in duties else (),
        )

    @cached_property
    def _inquiries(self) -> tuple[Standing, ...]:
        """Those that are pressing, the nearest deadline first."""
        today = self._directory.today
        return tuple(one for one in self._directory.answering.all(SYSTEM) if is_pressing(one, today))

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        """Those that are overdue, the longest overdue first."""
        today = self._directory.today
        found = [step for step in self._directory.catalogue.steps.values() if step.is_overdue(today)]
        return tuple(sorted(found, key=lambda step: (step.target.last if step.target else date.max, step.slug)))

    def missing(self, offices: Collection[str]) -> tuple[Missing, ...]:
        """Return the published services of offices that lack a figure of a period that is over, by title.

        Anything that was said counts, also that it is unknown or was not counted. What was said of a year also
        settles its months.
        """
        house = self._directory.house
        wanted, monthly = set(offices), house.settings.figures_period == "month"
        if not wanted or house.settings.figures_period == "none":
            return ()
        closed = closed_periods(house.today(), monthly=monthly, grace=house.settings.figures_grace)
        if not closed:
            return ()
        asked = {
            held.slug: (held, periods)
            for held in self._directory.titles()
            if held.office in wanted and (periods := available_in(held.steps, closed))
        }
        said = self._directory.stored_figures.spoken(asked, ChannelKind.VIDEO, Measure.HELD, closed[0].year)
        if not monthly:
            said |= {(slug, period[:4]) for slug, period in said}
        found = []
        for slug, (held, periods) in asked.items():
            silent = tuple(p for p in periods if (slug, p.text) not in said and (slug, p.text[:4]) not in said)
            if silent:
                found.append(Missing(slug=slug, title=held.title, office=held.office, periods=silent))
        return tuple(found)


def is_pressing(standing: Standing, today: date) -> bool:
    """Return whether an inquiry has a deadline that is near or over, and was never answered."""
    deadline = standing.inquiry.deadline
    is_open = standing.state in (InquiryState.DRAFT, InquiryState.IN_APPROVAL)
    was_answered = any(answer.published for answer in standing.answers)
    return deadline is not None and deadline <= today + SOON and is_open and not was_answered
