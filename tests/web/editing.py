"""The form of an entry in tests: filled in and sent as a browser would, and what came of it."""

from __future__ import annotations

from typing import Any

from sites import Site
from webtest import Form, TestResponse

from servicedir.domain.history import Entry, Kind
from servicedir.domain.service import Service
from servicedir.domain.workflow import SYSTEM

EDIT = "/services/wohnsitz-abmelden/edit"
NASTY = "Grüße 🏛️ aus </textarea><script>alert(1)</script> \"'&amp; ${7*7} {0.__class__} \u202eRTL"


def form_of(page: TestResponse) -> Form:
    form: Form = page.forms["service"]
    return form


def by_id(form: Form, identifier: str) -> Any:
    """The control with an id: names repeat from entry to entry of a list, ids do not."""
    (found,) = (control for _name, control in form.field_order if control.id == f"service-{identifier}")
    return found


def fill(form: Form, **values: Any) -> None:
    """Type into controls: `channels__0__kind="phone"` is the one with the id `channels-0-kind`."""
    for name, value in values.items():
        by_id(form, name.replace("__", "-")).value = value


def press(form: Form, button: str, status: int = 303, **options: Any) -> TestResponse:
    return form.submit(button, status=status, **options)


def act(form: Form, action: str) -> TestResponse:
    """Press a button of a list, such as `add:channels`."""
    actions = [value for control in form.fields["__list__"] for value in [control._value]]
    return form.submit("__list__", index=actions.index(action), status=200)


def entry_of(site: Site, slug: str = "wohnsitz-abmelden") -> tuple[Entry, Service]:
    with site.house.work() as directory:
        return directory.entry(slug, SYSTEM)


def live(site: Site, slug: str = "wohnsitz-abmelden") -> Service:
    with site.house.work() as directory:
        return directory.service(slug).service


def authors(site: Site, slug: str = "wohnsitz-abmelden") -> list[tuple[int, str]]:
    with site.house.work() as directory:
        return [(r.number, r.author) for r in directory.revisions.history(Kind.SERVICE, slug)]


def problems(page: TestResponse) -> dict[str, str]:
    """Id of the field -> sentence, as the summary of errors links them."""
    return {
        link["href"].removeprefix("#service-"): link.get_text(" ", strip=True)
        for link in page.html.select("#service--problems a")
    }
