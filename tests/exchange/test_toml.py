"""The readable catalogue file: what it may say, and where it is wrong; and the sample, which is written in it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedir.domain.catalogue import Catalogue, Office
from servicedir.domain.document import BadDocument
from servicedir.domain.history import Kind
from servicedir.domain.service import Effect, LegalBasis, Service, Stage
from servicedir.domain.text import Text
from servicedir.exchange.toml import read

OFFICE = """
[[office]]
slug = "buergeramt"
name = { de = "Bürgeramt", en = "Citizens' office" }
"""

SERVICE = """
[[service]]
slug = "abmelden"
title = { de = "Wohnsitz abmelden" }
nature = "transactional"
offices = ["buergeramt"]
channels = [
  { kind = "video", periods = [{ stage = "pilot", since = "2024-05", slots_per_week = 25 }] },
]

[[service.constraints]]
kind = "legal"
requirement = "identity_check"
effect = "conditions"
"""


def test_each_table_is_an_entry_of_its_kind() -> None:
    (first, office), (second, service) = read(OFFICE + SERVICE, "stadt.toml")
    assert (first, second) == (Kind.OFFICE, Kind.SERVICE)
    assert office == Office(slug="buergeramt", name=Text.of(de="Bürgeramt", en="Citizens' office"))
    assert isinstance(service, Service)
    period = service.channels[0].periods[0]
    assert (period.stage, str(period.since), period.slots_per_week) == (Stage.PILOT, "2024-05", 25)
    assert service.constraints[0].effect is Effect.CONDITIONS


def test_an_empty_file_holds_nothing() -> None:
    assert list(read("", "leer.toml")) == []
    assert list(read("# nur eine Bemerkung\n", "leer.toml")) == []


def test_days_may_be_written_as_toml_writes_them() -> None:
    text = SERVICE.replace('since = "2024-05"', "since = 2024-05-01")
    ((_kind, service),) = read(text, "x.toml")
    assert service.channels[0].periods[0].since.first == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('legal_basis = "§ 17 BMG"\nurl = "https://example.org"', LegalBasis("§ 17 BMG", "https://example.org")),
        ('legal_basis = "§ 17 BMG"', LegalBasis("§ 17 BMG")),
        ('legal_basis = { citation = "§ 17 BMG", url = "https://x.org" }', LegalBasis("§ 17 BMG", "https://x.org")),
        ("", None),
    ],
)
def test_a_citation_may_be_written_flat_or_in_full(written: str, meant: LegalBasis | None) -> None:
    ((_kind, service),) = read(SERVICE + written, "x.toml")
    assert service.constraints[0].legal_basis == meant


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[[service]\n", "x.toml"),
        ("[[kennel]]\nslug = 'x'\n", "x.toml: kennel"),
        (SERVICE.replace("transactional", "magic"), "x.toml: abmelden"),
        (SERVICE + "colour = 'blue'\n", "x.toml: abmelden"),
        ("[[service]]\ntitle = 'ohne Adresse'\n", "x.toml: ?"),
        ("service = 5\n", "x.toml: service"),
        ("[service]\nslug = 'x'\n", "x.toml: service"),
        ("service = ['x']\n", "x.toml: service"),
        ("[[service]]\nslug = 'x'\nconstraints = 5\n", "x.toml: x"),
        ("[[service]]\nslug = 'x'\nconstraints = ['y']\n", "x.toml: x"),
    ],
)
def test_what_is_wrong_is_told_with_the_file_and_the_entry(text: str, where: str) -> None:
    with pytest.raises(BadDocument) as fault:
        list(read(text, "x.toml"))
    assert fault.value.path == where


json_like = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "x", "2024", "legal", "§ 1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


def written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"'{value}'"
        case list():
            return f"[{', '.join(map(written, value))}]"
        case dict():
            return "{" + ", ".join(f"{name} = {written(part)}" for name, part in value.items()) + "}"
    return str(value)


@given(
    st.sampled_from([*Kind, "kennel"]),
    st.dictionaries(st.sampled_from(["slug", "constraints", "legal_basis", "title", "name", "channels"]), json_like),
)
def test_whatever_a_file_says_is_an_entry_or_told_to_be_none(table: str, fields: dict[str, Any]) -> None:
    text = f"[[{table}]]\n" + "".join(f"{name} = {written(value)}\n" for name, value in fields.items())
    try:
        assert len(list(read(text, "x.toml"))) == 1
    except BadDocument as fault:
        assert fault.path.startswith("x.toml")


# The sample


@pytest.fixture(scope="module")
def sample() -> list[tuple[Kind, Any]]:
    folder = resources.files("servicedir.sample")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return [entry for file in files for entry in read(file.read_text("utf-8"), file.name)]


def test_the_sample_says_each_address_once(sample: list[tuple[Kind, Any]]) -> None:
    assert [key for key, times in Counter((kind, value.slug) for kind, value in sample).items() if times > 1] == []


def test_nothing_in_the_sample_breaks_a_rule(sample: list[tuple[Kind, Any]]) -> None:
    services = [value for kind, value in sample if kind is Kind.SERVICE]
    assert len(services) >= 140
    assert {service.slug: service.faults() for service in services if service.faults()} == {}


def test_nothing_in_the_sample_points_nowhere(sample: list[tuple[Kind, Any]]) -> None:
    nouns = {kind: {value.slug: value for k, value in sample if k is kind} for kind in Kind}
    catalogue = Catalogue(nouns[Kind.OFFICE], nouns[Kind.PLACE], nouns[Kind.TOPIC], nouns[Kind.AUDIENCE])
    for service in nouns[Kind.SERVICE].values():
        assert set(service.offices) <= set(catalogue.offices), service.slug
        assert set(service.places) <= set(catalogue.places), service.slug
        assert set(service.topics) <= set(catalogue.topics), service.slug
        assert set(service.audiences) <= set(catalogue.audiences), service.slug
        assert set(service.related) <= set(nouns[Kind.SERVICE]), service.slug
    for office in catalogue.offices.values():
        assert not office.parent or office.parent in catalogue.offices
    for place in catalogue.places.values():
        assert not place.office or place.office in catalogue.offices
