"""The desk in the browser: what waits with the step on it, the list and its filters, the board, many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from builders import a_channel, a_constraint, a_period, a_service
from houses import publish, rows, save, written
from pagecheck import faults
from sites import Site
from webtest import TestApp, TestResponse

from servicedir.domain.hint import Subject
from servicedir.domain.service import ChannelKind, Effect
from servicedir.domain.workflow import SYSTEM, State

NASTY = '"><script>alert(1)</script>&amp; Ärger\u2028'


def act(site: Site, work: Callable[[Any], Any]) -> Any:
    with site.house.work(write=True) as directory:
        return work(directory)


def section(page: TestResponse, name: str) -> str:
    """What a section of the desk says; an empty string where it is not there."""
    found = page.html.find("section", attrs={"aria-labelledby": name})
    return str(found.get_text(" ", strip=True)) if found else ""


def links_in(page: TestResponse, name: str) -> set[str]:
    return {a["href"] for a in page.html.find("section", attrs={"aria-labelledby": name}).find_all("a")}


def titles(page: TestResponse) -> list[str]:
    """The titles in the list of entries."""
    table = page.html.find("form", id="bulk")
    return [str(cell.get_text(strip=True)) for cell in table.select("tbody th")] if table else []


def hits(page: TestResponse) -> int:
    return int(page.html.find(id="hits").get_text().split()[0])


def everything(site: Site) -> dict[str, int]:
    return written(site.house) | {name: rows(site.house, name) for name in ("batches", "verifications")}


# What waits for me


def test_an_empty_desk_says_so_kindly(town: Site) -> None:
    nobody = town.signed_in("nora").get("/desk")
    assert "Noch gibt es keinen Eintrag" in nobody.text
    assert "/edit" not in nobody.text
    assert faults(nobody.text, "de") == []
    assert "Alles erledigt" in town.signed_in("jonas").get("/desk").text


def test_each_line_of_the_desk_has_the_step_on_it(town: Site) -> None:
    save(town.house, a_service("mein-entwurf", title=NASTY))
    save(town.house, a_service("wartet", title="Wartet auf Prüfung"), "submit")
    save(town.house, a_service("fremd", title="Fremder Entwurf", offices=("jugendamt",)))
    save(town.house, a_service("zurueck", title="Kam zurück"), "submit")
    act(town, lambda d: d.move("zurueck", "reject", based_on=1, by=SYSTEM, why=NASTY))
    act(town, lambda d: d.hints.give("wohnsitz-abmelden", subject=Subject.WRONG, text="Das Amt ist umgezogen."))
    tomorrow = town.house.now().replace(year=2999)
    act(town, lambda d: d.planning.plan("wohnsitz-abmelden", "retire", tomorrow, based_on=1, by=SYSTEM))
    desk = town.signed_in("rita").get("/desk")
    assert faults(desk.text, "de") == []
    assert links_in(desk, "drafts") == {"/services/mein-entwurf/edit", "/services/mein-entwurf/workflow"}
    assert "/services/wartet/workflow" in links_in(desk, "reviews")
    assert links_in(desk, "returned") == {"/services/zurueck/edit"}
    assert "Ärger" in section(desk, "returned")
    assert "umgezogen" in section(desk, "hints")
    assert {link.partition("-")[0] for link in links_in(desk, "hints")} == {"/desk/hints#hint"}
    assert "Hinweis bearbeiten" in section(desk, "hints")
    assert "Zurückziehen" in section(desk, "planned")
    assert section(desk, "sent") == ""
    assert "Fremder Entwurf" not in desk.text
    assert "Fremder Entwurf" in town.signed_in("cora").get("/desk").text
    anna = town.signed_in("anna").get("/desk")
    assert section(anna, "reviews") == ""
    assert "Wartet auf Prüfung" in section(anna, "sent")
    assert faults(anna.text, "de") == []


def test_the_desk_counts_what_is_known_about_video(town: Site) -> None:
    save(town.house, a_service("stumm", channels=()))
    page = town.signed_in("anna").get("/desk")
    coverage = page.html.find(class_="coverage")
    assert coverage.get_text(" ", strip=True) == "1 von 2 Einträgen mit Angabe zu Video"
    assert (coverage.progress["value"], coverage.progress["max"]) == ("1", "2")
    assert titles(town.signed_in("anna").get(coverage.a["href"])) == ["Stumm"]


def test_long_lists_are_cut_and_lead_to_the_whole(town: Site) -> None:
    for number in range(10):
        save(town.house, a_service(f"entwurf-{number}"))
    visitor = town.signed_in("anna")
    desk = visitor.get("/desk")
    assert "Entwürfe 10" in desk.html.find("ul", class_="chips").get_text(" ", strip=True)
    (whole,) = [link for link in links_in(desk, "drafts") if link.startswith("/desk/entries")]
    assert hits(visitor.get(whole)) == 10


def overdue(site: Site, login: str = "rita") -> None:
    """Let somebody answer for an entry that nobody has looked at for long."""
    publish(site.house, a_service("alt", title="Alter Eintrag"))
    act(site, lambda d: d.reviews.assign("alt", responsible=login, review_months=1, by=SYSTEM))
    real = site.house.now
    site.house.now = lambda: real().replace(year=real().year + 1)  # type: ignore[method-assign]  # a year later


def test_that_an_entry_is_still_right_is_said_with_one_button(town: Site) -> None:
    overdue(town)
    visitor = town.signed_in("rita")
    desk = visitor.get("/desk")
    assert "überfällig seit" in section(desk, "due")
    assert faults(desk.text, "de") == []
    (form,) = {id(f): f for f in desk.forms.values() if urlsplit(f.action).path == "/desk"}.values()
    answer = form.submit("verify", value="alt", status=303).follow()
    assert answer.html.find(role="status")
    assert "Alter Eintrag" not in section(answer, "due")
    assert rows(town.house, "verifications") == 1
    act(town, lambda d: d.move("alt", "retire", based_on=1, by=SYSTEM))
    again = visitor.post("/desk", {"csrf_token": form["csrf_token"].value, "verify": "alt"}, status="4*")
    assert again.status_int in (403, 409)
    assert rows(town.house, "verifications") == 1


def test_only_what_is_ones_own_can_be_confirmed(town: Site) -> None:
    overdue(town)
    for login in ("jonas", "nora"):
        visitor = town.signed_in(login)
        token = visitor.get("/desk").forms[0]["csrf_token"].value
        assert "Alter Eintrag" not in visitor.get("/desk").text
        before = everything(town)
        for slug, status in (("alt", 404), ("nirgends", 404), ("", 400), ("x\0y", 400)):
            visitor.post("/desk", {"csrf_token": token, "verify": slug}, status=status)
        visitor.post("/desk", {"csrf_token": token}, status=400)
        visitor.post("/desk", {"csrf_token": token}, upload_files=[("verify", "x", b"alt")], status=400)
        assert everything(town) == before
    due = section(town.signed_in("anna").get("/desk"), "due")
    assert "Alter Eintrag" not in due  # which is Rita's to confirm
    assert "niemand zuständig" in due


def test_words_that_were_searched_in_vain_are_shown_to_those_who_keep_the_words(town: Site) -> None:
    for _time in range(20):
        town.get("/?q=fahrradmuseum")
    town.house.searches.write()
    cora = town.signed_in("cora").get("/desk")
    assert "fahrradmuseum" in section(cora, "searches")
    assert any("word=fahrradmuseum" in link for link in links_in(cora, "searches"))
    assert faults(cora.text, "de") == []
    assert "fahrradmuseum" not in town.signed_in("rita").get("/desk").text


# The list


@pytest.fixture
def many(town: Site) -> Site:
    """A town with an entry for each filter."""
    publish(
        town.house,
        a_service("aal", title="Aalfang"),
        a_service("stumm", title="Stumm", channels=()),
        a_service("schief", title="Schief", constraints=(a_constraint(effect=Effect.RULES_OUT),)),
        a_service("unten", title="Unten", offices=("meldestelle",), channels=(a_channel("video", a_period("paused")),)),
    )
    save(town.house, a_service("aal", title="Aalfang neu"), based_on=1)
    save(town.house, a_service("wartet", title="Wartet"), "submit")
    save(town.house, a_service("weg", title="Weg"), "publish", "retire")
    act(town, lambda d: d.reviews.assign("stumm", responsible="rita", review_months=None, by=SYSTEM))
    return town


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Aalfang neu", "Schief", "Stumm", "Unten", "Wartet", "Wohnsitz abmelden"}),
        ("q=aalf", {"Aalfang neu"}),
        ("q=STUMM", {"Stumm"}),
        ("office=meldestelle", {"Unten"}),
        ("office=buergeramt&state=pending", {"Wartet"}),
        ("office=jugendamt", set()),
        ("state=private", {"Aalfang neu"}),
        ("state=retired", {"Weg"}),
        ("draft=1", {"Aalfang neu"}),
        ("video=paused&video=pilot", {"Unten", "Wohnsitz abmelden"}),
        ("care=unknown", {"Stumm"}),
        ("care=contradictory", {"Schief"}),
        ("care=unassigned&q=e", {"Aalfang neu", "Schief", "Unten", "Wartet", "Wohnsitz abmelden"}),
        ("responsible=rita", {"Stumm"}),
        ("responsible=nobody", set()),
        ("state=&q=&office=", {"Aalfang neu", "Schief", "Stumm", "Unten", "Wartet", "Wohnsitz abmelden"}),
    ],
)
def test_the_list_is_filtered_by_its_address(many: Site, query: str, found: set[str]) -> None:
    page = many.signed_in("anna").get(f"/desk/entries?{query}")
    assert set(titles(page)) == found
    assert hits(page) == len(found)
    assert faults(page.text, "de") == []


def test_the_filter_shows_what_it_filters_by_and_keeps_it_in_every_form(many: Site) -> None:
    query = (
        "q=stumm&office=buergeramt&state=published&video=unknown&video=live&care=unknown&responsible=rita&sort=title"
    )
    page = many.signed_in("rita").get(f"/desk/entries?{query}")
    form = page.forms["filter"]
    sent = [(name, value) for name, value in form.submit_fields() if value]
    assert sorted(sent) == sorted(parse_qsl(query))
    assert sorted(parse_qsl(page.forms["bulk"]["filter"].value)) == sorted(parse_qsl(query))
    english = page.html.find("a", hreflang="en")["href"]
    assert set(parse_qsl(query)) < set(parse_qsl(urlsplit(english).query))


@pytest.mark.parametrize(
    "query",
    [
        "state=magic",
        "office=nirgends",
        "care=x",
        "video=x",
        "draft=2",
        "page=0",
        "sort=x",
        "state=private&state=pending",
    ],
)
def test_a_filter_that_is_none_is_refused_with_its_name(quiet: Site, query: str) -> None:
    page = quiet.signed_in("anna").get(f"/desk/entries?{query}", status=400)
    assert query.partition("=")[0] in page.text
    assert faults(page.text, "de") == []


def test_what_was_typed_into_the_list_is_text(quiet: Site) -> None:
    visitor = quiet.signed_in("anna")
    for name in ("q", "responsible"):
        page = visitor.get("/desk/entries", {name: NASTY})
        assert faults(page.text, "de") == []
        assert "<script>alert" not in page.text
    assert visitor.get("/desk/entries", {"q": "x" * 5000}).status_int == 200


def test_a_list_longer_than_a_page_is_paged_with_its_filters(town: Site) -> None:
    publish(town.house, *(a_service(f"nummer-{number:03}") for number in range(55)))
    visitor = town.signed_in("anna")
    first = visitor.get("/desk/entries?q=nummer")
    assert (hits(first), len(titles(first))) == (55, 50)
    second = visitor.get(first.html.find("a", rel="next")["href"])
    assert (hits(second), len(titles(second))) == (55, 5)
    assert set(titles(first)).isdisjoint(titles(second))
    beyond = visitor.get("/desk/entries?q=nummer&page=9")
    assert len(titles(visitor.get(beyond.html.find(id="hits").find_next("a")["href"]))) == 50


def test_who_may_not_edit_gets_no_link_to_the_form(many: Site) -> None:
    page = many.signed_in("anna").get("/desk/entries?state=pending")
    assert "/services/wartet/edit" not in page.text
    assert "/services/wartet/workflow" in page.text
    nobody = many.signed_in("nora").get("/desk/entries")
    assert titles(nobody) == []
    assert faults(nobody.text, "de") == []


@pytest.mark.parametrize("path", ["/desk", "/desk/entries", "/desk/board", "/desk/bulk", "/desk/bulk?batch=1"])
def test_a_stranger_is_sent_to_the_sign_in_page(quiet: Site, path: str) -> None:
    assert urlsplit(quiet.get(path, status=303).headers["Location"]).path == "/login"


# The board


@pytest.mark.parametrize("login", ["anna", "cora", "jonas", "nora"])
def test_every_number_of_the_board_leads_to_a_list_of_that_many(many: Site, login: str) -> None:
    visitor = many.signed_in(login)
    page = visitor.get("/desk/board")
    assert faults(page.text, "de") == []
    cells = page.html.select("tbody td a")
    assert len(cells) % 9 == 0
    for cell in cells:
        number = int(cell.find(string=True, recursive=False))
        assert hits(visitor.get(cell["href"])) == number, cell["href"]
    if login == "cora":
        assert "Jugendamt" in page.html.tbody.get_text()
        assert sum(int(cell.find(string=True, recursive=False)) for cell in cells) > 30
    if login == "anna":
        assert "Jugendamt" not in page.html.tbody.get_text()


def test_the_board_says_the_share_of_what_is_not_known(many: Site) -> None:
    page = many.signed_in("anna").get("/desk/board")
    assert page.html.find(class_="coverage").get_text(" ", strip=True) == (
        "5 von 6 Einträgen mit Angabe zu Video (83 %)"
    )
    assert "(17 %)" in page.html.tbody.tr.get_text()


# Many at once


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
