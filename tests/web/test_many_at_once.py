"""Many entries changed at once, after a look, and taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from builders import a_service
from desks import NASTY, act, everything, fill, hits, titles
from houses import publish, save
from pagecheck import faults
from sites import Site
from webtest import TestApp, TestResponse

from servicedir.domain.service import ChannelKind
from servicedir.domain.workflow import SYSTEM, State


@pytest.fixture
def many(town: Site) -> Site:
    """A town with an entry for each filter."""
    fill(town)
    return town


def tick(visitor: TestApp, query: str, action: str, *slugs: str, status: int = 200, **chosen: str) -> TestResponse:
    form = visitor.get(f"/desk/entries?{query}").forms["bulk"]
    for box in form.fields.get("slug", []):
        box.checked = box._value in slugs
    for name, value in chosen.items():
        form[name] = value
    return form.submit("action", value=action, status=status)


def lines(page: TestResponse, name: str) -> list[list[str]]:
    found = page.html.find("section", attrs={"aria-labelledby": name})
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in (found.select("tbody tr") if found else [])
    ]


def entry_of(site: Site, slug: str) -> Any:
    with site.house.work() as directory:
        return directory.entry(slug, SYSTEM)


def test_many_are_changed_after_a_look_and_taken_back(many: Site) -> None:
    visitor = many.signed_in("cora")
    before = everything(many)
    page = tick(visitor, "", "office", "aal", "stumm", "wartet", office="jugendamt")
    assert everything(many) == before
    assert faults(page.text, "de") == []
    beside = "als Entwurf neben der öffentlichen Fassung"
    assert sorted(lines(page, "doing")) == [
        ["Aalfang neu", "Buergeramt", "Jugendamt", beside],
        ["Stumm", "Buergeramt", "Jugendamt", beside],
    ]
    assert lines(page, "skipped") == [["Wartet", "Der Eintrag liegt zur Prüfung. Das geht erst danach."]]
    form = page.forms["bulk-confirm"]
    form["why"] = NASTY
    done = form.submit("confirm", status=303).follow()
    assert faults(done.text, "de") == []
    assert done.html.find(role="status")
    assert [entry_of(many, slug)[1].office for slug in ("aal", "stumm")] == ["jugendamt"] * 2
    assert many.get("/services/stumm").html.find("a", href="/offices/buergeramt")
    listed = visitor.get("/desk/bulk")
    assert faults(listed.text, "de") == []
    assert "kann rückgängig gemacht werden" in listed.text
    undone = done.forms["bulk-undo"].submit("undo", status=303).follow()
    assert faults(undone.text, "de") == []
    assert "bulk-undo" not in undone.forms
    assert [entry_of(many, slug)[1].office for slug in ("aal", "stumm")] == ["buergeramt"] * 2
    again = done.forms["bulk-undo"].submit("undo", status=409)
    assert faults(again.text, "de") == []


def test_the_whole_list_is_taken_where_that_is_ticked(many: Site) -> None:
    publish(many.house, *(a_service(f"nummer-{number:03}", channels=()) for number in range(55)))
    visitor = many.signed_in("rita")
    page = tick(visitor, "q=nummer", "under_review", all=True)
    assert len(lines(page, "doing")) == 55
    page.forms["bulk-confirm"].submit("confirm", status=303)
    assert hits(visitor.get("/desk/entries?q=nummer&video=under_review&draft=1")) == 55


def test_the_persons_name_is_shown_and_entered(many: Site) -> None:
    visitor = many.signed_in("rita")
    page = tick(visitor, "", "responsible", "aal", "stumm", responsible="anna")
    assert sorted(lines(page, "doing")) == [["Aalfang neu", "niemand", "Anna", ""], ["Stumm", "Rita", "Anna", ""]]
    page.forms["bulk-confirm"].submit("confirm", status=303)
    assert hits(visitor.get("/desk/entries?responsible=anna")) == 2
    page = tick(visitor, "", "responsible", "aal", responsible="no one")
    assert lines(page, "doing") == [["Aalfang neu", "Anna", "niemand", ""]]


def test_when_something_changed_since_the_look_nothing_is_done_and_the_look_is_shown_anew(many: Site) -> None:
    page = tick(many.signed_in("anna"), "", "submit", "aal")
    form = page.forms["bulk-confirm"]
    form["why"] = "Bitte ansehen"
    save(many.house, a_service("aal", title="Aalfang ganz neu"), based_on=2)
    before = everything(many)
    again = form.submit("confirm", status=409)
    assert everything(many) == before
    assert faults(again.text, "de") == []
    assert lines(again, "doing")[0][0] == "Aalfang ganz neu"
    form = again.forms["bulk-confirm"]
    assert form["why"].value == "Bitte ansehen"
    form.submit("confirm", status=303)
    assert entry_of(many, "aal")[0].state is State.PENDING


def test_who_chooses_nothing_or_no_office_hears_so_and_loses_nothing(many: Site) -> None:
    visitor = many.signed_in("rita")
    page = tick(visitor, "q=stumm&sort=title", "submit", status=400)
    assert faults(page.text, "de") == []
    assert page.html.find(role="alert")
    assert titles(page) == ["Stumm"]
    assert "wer zuständig sein soll" in tick(visitor, "", "responsible", "stumm", status=400).text
    page = tick(visitor, "", "office", "stumm", "aal", status=400)
    assert {box["value"] for box in page.html.select('input[name="slug"][checked]')} == {"stumm", "aal"}


@pytest.mark.parametrize("action", ["office", "under_review", "submit", "responsible"])
def test_entries_of_other_offices_added_by_hand_are_neither_shown_nor_changed(many: Site, action: str) -> None:
    save(many.house, a_service("geheim", title="Kanarienvogel", offices=("jugendamt",), channels=()))
    visitor = many.signed_in("rita")
    token = visitor.get("/desk").forms[0]["csrf_token"].value
    pairs = [("csrf_token", token), ("action", action), ("office", "meldestelle"), ("responsible", "anna")]
    chosen = [("slug", slug) for slug in ("geheim", "hundesteuer")]
    page = visitor.post("/desk/bulk", [*pairs, *chosen])
    assert "Kanarienvogel" not in page.text
    assert "Hundesteuer" not in page.text
    assert lines(page, "doing") == []
    assert {line[1] for line in lines(page, "skipped")} == {
        "Diesen Eintrag gibt es nicht, oder Sie haben dort keine Rolle."
    }
    before = everything(many)
    visitor.post("/desk/bulk", [*pairs, *chosen, ("confirm", "1"), ("mark", "0" * 64)], status=409)
    assert everything(many) == before


def test_an_office_of_others_put_into_the_form_by_hand_changes_nothing(many: Site) -> None:
    visitor = many.signed_in("rita")
    form = visitor.get("/desk/entries").forms["bulk"]
    assert "jugendamt" not in [value for value, _chosen, _label in form["office"].options]
    token = form["csrf_token"].value
    body = [("csrf_token", token), ("action", "office"), ("office", "jugendamt"), ("slug", "stumm")]
    page = visitor.post("/desk/bulk", body)
    assert lines(page, "skipped") == [["Stumm", "Für das neue Amt fehlt Ihnen die Rolle."]]


FORGED: list[tuple[list[tuple[str, str]], int]] = [
    ([("action", "publish"), ("slug", "stumm")], 400),
    ([("action", "retire"), ("slug", "stumm"), ("confirm", "1")], 400),
    ([("slug", "stumm")], 400),
    ([("action", "submit"), ("slug", "x\0y")], 400),
    ([("action", "sub\0mit"), ("slug", "stumm")], 400),
    ([("action", "submit"), ("all", "1"), ("filter", "state=magic")], 400),
    ([("action", "submit"), ("all", "1"), ("filter", "office=nirgends")], 400),
    ([("action", "office"), ("office", "nirgends"), ("slug", "stumm")], 400),
    ([("action", "office"), ("office", "nirgends"), ("slug", "stumm"), ("confirm", "1")], 400),
    ([("action", "submit"), *(("slug", f"s{number}") for number in range(1001))], 400),
    ([("action", "submit"), *(("slug", f"s{number}") for number in range(1001)), ("confirm", "1")], 400),
    ([("undo", "1")], 404),
    ([("undo", "x")], 404),
    ([("undo", "9" * 50)], 404),
    ([("undo", "")], 404),
]


@pytest.mark.parametrize(("body", "status"), FORGED, ids=lambda case: str(case)[:60])
def test_what_no_form_of_ours_sends_is_refused(town: Site, body: list[tuple[str, str]], status: int) -> None:
    publish(town.house, a_service("stumm", channels=()))
    visitor = town.signed_in("cora")
    token = visitor.get("/desk").forms[0]["csrf_token"].value
    before = everything(town)
    page = visitor.post("/desk/bulk", [("csrf_token", token), *body], status=status)
    assert faults(page.text, "de") == []
    assert everything(town) == before


def test_a_file_in_place_of_a_word_is_refused(town: Site) -> None:
    visitor = town.signed_in("cora")
    token = visitor.get("/desk").forms[0]["csrf_token"].value
    values = {"csrf_token": token, "action": "submit", "slug": "hundesteuer", "filter": "", "all": ""}
    for name in ("action", "slug", "filter", "all"):
        others = {key: value for key, value in values.items() if key != name}
        others |= {"slug": ""} if name == "filter" else {}
        visitor.post("/desk/bulk", others, upload_files=[(name, "x.txt", b"1")], status=400)


def test_what_others_did_is_not_shown_and_not_taken_back(many: Site) -> None:
    page = tick(many.signed_in("anna"), "", "submit", "aal")
    answer = page.forms["bulk-confirm"].submit("confirm", status=303)
    number = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))["batch"]
    before = everything(many)
    for login in ("rita", "jonas", "nora"):
        visitor = many.signed_in(login)
        visitor.get(f"/desk/bulk?batch={number}", status=404)
        listed = visitor.get("/desk/bulk")
        assert f"batch={number}" not in listed.text
        token = listed.forms[0]["csrf_token"].value
        visitor.post("/desk/bulk", {"csrf_token": token, "undo": number}, status=404)
    assert everything(many) == before
    many.signed_in("cora").get(f"/desk/bulk?batch={number}")
    for nonsense in ("x", "-1", "٢", "9" * 40):
        many.signed_in("cora").get("/desk/bulk", {"batch": nonsense}, status=404)


def test_what_was_gone_on_with_is_named_after_taking_back(many: Site) -> None:
    visitor = many.signed_in("cora")
    page = tick(visitor, "", "under_review", "stumm")
    done = page.forms["bulk-confirm"].submit("confirm", status=303).follow()
    act(many, lambda d: d.move("stumm", "publish", based_on=2, by=SYSTEM))
    undone = done.forms["bulk-undo"].submit("undo", status=303).follow()
    assert faults(undone.text, "de") == []
    assert "/services/stumm/workflow" in str(undone.html.find(role="status"))
    assert "Diese blieben" in undone.text


def test_the_actions_offered_are_those_that_one_may_take(many: Site) -> None:
    def offered(login: str) -> set[str]:
        return {button["value"] for button in many.signed_in(login).get("/desk/entries").html.select('[name="action"]')}

    assert offered("anna") == {"office", "under_review", "submit"}
    assert offered("rita") == {"office", "under_review", "submit", "responsible"}
    assert offered("nora") == set()


def test_the_stage_begins_today(many: Site) -> None:
    page = tick(many.signed_in("anna"), "", "under_review", "stumm", "unten", "schief")
    page.forms["bulk-confirm"].submit("confirm", status=303)
    for slug in ("stumm", "unten"):
        period = entry_of(many, slug)[1].channel(ChannelKind.VIDEO).period(many.house.today())
        assert (period.stage, period.first) == ("under_review", many.house.today())
    assert lines(page, "skipped")[0][0] == "Schief"
