"""Sheets that come back: one cell is one change of one entry, nothing is lost, nobody takes what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import Clock, a_grant, a_person, a_service, an_office
from clocked import ClockedHouse, a_clocked_house
from houses import publish, save, written

from servicedir.directory import House
from servicedir.directory.sheets import SheetOvertaken, SheetRefused, read
from servicedir.domain.choice import Choice
from servicedir.domain.document import from_document
from servicedir.domain.history import Kind
from servicedir.domain.service import Service
from servicedir.domain.sheet_plan import Line, Plan, Result, in_sight
from servicedir.domain.workflow import SYSTEM, Person, Role, State
from servicedir.exchange.sheet import to_row
from servicedir.exchange.table import Sheet

ANNA = a_person("anna")
RITA = a_person("rita", a_grant(Role.EDITOR), a_grant(Role.REVIEWER))
JONAS = a_person("jonas", a_grant(office="jugendamt"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ClockedHouse]:
    """A house with two entries of the citizens' office and one of the youth office."""
    house = a_clocked_house(
        tmp_path,
        Clock(),
        an_office("meldestelle", parent="buergeramt"),
        a_service(),
        a_service("reisepass", summary="Alt."),
        a_service("kita", offices=("jugendamt",)),
    )
    yield house
    house.close()


def stored(house: House, slug: str) -> Service:
    with house.work() as directory:
        return from_document(Service, directory.revisions.get(Kind.SERVICE, slug).latest.document)


def row(house: House, slug: str = "personalausweis", revision: int | None = 1, **cells: str) -> dict[str, str]:
    """The row of an entry as an export of its present version writes it, with some cells edited."""
    return {**to_row(stored(house, slug), house.today(), revision), **cells}


def new(slug: str = "neu", **cells: str) -> dict[str, str]:
    return {"slug": slug, "title": "Neu", "nature": "advisory", "office": "buergeramt", **cells}


def sheet(*rows: dict[str, str]) -> Sheet:
    return Sheet(("slug",), (), tuple(enumerate(rows, start=2)))


def plan(house: House, *rows: dict[str, str], by: Person = ANNA, **options: Any) -> Plan:
    with house.work() as directory:
        return directory.sheets.plan(sheet(*rows), by, **options)


def line(house: House, cells: dict[str, str], **options: Any) -> Line:
    (found,) = plan(house, cells, **options).lines
    return found


def why(found: Line) -> list[tuple[str, str]]:
    """Column and code of what keeps a row from being taken."""
    assert found.result is Result.REFUSED
    return [(hindrance.column, hindrance.code) for hindrance in found.hindrances]


def take(house: House, *rows: dict[str, str], by: Person = ANNA, **options: Any) -> Plan:
    with house.work(write=True) as directory:
        return directory.sheets.apply(sheet(*rows), by, **options)


def authors(house: House, slug: str = "personalausweis") -> list[str]:
    with house.work() as directory:
        return [revision.author for revision in directory.revisions.history(Kind.SERVICE, slug)]


# What would be done


def test_each_row_is_new_changed_or_unchanged(house: House) -> None:
    found = plan(house, row(house), row(house, "reisepass", summary="Neu."), new())
    assert [(one.slug, one.result) for one in found.lines] == [
        ("personalausweis", Result.UNCHANGED),
        ("reisepass", Result.CHANGED),
        ("neu", Result.NEW),
    ]
    assert [tuple(change) for change in found.lines[1].changes] == [("summary", "Alt.", "Neu.")]
    assert len(found.doing) == 2
    assert not found.refused


def test_planning_writes_nothing(house: House) -> None:
    before = written(house)
    plan(house, row(house, summary="Neu."), new())
    assert written(house) == before


def exported(house: House, name: str) -> bytes:
    """What the command writes of all that is published."""
    path = house.settings.data / f"exported.{name}"
    house.open_data.write(name, house.today(), path, editors=True)
    return path.read_bytes()


