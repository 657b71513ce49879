"""The catalogue as HSDS 3.0: each object is valid with nothing beside it; ids are for ever, and terms are explained."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

import pytest
import strategies
from builders import (
    a_catalogue,
    a_service,
    a_topic,
    an_audience,
    an_office,
)
from hsds_objects import ON, a_scope, published, whole
from hypothesis import given, settings
from hypothesis import strategies as st
from standards import hsds_faults

from servicedir.domain.catalogue import Catalogue, TopicKind
from servicedir.domain.history import Kind
from servicedir.domain.service import Service
from servicedir.exchange import toml
from servicedir.exchange.hsds import locations, organizations, services
from servicedir.exchange.hsds.identity import identifier
from servicedir.exchange.hsds.scope import Scope, mail_address, web_address

# Validity


@cache
def sample() -> tuple[Catalogue, tuple[Service, ...]]:
    files = sorted(resources.files("servicedir.sample").iterdir(), key=lambda file: file.name)
    by_kind: dict[Kind, dict[str, Any]] = {kind: {} for kind in Kind}
    for file in files:
        if file.name.endswith(".toml"):
            for kind, value in toml.read(file.read_text("utf-8"), file.name):
                by_kind[kind][value.slug] = value
    kinds = (Kind.OFFICE, Kind.PLACE, Kind.TOPIC, Kind.AUDIENCE)
    return Catalogue(*(by_kind[kind] for kind in kinds)), tuple(by_kind[Kind.SERVICE].values())


def faults_of(service: Service, scope: Scope) -> Iterator[str]:
    entry = published(service)
    yield from hsds_faults("service_list", services.simple(entry, scope))
    yield from hsds_faults("service", services.whole(entry, scope))
    for link in services.links_of(service, scope):
        yield from hsds_faults("service_at_location_list", services.simple_link(link, entry, scope))
        yield from hsds_faults("service_at_location", services.whole_link(link, entry, scope))


def faults_of_nouns(scope: Scope) -> Iterator[str]:
    for office in scope.catalogue.offices.values():
        yield from hsds_faults("organization_list", organizations.simple(office, scope))
        yield from hsds_faults("organization", organizations.whole(office, scope))
    for where in (*scope.catalogue.places.values(), *scope.catalogue.offices.values()):
        yield from hsds_faults("location", locations.whole(where, scope))
    for taxonomy in scope.taxonomies.values():
        yield from hsds_faults("taxonomy", taxonomy)
    for term in scope.terms.values():
        yield from hsds_faults("taxonomy_term", term)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_object_of_the_sample_catalogue_is_valid(language: str) -> None:
    catalogue, entries = sample()
    slugs = {service.slug for service in entries}
    scope = Scope(catalogue, ON, language=language, base="https://stadt.example.org", published=slugs)
    assert list(faults_of_nouns(scope)) == []
    assert [fault for service in entries for fault in faults_of(service, scope)] == []
    assert len(entries) > 140


random_catalogues = st.builds(
    lambda offices, places, topics, audiences: a_catalogue(*offices, *places, *topics, *audiences, an_office()),
    *(st.lists(strategy, max_size=3) for strategy in (strategies.offices, strategies.places)),
    *(st.lists(strategy, max_size=3) for strategy in (strategies.topics, strategies.audiences)),
)


@settings(max_examples=60)
@given(service=strategies.services, catalogue=random_catalogues, language=st.sampled_from(("de", "en")), data=st.data())
def test_every_object_of_whatever_entry_is_valid(
    service: Service, catalogue: Catalogue, language: str, data: st.DataObject
) -> None:
    # Else hardly any of them would point at anything.
    some = {
        name: tuple(data.draw(st.lists(st.sampled_from(sorted(nouns)), max_size=2))) if nouns else ()
        for name in ("offices", "places", "topics", "audiences")
        if (nouns := getattr(catalogue, name)) is not None
    }
    service = replace(service, **{name: slugs or getattr(service, name) for name, slugs in some.items()})
    scope = Scope(catalogue, ON, language=language, base="https://stadt.example.org", published={*service.related})
    assert list(faults_of(service, scope)) == []
    assert list(faults_of_nouns(scope)) == []
    office = catalogue.offices["buergeramt"]
    assert hsds_faults("organization", organizations.with_services(office, [whole(service)], scope)) == []
    mentioned = services.reference(service.slug, service.title, scope)
    assert hsds_faults("organization", organizations.with_services(office, [mentioned], scope)) == []


def test_the_check_for_validity_finds_what_is_not() -> None:
    found = whole(a_service())
    assert hsds_faults("service", found) == []
    for spoilt in (
        {**found, "video_stage": "pilot"},
        {**found, "url": "javascript:alert(1)"},
        {**found, "url": "https://stadt.example.org/ä"},
        {**found, "id": "personalausweis"},
        {**found, "email": "niemand"},
        {**found, "last_modified": "2026-11-23"},
        {**found, "status": "paused"},
        {**found, "languages": [{"id": found["id"], "nr": 1}]},
    ):
        assert hsds_faults("service", spoilt) != []


@given(st.text(strategies.characters) | st.text(strategies.characters).map(lambda rest: f"https://{rest}"))
def test_an_address_is_one_that_the_standard_knows_or_none(typed: str) -> None:
    scope = a_scope(an_office(url=typed, email=typed))
    found = organizations.whole(scope.catalogue.offices["buergeramt"], scope)
    assert hsds_faults("organization", found) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://example.org/termin?a=1&b=2#x", "https://example.org/termin?a=1&b=2#x"),
        ("https://example.org/Straße 1", ""),
        ("https://example.org/Straße", "https://example.org/Stra%C3%9Fe"),
        ("https://example.org/\"'><x1/y=1>", "https://example.org/%22'%3E%3Cx1/y=1%3E"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/%C3%9F", "https://example.org/%C3%9F"),
        ("https://", ""),
        ("https://[", ""),
        ("https://a@example.org", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_addresses_are_written_as_the_standard_wants_them(written: str, meant: str) -> None:
    assert web_address(written) == meant


@pytest.mark.parametrize("email", ["amt@stadt.example.org", "amt+video@example.org"])
def test_a_mail_address_stays(email: str) -> None:
    assert mail_address(email) == email


@pytest.mark.parametrize("email", ["", "amt", "a b@example.org", "amt@", "ä@example.org", "a@b'><x1 y=1>"])
def test_what_is_no_mail_address_is_left_out(email: str) -> None:
    assert mail_address(email) == ""


# Ids


def test_ids_are_made_of_names_alone_and_never_change() -> None:
    """These stand in other people's databases."""
    assert identifier("service", "wohnsitz-abmelden") == "a174f1bb-a9f2-5b95-8aca-338a3aa9f061"
    assert identifier("organization", "buergeramt") == "d93d646c-1b7c-5553-a4bf-41e7b4012a88"
    assert identifier("taxonomy_term", "video-stage:pilot") == "69b8deb3-eb62-541a-bd4f-477c15d0ac06"
    assert UUID(identifier("service", "a")).version == 5


