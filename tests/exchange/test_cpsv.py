"""Linked data: after CPSV-AP 3.2 whatever an entry says, the same triples in both forms, and no plan is an offer."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyshacl
import pytest
from builders import (
    a_catalogue,
    a_channel,
    a_constraint,
    a_legal_basis,
    a_period,
    a_service,
    a_text,
    a_topic,
    an_office,
)
from extracts import BASE, ON, an_extract, extracts, of_the_sample, stored
from hypothesis import given, settings
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, SKOS
from standards import standard

from servicedir.domain import words
from servicedir.domain.catalogue import TopicKind
from servicedir.domain.service import ChannelKind, Effect, Service, Stage
from servicedir.exchange import cpsv, vocabulary
from servicedir.exchange.extract import Extract
from servicedir.exchange.linked import PREFIXES, Iri, Thing, address, json_ld, turtle

CV = Namespace(PREFIXES["cv"])
CPSV = Namespace(PREFIXES["cpsv"])
ELI = Namespace(PREFIXES["eli"])
SD = Namespace(f"{BASE}/data/vocabulary#")
SHAPES = "cpsv-ap-SHACL.ttl"

# What rdflib reads JSON-LD with uses what rdflib itself calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


def graph_of(extract: Extract, name: str = "ttl") -> Graph:
    """What a format says, read by somebody else's program."""
    with TemporaryDirectory() as folder:
        said = stored(name, extract, Path(folder))
    return Graph().parse(data=said, format={"ttl": "turtle", "jsonld": "json-ld"}[name])


def of(*services: Service, **options: object) -> Graph:
    return graph_of(an_extract(*services, **options))  # type: ignore[arg-type]


def service(slug: str = "personalausweis") -> URIRef:
    return URIRef(f"{BASE}/services/{slug}#service")


@cache
def shapes() -> Graph:
    return Graph().parse(standard("cpsv-ap-3.2.0") / SHAPES)


def violations(graph: Graph) -> str:
    """What the shapes of CPSV-AP find in a graph; nothing if it conforms."""
    conforms, _report, text = pyshacl.validate(graph, shacl_graph=shapes())
    return "" if conforms else text


# The standard


def test_the_whole_sample_conforms_to_the_shapes() -> None:
    graph = graph_of(of_the_sample())
    assert len(set(graph.subjects(RDF.type, CPSV.PublicService))) > 200
    assert violations(graph) == ""


@settings(max_examples=25)
@given(extracts())
def test_whatever_an_entry_says_it_conforms_to_the_shapes(extract: Extract) -> None:
    assert violations(graph_of(extract)) == ""


def test_the_shapes_find_what_is_wrong() -> None:
    """So that the tests above can fail."""
    graph = of(a_service())
    graph.remove((service(), CV.hasCompetentAuthority, None))
    assert "hasCompetentAuthority" in violations(graph)
    assert violations(of(a_service(offices=("nirgends",)))) != ""


@settings(max_examples=40)
@given(extracts())
def test_turtle_and_json_ld_say_the_same(extract: Extract) -> None:
    one, two = graph_of(extract), graph_of(extract, "jsonld")
    assert set(one) == set(two)
    assert not [term for triple in one for term in triple if not isinstance(term, URIRef | Literal)]


def test_the_sample_says_the_same_in_both() -> None:
    assert set(graph_of(of_the_sample())) == set(graph_of(of_the_sample(), "jsonld"))


def test_json_ld_can_be_read_line_by_line(tmp_path: Path) -> None:
    lines = stored("jsonld", an_extract(a_service()), tmp_path).decode().splitlines()
    things = [json.loads(line.rstrip(",")) for line in lines[2:-1]]
    assert str(service()) in {thing["@id"] for thing in things}


# What is said


def test_only_what_can_be_used_on_the_day_is_a_channel_of_the_service() -> None:
    channels = (
        a_channel(ChannelKind.VIDEO, a_period("planned", "2026-01", until="2026-11"), a_period("live", "2026-12")),
        a_channel(ChannelKind.PHONE, a_period("live", "2020")),
        a_channel(ChannelKind.ONLINE, a_period("ruled_out", "2020")),
    )
    graph = of(a_service(channels=channels))
    video, phone, online = (URIRef(f"{service()[:-8]}#channel-{name}") for name in ("video", "phone", "online"))
    assert set(graph.objects(service(), CV.hasChannel)) == {phone}
    assert set(graph.objects(service(), SD.accessWay)) == {video, phone, online}
    assert set(graph.objects(video, SD.stage)) == {SD["stage-planned"]}
    later = of(a_service(channels=channels), on=ON.replace(month=12))
    assert set(later.objects(service(), CV.hasChannel)) == {video, phone}


def test_days_are_as_exact_as_they_are_known() -> None:
    periods = (a_period("planned", "2023", until="2024-04"), a_period("live", "2024-05-02"))
    graph = of(a_service(channels=(a_channel(ChannelKind.VIDEO, *periods),)))
    said = {(str(day), str(day.datatype).rpartition("#")[2]) for day in graph.objects(None, SD.since)}  # type: ignore[union-attr]
    assert said == {("2023", "gYear"), ("2024-05-02", "date")}
    assert {str(day) for day in graph.objects(None, SD.until)} == {"2024-04"}


