"""Who may do what, cell by cell through the web: every role for every office, in every state, with every step.

What is expected is read from the tables of the workflow alone. Each permitted cell has an entry of its own, so that all
cells share one house and none sees what another one did.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import a_service, an_office
from houses import CHEAP, PASSWORD, a_house, written
from sites import Site
from webtest import TestApp

from servicedir.directory import Directory
from servicedir.domain.history import Entry
from servicedir.domain.workflow import PERMISSIONS, SYSTEM, TRANSITIONS, Grant, Permission, Role, State
from servicedir.storage.people import People

OFFICE = "meldestelle"
OFFICES = {"own": OFFICE, "above": "buergeramt", "top": "dezernat", "below": "schalter", "other": "jugendamt"}
"""Where somebody has a role, seen from the entry's office: a role holds downwards and nowhere else."""
REACHING = {"own", "above", "top", "city"}

PEOPLE: dict[str, Grant | None] = {
    **{
        f"{role}-{where}": Grant(role, slug) for role in (Role.EDITOR, Role.REVIEWER) for where, slug in OFFICES.items()
    },
    "coordinator-city": Grant(Role.COORDINATOR),
    "administrator-city": Grant(Role.ADMINISTRATOR),
    "nobody-nowhere": None,
}

SITUATIONS: dict[str, tuple[str, ...]] = {
    "new": ("save",),
    "waiting": ("save", "submit"),
    "public": ("save", "publish"),
    "changed": ("save", "publish", "save"),
    "change-waiting": ("save", "publish", "save", "submit"),
    "gone": ("save", "publish", "retire"),
    "given-up": ("save", "retire"),
    "taken-up": ("save", "publish", "retire", "revive"),
}
"""How an entry comes to stand where it stands: each state, with and without something live."""

STATES = {
    "new": (State.PRIVATE, None),
    "waiting": (State.PENDING, None),
    "public": (State.PUBLISHED, 1),
    "changed": (State.PRIVATE, 1),
    "change-waiting": (State.PENDING, 1),
    "gone": (State.RETIRED, None),
    "given-up": (State.RETIRED, None),
    "taken-up": (State.PRIVATE, None),
}


def may(who: str) -> dict[State, frozenset[Permission]]:
    """What somebody may do in each state, by the table."""
    role, _dash, where = who.partition("-")
    return PERMISSIONS[Role(role)] if where in REACHING else {state: frozenset() for state in State}


def expected(who: str, situation: str, step: str) -> int:
    """The answer to a step, by the tables."""
    state, live = STATES[situation]
    permitted, transition = may(who)[state], TRANSITIONS[step]
    if Permission.VIEW not in permitted:
        return 404
    if state not in transition.starts or (transition.needs_live and not live):
        return 409
    return 303 if transition.permission in permitted else 403


CELLS = [(who, situation, step) for who in PEOPLE for situation in SITUATIONS for step in TRANSITIONS]


def slug_of(who: str, situation: str, step: str) -> str:
    """The entry of a cell: its own where something is done with it, else that of the situation."""
    return f"{situation}-{step}-{who}" if expected(who, situation, step) == 303 else situation


def make(directory: Directory, slug: str, steps: tuple[str, ...]) -> None:
    """An entry of the office that has come this way."""
    number = None
    for count, step in enumerate(steps):
        if step == "save":
            value = a_service(slug, offices=(OFFICE,), title=f"Fassung {count}")
            number = directory.save(value, based_on=number, by=SYSTEM).latest.number
        else:
            directory.move(slug, step, based_on=number or 0, by=SYSTEM)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("matrix")
    tree = ("dezernat", ""), ("buergeramt", "dezernat"), (OFFICE, "buergeramt"), ("schalter", OFFICE)
    house = a_house(folder, *(an_office(slug, parent=parent) for slug, parent in tree))
    with house.work(write=True) as directory:
        people = People(directory.people._session, hasher=CHEAP)
        for login, grant in PEOPLE.items():
            people.add(login, login, PASSWORD)
            if grant:
                people.grant(login, grant)
        for slug in dict.fromkeys([*SITUATIONS, *(slug_of(*cell) for cell in CELLS)]):
            situation = next(
                s for s in sorted(SITUATIONS, key=len, reverse=True) if slug == s or slug.startswith(f"{s}-")
            )
            make(directory, slug, SITUATIONS[situation])
    house.close()
    site = Site(folder)
    yield site
    site.close()


def entry_of(site: Site, slug: str) -> Entry:
    with site.house.work() as directory:
        return directory.entry(slug, SYSTEM)[0]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_an_entry_stands_where_the_matrix_says(site: Site, situation: str) -> None:
    """So that the cells below are about what they say."""
    entry = entry_of(site, situation)
    assert (entry.state, entry.live) == STATES[situation]


