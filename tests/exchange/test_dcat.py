"""The description for data portals: it conforms to DCAT-AP.de 3.0, and says of each file what it is."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pyshacl
import pytest
from extracts import BASE, LICENCE, ON, an_about
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS
from standards import standard

from servicedir.exchange import dcat
from servicedir.exchange.dcat import WRITERS, File
from servicedir.exchange.linked import PREFIXES
from servicedir.exchange.open_formats import OPEN_FORMATS

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SPDX = Namespace(PREFIXES["spdx"])
SHACL = Namespace("http://www.w3.org/ns/shacl#")
FILES = {"csv": File(1234, "ab" * 32)}
DATA = URIRef(f"{BASE}/data/#services")

AUTHORITY = "http://publications.europa.eu/resource/authority/"
SCHEMES = {
    **{f"{AUTHORITY}{name}/": f"{AUTHORITY}{name}" for name in ("access-right", "data-theme", "distribution-status")},
    **{f"{AUTHORITY}{name}/": f"{AUTHORITY}{name}" for name in ("file-type", "frequency", "language")},
    "http://dcat-ap.de/def/licenses/": "http://dcat-ap.de/def/licenses",
    "http://dcat-ap.de/def/politicalGeocoding/Level/": "http://dcat-ap.de/def/politicalGeocoding/Level",
    "http://purl.org/adms/publishertype/": "http://purl.org/adms/publishertype/1.0",
}
"""How terms of other people's lists begin -> the list. The validator loads them from the net; here is what they say."""


def described(ending: str = "ttl", files: dict[str, File] = FILES, **about: Any) -> Graph:
    things = dcat.things(an_about(**about), ON, OPEN_FORMATS, files, date(2020, 5, 1))
    text = "".join(WRITERS[ending](things, BASE))
    return Graph().parse(data=text, format={"ttl": "turtle", "jsonld": "json-ld"}[ending])


@cache
def shapes() -> Graph:
    """All rules of the validator of DCAT-AP.de 3.0, but for those that it loads from the net."""
    folder = standard("dcat-ap-de")
    found = Graph().parse(folder / "dcat-ap-3.0.0-SHACL.ttl")
    for file in sorted((folder / "validator" / "resources" / "v3.0" / "shapes").glob("*.ttl")):
        if "imports" not in file.name:
            found.parse(file)
    return found


def with_lists(graph: Graph) -> Graph:
    """The graph, with what the imported lists say of the terms in it: to which list each belongs."""
    found = Graph() + graph
    for term in {term for term in graph.objects() if isinstance(term, URIRef)}:
        for start, scheme in SCHEMES.items():
            if term.startswith(start):
                found.add((term, SKOS.inScheme, URIRef(scheme)))
    for term in graph.objects(None, SPDX.algorithm):
        found.add((term, RDF.type, SPDX.ChecksumAlgorithm))
    return found


def found_by_the_shapes(graph: Graph) -> list[tuple[str, str]]:
    """Severity and message of everything that the rules of DCAT-AP.de find."""
    _conforms, report, _text = pyshacl.validate(with_lists(graph), shacl_graph=shapes(), allow_warnings=True)
    return [
        (str(report.value(one, SHACL.resultSeverity)).rpartition("#")[2], str(report.value(one, SHACL.resultMessage)))
        for one in report.subjects(RDF.type, SHACL.ValidationResult)
    ]


@pytest.mark.parametrize("files", [{}, FILES], ids=["none", "some"])
@pytest.mark.parametrize("contact", ["", "daten@example.org"])
def test_it_conforms_to_dcat_ap_de(files: dict[str, File], contact: str) -> None:
    assert found_by_the_shapes(described(files=files, contact=contact)) == []


def test_the_shapes_find_what_is_wrong() -> None:
    """So that the test above can fail."""
    graph = described()
    graph.remove((None, DCTERMS.license, None))
    graph.remove((DATA, DCTERMS.publisher, None))
    graph.add((DATA, DCAT.theme, Literal("Verwaltung")))
    found = " ".join(message for severity, message in found_by_the_shapes(graph) if severity == "Violation")
    for name in ("license", "publisher", "theme"):
        assert name in found


def test_there_is_a_distribution_for_each_format_with_the_address_of_its_file() -> None:
    graph = described()
    addresses = {str(url) for url in graph.objects(None, DCAT.downloadURL)}
    assert addresses == {f"{BASE}/data/services{form.extension}" for form in OPEN_FORMATS.values()}
    assert len(set(graph.objects(DATA, DCAT.distribution))) == len(OPEN_FORMATS)
    assert set(graph.objects(None, DCTERMS.license)) == {URIRef(LICENCE)}


def test_size_and_checksum_are_those_of_the_file_and_nothing_is_said_without_one() -> None:
    graph = described()
    csv, json = (URIRef(f"{BASE}/data/#{name}") for name in ("csv", "json"))
    assert str(graph.value(csv, DCAT.byteSize)) == "1234"
    checksum = graph.value(csv, SPDX.checksum)
    assert str(graph.value(checksum, SPDX.checksumValue)).lower() == "ab" * 32
    assert graph.value(json, DCAT.byteSize) is None
    assert graph.value(json, SPDX.checksum) is None


def test_both_forms_say_the_same() -> None:
    assert set(described("ttl")) == set(described("jsonld"))


def test_days_are_said() -> None:
    graph = described()
    assert str(graph.value(DATA, DCTERMS.issued)) == "2020-05-01"
    assert str(graph.value(DATA, DCTERMS.modified)) == ON.isoformat()
