"""Where an address leads that was once right: for ever to the new one (301), or to the news that it is gone (410)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from builders import a_service
from houses import publish, save, written
from pagecheck import faults
from sites import Site

from servicedir.domain.workflow import SYSTEM

OLD, NEW = "wohnsitz-abmelden", "abmelden"


def rename(site: Site, old: str, new: str) -> None:
    with site.house.work(write=True) as directory:
        directory.rename(old, new, by=SYSTEM)


def retire(site: Site, slug: str, successor: str = "") -> None:
    with site.house.work(write=True) as directory:
        entry, _value = directory.entry(slug, SYSTEM)
        directory.move(slug, "retire", based_on=entry.latest.number, by=SYSTEM, successor=successor)


@pytest.fixture
def moved(town: Site) -> Site:
    rename(town, OLD, NEW)
    return town


def way(answer: Any) -> tuple[str, dict[str, str]]:
    parts = urlsplit(answer.headers["Location"])
    assert parts.netloc in ("", "localhost")
    return parts.path, dict(parse_qsl(parts.query))


# 301


@pytest.mark.parametrize("query", ["", "?on=2024-06-15", "?lang=en", "?on=2024-06-15&lang=en&other=x%26y"])
@pytest.mark.parametrize("face", ["/services/{}", "/api/v1/services/{}"])
def test_a_renamed_entry_is_found_under_its_old_address_with_what_was_asked(moved: Site, face: str, query: str) -> None:
    answer = moved.get(face.format(OLD) + query, status=301)
    assert way(answer) == (face.format(NEW), dict(parse_qsl(query[1:])))
    assert answer.follow().status_int == 200
    assert moved.ask(face.format(OLD) + query, method="HEAD").status_int == 301


@pytest.mark.parametrize("page", ["edit", "preview", "history", "workflow"])
def test_so_it_is_at_the_desk_for_those_who_may_see_it(moved: Site, page: str) -> None:
    visitor = moved.signed_in("anna")
    answer = visitor.get(f"/services/{OLD}/{page}?done=save", status=301)
    assert way(answer) == (f"/services/{NEW}/{page}", {"done": "save"})
    assert answer.follow().status_int == 200
    moved.signed_in("jonas").get(f"/services/{OLD}/{page}", status=404)
    sign_in = way(moved.get(f"/services/{OLD}/{page}", status=303))
    assert sign_in == ("/login", {"next": f"/services/{OLD}/{page}"})


def test_what_is_sent_to_the_old_address_is_sent_on_as_it_is(town: Site) -> None:
    visitor = town.signed_in("rita")
    form = visitor.get(f"/services/{OLD}/workflow").forms["retire"]
    rename(town, OLD, NEW)
    before = written(town.house)
    answer = form.submit("retire", status=308)
    assert way(answer) == (f"/services/{NEW}/workflow", {})
    assert written(town.house) == before
    jonas = town.signed_in("jonas")
    token = jonas.get("/desk/previews").forms[0]["csrf_token"].value
    jonas.post(f"/services/{OLD}/workflow", {"csrf_token": token}, status=404)


def test_through_a_chain_of_addresses_it_is_one_step(town: Site) -> None:
    for old, new in ((OLD, "b"), ("b", "c"), ("c", "d")):
        rename(town, old, new)
    for old in (OLD, "b", "c"):
        assert way(town.get(f"/services/{old}", status=301))[0] == "/services/d"


def test_an_entry_that_gets_its_old_address_back_goes_round_in_no_circle(moved: Site) -> None:
    rename(moved, NEW, OLD)
    assert moved.get(f"/services/{OLD}").status_int == 200
    assert way(moved.get(f"/services/{NEW}", status=301))[0] == f"/services/{OLD}"


@pytest.mark.parametrize("slug", [OLD, NEW])
def test_a_new_entry_gets_no_address_that_another_one_has_or_had(moved: Site, slug: str) -> None:
    visitor = moved.signed_in("rita")
    form = visitor.get("/services/add").forms["service"]
    values = {"service-slug": slug, "service-title-de": "Ganz neu", "service-office": "buergeramt"}
    for _name, control in form.field_order:
        if control.id in values:
            control.value = values[control.id]
        if control.id == "service-nature-0":
            control.value = "transactional"
    before = written(moved.house)
    page = form.submit("save", status=400)
    assert page.html.select_one("#service--problems a")["href"] == "#service-slug"
    assert written(moved.house) == before
    assert way(moved.get(f"/services/{OLD}", status=301))[0] == f"/services/{NEW}"


def test_the_renamed_entry_is_found_and_the_old_address_is_in_no_list(moved: Site) -> None:
    items = moved.get("/api/v1/services?q=abmelden").json["items"]
    assert [item["slug"] for item in items] == [NEW]
    assert f"/services/{OLD}" not in moved.get("/a-z").text
    assert f"/services/{NEW}" in moved.get("/a-z").text
    with moved.house.work() as directory:
        assert directory.index_differences() == []


def nothing(site: Site, path: str, slug: str) -> tuple[int, str]:
    answer = site.get(path, status="*")
    return answer.status_int, answer.text.replace(slug, "SLUG")


@pytest.mark.parametrize("face", ["/services/{}", "/services/{}?lang=en", "/api/v1/services/{}"])
def test_the_old_address_of_what_never_was_public_is_nothing(town: Site, face: str) -> None:
    save(town.house, a_service("geheim"))
    rename(town, "geheim", "auch-geheim")
    for slug in ("geheim", "auch-geheim"):
        assert nothing(town, face.format(slug), slug) == nothing(town, face.format("nie-da"), "nie-da")
        assert town.get(face.format(slug), status=404)


# 410


@pytest.mark.parametrize("language", ["de", "en"])
def test_who_asks_for_a_retired_service_hears_what_it_was_and_where_to_go(town: Site, language: str) -> None:
    retire(town, OLD, successor="hundesteuer")
    answer = town.get(f"/services/{OLD}?lang={language}", status=410)
    assert faults(answer.text, language) == []
    title = {"de": "Wohnsitz abmelden", "en": "Deregister a residence"}[language]
    assert title in answer.html.find("main").get_text()
    target = "/services/hundesteuer" + ("?lang=en" if language == "en" else "")
    assert answer.html.find("a", href=target).get_text(strip=True) == "Hundesteuer"
    assert answer.html.find("form", role="search")
    assert town.ask(f"/services/{OLD}", method="HEAD").status_int == 410


def test_a_program_hears_it_as_problem_json(town: Site) -> None:
    retire(town, OLD, successor="hundesteuer")
    answer = town.get(f"/api/v1/services/{OLD}", status=410)
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["status"] == 410
    assert "Wohnsitz abmelden" in answer.json["detail"]
    assert "http://localhost/api/v1/services/hundesteuer" in answer.json["detail"]


def test_a_draft_that_was_retired_along_says_nothing_of_itself(town: Site) -> None:
    save(town.house, a_service(OLD, title="Kanarienentwurf"), based_on=1)
    retire(town, OLD)
    for face in (f"/services/{OLD}", f"/api/v1/services/{OLD}"):
        answer = town.get(face, status=410)
        assert "Kanarienentwurf" not in answer.text
        assert "Wohnsitz abmelden" in answer.text


ENDS: dict[str, Callable[[Site], None]] = {
    "retired itself": lambda site: retire(site, "ziel"),
    "renamed": lambda site: rename(site, "ziel", "neues-ziel"),
    "as it was": lambda site: None,
}


@pytest.mark.parametrize("what", ENDS)
def test_a_pointer_shows_only_what_is_there(town: Site, what: str) -> None:
    publish(town.house, a_service("ziel", title="Das Ziel"))
    retire(town, OLD, successor="ziel")
    ENDS[what](town)
    links = [a["href"] for a in town.get(f"/services/{OLD}", status=410).html.select("main a")]
    where = {"retired itself": None, "renamed": "/services/neues-ziel", "as it was": "/services/ziel"}[what]
    assert [link for link in links if link.startswith("/services/")] == ([where] if where else [])


def test_a_retired_entry_that_was_renamed_is_gone_under_both_addresses(moved: Site) -> None:
    retire(moved, NEW)
    answer = moved.get(f"/services/{OLD}", status=301)
    assert way(answer)[0] == f"/services/{NEW}"
    assert answer.follow(status=410)


def test_what_comes_back_is_there_again(town: Site) -> None:
    retire(town, OLD, successor="hundesteuer")
    with town.house.work(write=True) as directory:
        directory.move(OLD, "revive", based_on=1, by=SYSTEM)
    town.get(f"/services/{OLD}", status=410)
    with town.house.work(write=True) as directory:
        directory.move(OLD, "publish", based_on=1, by=SYSTEM)
    assert town.get(f"/services/{OLD}").status_int == 200


@pytest.mark.parametrize("face", ["/services/{}", "/services/{}?lang=en", "/api/v1/services/{}"])
def test_a_draft_that_was_given_up_is_nothing(town: Site, face: str) -> None:
    save(town.house, a_service("aufgegeben"))
    retire(town, "aufgegeben")
    assert nothing(town, face.format("aufgegeben"), "aufgegeben") == nothing(town, face.format("nie-da"), "nie-da")


def test_its_office_still_sees_what_is_retired(town: Site) -> None:
    retire(town, OLD)
    page = town.signed_in("anna").get(f"/services/{OLD}/workflow")
    assert "zurückgezogen" in page.html.find(class_="state").get_text()
    town.signed_in("jonas").get(f"/services/{OLD}/workflow", status=404)
