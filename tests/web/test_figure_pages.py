"""The grid of figures without a script: what is typed is kept, said all or none, and never over somebody else's."""

from __future__ import annotations

from typing import Any

import pytest
from builders import a_figure, a_service
from houses import rows, save
from sites import Site
from webtest import Form, TestResponse

from servicedir.domain.figures import CountingPeriod, Figure, Measure, Standing
from servicedir.domain.service import ChannelKind
from servicedir.domain.workflow import SYSTEM

GRID = "/services/wohnsitz-abmelden/figures?channel=video&year=2024"
HISTORY = "/services/wohnsitz-abmelden/figures/history?channel=video&measure=held&year=2024"


def put(site: Site, *figures: Figure) -> None:
    with site.house.work(write=True) as directory:
        directory.figures.put(figures, by=SYSTEM)


def held(value: int | None = 12, period: str = "2024-05", **fields: Any) -> Figure:
    return a_figure(value, period, service="wohnsitz-abmelden", **fields)


def known(site: Site) -> dict[tuple[str, str], Figure]:
    with site.house.work() as directory:
        said, _last = directory.figures.all(["wohnsitz-abmelden"], by=SYSTEM)
    return {(one.figure.measure.value, one.figure.period.text): one.figure for one in said}


def grid(site: Site, login: str = "anna", path: str = GRID) -> Form:
    form: Form = site.signed_in(login).get(path).forms["figures"]
    return form


def problems(page: TestResponse) -> dict[str, str]:
    """Id of the field -> sentence in the summary."""
    return {a["href"].removeprefix("#"): a.get_text(" ", strip=True) for a in page.html.select("#problems a")}


def test_what_is_typed_is_said_with_the_source_of_its_row(town: Site) -> None:
    form = grid(town)
    form["held.2024"], form["held.2024-05"], form["held.2024-06"] = "1.234", "0", " k. A. "
    form["held.2024-07"], form["offered.2024-07"] = "-", "*"
    form["held.source"], form["held.released"] = "Terminsystem", "yes"
    page = form.submit(status=303).follow(extra_environ={"REMOTE_ADDR": "127.0.0.1"})
    said = {key: (figure.standing, figure.value) for key, figure in known(town).items()}
    assert said == {
        ("held", "2024"): (Standing.NUMBER, 1234),
        ("held", "2024-05"): (Standing.NUMBER, 0),
        ("held", "2024-06"): (Standing.UNKNOWN, None),
        ("held", "2024-07"): (Standing.NOT_COUNTED, None),
        ("offered", "2024-07"): (Standing.SUPPRESSED, None),
    }
    assert {(f.source, f.released) for f in known(town).values() if f.measure is Measure.HELD} == {
        ("Terminsystem", True)
    }
    assert known(town)["offered", "2024-07"].released is False
    shown = page.forms["figures"]
    assert [shown[f"held.2024{end}"].value for end in ("", "-05", "-06", "-07", "-08")] == ["1234", "0", "?", "-", ""]


def test_what_is_saved_unchanged_says_nothing_new(town: Site) -> None:
    put(town, held(12, source="Terminsystem", note="ohne Mai"), held(None, "2024-06", released=False))
    before = rows(town.house, "figures")
    grid(town).submit(status=303)
    assert rows(town.house, "figures") == before


def test_a_row_whose_cells_differ_keeps_what_each_says(town: Site) -> None:
    put(town, held(12, source="Terminsystem"), held(13, "2024-06", source="Strichliste", released=False))
    form = grid(town)
    assert (form["held.source"].value, form["held.released"].value) == ("", "mixed")
    form["held.2024-06"] = "14"
    form.submit(status=303)
    figure = known(town)["held", "2024-06"]
    assert (figure.value, figure.source, figure.released) == (14, "Strichliste", False)
    assert known(town)["held", "2024-05"].source == "Terminsystem"


