"""Where four eyes are asked for, the page of an entry's state says who else can publish."""

from __future__ import annotations

import pytest
from builders import a_grant, a_service, an_office
from houses import publish, written
from sites import Site
from webtest import TestResponse
from workflow import ENTRY, an_account, draft, form_of, page_of, press, send

from servicedir.domain.workflow import Role


@pytest.fixture
def strict(town: Site) -> Site:
    """A town in which an office wants four eyes; Rita and Frau Berta may publish there."""
    publish(town.house, an_office(four_eyes=True))
    an_account(town, "berta", a_grant(Role.REVIEWER))
    return town


def buttons(page: TestResponse, form: str) -> set[str]:
    return {button["name"] for button in page.html.select(f"#{form} .forms-bar button")}


def test_who_wrote_a_draft_reads_who_else_can_publish_it(strict: Site) -> None:
    draft(strict, "Neu", "rita")
    page = page_of(strict)
    assert buttons(page, "step") == {"submit", "discard"}
    assert "Vier-Augen-Prinzip" in page.text
    assert "Frau Berta" in page.text
    before = written(strict.house)
    press(strict, "rita", 403, __formid__="step", publish="publish", based_on="2")
    later = {"__start__": "at:mapping", "day": "2099-12-01", "time": "08:00", "__end__": "at:mapping"}
    press(strict, "rita", 403, __formid__="step", publish="publish", based_on="2", **later)
    assert written(strict.house) == before
    page = page_of(strict, "berta")
    assert "Vier-Augen-Prinzip" not in page.text
    send(page.forms["step"], "publish")
    assert "Neu" in strict.get(f"/services/{ENTRY}").text


def test_whoever_wrote_along_may_not_publish_either(strict: Site) -> None:
    draft(strict, "Neu", "rita")
    draft(strict, "Neuer", "berta")
    for login in ("rita", "berta"):
        assert "publish" not in buttons(page_of(strict, login), "step")
    assert "Cora" in page_of(strict).text
    send(form_of(strict, "step", "cora"), "publish")
    assert "Neuer" in strict.get(f"/services/{ENTRY}").text


def test_where_nobody_is_left_to_publish_the_page_says_so(strict: Site) -> None:
    draft(strict, "Neu", "rita")
    with strict.house.work(write=True) as directory:
        for account in directory.people.accounts():
            if account.person.login != "rita":
                directory.people.disable(account.person.login)
    page = page_of(strict)
    assert "Zurzeit kann ihn niemand veröffentlichen" in page.text
    assert "Frau Berta" not in page.text


def test_saving_and_publishing_at_once_is_not_for_who_writes(strict: Site) -> None:
    form = strict.signed_in("rita").get(f"/services/{ENTRY}/edit").forms["service"]
    assert {name for name in form.fields if name in ("save", "submit", "publish")} == {"save", "submit"}
    before = written(strict.house)
    sent = [pair for pair in form.submit_fields() if pair[0] not in ("save", "submit")]
    strict.signed_in("rita").post(f"/services/{ENTRY}/edit", [*sent, ("publish", "publish")], status=400)
    assert written(strict.house) == before


def test_an_office_below_one_that_wants_four_eyes_wants_them_too(strict: Site) -> None:
    publish(strict.house, a_service("ummelden", offices=("meldestelle",)))
    an_account(strict, "udo", a_grant(Role.REVIEWER, "meldestelle"))
    form = strict.signed_in("udo").get("/services/ummelden/edit").forms["service"]
    assert "publish" not in form.fields
