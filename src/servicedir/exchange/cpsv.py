"""Services, offices and what they point at after CPSV-AP 3.2, the EU's profile for public services.

https://semiceu.github.io/CPSV-AP/releases/3.2.0/. A channel that can be used on the day is a `cv:hasChannel`; others
are told in our own words (`vocabulary.py`), so that nobody takes a plan for an offer. What this cannot say is listed
in docs/open-data.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from servicedir.domain import words
from servicedir.domain.catalogue import Audience, Office, Place, Topic, TopicKind
from servicedir.domain.history import Published
from servicedir.domain.service import Channel, Constraint, LegalBasis, Period, Service
from servicedir.domain.text import Text
from servicedir.exchange.extract import About, Extract
from servicedir.exchange.linked import Iri, Literal, Thing, json_ld, spoken, turtle
from servicedir.exchange.vocabulary import INVOLVED, concept, concepts

_AUTHORITY = "http://publications.europa.eu/resource/authority/language/"
LANGUAGES = {
    "ar": "ARA", "bg": "BUL", "bs": "BOS", "cs": "CES", "da": "DAN", "de": "DEU", "dgs": "GSG", "el": "ELL",
    "en": "ENG", "es": "SPA", "et": "EST", "fa": "FAS", "fi": "FIN", "fr": "FRA", "hr": "HRV", "hu": "HUN",
    "it": "ITA", "ku": "KUR", "lt": "LIT", "lv": "LAV", "mk": "MKD", "nl": "NLD", "pl": "POL", "ps": "PUS",
    "pt": "POR", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV", "so": "SOM", "sq": "SQI", "sr": "SRP",
    "sv": "SWE", "ti": "TIR", "tr": "TUR", "uk": "UKR", "ur": "URD", "vi": "VIE", "zh": "ZHO",
}  # fmt: skip
"""Our codes of languages and those of the EU's Publications Office."""


def store_turtle(extract: Extract, path: Path) -> None:
    """Write all that is published as Turtle into a file."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(turtle(things(extract), extract.about.base))


def store_json_ld(extract: Extract, path: Path) -> None:
    """Write all that is published as JSON-LD into a file."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json_ld(things(extract), extract.about.base))


def language(code: str) -> Iri | None:
    """Return the EU's address of a language by its code; None where we know none."""
    return Iri(_AUTHORITY + LANGUAGES[code]) if code in LANGUAGES else None


def things(extract: Extract) -> Iterator[Thing]:
    """Yield everything, the small nouns first, then each service with its parts."""
    about, known = extract.about, extract.catalogue
    yield from _dataset(extract)
    yield from concepts()
    yield from (Thing(_AUTHORITY + name, ("dct:LinguisticSystem",)) for name in LANGUAGES.values())
    for topic in known.topics.values():
        yield _topic(topic, about)
    for audience in known.audiences.values():
        yield _audience(audience, about)
    for office in known.offices.values():
        yield from _office(office, extract)
    for place in known.places.values():
        yield from _place(place, extract)
    for entry in extract.entries:
        yield from _Parts(entry, extract).things()


# Who gives it away


def _area(about: About) -> str:
    return f"{about.base}/data/#area"


def _data(about: About) -> str:
    return f"{about.base}/data/#services"


def _dataset(extract: Extract) -> Iterator[Thing]:
    about = extract.about
    publisher = f"{about.base}/data/#publisher"
    yield (
        Thing(_data(about), ("dcat:Dataset",))
        .say("dct:title", Literal(about.title, "de"))
        .say("dct:description", Literal("Alle veröffentlichten Dienstleistungen mit ihren Zugangswegen.", "de"))
        .say("dct:description", Literal("All published services with their channels.", "en"))
        .say("dct:publisher", Iri(publisher))
        .link("dct:license", about.licence)
        .say("dcat:landingPage", Iri(f"{about.base}/data/"))
        .say("sd:on", extract.on)
        .say("sd:state", about.state)
    )
    yield Thing(f"{about.base}/data/", ("foaf:Document",))
    yield (
        Thing(publisher, ("foaf:Agent",))
        .say("dct:identifier", "publisher")
        .say("dct:title", Literal(about.publisher, "de"))
        .say("foaf:name", Literal(about.publisher, "de"))
    )
    yield Thing(_area(about), ("dct:Location",)).say("skos:prefLabel", Literal(about.publisher, "de"))


# The small nouns


def _topic(topic: Topic, about: About) -> Thing:
    iri = about.page("topics", topic.slug) + "#topic"
    if topic.kind is TopicKind.TOPIC:
        thing = Thing(iri, ("skos:Concept",)).tell("skos:prefLabel", topic.name).tell("skos:definition", topic.summary)
        return thing.say("dct:identifier", topic.slug)
    thing = Thing(iri, ("cv:Event", "cv:LifeEvent")).say("dct:identifier", topic.slug)
    return thing.tell("dct:title", topic.name or Text.of(topic.slug)).tell("dct:description", topic.summary)


