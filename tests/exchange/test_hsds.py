"""The catalogue as HSDS 3.0: each object is valid with nothing beside, says what the entry says, and keeps its id."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

import pytest
import strategies
from builders import (
    a_catalogue,
    a_channel,
    a_constraint,
    a_legal_basis,
    a_period,
    a_place,
    a_service,
    a_topic,
    a_video_need,
    an_audience,
    an_office,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from standards import hsds_faults

from servicedir.domain.catalogue import Catalogue, PlaceKind, TopicKind
from servicedir.domain.history import Kind, Published
from servicedir.domain.service import ChannelKind, Service
from servicedir.exchange import toml
from servicedir.exchange.hsds import locations, organizations, services
from servicedir.exchange.hsds.identity import identifier
from servicedir.exchange.hsds.scope import Scope, mail_address, web_address

ON = date(2026, 11, 27)
AT = datetime(2026, 11, 23, 12, 0, 0, 123456, UTC)


def published(service: Service, revision: int = 1) -> Published:
    return Published(service=service, revision=revision, updated=AT)


def a_scope(*nouns: Any, **fields: Any) -> Scope:
    nouns = nouns or (an_office(), an_office("jugendamt"), a_place(), a_topic(), an_audience())
    return Scope(a_catalogue(*nouns), ON, **{"base": "https://stadt.example.org", **fields})


def whole(service: Service, *nouns: Any, **fields: Any) -> dict[str, Any]:
    return services.whole(published(service), a_scope(*nouns, **fields))


def attributes(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Code and value of each attribute."""
    return [(one["taxonomy_term"]["code"], one.get("value", "")) for one in found["attributes"]]


def explaining(found: dict[str, Any], code: str) -> list[tuple[str, str]]:
    """Code and value of what explains the first attribute of a code."""
    about = next(one["id"] for one in found["attributes"] if one["taxonomy_term"]["code"] == code)
    return [
        (one["taxonomy_term"]["code"], one.get("value", ""))
        for one in found["attributes"]
        if one["link_id"] == about and one["link_entity"] == "attribute"
    ]


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


# What a service says


def test_a_service_says_what_the_entry_says() -> None:
    found = whole(
        a_service(
            "wohnsitz-abmelden",
            title="Wohnsitz abmelden",
            summary="Wer wegzieht.",
            body="Sie **buchen**.",
            costs="gebührenfrei",
            documents=("Personalausweis", "Meldeschein"),
            audiences=("familien",),
            languages=("de", "dgs"),
            verified=date(2026, 3, 4),
            channels=(a_channel("video", a_period("pilot", "2024-05", booking="Im Netz buchen.")),),
        ),
        an_office(email="buergeramt@stadt.example.org", phone="115", url="https://stadt.example.org/buergeramt"),
        an_audience(),
    )
    said = {name: value for name, value in found.items() if isinstance(value, str)}
    assert said == {
        "id": "a174f1bb-a9f2-5b95-8aca-338a3aa9f061",
        "name": "Wohnsitz abmelden",
        "description": "Wer wegzieht.\n\nSie **buchen**.",
        "status": "active",
        "url": "https://stadt.example.org/services/wohnsitz-abmelden",
        "email": "buergeramt@stadt.example.org",
        "fees_description": "gebührenfrei",
        "eligibility_description": "Familien",
        "application_process": "Video: Im Netz buchen.",
        "assured_date": "2026-03-04",
        "last_modified": "2026-11-23T12:00:00.123Z",
    }
    assert [document["document"] for document in found["required_documents"]] == ["Personalausweis", "Meldeschein"]
    assert [(one["code"], one["name"]) for one in found["languages"]] == [
        ("de", "Deutsch"),
        ("gsg", "Deutsche Gebärdensprache"),
    ]
    assert [cost["amount_description"] for cost in found["cost_options"]] == ["gebührenfrei"]
    assert [phone["number"] for phone in found["phones"]] == ["115"]
    assert [contact["department"] for contact in found["contacts"]] == ["Buergeramt"]
    assert found["organization"]["website"] == "https://stadt.example.org/buergeramt"
    (change,) = found["metadata"]
    assert (change["last_action_date"], change["last_action_type"]) == ("2026-11-23", "create")
    assert (change["field_name"], change["replacement_value"]) == ("revision", "1")
    assert change["updated_by"] == "Buergeramt"


