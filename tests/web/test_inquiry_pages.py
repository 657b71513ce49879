"""Pages of answers: the list, one answer with all that proves it, what would be said today, and two editions."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from threading import Thread

import pytest
from answered import ANSWERED, answer, approve
from builders import a_block, a_channel, a_period, a_service, a_topic, an_inquiry
from houses import a_house, publish, publish_answer, save
from pagecheck import Page, faults, links
from sites import Site

from servicedir.directory import Directory
from servicedir.domain.history import Kind
from servicedir.domain.service import ChannelKind
from servicedir.domain.text import Text
from servicedir.web.council.once import PLACES, Once

HERE = "/inquiries/af0147-24"
SAME = "Es hat sich nichts geändert: Beide Antworten sagen dasselbe."


def text(page: str) -> str:
    """What a page says, in one line."""
    return " ".join(" ".join(piece for element in Page(page).elements for piece in element.pieces).split())


def change_catalogue(site: Site) -> None:
    """A service comes, and one is bookable by video that was not."""
    publish(site.house, a_service("reisepass", title="Reisepass beantragen"))
    with site.house.work() as directory:
        old = directory.service("hundesteuer")
    video = a_channel(ChannelKind.VIDEO, a_period("live", "2024"))
    save(site.house, replace(old.service, channels=(video,)), "publish", based_on=old.revision)


# The list


def test_without_an_answer_the_list_says_so_and_where_to_go_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("empty")
    a_house(folder).close()
    site = Site(folder)
    page = site.get("/inquiries/").text
    assert "Noch ist keine Antwort veröffentlicht." in text(page)
    assert faults(page, "de") == []
    site.close()


def test_the_list_leads_to_each_answer_and_its_files_the_latest_first(town: Site) -> None:
    answer(town.house, an_inquiry("af-2", title="Später gefragt", reference="AF2/26"))
    page = town.get("/inquiries/").text
    assert page.index("Später gefragt") < page.index("Beratung per Video")
    assert {f"{HERE}", f"{HERE}.json", "/inquiries/af-2"} <= set(links(page))
    assert "Stadtrat" in page
    assert "Veröffentlicht" in page


def test_every_page_leads_to_the_list(quiet: Site) -> None:
    for path in ("/", "/offices/", HERE):
        assert "/inquiries/" in links(quiet.get(path).text)
    assert 'aria-current="page">Antworten an den Rat' in quiet.get("/inquiries/").text
    assert 'aria-current="true">Antworten an den Rat' in quiet.get(HERE).text


def test_search_engines_find_the_latest_answers_and_leave_the_comparisons_alone(quiet: Site) -> None:
    sitemap, robots = quiet.get("/sitemap.xml").text, quiet.get("/robots.txt").text
    assert f"{HERE}</loc>" in sitemap
    assert f"{HERE}/1" not in sitemap
    assert "Disallow: /inquiries/*/today" in robots
    assert f'rel="canonical" href="http://localhost{HERE}"' in quiet.get(HERE).text
    assert 'rel="canonical"' not in quiet.get(f"{HERE}/1").text
    assert 'property="og:title" content="Beratung per Video"' in quiet.get(HERE).text


# One answer


def test_an_answer_says_who_asked_for_which_day_it_stands_and_how_to_prove_it(quiet: Site) -> None:
    page = quiet.get(HERE).text
    with quiet.house.work() as directory:
        approved = directory.inquiries.approved("af0147-24")
        body = directory.inquiries.file("af0147-24", 1, "body", "de").decode()
    said = text(page)
    for part in ("AF1/26", "Stadtrat", "5. Januar 2026", approved.checksum, f"http://localhost{HERE}/1"):
        assert part in said
    assert body in page
    assert f"{HERE}/today" in links(page)
    assert {f"{HERE}/1.json", f"{HERE}/1.html", f"{HERE}/1/tables/1.csv"} <= set(links(page))


def test_each_question_in_the_contents_leads_to_its_answer(city: Site) -> None:
    page = city.get(HERE).text
    wanted = re.findall(r'href="#(question-\d+)"', page)
    assert wanted
    assert all(f'id="{name}"' in page for name in wanted)


def test_in_english_all_of_it_is_english(quiet: Site) -> None:
    said = text(quiet.get(f"{HERE}?lang=en").text)
    assert "Advice by video" in said
    assert "The city extends its offer." in said
    assert "Stadt baut" not in said


def test_an_earlier_edition_says_that_there_is_a_later_one(town: Site) -> None:
    assert "neuere Antwort" not in text(town.get(f"{HERE}/1").text)
    answer(town.house, replace(ANSWERED, title=Text.of("Noch einmal gefragt")), based_on=1)
    old, new = town.get(f"{HERE}/1").text, town.get(HERE).text
    assert "Es gibt eine neuere Antwort" in text(old)
    assert "Noch einmal gefragt" not in old
    assert "Noch einmal gefragt" in new
    assert f"{HERE}/1" in links(new)
    assert f"{HERE}/compare" in links(new)
    assert f"{HERE}/today" not in links(old)


def test_an_approved_answer_is_there_for_those_who_answer_alone(town: Site) -> None:
    approve(town.house, an_inquiry("af-9", title="Noch geheim"))
    approve(town.house, replace(ANSWERED, title=Text.of("Noch geheim")), based_on=1)
    for path in ("/inquiries/af-9", "/inquiries/af-9/1", f"{HERE}/2"):
        answer_page = town.signed_in("cora").get(path)
        assert "Noch geheim" in answer_page.text
        assert "noch nicht veröffentlicht" in answer_page.text
        assert answer_page.headers["Cache-Control"] == "private, no-store"
        assert faults(answer_page.text, "de") == []
        nowhere = path.replace("af-9", "af-8").replace("24/2", "24/3")
        for visitor in (town.visitor(), town.signed_in("anna")):
            hidden, missing = visitor.get(path, status=404), visitor.get(nowhere, status=404)
            assert hidden.text.replace(path, nowhere) == missing.text
    assert "Noch geheim" not in town.signed_in("cora").get(HERE).text


@pytest.mark.parametrize("path", ["/0", "/01", "/-1", "/1e0", "/x", "/%C2%B2", "/99999999999999999999", "/2"])
def test_what_is_no_edition_is_not_there(quiet: Site, path: str) -> None:
    quiet.get(f"{HERE}{path}", status=404)


# Today


def test_where_nothing_changed_today_says_so(quiet: Site) -> None:
    assert SAME in text(quiet.get(f"{HERE}/today").text)


def test_what_changed_since_is_said_on_top_in_numbers_and_row_by_row(town: Site) -> None:
    change_catalogue(town)
    page = town.get(f"{HERE}/today").text
    said = text(page)
    assert SAME not in said
    assert "1 Zeile ist neu, 1 Zeile sagt etwas anderes" in said
    assert said.index("Reisepass beantragen") < said.index("Die Antwort für den")
    assert faults(page, "de") == []
    assert "1 row is new" in text(town.get(f"{HERE}/today?lang=en").text)


def test_today_shows_both_answers_with_names_of_their_own(quiet: Site) -> None:
    page = quiet.get(f"{HERE}/today").text
    assert 'id="question-1"' in page
    assert 'id="frozen-question-1"' in page
    assert page.count("Die Stadt baut ihr Angebot aus.") == 2


def test_today_says_which_selection_is_gone_by_now(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.adopt([(Kind.TOPIC, a_topic("bald-weg"))])
    publish_answer(town.house, an_inquiry("af-9", a_block("services", search="topic=bald-weg")))
    with town.house.work(write=True) as directory:
        directory.revisions.move(Kind.TOPIC, "bald-weg", "retire", based_on=1, author="cora", reason="")
        directory.catch_up_after_commit()
    assert "Diese Auswahl gibt es im Verzeichnis nicht mehr: „bald-weg“." in town.get("/inquiries/af-9/today").text


def test_today_is_made_once_and_anew_when_something_changes(town: Site) -> None:
    first, second = (town.ask(f"{HERE}/today") for _twice in range(2))
    assert first.headers["ETag"] == second.headers["ETag"]
    assert len(town.app.application) == 1
    change_catalogue(town)
    assert town.ask(f"{HERE}/today").headers["ETag"] != first.headers["ETag"]


def test_who_asks_at_the_same_time_gets_what_was_made_once(town: Site) -> None:
    once, made = Once(town.house, lambda _directory: 1), []

    def make(directory: Directory) -> bytes:
        time.sleep(0.05)  # So that the other one comes meanwhile.
        made.append(len(directory.titles()))
        return b"page"

    def ask_at_once() -> None:
        threads = [Thread(target=once.get, args=(("today",), make)) for _one in range(PLACES)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    ask_at_once()
    assert made == [2]
    change_catalogue(town)
    ask_at_once()
    assert made == [2, 3]


def test_a_very_long_difference_is_cut_and_says_so(town: Site) -> None:
    publish(town.house, *(a_service(f"dienst-{number}") for number in range(120)))
    said = text(town.get(f"{HERE}/today").text)
    assert "120 Zeilen sind neu" in said
    assert "Gezeigt sind die ersten 100 von 120 Zeilen" in said


# Two editions


def test_with_one_edition_there_is_nothing_to_compare(quiet: Site) -> None:
    page = quiet.get(f"{HERE}/compare").text
    assert "nur eine Ausgabe" in text(page)
    assert f"{HERE}/today" in links(page)


def test_two_editions_are_compared_without_a_choice_the_last_two(town: Site) -> None:
    change_catalogue(town)
    again = replace(ANSWERED, introduction=Text.of("Wir antworten noch einmal."))
    answer(town.house, again, based_on=1)
    page = town.get(f"{HERE}/compare").text
    said = text(page)
    assert "von Ausgabe 1 zu Ausgabe 2" in said
    assert "Wir antworten noch einmal." in said
    assert "1 Zeile ist neu" in said
    back = text(town.get(f"{HERE}/compare?from=2&to=1").text)
    assert "1 Zeile ist entfallen" in back
    assert SAME in text(town.get(f"{HERE}/compare?from=2&to=2").text)
    assert f"{HERE}/compare?from=2&amp;to=1&amp;lang=en" in town.get(f"{HERE}/compare?from=2&to=1").text


def test_who_answers_inquiries_compares_what_is_not_published_yet(town: Site) -> None:
    approve(town.house, replace(ANSWERED, introduction=Text.of("Noch geheim.")), based_on=1)
    for query in ("", "?from=1&to=2"):
        page = town.signed_in("cora").get(f"{HERE}/compare{query}")
        assert "von Ausgabe 1 zu Ausgabe 2" in text(page.text)
        assert "Noch geheim." in text(page.text)
        assert "no-store" in page.headers["Cache-Control"]
        assert [option.get_text().count(" (nicht veröffentlicht)") for option in page.html.select("#to option")] == [
            0,
            1,
        ]
        # Those who answer none see what everybody sees, also right after somebody who does.
        for visitor in (town.visitor(), town.signed_in("anna")):
            assert "Noch geheim." not in visitor.get(f"{HERE}/compare{query}", status=400 if query else 200).text
    assert "inquiries/af0147-24/compare" in town.signed_in("cora").get(f"{HERE}/workflow").text


def test_who_answers_inquiries_is_told_that_there_is_nothing_to_compare_yet(town: Site) -> None:
    approve(town.house, replace(ANSWERED, slug="af-2", title=Text.of("Noch geheim")))
    page = town.signed_in("cora").get("/inquiries/af-2/compare").text
    assert "nur eine Ausgabe" in text(page)
    assert "/inquiries/af-2/today" not in page
    town.get("/inquiries/af-2/compare", status=404)


def test_editions_that_nobody_may_see_cannot_be_compared(town: Site) -> None:
    approve(town.house, replace(ANSWERED, title=Text.of("Noch geheim")), based_on=1)
    for query in ("from=2", "to=2", "from=x", "from=1&from=1", "to=01"):
        page = town.get(f"{HERE}/compare?{query}", status=400)
        assert "Noch geheim" not in page.text
    town.get("/inquiries/nie-gefragt/compare", status=404)
    town.get("/inquiries/nie-gefragt/today", status=404)
