"""The page of an entry's state as a person uses it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import Clock
from houses import CHEAP, PASSWORD
from pagecheck import faults
from sites import Site
from webtest import Form, TestResponse

from servicedir.domain.history import Entry, Scheduled
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, Grant
from servicedir.storage.people import People

ENTRY = "wohnsitz-abmelden"
PAGE = f"/services/{ENTRY}/workflow"


def page_of(site: Site, login: str = "rita", slug: str = ENTRY) -> TestResponse:
    page = site.signed_in(login).get(f"/services/{slug}/workflow")
    assert faults(page.text, "de") == []
    return page


def form_of(site: Site, name: str, login: str = "rita", slug: str = ENTRY) -> Form:
    form: Form = page_of(site, login, slug).forms[name]
    return form


def send(form: Form, button: str, status: int = 303, **values: str) -> TestResponse:
    for name, value in values.items():
        form[name] = value
    answer = form.submit(button, status=status)
    return answer.follow() if status == 303 else answer


def entry_of(site: Site, slug: str = ENTRY) -> Entry:
    with site.house.work() as directory:
        return directory.entry(slug, SYSTEM)[0]


def planned(site: Site, slug: str = ENTRY) -> list[Scheduled]:
    with site.house.work() as directory:
        return directory.planning.of(slug, SYSTEM)


def come(site: Site, clock: Clock, later: timedelta) -> None:
    """Let time go by, and do what is due."""
    clock.now += later
    with site.house.work(write=True) as directory:
        for step in directory.planning.due():
            assert directory.planning.take(step)


def problems(page: TestResponse, form: str) -> dict[str, str]:
    links = page.html.select(f"#{form}--problems a")
    return {link["href"].removeprefix(f"#{form}-"): link.get_text(" ", strip=True) for link in links}


def press(site: Site, login: str, status: int, slug: str = ENTRY, /, **fields: str) -> TestResponse:
    """Send the fields of a form by hand, with the right token."""
    visitor = site.signed_in(login)
    token = visitor.get("/desk/previews").forms[0]["csrf_token"].value
    return visitor.post(f"/services/{slug}/workflow", {"csrf_token": token, **fields}, status=status)


def an_account(site: Site, login: str, *grants: Grant) -> None:
    with site.house.work(write=True) as directory:
        people = People(directory.people._session, hasher=CHEAP)
        people.add(login, f"Frau {login.capitalize()}", PASSWORD)
        for grant in grants:
            people.grant(login, grant)


def draft(site: Site, title: str, login: str = "anna") -> None:
    """A draft beside what is live, written by somebody."""
    with site.house.work(write=True) as directory:
        entry, value = directory.entry(ENTRY, SYSTEM)
        person = directory.people.account(login).person
        directory.save(replace(value, title=Text.of(title)), based_on=entry.latest.number, by=person)
