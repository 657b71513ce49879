"""Other directories read ours in HSDS 3.0: pages, objects, parameters as the standard has them, and never a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from builders import a_place, a_service, a_topic, an_office
from houses import publish, save
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import validate
from sites import Site
from standards import hsds_faults

from servicedir.domain.workflow import SYSTEM
from servicedir.exchange.hsds.identity import identifier
from servicedir.search.row import _opened
from servicedir.web.hsds.asked import NOT_OFFERED, PARAMETERS

SERVICE = identifier("service", "wohnsitz-abmelden")
OFFICE = identifier("organization", "buergeramt")

LISTS = {
    "services": ("service_list", "service"),
    "organizations": ("organization_list", "organization"),
    "service_at_locations": ("service_at_location_list", "service_at_location"),
    "taxonomies": ("taxonomy", "taxonomy"),
    "taxonomy_terms": ("taxonomy_term", "taxonomy_term"),
}
"""Each list, with the kinds of objects that stand in it and that are read alone."""


def names(answer: Any) -> list[str]:
    return [one["name"] for one in answer.json["contents"]]


def term(code: str) -> str:
    return identifier("taxonomy_term", code)


def taxonomy(code: str) -> str:
    return identifier("taxonomy", code)


# Pages


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", LISTS)
def test_every_object_of_every_list_is_valid_there_and_alone(city: Site, kind: str, language: str) -> None:
    listed, alone = LISTS[kind]
    number, seen = 1, 0
    while True:
        page = city.get(f"/hsds/{kind}?per_page=100&page={number}&lang={language}").json
        for found in page["contents"]:
            assert hsds_faults(listed, found) == []
        for found in page["contents"][:: 1 if kind != "services" else 7]:
            whole = city.get(f"/hsds/{kind}/{found['id']}?lang={language}").json
            assert hsds_faults(alone, whole) == []
            assert whole["id"] == found["id"]
        seen += page["size"]
        if page["last_page"]:
            break
        number += 1
    assert seen == page["total_items"] > 1
    assert page["total_pages"] == number


@pytest.mark.parametrize("kind", ["services", "organizations", "service_at_locations"])
def test_full_objects_in_lists_are_the_same_as_alone(city: Site, kind: str) -> None:
    page = city.get(f"/hsds/{kind}?full=true&per_page=5").json
    assert page["contents"]
    for found in page["contents"]:
        assert hsds_faults(LISTS[kind][1], found) == []
        assert city.get(f"/hsds/{kind}/{found['id']}").json == found


def test_a_page_says_which_one_it_is(city: Site) -> None:
    page = city.get("/hsds/services?per_page=3&page=2").json
    total = page["total_items"]
    said = {name: page[name] for name in page if name not in ("contents", "total_items", "total_pages")}
    assert said == {"page_number": 2, "size": 3, "first_page": False, "last_page": False, "empty": False}
    assert page["total_pages"] == -(-total // 3)
    first = city.get("/hsds/services?per_page=3").json
    assert first["first_page"]
    assert {one["id"] for one in first["contents"]}.isdisjoint(one["id"] for one in page["contents"])
    last = city.get(f"/hsds/services?per_page=3&page={page['total_pages']}").json
    assert last["last_page"]
    beyond = city.get(f"/hsds/services?per_page=3&page={page['total_pages'] + 1}").json
    assert (beyond["size"], beyond["empty"], beyond["last_page"], beyond["contents"]) == (0, True, True, [])


def test_where_nothing_is_found_the_page_is_empty(city: Site) -> None:
    page = city.get("/hsds/services?search=qqxxyyzz").json
    assert page["contents"] == []
    assert (page["total_items"], page["total_pages"], page["empty"]) == (0, 0, True)
    assert page["first_page"] and page["last_page"]


def test_the_root_says_version_and_where_all_else_is(city: Site) -> None:
    root = city.get("/hsds/").json
    assert root["version"] == "3.0"
    assert root["profile"].startswith("https://")
    for address in (root["openapi_url"], *root["endpoints"].values()):
        assert city.get(address.removeprefix("http://localhost")).status_int == 200
    assert set(root["endpoints"]) == set(LISTS)


def test_the_description_is_openapi_and_names_every_address_and_parameter(city: Site) -> None:
    described = city.get("/hsds/openapi.json").json
    for parts in walk(described):
        if str(parts.get("$ref", "")).startswith("https://"):
            parts.clear()  # The standard's schemas are not looked up.
    validate(described)
    patterns = {pattern for name, pattern in city.routes.items() if name.startswith("hsds")}
    assert {f"/hsds{path}" for path in described["paths"]} == patterns - {
        "/hsds",
        "/hsds/openapi.json",
        "/hsds/{path:.*}",
    }


def walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in list(value.values()):
            yield from walk(part)
    if isinstance(value, list):
        for part in value:
            yield from walk(part)


# What is asked


def test_services_are_searched_as_on_the_first_page(city: Site) -> None:
    found = city.get("/hsds/services?search=Wohnung+abmelden").json
    ours = city.get("/api/v1/services?q=Wohnung+abmelden").json
    assert found["total_items"] == ours["total"] > 1
    assert [one["name"] for one in found["contents"]] == [item["title"] for item in ours["items"]]


@pytest.mark.parametrize(
    ("code", "query"),
    [
        ("video-stage:pilot", "video=pilot"),
        ("video-stage:unknown", "video=unknown"),
        ("channel:video", "channel=video"),
        ("nature:advisory", "nature=advisory"),
        ("topic:ausweise-dokumente", "topic=ausweise-dokumente"),
        ("life-situation:umzug", "topic=umzug"),
        ("audience:familien", "audience=familien"),
    ],
)
def test_services_with_a_term_are_those_that_say_it_themselves(city: Site, code: str, query: str) -> None:
    found = city.get(f"/hsds/services?taxonomy_term_id={term(code)}&per_page=100&full=true").json
    assert found["total_items"] == city.get(f"/api/v1/services?{query}").json["total"] > 0
    for one in found["contents"]:
        assert code in [
            said["taxonomy_term"]["code"]
            for said in one["attributes"]
            if said["link_entity"] == "service" and said["link_type"] not in ("stage-earlier", "stage-later")
        ]


def test_services_of_a_taxonomy_have_one_of_its_terms(quiet: Site) -> None:
    assert names(quiet.get(f"/hsds/services?taxonomy_id={taxonomy('topic')}")) == ["Wohnsitz abmelden"]
    assert quiet.get(f"/hsds/services?taxonomy_id={taxonomy('nature')}").json["total_items"] == 2
    assert quiet.get(f"/hsds/services?taxonomy_id={taxonomy('life-situation')}").json["total_items"] == 0


def test_terms_taxonomy_organization_and_words_narrow_together(town: Site) -> None:
    publish(town.house, a_topic("heirat", kind="life_situation"))
    both = a_service("umzug-nach-der-heirat", topics=("umzug", "heirat"), nature="advisory")
    publish(town.house, both, a_service("umzug-allein", topics=("umzug",), offices=("jugendamt",)))
    asked = f"/hsds/services?taxonomy_term_id={term('topic:umzug')}"
    assert len(names(town.get(asked))) == 3
    assert names(town.get(f"{asked}&taxonomy_id={taxonomy('life-situation')}")) == ["Umzug nach der heirat"]
    assert len(names(town.get(f"{asked}&taxonomy_id={taxonomy('topic')}"))) == 3
    assert len(names(town.get(f"{asked}&organization_id={OFFICE}"))) == 2
    assert names(town.get(f"{asked}&organization_id={OFFICE}&search=heirat")) == ["Umzug nach der heirat"]


def test_an_organization_has_just_the_services_that_it_is_responsible_for(town: Site) -> None:
    publish(town.house, a_service("meldung", offices=("meldestelle", "buergeramt")))
    found = town.get(f"/hsds/services?organization_id={OFFICE}&full=true").json
    assert [one["organization"]["id"] for one in found["contents"]] == [OFFICE]
    below = town.get(f"/hsds/organizations/{identifier('organization', 'meldestelle')}").json
    assert below["parent_organization_id"] == OFFICE
    assert below["services"] == [{"id": identifier("service", "meldung"), "name": "Meldung", "status": "active"}]


def test_what_was_modified_since_comes_newest_first(town: Site) -> None:
    before = town.get("/hsds/services?minimal=true").json["contents"]
    newest = max(one["last_modified"] for one in before)
    publish(town.house, a_service("zuletzt"), a_service("allerletzt"))
    found = town.get(f"/hsds/services?modified_after={newest}&minimal=true").json["contents"]
    assert {identifier("service", slug) for slug in ("zuletzt", "allerletzt")} <= {one["id"] for one in found}
    moments = [one["last_modified"] for one in found]
    assert moments == sorted(moments, reverse=True)
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat().replace("+", "%2B")
    assert town.get(f"/hsds/services?modified_after={later}").json["total_items"] == 0
    assert town.get("/hsds/services?modified_after=2000-01-01&per_page=1").json["total_items"] == 4


def test_minimal_is_every_id_with_its_moment_on_one_page(city: Site) -> None:
    page = city.get("/hsds/services?minimal=true").json
    assert page["size"] == page["total_items"] > 100
    assert (page["total_pages"], page["last_page"]) == (1, True)
    one = page["contents"][0]
    assert set(one) == {"id", "modified_date", "last_modified"}
    whole = city.get(f"/hsds/services/{one['id']}").json
    assert one["modified_date"] == one["last_modified"] == whole["last_modified"]
    assert city.get("/hsds/services?minimal=true&per_page=7").json["size"] == 7


def test_organizations_bring_their_services_when_asked(quiet: Site) -> None:
    listed = quiet.get("/hsds/organizations").json["contents"]
    assert "services" not in listed[0]
    full = quiet.get("/hsds/organizations?full_service=true").json["contents"]
    (office,) = [one for one in full if one["id"] == OFFICE]
    assert office["services"] == [quiet.get(f"/hsds/services/{SERVICE}").json]
    assert quiet.get(f"/hsds/organizations/{OFFICE}?full_service=true").json == office
    assert hsds_faults("organization", office) == []
    quiet.get("/hsds/organizations?full_service=true&per_page=50", status=400)


def test_organizations_taxonomies_and_terms_are_searched_by_all_words(quiet: Site) -> None:
    assert names(quiet.get("/hsds/organizations?search=MELDE")) == ["Meldestelle"]
    assert names(quiet.get("/hsds/organizations?search=melde+amt")) == []
    assert names(quiet.get("/hsds/taxonomies?search=zielgruppen")) == ["Zielgruppen"]
    assert "Testbetrieb" in names(quiet.get("/hsds/taxonomy_terms?search=testbetrieb&lang=de"))
    assert names(quiet.get(f"/hsds/taxonomy_terms?taxonomy_id={taxonomy('topic')}")) == ["Ausweise", "Umzug und Wohnen"]
    assert names(quiet.get(f"/hsds/taxonomy_terms?parent_id={term('topic:umzug')}")) == []
    every = quiet.get("/hsds/taxonomy_terms").json["total_items"]
    assert quiet.get("/hsds/taxonomy_terms?top_only=true").json["total_items"] == every


def test_a_service_is_at_its_open_places_and_at_offices_with_an_address(town: Site) -> None:
    publish(town.house, an_office(address="Markt 1, 39104 Musterstadt"), a_place("zu", closed="2020"))
    publish(town.house, a_service("zweierlei", places=("rathaus", "zu")))
    found = town.get(f"/hsds/service_at_locations?organization_id={OFFICE}&search=zweierlei").json
    assert [one["location"]["name"] for one in found["contents"]] == ["Rathaus", "Buergeramt"]
    assert {one["service"]["id"] for one in found["contents"]} == {identifier("service", "zweierlei")}


def test_texts_are_german_and_english_when_asked(quiet: Site) -> None:
    assert quiet.get(f"/hsds/services/{SERVICE}").json["name"] == "Wohnsitz abmelden"
    assert quiet.get(f"/hsds/services/{SERVICE}?lang=en").json["name"] == "Deregister a residence"
    assert "Deregister a residence" in names(quiet.get("/hsds/services?lang=en"))


@pytest.mark.parametrize(
    "query",
    [
        "services?page=0",
        "services?page=x",
        "services?per_page=101",
        "services?per_page=100&page=101",
        "services?minimal=1",
        "services?full=yes",
        "services?modified_after=gestern",
        "services?modified_after=9999-12-31T23:59:59-23:00",
        "services?taxonomy_term_id=video-stage:pilot",
        f"services?taxonomy_term_id={identifier('service', 'wohnsitz-abmelden')}",
        f"services?taxonomy_term_id={identifier('taxonomy', 'nature')}",
        f"services?taxonomy_term_id={identifier('taxonomy_term', 'requirement:originals')}",
        f"services?taxonomy_id={identifier('taxonomy', 'detail')}",
        "services?organization_id=x",
        "services?search=a&search=b",
        "services?format=ndjson",
        "services?postcode=39104",
        "services?lang=fr",
        "service_at_locations?proximity=5",
        "organizations?full_service=maybe",
        "taxonomy_terms?parent_id=x",
        "taxonomy_terms?top_only=x",
        f"services/{SERVICE}?lang=fr",
        "services?search=%ff",
    ],
)
def test_a_bad_value_is_told_as_a_problem(city: Site, query: str) -> None:
    answer = city.ask(f"/hsds/{query}")
    assert answer.status_int == 400
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["detail"]


def test_a_sentence_says_by_what_can_be_searched(city: Site) -> None:
    answer = city.get(f"/hsds/services?taxonomy_id={taxonomy('detail')}&lang=en", status=400)
    assert "only" in answer.json["detail"]
    assert "video-stage" in answer.json["detail"]


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("wanted", ["x", SERVICE[:-1] + "0", SERVICE.upper(), "..%2fservices"])
def test_an_unknown_id_is_not_found(city: Site, kind: str, wanted: str) -> None:
    answer = city.get(f"/hsds/{kind}/{wanted}", status=404)
    assert answer.content_type == "application/problem+json"


some_values = st.sampled_from(
    [
        "",
        "0",
        "1",
        "true",
        "false",
        "json",
        "de",
        "2026",
        "2026-11-27T12:00:00Z",
        SERVICE,
        OFFICE,
        term("channel:video"),
    ]
) | st.text(max_size=12)


@given(
    kind=st.sampled_from(sorted(LISTS)),
    query=st.lists(st.tuples(st.sampled_from(sorted({*chain(*PARAMETERS.values()), *NOT_OFFERED})), some_values)),
)
def test_whatever_is_asked_is_answered_or_refused(quiet: Site, kind: str, query: list[tuple[str, str]]) -> None:
    answer = quiet.visitor().get(f"/hsds/{kind}", query, status="*")
    assert answer.status_int in (200, 400)
    if answer.status_int == 200:
        assert answer.json["size"] == len(answer.json["contents"]) <= answer.json["total_items"]


def test_empty_and_unknown_parameters_are_ignored(city: Site) -> None:
    plain = city.get("/hsds/services").body
    assert city.get("/hsds/services?search=&page=&utm_source=x&minimal=").body == plain


# What everybody may keep


def test_pages_of_any_origin_may_read_and_nobody_reads_twice_what_is_the_same(town: Site) -> None:
    for path in ("/hsds/", "/hsds/services", f"/hsds/services/{SERVICE}", "/hsds/openapi.json"):
        answer = town.get(path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, no-cache"
        etag = answer.headers["ETag"]
        assert town.get(path, headers={"If-None-Match": etag}, status=304).body == b""
        head = town.visitor().head(path)
        assert (head.body, head.headers["ETag"]) == (b"", etag)
    before = town.get("/hsds/services").headers["ETag"]
    publish(town.house, a_service("neu"))
    assert town.get("/hsds/services").headers["ETag"] != before
    assert "Neu" in names(town.get("/hsds/services"))


def test_of_the_entries_only_those_of_the_page_are_read(town: Site) -> None:
    publish(town.house, *(a_service(f"dienst-{number}", places=("rathaus",)) for number in range(40)))
    for path, read in {
        "/hsds/services?per_page=5&page=3": 5,
        "/hsds/services?search=dienst&per_page=5&full=true": 5,
        f"/hsds/services?organization_id={OFFICE}&modified_after=2000-01-01&per_page=5": 5,
        "/hsds/services?minimal=true": 0,
        "/hsds/service_at_locations?per_page=5&page=2": 5,
        f"/hsds/organizations/{OFFICE}": 0,
        f"/hsds/services/{SERVICE}": 1,
    }.items():
        _opened.cache_clear()
        town.get(path)
        assert _opened.cache_info().misses == read, path


def test_nothing_can_be_written(town: Site) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for path in ("/hsds/", "/hsds/services", f"/hsds/services/{SERVICE}"):
            answer = town.ask(path, method=method)
            assert (answer.status_int, answer.allow) == (405, ("GET", "HEAD", "OPTIONS"))
            assert answer.content_type == "application/problem+json"


def test_pages_of_other_origins_may_ask_before_they_read(town: Site) -> None:
    for path in ("/hsds/", "/hsds/services", f"/hsds/services/{SERVICE}"):
        answer = town.ask(path, method="OPTIONS", HTTP_ORIGIN="https://elsewhere.example.org")
        assert (answer.status_int, answer.allow) == (204, ("GET", "HEAD", "OPTIONS"))
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


# What is hidden, and what moves


def test_a_draft_has_no_id(town: Site) -> None:
    save(town.house, a_service("geheim", offices=("jugendamt",), places=("rathaus",)))
    wanted = identifier("service", "geheim")
    town.get(f"/hsds/services/{wanted}", status=404)
    assert wanted not in town.get("/hsds/services?minimal=true").text
    assert "Geheim" not in town.get("/hsds/organizations?full_service=true").text
    assert "Geheim" not in town.get("/hsds/service_at_locations").text
    with town.house.work(write=True) as directory:
        directory.move("geheim", "publish", based_on=1, by=SYSTEM)
    assert town.get(f"/hsds/services/{wanted}").json["name"] == "Geheim"
    assert "Geheim" in town.get("/hsds/service_at_locations").text
    with town.house.work(write=True) as directory:
        directory.move("geheim", "retire", based_on=1, by=SYSTEM)
    town.get(f"/hsds/services/{wanted}", status=404)


def test_the_id_of_a_former_slug_leads_to_the_present_one(town: Site) -> None:
    with town.house.work(write=True) as directory:
        directory.rename("wohnsitz-abmelden", "abmeldung", by=SYSTEM)
    answer = town.get(f"/hsds/services/{SERVICE}", status=301)
    assert answer.headers["Location"].endswith(f"/hsds/services/{identifier('service', 'abmeldung')}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.follow().json["name"] == "Wohnsitz abmelden"


def test_the_former_slug_of_a_draft_leads_nowhere(town: Site) -> None:
    save(town.house, a_service("entwurf"))
    with town.house.work(write=True) as directory:
        directory.rename("entwurf", "entwurf-anders", by=SYSTEM)
    for slug in ("entwurf", "entwurf-anders"):
        town.get(f"/hsds/services/{identifier('service', slug)}", status=404)


def test_another_server_and_a_second_start_give_the_same_ids(town: Site, quiet: Site) -> None:
    ids = [one["id"] for one in town.get("/hsds/services").json["contents"]]
    assert [one["id"] for one in quiet.get("/hsds/services").json["contents"]] == ids
    again = Site(town.house.settings.data, base_url="https://anders.example.org")
    try:
        page = again.get("/hsds/services").json
        assert [one["id"] for one in page["contents"]] == ids
        assert page["contents"][0]["url"].startswith("https://anders.example.org/services/")
    finally:
        again.close()
