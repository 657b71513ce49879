"""The answer for a day and a state of knowledge is what a naive replay says, and what was frozen never changes."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from builders import Clock, a_block, a_grant, a_person, an_inquiry
from clocked import ClockedHouse, a_clocked_house, reopened
from histories import START, Count, Event, Say, Story, absent, corrections, earliest, events, stage_on, year_of
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from servicedir.domain.inquiry import BlockKind
from servicedir.domain.moment import CITY_TIME
from servicedir.domain.service import Stage
from servicedir.domain.workflow import Role
from servicedir.reports.answer import Cell, Part, Row, Table

BY_VIDEO = "video=live&video=pilot"
YEARS = ("2023", "2024")
CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))
CARLO = a_person("carlo", a_grant(Role.COORDINATOR, ""))
days = st.dates(date(2022, 12, 1), date(2026, 2, 1))
asked = st.lists(st.tuples(days, days, st.integers(0, 99), st.sampled_from((-1, 0, 1))), min_size=3, max_size=5)
"""A day, another one, after which of the events, and by how many minutes off it."""
SLOW = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    # A story takes up to a second, and making a failing one smaller takes hundreds of them.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@dataclass(frozen=True)
class Empty:
    """The data of a house without services, to copy: making one takes longer than a whole story in it."""

    folder: Path
    database: str = ""
    databases: Callable[..., AbstractContextManager[str]] | None = None

    @contextmanager
    def copied(self) -> Iterator[tuple[Path, dict[str, str]]]:
        """A copy, as a folder and settings, which is gone afterwards."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="servicedir-two-clocks-"))) / "house"
            shutil.copytree(self.folder, folder)
            on = {"database_url": stack.enter_context(self.databases(self.database))} if self.databases else {}
            yield folder, on


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Empty]:
    folder = tmp_path_factory.mktemp("two-clocks") / "house"
    if request.param == "sqlite":
        a_clocked_house(folder, Clock(START)).close()
        yield Empty(folder)
        return
    databases = request.getfixturevalue("postgresql_databases")
    with databases() as url:
        a_clocked_house(folder, Clock(START), database_url=url).close()
        yield Empty(folder, url.rpartition("/")[2], databases)


@contextmanager
def a_story(empty: Empty) -> Iterator[Story]:
    clock = Clock(START)
    with empty.copied() as (folder, on):
        house = reopened(folder, clock, **on)
        try:
            yield Story(house, clock)
        finally:
            house.close()


def parts(house: ClockedHouse, on: date, recorded: datetime, compared: date) -> dict[BlockKind, Part]:
    """The parts of an answer with a block of each kind that depends on both clocks."""
    blocks = (
        a_block("services", search=BY_VIDEO),
        a_block("planned"),
        a_block("coverage"),
        a_block("comparison", search=BY_VIDEO, compared=compared),
        a_block("figures", years=YEARS),
    )
    with house.work() as directory:
        inquiry = an_inquiry("af-1", *blocks, on=on, recorded=recorded)
        (answer,) = directory.answering.answers(inquiry, ["de"])
    return {part.kind: part for part in answer.replies[0].parts}


def column(table: Table, key: str) -> dict[str, Cell]:
    place = [heading.key for heading in table.headings].index(key)
    return {row.key: row.cells[place] for row in table.rows}


def listed(part: Part, key: str) -> dict[str, tuple[str, str, str]]:
    """Nature, stage and since of each service in the tables by nature, as codes."""
    found = {}
    for table in part.tables:
        if table.key.startswith(f"{key}-"):
            since = column(table, "since")
            for slug, stage in column(table, "stage").items():
                assert slug not in found
                found[slug] = (table.key.removeprefix(f"{key}-"), stage.code, since[slug].code)
    return found


def only(table_key: str, part: Part) -> Table:
    (found,) = [table for table in part.tables if table.key == table_key]
    return found


# The naive answers


