"""The audit log through the pages: found, paged through, taken along as CSV, and never a formula."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from houses import rows
from pagecheck import faults
from sites import Site
from webtest import TestResponse


@pytest.fixture
def told(town: Site) -> Site:
    """The town, in whose log is something of everything."""
    with town.house.work(write=True) as directory:
        for number in range(120):
            directory.people.audit("anna", "save", f"service/no-{number}", {"revision": number})
        directory.people.audit("=1+1", "@SUM(A1)", "\"'><x1 y=1>", {"-2": 'ä;"\n'})
    return town


def lines(page: TestResponse) -> list[str]:
    body = page.html.find("tbody")
    return [row.get_text(" ", strip=True) for row in body.find_all("tr")] if body else []


def test_the_log_is_read_page_by_page(told: Site) -> None:
    visitor = told.signed_in("ada")
    page = visitor.get("/admin/audit", {"actor": "anna"})
    assert len(lines(page)) == 100
    assert "service/no-119" in lines(page)[0]
    older = page.click("Ältere Zeilen")
    assert len(lines(older)) == 20
    assert "service/no-0" in lines(older)[-1]
    assert faults(older.text, "de") == []
    assert "Ältere Zeilen" not in older.text


def test_lines_are_found_by_what_they_say(told: Site) -> None:
    visitor = told.signed_in("ada")
    with told.house.work() as directory:
        today = directory.today
    for query, count in (
        ({"action": "save", "object": "no-7"}, 11),
        ({"actor": "nobody"}, 0),
        ({"actor": "anna", "since": today.isoformat(), "until": today.isoformat()}, 100),
        ({"since": (today + timedelta(days=1)).isoformat()}, 0),
        ({"until": (today - timedelta(days=1)).isoformat()}, 0),
    ):
        page = visitor.get("/admin/audit", query)
        assert len(lines(page)) == count
        assert faults(page.text, "de") == []


def test_what_was_done_is_said_in_the_language_of_the_page(told: Site) -> None:
    visitor = told.signed_in("ada")
    for language, name in (("de", "gespeichert"), ("en", "saved")):
        page = visitor.get("/admin/audit", {"actor": "anna", "lang": language})
        assert f" anna {name} service/no-119" in lines(page)[0]
        choice = page.html.find("option", value="save")
        assert choice.text == name
        assert not page.html.find_all("td", string="save")
    unknown = visitor.get("/admin/audit", {"action": "@SUM(A1)"})
    assert "@SUM(A1)" in lines(unknown)[0]
    assert unknown.html.find("option", selected=True).text == "@SUM(A1)"


@pytest.mark.parametrize(
    "query", ["since=soon", "until=2024-13-01", "before=x", "before=-1", "actor=%00", "before=%D9%A3"]
)
def test_what_cannot_be_asked_is_a_400(told: Site, query: str) -> None:
    assert faults(told.signed_in("ada").get(f"/admin/audit?{query}", status=400).text, "de") == []


def test_what_is_in_the_log_is_text(told: Site) -> None:
    page = told.signed_in("ada").get("/admin/audit")
    assert "<x1" not in page.text
    assert "=1+1" in lines(page)[0]


def test_the_log_is_taken_along_as_csv_and_says_so_itself(told: Site) -> None:
    visitor = told.signed_in("ada")
    before = rows(told.house, "audit")
    page = visitor.get("/admin/audit", {"action": "save"})
    assert rows(told.house, "audit") == before
    (form,) = [f for f in page.forms.values() if f.action.partition("?")[0] == "/admin/audit/export"]
    answer = form.submit(status=200)
    assert answer.content_type == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    table = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))
    assert table[0] == ["number", "at", "actor", "action", "object", "detail"]
    assert {row[3] for row in table[1:]} == {"save"}
    assert len(table) >= 121
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", table[1][1])
    newest = lines(visitor.get("/admin/audit"))[0]
    assert "Liste ausgegeben" in newest
    assert "ada" in newest


def test_no_cell_of_the_csv_is_a_formula(told: Site) -> None:
    visitor = told.signed_in("ada")
    page = visitor.get("/admin/audit")
    (form,) = [f for f in page.forms.values() if f.action.partition("?")[0] == "/admin/audit/export"]
    table = list(csv.reader(io.StringIO(form.submit().body.decode("utf-8-sig")), delimiter=";"))
    (line,) = [row for row in table if "1+1" in row[2]]
    assert line[2:4] == ["'=1+1", "'@SUM(A1)"]
    assert not [cell for row in table for cell in row if cell[:1] in "=+-@\t\r\n" and cell]


def test_signing_in_roles_and_passwords_leave_a_line_without_any_secret(town: Site) -> None:
    visitor = town.visitor()
    for password in ("wrong words entirely", "Gelbe Fahrraeder im Regen"):
        form = visitor.get("/login").forms["login"]
        form["login"], form["password"] = "cora", password
        form.submit("sign-in", status="*")
    with town.house.work() as directory:
        found = directory.people.audit_log(limit=2)
    assert [(line.actor, line.action, line.object) for line in found] == [
        ("cora", "sign in", "account/cora"),
        ("", "sign in refused", "account"),
    ]
    assert not any("wrong" in str(line) for line in found)
