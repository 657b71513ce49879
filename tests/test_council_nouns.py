"""Steps, programmes and acceptance at the door: saved like other nouns, pointing at what there is, and from files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from builders import a_grant, a_person, a_programme, a_service, a_step, an_acceptance, an_office
from houses import a_house, publish, rows, save

from servicedir.directory import House, Refused
from servicedir.directory.words import InUse
from servicedir.domain.acceptance import Group, Measurement
from servicedir.domain.day import Day
from servicedir.domain.history import Entry, Kind
from servicedir.domain.step import StepState
from servicedir.domain.workflow import SYSTEM, Role, State
from servicedir.exchange import toml

CORA = a_person("cora", a_grant(Role.COORDINATOR, ""))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = a_house(tmp_path / "house", a_service("ausweis"))
    yield made
    made.close()


def store(house: House, kind: Kind, value: Any, based_on: int | None = None) -> Entry:
    with house.work(write=True) as directory:
        return directory.words.save(kind, value, based_on=based_on, by=CORA)


def retire(house: House, kind: Kind, slug: str) -> Entry:
    with house.work(write=True) as directory:
        return directory.words.retire(kind, slug, based_on=1, by=CORA)


def test_each_is_public_at_once(house: House) -> None:
    store(house, Kind.PROGRAMME, a_programme("", name="Digitalpakt"))
    store(house, Kind.STEP, a_step("", name="Räume", services=("ausweis",), programmes=("digitalpakt",)))
    store(house, Kind.ACCEPTANCE, an_acceptance("", name="Umfrage", services=("ausweis",), office="buergeramt"))
    catalogue = house.catalogue()
    assert catalogue.steps["raeume"].programmes == ("digitalpakt",)
    assert catalogue.programmes["digitalpakt"].slug == "digitalpakt"
    assert catalogue.acceptances["umfrage"].value == Decimal("4.2")


def test_a_target_that_slips_is_kept_by_saving(house: House) -> None:
    store(house, Kind.STEP, a_step("", name="Raum", target="2026-01"))
    with house.work() as directory:
        _entry, step = directory.words.get(Kind.STEP, "raum", CORA)
    store(house, Kind.STEP, replace(step, target=Day("2026-06")), based_on=1)
    # Who sends an old form, or forged earlier targets, cannot lose any.
    store(house, Kind.STEP, replace(step, target=Day("2027-01"), earlier_targets=()), based_on=2)
    kept = house.catalogue().steps["raum"]
    assert kept.earlier_targets == (Day("2026-01"), Day("2026-06"))
    store(house, Kind.STEP, replace(kept, blocker=kept.name), based_on=3)
    assert house.catalogue().steps["raum"].earlier_targets == (Day("2026-01"), Day("2026-06"))


def test_saving_a_step_as_it_is_changes_nothing(house: House) -> None:
    step = a_step("raum", target="2026-02", earlier_targets=("2025-01",))
    publish(house, step)
    assert store(house, Kind.STEP, step, based_on=1).latest.number == 1


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        (Kind.STEP, a_step("", name="Neu", services=("nirgends",)), "services: unknown_reference"),
        (Kind.STEP, a_step("", name="Neu", office="nirgends"), "office: unknown_reference"),
        (Kind.STEP, a_step("", name="Neu", programmes=("nirgends",)), "programmes: unknown_reference"),
        (Kind.STEP, a_step("", name="Neu", state=StepState.DECIDED_AGAINST), "reason: against_without_reason"),
        (Kind.PROGRAMME, a_programme("", name="Neu", services=("nirgends",)), "services: unknown_reference"),
        (Kind.PROGRAMME, a_programme("", name=""), "name: missing"),
        (Kind.ACCEPTANCE, an_acceptance("", name="Neu", office="nirgends"), "office: unknown_reference"),
        (Kind.ACCEPTANCE, an_acceptance("", name="Neu", value=Decimal(9)), "value: off_the_scale"),
        (Kind.ACCEPTANCE, an_acceptance("", name="Neu", measured="2999"), "measured: not_begun"),
    ],
)
def test_what_breaks_a_rule_or_leads_nowhere_is_refused(house: House, kind: Kind, value: Any, fault: str) -> None:
    before = rows(house, "revisions")
    with pytest.raises(Refused) as refused:
        store(house, kind, value)
    assert [str(one) for one in refused.value.faults] == [fault]
    assert rows(house, "revisions") == before


def test_the_same_measurement_is_not_kept_twice_but_of_both_groups_and_again_later(house: House) -> None:
    store(house, Kind.ACCEPTANCE, an_acceptance("", name="Umfrage"))
    with pytest.raises(Refused):
        store(house, Kind.ACCEPTANCE, an_acceptance("", name="umfrage"))
    staff = store(house, Kind.ACCEPTANCE, an_acceptance("", name="Umfrage", group=Group.STAFF))
    later = store(house, Kind.ACCEPTANCE, an_acceptance("", name="Umfrage", measured="2026"))
    assert [staff.slug, later.slug] == ["umfrage-2", "umfrage-3"]


def test_a_former_address_of_a_service_is_saved_as_the_present_one(house: House) -> None:
    with house.work(write=True) as directory:
        directory.rename("ausweis", "personalausweis", by=SYSTEM)
    store(house, Kind.STEP, a_step("", name="Raum", services=("ausweis", "personalausweis")))
    assert house.catalogue().steps["raum"].services == ("personalausweis",)


def test_they_stay_with_a_service_that_gets_another_address_also_as_of_then(house: House) -> None:
    publish(
        house, a_programme(services=("ausweis",)), a_step(services=("ausweis",)), an_acceptance(services=("ausweis",))
    )
    before = house.now()
    with house.work(write=True) as directory:
        directory.rename("ausweis", "personalausweis", by=SYSTEM)
    with house.work() as directory:
        for catalogue in (house.catalogue(), directory.read_catalogue(), directory.read_catalogue(before)):
            found = (
                catalogue.steps["ausweiten"],
                catalogue.programmes["foerdertopf"],
                catalogue.acceptances["umfrage"],
            )
            assert {noun.services for noun in found} == {("personalausweis",)}


@pytest.mark.parametrize(
    ("kind", "slug", "pointing"),
    [
        (Kind.OFFICE, "neu", a_step(office="neu")),
        (Kind.OFFICE, "neu", an_acceptance(office="neu")),
        (Kind.PROGRAMME, "topf", a_step(programmes=("topf",))),
    ],
)
def test_what_a_step_or_a_measurement_points_at_stays(house: House, kind: Kind, slug: str, pointing: Any) -> None:
    publish(house, an_office("neu"), a_programme("topf"), pointing)
    with pytest.raises(InUse) as used:
        retire(house, kind, slug)
    assert [noun.slug for _kind, noun in used.value.uses.nouns] == [pointing.slug]
    with house.work(write=True) as directory:
        kind_of = used.value.uses.nouns[0][0]
        directory.words.retire(kind_of, pointing.slug, based_on=1, by=CORA)
    assert retire(house, kind, slug).state is State.RETIRED


def test_who_asks_what_points_at_a_service_hears_of_steps_programmes_and_acceptance(house: House) -> None:
    publish(
        house,
        a_programme(services=("ausweis",)),
        a_step(services=("ausweis",)),
        an_acceptance(services=("ausweis",)),
        a_step("anderer"),
    )
    with house.work() as directory:
        found = directory.words.uses(Kind.SERVICE, "ausweis", CORA).nouns
    assert [kind for kind, _noun in found] == [Kind.STEP, Kind.PROGRAMME, Kind.ACCEPTANCE]


# Files

FILE = """
[[programme]]
slug = "topf"
name = "Topf"
level = "eu"
begins = 2024

