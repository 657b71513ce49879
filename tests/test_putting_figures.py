"""Figures are said all or none, by those of the office; outsiders see what is released of published services."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_figure, a_grant, a_person, a_service, an_office
from clocked import ClockedHouse, a_clocked_house
from houses import rows, save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedir.directory import Forbidden, Refused
from servicedir.directory.figures import MOST_AT_ONCE, Listed, Put, Result, Stale
from servicedir.domain.figures import CountingPeriod, Figure, Key, Measure, Standing
from servicedir.domain.history import NotFound
from servicedir.domain.query import BadValue
from servicedir.domain.service import ChannelKind
from servicedir.domain.token import Purpose
from servicedir.domain.workflow import SYSTEM, Person, Role
from servicedir.storage.audit import Wanted as Lines

ANNA = a_person("anna", a_grant())
JONAS = a_person("jonas", a_grant(office="jugendamt"))
CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))
NORA = Person("nora")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[ClockedHouse]:
    """A house with a service of the citizens' office, one of a counter below it, one of the youth office, a draft."""
    house = a_clocked_house(
        tmp_path,
        clock,
        an_office("meldestelle", parent="buergeramt"),
        a_service(),
        a_service("wohnsitz", offices=("meldestelle",)),
        a_service("pflegekinder", offices=("jugendamt", "buergeramt")),
        smallest_figure="5",
    )
    save(house, a_service("geheim"))
    yield house
    house.close()


def put(house: ClockedHouse, *figures: Figure, by: Person = ANNA, based_on: int | None = None) -> Put:
    with house.work(write=True) as directory:
        return directory.figures.put(figures, by=by, based_on=based_on)


def results(found: Put) -> list[str]:
    return [result.value for _figure, result in found.results]


def public(house: ClockedHouse, *services: str, **asked: Any) -> Listed:
    with house.work() as directory:
        return directory.figures.public(services, **asked)


def refused(house: ClockedHouse, *figures: Figure, by: Person = ANNA) -> list[tuple[str, tuple[str | int, ...]]]:
    before = rows(house, "figures"), rows(house, "audit")
    with pytest.raises(Refused) as refusal:
        put(house, *figures, by=by)
    assert (rows(house, "figures"), rows(house, "audit")) == before
    return [(fault.what, fault.where) for fault in refusal.value.faults]


# Saying figures


def test_a_figure_is_new_then_the_same_then_changed_and_what_was_said_stays(house: ClockedHouse) -> None:
    first = put(house, a_figure(30))
    again = put(house, a_figure(30))
    changed = put(house, a_figure(31, note="nachgezählt"), by=CORA)
    assert [results(one) for one in (first, again, changed)] == [["new"], ["same"], ["changed"]]
    assert first.last == again.last < changed.last
    assert rows(house, "figures") == 2
    with house.work() as directory:
        history = directory.figures.history("personalausweis", *a_figure().key[1:], by=ANNA)
    assert [(said.figure.value, said.author) for said in history] == [(30, "anna"), (31, "cora")]


def test_one_line_of_the_audit_log_tells_of_each_write_that_changed_something(house: ClockedHouse) -> None:
    put(house, a_figure(30), a_figure(40, "2024-06"))
    put(house, a_figure(30), a_figure(41, "2024-06"), a_figure(7, service="wohnsitz"))
    put(house, a_figure(30))
    with house.work() as directory:
        lines = directory.people.log.lines(Lines(action="figures"))
    assert [(line.actor, line.object) for line in lines] == [("anna", "figures"), ("anna", "service/personalausweis")]
    assert {**lines[0].detail} == {
        "new": 1, "changed": 1, "same": 1, "services": ["personalausweis", "wohnsitz"], "last": 4
    }  # fmt: skip


def test_if_one_is_refused_none_is_written_and_each_is_named(house: ClockedHouse) -> None:
    found = refused(
        house,
        a_figure(30),
        a_figure(-1, "2024-06"),
        a_figure(1, service="nie-gehoert"),
        a_figure(1, "2027"),
        a_figure(31),
    )
    assert found == [
        ("negative", (1, "value")),
        ("unknown_service", (2, "service")),
        ("not_begun", (3, "period")),
        ("figure_twice", (4, "period")),
    ]


