"""What the edit page offers beside its fields: the way through the form, previews, and lists that grow and shrink."""

from __future__ import annotations

from dataclasses import replace

from editing import EDIT, NASTY, act, by_id, entry_of, fill, form_of, live, press
from houses import save, written
from pagecheck import faults
from sites import Site
from webtest import TestApp

from servicedir.domain.text import Text


def test_a_text_is_shown_as_its_page_will_show_it_and_nothing_is_kept_of_it(town: Site) -> None:
    visitor = town.signed_in("anna")
    for path in (EDIT, "/services/add"):
        token = form_of(visitor.get(path))["csrf_token"].value
        before = written(town.house)
        sent = {"csrf_token": token, "markdown": "**Neu** <script>alert(1)</script> [x](javascript:alert(1))\n\n- eins"}
        shown = visitor.post(path, sent)
        assert [element.name for element in shown.html.find_all(True)] == ["p", "strong", "ul", "li"]
        assert "<script" not in shown.text
        visitor.post(path, sent | {"csrf_token": "0" * 64}, status=400)
        visitor.post(path, sent | {"markdown": ""})
        assert len(visitor.post(path, sent | {"markdown": "x" * 100_000}).text) < 21_000
        assert written(town.house) == before
    town.signed_in("jonas").post(EDIT, sent, status=(400, 404))
    visitor.post(EDIT, {"csrf_token": token}, upload_files=[("markdown", "x", b"x")], status=400)


def test_the_long_form_has_a_way_to_each_of_its_sections(town: Site) -> None:
    page = town.signed_in("rita").get(EDIT)
    links = page.html.select(".forms-contents a")
    assert [link.get_text(strip=True) for link in links][:2] == ["Worum es geht", "So geht es"]
    for link in links:
        assert page.html.find(id=link["href"].removeprefix("#")).get_text(strip=True) == link.get_text(strip=True)


def test_beside_the_buttons_are_the_state_the_preview_and_the_way_to_throw_a_draft_away(town: Site) -> None:
    visitor = town.signed_in("rita")
    bar = visitor.get(EDIT).html.select_one(".forms-bar")
    assert [link["href"].rpartition("/")[2] for link in bar.find_all("a")] == ["preview"]
    form = form_of(visitor.get(EDIT))
    fill(form, costs__de="12 Euro")
    page = press(form, "save").follow()
    bar = page.html.select_one(".forms-bar")
    assert [link["href"].rpartition("/")[2] for link in bar.find_all("a")] == ["preview", "workflow"]
    assert "Entwurf, " in bar.get_text()
    assert visitor.get(bar.find_all("a")[1]["href"]).html.find("button", attrs={"name": "discard"})


def test_lists_grow_and_shrink_without_losing_a_word(town: Site) -> None:
    visitor: TestApp = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, title__de=NASTY)
    before = written(town.house)
    page = act(form, "add:documents")
    assert by_id(form_of(page), "title-de").value == NASTY
    fill(form_of(page), documents__1__de="Mietvertrag")
    page = act(form_of(page), "remove:documents.0")
    assert by_id(form_of(page), "documents-0-de").value == "Mietvertrag"
    assert written(town.house) == before
    assert faults(page.text, "de") == []
    press(form_of(page), "save")
    assert [document.get("de") for document in entry_of(town)[1].documents] == ["Mietvertrag"]


def test_the_preview_shows_the_draft_and_can_be_left(town: Site) -> None:
    save(town.house, replace(live(town), title=Text.of("Neuer Titel")), based_on=1)
    page = town.signed_in("anna").get("/services/wohnsitz-abmelden/preview")
    assert page.html.h1.get_text(strip=True) == "Neuer Titel"
    assert page.html.find("a", href=EDIT)
    assert "application/ld+json" not in page.text