def test_who_empties_a_cell_makes_it_unknown_and_the_number_stays_in_the_history(town: Site) -> None:
    put(town, held(12))
    form = grid(town)
    form["held.2024-05"] = ""
    form.submit(status=303)
    assert known(town)["held", "2024-05"].standing is Standing.UNKNOWN
    page = town.signed_in("anna").get(HISTORY)
    (latest, first) = page.html.select("tbody tr")
    assert [cell.get_text(" ", strip=True) for cell in latest.select("td")][1:3] == ["12", "nicht bekannt"]
    assert "Anna" in latest.th.get_text()
    assert [cell.get_text(" ", strip=True) for cell in first.select("td")][1:3] == ["keine Angabe", "12"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-5", "Zahl ab 0"),
        ("viele", "„viele“ ist keine ganze Zahl"),
        ("1,5", "„1,5“ ist keine ganze Zahl"),
        ("1.23", "„1.23“ ist keine ganze Zahl"),
        ("9" * 30, "zu hoch"),
        ("<b>", "„<b>“ ist keine ganze Zahl"),
    ],
)
def test_what_is_no_number_is_marked_and_nothing_is_written(town: Site, typed: str, sentence: str) -> None:
    before = rows(town.house, "figures"), rows(town.house, "audit")
    form = grid(town)
    form["held.2024-05"], form["held.2024-06"], form["held.note"] = typed, "7", "Bitte behalten"
    page = form.submit(status=400)
    assert (rows(town.house, "figures"), rows(town.house, "audit")) == before
    assert list(problems(page)) == ["held-2024-05"]
    assert sentence in problems(page)["held-2024-05"]
    cell = page.html.select_one("#held-2024-05")
    assert (cell["value"], cell["aria-invalid"]) == (typed, "true")
    assert sentence in page.html.find(id=cell["aria-describedby"]).get_text()
    shown = page.forms["figures"]
    assert (shown["held.2024-06"].value, shown["held.note"].value) == ("7", "Bitte behalten")


def test_a_month_that_has_not_begun_has_no_number(town: Site) -> None:
    year = town.house.today().year
    real = town.house.today
    town.house.today = lambda: real().replace(month=6, day=15)  # type: ignore[method-assign]
    form = grid(town, path=f"/services/wohnsitz-abmelden/figures?year={year}")
    form[f"held.{year}-06"], form[f"held.{year}-07"] = "1", "1"
    assert problems(form.submit(status=400)) == {
        f"held-{year}-07": f"durchgeführt, Juli {year}: Dieser Zeitraum hat noch nicht begonnen."
    }


def test_a_source_needs_a_number_that_it_belongs_to(town: Site) -> None:
    form = grid(town)
    form["held.2024-05"], form["offered.source"], form["held.note"] = "1", "Terminsystem", "n" * 501
    assert list(problems(form.submit(status=400))) == ["held-note", "offered-source"]


def test_months_that_gainsay_the_year_are_only_a_warning(town: Site) -> None:
    form = grid(town)
    form["held.2024"], form["held.2024-05"] = "10", "11"
    form.submit(status=303)
    page = town.signed_in("anna").get(GRID)
    assert (
        "durchgeführt: Die gespeicherten Monate ergeben 11" in page.html.select_one(".kern-alert--warning").get_text()
    )
    assert known(town)["held", "2024"].value == 10


def test_the_sum_of_the_months_never_takes_unknown_for_nothing(town: Site) -> None:
    put(town, *(held(10, f"2024-{month:02}") for month in range(1, 11)), held(None, "2024-11"))
    (first, *others) = town.signed_in("anna").get(GRID).html.select(".figures-sum")
    assert first.get_text(" ", strip=True) == "100 2 Monate fehlen"
    assert {other.get_text(strip=True) for other in others} == {"keine Zahl"}


def test_who_saves_second_sees_what_the_first_one_said_and_loses_nothing(town: Site) -> None:
    put(town, held(1), held(2, "2024-06"), held(3, "2024-07"))
    form = grid(town)
    put(town, held(10), held(20, "2024-06"))
    before = rows(town.house, "figures")
    form["held.2024-05"], form["held.2024-07"] = "11", "33"
    page = form.submit(status=409)
    assert rows(town.house, "figures") == before
    (may, june) = [item.get_text(" ", strip=True) for item in page.html.select("#conflict li")]
    assert "Mai 2024" in may and "10" in may and "Sie haben 11 eingetragen" in may
    assert "Juni 2024" in june and "20" in june and "eingetragen" not in june
    again = page.forms["figures"]
    assert [again[f"held.2024-0{month}"].value for month in (5, 6, 7)] == ["11", "20", "33"]
    again.submit(status=303)
    assert [known(town)["held", f"2024-0{month}"].value for month in (5, 6, 7)] == [11, 20, 33]


def test_who_saves_something_else_is_in_nobodys_way(town: Site) -> None:
    form = grid(town)
    put(town, held(5, "2023-05"), held(5, channel=ChannelKind.PHONE))
    form["held.2024-05"] = "11"
    form.submit(status=303)
    assert known(town)["held", "2023-05"].value == 5


