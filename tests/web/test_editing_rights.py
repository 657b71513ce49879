"""Who may not change an entry finds no button for it and gets nothing by writing a request of their own."""

from __future__ import annotations

from urllib.parse import urlsplit

from builders import a_grant, a_service, an_office
from editing import EDIT, NASTY, authors, by_id, entry_of, fill, form_of, live, press, problems
from faces import DESK, addresses
from houses import publish, save, written
from pagecheck import faults
from sites import Site
from webtest import Form

from servicedir.domain.history import Kind
from servicedir.domain.workflow import Role, State

# Who may not


def test_an_editor_of_another_office_finds_nothing(town: Site) -> None:
    visitor = town.signed_in("jonas")
    save(town.house, a_service("entwurf"))
    for slug in ("wohnsitz-abmelden", "entwurf", "never-there"):
        for path in addresses({name: DESK[name] for name in ("edit", "preview", "history", "workflow")}, slug=slug):
            assert visitor.get(path, status="*").status_int == 404, path
    before = written(town.house)
    own = form_of(visitor.get("/services/hundesteuer/edit"))
    sent = own.submit_fields("save")
    for slug in ("wohnsitz-abmelden", "entwurf"):
        visitor.post(f"/services/{slug}/edit", sent, status=404)
        for step in ("publish", "submit", "retire", "revive", "withdraw", "reject"):
            token = {"csrf_token": own["csrf_token"].value, "based_on": "1", "__formid__": "step", step: step}
            visitor.post(f"/services/{slug}/workflow", token, status=404)
    assert written(town.house) == before
    assert "wohnsitz-abmelden" not in visitor.get("/desk/entries").text
    assert "hundesteuer" in visitor.get("/desk/entries").text


def test_whoever_has_no_role_has_an_empty_desk(town: Site) -> None:
    visitor = town.signed_in("nora")
    desk = visitor.get("/desk")
    assert faults(desk.text, "de") == []
    assert "/edit" not in desk.text
    visitor.get("/services/add", status=403)
    visitor.get(EDIT, status=404)


def test_only_who_may_publish_has_the_button(town: Site) -> None:
    for login, path, buttons in (
        ("anna", EDIT, {"save", "submit"}),
        ("rita", EDIT, {"save", "submit", "publish"}),
        ("cora", EDIT, {"save", "submit", "publish"}),
        ("jonas", "/services/hundesteuer/edit", {"save", "submit"}),
        ("anna", "/services/add", {"save", "submit"}),
        ("jonas", "/services/add", {"save", "submit"}),
    ):
        form = form_of(town.signed_in(login).get(path))
        assert {name for name in form.fields if name in ("save", "submit", "publish")} == buttons


def test_a_forged_button_publishes_nothing(town: Site) -> None:
    visitor = town.signed_in("jonas")
    form = form_of(visitor.get("/services/hundesteuer/edit"))
    fill(form, title__de="Hundesteuer neu")
    before = written(town.house)
    sent = [pair for pair in form.submit_fields() if pair[0] not in ("save", "submit")]
    for button in ("publish", "retire", "step"):
        visitor.post("/services/hundesteuer/edit", [*sent, (button, button)], status=400)
    token = form["csrf_token"].value
    for step in ("publish", "retire", "revive", "reject", "fly", ""):
        visitor.post(
            "/services/hundesteuer/workflow",
            {"csrf_token": token, "based_on": "1", "__formid__": "step", step: step},
            status={"retire": 403, "fly": 403, "": 403}.get(step, 409),
        )
    assert written(town.house) == before
    assert live(town, "hundesteuer").title.get("de") == "Hundesteuer"


def step_form(site: Site, login: str, slug: str, name: str = "step") -> Form:
    form: Form = site.signed_in(login).get(f"/services/{slug}/workflow").forms[name]
    return form


