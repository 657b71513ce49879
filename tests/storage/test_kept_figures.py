"""Figures are only added: what was said before stays, and what held at a moment can be read again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from builders import Clock, a_figure, a_service
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from servicedir.domain.document import to_document
from servicedir.domain.figures import CountingPeriod, Figure, Key, Measure, Standing
from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind
from servicedir.storage.database import Database
from servicedir.storage.figures import Figures, Said, Wanted
from servicedir.storage.outside import figures as table
from servicedir.storage.revisions import Revisions

MINUTE = timedelta(minutes=1)


class Counted:
    """Two services of which figures are added, one transaction each; `drei` is a draft."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        with database.begin(write=True) as session:
            revisions = Revisions(session, clock)
            for slug in ("eins", "zwei", "drei"):
                document, live = to_document(a_service(slug)), slug != "drei"
                revisions.append(Kind.SERVICE, slug, document, based_on=None, author="a", reason="", publish=live)
            self.ids = {slug: revisions.entry_id(Kind.SERVICE, slug) for slug in ("eins", "zwei", "drei")}

    @contextmanager
    def figures(self, *, write: bool = False) -> Iterator[Figures]:
        with self.database.begin(write=write) as session:
            yield Figures(session, self.clock)

    def add(self, *said: Figure, author: str = "anna") -> int:
        self.clock.now += MINUTE
        with self.figures(write=True) as figures:
            return figures.add([(self.ids[figure.service], figure) for figure in said], author)

    def current(self, wanted: Wanted | None = None, recorded: datetime | None = None) -> list[Said]:
        with self.figures() as figures:
            return list(figures.current(wanted or Wanted(), recorded=recorded))


@pytest.fixture
def counted(database: Database, clock: Clock) -> Counted:
    return Counted(database, clock)


def test_a_figure_is_read_as_it_was_added(counted: Counted) -> None:
    said = a_figure(0, "2024", "eins", source="Terminsystem", note="ohne Mai")
    number = counted.add(said, author="token:termine")
    (found,) = counted.current()
    assert found == Said(number=number, figure=said, author="token:termine", at=counted.clock.now)


def test_a_correction_keeps_what_was_said_before(counted: Counted) -> None:
    first = a_figure(12, service="eins")
    counted.add(first)
    before = counted.clock.now
    second = a_figure(None, service="eins", standing=Standing.NOT_COUNTED)
    counted.add(second, author="rita")
    assert [said.figure for said in counted.current()] == [second]
    assert [said.figure for said in counted.current(recorded=before)] == [first]
    assert counted.current(recorded=before - MINUTE) == []
    with counted.figures() as figures:
        history = figures.history(counted.ids["eins"], *first.key[1:])
        other = figures.history(counted.ids["zwei"], *first.key[1:])
    assert [(said.figure, said.author) for said in history] == [(first, "anna"), (second, "rita")]
    assert other == []


def test_figures_of_other_keys_hold_beside_each_other(counted: Counted) -> None:
    several = [
        a_figure(1, service="eins"),
        a_figure(2, service="eins", measure=Measure.OFFERED),
        a_figure(3, service="eins", channel=ChannelKind.PHONE),
        a_figure(4, "2024", "eins"),
        a_figure(5, service="zwei"),
    ]
    for figure in several:
        counted.add(figure)
    assert {said.figure.value for said in counted.current()} == {1, 2, 3, 4, 5}


def test_one_asks_for_entries_channels_and_years_with_their_months(counted: Counted) -> None:
    counted.add(
        a_figure(1, "2023-12", "eins"),
        a_figure(2, "2024", "eins"),
        a_figure(3, "2024-02", "eins", channel=ChannelKind.PHONE),
        a_figure(4, "2024-02", "zwei"),
    )

    def values(**wanted: object) -> list[int | None]:
        return [said.figure.value for said in counted.current(Wanted(**wanted))]  # type: ignore[arg-type] - as tested

    assert values(entries=[counted.ids["eins"]], years=[CountingPeriod("2024")]) == [3, 2]
    assert values(channels=[ChannelKind.VIDEO]) == [1, 2, 4]
    assert values(years=[CountingPeriod("2023"), CountingPeriod("2025")]) == [1]
    assert values(entries=[counted.ids["drei"]]) == []


def test_the_public_reads_what_is_released_and_live_page_by_page(counted: Counted) -> None:
    counted.add(*(a_figure(month, f"2024-{month:02}", "eins") for month in range(1, 6)))
    counted.add(a_figure(9, "2024-03", "eins", released=False), a_figure(7, service="drei"))
    with counted.figures() as figures:
        pages = [figures.public(Wanted(), offset=offset, limit=2) for offset in (0, 2, 4)]
    assert [[figure.value for _id, figure in page] for page in pages] == [[1, 2], [4, 5], []]
    assert {entry for page in pages for entry, _figure in page} == {counted.ids["eins"]}


def test_the_last_number_grows_with_each_row(counted: Counted) -> None:
    with counted.figures() as figures:
        assert figures.last() == figures.last([1]) == 0
    one = counted.add(a_figure(1, service="eins"))
    two = counted.add(a_figure(1, service="zwei"))
    assert two > one
    assert counted.add() == two
    with counted.figures() as figures:
        assert (figures.last(), figures.last([counted.ids["eins"]])) == (two, one)
        assert figures.last([counted.ids["eins"], counted.ids["zwei"]]) == two


def test_a_clock_that_was_set_back_does_not_hide_a_correction(counted: Counted) -> None:
    counted.add(a_figure(1, service="eins"))
    counted.clock.now -= 5 * MINUTE
    counted.add(a_figure(2, service="eins"))
    (found,) = counted.current()
    assert [said.figure.value for said in counted.current(recorded=found.at)] == [2]


def test_nothing_that_was_said_can_be_changed_or_deleted(counted: Counted) -> None:
    counted.add(a_figure(1, service="eins"))
    for statement in (update(table).values(value=2), delete(table)):
        with pytest.raises(DBAPIError, match="only grows"), counted.database.begin(write=True) as session:
            session.execute(statement)
    assert [said.figure.value for said in counted.current()] == [1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(
    st.lists(
        st.lists(
            st.builds(
                lambda slug, period, value: a_figure(value, period, slug),
                st.sampled_from(["eins", "zwei"]),
                st.sampled_from(["2024", "2024-05", "2023-12"]),
                st.none() | st.integers(0, 3),
            ),
            max_size=3,
            unique_by=lambda figure: figure.key,
        ),
        max_size=6,
    )
)
def test_what_held_at_any_moment_is_what_was_said_last_until_then(counted: Counted, steps: list[list[Figure]]) -> None:
    model: dict[Key, Figure] = {said.figure.key: said.figure for said in counted.current()}
    moments = []
    for step in steps:
        counted.add(*step)
        model = model | {figure.key: figure for figure in step}
        moments.append((counted.clock.now, dict(model)))
    for moment, then in moments:
        assert {said.figure.key: said.figure for said in counted.current(recorded=moment)} == then