def test_the_same_figure_twice_at_once_is_refused_even_under_a_former_name(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        directory.rename("personalausweis", "ausweis", by=SYSTEM)
    assert refused(house, a_figure(1), a_figure(1, service="ausweis")) == [("figure_twice", (1, "period"))]
    assert put(house, a_figure(9)).results[0][0].service == "ausweis"
    assert [figure.service for figure in public(house, "personalausweis").figures] == ["ausweis"]


def test_more_than_fits_is_refused(house: ClockedHouse) -> None:
    many = [a_figure(1, f"{1990 + n // 12 % 30}-{n % 12 + 1:02}") for n in range(MOST_AT_ONCE + 1)]
    assert refused(house, *many) == [("too_many", ())]


# Who may


@pytest.mark.parametrize("by", [ANNA, CORA, SYSTEM])
def test_who_writes_for_an_office_or_one_above_it_says_its_figures(house: ClockedHouse, by: Person) -> None:
    assert results(put(house, a_figure(1), a_figure(1, service="wohnsitz"), by=by)) == ["new", "new"]


@pytest.mark.parametrize("by", [JONAS, NORA, a_person("rea", a_grant(Role.EDITOR, "meldestelle"))])
def test_nobody_else_does(house: ClockedHouse, by: Person) -> None:
    with pytest.raises(Forbidden) as refusal:
        put(house, a_figure(1), by=by)
    assert refusal.value.office == "buergeramt"
    with pytest.raises(Forbidden), house.work() as directory:
        directory.figures.all(["personalausweis"], by=by)
    assert rows(house, "figures") == 0


def test_one_figure_of_another_office_keeps_all_from_being_written(house: ClockedHouse) -> None:
    with pytest.raises(Forbidden):
        put(house, a_figure(1), a_figure(1, service="pflegekinder"))
    assert rows(house, "figures") == 0


def test_a_program_says_figures_of_the_offices_of_its_token(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        token, _secret = directory.tokens.make("Termine", [Purpose.FIGURES], ["buergeramt"], None, by=SYSTEM)
    program = token.person([Purpose.FIGURES])
    assert results(put(house, a_figure(1, service="wohnsitz"), by=program)) == ["new"]
    with pytest.raises(Forbidden):
        put(house, a_figure(1, service="pflegekinder"), by=program)
    with pytest.raises(Forbidden):
        put(house, a_figure(1), by=token.person([Purpose.DRAFTS]))


def test_a_draft_of_another_office_is_as_unknown_as_nothing(house: ClockedHouse) -> None:
    for slug in ("geheim", "nie-gehoert"):
        assert refused(house, a_figure(1, service=slug), by=JONAS) == [("unknown_service", (0, "service"))]
        with pytest.raises(NotFound), house.work() as directory:
            directory.figures.all([slug], by=JONAS)
    assert results(put(house, a_figure(1, service="geheim"))) == ["new"]


def test_figures_of_a_retired_service_can_still_be_corrected(house: ClockedHouse) -> None:
    put(house, a_figure(30))
    with house.work(write=True) as directory:
        directory.move("personalausweis", "retire", based_on=1, by=SYSTEM)
    assert results(put(house, a_figure(32))) == ["changed"]
    with pytest.raises(BadValue):
        public(house, "personalausweis")
    assert public(house).figures == []


# What a write is based on


def test_a_write_that_has_not_seen_the_last_figure_is_refused_unless_it_says_nothing_new(house: ClockedHouse) -> None:
    with house.work() as directory:
        assert directory.figures.all(["personalausweis"], by=ANNA) == ([], 0)
    seen = put(house, a_figure(30), based_on=0).last
    put(house, a_figure(31), by=CORA)
    with pytest.raises(Stale) as stale:
        put(house, a_figure(32), based_on=seen)
    assert results(put(house, a_figure(31), based_on=seen)) == ["same"]
    assert results(put(house, a_figure(32), based_on=stale.value.last)) == ["changed"]


def test_figures_of_other_services_make_nothing_stale(house: ClockedHouse) -> None:
    seen = put(house, a_figure(30)).last
    put(house, a_figure(1, service="wohnsitz"))
    assert results(put(house, a_figure(31), based_on=seen)) == ["changed"]


def test_of_several_at_once_that_saw_the_same_one_wins(house: ClockedHouse) -> None:
    def attempt(value: int) -> str:
        try:
            return results(put(house, a_figure(value), based_on=0))[0]
        except Stale:
            return "stale"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(20, 28))) == ["new", *["stale"] * 7]
    assert rows(house, "figures") == 1


def test_with_no_base_at_all_a_write_holds_in_any_case(house: ClockedHouse) -> None:
    put(house, a_figure(30), by=CORA)
    assert results(put(house, a_figure(31))) == ["changed"]


# Rows of programs


def test_a_row_that_does_not_say_whether_it_is_released_leaves_that_as_it_was(house: ClockedHouse) -> None:
    row = {"service": "personalausweis", "channel": "video", "measure": "held", "period": "2024-05", "value": 30}

    def take(*rows: Any) -> list[tuple[str, bool]]:
        with house.work(write=True) as directory:
            return [(r.value, f.released) for f, r in directory.figures.take(rows, by=ANNA).results]

    assert take(row) == [("new", False)]
    assert take(row | {"released": True}) == [("changed", True)]
    assert take(row) == [("same", True)]
    assert take(row | {"value": 31}) == [("changed", True)]
    assert take(row | {"value": 31, "released": False}) == [("changed", False)]


def test_what_is_wrong_with_rows_and_with_figures_is_said_together(house: ClockedHouse) -> None:
    row = {"service": "personalausweis", "channel": "video", "measure": "held", "period": "2024-05", "value": 30}
    with pytest.raises(Refused) as refusal, house.work(write=True) as directory:
        directory.figures.take([row, row | {"channel": "fax"}, 7, row | {"value": -1, "period": "2024"}], by=ANNA)
    assert [(fault.what, fault.where) for fault in refusal.value.faults] == [
        ("unknown_value", (1, "channel")),
        ("not_an_object", (2,)),
        ("negative", (3, "value")),
    ]