def test_a_text_is_said_in_all_its_languages() -> None:
    graph = of(a_service(title=a_text("Pass", en="Passport", fr="Passeport")))
    found = set(graph.objects(service(), DCTERMS.title))
    assert found == {Literal("Pass", "de"), Literal("Passport", "en"), Literal("Passeport", "fr")}


def test_what_the_law_asks_for_leads_to_the_law() -> None:
    constraint = a_constraint(effect=Effect.RULES_OUT, channel=ChannelKind.VIDEO, note="Nur vor Ort.")
    graph = of(a_service(constraints=(constraint,), legal_bases=(a_legal_basis("§ 1 A"),)))
    requirement = graph.value(service(), CV.holdsRequirement)
    assert graph.value(requirement, SD.effect) == SD["effect-rules_out"]
    assert graph.value(requirement, SD.concerns) == SD["channel-video"]
    rule = graph.value(requirement, CV.fulfils)
    assert rule == graph.value(service(), CPSV.follows)
    law = graph.value(rule, CPSV.implements)
    assert graph.value(law, DCTERMS.title) == Literal("§ 9 PAuswG", "de")
    assert graph.value(law, FOAF.page) == URIRef("https://www.gesetze-im-internet.de/pauswg/__9.html")
    assert graph.value(graph.value(service(), CV.hasLegalResource), DCTERMS.title) == Literal("§ 1 A", "de")


def test_life_situations_are_events_and_topics_are_themes() -> None:
    nouns = (an_office(), a_topic("umzug", kind=TopicKind.LIFE_SITUATION), a_topic("ausweise"))
    graph = of(a_service(topics=("umzug", "ausweise")), catalogue=a_catalogue(*nouns))
    assert graph.value(service(), CV.isGroupedBy) == URIRef(f"{BASE}/topics/umzug#topic")
    assert graph.value(service(), CV.thematicArea) == URIRef(f"{BASE}/topics/ausweise#topic")


def test_languages_are_those_of_the_eu_and_others_are_said_as_they_are() -> None:
    graph = of(a_service(languages=("de", "uk", "tlh")))
    authority = "http://publications.europa.eu/resource/authority/language/"
    found = {str(language).removeprefix(authority) for language in graph.objects(service(), DCTERMS.language)}
    assert found == {"DEU", "UKR"}
    assert graph.value(service(), SD.languageCode) == Literal("tlh")


def test_every_language_that_we_have_a_name_for_has_an_address() -> None:
    assert set(words.LANGUAGE_NAMES) <= set(cpsv.LANGUAGES)


def test_nothing_leads_to_what_is_not_public() -> None:
    graph = of(a_service(related=("reisepass", "geheim")), a_service("reisepass"))
    assert set(graph.objects(service(), CV.relatedService)) == {service("reisepass")}
    assert "geheim" not in graph.serialize()


# The vocabulary


def test_our_vocabulary_explains_every_word_of_ours_that_the_data_use() -> None:
    said = Graph().parse(data="".join(turtle(vocabulary.things(BASE), BASE)), format="turtle")
    explained = set(said.subjects())
    graph = graph_of(of_the_sample())
    used = {term for triple in graph for term in triple if isinstance(term, URIRef) and term.startswith(SD)}
    assert used <= explained
    for concept in said.subjects(RDF.type, SKOS.Concept):
        assert {label.language for label in said.objects(concept, SKOS.prefLabel)} == {"de", "en"}  # type: ignore[union-attr]
    for term in said.subjects(RDF.type, RDF.Property):
        assert len(set(said.objects(term))) >= 4


def test_our_words_are_the_same_wherever_they_are_made() -> None:
    names = {term.name for term in vocabulary.PROPERTIES}
    assert len(names) == len(vocabulary.PROPERTIES)
    assert {vocabulary.concept(stage) for stage in Stage} == {f"sd:stage-{stage}" for stage in Stage}


# Writing


@pytest.mark.parametrize("odd", ['"', "\\", "\n\r\t", "\x01\x1f\x7f", "\u2028", "😀", "'''", '"""', "@de", "<x>"])
def test_any_character_comes_back(odd: str) -> None:
    thing = Thing(f"{BASE}/x", ("skos:Concept",)).say("dct:identifier", f"a{odd}b")
    for text, form in (("".join(turtle([thing], BASE)), "turtle"), ("".join(json_ld([thing], BASE)), "json-ld")):
        graph = Graph().parse(data=text, format=form)
        assert str(graph.value(URIRef(f"{BASE}/x"), DCTERMS.identifier)) == f"a{odd}b"


def test_an_address_is_made_writable_or_left_out() -> None:
    assert address("https://example.org/a?b=<c>|d") == "https://example.org/a?b=%3Cc%3E%7Cd"
    assert address("https://example.org/Ämter") == "https://example.org/Ämter"
    for none in ("", "javascript:alert(1)", "https://example.org/a b", "mailto:x@example.org"):
        assert address(none) is None


def test_what_is_not_said_is_left_out_and_no_is_said() -> None:
    thing = Thing("x", ()).say("a", "").say("b", None).say("c", False).say("d", 0).say("e", Iri("sd:x"))
    assert [name for name, _value in thing.said] == ["c", "d", "e"]