@pytest.mark.parametrize(
    "change",
    [
        {"held.2024-05": None},
        {"held.2025-05": "1"},
        {"based_on": "-1"},
        {"based_on": "x"},
        {"held.2024-05": "1\0"},
    ],
    ids=str,
)
def test_what_is_not_our_grid_is_refused(town: Site, change: dict[str, str | None]) -> None:
    form = grid(town)
    sent = dict(form.submit_fields()) | change
    visitor = town.signed_in("anna")
    token = visitor.get(GRID).forms["figures"]["csrf_token"].value
    controls = {name: value for name, value in (sent | {"csrf_token": token}).items() if value is not None}
    visitor.post(GRID, controls, status=400)
    assert rows(town.house, "figures") == 0


@pytest.mark.parametrize("query", ["channel=fax", "year=0", "year=9999", "year=2024&year=2023"])
def test_a_grid_that_there_is_not_is_a_sentence(town: Site, query: str) -> None:
    page = town.signed_in("anna").get(f"/services/wohnsitz-abmelden/figures?{query}", status=400)
    assert page.html.select_one("#content").get_text(strip=True)


def test_one_cell_is_an_exception_to_its_row(town: Site) -> None:
    put(town, held(12, source="Terminsystem"), held(13, "2024-06", source="Terminsystem"))
    form = town.signed_in("anna").get(f"{HISTORY}&period=2024-06").forms["form"]
    form["value"], form["source"], form["released"] = "14", "Strichliste", False
    assert "done=save" in form.submit("save", status=303).location
    figure = known(town)["held", "2024-06"]
    assert (figure.value, figure.source, figure.released) == (14, "Strichliste", False)
    assert known(town)["held", "2024-05"] == held(12, source="Terminsystem")


@pytest.mark.parametrize(("typed", "sentence"), [("-1", "Zahl ab 0"), ("abc", "„abc“ ist keine ganze Zahl")])
def test_a_cell_that_is_wrong_is_told_at_its_field(town: Site, typed: str, sentence: str) -> None:
    form = town.signed_in("anna").get(f"{HISTORY}&period=2024-06").forms["form"]
    form["value"] = typed
    page = form.submit("save", status=400)
    assert sentence in page.html.select_one("#value--error").get_text()
    assert page.forms["form"]["value"].value == typed
    assert rows(town.house, "figures") == 0


def test_a_cell_that_somebody_else_changed_is_not_overwritten(town: Site) -> None:
    put(town, held(12))
    form = town.signed_in("anna").get(f"{HISTORY}&period=2024-05").forms["form"]
    put(town, held(13))
    form["value"] = "14"
    page = form.submit("save", status=409)
    assert known(town)["held", "2024-05"].value == 13
    assert page.forms["form"]["value"].value == "14"
    page.forms["form"].submit("save", status=303)
    assert known(town)["held", "2024-05"].value == 14


@pytest.mark.parametrize("path", [GRID, HISTORY, f"{HISTORY}&period=2024-05"])
def test_figures_are_typed_by_those_of_the_office(town: Site, path: str) -> None:
    put(town, held(source="Quittenzählung", released=False))
    for login in ("anna", "rita", "cora", "ada"):
        assert "Quittenzählung" in town.signed_in(login).get(path)
    for login in ("jonas", "nora"):
        page = town.signed_in(login).get(path, status="4*")
        assert page.status_int in (403, 404)
        assert "Quittenzählung" not in page
    assert "/login" in town.visitor().get(path, status=303).location


def test_figures_of_an_entry_that_waits_for_review_can_be_corrected(town: Site) -> None:
    save(town.house, a_service("still"), "submit")
    form = grid(town, path="/services/still/figures?year=2024")
    form["held.2024"] = "3"
    form.submit(status=303)


def test_the_year_of_a_grid_stays_in_another_language(town: Site) -> None:
    page = town.signed_in("anna").get(f"{GRID}&lang=en")
    (row, column) = page.html.select_one("#held-2024-05")["aria-labelledby"].split()
    assert page.html.find(id=row).get_text(strip=True) == "held"
    assert page.html.find(id=column).select_one(".kern-sr-only").get_text(strip=True) == "May 2024"
    assert any("year=2024" in a["href"] for a in page.html.select(".languages a"))
    assert CountingPeriod("2024").text in page


def test_who_leaves_out_one_month_is_warned_that_it_can_be_worked_out(town: Site) -> None:
    put(town, held(132, "2024"), *(held(11, f"2024-{month:02}", released=month != 5) for month in range(1, 13)))
    (warning,) = town.signed_in("anna").get(GRID).html.select(".kern-alert--warning")
    assert "Eine interne Zahl lässt sich ausrechnen" in warning.get_text()
    assert [(a["href"], a.get_text()) for a in warning("a")] == [("#held-2024-05", "durchgeführt, Mai 2024")]
    put(town, held(11, "2024-06", released=False))
    assert town.signed_in("anna").get(GRID).html.select(".kern-alert--warning") == []