def test_who_returns_an_entry_says_why_and_its_editor_reads_it(town: Site) -> None:
    save(town.house, a_service("wartet"), "submit")
    form = step_form(town, "rita", "wartet")
    for silent in ("", "   "):
        form["why"] = silent
        page = form.submit("reject", status=400)
        assert faults(page.text, "de") == []
        assert page.html.find(id="step-why")["aria-invalid"] == "true"
        assert entry_of(town, "wartet")[0].state is State.PENDING
    form["why"] = NASTY
    answer = form.submit("reject", status=303).follow()
    assert answer.html.find(role="status")
    assert entry_of(town, "wartet")[0].state is State.PRIVATE
    for path in ("/desk", "/services/wartet/workflow"):
        page = town.signed_in("anna").get(path)
        assert NASTY in page.html.get_text()
        assert faults(page.text, "de") == []


def test_the_page_of_steps_tells_what_was_done_and_by_whom(town: Site) -> None:
    for step in ("retire", "revive", "submit", "withdraw"):
        name = "retire" if step == "retire" else "step"
        step_form(town, "rita", "wohnsitz-abmelden", name).submit(step, status=303)
    log = town.signed_in("anna").get("/services/wohnsitz-abmelden/workflow").html.find(attrs={"aria-labelledby": "log"})
    rows = [row.get_text(" ", strip=True) for row in log.find_all("li")]
    assert len(rows) == 5
    assert all("Rita" in row for row in rows[:4])
    assert "servicedir" in rows[4]


def test_what_waits_for_review_is_not_changed_by_its_editor(town: Site) -> None:
    save(town.house, a_service("wartet"), "submit")
    sent_on = town.signed_in("anna").get("/services/wartet/edit", status=303)
    assert urlsplit(sent_on.headers["Location"]).path == "/services/wartet/workflow"
    form = form_of(town.signed_in("anna").get(EDIT))
    before = written(town.house)
    town.signed_in("anna").post("/services/wartet/edit", form.submit_fields("save"), status="4*")
    assert written(town.house) == before
    town.signed_in("rita").get("/services/wartet/edit", status=200)


# What was not asked


def test_a_field_that_the_form_does_not_have_is_refused(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, title__de="Verändert")
    before, sent = written(town.house), form.submit_fields("publish")
    for name in "state live author slug id revision number kind verified version recorded __class__ why2".split():
        answer = visitor.post(EDIT, [*sent, (name, "published")], status=400)
        assert faults(answer.text, "de") == []
    assert written(town.house) == before
    assert live(town).title.get("de") == "Wohnsitz abmelden"


def test_a_choice_that_was_not_offered_is_refused(town: Site) -> None:
    for login, slug, field, value in (
        ("anna", "wohnsitz-abmelden", "office", "jugendamt"),
        ("anna", "wohnsitz-abmelden", "office", "nirgends"),
        ("anna", "wohnsitz-abmelden", "channels-0-kind", "fax"),
        ("anna", "wohnsitz-abmelden", "channels-0-periods-0-stage", "magic"),
    ):
        visitor = town.signed_in(login)
        form = form_of(visitor.get(f"/services/{slug}/edit"))
        by_id(form, field).force_value(value)
        page = press(form, "save", status=400)
        assert set(problems(page)) == {field}
    assert authors(town) == [(1, "system")]


def test_an_entry_is_given_to_another_office_by_who_may_act_for_both(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.people.grant("anna", a_grant(Role.EDITOR, "jugendamt"))
    form = form_of(town.signed_in("anna").get(EDIT))
    fill(form, office="jugendamt")
    press(form, "save")
    assert entry_of(town)[1].office == "jugendamt"
    form = form_of(town.signed_in("jonas").get(EDIT))
    fill(form, office="jugendamt")


def test_an_entry_of_an_office_that_is_gone_can_be_given_to_another(town: Site) -> None:
    publish(town.house, an_office("aufgeloest"), a_service("waise", offices=("aufgeloest",)))
    with town.house.work(write=True) as directory:
        directory.revisions.move(Kind.OFFICE, "aufgeloest", "retire", based_on=1, author="x", reason="")
    town.house.catch_up()
    visitor = town.signed_in("cora")
    for path in addresses({name: DESK[name] for name in ("edit", "preview", "history", "workflow")}, slug="waise"):
        visitor.get(path)
    form = form_of(visitor.get("/services/waise/edit"))
    page = press(form, "save", status=400)
    assert set(problems(page)) == {"office"}
    form = form_of(page)
    fill(form, office="buergeramt")
    press(form, "publish")
    assert live(town, "waise").office == "buergeramt"
