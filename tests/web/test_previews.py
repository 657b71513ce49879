"""Preview links show chosen drafts to whoever has the address, for a time, and nobody anything else."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
import structlog
from builders import Clock, a_grant, a_service
from faces import DATA, PUBLIC, SHARED, addresses
from houses import SECRET, rows, save, written
from pagecheck import faults, links
from sites import Site
from webtest import Form, TestResponse

from servicedir.domain.history import Kind
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Grant, Role

PAGE = "/desk/previews"


@pytest.fixture
def clock(town: Site) -> Clock:
    clock = Clock()
    town.house.now = clock  # type: ignore[method-assign]  # the only clock of a house
    return clock


@pytest.fixture
def drafts(town: Site) -> Site:
    """A town with a new entry, a draft beside a live one, a draft that stays hidden, and one of another office."""
    with town.house.work() as directory:
        live = directory.service("wohnsitz-abmelden").service
    related = ("hundesteuer", "geheim")
    save(town.house, a_service("neu", title="Neuer Eintrag", body="Wortlaut im Entwurf", related=("hundesteuer",)))
    save(town.house, a_service("geheim", title="Kanarienentwurf"))
    save(town.house, replace(live, title=Text.of("Geänderter Titel"), related=related), based_on=1)
    save(town.house, a_service("fremd", title="Fremder Entwurf", offices=("jugendamt",)))
    return town


def form_of(site: Site, login: str = "anna", query: str = "") -> Form:
    page = site.signed_in(login).get(PAGE + query)
    assert faults(page.text, "de") == []
    form: Form = page.forms["preview"]
    return form


def share(site: Site, *slugs: str, login: str = "anna", label: str = "Für den Beirat", days: str = "14") -> str:
    """The path of a link that somebody makes at the desk."""
    form = form_of(site, login, "?" + "&".join(f"entry={slug}" for slug in slugs))
    form["label"], form["days"] = label, days
    page = form.submit("share", status=303).follow()
    assert page.html.find(role="status")
    return urlsplit(page.html.find(attrs={"aria-labelledby": "links"}).find("a")["href"]).path


def tail(path: str) -> str:
    return path.removeprefix("/previews/")


def nothing(site: Site, path: str) -> str:
    """What a wrong address of that kind is answered with, without the words of the address itself."""
    return site.get(path, status=404).text.replace(path, "PATH")


# By the link


def test_whoever_has_the_link_sees_the_newest_revision_without_account_and_cookie(drafts: Site) -> None:
    link = share(drafts, "neu", "wohnsitz-abmelden")
    visitor = drafts.visitor()
    page = visitor.get(link)
    assert faults(page.text, "de") == []
    assert "Für den Beirat" in page.text
    assert {a["href"] for a in page.html.select("main a")} == {f"{link}/neu", f"{link}/wohnsitz-abmelden"}
    page = visitor.get(f"{link}/neu")
    assert faults(page.text, "de") == []
    assert page.html.h1.get_text(strip=True) == "Neuer Eintrag"
    assert "Wortlaut im Entwurf" in page.text
    assert "Vorschau, nicht veröffentlicht, gültig bis" in page.html.find(class_="notice").get_text()
    assert visitor.get(f"{link}/wohnsitz-abmelden").html.h1.get_text(strip=True) == "Geänderter Titel"
    assert not visitor.cookies
    save(drafts.house, a_service("neu", title="Noch neuer"), based_on=1)
    assert visitor.get(f"{link}/neu").html.h1.get_text(strip=True) == "Noch neuer"


@pytest.mark.parametrize("login", [None, "rita"])
def test_nothing_on_the_page_leads_to_editing_or_to_another_draft(drafts: Site, login: str | None) -> None:
    link = share(drafts, "neu", "wohnsitz-abmelden")
    visitor = drafts.signed_in(login) if login else drafts.visitor()
    for path in (link, f"{link}/neu", f"{link}/wohnsitz-abmelden", f"{link}/neu?lang=en"):
        page = visitor.get(path)
        for word in ("Kanarienentwurf", "Fremder Entwurf", "geheim"):
            assert word not in page.text
        led = {urlsplit(found).path for found in links(page.text)}
        assert not [p for p in led if p.endswith(("/edit", "/history", "/workflow", "/preview"))]
        assert "/services/neu" not in led
        assert "application/ld+json" not in page.text
        assert "csrf_token" not in page.text
    assert visitor.get(f"{link}/wohnsitz-abmelden").html.find("a", href="/services/hundesteuer")


@pytest.mark.parametrize("below", ["", "/neu"])
def test_the_page_is_kept_by_nobody_and_its_address_handed_on_by_nobody(drafts: Site, below: str) -> None:
    answer = drafts.get(share(drafts, "neu") + below)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.html.find("meta", attrs={"name": "robots"})["content"] == "noindex, nofollow, noarchive"
    assert not answer.html.find("link", rel=["canonical", "alternate"])
    assert "Set-Cookie" not in answer.headers
    assert "ETag" not in answer.headers


def test_only_what_was_chosen_is_shown(drafts: Site) -> None:
    link = share(drafts, "neu")
    for slug in ("geheim", "wohnsitz-abmelden", "hundesteuer", "fremd", "gibt-es-nicht"):
        drafts.get(f"{link}/{slug}", status=404)


def test_a_link_follows_an_entry_to_its_new_address(drafts: Site) -> None:
    link = share(drafts, "neu")
    with drafts.house.work(write=True) as directory:
        directory.rename("neu", "neuer", by=SYSTEM)
        directory.rename("geheim", "geheimer", by=SYSTEM)
    assert urlsplit(drafts.get(f"{link}/neu", status=301).headers["Location"]).path == f"{link}/neuer"
    assert drafts.get(f"{link}/neuer").headers["X-Robots-Tag"]
    drafts.get(f"{link}/geheim", status=404)


# What does not open


def ended(site: Site, clock: Clock) -> None:
    clock.now += timedelta(days=14)


def revoked(site: Site, clock: Clock) -> None:
    with site.house.work(write=True) as directory:
        directory.previews.revoke(1, directory.people.account("anna").person)


def disabled(site: Site, clock: Clock) -> None:
    with site.house.work(write=True) as directory:
        directory.people.disable("anna")


def without_role(site: Site, clock: Clock) -> None:
    with site.house.work(write=True) as directory:
        directory.people.ungrant("anna", Grant(Role.EDITOR, "buergeramt"))


def elsewhere(site: Site, clock: Clock) -> None:
    save(site.house, a_service("neu", offices=("jugendamt",)), based_on=1)


def retired(site: Site, clock: Clock) -> None:
    with site.house.work(write=True) as directory:
        directory.move("neu", "retire", based_on=1, by=SYSTEM)


ENDS: list[Callable[[Site, Clock], None]] = [ended, revoked, disabled, without_role, elsewhere, retired]


@pytest.mark.parametrize("end", ENDS)
def test_a_link_that_is_over_is_answered_as_one_that_never_was(
    drafts: Site, clock: Clock, end: Callable[[Site, Clock], None]
) -> None:
    link = share(drafts, "neu")
    drafts.get(f"{link}/neu")
    end(drafts, clock)
    never = f"/previews/1-{'0' * 64}"
    for path, other in ((link, never), (f"{link}/neu", f"{never}/neu")):
        assert nothing(drafts, path) == nothing(drafts, other)
        answer, control = drafts.get(path, status=404), drafts.get(other, status=404)
        assert sorted(answer.headers.items()) == sorted(control.headers.items())
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_token_that_was_not_made_here_opens_nothing(drafts: Site) -> None:
    link = share(drafts, "neu")
    token = tail(link)
    number, _dash, signature = token.partition("-")
    other = tail(share(drafts, "wohnsitz-abmelden"))
    unbound = hmac.new(SECRET.encode(), b"preview:1", sha256).hexdigest()
    wrong = [
        f"{number}-{signature[:-1]}{'0' if signature[-1] != '0' else '1'}",
        f"{number}-{signature.upper()}",
        f"{number}-{signature[:32]}",
        f"{number}-{other.partition('-')[2]}",
        f"{other.partition('-')[0]}-{signature}",
        f"0{number}-{signature}",
        f"{number}-{unbound}",
        f"999-{signature}",
        f"{'9' * 5000}-{signature}",
        f"{number}-",
        number,
        "-",
        "%00",
        "%D9%A1-" + signature,
    ]
    for path in addresses({"wrong": [f"/previews/{{token}}{below}" for below in ("", "/neu")]}, token="x"):
        for one in wrong:
            assert drafts.ask(path.replace("/x", f"/{one}")).status_int in (400, 404), one
    drafts.get(link)


def test_another_secret_makes_every_link_void(drafts: Site, town_with: Callable[..., Site]) -> None:
    link = share(drafts, "neu")
    with drafts.house.work() as directory:
        old = directory.previews.token(directory.previews.all(SYSTEM)[0])
    assert tail(link) == old
    object.__setattr__(drafts.house.settings, "secret", "another-secret-that-is-long-enough-for-tests")
    drafts.get(link, status=404)


def test_a_link_shows_what_is_left_of_its_entries(drafts: Site) -> None:
    link = share(drafts, "neu", "wohnsitz-abmelden")
    retired(drafts, Clock())
    page = drafts.get(link)
    assert {a["href"] for a in page.html.select("main a")} == {f"{link}/wohnsitz-abmelden"}
    drafts.get(f"{link}/neu", status=404)


def test_nobody_writes_through_a_link(drafts: Site) -> None:
    link = share(drafts, "neu")
    before = written(drafts.house)
    for path in (link, f"{link}/neu"):
        for method in ("POST", "PUT"):
            assert drafts.ask(path, method=method).status_int in (400, 404, 405)
    assert drafts.ask(link, method="HEAD").status_int == 200
    assert written(drafts.house) == before


def test_no_public_face_leads_to_a_preview_or_changes_by_one(drafts: Site) -> None:
    faces = addresses({**PUBLIC, **DATA, **SHARED})
    for _time in range(2):  # The page of open data tells how large the files are that were made meanwhile.
        before = {path: drafts.get(path, status="*").body for path in faces}
    token = tail(share(drafts, "neu", "wohnsitz-abmelden"))
    for path in faces:
        now = drafts.get(path, status="*").body
        assert token.encode() not in now
        if not path.startswith(("/login", "/robots.txt")):
            assert now == before[path], path
        assert b"/previews/" not in now or path.startswith(("/previews/", "/robots.txt")), path
    assert "Disallow: /previews/" in drafts.get("/robots.txt").text


def test_no_token_is_logged_or_kept(drafts: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with structlog.testing.capture_logs() as lines:
        link = share(drafts, "neu")
        drafts.get(link)
        drafts.get(f"{link}x", status=404)
        with drafts.house.database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE preview_entries")
        drafts.get(link, status=500)
    assert [line["route"] for line in lines if line["event"] == "request failed"] == ["shared"]
    token = tail(link)
    with drafts.house.work() as directory:
        audited = [repr(line) for line in directory.people.audit_log()]
    for said in (json.dumps(lines, default=str), *capsys.readouterr(), *audited):
        assert token not in said
        assert token.partition("-")[2] not in said


# At the desk


def test_the_address_of_a_link_is_shown_again_until_it_is_revoked(drafts: Site) -> None:
    link = share(drafts, "neu", "wohnsitz-abmelden")
    page = drafts.signed_in("anna").get(PAGE)
    assert f"http://localhost{link}" in page.html.find(attrs={"aria-labelledby": "links"}).get_text()
    page = page.forms["revoke-1"].submit("link", status=303).follow()
    assert page.html.find(role="status")
    assert link not in page.text
    drafts.get(link, status=404)


def test_the_pages_of_an_entry_lead_to_its_link(drafts: Site) -> None:
    visitor = drafts.signed_in("anna")
    for page in ("workflow", "preview"):
        way = visitor.get(f"/services/neu/{page}").html.find("a", href=f"{PAGE}?entry=neu")
        assert [control.value for control in visitor.get(way["href"]).forms["preview"].fields["entry"]] == ["neu"]


def answer_to(site: Site, login: str = "anna", *, status: int = 400, query: str = "", **values: str) -> TestResponse:
    form = form_of(site, login, query)
    for name, value in values.items():
        form.set(name, value, 0)
    return form.submit("share", status=status)


@pytest.mark.parametrize("slug", ["fremd", "gibt-es-nicht", "https://example.org/services/fremd", "x" * 300, "a/b"])
def test_what_one_may_not_share_is_refused_alike_and_stays_typed(drafts: Site, slug: str) -> None:
    before, made = written(drafts.house), rows(drafts.house, "previews")
    page = answer_to(drafts, query="?entry=wohnsitz-abmelden&entry=neu", entry=slug, label="Für wen", days="3")
    (problem,) = page.html.select("#preview--problems a")
    assert problem["href"] == "#preview-entries-0"
    assert page.forms["preview"].fields["entry"][0].value == slug
    assert page.forms["preview"]["label"].value == "Für wen"
    assert faults(page.text, "de") == []
    assert (written(drafts.house), rows(drafts.house, "previews")) == (before, made)


@pytest.mark.parametrize("days", ["0", "61", "-1", "", "x", "1e1", "1.5"])
def test_a_link_lives_for_one_to_sixty_days(drafts: Site, days: str) -> None:
    page = answer_to(drafts, query="?entry=neu", days=days)
    assert [a["href"] for a in page.html.select("#preview--problems a")] == ["#preview-days"]
    assert rows(drafts.house, "previews") == 0


def test_a_link_to_nothing_is_refused(drafts: Site) -> None:
    page = answer_to(drafts)
    assert [a["href"] for a in page.html.select("#preview--problems a")] == ["#preview-entries--legend"]


def test_a_field_added_by_hand_is_refused(drafts: Site) -> None:
    sent = form_of(drafts, query="?entry=neu").submit_fields("share")
    for name in ("author", "expires", "id", "revoked"):
        drafts.signed_in("anna").post(PAGE, [*sent, (name, "x")], status=400)
    assert rows(drafts.house, "previews") == 0


def test_what_nobody_sends_as_a_number_revokes_nothing(drafts: Site) -> None:
    share(drafts, "neu")
    visitor = drafts.signed_in("anna")
    token = visitor.get(PAGE).forms[0]["csrf_token"].value
    for number in ("", "x", "-1", "9" * 5000, "\u0661"):
        visitor.post(PAGE, {"csrf_token": token, "__formid__": "revoke", "link": number}, status=400)
    visitor.post(PAGE, {"csrf_token": token, "__formid__": "revoke", "link": "1", "author": "x"}, status=400)
    visitor.post(PAGE, {"csrf_token": token, "__formid__": "revoke", "link": "4711"}, status=404)
    assert len(visitor.get(PAGE).html.select('button[name="link"]')) == 1


def test_one_sees_and_revokes_ones_own_links_and_those_on_entries_that_one_knows(drafts: Site) -> None:
    with drafts.house.work(write=True) as directory:
        directory.people.grant("jonas", a_grant(Role.EDITOR, "meldestelle"))
    share(drafts, "neu")
    share(drafts, "neu", "fremd", login="cora")
    share(drafts, "fremd", login="jonas")

    def seen(login: str) -> set[str]:
        return {b["value"] for b in drafts.signed_in(login).get(PAGE).html.select('button[name="link"]')}

    assert seen("anna") == seen("rita") == {"1"}
    assert seen("jonas") == {"3"}
    assert seen("cora") == {"1", "2", "3"}
    assert seen("nora") == set()
    assert "Fremder Entwurf" not in drafts.signed_in("anna").get(PAGE).text
    visitor = drafts.signed_in("anna")
    token = visitor.get(PAGE).forms[0]["csrf_token"].value
    for number in ("2", "3"):
        visitor.post(PAGE, {"csrf_token": token, "__formid__": "revoke", "link": number}, status=404)
    drafts.signed_in("rita").get(PAGE).forms["revoke-1"].submit("link", status=303)
    assert seen("anna") == set()


def test_of_ones_own_link_one_reads_no_more_than_one_may_know_now(drafts: Site) -> None:
    share(drafts, "neu", "wohnsitz-abmelden")
    elsewhere(drafts, Clock())
    with drafts.house.work(write=True) as directory:
        entry, value = directory.entry("neu", SYSTEM)
        directory.save(replace(value, title=Text.of("Jetzt geheim")), based_on=entry.latest.number, by=SYSTEM)
    page = drafts.signed_in("anna").get(PAGE)
    assert "Jetzt geheim" not in page.text
    assert "die Sie nicht mehr sehen dürfen" in page.text


def test_an_account_that_is_gone_takes_its_links_along(drafts: Site) -> None:
    link = share(drafts, "neu")
    with drafts.house.work(write=True) as directory:
        assert directory.revisions.get(Kind.SERVICE, "neu")
        directory.people.disable("anna")
    drafts.get(link, status=404)
    with drafts.house.work(write=True) as directory:
        directory.people.disable("anna", False)
    drafts.get(link)