def test_a_service_speaks_the_language_that_is_asked_for() -> None:
    service = a_service(title={"de": "Ausweis", "en": "Identity card"}, summary="Nur deutsch.")
    found = whole(service, language="en")
    assert (found["name"], found["description"]) == ("Identity card", "Nur deutsch.")
    nature = found["attributes"][0]["taxonomy_term"]
    assert (nature["name"], nature["language"]) == ("Application", "en")


def test_where_video_stands_is_an_attribute_with_its_time() -> None:
    found = whole(
        a_service(
            channels=(
                a_channel(
                    "video",
                    a_period("planned", "2023", until="2024-04"),
                    a_period("pilot", "2024-05", slots_per_week=25, telework=True, by_arrangement=True, source="Rat"),
                    note="Nur mit Kamera.",
                    verified=date(2026, 1, 2),
                ),
            )
        )
    )
    stages = [one for one in found["attributes"] if one["taxonomy_term"]["code"].startswith("video-stage:")]
    assert [(one["taxonomy_term"]["code"], one["value"], one["link_type"]) for one in stages] == [
        ("video-stage:pilot", "2024-05/..", "stage"),
        ("video-stage:planned", "2023/2024-04", "stage-earlier"),
    ]
    assert stages[0]["taxonomy_term"]["name"] == "Testbetrieb"
    assert explaining(found, "video-stage:pilot") == [
        ("detail:source", "Rat"),
        ("detail:slots-per-week", "25"),
        ("detail:by-arrangement", "yes"),
        ("detail:telework", "yes"),
        ("detail:note", "Nur mit Kamera."),
        ("detail:verified", "2026-01-02"),
    ]
    assert ("channel:video", "") in attributes(found)


def test_a_stage_of_which_only_a_time_is_attested_claims_no_beginning() -> None:
    found = whole(a_service(channels=(a_channel("video", a_period("live", None, attested="2024")),)))
    assert ("video-stage:live", "") in attributes(found)
    assert explaining(found, "video-stage:live") == [("detail:attested", "2024")]
    assert "valid_from" not in found["schedules"][0]
    ended = a_period("live", None, attested="2024", until="2024-07")
    assert ("video-stage:live", "/2024-07") in attributes(whole(a_service(channels=(a_channel("video", ended),))))


@pytest.mark.parametrize("channels", [(), (a_channel("video", a_period("live", "2020", until="2021")),)])
def test_that_nothing_is_known_of_video_is_said(channels: tuple[Any, ...]) -> None:
    found = whole(a_service(channels=channels))
    stage = next(one for one in found["attributes"] if one["link_type"] == "stage")
    assert stage["taxonomy_term"]["code"] == "video-stage:unknown"
    assert "value" not in stage
    assert "channel:video" not in dict(attributes(found))
    assert "schedules" not in found


def test_what_a_video_appointment_needs_is_said_with_its_stage() -> None:
    needs = a_video_need(
        interpreter=True, captions=False, test_url="https://video.example.org", privacy="Keine Aufnahme."
    )
    period = a_period("live", "2024", needs=needs, booking_url="https://termine.example.org", reason="Beliebt.")
    found = whole(a_service(channels=(a_channel("video", period),)))
    assert dict(explaining(found, "video-stage:live")) == {
        "detail:reason": "Beliebt.",
        "detail:booking-url": "https://termine.example.org",
        "detail:tool": "BigBlueButton",
        "detail:browser-only": "yes",
        "detail:interpreter": "yes",
        "detail:captions": "no",
        "detail:test-url": "https://video.example.org",
        "detail:privacy": "Keine Aufnahme.",
    }
    assert found["interpretation_services"] == "Im Videogespräch kann gedolmetscht werden."


