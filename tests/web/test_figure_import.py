"""Figures taken along and brought back in the browser: shown first, taken as a whole, seen by nobody else."""

from __future__ import annotations

from enum import StrEnum

import pytest
from builders import a_figure, a_service
from houses import publish, rows
from sites import Site
from webtest import TestApp, TestResponse, Upload

from servicedir.domain.figures import Figure, Measure, Standing
from servicedir.domain.service import ChannelKind
from servicedir.domain.words import label
from servicedir.domain.workflow import SYSTEM

SLUG = "wohnsitz-abmelden"
HEAD = "service;channel;measure;period;value\n"


def bring(visitor: TestApp, text: str, name: str = "zahlen.csv", status: int = 303, head: str = HEAD) -> TestResponse:
    form = visitor.get("/desk/figures/import").forms["figures-import"]
    form["file"] = Upload(name, (head + text).encode())
    return form.submit(status=status)


def said(site: Site) -> list[Figure]:
    with site.house.work() as directory:
        return [one.figure for one in directory.figures.all([SLUG], by=SYSTEM)[0]]


def put(site: Site, *figures: Figure) -> None:
    with site.house.work(write=True) as directory:
        directory.figures.put(figures, by=SYSTEM)


def cells(page: TestResponse, fate: str) -> list[list[str]]:
    table = page.html.find(id=f"fate-{fate}").find_next("table").tbody
    return [[cell.text.strip() for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]


def test_a_sheet_is_shown_row_by_row_before_anything_is_written(town: Site) -> None:
    put(town, a_figure(5, "2024-04", SLUG))
    page = bring(
        town.signed_in("anna"), f"{SLUG};video;held;2024-04;1.206\n{SLUG};Video;angeboten;2024;unbekannt\n"
    ).follow()
    assert cells(page, "changed") == [["2", SLUG, "2024-04", "Video, durchgeführt", "5", "1.206", "", "ja"]]
    assert cells(page, "new") == [["3", SLUG, "2024", "Video, angeboten", "nicht bekannt", "", "nein"]]
    assert said(town) == [a_figure(5, "2024-04", SLUG)]


def test_saying_yes_writes_all_and_once(town: Site) -> None:
    page = bring(town.signed_in("anna"), f"{SLUG};video;held;2024-04;0\n").follow()
    done = page.forms["figures-take"].submit().follow()
    assert "Übernommen" in done.text
    assert "figures-take" not in done.forms
    page.forms["figures-take"].submit(status=303)
    assert said(town) == [a_figure(0, "2024-04", SLUG, released=False)]
    assert rows(town.house, "figures") == 1


def test_a_refused_row_is_named_with_a_sentence_and_leaves_no_button(town: Site) -> None:
    text = f"{SLUG};video;held;2024-04;3\n{SLUG};video;held;2024-04;4\nnie;video;held;2024;-1\n"
    page = bring(town.signed_in("anna"), text).follow()
    assert [(row[0], row[3], row[4]) for row in cells(page, "refused")] == [
        ("3", "period", "2024-04"),
        ("4", "value", "-1"),
        ("4", "service", "nie"),
    ]
    assert "Diese Dienstleistung gibt es nicht." in page.text
    assert "figures-take" not in page.forms
    assert said(town) == []


def test_a_service_of_another_office_is_refused(town: Site) -> None:
    page = bring(town.signed_in("anna"), "hundesteuer;video;held;2024;3\n").follow()
    assert cells(page, "refused")[0][5] == "Für diese Dienstleistung fehlt Ihnen die Rolle."


@pytest.mark.parametrize(
    ("row", "column", "kind"),
    [
        (f"{SLUG};vidio;held;2024;3;", "channel", ChannelKind),
        (f"{SLUG};video;hold;2024;3;", "measure", Measure),
        (f"{SLUG};video;held;2024;;verschollen", "standing", Standing),
    ],
)
def test_a_word_that_there_is_not_is_refused_with_those_that_there_are(
    town: Site, row: str, column: str, kind: type[StrEnum]
) -> None:
    page = bring(town.signed_in("anna"), row, head=HEAD.replace("value", "value;standing")).follow()
    (cell,) = cells(page, "refused")
    assert cell[3] == column
    assert all(label(term, "de") in cell[5] for term in kind)


def test_what_changed_meanwhile_is_shown_anew(town: Site) -> None:
    page = bring(town.signed_in("anna"), f"{SLUG};video;held;2024-04;3\n").follow()
    put(town, a_figure(9, "2024-04", SLUG))
    again = page.forms["figures-take"].submit(status=409)
    assert cells(again, "changed")[0][4:6] == ["9", "3"]
    again.forms["figures-take"].submit(status=303)
    assert said(town) == [a_figure(3, "2024-04", SLUG)]


@pytest.mark.parametrize("mark", ["", "anders"])
def test_without_the_mark_of_what_was_shown_nothing_is_written(town: Site, mark: str) -> None:
    form = bring(town.signed_in("anna"), f"{SLUG};video;held;2024-04;3\n").follow().forms["figures-take"]
    form["mark"] = mark
    form.submit(status=409)
    assert said(town) == []


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("zahlen.pdf", "", "ihr Name endet auf .csv oder .xlsx"),
        ("zahlen.xlsx", "", "Das ist keine Excel-Datei"),
        ("zahlen.csv", f"{SLUG};video;held;2024;1;2\n", "Zeile 2 hat mehr Zellen"),
    ],
)
def test_a_file_that_cannot_be_taken_comes_back_with_a_sentence(
    town: Site, name: str, text: str, sentence: str
) -> None:
    answer = bring(town.signed_in("anna"), text, name, status=400)
    assert sentence in answer.html.find(role="alert").text


