"""Whatever several people do in whatever order: nothing acknowledged is lost, no draft is seen outside, all agrees."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from builders import Clock, a_person, a_service, an_office
from houses import a_house
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from servicedir.directory import Directory, Forbidden, Refused
from servicedir.domain.document import from_document
from servicedir.domain.history import LIVE, PUBLIC, ChangeKind, Conflict, Entry, Kind, NotFound, SlugTaken
from servicedir.domain.service import Service
from servicedir.domain.workflow import TIMED, TRANSITIONS, Grant, Role, State

PEOPLE = (
    a_person("anna", Grant(Role.EDITOR, "buergeramt")),
    a_person("rita", Grant(Role.EDITOR, "buergeramt"), Grant(Role.REVIEWER, "buergeramt")),
    a_person("jonas", Grant(Role.EDITOR, "jugendamt"), Grant(Role.REVIEWER, "jugendamt")),
    a_person("cora", Grant(Role.COORDINATOR)),
)
REFUSALS = (Forbidden, NotFound, Conflict, Refused, SlugTaken, ValueError)
OFFICES = ("buergeramt", "jugendamt", "vieraugenamt")

# Those who may do much come more often, so that stories get somewhere.
people = st.sampled_from([PEOPLE[1], PEOPLE[3], *PEOPLE])
steps = st.sampled_from(sorted(TRANSITIONS))


class Stories(RuleBasedStateMachine):
    """A city in which anybody does anything, at any moment, based on what they saw last or long ago."""

    entries = Bundle("entries")

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="servicedir-stories-"))
        self.house = a_house(self.folder, an_office("vieraugenamt", four_eyes=True, parent="buergeramt"))
        self.clock = Clock("2026-11-23T12:00:00+00:00")
        self.house.now = self.clock  # type: ignore[method-assign]  # the only clock of a house
        self.words = (f"wort{number}" for number in count())
        # What the machine knows by itself: by entry all words ever acknowledged, and the one that outsiders see.
        self.said: dict[int, list[str]] = {}
        self.public: dict[int, str | None] = {}
        self.slugs: dict[int, str] = {}
        self.plans: dict[tuple[int, str], tuple[datetime, str]] = {}

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.house.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def attempt(self, act: Any) -> Any:
        """What an act returns once it is committed; None if it was refused, and then nothing has changed."""
        self.clock.now += timedelta(minutes=1)
        before = self.last_change()
        try:
            with self.house.work(write=True) as directory:
                done = act(directory)
        except REFUSALS:
            assert self.last_change() == before
            return None
        return True if done is None else done

    def last_change(self) -> int:
        with self.house.work() as directory:
            return directory.revisions.last_change()

    def entry(self, number: int) -> Entry:
        with self.house.work() as directory:
            return directory.revisions.get(Kind.SERVICE, self.slugs[number])

    def latest(self, number: int) -> str:
        return str(self.entry(number).latest.document["title"]["de"])

    @precondition(lambda self: len(self.said) < 3)
    @rule(target=entries, person=people, office=st.sampled_from(OFFICES))
    def begin(self, person: Any, office: str) -> int:
        number, word = len(self.said), next(self.words)
        value = a_service(f"eintrag-{number}", title=word, offices=(office,))
        done = self.attempt(lambda d: d.save(value, based_on=None, by=person))
        self.said[number] = [word] if done else []
        self.public[number] = None
        self.slugs[number] = value.slug
        return number

    @rule(number=entries, person=people, behind=st.sampled_from([0, 0, 0, 1, 2]))
    def save(self, number: int, person: Any, behind: int) -> None:
        if not self.said[number]:
            return
        word, based_on = next(self.words), self.entry(number).latest.number - behind

        def act(directory: Directory) -> Any:
            _entry, value = directory.entry(self.slugs[number], person)
            changed = a_service(value.slug, title=word, offices=value.offices)
            return directory.save(changed, based_on=based_on, by=person)

        if self.attempt(act):
            assert behind == 0
            self.said[number].append(word)

    @rule(number=entries, person=people, chosen=st.integers(0, 7))
    def move_on(self, number: int, person: Any, chosen: int) -> None:
        """Takes one of the steps that are possible where the entry stands."""
        if self.said[number]:
            entry = self.entry(number)
            possible = [step for step, way in TRANSITIONS.items() if way.possible(entry.state, entry.live)]
            self.move(number, person, possible[chosen % len(possible)], 0)

    @rule(number=entries, person=people, step=steps, behind=st.sampled_from([0, 0, 0, 1]))
    def jump(self, number: int, person: Any, step: str, behind: int) -> None:
        """Takes any step, on what may be an older revision."""
        if self.said[number]:
            self.move(number, person, step, behind)

    def move(self, number: int, person: Any, step: str, behind: int) -> None:
        word, entry = self.latest(number), self.entry(number)
        based_on = entry.latest.number - behind
        drafters = self.drafters(number, entry)
        if self.attempt(lambda d: d.move(self.slugs[number], step, based_on=based_on, by=person)):
            if step == "publish":
                self.public[number] = word
                office = entry.latest.document["offices"][0]
                assert office != "vieraugenamt" or person.login not in drafters
            if step == "retire":
                self.public[number] = None
                self.plans.pop((number, "retire"), None)
            if step in ("publish", "retire", "withdraw", "reject", "discard"):
                self.plans.pop((number, "publish"), None)

    def drafters(self, number: int, entry: Entry) -> set[str]:
        with self.house.work() as directory:
            history = directory.revisions.history(Kind.SERVICE, self.slugs[number])
        return {revision.author for revision in history if revision.number > (entry.live or 0)}

    @rule(number=entries, person=people, back=st.integers(1, 4))
    def restore(self, number: int, person: Any, back: int) -> None:
        if not self.said[number]:
            return
        based_on = self.entry(number).latest.number

        def act(directory: Directory) -> Any:
            history = directory.history(self.slugs[number], person)
            old = from_document(Service, history[-min(back, len(history))].document)
            return directory.save(old, based_on=based_on, by=person, why="wiederhergestellt")

        self.attempt(act)

    @rule(number=entries, person=people)
    def rename(self, number: int, person: Any) -> None:
        if not self.said[number]:
            return
        old, new = self.slugs[number], f"{self.slugs[number].rstrip('x')}{'x' if self.clock.now.minute % 2 else ''}"
        if self.attempt(lambda d: d.rename(old, new, by=person)):
            self.slugs[number] = new

    @rule(number=entries, person=people, step=st.sampled_from(sorted(TIMED)), minutes=st.integers(-5, 30))
    def plan(self, number: int, person: Any, step: str, minutes: int) -> None:
        if not self.said[number]:
            return
        at, entry = self.clock.now + timedelta(minutes=minutes), self.entry(number)
        word = self.latest(number)
        based_on = entry.latest.number
        if self.attempt(lambda d: d.planning.plan(self.slugs[number], step, at, based_on=based_on, by=person)):
            assert minutes > 1
            self.plans[number, step] = at, word

    @rule(number=entries, person=people)
    def confirm(self, number: int, person: Any) -> None:
        if self.said[number]:
            self.attempt(lambda d: d.reviews.verify(self.slugs[number], person))

    @precondition(lambda self: bool(self.plans))
    @rule(minutes=st.integers(1, 60))
    def keep_house(self, minutes: int) -> None:
        self.clock.now += timedelta(minutes=minutes)
        with self.house.work() as directory:
            due = directory.planning.due()
        for planned in due:
            with self.house.work(write=True) as directory:
                taken = directory.planning.take(planned)
            number = next(n for n, slug in self.slugs.items() if slug == planned.slug)
            _at, word = self.plans.pop((number, planned.step), (None, None))
            if taken:
                assert word
                self.public[number] = word if planned.step == "publish" else None
                if planned.step == "retire":
                    self.plans.pop((number, "publish"), None)
        assert all(at > self.clock.now for at, _word in self.plans.values())

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        with self.house.work() as directory:
            for number, words in self.said.items():
                if words:
                    history = directory.revisions.history(Kind.SERVICE, self.slugs[number])
                    kept = [revision.document["title"]["de"] for revision in history]
                    assert set(words) <= set(kept)

    @invariant()
    def outsiders_see_what_was_approved_and_nothing_else(self) -> None:
        live = {self.slugs[n]: word for n, word in self.public.items() if word}
        with self.house.work() as directory:
            seen = {held.slug: held.title.get("de") for held in directory.titles()}
            assert seen == live
            for number, words in self.said.items():
                for word in words[-3:]:
                    page = directory.search(directory.query([("q", word)]))
                    assert page.total == (self.public[number] == word)

    @invariant()
    def index_and_database_agree(self) -> None:
        with self.house.work() as directory:
            assert directory.index_differences() == []

    @invariant()
    def the_change_log_replays_to_the_present(self) -> None:
        with self.house.work() as directory:
            for number, words in self.said.items():
                if not words:
                    continue
                entry = directory.revisions.get(Kind.SERVICE, self.slugs[number])
                log = directory.revisions.log(Kind.SERVICE, entry.slug)
                live, state = None, State.PRIVATE
                for before, change in zip([None, *log], log, strict=False):
                    if change.change in LIVE:
                        live = change.revision
                    elif change.change in PUBLIC and change.change is not ChangeKind.RENAMED:
                        live = None
                    # What is live is told again under its new slug; that is no step.
                    if not (before and before.change is ChangeKind.RENAMED):
                        state = _after(state, change.change, has_live=live is not None)
                assert live == entry.live
                # A revision that goes live while a later draft stands beside it leaves that draft's state alone.
                if live in (None, entry.latest.number):
                    assert state is entry.state
                assert [c.number for c in log] == sorted(c.number for c in log)
                assert [c.at for c in log] == sorted(c.at for c in log)


def _after(state: State, change: ChangeKind, *, has_live: bool) -> State:
    """The state of an entry after a row of its log, as a reader would tell it."""
    match change:
        case ChangeKind.SAVED if state is State.RETIRED:
            return state
        case ChangeKind.SAVED | ChangeKind.WITHDRAWN | ChangeKind.REJECTED | ChangeKind.REVIVED:
            return State.PRIVATE
        case ChangeKind.SUBMITTED:
            return State.PENDING
        case ChangeKind.PUBLISHED | ChangeKind.CHANGED:
            return State.PUBLISHED
        case ChangeKind.RETIRED:
            return State.RETIRED
        case ChangeKind.DISCARDED:
            return State.PUBLISHED if has_live else State.RETIRED
    return state


Stories.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestStories = Stories.TestCase