@pytest.mark.parametrize("who", PEOPLE)
def test_a_page_offers_what_the_table_allows_and_nothing_else(site: Site, who: str) -> None:
    visitor = site.signed_in(who)
    for situation, (state, live) in STATES.items():
        permitted = may(who)[state]
        if Permission.VIEW not in permitted:
            for page in ("workflow", "edit", "history", "preview"):
                visitor.get(f"/services/{situation}/{page}", status=404)
            continue
        page = visitor.get(f"/services/{situation}/workflow")
        offered = {b["name"] for b in page.html.select("#step .forms-bar button, #retire .forms-bar button")}
        assert offered == {step for step in TRANSITIONS if expected(who, situation, step) == 303}, situation
        assert ("care" in page.forms) == (Permission.ASSIGN in permitted)
        assert ("rename" in page.forms) == (Permission.RENAME in permitted)
        assert bool(page.html.select('button[name="channel"]')) == (Permission.VERIFY in permitted and live is not None)
        assert bool(page.html.select('a[href^="/desk/previews?"]')) == (Permission.SHARE in permitted)
        assert bool(page.html.select('a[href$="/edit"]')) == (Permission.EDIT in permitted)
        visitor.get(f"/services/{situation}/edit", status=200 if Permission.EDIT in permitted else 303)


@pytest.mark.parametrize("who", PEOPLE)
def test_a_step_is_taken_or_refused_as_the_table_says(site: Site, who: str) -> None:
    visitor, token = signed_in(site, who)
    before, taken = written(site.house), 0
    for situation in SITUATIONS:
        for step, transition in TRANSITIONS.items():
            slug, status = slug_of(who, situation, step), expected(who, situation, step)
            old = entry_of(site, slug)
            form = "retire" if step == "retire" else "step"
            sent = {"csrf_token": token, "__formid__": form, step: step, "based_on": str(old.latest.number)}
            visitor.post(f"/services/{slug}/workflow", {**sent, "why": "Darum"}, status=status)
            if status == 303:
                taken += 1
                new, before = entry_of(site, slug), written(site.house)
                assert new.state is transition.ends, (situation, step)
                assert (new.live is not None) == seen_after(step, old)
            else:
                assert written(site.house) == before, (situation, step)
                assert entry_of(site, slug) == old
    assert taken == sum(expected(who, *cell) == 303 for person, *cell in CELLS if person == who)


def seen_after(step: str, old: Entry) -> bool:
    """Whether outsiders see something after a step: publishing shows, retiring hides, nothing else does either."""
    return step == "publish" or (step != "retire" and old.live is not None)


OTHERS: dict[str, tuple[Permission, dict[str, str]]] = {
    "verify": (Permission.VERIFY, {"channel": ""}),
    "care": (Permission.ASSIGN, {"responsible": "", "review_months": "61"}),
    "rename": (Permission.RENAME, {"slug": "Kein Slug", "why": ""}),
}
"""What else is done on that page, as far as it can be done without changing an entry that others need."""


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("form", OTHERS)
def test_whatever_else_the_page_takes_is_refused_by_the_same_table(site: Site, who: str, form: str) -> None:
    visitor, token = signed_in(site, who)
    permission, fields = OTHERS[form]
    for situation, (state, live) in STATES.items():
        permitted, before = may(who)[state], written(site.house)
        status = 404 if Permission.VIEW not in permitted else 403
        if permission in permitted:  # and then with what is refused for its own sake
            status = 400 if form != "verify" else 303 if live else 409
        elif form == "verify" and status == 403 and not live:
            status = 409
        visitor.post(
            f"/services/{situation}/workflow", {"csrf_token": token, "__formid__": form, **fields}, status=status
        )
        assert (written(site.house) == before) == (status != 303), situation


@pytest.mark.parametrize("who", PEOPLE)
def test_a_link_is_made_by_who_may_share(site: Site, who: str) -> None:
    visitor, token = signed_in(site, who)
    for situation, (state, _live) in STATES.items():
        sent = [("csrf_token", token), ("__formid__", "preview"), ("__start__", "entries:sequence")]
        sent += [("entry", situation), ("__end__", "entries:sequence"), ("label", ""), ("days", "1")]
        status = 303 if Permission.SHARE in may(who)[state] else 400
        visitor.post("/desk/previews", sent, status=status)


def signed_in(site: Site, who: str) -> tuple[TestApp, str]:
    """A visitor with the token of their forms."""
    visitor = site.signed_in(who)
    token: str = visitor.get("/desk/previews").forms[0]["csrf_token"].value
    return visitor, token
