"""The desk in the browser: what waits with the step on it, the list and its filters, the board."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from builders import a_service
from desks import NASTY, act, everything, fill, hits, links_in, section, titles
from houses import publish, rows, save
from pagecheck import faults
from sites import Site

from servicedir.domain.hint import Subject
from servicedir.domain.workflow import SYSTEM

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
    fill(town)
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
