"""From a draft to what everybody reads: who may take which step from where, and what is said to those who may not."""

from __future__ import annotations

import re

import pytest
from builders import a_block, a_service
from houses import publish, written
from inquiring import EDIT, HISTORY, PREVIEW, SLUG, WORKFLOW, an_account, draft, form_of, standing, step
from pagecheck import faults
from sites import Site
from webtest import TestResponse

from servicedir.domain.inquiry import INQUIRY_STEPS, InquiryState

PAGES = (EDIT, WORKFLOW, HISTORY)

ROADS: dict[InquiryState, list[tuple[str, str]]] = {
    InquiryState.DRAFT: [],
    InquiryState.IN_APPROVAL: [("submit", "cora")],
    InquiryState.APPROVED: [("submit", "cora"), ("approve", "ada")],
    InquiryState.PUBLISHED: [("submit", "cora"), ("approve", "ada"), ("publish", "cora")],
}
"""How an inquiry that cora wrote comes to a state."""


def bring(site: Site, state: InquiryState) -> None:
    draft(site)
    for name, login in ROADS[state]:
        step(site, name, login)
    assert standing(site).state is state


def press(site: Site, login: str, name: str, status: int, **typed: str) -> TestResponse:
    """Send a step by hand, whether the page has its button or not, with the right token and number."""
    visitor = site.signed_in(login)
    page = visitor.get("/desk")
    token = re.search(r'name="csrf_token" value="(\w+)"', page.text)
    assert token
    number = str(standing(site).entry.latest.number)
    seen = re.search(r'name="seen" value="(\w+)"', visitor.get(WORKFLOW, status="*").text)
    fields = {"csrf_token": token[1], "__formid__": "step", "based_on": number, "why": "Darum", name: name}
    fields |= {"seen": seen[1] if seen else ""} | typed
    return visitor.post(WORKFLOW, fields, status=status)


def buttons(page: TestResponse) -> set[str]:
    return {str(button.get("name")) for button in page.html.select("form#step .forms-bar button")}


@pytest.mark.parametrize("state", InquiryState)
@pytest.mark.parametrize("name", INQUIRY_STEPS)
@pytest.mark.parametrize("login", ["cora", "ada"])
def test_each_step_is_taken_from_where_it_starts_and_never_approved_by_who_wrote(
    town: Site, state: InquiryState, name: str, login: str
) -> None:
    bring(town, state)
    before = written(town.house)
    starts, ends = INQUIRY_STEPS[name]
    is_own = name == "approve" and login == "cora"
    page = town.signed_in(login).get(WORKFLOW)
    assert (name in buttons(page)) == (state is starts and not is_own)
    assert faults(page.text, "de") == []
    if state is not starts:
        answer = press(town, login, name, 409)
    elif is_own:
        answer = press(town, login, name, 403)
    else:
        press(town, login, name, 303)
        assert standing(town).state is ends
        return
    assert answer.html.find(role="alert").get_text(strip=True)
    assert standing(town).state is state
    assert written(town.house) == before


@pytest.mark.parametrize("state", InquiryState)
@pytest.mark.parametrize("login", ["", "anna", "rita", "nora"])
def test_others_see_and_do_nothing(town: Site, state: InquiryState, login: str) -> None:
    bring(town, state)
    before = written(town.house)
    visitor = town.signed_in(login) if login else town.visitor()
    for there, nowhere in [(path, path.replace(SLUG, "no-such")) for path in PAGES]:
        one, two = visitor.get(there, status="*"), visitor.get(nowhere, status="*")
        assert one.status_int == two.status_int == (403 if login else 303)
        assert "Beratung per Video" not in one.text
    if login:
        for name in INQUIRY_STEPS:
            press(town, login, name, 403)
    assert written(town.house) == before


def test_who_wrote_is_named_and_told_why_there_is_no_button(town: Site) -> None:
    bring(town, InquiryState.IN_APPROVAL)
    page = town.signed_in("cora").get(WORKFLOW).html
    text = " ".join(page.get_text(" ").split())
    assert "Mitgeschrieben haben: Cora" in text
    assert "Freigeben kann sie nur, wer nicht mitgeschrieben hat." in text


def test_who_wrote_any_of_it_does_not_approve(town: Site) -> None:
    an_account(town, "otto")
    draft(town)
    draft(town, by="ada", reference="AF2/26")
    step(town, "submit")
    for login in ("cora", "ada"):
        press(town, login, "approve", 403)
    press(town, "otto", "approve", 303)
    assert standing(town).answers[0].by == "otto"


def test_what_is_approved_shows_both_clocks_and_the_checksum(town: Site) -> None:
    bring(town, InquiryState.IN_APPROVAL)
    page = press(town, "ada", "approve", 303).follow()
    frozen = page.html.find(attrs={"aria-labelledby": "frozen"})
    (answer,) = standing(town).answers
    assert answer.checksum in frozen.get_text()
    assert {"Beantwortet für den Tag", "Stand des Wissens"} <= {one.get_text() for one in frozen.select("dt")}


def test_returning_needs_a_remark_which_the_writer_reads(town: Site) -> None:
    bring(town, InquiryState.IN_APPROVAL)
    page = press(town, "ada", "reject", 400, why=" ")
    assert page.html.select_one("#step--problems a")["href"] == "#step-why"
    assert standing(town).state is InquiryState.IN_APPROVAL
    press(town, "ada", "reject", 303, why="Es fehlt das Jahr.")
    assert "Es fehlt das Jahr." in town.signed_in("cora").get(WORKFLOW).text


