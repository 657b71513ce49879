"""Sums that the database makes are those that the rules of figures make, one figure after the other."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from builders import Clock, a_figure, a_service
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from servicedir.domain.document import to_document
from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing, Total, of_year, shown
from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind
from servicedir.storage.database import Database
from servicedir.storage.figure_sums import Sums
from servicedir.storage.figures import Figures, Wanted
from servicedir.storage.revisions import Revisions

TODAY = date(2024, 5, 20)
SLUGS = ("eins", "zwei")
YEARS = ("2023", "2024")
SECRET = a_figure(None, "2023-01", "eins", standing=Standing.SUPPRESSED)


class Ledger:
    """Two services of which figures are added, each step in a transaction of its own, a minute after the last one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        with database.begin(write=True) as session:
            revisions = Revisions(session, clock)
            for slug in SLUGS:
                document = to_document(a_service(slug))
                revisions.append(Kind.SERVICE, slug, document, based_on=None, author="a", reason="", publish=True)
            self.ids = {slug: revisions.entry_id(Kind.SERVICE, slug) for slug in SLUGS}

    def add(self, *said: Figure) -> datetime:
        self.clock.now += timedelta(minutes=1)
        with self.database.begin(write=True) as session:
            Figures(session, self.clock).add([(self.ids[figure.service], figure) for figure in said], "anna")
        return self.clock.now

    def sums(self, years: tuple[str, ...] = YEARS, *, smallest: int = 0, recorded: datetime | None = None) -> Sums:
        with self.database.begin() as session:
            wanted = [CountingPeriod(year) for year in years]
            return Figures(session).sums(wanted, today=TODAY, smallest=smallest, recorded=recorded)

    def one_by_one(self, smallest: int, recorded: datetime | None) -> Sums:
        """The same, of single figures."""
        groups: dict[tuple[str, ChannelKind, Measure, str], list[Figure]] = {}
        with self.database.begin() as session:
            years = [CountingPeriod(year) for year in YEARS]
            for said in Figures(session).current(Wanted(years=years), recorded=recorded):
                if said.figure.released:
                    key = (*said.figure.key[:3], said.figure.period.year.text)
                    groups.setdefault(key, []).append(said.figure)
        return {key: of_year(shown(of, smallest), CountingPeriod(key[3]), TODAY) for key, of in groups.items()}


@pytest.fixture
def ledger(database: Database, clock: Clock) -> Ledger:
    return Ledger(database, clock)


def test_months_are_added_up_and_those_that_say_nothing_are_unknown(ledger: Ledger) -> None:
    ledger.add(a_figure(3, "2024-01", "eins"), a_figure(0, "2024-02", "eins"))
    assert ledger.sums() == {
        ("eins", ChannelKind.VIDEO, Measure.HELD, "2024"): Total(known=3, numbers=2, unknown=3),
    }
    assert ledger.sums(("2023",)) == {}


def test_what_is_not_released_any_more_is_not_added_up(ledger: Ledger) -> None:
    before = ledger.add(a_figure(9, "2023", "eins"))
    ledger.add(a_figure(9, "2023", "eins", released=False))
    key = ("eins", ChannelKind.VIDEO, Measure.HELD, "2023")
    assert ledger.sums() == {}
    assert ledger.sums(recorded=before) == {key: Total(known=9, numbers=1)}
    assert ledger.sums(recorded=before - timedelta(minutes=1)) == {}


def test_a_small_month_cannot_be_found_out_from_the_year(ledger: Ledger) -> None:
    ledger.add(*(a_figure(10 + month, f"2023-{month:02}", "eins") for month in range(2, 13)))
    ledger.add(a_figure(2, "2023-01", "eins"), a_figure(194, "2023", "eins"))
    (total,) = ledger.sums(smallest=5).values()
    assert total == Total(known=194, numbers=1)
    ledger.add(a_figure(None, "2023", "eins"))
    (total,) = ledger.sums(smallest=5).values()
    assert total == Total(known=187, numbers=11, suppressed=1)


def test_nor_can_a_month_that_its_office_suppressed_where_small_numbers_are_shown(ledger: Ledger) -> None:
    ledger.add(
        SECRET, *(a_figure(0, f"2023-{month:02}", "eins") for month in range(2, 13)), a_figure(2, "2023", "eins")
    )
    (total,) = ledger.sums().values()
    assert total == Total(numbers=11, suppressed=1), "what is said of the year would be January"


_periods = st.sampled_from(YEARS).flatmap(
    lambda year: st.sampled_from([year, *(f"{year}-{month:02}" for month in range(1, 13))])
)
_figures = st.builds(
    lambda slug, channel, period, said, released: a_figure(
        said if isinstance(said, int) else None,
        period,
        slug,
        channel=channel,
        standing=Standing.NUMBER if isinstance(said, int) else said,
        released=released,
    ),
    st.sampled_from(SLUGS),
    st.sampled_from([ChannelKind.VIDEO, ChannelKind.PHONE]),
    _periods,
    st.integers(0, 12) | st.sampled_from([s for s in Standing if s is not Standing.NUMBER]),
    st.sampled_from([True, True, True, False]),
)
_steps = st.lists(st.lists(_figures, max_size=30, unique_by=lambda figure: figure.key), min_size=1, max_size=4)
_a_whole_year = [a_figure(value, f"2023-{month:02}", "eins") for month, value in enumerate([1, *[7] * 11], 1)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(_steps, st.sampled_from([0, 1, 3, 6]))
@example([[*_a_whole_year, a_figure(78, "2023", "eins")]], 6)
@example([[SECRET, *_a_whole_year[1:], a_figure(79, "2023", "eins")]], 0)
@example([[SECRET, *_a_whole_year[1:], a_figure(None, "2023", "eins")]], 1)
def test_the_database_adds_up_as_the_rules_do_at_any_moment(
    ledger: Ledger, steps: list[list[Figure]], smallest: int
) -> None:
    moments = [None, *(ledger.add(*step) for step in steps)]
    for moment in moments:
        assert ledger.sums(smallest=smallest, recorded=moment) == ledger.one_by_one(smallest, moment)