def _audience(audience: Audience, about: About) -> Thing:
    thing = Thing(_audience_iri(audience.slug, about), ("skos:Concept",)).tell("skos:prefLabel", audience.name)
    return thing.say("dct:identifier", audience.slug)


def _audience_iri(slug: str, about: About) -> Iri:
    return Iri(f"{about.base}/?audience={slug}#audience")


def _office_iri(slug: str, about: About) -> Iri:
    return Iri(about.page("offices", slug) + "#office")


def _office(office: Office, extract: Extract) -> Iterator[Thing]:
    about, page = extract.about, extract.about.page("offices", office.slug)
    name = office.name or Text.of(office.slug)
    thing = Thing(_office_iri(office.slug, about), ("cv:PublicOrganisation", "org:Organization", "foaf:Agent"))
    thing.say("dct:identifier", office.slug).tell("skos:prefLabel", name).tell("dct:title", name)
    thing.say("dct:spatial", Iri(_area(about))).say("org:classification", concept(office.kind))
    if office.parent in extract.catalogue.offices:
        thing.say("org:subOrganizationOf", _office_iri(office.parent, about))
    thing.tell("dct:description", office.summary).tell("sd:accessibility", office.accessibility)
    thing.link("foaf:homepage", office.url).say("foaf:page", Iri(page))
    if office.address:
        thing.say("locn:address", Iri(page + "#address"))
    yield thing.say("cv:contactPoint", Iri(page + "#contact"))
    contact = Thing(page + "#contact", ("cv:ContactPoint",)).say("cv:telephone", office.phone)
    if office.hours:
        contact.say("cv:openingHours", Iri(page + "#hours"))
        yield Thing(page + "#hours", ("time:TemporalEntity",)).tell("dct:description", office.hours)
    yield contact.say("cv:email", office.email)
    if office.address:
        yield Thing(page + "#address", ("locn:Address",)).tell("locn:fullAddress", office.address)


def _place_iri(slug: str, about: About) -> Iri:
    return Iri(f"{about.base}/data/#place-{slug}")


def _place(place: Place, extract: Extract) -> Iterator[Thing]:
    iri = _place_iri(place.slug, extract.about)
    thing = Thing(iri, ("dct:Location",)).say("dct:identifier", place.slug).tell("skos:prefLabel", place.name)
    thing.say("sd:placeKind", concept(place.kind)).tell("dct:description", place.summary)
    thing.say("sd:opened", place.opened).say("sd:closed", place.closed)
    if place.office in extract.catalogue.offices:
        thing.say("cv:ownedBy", _office_iri(place.office, extract.about))
    thing.link("foaf:page", place.url).say("dct:source", place.source)
    if place.address:
        thing.say("locn:address", Iri(f"{iri}-address"))
        yield Thing(f"{iri}-address", ("locn:Address",)).tell("locn:fullAddress", place.address)
    yield thing


# Services