@pytest.mark.parametrize("number", ["0", "7", "x", "-1", ""])
def test_a_step_from_an_old_page_is_not_taken(town: Site, number: str) -> None:
    bring(town, InquiryState.DRAFT)
    before = written(town.house)
    press(town, "cora", "submit", 400 if number == "x" else 409, based_on=number)
    assert written(town.house) == before


def test_what_was_changed_meanwhile_is_not_approved_unread(town: Site) -> None:
    bring(town, InquiryState.IN_APPROVAL)
    form = town.signed_in("ada").get(WORKFLOW).forms["step"]
    step(town, "withdraw")
    draft(town, reference="untergeschoben")
    step(town, "submit")
    again = form.submit("approve", status=409)
    assert again.html.find(role="alert")
    # What can be seen to be overtaken without making it is not made; pressed again, it is made and shown.
    assert again.html.select_one("#answer") is None
    assert again.forms["step"].submit("approve", status=409).html.select_one("#answer")
    assert standing(town).answers == ()


def test_what_says_something_else_than_the_page_is_not_approved_but_shown_anew(town: Site) -> None:
    draft(town, a_block("services"))
    step(town, "submit")
    page = town.signed_in("ada").get(WORKFLOW)
    assert "Schnurzelbom" not in page.html.select_one("#answer").get_text()
    publish(town.house, a_service("neu", title="Schnurzelbom"))
    form = page.forms["step"]
    form["why"] = "Gelesen."
    again = form.submit("approve", status=409)
    assert "Der Katalog hat sich geändert" in again.html.find(role="alert").get_text()
    assert "Schnurzelbom" in again.html.select_one("#answer").get_text()
    assert standing(town).answers == ()
    assert again.forms["step"]["why"].value == "Gelesen."
    again.forms["step"].submit("approve", status=303)
    assert len(standing(town).answers) == 1


def test_who_forgot_a_remark_still_has_what_was_read_and_nobody_waits_for_it_anew(town: Site) -> None:
    bring(town, InquiryState.IN_APPROVAL)
    form = town.signed_in("ada").get(WORKFLOW).forms["step"]
    for remark in ("", "x" * 501):
        form["why"] = remark
        again = form.submit("reject", status=400)
        assert again.html.select_one("#answer") is None
        assert again.forms["step"]["seen"].value == form["seen"].value != ""
    again.forms["step"]["why"] = ""
    again.forms["step"].submit("approve", status=303)
    assert len(standing(town).answers) == 1


def test_without_the_mark_of_a_page_nothing_is_approved(town: Site) -> None:
    bring(town, InquiryState.IN_APPROVAL)
    for forged in ("", "0" * 64):
        press(town, "ada", "approve", 409, seen=forged)
    assert standing(town).answers == ()


def test_who_cannot_approve_reads_the_answer_elsewhere(town: Site) -> None:
    bring(town, InquiryState.IN_APPROVAL)
    page = town.signed_in("cora").get(WORKFLOW)
    assert page.html.select_one("#answer") is None
    assert page.html.select_one("#next ~ p a")["href"] == f"{EDIT}#answer"


def test_a_forged_step_is_refused(town: Site) -> None:
    bring(town, InquiryState.DRAFT)
    before = written(town.house)
    press(town, "cora", "retire", 400)
    press(town, "cora", "submit", 400, state="published")
    assert written(town.house) == before


def test_an_inquiry_that_is_not_published_is_unknown_outside(town: Site) -> None:
    draft(town, title="Schnurzelbom")
    for state in (InquiryState.DRAFT, InquiryState.IN_APPROVAL, InquiryState.APPROVED):
        for name, login in ROADS[state][-1:]:
            step(town, name, login)
        for path in ("/inquiries/", "/api/v1/inquiries", "/sitemap.xml", "/", "/feed.atom"):
            assert SLUG not in town.get(path).text.replace("AF-1", "")
            assert "Schnurzelbom" not in town.get(path).text
        for path in (
            f"/inquiries/{SLUG}",
            f"/inquiries/{SLUG}/1",
            f"/inquiries/{SLUG}.json",
            f"/api/v1/inquiries/{SLUG}",
        ):
            assert "Schnurzelbom" not in town.get(path, status=404).text
    step(town, "publish")
    assert "Schnurzelbom" in town.get(f"/inquiries/{SLUG}").text


def test_a_new_draft_beside_what_is_published_is_unknown_outside(town: Site) -> None:
    bring(town, InquiryState.PUBLISHED)
    draft(town, title="Schnurzelbom")
    page = town.get(f"/inquiries/{SLUG}")
    assert "Beratung per Video" in page.text
    assert "Schnurzelbom" not in page.text
    assert "Schnurzelbom" not in town.get(f"/inquiries/{SLUG}/today").text


def test_the_history_says_what_was_changed_question_by_question(town: Site) -> None:
    draft(town)
    form = form_of(town.signed_in("cora").get(EDIT))
    form["reference"] = "AF2/26"
    form["why"] = "Aktenzeichen berichtigt"
    form.submit("save", status=303)
    page = town.signed_in("ada").get(HISTORY)
    assert faults(page.text, "de") == []
    newest = page.html.select("tbody tr")[0].get_text(" ")
    assert "Aktenzeichen berichtigt" in newest
    assert [one.get_text() for one in page.html.select("tbody tr")[0].select("li")] == ["Aktenzeichen"]


def test_the_preview_is_for_those_who_answer(town: Site) -> None:
    draft(town)
    form = form_of(town.signed_in("cora").get(EDIT))
    assert town.visitor().post(PREVIEW, form.submit_fields(), status="4*").status_int in (400, 401)