def test_an_export_of_everything_that_comes_back_changes_nothing(house: House) -> None:
    for name in ("csv", "xlsx"):
        body = exported(house, name)
        with house.work() as directory:
            found = directory.sheets.plan(read(name, body), SYSTEM, at_once=True)
        assert found.counts == {Result.UNCHANGED: 3}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"nature": "wish"}, [("nature", "not_one_of")]),
        ({"title": ""}, [("title", "missing")]),
        ({"office": "nirgends"}, [("office", "unknown_reference")]),
        ({"further_offices": "nirgends"}, [("further_offices", "unknown_reference")]),
        ({"topics": "nichts"}, [("topics", "unknown_reference")]),
        ({"related": "nichts"}, [("related", "unknown_related")]),
        ({"related": "personalausweis"}, [("related", "related_to_itself")]),
        ({"office": "jugendamt"}, [("office", "forbidden_there")]),
        ({"revision": "7", "summary": "Neu."}, [("revision", "no_such_revision")]),
        ({"revision": "eins"}, [("revision", "not_a_number")]),
    ],
)
def test_what_is_wrong_is_refused_with_its_column(
    house: House, cells: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    assert why(line(house, row(house, **cells))) == expected


@pytest.mark.parametrize("slug", ["Kein Kurzname!", "", "add"])
def test_what_is_no_slug_is_refused(house: House, slug: str) -> None:
    assert why(line(house, new(slug))) == [("slug", "not_a_slug")]


def test_a_row_may_point_at_an_entry_that_another_row_makes(house: House) -> None:
    rows = (new("erst", related="dann"), new("dann", related="erst"))
    assert [one.result for one in plan(house, *rows).lines] == [Result.NEW, Result.NEW]
    take(house, *rows)
    assert stored(house, "erst").related == ("dann",)


def test_a_row_whose_slug_somebody_edited_makes_no_second_entry(house: House) -> None:
    assert why(line(house, {**row(house), "slug": "personalausweis-2"})) == [("slug", "not_yours")]


def test_an_entry_of_another_office_is_refused_as_one_that_is_not_there(house: House) -> None:
    hidden = line(house, row(house, "kita", summary="Meins."))
    missing = line(house, {**row(house, summary="Meins."), "slug": "weg"})
    assert hidden.hindrances == missing.hindrances


def test_a_new_entry_needs_a_role_in_its_office(house: House) -> None:
    assert why(line(house, new(office="jugendamt"))) == [("office", "forbidden_there")]
    assert line(house, new(office="jugendamt"), by=JONAS).result is Result.NEW


def test_a_former_slug_is_refused_with_the_new_one_for_those_who_may_know_it(house: House) -> None:
    with house.work(write=True) as directory:
        directory.rename("personalausweis", "ausweis", by=RITA)
    told = line(house, new("personalausweis"))
    assert [tuple(h) for h in told.hindrances] == [("slug", "moved", "ausweis")]
    assert line(house, new("personalausweis"), by=JONAS).hindrances[0].value == ""


@pytest.mark.parametrize(
    ("steps", "code"), [(("submit",), "in_review"), (("publish", "retire"), "retired"), ((), "has_draft")]
)
def test_an_entry_that_is_not_simply_published_is_not_changed_at_once(
    house: House, steps: tuple[str, ...], code: str
) -> None:
    save(house, a_service(summary="Entwurf."), *steps, based_on=1)
    found = line(house, row(house, revision=2, title="Neu"), by=SYSTEM, at_once=True)
    assert why(found) == [("slug", code)]
    assert line(house, row(house, revision=2), by=SYSTEM, at_once=True).result is Result.UNCHANGED


def test_only_rows_of_an_office_and_those_below_it_are_wanted(house: House) -> None:
    assert line(house, new(office="meldestelle"), by=SYSTEM, office="buergeramt").result is Result.NEW
    for cells in (row(house, "kita"), new(office="jugendamt"), row(house, office="jugendamt")):
        assert why(line(house, cells, by=SYSTEM, office="buergeramt")) == [("office", "other_office")]


def test_a_rule_of_four_eyes_keeps_imports_from_being_published(house: House) -> None:
    assert line(house, new(), by=RITA).publishable
    publish(house, an_office(four_eyes=True))
    assert not line(house, new(), by=RITA).publishable


# An old export


def test_what_others_changed_since_the_export_stays(house: House) -> None:
    old = row(house, summary="Von mir.")
    save(house, a_service(costs="37 Euro"), "publish", based_on=1)
    assert [change.column for change in line(house, old).changes] == ["summary"]
    take(house, old)
    now = stored(house, "personalausweis")
    assert (now.summary.get("de"), now.costs.get("de")) == ("Von mir.", "37 Euro")


def test_an_old_row_that_nobody_edited_takes_nothing_back(house: House) -> None:
    old = row(house)
    save(house, a_service(summary="Neuer."), "publish", based_on=1)
    assert line(house, old).result is Result.UNCHANGED


def test_the_same_changed_by_both_is_refused_and_named(house: House) -> None:
    old = row(house, summary="Von mir.", costs="1 Euro")
    save(house, a_service(summary="Von ihr."), "publish", based_on=1)
    found = line(house, old)
    assert [tuple(h) for h in found.hindrances] == [("summary", "overtaken", "Von ihr.")]


def test_a_row_without_a_revision_is_compared_with_what_is_there_now(house: House) -> None:
    old = row(house, revision=None, summary="Von mir.")
    save(house, a_service(costs="37 Euro"), "publish", based_on=1)
    assert {change.column for change in line(house, old).changes} == {"summary", "costs"}


# Taking it


def test_one_cell_is_one_revision_with_that_change(house: House) -> None:
    before = stored(house, "reisepass")
    take(house, row(house), row(house, "reisepass", summary="Neu."), why="Liste")
    assert authors(house) == ["system"]
    assert authors(house, "reisepass") == ["system", "anna"]
    assert stored(house, "reisepass").summary.get("de") == "Neu."
    assert stored(house, "reisepass").channels == before.channels
    with house.work() as directory:
        assert directory.service("reisepass").service.summary.get("de") == "Alt."
        assert directory.revisions.get(Kind.SERVICE, "reisepass").latest.reason == "Liste"


def test_taking_the_same_sheet_twice_writes_once(house: House) -> None:
    rows = (row(house, summary="Neu."), new())
    take(house, *rows)
    take(house, *rows)
    assert authors(house) == ["system", "anna"]
    assert authors(house, "neu") == ["anna"]


def test_one_refused_row_keeps_all_from_being_written(house: House) -> None:
    before = written(house)
    with pytest.raises(SheetRefused) as refused:
        take(house, row(house, summary="Neu."), new(), new("schlecht", office="nirgends"))
    assert [one.slug for one in refused.value.plan.refused] == ["schlecht"]
    assert written(house) == before


def test_what_has_changed_since_the_preview_is_not_written_over(house: House) -> None:
    rows = (row(house, revision=None, summary="Von mir."),)
    mark = plan(house, *rows).mark
    save(house, a_service(costs="37 Euro"), "publish", based_on=1)
    before = written(house)
    with pytest.raises(SheetOvertaken) as overtaken:
        take(house, *rows, mark=mark)
    assert written(house) == before
    take(house, *rows, mark=overtaken.value.plan.mark)


def test_a_plan_from_before_is_made_anew_where_something_has_changed(house: House) -> None:
    rows = (row(house, summary="Von mir."),)
    seen = plan(house, *rows)
    save(house, a_service(costs="37 Euro"), "publish", based_on=1)
    take(house, *rows, seen=seen)
    assert stored(house, "personalausweis").costs.get("de") == "37 Euro"


def test_only_who_may_publish_publishes_at_once_and_no_draft_with_it(house: House) -> None:
    save(house, a_service("reisepass", summary="Halb fertig."), based_on=1)
    rows = (row(house, summary="Neu."), row(house, "reisepass", revision=2, costs="60 Euro"))
    take(house, *rows, by=RITA, publish=True)
    with house.work() as directory:
        states = [directory.revisions.get(Kind.SERVICE, slug).state for slug in ("personalausweis", "reisepass")]
        assert states == [State.PUBLISHED, State.PRIVATE]
        assert directory.service("reisepass").service.summary.get("de") == "Alt."
    take(house, row(house, revision=2, summary="Von Anna."), publish=True)
    with house.work() as directory:
        assert directory.service("personalausweis").service.summary.get("de") == "Neu."


def test_publishing_at_once_forgets_what_was_planned_to_be_published(house: ClockedHouse) -> None:
    save(house, a_service(summary="Später."), based_on=1)
    at = house.now() + timedelta(days=1)
    with house.work(write=True) as directory:
        directory.planning.plan("personalausweis", "publish", at, based_on=2, by=RITA)
        directory.revisions.move(Kind.SERVICE, "personalausweis", "publish", based_on=2, author="rita", reason="")
    take(house, row(house, revision=2, summary="Sofort."), by=RITA, publish=True)
    with house.work() as directory:
        assert directory.planning.all() == {}


def test_an_import_is_written_down_once(house: House) -> None:
    take(house, row(house, summary="Neu."), new(), by=RITA, publish=True)
    with house.work() as directory:
        newest = directory.people.audit_log()[0]
    assert (newest.actor, newest.action, newest.detail["entries"], newest.detail["published"]) == (
        "rita",
        "import",
        2,
        2,
    )


# Taking along


def test_what_is_exported_for_everybody_has_no_draft_in_it(house: House) -> None:
    save(house, a_service(summary="Geheim."), based_on=1)
    save(house, a_service("heimlich"))
    found = read("csv", exported(house, "csv"))
    rows = {cells["slug"]: cells for _number, cells in found.rows}
    assert set(rows) == {"personalausweis", "reisepass", "kita"}
    assert rows["personalausweis"]["revision"] == "1"
    assert "Geheim." not in str(rows)


def test_a_list_is_what_the_person_may_see_and_asked_for_with_drafts_and_is_written_down(house: House) -> None:
    save(house, a_service(summary="Entwurf."), based_on=1)
    with house.work(write=True) as directory:
        body = directory.sheets.listed("csv", Choice(office="buergeramt", draft=True), ANNA, "de").body
    ((_number, cells),) = read("csv", body).rows
    assert (cells["slug"], cells["summary"], cells["revision"]) == ("personalausweis", "Entwurf.", "2")
    with house.work() as directory:
        newest = directory.people.audit_log()[0]
    assert (newest.action, newest.detail) == (
        "export",
        {"format": "csv", "entries": 1, "filter": "office=buergeramt draft=1"},
    )


# Long cells


def test_short_cells_are_shown_as_they_are() -> None:
    assert in_sight("alt", "neu") == ("alt", "neu")


@pytest.mark.parametrize("at", [0, 5000, 9999])
def test_of_long_cells_the_change_is_in_sight(at: int) -> None:
    words = "Wort " * 2000
    before, after = in_sight(words[:at] + "früher" + words[at:], words[:at] + "später" + words[at:])
    assert "früher" in before
    assert "später" in after
    assert max(len(before), len(after)) < 400


def test_a_long_addition_is_cut_but_seen_from_its_beginning() -> None:
    before, after = in_sight("Anfang", "Anfang " + "neu " * 1000)
    assert before == "Anfang"
    assert after.startswith("Anfang neu neu")
    assert len(after) < 400
