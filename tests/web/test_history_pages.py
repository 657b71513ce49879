"""Every version of an entry can be read, compared with any other, and taken up again by who may edit it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

import pytest
from builders import a_channel, a_period, a_service, an_office
from editing import EDIT, entry_of, fill, form_of, live, press
from faces import DESK
from houses import publish, rows, save, written
from pagecheck import faults
from sites import Site
from webtest import TestApp, TestResponse

from servicedir.domain.document import to_document
from servicedir.domain.history import Kind
from servicedir.domain.matching import has_fields
from servicedir.domain.service import ChannelKind, Service
from servicedir.domain.text import Text
from servicedir.domain.workflow import SYSTEM, State
from servicedir.web.desk.reading import PARTS

HISTORY = "/services/wohnsitz-abmelden/history"
COMPARE = "/services/wohnsitz-abmelden/compare"


def restore(visitor: TestApp, number: int, status: int = 303, page: TestResponse | None = None) -> TestResponse:
    """Press the button of a revision, on the history page as it is now or as it was."""
    page = page or visitor.get(HISTORY)
    return page.forms["restore"].submit("restore", value=str(number), status=status)


def changes(page: TestResponse) -> dict[str, list[tuple[str, str]]]:
    """Field -> pairs of what became of which part, and what is shown of it."""
    return {
        field.h2.get_text(strip=True): [
            (" ".join(where.get_text(" ", strip=True).split()), "".join(map(str, shown.contents)).strip())
            for where, shown in zip(field.find_all("dt"), field.find_all("dd"), strict=True)
        ]
        for field in page.html.select("main .changes > div")
    }


def compared(site: Site, value: Service) -> dict[str, list[tuple[str, str]]]:
    """What the page says of an entry that was changed into this."""
    save(site.house, value, based_on=1)
    page = site.signed_in("anna").get(f"{COMPARE}?from=1&to=2")
    assert faults(page.text, "de") == []
    return changes(page)


# The list


def test_every_version_says_when_by_whom_why_and_what(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = form_of(visitor.get(EDIT))
    fill(form, costs__de="12 Euro", keywords="Umzug", why="Ratsbeschluss")
    press(form, "publish")
    page = visitor.get(HISTORY)
    assert faults(page.text, "de") == []
    newest, first = (row.get_text(" ", strip=True) for row in page.html.find("tbody").find_all("tr"))
    for words in ("2 öffentlich", "Rita", "Ratsbeschluss", "Suchwörter, Kosten"):
        assert words in newest
    assert "Titel" not in newest
    assert first.startswith("1 ")
    assert "erste Fassung" in first
    link = page.html.find("tbody").find("a")
    assert visitor.get(link["href"]).html.find("h1").get_text().startswith("Vergleich")


def test_a_single_version_has_nothing_to_compare_or_restore(town: Site) -> None:
    page = town.signed_in("rita").get(HISTORY)
    assert not page.html.select("select, main button[name=restore]")


def test_what_waits_beside_the_live_version_is_offered_for_comparison_with_it(town: Site) -> None:
    for number in (1, 2, 3):
        save(town.house, replace(live(town), costs=Text.of(f"{number} Euro")), based_on=number)
    page = town.signed_in("anna").get(HISTORY)
    form = next(form for form in page.forms.values() if form.action.endswith("/compare"))
    assert (form["from"].value, form["to"].value) == ("1", "4")
    assert "3 Euro" in form.submit().text


@pytest.mark.parametrize("query", ["", "?from=1", "?from=1&to=9", "?from=0&to=1", "?from=-1&to=1", "?from=x&to=1"])
def test_a_version_that_there_is_not_is_not_found(town: Site, query: str) -> None:
    visitor = town.signed_in("rita")
    visitor.get(f"{COMPARE}{query}", status=404)
    visitor.get(f"{COMPARE}?from=1&to={'1' * 5000}", status=404)
    visitor.get(f"{COMPARE}?from=1&to=%C2%B2", status=404)


def test_versions_are_for_those_of_the_office(town: Site) -> None:
    for login, status in (("jonas", 404), ("nora", 404)):
        for path in (HISTORY, f"{COMPARE}?from=1&to=1"):
            town.signed_in(login).get(path, status=status)
    for path in (HISTORY, f"{COMPARE}?from=1&to=1"):
        town.get(path, status=303)


def test_the_order_of_two_versions_does_not_matter(town: Site) -> None:
    save(town.house, replace(live(town), costs=Text.of("12 Euro")), based_on=1)
    visitor = town.signed_in("anna")
    there, back = (changes(visitor.get(f"{COMPARE}{query}")) for query in ("?from=1&to=2", "?from=2&to=1"))
    assert there == back != {}
    assert changes(visitor.get(f"{COMPARE}?from=2&to=2")) == {}


# What differs


def test_words_of_a_text_are_marked(town: Site) -> None:
    old = live(town)
    told = compared(town, replace(old, title=Text.of(de="Wohnsitz richtig abmelden", en=old.title.get("en") or "")))
    assert told == {"Titel": [("Deutsch: geändert", "Wohnsitz <ins>richtig </ins>abmelden")]}


def test_what_comes_and_goes_in_a_list_is_told_item_by_item(town: Site) -> None:
    told = compared(town, replace(live(town), keywords=("Auszug", "Umzug"), topics=(), related=("hundesteuer",)))
    assert told == {
        "Themen und Lebenslagen": [("entfernt", "<del>Umzug und Wohnen</del>")],
        "Suchwörter": [("neu", "<ins>Umzug</ins>")],
    }


def test_what_only_moved_is_told_as_moved(town: Site) -> None:
    old = live(town)
    told = compared(town, replace(old, channels=(*old.channels[1:], old.channels[0])))
    assert told == {"Zugangswege": [("Video: verschoben", "von Platz 1 auf Platz 3")]}


def test_a_change_deep_inside_is_told_with_the_way_there(town: Site) -> None:
    old = live(town)
    video = old.channels[0]
    planned, pilot = video.periods
    needs = replace(pilot.needs, captions=True)
    pilot = replace(pilot, slots_per_week=30, source="", needs=needs, by_arrangement=True)
    told = compared(town, replace(old, channels=(replace(video, periods=(planned, pilot)), *old.channels[1:])))
    where = "Video › Stand im Lauf der Zeit › Testbetrieb, Mai 2024"
    assert told == {
        "Zugangswege": [
            (f"{where} › Quelle: entfernt", "<del>Ratsanfrage 12/2024</del>"),
            (f"{where} › Termine je Woche: geändert", "<del>25</del> → <ins>30</ins>"),
            (f"{where} › Nach persönlicher Vereinbarung: geändert", "<del>Nein</del> → <ins>Ja</ins>"),
            (f"{where} › Was ein Videotermin braucht › Untertitel möglich?: neu", "<ins>Ja</ins>"),
        ]
    }


def test_a_new_channel_is_told_with_all_that_it_says(town: Site) -> None:
    old = live(town)
    letter = a_channel(ChannelKind.MAIL, a_period("live", "2026-01"))
    (told,) = compared(town, replace(old, channels=(*old.channels, letter))).values()
    said = " ".join(f"{where} {shown}" for where, shown in told)
    for words in ("schriftlich", "Stand", "Januar 2026", "neu"):
        assert words in said
    assert "<del>" not in said


def nested(hint: Any) -> list[type]:
    """The dataclass in a hint, such as Channel in tuple[Channel, ...], and those in it."""
    found = [part for part in (hint, *get_args(hint)) if is_dataclass(part) and isinstance(part, type)]
    below = [one for part in found for child in get_type_hints(part).values() for one in nested(child)]
    return [*found, *below]


def test_every_part_of_a_service_has_a_name() -> None:
    """What the comparison names comes from the dataclasses: a new field without a word fails here."""
    classes = {cls for cls in nested(Service) if cls is not Text}
    named = {field.name for cls in classes for field in fields(cls) if cls is Service or len(fields(cls)) > 1}
    assert {"title", "periods", "needs", "privacy", "citation", "attested"} <= named
    assert named <= set(PARTS)
    assert has_fields(a_service())


def test_a_renamed_entry_keeps_its_versions(town: Site) -> None:
    save(town.house, replace(live(town), costs=Text.of("12 Euro")), "publish", based_on=1)
    with town.house.work(write=True) as directory:
        directory.rename("wohnsitz-abmelden", "wohnung-abmelden", by=SYSTEM)
    town.house.catch_up()
    visitor = town.signed_in("rita")
    assert (
        visitor.get(f"{COMPARE}?from=1&to=2", status=301)
        .headers["Location"]
        .endswith("/services/wohnung-abmelden/compare?from=1&to=2")
    )
    page = visitor.get("/services/wohnung-abmelden/history")
    assert list(changes(visitor.get(page.html.find("tbody").find("a")["href"]))) == ["Kosten"]
    page.forms["restore"].submit("restore", value="1", status=303)
    assert entry_of(town, "wohnung-abmelden")[1].costs == Text.of("gebührenfrei")


def test_a_version_of_an_older_shape_is_read_all_the_same(town: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def upgrade(document: dict[str, Any]) -> dict[str, Any]:
        return {("costs" if name == "fees" else name): said for name, said in document.items()}

    monkeypatch.setattr("servicedir.domain.document.UPGRADES", {0: upgrade})
    old = {("fees" if name == "costs" else name): said for name, said in to_document(live(town)).items()}
    with town.house.work(write=True) as directory:
        append = directory.revisions.append
        append(Kind.SERVICE, old["slug"], old | {"version": 0}, based_on=1, author="x", reason="")
    save(town.house, replace(live(town), duration=Text.of("2 Tage")), based_on=2)
    visitor = town.signed_in("rita")
    changed = [row.td.a and row.td.a.contents[0] for row in visitor.get(HISTORY).html.find("tbody").find_all("tr")]
    assert changed == ["Dauer", "nichts", None]
    assert list(changes(visitor.get(f"{COMPARE}?from=2&to=3"))) == ["Dauer"]
    restore(visitor, 2)
    assert entry_of(town)[1] == live(town)


# Taking it up again


def test_an_old_version_comes_back_as_a_draft(town: Site) -> None:
    old = live(town)
    save(town.house, replace(old, costs=Text.of("12 Euro")), "publish", based_on=1)
    town.house.catch_up()
    visitor = town.signed_in("anna")
    before = rows(town.house, "audit")
    page = restore(visitor, 1).follow()
    assert "als neuer Entwurf gespeichert" in page.html.find(role="status").get_text()
    assert faults(page.text, "de") == []
    entry, value = entry_of(town)
    assert value == old
    assert (entry.state, entry.live, entry.latest.number) == (State.PRIVATE, 2, 3)
    assert (entry.latest.author, entry.latest.reason) == ("anna", "Fassung 1 wiederhergestellt")
    assert rows(town.house, "audit") == before + 1
    assert live(town).costs == Text.of("12 Euro")


def test_nothing_is_restored_over_what_somebody_saved_meanwhile(town: Site) -> None:
    old = live(town)
    save(town.house, replace(old, costs=Text.of("12 Euro")), based_on=1)
    visitor = town.signed_in("anna")
    page = visitor.get(HISTORY)
    save(town.house, replace(old, costs=Text.of("13 Euro")), based_on=2)
    before = written(town.house)
    refused = restore(visitor, 1, 409, page)
    assert faults(refused.text, "de") == []
    assert "inzwischen geändert" in refused.html.find(role="alert").get_text()
    assert written(town.house) == before
    restore(visitor, 1, 303, refused)


def test_what_breaks_the_rules_of_today_is_not_restored_and_says_why(town: Site) -> None:
    publish(town.house, an_office("aufgeloest"))
    save(town.house, replace(live(town), offices=("buergeramt", "aufgeloest")), based_on=1)
    save(town.house, live(town), based_on=2)
    with town.house.work(write=True) as directory:
        directory.revisions.move(Kind.OFFICE, "aufgeloest", "retire", based_on=1, author="x", reason="")
    town.house.catch_up()
    before = written(town.house)
    refused = restore(town.signed_in("rita"), 2, 400)
    assert faults(refused.text, "de") == []
    assert "Ämter (aufgeloest): " in refused.html.find(role="alert").get_text()
    assert written(town.house) == before


def test_nobody_gives_an_entry_back_to_an_office_that_is_not_theirs(town: Site) -> None:
    save(town.house, replace(live(town), offices=("jugendamt",)), based_on=1)
    before = written(town.house)
    visitor = town.signed_in("jonas")
    refused = restore(visitor, 1, 400)
    assert "Für das Amt dieser Fassung" in refused.html.find(role="alert").get_text()
    assert written(town.house) == before


def test_who_may_not_edit_has_no_button_and_cannot_send_one_by_hand(town: Site) -> None:
    save(town.house, replace(live(town), costs=Text.of("12 Euro")), "submit", based_on=1)
    visitor = town.signed_in("anna")
    page = visitor.get(HISTORY)
    assert "restore" not in page.forms
    token = page.html.find("input", attrs={"name": "csrf_token"})["value"]
    before = written(town.house)
    sent = {"csrf_token": token, "based_on": "2", "restore": "1"}
    visitor.post(HISTORY, sent, status=403)
    town.signed_in("jonas").post(HISTORY, sent, status="4*")
    assert written(town.house) == before


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"restore": "9"}, 404),
        ({"restore": "x"}, 404),
        ({"restore": "1", "based_on": "x"}, 400),
        ({"restore": "1", "based_on": "1" * 5000}, 400),
        ({"restore": "1", "based_on": "7"}, 409),
    ],
)
def test_a_damaged_request_restores_nothing(town: Site, sent: dict[str, str], status: int) -> None:
    save(town.house, replace(live(town), costs=Text.of("12 Euro")), based_on=1)
    visitor = town.signed_in("rita")
    token = visitor.get(HISTORY).forms["restore"]["csrf_token"].value
    before = written(town.house)
    visitor.post(HISTORY, {"csrf_token": token, "based_on": "2"} | sent, status=status)
    assert written(town.house) == before


def test_the_history_is_a_face_like_all_others() -> None:
    assert {"history", "compare"} <= set(DESK)