def test_ids_are_the_same_on_each_server_in_each_language_and_each_process() -> None:
    service = a_service(languages=("de",), places=("rathaus",), documents=("Ausweis",), keywords=("Perso",))
    one = whole(service)
    ids = sorted(ids_in(one))
    assert sorted(ids_in(whole(service, base="http://127.0.0.1:6543", language="en"))) == ids
    code = "from servicedir.exchange.hsds.identity import identifier; print(identifier('service', 'personalausweis'))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == one["id"]


def ids_in(value: Any) -> Iterator[str]:
    match value:
        case dict():
            if "id" in value:
                yield value["id"]
            for part in value.values():
                yield from ids_in(part)
        case list():
            for part in value:
                yield from ids_in(part)


def test_no_two_objects_have_one_id() -> None:
    catalogue, entries = sample()
    scope = Scope(catalogue, ON, published={service.slug for service in entries})
    seen: dict[str, str] = {}
    for service in entries:
        for identified in objects_in(services.whole(published(service), scope)):
            said = json.dumps(identified, sort_keys=True)
            assert seen.setdefault(identified["id"], said) == said


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    if isinstance(value, dict) and "id" in value:
        yield value
    for part in parts:
        yield from objects_in(part)


# Taxonomies


def test_each_term_stands_in_its_taxonomy_and_says_what_it_means_in_both_languages() -> None:
    german, english = a_scope(), a_scope(language="en")
    assert set(german.terms) == set(english.terms)
    for code, term in german.terms.items():
        assert term["taxonomy_detail"] is german.taxonomies[code.partition(":")[0]]
        if code.partition(":")[0] not in ("topic", "life-situation", "audience"):
            assert term["description"] != english.terms[code]["description"], code
            assert term["id"] == english.terms[code]["id"]
    assert german.terms["video-stage:pilot"]["description"] == "Auf diesem Weg ist es zu haben, auf Probe."


def test_no_taxonomy_is_without_terms_and_no_two_terms_share_a_code() -> None:
    scope = a_scope(
        *a_scope().catalogue.offices.values(), a_topic(), a_topic("umzug", kind=TopicKind.LIFE_SITUATION), an_audience()
    )
    assert {code.partition(":")[0] for code in scope.terms} == set(scope.taxonomies)
    assert len({term["id"] for term in scope.terms.values()}) == len(scope.terms)