class _Parts:
    """One service and the things that only it points at, whose addresses begin with that of its page."""

    def __init__(self, entry: Published, extract: Extract) -> None:
        self._entry = entry
        self._service: Service = entry.service
        self._extract = extract
        self._about = extract.about
        self._page = extract.about.page("services", entry.service.slug)
        self._more: list[Thing] = []

    def things(self) -> Iterator[Thing]:
        """Yield the service, then its parts."""
        service, known = self._service, self._extract.catalogue
        thing = Thing(self._page + "#service", ("cpsv:PublicService",))
        title = service.title or Text.of(service.slug)
        thing.say("dct:identifier", service.slug).tell("dct:title", title)
        thing.tell("dct:description", service.summary or title)
        thing.tell("sd:procedure", service.body).tell("sd:duration", service.duration)
        thing.say("dct:type", concept(service.nature)).say("sd:leikaKey", service.leika_key)
        for keyword in service.keywords:
            thing.say("dcat:keyword", spoken(keyword, "de"))
        for code in service.languages:
            iri = language(code)
            thing.say("dct:language" if iri else "sd:languageCode", iri or code)
        self._offices(thing)
        for slug in service.audiences:
            if slug in known.audiences:
                thing.say("dct:audience", _audience_iri(slug, self._about))
        for slug in service.topics:
            if topic := known.topics.get(slug):
                grouped = topic.kind is TopicKind.LIFE_SITUATION
                thing.say("cv:isGroupedBy" if grouped else "cv:thematicArea", Iri(_topic(topic, self._about).iri))
        for slug in service.places:
            if slug in known.places:
                thing.say("sd:place", _place_iri(slug, self._about))
        for slug in self._extract.related(service):
            thing.say("cv:relatedService", Iri(self._about.page("services", slug) + "#service"))
        self._needs(thing)
        for channel in service.channels:
            self._channel(thing, channel)
        for number, constraint in enumerate(service.constraints, start=1):
            self._constraint(thing, constraint, number)
        thing.say("sd:verified", service.verified).say("sd:revision", self._entry.revision)
        updated = self._entry.updated.isoformat(timespec="seconds").replace("+00:00", "Z")
        thing.say("dct:modified", Literal(updated, kind="xsd:dateTime"))
        thing.say("foaf:page", Iri(self._page)).say("dct:isPartOf", Iri(_data(self._about)))
        yield thing
        yield from self._more

    def _part(self, name: str, *types: str) -> Thing:
        """Return a new part of the service under a name that no other one of it has."""
        part = Thing(f"{self._page}#{name}", types).say("dct:identifier", f"{self._service.slug}/{name}")
        self._more.append(part)
        return part

    def _offices(self, thing: Thing) -> None:
        known = [slug for slug in self._service.offices if slug in self._extract.catalogue.offices]
        for slug in known[:1]:
            thing.say("cv:hasCompetentAuthority", _office_iri(slug, self._about))
            thing.say("cv:contactPoint", Iri(self._about.page("offices", slug) + "#contact"))
        for number, slug in enumerate(known[1:], start=1):
            part = self._part(f"office-{number}", "cv:Participation")
            part.say("cv:role", INVOLVED).say("cv:hasParticipant", _office_iri(slug, self._about))
            part.say("dct:description", Literal("Beteiligtes Amt", "de"))
            part.say("dct:description", Literal("Office that takes part", "en"))
            thing.say("cv:hasParticipation", Iri(part.iri))

    def _needs(self, thing: Thing) -> None:
        """Say documents, costs and the legal bases of the service as a whole."""
        for number, document in enumerate(self._service.documents, start=1):
            if document:
                part = self._part(f"document-{number}", "cv:Evidence").tell("dct:title", document)
                thing.say("cpsv:hasInput", Iri(part.iri))
        if self._service.costs:
            part = self._part("costs", "cv:Cost").tell("dct:description", self._service.costs)
            thing.say("cv:hasCost", Iri(part.iri))
        for number, basis in enumerate(self._service.legal_bases, start=1):
            thing.say("cv:hasLegalResource", Iri(self._legal_basis(f"law-{number}", basis).iri))

    def _legal_basis(self, name: str, basis: LegalBasis) -> Thing:
        part = self._part(name, "eli:LegalResource").say("dct:title", Literal(basis.citation, "de"))
        return part.link("foaf:page", basis.url)

    def _channel(self, thing: Thing, channel: Channel) -> None:
        stage = channel.period(self._extract.on).stage
        name = f"channel-{channel.kind}"
        part = self._part(name, "cv:Channel").say("dct:type", concept(channel.kind))
        part.tell("dct:description", channel.note).say("sd:stage", concept(stage))
        if stage.available:
            thing.say("cv:hasChannel", Iri(part.iri))
        thing.say("sd:accessWay", Iri(part.iri))
        for office in self._service.offices[:1]:
            if office in self._extract.catalogue.offices:
                part.say("cv:ownedBy", _office_iri(office, self._about))
        part.say("sd:verified", channel.verified)
        for number, period in enumerate(channel.periods, start=1):
            part.say("sd:period", Iri(self._period(f"{name}-{number}", period).iri))

    def _period(self, name: str, period: Period) -> Thing:
        needs = period.needs
        part = self._part(name, "sd:Period").say("sd:stage", concept(period.stage))
        part.say("sd:since", period.since).say("sd:until", period.until).say("sd:attested", period.attested)
        part.tell("sd:reason", period.reason).say("dct:source", period.source).tell("sd:booking", period.booking)
        part.link("sd:bookingPage", period.booking_url).say("sd:slotsPerWeek", period.slots_per_week)
        part.say("sd:byArrangement", period.by_arrangement or None).say("sd:telework", period.telework)
        part.say("sd:tool", needs.tool).say("sd:browserOnly", needs.browser_only)
        part.say("sd:interpreter", needs.interpreter).say("sd:captions", needs.captions)
        return part.link("sd:testPage", needs.test_url).tell("sd:privacy", needs.privacy)

    def _constraint(self, thing: Thing, constraint: Constraint, number: int) -> None:
        label = {code: words.label(constraint.requirement, code) for code in ("de", "en")}
        part = self._part(f"requirement-{number}", "cv:Requirement").tell("dct:title", Text.of(label))
        part.say("dct:type", concept(constraint.requirement)).say("sd:effect", concept(constraint.effect))
        part.say("sd:kind", concept(constraint.kind)).tell("dct:description", constraint.note)
        part.say("sd:concerns", concept(constraint.channel) if constraint.channel else None)
        thing.say("cv:holdsRequirement", Iri(part.iri))
        if basis := constraint.legal_basis:
            rule = self._part(f"rule-{number}", "cpsv:Rule").tell("dct:title", Text.of(label))
            rule.tell("dct:description", constraint.note or Text.of(label))
            rule.say("cpsv:implements", Iri(self._legal_basis(f"rule-{number}-law", basis).iri))
            part.say("cv:fulfils", Iri(rule.iri))
            thing.say("cpsv:follows", Iri(rule.iri))