def test_only_what_can_be_had_now_or_later_has_a_schedule() -> None:
    found = whole(
        a_service(
            channels=(
                a_channel(
                    "video",
                    a_period("pilot", "2020", until="2021"),
                    a_period(
                        "live", "2024-05", until="2027-02", booking_url="https://termine.example.org", booking="Hier."
                    ),
                ),
                a_channel("phone", a_period("ruled_out", "2020")),
                a_channel("chat", a_period("live", "2027")),
            )
        )
    )
    assert [{k: v for k, v in one.items() if k != "id"} for one in found["schedules"]] == [
        {
            "valid_from": "2024-05-01",
            "valid_to": "2027-02-28",
            "description": "Video: möglich",
            "schedule_link": "https://termine.example.org",
            "attending_type": "Video",
            "notes": "Hier.",
        },
        {"valid_from": "2027-01-01", "description": "Chat: möglich", "attending_type": "Chat"},
    ]
    later = next(one for one in found["attributes"] if one["taxonomy_term"]["code"] == "chat-stage:live")
    assert later["link_type"] == "stage-later"


def test_a_channel_that_rests_is_an_alert_and_the_service_stays_active() -> None:
    found = whole(a_service(channels=(a_channel("video", a_period("paused", "2024", reason="Umbau")),)))
    assert found["alert"] == "Video: zurzeit ausgesetzt (Umbau)"
    assert found["status"] == "active"


def test_a_constraint_is_an_attribute_with_its_legal_basis() -> None:
    found = whole(
        a_service(
            constraints=(
                a_constraint(channel=ChannelKind.VIDEO, legal_basis=a_legal_basis(), note="Im Amt."),
                a_constraint(),
            )
        )
    )
    assert explaining(found, "requirement:personal_appearance") == [
        ("constraint:legal", ""),
        ("effect:conditions", ""),
        ("channel:video", ""),
        ("detail:legal-basis", "§ 9 PAuswG"),
        ("detail:legal-basis-url", "https://www.gesetze-im-internet.de/pauswg/__9.html"),
        ("detail:note", "Im Amt."),
    ]
    assert [code for code, _value in attributes(found)].count("requirement:personal_appearance") == 2


def test_topics_audiences_and_the_rest_are_attributes() -> None:
    service = a_service(
        topics=("ausweise", "umzug", "unbekannt"),
        audiences=("familien",),
        keywords=("Perso", "Ausweis"),
        legal_bases=(a_legal_basis("§ 1", "https://example.org/1"),),
        leika_key="99115002104000",
        duration="sofort",
        related=("hundesteuer", "geheim"),
        offices=("buergeramt", "jugendamt"),
        channels=(),
    )
    nouns = (
        an_office(),
        an_office("jugendamt"),
        a_topic(),
        a_topic("umzug", kind=TopicKind.LIFE_SITUATION),
        an_audience(),
    )
    found = whole(service, *nouns, published={"hundesteuer"})
    assert attributes(found)[2:] == [
        ("topic:ausweise", ""),
        ("life-situation:umzug", ""),
        ("audience:familien", ""),
        ("detail:keyword", "Perso"),
        ("detail:keyword", "Ausweis"),
        ("detail:legal-basis", "§ 1"),
        ("detail:legal-basis-url", "https://example.org/1"),
        ("detail:leika-key", "99115002104000"),
        ("detail:duration", "sofort"),
        ("detail:related", identifier("service", "hundesteuer")),
        ("detail:further-office", identifier("organization", "jugendamt")),
    ]
    assert [contact["department"] for contact in found["contacts"]] == ["Buergeramt", "Jugendamt"]


def test_a_service_of_an_office_that_is_gone_has_no_organization() -> None:
    found = whole(a_service(offices=("aufgeloest",)))
    assert not {"organization", "phones", "contacts", "email"} & set(found)
    assert hsds_faults("service", found) == []


# Organizations and locations