[[step]]
slug = "raum"
name = {de = "Raum", en = "Room"}
office = "buergeramt"
services = ["ausweis"]
programmes = ["topf"]
target = 2026-05-01
earlier_targets = ["2025", "2025-12"]
state = "under_way"

[[acceptance]]
slug = "anteil"
name = "Anteil"
group = "staff"
measurement = "share"
measured = "2025-06"
value = 12.50
asked = 400
"""


def test_a_catalogue_file_brings_them_along_whatever_their_order(house: House) -> None:
    values = list(toml.read(FILE, "council.toml"))
    with house.work(write=True) as directory:
        assert {outcome.result for outcome in directory.adopt(reversed(values), by=SYSTEM)} == {"new"}
    catalogue = house.catalogue()
    assert catalogue.steps["raum"].earlier_targets == (Day("2025"), Day("2025-12"))
    assert catalogue.acceptances["anteil"].value == Decimal("12.5")
    assert catalogue.acceptances["anteil"].measurement is Measurement.SHARE
    with house.work(write=True) as directory:
        assert {outcome.result for outcome in directory.adopt(toml.read(FILE, "again.toml"))} == {"unchanged"}


def test_a_file_that_points_nowhere_or_breaks_a_rule_is_refused_line_by_line(house: House) -> None:
    broken = FILE.replace('["topf"]', '["nirgends"]').replace("12.50", "112.50")
    with house.work(write=True) as directory:
        outcomes = {o.slug: (o.result, o.details) for o in directory.adopt(toml.read(broken, "council.toml"))}
    assert outcomes["topf"][0] == "new"
    assert outcomes["raum"] == ("refused", ("programmes.nirgends: unknown_reference",))
    assert outcomes["anteil"] == ("refused", ("value: off_the_scale",))


def test_a_draft_can_be_pointed_at_by_who_plans(house: House) -> None:
    save(house, a_service("neu"))
    assert store(house, Kind.STEP, a_step("", name="Raum", services=("neu",))).slug == "raum"
