"""The description of our open data after DCAT-AP.de 3.0, from which data portals learn that they are there.

https://www.dcat-ap.de/def/dcatde/3.0/spec/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from servicedir.exchange.cpsv import language
from servicedir.exchange.extract import About
from servicedir.exchange.linked import Iri, Literal, Thing, json_ld, turtle

if TYPE_CHECKING:
    from servicedir.exchange.open_formats import OpenFormat

WRITERS: dict[str, Callable[[Iterable[Thing], str], Iterator[str]]] = {"ttl": turtle, "jsonld": json_ld}
"""How a description can be had, by the ends of addresses."""

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_SHA256 = Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
_LEVEL = Iri("http://dcat-ap.de/def/politicalGeocoding/Level/municipality")


class File(NamedTuple):
    """A file that is there: its size in bytes and its SHA-256."""

    size: int
    checksum: str


def things(
    about: About, on: date, formats: Mapping[str, OpenFormat], files: Mapping[str, File], issued: date | None
) -> Iterator[Thing]:
    """Yield the catalogue, its one dataset, a distribution for each format, and the interface for programs.

    Of formats without a file of today neither size nor checksum is said. `issued` is the day of the first publication.
    """
    page = f"{about.base}/data/"
    catalogue, dataset, interface = f"{page}#catalog", f"{page}#services", f"{page}#api"
    publisher, contact = f"{page}#publisher", f"{page}#contact"
    yield (
        Thing(catalogue, ("dcat:Catalog",))
        .say("dct:title", Literal(f"Offene Daten: {about.title}", "de"))
        .say("dct:title", Literal(f"Open data: {about.title}", "en"))
        .say("dct:description", Literal(_GERMAN, "de"))
        .say("dct:description", Literal(_ENGLISH, "en"))
        .say("dct:publisher", Iri(publisher))
        .link("dct:license", about.licence)
        .say("dct:issued", issued)
        .say("dct:modified", on)
        .say("foaf:homepage", Iri(page))
        .say("dcat:themeTaxonomy", Iri(f"{_EU}data-theme"))
        .say("dcat:dataset", Iri(dataset))
        .say("dcat:service", Iri(interface))
        .say("dct:language", language("de"))
        .say("dct:language", language("en"))
    )
    yield _dataset(about, on, formats, issued)
    yield (
        Thing(interface, ("dcat:DataService",))
        .say("dct:title", Literal("Schnittstelle (JSON)", "de"))
        .say("dct:title", Literal("Interface (JSON)", "en"))
        .say("dcat:endpointURL", Iri(f"{about.base}/api/v1"))
        .say("dcat:endpointDescription", Iri(f"{about.base}/api/v1/openapi.json"))
        .say("dcat:servesDataset", Iri(dataset))
        .say("dct:publisher", Iri(publisher))
        .link("dct:license", about.licence)
        .say("dct:accessRights", Iri(f"{_EU}access-right/PUBLIC"))
        .say("dcat:contactPoint", Iri(contact))
    )
    for name, form in formats.items():
        yield from _distribution(about, on, name, form, files.get(name))
    # DCAT-AP.de asks for the name alone; GovData shows it.
    yield (
        Thing(publisher, ("foaf:Agent", "foaf:Organization"))
        .say("foaf:name", Literal(about.publisher, "de"))
        .say("dct:type", Iri("http://purl.org/adms/publishertype/LocalAuthority"))
    )
    kind = Thing(contact, ("vcard:Kind", "vcard:Organization")).say("vcard:fn", about.publisher)
    if about.contact:
        kind.say("vcard:hasEmail", Iri(f"mailto:{about.contact}"))
    yield kind.say("vcard:hasURL", Iri(page))
    yield Thing(f"{page}#day", ("dct:PeriodOfTime",)).say("dcat:startDate", on).say("dcat:endDate", on)


_GERMAN = (
    "Alle veröffentlichten Dienstleistungen der Verwaltung: was sie sind, welches Amt zuständig ist, auf welchen Wegen "
    "man sie bekommt und wie es um Termine per Video steht."
)
_ENGLISH = (
    "All published public services: what they are, which office is responsible, by which channels they can be had, "
    "and how far appointments by video have come."
)
_KEYWORDS = ("Dienstleistungen", "Verwaltung", "Bürgerservice", "Videoberatung", "Zugangswege", "LeiKa")


def _dataset(about: About, on: date, formats: Mapping[str, OpenFormat], issued: date | None) -> Thing:
    page = f"{about.base}/data/"
    thing = Thing(f"{page}#services", ("dcat:Dataset",))
    thing.say("dct:title", Literal(f"Dienstleistungen und ihre Zugangswege: {about.title}", "de"))
    thing.say("dct:title", Literal(f"Public services and their channels: {about.title}", "en"))
    thing.say("dct:description", Literal(_GERMAN, "de")).say("dct:description", Literal(_ENGLISH, "en"))
    thing.say("dct:identifier", f"{page}#services").say("dct:publisher", Iri(f"{page}#publisher"))
    thing.say("dcat:contactPoint", Iri(f"{page}#contact")).say("dcat:landingPage", Iri(page))
    thing.say("dct:issued", issued).say("dct:modified", on)
    thing.say("dcat:theme", Iri(f"{_EU}data-theme/GOVE"))
    for keyword in _KEYWORDS:
        thing.say("dcat:keyword", Literal(keyword, "de"))
    thing.say("dct:language", language("de")).say("dct:language", language("en"))
    thing.say("dct:accrualPeriodicity", Iri(f"{_EU}frequency/DAILY"))
    thing.say("dct:accessRights", Iri(f"{_EU}access-right/PUBLIC"))
    thing.say("dct:temporal", Iri(f"{page}#day")).say("dcatde:politicalGeocodingLevelURI", _LEVEL)
    for name in formats:
        thing.say("dcat:distribution", Iri(f"{page}#{name}"))
    return thing


def _distribution(about: About, on: date, name: str, form: OpenFormat, file: File | None) -> Iterator[Thing]:
    page = f"{about.base}/data/"
    url = f"{page}services{form.extension}"
    thing = Thing(f"{page}#{name}", ("dcat:Distribution",))
    thing.say("dct:title", Literal(f"Dienstleistungen ({form.title})", "de"))
    thing.say("dct:title", Literal(f"Public services ({form.title})", "en"))
    thing.say("dcat:accessURL", Iri(url)).say("dcat:downloadURL", Iri(url))
    thing.link("dct:license", about.licence)
    thing.say("dcatde:licenseAttributionByText", Literal(about.publisher, "de"))
    thing.say("dct:format", Iri(f"{_EU}file-type/{form.file_type}"))
    thing.say("dcat:mediaType", Iri(f"{_IANA}{form.iana}"))
    thing.say("dct:issued", on).say("dct:modified", on)
    thing.say("dct:language", language("de")).say("dct:language", language("en"))
    thing.say("adms:status", Iri(f"{_EU}distribution-status/COMPLETED"))
    if file:
        thing.say("dcat:byteSize", Literal(str(file.size), kind="xsd:nonNegativeInteger"))
        thing.say("spdx:checksum", Iri(f"{page}#{name}-checksum"))
        checksum = Thing(f"{page}#{name}-checksum", ("spdx:Checksum",)).say("spdx:algorithm", _SHA256)
        yield checksum.say("spdx:checksumValue", Literal(file.checksum, kind="xsd:hexBinary"))
    yield thing