def expected(known: dict[str, Say], on: date, stages: tuple[str, ...]) -> dict[str, tuple[str, str, str]]:
    found = {}
    for slug, said in known.items():
        stage, since = stage_on(said, on)
        if stage in stages:
            found[slug] = (said.nature, stage, since)
    return found


def changes(known: dict[str, Say], earlier: date, later: date) -> dict[str, str]:
    found = {}
    for slug, said in known.items():
        (before, since), (after, begun) = stage_on(said, earlier), stage_on(said, later)
        there, now = before in ("live", "pilot"), after in ("live", "pilot")
        if now and not there:
            found[slug] = "new"
        elif there and not now:
            found[slug] = "gone"
        elif there and before != after:
            found[slug] = "stage"
        elif there and since != begun:
            found[slug] = "period"
    return found


def row(rows: tuple[Row, ...], key: str) -> Row:
    (found,) = [one for one in rows if one.key == key]
    return found


def check(story: Story, on: date, recorded: datetime, compared: date) -> None:
    """See to it that an answer says what the replay says."""
    known, figures = story.known(recorded), story.figures(recorded)
    built = parts(story.house, on, recorded, compared)
    first = earliest(known)
    moments = [at for history in story.public.values() for at, said in history if said]
    if not moments or recorded < min(moments) or first is None or on < first:
        for kind in (BlockKind.SERVICES, BlockKind.PLANNED, BlockKind.COVERAGE, BlockKind.FIGURES):
            assert built[kind].paragraphs and not built[kind].tables, kind
        return
    assert listed(built[BlockKind.SERVICES], "services") == expected(known, on, ("live", "pilot"))
    assert listed(built[BlockKind.PLANNED], "planned") == expected(known, on, ("planned", "under_review"))
    _check_coverage(built[BlockKind.COVERAGE], known, on)
    if compared >= first:
        _check_comparison(built[BlockKind.COMPARISON], known, *sorted((on, compared)))
    else:
        assert not built[BlockKind.COMPARISON].tables
    _check_figures(built[BlockKind.FIGURES], known, figures, recorded.astimezone(CITY_TIME).date())


def _check_coverage(part: Part, known: dict[str, Say], on: date) -> None:
    count = Counter(stage_on(said, on)[0] for said in known.values())
    table = only("coverage-offices", part)
    assert column(table, "services")["=all"].number == len(known)
    for stage in Stage:
        if count[stage.value] or stage is Stage.UNKNOWN:
            for key in ("=all", "buergeramt"):
                assert column(table, stage.value)[key].number == count[stage.value]
        else:
            assert stage.value not in [heading.key for heading in table.headings]
    unknown = {slug for slug, said in known.items() if stage_on(said, on)[0] == "unknown"}
    listed_there = [r.key for t in part.tables if t.key == "coverage-unknown" for r in t.rows]
    assert sorted(listed_there) == sorted(unknown)


def _check_comparison(part: Part, known: dict[str, Say], earlier: date, later: date) -> None:
    changed = [table for table in part.tables if table.key == "comparison-services"]
    found = {slug: cell.code for table in changed for slug, cell in column(table, "change").items()}
    assert found == changes(known, earlier, later)


def _check_figures(part: Part, known: dict[str, Say], figures: dict[tuple[str, str], int | str], then: date) -> None:
    told = {
        slug
        for slug, said in known.items()
        if any(stage in ("live", "pilot") for _day, stage, _attested in said.stages)
        or any(of == slug for of, _period in figures)
    }
    if not told:
        assert not part.tables
        return
    (table,) = part.tables
    assert {one.key for one in table.rows} - {"=sum"} == told
    for year in YEARS:
        cells = column(table, year)
        whole, missing, there = 0, 0, 0
        for slug in told:
            number, code = year_of(figures, slug, year, then)
            why = absent(known[slug], year) if number is None and not code.startswith(">=") else ""
            said = cells[slug]
            assert (said.number is None) == (said.standing != "number")
            assert said.number == number
            if number is None:
                assert (said.code or said.standing) == (why or code)
            there += not why
            missing += number is None and not why
            whole += number or int(code.removeprefix(">=") if code.startswith(">=") else 0)
        if len(told) > 1 and there:
            assert cells["=sum"].number == (None if missing else whole)
            if missing and whole:
                assert cells["=sum"].code == f">={whole}"


