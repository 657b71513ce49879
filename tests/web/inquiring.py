"""The pages of officers in tests: an inquiry in the making, its form filled in, and what came of it."""

from __future__ import annotations

from typing import Any

from builders import an_inquiry
from houses import ACCOUNTS
from sites import Site
from webtest import Form, TestResponse

from servicedir.directory.answering import Standing
from servicedir.domain.inquiry import Block
from servicedir.domain.workflow import SYSTEM, Grant, Person, Role
from servicedir.storage.people import People

SLUG = "af-1"
EDIT, WORKFLOW, HISTORY, PREVIEW = (f"/inquiries/{SLUG}/{page}" for page in ("edit", "workflow", "history", "preview"))


def person(login: str) -> Person:
    return Person(login, grants=ACCOUNTS.get(login, (Grant(Role.COORDINATOR),)))


def an_account(site: Site, login: str, role: Role = Role.COORDINATOR) -> None:
    """One more person with a role in the whole city."""
    with site.house.work(write=True) as directory:
        people: People = directory.people
        people.add(login, login.capitalize(), "Gelbe Fahrraeder im Regen")
        people.grant(login, Grant(role))


def draft(site: Site, *blocks: Block, by: str = "cora", **fields: Any) -> Standing:
    """Save an inquiry: the first time a new one, then a revision of it."""
    with site.house.work(write=True) as directory:
        numbers = [one.entry.latest.number for one in directory.answering.all(SYSTEM) if one.entry.slug == SLUG]
        based_on = numbers[0] if numbers else None
        directory.answering.save(an_inquiry(SLUG, *blocks, **fields), based_on=based_on, by=person(by))
    return standing(site)


def step(site: Site, name: str, by: str = "cora", why: str = "") -> None:
    with site.house.work(write=True) as directory:
        number = directory.answering.get(SLUG, SYSTEM).entry.latest.number
        directory.answering.step(SLUG, name, based_on=number, by=person(by), why=why)


def standing(site: Site, slug: str = SLUG) -> Standing:
    with site.house.work() as directory:
        return directory.answering.get(slug, SYSTEM)


def form_of(page: TestResponse) -> Form:
    form: Form = page.forms["inquiry"]
    return form


def by_id(form: Form, identifier: str) -> Any:
    (found,) = (control for _name, control in form.field_order if control.id == f"inquiry-{identifier}")
    return found


def fill(form: Form, **values: Any) -> Form:
    """Type into controls: `questions__0__text__de="…"` is the one with the id `questions-0-text-de`."""
    for name, value in values.items():
        by_id(form, name.replace("__", "-")).value = value
    return form


def act(form: Form, action: str) -> Form:
    """Press a button of a list, such as `add:questions`; returns the form that comes back."""
    actions = [control._value for control in form.fields["__list__"]]
    return form_of(form.submit("__list__", index=actions.index(action), status=200))


def problems(page: TestResponse, form: str = "inquiry") -> dict[str, str]:
    """Id of the field -> sentence, as the summary of errors links them."""
    links = page.html.select(f"#{form}--problems a")
    return {link["href"].removeprefix(f"#{form}-"): link.get_text(" ", strip=True) for link in links}
