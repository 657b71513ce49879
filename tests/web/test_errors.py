"""Answers that are none: what happened, what to do next, and nothing that tells strangers more than they may know."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from builders import a_service
from faces import DATA, DESK, PUBLIC, addresses
from houses import publish, save
from pagecheck import Page, faults
from problems import problem
from sites import Site
from structlog.testing import capture_logs

from servicedir.search import open_index

# 404


NOTHING = [
    "/no-such-page",
    "/services/no-such",
    "/services/",
    "/services/no-such/no-such",
    "/offices/no-such",
    "/topics/no-such",
    "/services/NO-SUCH",
    "/services/%00",
    "/services/a%2fb",
    "/services/..",
    "/services/" + "x" * 2000,
    "/index.php",
    "/.git/config",
    "/.env",
    "/a-z/",
    "//",
]


@pytest.mark.parametrize("path", NOTHING)
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_not_there_gets_a_search_box(city: Site, path: str, language: str) -> None:
    answer = city.ask(f"{path}?lang={language}")
    assert answer.status_int == 404
    assert faults(answer.text, language) == []
    form = re.search(r'<form action="/[^"]*" method="get" role="search".*?</form>', answer.text, re.S)
    assert form
    assert 'name="q"' in form[0]
    assert ('name="lang" value="en"' in form[0]) == (language == "en")


@pytest.mark.parametrize(
    "path", ["/api/v1/services/no-such", "/api/v1/no-such", "/api/v1/services/", "/api/v2/services"]
)
def test_what_is_not_there_in_the_api_is_a_problem(city: Site, path: str) -> None:
    assert problem(city.get(path, status=404))["status"] == 404


def test_a_draft_is_not_told_from_nothing(town: Site) -> None:
    save(town.house, a_service("entwurf-aaaa"))
    save(town.house, a_service("given-up-aaaa"), "retire")
    for path in ("/services/{}", "/services/{}?on=2024-06-15", "/services/{}?lang=en", "/api/v1/services/{}"):
        nothing, draft, given_up = (
            town.get(path.format(slug), status=404) for slug in ("nothing-aaaa", "entwurf-aaaa", "given-up-aaaa")
        )
        for there in (draft, given_up):
            slug = there.request.path.rpartition("/")[2]
            assert there.text.replace(slug, "nothing-aaaa") == nothing.text
            assert dict(there.headers) | {"Content-Length": ""} == dict(nothing.headers) | {"Content-Length": ""}
    of_entries = {name: [path for path in paths if path.startswith("/services/{slug}")] for name, paths in DESK.items()}
    for path in addresses(of_entries, slug="{}"):
        shape = path.replace("%7B%7D", "{}")
        nothing, draft = (town.get(shape.format(slug), status="*") for slug in ("nothing-aaaa", "entwurf-aaaa"))
        assert nothing.status_int == draft.status_int == 303
        assert draft.headers["Location"].replace("entwurf-aaaa", "nothing-aaaa") == nothing.headers["Location"]
        editor = town.signed_in("jonas")
        nothing, draft = (editor.get(shape.format(slug), status=404) for slug in ("nothing-aaaa", "entwurf-aaaa"))
        assert draft.text.replace("entwurf-aaaa", "nothing-aaaa") == nothing.text


@pytest.mark.parametrize(
    "path", ["//evil.example.org", "//evil.example.org/x", "///evil.example.org", "//evil.example.org/services/x/edit"]
)
def test_no_link_of_an_error_page_leads_away(city: Site, path: str) -> None:
    answer = city.ask(path)
    assert answer.status_int == 404
    for element in Page(answer.text).elements:
        for name in ("href", "src", "action"):
            assert not element.attributes.get(name, "").startswith("//")


# 403


def test_whoever_lacks_a_role_is_told_which_and_who_gives_it(town: Site) -> None:
    answer = town.signed_in("nora").get("/services/add", status=403)
    assert faults(answer.text, "de") == []
    assert "Rolle" in answer.text
    assert "Koordination" in answer.text


@pytest.mark.parametrize(("login", "path", "roles"), [
    ("anna", "/admin/words", "Koordination oder Administration"),
    ("anna", "/admin/people", "Koordination oder Administration"),
    ("cora", "/admin/audit", "Administration"),
    ("cora", "/admin/people/add", "Administration"),
])  # fmt: skip
def test_for_what_concerns_the_whole_city_the_role_is_one_of_the_city(
    town: Site, login: str, path: str, roles: str
) -> None:
    answer = town.signed_in(login).get(path, status=403)
    assert f"braucht die Rolle {roles}. Die Administration kann sie Ihnen geben." in answer.text
    assert "Redaktion oder Freigabe" not in answer.text


def test_the_door_says_as_well_which_role_of_the_city_is_missing(town: Site) -> None:
    visitor = town.signed_in("cora")
    with town.house.work() as directory:
        number = directory.people.account("ada").number
    token = visitor.get("/admin/people").forms[0]["csrf_token"].value
    sent = {"csrf_token": token, "role": "administrator", "office": ""}
    answer = visitor.post(f"/admin/people/{number}/roles/end", sent, status=403)
    assert "braucht die Rolle Administration." in answer.text


# 500


def broken(town: Site, table: str) -> None:
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO gone")


def test_an_unexpected_fault_has_a_number_to_quote_and_tells_nothing_else(town: Site) -> None:
    visitor = town.signed_in("rita")
    broken(town, "accounts")
    with capture_logs() as logs:
        answer = visitor.get("/services/wohnsitz-abmelden/edit?secret-word=canary", status=500)
    assert faults(answer.text, "de") == []
    number = answer.html.main.strong.get_text()
    assert re.fullmatch(r"[0-9a-f]{8}", number)
    (line,) = [line for line in logs if line["log_level"] == "error"]
    assert line["number"] == number
    assert line["route"] == "edit"
    assert "canary" not in json.dumps(line)
    assert "rita" not in json.dumps(line)
    for telling in ("sqlite", "accounts", "Traceback", "servicedir/", ".py", "SELECT", "no such table"):
        assert telling not in answer.text


def test_an_unexpected_fault_of_the_api_is_a_problem(town: Site) -> None:
    broken(town, "revisions")
    answer = town.get("/api/v1/services/wohnsitz-abmelden?recorded=2100-01-01T00:00:00Z", status=500)
    detail = problem(answer)["detail"]
    assert "revisions" not in detail
    assert re.search(r" [0-9a-f]{8}$", detail)


def away(town: Site) -> Path:
    """Take the database away: whoever opens it finds a folder, where its file belongs."""
    town.house.database.dispose()
    file = Path(town.house.database.engine.url.database)
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    return file


def test_readers_notice_nothing_while_the_database_is_away(town: Site) -> None:
    town.get("/")
    away(town)
    # What was once so is read from the database alone, and so are answers that were frozen, with their files.
    told = ("recorded", "/history", "/inquiries", "/api/v1/changes", "/api/v1/figures")
    told += ("/data/services.", "/feed", "/sitemap", "/readyz")
    for path in addresses({**PUBLIC, **DATA}):
        is_away = any(part in path for part in told)
        answer = town.get(path, status=503 if is_away else 200)
        if is_away and path != "/readyz":
            assert answer.headers["Retry-After"] == "60"
            assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(("lang", "sentence"), [("de", "in einer Minute noch einmal"), ("en", "again in a minute")])
@pytest.mark.parametrize("path", ["/inquiries/", "/inquiries/af0147-24", "/inquiries/af0147-24.pdf"])
def test_an_answer_that_cannot_be_read_now_can_be_read_later(town: Site, path: str, lang: str, sentence: str) -> None:
    visitors = (town.visitor(), town.signed_in("cora"))
    file = away(town)
    for visitor in visitors:
        answer = visitor.get(f"{path}?lang={lang}", status=503)
        assert faults(answer.text, lang) == []
        assert sentence in answer.text
    file.rmdir()
    file.with_suffix(".away").rename(file)
    town.get(path)


def test_whether_it_can_serve_is_told_to_who_asks(town: Site) -> None:
    assert town.get("/readyz").text == "ok\n"
    with town.house.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    answer = town.get("/readyz", status=503)
    assert "schema" in answer.text
    assert town.get("/healthz").text == "ok\n"


def test_an_index_that_is_lost_is_missed_by_nobody_and_written_anew_with_the_next_change(town: Site) -> None:
    folder = town.house.settings.data / "index"
    shutil.rmtree(folder)
    before = town.get("/api/v1/services").json["total"]
    assert before > 0
    assert town.get("/readyz").text == "ok\n"
    publish(town.house, a_service("neu", title="Neues"))
    assert town.get("/api/v1/services").json["total"] == before + 1
    town.house.index.close()
    again = open_index("whoosh", folder)
    assert len(again.titles()) == before + 1
    with town.house.work() as directory:
        assert again.difference(directory.all_published()) == []


# Bodies that no form of ours sends


BODIES = {
    "no boundary": ("multipart/form-data", b"x"),
    "an empty boundary": ("multipart/form-data; boundary=", b"x"),
    "a broken multipart": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
    "a bad charset": ("application/x-www-form-urlencoded; charset=utf-99", b"a=b"),
    "utf-16": ("application/x-www-form-urlencoded; charset=utf-16", "a=b".encode("utf-16")),
    "utf-7": ("application/x-www-form-urlencoded; charset=utf-7", b"+ADw-x1+AD4-=b"),
    "no utf-8": ("application/x-www-form-urlencoded", b"\xff=\xfe&csrf_token=\xff"),
    "percents": ("application/x-www-form-urlencoded", b"%ff=%&%zz=1"),
    "json": ("application/json", b'{"login": "x"}'),
    "broken json": ("application/json", b"{"),
    "xml": ("text/xml", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"),
    "no type": ("", b"a=b"),
    "an odd type": ("\xff", b"a=b"),
    "nothing": ("application/x-www-form-urlencoded", b""),
    "many": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3000))),
    "deep brackets": ("application/x-www-form-urlencoded", b"__start__=a:mapping&" * 2000),
}


@pytest.mark.parametrize("path", ["/login", "/logout", "/services/add", "/", "/api/v1/services"])
def test_a_body_that_nobody_can_read_is_refused(town: Site, path: str) -> None:
    for visitor in (town.visitor(), town.signed_in("rita")):
        for name, (kind, raw) in BODIES.items():
            answer = visitor.post(path, raw, content_type=kind, status="*", expect_errors=True)
            assert answer.status_int in (400, 401, 404, 405, 415), name


UNREADABLE = {
    "no boundary": BODIES["no boundary"],
    "an empty boundary": BODIES["an empty boundary"],
    "a multipart without a boundary in another": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: multipart/mixed\r\n\r\nb\r\n--x--\r\n',
    ),
    "a part in an encoding that there is not": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: a/b; charset=utf-99\r\n\r\nb\r\n--x--',
    ),
}


@pytest.mark.parametrize("path", ["/services/wohnsitz-abmelden/hint", "/subscribe", "/embed/clicks", "/login"])
@pytest.mark.parametrize("case", UNREADABLE)
def test_a_form_that_nobody_can_read_is_refused_with_a_sentence(town: Site, path: str, case: str) -> None:
    kind, raw = UNREADABLE[case]
    headers = {"Content-Type": kind, "Origin": "http://localhost"}
    with capture_logs() as logs:
        answer = town.visitor().post(path, raw, headers=headers, status=400)
    assert "nicht lesbar" in answer.text
    assert [line for line in logs if line["log_level"] == "error"] == []


# In whose words


@pytest.mark.parametrize("path", ["/api/v1/no-such", "/api/v1/services/no-such", "/hsds/no-such"])
def test_programs_are_told_where_all_addresses_are_and_not_to_search(city: Site, path: str) -> None:
    said = problem(city.get(path, status=404))
    assert (said["title"], said["detail"]) == (
        "Diese Adresse gibt es nicht",
        "Unter http://localhost/api/ stehen alle, die es gibt.",
    )


@pytest.mark.parametrize(
    ("path", "is_search"),
    [
        ("/api/v1/services?video=x", True),
        ("/api/v1/changes?since=x", False),
        ("/api/v1/figures?year=x", False),
        ("/api/v1/services/wohnsitz-abmelden?recorded=x", False),
        ("/data/services.csv?on=99", False),
        ("/data/?on=99", False),
        ("/?on=99", True),
        ("/?lang=x", False),
    ],
)
def test_only_searches_are_called_so(city: Site, path: str, is_search: bool) -> None:
    answer = city.get(path, status=400)
    said = "Diese Suche kann so nicht gestellt werden" if is_search else "Das kann so nicht beantwortet werden"
    if answer.content_type == "application/problem+json":
        assert answer.json["title"] == said
    else:
        assert re.search(rf"<h1[^>]*>{said}</h1>", answer.text)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_parameter_that_is_called_as_it_is_written_is_named_once(city: Site, language: str) -> None:
    path = f"/hsds/services?taxonomy_term_id=x&taxonomy_term_id=y&lang={language}"
    answer = city.get(path, status="*")
    (error,) = answer.json["errors"]
    assert error["detail"].count("taxonomy_term_id") == 1