# What outsiders see


def test_outsiders_see_what_is_released_of_published_services_alone(house: ClockedHouse) -> None:
    put(house, a_figure(30), a_figure(31, "2024-06", released=False), a_figure(32, service="geheim"))
    assert public(house).figures == [a_figure(30)]
    with pytest.raises(BadValue):
        public(house, "geheim")
    put(house, a_figure(30, released=False))
    assert public(house).figures == []


def test_outsiders_ask_by_service_channel_and_year(house: ClockedHouse) -> None:
    put(
        house,
        a_figure(30),
        a_figure(31, "2023"),
        a_figure(32, channel=ChannelKind.PHONE),
        a_figure(33, service="wohnsitz"),
    )

    def values(*services: str, **asked: Any) -> set[int | None]:
        return {figure.value for figure in public(house, *services, **asked).figures}

    assert values("wohnsitz") == {33}
    assert values("wohnsitz", "personalausweis", channels=[ChannelKind.PHONE]) == {32}
    assert values(years=[CountingPeriod("2023")]) == {31}
    assert values(years=[CountingPeriod("2025")]) == set()


def test_small_numbers_are_suppressed_for_outsiders_and_seen_by_the_office(house: ClockedHouse) -> None:
    put(house, a_figure(0, "2024-01"), a_figure(4, "2024-02"), a_figure(5, "2024-03"))
    assert [(f.value, f.standing) for f in public(house).figures] == [
        (0, Standing.NUMBER),
        (None, Standing.SUPPRESSED),
        (5, Standing.NUMBER),
    ]
    with house.work() as directory:
        found, last = directory.figures.all(["personalausweis"], by=ANNA)
    assert [said.figure.value for said in found] == [0, 4, 5]
    assert last == found[-1].number


def test_what_is_on_another_page_still_keeps_a_small_number_from_being_found_out(house: ClockedHouse) -> None:
    monthly = [a_figure(value, f"2024-{month:02}") for month, value in enumerate([2, 20, 9, *[30] * 9], 1)]
    put(house, *monthly, a_figure(301, "2024"))
    whole = public(house).figures
    assert [figure.period.text for figure in whole if not figure.is_number] == ["2024-01", "2024-03"]
    for per_page in (1, 2, 5, 12):
        pages = [public(house, page=page, per_page=per_page) for page in range(1, 14)]
        assert [figure for page in pages for figure in page.figures] == whole
        assert [page.more for page in pages] == [page * per_page < 13 for page in range(1, 14)]
    only_months = [public(house, years=[CountingPeriod("2024")], page=p, per_page=1).figures[0] for p in (2, 4)]
    assert [figure.is_number for figure in only_months] == [False, False]


def test_an_unreleased_year_hides_no_more_than_the_small_number(house: ClockedHouse) -> None:
    put(house, a_figure(2), a_figure(9, "2024-06"), a_figure(11, "2024", released=False))
    assert [figure.value for figure in public(house).figures] == [None, 9]


def test_what_the_public_sees_has_another_mark_after_a_figure(house: ClockedHouse) -> None:
    before = house.edition()
    put(house, a_figure(30))
    after = house.edition()
    put(house, a_figure(30))
    assert before != after == house.edition()


# Any history


keys = st.tuples(st.sampled_from(["personalausweis", "wohnsitz"]), st.sampled_from(["2024", "2024-05", "2023-12"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(st.lists(st.dictionaries(keys, st.none() | st.integers(-1, 3), max_size=3), max_size=6))
def test_whatever_is_said_in_whatever_order_the_last_that_was_taken_holds(
    house: ClockedHouse, writes: list[dict[tuple[str, str], int | None]]
) -> None:
    with house.work() as directory:
        held, _last = directory.figures.all(["personalausweis", "wohnsitz"], by=ANNA)
    model: dict[Key, Figure] = {said.figure.key: said.figure for said in held}
    for write in writes:
        figures = [a_figure(value, period, slug, measure=Measure.HELD) for (slug, period), value in write.items()]
        if any(figure.value == -1 for figure in figures):
            refused(house, *figures)
            continue
        found = put(house, *figures)
        expected = [
            Result.NEW if f.key not in model else Result.SAME if model[f.key] == f else Result.CHANGED for f in figures
        ]
        assert [result for _figure, result in found.results] == expected
        model |= {figure.key: figure for figure in figures}
        with house.work() as directory:
            held, _last = directory.figures.all(["personalausweis", "wohnsitz"], by=ANNA)
        assert {said.figure.key: said.figure for said in held} == model


def test_what_held_at_a_moment_can_be_read_again(house: ClockedHouse, clock: Clock) -> None:
    put(house, a_figure(30))
    before = clock.now
    clock.now += timedelta(minutes=5)
    put(house, a_figure(31))
    with house.work() as directory:
        then, _last = directory.figures.all(["personalausweis"], by=ANNA, recorded=before)
        now, _last = directory.figures.all(["personalausweis"], by=ANNA)
    assert [said.figure for said in (*then, *now)] == [a_figure(30), a_figure(31)]
