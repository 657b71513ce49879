"""Lists taken along and sheets brought back in the browser: shown first, taken as a whole, seen by nobody else."""

from __future__ import annotations

import csv
import io
import time
from datetime import timedelta
from typing import Any

import pytest
from builders import a_service
from houses import publish, rows, save, written
from sites import Site
from webtest import TestApp, TestResponse, Upload

from servicedir.directory import uploads
from servicedir.domain.history import Kind
from servicedir.web.desk.sheets import PER_PAGE

SLUG = "wohnsitz-abmelden"


def exported(visitor: TestApp, name: str = "csv", query: str = "") -> TestResponse:
    """The file that somebody gets who presses the button below a list."""
    form = visitor.get(f"/desk/entries{query}").forms["export"]
    form.action = form.action.replace("entries.csv", f"entries.{name}")
    return form.submit()


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))


def as_csv(cells: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, cells[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows(cells)
    return out.getvalue().encode("utf-8-sig")


def bring(visitor: TestApp, data: bytes, name: str = "liste.csv", status: int = 303) -> TestResponse:
    form = visitor.get("/desk/import").forms["import"]
    form["file"] = Upload(name, data)
    return form.submit(status=status)


def edited(visitor: TestApp, **cells: str) -> bytes:
    (found,) = rows_of(exported(visitor, query=f"?q={SLUG}"))
    return as_csv([found | cells])


def stored(site: Site, slug: str = SLUG) -> Any:
    with site.house.work() as directory:
        return directory.revisions.get(Kind.SERVICE, slug)


# Taking along


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_a_list_is_a_file_with_a_name_that_nobody_keeps(town: Site, name: str) -> None:
    answer = exported(town.signed_in("rita"), name)
    today = town.house.today().isoformat()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="entries-{today}.{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type in ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def test_a_list_has_what_the_filter_and_the_role_let_through(town: Site) -> None:
    publish(town.house, a_service("reisepass"))
    save(town.house, a_service("heimlich", offices=("jugendamt",)))
    slugs = [row["slug"] for row in rows_of(exported(town.signed_in("rita")))]
    assert sorted(slugs) == ["reisepass", SLUG]
    assert [row["slug"] for row in rows_of(exported(town.signed_in("rita"), query="?q=Reise"))] == ["reisepass"]
    assert "heimlich" in [row["slug"] for row in rows_of(exported(town.signed_in("jonas")))]


def test_a_format_that_there_is_not_is_not_found(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = visitor.get("/desk/import").forms["export"]
    form.action = "/desk/entries.exe"
    form.submit(status=404)


def test_an_export_is_written_down(town: Site) -> None:
    before = rows(town.house, "audit")
    exported(town.signed_in("rita"))
    assert rows(town.house, "audit") == before + 1


# Bringing back


def test_a_sheet_is_shown_cell_by_cell_before_anything_is_written(town: Site) -> None:
    visitor = town.signed_in("anna")
    before = written(town.house)
    answer = bring(visitor, edited(visitor, summary="Kürzer.", Farbe="rot")).follow()
    assert {**written(town.house), "audit": 0} == {**before, "audit": 0}
    assert "Wer ins Ausland zieht, meldet die Wohnung ab." in answer.html.find("del").text
    assert answer.html.find("ins").text == "Kürzer."
    assert "Farbe" in answer.html.find(class_="kern-alert--warning").text


def test_saying_yes_makes_drafts_with_a_reason(town: Site) -> None:
    visitor = town.signed_in("anna")
    form = bring(visitor, edited(visitor, summary="Kürzer.")).follow().forms["import-take"]
    form["why"] = "Frühjahrsputz"
    assert "publish" not in form.fields
    page = form.submit().follow()
    entry = stored(town)
    assert (entry.latest.author, entry.latest.reason, entry.live) == ("anna", "Frühjahrsputz", 1)
    assert entry.latest.document["summary"]["de"] == "Kürzer."
    assert "import-take" not in page.forms


def test_who_may_publish_can_do_so_at_once(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = bring(visitor, edited(visitor, summary="Kürzer.")).follow().forms["import-take"]
    form["publish"] = True
    form.submit()
    assert stored(town).live == 2
    assert "Kürzer." in town.get(f"/services/{SLUG}").text


def test_pressing_twice_writes_once(town: Site) -> None:
    visitor = town.signed_in("anna")
    form = bring(visitor, edited(visitor, summary="Kürzer.")).follow().forms["import-take"]
    form.submit(status=303)
    form.submit(status=303)
    assert stored(town).latest.number == 2


def test_a_refused_row_is_named_with_its_reason_and_leaves_no_button(town: Site) -> None:
    visitor = town.signed_in("anna")
    answer = bring(visitor, edited(visitor, nature="Wunsch", summary="Kürzer.")).follow()
    assert "Wunsch" in answer.html.find("table").text
    assert "nature" in answer.html.find("table").text
    assert "import-take" not in answer.forms


def test_a_refusal_says_in_which_column_and_what_is_possible_there(town: Site) -> None:
    visitor = town.signed_in("anna")
    answer = bring(visitor, edited(visitor, nature="Wunsch", title="")).follow()
    told = {row.find("code").text: row.find_all("td") for row in answer.html.find("tbody").find_all("tr")}
    assert told.keys() == {"nature", "title"}
    assert told["nature"][1].text == "nature Art des Anliegens."
    assert told["title"][1].find(lang="de").text == "Titel."
    assert "„title“" in told["title"][2].text
    assert "„Wunsch“" in told["nature"][2].text
    assert "transactional (Antrag), advisory (Beratung)" in told["nature"][2].text


def test_no_sheet_takes_the_german_title_away(town: Site) -> None:
    visitor = town.signed_in("rita")
    answer = bring(visitor, as_csv([{"slug": SLUG, "title": "", "title_en": "Only English"}])).follow()
    assert "import-take" not in answer.forms
    assert answer.html.find("tbody").find("code").text == "title"


def test_a_column_is_shown_with_what_it_means(town: Site) -> None:
    visitor = town.signed_in("anna")
    answer = bring(visitor, edited(visitor, costs="5 Euro")).follow()
    (row,) = answer.html.find("tbody").find_all("tr")
    assert row.find("code").text == "costs"
    assert row.find(class_="muted").text == "Kosten."


def test_a_plan_that_has_been_overtaken_is_shown_anew_and_nothing_is_written(town: Site) -> None:
    visitor = town.signed_in("anna")
    page = bring(visitor, edited(visitor, summary="Kürzer.", revision="")).follow()
    with town.house.work() as directory:
        old = directory.service(SLUG).service
    publish(town.house, a_service(SLUG, title="Ganz anders", related=old.related))
    before = written(town.house)
    answer = page.forms["import-take"].submit(status=409)
    assert written(town.house) == before
    assert "Ganz anders" in answer.text
    answer.forms["import-take"].submit(status=303)
    assert stored(town).latest.document["title"]["de"] == "Wohnsitz abmelden"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("", b"", "Bitte wählen Sie eine Datei."),
        ("brief.pdf", b"%PDF", ".csv oder .xlsx"),
        ("liste.csv", b"title\nX\n", "Die Spalte „slug“ fehlt"),
        ("liste.csv", b"slug\nx\nx\n", "In Zeile 3 steht „x“"),
        ("liste.csv", b"slug;\0", "kein lesbarer Text"),
        ("liste.xlsx", b"PK\3\4kaputt", "keine Excel-Datei"),
        ("liste.csv", b"slug\n" + b"x" * 20_000_000, "zu groß"),
    ],
)
def test_a_file_that_cannot_be_taken_comes_back_with_a_sentence(town: Site, name: str, data: bytes, said: str) -> None:
    before = rows(town.house, "imports")
    answer = bring(town.signed_in("anna"), data, name, status=400)
    assert said in answer.html.find(role="alert").text
    assert rows(town.house, "imports") == before
    assert answer.forms["import"]


def test_a_text_in_the_place_of_a_file_is_no_file(town: Site) -> None:
    visitor = town.signed_in("anna")
    form = visitor.get("/desk/import").forms["import"]
    visitor.post("/desk/import", {"csrf_token": form["csrf_token"].value, "file": "slug"}, status=400)


def test_markup_in_a_file_is_text(town: Site) -> None:
    visitor = town.signed_in("anna")
    bad = "<img src=x onerror=alert(1)>"
    answer = bring(visitor, edited(visitor, summary=bad, nature=bad, **{bad: "x"}), f"{bad}.csv").follow()
    assert bad not in answer.text
    assert answer.html.find("main").find("img") is None


# Who sees it


def test_others_neither_see_nor_take_a_sheet(town: Site) -> None:
    path = "/desk/import/1"  # of rita
    for login in ("anna", "jonas", "nora"):
        visitor = town.signed_in(login)
        visitor.get(path, status=404)
        token = visitor.get("/desk").forms[0]["csrf_token"].value
        visitor.post(path, {"csrf_token": token, "mark": ""}, status=404)
    town.get(path, status=303)
    town.signed_in("rita").get("/desk/import/2", status=404)
    assert stored(town).latest.number == 1


def test_a_coordinator_sees_a_sheet_and_does_not_take_it(town: Site) -> None:
    visitor = town.signed_in("cora")
    assert "import-take" not in visitor.get("/desk/import/1").forms
    token = visitor.get("/desk").forms[0]["csrf_token"].value
    visitor.post("/desk/import/1", {"csrf_token": token, "mark": ""}, status=403)
    assert stored(town).latest.number == 1


def test_who_has_no_role_brings_nothing(town: Site) -> None:
    visitor = town.signed_in("nora")
    page = visitor.get("/desk/import")
    assert "import" not in page.forms
    token = page.forms[0]["csrf_token"].value
    files = [("file", "liste.csv", b"slug\nneu\n")]
    visitor.post("/desk/import", {"csrf_token": token}, upload_files=files, status=403)


# Many rows


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows are many."""
    monkeypatch.setattr(uploads, "AT_ONCE", 1)
    monkeypatch.setattr(uploads, "PULSE", 0.0)


def finished(visitor: TestApp, path: str) -> TestResponse:
    """The page as soon as it does not load itself anew any more."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        page = visitor.get(path)
        if page.html.find("meta", attrs={"http-equiv": "refresh"}) is None:
            return page
        assert page.html.find("progress")
        time.sleep(0.05)
    raise AssertionError("it does not end")


def new(*slugs: str, **cells: str) -> bytes:
    defaults = {"title": "Neu", "nature": "advisory", "office": "buergeramt"} | cells
    return as_csv([{"slug": slug, **defaults} for slug in slugs])


def test_many_rows_are_looked_through_and_taken_in_the_background(town: Site, small: None) -> None:
    visitor = town.signed_in("anna")
    path = bring(visitor, new("eins", "zwei", "drei")).headers["Location"]
    page = finished(visitor, path)
    assert page.html.find("table").text.count("Neu") == 3
    assert page.forms["import-take"].submit(status=303)
    assert "import-take" not in finished(visitor, path).forms
    assert [stored(town, slug).latest.author for slug in ("eins", "zwei", "drei")] == ["anna"] * 3
    with town.house.work() as directory:
        kept = directory.imports.latest("anna")[0]
    assert (kept.state, kept.total) == ("applied", 3)


def test_in_the_background_too_what_was_overtaken_is_shown_anew(town: Site, small: None) -> None:
    visitor, before = town.signed_in("anna"), rows(town.house, "imports")
    path = bring(visitor, new("eins", "zwei")).headers["Location"]
    form = finished(visitor, path).forms["import-take"]
    save(town.house, a_service("zwei", offices=("jugendamt",)))
    form.submit(status=303)
    page = finished(visitor, path)
    assert "Inzwischen hat sich etwas geändert" in page.text
    assert "import-take" not in page.forms
    assert rows(town.house, "imports") == before + 1
    with town.house.work() as directory:
        assert not directory.exists("eins")


def test_a_process_that_ended_in_the_middle_leaves_a_sheet_that_says_so(
    town: Site, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_start", lambda house, number, act: None)
    visitor = town.signed_in("anna")
    path = bring(visitor, new("eins", "zwei")).headers["Location"]
    assert visitor.get(path).html.find("meta", attrs={"http-equiv": "refresh"})
    monkeypatch.setattr(uploads, "SILENCE", timedelta(0))
    page = visitor.get(path)
    assert page.html.find("meta", attrs={"http-equiv": "refresh"}) is None
    assert "Es wurde nichts geschrieben." in page.html.find(role="alert").text


def test_a_fault_in_the_background_leaves_a_sheet_that_says_so(
    town: Site, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_anything: object) -> None:
        raise RuntimeError("Wort aus der Tabelle")

    monkeypatch.setattr(uploads, "outcome_of", fail)
    visitor = town.signed_in("anna")
    path = bring(visitor, new("eins", "zwei")).headers["Location"]
    assert "abgebrochen" in finished(visitor, path).html.find(role="alert").text


def test_a_long_plan_has_pages(town: Site) -> None:
    visitor = town.signed_in("anna")
    many = [f"neu-{number}" for number in range(PER_PAGE + 1)]
    path = bring(visitor, new(*many)).headers["Location"]
    first, second = visitor.get(path), visitor.get(f"{path}?page=2")
    assert len(first.html.find("tbody").find_all("tr")) == PER_PAGE
    assert len(second.html.find("tbody").find_all("tr")) == 1