def test_offices_are_a_tree_of_organizations() -> None:
    scope = a_scope(an_office(summary="Für alle.", phone="115"), an_office("meldestelle", parent="buergeramt"))
    below = organizations.whole(scope.catalogue.offices["meldestelle"], scope)
    assert below["parent_organization_id"] == identifier("organization", "buergeramt")
    assert below["description"] == "Meldestelle"
    above = organizations.whole(scope.catalogue.offices["buergeramt"], scope)
    assert "parent_organization_id" not in above
    assert above["description"] == "Für alle."
    assert above["uri"] == "https://stadt.example.org/offices/buergeramt"
    assert [one["taxonomy_term"]["code"] for one in above["attributes"]] == ["office-kind:counter"]


def test_an_office_with_an_address_is_a_location() -> None:
    office = an_office(
        address="Rathaus\nAlter Markt 6, 39104 Musterstadt\nEingang Nord",
        hours="Mo 9 bis 12 Uhr",
        accessibility="Rampe am Nordeingang",
        phone="115",
    )
    found = whole(a_service(), office)
    (link,) = found["service_at_locations"]
    where = link["location"]
    assert where["location_type"] == "physical"
    (address,) = where["addresses"]
    assert {name: value for name, value in address.items() if name != "id"} == {
        "address_1": "Rathaus, Alter Markt 6",
        "address_2": "Eingang Nord",
        "city": "Musterstadt",
        "state_province": "",
        "postal_code": "39104",
        "country": "DE",
        "address_type": "physical",
    }
    assert [one["description"] for one in where["schedules"]] == ["Mo 9 bis 12 Uhr"]
    assert [one["description"] for one in where["accessibility"]] == ["Rampe am Nordeingang"]
    assert [one["number"] for one in where["phones"]] == ["115"]
    assert found["organization"]["locations"] == [where]


def test_hours_of_an_office_without_an_address_are_not_lost() -> None:
    scope = a_scope(an_office(hours="Mo 9 bis 12 Uhr", accessibility="Rampe"))
    found = organizations.whole(scope.catalogue.offices["buergeramt"], scope)
    assert "locations" not in found
    assert attributes(found)[1:] == [("detail:hours", "Mo 9 bis 12 Uhr"), ("detail:accessibility", "Rampe")]


def test_an_address_that_cannot_be_taken_apart_stays_whole() -> None:
    scope = a_scope(a_place(address="Hinter dem Bahnhof"))
    (address,) = locations.whole(scope.catalogue.places["rathaus"], scope)["addresses"]
    assert (address["address_1"], address["city"], address["postal_code"]) == ("Hinter dem Bahnhof", "", "")


def test_a_place_is_a_location_as_long_as_it_is_open() -> None:
    places = (
        a_place("rathaus", opened="2020", source="Plan"),
        a_place("netz", kind=PlaceKind.VIRTUAL, url="https://netz.example.org"),
        a_place("zu", closed="2024-07"),
        a_place("bald", opened="2027"),
    )
    found = whole(a_service(places=("rathaus", "netz", "zu", "bald", "unbekannt")), an_office(), *places)
    assert [link["location"]["name"] for link in found["service_at_locations"]] == ["Rathaus", "Netz"]
    real, virtual = (link["location"] for link in found["service_at_locations"])
    assert real["organization_id"] == identifier("organization", "buergeramt")
    assert attributes(real) == [("detail:opened", "2020"), ("detail:source", "Plan")]
    assert (virtual["location_type"], virtual["url"]) == ("virtual", "https://netz.example.org")


def test_a_service_at_a_location_says_both() -> None:
    scope = a_scope()
    service = a_service(places=("rathaus",))
    (link,) = services.links_of(service, scope)
    found = services.whole_link(link, published(service), scope)
    assert found["location"] == whole(service)["service_at_locations"][0]["location"]
    assert found["id"] == whole(service)["service_at_locations"][0]["id"]
    assert found["service"]["attributes"] == whole(service)["attributes"]
    assert "service_at_locations" not in found["service"]


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
