"""Answers to the council for programs: as they were frozen, as described, and nothing of those not published."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from answered import ANSWERED, answer, approve
from builders import a_block, a_service, an_inquiry
from described import check
from houses import publish
from sites import Site

from servicedir.domain.text import Text

PATHS = ["/api/v1/inquiries", "/api/v1/inquiries/af0147-24"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("site", ["city", "quiet"])
def test_what_is_answered_is_described(request: pytest.FixtureRequest, site: str, path: str, language: str) -> None:
    where: Site = request.getfixturevalue(site)
    check(where.get(f"{path}?lang={language}"), path)


@pytest.mark.parametrize("path", PATHS)
def test_anybody_may_read_it_from_any_origin_and_need_not_read_it_twice(quiet: Site, path: str) -> None:
    found = quiet.get(path)
    assert found.headers["Access-Control-Allow-Origin"] == "*"
    assert found.headers["Cache-Control"] == "public, no-cache"
    quiet.get(path, headers={"If-None-Match": found.headers["ETag"]}, status=304)
    head = quiet.visitor().head(path)
    assert (head.body, head.headers["ETag"]) == (b"", found.headers["ETag"])
    quiet.get(path, headers={"Accept": "text/csv"}, status=406)
    quiet.get(f"{path}?lang=fr", status=400)


def test_the_list_says_what_one_answer_says_of_itself(quiet: Site) -> None:
    (listed,) = quiet.get(PATHS[0]).json["items"]
    whole = quiet.get(PATHS[1]).json
    assert listed == {name: whole[name] for name in listed}
    assert listed["asked_by"] == "Stadtrat"
    assert listed["received"] == "2026-01-05"
    assert listed["questions"] == ["Was geht per Video?"]
    assert quiet.get(f"{PATHS[0]}?lang=en").json["items"][0]["title"] == "Advice by video"


def test_the_answer_is_the_file_and_its_checksum_is_that_of_the_file(quiet: Site) -> None:
    whole = quiet.get(PATHS[1]).json
    for address in (whole["files"]["json"], f"/inquiries/{whole['slug']}.json"):
        file = quiet.get(address.removeprefix("http://localhost"))
        assert sha256(file.body).hexdigest() == whole["checksum"]
        assert json.loads(file.body) == whole["answer"]
    for address in (*whole["files"].values(), *whole["tables"], whole["url"], whole["permanent_url"]):
        quiet.get(address.removeprefix("http://localhost"))


def test_in_english_the_files_are_the_english_ones(quiet: Site) -> None:
    whole = quiet.get(f"{PATHS[1]}?lang=en").json
    assert whole["answer"]["language"] == "en"
    file = quiet.get(whole["files"]["json"].removeprefix("http://localhost"))
    assert file.json == whole["answer"]


def test_later_editions_are_listed_and_earlier_ones_stay(town: Site) -> None:
    before = town.get(PATHS[1]).json
    publish(town.house, a_service("neues"))
    answer(town.house, replace(ANSWERED, title=Text.of("Noch einmal")), based_on=1)
    now = town.get(PATHS[1]).json
    assert [edition["edition"] for edition in now["editions"]] == [2, 1]
    assert now["editions"][1]["checksum"] == before["checksum"]
    assert (now["title"], before["title"]) == ("Noch einmal", "Beratung per Video")
    assert town.get(before["files"]["json"].removeprefix("http://localhost")).json == before["answer"]
    check(town.get(PATHS[1]), PATHS[1])


def test_what_is_not_published_is_not_there(town: Site) -> None:
    before = [town.get(path).body for path in PATHS]
    secret = an_inquiry("geheim", a_block(text="kanarienanfrage"), title="Kanarienanfrage")
    approve(town.house, secret)
    approve(town.house, replace(ANSWERED, title=Text.of("Kanarienanfrage")), based_on=1)
    assert [town.get(path).body for path in PATHS] == before
    there, nowhere = (town.get(f"/api/v1/inquiries/{slug}", status=404) for slug in ("geheim", "niemals"))
    assert there.text.replace("geheim", "niemals") == nowhere.text
