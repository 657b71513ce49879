"""What an entry says in HSDS 3.0: services, their attributes, the offices behind them, and where they can be had."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from builders import (
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
from hsds_objects import a_scope, attributes, explaining, published, whole
from standards import hsds_faults

from servicedir.domain.catalogue import PlaceKind, TopicKind
from servicedir.domain.service import ChannelKind
from servicedir.exchange.hsds import locations, organizations, services
from servicedir.exchange.hsds.identity import identifier

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
