"""Sheets of figures are looked through row by row, and taken as a whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import Clock, a_figure, a_grant, a_person, a_service
from clocked import ClockedHouse, a_clocked_house
from houses import rows, save

from servicedir.directory.figure_sheets import Fate, FigureSheetOvertaken, FigureSheetRefused, Plan, outcome_of
from servicedir.directory.figures import MOST_AT_ONCE
from servicedir.directory.outcomes import Forbidden
from servicedir.directory.uploads import AlreadyTaken, UnknownFormat
from servicedir.domain.figures import CountingPeriod, Figure
from servicedir.domain.history import Kind, NotFound
from servicedir.domain.workflow import SYSTEM, Person
from servicedir.exchange.figure_sheet import read_csv

ANNA = a_person("anna", a_grant())
JONAS = a_person("jonas", a_grant(office="jugendamt"))
NORA = Person("nora")
HEAD = "service;channel;measure;period;value;note;released\n"
YEAR = CountingPeriod("2024")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ClockedHouse]:
    """A house with a service of the citizens' office, of which one figure is said, one of the youth office, a draft."""
    house = a_clocked_house(tmp_path, Clock(), a_service("pass"), a_service("kita", offices=("jugendamt",)))
    save(house, a_service("geheim", offices=("jugendamt",)))
    with house.work(write=True) as directory:
        directory.figures.put([a_figure(5, "2024-05", "pass")], by=ANNA)
    yield house
    house.close()


def plan(house: ClockedHouse, text: str, by: Person = ANNA) -> Plan:
    with house.work() as directory:
        return directory.figure_sheets.plan(read_csv((HEAD + text).encode()), by)


def take(house: ClockedHouse, text: str, by: Person = ANNA, mark: str = "") -> Plan:
    with house.work(write=True) as directory:
        return directory.figure_sheets.take(read_csv((HEAD + text).encode()), by, mark=mark)


def bring(house: ClockedHouse, text: str, by: Person = ANNA, name: str = "zahlen.csv") -> int:
    with house.work(write=True) as directory:
        return directory.figure_sheets.bring(name, (HEAD + text).encode(), by)


def accept(house: ClockedHouse, number: int, mark: str, by: Person = ANNA) -> Plan:
    with house.work(write=True) as directory:
        return directory.figure_sheets.accept(number, mark, by)


def held(house: ClockedHouse, slug: str = "pass") -> list[Figure]:
    with house.work() as directory:
        return [said.figure for said in directory.figures.all([slug], by=SYSTEM)[0]]


def refusals(found: Plan) -> list[tuple[int, list[str]]]:
    return [(line.row, [fault.what for fault in line.faults]) for line in found.refused]


FOUR = (
    "pass;video;held;2024-05;5;;\n"
    "pass;video;held;2024-06;7;;ja\n"
    "pass;Video;durchgeführt;2024-07;unbekannt;Ausfall;\n"
    "pass;phone;held;2024-05;;;\n"
)


def test_what_becomes_of_each_row_is_said_before_anything_is_written(house: ClockedHouse) -> None:
    before = rows(house, "figures")
    found = plan(house, FOUR)
    assert [(line.row, line.fate) for line in found.lines] == [
        (2, Fate.SAME),
        (3, Fate.NEW),
        (4, Fate.NEW),
        (5, Fate.EMPTY),
    ]
    assert rows(house, "figures") == before


def test_taking_writes_just_what_is_new_and_doing_so_again_nothing(house: ClockedHouse) -> None:
    take(house, FOUR)
    assert held(house) == [
        a_figure(5, "2024-05", "pass"),
        a_figure(7, "2024-06", "pass"),
        a_figure(None, "2024-07", "pass", note="Ausfall", released=False),
    ]
    before = rows(house, "figures"), rows(house, "audit")
    assert take(house, FOUR).counts[Fate.SAME] == 3
    assert (rows(house, "figures"), rows(house, "audit")) == before


def test_a_figure_stays_as_visible_as_it_was_unless_the_sheet_says_so(house: ClockedHouse) -> None:
    take(house, "pass;video;held;2024-05;6;;\n")
    assert held(house) == [a_figure(6, "2024-05", "pass", released=True)]
    take(house, "pass;video;held;2024-05;6;;nein\n")
    assert held(house) == [a_figure(6, "2024-05", "pass", released=False)]


def test_rows_are_refused_one_by_one_and_then_nothing_is_written(house: ClockedHouse) -> None:
    text = (
        "pass;video;held;2024-06;7;;\n"
        "niemals;video;held;2024-06;1;;\n"
        "pass;video;held;2024-07;-1;;\n"
        "pass;video;held;2024-06;8;;\n"
        "pass;video;held;2027;8;;\n"
        "pass;video;held;2024-08;acht;;\n"
        "kita;video;held;2024-06;1;;\n"
        "geheim;video;held;2024-06;1;;\n"
    )
    with pytest.raises(FigureSheetRefused) as refused:
        take(house, text)
    assert refusals(refused.value.plan) == [
        (3, ["unknown_service"]),
        (4, ["negative"]),
        (5, ["figure_twice"]),
        (6, ["not_begun"]),
        (7, ["not_a_number"]),
        (8, ["forbidden_service"]),
        (9, ["unknown_service"]),
    ]
    assert held(house) == [a_figure(5, "2024-05", "pass")]