def test_markup_in_a_file_is_text(town: Site) -> None:
    bad = "<b id=x>"
    page = bring(town.signed_in("anna"), f"{bad};{bad};held;{bad};{bad}\n", f"{bad}.csv").follow()
    assert page.html.find(id="x") is None
    assert bad in page.html.find("h1").text


def test_others_neither_see_nor_take_a_sheet(town: Site) -> None:
    path = bring(town.signed_in("anna"), f"{SLUG};video;held;2024-04;3\n").headers["Location"]
    for login in ("rita", "cora"):
        town.signed_in(login).get(path, status=404)
    town.signed_in("anna").get(path.replace("figures/import", "import"), status=404)
    town.visitor().get(path, status=303)


def test_who_has_no_role_gets_no_form(town: Site) -> None:
    page = town.signed_in("nora").get("/desk/figures/import")
    assert "figures-import" not in page.forms


def test_a_year_is_taken_along_and_comes_back_as_it_was(town: Site) -> None:
    publish(town.house, a_service("reisepass"))
    put(town, a_figure(5, "2024-04", SLUG, source="Terminsystem"), a_figure(3, "2024", "hundesteuer"))
    visitor = town.signed_in("anna")
    form = visitor.get("/desk/figures/import").forms["figures-export"]
    form["year"] = "2024"
    before = rows(town.house, "audit")
    answer = form.submit()
    assert rows(town.house, "audit") == before + 1
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="figures-')
    text = answer.body.decode("utf-8-sig")
    assert [line.split(";")[0].strip('"') for line in text.splitlines()[1:]] == [SLUG, "reisepass"]
    again = visitor.get("/desk/figures/import").forms["figures-import"]
    again["file"] = Upload("zahlen.csv", answer.body)
    assert "In dieser Datei steht nichts Neues." in again.submit().follow().text


@pytest.mark.parametrize("year", ["", "1989", "3000", "20x4", "1e9", "0002024"])
def test_a_year_that_is_none_is_a_bad_request(town: Site, year: str) -> None:
    form = town.signed_in("anna").get("/desk/figures/import").forms["figures-export"]
    form["year"].force_value(year)
    form.submit(status=400)