@settings(SLOW, max_examples=40)
@given(happened=events, asked=asked)
def test_an_answer_for_a_day_and_a_state_of_knowledge_is_what_a_replay_says(
    empty: Empty, happened: list[tuple[int, Event]], asked: list[tuple[date, date, int, int]]
) -> None:
    with a_story(empty) as story:
        for hours, event in happened:
            story.happen(hours, event)
        assume(story.moments)
        # The end lies after all days that are asked for: what is in the future is asked elsewhere.
        story.clock.now = datetime(2026, 6, 1, tzinfo=UTC)
        for on, compared, place, minutes in asked:
            moment = story.moments[place % len(story.moments)]
            check(story, on, moment + timedelta(minutes=minutes), compared)


@settings(SLOW, max_examples=30)
@given(happened=corrections, asked=asked)
def test_figures_that_are_corrected_are_what_a_replay_says_as_of_each_moment(
    empty: Empty, happened: list[tuple[int, Count]], asked: list[tuple[date, date, int, int]]
) -> None:
    with a_story(empty) as story:
        for entry, since in enumerate(("2022", "2023-06", "2024-02")):
            story.happen(1, Say(entry, ((since, "live", entry == 0),), "advisory", published=True))
        for hours, event in happened:
            story.happen(hours, event)
        story.clock.now = datetime(2026, 6, 1, tzinfo=UTC)
        for _on, _compared, place, minutes in asked:
            recorded = story.moments[-1 - place % len(story.moments)] + timedelta(minutes=minutes)
            check(story, date(2025, 1, 1), recorded, date(2024, 1, 1))


# What is frozen


def freeze(story: Story, number: int, on: date | None) -> dict[tuple[int, str, str], bytes]:
    """Answer an inquiry for a day; return the files of its first edition."""
    slug = f"af-{number}"
    blocks = (
        a_block("services", search=BY_VIDEO),
        a_block("comparison", compared=date(2024, 1, 1)),
        a_block("figures", years=YEARS),
        a_block("coverage"),
    )
    with story.house.work(write=True) as directory:
        directory.answering.save(an_inquiry(slug, *blocks, on=on), based_on=None, by=CORA)
    for step, by in (("submit", CORA), ("approve", CARLO), ("publish", CORA)):
        with story.house.work(write=True) as directory:
            directory.answering.step(slug, step, based_on=1, by=by)
    return files(story, slug)


def files(story: Story, slug: str) -> dict[tuple[int, str, str], bytes]:
    with story.house.work() as directory:
        kept = directory.stored_answers
        return {
            (answer.edition, format, language): directory.inquiries.file(slug, answer.edition, format, language)
            for answer in directory.inquiries.editions(slug)
            for language in ("de", "en")
            for format in kept.sizes(slug, answer.edition, language)
        }


@settings(SLOW, max_examples=6)
@given(before=events, after=events, on=st.none() | st.dates(date(2023, 1, 1), date(2024, 1, 10)))
def test_a_frozen_answer_is_the_same_byte_for_byte_whatever_is_done_later(
    empty: Empty, before: list[tuple[int, Event]], after: list[tuple[int, Event]], on: date | None
) -> None:
    with a_story(empty) as story:
        for hours, event in before:
            story.happen(hours, event)
        story.clock.now += timedelta(hours=1)
        frozen = freeze(story, 1, on)
        assert {"json", "csv"} <= {format for _edition, format, _language in frozen}
        for hours, event in after:
            story.happen(hours, event)
        story.clock.now += timedelta(days=400)
        again = freeze(story, 2, on)
        assert files(story, "af-1") == frozen
        assert files(story, "af-2") == again