def test_a_former_address_is_the_same_service_and_two_values_for_one_period_are_seen(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        directory.rename("pass", "reisepass", by=SYSTEM)
    found = plan(house, "pass;video;held;2024-06;7;;\nreisepass;video;held;2024-06;7;;\n")
    assert [line.fate for line in found.lines] == [Fate.NEW, Fate.REFUSED]
    assert found.doing == [a_figure(7, "2024-06", "reisepass", released=False)]


def test_a_sheet_may_say_more_than_a_program_at_once(house: ClockedHouse) -> None:
    months = [f"{year}-{month:02}" for year in range(1990, 2026) for month in range(1, 13)]
    kinds = [(channel, measure) for channel in ("video", "phone", "chat") for measure in ("held", "offered", "no_show")]
    text = "".join(
        f"pass;{c};{m};{month};1;;\n" for c, m in [*kinds, ("mail", "held"), ("mail", "offered")] for month in months
    )
    text += "".join(f"pass;online;held;{month};1;;\n" for month in months)
    assert text.count("\n") > MOST_AT_ONCE
    assert take(house, text).counts[Fate.NEW] == text.count("\n") - 1


def test_a_sheet_that_was_brought_along_is_taken_once_as_it_was_shown(house: ClockedHouse) -> None:
    number = bring(house, FOUR)
    with house.work() as directory:
        outcome = directory.figure_sheets.get(number, ANNA).outcome
    assert outcome["counts"] == {"refused": 0, "changed": 0, "new": 2, "same": 1, "empty": 1}
    assert [line["row"] for line in outcome["lines"]] == [3, 4]
    accept(house, number, outcome["mark"])
    assert len(held(house)) == 3
    with pytest.raises(AlreadyTaken):
        accept(house, number, outcome["mark"])


def test_what_changed_meanwhile_is_shown_anew_and_not_overwritten(house: ClockedHouse) -> None:
    number = bring(house, "pass;video;held;2024-05;6;;\n")
    with house.work() as directory:
        mark = directory.figure_sheets.get(number, ANNA).outcome["mark"]
    take(house, "pass;video;held;2024-05;8;;\n")
    with pytest.raises(FigureSheetOvertaken) as other:
        accept(house, number, mark)
    (line,) = outcome_of(other.value.plan)["lines"]
    assert (line["before"]["value"], line["figure"]["value"]) == (8, 6)
    assert held(house)[0].value == 8
    accept(house, number, other.value.plan.mark)
    assert held(house)[0].value == 6


def test_a_sheet_is_seen_by_who_brought_it_and_is_no_sheet_of_entries(house: ClockedHouse) -> None:
    number = bring(house, FOUR)
    with house.work() as directory:
        for person in (JONAS, SYSTEM):
            with pytest.raises(NotFound):
                directory.figure_sheets.get(number, person)
        with pytest.raises(NotFound):
            directory.uploads.get(number, ANNA)
        assert directory.uploads.latest(ANNA) == []


def test_who_may_say_figures_nowhere_brings_nothing_and_other_files_are_none(house: ClockedHouse) -> None:
    with pytest.raises(Forbidden):
        bring(house, FOUR, NORA)
    with pytest.raises(UnknownFormat):
        bring(house, FOUR, name="zahlen.pdf")


def test_a_list_of_a_year_has_what_is_known_and_rows_to_be_filled_in(house: ClockedHouse) -> None:
    with house.work(write=True) as directory:
        directory.figures.put([a_figure(9, "2023", "kita", released=False)], by=JONAS)
        download = directory.figure_sheets.listed("csv", YEAR, JONAS)
        other = directory.figure_sheets.listed("csv", CountingPeriod("2023"), JONAS)

    def cells(body: bytes) -> list[list[str]]:
        found = csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")
        return [[row[name] for name in ("service", "period", "value", "released")] for row in found]

    assert cells(download.body) == [["geheim", "2024", "", ""], ["kita", "2024", "", ""]]
    assert cells(other.body) == [["kita", "2023", "9", "no"], ["geheim", "2023", "", ""]]
    assert download.name == "figures-2026-11-23.csv"


def test_all_figures_come_back_as_they_went_out(house: ClockedHouse) -> None:
    take(house, FOUR)
    with house.work(write=True) as directory:
        body = directory.figure_sheets.all("csv", SYSTEM).body
        found = directory.figure_sheets.plan(read_csv(body), SYSTEM)
        assert directory.revisions.get(Kind.SERVICE, "geheim")
    assert [line.fate for line in found.lines] == [Fate.SAME] * 3
