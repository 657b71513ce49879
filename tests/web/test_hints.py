"""Citizens point out what is wrong, without an account or a cookie; the office sees it, does something and says so."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from houses import SECRET, rows, save, written
from pagecheck import faults
from sites import Site
from webtest import TestApp, TestResponse

from servicedir.domain.hint import HintFilter, HintState, Subject
from servicedir.domain.workflow import SYSTEM
from servicedir.web.open_form import OLDEST, QUICKEST, stamp

SLUG = "wohnsitz-abmelden"
HINT, FEEDBACK = f"/services/{SLUG}/hint", "/accessibility"
TEXT = "Die Telefonnummer gehört jetzt jemand anderem."
CONTACT = "kim@example.org"


def filled(site: Site, path: str = HINT, *, age: int = 60, visitor: TestApp | None = None, **typed: str) -> Any:
    """The form of a page, filled in, by somebody who has had it before them for a while."""
    form = (visitor or site.visitor()).get(path).forms["hint"]
    if "hint-subject" in form.fields:
        form["hint-subject"] = "wrong"
    for name, value in ({"text": TEXT} | typed).items():
        form[name] = value
    about = SLUG if path == HINT else ""
    form["csrf_token"] = stamp(SECRET, about, int(site.house.now().timestamp()) - age)
    return form


def held(site: Site) -> list[tuple[str, str, str]]:
    """Slug, text and address of all hints, newest first, but for the one that every town has."""
    with site.house.work() as directory:
        tasks = directory.hints.all(SYSTEM, HintFilter(states=frozenset(HintState)))
        return [(task.hint.slug, task.hint.text, task.hint.contact) for task in tasks][:-1]


# Sending


@pytest.mark.parametrize(("path", "slug"), [(HINT, SLUG), (FEEDBACK, "")])
@pytest.mark.parametrize("contact", ["", CONTACT])
def test_what_somebody_writes_is_kept_and_thanked_for(town: Site, path: str, slug: str, contact: str) -> None:
    visitor = town.visitor()
    answer = filled(town, path, visitor=visitor, contact=contact).submit("send", status=303)
    thanks = answer.follow()
    assert "Danke für Ihren Hinweis" in thanks.text
    assert faults(thanks.text, "de") == []
    assert held(town) == [(slug, TEXT, contact)]
    assert not visitor.cookies


def test_the_page_of_a_service_leads_to_the_form_and_a_preview_does_not(town: Site) -> None:
    assert HINT in town.get(f"/services/{SLUG}").text
    assert HINT not in town.signed_in("anna").get(f"/services/{SLUG}/preview").text


def test_in_english_everything_stays_in_english(town: Site) -> None:
    form = filled(town, HINT)
    answer = town.visitor().post(f"{HINT}?lang=en", form.submit_fields("send"), status=303)
    assert answer.headers["Location"].endswith(f"{HINT}/thanks?lang=en")


def test_somebody_signed_in_sends_it_as_anybody_does(town: Site) -> None:
    filled(town, visitor=town.signed_in("rita")).submit("send", status=303)
    assert held(town) == [(SLUG, TEXT, "")]


def test_an_accessibility_form_asks_for_no_subject_since_it_has_one(town: Site) -> None:
    filled(town, FEEDBACK).submit("send", status=303)
    with town.house.work() as directory:
        assert directory.hints.all(SYSTEM)[0].hint.subject is Subject.ACCESSIBILITY


def test_there_is_no_form_for_what_is_not_published(town: Site) -> None:
    with town.house.work() as directory:
        service = directory.service(SLUG).service
    save(town.house, replace(service, slug="nur-entwurf", related=()))
    form = filled(town)
    for slug in ("nur-entwurf", "gibt-es-nicht"):
        for path in (f"/services/{slug}/hint", f"/services/{slug}/hint/thanks"):
            town.get(path, status=404)
        town.visitor().post(f"/services/{slug}/hint", form.submit_fields("send"), status=404)
    shown, nothing = (town.get(f"/services/{slug}/hint", status=404) for slug in ("nur-entwurf", "gibt-es-nicht"))
    assert shown.text.replace("nur-entwurf", "X") == nothing.text.replace("gibt-es-nicht", "X")
    assert held(town) == []


def test_what_was_retired_is_gone_for_hints_as_well(town: Site) -> None:
    form = filled(town)
    with town.house.work(write=True) as directory:
        directory.move(SLUG, "retire", based_on=1, by=SYSTEM)
    town.get(HINT, status=410)
    form.submit("send", status=410)


# Refusing

REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "too little": ({"text": "falsch!"}, "mindestens 10 Zeichen"),
    "too much": ({"text": "x" * 2001}, "höchstens 2000 Zeichen"),
    "nothing": ({"text": ""}, "füllen Sie dieses Feld aus"),
    "advertising": ({"text": "http://a.example https://b.example www.c.example HTTP://d.example"}, "Werbung"),
    "no address": ({"contact": "kim at example"}, "keine E-Mail-Adresse"),
    "two addresses": ({"contact": "a@example.org,b@example.org"}, "keine E-Mail-Adresse"),
    "a header in the address": ({"contact": "a@example.org?bcc=b"}, "keine E-Mail-Adresse"),
    "a robot": ({"homepage": "https://spam.example"}, "leeren Sie dieses Feld"),
}


@pytest.mark.parametrize("path", [HINT, FEEDBACK])
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_comes_back_with_a_sentence_and_all_that_was_typed(
    town: Site, path: str, case: str
) -> None:
    typed, sentence = REFUSED[case]
    answer = filled(town, path, **{"contact": CONTACT, **typed}).submit("send", status=400)
    form = answer.forms["hint"]
    for name, value in ({"text": TEXT, "contact": CONTACT} | typed).items():
        assert form[name].value == value
    assert sentence in answer.text
    assert faults(answer.text, "de") == []
    assert "Set-Cookie" not in answer.headers
    assert held(town) == []


@pytest.mark.parametrize(
    ("age", "sentence"),
    [(QUICKEST - 2, "schneller, als Menschen schreiben"), (OLDEST + 60, "länger als einen Tag"), (-60, "schneller")],
)
def test_a_form_has_its_time(town: Site, age: int, sentence: str) -> None:
    answer = filled(town, age=age, contact=CONTACT).submit("send", status=400)
    assert sentence in answer.text
    assert answer.forms["hint"]["text"].value == TEXT
    assert held(town) == []


def test_who_was_too_fast_sends_the_same_form_again(town: Site) -> None:
    """The page that comes back carries the old stamp, so that nobody waits a second time."""
    form = filled(town, age=QUICKEST - 1)
    again = form.submit("send", status=400).forms["hint"]
    assert again["csrf_token"].value == form["csrf_token"].value
    late = filled(town, age=OLDEST + 1)
    assert late.submit("send", status=400).forms["hint"]["csrf_token"].value != late["csrf_token"].value


@pytest.mark.parametrize(
    "token",
    [
        stamp(SECRET, "hundesteuer", 1),
        stamp(SECRET, "", 1),
        stamp("another secret that is as long as it has to be", SLUG, 1),
        "ffffffff" + "0" * 64,
        "",
        "-1",
        "ä" * 8,
        "9" * 5000,
    ],
)
def test_a_stamp_of_another_form_is_not_taken(town: Site, token: str) -> None:
    form = filled(town)
    form["csrf_token"] = token
    assert "kam nicht von unserer Seite" in form.submit("send", status=400).text
    assert held(town) == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_that_a_browser_sends_from_elsewhere_is_not_taken(town: Site, site: str) -> None:
    filled(town).submit("send", status=400, headers={"Sec-Fetch-Site": site})
    assert held(town) == []
    filled(town).submit("send", status=303, headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"})
    assert len(held(town)) == 1


@pytest.mark.parametrize("extra", ["id", "state", "slug", "entry_id", "closed_by", "remark"])
def test_a_field_that_is_not_in_the_form_is_refused(town: Site, extra: str) -> None:
    controls = filled(town).submit_fields("send")
    town.visitor().post(HINT, [*controls, (extra, "done")], status=400)
    assert held(town) == []


def send_many(site: Site, address: str, many: int, path: str = HINT) -> TestResponse:
    visitor = TestApp(site.app, extra_environ={"REMOTE_ADDR": address})
    for number in range(many):
        answer = filled(site, path, visitor=visitor, text=f"{TEXT} {number} {address}").submit("send", status="*")
    return answer


def test_from_one_address_only_so_many_are_taken_in_an_hour(town: Site) -> None:
    assert send_many(town, "192.0.2.1", 5).status_int == 303
    answer = send_many(town, "192.0.2.1", 6)
    assert answer.status_int == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.forms["hint"]["text"].value.startswith(TEXT)
    assert faults(answer.text, "de") == []
    assert send_many(town, "192.0.2.1", 1, FEEDBACK).status_int == 429
    assert send_many(town, "192.0.2.2", 1).status_int == 303
    assert len(held(town)) == 6


def test_the_addresses_of_one_household_are_counted_together(town: Site) -> None:
    assert send_many(town, "2001:db8::1", 5).status_int == 303
    assert send_many(town, "2001:db8:0:ff::1", 1).status_int == 429
    assert send_many(town, "2001:db8:0:100::1", 1).status_int == 303


def test_no_address_is_kept(town: Site) -> None:
    filled(town, contact=CONTACT).submit("send", status=303)
    dump = "\n".join(dumped(town))
    assert "127.0.0.1" not in dump
    assert dump.count(CONTACT) == 1


def dumped(site: Site) -> list[str]:
    with site.house.database.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return [str(row) for name in tables for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]  # noqa: S608 - named there


def test_a_form_sent_twice_is_one_hint(town: Site) -> None:
    form = filled(town)
    for _click in range(2):
        form.submit("send", status=303)
    assert held(town) == [(SLUG, TEXT, "")]


def test_looking_writes_nothing(town: Site) -> None:
    before = written(town.house), rows(town.house, "attempts")
    for path in (HINT, FEEDBACK, f"{HINT}/thanks", "/accessibility/thanks"):
        town.get(path)
    town.signed_in("rita").get("/desk/hints")
    assert (written(town.house), rows(town.house, "attempts")) == before


EVIL = '<script>alert(1)</script> "><img src=x onerror=alert(1)> ${7*7} {{7*7}} [x](javascript:alert(1))'


def test_what_strangers_write_is_text_at_the_desk_and_nowhere_else(town: Site) -> None:
    filled(town, text=EVIL).submit("send", status=303)
    page = town.signed_in("anna").get("/desk/hints")
    assert faults(page.text, "de") == []
    assert EVIL in page.html.find("blockquote").text
    for path in ("/", f"/services/{SLUG}", f"/api/v1/services/{SLUG}", HINT, "/?q=onerror"):
        assert "onerror=alert" not in town.get(path).text


# At the desk


def list_of(site: Site, login: str, query: str = "") -> TestResponse:
    return site.signed_in(login).get(f"/desk/hints{query}")


def texts_in(page: TestResponse) -> list[str]:
    return [quote.text for quote in page.html.find_all("blockquote")]


@pytest.fixture
def busy(town: Site) -> Site:
    """A town with a hint on an entry of each of two offices, and one on the directory."""
    filled(town, text="Das Bürgeramt irrt sich.", contact=CONTACT).submit("send", status=303)
    with town.house.work(write=True) as directory:
        directory.hints.give("hundesteuer", subject=Subject.UNCLEAR, text="Das versteht kein Hund.")
    filled(town, FEEDBACK, text="Ich komme nicht weiter.").submit("send", status=303)
    return town


@pytest.mark.parametrize(
    ("login", "seen"),
    [
        ("anna", ["Das Bürgeramt irrt sich.", "Die Nummer stimmt nicht."]),
        ("rita", ["Das Bürgeramt irrt sich.", "Die Nummer stimmt nicht."]),
        ("jonas", ["Das versteht kein Hund."]),
        ("nora", []),
        (
            "cora",
            [
                "Ich komme nicht weiter.",
                "Das versteht kein Hund.",
                "Das Bürgeramt irrt sich.",
                "Die Nummer stimmt nicht.",
            ],
        ),
    ],
)
def test_each_office_sees_its_own_newest_first(busy: Site, login: str, seen: list[str]) -> None:
    page = list_of(busy, login)
    assert texts_in(page) == seen
    assert faults(page.text, "de") == []


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("?office=buergeramt", 2),
        ("?office=jugendamt", 1),
        ("?subject=accessibility", 1),
        ("?subject=wrong&office=jugendamt", 0),
        ("?state=open", 4),
        ("?state=done", 0),
        ("?state=all", 4),
    ],
)
def test_the_list_can_be_filtered(busy: Site, query: str, seen: int) -> None:
    assert len(texts_in(list_of(busy, "cora", query))) == seen


@pytest.mark.parametrize("query", ["state=x", "office=x", "subject=x", "state=waiting%00"])
def test_a_filter_that_there_is_not_is_refused(town: Site, query: str) -> None:
    town.signed_in("cora").get(f"/desk/hints?{query}", status=400)


def test_they_are_counted_by_office_and_subject(busy: Site) -> None:
    cells = [[cell.text for cell in row.find_all(["th", "td"])] for row in list_of(busy, "cora").html.find_all("tr")]
    assert cells[0][1:] == [
        "Angabe falsch",
        "Link funktioniert nicht",
        "schwer zu verstehen",
        "Barriere",
        "etwas anderes",
        "zusammen",
    ]
    assert cells[1:] == [
        ["das Verzeichnis selbst", "0", "0", "0", "1", "0", "1"],
        ["Buergeramt", "2", "0", "0", "0", "0", "2"],
        ["Jugendamt", "0", "0", "1", "0", "0", "1"],
    ]


def test_a_hint_is_taken_finished_and_opened_again_with_a_remark(busy: Site) -> None:
    visitor = busy.signed_in("anna")
    for step, shown in (("take", "in Arbeit"), ("finish", "erledigt"), ("reopen", "offen")):
        form = visitor.get("/desk/hints?state=all&office=buergeramt").forms["task-2"]
        form["remark"] = f"Bemerkung {step}"
        answer = form.submit("step", value=step, status=303)
        assert answer.headers["Location"].endswith(f"/desk/hints?state=all&office=buergeramt&done={step}")
        page = answer.follow()
        assert "einen anderen Stand" in page.text
        assert page.forms["task-2"]["remark"].value == f"Bemerkung {step}"
        article = page.html.find(id="task-2").parent
        assert f"{shown}, Anna" in article.find("p").text


def test_what_is_done_waits_no_more(busy: Site) -> None:
    visitor = busy.signed_in("anna")
    visitor.get("/desk/hints").forms["task-2"].submit("step", value="reject", status=303)
    assert texts_in(visitor.get("/desk/hints")) == ["Die Nummer stimmt nicht."]
    assert texts_in(visitor.get("/desk/hints?state=rejected")) == ["Das Bürgeramt irrt sich."]


def test_who_comes_second_is_told(busy: Site) -> None:
    slow = busy.signed_in("rita").get("/desk/hints").forms["task-2"]
    busy.signed_in("anna").get("/desk/hints").forms["task-2"].submit("step", value="finish", status=303)
    answer = slow.submit("step", value="take", status=409)
    assert "Jemand anderes war schneller" in answer.text
    assert faults(answer.text, "de") == []


FORGED: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "another step": lambda fields: fields | {"step": "publish"},
    "no step": lambda fields: fields | {"step": ""},
    "another state": lambda fields: fields | {"was": "live"},
    "no number": lambda fields: fields | {"number": "x"},
    "a long number": lambda fields: fields | {"number": "9" * 30},
    "NUL": lambda fields: fields | {"remark": "a\0b"},
}


@pytest.mark.parametrize("case", FORGED)
def test_a_step_that_there_is_not_is_refused(busy: Site, case: str) -> None:
    visitor = busy.signed_in("anna")
    fields = dict(visitor.get("/desk/hints").forms["task-2"].submit_fields("step", index=0))
    visitor.post("/desk/hints", FORGED[case](fields), status=400)
    assert "offen" in list_of(busy, "anna", "?state=open").text


@pytest.mark.parametrize(("login", "number"), [("jonas", 2), ("anna", 3), ("anna", 4), ("nora", 2), ("cora", 99)])
def test_the_hints_of_others_cannot_be_moved_and_are_as_good_as_none(busy: Site, login: str, number: int) -> None:
    visitor = busy.signed_in(login)
    page = visitor.get("/desk/hints").text
    assert f'name="number" value="{number}"' not in page
    found = re.search(r'name="csrf_token" value="(\w+)"', page)
    assert found
    fields = {"csrf_token": found[1], "number": str(number), "was": "open", "step": "finish", "remark": ""}
    visitor.post("/desk/hints", fields, status=404)
    with busy.house.work() as directory:
        assert all(task.hint.state is HintState.OPEN for task in directory.hints.all(SYSTEM))


# Taking away


def exported(site: Site, login: str, query: str = "") -> list[dict[str, str]]:
    answer = list_of(site, login, query).forms
    (form,) = {id(form): form for form in answer.values() if "export" in form.action}.values()
    sent = form.submit(status=200)
    assert sent.content_type == "text/csv"
    assert re.fullmatch(r'attachment; filename="hints-\d{4}-\d\d-\d\d\.csv"', sent.headers["Content-Disposition"])
    return list(csv.DictReader(io.StringIO(sent.body.decode("utf-8-sig")), delimiter=";"))


def test_the_filtered_list_can_be_downloaded_without_addresses(busy: Site) -> None:
    (row,) = exported(busy, "cora", "?office=jugendamt")
    assert row["text"] == "Das versteht kein Hund."
    assert (row["slug"], row["office"], row["subject"], row["state"]) == (
        "hundesteuer",
        "jugendamt",
        "schwer zu verstehen",
        "offen",
    )
    everything = exported(busy, "cora")
    assert len(everything) == 4
    assert CONTACT not in str(everything)
    assert len(exported(busy, "anna")) == 2


@pytest.mark.parametrize("text", ["=1+1 ist hier falsch", "@SUM(A1) ist falsch", "+49 351 ist falsch", "-1 ist falsch"])
def test_nothing_in_it_is_a_formula(town: Site, text: str) -> None:
    filled(town, text=text).submit("send", status=303)
    assert exported(town, "anna")[0]["text"] == f"'{text}"


def test_who_downloads_stands_in_the_audit_log(busy: Site) -> None:
    exported(busy, "anna")
    with busy.house.work() as directory:
        line = next(line for line in directory.people.audit_log() if line.action == "export")
        assert (line.actor, line.object, line.detail["rows"]) == ("anna", "hints", 2)
